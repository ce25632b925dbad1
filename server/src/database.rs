//! The database of this process: the one that `DATABASE_URL` names, or a private PostgreSQL in the data directory.

use private_postgres::PrivatePostgres;
use sqlx::postgres::PgConnectOptions;

use crate::config::Storage;

/// Why there is no database.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The private one does not start.
    #[error(transparent)]
    Private(#[from] private_postgres::Error),
    /// `DATABASE_URL` cannot be read. Its text is not repeated: it holds a password.
    #[error("DATABASE_URL の書き方が正しくありません。 / DATABASE_URL cannot be read")]
    Url,
}

/// How to reach the database; while it lives, a private one runs.
#[derive(Debug)]
pub struct Database {
    options: PgConnectOptions,
    private: Option<PrivatePostgres>,
}

impl Database {
    /// The database for the server, which owns the data directory while it runs.
    ///
    /// # Errors
    /// When the URL cannot be read or the private PostgreSQL does not start. An existing server is not contacted yet.
    pub async fn open(storage: &Storage) -> Result<Self, Error> {
        match &storage.database_url {
            Some(url) => Self::existing(url),
            None => {
                let private = PrivatePostgres::start(&storage.data).await?;
                Ok(Self { options: private.connect_options(), private: Some(private) })
            }
        }
    }

    /// The database for a command: beside a running server it joins in, else it is as [`Database::open`].
    ///
    /// # Errors
    /// As [`Database::open`].
    pub async fn join(storage: &Storage) -> Result<Self, Error> {
        match Self::open(storage).await {
            Err(Error::Private(in_use @ private_postgres::Error::InUse { .. })) => {
                let options = PrivatePostgres::running(&storage.data).ok_or(in_use)?;
                Ok(Self { options, private: None })
            }
            other => other,
        }
    }

    fn existing(url: &str) -> Result<Self, Error> {
        // sqlx takes any scheme; a slip there would otherwise show as a host that cannot be found.
        if !url.starts_with("postgres://") && !url.starts_with("postgresql://") {
            return Err(Error::Url);
        }
        let options: PgConnectOptions = url.parse().map_err(|_| Error::Url)?;
        Ok(Self { options: options.application_name("karte"), private: None })
    }

    /// How to connect, as the schema's owner.
    pub fn options(&self) -> &PgConnectOptions {
        &self.options
    }

    /// Stops a private database; an existing one is left alone.
    pub async fn close(self) {
        if let Some(private) = self.private {
            private.stop().await;
        }
    }
}
