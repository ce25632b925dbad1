//! What was written can be read: names, values, flags and days of the chart stand in the lines; official examples can be read.

mod common;

use common::{chart, judges::shared};
use fhir::read::document;
use model::share::ShareKind;

fn read(kind: &str) -> fhir::read::Document {
    let documents = chart().documents();
    let value = &documents.iter().find(|(k, _)| *k == kind).expect("a kind").1;
    document(value).expect("a bundle")
}

#[test]
fn lines_say_what_the_chart_says() {
    let diagnoses = read("diagnoses");
    assert_eq!(diagnoses.kind, Some(ShareKind::Diagnoses));
    assert_eq!(diagnoses.member_id, "06130488:あいう:187:05");
    assert_eq!(diagnoses.institution_number, "1310000011");
    assert_eq!(diagnoses.made_on, Some(common::day(2026, 7, 10)));
    assert_eq!(
        diagnoses.lines,
        ["十二指腸潰瘍【主傷病】 2026-04-01〜", "左前腕骨折の疑い 2026-04-01〜", "急性上気道炎 2026-04-01〜2026-05-01"]
    );
    assert_eq!(read("allergies").lines[1], "医薬品: ポビドンヨード含嗽用液７％（重症） 全身に発疹 2026-06-01");
    let lab = read("lab_report").lines;
    assert_eq!(lab[0], "カリウム 5.6 mEq/L (H) 2026-07-09");
    assert_eq!(lab[1], "尿糖 1+ 2026-07-09");
    let letter = read("referral");
    assert_eq!(letter.institution, "あおば内科クリニック");
    assert!(letter.lines.contains(&"【紹介目的】胸痛の精査をお願いします。".to_owned()), "{:?}", letter.lines);
    assert!(letter.lines.iter().any(|l| l.contains("<締めつけられる>")));
    assert_eq!(letter.kind, Some(ShareKind::Referral));
}

#[test]
fn official_examples_can_be_read() {
    let Some(shared) = shared() else { return };
    for (name, lines) in [("Observations-Example-01", 3), ("Referral-Example-01", 10), ("Referral-NoEntry-Example-01", 5)] {
        let path = shared.join(format!("fhir/jp-clins/examples/Bundle-Bundle-CLINS-{name}.json"));
        let value = serde_json::from_slice(&std::fs::read(path).expect("a file")).expect("JSON");
        let read = document(&value).expect("a bundle");
        assert!(read.kind.is_some() && read.member_id.starts_with("00012345:") && read.lines.len() >= lines, "{read:#?}");
    }
}

#[test]
fn unknown_things_do_not_stop_it() {
    let bundle =
        serde_json::json!({ "resourceType": "Bundle", "entry": [{ "resource": { "resourceType": "Observation" } }, {}] });
    let read = document(&bundle).expect("a bundle");
    assert_eq!((read.kind, read.lines.len()), (None, 1));
    assert_eq!(document(&serde_json::json!({ "resourceType": "Patient" })), None);
}
