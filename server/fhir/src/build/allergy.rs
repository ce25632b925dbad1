//! An allergy: `JP_AllergyIntolerance_eCS`. The platform files it by `category` under 薬剤アレルギー等 or その他アレルギー等.

use super::parts::*;
use crate::{Context, Flags, Gap, text::tidy, uri};
use model::chart::{AllergenCategory, Allergy};
use serde_json::{Value, json};

/// The code system of an allergen code by its three-letter prefix (JP_AllergyIntolerance_eCS 記述仕様「メタコード」); none
/// where the prefix is unknown.
pub(crate) fn system_of(code: &str) -> Option<&'static str> {
    Some(match code.get(..3)? {
        "J9F" | "D9F" => uri::ALLERGEN_FOOD,
        "J9N" | "D9N" => uri::ALLERGEN_OTHER,
        "YCM" | "D9M" => uri::ALLERGEN_DRUG,
        "GCM" => uri::ALLERGEN_DRUG_GENERIC,
        _ => return None,
    })
}

/// The allergy with code, category, severity and reaction.
pub(super) fn resource(ctx: &Context<'_>, item: &Allergy, patient: &str, uuids: Uuids<'_>) -> Result<Value, Gap> {
    let code = item.code.as_str();
    let name = tidy(&item.name);
    let Some(system) = system_of(code) else {
        return Err(Gap::new("allergies", format!("アレルゲンコード「{code}」の接頭3文字が規定のものではありません。")));
    };
    if name.is_empty() {
        return Err(Gap::new("allergies", "アレルゲンの名称が空です。"));
    }
    // An allergy takes no other flag (1.6.0).
    let flags = Flags { long_term: item.flags.long_term, ..Flags::default() };
    let category = match item.category {
        AllergenCategory::Medication => "medication",
        AllergenCategory::Food => "food",
        AllergenCategory::Environment => "environment",
    };
    let reaction = tidy(&item.reaction);
    let reaction = (!reaction.is_empty()).then(|| {
        json!([object(json!({
            "manifestation": [{ "text": reaction }],
            "description": reaction,
            "severity": item.severe.then_some("severe"),
        }))])
    });
    Ok(object(json!({
        "resourceType": "AllergyIntolerance",
        "id": uuids().to_string(),
        "meta": meta(ctx, uri::ALLERGY, flags),
        "language": "ja",
        "contained": [contained_encounter(ctx)],
        "extension": extensions(ctx),
        "identifier": resource_identifier(ctx, &item.id.to_string()),
        "clinicalStatus": { "coding": [coding("http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical", "active", "Active")] },
        "verificationStatus": {
            "coding": [coding("http://terminology.hl7.org/CodeSystem/allergyintolerance-verification", "confirmed", "Confirmed")],
        },
        "category": [category],
        "criticality": item.severe.then_some("high"),
        "code": { "coding": [coding(system, code, &name)], "text": name },
        "patient": { "reference": patient, "type": "Patient" },
        "encounter": { "reference": "#encounter" },
        "recordedDate": item.recorded_on.to_string(),
        "reaction": reaction,
    })))
}
