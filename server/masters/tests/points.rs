//! The tables beside the masters against the published files: counts, facts the guide itself spells out, and what must be
//! true of every row.

use chrono::NaiveDate;
use masters::{
    MasterError,
    official::{
        further::{self, FurtherFile},
        sheet,
        text::SourceFile,
    },
    points::*,
};
use model::edition::FileKind;
use std::{collections::BTreeSet, path::PathBuf};

fn day(y: i32, m: u32, d: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(y, m, d).expect("a day")
}

/// The folder of public material beside the project; says loudly where it is missing.
fn shared() -> Option<PathBuf> {
    let root = std::env::var("KARTE_SHARED").unwrap_or_else(|_| concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared").into());
    let path = PathBuf::from(root);
    if path.join("masters/tensuhyo").is_dir() {
        return Some(path);
    }
    eprintln!("SKIPPED: no ../shared/masters/tensuhyo here (KARTE_SHARED names another place)");
    None
}

/// The tables of a file, whatever it is.
fn read(path: &str) -> Option<Vec<FurtherFile>> {
    let path = shared()?.join("masters").join(path);
    let sources = match path.extension().and_then(|e| e.to_str()) {
        Some("xlsx") => sheet::open(&path),
        _ => SourceFile::open(&path),
    };
    let sources = sources.expect("the file opens");
    let table = |source: &SourceFile| {
        let kind = further::recognise(source, "").expect("recognised without doubt").expect("recognised");
        further::read(source, "", kind).expect("sound")
    };
    Some(sources.iter().map(table).collect())
}

fn fill(builder: &mut FurtherBuilder, files: &[FurtherFile]) {
    for file in files {
        for row in &file.rows {
            let line = masters::official::text::Line { file: "test", line: row.line, cells: row.cells.clone() };
            builder.push(file.kind, &line, row.from, row.to).expect("a row that was checked");
        }
    }
}

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

#[test]
fn comments_of_a_procedure() {
    let Some(files) = read("official/ck_ALL20200407.csv") else { return };
    let [file] = files.as_slice() else { panic!("one table") };
    assert_eq!((file.kind, file.rows.len(), file.date), (FileKind::CommentRelation, 5_620, Some(day(2020, 4, 7))));
    let mut builder = FurtherBuilder::new();
    fill(&mut builder, &files);
    let comments = builder.finish().comments;
    assert_eq!(comments.len(), 5_620);
    // 初診料: the first three rows of the file, in its order. They are what is written when it is *not* billed (結果のみを聞きに来院).
    let first: Vec<_> = comments
        .of("111000110", day(2020, 4, 1))
        .take(3)
        .map(|row| (row.comment.map(|c| c.to_string()), row.condition))
        .collect();
    let asked = |code: &str| (Some(code.to_owned()), Condition::NotBilled);
    assert_eq!(first, ["820100001", "820100002", "820100003"].map(asked));
    // 認知症療養指導料１ asks one thing of an inpatient and another of an outpatient (項番 111 and 112), from October 2020.
    let dementia =
        |on| comments.of("113014710", on).map(|row| (row.comment.map(|c| c.to_string()), row.condition)).collect::<Vec<_>>();
    let since = dementia(day(2020, 10, 1));
    assert!(
        since.contains(&(Some("850100078".into()), Condition::Inpatient))
            && since.contains(&(Some("850100079".into()), Condition::Outpatient))
    );
    assert!(!dementia(day(2020, 9, 30)).iter().any(|(_, condition)| *condition == Condition::Inpatient));
    // 乳幼児呼吸管理材料加算 asks for the month when billed twice or more.
    assert!(comments.of("114050170", day(2020, 10, 1)).any(|row| row.condition == Condition::Times(2)));
    assert_eq!(comments.of("111000110", day(2020, 3, 31)).count(), 0);
}

#[test]
fn general_names_of_2025() {
    let Some(files) = read("official/ippanmeishohoumaster_250814.xlsx") else { return };
    let [names, exceptions] = files.as_slice() else { panic!("two sheets") };
    // Rows 4 to 1371 of the sheet; the second sheet ends in row 85.
    assert_eq!((names.kind, names.rows.len(), names.date), (FileKind::GeneralName, 1_368, Some(day(2025, 8, 14))));
    assert_eq!((exceptions.rows.len(), exceptions.rows[0].line, exceptions.scope.as_str()), (82, 4, "例外コード品目対照表"));
    let mut builder = FurtherBuilder::new();
    fill(&mut builder, &files);
    let prices = builder.finish().prices;
    let on = day(2025, 8, 14);
    let name = prices.general_name("1124001F2ZZZ", on).expect("row 4");
    assert_eq!((&*name.name, &*name.ingredient, &*name.strength), ("【般】エスタゾラム錠２ｍｇ", "エスタゾラム", "２ｍｇ１錠"));
    assert_eq!((name.add_on, name.exception, name.lowest_price), (AddOnClass::Both, false, "6.6".parse().ok()));
    assert_eq!(prices.general_name("1124003C1ZZZ", on).map(|n| n.add_on), Some(AddOnClass::One));
    assert_eq!(prices.general_name("1124001F2ZZZ", day(2025, 8, 13)), None, "not before its day");
    // By its own code: ユーロジン２ｍｇ錠; by the list of exceptions, row 5, whose general code stands in row 4.
    assert_eq!(prices.general_name_of("1124001F2029", on).map(|n| &*n.code), Some("1124001F2ZZZ"));
    assert_eq!(prices.general_name_of("1139004G2063", on).map(|n| (&*n.code, n.exception)), Some(("1139004GAZZZ", true)));
    // Every exception belongs to a name that is marked as one.
    for row in &exceptions.rows {
        let name = prices.general_name(&row.cells[1], on).expect("a name");
        assert!(name.exception, "row {}", row.line);
    }
}

#[test]
fn listed_prices_of_2025() {
    let mut builder = FurtherBuilder::new();
    for (path, part, rows) in [("01", "内用薬", 6_944), ("02", "注射薬", 3_493), ("03", "外用薬", 1_980)] {
        let Some(files) = read(&format!("official/tp20250814-01_{path}.xlsx")) else { return };
        let [file] = files.as_slice() else { panic!("one sheet") };
        assert_eq!(
            (file.kind, file.scope.as_str(), file.rows.len(), file.date),
            (FileKind::DrugPriceList, part, rows, Some(day(2025, 8, 14)))
        );
        fill(&mut builder, &files);
    }
    let prices = builder.finish().prices;
    assert_eq!(prices.listed().len(), 12_417);
    // Row 8: ユーロジン２ｍｇ錠, an original with generics.
    let row = prices.list_price("1124001F2029", day(2025, 8, 14)).expect("listed");
    assert_eq!((row.price, row.original, row.generic, row.has_generic), ("8.4".parse().expect("yen"), true, false, true));
    assert_eq!(prices.list_price("1124001F2029", day(2025, 4, 1)).map(|r| r.price), Some(row.price));
    assert_eq!(prices.list_price("1124001F2029", day(2026, 4, 1)), None, "the list says nothing of the next revision");
    // A price that changed within the year holds from that day (備考 R7.8.1新薬価適用).
    assert!(prices.listed().iter().any(|row| row.term.from == day(2025, 8, 1)));
    assert!(
        prices.listed().iter().any(|row| row.usable_until == Some(day(2025, 9, 30)) && row.term.to == Some(day(2025, 9, 30)))
    );
}

#[test]
fn the_standard_of_2026() {
    let Some(files) = read("drug-price/yakka_kijun_R8_20260401.csv") else { return };
    let [file] = files.as_slice() else { panic!("one table") };
    assert_eq!((file.kind, file.rows.len(), file.date), (FileKind::DrugPriceStandard, 12_272, Some(day(2026, 4, 1))));
    let mut builder = FurtherBuilder::new();
    fill(&mut builder, &files);
    let prices = builder.finish().prices;
    let found: Vec<_> = prices.standard("アイトロール錠１０ｍｇ", "１０ｍｇ１錠", day(2026, 4, 1)).map(|row| row.price).collect();
    assert_eq!(found, ["10.80".parse().expect("yen")]);
    assert_eq!(prices.standard("アイトロール錠10mg", "10mg1錠", day(2026, 3, 31)).count(), 0);
}

#[test]
fn figures_and_allergens_go_through_the_same_door() {
    for (path, kind, rows, date) in [
        ("allergy/JFAGY_J9FN_20250401_R01_utf8.csv", FileKind::Allergen, 1_738, day(2025, 4, 1)),
        ("derived/s_points_r8_ESTIMATE.csv", FileKind::EstimatedPoints, 9_803, day(2026, 6, 1)),
        ("derived/outpatient_codes_R8.csv", FileKind::NoticedPoints, 0, day(2026, 6, 1)),
        ("drug-price/y_code_R8_price.csv", FileKind::MatchedPrice, 21_182, day(2026, 4, 1)),
    ] {
        let Some(files) = read(path) else { return };
        println!("{path}: {} rows", files[0].rows.len());
        assert_eq!((files[0].kind, files[0].date), (kind, Some(date)), "{path}");
        assert!(files[0].rows.len() == rows || rows == 0, "{path}: {}", files[0].rows.len());
    }
}

/// The lists of laboratory codes laid over the starter's items: no unit, name or word is lost, and no code is.
#[test]
fn laboratory_lists_are_laid_over_the_items() {
    use masters::official::jlac_list::{ListedCode, codes, lay};
    let Some(shared) = shared() else { return };
    let starter = masters::Snapshot::starter();
    let known: Vec<model::master::LabItem> = starter.labs().into_iter().cloned().collect();
    for (name, scope) in [("JP_CLINS_JLAC10_CoreLabo.fsh", "JLAC10"), ("JP_CLINS_JLAC11_CoreLabo.fsh", "JLAC11")] {
        let source = SourceFile::open(&shared.join("masters/lab").join(name)).expect("opens").remove(0);
        assert_eq!(further::recognise(&source, ""), Ok(Some(FileKind::Lab)));
        let file = further::read(&source, "", FileKind::Lab).expect("sound");
        assert_eq!((file.rows.len(), file.scope.as_str(), file.date), (437, scope, Some(day(2024, 10, 8))));
        let listed: Vec<ListedCode> = codes(&source).expect("codes");
        assert_eq!(listed.iter().map(|c| c.group.as_str()).collect::<BTreeSet<_>>().len(), 55);
        let items = lay(&known, &listed, "CLINS JLAC10 2024-10-08");
        assert_eq!(items.len(), known.len(), "every group is known");
        for (before, after) in known.iter().zip(&items) {
            assert_eq!((&before.name, &before.unit, &before.choices), (&after.name, &after.unit, &after.choices));
            assert_eq!(before.jlac10.first(), after.jlac10.first(), "{}: the preferred code stays first", before.local_code);
            let (old, new): (BTreeSet<_>, BTreeSet<_>) =
                (before.jlac10.iter().map(|c| c.as_str()).collect(), after.jlac10.iter().map(|c| c.as_str()).collect());
            assert_eq!(old, new, "{}: the same version of the list", before.local_code);
        }
    }
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
