//! What a clinic does, as use cases with their SQL.
//!
//! A request enters through [`Clinic::enter`]: the session cookie says who asks, the policy says whether they may, and one
//! transaction with the tenant set is opened. A use case takes `&mut Tenant` and `&Grant<Action>`; without a grant it cannot
//! be called. [`Desk::finish`] commits what succeeded. This is the only crate that speaks SQL.

pub mod admin;
pub mod allergies;
pub mod audit;
pub mod billing;
pub mod chart;
pub mod db;
pub mod demo;
pub mod diagnoses;
mod error;
pub mod events;
pub mod founding;
pub mod inhouse;
pub mod labs;
pub mod letters;
pub mod masters;
pub mod notes;
pub mod orders;
pub mod outbox;
pub mod outside;
pub mod papers;
pub mod patients;
pub mod policy;
pub mod reception;
pub mod search;
pub mod session;
pub mod settings;
pub mod sharing;
mod tenant;
#[cfg(feature = "testing")]
pub mod testing;
pub mod world;

pub use error::{Error, Fallible};
pub use policy::Grant;
pub use tenant::{Clinic, Desk, Tenant};
