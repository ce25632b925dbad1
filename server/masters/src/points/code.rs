//! Codes of the electronic points table, small enough for hundreds of thousands of rows.

use chrono::NaiveDate;
pub use model::points_table::{Billed, BundleUnit, Code9, CountUnit, Period, Span};
use std::fmt;

/// Number of a bundling group (グループ番号), seven letters and digits such as `D324001`: letter and article of the notice
/// (告示番号), branch, serial (活用手引き 3(1)).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Group([u8; 7]);

impl Group {
    /// Reads seven letters and digits; anything else is none.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes: [u8; 7] = text.as_bytes().try_into().ok()?;
        bytes.iter().all(u8::is_ascii_alphanumeric).then_some(Self(bytes))
    }
}

impl fmt::Display for Group {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{}", char::from(*byte)))
    }
}

impl fmt::Debug for Group {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Group({self})")
    }
}

/// From which day to which a row is in force, both included (新設年月日, 廃止年月日 = the last day it may be used).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Term {
    /// First day.
    pub from: NaiveDate,
    /// Last day; open when absent.
    pub to: Option<NaiveDate>,
}

impl Term {
    /// Whether it holds on a day.
    pub fn covers(self, day: NaiveDate) -> bool {
        self.from <= day && self.to.is_none_or(|end| day <= end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_is_seven_letters_and_digits() {
        assert_eq!(Group::parse("D324001").map(|g| g.to_string()).as_deref(), Some("D324001"));
        assert_eq!(Group::parse("0"), None);
        assert_eq!(Group::parse("D32400あ"), None);
    }
}
