//! What only one kind of document has: a plan, a stay, a health check, files.

use super::parts::*;
use crate::{
    domain::{
        Admission, Attachment, CarePlan, Checkup, CheckupItem, CheckupKind, CheckupValue, Disposition, Insurer, Stay, Ticket,
    },
    text::from_base64,
    uri,
};
use serde_json::Value;
use uuid::Uuid;

/// The id in an identifier of ours (`institution-uuid`), else nil: other institutions number as they like.
fn id_of(identifier: &str) -> Uuid {
    identifier.split_once('-').and_then(|(_, rest)| rest.get(..36)).and_then(|rest| rest.parse().ok()).unwrap_or_default()
}

/// Institution number and name of the organization in the section of the addressee (紹介先情報, 910).
pub(super) fn addressee(bundle: &Value) -> Option<(String, String)> {
    let entries = || bundle["entry"].as_array().into_iter().flatten();
    let composition = entries().map(|e| &e["resource"]).find(|r| r["resourceType"] == "Composition")?;
    let mut sections = composition["section"].as_array()?.iter();
    let section = sections.find(|s| code(&s["code"], uri::SECTION).as_deref() == Some("910"))?;
    let named = section["entry"].as_array().into_iter().flatten();
    let mut found = named.filter_map(|n| entries().find(|e| e["fullUrl"] == n["reference"])).map(|e| &e["resource"]);
    let house = found.find(|r| r["resourceType"] == "Organization")?;
    Some((identifier(house, uri::INSTITUTION_NUMBER), words(&house["name"])))
}

/// The identifier of the bundle that a composition answers: what it adds to.
pub(super) fn answers(composition: &Value) -> Option<String> {
    let mut relations = composition["relatesTo"].as_array()?.iter();
    relations
        .find(|r| r["code"] == "appends" && r["targetIdentifier"]["system"] == uri::BUNDLE_IDENTIFIER)
        .map(|r| words(&r["targetIdentifier"]["value"]))
        .filter(|value| !value.is_empty())
}

pub(super) fn plan(r: &Value) -> Option<CarePlan> {
    let from = date(&r["period"]["start"])?;
    Some(CarePlan {
        id: id_of(&identifier(r, uri::RESOURCE_IDENTIFIER)),
        description: words(&r["description"]).replace("\r\n", "\n"),
        from,
        until: date(&r["period"]["end"]),
        written_on: date(&r["created"]).unwrap_or(from),
    })
}

/// The stay in an encounter of an inpatient that has ended.
pub(super) fn stay(r: &Value) -> Option<Stay> {
    if r["class"]["code"] != "IMP" {
        return None;
    }
    let stay = &r["hospitalization"];
    Some(Stay {
        id: first(&r["identifier"], "value"),
        admitted_at: instant(&r["period"]["start"])?,
        discharged_at: instant(&r["period"]["end"])?,
        admission: code(&stay["admitSource"], uri::ADMISSION).and_then(|c| Admission::parse(&c)),
        disposition: code(&stay["dischargeDisposition"], uri::DISPOSITION)
            .and_then(|c| Disposition::parse(&c))
            .unwrap_or(Disposition::Other),
    })
}

/// The files in a document reference; what is only pointed at is not fetched.
pub(super) fn files(r: &Value) -> Vec<Attachment> {
    let list = r["content"].as_array().into_iter().flatten().map(|c| &c["attachment"]);
    list.filter_map(|a| {
        Some(Attachment {
            title: [words(&a["title"]), words(&r["description"])].into_iter().find(|w| !w.is_empty()).unwrap_or_default(),
            content_type: words(&a["contentType"]),
            data: from_base64(a["data"].as_str()?)?,
            made_at: instant(&a["creation"]).or_else(|| instant(&r["date"])).unwrap_or_default(),
        })
    })
    .collect()
}

/// The health check of a report: its items in the order of the sections.
pub(super) fn checkup(bundle: &Value, resources: &[&Value]) -> Option<Checkup> {
    let composition = resources.iter().find(|r| r["resourceType"] == "Composition")?;
    let event = &composition["event"][0];
    let done_on = date(&event["period"]["start"]).or_else(|| date(&composition["date"]))?;
    let kind = code(&event["code"][0], uri::CHECKUP_PROGRAMME).and_then(|c| CheckupKind::parse(&c));
    let at = |reference: &Value| {
        let entries = bundle["entry"].as_array().into_iter().flatten();
        entries.clone().find(|e| e["fullUrl"] == reference["reference"]).map(|e| &e["resource"])
    };
    let mut items = Vec::new();
    for section in composition["section"].as_array().into_iter().flatten() {
        let asked = code(section.get("code")?, uri::CHECKUP_SECTION).is_some_and(|c| c.ends_with('2') || c == "01920");
        let entries = section["entry"].as_array().into_iter().flatten().filter_map(at);
        for entry in entries.filter(|r| r["resourceType"] == "Observation") {
            // A group's members stand beside it and are read as items of their own.
            let members = entry["hasMember"].as_array().into_iter().flatten().filter_map(at);
            items.extend(members.filter_map(|r| item(r, asked)));
            items.extend(item(entry, asked));
        }
    }
    items.dedup_by(|a, b| a == b);
    let of = |kind: &'static str| resources.iter().copied().filter(move |r| r["resourceType"] == kind);
    let ticket = of("Coverage")
        .find(|r| code(&r["type"], uri::CHECKUP_TICKET).is_some())
        .map(|r| Ticket { number: words(&r["subscriberId"]), until: date(&r["period"]["end"]) });
    // Who pays for the check: the insurer of the ticket, else that of the card.
    let insurer = of("Coverage")
        .filter_map(|r| at(&r["payor"][0]))
        .chain(of("Organization"))
        .find(|r| !identifier(r, uri::INSURER_NUMBER).is_empty())
        .map(|r| Insurer { number: identifier(r, uri::INSURER_NUMBER), name: words(&r["name"]) });
    let doctor = composition["author"].as_array().into_iter().flatten().filter_map(at);
    Some(Checkup {
        id: items_id(resources),
        kind: kind.unwrap_or(CheckupKind::Other),
        done_on,
        items,
        judged_by: doctor
            .filter(|r| r["resourceType"] == "Practitioner")
            .map(|r| first(&r["name"], "text"))
            .next()
            .unwrap_or_default(),
        ticket,
        insurer,
    })
}

/// The check's id, which our own reports put in front of each item's number.
fn items_id(resources: &[&Value]) -> Uuid {
    let mut items = resources.iter().filter(|r| r["resourceType"] == "Observation");
    items.next().map(|r| id_of(&identifier(r, uri::RESOURCE_IDENTIFIER))).unwrap_or_default()
}

fn item(r: &Value, asked: bool) -> Option<CheckupItem> {
    // A group has members and no value of its own.
    if r["hasMember"].is_array() {
        return None;
    }
    let coded = &r["code"]["coding"][0];
    let quantity = &r["valueQuantity"];
    let choice = &r["valueCodeableConcept"]["coding"][0];
    let value = match number(&quantity["value"]) {
        Some(value) => CheckupValue::Number { value, unit: words(&quantity["unit"]) },
        None if choice.is_object() => CheckupValue::Choice {
            system: words(&choice["system"]),
            code: words(&choice["code"]),
            display: words(&choice["display"]),
        },
        None if r["valueString"].is_string() => CheckupValue::Words(words(&r["valueString"])),
        None if r["valueDateTime"].is_string() => CheckupValue::Words(words(&r["valueDateTime"])),
        None => CheckupValue::Missing(concept(&r["dataAbsentReason"])),
    };
    let component = &r["component"][0];
    let detail = component["valueString"].is_string().then(|| {
        let coded = &component["code"]["coding"][0];
        (words(&coded["code"]), words(&coded["display"]), words(&component["valueString"]))
    });
    Some(CheckupItem {
        code: words(&coded["code"]),
        name: concept(&r["code"]),
        asked,
        value,
        low: number(&r["referenceRange"][0]["low"]["value"]),
        high: number(&r["referenceRange"][0]["high"]["value"]),
        detail,
    })
}
