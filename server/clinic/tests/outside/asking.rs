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
async fn the_purpose_is_on_record_and_a_consent_is_told_again() {
    let house = House::new().await;
    // The platform has forgotten.
    let who = model::codes::InstitutionNumber("1310000001".into());
    links::RecordSharing::set_consent(house.shelf.as_ref(), &who, "", false).await.expect("forgets");
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
