//! Papers that become documents of the platform beside the letter: 患者サマリー（療養計画書）, 健診結果報告書, 退院時サマリー.
//!
//! A paper is a draft while it is written and stands once it is issued (発行). An issued one can be taken back (取消); what is
//! to be said instead is a new paper.

mod answer;
mod care_plan;
mod checkup;
mod choices;
mod discharge;
pub mod items;

pub use answer::CheckupAnswer;
pub use care_plan::CarePlanForm;
pub use checkup::{CheckupForm, Programme, bmi};
pub use choices::Choices;
pub use discharge::{ADMISSIONS, DISPOSITIONS, DischargeForm};

use crate::{
    FieldError, Flaw,
    chart::{Allergy, Diagnosis},
    fee::ClinicCard,
    ids::*,
    labs::LabReport,
    orders::Rp,
    patient::Patient,
    share::{ShareKind, ShareState},
    staff::StaffRef,
};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The most characters of one part of a paper.
const LONGEST: usize = 10_000;
/// The most characters of one line.
const LONGEST_LINE: usize = 200;

/// A paper in the chart's list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaperSummary {
    /// Its id.
    pub id: PaperId,
    /// What it is: one of the documents but not a letter.
    pub kind: ShareKind,
    /// In words: `療養計画書 2026-07-10〜`.
    pub title: String,
    /// When it was last saved.
    pub saved_at: DateTime<Utc>,
    /// When it was issued.
    pub issued_at: Option<DateTime<Utc>>,
    /// Where its document stands.
    pub share: Option<ShareState>,
}

/// What is written in a paper, as typed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[expect(clippy::large_enum_variant, reason = "one at a time is written; half a kilobyte of empty strings costs nothing there")]
pub enum PaperForm {
    /// 患者サマリー（療養計画書）.
    CarePlan(CarePlanForm),
    /// 健診結果報告書.
    Checkup(CheckupForm),
    /// 退院時サマリー.
    Discharge(DischargeForm),
}

impl PaperForm {
    /// A blank paper; none for what is no such paper.
    pub fn blank(kind: ShareKind) -> Option<Self> {
        match kind {
            ShareKind::CarePlan => Some(Self::CarePlan(CarePlanForm::default())),
            ShareKind::Checkup => Some(Self::Checkup(CheckupForm::default())),
            ShareKind::Discharge => Some(Self::Discharge(DischargeForm::default())),
            ShareKind::Allergies | ShareKind::Diagnoses | ShareKind::LabReport | ShareKind::Referral => None,
        }
    }

    /// What it is.
    pub fn kind(&self) -> ShareKind {
        match self {
            Self::CarePlan(_) => ShareKind::CarePlan,
            Self::Checkup(_) => ShareKind::Checkup,
            Self::Discharge(_) => ShareKind::Discharge,
        }
    }

    /// In words, with its days as far as they are typed.
    pub fn title(&self) -> String {
        let title = match self {
            Self::CarePlan(form) => form.title(),
            Self::Checkup(form) => form.title(),
            Self::Discharge(form) => form.title(),
        };
        // Days as typed may be anything; a list has room for so much.
        title.chars().take(80).collect()
    }

    /// What does not even fit a draft: parts that are too long.
    pub fn too_long(&self) -> Vec<FieldError> {
        match self {
            Self::CarePlan(form) => form.too_long(),
            Self::Checkup(form) => form.too_long(),
            Self::Discharge(form) => form.too_long(),
        }
    }

    /// What stands in the way of issuing it, at its fields.
    pub fn flaws(&self, today: NaiveDate) -> Vec<FieldError> {
        match self {
            Self::CarePlan(form) => form.flaws(),
            Self::Checkup(form) => form.flaws(today),
            Self::Discharge(form) => form.flaws(today),
        }
    }

    /// As text, for showing two versions side by side.
    pub fn as_text(&self) -> String {
        match self {
            Self::CarePlan(form) => form.as_text(),
            Self::Checkup(form) => form.as_text(),
            Self::Discharge(form) => form.as_text(),
        }
    }

    /// The diagnoses it names.
    pub fn diagnoses(&self) -> Vec<DiagnosisId> {
        match self {
            Self::CarePlan(form) => form.diagnoses.clone(),
            Self::Checkup(_) => Vec::new(),
            Self::Discharge(form) => form.diagnoses_in.iter().chain(&form.diagnoses_out).copied().collect(),
        }
    }
}

/// A prescription group that a paper may name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaperRp {
    /// The group.
    pub rp: Rp,
    /// When it was prescribed.
    pub at: DateTime<Utc>,
    /// Whether it comes from the document the paper was filled from.
    pub found: bool,
}

/// What goes along with a paper: while it is a draft, what can be chosen from; once it is issued, what it says.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PaperContent {
    /// Diagnoses.
    pub diagnoses: Vec<Diagnosis>,
    /// Allergies.
    pub allergies: Vec<Allergy>,
    /// Prescription groups.
    pub prescriptions: Vec<PaperRp>,
    /// Laboratory reports, newest first.
    pub reports: Vec<LabReport>,
    /// The document a discharge summary was filled from, in words; may be empty.
    pub source: String,
    /// For a health check: what the chart's results of these days say, by the item's name.
    pub answers: BTreeMap<String, CheckupAnswer>,
    /// For a health check: what the one before said, by the item's name: `2025-07-01: 162.3 cm`.
    pub previous: BTreeMap<String, String>,
}

impl PaperContent {
    /// The diagnoses with these ids, in the order of the ids.
    pub fn diagnoses_of(&self, ids: &[DiagnosisId]) -> Vec<Diagnosis> {
        ids.iter().filter_map(|id| self.diagnoses.iter().find(|d| d.id == *id)).cloned().collect()
    }

    /// The prescription groups with these ids, in the order of the ids.
    pub fn prescriptions_of(&self, ids: &[RpId]) -> Vec<PaperRp> {
        ids.iter().filter_map(|id| self.prescriptions.iter().find(|p| p.rp.id == *id)).cloned().collect()
    }

    /// The reports of a stay: those of which the specimen was taken in it.
    pub fn reports_between(&self, from: NaiveDate, until: NaiveDate) -> Vec<LabReport> {
        let within = |report: &&LabReport| (from..=until).contains(&crate::date::day_of(report.collected_at));
        self.reports.iter().filter(within).cloned().collect()
    }
}

/// A paper as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paper {
    /// Its id.
    pub id: PaperId,
    /// The patient.
    pub patient: PatientId,
    /// What is written in it.
    pub form: PaperForm,
    /// Who wrote it.
    pub author: StaffRef,
    /// When it was last saved.
    pub saved_at: DateTime<Utc>,
    /// When it was issued (発行): immutable from then on.
    pub issued_at: Option<DateTime<Utc>>,
    /// Its document, once issued: to be sent again or taken back by this.
    pub document: Option<ShareId>,
    /// Where its document stands, once issued.
    pub share: Option<ShareState>,
    /// Version of the row.
    pub version: i64,
}

/// A paper with what stands around it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaperPage {
    /// The paper.
    pub paper: Paper,
    /// The patient.
    pub patient: Patient,
    /// The clinic as printed.
    pub clinic: ClinicCard,
    /// Allergies as known now, for the banner: what an issued paper froze may be older.
    pub allergies: Vec<Allergy>,
    /// What goes along with it.
    pub content: PaperContent,
}

/// Parts of several lines and of one line that are too long, or hold what the database cannot.
fn long(parts: &[(&str, &str)], lines: &[(&str, &str)]) -> Vec<FieldError> {
    let over = |list: &[(&str, &str)], max: usize| -> Vec<FieldError> {
        list.iter()
            .filter(|(_, text)| text.chars().count() > max || text.contains('\0'))
            .map(|(field, _)| FieldError::new(*field, Flaw::TooLong { max }))
            .collect()
    };
    [over(parts, LONGEST), over(lines, LONGEST_LINE)].concat()
}

/// A day that must be there.
fn day(field: &str, text: &str, flaws: &mut Vec<FieldError>) -> Option<NaiveDate> {
    if text.trim().is_empty() {
        flaws.push(FieldError::new(field, Flaw::Missing));
        return None;
    }
    match crate::date::parse(text) {
        Ok(day) => Some(day),
        Err(flaw) => {
            flaws.push(FieldError::new(field, flaw));
            None
        }
    }
}

/// A day that may be left out.
fn day_or_none(field: &str, text: &str, flaws: &mut Vec<FieldError>) -> Option<NaiveDate> {
    if text.trim().is_empty() { None } else { day(field, text, flaws) }
}
