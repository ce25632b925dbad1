//! The chart (診療録): everything a doctor wants on one page, and the note that is written today.

use crate::{
    codes::*,
    ids::*,
    labs::*,
    letter::LetterSummary,
    orders::Orders,
    outside::Origin,
    paper::PaperSummary,
    patient::Patient,
    share::{Flags, SharedDocument},
    staff::StaffRef,
    visit::*,
};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

/// The four parts of a note (SOAP).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Soap {
    /// Subjective: what the patient says.
    pub subjective: String,
    /// Objective: what is found.
    pub objective: String,
    /// Assessment.
    pub assessment: String,
    /// Plan.
    pub plan: String,
}

impl Soap {
    /// Whether nothing is written.
    pub fn is_blank(&self) -> bool {
        [&self.subjective, &self.objective, &self.assessment, &self.plan].iter().all(|part| part.trim().is_empty())
    }

    /// As one text, for comparing two versions side by side.
    pub fn as_text(&self) -> String {
        format!("S: {}\nO: {}\nA: {}\nP: {}", self.subjective, self.objective, self.assessment, self.plan)
    }
}

/// An earlier text of a confirmed note (修正前の記載), kept visible.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoteRevision {
    /// The text as it stood.
    pub soap: Soap,
    /// Who replaced it.
    pub replaced_by: StaffRef,
    /// When.
    pub replaced_at: DateTime<Utc>,
    /// Why (訂正理由).
    pub reason: String,
}

/// The note of a visit: a draft (下書き) until it is confirmed (確定), immutable afterwards but for amendments (追記・訂正).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// Its id.
    pub id: NoteId,
    /// The visit.
    pub visit: VisitId,
    /// The text as it stands.
    pub soap: Soap,
    /// Who wrote it.
    pub author: StaffRef,
    /// When it was last saved.
    pub saved_at: DateTime<Utc>,
    /// When it was confirmed; a draft before.
    pub confirmed_at: Option<DateTime<Utc>>,
    /// Who confirmed it.
    pub confirmed_by: Option<StaffRef>,
    /// Earlier confirmed texts, newest first.
    pub revisions: Vec<NoteRevision>,
    /// Version of the row.
    pub version: i64,
}

/// A modifier (修飾語) of a diagnosis.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModifierRef {
    /// Claim code, four digits.
    pub code: ModifierCode,
    /// Name, e.g. `左`, `の疑い`.
    pub name: String,
    /// Management number (病名管理番号) used in shared documents.
    pub management: String,
    /// Whether it stands behind the name (接尾語) rather than before it (接頭語).
    pub suffix: bool,
}

/// How a disease ended (転帰).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// 治ゆ.
    Cured,
    /// 死亡.
    Died,
    /// 中止.
    Stopped,
    /// 移行: another diagnosis took its place.
    Replaced,
}

impl Outcome {
    /// All outcomes.
    pub const ALL: [Self; 4] = [Self::Cured, Self::Died, Self::Stopped, Self::Replaced];

    /// As shown to people.
    pub fn label(self) -> &'static str {
        match self {
            Self::Cured => "治ゆ",
            Self::Died => "死亡",
            Self::Stopped => "中止",
            Self::Replaced => "移行",
        }
    }

    /// As stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Cured => "cured",
            Self::Died => "died",
            Self::Stopped => "stopped",
            Self::Replaced => "replaced",
        }
    }

    /// Reads what [`Outcome::as_str`] wrote.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.as_str() == text)
    }
}

/// A diagnosis (傷病名): a disease of the master with its modifiers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diagnosis {
    /// Its id.
    pub id: DiagnosisId,
    /// Claim code of the disease.
    pub code: DiseaseCode,
    /// Name of the disease without modifiers.
    pub base_name: String,
    /// Management number (病名管理番号), 8 digits.
    pub management: String,
    /// Exchange code (病名交換用コード).
    pub exchange: String,
    /// ICD-10 (2013) code, may be empty.
    pub icd10: String,
    /// Modifiers in the order written.
    pub modifiers: Vec<ModifierRef>,
    /// Whole name as shown.
    pub name: String,
    /// Whether it is only suspected (の疑い).
    pub suspected: bool,
    /// Main diagnosis (主傷病).
    pub principal: bool,
    /// First day (診療開始日).
    pub started_on: NaiveDate,
    /// Last day and outcome, once it has ended.
    pub ended: Option<(NaiveDate, Outcome)>,
    /// 長期保存・未告知・未提供.
    pub flags: Flags,
    /// Where it was taken over from.
    pub origin: Option<Origin>,
    /// Version of the row.
    pub version: i64,
}

/// What is chosen to add a diagnosis.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DiagnosisForm {
    /// Claim code of the disease.
    pub code: String,
    /// Claim codes of the modifiers, in the order written.
    pub modifiers: Vec<String>,
    /// First day, in either calendar.
    pub started_on: String,
    /// Main diagnosis.
    pub principal: bool,
}

/// What kind of allergen it is; it decides under which heading the national platform files it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AllergenCategory {
    /// 医薬品.
    Medication,
    /// 食品.
    Food,
    /// その他 (環境など).
    Environment,
}

impl AllergenCategory {
    /// As shown to people.
    pub fn label(self) -> &'static str {
        match self {
            Self::Medication => "医薬品",
            Self::Food => "食品",
            Self::Environment => "その他",
        }
    }

    /// As stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Medication => "medication",
            Self::Food => "food",
            Self::Environment => "environment",
        }
    }

    /// Reads what [`AllergenCategory::as_str`] wrote.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Medication, Self::Food, Self::Environment].into_iter().find(|c| c.as_str() == text)
    }
}

/// An allergy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Allergy {
    /// Its id.
    pub id: AllergyId,
    /// Code with its prefix: `J9F…` food, `J9N…` other, `YCM…` drug.
    pub code: AllergenCode,
    /// Name.
    pub name: String,
    /// Kind.
    pub category: AllergenCategory,
    /// Severe (重症: criticality high).
    pub severe: bool,
    /// Reaction in words, may be empty.
    pub reaction: String,
    /// Day it was recorded.
    pub recorded_on: NaiveDate,
    /// 長期保存; the other flags never.
    pub flags: Flags,
    /// Where it was taken over from.
    pub origin: Option<Origin>,
    /// Version of the row.
    pub version: i64,
}

impl Allergy {
    /// In words, for a letter or a sheet: `えび・重症（全身に発疹）`. That it is severe is never left out.
    pub fn as_text(&self) -> String {
        let severe = if self.severe { "・重症" } else { "" };
        let reaction = self.reaction.trim();
        let reaction = if reaction.is_empty() { String::new() } else { format!("（{reaction}）") };
        format!("{}{severe}{reaction}", self.name)
    }
}

/// What is chosen to add an allergy.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AllergyForm {
    /// Code with its prefix.
    pub code: String,
    /// Severe.
    pub severe: bool,
    /// Reaction in words.
    pub reaction: String,
}

/// One visit in the history: when, by whom, what was written and ordered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VisitPage {
    /// The visit.
    pub visit: Visit,
    /// Its note, if one was begun.
    pub note: Option<Note>,
    /// Its orders.
    pub orders: Orders,
}

/// The chart of a patient.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chart {
    /// The patient with insurance.
    pub patient: Patient,
    /// Today's visit, if the patient is checked in.
    pub today: Option<VisitPage>,
    /// Past visits, newest first, the latest twenty.
    pub past: Vec<VisitPage>,
    /// How many past visits there are in all.
    pub past_total: i64,
    /// Diagnoses: current ones first, then ended ones, each newest first.
    pub diagnoses: Vec<Diagnosis>,
    /// Allergies.
    pub allergies: Vec<Allergy>,
    /// The latest laboratory reports, newest first.
    pub reports: Vec<LabReport>,
    /// Numbers over time, for the graphs.
    pub series: Vec<LabSeries>,
    /// Referral letters.
    pub letters: Vec<LetterSummary>,
    /// Other papers: 療養計画書, 健診結果報告書, 退院時サマリー.
    pub papers: Vec<PaperSummary>,
    /// What was shared with the national platform, newest first.
    pub shared: Vec<SharedDocument>,
    /// The day the chart was opened on, in Japan.
    pub day: NaiveDate,
}
