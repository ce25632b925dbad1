//! The search as people type: a table of queries with the row that must come, and how far down it may be.

use chrono::NaiveDate;
use masters::{Snapshot, search::House};
use model::master::{MasterHit, MasterKind::*, *};
use proptest::prelude::*;

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 20).expect("a date")
}

fn search(kind: MasterKind, query: &str) -> Vec<MasterHit> {
    Snapshot::starter().search(kind, query, today(), 20, &House::nothing())
}

#[test]
fn what_is_typed_finds_what_is_meant() {
    // Kind, query, whole name that must come, within so many hits.
    let table: &[(MasterKind, &str, &str, usize)] = &[
        (Disease, "高血圧症", "高血圧症", 1),
        (Disease, "こうけつあつしょう", "高血圧症", 1),
        (Disease, "コウケツアツ", "高血圧症", 3),
        (Disease, "kouketuatu", "高血圧症", 3),
        (Disease, "kouketsuatsu", "高血圧症", 3),
        (Disease, "感冒", "感冒", 1),
        (Disease, "かんぼう", "感冒", 1),
        (Disease, "kanbou", "感冒", 1),
        (Disease, "kambou", "感冒", 1),
        (Disease, "2型糖尿病", "２型糖尿病", 1),
        (Disease, "2gatatounyoubyou", "２型糖尿病", 1),
        (Disease, "2gata", "２型糖尿病", 5),
        (Disease, "２ガタ糖尿病", "", 0),
        (Disease, "ｶﾝﾎﾞｳ", "感冒", 1),
        (Disease, "KANBOU", "感冒", 1),
        (Disease, "かんぼー", "", 0),
        (Disease, "かぜの疑い", "かぜの疑い", 1),
        (Disease, "糖尿病 2型", "２型糖尿病", 2),
        (Disease, "I10", "高血圧症", 5),
        (Disease, "蕁麻疹", "じんま疹", 1),
        (Disease, "頸椎症", "頚椎症", 1),
        (Disease, "covid19", "ＣＯＶＩＤ－１９", 1),
        (Disease, "左変形性膝関節症", "左変形性膝関節症", 1),
        (Disease, "ひだりへんけいせいしつかんせつしょう", "左変形性膝関節症", 1),
        (Disease, "ひだりへんけいせいしつかん", "左変形性膝関節症", 3),
        (Disease, "hidarihenkeiseisitukan", "左変形性膝関節症", 3),
        (Disease, "左 変形性膝関節症", "左変形性膝関節症", 1),
        (Disease, "左変形性膝関節症の疑い", "左変形性膝関節症の疑い", 1),
        (Disease, "左変形性膝関節症の疑", "左変形性膝関節症の疑い", 1),
        (Disease, "胃癌の疑い", "胃癌の疑い", 1),
        (Disease, "いがんのうたがい", "胃癌の疑い", 2),
        (Disease, "両側肩関節周囲炎", "両側肩関節周囲炎", 1),
        (Disease, "インフルエンザの疑い", "インフルエンザの疑い", 1),
        (Modifier, "の疑い", "の疑い", 1),
        (Modifier, "ひだり", "左", 1),
        (Modifier, "8002", "の疑い", 1),
        (Drug, "amuro", "アムロジン錠５ｍｇ", 3),
        (Drug, "amurojipin", "アムロジピン錠５ｍｇ「ＮＳ」", 1),
        (Drug, "amuro", "アムロジピン錠５ｍｇ「ＮＳ」", 12),
        (Drug, "5mg アムロジピン", "アムロジピン錠５ｍｇ「ＮＳ」", 12),
        (Drug, "あむろじん", "アムロジン錠５ｍｇ", 4),
        (Drug, "タケキャブ", "タケキャブ錠２０ｍｇ", 4),
        (Drug, "takekyabu", "タケキャブ錠１０ｍｇ", 4),
        (Drug, "カロナール 500", "カロナール錠５００　５００ｍｇ", 3),
        (Procedure, "初診料", "初診料", 1),
        (Procedure, "しょしんりょう", "初診料", 1),
        (Procedure, "111000110", "初診料", 1),
        (Procedure, "A001", "再診料", 10),
        (Procedure, "外来管理加算", "外来管理加算", 1),
        (Procedure, "hba1c", "ＨｂＡ１ｃ", 2),
        (Procedure, "crp", "ＣＲＰ", 3),
        (Allergen, "くるみ", "くるみ", 2),
        (Allergen, "kurumi", "くるみ", 2),
        (Allergen, "ペニシリン", "", 0),
        (Lab, "crp", "C反応性蛋白(CRP)", 1),
        (Lab, "hba1c", "HbA1c(NGSP)", 1),
        (Lab, "そうたんぱく", "総蛋白(TP)", 1),
        (Lab, "けっさん", "血算-ヘモグロビン", 6),
        (Lab, "梅毒", "梅毒反応", 3),
        (Comment, "別途コメント", "別途コメントあり", 1),
        (Material, "フィルム", "", 0),
    ];
    let mut wrong = Vec::new();
    for (kind, query, name, within) in table {
        let hits = search(*kind, query);
        let names: Vec<String> = hits.iter().map(MasterHit::whole_name).collect();
        if *within > 0 && !names.iter().take(*within).any(|found| found == name) {
            wrong.push(format!("{kind:?} {query}: {name} not within {within} of {:?}", &names[..names.len().min(8)]));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_composed_disease_tells_its_modifiers() {
    let hits = search(Disease, "ひだりへんけいせいしつかんせつしょうのうたがい");
    let hit = hits.iter().find(|hit| hit.whole_name() == "左変形性膝関節症の疑い").expect("the composed name");
    let codes: Vec<(&str, bool)> = hit.modifiers.iter().map(|m| (m.code.as_str(), m.suffix)).collect();
    assert_eq!(codes, [("2049", false), ("8002", true)]);
    assert_eq!(hit.name, "変形性膝関節症");
    assert!(hit.modifiers.iter().all(|m| m.management.len() == 8));
}

#[test]
fn a_drug_is_an_allergen_too() {
    let hits = search(Allergen, "ロキソニン");
    let hit = hits.iter().find(|hit| hit.code.starts_with("YCM1149019F")).expect("the tablet");
    assert_eq!(hit.code.len(), 15);
    let allergen = Snapshot::starter().allergen(&hit.code, today()).expect("the allergen of that code");
    assert_eq!(allergen.category, model::chart::AllergenCategory::Medication);
    assert_eq!(allergen.name, hit.name);
}

#[test]
fn what_the_clinic_uses_comes_first_among_equals() {
    let masters = Snapshot::starter();
    let before = masters.search(Disease, "胃炎", today(), 20, &House::nothing());
    let last = before.iter().rfind(|hit| hit.modifiers.is_empty()).expect("some hits").code.clone();
    let after = masters.search(Disease, "胃炎", today(), 20, &House::new([(last.clone(), 9)].into()));
    let place = |hits: &[MasterHit]| hits.iter().position(|hit| hit.code == last);
    assert!(place(&after) < place(&before), "{:?} {:?}", place(&after), place(&before));
}

/// A clinic that used one of two equal names, prefers the other, and so on.
#[test]
fn preferred_comes_before_used_and_used_before_never_used() {
    let masters = Snapshot::starter();
    let codes = |house: &House| {
        let hits = masters.search(Drug, "ろきそぷろふぇん", today(), 30, house);
        hits.into_iter().map(|hit| (hit.code, hit.preferred)).collect::<Vec<_>>()
    };
    let before: Vec<String> = codes(&House::nothing()).into_iter().map(|(code, _)| code).collect();
    assert!(before.len() >= 4, "{before:?}");
    // Of one tier: a better fit goes before what the clinic wants.
    let (preferred, used, hidden) = (&before[3], &before[2], &before[1]);
    let mut house = House::new([(used.clone(), 5)].into());
    house.prefer(preferred);
    house.hide(hidden);
    let after = codes(&house);
    assert_eq!(after[0], (preferred.clone(), true));
    assert_eq!(after[1], (used.clone(), false));
    assert!(!after.iter().any(|(code, _)| code == hidden));
    let by_code = masters.search(Drug, hidden, today(), 30, &house);
    assert_eq!(by_code.first().map(|hit| &hit.code), Some(hidden), "a whole code finds what is hidden");
    assert!(masters.search(Drug, &hidden[..8], today(), 30, &house).iter().all(|hit| hit.code != *hidden));
    // A better fit is better, whoever prefers what.
    let exact = masters.search(Disease, "感冒", today(), 1, &House::nothing()).remove(0);
    let longer = masters.search(Disease, "感冒", today(), 30, &House::nothing()).into_iter().find(|hit| hit.name != "感冒");
    if let Some(longer) = longer {
        let mut house = House::new([(longer.code.clone(), 900)].into());
        house.prefer(&longer.code);
        assert_eq!(masters.search(Disease, "感冒", today(), 1, &house).remove(0).code, exact.code);
    }
}

#[test]
fn a_row_is_found_by_what_the_clinic_calls_it() {
    let masters = Snapshot::starter();
    let code = search(Disease, "変形性膝関節症").remove(0).code;
    let mut house = House::nothing();
    house.name(&code, "膝ＯＡ", "ヒザオーエー");
    for (query, whole) in [
        ("膝oa", "変形性膝関節症"),
        ("ひざお", "変形性膝関節症"),
        ("hizaoe", "変形性膝関節症"),
        ("ｋｏｔｕ", ""),
        ("oa 変形性", "変形性膝関節症"),
        ("左膝OA", "左変形性膝関節症"),
        ("左ひざおー", "左変形性膝関節症"),
        ("膝oaの疑い", "変形性膝関節症の疑い"),
    ] {
        let hits = masters.search(Disease, query, today(), 20, &house);
        let found = hits.iter().find(|hit| hit.code == code && hit.whole_name() == whole);
        assert_eq!(
            found.is_some(),
            !whole.is_empty(),
            "{query}: {:?}",
            hits.iter().map(MasterHit::whole_name).collect::<Vec<_>>()
        );
        assert!(found.is_none_or(|hit| hit.own_name == "膝ＯＡ"), "{query}");
    }
    assert!(masters.search(Disease, "膝oa", today(), 20, &House::nothing()).is_empty());
    // Taken back.
    house.name(&code, "", "");
    assert!(masters.search(Disease, "膝oa", today(), 20, &house).is_empty());
}

#[test]
fn an_empty_field_lists_what_is_preferred_then_what_is_used() {
    let masters = Snapshot::starter();
    let codes: Vec<String> = search(Drug, "錠").into_iter().map(|hit| hit.code).collect();
    let mut house = House::new([(codes[0].clone(), 2), (codes[1].clone(), 7), (codes[4].clone(), 9)].into());
    house.prefer(&codes[2]);
    house.hide(&codes[4]);
    house.prefer("999999999");
    let found: Vec<String> = masters.search(Drug, " ", today(), 30, &house).into_iter().map(|hit| hit.code).collect();
    assert_eq!(found, [codes[2].clone(), codes[1].clone(), codes[0].clone()]);
    assert_eq!(masters.search(Drug, "", today(), 1, &house).len(), 1);
    assert!(masters.search(Drug, "", today(), 30, &House::nothing()).is_empty());
    assert!(masters.search(Drug, "・", today(), 30, &house).is_empty());
}

#[test]
fn a_disease_tells_its_codes_and_what_may_be_billed() {
    let facts = |name: &str| search(Disease, name).remove(0).disease.expect("facts of a disease");
    // 支払基金 傷病名マスター 2024-06-01, rows 5319009, 6918002 and 2500015.
    let ulcer = facts("胃潰瘍");
    assert_eq!((ulcer.icd10.as_str(), ulcer.management.as_str(), ulcer.exchange.as_str()), ("K259", "20054276", "C1B1"));
    assert_eq!(ulcer.flags, ["特定疾患療養管理料"]);
    assert_eq!(facts("アトピー性皮膚炎").flags, ["皮膚科特定疾患指導管理料（Ⅱ）"]);
    let sugar = facts("２型糖尿病");
    assert_eq!((sugar.icd10.as_str(), sugar.management.as_str(), sugar.exchange.as_str()), ("E11", "20050020", "U23V"));
    assert!(search(Drug, "amuro").iter().all(|hit| hit.disease.is_none()));
}

#[test]
fn an_ended_name_offers_what_takes_its_place() {
    let mut rows = masters::starter::rows().expect("the tables");
    let next = rows.diseases.iter().find(|d| d.name == "高血圧症").expect("in every set").code.clone();
    let ended = rows.diseases.iter_mut().find(|d| d.name == "感冒").expect("in every set");
    ended.validity.to = "2026-05-31".parse().ok();
    ended.successor = Some(next.clone());
    let left = rows.modifiers.iter_mut().find(|m| m.name == "左").expect("in every set");
    left.validity.to = "2026-05-31".parse().ok();
    let masters = Snapshot::new(rows);
    let search = |query: &str, on: &str| masters.search(Disease, query, on.parse().expect("a day"), 500, &House::nothing());
    let hits = search("感冒", "2026-06-01");
    assert!(
        hits[0].name == "感冒" && hits[0].warning.contains("廃止") && hits[0].warning.contains("移行先「高血圧症」"),
        "{:?}",
        hits[0]
    );
    assert_eq!(hits[0].disease.as_ref().and_then(|facts| facts.successor.clone()), Some((next.0.clone(), "高血圧症".into())));
    assert_eq!((hits[1].code.as_str(), hits[1].warning.as_str()), (next.as_str(), ""));
    // On its last day it is a name like any other, but for what the master says of it.
    assert!(!search("感冒", "2026-05-31")[0].warning.contains("廃止"));
    // Begun only, it stands behind what is in force.
    assert_eq!(
        search("感", "2026-06-01").iter().rfind(|hit| hit.modifiers.is_empty()).map(|hit| hit.name.as_str()),
        Some("感冒")
    );
    // A modifier that has ended is not put before a name, and an ended name is not put together.
    let names = |query: &str, on: &str| search(query, on).iter().map(MasterHit::whole_name).collect::<Vec<_>>();
    assert!(names("左変形性膝関節症", "2026-05-31").contains(&"左変形性膝関節症".to_owned()));
    assert!(!names("左変形性膝関節症", "2026-06-01").contains(&"左変形性膝関節症".to_owned()));
    assert!(names("感冒の疑い", "2026-05-31").contains(&"感冒の疑い".to_owned()));
    assert!(!names("感冒の疑い", "2026-06-01").contains(&"感冒の疑い".to_owned()));
}

#[test]
fn figures_are_of_the_day() {
    let masters = Snapshot::starter();
    let figure = |on: &str| {
        let hits = masters.search(Procedure, "再診料", on.parse().expect("a date"), 1, &House::nothing());
        hits.first().map(|hit| (hit.figure.clone(), hit.estimated))
    };
    assert_eq!(figure("2026-05-31"), Some(("75点".into(), false)));
    assert_eq!(figure("2026-06-01"), Some(("76点".into(), false)));
    let drug = search(Drug, "タケキャブ錠２０ｍｇ").remove(0);
    assert!(drug.figure.ends_with("円") && drug.unit == "錠", "{drug:?}");
    let urine = search(Lab, "尿糖").remove(0);
    assert_eq!(urine.choices, ["－", "±", "＋", "２＋", "３＋", "４＋", "５＋"]);
}

#[test]
fn a_name_that_may_not_stand_alone_says_so() {
    let rows = masters::starter::rows().expect("the tables");
    let Some(row) = rows.diseases.iter().find(|d| d.never_alone) else {
        eprintln!("SKIPPED: the starter set holds no 単独使用禁止 disease");
        return;
    };
    let hit = search(Disease, &row.name).into_iter().find(|hit| hit.modifiers.is_empty()).expect("the disease");
    assert!(hit.warning.contains("単独使用禁止"), "{hit:?}");
    let typed = format!("左{}", row.name);
    let hit = search(Disease, &typed).into_iter().find(|hit| hit.whole_name() == typed).expect("with a modifier");
    assert!(!hit.warning.contains("単独使用禁止"), "{hit:?}");
}

proptest! {
    #[test]
    fn nothing_typed_makes_it_fall(query in "\\PC{0,24}", kind in 0_usize..8, limit in 0_usize..30) {
        let hits = Snapshot::starter().search(MasterKind::ALL[kind], &query, today(), limit, &House::nothing());
        prop_assert!(hits.len() <= limit);
    }

    #[test]
    fn japanese_typed_makes_it_fall_neither(query in "[ぁ-ゖァ-ヺー左右両側性炎症の疑い0-9a-z 　]{1,24}", kind in 0_usize..8) {
        let hits = Snapshot::starter().search(MasterKind::ALL[kind], &query, today(), 20, &House::nothing());
        prop_assert!(hits.len() <= 20);
    }
}
