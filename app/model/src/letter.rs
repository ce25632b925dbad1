//! Referral letters (診療情報提供書), the files that go along with them, and replies (返書).

use crate::{
    chart::{Allergy, Diagnosis},
    fee::ClinicCard,
    ids::*,
    labs::LabReport,
    orders::Rp,
    patient::Patient,
    share::LetterStanding,
    staff::StaffRef,
};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

/// Bytes all files of one letter may have together. As text (base64) they become a third longer and travel within the
/// document, of which the platform takes 10 MB at once (電子カルテ情報共有サービス ベンダ向け技術解説書 1.1.0): 7 MB become 9.3 MB
/// and leave room for the rest.
pub const FILES_LIMIT: u64 = 7_000_000;
/// How many files one letter may have.
pub const FILES_MOST: usize = 20;
/// The longest title of a file, in characters.
pub const FILE_TITLE_MOST: usize = 100;

/// Kinds of files that may go along: media type, and as people call it.
pub const FILE_TYPES: [(&str, &str); 3] = [("application/pdf", "PDF"), ("image/png", "PNG"), ("image/jpeg", "JPEG")];

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

impl LetterFile {
    /// Whether a browser can show it as a picture.
    pub fn is_picture(&self) -> bool {
        self.content_type.starts_with("image/")
    }

    /// What kind of file it is, as people call it.
    pub fn kind(&self) -> &'static str {
        FILE_TYPES.iter().find(|(media, _)| *media == self.content_type).map_or("ファイル", |(_, name)| name)
    }
}

/// A prescription group the patient takes now (現在の処方).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CurrentRp {
    /// The group.
    pub rp: Rp,
    /// Day of prescribing.
    pub prescribed_on: NaiveDate,
}

/// What of the chart goes along with a letter: as it is now for a draft, as it was for an issued one.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enclosed {
    /// Current diagnoses.
    pub diagnoses: Vec<Diagnosis>,
    /// Allergies.
    pub allergies: Vec<Allergy>,
    /// Current prescriptions (投薬指示, section 430).
    pub drugs: Vec<CurrentRp>,
    /// The latest final laboratory report of this house (検査結果, section 620).
    pub report: Option<LabReport>,
}

impl Enclosed {
    /// Whether a diagnosis is in it that the patient must not see (未告知・未提供): the paper is then to be handed over sealed.
    pub fn hidden_from_patient(&self) -> bool {
        self.diagnoses.iter().any(|diagnosis| diagnosis.flags.hidden_from_patient())
    }
}

/// The letter that is answered by another (返書), in one line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answered {
    /// Its id here.
    pub id: ReceivedId,
    /// Who sent it.
    pub institution: String,
    /// Doctor there, may be empty.
    pub doctor: String,
    /// Day it was made.
    pub made_on: NaiveDate,
}

impl Answered {
    /// `汐見台総合病院 汐見 太郎先生からのご紹介（2026-07-10付）`.
    pub fn line(&self) -> String {
        let doctor = if self.doctor.is_empty() { String::new() } else { format!(" {}先生", self.doctor) };
        format!("{}{doctor}からのご紹介（{}付）", self.institution, self.made_on)
    }
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
    /// What of the chart goes along.
    pub enclosed: Enclosed,
    /// The letter it answers.
    pub answered: Option<Answered>,
}
