//! A drug of others.

use super::parts::*;
use crate::uri;
use chrono::{DateTime, NaiveDate, Utc};
use model::orders::Route;
use rust_decimal::{Decimal, prelude::ToPrimitive};
use serde_json::Value;

/// A drug as another institution prescribed it. Amounts that only its words say are not guessed from them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundDrug {
    /// Its identifier at the sender.
    pub identifier: String,
    /// Number of the group (RP番号).
    pub group: Option<u32>,
    /// Place within the group.
    pub index: Option<u32>,
    /// Name as printed there.
    pub name: String,
    /// YJ code with its name.
    pub yj: Option<(String, String)>,
    /// General name code with its name.
    pub general_name: Option<(String, String)>,
    /// How it is taken.
    pub route: Route,
    /// Usage in words.
    pub usage: String,
    /// Usage code of the electronic prescription; none for the dummy.
    pub usage_code: Option<String>,
    /// One time's amount.
    pub per_time: Option<Decimal>,
    /// A day's amount.
    pub per_day: Option<Decimal>,
    /// Everything handed out.
    pub whole: Option<Decimal>,
    /// Unit as printed, may be empty.
    pub unit: String,
    /// Days, where it is counted in days.
    pub days: Option<u32>,
    /// Times, where it is taken when needed.
    pub times: Option<u32>,
    /// First day.
    pub start: Option<NaiveDate>,
    /// When it was prescribed.
    pub prescribed_at: Option<DateTime<Utc>>,
    /// The whole instruction in words.
    pub words: String,
}

pub(super) fn read(r: &Value) -> FoundDrug {
    let concept_of = &r["medicationCodeableConcept"];
    let pair = |system: &str| coding(concept_of, system).map(|c| (words(&c["code"]), words(&c["display"])));
    let dosage = &r["dosageInstruction"][0];
    let rate = &dosage["doseAndRate"][0];
    let dispense = &r["dispenseRequest"];
    let day = &rate["rateRatio"]["numerator"];
    let extension = |holder: &Value, url: &str| -> Value {
        let list = holder["extension"].as_array().into_iter().flatten();
        list.clone().find(|e| e["url"] == url).cloned().unwrap_or_default()
    };
    let count = |value: &Value| number(value).and_then(|n| n.to_u32());
    let route = match () {
        () if dosage["asNeededBoolean"] == true => Route::Prn,
        () if has(&dosage["method"], "2") => Route::External,
        () => Route::Internal,
    };
    let units = [&rate["doseQuantity"], day, &dispense["quantity"]];
    FoundDrug {
        identifier: identifier(r, uri::RESOURCE_IDENTIFIER),
        group: identifier(r, uri::RP_NUMBER).parse().ok(),
        index: identifier(r, uri::RP_INDEX).parse().ok(),
        name: concept(concept_of),
        yj: pair(uri::YJ),
        general_name: pair(uri::GENERAL_NAME),
        route,
        usage: concept(&dosage["timing"]["code"]),
        usage_code: code(&dosage["timing"]["code"], uri::USAGE),
        per_time: number(&rate["doseQuantity"]["value"]),
        per_day: number(&day["value"]),
        whole: number(&dispense["quantity"]["value"]),
        unit: units.into_iter().map(|q| words(&q["unit"])).find(|u| !u.is_empty()).unwrap_or_default(),
        days: count(&dosage["timing"]["repeat"]["boundsDuration"]["value"])
            .or_else(|| count(&dispense["expectedSupplyDuration"]["value"])),
        times: count(&extension(dispense, uri::EXT_REPEAT_COUNT)["valueInteger"]),
        start: date(&extension(dosage, uri::EXT_PERIOD_OF_USE)["valuePeriod"]["start"]),
        prescribed_at: instant(&r["authoredOn"]),
        words: words(&dosage["text"]),
    }
}
