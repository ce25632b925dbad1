//! What is in force where official rows, the starter set and the figures of a coming revision speak of the same code.
//!
//! Official rows of a kind take the place of the starter's. Two things of the starter stay: its rows of days before those
//! the official files speak of (a claim of last month still has its points), and what it knows of a revision that no
//! official file speaks of yet, marked as an estimate where it is one.

use super::prices::Price;
use crate::{
    official::{figures::SourcedPoints, history::EVER, ssk},
    starter::{
        figures::new_procedure,
        make::{R6, R8},
    },
    table::Row,
};
use chrono::NaiveDate;
use model::master::*;
use rust_decimal::Decimal;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// Names of the editions that points of a coming revision carry, as in the starter set.
pub(super) const NOTICED: &str = "S R8 告示";
pub(super) const ESTIMATED: &str = "S R8 推計";
pub(super) const KEPT: &str = "S R8 据置";

/// Figures that were imported beside the masters.
#[derive(Debug, Default)]
pub(super) struct Figures {
    /// Points read from the notice (告示), by code.
    pub noticed: BTreeMap<String, SourcedPoints>,
    /// Estimated points, by code.
    pub estimated: HashMap<String, Decimal>,
    /// Prices of the notice matched to drug codes.
    pub matched: HashMap<String, Vec<Price>>,
    /// Prices of the ministry's list by 12-character code.
    pub listed: HashMap<String, Vec<Price>>,
}

impl Figures {
    /// Puts prices in the order of their days.
    pub(super) fn settle(&mut self) {
        for prices in self.matched.values_mut().chain(self.listed.values_mut()) {
            prices.sort_by_key(|price| price.from);
        }
    }
}

/// Whether official rows speak of a revision: a fifth of the codes at least changed on its first day or later.
pub(super) fn spoken<T: Row>(official: &[T], first: NaiveDate) -> bool {
    let mut codes = HashSet::new();
    let mut later = HashSet::new();
    for row in official {
        codes.insert(row.code());
        if row.validity().from >= first {
            later.insert(row.code());
        }
    }
    !later.is_empty() && 5 * later.len() >= codes.len()
}

/// The first day official rows speak of as a whole: the earliest that a fifth of the codes begin on.
fn speaks_from<T: Row>(official: &[T]) -> Option<NaiveDate> {
    let mut days: BTreeMap<NaiveDate, usize> = BTreeMap::new();
    let mut codes = HashSet::new();
    for row in official {
        codes.insert(row.code());
        *days.entry(row.validity().from).or_default() += 1;
    }
    days.into_iter().find(|(_, count)| 5 * count >= codes.len()).map(|(day, _)| day)
}

/// Lays rows over others: a code of `top` ends those of `base` from its first day on; what only `base` has ends the day
/// before `ends`, where a day is given.
pub(super) fn lay_over<T: Row>(base: Vec<T>, top: Vec<T>, ends: Option<NaiveDate>) -> Vec<T> {
    let mut first: HashMap<&str, NaiveDate> = HashMap::new();
    for row in &top {
        let day = first.entry(row.code()).or_insert(row.validity().from);
        *day = (*day).min(row.validity().from);
    }
    let mut rows = Vec::with_capacity(base.len() + top.len());
    for mut row in base {
        if let Some(end) = first.get(row.code()).copied().or(ends) {
            let validity = row.validity_mut();
            if validity.from >= end {
                continue;
            }
            validity.to = validity.to.into_iter().chain(end.pred_opt()).min();
        }
        rows.push(row);
    }
    rows.extend(top);
    rows
}

/// Official rows with the starter's of earlier days below them. What only the starter knows has ended, unless it was made
/// of later files than the official ones (`newer`).
pub(super) fn below<T: Row>(starter: Vec<T>, official: Vec<T>, newer: bool) -> Vec<T> {
    let ends = speaks_from(&official).filter(|_| newer);
    lay_over(starter, official, ends)
}

/// Kinds whose rows are names (傷病名, 修飾語, アレルゲン), known since ever: official rows take the place of the starter's,
/// and a name that only the starter set knows ends when the official file's newest names begin.
pub(super) fn named<T: Row>(starter: Vec<T>, official: Vec<T>, newer: bool) -> Vec<T> {
    if official.is_empty() {
        return starter;
    }
    let newest = official.iter().map(|row| row.validity().from).filter(|day| *day > EVER).max();
    lay_over(starter, official, newest.filter(|_| newer))
}

/// Kinds whose starter rows are dated and official (特定器材, コメント): a revision is the starter's until an official file
/// speaks of it.
pub(super) fn dated<T: Row>(starter: Vec<T>, mut official: Vec<T>, newer: bool) -> Vec<T> {
    if official.is_empty() {
        return starter;
    }
    if spoken(&official, R8) {
        return below(starter, official, newer);
    }
    if !spoken(&official, R6) {
        return lay_over(official, starter, None);
    }
    let (later, earlier): (Vec<T>, Vec<T>) = starter.into_iter().partition(|row| row.validity().from >= R8);
    end_with_r6(&mut official, &ended(&earlier, &later));
    lay_over(below(earlier, official, newer), later, None)
}

/// Codes the starter set knows to have ended with R6.
fn ended<T: Row>(earlier: &[T], later: &[T]) -> BTreeSet<String> {
    let covering = earlier.iter().filter(|row| row.validity().covers(R8));
    let goes_on: HashSet<&str> = later.iter().chain(covering).map(Row::code).collect();
    earlier.iter().map(Row::code).filter(|code| !goes_on.contains(code)).map(str::to_owned).collect()
}

fn end_with_r6<T: Row>(rows: &mut [T], ended: &BTreeSet<String>) {
    for row in rows.iter_mut().filter(|row| row.validity().to.is_none() && row.validity().from < R8) {
        if ended.contains(row.code()) {
            row.validity_mut().to = R8.pred_opt();
        }
    }
}

/// Procedures, with the points of R8 as far as anything is known of them.
pub(super) fn procedures(
    starter: Vec<Procedure>,
    mut official: Vec<Procedure>,
    figures: &Figures,
    newer: bool,
) -> Vec<Procedure> {
    let (mut later, earlier): (Vec<Procedure>, Vec<Procedure>) = starter.into_iter().partition(|row| row.validity.from >= R8);
    if !official.is_empty() && spoken(&official, R8) {
        return below(earlier, official, newer);
    }
    for row in &mut later {
        figured(row, None, figures);
    }
    if official.is_empty() || !spoken(&official, R6) {
        let mut known = earlier;
        known.extend(later);
        known.extend(unknown(&known, figures));
        return lay_over(official, known, None);
    }
    end_with_r6(&mut official, &ended(&earlier, &later));
    let later: BTreeMap<String, Procedure> = later.into_iter().map(|row| (row.code.0.clone(), row)).collect();
    let mut rows = Vec::with_capacity(2 * official.len());
    let mut known = HashSet::new();
    for mut row in official {
        known.insert(row.code.0.clone());
        if row.validity.from < R8 && row.validity.covers(R8) {
            let mut coming = row.clone();
            coming.validity = ssk::validity(R8, row.validity.to, KEPT);
            coming.estimated = true;
            figured(&mut coming, later.get(row.code.as_str()), figures);
            row.validity.to = R8.pred_opt();
            rows.push(coming);
        }
        rows.push(row);
    }
    rows.extend(later.into_values().filter(|row| !known.contains(row.code.as_str())));
    rows.extend(unknown(&rows, figures));
    below(earlier, rows, newer)
}

/// Gives a row of R8 the best figure there is: of the notice before an estimate, an imported one before the starter's.
fn figured(row: &mut Procedure, starter: Option<&Procedure>, figures: &Figures) {
    let set = |row: &mut Procedure, points, estimated, edition: &str| {
        row.points = points;
        row.estimated = estimated;
        edition.clone_into(&mut row.validity.edition);
    };
    let of_starter = |edition| starter.filter(|known| known.validity.edition == edition);
    if let Some(known) = of_starter(NOTICED) {
        // An item may have moved in the fee table.
        row.article.clone_from(&known.article);
    }
    // A percentage is no number of points in the table of estimates.
    let counts = matches!(row.point_kind, 3 | 7 | 8);
    if let Some(noticed) = figures.noticed.get(row.code.as_str()) {
        set(row, noticed.points, noticed.confidence.starts_with("low"), NOTICED);
    } else if let Some(known) = of_starter(NOTICED) {
        set(row, known.points, known.estimated, NOTICED);
    } else if row.validity.edition == NOTICED {
        // The starter's own row, read from the notice, is better than an estimate.
    } else if let Some(points) = figures.estimated.get(row.code.as_str()).filter(|_| counts) {
        set(row, *points, true, ESTIMATED);
    } else if let Some(known) = of_starter(ESTIMATED).filter(|_| counts) {
        set(row, known.points, true, ESTIMATED);
    }
}

/// Codes of the imported notice that no row knows.
fn unknown(known: &[Procedure], figures: &Figures) -> Vec<Procedure> {
    let codes: HashSet<&str> = known.iter().map(|row| row.code.as_str()).collect();
    let new = figures.noticed.values().filter(|noticed| !codes.contains(noticed.code.as_str()));
    new.map(|noticed| new_procedure(noticed, None, known, NOTICED)).collect()
}

#[cfg(test)]
mod tests {
    use crate::{
        Snapshot,
        ledger::{read, tables},
        table::{Row, Table},
    };

    fn apart<T: Row>(table: &Table<T>, name: &str) -> usize {
        for pair in table.rows().windows(2) {
            let (first, second) = (pair[0].validity(), pair[1].validity());
            let same = pair[0].code() == pair[1].code();
            assert!(!same || first.to.is_some_and(|to| to < second.from), "{name} {}: {first:?} {second:?}", pair[0].code());
        }
        assert!(table.rows().iter().all(|row| row.validity().to.is_none_or(|to| to >= row.validity().from)), "{name}");
        table.rows().len()
    }

    /// Whichever of the published files are applied, a code has one row a day.
    #[test]
    fn no_two_rows_of_a_code_share_a_day() {
        let shared = std::env::var_os("KARTE_SHARED").map(std::path::PathBuf::from);
        let shared = shared.unwrap_or_else(|| concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared").into());
        let masters = shared.join("masters");
        if !masters.is_dir() {
            eprintln!("SKIPPED: no official files at {} (set KARTE_SHARED)", masters.display());
            return;
        }
        let sets: [&[&str]; 5] = [
            &["official/t_ALL20240315.zip", "official/t_20240830.csv", "official/c_ALL20260626.csv", "official/z_20250601.zip"],
            &[
                "official/t_ALL20260227.csv",
                "official/t_ALL20260529.csv",
                "official/c_ALL20230801.zip",
                "official/c_20240329.csv",
            ],
            &["official/t_ALL20260529.csv", "drug-price/y_code_R8_price.csv", "derived/s_points_r8_ESTIMATE.csv"],
            &[
                "official/s_20240531.zip",
                "official/s_20240906.csv",
                "derived/outpatient_codes_R8.csv",
                "derived/s_points_r8_ESTIMATE.csv",
            ],
            &[
                "official/s_ALL20220218.zip",
                "official/y_ALL20240321.zip",
                "official/tp20250814-01_02.xlsx",
                "drug-price/y_code_R8_price.csv",
            ],
        ];
        for set in sets {
            let mut files = Vec::new();
            for path in set {
                let bytes = std::fs::read(masters.join(path)).expect("a file");
                files.extend(read(path, &bytes).unwrap_or_else(|error| panic!("{error}")));
            }
            let known = Snapshot::from_ledger(&tables(&files).expect("a sound set")).expect("a snapshot");
            let rows = [
                apart(&known.diseases, "disease"),
                apart(&known.modifiers, "modifier"),
                apart(&known.procedures, "procedure"),
                apart(&known.drugs, "drug"),
                apart(&known.materials, "material"),
                apart(&known.comments, "comment"),
                apart(&known.allergens, "allergen"),
            ];
            println!("{set:?}: {rows:?}");
        }
    }
}
