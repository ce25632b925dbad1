//! The lists of diagnoses and allergies: told the same day, as one document, and taken back when they are empty.

use crate::{House, act, later, scripted::Call, support};
use clinic::policy::*;
use model::{insurance::InsuranceForm, share::*};

fn conditions(call: &Call) -> usize {
    let Call::Register { document, .. } = call else { panic!("{call:?}") };
    let entries = document["entry"].as_array().expect("entries");
    entries.iter().filter(|entry| entry["resource"]["resourceType"] == "Condition").count()
}

#[tokio::test]
async fn a_burst_of_changes_outside_of_a_visit_is_one_document() {
    let house = House::new().await;
    house.diagnose("高血圧症").await;
    assert!(house.after(60).await.is_empty());
    house.diagnose("脂質異常症").await;
    assert!(house.after(150).await.is_empty(), "the last change counts");
    let list = house.diagnose("２型糖尿病").await;
    house.flag(&list[0], Flags { long_term: true, ..Flags::default() }).await;
    assert!(house.shared().await.is_empty(), "nothing is built before it is due");
    house.clock.set(later(150 + 120));
    assert_eq!(crate::scripted::all(&house.clinic, &house.platform).await, 1);
    let calls = house.platform.calls();
    assert_eq!(conditions(&calls[0]), 3);
    assert!(matches!(house.state(ShareKind::Diagnoses).await, ShareState::Sent { .. }));
    assert_eq!(house.platform.take_calls(), [format!("register {}", house.list('D'))]);
    assert!(house.after(3600).await.is_empty(), "once");
}

#[tokio::test]
async fn during_a_visit_its_confirmation_is_waited_for_until_the_evening() {
    let house = House::new().await;
    let visit = house.check_in().await;
    house.diagnose("高血圧症").await;
    house.allergic_to("くるみ").await;
    assert!(house.after(3600).await.is_empty());
    house.confirm(visit).await;
    let told = [format!("register {}", house.list('A')), format!("register {}", house.list('D'))];
    assert_eq!(house.after(3601).await, told);
    assert!(house.after(11 * 3600).await.is_empty(), "the evening finds nothing left");

    // A visit that nobody confirms: at eight in the evening what changed is told all the same.
    let house = House::new().await;
    house.check_in().await;
    house.diagnose("高血圧症").await;
    let eight = 9 * 3600 + 45 * 60;
    assert!(house.after(eight - 1).await.is_empty());
    assert_eq!(house.after(eight).await, [format!("register {}", house.list('D'))]);
    house.diagnose("脂質異常症").await;
    assert_eq!(house.after(eight + 119).await, [""; 0]);
    assert_eq!(house.after(eight + 120).await, [format!("register {}", house.list('D'))]);
}

#[tokio::test]
async fn a_list_that_became_empty_is_taken_back() {
    let house = House::new().await;
    let allergy = house.allergic_to("くるみ").await.remove(0);
    act!(house.clinic, house.doctor, RecordAllergy, allergies::remove_allergy, allergy.id, allergy.version).expect("removes");
    assert!(house.after(200).await.is_empty(), "what was never told is not taken back");

    let allergy = house.allergic_to("くるみ").await.remove(0);
    house.after(400).await;
    act!(house.clinic, house.doctor, RecordAllergy, allergies::remove_allergy, allergy.id, allergy.version).expect("removes");
    assert_eq!(house.after(600).await, [format!("cancel {}", house.list('A'))]);
    assert!(matches!(house.state(ShareKind::Allergies).await, ShareState::Cancelled { receipt } if receipt.starts_with("R-")));
    assert!(house.platform.held().is_empty());
    house.allergic_to("くるみ").await;
    assert_eq!(house.after(800).await, [format!("register {}", house.list('A'))]);
    assert_eq!(house.shared().await.len(), 1, "it is the same document");
}

#[tokio::test]
async fn a_change_of_insurance_takes_back_under_the_old_member() {
    let house = House::new().await;
    house.diagnose("高血圧症").await;
    house.clock.set(later(200));
    crate::scripted::all(&house.clinic, &house.platform).await;
    let day = 24 * 3600;
    house.clock.set(later(day));
    let card = InsuranceForm {
        insurer: "06130488".into(),
        symbol: "77".into(),
        number: "8899".into(),
        branch: "02".into(),
        relation: "insured".into(),
        share: "30".into(),
        valid_from: "2026-07-11".into(),
        ..Default::default()
    };
    act!(house.clinic, house.desk, RegisterPatient, patients::add_insurance, house.patient, card).expect("adds");
    let visit = house.check_in().await;
    house.confirm(visit).await;
    crate::scripted::all(&house.clinic, &house.platform).await;
    let calls = house.platform.calls();
    let [
        Call::Register { member_id: first, identifier, .. },
        Call::Cancel { target, .. },
        Call::Register { member_id: second, identifier: again, .. },
    ] = &calls[..]
    else {
        panic!("{calls:?}")
    };
    assert_eq!((&target.member_id, &target.identifier), (first, identifier));
    assert_ne!(first, second);
    assert!(second.contains(":77:8899:"), "{second}");
    assert_eq!(identifier, again, "the identity stays");

    // The next time nothing is in the way.
    house.diagnose("脂質異常症").await;
    assert_eq!(house.after(day + 50_000).await.last(), Some(&format!("register {}", house.list('D'))));
    assert_eq!(house.platform.held().len(), 1);
}

#[tokio::test]
async fn flags_are_told_and_taken_away_again() {
    let house = House::new().await;
    let diagnosis = house.diagnose("胃癌").await.remove(0);
    let flags = Flags { uninformed: true, undelivered: true, long_term: false };
    let flagged = house.flag(&diagnosis, flags).await.remove(0);
    assert_eq!(flagged.flags, flags);
    let stale = act!(
        house.clinic,
        house.doctor,
        CodeDiagnosis,
        diagnoses::flag_diagnosis,
        diagnosis.id,
        Flags::default(),
        diagnosis.version
    );
    assert!(matches!(stale, Err(model::AppError::Stale { .. })), "{stale:?}");
    house.after(200).await;
    let tags = |house: &House| {
        let held = house.platform.held();
        let bundle = held.values().next().expect("a document").clone();
        bundle["entry"][1]["resource"]["meta"]["tag"].as_array().map_or(0, Vec::len)
    };
    assert_eq!(tags(&house), 2);
    house.flag(&flagged, Flags::default()).await;
    house.after(400).await;
    assert_eq!(tags(&house), 0);
    // A document by the later profiles carries the flags as well.
    let clinic = house.clinic.clone().with_profiles(fhir::Version::V1_11);
    let house = House { clinic, ..house };
    house.flag(&house.diagnose("高血圧症").await.remove(0), flags).await;
    house.after(600).await;
    assert_eq!(house.platform.held().len(), 1);
}

#[tokio::test]
async fn what_is_not_to_be_told_is_flagged_at_the_platform_at_once() {
    let house = House::new().await;
    let diagnosis = house.diagnose("胃癌").await.remove(0);
    assert_eq!(house.after(200).await.len(), 1);
    let visit = house.check_in().await;
    house.flag(&diagnosis, Flags { uninformed: true, ..Flags::default() }).await;
    assert_eq!(house.after(201).await, [format!("register {}", house.list('D'))], "the visit is not waited for");
    let held = house.platform.held();
    let bundle = held.values().next().expect("the list");
    assert_eq!(bundle["entry"][1]["resource"]["meta"]["tag"][0]["code"], "UNINFORMED");
    // A list that was never told waits as ever.
    house.confirm(visit).await;
    let house = House::new().await;
    house.check_in().await;
    let diagnosis = house.diagnose("胃癌").await.remove(0);
    house.flag(&diagnosis, Flags { uninformed: true, ..Flags::default() }).await;
    assert!(house.after(300).await.is_empty());
}

#[tokio::test]
async fn what_is_due_is_made_behind_who_puts_something_in() {
    let house = House::new().await;
    house.diagnose("高血圧症").await;
    house.clock.set(later(200));
    // A confirmation in its midst: it holds the queue, and has not come to what is due yet.
    let mut tx = house.clinic.pool().begin().await.expect("begins");
    let tenant = house.doctor.clinic.to_string();
    sqlx::query("select set_config('app.clinic_id', $1, true)").bind(tenant).execute(&mut *tx).await.expect("sets");
    let lock = "select pg_advisory_xact_lock(hashtextextended($1, 0))";
    sqlx::query(lock).bind(house.patient.to_string()).execute(&mut *tx).await.expect("locks");
    let worker = {
        let (clinic, platform) = (house.clinic.clone(), house.platform.clone());
        tokio::spawn(async move { crate::scripted::once(&clinic, &platform).await })
    };
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    let delete = "delete from share_due where clinic_id = current_clinic() and patient_id = $1";
    let done = sqlx::query(delete).bind(house.patient.0).execute(&mut *tx).await.expect("nobody holds it");
    assert_eq!(done.rows_affected(), 1);
    tx.commit().await.expect("commits");
    assert_eq!(worker.await.expect("does not panic"), 0, "the confirmation did it");
}

#[tokio::test]
async fn what_is_missing_leads_to_where_it_is_mended_and_goes_out() {
    let house = House::new().await;
    house.sql("update insurance set valid_to = '2026-05-01' where patient_id = $1", house.patient.0).await;
    house.diagnose("高血圧症").await;
    assert!(house.after(200).await.is_empty(), "nothing leaves that does not validate");
    let ShareState::Refused { reasons } = house.state(ShareKind::Diagnoses).await else { panic!("refused") };
    assert_eq!(reasons.iter().map(|mend| mend.place).collect::<Vec<_>>(), [Some(Place::Insurance)]);
    assert!(!reasons[0].message.is_empty() && !reasons[0].field.is_empty());
    let card = InsuranceForm { valid_from: "2026-07-01".into(), symbol: "9".into(), ..support::form("", "").insurance };
    act!(house.clinic, house.desk, RegisterPatient, patients::add_insurance, house.patient, card).expect("adds");
    // With the card it goes out by itself.
    assert_eq!(house.after(201).await, [format!("register {}", house.list('D'))]);
    assert_eq!(house.shared().await.len(), 1);
}
