//! What a calculation is asked for: the visit, what was ordered, who bears the cost, and what the month already holds.
//!
//! The same structs are read from the JSON of `karte fee` and filled by the clinic from its chart. Fields that the JSON
//! may leave out have defaults; unknown fields are refused with their path.

use chrono::{NaiveDate, NaiveTime};
use model::{
    fee::Change,
    orders::{Dispensing, Route},
    visit::VisitKind,
};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// A visit to be calculated.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// Day of service (診療日); it chooses the tables.
    pub date: NaiveDate,
    /// Calculates with the tables and rules in force on this day in place of those of `date`, everything else as on `date`: age,
    /// weekday, history, limits of payment. For comparing editions; see [`crate::mirror`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub as_of: Option<NaiveDate>,
    /// Time at which the visit began, `HH:MM`; without it no out-of-hours item is considered.
    #[serde(default, with = "hours_and_minutes", skip_serializing_if = "Option::is_none")]
    pub time: Option<NaiveTime>,
    /// The clinic.
    pub facility: Facility,
    /// The patient.
    pub patient: Patient,
    /// The visit.
    pub visit: Visit,
    /// Who bears the cost; empty for a patient without insurance (自費).
    #[serde(default)]
    pub coverage: Coverage,
    /// Diagnoses on the day.
    #[serde(default)]
    pub diagnoses: Vec<Diagnosis>,
    /// Ordered procedures.
    #[serde(default)]
    pub orders: Vec<Order>,
    /// Prescription groups (RP).
    #[serde(default)]
    pub prescriptions: Vec<Prescription>,
    /// What was billed before: earlier days of the month at least, better the last half year, and earlier today.
    #[serde(default)]
    pub history: Vec<Billed>,
    /// What people decided against the calculation, at most one for each code, in any order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub overrides: Vec<Override>,
}

/// The clinic as the rules see it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Facility {
    /// Prefecture number, two digits (都道府県番号).
    #[serde(default)]
    pub prefecture: String,
    /// Clinic or hospital.
    #[serde(default)]
    pub kind: FacilityKind,
    /// Facility standards that are met or notified (施設基準), by name (`検体検査管理加算1`) or by the code of master S columns 72–81.
    #[serde(default)]
    pub standards: Vec<String>,
}

/// Clinic or hospital (master S column 19).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FacilityKind {
    /// 診療所.
    #[default]
    Clinic,
    /// 病院: calculated as far as the rules of a clinic carry.
    Hospital,
}

/// The patient as the rules see them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Patient {
    /// Birth date.
    pub birth_date: NaiveDate,
    /// Sex.
    #[serde(default)]
    pub sex: Sex,
}

/// Sex as the rules need it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sex {
    /// 男.
    Male,
    /// 女.
    Female,
    /// Not known.
    #[default]
    Unknown,
}

/// The visit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Visit {
    /// First, return, by telephone or online.
    pub kind: VisitKind,
    /// Department (診療科コード), two digits.
    #[serde(default)]
    pub department: String,
    /// Whether the day is a holiday in the sense of A000 注7 (日曜・祝日・12/29–1/3); left out, Sundays and the turn of the year count.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub holiday: Option<bool>,
    /// Whether the time lies within the hours the clinic displays (表示する診療時間); left out, the standard of the notice is taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_hours: Option<bool>,
    /// Whether it is the second department on the same day (A000 注5, A001 注3).
    #[serde(default)]
    pub second_department: bool,
    /// An online visit that is the first (初診).
    #[serde(default)]
    pub online_first: bool,
    /// Whether the doctor examined and explained as 外来管理加算 asks; `false` withholds it.
    #[serde(default = "yes")]
    pub explained: bool,
    /// A patient with fever or the like, seen with precautions (発熱患者等対応加算).
    #[serde(default)]
    pub fever: bool,
}

fn yes() -> bool {
    true
}

impl Visit {
    /// A visit of a kind, everything else as usual.
    pub fn new(kind: VisitKind) -> Self {
        Self {
            kind,
            department: String::new(),
            holiday: None,
            in_hours: None,
            second_department: false,
            online_first: false,
            explained: true,
            fever: false,
        }
    }
}

/// Who bears the cost.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Coverage {
    /// The insurance, if any.
    #[serde(default)]
    pub insurance: Option<Insurance>,
    /// Subsidies (公費), in any order: the law orders them.
    #[serde(default)]
    pub subsidies: Vec<Subsidy>,
}

/// The insurance on the day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Insurance {
    /// Insurer number (保険者番号).
    pub insurer: String,
    /// The patient's share in percent (負担割合): 0, 10, 20, 30.
    pub share: u8,
    /// Income class for the monthly limit (限度額適用区分): `ア`…`オ`, `現役並みⅢ`…, `一般`, `低所得Ⅱ`, `低所得Ⅰ`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit_class: Option<String>,
    /// Fourth month or later at the limit within a year (多数回該当).
    #[serde(default)]
    pub many_times: bool,
    /// Cap of a long-term costly disease (マル長), 10,000 or 20,000 yen a month.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub long_term_cap: Option<i64>,
}

/// A subsidy on the day.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Subsidy {
    /// Payer number (公費負担者番号), 8 digits; the first two are the law number (法別番号).
    pub payer: String,
    /// The patient's share in percent; left out, the law's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub share: Option<u8>,
    /// The patient's monthly cap in yen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cap: Option<i64>,
    /// The patient's cap in yen a visit (1回の上限), as local subsidies (地方単独事業) have it; two visits on a day are one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub visit_cap: Option<i64>,
    /// How many visits of a month the patient pays for (月の回数); later ones are free.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub charged_visits: Option<u16>,
}

/// A diagnosis on the day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Diagnosis {
    /// Claim code, 7 digits.
    pub code: String,
    /// Claim codes of its modifiers.
    #[serde(default)]
    pub modifiers: Vec<String>,
    /// First day of treatment.
    pub started: NaiveDate,
    /// Only suspected (の疑い).
    #[serde(default)]
    pub suspected: bool,
    /// Main diagnosis (主傷病).
    #[serde(default)]
    pub principal: bool,
}

/// An ordered procedure.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Order {
    /// Claim code, 9 digits.
    pub code: String,
    /// Quantity in the item's unit where it is priced by quantity (きざみ), else how many times.
    #[serde(default = "one")]
    pub quantity: Decimal,
    /// Drugs used with it.
    #[serde(default)]
    pub parts: Vec<Amount>,
    /// A test whose result was explained in writing on the same day (外来迅速検体検査加算).
    #[serde(default)]
    pub rapid: bool,
    /// The place of the body (部位), a free name; orders with the same name are of one place (同一の部位). Left out, rules of
    /// places are said as hints.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub site: Option<String>,
}

/// An amount of a drug.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Amount {
    /// Claim code, 9 digits.
    pub code: String,
    /// Amount in the drug's unit.
    pub amount: Decimal,
    /// Prescribed by its general name (一般名); only in prescriptions, and over the group's own mark.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub general_name: Option<bool>,
}

/// A prescription group: one 剤 of 内服, one 屯服, one 外用.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Prescription {
    /// 内服, 屯服 or 外用.
    pub route: Route,
    /// In the house or by a pharmacy.
    pub place: Dispensing,
    /// The drugs with the amount of a day (内服), a time (屯服) or the whole (外用).
    pub items: Vec<Amount>,
    /// Days, times or dispensings, by route.
    #[serde(default = "one_day")]
    pub days: u16,
    /// Whether all of it is prescribed by general name.
    #[serde(default)]
    pub general_name: bool,
    /// How often a refill slip (リフィル処方箋) may be used in all, 2 or 3; `days` are those of one use. Left out, it is no refill slip.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refills: Option<u8>,
    /// A temporary prescription (臨時投薬) in the sense of F200 注3; left out, two weeks or less count as one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub temporary: Option<bool>,
}

/// Something billed before.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Billed {
    /// When.
    pub date: NaiveDate,
    /// Claim code.
    pub code: String,
    /// Points of one.
    #[serde(default)]
    pub points: i64,
    /// How many times.
    #[serde(default = "one_time")]
    pub count: i64,
}

/// A decision against the calculation (算定の変更). It holds after all rules and before the payment; see [`crate::Calculator`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Override {
    /// Claim code, 9 digits: of the line for [`Change::Withhold`] and [`Change::Count`], of a procedure or drug for [`Change::Add`].
    pub code: String,
    /// What is decided.
    pub change: Change,
    /// Why, in the words of who decided; it stands in the statement.
    pub reason: String,
}

fn one() -> Decimal {
    Decimal::ONE
}
fn one_day() -> u16 {
    1
}
fn one_time() -> i64 {
    1
}

mod hours_and_minutes {
    use chrono::NaiveTime;
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub fn serialize<S: Serializer>(time: &Option<NaiveTime>, serializer: S) -> Result<S::Ok, S::Error> {
        match time {
            Some(time) => serializer.collect_str(&time.format("%H:%M")),
            None => serializer.serialize_none(),
        }
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<NaiveTime>, D::Error> {
        let text = Option::<String>::deserialize(deserializer)?;
        text.map(|text| NaiveTime::parse_from_str(&text, "%H:%M").map_err(|_| D::Error::custom("時刻は HH:MM の形で書きます")))
            .transpose()
    }
}
