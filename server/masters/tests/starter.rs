//! The starter set: it loads, holds what it promises, answers by day, and is exactly what the generator makes.

use chrono::NaiveDate;
use masters::{Snapshot, starter};
use model::master::*;
use std::{collections::HashSet, path::PathBuf};

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

/// The folder of official files beside the project, or none with a loud word.
pub fn shared() -> Option<PathBuf> {
    let path = std::env::var_os("KARTE_SHARED")
        .map(PathBuf::from)
        .unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared"));
    if path.join("masters/official").is_dir() {
        return Some(path);
    }
    eprintln!("SKIPPED: no official files at {} (set KARTE_SHARED)", path.display());
    None
}

#[test]
fn the_committed_tables_are_what_the_generator_makes() {
    let Some(shared) = shared() else { return };
    for (name, made) in starter::make::make(&shared).expect("the official files") {
        // From the folder: not every table is of the masters (local_subsidies.tsv).
        let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("starter").join(name);
        let committed = std::fs::read_to_string(file).expect("a table");
        assert!(made == committed, "{name} differs: run `cargo run -p masters --bin starter -- ../shared`");
    }
}

#[test]
fn it_holds_what_it_promises() {
    let rows = starter::rows().expect("the tables");
    assert!(rows.diseases.len() >= 2_000, "{}", rows.diseases.len());
    assert_eq!(rows.modifiers.len(), 2_375);
    assert_eq!(rows.allergens.len(), 1_738);
    assert_eq!(rows.labs.len(), 108);
    let codes = |list: Vec<&str>| list.into_iter().collect::<HashSet<_>>().len();
    assert!(codes(rows.procedures.iter().map(|p| p.code.as_str()).collect()) >= 1_500);
    assert!(codes(rows.drugs.iter().map(|d| d.code.as_str()).collect()) >= 1_500);
    let size: usize = starter::TABLES.iter().map(|(_, text)| text.len()).sum();
    assert!(size < 2_600_000, "{size} bytes");
}

#[test]
fn the_day_chooses_the_points() {
    let masters = Snapshot::starter();
    let points = |code: &str, on: &str| {
        let row = masters.procedure(code, day(on))?;
        Some((row.points.to_string(), row.estimated))
    };
    // 初診料 A000: 291 in both tables (告示 R6 and R8); 再診料 A001: 75, from 2026-06-01 76.
    assert_eq!(points("111000110", "2026-05-31"), Some(("291".into(), false)));
    assert_eq!(points("111000110", "2026-06-01"), Some(("291".into(), false)));
    assert_eq!(points("112007410", "2026-05-31"), Some(("75".into(), false)));
    assert_eq!(points("112007410", "2026-06-01"), Some(("76".into(), false)));
    // 医療ＤＸ推進体制整備加算 ended with R6; 電子的診療情報連携体制整備加算１ begins with R8.
    assert!(points("111703670", "2026-05-31").is_some());
    assert_eq!(points("111703670", "2026-06-01"), None);
    assert_eq!(points("111704070", "2026-05-31"), None);
    assert_eq!(points("111704070", "2026-06-01"), Some(("15".into(), false)));
    assert_eq!(points("111000110", "2024-05-31"), None, "the starter set begins with R6");
    assert_eq!(masters.edition(day("2026-05-31")).as_deref(), Some("R6"));
    assert_eq!(masters.edition(day("2026-06-01")).as_deref(), Some("R8"));
    assert_eq!(masters.edition(day("2020-01-01")), None);
}

#[test]
fn no_two_rows_of_a_code_share_a_day() {
    fn apart<T: masters::table::Row>(rows: &[T], name: &str) {
        let mut sorted: Vec<&T> = rows.iter().collect();
        sorted.sort_by(|a, b| a.code().cmp(b.code()).then(a.validity().from.cmp(&b.validity().from)));
        for pair in sorted.windows(2) {
            if pair[0].code() == pair[1].code() {
                let (first, second) = (pair[0].validity(), pair[1].validity());
                assert!(first.to.is_some_and(|to| to < second.from), "{name} {}: {first:?} {second:?}", pair[0].code());
            }
            assert!(pair[0].validity().to.is_none_or(|to| to >= pair[0].validity().from), "{name} {}", pair[0].code());
        }
    }
    let rows = starter::rows().expect("the tables");
    apart(&rows.diseases, "disease");
    apart(&rows.modifiers, "modifier");
    apart(&rows.procedures, "procedure");
    apart(&rows.drugs, "drug");
    apart(&rows.materials, "material");
    apart(&rows.comments, "comment");
    apart(&rows.allergens, "allergen");
    apart(&rows.labs, "lab");
}

#[test]
fn the_same_day_asked_through_the_rules_trait() {
    let masters = Snapshot::starter();
    let tables: &dyn Tables = &*masters;
    assert_eq!(tables.procedure("112007410", day("2026-11-20")).map(|p| p.points.to_string()).as_deref(), Some("76"));
    assert_eq!(tables.edition(day("2026-11-20")).as_deref(), Some("R8"));
}
