//! What a document must satisfy before it is taken, and what the stand-in reads of it.

use crate::journal::About;
use fhir::{
    Version, uri,
    validate::{Issue, Severity, validate_as},
};
use serde_json::Value;

/// Everything that is wrong with a document of an institution; errors refuse it.
pub(crate) fn issues(institution: &str, document: &Value, version: Version) -> Vec<Issue> {
    let mut issues = validate_as(document, version);
    if let Some(issue) = foreign(institution, document) {
        issues.insert(0, issue);
    }
    issues
}

/// An error of the stand-in's own rules.
pub(crate) fn issue(rule: &str, path: &str, message: &str) -> Issue {
    Issue {
        severity: Severity::Error,
        code: "business-rule".into(),
        rule: rule.into(),
        path: path.into(),
        message_ja: message.into(),
        chart_field: String::new(),
    }
}

/// A bundle that is none of those the service takes, or that names another institution than the one that sends it.
fn foreign(asker: &str, document: &Value) -> Option<Issue> {
    let profiles = document["meta"]["profile"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let taken = [uri::BUNDLE_CLINS, uri::BUNDLE_EREFERRAL, uri::BUNDLE_EDISCHARGE, uri::BUNDLE_EPCS, uri::BUNDLE_ECHECKUP];
    let known = profiles.map(|p| p.split('|').next().unwrap_or(p)).any(|p| taken.contains(&p));
    if document["resourceType"] != "Bundle" || !known {
        return Some(issue("PF-PROFILE", "Bundle.meta.profile", "受け付ける文書の種類（Bundleのプロファイル）ではありません。"));
    }
    let about = about(document);
    if about.identifier.split('^').next() != Some(asker) {
        let text = "Bundleの識別子の医療機関番号が、送信した医療機関と異なります。";
        return Some(issue("PF-SENDER", "Bundle.identifier.value", text));
    }
    about.member_id.is_empty().then(|| issue("PF-MEMBER", "Bundle.entry", "被保険者個人識別子がありません。"))
}

/// What a document is; empty where it does not say.
pub(crate) fn about(document: &Value) -> About {
    let patient = resources(document).find(|(_, r)| r["resourceType"] == "Patient");
    About {
        identifier: document["identifier"]["value"].as_str().unwrap_or_default().to_owned(),
        member_id: patient.map(|(_, r)| fhir::read::member_id(r)).unwrap_or_default(),
        kind: fhir::import::kind_of(document),
        addressee: addressee(document),
    }
}

fn resources(document: &Value) -> impl Iterator<Item = (&str, &Value)> {
    let entries = document["entry"].as_array().into_iter().flatten();
    entries.map(|entry| (entry["fullUrl"].as_str().unwrap_or_default(), &entry["resource"]))
}

/// The institution a letter is addressed to: the number of an organization of the section 910 (紹介先情報).
fn addressee(document: &Value) -> Option<String> {
    let (_, composition) = resources(document).find(|(_, r)| r["resourceType"] == "Composition")?;
    let sections = composition["section"].as_array()?.iter();
    let to = sections.filter(|s| s["code"]["coding"].as_array().into_iter().flatten().any(|c| c["code"] == "910"));
    let references = to.flat_map(|s| s["entry"].as_array().into_iter().flatten()).filter_map(|e| e["reference"].as_str());
    let named = references.filter_map(|reference| resources(document).find(|(url, _)| *url == reference));
    let numbers = named.filter(|(_, r)| r["resourceType"] == "Organization").filter_map(|(_, organization)| {
        let mut identifiers = organization["identifier"].as_array()?.iter();
        identifiers.find(|i| i["system"] == uri::INSTITUTION_NUMBER)?["value"].as_str()
    });
    numbers.map(str::to_owned).next()
}
