//! The audit trail (監査証跡): who did what to whose record, and when.

use crate::{ids::*, staff::StaffRef};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// A line of the trail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditRow {
    /// When.
    pub at: DateTime<Utc>,
    /// Who; absent for the system itself.
    pub staff: Option<StaffRef>,
    /// What, e.g. `chart.open`.
    pub action: String,
    /// Whose record.
    pub patient: Option<PatientId>,
    /// Patient number, for reading.
    pub patient_number: Option<i64>,
    /// In words, without clinical content.
    pub detail: String,
}
