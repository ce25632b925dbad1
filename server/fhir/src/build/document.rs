//! What every document (Bundle of type document) is made of: resources with their addresses, institutions, doctors,
//! encounters, attachments, the lines of words beside the coded entries.

use super::{allergy, condition, lab, medication, parts::*};
use crate::{
    Context, Flags, Gap,
    domain::{Attachment, Prescription},
    text::{base64, tidy, tidy_narrow},
    uri,
};
use model::{
    chart::{Allergy, Diagnosis},
    labs::{LabReport, LabResult},
};
use serde_json::{Value, json};

/// A resource with the address under which the document refers to it.
pub(super) struct Placed {
    /// Its fullUrl.
    pub url: String,
    /// The kind of resource.
    pub kind: &'static str,
    /// What it is, for people.
    pub label: String,
    /// The resource.
    pub resource: Value,
}

impl Placed {
    /// A resource at a fresh address.
    pub fn new(kind: &'static str, label: impl Into<String>, resource: Value, uuids: Uuids<'_>) -> Self {
        Self { url: urn(uuids()), kind, label: label.into(), resource }
    }

    /// A reference to it.
    pub fn reference(&self) -> Value {
        json!({ "reference": self.url, "type": self.kind, "display": self.label })
    }
}

/// References to all of them.
pub(super) fn references(placed: &[Placed]) -> Vec<Value> {
    placed.iter().map(Placed::reference).collect()
}

/// Words, then a line for each.
pub(super) fn lines(first: &str, rest: impl Iterator<Item = String>) -> String {
    let mut all: Vec<String> = first.lines().map(str::to_owned).filter(|line| !line.trim().is_empty()).collect();
    all.extend(rest);
    all.join("\n")
}

/// Words that are there, one a line.
pub(super) fn join(words: &[&str]) -> String {
    words.iter().filter(|word| !word.trim().is_empty()).copied().collect::<Vec<_>>().join("\n")
}

/// A diagnosis in words.
pub(super) fn diagnosis_line(item: &Diagnosis) -> String {
    format!("{}（{}〜）", item.name, item.started_on)
}

/// A laboratory report in words.
pub(super) fn report_line(report: &LabReport) -> String {
    let results: Vec<String> = report.results.iter().map(LabResult::as_text).collect();
    format!("{} {}", model::date::day_of(report.collected_at), results.join("、"))
}

/// The sending institution with its department.
pub(super) fn from_organization(ctx: &Context<'_>, uuids: Uuids<'_>) -> Value {
    let number = ctx.institution.number.to_string();
    let phone = &ctx.institution.phone;
    let address = tidy(&ctx.institution.address);
    let mut resource = organization(ctx, &number, &ctx.institution.name, uuids);
    let members = resource.as_object_mut().expect("an object literal");
    if let Some(list) = members["extension"].as_array_mut() {
        list.push(department(&ctx.department.code, &ctx.department.name));
    }
    if !phone.is_empty() {
        members.insert("telecom".into(), json!([{ "system": "phone", "value": phone }]));
    }
    if !address.is_empty() {
        members.insert("address".into(), json!([{ "text": address, "country": "JP" }]));
    }
    resource
}

/// An institution with its number whole and in the three parts of JP Core (都道府県, 点数表, 医療機関コード).
pub(super) fn organization(ctx: &Context<'_>, number: &str, name: &str, uuids: Uuids<'_>) -> Value {
    let part = |range: std::ops::Range<usize>| number.get(range).unwrap_or_default().to_owned();
    let core = "http://jpfhir.jp/fhir/core/Extension/StructureDefinition/JP_Organization_";
    json!({
        "resourceType": "Organization",
        "id": uuids().to_string(),
        "meta": meta(ctx, uri::ORGANIZATION, Flags::default()),
        "language": "ja",
        "extension": [
            {
                "url": format!("{core}PrefectureNo"),
                "valueCoding": { "system": "http://jpfhir.jp/fhir/core/mhlw/CodeSystem/PrefectureNo-2digits", "code": part(0..2) },
            },
            {
                "url": format!("{core}InsuranceOrganizationCategory"),
                "valueCoding": { "system": "http://jpfhir.jp/fhir/core/mhlw/CodeSystem/MedicationFeeScoreType", "code": part(2..3) },
            },
            {
                "url": format!("{core}InsuranceOrganizationNo"),
                "valueIdentifier": { "system": "http://jpfhir.jp/fhir/core/mhlw/IdSystem/MedicalOrganizationID", "value": part(3..10) },
            },
        ],
        "identifier": [{ "system": uri::INSTITUTION_NUMBER, "value": number }],
        "type": [{ "coding": [coding("http://terminology.hl7.org/CodeSystem/organization-type", "prov", "Healthcare Provider")] }],
        "name": tidy(name),
    })
}

/// A doctor; with the identifier where it is the sender's own.
pub(super) fn practitioner(ctx: &Context<'_>, name: &str, own: bool, uuids: Uuids<'_>) -> Value {
    object(json!({
        "resourceType": "Practitioner",
        "id": uuids().to_string(),
        "meta": meta(ctx, uri::PRACTITIONER, Flags::default()),
        "language": "ja",
        "identifier": own.then(|| json!([doctor_identifier(ctx)])),
        "name": [kanji_name(name)],
    }))
}

/// The visit, or a reason as an encounter.
pub(super) fn encounter(ctx: &Context<'_>, reason: Option<&str>, uuids: Uuids<'_>) -> Value {
    object(json!({
        "resourceType": "Encounter",
        "id": uuids().to_string(),
        "meta": meta(ctx, uri::ENCOUNTER, Flags::default()),
        "language": "ja",
        "identifier": [{ "system": uri::RESOURCE_IDENTIFIER, "value": ctx.visit.id }],
        "status": "finished",
        "class": ambulatory(),
        "period": { "start": seconds(ctx.visit.at) },
        "reasonCode": reason.map(|words| json!([{ "text": tidy(words) }])),
    }))
}

/// Diagnoses as entries; what cannot be told goes to `gaps`.
pub(super) fn conditions(
    ctx: &Context<'_>,
    list: &[Diagnosis],
    patient: &str,
    gaps: &mut Vec<Gap>,
    uuids: Uuids<'_>,
) -> Vec<Placed> {
    let mut out = Vec::new();
    for item in list {
        match condition::resource(ctx, item, patient, uuids) {
            Ok(resource) => out.push(Placed::new("Condition", tidy(&item.name), resource, uuids)),
            Err(gap) => gaps.push(gap),
        }
    }
    out
}

/// Allergies as entries.
pub(super) fn allergies(
    ctx: &Context<'_>,
    list: &[Allergy],
    patient: &str,
    gaps: &mut Vec<Gap>,
    uuids: Uuids<'_>,
) -> Vec<Placed> {
    let mut out = Vec::new();
    for item in list {
        match allergy::resource(ctx, item, patient, uuids) {
            Ok(resource) => out.push(Placed::new("AllergyIntolerance", tidy(&item.name), resource, uuids)),
            Err(gap) => gaps.push(gap),
        }
    }
    out
}

/// Laboratory results as entries.
pub(super) fn results(
    ctx: &Context<'_>,
    reports: &[LabReport],
    patient: &str,
    gaps: &mut Vec<Gap>,
    uuids: Uuids<'_>,
) -> Vec<Placed> {
    let mut out = Vec::new();
    for report in reports {
        for (index, item) in report.results.iter().enumerate() {
            match lab::resource(ctx, report, index, item, patient, uuids) {
                Ok(resource) => out.push(Placed::new("Observation", tidy_narrow(&item.name), resource, uuids)),
                Err(more) => gaps.extend(more),
            }
        }
    }
    out
}

/// Drugs as entries, one for each.
pub(super) fn drugs(
    ctx: &Context<'_>,
    list: &[Prescription],
    patient: &str,
    gaps: &mut Vec<Gap>,
    uuids: Uuids<'_>,
) -> Vec<Placed> {
    let mut out = Vec::new();
    for group in list {
        for (index, item) in group.rp.items.iter().enumerate() {
            match medication::resource(ctx, group, index, item, patient, uuids) {
                Ok(resource) => out.push(Placed::new("MedicationRequest", tidy(&item.name), resource, uuids)),
                Err(more) => gaps.extend(more),
            }
        }
    }
    out
}

/// A file as `JP_DocumentReference_eCS`; `words` stand as its description.
pub(super) fn file(ctx: &Context<'_>, attachment: &Attachment, words: Option<&str>, patient: &str, uuids: Uuids<'_>) -> Value {
    let title = tidy(&attachment.title);
    object(json!({
        "resourceType": "DocumentReference",
        "id": uuids().to_string(),
        "meta": meta(ctx, uri::DOCUMENT_REFERENCE, Flags::default()),
        "language": "ja",
        "status": "current",
        "subject": { "reference": patient, "type": "Patient" },
        "date": instant(attachment.made_at),
        "description": words.unwrap_or(&title),
        "content": [{
            "attachment": {
                "contentType": attachment.content_type,
                "language": "ja",
                "data": base64(&attachment.data),
                "title": title,
                "creation": instant(attachment.made_at),
            },
        }],
    }))
}

/// The lines that say a prescription in words.
pub(super) fn drug_lines(list: &[Prescription]) -> impl Iterator<Item = String> {
    list.iter().map(|group| tidy(&group.rp.as_text().replace('\n', " ")))
}
