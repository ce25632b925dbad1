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

mod chart;
mod designated;
mod facts;
mod invariants;
mod primitive;
mod references;
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
        issue.chart_field = chart::field(document, &issue.path);
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
