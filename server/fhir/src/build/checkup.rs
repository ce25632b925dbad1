//! The report of a health check (健診結果報告書): `JP_Bundle_eCheckupGeneral` with `JP_Composition_eCheckupGeneral` (eCheckup 1.5.0).

use super::{document::*, lab, parts::*, units};
use crate::{
    Context, Flags, Gap,
    domain::{Checkup, CheckupItem, CheckupValue, Insurer, Ticket},
    text::{div, tidy, tidy_narrow},
    uri,
};
use serde_json::{Value, json};

/// A profile of eCheckup by its short name.
fn profile(name: &str) -> String {
    format!("{}JP_{name}_eCheckupGeneral", uri::CHECKUP_PROFILE)
}

/// The whole report.
pub(super) fn bundle(ctx: &Context<'_>, check: &Checkup, uuids: Uuids<'_>) -> Result<Value, Vec<Gap>> {
    let (patient_url, mut patient, mut gaps) = super::begin(ctx, uuids);
    lacks(check, &mut gaps);
    if !gaps.is_empty() {
        return Err(gaps);
    }
    patient["resource"]["meta"] = meta(ctx, uri::CHECKUP_PATIENT, Flags::default());
    let judge = if tidy(&check.judged_by).is_empty() { &ctx.doctor.name } else { &check.judged_by };
    let own = tidy(judge) == tidy(&ctx.doctor.name);
    let mut doctor = practitioner(ctx, judge, own, uuids);
    doctor["meta"] = meta(ctx, &profile("Practitioner"), Flags::default());
    let doctor = Placed::new("Practitioner", "判定した医師", doctor, uuids);
    let house = Placed::new("Organization", "健診実施機関", organization(ctx, uuids), uuids);
    let visit = Placed::new("Encounter", "健診受診情報", encounter(ctx, check, &house, uuids), uuids);
    let mut covers = Vec::new();
    if let Some(insurer) = &check.insurer {
        let payer = Placed::new("Organization", "保険者", payer(ctx, insurer, uuids), uuids);
        if let Some(ticket) = &check.ticket {
            let resource = service(ctx, ticket, &patient_url, &payer, uuids);
            covers.push(Placed::new("Coverage", "受診券情報", resource, uuids));
            covers.push(payer);
        }
    }
    let mut items = Vec::new();
    for (index, item) in check.items.iter().enumerate() {
        let resource = observation(ctx, check, index, item, &patient_url, uuids);
        items.push((item, Placed::new("Observation", tidy(&item.name), resource, uuids)));
    }

    let mut sections = Vec::new();
    for (asked, (code, display), title) in
        [(false, check.kind.measured(), "検査結果セクション"), (true, check.kind.asked(), "問診結果セクション")]
    {
        let list: Vec<_> = items.iter().filter(|(item, _)| item.asked == asked).collect();
        let mut entries: Vec<Value> = list.iter().map(|(_, placed)| placed.reference()).collect();
        if !asked {
            entries.extend(covers.iter().filter(|c| c.kind == "Coverage").map(Placed::reference));
        }
        if entries.is_empty() {
            continue;
        }
        let words = lines("", list.iter().map(|(item, _)| in_words(item)));
        sections.push(json!({
            "title": title,
            "code": { "coding": [coding(uri::CHECKUP_SECTION, code, display)] },
            "text": { "status": "generated", "div": div(&words) },
            "entry": entries,
        }));
    }
    let (report, report_display) = check.kind.report();
    let (programme, programme_display) = check.kind.programme();
    let day = check.done_on.to_string();
    let composition = json!({
        "resourceType": "Composition",
        "id": uuids().to_string(),
        "meta": meta(ctx, uri::COMPOSITION_ECHECKUP, Flags::default()),
        "language": "ja",
        "extension": [{ "url": uri::EXT_DOCUMENT_VERSION, "valueString": "1.0" }],
        "identifier": document_identifier(ctx),
        "status": "final",
        "type": { "coding": [coding(uri::DOC_TYPE, "53576-5", "検診・健診報告書")] },
        "category": [{ "coding": [coding(uri::CHECKUP_REPORT, report, report_display)] }],
        "subject": { "reference": patient_url, "type": "Patient" },
        "encounter": visit.reference(),
        "date": seconds(ctx.now),
        "author": [doctor.reference(), house.reference()],
        "title": "健診結果報告書",
        "custodian": house.reference(),
        "event": [{
            "code": [{ "coding": [coding(uri::CHECKUP_PROGRAMME, programme, programme_display)] }],
            "period": { "start": day, "end": day },
        }],
        "section": sections,
    });
    let mut entries = vec![entry(&urn(uuids()), composition), patient];
    let all = [doctor, house, visit].into_iter().chain(covers).chain(items.into_iter().map(|(_, placed)| placed));
    entries.extend(all.map(|placed| entry(&placed.url, placed.resource)));
    Ok(super::bundle(ctx, uri::BUNDLE_ECHECKUP, None, "document", entries, uuids))
}

/// What a report needs and has not.
fn lacks(check: &Checkup, gaps: &mut Vec<Gap>) {
    if check.items.iter().all(|item| item.asked) {
        gaps.push(Gap::new("checkup.items", "健診の検査結果が1つ以上必要です。"));
    }
    for (index, item) in check.items.iter().enumerate() {
        let mut lack = |part: &str, words: &str| {
            gaps.push(Gap::new(format!("checkup.items.{index}.{part}"), format!("「{}」の{words}", tidy(&item.name))));
        };
        if item.code.len() != 17 || !item.code.bytes().all(|b| b.is_ascii_alphanumeric()) {
            lack("code", "健診項目コードは17桁の英数字です。");
        }
        if tidy(&item.name).is_empty() {
            lack("name", "名称が空です。");
        }
        match &item.value {
            CheckupValue::Words(words) if tidy(words).is_empty() => lack("value", "結果が空です。"),
            CheckupValue::Missing(reason) if tidy(reason).is_empty() => lack("value", "結果がない理由を入力してください。"),
            CheckupValue::Choice { system, code, .. } if system.is_empty() || code.is_empty() => {
                lack("value", "選択肢のコードが必要です。");
            }
            _ => {}
        }
        if matches!((item.low, item.high), (Some(low), Some(high)) if low > high) {
            lack("low", "基準値の下限が上限より大きくなっています。");
        }
    }
    if check.ticket.is_some() && check.insurer.is_none() {
        gaps.push(Gap::new("checkup.insurer", "受診券を使うときは保険者が必要です。"));
    }
    if let Some(insurer) = &check.insurer
        && (insurer.number.len() != 8 || !insurer.number.bytes().all(|b| b.is_ascii_digit()))
    {
        gaps.push(Gap::new("checkup.insurer", "保険者番号は8桁の数字です（6桁のときは前に0を補います）。"));
    }
    if check.ticket.as_ref().is_some_and(|ticket| tidy(&ticket.number).is_empty()) {
        gaps.push(Gap::new("checkup.ticket", "受診券の整理番号を入力してください。"));
    }
}

/// The clinic, which did the check and writes the report.
fn organization(ctx: &Context<'_>, uuids: Uuids<'_>) -> Value {
    let role = |code: &str, display: &str| json!({ "coding": [coding("http://jpfhir.jp/fhir/eCheckup/CodeSystem/report-organization-code", code, display)] });
    let house = &ctx.institution;
    let address = tidy(&house.address);
    object(json!({
        "resourceType": "Organization",
        "id": uuids().to_string(),
        "meta": meta(ctx, &profile("Organization"), Flags::default()),
        "language": "ja",
        "identifier": [{ "system": uri::INSTITUTION_NUMBER, "value": house.number.to_string() }],
        "type": [role("exec-org", "実施機関"), role("doc-org", "報告作成機関")],
        "name": tidy(&house.name),
        "telecom": (!house.phone.is_empty()).then(|| json!([{ "system": "phone", "value": house.phone }])),
        "address": (!address.is_empty()).then(|| json!([{ "text": address, "country": "JP" }])),
    }))
}

fn encounter(ctx: &Context<'_>, check: &Checkup, house: &Placed, uuids: Uuids<'_>) -> Value {
    let day = check.done_on.to_string();
    json!({
        "resourceType": "Encounter",
        "id": uuids().to_string(),
        "meta": meta(ctx, &profile("Encounter"), Flags::default()),
        "language": "ja",
        "status": "finished",
        "class": coding("http://jpfhir.jp/fhir/eCheckup/CodeSystem/encounter-category", "checkup", "健診"),
        "period": { "start": day, "end": day },
        "serviceProvider": house.reference(),
    })
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

fn service(ctx: &Context<'_>, ticket: &Ticket, patient: &str, payer: &Placed, uuids: Uuids<'_>) -> Value {
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
        "payor": [payer.reference()],
    }))
}

fn observation(ctx: &Context<'_>, check: &Checkup, index: usize, item: &CheckupItem, patient: &str, uuids: Uuids<'_>) -> Value {
    let name = tidy(&item.name);
    let unit = match &item.value {
        CheckupValue::Number { unit, .. } => tidy_narrow(unit),
        _ => String::new(),
    };
    let range = (item.low.is_some() || item.high.is_some()).then(|| {
        json!([object(json!({
            "low": item.low.map(|low| lab::quantity(low, &unit)),
            "high": item.high.map(|high| lab::quantity(high, &unit)),
        }))])
    });
    let detail = item.detail.as_ref().filter(|(_, _, words)| !tidy(words).is_empty()).map(|(code, name, words)| {
        json!([{ "code": { "coding": [coding(uri::CHECKUP_ITEM, code, &tidy(name))] }, "valueString": paragraphs(words) }])
    });
    let mut resource = json!({
        "resourceType": "Observation",
        "id": uuids().to_string(),
        "meta": meta(ctx, &profile("Observation"), Flags::default()),
        "language": "ja",
        "identifier": resource_identifier(ctx, &format!("{}-{}", check.id, index + 1)),
        "status": "final",
        "code": { "coding": [coding(uri::CHECKUP_ITEM, &item.code, &name)], "text": name },
        "subject": { "reference": patient, "type": "Patient" },
        "effectiveDateTime": check.done_on.to_string(),
    });
    let (key, value) = match &item.value {
        CheckupValue::Number { value, .. } => ("valueQuantity", lab::quantity(*value, &unit)),
        CheckupValue::Choice { system, code, display } => {
            let display = tidy(display);
            let display = (!display.is_empty()).then_some(display);
            let one = object(json!({ "system": system, "code": code, "display": display }));
            ("valueCodeableConcept", json!({ "coding": [one] }))
        }
        CheckupValue::Words(words) => ("valueString", json!(paragraphs(words))),
        CheckupValue::Missing(reason) => ("dataAbsentReason", json!({ "text": tidy(reason) })),
    };
    let members = resource.as_object_mut().expect("an object literal");
    members.insert(key.into(), value);
    members.insert("referenceRange".into(), range.unwrap_or_default());
    members.insert("component".into(), detail.unwrap_or_default());
    object(resource)
}

/// An item in words, for the section's narrative.
fn in_words(item: &CheckupItem) -> String {
    let value = match &item.value {
        CheckupValue::Number { value, unit } => format!("{} {}", units::number(*value), tidy_narrow(unit)),
        CheckupValue::Choice { code, display, .. } => {
            if tidy(display).is_empty() {
                code.clone()
            } else {
                tidy(display)
            }
        }
        CheckupValue::Words(words) => tidy(words),
        CheckupValue::Missing(reason) => format!("結果なし（{}）", tidy(reason)),
    };
    let detail = item.detail.as_ref().map(|(_, _, words)| format!("（{}）", tidy(words))).unwrap_or_default();
    format!("{} {}{detail}", tidy(&item.name), value.trim_end())
}
