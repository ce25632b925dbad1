//! Everything a person sees.
//!
//! One folder for each domain: `mod.rs` with its pages and components, `api.rs` with its server functions. The crate is
//! built twice: with `ssr` into the server, where it draws the first page, and with `hydrate` into the browser, where it
//! takes over. A component takes data and gives events; fetching stands at the page.

#![recursion_limit = "512"]

pub mod account;
pub mod admin;
pub mod allergies;
pub mod billing;
pub mod chart;
pub mod diagnoses;
pub mod inhouse;
pub mod labs;
pub mod letters;
pub mod masters;
pub mod months;
pub mod orders;
pub mod outside;
pub mod papers;
pub mod patients;
pub mod reception;
#[cfg(feature = "ssr")]
pub mod server;
pub mod session;
pub mod sharing;
mod shell;
pub mod ui;

pub use shell::{App, hydrated, report_panics, shell};
