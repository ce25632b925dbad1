//! Taking entries over with their provenance, knowing what is here already, and taking them back.

use crate::{
    House, act,
    bundle::{HOUSE, allergy, clins, condition, observation},
    shelf::Place,
    support::code_of,
};
use clinic::policy::*;
use fhir::uri;
use model::{AppError, chart::*, labs::*, master::*, outside::*, share::*, staff::Role};
use serde_json::{Value, json};

const AT: &str = "2026-07-01T09:00:00+09:00";

impl House {
    fn disease(&self, name: &str) -> Disease {
        let code = code_of(&self.clinic, MasterKind::Disease, name);
        self.clinic.masters().disease(&code, self.clinic.today()).expect("a disease").clone()
    }

    fn modifier(&self, name: &str) -> Modifier {
        let code = code_of(&self.clinic, MasterKind::Modifier, name);
        self.clinic.masters().modifier(&code, self.clinic.today()).expect("a modifier").clone()
    }

    /// Shares a bundle, asks, and gives it as it is shown.
    async fn shown(&self, bundle: &Value) -> OutsideDocument {
        self.shelf.share(Place::Shared, bundle);
        assert!(matches!(self.ask().await, Asked::Read { fresh: 1, refused: 0, .. }));
        let view = self.view().await;
        view.documents.into_iter().max_by_key(|d| (d.fetched_at, d.id)).expect("a document")
    }

    async fn take(&self, role: Role, document: &OutsideDocument, entries: &[u32]) -> Result<OutsideDocument, AppError> {
        let me = self.at.one(role);
        let view = act!(self.clinic, me, ReadOutside, outside::take_over, self.patient, document.id, entries.to_vec())?;
        Ok(view.documents.into_iter().find(|d| d.id == document.id).expect("still there"))
    }

    async fn back(&self, document: &OutsideDocument, entries: &[u32]) -> Result<OutsideDocument, AppError> {
        let me = self.at.one(Role::Doctor);
        let view = act!(self.clinic, me, ReadOutside, outside::take_back, self.patient, document.id, entries.to_vec())?;
        Ok(view.documents.into_iter().find(|d| d.id == document.id).expect("still there"))
    }

    async fn chart(&self) -> Chart {
        act!(self.clinic, self.at.one(Role::Doctor), ReadChart, chart::open_chart, self.patient).expect("opens")
    }
}

fn standing(document: &OutsideDocument, nth: usize) -> &Standing {
    &document.entries[nth].standing
}

fn said(url: &str, modifier: &Modifier) -> Value {
    json!({ "url": url, "valueCodeableConcept": {
        "coding": [{ "system": uri::MODIFIER_KEY, "code": modifier.management, "display": modifier.name }], "text": modifier.name
    } })
}

#[tokio::test]
async fn a_diagnosis_is_coded_with_our_masters_and_carries_its_origin() {
    let house = House::new().await;
    let (knee, left) = (house.disease("変形性膝関節症"), house.modifier("左"));
    let mut by_management = condition("左変形性膝関節症", &[(uri::DISEASE_KEY, &knee.management)], "2024-04-01");
    by_management["code"]["extension"] = json!([said(uri::EXT_PREFIX, &left)]);
    let mut suspected = condition("高血圧症", &[(uri::DISEASE_CLAIM, house.disease("高血圧症").code.as_str())], "2026-05-02");
    suspected["verificationStatus"] = json!({ "coding": [
        { "system": "http://terminology.hl7.org/CodeSystem/condition-ver-status", "code": "unconfirmed" }
    ] });
    suspected["meta"] = json!({ "tag": [{ "system": uri::INDICATION, "code": "UNINFORMED" }] });
    let mut ended = condition("急性胃炎", &[(uri::DISEASE_EXCHANGE, &house.disease("急性胃炎").exchange)], "2025-03-01");
    ended["clinicalStatus"]["coding"][0]["code"] = json!("resolved");
    ended["abatementDateTime"] = json!("2025-03-20");
    let mut half = condition("謎の膝関節症", &[(uri::DISEASE_KEY, &knee.management)], "2024-04-01");
    half["code"]["extension"] = json!([{ "url": uri::EXT_PREFIX, "valueCodeableConcept": {
        "coding": [{ "system": uri::MODIFIER_KEY, "code": "99990000" }], "text": "謎の" } }]);
    let document = house.shown(&clins("Condition", "d", vec![by_management, suspected, ended, half])).await;
    for nth in 0..3 {
        assert_eq!(standing(&document, nth), &Standing::New, "{document:#?}");
    }
    assert!(matches!(standing(&document, 3), Standing::ReadOnly { why } if why.contains("謎の")), "{document:#?}");

    // Coding is the doctor's.
    let by_nurse = house.take(Role::Nurse, &document, &[0]).await;
    assert!(matches!(&by_nurse, Err(AppError::Conflict { message }) if message.contains("医師")), "{by_nurse:?}");
    let half = house.take(Role::Doctor, &document, &[0, 3]).await;
    assert!(matches!(half, Err(AppError::Conflict { .. })), "{half:?}");
    assert!(house.chart().await.diagnoses.is_empty(), "all or nothing");

    let after = house.take(Role::Doctor, &document, &[0, 1, 2]).await.expect("takes over");
    assert!(matches!(standing(&after, 0), Standing::Taken { by, .. } if by == "医師 試験"), "{after:#?}");
    let chart = house.chart().await;
    let one = |name: &str| chart.diagnoses.iter().find(|d| d.name == name).unwrap_or_else(|| panic!("{name}: {chart:#?}"));
    let ours = one("左変形性膝関節症");
    assert_eq!(
        (&ours.code, &ours.management, &ours.exchange, &ours.icd10),
        (&knee.code, &knee.management, &knee.exchange, &knee.icd10)
    );
    assert_eq!((ours.modifiers[0].code.clone(), ours.started_on.to_string().as_str()), (left.code.clone(), "2024-04-01"));
    let origin = ours.origin.as_ref().expect("where it came from");
    assert_eq!((origin.document, origin.line().as_str()), (document.id, "みなと総合病院（2026-07-09 共有）"));
    let ours = one("高血圧症の疑い");
    assert!(ours.suspected && ours.flags == Flags { uninformed: true, ..Flags::default() }, "{ours:#?}");
    assert_eq!(one("急性胃炎").ended, Some(("2025-03-20".parse().expect("a day"), Outcome::Cured)));

    // Pressing twice takes once.
    let again = house.take(Role::Doctor, &document, &[0, 1, 2]).await.expect("is no harm");
    assert_eq!((again.entries, house.chart().await.diagnoses.len()), (after.entries, 3));
}

#[tokio::test]
async fn what_is_here_already_is_known_again() {
    let house = House::new().await;
    let doctor = house.at.one(Role::Doctor);
    let pressure = house.disease("高血圧症");
    let form = DiagnosisForm { code: pressure.code.0.clone(), started_on: "2020-04-01".into(), ..DiagnosisForm::default() };
    act!(house.clinic, doctor, CodeDiagnosis, diagnoses::add_diagnosis, house.patient, form).expect("codes");
    let walnut = code_of(&house.clinic, MasterKind::Allergen, "くるみ");
    let form = AllergyForm { code: walnut.clone(), ..AllergyForm::default() };
    act!(house.clinic, doctor, RecordAllergy, allergies::add_allergy, house.patient, form).expect("records");
    let masters = house.clinic.masters();
    let crp = masters.labs().into_iter().find(|item| item.fhir_name == "CRP").expect("a core test").clone();
    let report = LabReportForm {
        visit: None,
        collected_on: "2026-07-01".into(),
        collected_time: "09:00".into(),
        results: vec![LabResultForm { item: crp.local_code.clone(), value: "0.52".into(), ..LabResultForm::default() }],
        ..LabReportForm::default()
    };
    act!(house.clinic, doctor, EnterLabs, labs::enter_report, house.patient, report).expect("enters");

    let jlac = crp.jlac10.last().expect("a code").as_str().to_owned();
    let fixed = Some((jlac.as_str(), "CRP"));
    let document = house
        .shown(&clins(
            "Condition",
            "all",
            vec![
                condition("高血圧症", &[(uri::DISEASE_KEY, &pressure.management)], "2019-01-01"),
                allergy("胡桃", "food", Some((uri::ALLERGEN_FOOD, &walnut))),
                allergy("クルミ", "food", None),
                observation("C1", fixed, "0.52", "mg/dL", AT),
                observation("C1", fixed, "0.52", "mg/dL", "2026-07-01"),
                observation("C1", fixed, "0.53", "mg/dL", AT),
                observation("C1", fixed, "0.52", "mg/dL", "2026-07-02T09:00:00+09:00"),
            ],
        ))
        .await;
    let standings: Vec<bool> = document.entries.iter().map(|e| matches!(e.standing, Standing::Same { .. })).collect();
    assert_eq!(standings, [true, true, true, true, true, false, false], "{document:#?}");
    assert_eq!(standing(&document, 0), &Standing::Same { ours: "高血圧症（2020-04-01〜）".into() });
    let indexes: Vec<u32> = document.entries.iter().map(|e| e.index).collect();
    let before = house.chart().await;
    house.take(Role::Doctor, &document, &indexes).await.expect("takes over what is new");
    let after = house.chart().await;
    assert_eq!((after.diagnoses, after.allergies), (before.diagnoses, before.allergies), "the same is passed over");
    let series = after.series.iter().find(|s| s.local_code == crp.local_code).expect("beside our own");
    assert_eq!(series.points.len(), 3, "{series:?}");
}

#[tokio::test]
async fn an_allergy_without_a_code_of_ours_keeps_its_words() {
    let house = House::new().await;
    let document = house
        .shown(&clins(
            "AllergyIntolerance",
            "a",
            vec![
                allergy("謎の薬", "medication", Some((uri::ALLERGEN_DRUG, "YCM000000000000"))),
                allergy("知らない食品", "food", None),
                allergy("別の食品", "food", None),
                allergy("知らない食品", "food", None),
            ],
        ))
        .await;
    let all: Vec<u32> = document.entries.iter().map(|e| e.index).collect();
    let after = house.take(Role::Nurse, &document, &all).await.expect("a nurse may record allergies");
    assert!(matches!(standing(&after, 3), Standing::Same { .. }), "told twice, taken once: {after:#?}");
    let mut ours: Vec<(String, String, String)> =
        house.chart().await.allergies.into_iter().map(|a| (a.code.0, a.name, a.recorded_on.to_string())).collect();
    ours.sort();
    let day = || "2026-05-01".to_owned();
    assert_eq!(
        ours,
        [
            ("D9F000000000".into(), "別の食品".into(), day()),
            ("D9F000000000".into(), "知らない食品".into(), day()),
            ("D9M000000000".into(), "謎の薬".into(), day()),
        ]
    );
}

#[tokio::test]
async fn results_stand_beside_ours_only_in_the_same_unit() {
    let house = House::new().await;
    let masters = house.clinic.masters();
    let crp = masters.labs().into_iter().find(|item| item.fhir_name == "CRP").expect("a core test").clone();
    let fixed = Some((crp.jlac10[0].as_str(), "CRP"));
    let document = house
        .shown(&clins(
            "Observation",
            "l",
            vec![
                observation("C1", fixed, "0.30", "mg/dl", AT),
                observation("C1", fixed, "3.0", "mg/L", AT),
                observation("SP-9", None, "12", "U/mL", AT),
                observation("SP-9", None, "13", "U/mL", "2026-07-02"),
            ],
        ))
        .await;
    let local = |nth: usize| match &document.entries[nth].content {
        EntryContent::Result { local_code, .. } => local_code.clone(),
        other => panic!("{other:?}"),
    };
    assert_eq!([local(0), local(1), local(2)], [crp.local_code.clone(), String::new(), String::new()]);
    let all: Vec<u32> = document.entries.iter().map(|e| e.index).collect();
    house.take(Role::Doctor, &document, &all).await.expect("takes over");
    let chart = house.chart().await;
    assert_eq!(chart.reports.len(), 2, "one for each instant: {:#?}", chart.reports);
    assert!(chart.reports.iter().all(|r| r.origin.as_ref().is_some_and(|o| o.document == document.id) && !r.preliminary));
    let codes: Vec<&str> = chart.series.iter().map(|s| s.local_code.as_str()).collect();
    assert_eq!(codes, [format!("{HOUSE}_C1").as_str(), &format!("{HOUSE}_SP-9"), &crp.local_code]);
    assert!(chart.shared.is_empty(), "a result of others never leaves as ours: {:#?}", chart.shared);
}

#[tokio::test]
async fn what_nobody_touched_is_taken_back_and_what_somebody_changed_stays() {
    let house = House::new().await;
    let doctor = house.at.one(Role::Doctor);
    let pressure = house.disease("高血圧症");
    let document = house
        .shown(&clins(
            "Condition",
            "all",
            vec![
                condition("高血圧症", &[(uri::DISEASE_KEY, &pressure.management)], "2019-01-01"),
                allergy("くるみ", "food", None),
                observation("SP-1", None, "1", "U/mL", AT),
                observation("SP-2", None, "2", "U/mL", AT),
            ],
        ))
        .await;
    let all: Vec<u32> = document.entries.iter().map(|e| e.index).collect();
    house.take(Role::Doctor, &document, &all).await.expect("takes over");
    let after = house.back(&document, &all[2..3]).await.expect("takes back");
    assert_eq!((standing(&after, 2), house.chart().await.reports[0].results.len()), (&Standing::New, 1));
    let after = house.back(&document, &all[1..2]).await.expect("takes back");
    assert_eq!((standing(&after, 1), house.chart().await.allergies.len()), (&Standing::New, 0));
    house.back(&document, &all[3..]).await.expect("takes back");
    assert!(house.chart().await.reports.is_empty(), "the last result takes the report along");
    assert_eq!(house.back(&document, &all[3..]).await.err(), Some(AppError::NotFound));

    let ours = house.chart().await.diagnoses.remove(0);
    let ended = act!(
        house.clinic,
        doctor,
        CodeDiagnosis,
        diagnoses::end_diagnosis,
        ours.id,
        "2026-07-01".into(),
        Outcome::Cured,
        ours.version
    );
    ended.expect("ends");
    let refused = house.back(&document, &all[..1]).await;
    assert!(matches!(&refused, Err(AppError::Conflict { message }) if message.contains("変更")), "{refused:?}");
    assert_eq!(house.chart().await.diagnoses.len(), 1);

    // Removed by hand, it is new again.
    let ours = house.chart().await.diagnoses.remove(0);
    act!(house.clinic, doctor, CodeDiagnosis, diagnoses::remove_diagnosis, ours.id, ours.version).expect("removes");
    let again = house.take(Role::Doctor, &document, &all[..1]).await.expect("takes over once more");
    assert!(matches!(standing(&again, 0), Standing::Taken { .. }), "{again:#?}");

    // The house's own results cannot be deleted by the application at all.
    let mut tx = house.clinic.pool().begin().await.expect("begins");
    sqlx::query("select set_config('app.clinic_id', $1, true)")
        .bind(doctor.clinic.to_string())
        .execute(&mut *tx)
        .await
        .expect("sets");
    let masters = house.clinic.masters();
    let item = masters.labs()[0].local_code.clone();
    let value = masters.labs()[0].choices.first().cloned().unwrap_or_else(|| "1".into());
    let report = LabReportForm {
        visit: None,
        collected_on: "2026-07-01".into(),
        collected_time: "10:00".into(),
        results: vec![LabResultForm { item, value, ..LabResultForm::default() }],
        ..LabReportForm::default()
    };
    act!(house.clinic, doctor, EnterLabs, labs::enter_report, house.patient, report).expect("enters");
    let deleted = sqlx::query("delete from lab_result").execute(&mut *tx).await.expect("is allowed").rows_affected();
    assert_eq!(deleted, 0);
}

#[tokio::test]
async fn a_document_about_somebody_born_on_another_day_is_nowhere_and_a_letter_assigned_by_hand_only_read() {
    let house = House::new().await;
    let mut bundle = clins("AllergyIntolerance", "a", vec![allergy("くるみ", "food", None)]);
    bundle["entry"][0]["resource"]["birthDate"] = json!("1981-03-03");
    let receipt = house.shelf.share(Place::Shared, &bundle);
    assert_eq!(house.ask().await, Asked::Read { documents: 0, fresh: 0, refused: 0, gone: 0 });
    assert!(house.view().await.documents.is_empty());

    house.shelf.address(&receipt);
    let inbox = house.clinic.check_inbox(Some(&house.desk), "test").await.expect("answers");
    let [letter] = &inbox.letters[..] else { panic!("{inbox:#?}") };
    assert_eq!(letter.patient, None);
    let desk = house.at.one(Role::Reception);
    act!(house.clinic, desk, SortInbox, outside::assign_incoming, letter.id, Some(house.patient)).expect("assigns");
    let document = house.view().await.documents.remove(0);
    assert!(matches!(standing(&document, 0), Standing::ReadOnly { why } if why.contains("1981-03-03")), "{document:#?}");
    let refused = house.take(Role::Doctor, &document, &[document.entries[0].index]).await;
    assert!(matches!(refused, Err(AppError::Conflict { .. })), "{refused:?}");
    let none = house.take(Role::Doctor, &document, &[77]).await;
    assert_eq!(none.err(), Some(AppError::NotFound));
}

#[tokio::test]
async fn nothing_is_taken_over_from_what_its_sender_took_back_and_what_was_can_be_given_back() {
    let house = House::new().await;
    let bundle = clins("AllergyIntolerance", "a", vec![allergy("くるみ", "food", None), allergy("牛乳", "food", None)]);
    let document = house.shown(&bundle).await;
    let [first, second] = [document.entries[0].index, document.entries[1].index];
    house.take(Role::Doctor, &document, &[first]).await.expect("takes over");
    house.shelf.share(Place::Shared, &clins("AllergyIntolerance", "a", vec![allergy("牛乳", "food", None)]));
    house.ask().await;
    let me = house.at.one(Role::Doctor);
    let refused = act!(house.clinic, me, ReadOutside, outside::take_over, house.patient, document.id, vec![second]);
    assert!(matches!(&refused, Err(AppError::Conflict { message }) if message.contains("差し替えた")), "{refused:?}");
    house.clinic.set_consent(Some(&house.desk), "test", house.patient, false).await.expect("records");
    let back = act!(house.clinic, me, ReadOutside, outside::take_back, house.patient, document.id, vec![first]);
    assert!(!back.expect("takes back").consent);
    assert!(house.chart().await.allergies.is_empty());
}
