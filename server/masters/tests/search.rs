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
