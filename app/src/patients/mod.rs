//! The patient register (患者登録): new patients, and the page of one patient's registration.

pub mod api;
mod fields;
mod form;
mod kept;
mod new;
mod page;
mod papers;
mod schemes;

pub use kept::carry;
pub use new::NewPatientPage;
pub use page::PatientPage;
