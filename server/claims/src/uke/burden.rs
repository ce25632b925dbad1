//! Who bears a line (負担区分): one letter for any set of the insurance and up to four subsidies.

use serde::Serialize;
use std::fmt;

/// A payer of a receipt (負担者種別).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(into = "String")]
pub enum Payer {
    /// 医療保険, record HO.
    Insurance,
    /// 公費, record KO; 1 the first to 4 the fourth.
    Subsidy(u8),
}

impl Payer {
    fn bit(self) -> u8 {
        match self {
            Self::Insurance => 1,
            Self::Subsidy(nth) => 1 << nth,
        }
    }
}

impl fmt::Display for Payer {
    /// 医療保険, 第1公費 … 第4公費.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Insurance => f.write_str("医療保険"),
            Self::Subsidy(nth) => write!(f, "第{nth}公費"),
        }
    }
}

impl From<Payer> for String {
    fn from(payer: Payer) -> Self {
        payer.to_string()
    }
}

/// The set of payers that bear a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Burden(u8);

/// 記録条件仕様 負担区分コード: the letter and who bears it, 1 the insurance, 2, 4, 8, 16 the first to fourth subsidy.
const LETTERS: [(char, u8); 31] = [
    ('1', 1),
    ('5', 2),
    ('6', 4),
    ('B', 8),
    ('C', 16),
    ('2', 1 | 2),
    ('3', 1 | 4),
    ('E', 1 | 8),
    ('G', 1 | 16),
    ('7', 2 | 4),
    ('H', 2 | 8),
    ('I', 2 | 16),
    ('J', 4 | 8),
    ('K', 4 | 16),
    ('L', 8 | 16),
    ('4', 1 | 2 | 4),
    ('M', 1 | 2 | 8),
    ('N', 1 | 2 | 16),
    ('O', 1 | 4 | 8),
    ('P', 1 | 4 | 16),
    ('Q', 1 | 8 | 16),
    ('R', 2 | 4 | 8),
    ('S', 2 | 4 | 16),
    ('T', 2 | 8 | 16),
    ('U', 4 | 8 | 16),
    ('V', 1 | 2 | 4 | 8),
    ('W', 1 | 2 | 4 | 16),
    ('X', 1 | 2 | 8 | 16),
    ('Y', 1 | 4 | 8 | 16),
    ('Z', 2 | 4 | 8 | 16),
    ('9', 1 | 2 | 4 | 8 | 16),
];

impl Burden {
    /// Reads the letter of field 3 of SI, IY, TO and CO.
    pub fn parse(text: &str) -> Option<Self> {
        let mut letters = text.chars();
        let (letter, None) = (letters.next()?, letters.next()) else { return None };
        LETTERS.iter().find(|(known, _)| *known == letter).map(|(_, payers)| Self(*payers))
    }

    /// The letter.
    pub fn letter(self) -> char {
        LETTERS.iter().find(|(_, payers)| *payers == self.0).map_or(' ', |(letter, _)| *letter)
    }

    /// Whether a payer is among them.
    pub fn includes(self, payer: Payer) -> bool {
        self.0 & payer.bit() != 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_set_of_payers_has_one_letter() {
        let mut sets: Vec<u8> = LETTERS.iter().map(|(_, set)| *set).collect();
        sets.sort_unstable();
        assert_eq!(sets, (1..=31).collect::<Vec<u8>>());
        for (letter, _) in LETTERS {
            assert_eq!(Burden::parse(&letter.to_string()).map(Burden::letter), Some(letter));
        }
        assert_eq!((Burden::parse("8"), Burden::parse(""), Burden::parse("11")), (None, None, None));
        let both = Burden::parse("2").expect("a letter");
        assert!(both.includes(Payer::Insurance) && both.includes(Payer::Subsidy(1)) && !both.includes(Payer::Subsidy(2)));
    }
}
