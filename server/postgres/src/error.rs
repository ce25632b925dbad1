//! Why a private PostgreSQL could not be had, in the words of the person who must act on it.
//!
//! Each message says it in Japanese first and in English after a slash: it appears in a
//! terminal at start-up, before any screen exists.

use std::path::PathBuf;

/// Why the private PostgreSQL did not start.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Neither the search path nor the usual places hold `initdb` and `postgres`.
    #[error(
        "PostgreSQL のプログラム (initdb, postgres) が見つかりません。例: apt-get install postgresql。\
         または DATABASE_URL で既存のデータベースを指定してください。 / PostgreSQL programs not found: \
         install PostgreSQL 15 or later, or set DATABASE_URL. (looked in: {looked})"
    )]
    ProgramsMissing {
        /// The directories that were looked at, separated by colons.
        looked: String,
    },

    /// Only versions before 15 were found.
    #[error("PostgreSQL {found} は古すぎます。15 以上を入れてください。 / PostgreSQL {found} is too old: 15 or later is needed")]
    TooOld {
        /// The newest major version found.
        found: u32,
    },

    /// The cluster was created by another major version than any installed here.
    #[error(
        "データは PostgreSQL {needed} で作られていますが、その版のプログラムがありません。{needed} を入れるか、\
         pg_upgrade で移行してください。 / the data needs PostgreSQL {needed}, which is not installed"
    )]
    VersionGone {
        /// The major version that the cluster's PG_VERSION names.
        needed: String,
    },

    /// Another process holds the lock of this data directory.
    #[error(
        "{} は動作中の別の karte が使っています。先に終了してください。 / another karte is using this data directory",
        dir.display()
    )]
    InUse {
        /// The data directory.
        dir: PathBuf,
    },

    /// We are root, and there is no account to run the database as.
    #[error(
        "root で動作していますが、データベースを動かす一般利用者 (karte, postgres, nobody) がありません。 / \
         running as root, but there is no unprivileged account to run PostgreSQL as"
    )]
    NoAccount,

    /// No directory is short enough and reachable for the unix socket.
    #[error("UNIX ソケットを置ける場所がありません。 / no short, reachable directory for the unix socket")]
    NoSocketPlace,

    /// `initdb` failed.
    #[error("データベースを作成できませんでした。 / initdb failed: {detail}")]
    Initdb {
        /// What initdb wrote on standard error.
        detail: String,
    },

    /// The postmaster ended, or was not ready in time.
    #[error("PostgreSQL が起動しませんでした。 / PostgreSQL did not start. {}:\n{tail}", log.display())]
    DidNotStart {
        /// The log file.
        log: PathBuf,
        /// Its last lines.
        tail: String,
    },

    /// A left-over PostgreSQL of a killed predecessor could not be stopped.
    #[error("前回の PostgreSQL (pid {pid}) を停止できませんでした。 / could not stop the left-over PostgreSQL, pid {pid}")]
    WillNotStop {
        /// Its process id.
        pid: i32,
    },

    /// A file or a process could not be handled.
    #[error("{what}: {source}")]
    Io {
        /// What was tried, with the path.
        what: String,
        /// The operating system's answer.
        source: std::io::Error,
    },

    /// The database answered with an error while it was set up.
    #[error("データベースに接続できません。 / cannot set up the database: {0}")]
    Database(#[from] sqlx::Error),

    /// The runtime is shutting down.
    #[error("中断されました。 / interrupted")]
    Interrupted,
}

/// Adds what was tried to an I/O error.
pub(crate) trait Tried<T> {
    /// `what` is only made when there is an error.
    fn tried(self, what: impl FnOnce() -> String) -> Result<T, Error>;
}

impl<T> Tried<T> for std::io::Result<T> {
    fn tried(self, what: impl FnOnce() -> String) -> Result<T, Error> {
        self.map_err(|source| Error::Io { what: what(), source })
    }
}
