//! What is asked of the national platform, and how it may fail.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use model::{codes::InstitutionNumber, share::ShareKind};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::fmt;

/// Who asks: an institution with its secret. The secret is never shown, also not by `Debug`.
#[derive(Clone)]
pub struct Credentials {
    /// Ten-digit number (医療機関番号).
    pub institution: InstitutionNumber,
    /// Secret shared with the platform; a client certificate will take its place.
    pub token: String,
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials").field("institution", &self.institution).finish_non_exhaustive()
    }
}

/// The platform's answer to a document it took.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// Receipt number (受付番号).
    pub receipt: String,
    /// Whether an earlier document of the same identifier was replaced.
    pub replaced: bool,
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

/// A document in the list of what is shared about a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListedDocument {
    /// Receipt number, by which it is fetched.
    pub receipt: String,
    /// Institution that shared it.
    pub institution: String,
    /// What it carries; none for kinds this house does not know.
    pub kind: Option<ShareKind>,
    /// When the platform took it.
    pub received_at: DateTime<Utc>,
}

/// A fault: nothing was decided, trying again later is right.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// No connection.
    #[error("電子カルテ情報共有サービスに接続できません。")]
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
    /// The institution or its secret is not known (401).
    #[error("この医療機関の認証情報が受け付けられませんでした。")]
    NotAuthorised,
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
    async fn register(&self, who: &Credentials, document: &Value, key: &str) -> Result<Receipt, SharingError>;

    /// Cancels a document by its `Bundle.identifier` (取消); only the institution that registered it may.
    async fn cancel(&self, who: &Credentials, identifier: &str) -> Result<(), SharingError>;

    /// Lists what other institutions shared about an insured person (被保険者個人識別子), newest first. Needs consent.
    async fn list(&self, who: &Credentials, member_id: &str) -> Result<Vec<ListedDocument>, SharingError>;

    /// Fetches one document. Needs consent unless it is the asker's own.
    async fn fetch(&self, who: &Credentials, receipt: &str) -> Result<Value, SharingError>;

    /// Records that the person consents that this institution reads, or takes it back (閲覧同意).
    async fn set_consent(&self, who: &Credentials, member_id: &str, granted: bool) -> Result<(), SharingError>;
}
