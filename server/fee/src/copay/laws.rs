//! Subsidies (公費負担医療) by law number (法別番号): their order, what the patient pays, and which limit holds beside insurance.

/// What a law says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Law {
    /// Law number, two digits.
    pub number: &'static str,
    /// The patient's share in percent of the whole cost, where the law fixes one.
    pub share: Option<u8>,
    /// Pays everything before insurance (公費優先).
    pub before_insurance: bool,
    /// Which limit of 高額療養費 holds for the subsidised part.
    pub limit: LimitKind,
}

/// Which limit holds for care that is insured and subsidised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LimitKind {
    /// By income class (特定疾病給付対象療養, 健康保険法施行令 41条7項・43条7項).
    ByClass,
    /// The same for everybody (特定給付対象療養, 41条6項・43条6項).
    Fixed,
    /// Public assistance (生活保護, 41条8項・43条8項).
    Assistance,
}

const fn law(number: &'static str, share: Option<u8>, before_insurance: bool, limit: LimitKind) -> Law {
    Law { number, share, before_insurance, limit }
}

/// In the order of claims (公費の優先順位). The order is a third party's transcription, not read in an official text.
///
/// Shares are entered only where a source at hand gives one: 10 結核 5 %, 15・16・21 自立支援 10 %, 52・54 小児慢性・難病 20 %
/// (計算事例集), 12 生活保護 nothing, 13・14・18・29・30 nothing and before insurance. For the others the certificate's share or
/// cap must be given. That 38 and 51 follow the income class is our reading of 施行令 41条7項 (long-term diseases without a
/// cure); the notice that names them was not at hand.
const ORDER: [Law; 27] = [
    law("13", Some(0), true, LimitKind::Fixed),
    law("14", Some(0), true, LimitKind::Fixed),
    law("18", Some(0), true, LimitKind::Fixed),
    law("29", Some(0), true, LimitKind::Fixed),
    law("30", Some(0), true, LimitKind::Fixed),
    law("10", Some(5), false, LimitKind::Fixed),
    law("11", None, false, LimitKind::Fixed),
    law("20", None, false, LimitKind::Fixed),
    law("21", Some(10), false, LimitKind::Fixed),
    law("15", Some(10), false, LimitKind::Fixed),
    law("16", Some(10), false, LimitKind::Fixed),
    law("24", None, false, LimitKind::Fixed),
    law("22", None, false, LimitKind::Fixed),
    law("28", None, false, LimitKind::Fixed),
    law("17", None, false, LimitKind::Fixed),
    law("79", None, false, LimitKind::Fixed),
    law("19", None, false, LimitKind::Fixed),
    law("23", None, false, LimitKind::Fixed),
    law("52", Some(20), false, LimitKind::ByClass),
    law("54", Some(20), false, LimitKind::ByClass),
    law("51", None, false, LimitKind::ByClass),
    law("38", None, false, LimitKind::ByClass),
    law("53", None, false, LimitKind::Fixed),
    law("66", None, false, LimitKind::Fixed),
    law("62", None, false, LimitKind::Fixed),
    law("25", None, false, LimitKind::Fixed),
    law("12", Some(0), false, LimitKind::Assistance),
];

/// The law of a number and its place in the order; local subsidies (地方単独事業) come after all national ones. They are no
/// 特定給付対象療養: beside them the limit is the patient's own.
pub fn of(number: &str) -> (usize, Law) {
    ORDER
        .iter()
        .enumerate()
        .find(|(_, law)| law.number == number)
        .map_or((ORDER.len(), law("", None, false, LimitKind::ByClass)), |(index, law)| (index, *law))
}
