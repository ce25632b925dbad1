//! Documents of another house, as little as they need: many systems send no more.

use crate::MEMBER;
use fhir::uri;
use serde_json::{Value, json};

/// The other house.
pub const HOUSE: &str = "1410000029";

/// A bundle of entries about the patient of `support::form`.
pub fn clins(kind: &str, suffix: &str, resources: Vec<Value>) -> Value {
    let mut entries = vec![
        json!({ "fullUrl": "urn:uuid:10000000-0000-4000-8000-000000000001", "resource": {
            "resourceType": "Patient",
            "identifier": [{ "system": uri::MEMBER_ID, "value": MEMBER }],
            "name": [
                { "extension": [{ "url": uri::EXT_NAME_REPRESENTATION, "valueCode": "IDE" }], "text": "山田 花子" },
                { "extension": [{ "url": uri::EXT_NAME_REPRESENTATION, "valueCode": "SYL" }], "text": "ヤマダ ハナコ" },
            ],
            "gender": "female", "birthDate": "1981-03-02",
        } }),
        json!({ "fullUrl": "urn:uuid:10000000-0000-4000-8000-000000000002", "resource": {
            "resourceType": "Organization",
            "identifier": [{ "system": uri::INSTITUTION_NUMBER, "value": HOUSE }],
            "name": "みなと総合病院",
        } }),
    ];
    for (index, resource) in resources.into_iter().enumerate() {
        entries.push(json!({
            "fullUrl": format!("urn:uuid:20000000-0000-4000-8000-{index:012}"), "resource": resource
        }));
    }
    json!({
        "resourceType": "Bundle",
        "meta": {
            "profile": [uri::BUNDLE_CLINS],
            "tag": [{ "system": uri::BUNDLE_RESOURCE_TYPE, "code": kind }],
        },
        "identifier": { "system": uri::BUNDLE_IDENTIFIER, "value": format!("{HOUSE}^2026^{suffix}") },
        "type": "collection",
        "timestamp": "2026-07-09T12:00:00.000+09:00",
        "entry": entries,
    })
}

const SUBJECT: &str = "urn:uuid:10000000-0000-4000-8000-000000000001";

/// Words with codings, each a system and a code; what is empty is left out, as FHIR demands.
fn concept(text: &str, codings: &[(&str, &str)]) -> Value {
    let list: Vec<Value> = codings.iter().map(|(system, code)| json!({ "system": system, "code": code })).collect();
    if list.is_empty() { json!({ "text": text }) } else { json!({ "coding": list, "text": text }) }
}

/// A diagnosis with codings.
pub fn condition(text: &str, codings: &[(&str, &str)], onset: &str) -> Value {
    json!({
        "resourceType": "Condition",
        "clinicalStatus": { "coding": [{ "system": "http://terminology.hl7.org/CodeSystem/condition-clinical", "code": "active" }] },
        "code": concept(text, codings),
        "subject": { "reference": SUBJECT },
        "onsetDateTime": onset,
    })
}

/// An allergy with a code of a system.
pub fn allergy(text: &str, category: &str, coding: Option<(&str, &str)>) -> Value {
    json!({
        "resourceType": "AllergyIntolerance",
        "category": [category],
        "code": concept(text, coding.as_slice()),
        "patient": { "reference": SUBJECT },
        "recordedDate": "2026-05-01",
    })
}

/// A number measured, with the fixed display of a designated item.
pub fn observation(local: &str, fixed: Option<(&str, &str)>, value: &str, unit: &str, at: &str) -> Value {
    let mut codings = vec![json!({ "system": uri::LAB_LOCAL, "code": local, "display": local })];
    codings.extend(fixed.map(|(jlac, name)| json!({ "system": uri::LAB_CORE, "code": jlac, "display": name })));
    let value: serde_json::Number = serde_json::from_str(value).expect("a number");
    let quantity = if unit.is_empty() { json!({ "value": value }) } else { json!({ "value": value, "unit": unit }) };
    json!({
        "resourceType": "Observation",
        "status": "final",
        "code": { "coding": codings, "text": fixed.map_or(local, |(_, name)| name) },
        "subject": { "reference": SUBJECT },
        "effectiveDateTime": at,
        "valueQuantity": quantity,
    })
}

/// A letter in sections, as a document.
pub fn letter(suffix: &str, answers: Option<&str>) -> Value {
    let mut bundle = clins("", suffix, Vec::new());
    bundle["meta"] = json!({ "profile": [uri::BUNDLE_EREFERRAL] });
    bundle["type"] = json!("document");
    let mut composition = json!({
        "resourceType": "Composition",
        "status": "final",
        "type": { "text": "診療情報提供書" },
        "subject": { "reference": SUBJECT },
        "date": "2026-07-09T12:00:00+09:00",
        "author": [{ "reference": "urn:uuid:10000000-0000-4000-8000-000000000002" }],
        "title": "診療情報提供書",
        "section": [{
            "title": "紹介目的",
            "code": { "coding": [{ "system": uri::SECTION, "code": "950" }] },
            "text": { "status": "generated", "div": "<div xmlns=\"http://www.w3.org/1999/xhtml\">膝の痛みの<br/>精査をお願いします。</div>" },
        }],
    });
    if let Some(identifier) = answers {
        composition["relatesTo"] =
            json!([{ "code": "appends", "targetIdentifier": { "system": uri::BUNDLE_IDENTIFIER, "value": identifier } }]);
    }
    let entry = json!({ "fullUrl": "urn:uuid:30000000-0000-4000-8000-000000000001", "resource": composition });
    bundle["entry"].as_array_mut().expect("entries").insert(0, entry);
    bundle
}
