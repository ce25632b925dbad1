//! Documents on their way to the national platform (電子カルテ情報共有サービス), and what came from others.

use crate::ids::*;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

/// What a document carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ShareKind {
    /// アレルギー, `JP_Bundle_CLINS` of AllergyIntolerance.
    Allergies,
    /// 傷病名, `JP_Bundle_CLINS` of Condition.
    Diagnoses,
    /// 検査, `JP_Bundle_CLINS` of Observation.
    LabReport,
    /// 診療情報提供書, `JP_Bundle_eReferral`.
    Referral,
}

impl ShareKind {
    /// All kinds.
    pub const ALL: [Self; 4] = [Self::Allergies, Self::Diagnoses, Self::LabReport, Self::Referral];

    /// As shown to people.
    pub fn label(self) -> &'static str {
        match self {
            Self::Allergies => "アレルギー",
            Self::Diagnoses => "傷病名",
            Self::LabReport => "検査結果",
            Self::Referral => "診療情報提供書",
        }
    }

    /// As stored and sent.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Allergies => "allergies",
            Self::Diagnoses => "diagnoses",
            Self::LabReport => "lab_report",
            Self::Referral => "referral",
        }
    }

    /// Reads what [`ShareKind::as_str`] wrote.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }
}

/// Where a document stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum ShareState {
    /// 送信待ち.
    Waiting {
        /// Attempts so far that found no answer.
        attempts: i32,
        /// What stood in the way last, in Japanese; empty before the first attempt.
        last_problem: String,
    },
    /// 送信済.
    Sent {
        /// Receipt number (受付番号) of the platform.
        receipt: String,
    },
    /// 受付不可.
    Refused {
        /// Why, one line each, in Japanese.
        reasons: Vec<String>,
    },
    /// 取消: a newer document took its place before it left.
    Superseded,
}

impl ShareState {
    /// As shown to people.
    pub fn label(&self) -> &'static str {
        match self {
            Self::Waiting { .. } => "送信待ち",
            Self::Sent { .. } => "送信済",
            Self::Refused { .. } => "受付不可",
            Self::Superseded => "差替済",
        }
    }
}

/// A document as the chart shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SharedDocument {
    /// Its id.
    pub id: ShareId,
    /// What it carries.
    pub kind: ShareKind,
    /// In words: `傷病名 3件`, `検査結果 2026-07-10`.
    pub title: String,
    /// Where it stands.
    pub state: ShareState,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When its state last changed.
    pub updated_at: DateTime<Utc>,
}

/// Something another institution shared about the patient.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutsideItem {
    /// What kind of document it came in.
    pub kind: ShareKind,
    /// Institution that shared it.
    pub institution: String,
    /// Day it was shared.
    pub shared_on: NaiveDate,
    /// One line for each entry: name, value, date.
    pub lines: Vec<String>,
}

/// What other institutions shared, as asked for with the patient's consent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "answer", rename_all = "snake_case")]
pub enum OutsideView {
    /// The patient has not consented at this clinic.
    NoConsent,
    /// The platform cannot be reached now.
    Unreachable,
    /// What there is, newest first; may be empty.
    Items {
        /// The items.
        items: Vec<OutsideItem>,
    },
}
