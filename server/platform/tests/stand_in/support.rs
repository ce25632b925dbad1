//! What the tests of the stand-in share: a directory of their own and a small document.

use serde_json::{Value, json};
use std::path::PathBuf;
use uuid::Uuid;

/// A directory of one test, removed when it is over.
pub struct Room(pub PathBuf);

impl Room {
    pub fn new() -> Self {
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

pub const A: &str = "1310000011";
pub const B: &str = "1410000029";
pub const MEMBER: &str = "06130488:あいう:187:05";

/// A small valid document: one allergy.
pub fn document(institution: &str, suffix: &str, allergen: &str) -> Value {
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
