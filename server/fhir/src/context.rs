//! Who sends a document, about whom, from which visit: everything that stands in every document.

use chrono::{DateTime, Utc};
pub use model::share::Flags;
use model::{codes::InstitutionNumber, patient::Patient};
use serde::{Deserialize, Serialize};

/// The sending institution (医療機関).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Institution {
    /// Ten-digit number (医療機関番号).
    pub number: InstitutionNumber,
    /// Name.
    pub name: String,
    /// Address in one line, may be empty.
    pub address: String,
    /// Phone number, may be empty.
    pub phone: String,
}

/// The department (診療科).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Department {
    /// Two digits, e.g. `01`.
    pub code: String,
    /// Name, e.g. `内科`.
    pub name: String,
}

/// The doctor who answers for the content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Doctor {
    /// Name as shown, `青葉 花子`.
    pub name: String,
    /// Identifier within the institution.
    pub id: String,
}

/// The visit from which the document goes out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VisitRef {
    /// Identifier within the institution.
    pub id: String,
    /// When the patient came.
    pub at: DateTime<Utc>,
}

/// What a bundle is known by: institution, year of first issue, and a number within the institution. Sending the same
/// again replaces what was sent before, so a document keeps its identifier for life (rule R2152).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BundleId {
    /// Year of first issue (西暦), 2020–2039 by the rule's expression.
    pub year: i32,
    /// 1 to 36 letters, digits or hyphens; a UUID fits.
    pub suffix: String,
}

impl BundleId {
    /// The whole identifier, `1310000001^2026^…`.
    pub fn value(&self, institution: &InstitutionNumber) -> String {
        format!("{institution}^{}^{}", self.year, self.suffix)
    }
}

/// Everything that stands in every document.
#[derive(Debug, Clone)]
pub struct Context<'a> {
    /// The sender.
    pub institution: Institution,
    /// The department.
    pub department: Department,
    /// The patient with insurance and subsidies.
    pub patient: &'a Patient,
    /// The doctor.
    pub doctor: Doctor,
    /// The visit.
    pub visit: VisitRef,
    /// What the bundle is known by.
    pub bundle: BundleId,
    /// The instant of making it.
    pub now: DateTime<Utc>,
}

/// Something the chart lacks without which a document cannot be made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{message}")]
pub struct Gap {
    /// The field of the chart to mend, e.g. `patient.insurance`.
    pub field: String,
    /// What is missing, in Japanese.
    pub message: String,
}

impl Gap {
    /// A gap at a field.
    pub fn new(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self { field: field.into(), message: message.into() }
    }
}
