//! Our own validator: what breaks a profile is found here before anything leaves the house.
//!
//! Three layers, each citing what it follows:
//! 1. **structure** — elements, types, cardinalities, fixed values, patterns, slices, required value sets, targets of
//!    references, walked over the tables in `facts/` (made from the official StructureDefinitions of FHIR R4, JP Core
//!    1.1.2-clins, JP-CLINS 1.5.2 and eCheckup 1.5.0 by `cargo run -p fhir --bin profiles`);
//! 2. **invariants** of FHIR R4 that matter here (`bdl-7`, `con-4`, `obs-6` …) and the R-numbered rules of JP-CLINS;
//! 3. **prose rules** that no StructureDefinition carries: designated laboratory codes, character rules, local codes.
//!
//! A resource is recognised by `meta.profile`; without a claim only FHIR R4 itself is checked.

mod designated;
mod facts;
mod invariants;
mod primitive;
mod rules;
mod rules_bundle;
mod rules_lab;
mod slices;
mod structure;

use crate::Version;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The document is refused.
    Error,
    /// It passes, but somebody should look.
    Warning,
    /// Worth knowing: something could not be checked.
    Information,
}

impl Severity {
    /// As FHIR writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Information => "information",
        }
    }
}

/// A finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Issue {
    /// How bad it is.
    pub severity: Severity,
    /// FHIR's issue type: `required`, `structure`, `value`, `code-invalid`, `invariant`, `not-found`, `business-rule` …
    pub code: String,
    /// The rule: an R number, a FHIR invariant, or profile and element with what they demand.
    pub rule: String,
    /// Where in the document, e.g. `Bundle.entry[2].resource.code.text`.
    pub path: String,
    /// What is wrong, in Japanese.
    pub message_ja: String,
    /// The field of the chart to mend, in Japanese; empty where no field of the chart answers for it.
    pub chart_field: String,
}

/// Everything found in a resource or bundle by the profiles of the default version ([`Version::V1_5_2`]).
pub fn validate(document: &Value) -> Vec<Issue> {
    validate_as(document, Version::default())
}

/// Everything found in a resource or bundle by the profiles of a version; empty when nothing is wrong. Errors come first.
pub fn validate_as(document: &Value, version: Version) -> Vec<Issue> {
    let mut walk = structure::Walk::new(document, version);
    walk.document();
    rules_bundle::bundle(document, &mut walk.issues);
    let mut issues = walk.issues.list;
    for issue in &mut issues {
        issue.chart_field = chart_field(document, &issue.path).to_owned();
    }
    issues.sort_by_key(|issue| issue.severity);
    issues
}

/// Whether nothing stands in the way of sending: no error; warnings do not count.
pub fn acceptable(issues: &[Issue]) -> bool {
    issues.iter().all(|issue| issue.severity != Severity::Error)
}

/// The findings as a FHIR OperationOutcome; `rule` stands in `details.coding`, the field of the chart in `diagnostics`.
pub fn operation_outcome(issues: &[Issue]) -> Value {
    let list: Vec<Value> = if issues.is_empty() {
        vec![json!({ "severity": "information", "code": "informational", "details": { "text": "誤りはありません。" } })]
    } else {
        issues
            .iter()
            .map(|issue| {
                let mut value = json!({
                    "severity": issue.severity.as_str(),
                    "code": issue.code,
                    "details": { "coding": [{ "code": issue.rule }], "text": issue.message_ja },
                });
                let members = value.as_object_mut().expect("an object literal");
                if !issue.chart_field.is_empty() {
                    members.insert("diagnostics".into(), json!(format!("カルテの項目: {}", issue.chart_field)));
                }
                if !issue.path.is_empty() {
                    members.insert("expression".into(), json!([issue.path]));
                }
                value
            })
            .collect()
    };
    json!({ "resourceType": "OperationOutcome", "issue": list })
}

/// Collects findings, each place and rule once.
#[derive(Debug)]
pub(crate) struct Issues {
    list: Vec<Issue>,
    /// The version of the profiles that is asked for.
    pub(crate) version: Version,
}

impl Issues {
    /// Nothing found yet.
    pub(crate) fn of(version: Version) -> Self {
        Self { list: Vec::new(), version }
    }

    /// An error from 1.11 on, a warning before, where the rule came later or stood in the prose alone.
    pub(crate) fn later(&mut self, code: &str, rule: impl Into<String>, path: &str, message: impl Into<String>) {
        let severity = if self.version.is_later() { Severity::Error } else { Severity::Warning };
        self.push(severity, code, rule, path, message);
    }

    /// Adds a finding unless the same rule was already broken at the same place.
    pub(crate) fn push(
        &mut self,
        severity: Severity,
        code: &str,
        rule: impl Into<String>,
        path: &str,
        message: impl Into<String>,
    ) {
        let (rule, message_ja) = (rule.into(), message.into());
        if self.list.iter().any(|i| i.path == path && (i.rule == rule || i.message_ja == message_ja)) {
            return;
        }
        self.list.push(Issue { severity, code: code.into(), rule, path: path.into(), message_ja, chart_field: String::new() });
    }

    /// An error.
    pub(crate) fn error(&mut self, code: &str, rule: impl Into<String>, path: &str, message: impl Into<String>) {
        self.push(Severity::Error, code, rule, path, message);
    }

    /// A warning.
    pub(crate) fn warn(&mut self, code: &str, rule: impl Into<String>, path: &str, message: impl Into<String>) {
        self.push(Severity::Warning, code, rule, path, message);
    }

    /// How many errors there are so far.
    pub(crate) fn errors(&self) -> usize {
        self.list.iter().filter(|i| i.severity == Severity::Error).count()
    }
}

/// The field of the chart that answers for a place in a document. The element decides, in the resource it stands in.
fn chart_field(document: &Value, path: &str) -> &'static str {
    let (kind, element) = locate(document, path);
    let starts = |names: &[&str]| names.iter().any(|name| element.starts_with(name));
    match kind {
        "Patient" if starts(&["identifier"]) => "患者登録: 保険（保険者番号・記号・番号・枝番）",
        "Patient" if starts(&["name"]) => "患者登録: 氏名・カナ",
        "Patient" if starts(&["birthDate"]) => "患者登録: 生年月日",
        "Patient" if starts(&["gender"]) => "患者登録: 性別",
        "Patient" if starts(&["address"]) => "患者登録: 住所",
        "Patient" if starts(&["telecom"]) => "患者登録: 電話番号",
        "Condition" if starts(&["code.extension"]) => "傷病名: 修飾語",
        "Condition" if starts(&["code"]) => "傷病名: 名称・コード",
        "Condition" if starts(&["onset"]) => "傷病名: 開始日",
        "Condition" if starts(&["abatement", "clinicalStatus"]) => "傷病名: 転帰・終了日",
        "Condition" if starts(&["verificationStatus"]) => "傷病名: 疑い",
        "AllergyIntolerance" if starts(&["code"]) => "アレルギー: アレルゲン",
        "AllergyIntolerance" if starts(&["category", "criticality"]) => "アレルギー: 種類・重症度",
        "AllergyIntolerance" if starts(&["reaction"]) => "アレルギー: 症状",
        "Observation" if starts(&["code"]) => "検査結果: 検査項目コード",
        "Observation" if starts(&["value", "dataAbsentReason"]) => "検査結果: 結果値・単位",
        "Observation" if starts(&["referenceRange"]) => "検査結果: 基準値",
        "Observation" if starts(&["interpretation"]) => "検査結果: 判定（H/L）",
        "Observation" if starts(&["specimen"]) => "検査結果: 検査材料",
        "Observation" if starts(&["effective"]) => "検査結果: 採取日時",
        "MedicationRequest" if starts(&["medication"]) => "処方: 薬品",
        "MedicationRequest" if starts(&["dosageInstruction"]) => "処方: 用法・用量",
        "Composition" if starts(&["section"]) => "診療情報提供書: 本文",
        "Organization" if starts(&["identifier", "name"]) => "医療機関: 番号・名称（紹介元または紹介先）",
        "Practitioner" => "医師: 氏名・識別番号",
        "Condition" | "AllergyIntolerance" | "Observation" | "MedicationRequest" if starts(&["extension"]) => {
            "受診: 診療科・医療機関番号"
        }
        "Condition" | "AllergyIntolerance" | "Observation" | "MedicationRequest" if starts(&["encounter", "contained"]) => {
            "受診: 受診情報・担当医"
        }
        _ => "",
    }
}

/// The kind of the innermost entry's resource on a path, and the element path inside it.
fn locate<'a>(document: &'a Value, path: &'a str) -> (&'a str, &'a str) {
    let kind = document["resourceType"].as_str().unwrap_or_default();
    let Some(rest) = path.strip_prefix("Bundle.entry[") else {
        return (kind, path.split_once('.').map_or("", |(_, rest)| rest));
    };
    let Some((index, rest)) = rest.split_once(']') else { return (kind, "") };
    let resource = index.parse().ok().and_then(|i: usize| document["entry"].get(i)).map(|e| &e["resource"]);
    let kind = resource.and_then(|r| r["resourceType"].as_str()).unwrap_or_default();
    (kind, rest.strip_prefix(".resource.").unwrap_or_default())
}
