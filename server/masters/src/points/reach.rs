//! For which days the electronic points table speaks: by the fee table (R6, R8 …) that each of its editions was published for.
//!
//! Its rows end with 99999999 until they are taken away, so an edition of R6 would go on answering in R8. What it says of
//! days after its fee table is what was, and what it does not say of them is nothing.

use super::PointsTable;
use chrono::NaiveDate;
use model::{
    edition::FileKind,
    master::EditionInfo,
    points_table::{Reach, RuleTable, Span},
};

/// Tables that rules ask for, as kinds of files.
const KINDS: [FileKind; 7] = [
    FileKind::PointsCount,
    FileKind::PointsSameDay,
    FileKind::PointsSameMonth,
    FileKind::PointsSameTime,
    FileKind::PointsSameWeek,
    FileKind::PointsHelper,
    FileKind::PointsBundle,
];

/// First days of the fee tables for which each kind of table is loaded.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Reaches(Vec<(FileKind, NaiveDate)>);

impl Reaches {
    /// By the editions that are loaded and their rows.
    pub fn new(table: &PointsTable, editions: &[EditionInfo]) -> Self {
        let mut known = Vec::new();
        for kind in KINDS {
            let mut dates: Vec<NaiveDate> = editions.iter().filter(|info| info.kind == kind).map(|info| info.date).collect();
            dates.sort_unstable();
            // An edition may be published before the first day it speaks of.
            if let (Some(last), Some(newest)) = (dates.last_mut(), table.newest(kind)) {
                *last = newest.max(*last);
            }
            known.extend(dates.into_iter().filter_map(begins).map(|first| (kind, first)));
        }
        known.sort_unstable();
        known.dedup();
        Self(known)
    }

    /// Whether a table speaks for a day.
    pub fn of(&self, table: RuleTable, on: NaiveDate) -> Reach {
        match table {
            RuleTable::Counts => self.kind(FileKind::PointsCount, on),
            RuleTable::Exclusions(Span::Day) => self.kind(FileKind::PointsSameDay, on),
            RuleTable::Exclusions(Span::Month) => self.kind(FileKind::PointsSameMonth, on),
            RuleTable::Exclusions(Span::SameTime) => self.kind(FileKind::PointsSameTime, on),
            RuleTable::Exclusions(Span::Week) => self.kind(FileKind::PointsSameWeek, on),
            RuleTable::Bundles => self.kind(FileKind::PointsHelper, on).max(self.kind(FileKind::PointsBundle, on)),
        }
    }

    fn kind(&self, kind: FileKind, on: NaiveDate) -> Reach {
        let loaded = |first: Option<NaiveDate>| first.is_some_and(|first| self.0.binary_search(&(kind, first)).is_ok());
        let now = begins(on);
        if loaded(now) {
            Reach::InForce
        } else if loaded(now.and_then(|first| first.pred_opt()).and_then(begins)) {
            Reach::Former
        } else {
            Reach::Absent
        }
    }
}

/// First day of the fee table of a day.
fn begins(day: NaiveDate) -> Option<NaiveDate> {
    crate::snapshot::fee_tables().map(|(first, _)| first).find(|first| *first <= day)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    fn loaded(kind: FileKind, dates: &[&str]) -> Reaches {
        let info = |date: &&str| EditionInfo {
            kind,
            name: String::new(),
            file: String::new(),
            sha256: String::new(),
            rows: 1,
            date: day(date),
            estimated: 0,
        };
        Reaches::new(&PointsTable::default(), &dates.iter().map(info).collect::<Vec<_>>())
    }

    #[test]
    fn an_edition_speaks_for_its_fee_table_only() {
        let counts = |dates: &[&str], on| loaded(FileKind::PointsCount, dates).of(RuleTable::Counts, day(on));
        assert_eq!(counts(&["2025-05-01"], "2024-06-01"), Reach::InForce);
        assert_eq!(counts(&["2025-05-01"], "2026-05-31"), Reach::InForce);
        assert_eq!(counts(&["2025-05-01"], "2026-06-01"), Reach::Former);
        assert_eq!(counts(&["2025-05-01"], "2024-05-31"), Reach::Absent, "an edition says nothing of the time before it");
        assert_eq!(counts(&["2016-07-01"], "2024-06-01"), Reach::Absent, "nor of the time long after it");
        assert_eq!(counts(&["2025-05-01", "2026-06-05"], "2026-07-10"), Reach::InForce);
        assert_eq!(counts(&[], "2026-07-10"), Reach::Absent);
    }

    #[test]
    fn bundles_need_both_tables() {
        assert_eq!(loaded(FileKind::PointsHelper, &["2025-05-01"]).of(RuleTable::Bundles, day("2025-06-01")), Reach::Absent);
    }
}
