//! The domain's words.
//!
//! Plain types that the browser and the server share: identifiers, dates in both calendars, people, insurance, visits,
//! charts, orders, statements, documents. They parse what people type and refuse what cannot be; they do no I/O and do
//! not look at the clock. A Japanese term stands in the doc comment where it first appears.

pub mod audit;
pub mod chart;
pub mod clinic;
pub mod codes;
pub mod comment;
pub mod date;
pub mod edition;
pub mod error;
pub mod fee;
pub mod ids;
pub mod inhouse;
pub mod insurance;
pub mod kana;
pub mod labs;
pub mod letter;
pub mod local_subsidy;
pub mod master;
pub mod money;
pub mod month;
pub mod orders;
pub mod outside;
pub mod paper;
pub mod patient;
pub mod points_table;
pub mod share;
pub mod staff;
pub mod visit;

pub use error::{AppError, FieldError, Flaw};
