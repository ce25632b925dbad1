//! The plan of care in a patient summary (患者サマリー・療養計画書).

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A plan of care (療養計画).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CarePlan {
    /// Its id; it stays the same over the life of the plan.
    pub id: Uuid,
    /// What the patient is asked to do and what is aimed at, in words; line breaks are kept.
    pub description: String,
    /// From when it holds.
    pub from: NaiveDate,
    /// Until when, where that is set.
    pub until: Option<NaiveDate>,
    /// Day it was written.
    pub written_on: NaiveDate,
}
