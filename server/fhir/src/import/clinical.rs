//! Diagnoses, allergies and laboratory results of others.

use super::parts::*;
use crate::{Flags, uri};
use chrono::{DateTime, NaiveDate, Utc};
use model::{
    chart::{AllergenCategory, ModifierRef, Outcome},
    codes::Jlac10,
};
use rust_decimal::Decimal;
use serde_json::Value;

/// A diagnosis of another institution.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundDiagnosis {
    /// Its identifier at the sender, by which a duplicate is known.
    pub identifier: String,
    /// Whole name as entered there.
    pub name: String,
    /// Name of the disease without modifiers, may be empty.
    pub base_name: String,
    /// Management number (病名管理番号); none where it is uncoded.
    pub management: Option<String>,
    /// Exchange code.
    pub exchange: Option<String>,
    /// Claim code.
    pub claim: Option<String>,
    /// ICD-10 (2013).
    pub icd10: Option<String>,
    /// Modifiers in their order.
    pub modifiers: Vec<ModifierRef>,
    /// Only suspected.
    pub suspected: bool,
    /// Main diagnosis.
    pub principal: bool,
    /// First day, where a whole day is said.
    pub started_on: Option<NaiveDate>,
    /// Last day.
    pub ended_on: Option<NaiveDate>,
    /// How it ended, where it did.
    pub outcome: Option<Outcome>,
    /// Flags.
    pub flags: Flags,
}

/// An allergy of another institution.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundAllergy {
    /// Its identifier at the sender.
    pub identifier: String,
    /// Code with its prefix; none where there is none of ours.
    pub code: Option<String>,
    /// Name as shown there.
    pub name: String,
    /// Kind; what names no kind counts as other (JP_AllergyIntolerance_eCS category).
    pub category: AllergenCategory,
    /// Severe.
    pub severe: bool,
    /// Reaction in words, may be empty.
    pub reaction: String,
    /// Day it was recorded.
    pub recorded_on: Option<NaiveDate>,
    /// Still holds (clinicalStatus active or none).
    pub active: bool,
    /// Flags.
    pub flags: Flags,
}

/// What a result says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FoundValue {
    /// A number; the sign of a limit (`<`, `>=` …) may be empty.
    Number(Decimal, String),
    /// Words.
    Text(String),
    /// No result, with the reason in words, which may be empty.
    Missing(String),
}

/// A laboratory result of another institution.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundResult {
    /// Its identifier at the sender.
    pub identifier: String,
    /// The sender's own item code, may be empty.
    pub local_code: String,
    /// Name as shown there.
    pub name: String,
    /// JLAC10 code, shared or general.
    pub jlac10: Option<Jlac10>,
    /// Fixed display of a designated item.
    pub fhir_name: Option<String>,
    /// One of the designated infections.
    pub infection: bool,
    /// Specimen in words.
    pub specimen: String,
    /// The value.
    pub value: FoundValue,
    /// Unit as printed.
    pub unit: String,
    /// Lower limit of the reference range.
    pub low: Option<Decimal>,
    /// Upper limit of the reference range.
    pub high: Option<Decimal>,
    /// Mark of the sender (H, L, N …), may be empty.
    pub flag: String,
    /// When the specimen was taken, where the time is said.
    pub collected_at: Option<DateTime<Utc>>,
    /// The day of it.
    pub collected_on: Option<NaiveDate>,
    /// Flags.
    pub flags: Flags,
}

fn flags(resource: &Value) -> Flags {
    let tags = resource["meta"]["tag"].as_array().into_iter().flatten().filter(|t| t["system"] == uri::INDICATION);
    let has = |code: &str| tags.clone().any(|t| t["code"] == code);
    Flags { long_term: has("LTS"), uninformed: has("UNINFORMED"), undelivered: has("UNDELIVERED") }
}

pub(super) fn diagnosis(r: &Value) -> FoundDiagnosis {
    let code_of = |system: &str| code(&r["code"], system);
    let ended_on = date(&r["abatementDateTime"]);
    // Our own documents say in a note how it ended; others only by the clinical status.
    let noted = r["note"].as_array().into_iter().flatten().find_map(|n| {
        let said = words(&n["text"]);
        let said = said.strip_prefix("転帰: ")?.to_owned();
        Outcome::ALL.into_iter().find(|outcome| outcome.label() == said)
    });
    let outcome = noted.or_else(|| match () {
        () if has(&r["clinicalStatus"], "resolved") => Some(Outcome::Cured),
        () if has(&r["clinicalStatus"], "remission") => Some(Outcome::Stopped),
        () => None,
    });
    let principal = r["extension"]
        .as_array()
        .into_iter()
        .flatten()
        .any(|e| e["url"] == uri::EXT_DIAGNOSIS_TYPE && has(&e["valueCodeableConcept"], "principal"));
    FoundDiagnosis {
        identifier: identifier(r, uri::RESOURCE_IDENTIFIER),
        name: concept(&r["code"]),
        base_name: first(&r["code"]["coding"], "display"),
        management: code_of(uri::DISEASE_KEY).filter(|c| !c.bytes().all(|b| b == b'9')),
        exchange: code_of(uri::DISEASE_EXCHANGE),
        claim: code_of(uri::DISEASE_CLAIM),
        icd10: code_of(uri::ICD10),
        modifiers: r["code"]["extension"].as_array().into_iter().flatten().filter_map(modifier).collect(),
        suspected: has(&r["verificationStatus"], "unconfirmed"),
        principal,
        started_on: date(&r["onsetDateTime"]),
        ended_on,
        outcome,
        flags: flags(r),
    }
}

fn modifier(extension: &Value) -> Option<ModifierRef> {
    let suffix = match extension["url"].as_str()? {
        uri::EXT_PREFIX => false,
        uri::EXT_POSTFIX => true,
        _ => return None,
    };
    let value = &extension["valueCodeableConcept"];
    Some(ModifierRef {
        code: code(value, uri::MODIFIER_CLAIM).unwrap_or_default().as_str().into(),
        name: concept(value),
        management: code(value, uri::MODIFIER_KEY).unwrap_or_default(),
        suffix,
    })
}

pub(super) fn allergy(r: &Value) -> FoundAllergy {
    let ours = [uri::ALLERGEN_DRUG, uri::ALLERGEN_DRUG_GENERIC, uri::ALLERGEN_FOOD, uri::ALLERGEN_OTHER];
    let categories = || r["category"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let category = match () {
        () if categories().any(|c| c == "medication") => AllergenCategory::Medication,
        () if categories().any(|c| c == "food") => AllergenCategory::Food,
        () => AllergenCategory::Environment,
    };
    let reaction = r["reaction"].as_array().into_iter().flatten().map(|x| {
        let described = words(&x["description"]);
        if described.is_empty() { concept(&x["manifestation"][0]) } else { described }
    });
    FoundAllergy {
        identifier: identifier(r, uri::RESOURCE_IDENTIFIER),
        code: ours.iter().find_map(|system| code(&r["code"], system)),
        name: concept(&r["code"]),
        category,
        severe: r["criticality"] == "high",
        reaction: reaction.filter(|w| !w.is_empty()).collect::<Vec<_>>().join("、"),
        recorded_on: date(&r["recordedDate"]),
        active: !["inactive", "resolved"].iter().any(|c| has(&r["clinicalStatus"], c)),
        flags: flags(r),
    }
}

pub(super) fn result(r: &Value) -> FoundResult {
    let shared = |systems: [&'static str; 2]| systems.into_iter().find_map(|system| coding(&r["code"], system));
    let core = shared([uri::LAB_CORE, uri::LAB_CORE_11]);
    let infection = shared([uri::LAB_INFECTION, uri::LAB_INFECTION_11]);
    let designated = core.or(infection);
    let general = code(&r["code"], uri::JLAC10);
    let jlac = designated.map(|c| words(&c["code"])).filter(|c| !c.is_empty()).or(general);
    let quantity = &r["valueQuantity"];
    let value = match number(&quantity["value"]) {
        Some(number) => FoundValue::Number(number, words(&quantity["comparator"])),
        None if r["valueCodeableConcept"].is_object() => FoundValue::Text(concept(&r["valueCodeableConcept"])),
        None if r["valueString"].is_string() => FoundValue::Text(words(&r["valueString"])),
        None => FoundValue::Missing(concept(&r["dataAbsentReason"])),
    };
    let range = &r["referenceRange"][0];
    // The specimen stands inside, or is named by the reference.
    let inside = r["contained"].as_array().into_iter().flatten().find(|c| c["resourceType"] == "Specimen");
    let named = words(&r["specimen"]["display"]);
    FoundResult {
        identifier: identifier(r, uri::RESOURCE_IDENTIFIER),
        local_code: code(&r["code"], uri::LAB_LOCAL).unwrap_or_default(),
        name: concept(&r["code"]),
        jlac10: jlac.map(|c| Jlac10::from(c.as_str())),
        fhir_name: designated.map(|c| words(&c["display"])).filter(|d| !d.is_empty()),
        infection: infection.is_some(),
        specimen: if named.is_empty() { inside.map(|s| concept(&s["type"])).unwrap_or_default() } else { named },
        value,
        unit: words(&quantity["unit"]),
        low: number(&range["low"]["value"]),
        high: number(&range["high"]["value"]),
        flag: words(&r["interpretation"][0]["coding"][0]["code"]),
        collected_at: instant(&r["effectiveDateTime"]),
        collected_on: date(&r["effectiveDateTime"]),
        flags: flags(r),
    }
}
