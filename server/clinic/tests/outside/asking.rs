//! Asking, and what is kept of what comes: whole, also what is broken, older or unknown.

use crate::{
    House, act,
    bundle::{allergy, clins, condition, observation},
    shelf::Place,
    support::form,
};
use clinic::{policy::*, testing::found};
use fhir::uri;
use model::{AppError, outside::*, patient::Registration, share::*, staff::Role};
use serde_json::json;
use std::sync::atomic::Ordering;

const AT: &str = "2026-07-01T09:00:00+09:00";

#[tokio::test]
async fn what_comes_is_counted_kept_and_let_go_of() {
    let house = House::new().await;
    assert_eq!(house.ask().await, Asked::Read { documents: 0, fresh: 0, refused: 0, gone: 0 });

    let walnuts = allergy("くるみ", "food", None);
    let first = house.shelf.share(Place::Shared, &clins("AllergyIntolerance", "a", vec![walnuts.clone()]));
    let second = house.shelf.share(Place::Shared, &clins("Condition", "d", vec![condition("頭痛", &[], "2026-01-01")]));
    assert_eq!(house.ask().await, Asked::Read { documents: 2, fresh: 2, refused: 0, gone: 0 });
    assert_eq!(house.ask().await, Asked::Read { documents: 2, fresh: 0, refused: 0, gone: 0 });
    assert_eq!(*house.shelf.fetched.lock().expect("free"), [second.clone(), first.clone()], "each fetched once");

    // A newer version takes the place of the older: that is no loss.
    let milk = allergy("牛乳", "food", None);
    house.shelf.share(Place::Shared, &clins("AllergyIntolerance", "a", vec![walnuts, milk]));
    assert_eq!(house.ask().await, Asked::Read { documents: 2, fresh: 1, refused: 0, gone: 0 });
    let view = house.view().await;
    let lists: Vec<_> = view.documents.iter().filter(|d| d.kind == Some(ShareKind::Allergies)).collect();
    assert!(lists.len() == 1 && lists[0].entries.len() == 2, "{view:#?}");

    house.shelf.cancel(&second);
    assert_eq!(house.ask().await, Asked::Read { documents: 1, fresh: 0, refused: 0, gone: 1 });
    assert_eq!(house.view().await.documents.len(), 1, "what was taken back disappears");
}

#[tokio::test]
async fn a_broken_document_is_kept_and_shown_with_its_reasons() {
    let house = House::new().await;
    house.shelf.put(Place::Shared, "x-1", "{\"resourceType\": \"Bundle\", ");
    house.shelf.put(Place::Shared, "x-2", vec![0xff, 0xfe, 0x00]);
    let mut astray = clins("Condition", "x-3", vec![condition("頭痛\u{0}", &[], "2026-01-01")]);
    astray["entry"][2]["resource"]["subject"]["reference"] = json!("urn:uuid:99999999-0000-4000-8000-000000000009");
    house.shelf.share(Place::Shared, &astray);
    house.shelf.share(Place::Shared, &clins("Condition", "good\u{0}", vec![condition("頭\u{0}痛", &[], "2026-01-01")]));
    let Asked::Read { documents: 4, fresh: 4, refused, gone: 0 } = house.ask().await else { panic!("not read") };
    assert!(refused >= 2, "{refused}");
    let view = house.view().await;
    assert_eq!(view.documents.len(), 4);
    let broken: Vec<_> = view.documents.iter().filter(|d| !d.refused.is_empty()).collect();
    assert_eq!(broken.len(), refused as usize);
    assert!(
        broken
            .iter()
            .all(|d| d.entries.is_empty() && ["みなと総合病院", "医療機関番号 1410000029"].contains(&d.institution.as_str())),
        "{broken:#?}"
    );
    assert!(broken.iter().any(|d| d.refused.iter().any(|r| r.contains("JSONとして読めません"))), "{broken:#?}");
    let nothing =
        act!(house.clinic, house.at.one(Role::Doctor), ReadOutside, outside::take_over, house.patient, broken[0].id, vec![0]);
    assert!(matches!(nothing, Err(AppError::Conflict { .. })), "{nothing:?}");
}

#[tokio::test]
async fn older_profiles_unknown_codes_and_missing_parts_are_kept_and_shown() {
    let house = House::new().await;
    let mut old = clins(
        "Condition",
        "old",
        vec![
            condition("めずらしい病", &[(uri::DISEASE_KEY, "12345678"), ("urn:oid:1.2.3", "ZZ")], "2026-01-01"),
            condition("コードのない病", &[], "2025"),
            json!({ "resourceType": "Immunization", "status": "completed", "vaccineCode": { "text": "インフルエンザワクチン" },
                    "patient": { "reference": "urn:uuid:10000000-0000-4000-8000-000000000001" }, "occurrenceDateTime": "2025-11-01" }),
        ],
    );
    old["meta"]["profile"] = json!([format!("{}|1.3.0", uri::BUNDLE_CLINS)]);
    let mut nameless = clins("Observation", "bare", vec![observation("X1", None, "3.5", "", AT)]);
    // A document without an institution and without a time.
    nameless["entry"].as_array_mut().expect("entries").remove(1);
    nameless.as_object_mut().expect("a bundle").remove("timestamp");
    let mut unknown = clins("", "unknown", vec![condition("何か", &[], "2026-01-01")]);
    unknown["meta"] = json!({ "profile": ["http://example.jp/StructureDefinition/Something"] });
    for bundle in [&old, &nameless, &unknown] {
        house.shelf.share(Place::Shared, bundle);
    }
    assert_eq!(house.ask().await, Asked::Read { documents: 3, fresh: 3, refused: 0, gone: 0 });
    let view = house.view().await;
    let text = format!("{view:?}");
    for words in ["めずらしい病", "コードのない病", "Immunization インフルエンザワクチン", "みなと総合病院"]
    {
        assert!(text.contains(words), "{words} in {view:#?}");
    }
    let old = view.documents.iter().find(|d| d.kind == Some(ShareKind::Diagnoses) && d.entries.len() == 2).expect("the old");
    assert!(!old.notes.is_empty(), "what breaks the profile is said");
    let why = |index: usize| match &old.entries[index].standing {
        Standing::ReadOnly { why } => why.clone(),
        other => panic!("{other:?}"),
    };
    assert!(why(0).contains("12345678") && why(1).contains("病名コードがない"), "{old:#?}");
    assert!(view.documents.iter().any(|d| d.kind.is_none()));
    assert!(view.documents.iter().all(|d| d.institution == "みなと総合病院"), "known by its number: {view:#?}");
}

#[tokio::test]
async fn on_a_card_that_a_family_shares_each_document_finds_who_was_born_that_day() {
    let house = House::new().await;
    // The husband, on the same card: the platform lists what it has of both.
    let mut his = form("ヤマダ", "タロウ");
    (his.given, his.sex, his.birth_date) = ("太郎".into(), "male".into(), "S54.1.1".into());
    let registered = act!(house.clinic, house.at.one(Role::Reception), RegisterPatient, patients::register, his, true);
    let Ok(Registration::Registered { patient: husband, .. }) = registered else { panic!("{registered:?}") };
    house.clinic.set_consent(Some(&house.desk), "test", husband, true).await.expect("records");
    let ask =
        async |patient| house.clinic.ask_outside(Some(&house.desk), "test", patient, Purpose::Treatment).await.expect("answers");
    let wifes = clins("Condition", "wife", vec![condition("頭痛", &[], "2026-01-01")]);
    let mut husbands = clins("Condition", "husband", vec![condition("腰痛", &[], "2026-01-01")]);
    husbands["entry"][0]["resource"]["birthDate"] = json!("1979-01-01");
    // One that does not say when the patient was born is whose it was asked for first, for good.
    let mut silent = clins("Condition", "silent", vec![condition("咳", &[], "2026-01-01")]);
    silent["entry"][0]["resource"].as_object_mut().expect("a patient").remove("birthDate");
    for bundle in [&wifes, &husbands, &silent] {
        house.shelf.share(Place::Shared, bundle);
    }
    for _ in 0..2 {
        assert!(matches!(ask(husband).await, Asked::Read { documents: 2, gone: 0, .. }));
        assert!(matches!(ask(house.patient).await, Asked::Read { documents: 1, gone: 0, .. }));
        let (hers, his) = (house.view().await, crate::view(&house.clinic, &house.at, husband).await);
        let (hers, his) = (format!("{:?}", hers.documents), format!("{:?}", his.documents));
        assert!(hers.contains("頭痛") && !hers.contains("腰痛") && !hers.contains('咳'), "{hers}");
        assert!(his.contains("腰痛") && his.contains('咳') && !his.contains("頭痛"), "{his}");
    }
}

#[tokio::test]
async fn after_a_change_of_insurance_what_was_listed_under_the_old_card_stands() {
    let house = House::new().await;
    let old = house.shelf.share(Place::Shared, &clins("Condition", "old", vec![condition("頭痛", &[], "2026-01-01")]));
    assert!(matches!(house.ask().await, Asked::Read { documents: 1, .. }));
    let desk = house.at.one(Role::Reception);
    let mut tx = house.clinic.pool().begin().await.expect("begins");
    sqlx::query("select set_config('app.clinic_id', $1, true)")
        .bind(desk.clinic.to_string())
        .execute(&mut *tx)
        .await
        .expect("sets");
    sqlx::query("update insurance set number = '7777'").execute(&mut *tx).await.expect("another card");
    tx.commit().await.expect("commits");
    // The platform knows nothing under the new card yet.
    house.shelf.cancel(&old);
    assert_eq!(house.ask().await, Asked::Read { documents: 0, fresh: 0, refused: 0, gone: 0 });
    assert_eq!(house.view().await.documents.len(), 1, "not taken back: not asked about");
}

#[tokio::test]
async fn a_fault_on_the_way_keeps_what_came_and_the_next_asking_goes_on() {
    let house = House::new().await;
    let receipts: Vec<String> = (0..9)
        .map(|n| {
            let bundle = clins("AllergyIntolerance", &format!("a-{n}"), vec![allergy(&format!("物質{n}"), "food", None)]);
            house.shelf.share(Place::Shared, &bundle)
        })
        .collect();
    house.shelf.stuck.lock().expect("free").push(receipts[4].clone());
    let Asked::Unreachable { problem } = house.ask().await else { panic!("a fault") };
    assert_eq!(problem.kind, ProblemKind::Platform);
    let kept = house.view().await.documents.len();
    assert!((1..9).contains(&kept), "{kept}");
    house.shelf.stuck.lock().expect("free").clear();
    assert_eq!(house.ask().await, Asked::Read { documents: 9, fresh: 9 - kept as u32, refused: 0, gone: 0 });

    house.shelf.down.store(true, Ordering::SeqCst);
    let Asked::Unreachable { problem } = house.ask().await else { panic!("nobody answers") };
    assert_eq!(problem.kind, ProblemKind::Network);
    assert_eq!(house.view().await.documents.len(), 9, "what is here can be read without a line");
}

#[tokio::test]
async fn the_purpose_is_on_record_and_who_is_not_known_is_not_asked_about() {
    let house = House::new().await;
    let asked = house.clinic.ask_outside(Some(&house.nurse), "test", house.patient, Purpose::Emergency).await.expect("answers");
    assert!(matches!(asked, Asked::Read { .. }), "{asked:?}");
    assert_eq!(*house.shelf.purposes.lock().expect("free"), [Purpose::Emergency]);
    let trail = act!(house.clinic, house.at.one(Role::Administrator), Administer, audit::audit_trail, None).expect("reads");
    assert!(trail.iter().any(|row| row.action == "outside.ask" && row.detail == "救急"), "{trail:#?}");
    let asked = house.view().await.asked.expect("was asked");
    assert_eq!((asked.1.as_str(), asked.2), ("看護師 試験", Purpose::Emergency));

    // Who has no insurance is not known to the platform; who is another clinic's is not known here.
    let mut form = form("スズキ", "イチロウ");
    form.insurance = Default::default();
    form.subsidy = Default::default();
    let registered = act!(house.clinic, house.at.one(Role::Reception), RegisterPatient, patients::register, form, true);
    let Ok(Registration::Registered { patient, .. }) = registered else { panic!("{registered:?}") };
    house.clinic.set_consent(Some(&house.desk), "test", patient, true).await.expect("records");
    let ask = async |cookie: &str| house.clinic.ask_outside(Some(cookie), "test", patient, Purpose::Treatment).await;
    assert_eq!(ask(&house.desk).await, Ok(Asked::NoInsurance));
    let other = found(&house.clinic, "minato").await;
    let other = other.cookie(&house.clinic, Role::Doctor).await;
    assert_eq!(ask(&other).await, Err(AppError::NotFound));
}

#[tokio::test]
async fn a_consent_revoked_at_the_platform_is_not_granted_by_us() {
    let house = House::new().await;
    let who = model::codes::InstitutionNumber("1310000001".into());
    links::RecordSharing::set_consent(house.shelf.as_ref(), &who, "", false).await.expect("revoked there");
    assert_eq!(house.ask().await, Asked::NoConsent);
    clinic::outside::once(&house.clinic, house.shelf.as_ref(), true).await.expect("looks");
    assert_eq!(house.ask().await, Asked::NoConsent);
    // The patient consents here once more.
    house.clinic.set_consent(Some(&house.desk), "test", house.patient, true).await.expect("records");
    assert!(matches!(house.ask().await, Asked::Read { .. }));
}

#[tokio::test]
async fn what_could_not_be_told_of_a_consent_is_told_later() {
    let house = House::new().await;
    let turn = async || {
        clinic::outside::once(&house.clinic, house.shelf.as_ref(), false).await.expect("looks");
    };
    let set = async |given| {
        house.clinic.set_consent(Some(&house.desk), "test", house.patient, given).await.expect("records");
    };
    house.shelf.down.store(true, Ordering::SeqCst);
    set(false).await;
    turn().await;
    house.shelf.down.store(false, Ordering::SeqCst);
    assert!(house.shelf.consents(), "nobody could be told");
    turn().await;
    assert!(!house.shelf.consents(), "the watcher tells of a consent taken back");

    house.shelf.down.store(true, Ordering::SeqCst);
    set(true).await;
    assert!(matches!(house.ask().await, Asked::Unreachable { .. }));
    house.shelf.down.store(false, Ordering::SeqCst);
    assert!(matches!(house.ask().await, Asked::Read { .. }), "a consent is told before the reading");
}

#[tokio::test]
async fn an_asking_that_is_cut_off_stands_on_record() {
    let house = House::new().await;
    house.shelf.hang.store(true, Ordering::SeqCst);
    let asking = house.clinic.ask_outside(Some(&house.desk), "test", house.patient, Purpose::Emergency);
    let cut = tokio::time::timeout(std::time::Duration::from_secs(2), asking).await;
    assert!(cut.is_err(), "{cut:?}");
    let asked = house.view().await.asked.expect("is on record");
    assert_eq!((asked.1.as_str(), asked.2), ("受付 試験", Purpose::Emergency));
    let account = act!(house.clinic, house.at.one(Role::Reception), PrintAccount, sharing::account, house.patient);
    assert_eq!(account.expect("prints").looks.len(), 1);
}
