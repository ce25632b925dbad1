//! Errors inside the clinic crate, and how they become the one error that people see.

use model::{AppError, FieldError, Flaw};

/// What a use case returns.
pub type Fallible<T> = Result<T, Error>;

/// Why a use case failed: a reason for people, or the database's.
#[derive(Debug)]
pub enum Error {
    /// Said to people as it is.
    App(AppError),
    /// Said to the trace; people get a request id.
    Database(sqlx::Error),
    /// A fault of our own that no input explains, such as a stored value that cannot be read.
    Broken(String),
}

impl Error {
    /// What people get. The trace gets codes and names of constraints, never the values of a row.
    pub fn into_app(self, request_id: &str) -> AppError {
        match self {
            Self::App(error) => error,
            Self::Database(error) => describe(&error, request_id),
            Self::Broken(what) => {
                tracing::error!(request_id, what, "broken invariant");
                AppError::Internal { request_id: request_id.to_owned() }
            }
        }
    }

    /// Whether the database is away for the moment: the same again may succeed.
    pub(crate) fn is_outage(&self) -> bool {
        match self {
            Self::Database(sqlx::Error::Database(e)) => e.code().is_some_and(|code| is_away(&code)),
            Self::Database(error) => !matches!(error, sqlx::Error::RowNotFound | sqlx::Error::ColumnDecode { .. }),
            Self::App(error) => matches!(error, AppError::Unavailable),
            Self::Broken(_) => false,
        }
    }

    /// Whether a named constraint of the database refused the change.
    pub fn is_constraint(&self, name: &str) -> bool {
        matches!(self, Self::Database(sqlx::Error::Database(e)) if e.constraint() == Some(name))
    }
}

fn describe(error: &sqlx::Error, request_id: &str) -> AppError {
    match error {
        sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::Io(_) | sqlx::Error::Tls(_) => {
            tracing::error!(request_id, kind = "connection", "database out of reach");
            AppError::Unavailable
        }
        sqlx::Error::Database(e) => {
            let code = e.code().unwrap_or_default();
            tracing::error!(request_id, %code, constraint = e.constraint(), table = e.table(), "database refused");
            match code.as_ref() {
                code if is_away(code) => AppError::Unavailable,
                "40001" | "40P01" => AppError::conflict("同時に変更されました。もう一度お試しください。"),
                _ => AppError::Internal { request_id: request_id.to_owned() },
            }
        }
        sqlx::Error::RowNotFound => AppError::NotFound,
        other => {
            tracing::error!(request_id, kind = kind_of(other), "database call failed");
            AppError::Internal { request_id: request_id.to_owned() }
        }
    }
}

/// Class 57: the server is stopping; class 08: the line is cut; class 53: it is out of room.
fn is_away(code: &str) -> bool {
    ["57P", "08", "53"].iter().any(|class| code.starts_with(class))
}

/// The name of the variant: its text could hold a value of a row.
fn kind_of(error: &sqlx::Error) -> String {
    let text = format!("{error:?}");
    text.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default().to_owned()
}

impl From<AppError> for Error {
    fn from(error: AppError) -> Self {
        Self::App(error)
    }
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        Self::Database(error)
    }
}

impl From<Vec<FieldError>> for Error {
    fn from(fields: Vec<FieldError>) -> Self {
        Self::App(AppError::Invalid { fields })
    }
}

impl From<FieldError> for Error {
    fn from(field: FieldError) -> Self {
        Self::from(vec![field])
    }
}

impl From<serde_json::Error> for Error {
    fn from(error: serde_json::Error) -> Self {
        Self::Broken(format!("stored JSON: {:?} at column {}", error.classify(), error.column()))
    }
}

/// Puts a flaw at its field.
pub(crate) trait AtField<T> {
    /// The value, or the flaw at `field`.
    fn at(self, field: &str) -> Fallible<T>;
}

impl<T> AtField<T> for Result<T, Flaw> {
    fn at(self, field: &str) -> Fallible<T> {
        self.map_err(|flaw| Error::App(AppError::field(field, flaw)))
    }
}
