//! Parts that stand in every resource: bundle frame, meta, extensions, contained encounter and practitioner.

use crate::{BundleId, Context, Flags, Gap, text::tidy, uri};
use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Map, Value, json};
use uuid::Uuid;

/// A source of UUIDs.
pub(super) type Uuids<'a> = &'a mut dyn FnMut() -> Uuid;

/// An instant as the documents write it: Japan's time, milliseconds, zone.
pub(super) fn instant(at: DateTime<Utc>) -> String {
    at.with_timezone(&model::date::japan()).to_rfc3339_opts(SecondsFormat::Millis, false)
}

/// A dateTime to the second with zone.
pub(super) fn seconds(at: DateTime<Utc>) -> String {
    at.with_timezone(&model::date::japan()).to_rfc3339_opts(SecondsFormat::Secs, false)
}

/// `urn:uuid:…`.
pub(super) fn urn(uuid: Uuid) -> String {
    format!("urn:uuid:{uuid}")
}

/// An object without its null members: what is not there is not written.
pub(super) fn object(value: Value) -> Value {
    match value {
        Value::Object(map) => Value::Object(map.into_iter().filter(|(_, v)| !v.is_null()).collect::<Map<_, _>>()),
        other => other,
    }
}

/// The identifier of a document's composition, separated by hats as the bundle's (history 1.8.0).
pub(super) fn document_identifier(ctx: &Context<'_>) -> Value {
    json!({ "system": uri::RESOURCE_IDENTIFIER, "value": ctx.bundle.value(&ctx.institution.number) })
}

/// Words of several lines, each tidied; empty lines are left out.
pub(super) fn paragraphs(words: &str) -> String {
    words.lines().map(tidy).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

/// An entry of a bundle.
pub(super) fn entry(full_url: &str, resource: Value) -> Value {
    json!({ "fullUrl": full_url, "resource": resource })
}

/// The frame around the entries.
pub(super) fn bundle(
    ctx: &Context<'_>,
    profile: &str,
    tag: Option<Value>,
    kind: &str,
    entries: Vec<Value>,
    uuids: Uuids<'_>,
) -> Value {
    object(json!({
        "resourceType": "Bundle",
        "id": uuids().to_string(),
        "meta": object(json!({ "lastUpdated": instant(ctx.now), "profile": [profile], "tag": tag })),
        "language": "ja",
        "identifier": { "system": uri::BUNDLE_IDENTIFIER, "value": ctx.bundle.value(&ctx.institution.number) },
        "type": kind,
        "timestamp": instant(ctx.now),
        "entry": entries,
    }))
}

/// The meta of a resource, with its flags.
pub(super) fn meta(ctx: &Context<'_>, profile: &str, flags: Flags) -> Value {
    let mut tags = Vec::new();
    for (set, code, display) in [
        (flags.long_term, "LTS", "長期保存"),
        (flags.uninformed, "UNINFORMED", "未告知"),
        (flags.undelivered, "UNDELIVERED", "未提供"),
    ] {
        if set {
            tags.push(json!({ "system": uri::INDICATION, "code": code, "display": display }));
        }
    }
    object(json!({
        "lastUpdated": instant(ctx.now),
        "profile": [profile],
        "tag": if tags.is_empty() { Value::Null } else { Value::Array(tags) },
    }))
}

/// The extensions that every one of the five kinds carries: institution number and department.
pub(super) fn extensions(ctx: &Context<'_>) -> Vec<Value> {
    vec![institution(ctx), department(&ctx.department.code, &ctx.department.name)]
}

/// The institution number (R9011, R9012).
pub(super) fn institution(ctx: &Context<'_>) -> Value {
    json!({
        "url": uri::EXT_INSTITUTION,
        "valueIdentifier": { "system": uri::INSTITUTION_NUMBER, "value": ctx.institution.number.to_string() },
    })
}

/// The department (R9014).
pub(super) fn department(code: &str, name: &str) -> Value {
    let coding = (!code.is_empty()).then(|| json!([{ "system": uri::DEPARTMENT, "code": code, "display": tidy(name) }]));
    json!({ "url": uri::EXT_DEPARTMENT, "valueCodeableConcept": object(json!({ "coding": coding, "text": tidy(name) })) })
}

/// The identifier of a resource at its institution; it stays the same over the life of the row.
pub(super) fn resource_identifier(ctx: &Context<'_>, of: &str) -> Value {
    json!([{ "system": uri::RESOURCE_IDENTIFIER, "value": format!("{}-{of}", ctx.institution.number) }])
}

/// The encounter inside a resource (R9013): an outpatient visit.
pub(super) fn contained_encounter(ctx: &Context<'_>) -> Value {
    json!({
        "resourceType": "Encounter",
        "id": "encounter",
        "meta": { "profile": [uri::CORE_ENCOUNTER] },
        "identifier": [{ "system": uri::RESOURCE_IDENTIFIER, "value": ctx.visit.id }],
        "status": "finished",
        "class": ambulatory(),
        "period": { "start": seconds(ctx.visit.at) },
    })
}

/// The doctor inside a resource (R9019O).
pub(super) fn contained_practitioner(ctx: &Context<'_>) -> Value {
    json!({
        "resourceType": "Practitioner",
        "id": "practitioner",
        "meta": { "profile": [uri::CORE_PRACTITIONER] },
        "identifier": [doctor_identifier(ctx)],
        "name": [kanji_name(&ctx.doctor.name)],
    })
}

/// The doctor's identifier at the institution (R1090).
pub(super) fn doctor_identifier(ctx: &Context<'_>) -> Value {
    json!({ "system": format!("{}1{}", uri::LOCAL_DOCTOR_PREFIX, ctx.institution.number), "value": ctx.doctor.id })
}

/// A name of which only the whole is known.
pub(super) fn kanji_name(name: &str) -> Value {
    json!({ "extension": [{ "url": uri::EXT_NAME_REPRESENTATION, "valueCode": "IDE" }], "text": tidy(name) })
}

/// 外来.
pub(super) fn ambulatory() -> Value {
    json!({ "system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "AMB", "display": "外来" })
}

/// One coding.
pub(super) fn coding(system: &str, code: &str, display: &str) -> Value {
    json!({ "system": system, "code": code, "display": display })
}

/// What the context itself lacks.
pub(super) fn gaps(ctx: &Context<'_>) -> Vec<Gap> {
    let mut gaps = Vec::new();
    if ctx.patient.address.trim().is_empty() {
        gaps.push(Gap::new("patient.address", "患者の住所が未登録です（JP_Patient_eCSで必須）。"));
    }
    let name = &ctx.patient.name;
    if [&name.family, &name.given].iter().any(|part| tidy(part).is_empty()) {
        gaps.push(Gap::new("patient.name", "患者の姓と名が必要です（JP_Patient_eCSで必須）。"));
    }
    if tidy(&ctx.doctor.name).is_empty() || ctx.doctor.id.is_empty() {
        gaps.push(Gap::new("visit.doctor", "担当医が決まっていません。"));
    }
    if tidy(&ctx.department.name).is_empty() {
        gaps.push(Gap::new("visit.department", "診療科が決まっていません（R9014）。"));
    }
    let BundleId { year, suffix } = &ctx.bundle;
    let suffix_fits = (1..=36).contains(&suffix.len()) && suffix.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    if !(2020..=2039).contains(year) || !suffix_fits {
        gaps.push(Gap::new("document.identifier", "文書の識別番号が規則に合いません（R2152）。"));
    }
    gaps
}
