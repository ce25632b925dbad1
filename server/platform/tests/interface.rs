//! The interface of the stand-in, spoken by the adapter that the clinics use.

use chrono::{DateTime, TimeZone, Utc};
use links::{Credentials, Fault, HttpSharing, RecordSharing, SharingError};
use model::codes::InstitutionNumber;
use platform::{Options, Platform, router};
use serde_json::{Value, json};
use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};
use uuid::Uuid;

/// A directory of one test, removed when it is over.
struct Room(PathBuf);

impl Room {
    fn new() -> Self {
        let dir = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("platform-{}", Uuid::new_v4()));
        std::fs::create_dir_all(&dir).expect("the build directory can be written");
        Self(dir)
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn noon() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 7, 10, 3, 0, 0).single().expect("an instant")
}

/// A running stand-in over a directory.
async fn start(dir: &Path, allow_faults: bool) -> (String, HttpSharing) {
    let options = Options { allow_faults, ..Options::default() };
    let platform = Platform::open(dir, options, Arc::new(noon)).expect("a directory");
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = format!("http://{}", listener.local_addr().expect("an address"));
    tokio::spawn(async move { axum::serve(listener, router(Arc::new(platform))).await });
    let sharing = HttpSharing::new(&address, Duration::from_secs(3)).expect("an address");
    (address, sharing)
}

fn who(number: &str) -> Credentials {
    Credentials { institution: InstitutionNumber(number.into()), token: format!("secret-{number}") }
}

const A: &str = "1310000011";
const B: &str = "1410000029";
const MEMBER: &str = "06130488:あいう:187:05";

/// A small valid document: one allergy.
fn document(institution: &str, suffix: &str, allergen: &str) -> Value {
    let extension = json!([
        { "url": fhir::uri::EXT_INSTITUTION,
          "valueIdentifier": { "system": fhir::uri::INSTITUTION_NUMBER, "value": institution } }
    ]);
    json!({
        "resourceType": "Bundle",
        "meta": {
            "lastUpdated": "2026-07-10T12:00:00.000+09:00",
            "profile": [fhir::uri::BUNDLE_CLINS],
            "tag": [{ "system": fhir::uri::BUNDLE_RESOURCE_TYPE, "code": "AllergyIntolerance" }],
        },
        "identifier": { "system": fhir::uri::BUNDLE_IDENTIFIER, "value": format!("{institution}^2026^{suffix}") },
        "type": "collection",
        "timestamp": "2026-07-10T12:00:00.000+09:00",
        "entry": [
            { "fullUrl": "urn:uuid:10000000-0000-4000-8000-000000000001", "resource": {
                "resourceType": "Patient",
                "meta": { "lastUpdated": "2026-07-10T12:00:00.000+09:00", "profile": [fhir::uri::PATIENT] },
                "identifier": [{ "system": fhir::uri::MEMBER_ID, "value": MEMBER }],
                "name": [{ "extension": [{ "url": fhir::uri::EXT_NAME_REPRESENTATION, "valueCode": "IDE" }],
                           "text": "山田 太郎", "family": "山田", "given": ["太郎"] }],
                "gender": "male",
                "birthDate": "1981-03-02",
                "address": [{ "text": "東京都" }],
            } },
            { "fullUrl": "urn:uuid:10000000-0000-4000-8000-000000000002", "resource": {
                "resourceType": "AllergyIntolerance",
                "meta": { "lastUpdated": "2026-07-10T12:00:00.000+09:00", "profile": [fhir::uri::ALLERGY] },
                "extension": extension,
                "identifier": [{ "system": fhir::uri::RESOURCE_IDENTIFIER, "value": "1" }],
                "clinicalStatus": { "coding": [{ "system": "http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical", "code": "active" }] },
                "category": ["food"],
                "code": { "coding": [{ "system": fhir::uri::ALLERGEN_FOOD, "code": "J9FC11310000", "display": allergen }], "text": allergen },
                "patient": { "reference": "urn:uuid:10000000-0000-4000-8000-000000000001" },
            } },
        ],
    })
}

#[tokio::test]
async fn takes_repeats_and_replaces() {
    let room = Room::new();
    let (_, sharing) = start(&room.0, false).await;
    let first = sharing.register(&who(A), &document(A, "x1", "さば"), "key-1").await.expect("taken");
    assert_eq!((first.receipt.as_str(), first.replaced), ("20260710-00000001", false));
    let again = sharing.register(&who(A), &document(A, "x1", "さば"), "key-1").await.expect("taken");
    assert_eq!((&again.receipt, again.replaced), (&first.receipt, false), "the same key gives the same receipt");
    let newer = sharing.register(&who(A), &document(A, "x1", "あじ"), "key-2").await.expect("taken");
    assert_ne!(newer.receipt, first.receipt);
    assert!(newer.replaced);
    let stored = sharing.fetch(&who(A), &newer.receipt).await.expect("its own");
    assert_eq!(stored["entry"][1]["resource"]["code"]["text"], "あじ");
    assert_eq!(sharing.fetch(&who(A), &first.receipt).await, Err(SharingError::NotFound), "the earlier one is gone");
}

#[tokio::test]
async fn refuses_with_rule_and_field() {
    let room = Room::new();
    let (address, sharing) = start(&room.0, false).await;
    let mut broken = document(A, "x1", "さば");
    broken["entry"][0]["resource"]["identifier"][0]["value"] = json!("6130488:a:b:c");
    let Err(SharingError::Refused { reasons }) = sharing.register(&who(A), &broken, "k").await else { panic!("refused") };
    assert_eq!(reasons[0].rule, "R1013");
    assert!(reasons[0].chart_field.contains("保険") && reasons[0].path.starts_with("Bundle.entry[0]"), "{reasons:?}");
    let Err(SharingError::Refused { reasons }) = sharing.register(&who(B), &document(A, "x1", "さば"), "k").await else {
        panic!("another institution's document is refused")
    };
    assert_eq!(reasons[0].rule, "PF-SENDER");
    let Err(SharingError::Refused { reasons }) = sharing.register(&who(A), &json!({ "resourceType": "Patient" }), "k").await
    else {
        panic!("no bundle")
    };
    assert_eq!(reasons[0].rule, "PF-PROFILE");
    let mut heavy = document(A, "x1", "さば");
    heavy["entry"][1]["resource"]["note"] = json!([{ "text": "あ".repeat(4_000_000) }]);
    assert_eq!(sharing.register(&who(A), &heavy, "k").await, Err(SharingError::TooLarge));
    let page = get(&address, "/").await;
    assert!(page.contains("まだ文書はありません"), "nothing was kept: {page}");
}

#[tokio::test]
async fn knows_institutions_by_their_secret() {
    let room = Room::new();
    let (_, sharing) = start(&room.0, false).await;
    sharing.register(&who(A), &document(A, "x1", "さば"), "k").await.expect("taken");
    let thief = Credentials { token: "guess".into(), ..who(A) };
    assert_eq!(sharing.register(&thief, &document(A, "x2", "さば"), "k").await, Err(SharingError::NotAuthorised));
    let nobody = Credentials { institution: InstitutionNumber("12".into()), token: "t".into() };
    assert_eq!(sharing.list(&nobody, MEMBER).await, Err(SharingError::NotAuthorised));
}

#[tokio::test]
async fn others_read_with_consent_only() {
    let room = Room::new();
    let (address, sharing) = start(&room.0, false).await;
    let receipt = sharing.register(&who(A), &document(A, "x1", "さば"), "k1").await.expect("taken").receipt;
    sharing.register(&who(B), &document(B, "y1", "えび"), "k2").await.expect("taken");
    assert_eq!(sharing.list(&who(B), MEMBER).await, Err(SharingError::NoConsent));
    assert_eq!(sharing.fetch(&who(B), &receipt).await, Err(SharingError::NoConsent));
    sharing.set_consent(&who(B), MEMBER, true).await.expect("recorded");
    let listed = sharing.list(&who(B), MEMBER).await.expect("with consent");
    assert_eq!(listed.len(), 1, "its own is left out: {listed:?}");
    assert_eq!((listed[0].institution.as_str(), listed[0].kind), (A, Some(model::share::ShareKind::Allergies)));
    let read = fhir::read::document(&sharing.fetch(&who(B), &receipt).await.expect("with consent")).expect("a bundle");
    assert_eq!(read.lines, ["食品: さば"]);
    sharing.set_consent(&who(B), MEMBER, false).await.expect("taken back");
    assert_eq!(sharing.list(&who(B), MEMBER).await, Err(SharingError::NoConsent));
    assert!(matches!(sharing.set_consent(&who(B), "nonsense", true).await, Err(SharingError::Refused { .. })));
    let page = get(&address, "/").await;
    assert!(page.contains(A) && page.contains("アレルギー 1") && !page.contains("山田"), "{page}");
    assert_eq!(get(&address, "/healthz").await, "ok");
}

#[tokio::test]
async fn only_the_owner_cancels() {
    let room = Room::new();
    let (_, sharing) = start(&room.0, false).await;
    let receipt = sharing.register(&who(A), &document(A, "x1", "さば"), "k").await.expect("taken").receipt;
    let identifier = format!("{A}^2026^x1");
    assert_eq!(sharing.cancel(&who(B), &identifier).await, Err(SharingError::NotFound));
    sharing.cancel(&who(A), &identifier).await.expect("cancelled");
    assert_eq!(sharing.fetch(&who(A), &receipt).await, Err(SharingError::NotFound));
}

#[tokio::test]
async fn everything_is_there_after_a_sudden_end() {
    let room = Room::new();
    let receipt = {
        let (_, sharing) = start(&room.0, false).await;
        sharing.set_consent(&who(B), MEMBER, true).await.expect("recorded");
        sharing.register(&who(A), &document(A, "x1", "さば"), "k").await.expect("taken").receipt
    };
    // A write that was cut short by a kill leaves a file beside the place; it is swept away.
    let torn = room.0.join("documents/1310000011_2026_x9.new");
    std::fs::write(&torn, "{\"half\":").expect("own directory");
    let (_, sharing) = start(&room.0, false).await;
    assert_eq!(sharing.list(&who(B), MEMBER).await.expect("with consent")[0].receipt, receipt);
    assert!(!torn.exists());
    let thief = Credentials { token: "guess".into(), ..who(A) };
    assert_eq!(sharing.fetch(&thief, &receipt).await, Err(SharingError::NotAuthorised), "secrets are remembered");
    let next = sharing.register(&who(A), &document(A, "x2", "さば"), "k2").await.expect("taken").receipt;
    assert_eq!(next, "20260710-00000002", "numbers go on");
}

#[tokio::test]
async fn faults_are_told_apart_and_a_repeat_does_not_double() {
    let room = Room::new();
    let (address, sharing) = start(&room.0, true).await;
    let document = document(A, "x1", "さば");
    let sender = who(A);
    let register = || sharing.register(&sender, &document, "key-1");
    order(&address, json!({ "next": "500", "count": 1 }), 204).await;
    assert_eq!(register().await, Err(SharingError::Fault(Fault::Server { status: 500 })));
    order(&address, json!({ "next": "timeout", "count": 1 }), 204).await;
    assert_eq!(register().await, Err(SharingError::Fault(Fault::Timeout)));
    order(&address, json!({ "next": "cut", "count": 1 }), 204).await;
    assert_eq!(register().await, Err(SharingError::Fault(Fault::Garbled)));
    // The cut one had arrived: the repeat gets its receipt, number one.
    assert_eq!(register().await.expect("taken").receipt, "20260710-00000001");
    assert!(get(&address, "/").await.contains("アレルギー 1"));
}

#[tokio::test]
async fn faults_cannot_be_ordered_unless_allowed() {
    let room = Room::new();
    let (address, sharing) = start(&room.0, false).await;
    order(&address, json!({ "next": "500", "count": 1 }), 404).await;
    sharing.register(&who(A), &document(A, "x1", "さば"), "k").await.expect("taken");
}

async fn get(address: &str, path: &str) -> String {
    reqwest::get(format!("{address}{path}")).await.expect("an answer").text().await.expect("text")
}

async fn order(address: &str, body: Value, status: u16) {
    let request = reqwest::Client::new().post(format!("{address}/v1/faults")).json(&body);
    assert_eq!(request.send().await.expect("an answer").status().as_u16(), status);
}
