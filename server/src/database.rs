//! The database of this process: the one that `DATABASE_URL` names, or a private PostgreSQL in the data directory.

use private_postgres::PrivatePostgres;
use sqlx::postgres::{PgConnectOptions, PgSslMode};

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
        if may_be_overheard(&options) {
            tracing::warn!("the line to the database may be unprotected; give DATABASE_URL sslmode=verify-full");
        }
        Ok(Self { options: options.application_name("karte"), private: None })
    }

    /// How to connect, as the schema's owner.
    pub fn options(&self) -> &PgConnectOptions {
        &self.options
    }

    /// Whether it is a private one, which serves this process alone.
    pub fn is_private(&self) -> bool {
        self.private.is_some()
    }

    /// Stops a private database; an existing one is left alone.
    pub async fn close(self) {
        if let Some(private) = self.private {
            private.stop().await;
        }
    }
}

/// Whether patients' data may travel to another machine in the clear: TLS is only used there if the other side offers it.
fn may_be_overheard(options: &PgConnectOptions) -> bool {
    let near = options.get_socket().is_some() || matches!(options.get_host(), "localhost" | "127.0.0.1" | "::1" | "[::1]");
    !near && matches!(options.get_ssl_mode(), PgSslMode::Disable | PgSslMode::Allow | PgSslMode::Prefer)
}

#[cfg(test)]
mod tests {
    use super::*;
    use sqlx::{Connection, PgConnection};
    use std::{
        io::{Read, Write},
        net::TcpListener,
        thread,
    };

    fn options(url: &str) -> PgConnectOptions {
        url.parse().expect("a URL")
    }

    #[test]
    fn a_line_that_could_be_overheard_is_known() {
        for near in
            ["postgres://karte@localhost/karte", "postgres://karte@127.0.0.1/karte", "postgres:///karte?host=/run/postgresql"]
        {
            assert!(!may_be_overheard(&options(near)), "{near}");
        }
        assert!(may_be_overheard(&options("postgres://karte@db.example/karte")));
        assert!(may_be_overheard(&options("postgres://karte@db.example/karte?sslmode=disable")));
        for kept in ["require", "verify-ca", "verify-full"] {
            assert!(!may_be_overheard(&options(&format!("postgres://karte@db.example/karte?sslmode={kept}"))), "{kept}");
        }
    }

    #[tokio::test]
    async fn the_line_to_the_database_can_be_protected() {
        // A server that offers TLS, and a look at what is said next.
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let server = thread::spawn(move || {
            let (mut line, _) = listener.accept().expect("somebody calls");
            let mut request = [0; 8];
            line.read_exact(&mut request).expect("asks for TLS");
            line.write_all(b"S").expect("is offered");
            let mut first = [0; 1];
            line.read_exact(&mut first).expect("says something");
            first[0]
        });
        let url = format!("postgres://karte@127.0.0.1:{port}/karte?sslmode=require");
        PgConnection::connect_with(&options(&url)).await.expect_err("nobody is there");
        // RFC 8446, 5.1: a record of type handshake (22).
        assert_eq!(server.join().expect("ends"), 22);
    }
}
