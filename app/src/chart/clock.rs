//! The browser's clock, for what only the person in front of it sees: the time beside "saved", the pause before saving.
//!
//! What is recorded carries the server's time, never this one.

use chrono::{DateTime, NaiveDate, Utc};

/// Milliseconds since 1970.
pub fn millis() -> f64 {
    web_sys::js_sys::Date::now()
}

/// An instant from milliseconds since 1970.
pub fn from_millis(millis: f64) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(millis as i64).unwrap_or_default()
}

/// Now.
pub fn now() -> DateTime<Utc> {
    from_millis(millis())
}

/// The weekday in one character: `月`.
pub fn weekday(day: NaiveDate) -> &'static str {
    use chrono::Datelike;
    ["月", "火", "水", "木", "金", "土", "日"][day.weekday().num_days_from_monday() as usize]
}

/// A day as charts write it: `2026-07-10（金）`.
pub fn dated(day: NaiveDate) -> String {
    format!("{day}（{}）", weekday(day))
}
