//! The ledger on files made here: recognised by content, refused whole with their place, laid over each other by their days.

mod common;

use chrono::NaiveDate;
use common::*;
use masters::{
    MasterError, Snapshot,
    ledger::{self, Published},
};
use model::{
    edition::{Change, FileKind, Refusal},
    master::MasterKind,
};
use proptest::prelude::*;

fn one(name: &str, text: &str) -> Published {
    let mut found = ledger::read(name, text.as_bytes()).unwrap_or_else(|error| panic!("{name}: {error}"));
    assert_eq!(found.len(), 1, "{name}");
    found.remove(0)
}

fn refused(name: &str, bytes: &[u8]) -> MasterError {
    match ledger::read(name, bytes) {
        Ok(found) => panic!("{name} was taken: {:?}", found.iter().map(|file| &file.edition).collect::<Vec<_>>()),
        Err(error) => error,
    }
}

fn full() -> String {
    lines(&[
        material("0", "700000001", "フィルム一", "120.00", "20240601"),
        material("0", "700000002", "酸素", "0.19", "20240601"),
    ])
}

fn snapshot(files: &[Published]) -> Snapshot {
    Snapshot::from_ledger(&ledger::tables(files).expect("a sound set")).expect("rows that were checked")
}

fn price(snapshot: &Snapshot, code: &str, on: &str) -> Option<String> {
    snapshot.material(code, day(on)).map(|row| row.price.to_string())
}

#[test]
fn a_file_is_what_it_holds() {
    let named = one("t_ALL20240531.csv", &full());
    assert_eq!((named.kind, named.edition.as_str(), named.full, named.rows), (FileKind::Material, "T 2024-05-31", true, 2));
    // A wrong name, no name, a name of years before: the content decides.
    assert_eq!(one("s_ALL20240531.csv", &full()).kind, FileKind::Material);
    assert_eq!(one("新しいテキスト.txt", &full()).edition, "T 2024-06-01");
    assert_eq!(one("t_ALL20180401.csv", &full()).edition, "T 2024-06-01");
    let difference = one("t_20240830.csv", &lines(&[material("5", "700000001", "", "130.00", "20240901")]));
    assert!(!difference.full);
    let comments = one("x.csv", &lines(&[comment("0", "820000001", "別途コメントあり", "20260601")]));
    assert_eq!((comments.kind, comments.edition.as_str()), (FileKind::Comment, "C 2026-06-01"));
    // With a mark, with CR alone, in CP932 and in an archive whose member has a CP932 name: the same rows.
    let marked = [b"\xef\xbb\xbf", full().as_bytes()].concat();
    assert_eq!(ledger::read("t_ALL20240531.csv", &marked).expect("a mark is no harm")[0].rows, 2);
    let alone = full().replace("\r\n", "\r");
    assert_eq!(ledger::read("t_ALL20240531.csv", alone.as_bytes()).expect("CR alone is no harm")[0].rows, 2);
    let (cp932, _, _) = encoding_rs::SHIFT_JIS.encode("特定器材_20240531.csv");
    let whole = full();
    let (text, _, _) = encoding_rs::SHIFT_JIS.encode(&whole);
    let packed = archive(&[(&cp932, &text), ("readme.txt".as_bytes(), b"hello")]);
    let found = ledger::read("download.zip", &packed).expect("an archive");
    assert_eq!((found.len(), found[0].edition.as_str()), (1, "T 2024-05-31"));
    assert_eq!(found[0].source.text, full());
    assert_eq!(found[0].file(), "download.zip/特定器材_20240531.csv");
}

#[test]
fn broken_files_are_refused_whole_with_their_place() {
    let good = full();
    let with = |line: String| format!("{good}{}", lines(&[line]));
    let place = |error: &MasterError| {
        let refusal = Refusal::from(error);
        (refusal.code.clone(), refusal.line, refusal.column)
    };
    let at = |code: &str, line, column| (code.to_owned(), line, column);
    for (what, bytes, expected) in [
        ("columns", with("\"0\",\"T\",\"700000003\"".into()).into_bytes(), at("columns", Some(3), None)),
        ("first line short", b"\"0\",\"T\",\"700000003\"\r\n".to_vec(), at("columns", Some(1), None)),
        ("another master", with(comment("0", "820000001", "x", "20260601")).into_bytes(), at("columns", Some(3), None)),
        ("key", with(material("0", "70000", "x", "1", "20240601")).into_bytes(), at("cell", Some(3), Some(3))),
        ("class", with(material("7", "700000003", "x", "1", "20240601")).into_bytes(), at("cell", Some(3), Some(1))),
        ("twice", with(material("0", "700000001", "x", "1", "20240601")).into_bytes(), at("duplicate", Some(3), None)),
        ("price", with(material("0", "700000003", "x", "一円", "20240601")).into_bytes(), at("cell", Some(3), Some(12))),
        ("huge", with(material("0", "700000003", "x", "99999999999", "20240601")).into_bytes(), at("cell", Some(3), Some(12))),
        ("date", with(material("0", "700000003", "x", "1", "20240631")).into_bytes(), at("cell", Some(3), Some(28))),
        ("empty", Vec::new(), at("empty", None, None)),
        ("blank", b"\r\n\r\n".to_vec(), at("empty", None, None)),
        ("header only", format!("{}\r\n", masters::official::jfagy::HEADER.join(",")).into_bytes(), at("empty", None, None)),
        ("no master", b"a,b,c\r\n1,2,3\r\n".to_vec(), at("kind", None, None)),
        ("labour insurance", b"\"0\",\"R\",\"101110010\",\"3\"\r\n".to_vec(), at("kind", None, None)),
        ("nul", [good.as_bytes(), b"\"0\",\"T\",\"7\0\"\r\n"].concat(), at("encoding", Some(3), None)),
        ("cp932 broken", [good.as_bytes(), b"\x81\x01\r\n"].concat(), at("encoding", Some(1), None)),
        ("iso-2022-jp", [good.as_bytes(), b"\x1b$B\x30\x6c\x1b(B\r\n"].concat(), at("encoding", Some(3), None)),
        ("overlong", [good.as_bytes(), &[b'a'; 70_000]].concat(), at("line", Some(3), None)),
        ("cut archive", archive(&[(b"t.csv", good.as_bytes())])[..200].to_vec(), at("archive", None, None)),
        ("no table", archive(&[(b"t.pdf", b"x")]), at("archive", None, None)),
        ("archive in archive", archive(&[(b"t.zip", &archive(&[(b"t.csv", good.as_bytes())]))]), at("archive", None, None)),
        ("strange table", archive(&[(b"t.csv", good.as_bytes()), (b"u.csv", b"a,b\r\n")]), at("kind", None, None)),
    ] {
        let error = refused("t_ALL20240531.csv", &bytes);
        assert_eq!(place(&error), expected, "{what}: {error}");
        assert!(error.to_string().contains("t_ALL20240531.csv"), "{what}: {error}");
    }
    // CP932 that is broken in line 3 of a file that is CP932 before.
    let (head, _, _) = encoding_rs::SHIFT_JIS.encode(&good);
    let error = refused("t.csv", &[&head, &b"\"\x81\x01\"\r\n"[..]].concat());
    assert_eq!(error, MasterError::Encoding { file: "t.csv".into(), line: 3 });
    // EUC-JP would pass as half-width kana.
    let (euc, _, _) = encoding_rs::EUC_JP.encode(&good);
    assert_eq!(refused("t.csv", &euc), MasterError::Encoding { file: "t.csv".into(), line: 1 });
    let utf16: Vec<u8> = good.encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(refused("t.csv", &utf16), MasterError::Encoding { file: "t.csv".into(), line: 1 });
}

#[test]
fn every_cell_a_typed_row_needs_is_checked_at_the_door() {
    // Column 11 of T (金額種別), column 4 of C (パターン), column 19 of B (単独使用禁止).
    let material = material("0", "700000001", "x", "1", "20240601").replacen("\"\",\"1.0\"", "", 1);
    let mut cells: Vec<String> = material.split(',').map(str::to_owned).collect();
    cells[10] = "\"300\"".into();
    assert!(matches!(refused("t.csv", lines(&[cells.join(",")]).as_bytes()), MasterError::Cell { line: 1, column: 11, .. }));
    let mut cells: Vec<String> = comment("0", "820000001", "x", "20240601").split(',').map(str::to_owned).collect();
    cells[9] = "\"999\"".into();
    assert!(matches!(refused("c.csv", lines(&[cells.join(",")]).as_bytes()), MasterError::Cell { line: 1, column: 10, .. }));
}

#[test]
fn a_row_of_the_future_waits_and_a_correction_of_the_past_takes_nothing_back() {
    let base = one("t_ALL20240531.csv", &full());
    let coming = one("t_20240906.csv", &lines(&[material("5", "700000001", "", "150.00", "20241001")]));
    let sooner = one("t_20240920.csv", &lines(&[material("5", "700000001", "フィルム壱", "", "20240920")]));
    let earlier = one("t_20241101.csv", &lines(&[material("5", "700000001", "", "125.00", "20240701")]));
    let known = snapshot(&[base.clone(), coming.clone()]);
    assert_eq!(price(&known, "700000001", "2024-09-30").as_deref(), Some("120.00"));
    assert_eq!(price(&known, "700000001", "2024-10-01").as_deref(), Some("150.00"));
    let known = snapshot(&[earlier, sooner, coming, base]);
    let at = |on: &str| {
        let row = known.material("700000001", day(on)).expect("a row");
        (row.name.clone(), row.price.to_string())
    };
    let state = |name: &str, price: &str| (name.to_owned(), price.to_owned());
    assert_eq!(at("2024-06-30"), state("フィルム一", "120.00"));
    assert_eq!(at("2024-07-01"), state("フィルム一", "125.00"));
    assert_eq!(at("2024-09-20"), state("フィルム壱", "125.00"));
    assert_eq!(at("2024-10-01"), state("フィルム壱", "150.00"));
}

#[test]
fn what_is_abolished_still_prints_on_last_years_claim() {
    let base = one("t_ALL20240531.csv", &full());
    // 変更年月日 is the day after 廃止年月日, as published.
    let mut cells: Vec<String> = material("9", "700000002", "", "", "20250401").split(',').map(str::to_owned).collect();
    cells[29] = "\"20250331\"".into();
    let end = one("t_20250301.csv", &lines(&[cells.join(",")]));
    let tables = ledger::tables(&[end, base]).expect("a sound set");
    let rows: Vec<_> = tables.rows.iter().filter(|row| row.code == "700000002").collect();
    assert_eq!(rows.len(), 1, "{rows:?}");
    assert_eq!((rows[0].from, rows[0].to, rows[0].line), (day("2024-06-01"), Some(day("2025-03-31")), 1));
    assert_eq!(tables.files[rows[0].file as usize].edition, "T 2025-03-01");
    let known = Snapshot::from_ledger(&tables).expect("a snapshot");
    assert_eq!(price(&known, "700000002", "2025-03-31").as_deref(), Some("0.19"));
    assert_eq!(price(&known, "700000002", "2025-04-01"), None);
}

#[test]
fn old_files_differences_alone_and_cut_files_are_not_added() {
    let base = one("t_ALL20240531.csv", &full());
    let difference = one("t_20240830.csv", &lines(&[material("5", "700000001", "", "130.00", "20240901")]));
    let many: Vec<String> = (0..10).map(|n| material("0", &format!("70000010{n}"), "x", "1", "20250601")).collect();
    let newer = one("t_ALL20250531.csv", &lines(&many));
    let cut = one("t_ALL20250601.csv", &lines(&many[..4]));
    let applied = |files: &[&Published]| files.iter().map(|file| file.table_file()).collect::<Vec<_>>();
    let check = |on: &[&Published], new: &[&Published], past| {
        let new: Vec<Published> = new.iter().map(|file| (*file).clone()).collect();
        ledger::check_against(&applied(on), &new, past)
    };
    assert_eq!(check(&[], &[&base, &difference], false), Ok(()));
    assert_eq!(check(&[&base], &[&difference], false), Ok(()));
    assert!(matches!(check(&[], &[&difference], false), Err(MasterError::NeedsFull { .. })));
    assert!(matches!(check(&[&newer], &[&base], false), Err(MasterError::Older { .. })));
    assert_eq!(check(&[&newer], &[&base], true), Ok(()));
    assert!(matches!(check(&[&newer], &[&difference], true), Err(MasterError::NeedsFull { .. })));
    assert!(matches!(check(&[&newer], &[&cut], false), Err(MasterError::Short { found: 4, applied: 10, .. })));
    assert_eq!(check(&[&newer, &base], &[&base], false), Ok(()), "the same bytes again are nothing new");
    assert!(matches!(ledger::tables(std::slice::from_ref(&difference)), Err(MasterError::NeedsFull { .. })));
    // The same file twice, and under two names on one day, is one file.
    let again = ledger::tables(&[base.clone(), base.clone(), difference.clone()]).expect("a sound set");
    assert_eq!(again, ledger::tables(&[difference, base]).expect("a sound set"));
}

#[test]
fn no_files_are_the_starter_set_and_official_rows_leave_its_past() {
    let empty = snapshot(&[]);
    let starter = Snapshot::starter();
    assert_eq!(empty.editions(), starter.editions());
    assert!(ledger::difference(&starter, &empty, &FileKind::ALL).iter().all(|kind| kind.is_empty()));
    // A full file of R8 alone: before 2026-06-01 the starter's rows of R6 still hold; what the file lacks has ended.
    let rows: Vec<String> = starter
        .comment("820000001", day("2026-06-01"))
        .into_iter()
        .map(|row| comment("0", row.code.as_str(), "別のコメント", "20260601"))
        .collect();
    let known = snapshot(&[one("c_ALL20260626.csv", &lines(&rows))]);
    let text = |on: &str| known.comment("820000001", day(on)).map(|row| row.text.clone());
    assert_eq!(text("2026-05-31").as_deref(), starter.comment("820000001", day("2026-05-31")).map(|row| row.text.as_str()));
    assert_eq!(text("2026-06-01").as_deref(), Some("別のコメント"));
    assert!(starter.comment("820000002", day("2026-06-01")).is_some());
    assert!(known.comment("820000002", day("2026-05-31")).is_some() && known.comment("820000002", day("2026-06-01")).is_none());
    let told = ledger::changes(&starter, &known, MasterKind::Comment);
    let of = |code: &str| told.iter().find(|row| row.code == code).expect("a change");
    assert_eq!(of("820000002").change, Change::Abolished);
    assert_eq!(of("820000002").from, Some(day("2026-06-01")));
    assert_eq!((of("820000001").change, of("820000001").fields.join("、")), (Change::Changed, "名称".into()));
}

#[test]
fn the_preview_tells_what_changes_and_when() {
    let base = one("t_ALL20240531.csv", &full());
    let difference = one(
        "t_20240830.csv",
        &lines(&[
            material("5", "700000001", "", "130.00", "20240901"),
            material("3", "700000003", "新しい材料", "5.00", "20241001"),
        ]),
    );
    let before = snapshot(std::slice::from_ref(&base));
    let after = snapshot(&[base, difference]);
    let preview = ledger::difference(&before, &after, &[FileKind::Material]).remove(0);
    assert_eq!((preview.new, preview.changed, preview.abolished, preview.up, preview.down), (1, 1, 0, 1, 0));
    let first = &preview.rows[0];
    assert_eq!((first.code.as_str(), first.before.as_str(), first.after.as_str()), ("700000001", "120円", "130円"));
    assert_eq!((first.from, first.direction, first.fields.join("、")), (Some(day("2024-09-01")), 1, "金額".into()));
    assert_eq!((preview.rows[1].change, preview.rows[1].from), (Change::New, Some(day("2024-10-01"))));
    let back = ledger::difference(&after, &before, &[FileKind::Material]).remove(0);
    assert_eq!((back.removed, back.down), (1, 1));
}

/// What one difference row says: code, first day (as days after 2024-06-01), price; and of which file.
type Told = (u8, u16, u32);

fn difference(index: usize, rows: &[Told]) -> Option<Published> {
    let mut seen = std::collections::HashSet::new();
    let mut told = Vec::new();
    for (code, days, price) in rows {
        if seen.insert(code) {
            let from = day("2024-06-01") + chrono::Days::new(u64::from(*days));
            let code = format!("70000000{code}");
            told.push(material("5", &code, "", &format!("{price}.00"), &from.format("%Y%m%d").to_string()));
        }
    }
    let date = day("2024-07-01") + chrono::Days::new(index as u64 * 10);
    (!told.is_empty()).then(|| one(&format!("t_{}.csv", date.format("%Y%m%d")), &lines(&told)))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    /// Any order of the same files makes the same tables, and every day has the price that was told last for the latest day
    /// up to it.
    #[test]
    fn the_order_of_applying_never_matters(
        told in prop::collection::vec(prop::collection::vec((1u8..5, 0u16..400, 1u32..999), 0..5), 0..6),
        seed in any::<u64>(),
    ) {
        let base: Vec<String> =
            (1..5).map(|n| material("0", &format!("70000000{n}"), "x", "1.00", "20240601")).collect();
        let mut files = vec![one("t_ALL20240531.csv", &lines(&base))];
        files.extend(told.iter().enumerate().filter_map(|(index, rows)| difference(index, rows)));
        let ordered = ledger::tables(&files).expect("a sound set");
        let mut state = seed;
        for index in (1..files.len()).rev() {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            files.swap(index, (state >> 33) as usize % (index + 1));
        }
        prop_assert_eq!(&ledger::tables(&files).expect("a sound set"), &ordered);
        // An account of its own: of all that was told for days up to a day, the one of the latest day, of the latest file.
        for code in 1u8..5 {
            for on in (0u16..420).step_by(7) {
                let mut best: (u16, String) = (0, "1.00".into());
                for rows in &told {
                    let said = rows.iter().find(|(of, _, _)| *of == code);
                    if let Some((_, days, price)) = said.filter(|(_, days, _)| *days <= on && *days >= best.0) {
                        best = (*days, format!("{price}.00"));
                    }
                }
                let date = day("2024-06-01") + chrono::Days::new(u64::from(on));
                let code = format!("70000000{code}");
                let row: Vec<_> = ordered.rows.iter()
                    .filter(|row| row.code == code && row.from <= date && row.to.is_none_or(|to| to >= date)).collect();
                prop_assert_eq!(row.len(), 1);
                prop_assert_eq!(row[0].cell(12), best.1.as_str());
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever is done to a file, it is refused or taken; what is taken makes tables and loads.
    #[test]
    fn no_bytes_make_a_panic(
        packed in any::<bool>(),
        edits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6),
        cut in prop::option::of(any::<prop::sample::Index>()),
    ) {
        let text = format!("{}{}", full(), lines(&[material("3", "700000009", "終", "1", "20250101")]));
        let mut bytes = match packed {
            true => archive(&[(b"t_ALL20240531.csv", text.as_bytes())]),
            false => text.into_bytes(),
        };
        for (place, byte) in &edits {
            let at = place.index(bytes.len());
            bytes[at] = *byte;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        if let Ok(found) = ledger::read("t.csv", &bytes)
            && let Ok(tables) = ledger::tables(&found)
        {
            prop_assert!(masters::Snapshot::from_ledger(&tables).is_ok());
        }
    }
}

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

#[test]
fn a_folder_takes_the_same_road() {
    let folder = std::env::temp_dir().join(format!("karte-ledger-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let put = |name: &str, bytes: &[u8]| std::fs::write(folder.join(name), bytes).expect("a file");
    put("t_ALL20240531.csv", full().as_bytes());
    put("t_20240830.csv", lines(&[material("5", "700000001", "", "130.00", "20240901")]).as_bytes());
    // Older than the full file; no master; a note nobody can read.
    put("t_20240101.csv", lines(&[material("5", "700000001", "", "1.00", "20240101")]).as_bytes());
    put("notes.csv", b"a,b\r\n1,2\r\n");
    put("strange.txt", b"\x00\x01");
    let known = Snapshot::load_dir(&folder).expect("a folder of masters");
    assert_eq!(price(&known, "700000001", "2024-08-31").as_deref(), Some("120.00"));
    assert_eq!(price(&known, "700000001", "2024-09-01").as_deref(), Some("130.00"));
    put("t_20241101.csv", b"\"5\",\"T\",\"\x00");
    let broken = Snapshot::load_dir(&folder).expect_err("a broken master");
    std::fs::remove_dir_all(&folder).expect("the folder goes");
    assert_eq!(broken, MasterError::Encoding { file: "t_20241101.csv".into(), line: 1 });
}

#[test]
fn tables_of_one_archive_are_of_one_day() {
    let exclusion =
        |from: &str| format!("\"0\",\"111000110\",\"a\",\"113010370\",\"b\",\"1\",\"0\",\"0\",\"{from}\",\"99999999\"\r\n");
    let (month, week) = (exclusion("20260601"), exclusion("20120401"));
    let packed =
        archive(&[("03-2背反テーブル2.csv".as_bytes(), month.as_bytes()), ("03-4背反テーブル4.csv".as_bytes(), week.as_bytes())]);
    let found = ledger::read("tensuhyo_02.zip", &packed).expect("an archive");
    let told: Vec<_> = found.iter().map(|file| (file.kind, file.edition.as_str(), file.date)).collect();
    assert_eq!(
        told,
        [
            (FileKind::PointsSameMonth, "電子点数表 背反（同一月） 2026-06-01", day("2026-06-01")),
            (FileKind::PointsSameWeek, "電子点数表 背反（1週） 2026-06-01", day("2026-06-01")),
        ]
    );
    let snapshot = snapshot(&found);
    let between = snapshot.points_table().exclusions("111000110", day("2026-06-01")).count();
    assert_eq!(between, 2);
    assert_eq!(snapshot.points_table().exclusions("111000110", day("2026-05-31")).count(), 1);
}

#[test]
fn a_table_published_whole_ends_what_it_lacks_on_the_day_of_its_revision() {
    let row = |code: &str, limit: &str, from: &str| {
        format!(
            "\"0\",\"{code}\",\"a\",\"131\",\"月\",\"{limit}\",\"0\",\"0\",\"0\",\"0\",\"0\",\"0\",\"{from}\",\"99999999\"\r\n"
        )
    };
    let old = [row("111000110", "1", "20100401"), row("111000570", "2", "20240601"), row("111000670", "3", "20240601")].concat();
    let new = [row("111000110", "1", "20100401"), row("111000570", "4", "20240601"), row("111704070", "1", "20260601")].concat();
    let files = [one("05算定回数_20250501.csv", &old), one("05算定回数_20260520.csv", &new)];
    let tables = ledger::tables(&files).expect("a sound set");
    let told: Vec<_> = tables
        .rows
        .iter()
        .map(|row| (row.code.as_str(), row.cell(6), row.from.to_string(), row.to.map(|day| day.to_string()), row.file))
        .collect();
    let text = |text: &str| text.to_owned();
    assert_eq!(
        told,
        [
            ("111000110-131", "1", text("2010-04-01"), None, 1),
            ("111000570-131", "2", text("2024-06-01"), Some(text("2026-05-31")), 0),
            ("111000570-131", "4", text("2026-06-01"), None, 1),
            ("111000670-131", "3", text("2024-06-01"), Some(text("2026-05-31")), 0),
            ("111704070-131", "1", text("2026-06-01"), None, 1),
        ]
    );
    let before = ledger::tables(&files[..1]).expect("a sound set");
    let preview = ledger::difference_rows(FileKind::PointsCount, &before.rows, &tables.rows);
    assert_eq!((preview.new, preview.changed, preview.abolished, preview.removed), (1, 1, 1, 0));
    assert_eq!(preview.rows[0].from, Some(day("2026-06-01")));
}
