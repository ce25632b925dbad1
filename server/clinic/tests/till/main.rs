//! The till beyond a single payment: decisions against the calculation, a patient's month, a month under another edition.

mod history;
mod mirror;
mod month;
mod overrides;
#[path = "../support/mod.rs"]
mod support;
