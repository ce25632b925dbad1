//! Referral letters (診療情報提供書).

use crate::{
    chart::{Allergy, Diagnosis},
    fee::ClinicCard,
    ids::*,
    patient::Patient,
    share::LetterStanding,
    staff::StaffRef,
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// What is written in a letter. The headings are those of the structured section of `JP_Composition_eReferral`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LetterForm {
    /// Institution referred to (紹介先医療機関名).
    pub to_institution: String,
    /// Its institution number, ten digits, may be empty.
    pub to_number: String,
    /// Department there (診療科).
    pub to_department: String,
    /// Doctor there, may be empty.
    pub to_doctor: String,
    /// Purpose (紹介目的, section 950).
    pub purpose: String,
    /// Diagnoses and complaint (傷病名・主訴, section 340): the chief complaint in words; current diagnoses are added.
    pub complaint: String,
    /// History of the present illness (現病歴, section 360).
    pub present_illness: String,
    /// Past history (既往歴, section 370), may be empty.
    pub past_history: String,
    /// Findings (身体所見, section 610), may be empty.
    pub findings: String,
    /// Course (臨床経過, section 330), may be empty.
    pub course: String,
    /// Family history (家族歴, section 550), may be empty.
    #[serde(default)]
    pub family_history: String,
    /// Social history and habits (社会歴・生活習慣, section 640), may be empty.
    #[serde(default)]
    pub social_history: String,
    /// Remarks (備考・連絡情報, section 220), may be empty.
    pub remarks: String,
}

/// A letter as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Letter {
    /// Its id.
    pub id: LetterId,
    /// The patient.
    pub patient: PatientId,
    /// The text.
    pub form: LetterForm,
    /// Who wrote it.
    pub author: StaffRef,
    /// When it was last saved.
    pub saved_at: DateTime<Utc>,
    /// When it was issued (発行): immutable from then on.
    pub issued_at: Option<DateTime<Utc>>,
    /// Where it stands between the two houses, once issued.
    pub standing: LetterStanding,
    /// The letter that came in and is answered by this one (返書).
    pub replies_to: Option<ReceivedId>,
    /// Files that go along (添付).
    pub files: Vec<LetterFile>,
    /// Version of the row.
    pub version: i64,
}

/// A letter in the chart's list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LetterSummary {
    /// Its id.
    pub id: LetterId,
    /// Institution referred to.
    pub to_institution: String,
    /// When it was last saved.
    pub saved_at: DateTime<Utc>,
    /// When it was issued.
    pub issued_at: Option<DateTime<Utc>>,
    /// Whether it answers a letter that came in (返書).
    pub is_reply: bool,
    /// Where it stands between the two houses.
    pub standing: LetterStanding,
}

/// A file that goes along with a letter (添付).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LetterFile {
    /// Its id.
    pub id: FileId,
    /// What it is, e.g. `胸部X線画像`.
    pub title: String,
    /// Media type, e.g. `application/pdf`.
    pub content_type: String,
    /// Bytes.
    pub size: u64,
}

/// A letter with what stands around it on paper.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LetterPage {
    /// The letter.
    pub letter: Letter,
    /// The patient.
    pub patient: Patient,
    /// The clinic as printed.
    pub clinic: ClinicCard,
    /// Current diagnoses.
    pub diagnoses: Vec<Diagnosis>,
    /// Allergies.
    pub allergies: Vec<Allergy>,
}
