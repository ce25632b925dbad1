//! What documents are made from beyond the words of the chart itself: a plan of care, a stay, a health check, a prescription
//! with its place and day, an attachment. Plain data; what a document lacks is said by the builder as [`crate::Gap`].

mod checkup;
mod discharge;
mod plan;
mod prescription;

pub use checkup::{Checkup, CheckupItem, CheckupKind, CheckupValue, Insurer, Ticket};
pub use discharge::{Admission, Discharge, Disposition, Stay};
pub use plan::CarePlan;
pub use prescription::{Prescription, Setting};

use chrono::{DateTime, Utc};

/// A file that goes along with a letter (添付情報): it supplements the sections and never replaces them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// What it is, e.g. `胸部X線画像`.
    pub title: String,
    /// Media type, e.g. `application/pdf`.
    pub content_type: String,
    /// The bytes.
    pub data: Vec<u8>,
    /// When it was made.
    pub made_at: DateTime<Utc>,
}
