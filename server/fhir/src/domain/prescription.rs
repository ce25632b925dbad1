//! A prescription group with what stands around it in a document.

use chrono::{DateTime, NaiveDate, Utc};
use model::orders::{Dispensing, Rp};

/// For whom a drug was prescribed (薬剤使用区分, MERIT-9).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Setting {
    /// An outpatient; inside or outside the house as the group says (OHI 院内処方, OHO 院外処方).
    Outpatient,
    /// An inpatient (IHP 入院処方).
    Inpatient,
    /// To take home on leaving (DCG 退院処方).
    Discharge,
}

impl Setting {
    /// Code and display of JP_MedicationCategoryMERIT9_CS.
    pub fn code(self, dispensing: Dispensing) -> (&'static str, &'static str) {
        match (self, dispensing) {
            (Self::Outpatient, Dispensing::InHouse) => ("OHI", "院内処方"),
            (Self::Outpatient, Dispensing::Pharmacy) => ("OHO", "院外処方"),
            (Self::Inpatient, _) => ("IHP", "入院処方"),
            (Self::Discharge, _) => ("DCG", "退院処方"),
        }
    }
}

/// A prescription group (処方・RP) as a document tells it: one resource for each drug.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prescription {
    /// Number of the group within its prescription (RP番号), from 1.
    pub number: u32,
    /// The group.
    pub rp: Rp,
    /// When it was prescribed.
    pub prescribed_at: DateTime<Utc>,
    /// First day of taking it; the day of prescribing where nothing else was said.
    pub start: NaiveDate,
    /// For whom.
    pub setting: Setting,
}
