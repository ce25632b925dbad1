//! The report of a health check (健診結果報告書): `JP_Bundle_eCheckupGeneral` with `JP_Composition_eCheckupGeneral` (eCheckup 1.5.0).

use super::{
    cover::{covers, profile},
    document::*,
    lab,
    parts::*,
    units,
};
use crate::{
    Context, Flags, Gap,
    domain::{Checkup, CheckupItem, CheckupValue},
    text::{div, tidy, tidy_narrow},
    uri,
};
use serde_json::{Value, json};

/// Codes of groups of items that belong together (健診一連検査グループコード, CodeSystem observationGroup-codes of eCheckup
/// 1.5.0, "サンプル一部"): the first five characters of their items' codes.
const GROUPS: &[(&str, &str)] = &[
    ("2A020", "貧血検査"),
    ("9A110", "心電図検査"),
    ("9N201", "胸部X線直接・がん検診"),
    ("9N206", "胸部X線直接・一般健診"),
    ("9N216", "胸部X線間接・がん検診"),
    ("9N221", "胸部X線間接・一般健診"),
    ("9N251", "胸部CT直接・がん検診"),
    ("9N252", "胸部CT直接・一般健診"),
    ("9N256", "上部消化管検査"),
    ("9E100", "眼底検査"),
    ("3C015", "血清クレアチニン検査"),
    ("9P500", "胸部エックス線検査"),
    ("7A030", "喀痰検査"),
    ("9N281", "マンモグラフィー検査"),
    ("9P542", "胃エックス線検査"),
    ("9P544", "胃内視鏡検査"),
    ("7A021", "頸部細胞診検査"),
    ("1B040", "便潜血検査"),
    ("9Z507", "骨粗鬆症DXA 検査"),
    ("9Z531", "骨粗鬆症エックス線検査"),
    ("9Z536", "骨粗鬆症CT 検査"),
    ("9Z541", "骨粗鬆症超音波検査"),
];

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
    let covers = covers(ctx, check, &patient_url, uuids);
    let mut items = Vec::new();
    for (index, item) in check.items.iter().enumerate() {
        let resource = observation(ctx, check, index, item, &patient_url, uuids);
        items.push((item, Placed::new("Observation", tidy(&item.name), resource, uuids)));
    }

    let groups = groups(ctx, check, &items, &patient_url, uuids);

    let mut sections = Vec::new();
    for (asked, (code, display), title) in
        [(false, check.kind.measured(), "検査結果セクション"), (true, check.kind.asked(), "問診結果セクション")]
    {
        let list: Vec<_> = items.iter().filter(|(item, _)| item.asked == asked).collect();
        let mut entries = Vec::new();
        for (item, placed) in &list {
            match groups.iter().find(|(code, ..)| !asked && item.code.starts_with(code)) {
                // A group stands where its first item would; the items are reached through it.
                Some((_, first, group)) if *first == placed.url => entries.push(group.reference()),
                Some(_) => {}
                None => entries.push(placed.reference()),
            }
        }
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
    let all = all.chain(groups.into_iter().map(|(_, _, group)| group));
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

/// Groups of two or more measured items that belong together: code, address of the first item, the group. The reason for
/// an examination (実施理由) stands in it as a reason, the rest as its parts.
fn groups(
    ctx: &Context<'_>,
    check: &Checkup,
    items: &[(&CheckupItem, Placed)],
    patient: &str,
    uuids: Uuids<'_>,
) -> Vec<(&'static str, String, Placed)> {
    let mut out = Vec::new();
    for (code, display) in GROUPS {
        let members: Vec<_> = items.iter().filter(|(item, _)| !item.asked && item.code.starts_with(code)).collect();
        let [(_, first), _, ..] = members.as_slice() else { continue };
        let list: Vec<Value> = members
            .iter()
            .map(|(item, placed)| {
                let relation = if item.name.contains("実施理由") { "RSON" } else { "COMP" };
                json!({
                    "extension": [{
                        "url": "http://jpfhir.jp/fhir/Common/Extension/StructureDefinition/observatioGroupRelationship",
                        "valueCode": relation,
                    }],
                    "reference": placed.url,
                    "type": "Observation",
                })
            })
            .collect();
        let resource = json!({
            "resourceType": "Observation",
            "id": uuids().to_string(),
            "meta": meta(ctx, &profile("ObservationGroup"), Flags::default()),
            "language": "ja",
            "identifier": resource_identifier(ctx, &format!("{}-{code}", check.id)),
            "status": "final",
            "code": { "coding": [coding("http://jpfhir.jp/fhir/eCheckup/CodeSystem/observationGroup-codes", code, display)] },
            "subject": { "reference": patient, "type": "Patient" },
            "effectiveDateTime": check.done_on.to_string(),
            "hasMember": list,
        });
        out.push((*code, first.url.clone(), Placed::new("Observation", *display, resource, uuids)));
    }
    out
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
