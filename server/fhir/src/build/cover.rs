//! Who pays for a health check: the ticket (受診券) and the insurance card, each with its insurer, as the official examples of
//! eCheckup have them (JP_CoverageService_eCheckupGeneral, JP_CoverageInsurance_eCheckupGeneral).
//!
//! Codes: kind of insurance (保険種別, 別表11) 1 医保, 2 国保, 7 後期高齢者; 1 被保険者, 2 被扶養者 (記録条件仕様 処方編, 保険レコード).

use super::{document::Placed, parts::*};
use crate::{
    Context, Flags,
    domain::{Checkup, Insurer, Ticket},
    text::tidy,
    uri,
};
use model::insurance::{Insurance, Relation, Scheme};
use serde_json::{Value, json};

/// A profile of eCheckup by its short name.
pub(super) fn profile(name: &str) -> String {
    format!("{}JP_{name}_eCheckupGeneral", uri::CHECKUP_PROFILE)
}

/// The ticket and the card with their insurers; the insurer stands once where both have the same.
pub(super) fn covers(ctx: &Context<'_>, check: &Checkup, patient: &str, uuids: Uuids<'_>) -> Vec<Placed> {
    let mut out = Vec::new();
    let mut payers: Vec<(String, Placed)> = Vec::new();
    let ticket = check.ticket.as_ref().zip(check.insurer.as_ref());
    let card = ctx.patient.insurance_on(check.done_on);
    let of_card = card.map(|card| Insurer { number: format!("{:0>8}", card.insurer.as_str()), name: String::new() });
    for insurer in ticket.map(|(_, insurer)| insurer).into_iter().chain(&of_card) {
        if !payers.iter().any(|(number, _)| *number == insurer.number) {
            let placed = Placed::new("Organization", "保険者", payer(ctx, insurer, uuids), uuids);
            payers.push((insurer.number.clone(), placed));
        }
    }
    let paid_by = |number: &str| payers.iter().find(|(n, _)| n == number).map(|(_, placed)| placed.reference());
    if let Some((ticket, insurer)) = ticket {
        let resource = service(ctx, ticket, patient, paid_by(&insurer.number), uuids);
        out.push(Placed::new("Coverage", "受診券情報", resource, uuids));
    }
    if let (Some(card), Some(insurer)) = (card, &of_card) {
        let resource = insured(ctx, card, patient, paid_by(&insurer.number), uuids);
        out.push(Placed::new("Coverage", "保険証情報", resource, uuids));
    }
    out.extend(payers.into_iter().map(|(_, placed)| placed));
    out
}

fn payer(ctx: &Context<'_>, insurer: &Insurer, uuids: Uuids<'_>) -> Value {
    let name = tidy(&insurer.name);
    json!({
        "resourceType": "Organization",
        "id": uuids().to_string(),
        "meta": meta(ctx, &profile("OrganizationInsurer"), Flags::default()),
        "language": "ja",
        "identifier": [{ "system": uri::INSURER_NUMBER, "value": insurer.number }],
        "type": [{ "coding": [coding("http://terminology.hl7.org/CodeSystem/organization-type", "ins", "Insurance Company")] }],
        "name": if name.is_empty() { insurer.number.clone() } else { name },
    })
}

fn service(ctx: &Context<'_>, ticket: &Ticket, patient: &str, payor: Option<Value>, uuids: Uuids<'_>) -> Value {
    object(json!({
        "resourceType": "Coverage",
        "id": uuids().to_string(),
        "meta": meta(ctx, &profile("CoverageService"), Flags::default()),
        "language": "ja",
        "status": "active",
        "type": { "coding": [{ "system": uri::CHECKUP_TICKET, "code": "1" }] },
        "subscriberId": tidy(&ticket.number),
        "beneficiary": { "reference": patient, "type": "Patient" },
        "period": ticket.until.map(|day| json!({ "end": day.to_string() })),
        "payor": payor.map(|one| json!([one])),
    }))
}

fn insured(ctx: &Context<'_>, card: &Insurance, patient: &str, payor: Option<Value>, uuids: Uuids<'_>) -> Value {
    let [symbol, number] = [&card.symbol, &card.number].map(|part| tidy(part));
    let branch = card.branch.as_deref().map(tidy).unwrap_or_default();
    let extension = |part: &str, value: &str| {
        let url = format!("http://jpfhir.jp/fhir/core/Extension/StructureDefinition/JP_Coverage_InsuredPerson{part}");
        (!value.is_empty()).then(|| json!({ "url": url, "valueString": value }))
    };
    let parts = [extension("Symbol", &symbol), extension("Number", &number), extension("SubNumber", &branch)];
    let parts: Vec<Value> = parts.into_iter().flatten().collect();
    let kind = match card.insurer.scheme() {
        Scheme::Employee => "1",
        Scheme::NationalHealth => "2",
        Scheme::LateElderly => "7",
    };
    let (relation, display) = match card.relation {
        Relation::Insured => ("1", "被保険者"),
        Relation::Dependent => ("2", "被扶養者"),
    };
    let core = "http://jpfhir.jp/fhir/core/mhlw/CodeSystem/";
    object(json!({
        "resourceType": "Coverage",
        "id": uuids().to_string(),
        "meta": meta(ctx, &profile("CoverageInsurance"), Flags::default()),
        "language": "ja",
        "extension": if parts.is_empty() { Value::Null } else { Value::Array(parts) },
        "identifier": [{ "value": format!("\"{symbol}\",\"{number}\",\"{branch}\"") }],
        "status": "active",
        "type": { "coding": [{ "system": format!("{core}InsuranceMajorCategory"), "code": kind }] },
        "subscriberId": format!("\"{symbol}\",\"{number}\""),
        "beneficiary": { "reference": patient, "type": "Patient" },
        "dependent": (!branch.is_empty()).then_some(&branch),
        "relationship": { "coding": [coding(&format!("{core}InsuredPersonCategory"), relation, display)] },
        "period": object(json!({ "start": card.valid_from.to_string(), "end": card.valid_to.map(|day| day.to_string()) })),
        "payor": payor.map(|one| json!([one])),
    }))
}
