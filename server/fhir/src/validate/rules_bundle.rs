//! The R-numbered rules of JP-CLINS about a bundle as a whole, and what every entry of `JP_Bundle_CLINS` carries (R90…).
//!
//! Source: the invariants of JP_Bundle_CLINS 1.5.2, its 記述仕様, and its later history (up to 1.11).

use super::{
    Issues,
    rules::{claims_profile, institution_of, is_bundle_identifier},
    rules_lab,
};
use crate::uri;
use serde_json::Value;

/// Rules of the bundle as a whole.
pub(super) fn bundle(document: &Value, issues: &mut Issues) {
    if document["resourceType"] != "Bundle" {
        return;
    }
    let clins = claims_profile(document, uri::BUNDLE_CLINS);
    let ours = [uri::BUNDLE_CLINS, uri::BUNDLE_EREFERRAL, uri::BUNDLE_EDISCHARGE, uri::BUNDLE_EPCS, uri::BUNDLE_ECHECKUP];
    if ours.iter().any(|profile| claims_profile(document, profile)) {
        let identifier = &document["identifier"];
        let at = "Bundle.identifier.value";
        if clins && identifier["system"] != uri::BUNDLE_IDENTIFIER {
            issues.error(
                "invariant",
                "R02151",
                "Bundle.identifier.system",
                format!("Bundleの識別子のsystemは {} です。", uri::BUNDLE_IDENTIFIER),
            );
        }
        // The check came to the documents with 1.5.5; 健診 examples of 1.5.0 predate the form.
        if !identifier["value"].as_str().is_some_and(is_bundle_identifier) && !claims_profile(document, uri::BUNDLE_ECHECKUP) {
            issues.error(
                "invariant",
                "R2152",
                at,
                "Bundleの識別子は「医療機関番号10桁^西暦4桁^36文字以内の英数字・ハイフン」です。",
            );
        }
    }
    if !clins {
        if claims_profile(document, uri::BUNDLE_ECHECKUP) {
            checkup_entries(document, issues);
        }
        entries_follow_profiles(document, issues);
        return;
    }
    let entries = document["entry"].as_array().map(Vec::as_slice).unwrap_or_default();
    let first = entries.first().map(|e| &e["resource"]);
    if first.is_none_or(|r| r["resourceType"] != "Patient") {
        issues.error("invariant", "R0211", "Bundle.entry[0]", "最初のエントリは患者（Patient）でなければなりません。");
    } else if first.is_some_and(|r| !claims_profile(r, uri::PATIENT)) {
        issues.error(
            "invariant",
            "R0212",
            "Bundle.entry[0].resource.meta.profile",
            "患者はJP_Patient_eCSに準拠していなければなりません。",
        );
    }
    let tags: Vec<&str> = document["meta"]["tag"]
        .as_array()
        .into_iter()
        .flatten()
        .filter(|t| t["system"] == uri::BUNDLE_RESOURCE_TYPE)
        .map(|t| t["code"].as_str().unwrap_or_default())
        .collect();
    let kinds = ["AllergyIntolerance", "Condition", "Observation"];
    match tags.as_slice() {
        [] => issues.error("invariant", "R02141", "Bundle.meta.tag", "収納する情報の種類（meta.tag）が必須です。"),
        [one] if kinds.contains(one) => {
            if !entries.iter().any(|e| e["resource"]["resourceType"] == *one) {
                issues.error(
                    "invariant",
                    "R02143",
                    "Bundle.entry",
                    format!("meta.tagの種類 {one} のリソースが1つも含まれていません。"),
                );
            }
            for (index, entry) in entries.iter().enumerate().skip(1) {
                let kind = entry["resource"]["resourceType"].as_str().unwrap_or_default();
                if kind != *one {
                    let text = format!("{one} のBundleに {kind} を混在させることはできません。");
                    issues.error("business-rule", "JP_Bundle_CLINS 1種類", &format!("Bundle.entry[{index}]"), text);
                }
            }
        }
        _ => {
            let text = "meta.tagの種類はAllergyIntolerance・Condition・Observationのいずれか1つです。";
            issues.error("invariant", "R02142", "Bundle.meta.tag", text);
        }
    }
    let sender = document["identifier"]["value"].as_str().and_then(|v| v.split('^').next()).unwrap_or_default();
    for (index, entry) in entries.iter().enumerate().skip(1) {
        clins_entry(document, &entry["resource"], sender, &format!("Bundle.entry[{index}].resource"), issues);
    }
    entries_follow_profiles(document, issues);
}

/// What a report of a health check is made of (invariants bundle-entry… of JP_Bundle_eCheckupGeneral): the composition first,
/// and a patient, an organization, a practitioner and an encounter of its profiles.
fn checkup_entries(document: &Value, issues: &mut Issues) {
    let entries = document["entry"].as_array().map(Vec::as_slice).unwrap_or_default();
    if entries.first().is_none_or(|e| !claims_profile(&e["resource"], uri::COMPOSITION_ECHECKUP)) {
        let text = "最初のエントリはJP_Composition_eCheckupGeneralに準拠したCompositionでなければなりません。";
        issues.error("invariant", "bundle-entry0-JP-Composition-eCheckupGeneral", "Bundle.entry[0].resource.meta.profile", text);
    }
    let of = |name: &str| format!("{}JP_{name}_eCheckupGeneral", uri::CHECKUP_PROFILE);
    for (rule, profile, label) in [
        ("bundle-entry-JP-Patient-CLINS-eCheckupGeneral", uri::CHECKUP_PATIENT.to_owned(), "患者（Patient）"),
        ("bundle-entry-JP-OrganizationReporter-eCheckupGeneral", of("Organization"), "健診実施機関（Organization）"),
        ("bundle-entry-JP-PractitionerReporter-eCheckupGeneral", of("Practitioner"), "医師（Practitioner）"),
        ("bundle-entry-JP-Encounter-eCheckupGeneral", of("Encounter"), "健診受診情報（Encounter）"),
    ] {
        if !entries.iter().any(|e| claims_profile(&e["resource"], &profile)) {
            issues.error("invariant", rule, "Bundle.entry", format!("{label}のエントリが必須です。"));
        }
    }
}

/// Rules R90…: what every resource of the five kinds carries inside `JP_Bundle_CLINS`.
fn clins_entry(document: &Value, resource: &Value, sender: &str, path: &str, issues: &mut Issues) {
    let kind = resource["resourceType"].as_str().unwrap_or_default();
    let letter = match kind {
        "Condition" => "C",
        "Observation" => "O",
        "AllergyIntolerance" => "A",
        _ => return,
    };
    let extension = |url: &str| resource["extension"].as_array().into_iter().flatten().any(|e| e["url"] == url);
    // R9013 of 1.5.2 wants the profile of JP Core claimed; since 1.6.0 that of JP-CLINS does as well.
    let contains = |kind: &str, profiles: &[&str]| {
        let list = resource["contained"].as_array().into_iter().flatten();
        list.filter(|c| c["resourceType"] == kind).any(|c| profiles.iter().any(|p| claims_profile(c, p)))
    };
    let (encounters, doctors): (&[&str], &[&str]) = if issues.version.is_later() {
        (&[uri::CORE_ENCOUNTER, uri::ENCOUNTER], &[uri::CORE_PRACTITIONER, uri::PRACTITIONER])
    } else {
        (&[uri::CORE_ENCOUNTER], &[uri::CORE_PRACTITIONER])
    };
    if !extension(uri::EXT_INSTITUTION) {
        issues.error("invariant", "R9011", &format!("{path}.extension"), "医療機関番号の拡張は必須です。");
    }
    if institution_of(resource).is_some_and(|own| own != sender) {
        let text = "医療機関番号の拡張と、Bundleの識別子の医療機関番号が一致しません。";
        issues.warn("business-rule", "JP_Bundle_CLINS 医療機関番号", &format!("{path}.extension"), text);
    }
    if letter != "A" {
        if !contains("Encounter", encounters) {
            issues.error(
                "invariant",
                format!("R9013{letter}"),
                &format!("{path}.contained"),
                "受診情報（JP_Encounterに準拠し、内包するEncounter）は必須です。",
            );
        }
        if !extension(uri::EXT_DEPARTMENT) {
            issues.error("invariant", format!("R9014{letter}"), &format!("{path}.extension"), "診療科の拡張は必須です。");
        }
        if resource["encounter"].is_null() {
            issues.error(
                "invariant",
                format!("R9016{letter}"),
                &format!("{path}.encounter"),
                "受診情報への参照（encounter）は必須です。",
            );
        }
    }
    if letter == "C" && resource["onsetDateTime"].is_null() {
        issues.error("invariant", "R9015C", &format!("{path}.onsetDateTime"), "病名開始日（onsetDateTime）は必須です。");
    }
    if letter == "O" {
        if resource["performer"].as_array().is_none_or(Vec::is_empty) {
            issues.error("invariant", "R9017O", &format!("{path}.performer"), "検査の責任者（performer）は必須です。");
        }
        if !contains("Practitioner", doctors) {
            issues.error("invariant", "R9019O", &format!("{path}.contained"), "検査の責任者（内包するPractitioner）は必須です。");
        }
        rules_lab::in_clins(resource, path, issues);
    }
    // Across entries only the patient may be referred to.
    let patient = document["entry"][0]["fullUrl"].as_str().unwrap_or_default();
    let subject = if letter == "A" { "patient" } else { "subject" };
    match resource[subject]["reference"].as_str() {
        Some(reference) if reference == patient => {}
        _ => {
            let text = "患者への参照は、このBundleの患者エントリのfullUrlで記述します。";
            issues.error("business-rule", "JP_Bundle_CLINS 参照", &format!("{path}.{subject}"), text);
        }
    }
    for (key, value) in resource.as_object().into_iter().flatten().filter(|(key, _)| *key != subject && *key != "contained") {
        if let Some(target) = outside_reference(value).filter(|target| *target != patient) {
            let text = format!("患者以外のエントリは参照できません（{target}）。内包リソースを参照してください。");
            issues.error("business-rule", "JP_Bundle_CLINS 参照", &format!("{path}.{key}"), text);
        }
    }
}

fn outside_reference(value: &Value) -> Option<&str> {
    match value {
        Value::Object(map) => map
            .get("reference")
            .and_then(Value::as_str)
            .filter(|r| r.starts_with("urn:uuid:"))
            .or_else(|| map.values().find_map(outside_reference)),
        Value::Array(list) => list.iter().find_map(outside_reference),
        _ => None,
    }
}

/// `validEntryProfile-…`: entries of the five kinds follow their profile.
fn entries_follow_profiles(document: &Value, issues: &mut Issues) {
    let clins = claims_profile(document, uri::BUNDLE_CLINS);
    let documents = [uri::BUNDLE_EREFERRAL, uri::BUNDLE_EDISCHARGE, uri::BUNDLE_EPCS];
    if !clins && !documents.iter().any(|profile| claims_profile(document, profile)) {
        return;
    }
    for (index, entry) in document["entry"].as_array().into_iter().flatten().enumerate() {
        let kind = entry["resource"]["resourceType"].as_str().unwrap_or_default();
        let profile = match kind {
            "AllergyIntolerance" => uri::ALLERGY,
            "Condition" => uri::CONDITION,
            "MedicationRequest" => uri::MEDICATION_REQUEST,
            "Observation" if clins => uri::OBSERVATION_LAB,
            _ => continue,
        };
        if !claims_profile(&entry["resource"], profile) {
            let text = format!("{kind} は {profile} に準拠していなければなりません。");
            issues.error(
                "invariant",
                format!("validEntryProfile-{kind}"),
                &format!("Bundle.entry[{index}].resource.meta.profile"),
                text,
            );
        }
    }
}
