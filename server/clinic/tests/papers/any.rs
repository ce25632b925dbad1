//! Whatever may be typed: what has no flaw becomes a document, and what is kept reads back.

use crate::{checks::some_answer, *};
use chrono::{Days, NaiveDate};
use proptest::prelude::*;

/// A day as people type it, or something else.
fn any_day() -> impl Strategy<Value = String> {
    prop_oneof![
        (1i64..400).prop_map(|back| (friday_day() - Days::new(back.unsigned_abs())).to_string()),
        Just("R8.7.1".to_owned()),
        Just(String::new()),
        "[0-9.:-]{0,8}",
    ]
}

fn friday_day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 7, 10).expect("a day")
}

/// What may be typed for an item: what fits it, most of the time.
fn any_answer(item: &'static items::Item) -> impl Strategy<Value = CheckupAnswer> {
    let fitting = match item.answer {
        Answer::Number { most, .. } => (0..=most).prop_map(|n| n.to_string()).boxed(),
        Answer::Choice(list) => (0..list.options.len()).prop_map(|at| list.options[at].0.to_owned()).boxed(),
        Answer::Words => "[あ-ん 。]{1,9}".boxed(),
    };
    let value = prop_oneof![20 => fitting, 1 => "\\PC{0,6}", 1 => Just(String::new())];
    let code = prop_oneof![8 => (0..item.codes.len()).prop_map(|at| item.codes[at].code.to_owned()), 8 => Just(String::new()), 1 => Just("x".to_owned())];
    let limit = || prop_oneof![8 => Just(String::new()), 2 => "[0-9]{1,3}(\\.[0-9])?", 1 => "\\PC{0,3}"];
    (
        value,
        code,
        limit(),
        limit(),
        prop_oneof![20 => Just(String::new()), 1 => "[あ-ん]{1,5}"],
        prop_oneof![30 => Just(String::new()), 1 => Just("省略".to_owned())],
    )
        .prop_map(|(value, code, low, high, detail, undone)| CheckupAnswer { value, code, detail, low, high, undone })
}

fn any_checkup() -> impl Strategy<Value = CheckupForm> {
    let answers: Vec<_> = ITEMS.iter().map(|item| any_answer(item).prop_map(|answer| (item.key().to_owned(), answer))).collect();
    (prop_oneof![Just(Programme::Specific), Just(Programme::Employer)], any_day(), any_day(), "[0-9]{0,8}", answers).prop_map(
        |(programme, done_on, ticket_until, insurer, answers)| CheckupForm {
            programme,
            done_on,
            ticket_until,
            insurer,
            answers: answers.into_iter().collect(),
            ..CheckupForm::default()
        },
    )
}

fn any_form() -> impl Strategy<Value = PaperForm> {
    let plan = (any_day(), any_day()).prop_map(|(from, until)| {
        PaperForm::CarePlan(CarePlanForm {
            diagnoses: vec![DiagnosisId(Uuid::nil())],
            goal: "目標".into(),
            from,
            until,
            ..CarePlanForm::default()
        })
    });
    let time = || prop_oneof![Just(String::new()), "[0-2]?[0-9]:?[0-5][0-9]", "\\PC{0,5}"];
    let stay = (any_day(), time(), any_day(), time(), "[0-9]?", "[0-9]").prop_map(
        |(admitted_on, admitted_time, discharged_on, discharged_time, admission, disposition)| {
            PaperForm::Discharge(DischargeForm {
                admitted_on,
                admitted_time,
                discharged_on,
                discharged_time,
                admission,
                disposition,
                diagnoses_in: vec![DiagnosisId(Uuid::nil())],
                diagnoses_out: vec![DiagnosisId(Uuid::nil())],
                reason: "理由".into(),
                complaint: "主訴".into(),
                present_illness: "現病歴".into(),
                course: "経過".into(),
                instructions: "方針".into(),
                ..DischargeForm::default()
            })
        },
    );
    // Of a whole sheet, only what is wrong is taken away: else hardly one of them would be without a flaw.
    let check = any_checkup().prop_map(|mut form| {
        for flaw in PaperForm::Checkup(form.clone()).flaws(friday_day()) {
            if let Some(item) = flaw.field.strip_prefix("answers.").and_then(items::item) {
                form.answers.insert(item.key().into(), CheckupAnswer { value: some_answer(item), ..Default::default() });
            }
        }
        // Values that each can be and not together: with the height of `some_answer` nothing follows for the body mass index, and no
        // upper pressure lies below the lower one.
        for flaw in PaperForm::Checkup(form.clone()).flaws(friday_day()) {
            let name = flaw.field.strip_prefix("answers.").and_then(items::item).map_or("", |item| item.label);
            for item in ITEMS.iter().filter(|item| match name {
                "BMI" => item.label == "身長",
                _ => name.starts_with("拡張期血圧") && item.label == name.replace("拡張", "収縮"),
            }) {
                form.answers.insert(item.key().into(), CheckupAnswer { value: some_answer(item), ..Default::default() });
            }
        }
        PaperForm::Checkup(form)
    });
    prop_oneof![plan, stay, check]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_may_be_issued_becomes_a_document(form in any_form()) {
        let flaws = form.flaws(friday_day());
        let author = StaffRef { id: StaffId(Uuid::nil()), name: "青葉 花子".into(), role: Role::Doctor };
        let now = clinic::testing::friday();
        let paper = Paper {
            id: PaperId(Uuid::nil()), patient: PatientId(Uuid::nil()), form: form.clone(), author, saved_at: now,
            issued_at: Some(now), document: None, share: None, version: 1,
        };
        if flaws.is_empty() {
            prop_assert!(clinic::papers::document(&paper, now, &PaperContent::default()).is_ok(), "{:?}", form);
        }
        // What is kept reads back as it was, and has a title a list has room for.
        let kept = serde_json::to_value(&form).expect("writes");
        prop_assert_eq!(serde_json::from_value::<PaperForm>(kept).expect("reads"), form.clone());
        prop_assert!(form.title().chars().count() <= 80);
    }
}
