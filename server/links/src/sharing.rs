//! What is asked of the national platform, and how it may fail.
//!
//! Who asks is the institution's number; the adapter finds its client certificate by it.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use model::{
    codes::InstitutionNumber,
    outside::Purpose,
    share::{Problem, ProblemKind, ShareKind},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::fmt;

/// The platform's answer to a document or a cancellation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Answer {
    /// Done (受理).
    Taken {
        /// Receipt number (受付番号).
        receipt: String,
    },
    /// Taken in, decided later (確認中): ask with [`RecordSharing::result`].
    Checking {
        /// Receipt number.
        receipt: String,
    },
}

impl Answer {
    /// The receipt number.
    pub fn receipt(&self) -> &str {
        match self {
            Self::Taken { receipt } | Self::Checking { receipt } => receipt,
        }
    }
}

/// Why a document was refused: one finding of the platform's validator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// Rule, e.g. `R9015C`.
    pub rule: String,
    /// Where in the document.
    pub path: String,
    /// What is wrong, in Japanese.
    pub message: String,
    /// Field of the chart to mend, may be empty.
    pub chart_field: String,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.message)?;
        if !self.chart_field.is_empty() {
            write!(f, " 直す場所: {}", self.chart_field)?;
        }
        if self.rule.is_empty() { Ok(()) } else { write!(f, "（{}）", self.rule) }
    }
}

/// Which document: the identity under which it was registered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Target {
    /// `Bundle.identifier.value`.
    pub identifier: String,
    /// Insured person's identifier (被保険者個人識別子) it was registered under.
    pub member_id: String,
}

/// A document in a list of the platform.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListedDocument {
    /// Number in the platform's order, for reading on from.
    pub sequence: i64,
    /// Receipt number, by which it is fetched.
    pub receipt: String,
    /// `Bundle.identifier.value`.
    pub identifier: String,
    /// Institution that shared it.
    pub institution: String,
    /// What it carries; none for kinds this house does not know.
    pub kind: Option<ShareKind>,
    /// When the platform took it.
    pub received_at: DateTime<Utc>,
}

/// What happened to a letter at the other house, or to a letter of theirs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LetterProgress {
    /// `Bundle.identifier.value` of the letter.
    pub identifier: String,
    /// Its receipt number.
    pub receipt: String,
    /// When the house it is addressed to opened it (受領).
    pub opened_at: Option<DateTime<Utc>>,
}

/// A fault: nothing was decided, trying again later is right.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// No connection.
    #[error("電子カルテ情報共有サービスに接続できません。回線を確認してください。")]
    Unreachable,
    /// No answer in time. The document may or may not have arrived; sending the same again is safe.
    #[error("電子カルテ情報共有サービスから時間内に応答がありません。")]
    Timeout,
    /// The platform's own fault.
    #[error("電子カルテ情報共有サービス側の障害です（{status}）。")]
    Server {
        /// HTTP status.
        status: u16,
    },
    /// The answer broke off or could not be read.
    #[error("電子カルテ情報共有サービスの応答が途中で切れました。")]
    Garbled,
    /// Our clock and the platform's disagree.
    #[error("サーバーの時計が電子カルテ情報共有サービスと{seconds}秒ずれています。時刻同期を確認してください。")]
    Clock {
        /// How many seconds we are ahead; negative behind.
        seconds: i64,
    },
    /// A certificate is not accepted: ours there, or theirs here.
    #[error("証明書が受け付けられません: {why}")]
    Certificate {
        /// In Japanese: whose, and what is wrong with it.
        why: String,
    },
}

impl Fault {
    /// As the chart tells it.
    pub fn problem(&self) -> Problem {
        let kind = match self {
            Self::Unreachable | Self::Timeout | Self::Garbled => ProblemKind::Network,
            Self::Server { .. } => ProblemKind::Platform,
            Self::Clock { .. } => ProblemKind::Clock,
            Self::Certificate { .. } => ProblemKind::Certificate,
        };
        Problem { kind, message: self.to_string() }
    }
}

/// Why the platform did not do what was asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SharingError {
    /// The document breaks rules (422): mend the chart, sending again as it is does not help.
    #[error("内容が受け付けられませんでした（{}件）。", .reasons.len())]
    Refused {
        /// Every finding.
        reasons: Vec<Reason>,
    },
    /// More than the platform takes (413).
    #[error("文書が大きすぎます（10MBまで）。")]
    TooLarge,
    /// The patient has not consented that this institution reads (403).
    #[error("患者の閲覧同意がありません。")]
    NoConsent,
    /// There is no such document (404).
    #[error("該当する文書がありません。")]
    NotFound,
    /// Nothing was decided.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl SharingError {
    /// Whether trying again later may help.
    pub fn is_fault(&self) -> bool {
        matches!(self, Self::Fault(_))
    }
}

/// The national platform.
#[async_trait]
pub trait RecordSharing: Send + Sync {
    /// Registers a document (登録). The same `Bundle.identifier` replaces what was there; the same `key` again gives the
    /// same receipt without doing anything twice.
    async fn register(&self, who: &InstitutionNumber, document: &Value, key: &str) -> Result<Answer, SharingError>;

    /// Cancels a document (取消); only the institution that registered it may. One that is not there is `NotFound`. The same
    /// `key` again gives the same receipt.
    async fn cancel(&self, who: &InstitutionNumber, target: &Target, key: &str) -> Result<Answer, SharingError>;

    /// What became of something that was [`Answer::Checking`]; a refusal is the error it would have been at once.
    async fn result(&self, who: &InstitutionNumber, receipt: &str) -> Result<Answer, SharingError>;

    /// Lists what other institutions shared about an insured person, newest first. Needs consent; the purpose is kept there.
    async fn list(&self, who: &InstitutionNumber, member_id: &str, purpose: Purpose)
    -> Result<Vec<ListedDocument>, SharingError>;

    /// Fetches one document as it is, also one that cannot be read. Needs consent unless it is the asker's own or a letter
    /// addressed to the asker.
    async fn fetch(&self, who: &InstitutionNumber, receipt: &str) -> Result<Vec<u8>, SharingError>;

    /// Letters addressed to the asker with a sequence above `after`, oldest first, at most a hundred.
    async fn inbox(&self, who: &InstitutionNumber, after: i64) -> Result<Vec<ListedDocument>, SharingError>;

    /// Tells that a letter addressed to the asker was opened (受領).
    async fn acknowledge(&self, who: &InstitutionNumber, receipt: &str) -> Result<(), SharingError>;

    /// Where the asker's own letters stand, of those named; at most a hundred. Letters that are gone are left out.
    async fn progress(&self, who: &InstitutionNumber, receipts: &[String]) -> Result<Vec<LetterProgress>, SharingError>;

    /// Records that the person consents that this institution reads, or takes it back (閲覧同意).
    async fn set_consent(&self, who: &InstitutionNumber, member_id: &str, granted: bool) -> Result<(), SharingError>;
}
