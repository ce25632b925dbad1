//! Documents on their way to the national platform (電子カルテ情報共有サービス): what they carry and where they stand.
//!
//! What came from others is in [`crate::outside`].

use crate::{fee::ClinicCard, ids::*, outside::Purpose};
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
    /// 患者サマリー（療養計画書）, `JP_Bundle_ePCS`.
    CarePlan,
    /// 健診結果報告書, `JP_Bundle_eCheckupGeneral`.
    Checkup,
    /// 退院時サマリー, `JP_Bundle_eDischargeSummary`.
    Discharge,
}

impl ShareKind {
    /// All kinds.
    pub const ALL: [Self; 7] =
        [Self::Allergies, Self::Diagnoses, Self::LabReport, Self::Referral, Self::CarePlan, Self::Checkup, Self::Discharge];

    /// As shown to people.
    pub fn label(self) -> &'static str {
        match self {
            Self::Allergies => "アレルギー",
            Self::Diagnoses => "傷病名",
            Self::LabReport => "検査結果",
            Self::Referral => "診療情報提供書",
            Self::CarePlan => "患者サマリー（療養計画書）",
            Self::Checkup => "健診結果報告書",
            Self::Discharge => "退院時サマリー",
        }
    }

    /// As stored and sent.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Allergies => "allergies",
            Self::Diagnoses => "diagnoses",
            Self::LabReport => "lab_report",
            Self::Referral => "referral",
            Self::CarePlan => "care_plan",
            Self::Checkup => "checkup",
            Self::Discharge => "discharge",
        }
    }

    /// Reads what [`ShareKind::as_str`] wrote.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }

    /// Whether it is a document (文書情報) rather than a list or report of the chart (5情報).
    pub fn is_document(self) -> bool {
        !matches!(self, Self::Allergies | Self::Diagnoses | Self::LabReport)
    }
}

/// Flags for keeping and telling (長期保存・未告知・未提供), chosen in the chart. An allergy takes only the first, a laboratory
/// report only the first and only for designated infections (JP_ehrshrs_indication, R6031).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Flags {
    /// `LTS`: keep for long (長期保存).
    pub long_term: bool,
    /// `UNINFORMED`: the patient has not been told (未告知).
    pub uninformed: bool,
    /// `UNDELIVERED`: not to be given to the patient (未提供).
    pub undelivered: bool,
}

impl Flags {
    /// Whether the patient must not see it.
    pub fn hidden_from_patient(self) -> bool {
        self.uninformed || self.undelivered
    }
}

/// What kind of fault keeps a document here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProblemKind {
    /// 回線: nobody answers, or not in time, or the answer broke off.
    Network,
    /// 時計: this server's clock and the platform's disagree.
    Clock,
    /// 証明書: one side's certificate is not accepted.
    Certificate,
    /// 共有サービス側: the platform has a fault of its own.
    Platform,
}

impl ProblemKind {
    /// All kinds.
    pub const ALL: [Self; 4] = [Self::Network, Self::Clock, Self::Certificate, Self::Platform];

    /// As shown to people.
    pub fn label(self) -> &'static str {
        match self {
            Self::Network => "回線",
            Self::Clock => "時計",
            Self::Certificate => "証明書",
            Self::Platform => "共有サービス側",
        }
    }

    /// As stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Network => "network",
            Self::Clock => "clock",
            Self::Certificate => "certificate",
            Self::Platform => "platform",
        }
    }

    /// Reads what [`ProblemKind::as_str`] wrote.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }
}

/// What stood in the way of the last attempt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// What kind of fault.
    pub kind: ProblemKind,
    /// In Japanese, with what to do where somebody can do something.
    pub message: String,
}

/// The place of the chart where a refused document is mended; the browser makes a link of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "at", rename_all = "snake_case")]
pub enum Place {
    /// 患者登録: name, kana, birth date, address.
    Registration,
    /// 保険証.
    Insurance,
    /// A diagnosis.
    Diagnosis {
        /// Which.
        id: DiagnosisId,
    },
    /// An allergy.
    Allergy {
        /// Which.
        id: AllergyId,
    },
    /// A laboratory report.
    LabReport {
        /// Which.
        id: LabReportId,
    },
    /// A letter.
    Letter {
        /// Which.
        id: LetterId,
    },
    /// Another paper (療養計画書・健診結果報告書・退院時サマリー).
    Paper {
        /// Which.
        id: PaperId,
    },
    /// 医院の設定.
    Clinic,
}

/// One reason why a document was not taken, and where to mend it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mend {
    /// What is wrong, in Japanese.
    pub message: String,
    /// Rule, e.g. `R9015C`; empty where there is no number.
    pub rule: String,
    /// Where in the document, e.g. `Bundle.entry[1].resource.onsetDateTime`; may be empty.
    pub path: String,
    /// Field of the chart in words, e.g. `傷病名「高血圧症」: 開始日`; may be empty.
    pub field: String,
    /// Where to mend it; none where the chart has no such place.
    pub place: Option<Place>,
}

/// Where a document stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum ShareState {
    /// 送信待ち.
    Waiting {
        /// Attempts so far that found no answer.
        attempts: i32,
        /// What stood in the way last; none before the first attempt.
        problem: Option<Problem>,
        /// When it is tried next.
        next: DateTime<Utc>,
    },
    /// 確認中: the platform has it and has not decided yet.
    Checking {
        /// Receipt number (受付番号).
        receipt: String,
    },
    /// 送信済.
    Sent {
        /// Receipt number (受付番号) of the platform.
        receipt: String,
    },
    /// 受付不可.
    Refused {
        /// Why, one each.
        reasons: Vec<Mend>,
    },
    /// 差替済: a newer document took its place before it left.
    Superseded,
    /// 取消待ち: a document that was sent is to be taken back.
    Cancelling {
        /// What stood in the way last.
        problem: Option<Problem>,
    },
    /// 取消済: it was taken back.
    Cancelled {
        /// Receipt number of the cancellation.
        receipt: String,
    },
}

impl ShareState {
    /// Whether a document can be taken back: it is there, may be, or is on its way; or `standing`, an earlier one of the same
    /// subject is.
    pub fn may_be_withdrawn(&self, standing: bool) -> bool {
        match self {
            Self::Waiting { .. } | Self::Checking { .. } | Self::Sent { .. } => true,
            Self::Refused { .. } => standing,
            Self::Superseded | Self::Cancelling { .. } | Self::Cancelled { .. } => false,
        }
    }

    /// As shown to people.
    pub fn label(&self) -> &'static str {
        match self {
            Self::Waiting { .. } => "送信待ち",
            Self::Checking { .. } => "確認中",
            Self::Sent { .. } => "送信済",
            Self::Refused { .. } => "受付不可",
            Self::Superseded => "差替済",
            Self::Cancelling { .. } => "取消待ち",
            Self::Cancelled { .. } => "取消済",
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
    /// To whom a letter is addressed; empty for what everybody with consent may read.
    pub to: String,
    /// Where it stands.
    pub state: ShareState,
    /// Whether something of the same subject is registered there now: this one, or an earlier one that still stands while this
    /// is refused or not decided.
    #[serde(default)]
    pub standing: bool,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When its state last changed.
    pub updated_at: DateTime<Utc>,
}

/// Where a letter stands between two houses (送付・受領・返書).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LetterStanding {
    /// Where its document stands; none for a letter on paper.
    pub share: Option<ShareState>,
    /// That document, by which it is withdrawn.
    pub document: Option<ShareId>,
    /// Whether one of it is registered there now, also where the latest was refused or is not decided.
    #[serde(default)]
    pub standing: bool,
    /// When the other house opened it (受領).
    pub received_at: Option<DateTime<Utc>>,
    /// The reply (返書) that came.
    pub reply: Option<ReceivedId>,
}

/// One line of what was sent about a patient.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountLine {
    /// When the platform took it.
    pub at: DateTime<Utc>,
    /// What it carried.
    pub kind: ShareKind,
    /// To whom: an institution, or everybody whom the patient lets read.
    pub to: String,
    /// What stood in it, without what the patient is not to see.
    pub contents: Vec<String>,
    /// When it was taken back or replaced.
    pub ended: Option<(DateTime<Utc>, String)>,
}

/// A look at what other houses shared about a patient.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountLook {
    /// When.
    pub at: DateTime<Utc>,
    /// Who, by name.
    pub by: String,
    /// What for.
    pub purpose: Option<Purpose>,
}

/// What was sent about a patient, to whom, when (共有の記録, 本人用), without flagged diagnoses: fit to be handed over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// The patient's name.
    pub patient: String,
    /// The patient's number here.
    pub number: i64,
    /// The clinic as printed.
    pub clinic: ClinicCard,
    /// Day it was made.
    pub day: NaiveDate,
    /// Day of the consent to reading other houses' records.
    pub consent: Option<NaiveDate>,
    /// What was sent, newest first.
    pub sent: Vec<AccountLine>,
    /// Looks at what others shared, newest first.
    pub looks: Vec<AccountLook>,
}
