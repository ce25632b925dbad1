//! Why a fee cannot be calculated: typed for programs, Japanese for people.

use chrono::NaiveDate;
use model::{AppError, Flaw};

/// What stands in the way of a calculation. Each names the place in the request as a path such as `orders[0].code`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FeeError {
    /// The request is not the JSON that `docs/fee-json.md` describes.
    #[error("{path}: 読み取れません（{detail}）。")]
    Malformed {
        /// Where.
        path: String,
        /// What the reader said.
        detail: String,
    },
    /// No edition of the tables is in force on the day.
    #[error("date: {on} に有効な点数表がありません。")]
    NoEdition {
        /// Day of service.
        on: NaiveDate,
    },
    /// A code that no master holds on the day.
    #[error("{path}: マスターにないコードです（{code}、{on}時点）。")]
    UnknownCode {
        /// Where.
        path: String,
        /// The code.
        code: String,
        /// Day of service.
        on: NaiveDate,
    },
    /// A value that cannot be.
    #[error("{path}: {message}")]
    Value {
        /// Where.
        path: String,
        /// What is wrong with it, in Japanese.
        message: String,
    },
}

impl FeeError {
    /// A value that cannot be.
    pub(crate) fn value(path: impl Into<String>, message: impl Into<String>) -> Self {
        Self::Value { path: path.into(), message: message.into() }
    }

    /// The place in the request.
    pub fn path(&self) -> &str {
        match self {
            Self::Malformed { path, .. } | Self::UnknownCode { path, .. } | Self::Value { path, .. } => path,
            Self::NoEdition { .. } => "date",
        }
    }
}

impl From<FeeError> for AppError {
    fn from(error: FeeError) -> Self {
        let field = error.path().to_owned();
        let flaw = match error {
            FeeError::UnknownCode { code, on, .. } => Flaw::UnknownCode { code, on: on.to_string() },
            FeeError::Value { message, .. } => Flaw::Rule { message },
            other => Flaw::Rule { message: other.to_string() },
        };
        AppError::field(field, flaw)
    }
}
