//! The electronic points table against the published files: counts, facts the guide itself spells out, and what must be true
//! of every row.

mod published;

use masters::{
    MasterError,
    official::{further, text::SourceFile},
    points::*,
};
use model::edition::FileKind;
use published::*;
use std::collections::BTreeSet;

const R6: [(&str, FileKind, usize); 6] = [
    ("tensuhyo/r6/01補助マスターテーブル.csv", FileKind::PointsHelper, 10_172),
    ("tensuhyo/r6/03-2背反テーブル2.csv", FileKind::PointsSameMonth, 21_920),
    ("tensuhyo/r6/03-3背反テーブル3.csv", FileKind::PointsSameTime, 17_136),
    ("tensuhyo/r6/03-4背反テーブル4.csv", FileKind::PointsSameWeek, 350),
    ("tensuhyo/r6/04入院基本料テーブル.csv", FileKind::PointsInpatient, 6_084),
    ("tensuhyo/r6/05算定回数テーブル.csv", FileKind::PointsCount, 5_341),
];

const H28: (&str, FileKind, usize) = ("tensuhyo/h28/03-1背反テーブル1.csv", FileKind::PointsSameDay, 20_302);

fn points() -> Option<Further> {
    let mut builder = FurtherBuilder::new();
    for (path, kind, rows) in R6.into_iter().chain([H28]) {
        let files = read(path)?;
        assert_eq!((files.len(), files[0].kind, files[0].rows.len()), (1, kind, rows), "{path}");
        fill(&mut builder, &files);
    }
    Some(builder.finish())
}

#[test]
fn every_table_is_recognised_and_counted() {
    let Some(further) = points() else { return };
    for (_, kind, rows) in R6.into_iter().chain([H28]) {
        assert_eq!(further.points.rows(kind), rows, "{kind:?}");
    }
    assert!(!further.points.knows(FileKind::PointsBundle), "table 02 is not here, and that can be told");
    println!("electronic points table: {} rows of 81,305 kept in {} bytes", 81_305, further.points.bytes());
}

/// What the guide (活用手引き 令和6年度版) spells out about the tables that are here.
#[test]
fn the_examples_of_the_guide() {
    let Some(Further { points, .. }) = points() else { return };
    let on = day(2025, 11, 1);
    // 3(1): 血管内視鏡検査 bundles D324001 at the same time, stands in the exclusions at the same time, and is counted.
    let helper = points.helper("160171310", on).expect("血管内視鏡検査");
    assert_eq!(helper.bundles, [Some((BundleUnit::SameTime, Group::parse("D324001").expect("group"))), None, None]);
    assert_eq!((helper.excluded, helper.inpatient, helper.counted), ([false, false, true, false], 0, true));
    let add_on = points.helper("160170270", on).expect("血管内視鏡検査加算");
    assert_eq!((add_on.bundles, add_on.excluded, add_on.counted), ([None; 3], [false, true, false, false], true));
    // 3(3): 体外ペースメーキング術 within one week of the three pacemaker operations.
    let week: BTreeSet<String> = points
        .exclusions("150267310", on)
        .filter(|e| e.span == Span::Week)
        .inspect(|e| assert_eq!(e.billed, Billed::Other))
        .map(|e| e.other.to_string())
        .collect();
    assert!(["150140110", "150140210", "150395350"].iter().all(|code| week.contains(*code)), "{week:?}");
    for code in ["150140110", "150140210", "150395350"] {
        let back: Vec<Exclusion> = points.exclusion(code, "150267310", on).collect();
        assert!(back.iter().any(|e| e.span == Span::Week && e.billed == Billed::This && !e.conditional), "{code}");
    }
    // 3(4): group 001 is that of 急性期一般入院料１; 急性期充実体制 1 to 3 exclude each other by their slot.
    assert_eq!(points.helper("190117710", on).map(|h| h.inpatient), Some(1));
    let slot = |code: &str| points.inpatient_add_ons(1, on).find(|row| row.add_on == *code).map(|row| row.slot);
    let beds = ["190190410", "190190510", "190190610"].map(slot);
    assert!(beds[0].is_some() && beds.iter().all(|slot| *slot == beds[0]), "総合入院体制加算１–３: {beds:?}");
    let training = ["190117170", "190119910"].map(slot);
    assert!(training[0].is_some() && training[0] == training[1] && training[0] != beds[0]);
    assert!(slot("190099870").is_some_and(|s| Some(s) != beds[0] && Some(s) != training[0]), "地域医療支援病院");
    // 3(5): 有床診療所入院基本料１（１４日以内） once a day and 14 times in a stay; the next class 16 times.
    let counts = |code: &str| points.counts(code, on).map(|c| (c.unit.0, c.limit, c.conditional)).collect::<Vec<_>>();
    assert_eq!(counts("190169610"), [(121, 1, false), (133, 14, false)]);
    assert_eq!(counts("190169710"), [(121, 1, false), (133, 16, false)]);
    assert_eq!(counts("190169810"), [(121, 1, false)]);
    // 4(2)ウ: either てんかん指導料 or 小児科療養指導料 within a month, seen from both sides.
    for (a, b) in [("113002210", "113002850"), ("113002850", "113002210")] {
        let found: Vec<Exclusion> = points.exclusion(a, b, on).collect();
        assert_eq!(
            found.iter().map(|e| (e.span, e.billed, e.conditional)).collect::<Vec<_>>(),
            [(Span::Month, Billed::Either, false)]
        );
    }
    // 4(3): リンパ浮腫複合的治療料（重症） once a day, and once a month on conditions.
    assert_eq!(counts("180046410"), [(121, 1, false), (131, 1, true)]);
    // 付表3: 留置カテーテル設置 within a day of four others (table of 2016), within a month of two instructions.
    for code in ["140013110", "140013250", "140013350", "140014010"] {
        let found: Vec<Exclusion> = points.exclusion("140013810", code, on).collect();
        assert!(found.iter().any(|e| e.span == Span::Day && e.billed == Billed::Either), "{code}: {found:?}");
    }
    for code in ["114004410", "114005810"] {
        let found: Vec<Exclusion> = points.exclusion("140013810", code, on).filter(|e| e.span == Span::Month).collect();
        assert_eq!(found.iter().map(|e| (e.billed, e.conditional)).collect::<Vec<_>>(), [(Billed::Other, true)], "{code}");
    }
    // 付表4: 精神療養病棟入院料 is of group 067; 離島加算 and the five classes of 地域加算 stand there.
    assert_eq!(points.helper("190055010", on).map(|h| h.inpatient), Some(67));
    assert!(points.inpatient_add_ons(67, on).any(|row| row.add_on == *"190077070" && row.slot == 3));
    // 付表5: 入院集団精神療法 once a day and twice a week.
    assert_eq!(counts("180016710"), [(121, 1, false), (138, 2, false)]);
    assert_eq!(points.unit_name(CountUnit(138)), "週");
    assert_eq!(CountUnit(138).period(), Some(Period::Weeks(1)));
}

/// Guide 付表3: every exclusion stands in the table twice, once from each side, and the two agree; where the table says 3,
/// both do.
#[test]
fn exclusions_are_the_same_from_both_sides() {
    let Some(Further { points, .. }) = points() else { return };
    let mut pairs = 0;
    for (path, kind, _) in [R6[1], R6[2], R6[3], H28] {
        let Some(files) = read(path) else { return };
        for row in &files[0].rows {
            let (code, other) = (row.cells.get(1).expect("code"), row.cells.get(3).expect("other"));
            let span = Span::ALL[match kind {
                FileKind::PointsSameDay => 0,
                FileKind::PointsSameMonth => 1,
                FileKind::PointsSameTime => 2,
                _ => 3,
            }];
            let from = row.from.max(day(2016, 4, 1));
            let here = points.exclusion(code, other, from).find(|e| e.span == span).expect("the row itself");
            let there = points.exclusion(other, code, from).find(|e| e.span == span);
            assert_eq!(there.map(|e| e.billed), Some(here.billed.reversed()), "{path} {}", row.line);
            pairs += 1;
        }
    }
    assert_eq!(pairs, 21_920 + 17_136 + 350 + 20_302);
}

/// Guide 2(1): the helper table joins the others; each code of 03 and 05 stands in it with its flag. The table for one day is
/// of 2016 here and the helper table of 2024, so there codes are missing, and that is counted.
#[test]
fn the_helper_table_flags_what_stands_in_the_others() {
    let Some(Further { points, .. }) = points() else { return };
    let on = day(2025, 11, 20);
    let codes = |path: &str, columns: &[usize]| -> BTreeSet<String> {
        let files = read(path).expect("shared is here");
        files[0].rows.iter().flat_map(|row| columns.iter().map(|c| row.cells[c - 1].to_owned()).collect::<Vec<_>>()).collect()
    };
    let misses = |codes: &BTreeSet<String>, flagged: fn(&Helper) -> bool| {
        let absent = codes.iter().filter(|code| points.helper(code, on).is_none()).count();
        let unflagged = codes.iter().filter(|code| points.helper(code, on).is_some_and(|h| !flagged(h))).count();
        (codes.len(), absent, unflagged)
    };
    assert_eq!(misses(&codes(R6[1].0, &[2, 4]), |h| h.excluded[1]), (1_588, 0, 0), "03-2");
    assert_eq!(misses(&codes(R6[2].0, &[2, 4]), |h| h.excluded[2]), (1_724, 0, 0), "03-3");
    assert_eq!(misses(&codes(R6[3].0, &[2, 4]), |h| h.excluded[3]), (102, 0, 0), "03-4");
    assert_eq!(misses(&codes(R6[5].0, &[2]), |h| h.counted), (4_361, 0, 0), "05");
    // 2016 beside 2024: 295 of 1,026 codes are gone from the helper table; those still there are flagged.
    assert_eq!(misses(&codes(H28.0, &[2, 4]), |h| h.excluded[0]), (1_026, 295, 0), "03-1 of 2016");
    // The other way round: five codes are flagged as counted without a row in table 05.
    let counted = codes(R6[5].0, &[2]);
    let helpers = codes(R6[0].0, &[2]);
    let flagged = |code: &&String| points.helper(code, on).is_some_and(|h| h.counted);
    assert_eq!(helpers.iter().filter(flagged).filter(|code| !counted.contains(*code)).count(), 5);
}

/// As many rows as the tables of 2026 have (350,054), kept in less than 20 MB and found at once.
#[test]
fn the_size_of_2026_stays_small() {
    let mut text = String::new();
    for index in 0..247_949u32 {
        text.push_str(&format!(
            "\"0\",\"D{:06}\",\"16{:07}\",\"検査\",\"0\",\"20260601\",\"99999999\"\r\n",
            index / 50,
            index % 9_000
        ));
    }
    let bundles = SourceFile { name: "02包括テーブル.csv".into(), sha256: String::new(), text };
    let mut text = String::new();
    for index in 0..77_334u32 {
        let (a, b) = (index / 20, 500_000 + index % 20);
        text.push_str(&format!("\"0\",\"11{a:07}\",\"甲\",\"11{b:07}\",\"乙\",\"3\",\"0\",\"0\",\"20260601\",\"99999999\"\r\n"));
    }
    let exclusions = SourceFile { name: "03-2背反テーブル2.csv".into(), sha256: String::new(), text };
    let mut builder = FurtherBuilder::new();
    for source in [&bundles, &exclusions] {
        let kind = further::recognise(source, "").expect("recognised").expect("known");
        fill(&mut builder, &[further::read(source, "", kind).expect("sound")]);
    }
    let points = builder.finish().points;
    assert_eq!(points.rows(FileKind::PointsBundle) + points.rows(FileKind::PointsSameMonth), 325_283);
    println!("{} bytes for 325,283 rows", points.bytes());
    assert!(points.bytes() < 20_000_000, "{} bytes", points.bytes());
    let group = Group::parse("D004000").expect("group");
    assert_eq!(points.members(group, day(2026, 6, 1)).count(), 50);
    assert_eq!(points.members(group, day(2026, 5, 31)).count(), 0, "not before its first day");
}

/// Guide 付表2: インキュベーター bundles three kinds of oxygen on the same day.
#[test]
fn bundling_goes_through_the_group() {
    let source = |name: &str, text: &str| SourceFile { name: name.into(), sha256: String::new(), text: text.into() };
    let helper = source(
        "01補助マスターテーブル.csv",
        "\"0\",\"140028410\",\"インキュベーター\",\"1\",\"J028001\",\"0\",\"0\",\"0\",\"0\",\"0\",\"1\",\"0\",\"0\",\"0\",\"0\",\"0\",\"\",\"0\",\"0\",\"000\",\"1\",\"0\",\"0\",\"0\",\"0\",\"20100401\",\"99999999\"\r\n",
    );
    let members = source(
        "02包括テーブル.csv",
        "\"0\",\"J028001\",\"140005610\",\"酸素吸入\",\"0\",\"20100401\",\"99999999\"\r\n\"0\",\"J028001\",\"140005750\",\"突発性難聴に対する酸素療法\",\"1\",\"20100401\",\"20260531\"\r\n\"0\",\"J028001\",\"140005810\",\"酸素テント\",\"0\",\"20100401\",\"99999999\"\r\n",
    );
    let mut builder = FurtherBuilder::new();
    for source in [&members, &helper] {
        let kind = further::recognise(source, "").expect("recognised").expect("known");
        fill(&mut builder, &[further::read(source, "", kind).expect("sound")]);
    }
    let points = builder.finish().points;
    let names = |on| {
        points.bundles("140028410", on).map(|(unit, row)| (unit, row.member.to_string(), row.conditional)).collect::<Vec<_>>()
    };
    assert_eq!(
        names(day(2026, 5, 31)),
        [
            (BundleUnit::Day, "140005610".into(), false),
            (BundleUnit::Day, "140005750".into(), true),
            (BundleUnit::Day, "140005810".into(), false)
        ]
    );
    assert_eq!(names(day(2026, 6, 1)).len(), 2, "the second ended with May");
    let owners: Vec<_> =
        points.bundled_in("140005810", day(2026, 6, 1)).map(|(owner, unit, _)| (owner.to_string(), unit)).collect();
    assert_eq!(owners, [("140028410".to_owned(), BundleUnit::Day)]);
    assert_eq!(points.bundled_in("140028410", day(2026, 6, 1)).count(), 0);
    assert_eq!(points.bundles("no code", day(2026, 6, 1)).count(), 0);
}

/// What is refused, and where it says the fault is.
#[test]
fn broken_tables_are_refused_with_their_place() {
    let good = "\"0\",\"111000110\",\"初診料\",\"159\",\"初診時\",\"1\",\"0\",\"0\",\"0\",\"0\",\"0\",\"0\",\"20180401\",\"99999999\"\r\n";
    let refused = |second: &str| {
        let source = SourceFile { name: "05.csv".into(), sha256: String::new(), text: format!("{good}{second}") };
        let kind = further::recognise(&source, "").expect("recognised").expect("known");
        assert_eq!(kind, FileKind::PointsCount);
        let error = further::read(&source, "", kind).expect_err("refused");
        println!("{error}");
        error
    };
    assert!(matches!(refused("\"0\",\"111000110\"\r\n"), MasterError::Columns { line: 2, found: 2, .. }));
    assert!(matches!(refused(good), MasterError::Duplicate { line: 2, .. }));
    let letters = good.replace("111000110", "11100011a");
    assert!(matches!(refused(&letters), MasterError::Cell { line: 2, column: 2, .. }));
    let many = good.replace("\"1\",\"0\"", "\"x\",\"0\"");
    assert!(matches!(refused(&many), MasterError::Cell { line: 2, column: 6, .. }));
    let date = good.replace("20180401", "20181301");
    assert!(matches!(refused(&date), MasterError::Cell { line: 2, column: 13, .. }));
    let change = good.replace("\"0\",\"111000110\"", "\"7\",\"111000110\"");
    assert!(matches!(refused(&change), MasterError::Cell { line: 2, column: 1, .. }));
}

/// The whole electronic points table as it is published, one archive, through the ledger into a snapshot; the price list's
/// three files and the general names' two sheets stand beside each other.
#[test]
fn through_the_ledger_into_a_snapshot() {
    use masters::ledger;
    use std::io::{Cursor, Write};
    let Some(shared) = shared() else { return };
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (path, _, _) in R6.into_iter().chain([H28]) {
        let name = path.rsplit('/').next().expect("a name");
        archive.start_file(name, zip::write::SimpleFileOptions::default()).expect("a member");
        archive.write_all(&std::fs::read(shared.join("masters").join(path)).expect("a file")).expect("written");
    }
    let bytes = archive.finish().expect("an archive").into_inner();
    let mut files = ledger::read("tensuhyo_02.zip", &bytes).expect("sound");
    assert_eq!(files.iter().map(|file| (file.kind, file.rows as usize)).collect::<BTreeSet<_>>().len(), 7);
    for name in ["tp20250814-01_01.xlsx", "tp20250814-01_02.xlsx", "tp20250814-01_03.xlsx", "ippanmeishohoumaster_250814.xlsx"] {
        let bytes = std::fs::read(shared.join("masters/official").join(name)).expect("a file");
        files.extend(ledger::read(name, &bytes).expect("sound"));
    }
    let snapshot = masters::Snapshot::from_ledger(&ledger::tables(&files).expect("tables")).expect("a snapshot");
    let points = snapshot.points_table();
    for (_, kind, rows) in R6.into_iter().chain([H28]) {
        assert_eq!(points.rows(kind), rows, "{kind:?}");
    }
    let on = day(2025, 11, 20);
    assert_eq!(points.counts("180016710", on).count(), 2);
    assert_eq!(snapshot.further().prices.listed().len(), 12_417);
    assert_eq!(snapshot.list_price("1124001F2029", day(2025, 8, 14)).map(|row| row.price), "8.4".parse().ok());
    assert_eq!(snapshot.general_name("1124001F2ZZZ", on).map(|row| row.add_on), Some(AddOnClass::Both));
    assert!(snapshot.further().prices.general_name_of("1139004G2063", on).is_some_and(|row| row.exception));
}

/// A later full table: what it no longer holds ends the day before it, what it changes holds from its own day on.
#[test]
fn a_later_edition_of_a_table_ends_what_it_leaves_out() {
    use masters::ledger;
    let row = |other: &str, billed: u8, from: &str| {
        format!("\"0\",\"111000110\",\"甲\",\"{other}\",\"乙\",\"{billed}\",\"0\",\"0\",\"{from}\",\"99999999\"\r\n")
    };
    let first = row("113000110", 1, "20240601") + &row("113000210", 3, "20240601") + &row("113000310", 3, "20240601");
    let second = row("113000110", 1, "20240601") + &row("113000310", 2, "20260601") + &row("113000410", 3, "20260601");
    let mut files = Vec::new();
    for (name, text) in [("20240601/03-2背反テーブル2.csv", first), ("20260601/03-2背反テーブル2.csv", second)] {
        files.extend(ledger::read(name, text.as_bytes()).expect("sound"));
    }
    let snapshot = masters::Snapshot::from_ledger(&ledger::tables(&files).expect("tables")).expect("a snapshot");
    let told = |on| {
        let found = snapshot.points_table().exclusions("111000110", on);
        found.map(|e| (e.other.to_string(), e.billed)).collect::<Vec<_>>()
    };
    let each = |rows: &[(&str, Billed)]| rows.iter().map(|(code, billed)| ((*code).to_owned(), *billed)).collect::<Vec<_>>();
    assert_eq!(
        told(day(2026, 5, 31)),
        each(&[("113000110", Billed::This), ("113000210", Billed::Either), ("113000310", Billed::Either)])
    );
    assert_eq!(
        told(day(2026, 6, 1)),
        each(&[("113000110", Billed::This), ("113000310", Billed::Other), ("113000410", Billed::Either)])
    );
}
