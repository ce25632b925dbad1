//! A diagnosis: `JP_Condition_eCS`.

use super::parts::*;
use crate::{Context, Gap, text::tidy, uri};
use model::chart::{Diagnosis, ModifierRef, Outcome};
use serde_json::{Value, json};

/// Management number of a disease that has no code: all nines, as long as the others (JP_Condition_eCS 記述仕様).
const UNCODED: &str = "99999999";

/// The diagnosis with codes, modifiers in their order, status, onset and end.
pub(super) fn resource(ctx: &Context<'_>, item: &Diagnosis, patient: &str, uuids: Uuids<'_>) -> Result<Value, Gap> {
    let name = tidy(&item.name);
    if name.is_empty() {
        return Err(Gap::new("diagnoses", "傷病名の名称が空です。"));
    }
    let mut extensions = extensions(ctx);
    if item.principal {
        extensions.push(json!({
            "url": uri::EXT_DIAGNOSIS_TYPE,
            "valueCodeableConcept": {
                "coding": [coding("http://terminology.hl7.org/CodeSystem/ex-diagnosistype", "principal", "Principal Diagnosis")],
            },
        }));
    }
    let modifiers: Vec<Value> = item.modifiers.iter().filter(|m| !m.management.is_empty()).map(modifier).collect();
    let clinical = match &item.ended {
        None => coding(CLINICAL, "active", "Active"),
        // A treatment that merely stopped says nothing of cure; the others are over (con-4; from 1.10 only these two).
        Some((_, Outcome::Stopped)) => coding(CLINICAL, "remission", "Remission"),
        Some(_) => coding(CLINICAL, "resolved", "Resolved"),
    };
    // The modifier の疑い says it even where the mark was forgotten.
    let suspected = item.suspected || item.modifiers.iter().any(|m| m.suffix && m.name.contains("疑い"));
    let verification = if suspected {
        coding(VERIFICATION, "unconfirmed", "Unconfirmed")
    } else {
        coding(VERIFICATION, "confirmed", "Confirmed")
    };
    Ok(object(json!({
        "resourceType": "Condition",
        "id": uuids().to_string(),
        "meta": meta(ctx, uri::CONDITION, item.flags),
        "language": "ja",
        "contained": [contained_encounter(ctx), contained_practitioner(ctx)],
        "extension": extensions,
        "identifier": resource_identifier(ctx, &item.id.to_string()),
        "clinicalStatus": { "coding": [clinical] },
        "verificationStatus": { "coding": [verification] },
        "category": [{
            "coding": [coding("http://terminology.hl7.org/CodeSystem/condition-category", "encounter-diagnosis", "Encounter Diagnosis")],
        }],
        "code": object(json!({
            "extension": if modifiers.is_empty() { Value::Null } else { Value::Array(modifiers) },
            "coding": codings(item),
            "text": name,
        })),
        "subject": { "reference": patient, "type": "Patient" },
        "encounter": { "reference": "#encounter" },
        "onsetDateTime": item.started_on.to_string(),
        "abatementDateTime": item.ended.map(|(day, _)| day.to_string()),
        "recordedDate": item.started_on.to_string(),
        "recorder": { "reference": "#practitioner" },
        "note": item.ended.map(|(_, outcome)| json!([{ "text": format!("転帰: {}", outcome.label()) }])),
    })))
}

const CLINICAL: &str = "http://terminology.hl7.org/CodeSystem/condition-clinical";
const VERIFICATION: &str = "http://terminology.hl7.org/CodeSystem/condition-ver-status";

/// The management number first, which is mandatory, then what else is known; each names the disease without modifiers.
fn codings(item: &Diagnosis) -> Vec<Value> {
    let base = tidy(&item.base_name);
    let base = if base.is_empty() { tidy(&item.name) } else { base };
    if item.management.is_empty() {
        return vec![coding(uri::DISEASE_KEY, UNCODED, "未コード化傷病名")];
    }
    [
        (uri::DISEASE_KEY, item.management.as_str()),
        (uri::DISEASE_EXCHANGE, item.exchange.as_str()),
        (uri::DISEASE_CLAIM, item.code.as_str()),
        (uri::ICD10, item.icd10.as_str()),
    ]
    .into_iter()
    .filter(|(_, code)| !code.trim().is_empty())
    .map(|(system, code)| coding(system, code.trim(), &base))
    .collect()
}

fn modifier(item: &ModifierRef) -> Value {
    let name = tidy(&item.name);
    let mut codes = vec![coding(uri::MODIFIER_KEY, &item.management, &name)];
    if !item.code.as_str().is_empty() {
        codes.push(coding(uri::MODIFIER_CLAIM, item.code.as_str(), &name));
    }
    json!({
        "url": if item.suffix { uri::EXT_POSTFIX } else { uri::EXT_PREFIX },
        "valueCodeableConcept": { "coding": codes, "text": name },
    })
}
