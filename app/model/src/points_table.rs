//! The electronic points table (医科電子点数表) as rules ask it: how often, not beside what, included in what.
//!
//! Facts only, small and copyable; the rows live in the masters and are handed over by [`crate::master::Tables`]. "Guide" is
//! 支払基金 「医科電子点数表の活用手引き」 令和6年度版.

use crate::codes::ProcedureCode;
use std::fmt;

/// A procedure code (診療行為コード) of nine digits as a number of four bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code9(u32);

impl Code9 {
    /// Reads nine digits; anything else is none.
    pub fn parse(text: &str) -> Option<Self> {
        (text.len() == 9 && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok().map(Self))?
    }

    /// As the masters know it.
    pub fn procedure(self) -> ProcedureCode {
        ProcedureCode(self.to_string())
    }
}

impl fmt::Display for Code9 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:09}", self.0)
    }
}

impl PartialEq<str> for Code9 {
    fn eq(&self, other: &str) -> bool {
        Self::parse(other) == Some(*self)
    }
}

impl PartialEq<&str> for Code9 {
    fn eq(&self, other: &&str) -> bool {
        *self == **other
    }
}

/// The time within which two items exclude each other: the four 背反テーブル (guide 3(3)).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Span {
    /// 1日につき (03-1).
    Day,
    /// 同一月内 (03-2).
    Month,
    /// 同時 (03-3).
    SameTime,
    /// 1週間につき (03-4).
    Week,
}

impl Span {
    /// All four, in the order of the tables and of the flags in the helper table.
    pub const ALL: [Self; 4] = [Self::Day, Self::Month, Self::SameTime, Self::Week];

    /// As written in the guide.
    pub fn label(self) -> &'static str {
        match self {
            Self::Day => "1日につき",
            Self::Month => "同一月内",
            Self::SameTime => "同時",
            Self::Week => "1週間につき",
        }
    }
}

/// Which of two items that exclude each other is billed (背反区分, guide 5(3) item 6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Billed {
    /// 1: the item that was asked about (診療行為コード①).
    This,
    /// 2: the other one (診療行為コード②).
    Other,
    /// 3: either of the two (何れか一方).
    Either,
}

impl Billed {
    /// Seen from the other item.
    pub fn reversed(self) -> Self {
        match self {
            Self::This => Self::Other,
            Self::Other => Self::This,
            Self::Either => Self::Either,
        }
    }

    /// The number in the table.
    pub fn number(self) -> u8 {
        match self {
            Self::This => 1,
            Self::Other => 2,
            Self::Either => 3,
        }
    }
}

/// The time within which a group is bundled into its owner (包括単位, guide 5(1) item 4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BundleUnit {
    /// 01: 1日につき.
    Day,
    /// 02: 同一月内.
    Month,
    /// 03: 同時.
    SameTime,
    /// 05: 手術前1週間.
    WeekBeforeOperation,
    /// 06: 1手術につき.
    Operation,
    /// A unit that a later edition may add; rules do not know it and must ask a person.
    Other(u8),
}

impl BundleUnit {
    /// From its number; 0 is none.
    pub fn of(number: u8) -> Option<Self> {
        match number {
            0 => None,
            1 => Some(Self::Day),
            2 => Some(Self::Month),
            3 => Some(Self::SameTime),
            5 => Some(Self::WeekBeforeOperation),
            6 => Some(Self::Operation),
            other => Some(Self::Other(other)),
        }
    }

    /// As written in the guide.
    pub fn label(self) -> &'static str {
        match self {
            Self::Day => "1日につき",
            Self::Month => "同一月内",
            Self::SameTime => "同時",
            Self::WeekBeforeOperation => "手術前1週間",
            Self::Operation => "1手術につき",
            Self::Other(_) => "包括単位不明",
        }
    }
}

/// Unit within which an item may be billed so many times (算定単位コード, guide 付表1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CountUnit(pub u16);

/// What a [`CountUnit`] means for a rule that counts over time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Period {
    /// So many days: 日 (121).
    Days(u8),
    /// So many weeks: 週 (138), 2週 (142).
    Weeks(u8),
    /// So many months: 月 (131), 2・3・4・6・12月 (143–147).
    Months(u8),
    /// So many years: 5年 (148), 2年 (161).
    Years(u8),
    /// 年度 (162), April to March.
    FiscalYear,
    /// 初診時 (159).
    FirstVisit,
    /// 初回 (135).
    FirstTime,
    /// 一連 (141).
    Series,
    /// 患者当り (53).
    Patient,
    /// 1疾患当り (151).
    Disease,
    /// 妊娠中 (149).
    Pregnancy,
    /// 1分娩当り (160).
    Delivery,
    /// 検査当り (150).
    Test,
    /// 手術当り (56).
    Operation,
    /// 入院初日 (132).
    FirstInpatientDay,
    /// 入院中 (133).
    Stay,
    /// 退院時 (134).
    Discharge,
}

impl CountUnit {
    /// Its meaning over time; none for units of quantity (部位, 臓器, 単位 …), which rules cannot count from dates.
    pub fn period(self) -> Option<Period> {
        Some(match self.0 {
            53 => Period::Patient,
            56 => Period::Operation,
            121 => Period::Days(1),
            131 => Period::Months(1),
            132 => Period::FirstInpatientDay,
            133 => Period::Stay,
            134 => Period::Discharge,
            135 => Period::FirstTime,
            138 => Period::Weeks(1),
            141 => Period::Series,
            142 => Period::Weeks(2),
            143 => Period::Months(2),
            144 => Period::Months(3),
            145 => Period::Months(4),
            146 => Period::Months(6),
            147 => Period::Months(12),
            148 => Period::Years(5),
            149 => Period::Pregnancy,
            150 => Period::Test,
            151 => Period::Disease,
            159 => Period::FirstVisit,
            160 => Period::Delivery,
            161 => Period::Years(2),
            162 => Period::FiscalYear,
            _ => return None,
        })
    }
}

/// How often an item may be billed (a row of 05 算定回数テーブル). An item may have several; all hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CountLimit {
    /// Within which unit (column 4).
    pub unit: CountUnit,
    /// At most so many times (column 6).
    pub most: u16,
    /// Column 7 (特例条件): there are conditions the table does not tell; warn, do not drop.
    pub conditional: bool,
}

/// Two items that exclude each other (a row of 03-1 … 03-4 背反テーブル), seen from the one that was asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Exclusion {
    /// Within which time.
    pub span: Span,
    /// Which of the two is billed.
    pub billed: Billed,
    /// Column 7 (特例条件): there are conditions the table does not tell; warn, do not drop.
    pub conditional: bool,
}

/// That an item is included in the one that was asked about (01 補助マスターテーブル joined with 02 包括テーブル).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Bundle {
    /// Within which time.
    pub unit: BundleUnit,
    /// Column 5 (特例条件): there are conditions the table does not tell; warn, do not drop.
    pub conditional: bool,
}

/// The tables a rule can ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RuleTable {
    /// 05 算定回数テーブル.
    Counts,
    /// One of the four 背反テーブル.
    Exclusions(Span),
    /// 01 補助マスターテーブル and 02 包括テーブル, which are of use only together.
    Bundles,
}

impl RuleTable {
    /// As cited: `電子点数表 背反テーブル2（同一月内）`.
    pub fn label(self) -> &'static str {
        match self {
            Self::Counts => "電子点数表 算定回数テーブル",
            Self::Exclusions(Span::Day) => "電子点数表 背反テーブル1（1日につき）",
            Self::Exclusions(Span::Month) => "電子点数表 背反テーブル2（同一月内）",
            Self::Exclusions(Span::SameTime) => "電子点数表 背反テーブル3（同時）",
            Self::Exclusions(Span::Week) => "電子点数表 背反テーブル4（1週間につき）",
            Self::Bundles => "電子点数表 包括テーブル",
        }
    }
}

/// Whether a table speaks for a day. Every edition is published whole for one fee table (R6, R8 …): what it does not say is no
/// rule on the days of that fee table, and nothing is known from it on others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reach {
    /// An edition of the day's fee table is loaded: it decides.
    InForce,
    /// Only an edition of the fee table before it: its rows are worth a hint.
    Former,
    /// None.
    Absent,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_nine_digits_and_nothing_else() {
        assert_eq!(Code9::parse("111000110").map(|c| c.to_string()).as_deref(), Some("111000110"));
        assert_eq!(Code9::parse("000000001").map(|c| c.to_string()).as_deref(), Some("000000001"));
        for bad in ["", "11100011", "1110001100", "+11000110", "１１１", "11100011a"] {
            assert_eq!(Code9::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn which_is_billed_turns_with_the_side() {
        for billed in [Billed::This, Billed::Other, Billed::Either] {
            assert_eq!(billed.reversed().reversed(), billed);
        }
        assert_eq!(Billed::Either.reversed(), Billed::Either);
    }
}
