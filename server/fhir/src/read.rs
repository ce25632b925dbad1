//! What a receiver shows of a document: who it is about, what kind it is, who shared it when, and a line for each entry.
//! Tolerant by intent: an unknown code or a missing optional part leaves out a word, never the line.

use crate::{text::plain, uri};
use chrono::NaiveDate;
use model::share::ShareKind;
use serde_json::Value;

/// A document as a receiver shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Identifier of the bundle (`institution^year^number`); by it a replacement is known.
    pub identifier: String,
    /// Insured person's identifier.
    pub member_id: String,
    /// What it carries; none where it is none of the kinds we know.
    pub kind: Option<ShareKind>,
    /// Ten-digit number of the institution that shared it.
    pub institution_number: String,
    /// Its name where the document says it, else its number.
    pub institution: String,
    /// Day it was made, in the zone it was written in.
    pub made_on: Option<NaiveDate>,
    /// One line for each entry.
    pub lines: Vec<String>,
}

/// Reads a bundle; none if it is not one.
pub fn document(bundle: &Value) -> Option<Document> {
    if bundle["resourceType"] != "Bundle" {
        return None;
    }
    let resources: Vec<&Value> = bundle["entry"].as_array().into_iter().flatten().map(|e| &e["resource"]).collect();
    let of = |kind: &str| -> Vec<&Value> { resources.iter().copied().filter(|r| r["resourceType"] == kind).collect() };
    let identifier = words(&bundle["identifier"]["value"]);
    let number = identifier.split('^').next().unwrap_or_default().to_owned();
    let name = of("Organization").into_iter().find(|o| first_identifier(o, uri::INSTITUTION_NUMBER) == number);
    let name = name.or_else(|| of("Organization").into_iter().next()).map(|o| words(&o["name"]));
    Some(Document {
        member_id: of("Patient").first().map(|p| member_id(p)).unwrap_or_default(),
        kind: crate::import::kind_of(bundle),
        institution: name.filter(|n| !n.is_empty()).unwrap_or_else(|| number.clone()),
        institution_number: number,
        made_on: day(&bundle["timestamp"]).or_else(|| day(&bundle["meta"]["lastUpdated"])),
        lines: lines(&resources),
        identifier,
    })
}

/// The insured person's identifier of a patient, of whichever of the two systems; empty where there is none.
pub fn member_id(patient: &Value) -> String {
    let insured = first_identifier(patient, uri::MEMBER_ID);
    if insured.is_empty() { first_identifier(patient, uri::PUBLIC_MEMBER_ID) } else { insured }
}

fn lines(resources: &[&Value]) -> Vec<String> {
    let mut out = Vec::new();
    // A letter is read from its sections; its coded entries stand in their words there and as lines of their own below.
    for resource in resources {
        match resource["resourceType"].as_str().unwrap_or_default() {
            "Composition" => sections(&resource["section"], &mut out),
            "Condition" => out.push(condition(resource)),
            "AllergyIntolerance" => out.push(allergy(resource)),
            "Observation" => out.push(observation(resource)),
            "MedicationRequest" => out.push(medication(resource)),
            _ => {}
        }
    }
    out.retain(|line| !line.trim().is_empty());
    out
}

fn sections(list: &Value, out: &mut Vec<String>) {
    for section in list.as_array().into_iter().flatten() {
        let text = section["text"]["div"].as_str().map(plain).unwrap_or_default().replace('\n', " ");
        if !text.is_empty() {
            out.push(format!("【{}】{text}", words(&section["title"])));
        }
        sections(&section["section"], out);
    }
}

fn condition(r: &Value) -> String {
    let mut line = concept(&r["code"]);
    if has_code(&r["verificationStatus"], "unconfirmed") && !line.contains("疑い") {
        line.push_str("（疑い）");
    }
    if r["extension"].as_array().into_iter().flatten().any(|e| e["url"] == uri::EXT_DIAGNOSIS_TYPE) {
        line.push_str("【主傷病】");
    }
    let (from, to) = (words(&r["onsetDateTime"]), words(&r["abatementDateTime"]));
    match (from.is_empty(), to.is_empty()) {
        (true, true) => line,
        (_, true) => format!("{line} {from}〜"),
        _ => format!("{line} {from}〜{to}"),
    }
}

fn allergy(r: &Value) -> String {
    let category = match r["category"][0].as_str() {
        Some("medication") => "医薬品: ",
        Some("food") => "食品: ",
        Some("environment") => "環境など: ",
        _ => "",
    };
    let mut line = format!("{category}{}", concept(&r["code"]));
    if r["criticality"] == "high" {
        line.push_str("（重症）");
    }
    let reactions = r["reaction"].as_array().into_iter().flatten();
    let reaction = reactions.map(|x| {
        let described = words(&x["description"]);
        if described.is_empty() { concept(&x["manifestation"][0]) } else { described }
    });
    for text in reaction.filter(|t| !t.is_empty()) {
        line.push_str(&format!(" {text}"));
    }
    push_day(&mut line, &r["recordedDate"]);
    line
}

fn observation(r: &Value) -> String {
    let value = match () {
        () if r["valueQuantity"].is_object() => {
            let quantity = &r["valueQuantity"];
            let comparator = words(&quantity["comparator"]);
            format!("{comparator}{} {}", quantity["value"], words(&quantity["unit"])).trim_end().to_owned()
        }
        () if r["valueCodeableConcept"].is_object() => concept(&r["valueCodeableConcept"]),
        () if r["valueString"].is_string() => words(&r["valueString"]),
        () => format!("結果なし {}", concept(&r["dataAbsentReason"])).trim_end().to_owned(),
    };
    let mut line = format!("{} {value}", concept(&r["code"]));
    let flag = r["interpretation"][0]["coding"][0]["code"].as_str().unwrap_or_default();
    if !matches!(flag, "" | "N") {
        line.push_str(&format!(" ({flag})"));
    }
    push_day(&mut line, &r["effectiveDateTime"]);
    line
}

fn medication(r: &Value) -> String {
    let usage = r["dosageInstruction"].as_array().into_iter().flatten().map(|d| words(&d["text"]));
    let usage: Vec<String> = usage.filter(|t| !t.is_empty()).collect();
    let mut line = format!("{} {}", concept(&r["medicationCodeableConcept"]), usage.join("、")).trim_end().to_owned();
    push_day(&mut line, &r["authoredOn"]);
    line
}

fn push_day(line: &mut String, date: &Value) {
    let text = words(date);
    let day = text.get(..10).unwrap_or(&text);
    if !day.is_empty() {
        line.push_str(&format!(" {day}"));
    }
}

fn words(value: &Value) -> String {
    value.as_str().unwrap_or_default().trim().to_owned()
}

/// The words of a concept: its text, else a display, else a code.
fn concept(value: &Value) -> String {
    let codings = || value["coding"].as_array().into_iter().flatten();
    [words(&value["text"])]
        .into_iter()
        .chain(codings().map(|c| words(&c["display"])))
        .chain(codings().map(|c| words(&c["code"])))
        .find(|text| !text.is_empty())
        .unwrap_or_default()
}

fn has_code(concept: &Value, code: &str) -> bool {
    concept["coding"].as_array().into_iter().flatten().any(|c| c["code"] == code)
}

fn first_identifier(resource: &Value, system: &str) -> String {
    let list = resource["identifier"].as_array().into_iter().flatten();
    list.filter(|i| i["system"] == system).map(|i| words(&i["value"])).next().unwrap_or_default()
}

fn day(value: &Value) -> Option<NaiveDate> {
    value.as_str()?.get(..10)?.parse().ok()
}
