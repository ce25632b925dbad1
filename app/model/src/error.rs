//! The one error that crosses every border, and the flaws a field can have.
//!
//! Programs read the tag, people read the Japanese text here, and nothing else: details stay in the server's trace.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// Why a use case did not do what was asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum AppError {
    /// Nobody is signed in, or the session has ended (401).
    #[error("サインインが必要です。入力中の内容はこの端末に残っています。")]
    SignedOut,
    /// The pair of name and password is not known (401). It does not say which.
    #[error("医療機関・職員名・パスワードの組み合わせが正しくありません。")]
    WrongPassword,
    /// Too many attempts; wait (429).
    #[error("試行回数が多すぎます。{seconds}秒後にもう一度お試しください。")]
    TooMany {
        /// Seconds to wait.
        seconds: u32,
    },
    /// The role may not do this (403).
    #[error("この操作を行う権限がありません。")]
    Forbidden,
    /// It does not exist, or the asker may not learn that it does (404).
    #[error("見つかりません。")]
    NotFound,
    /// Fields with flaws (422); what was typed stays where it is.
    #[error("{}", describe(.fields))]
    Invalid {
        /// Each flaw at its field.
        fields: Vec<FieldError>,
    },
    /// Someone else saved first (409); both texts are given and neither is lost.
    #[error("{by}さんが先に保存しました。両方の内容を確認してください。")]
    Stale {
        /// What the asker tried to save.
        yours: String,
        /// What is saved now.
        theirs: String,
        /// The version that is saved now.
        version: i64,
        /// Who saved it.
        by: String,
        /// When it was saved.
        at: DateTime<Utc>,
    },
    /// The state of things does not allow it (409).
    #[error("{message}")]
    Conflict {
        /// What stands in the way, in Japanese.
        message: String,
    },
    /// The database or a partner is out of reach for now (503).
    #[error("一時的に利用できません。少し待ってからもう一度お試しください。")]
    Unavailable,
    /// Our own fault (500); the request id finds the trace.
    #[error("システムの問題が発生しました。受付番号 {request_id} を管理者にお知らせください。")]
    Internal {
        /// Request id under which the trace was written.
        request_id: String,
    },
    /// The browser could not reach or understand the server.
    #[error("サーバーと通信できません。入力中の内容はこの端末に残っています。")]
    Connection {
        /// What the transport said, for the console.
        detail: String,
    },
}

impl AppError {
    /// One flaw at one field.
    pub fn field(field: impl Into<String>, flaw: Flaw) -> Self {
        Self::Invalid { fields: vec![FieldError::new(field, flaw)] }
    }

    /// The state of things does not allow it, said in Japanese.
    pub fn conflict(message: impl Into<String>) -> Self {
        Self::Conflict { message: message.into() }
    }

    /// The HTTP status that goes with it.
    pub fn status(&self) -> u16 {
        match self {
            Self::SignedOut | Self::WrongPassword => 401,
            Self::Forbidden => 403,
            Self::NotFound => 404,
            Self::Stale { .. } | Self::Conflict { .. } => 409,
            Self::Invalid { .. } => 422,
            Self::TooMany { .. } => 429,
            Self::Unavailable | Self::Connection { .. } => 503,
            Self::Internal { .. } => 500,
        }
    }

    /// The message for one field, if this error has one there.
    pub fn at(&self, field: &str) -> Option<String> {
        match self {
            Self::Invalid { fields } => fields.iter().find(|e| e.field == field).map(|e| e.flaw.to_string()),
            _ => None,
        }
    }
}

/// What happens on the way of a server function, as the one error.
#[cfg(feature = "leptos")]
impl server_fn::error::FromServerFnError for AppError {
    type Encoder = server_fn::codec::JsonEncoding;

    fn from_server_fn_error(error: server_fn::error::ServerFnErrorErr) -> Self {
        Self::Connection { detail: error.to_string() }
    }
}

fn describe(fields: &[FieldError]) -> String {
    match fields {
        [one] => one.flaw.to_string(),
        many => format!("入力内容を確認してください（{}か所）。", many.len()),
    }
}

/// A flaw and the field it belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldError {
    /// The field's name as in the input struct; nested ones with dots (`insurance.number`).
    pub field: String,
    /// What is wrong there.
    pub flaw: Flaw,
}

impl FieldError {
    /// A flaw at a field.
    pub fn new(field: impl Into<String>, flaw: Flaw) -> Self {
        Self { field: field.into(), flaw }
    }
}

/// What can be wrong with one field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "flaw", rename_all = "snake_case")]
pub enum Flaw {
    /// Nothing was typed where something is needed.
    #[error("入力してください。")]
    Missing,
    /// More characters than fit.
    #[error("{max}文字以内で入力してください。")]
    TooLong {
        /// The most characters that fit.
        max: usize,
    },
    /// Something other than digits.
    #[error("数字で入力してください。")]
    NotDigits,
    /// The wrong number of digits.
    #[error("{expected}桁で入力してください。")]
    Digits {
        /// The numbers of digits that are right, e.g. `6桁または8`.
        expected: String,
    },
    /// The check digit (検証番号) does not fit the other digits.
    #[error("検証番号が合いません。番号をもう一度確認してください。")]
    CheckDigit,
    /// Not written in kana.
    #[error("カタカナまたはひらがなで入力してください。")]
    NotKana,
    /// Symbols where a person's name belongs.
    #[error("氏名に使えない文字が含まれています。")]
    NotAName,
    /// No such day in the calendar, or a form we cannot read.
    #[error("日付として読めません（例: 1981-03-02、昭和56年3月2日、S56.3.2）。")]
    NotADate,
    /// The day lies ahead where it must not.
    #[error("未来の日付は入力できません。")]
    Future,
    /// The day lies before anybody living was born.
    #[error("古すぎる日付です。")]
    TooOld,
    /// The end lies before the beginning.
    #[error("終了日が開始日より前になっています。")]
    EndsBeforeStart,
    /// Not one of the choices.
    #[error("選択肢から選んでください。")]
    NotAChoice,
    /// Not a number, or outside of the sensible range.
    #[error("{min}から{max}までの数で入力してください。")]
    OutOfRange {
        /// Smallest value allowed.
        min: String,
        /// Largest value allowed.
        max: String,
    },
    /// The code is not in the master on that day.
    #[error("マスターにないコードです（{code}、{on}時点）。")]
    UnknownCode {
        /// The code asked for.
        code: String,
        /// The day it was asked for.
        on: String,
    },
    /// A rule of the master or the law forbids it.
    #[error("{message}")]
    Rule {
        /// The rule, in Japanese.
        message: String,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn travels_as_tagged_json() {
        let error = AppError::field("birth_date", Flaw::NotADate);
        let json = serde_json::to_value(&error).expect("serialises");
        assert_eq!(json["kind"], "invalid");
        assert_eq!(json["fields"][0]["flaw"]["flaw"], "not_a_date");
        assert_eq!(serde_json::from_value::<AppError>(json).expect("reads back"), error);
    }

    #[test]
    fn says_what_is_wrong_at_its_field() {
        let error = AppError::field("insurer", Flaw::CheckDigit);
        assert!(error.at("insurer").expect("has one").contains("検証番号"));
        assert_eq!(error.at("other"), None);
        assert_eq!(error.status(), 422);
    }
}
