//! A month in the clerk's eyes (月次): what a patient was charged and what it comes to now, and a month under another edition
//! of the tables (改定の鏡).
//!
//! | file | what |
//! | --- | --- |
//! | `patient.rs`, `visits.rs`, `days.rs` | a patient's month: the visits, what changed in each, the items by day |
//! | `settle.rs` | settling a difference: old and new amount before anything happens |
//! | `mirror.rs`, `reflection.rs` | the mirror: what to compare, and what came of it |
//! | `bar.rs` | the month shown, the ones beside it, printing |

mod bar;
mod days;
mod mirror;
mod patient;
mod reflection;
mod settle;
mod visits;

pub use mirror::MirrorPage;
pub use patient::PatientMonthPage;

use chrono::{Datelike, Months, NaiveDate};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use model::date;

/// A month as addresses write it: `2026-07`.
pub fn slug(day: NaiveDate) -> String {
    day.format("%Y-%m").to_string()
}

/// The first day of a month in an address; none where it is no month.
fn parse_month(text: &str) -> Option<NaiveDate> {
    (text.len() == 7).then(|| format!("{text}-01").parse().ok()).flatten()
}

/// A month in both calendars: `2026年（令和8年）7月`.
fn month_words(month: NaiveDate) -> String {
    // An era may begin within a month; its last day tells the name people use for it.
    let last = month.checked_add_months(Months::new(1)).and_then(|next| next.pred_opt()).unwrap_or(month);
    format!("{}年（{}）{}月", month.year(), date::era_year(last), month.month())
}

/// The month in the page's address.
fn use_month() -> Memo<Option<NaiveDate>> {
    let params = use_params_map();
    Memo::new(move |_| parse_month(&params.with(|params| params.get("month")).unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_is_read_and_written() {
        let month = parse_month("2026-07").expect("a month");
        assert_eq!((slug(month).as_str(), month_words(month).as_str()), ("2026-07", "2026年（令和8年）7月"));
        assert_eq!(parse_month("2019-05").map(month_words).as_deref(), Some("2019年（令和元年）5月"));
        assert_eq!((parse_month("2026-13"), parse_month("2026-7"), parse_month("")), (None, None, None));
    }
}
