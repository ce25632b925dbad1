//! Record sharing: registering documents, and reading what others registered.

use chrono::{DateTime, Utc};
use model::codes::InstitutionNumber;
use serde_json::Value;

/// What the platform said to a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// It has it; the receipt number (受付番号).
    Accepted {
        /// Receipt number.
        receipt: String,
    },
    /// It will not take it, and why, one line each, in Japanese with the rule's number.
    Refused {
        /// The reasons.
        reasons: Vec<String>,
    },
}

/// Nobody answered in a way that settles it: try again.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// No connection.
    #[error("電子カルテ情報共有サービスに接続できません。")]
    Unreachable,
    /// No answer in time.
    #[error("電子カルテ情報共有サービスから応答がありません（時間切れ）。")]
    Timeout,
    /// A fault of its own.
    #[error("電子カルテ情報共有サービスでエラーが発生しています（{status}）。")]
    Server {
        /// HTTP status.
        status: u16,
    },
    /// An answer that cannot be read.
    #[error("電子カルテ情報共有サービスの応答を読み取れません。")]
    Garbled,
    /// The platform knows of no consent.
    #[error("電子カルテ情報共有サービスに閲覧同意が登録されていません。")]
    NoConsent,
}

/// A document another institution registered.
#[derive(Debug, Clone, PartialEq)]
pub struct SharedBundle {
    /// Receipt number.
    pub receipt: String,
    /// The institution that registered it.
    pub institution: InstitutionNumber,
    /// When it was registered.
    pub registered_at: DateTime<Utc>,
    /// The bundle.
    pub bundle: Value,
}

/// The national platform as a clinic uses it.
#[async_trait::async_trait]
pub trait RecordSharing: Send + Sync {
    /// Registers a document; the same Bundle identifier again replaces what was there, so that a repeat is harmless.
    async fn register(&self, institution: &InstitutionNumber, bundle: &Value) -> Result<Answer, Fault>;

    /// Says whether the insured person agrees that this institution reads what others registered (閲覧同意).
    async fn set_consent(&self, institution: &InstitutionNumber, member: &str, given: bool) -> Result<(), Fault>;

    /// What other institutions registered about an insured person, newest first; only with consent.
    async fn documents(&self, institution: &InstitutionNumber, member: &str) -> Result<Vec<SharedBundle>, Fault>;
}
