//! What was entered can be mended while it may be: orders before confirmation, diagnoses with their outcome, drafts of letters.

use chrono::Duration;
use clinic::{
    policy::*,
    testing::{clinic, found, friday},
};
use model::{AppError, chart::*, letter::LetterForm, master::MasterKind, orders::*, staff::*, visit::*};

mod support;
use support::{code_of, register, whole_visit};

#[tokio::test]
async fn orders_are_changed_and_removed_before_confirmation() {
    let (clinic, _) = clinic().await;
    let at = found(&clinic, "aoba").await;
    let (doctor, desk) = (at.one(Role::Doctor), at.one(Role::Reception));
    let patient = register(&clinic, &desk, "ヤマダ", "ハナコ").await;
    let visit = act!(clinic, desk, CheckIn, reception::check_in, patient, "".into()).expect("checks in").id;
    let rp = |count: &str| RpForm {
        route: "internal".into(),
        dispensing: "pharmacy".into(),
        usage_text: "1日1回 朝食後".into(),
        count: count.into(),
        items: vec![RpItemForm {
            code: code_of(&clinic, MasterKind::Drug, "アムロジピン"),
            amount: "1".into(),
            general_name: false,
        }],
        ..RpForm::default()
    };
    let orders = act!(clinic, doctor, Order, orders::put_rp, visit, None, rp("14")).expect("prescribes");
    let first = &orders.prescriptions[0];
    let orders = act!(clinic, doctor, Order, orders::put_rp, visit, Some((first.id, first.version)), rp("28")).expect("changes");
    assert_eq!(orders.prescriptions.iter().map(|rp| rp.count).collect::<Vec<_>>(), [28]);
    let changed = &orders.prescriptions[0];
    let orders = act!(clinic, doctor, Order, orders::remove_rp, visit, changed.id, changed.version).expect("removes");
    assert!(orders.prescriptions.is_empty());

    let code = code_of(&clinic, MasterKind::Procedure, "ＣＲＰ");
    let orders = act!(clinic, doctor, Order, orders::put_procedure, visit, None, code.clone(), "1".into()).expect("orders");
    let first = &orders.procedures[0];
    let orders = act!(clinic, doctor, Order, orders::put_procedure, visit, Some((first.id, first.version)), code, "2".into())
        .expect("changes");
    assert_eq!(orders.procedures[0].quantity, 2.into());
    let changed = &orders.procedures[0];
    let orders = act!(clinic, doctor, Order, orders::remove_procedure, visit, changed.id, changed.version).expect("removes");
    assert_eq!(orders, Orders::default());
}

#[tokio::test]
async fn the_last_prescription_is_repeated() {
    let (clinic, clock) = clinic().await;
    let at = found(&clinic, "aoba").await;
    let (doctor, desk) = (at.one(Role::Doctor), at.one(Role::Reception));
    let patient = register(&clinic, &desk, "ヤマダ", "ハナコ").await;
    whole_visit(&clinic, &doctor, &desk, patient).await;
    clock.set(friday() + Duration::days(14));
    let visit = act!(clinic, desk, CheckIn, reception::check_in, patient, "".into()).expect("checks in");
    assert_eq!(visit.kind, VisitKind::Return, "a disease is under treatment");
    let orders = act!(clinic, doctor, Order, orders::repeat_last, visit.id).expect("repeats");
    assert_eq!((orders.prescriptions.len(), orders.procedures.len()), (1, 0));
    assert_eq!((orders.prescriptions[0].count, orders.prescriptions[0].usage.as_str()), (7, "1日3回 毎食後"));
}

#[tokio::test]
async fn a_diagnosis_ends_with_its_outcome_and_can_be_taken_up_again() {
    let (clinic, _) = clinic().await;
    let at = found(&clinic, "aoba").await;
    let (doctor, desk) = (at.one(Role::Doctor), at.one(Role::Reception));
    let patient = register(&clinic, &desk, "ヤマダ", "ハナコ").await;
    let form = DiagnosisForm {
        code: code_of(&clinic, MasterKind::Disease, "急性上気道炎"),
        modifiers: vec![code_of(&clinic, MasterKind::Modifier, "の疑い")],
        started_on: "R8.7.1".into(),
        principal: true,
    };
    let list = act!(clinic, doctor, CodeDiagnosis, diagnoses::add_diagnosis, patient, form).expect("codes");
    let (id, version) = (list[0].id, list[0].version);
    assert_eq!((list[0].name.as_str(), list[0].suspected, list[0].principal), ("急性上気道炎の疑い", true, true));
    let early = act!(clinic, doctor, CodeDiagnosis, diagnoses::end_diagnosis, id, "R8.6.30".into(), Outcome::Cured, version);
    assert!(matches!(&early, Err(error) if error.at("ended_on").is_some()), "{early:?}");
    let ended = act!(clinic, doctor, CodeDiagnosis, diagnoses::end_diagnosis, id, "R8.7.8".into(), Outcome::Cured, version)
        .expect("ends");
    assert_eq!(ended[0].ended.map(|(_, outcome)| outcome), Some(Outcome::Cured));
    let stale = act!(clinic, doctor, CodeDiagnosis, diagnoses::reopen_diagnosis, id, version);
    assert!(matches!(stale, Err(AppError::Stale { .. })));
    let again = act!(clinic, doctor, CodeDiagnosis, diagnoses::reopen_diagnosis, id, ended[0].version).expect("reopens");
    assert_eq!(again[0].ended, None);
}

#[tokio::test]
async fn a_letter_is_written_changed_and_thrown_away_until_it_is_issued() {
    let (clinic, _) = clinic().await;
    let at = found(&clinic, "aoba").await;
    let (doctor, desk) = (at.one(Role::Doctor), at.one(Role::Reception));
    let patient = register(&clinic, &desk, "ヤマダ", "ハナコ").await;
    let letter = act!(clinic, doctor, WriteLetter, letters::new_letter, patient).expect("begins");
    let form = LetterForm { to_institution: "みなと病院".into(), ..letter.form.clone() };
    let saved = act!(clinic, doctor, WriteLetter, letters::save_letter, letter.id, form.clone(), letter.version).expect("saves");
    let stale = act!(clinic, doctor, WriteLetter, letters::save_letter, letter.id, LetterForm::default(), letter.version);
    assert!(matches!(stale, Err(AppError::Stale { theirs, .. }) if theirs.contains("みなと病院")));
    let missing =
        act!(clinic, doctor, WriteLetter, letters::issue_letter, letter.id, form, saved.version).expect_err("is not whole");
    assert!(["purpose", "complaint", "present_illness"].iter().all(|field| missing.at(field).is_some()));
    act!(clinic, doctor, WriteLetter, letters::discard_letter, letter.id, saved.version).expect("discards");
    let chart = act!(clinic, doctor, ReadChart, chart::open_chart, patient).expect("opens");
    assert!(chart.letters.is_empty());
}

#[tokio::test]
async fn a_new_patient_is_offered_the_range_the_clinic_printed_last() {
    let (clinic, _) = clinic().await;
    let at = found(&clinic, "aoba").await;
    let (doctor, desk) = (at.one(Role::Doctor), at.one(Role::Reception));
    let before = register(&clinic, &desk, "ヤマダ", "ハナコ").await;
    whole_visit(&clinic, &doctor, &desk, before).await;
    let of = async |form: model::patient::PatientForm| {
        let registered = act!(clinic, desk, RegisterPatient, patients::register, form, true).expect("registers");
        let model::patient::Registration::Registered { patient, .. } = registered else { panic!("asked back") };
        let lines = act!(clinic, doctor, EnterLabs, labs::lab_items, patient).expect("lists");
        assert!(lines.len() > 100, "{} items", lines.len());
        lines.iter().find(|line| line.item.fhir_name == "CRP").expect("a core test").high
    };
    let woman = support::form("スズキ", "ヨウコ");
    let man = model::patient::PatientForm { sex: "male".into(), ..woman.clone() };
    let girl = model::patient::PatientForm { birth_date: "R2.4.1".into(), ..woman.clone() };
    assert_eq!(of(woman).await, Some("0.14".parse().expect("a number")));
    assert_eq!((of(man).await, of(girl).await), (None, None), "ranges are those of like patients");
}
