//! The parsers against the files as published: row counts, replay of full and difference files, and refusals.

use chrono::NaiveDate;
use masters::{
    MasterError, Snapshot,
    official::{history::History, jfagy, layout::*, text::SourceFile},
};
use model::master::MasterKind;
use std::path::{Path, PathBuf};

fn shared() -> Option<PathBuf> {
    let path = std::env::var_os("KARTE_SHARED")
        .map(PathBuf::from)
        .unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared"));
    if path.join("masters/official").is_dir() {
        return Some(path.join("masters"));
    }
    eprintln!("SKIPPED: no official files at {} (set KARTE_SHARED)", path.display());
    None
}

fn open(path: &Path) -> SourceFile {
    SourceFile::open(path).expect("a readable file").remove(0)
}

fn layout(kind: MasterKind) -> &'static Layout {
    Layout::of(kind).expect("a basic master")
}

fn loaded(kind: MasterKind, path: &Path) -> History {
    let mut history = History::new(layout(kind));
    history.apply(&open(path)).expect("a valid file");
    history
}

#[test]
fn published_files_have_the_rows_they_should() {
    let Some(masters) = shared() else { return };
    for (kind, file, rows) in [
        (MasterKind::Disease, "official/b_20240601.zip", 27_437),
        (MasterKind::Modifier, "official/z_20250601.zip", 2_375),
        (MasterKind::Procedure, "official/s_20240531.zip", 10_133),
        (MasterKind::Procedure, "official/s_ALL20220218.zip", 8_735),
        (MasterKind::Drug, "official/y_ALL20240321.zip", 19_686),
        (MasterKind::Material, "official/t_ALL20240315.zip", 1_334),
        (MasterKind::Comment, "official/c_ALL20260626.csv", 4_587),
    ] {
        assert_eq!(loaded(kind, &masters.join(file)).len(), rows, "{file}");
    }
    let allergens = open(&masters.join("allergy/JFAGY_J9FN_20250401_R01_utf8.csv"));
    assert_eq!(jfagy::parse(&allergens, "J-FAGY").expect("a valid file").len(), 1_738);
}

/// Full file, then every difference in date order, must end where others ended: `masters/derived`.
#[test]
fn replayed_differences_end_at_the_derived_tables() {
    let Some(masters) = shared() else { return };
    for (kind, letter, first, until, derived, rows) in [
        (MasterKind::Procedure, "s_", "s_20240531.zip", "20250901", "s_r6_asof20250901.csv", 10_173),
        (MasterKind::Drug, "y_", "y_ALL20240321.zip", "20250813", "y_r6_asof20250813.csv", 21_182),
        (MasterKind::Material, "t_", "t_ALL20240315.zip", "20250829", "t_r6_asof20250829.csv", 1_360),
        (MasterKind::Comment, "c_", "c_ALL20230801.zip", "20250715", "c_r6_asof20250715.csv", 3_909),
    ] {
        let mut history = loaded(kind, &masters.join("official").join(first));
        let mut differences: Vec<PathBuf> = std::fs::read_dir(masters.join("official"))
            .expect("the folder")
            .map(|entry| entry.expect("an entry").path())
            .filter(|path| {
                let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
                let date = name.trim_start_matches(letter).trim_end_matches(".csv").to_owned();
                name.starts_with(letter) && name.ends_with(".csv") && date.len() == 8 && date.as_str() <= until
            })
            .collect();
        differences.sort();
        for path in &differences {
            history.apply(&open(path)).unwrap_or_else(|error| panic!("{error}"));
        }
        let wanted = loaded(kind, &masters.join("derived").join(derived));
        let mut wrong = Vec::new();
        for (code, state, _) in wanted.states() {
            let Some(mine) = history.newest(code) else {
                wrong.push(format!("{code}: missing"));
                continue;
            };
            for column in 2..=history.layout.columns[0] {
                let (a, b) = (mine.cells.get(column - 1).unwrap_or_default(), state.cells.get(column - 1).unwrap_or_default());
                // The derived table is not quoted and not padded: numbers compare as numbers.
                if a != b && a.trim_start_matches('0') != b.trim_start_matches('0') {
                    wrong.push(format!("{code} col {column}: {a:?} for {b:?}"));
                }
            }
        }
        println!("{letter}: {} rows, {} differences applied, {} cells differ", history.len(), differences.len(), wrong.len());
        assert_eq!(wanted.len(), rows);
        assert_eq!(history.len(), rows, "{letter}");
        assert!(wrong.is_empty(), "{letter}: {} wrong, first {:?}", wrong.len(), &wrong[..wrong.len().min(10)]);
    }
}

#[test]
fn the_claims_of_2021_find_their_points() {
    let Some(masters) = shared() else { return };
    let folder = std::env::temp_dir().join(format!("masters-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    std::fs::copy(masters.join("official/s_ALL20220218.zip"), folder.join("s_ALL20220218.zip")).expect("a copy");
    let snapshot = Snapshot::load_dir(&folder).expect("a folder of masters");
    std::fs::remove_dir_all(&folder).expect("the folder goes");
    let on = NaiveDate::from_ymd_opt(2021, 10, 1).expect("a date");
    assert_eq!(snapshot.procedure("111000110", on).map(|p| p.points.to_string()).as_deref(), Some("288"));
    assert_eq!(snapshot.procedure("112007410", on).map(|p| p.points.to_string()).as_deref(), Some("73"));
    assert_eq!(snapshot.edition(on).as_deref(), Some("R2"));
    let of_file = snapshot.editions().iter().filter(|edition| edition.file == "s_ALL20220218.zip");
    assert_eq!(of_file.map(|edition| edition.rows).sum::<u32>(), 8_735);
}

#[test]
fn the_whole_folder_is_one_dated_snapshot() {
    let Some(masters) = shared() else { return };
    let started = std::time::Instant::now();
    let snapshot = Snapshot::load_dir(&masters).expect("the folder of masters");
    println!("loaded in {:?}, {} codes searchable", started.elapsed(), snapshot.searchable());
    let points = |code: &str, on: &str| {
        let row = snapshot.procedure(code, on.parse().expect("a date"))?;
        Some((row.points.to_string(), row.estimated))
    };
    assert_eq!(points("111000110", "2021-10-01"), Some(("288".into(), false)));
    assert_eq!(points("111000110", "2024-06-01"), Some(("291".into(), false)));
    assert_eq!(points("112007410", "2026-05-31"), Some(("75".into(), false)));
    assert_eq!(points("112007410", "2026-06-01"), Some(("76".into(), false)));
    // 特定疾患療養管理料: of 2026 only the estimate is known.
    assert_eq!(points("113001810", "2026-06-01"), Some(("225".into(), true)));
    assert!(snapshot.searchable() > 60_000, "{}", snapshot.searchable());
    assert_eq!(
        snapshot.material("700010000", "2026-06-01".parse().expect("a date")).map(|m| m.price.to_string()).as_deref(),
        Some("120.00")
    );
    let hits = snapshot.search(
        MasterKind::Disease,
        "ひだりへんけいせいしつかん",
        "2026-11-20".parse().expect("a date"),
        10,
        &masters::search::House::nothing(),
    );
    assert!(hits.iter().any(|hit| hit.whole_name() == "左変形性膝関節症"), "{hits:?}");
}

#[test]
fn a_code_that_a_later_full_file_lacks_has_ended() {
    let row = |code: &str, name: &str, changed: &str| {
        let mut cells = vec![String::new(); 38];
        (cells[0], cells[1], cells[2]) = ("0".into(), "T".into(), code.into());
        (cells[4], cells[27], cells[29]) = (name.into(), changed.into(), "99999999".into());
        cells.join(",")
    };
    let source = |text: String| SourceFile { name: "t.csv".into(), sha256: String::new(), text };
    let mut history = History::new(layout(MasterKind::Material));
    let first = [row("700000001", "一", "20240601"), row("700000002", "二", "20240601")];
    history.apply(&source(first.join("\n"))).expect("a valid file");
    history.apply(&source(row("700000001", "壱", "20260601"))).expect("a valid file");
    let states: Vec<_> =
        history.states().map(|(code, state, to)| (code.to_owned(), state.from.to_string(), to.map(|d| d.to_string()))).collect();
    let text = |text: &str| text.to_owned();
    assert_eq!(
        states,
        [
            (text("700000001"), text("2024-06-01"), Some(text("2026-05-31"))),
            (text("700000001"), text("2026-06-01"), None),
            (text("700000002"), text("2024-06-01"), Some(text("2026-05-31"))),
        ]
    );
}

fn refused(letter: MasterKind, text: &str) -> MasterError {
    let source = SourceFile { name: "x.csv".into(), sha256: String::new(), text: text.into() };
    History::new(layout(letter)).apply(&source).expect_err("a refusal")
}

#[test]
fn broken_files_are_refused_with_their_place() {
    let row = |kind: &str, letter: &str, code: &str| {
        let mut cells = vec![String::new(); 19];
        (cells[0], cells[1], cells[2], cells[6]) = (kind.into(), letter.into(), code.into(), "左".into());
        cells.join(",")
    };
    let good = row("0", "Z", "2049");
    assert!(matches!(refused(MasterKind::Modifier, "0,Z,2049"), MasterError::Columns { line: 1, found: 3, .. }));
    let other = format!("{good}\n{}", row("0", "B", "2050"));
    assert!(matches!(refused(MasterKind::Modifier, &other), MasterError::Cell { line: 2, column: 2, .. }));
    let code = format!("{good}\n{}", row("0", "Z", "20"));
    assert!(matches!(refused(MasterKind::Modifier, &code), MasterError::Cell { line: 2, column: 3, .. }));
    let twice = format!("{good}\n{good}");
    assert!(matches!(refused(MasterKind::Modifier, &twice), MasterError::Duplicate { line: 2, .. }));
    let date = good.replacen("2049,,,,左,,,,,,,,,", "2049,,,,左,,,,,,,,20261301,", 1);
    assert!(matches!(refused(MasterKind::Modifier, &date), MasterError::Cell { column: 15, .. }), "{date}");
}
