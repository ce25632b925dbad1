//! Comment relation, general names, price lists and lists of laboratory codes against the published files.

mod published;

use masters::{
    official::{further, text::SourceFile},
    points::*,
};
use model::edition::FileKind;
use published::*;
use std::collections::BTreeSet;

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
