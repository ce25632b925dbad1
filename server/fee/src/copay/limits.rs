//! Monthly limits of what a patient pays (高額療養費算定基準額), dated.
//!
//! To 2026-07: 健康保険法施行令 42条・43条 (text of 2026-03-22). From 2026-08: figures that press and third-party tests agree
//! on, but no law text was at hand; [`Limits::verified`] says which is which. The thirteen bands planned from 2027-08 are
//! not entered: from then on the table of 2026-08 is used and stays unverified.

use super::AgeBand;

/// Income class (所得区分).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// ア (under 70) or 現役並みⅢ (70 and over).
    A,
    /// イ or 現役並みⅡ.
    B,
    /// ウ or 現役並みⅠ.
    C,
    /// エ (under 70).
    D,
    /// オ (under 70).
    E,
    /// 一般 (70 and over); with a share of 20 % at 75 and over 一般Ⅱ.
    General,
    /// 低所得Ⅱ (70 and over).
    Low2,
    /// 低所得Ⅰ (70 and over).
    Low1,
}

impl Class {
    /// Reads the class as the certificate or the claim (特記事項) writes it.
    pub fn parse(text: &str) -> Option<Self> {
        let folded: String = text
            .chars()
            .filter(|c| !matches!(c, ' ' | '　' | '区' | '（' | '）' | '(' | ')'))
            .map(|c| match c {
                '１' | '1' | 'I' => 'Ⅰ',
                '２' | '2' => 'Ⅱ',
                '３' | '3' => 'Ⅲ',
                c => c,
            })
            .collect();
        Some(match folded.as_str() {
            "ア" | "現役並みⅢ" | "現役並Ⅲ" | "現役Ⅲ" => Self::A,
            "イ" | "現役並みⅡ" | "現役並Ⅱ" | "現役Ⅱ" => Self::B,
            "ウ" | "現役並みⅠ" | "現役並Ⅰ" | "現役Ⅰ" => Self::C,
            "エ" => Self::D,
            "オ" => Self::E,
            "一般" | "一般Ⅰ" | "一般Ⅱ" => Self::General,
            "低所得Ⅱ" | "低Ⅱ" => Self::Low2,
            "低所得Ⅰ" | "低Ⅰ" => Self::Low1,
            _ => return None,
        })
    }

    /// Whether people of that age have the class.
    pub fn fits(self, band: AgeBand) -> bool {
        match self {
            Self::A | Self::B | Self::C => true,
            Self::D | Self::E => !band.elder(),
            Self::General | Self::Low2 | Self::Low1 => band.elder(),
        }
    }
}

/// A limit: a base, and one percent of the cost above a threshold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    /// Yen.
    pub base: i64,
    /// Cost in yen above which one percent is added.
    pub threshold: Option<i64>,
    /// Yen from the fourth month on (多数回該当); the same as the base where there is none.
    pub many: Option<i64>,
}

impl Limit {
    /// A limit without a percentage.
    pub const fn flat(base: i64, many: Option<i64>) -> Self {
        Self { base, threshold: None, many }
    }

    const fn rising(base: i64, threshold: i64, many: i64) -> Self {
        Self { base, threshold: Some(threshold), many: Some(many) }
    }

    /// The limit in yen for a cost. Half of everything in the month of the 75th birthday. One percent is rounded at 50 sen
    /// (施行令 42条1項: 五十銭未満切捨て・五十銭以上切上げ).
    pub fn yen(self, cost: i64, many_times: bool, half: bool) -> i64 {
        let halve = |yen: i64| if half { yen / 2 } else { yen };
        if let (true, Some(many)) = (many_times, self.many) {
            return halve(many);
        }
        let over = self.threshold.map_or(0, |threshold| (cost - halve(threshold)).max(0));
        halve(self.base) + (over + 50) / 100
    }
}

/// The limits of a month.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Whether the law text was read.
    pub verified: bool,
    /// ア・現役並みⅢ, イ・現役並みⅡ, ウ・現役並みⅠ.
    rising: [Limit; 3],
    /// エ, オ.
    under_70: [Limit; 2],
    /// 一般, 低所得Ⅱ, 低所得Ⅰ: outpatient of one person.
    outpatient: [i64; 3],
    /// 一般, 低所得Ⅱ, 低所得Ⅰ: household.
    household: [Limit; 3],
    /// Other subsidised care (特定給付対象療養, 施行令 43条6項): under 70, inpatient from 70, outpatient from 70.
    pub subsidised: (Limit, i64, i64),
    /// Public assistance (生活保護, 施行令 43条8項): under 70, inpatient from 70, outpatient from 70.
    pub assistance: (i64, i64, i64),
}

const TO_2026_07: Limits = Limits {
    verified: true,
    rising: [
        Limit::rising(252_600, 842_000, 140_100),
        Limit::rising(167_400, 558_000, 93_000),
        Limit::rising(80_100, 267_000, 44_400),
    ],
    under_70: [Limit::flat(57_600, Some(44_400)), Limit::flat(35_400, Some(24_600))],
    outpatient: [18_000, 8_000, 8_000],
    household: [Limit::flat(57_600, Some(44_400)), Limit::flat(24_600, None), Limit::flat(15_000, None)],
    subsidised: (Limit { base: 80_100, threshold: Some(267_000), many: None }, 57_600, 18_000),
    assistance: (35_400, 15_000, 8_000),
};

const FROM_2026_08: Limits = Limits {
    verified: false,
    rising: [
        Limit::rising(270_300, 901_000, 140_100),
        Limit::rising(179_100, 597_000, 93_000),
        Limit::rising(85_800, 286_000, 44_400),
    ],
    under_70: [Limit::flat(61_500, Some(44_400)), Limit::flat(36_900, Some(24_600))],
    outpatient: [22_000, 11_000, 8_000],
    household: [Limit::flat(61_500, Some(44_400)), Limit::flat(25_700, Some(24_600)), Limit::flat(15_700, None)],
    subsidised: (Limit { base: 85_800, threshold: Some(286_000), many: None }, 61_500, 22_000),
    assistance: (36_900, 15_700, 8_000),
};

/// The limits of a month, given as (year, month).
pub fn of(month: (i32, u32)) -> &'static Limits {
    if month < (2026, 8) { &TO_2026_07 } else { &FROM_2026_08 }
}

impl Limits {
    /// Limit of a class for one institution in the month.
    pub fn of_class(&self, class: Class, elder: bool, inpatient: bool) -> Limit {
        match class {
            Class::A => self.rising[0],
            Class::B => self.rising[1],
            Class::C => self.rising[2],
            Class::D => self.under_70[0],
            Class::E => self.under_70[1],
            Class::General | Class::Low2 | Class::Low1 => {
                let index = match class {
                    Class::General => 0,
                    Class::Low2 => 1,
                    _ => 2,
                };
                // 外来 of one person: no 多数回 (施行令 42条5項).
                if elder && !inpatient { Limit::flat(self.outpatient[index], None) } else { self.household[index] }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_percent_rounds_at_fifty_sen() {
        let limit = TO_2026_07.rising[2];
        assert_eq!(limit.yen(267_049, false, false), 80_100);
        assert_eq!(limit.yen(267_050, false, false), 80_101);
        assert_eq!(limit.yen(100, false, false), 80_100);
    }

    #[test]
    fn classes_are_read_as_written() {
        assert_eq!(Class::parse("区ウ"), Some(Class::C));
        assert_eq!(Class::parse("現役並み１"), Some(Class::C));
        assert_eq!(Class::parse("低所得Ⅱ"), Some(Class::Low2));
        assert_eq!(Class::parse("カ"), None);
    }
}
