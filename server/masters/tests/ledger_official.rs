//! The ledger on the files as published: recognised, replayed to the derived tables, in any order, and loaded with the
//! figures of 2025 and 2026.

mod common;

use chrono::NaiveDate;
use common::shared;
use masters::{
    Snapshot,
    ledger::{self, LedgerRow, Published, Tables},
};
use model::edition::FileKind;
use std::{collections::HashMap, path::Path};

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

fn read(path: &Path) -> Vec<Published> {
    let bytes = std::fs::read(path).expect("a file");
    let name = path.file_name().expect("a name").to_string_lossy();
    ledger::read(&name, &bytes).unwrap_or_else(|error| panic!("{error}"))
}

/// The official files of a letter up to a day, full files by name.
fn official(masters: &Path, letter: &str, first: &str, until: &str) -> Vec<Published> {
    let mut files = read(&masters.join("official").join(first));
    for entry in std::fs::read_dir(masters.join("official")).expect("the folder") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        let date = name.trim_start_matches(letter).trim_end_matches(".csv");
        if name.starts_with(letter) && date.len() == 8 && date <= until {
            files.extend(read(&path));
        }
    }
    files
}

/// The rows of each code, the oldest first.
fn by_code(tables: &Tables) -> HashMap<&str, Vec<&LedgerRow>> {
    let mut codes: HashMap<&str, Vec<&LedgerRow>> = HashMap::new();
    for row in &tables.rows {
        codes.entry(&row.code).or_default().push(row);
    }
    codes
}

/// Handed in together and laid by [`ledger::tables`], the files of 2023 to 2025 end at the derived tables, cell for cell.
#[test]
fn a_set_of_files_ends_at_the_derived_tables() {
    let Some(masters) = shared() else { return };
    for (letter, first, until, derived, rows, columns) in [
        ("t_", "t_ALL20240315.zip", "20250829", "t_r6_asof20250829.csv", 1_360, 38),
        ("c_", "c_ALL20230801.zip", "20250715", "c_r6_asof20250715.csv", 3_909, 30),
        ("y_", "y_ALL20240321.zip", "20250813", "y_r6_asof20250813.csv", 21_182, 42),
    ] {
        let mut files = official(&masters, letter, first, until);
        let tables = ledger::tables(&files).expect("a sound set");
        let codes = by_code(&tables);
        assert_eq!(codes.len(), rows, "{letter}");
        let derived = read(&masters.join("derived").join(derived)).remove(0);
        let mut compared = 0;
        for line in derived.source.lines() {
            let line = line.expect("a line");
            let code = if letter == "c_" { line.cell(23) } else { line.cell(3) };
            let mine = codes.get(code).and_then(|rows| rows.last()).unwrap_or_else(|| panic!("{code} is missing"));
            let cells: Vec<&str> = mine.cells.split('\t').collect();
            assert_eq!(cells.len(), columns, "{code}");
            for column in 2..=columns {
                let (a, b) = (cells[column - 1], line.cell(column));
                assert!(a == b || a.trim_start_matches('0') == b.trim_start_matches('0'), "{code} column {column}: {a:?} {b:?}");
                compared += 1;
            }
        }
        println!("{letter}: {} files, {} rows of {} codes, {compared} cells equal", files.len(), tables.rows.len(), codes.len());
        // No two rows of a code share a day, and every row names a file and a line.
        for rows in codes.values() {
            assert!(rows.windows(2).all(|pair| pair[0].to.is_some_and(|to| to < pair[1].from)), "{rows:?}");
            assert!(rows.iter().all(|row| row.line > 0 && (row.file as usize) < tables.files.len()));
        }
        if letter != "y_" {
            for _ in 0..3 {
                let third = files.len() / 3 + 1;
                files.rotate_left(third);
                files.reverse();
                assert_eq!(ledger::tables(&files).expect("a sound set"), tables, "{letter}");
            }
        }
    }
}

/// Applied until a day, the set tells what the set until then tells: nothing published later is needed for an earlier truth.
#[test]
fn stopping_at_any_date_gives_that_dates_truth() {
    let Some(masters) = shared() else { return };
    let all = official(&masters, "t_", "t_ALL20240315.zip", "20250829");
    let whole = ledger::tables(&all).expect("a sound set");
    for until in ["2024-05-31", "2024-08-30", "2024-12-27", "2025-02-28", "2025-08-29"] {
        let until = day(until);
        let some: Vec<Published> = all.iter().filter(|file| file.date <= until).cloned().collect();
        let known = ledger::tables(&some).expect("a sound set");
        let on = |tables: &Tables, code: &str| {
            let row = tables.rows.iter().find(|row| row.code == code && row.from <= until && row.to.is_none_or(|to| to >= until));
            // What became of the row and when it ends is told later of a row that stands: columns 1 and 28 to 30.
            row.map(|row| {
                row.cells
                    .split('\t')
                    .enumerate()
                    .filter(|(i, _)| *i != 0 && !(27..30).contains(i))
                    .map(|(_, c)| c.to_owned())
                    .collect::<Vec<_>>()
            })
        };
        let mut same = 0;
        for row in &known.rows {
            // Two corrections of 2024-12-27 speak of 2024-06-01: what they say is the later truth of that day.
            if all.iter().filter(|file| file.date > until).any(|file| corrects(file, &row.code, until)) {
                continue;
            }
            assert_eq!(on(&whole, &row.code), on(&known, &row.code), "{} on {until}", row.code);
            same += 1;
        }
        assert!(same > 1_300, "{same}");
    }
}

/// Whether a file tells of a code for a day that was over.
fn corrects(file: &Published, code: &str, until: NaiveDate) -> bool {
    file.source
        .lines()
        .filter_map(Result::ok)
        .any(|line| line.cell(3) == code && line.date(28).ok().flatten().is_none_or(|changed| changed <= until))
}

#[test]
fn published_tables_are_recognised_and_counted() {
    let Some(masters) = shared() else { return };
    for (path, kind, rows, edition) in [
        ("official/b_20240601.zip", FileKind::Disease, 27_437, "B 2024-06-01"),
        ("official/z_20250601.zip", FileKind::Modifier, 2_375, "Z 2025-06-01"),
        ("official/c_ALL20260626.csv", FileKind::Comment, 4_587, "C 2026-06-26"),
        ("official/t_ALL20260529.csv", FileKind::Material, 1_395, "T 2026-05-29"),
        ("official/y_20240906.csv", FileKind::Drug, 2_190, "Y 2024-09-06"),
        ("allergy/JFAGY_J9FN_20250401_R01_utf8.csv", FileKind::Allergen, 1_738, "J-FAGY 2025-04-01"),
        ("drug-price/yakka_kijun_R8_20260401.csv", FileKind::DrugPriceStandard, 12_272, "薬価基準 告示 2026-04-01"),
        ("derived/outpatient_codes_R8.csv", FileKind::NoticedPoints, 33, "改定点数（告示） 2026-06-01"),
        ("tensuhyo/r6/05算定回数テーブル.csv", FileKind::PointsCount, 5_341, "電子点数表 算定回数 2025-11-12"),
    ] {
        let file = read(&masters.join(path)).remove(0);
        assert_eq!((file.kind, file.rows), (kind, rows), "{path}");
        assert_eq!(file.edition, edition, "{path}");
    }
    for path in ["DIGEST.md", "spec/layouts_ssk_R6.csv", "official/rezept-master-01-20241101.csv", "spec/R06rec1.txt"] {
        let bytes = std::fs::read(masters.join(path)).expect("a file");
        assert!(ledger::read(path, &bytes).is_err(), "{path}");
    }
    // Cut anywhere, an archive is refused.
    let whole = std::fs::read(masters.join("official/t_ALL20240315.zip")).expect("a file");
    for cut in [10, 1_000, whole.len() / 2, whole.len() - 30] {
        assert!(ledger::read("t_ALL20240315.zip", &whole[..cut]).is_err(), "{cut}");
    }
}

/// Official drugs with the prices of 2025 and 2026, official procedures of R6 with the points of R8 that are known.
#[test]
fn figures_of_a_coming_revision_lie_over_official_rows() {
    let Some(masters) = shared() else { return };
    let mut files = read(&masters.join("official/y_ALL20240321.zip"));
    let of = |files: &[Published]| Snapshot::from_ledger(&ledger::tables(files).expect("a set")).expect("a snapshot");
    let at = |snapshot: &Snapshot, code: &str, on: &str| {
        let row = snapshot.drug(code, day(on)).unwrap_or_else(|| panic!("{code} on {on}"));
        (row.price.to_string(), row.estimated, row.validity.edition.clone())
    };
    let state = |price: &str, estimated, edition: &str| (price.to_owned(), estimated, edition.to_owned());
    // ガスター散２％ is in the starter set, so its prices of 2025 and 2026 are known without further files.
    let known = of(&files);
    assert_eq!(at(&known, "610406079", "2025-03-31"), state("16.50", false, "Y 2024-03-21"));
    assert_eq!(at(&known, "610406079", "2025-04-01"), state("15.10", false, "薬価 2025 内用"));
    assert_eq!(at(&known, "610406079", "2026-06-01").0, "9.50");
    // A drug outside the starter set keeps its price and says so, until a list tells it.
    let before = known;
    for path in ["official/tp20250814-01_01.xlsx", "drug-price/y_code_R8_price.csv"] {
        files.extend(read(&masters.join(path)));
    }
    let known = of(&files);
    let other = outside(&known);
    let old = at(&before, &other, "2025-03-31").0;
    assert_eq!(at(&before, &other, "2025-04-01"), state(&old, true, "薬価 2025 据置"));
    assert_eq!(at(&before, &other, "2026-04-01"), state(&old, true, "薬価 2026 据置"));
    let listed = at(&known, &other, "2025-04-01");
    assert!(!listed.1 && listed.2.starts_with("薬価基準収載品目"), "{listed:?}");
    assert_eq!(at(&known, &other, "2026-04-01").2, "薬価 2026 告示");
    println!("{other}: {old} → {listed:?} → {:?}", at(&known, &other, "2026-04-01"));
    let yj = &known.drug(&other, day("2025-04-01")).expect("a drug").yj;
    assert_eq!(known.list_price(yj, day("2025-06-01")).map(|row| format!("{:.2}", row.price)), Some(listed.0));
    let estimated = |snapshot: &Snapshot, on: &str| {
        let editions = snapshot.editions().iter().filter(|e| e.kind == FileKind::Drug && e.name.contains(on));
        editions.map(|e| e.estimated).sum::<u32>()
    };
    println!("estimates of 2025: {}, of 2026: {}", estimated(&known, "2025"), estimated(&known, "2026"));
}

/// A drug that the starter set lacks, with a price of the list in 2025 and of the notice in 2026.
fn outside(known: &Snapshot) -> String {
    let starter = Snapshot::starter();
    let house = masters::search::House::nothing();
    let hits = known.search(model::master::MasterKind::Drug, "アムロジピン", day("2025-06-01"), 100, &house);
    let told =
        |code: &str, on: &str, word: &str| known.drug(code, day(on)).is_some_and(|row| row.validity.edition.starts_with(word));
    let found = hits.iter().find(|hit| {
        starter.drug(&hit.code, day("2025-06-01")).is_none()
            && told(&hit.code, "2025-06-01", "薬価基準収載品目")
            && told(&hit.code, "2026-06-01", "薬価 2026 告示")
    });
    found.map(|hit| hit.code.clone()).expect("a drug of the list")
}

/// Procedures of R6 with the points of R8 as far as they are known, until a full file of R8 speaks.
#[test]
fn points_of_a_coming_revision_lie_over_official_rows() {
    let Some(masters) = shared() else { return };
    let mut files = read(&masters.join("official/s_20240531.zip"));
    let of = |files: &[Published]| Snapshot::from_ledger(&ledger::tables(files).expect("a set")).expect("a snapshot");
    let at = |snapshot: &Snapshot, code: &str, on: &str| {
        let row = snapshot.procedure(code, day(on))?;
        Some((row.points.to_string(), row.estimated, row.validity.edition.clone()))
    };
    let state = |points: &str, estimated, edition: &str| Some((points.to_owned(), estimated, edition.to_owned()));
    let known = of(&files);
    assert_eq!(at(&known, "112007410", "2026-05-31"), state("75", false, "S 2024-05-31"));
    assert_eq!(at(&known, "112007410", "2026-06-01"), state("76", false, "S R8 告示"));
    assert_eq!(at(&known, "113001810", "2026-06-01"), state("225", true, "S R8 推計"));
    // New in R8, and ended with R6, as the starter set knows.
    assert_eq!(at(&known, "111704070", "2026-06-01"), state("15", false, "S R8 告示"));
    assert!(at(&known, "111703670", "2026-05-31").is_some() && at(&known, "111703670", "2026-06-01").is_none());
    // Outside the starter set the points of R6 are kept, as an estimate; the imported table knows more of them.
    let kept = |snapshot: &Snapshot| snapshot.editions().iter().find(|e| e.name == "S R8 据置").map_or(0, |e| e.rows);
    let before = kept(&known);
    for path in ["derived/s_points_r8_ESTIMATE.csv", "derived/outpatient_codes_R8.csv"] {
        files.extend(read(&masters.join(path)));
    }
    let known = of(&files);
    println!("kept: {before}, with the table of estimates {}", kept(&known));
    assert!(kept(&known) + 3_000 < before, "{before} {}", kept(&known));
    assert_eq!(at(&known, "112007410", "2026-06-01"), state("76", false, "S R8 告示"));
    let told = known.editions().iter().find(|e| e.name == "S R8 推計").expect("the edition");
    assert_eq!((told.file.as_str(), told.rows == told.estimated), ("s_points_r8_ESTIMATE.csv", true));
    assert_eq!(at(&known, "112007410", "2024-05-31"), None, "nothing is known before the first file");
    // A full file of R8, as it will come: the rows of R6 with their new first day. No estimate is left.
    let text = files[0].source.text.replace("\"20240601\"", "\"20260601\"");
    files.extend(ledger::read("s_ALL20260605.csv", text.as_bytes()).expect("a sound file"));
    let official = of(&files);
    assert_eq!(at(&official, "113001810", "2026-06-01"), state("225", false, "S 2026-06-05"));
    assert_eq!(at(&official, "113001810", "2026-05-31"), state("225", false, "S 2024-05-31"));
    assert!(official.editions().iter().all(|e| e.estimated == 0 || e.kind != FileKind::Procedure));
    let preview = ledger::difference(&known, &official, &[FileKind::Procedure]).remove(0);
    println!(
        "preview: {} new, {} changed, {} abolished, {} up, {} down, {} estimates replaced",
        preview.new, preview.changed, preview.abolished, preview.up, preview.down, preview.estimates_replaced
    );
    assert!(preview.estimates_replaced > 9_000 && preview.rows.len() <= 300);
}
