//! Invariants of FHIR R4 that no cardinality expresses, for what occurs in these documents. Named as FHIR names them.

use super::{Issues, Severity, facts::FACTS};
use crate::uri;
use serde_json::Value;
use std::collections::{HashMap, HashSet};

/// Invariants of a data type or backbone element.
pub(super) fn element(kind: &str, content: &str, value: &Value, at: &str, issues: &mut Issues) {
    let has = |key: &str| !value[key].is_null();
    match kind {
        "Extension" => {
            let with_value = value.as_object().is_some_and(|m| m.keys().any(|k| k.trim_start_matches('_').starts_with("value")));
            if with_value == has("extension") {
                issues.error("invariant", "ext-1", at, "拡張は値か下位の拡張のどちらか一方だけを持ちます。");
            }
            let url = value["url"].as_str().unwrap_or_default();
            let official = url.starts_with("http://jpfhir.jp/") || url.starts_with("http://hl7.org/fhir/");
            if official && !FACTS.extensions.contains(url) {
                issues.error("not-found", "拡張の定義", &format!("{at}.url"), format!("拡張 {url} は定義されていません。"));
            }
        }
        "Reference" if !["reference", "identifier", "display", "extension", "_reference"].iter().any(|k| has(k)) => {
            issues.error("invariant", "ref-1", at, "参照にはreference・identifier・displayのいずれかが必要です。");
        }
        "Period" => {
            // Compared as text: all are of the same zone and precision in these documents, else nothing is said.
            if let (Some(start), Some(end)) = (value["start"].as_str(), value["end"].as_str())
                && start.len() == end.len()
                && start.get(19..) == end.get(19..)
                && start > end
            {
                issues.error("invariant", "per-1", at, "期間の終了が開始より前です。");
            }
        }
        "Quantity" | "SimpleQuantity" if value["system"] == uri::DRUG_UNIT => coded(value, at, issues),
        "Quantity" | "Age" | "Duration" | "SimpleQuantity" if has("code") && !has("system") => {
            issues.error("invariant", "qty-3", at, "単位コードにはコード体系（system）が必要です。");
        }
        "Attachment" if has("data") && !has("contentType") => {
            issues.error("invariant", "att-1", at, "添付データには形式（contentType）が必要です。");
        }
        "Coding" => {
            coded(value, at, issues);
            if has("code") != has("system") {
                let missing = if has("code") { "system" } else { "code" };
                let text = "コードはコード体系（system）とコード（code）の組で意味を持ちます。";
                issues.warn("business-rule", "FHIR R4 Coding", &format!("{at}.{missing}"), text);
            }
        }
        "Identifier" if !has("value") && !has("_value") => {
            issues.warn("business-rule", "FHIR R4 Identifier", &format!("{at}.value"), "識別子に値（value）がありません。");
        }
        _ => {}
    }
    match content {
        "Composition.section" => {
            if !["text", "entry", "section"].iter().any(|k| has(k)) {
                issues.error("invariant", "cmp-1", at, "セクションには本文・参照・下位セクションのいずれかが必要です。");
            }
            if has("emptyReason") && has("entry") {
                issues.error("invariant", "cmp-2", at, "emptyReasonは参照のないセクションだけに記述します。");
            }
        }
        "Observation.referenceRange" if !["low", "high", "text"].iter().any(|k| has(k)) => {
            issues.error("invariant", "obs-3", at, "基準値には下限・上限・文章のいずれかが必要です。");
        }
        "Patient.contact" if !["name", "telecom", "address", "organization"].iter().any(|k| has(k)) => {
            issues.error("invariant", "pat-1", at, "連絡先には氏名・電話・住所・組織のいずれかが必要です。");
        }
        _ => {}
    }
}

/// Houses whose code systems the tables name; another of theirs may be misspelt, or newer than the tables.
const OFFICIAL: [&str; 5] =
    ["http://jpfhir.jp/", "http://medis.or.jp/", "http://jami.jp/", "http://capstandard.jp/", "http://unitsofmeasure.org"];

/// Code systems that are official though no table names them: from later versions, from prose, or of one institution
/// (MedicationRequest and dosageInstruction 記述仕様: a local list ends with the institution's number).
fn is_known_system(system: &str) -> bool {
    let local = ["DrugCode", "MedicationUsage", "MedicationUsageAdditional", "DrugDispensePreparationMethod", "Allergy"];
    let later = [
        uri::LAB_LOCAL,
        uri::JLAC10,
        uri::POS_NEG,
        uri::URINE_GRADE,
        uri::BLOOD_ABO,
        uri::BLOOD_RH,
        uri::UCUM,
        uri::MODIFIER_KEY,
        uri::MODIFIER_CLAIM,
        uri::SECTION,
        uri::DOC_TYPE,
        "http://medis.or.jp/CodeSystem/master-disease-modExCode",
        "http://medis.or.jp/CodeSystem/master-HOT7",
        "http://medis.or.jp/CodeSystem/master-HOT9",
        "http://medis.or.jp/CodeSystem/master-HOT13",
        "http://jpfhir.jp/fhir/core/mhlw/CodeSystem/YJ9ZZZ",
        "http://capstandard.jp/CodeSystem/KikakubetsuYakuzaiSeibun",
        "http://jpfhir.jp/fhir/core/CodeSystem/JP_ObservationSampleMaterialCode_CS",
        "http://jami.jp/CodeSystem/MedicationUsage",
        "http://jami.jp/CodeSystem/MedicationUsageAdditional",
    ];
    FACTS.named.contains(system)
        || later.contains(&system)
        || [uri::LAB_CORE, uri::LAB_INFECTION, uri::LAB_CORE_11, uri::LAB_INFECTION_11].contains(&system)
        || [uri::ALLERGEN_DRUG, uri::ALLERGEN_DRUG_GENERIC, uri::ALLERGEN_FOOD, uri::ALLERGEN_OTHER].contains(&system)
        || local.iter().any(|part| system.contains(&format!("/CodeSystem/{part}/")))
}

/// A code of a system whose list is there in full is one of it; a system of an official house is one we know of.
fn coded(value: &Value, at: &str, issues: &mut Issues) {
    let (system, code) = (value["system"].as_str().unwrap_or_default(), value["code"].as_str());
    if let Some(list) = FACTS.systems.get(system) {
        if let Some(code) = code.filter(|code| !list.contains(code)) {
            let text = format!("コード {code} はコード体系 {system} にありません。");
            issues.error("code-invalid", "コード体系", &format!("{at}.code"), text);
        }
    } else if OFFICIAL.iter().any(|host| system.starts_with(host)) && !is_known_system(system) {
        let text = format!("コード体系 {system} は手元の定義にありません（綴りの誤りでないか確かめてください）。");
        issues.warn("not-found", "コード体系", &format!("{at}.system"), text);
    }
    unlisted_system(value, at, issues);
}

/// A display of LOINC or SNOMED CT cannot be held against the code: neither list is among our tables, which is said rather
/// than passed over.
fn unlisted_system(value: &Value, at: &str, issues: &mut Issues) {
    let system = value["system"].as_str().unwrap_or_default();
    if matches!(system, "http://loinc.org" | "http://snomed.info/sct") && value["display"].is_string() {
        let text = format!("{system} のコード表は手元にないため、コードと表示名の一致を確認できません。");
        issues.push(Severity::Information, "not-found", "コード表なし", &format!("{at}.display"), text);
    }
}

/// Invariants of a resource.
pub(super) fn resource(value: &Value, kind: &str, path: &str, issues: &mut Issues) {
    contained(value, path, issues);
    // Advice of FHIR, not a rule: said of a resource that stands alone. In a bundle the words are those of the composition.
    if path == kind && !matches!(kind, "Bundle" | "Binary" | "Parameters" | "OperationOutcome") && value["text"].is_null() {
        let text = "人が読める要約（text）がありません（FHIR R4の推奨）。";
        issues.push(Severity::Information, "informational", "dom-6", &format!("{path}.text"), text);
    }
    match kind {
        "Bundle" => bundle(value, path, issues),
        "Condition" => condition(value, path, issues),
        "AllergyIntolerance" => allergy(value, path, issues),
        "Observation" => observation(value, path, issues),
        _ => {}
    }
}

/// Resources inside: not nested, without version and lastUpdated, each referred to.
fn contained(value: &Value, path: &str, issues: &mut Issues) {
    let mut refs = HashSet::new();
    let list = value["contained"].as_array().map(Vec::as_slice).unwrap_or_default();
    if !list.is_empty() {
        references(value, &mut refs);
    }
    for (index, inner) in list.iter().enumerate() {
        let at = format!("{path}.contained[{index}]");
        if !inner["contained"].is_null() {
            issues.error("invariant", "dom-2", &at, "内包リソースの中に内包リソースは置けません。");
        }
        if !inner["meta"]["versionId"].is_null() || !inner["meta"]["lastUpdated"].is_null() {
            issues.error("invariant", "dom-4", &at, "内包リソースにversionIdとlastUpdatedは記述できません。");
        }
        match inner["id"].as_str() {
            None => issues.error("invariant", "dom-3", &at, "内包リソースにはidが必要です。"),
            Some(id) if !refs.contains(id) => {
                issues.error("invariant", "dom-3", &at, format!("内包リソース #{id} がどこからも参照されていません。"));
            }
            Some(_) => {}
        }
    }
}

fn references<'a>(value: &'a Value, into: &mut HashSet<&'a str>) {
    match value {
        Value::Object(map) => {
            into.extend(map.get("reference").and_then(Value::as_str).and_then(|r| r.strip_prefix('#')));
            map.values().for_each(|v| references(v, into));
        }
        Value::Array(list) => list.iter().for_each(|v| references(v, into)),
        _ => {}
    }
}

fn bundle(value: &Value, path: &str, issues: &mut Issues) {
    let kind = value["type"].as_str().unwrap_or_default();
    let entries = value["entry"].as_array().map(Vec::as_slice).unwrap_or_default();
    let mut seen = HashSet::new();
    for (index, entry) in entries.iter().enumerate() {
        let at = format!("{path}.entry[{index}]");
        if let Some(url) = entry["fullUrl"].as_str() {
            if !seen.insert(url) {
                issues.error("invariant", "bdl-7", &format!("{at}.fullUrl"), format!("fullUrl {url} が重複しています。"));
            }
            if url.strip_prefix("urn:uuid:").is_some_and(|u| !super::primitive::is_uuid(u)) {
                issues.error("value", "FHIR R4 Bundle.entry.fullUrl", &format!("{at}.fullUrl"), "UUIDの形式が正しくありません。");
            }
        }
        if entry["resource"].is_null() && entry["request"].is_null() && entry["response"].is_null() {
            issues.error("invariant", "bdl-5", &at, "エントリにリソースがありません。");
        }
        if matches!(kind, "document" | "collection") && ["request", "response", "search"].iter().any(|k| !entry[k].is_null()) {
            issues.error("invariant", "bdl-2/3/4", &at, "この種類のBundleにrequest・response・searchは記述できません。");
        }
    }
    if !value["total"].is_null() && !matches!(kind, "searchset" | "history") {
        issues.error("invariant", "bdl-1", &format!("{path}.total"), "totalは検索結果と履歴だけに記述します。");
    }
    if kind == "document" {
        if value["identifier"]["system"].is_null() || value["identifier"]["value"].is_null() {
            issues.error("invariant", "bdl-9", &format!("{path}.identifier"), "文書には識別子（systemとvalue）が必要です。");
        }
        if value["timestamp"].is_null() {
            issues.error("invariant", "bdl-10", &format!("{path}.timestamp"), "文書には日時が必要です。");
        }
        if entries.first().is_none_or(|e| e["resource"]["resourceType"] != "Composition") {
            issues.error(
                "invariant",
                "bdl-11",
                &format!("{path}.entry[0]"),
                "文書の最初のエントリはCompositionでなければなりません。",
            );
        }
        unreferenced(entries, path, issues);
    }
}

/// Every entry of a document is referred to from its composition, directly or through others (FHIR R4 「Documents」).
fn unreferenced(entries: &[Value], path: &str, issues: &mut Issues) {
    let index: HashMap<&str, usize> = entries.iter().enumerate().filter_map(|(i, e)| Some((e["fullUrl"].as_str()?, i))).collect();
    let mut reached = vec![false; entries.len()];
    let mut todo = vec![0];
    while let Some(at) = todo.pop() {
        if at >= entries.len() || std::mem::replace(&mut reached[at], true) {
            continue;
        }
        let mut targets = Vec::new();
        all_references(&entries[at]["resource"], &mut targets);
        todo.extend(targets.iter().filter_map(|target| index.get(target).copied()));
    }
    for (at, entry) in entries.iter().enumerate().filter(|(at, _)| !reached[*at]) {
        if !matches!(entry["resource"]["resourceType"].as_str(), Some("Binary" | "Provenance")) && entry["fullUrl"].is_string() {
            let text = "文書（Composition）から参照されていないエントリです。";
            issues.error("invariant", "FHIR R4 Documents", &format!("{path}.entry[{at}]"), text);
        }
    }
}

fn all_references<'a>(value: &'a Value, into: &mut Vec<&'a str>) {
    match value {
        Value::Object(map) => {
            into.extend(map.get("reference").and_then(Value::as_str));
            map.values().for_each(|v| all_references(v, into));
        }
        Value::Array(list) => list.iter().for_each(|v| all_references(v, into)),
        _ => {}
    }
}

/// Codes of a concept in a system.
pub(super) fn codes<'a>(concept: &'a Value, system: &str) -> Vec<&'a str> {
    let list = concept["coding"].as_array().into_iter().flatten();
    list.filter(|c| c["system"] == system).filter_map(|c| c["code"].as_str()).collect()
}

fn condition(value: &Value, path: &str, issues: &mut Issues) {
    let clinical = codes(&value["clinicalStatus"], "http://terminology.hl7.org/CodeSystem/condition-clinical");
    let verification = codes(&value["verificationStatus"], "http://terminology.hl7.org/CodeSystem/condition-ver-status");
    let ended = value.as_object().is_some_and(|m| m.keys().any(|k| k.starts_with("abatement")));
    if ended && !clinical.iter().any(|c| matches!(*c, "resolved" | "remission" | "inactive")) {
        issues.error(
            "invariant",
            "con-4",
            &format!("{path}.clinicalStatus"),
            "終了日があるときは、治癒または軽快でなければなりません。",
        );
    }
    if verification.contains(&"entered-in-error") && !value["clinicalStatus"].is_null() {
        issues.error("invariant", "con-5", &format!("{path}.clinicalStatus"), "誤登録のときは臨床状態を記述できません。");
    }
    for (index, stage) in value["stage"].as_array().into_iter().flatten().enumerate() {
        if stage["summary"].is_null() && stage["assessment"].is_null() {
            issues.error("invariant", "con-1", &format!("{path}.stage[{index}]"), "病期には要約または評価が必要です。");
        }
    }
    for (index, evidence) in value["evidence"].as_array().into_iter().flatten().enumerate() {
        if evidence["code"].is_null() && evidence["detail"].is_null() {
            issues.error("invariant", "con-2", &format!("{path}.evidence[{index}]"), "根拠にはコードまたは詳細が必要です。");
        }
    }
}

fn allergy(value: &Value, path: &str, issues: &mut Issues) {
    let verification =
        codes(&value["verificationStatus"], "http://terminology.hl7.org/CodeSystem/allergyintolerance-verification");
    let in_error = verification.contains(&"entered-in-error");
    if !in_error && value["clinicalStatus"].is_null() {
        issues.error(
            "invariant",
            "ait-1",
            &format!("{path}.clinicalStatus"),
            "臨床状態（clinicalStatus）は必須です（誤登録を除く）。",
        );
    }
    if in_error && !value["clinicalStatus"].is_null() {
        issues.error("invariant", "ait-2", &format!("{path}.clinicalStatus"), "誤登録のときは臨床状態を記述できません。");
    }
}

fn observation(value: &Value, path: &str, issues: &mut Issues) {
    let with_value = value.as_object().is_some_and(|m| m.keys().any(|k| k.trim_start_matches('_').starts_with("value")));
    if with_value && !value["dataAbsentReason"].is_null() {
        issues.error("invariant", "obs-6", &format!("{path}.dataAbsentReason"), "結果値があるときは欠損理由を記述できません。");
    }
    let own = value["code"]["coding"].as_array().map(Vec::as_slice).unwrap_or_default();
    let shared =
        value["component"].as_array().into_iter().flatten().flat_map(|c| c["code"]["coding"].as_array().into_iter().flatten());
    if with_value && shared.into_iter().any(|c| own.contains(c)) {
        issues.error("invariant", "obs-7", &format!("{path}.component"), "構成要素の項目コードが検査項目コードと同じです。");
    }
}
