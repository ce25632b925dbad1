//! Small readers; each gives what is there and nothing where it is not.

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use serde_json::Value;

/// Words, trimmed; empty where there are none.
pub(super) fn words(value: &Value) -> String {
    value.as_str().unwrap_or_default().trim().to_owned()
}

/// A member's words of the first item that has any.
pub(super) fn first(list: &Value, member: &str) -> String {
    list.as_array().into_iter().flatten().map(|item| words(&item[member])).find(|w| !w.is_empty()).unwrap_or_default()
}

/// The words of a concept: its text, else a display, else a code.
pub(super) fn concept(value: &Value) -> String {
    let text = words(&value["text"]);
    [text, first(&value["coding"], "display"), first(&value["coding"], "code")]
        .into_iter()
        .find(|w| !w.is_empty())
        .unwrap_or_default()
}

/// The first coding of a system.
pub(super) fn coding<'a>(concept: &'a Value, system: &str) -> Option<&'a Value> {
    concept["coding"].as_array()?.iter().find(|c| c["system"] == system)
}

/// The code of a system, trimmed.
pub(super) fn code(concept: &Value, system: &str) -> Option<String> {
    coding(concept, system).map(|c| words(&c["code"])).filter(|c| !c.is_empty())
}

/// Whether a concept has a code, of whatever system.
pub(super) fn has(concept: &Value, code: &str) -> bool {
    concept["coding"].as_array().into_iter().flatten().any(|c| c["code"] == code)
}

/// The identifier of a system; empty where there is none.
pub(super) fn identifier(resource: &Value, system: &str) -> String {
    let list = resource["identifier"].as_array().into_iter().flatten();
    list.filter(|i| i["system"] == system).map(|i| words(&i["value"])).next().unwrap_or_default()
}

/// A whole day; none where only a month or a year is said.
pub(super) fn date(value: &Value) -> Option<NaiveDate> {
    value.as_str()?.get(..10)?.parse().ok()
}

/// An instant; a day alone is none.
pub(super) fn instant(value: &Value) -> Option<DateTime<Utc>> {
    DateTime::parse_from_rfc3339(value.as_str()?).ok().map(|at| at.with_timezone(&Utc))
}

/// A number as it was written.
pub(super) fn number(value: &Value) -> Option<Decimal> {
    let text = value.as_number()?.to_string();
    text.parse().or_else(|_| Decimal::from_scientific(&text)).ok().map(|n: Decimal| n.normalize())
}
