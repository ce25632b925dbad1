//! A private PostgreSQL in a data directory.
//!
//! A clinic should not have to install and configure a database. When no `DATABASE_URL` is
//! given, the server keeps a PostgreSQL of its own: created on the first start, reachable only
//! through a unix socket (never TCP), run by an unprivileged account even when we are root,
//! restarted when it dies, and stopped with us. One process per data directory holds it
//! (a lock file); whatever a killed predecessor left running is stopped before ours starts.
//!
//! ```text
//! <data>/postgres/lock       held (flock) while a process owns this database
//! <data>/postgres/cluster/   PGDATA, mode 0700, owned by the database account
//! <data>/postgres/socket/    the unix socket, mode 0700 (or a short directory under /tmp)
//! <data>/postgres/log        what PostgreSQL says; never a statement, never a value
//! ```

mod account;
mod cluster;
mod error;
mod left_over;
mod place;
mod postmaster;
mod programs;
mod supervisor;
mod temporary;

use std::path::{Path, PathBuf};

use sqlx::postgres::{PgConnectOptions, PgSslMode};
use sqlx::{Connection, PgConnection};

pub use error::Error;

use account::Account;
use place::Place;
use postmaster::{Durability, Launcher, PORT};
use programs::Programs;
use supervisor::Supervisor;
use temporary::Watchdog;

/// The database's owner: a superuser, so row-level security does not bind it. The application
/// gives this up on every connection (`set role`).
pub const OWNER: &str = "karte";

/// The database that is created on the first start.
pub const DATABASE: &str = "karte";

/// A running PostgreSQL that belongs to this process.
///
/// Dropping it stops the database and waits for that; [`PrivatePostgres::stop`] does the same
/// without blocking an async thread.
#[derive(Debug)]
pub struct PrivatePostgres {
    socket: PathBuf,
    // The order of the fields is the order of dropping: the database stops, its watchdog goes,
    // then directories vanish and the lock is let go.
    _supervisor: Supervisor,
    _watchdog: Option<Watchdog>,
    place: Place,
}

impl PrivatePostgres {
    /// Starts the database of `data_dir`, creating both when they do not exist yet.
    ///
    /// # Errors
    /// When the programs are missing or too old, another process owns the directory, the
    /// directory cannot be written, or PostgreSQL does not come up (with the end of its log).
    pub async fn start(data_dir: &Path) -> Result<Self, Error> {
        let data_dir = data_dir.to_owned();
        blocking(move || Self::bring_up(&data_dir, Durability::Full, None)).await?.with_database().await
    }

    /// Starts a throw-away database for tests: no fsync, in a temporary directory that is
    /// removed on drop, or, when the process dies without dropping (a `static` in a test binary
    /// is never dropped), by a small watchdog process that notices.
    ///
    /// # Errors
    /// As [`PrivatePostgres::start`].
    pub async fn temporary() -> Result<Self, Error> {
        blocking(|| {
            let dir = temporary::directory()?;
            let path = dir.path().to_owned();
            Self::bring_up(&path, Durability::None, Some(dir))
        })
        .await?
        .with_database()
        .await
    }

    /// How to reach a database that another process holds running for `data_dir` right now;
    /// `None` when none is ready. For commands that work beside a running server.
    #[must_use]
    pub fn running(data_dir: &Path) -> Option<PgConnectOptions> {
        let cluster = data_dir.join("postgres/cluster");
        let note = left_over::PidFile::read(&cluster)?;
        note.ready.then(|| options(&note.socket))
    }

    /// How to connect: as the owner, to the database [`DATABASE`], through the socket.
    #[must_use]
    pub fn connect_options(&self) -> PgConnectOptions {
        options(&self.socket)
    }

    /// The process id of the postmaster that serves at the moment, if one does.
    #[must_use]
    pub fn process_id(&self) -> Option<i32> {
        left_over::PidFile::read(&self.place.cluster).map(|note| note.pid)
    }

    /// Stops the database: connections are closed, everything is written, the process is gone.
    pub async fn stop(self) {
        // Dropping does the work; it blocks, so it must not happen on an async thread.
        let _ = tokio::task::spawn_blocking(move || drop(self)).await;
    }

    fn bring_up(data_dir: &Path, durability: Durability, temporary: Option<tempfile::TempDir>) -> Result<Self, Error> {
        let account = Account::for_database()?;
        let watchdog = match durability {
            Durability::Full => None,
            Durability::None => Some(Watchdog::start(data_dir)?),
        };
        let mut place = Place::claim(data_dir, &account, temporary)?;
        let programs = Programs::find(cluster::version(&place.cluster)?.as_deref())?;
        left_over::clear(&place.cluster, &account)?;
        cluster::create_if_missing(&place, &programs, &account, durability)?;
        let socket = place.socket_dir(&account)?;
        let launcher = Launcher::new(&place, &programs, &account, &socket, durability);
        let child = launcher.launch()?;
        let supervisor = Supervisor::watch(child, launcher)?;
        Ok(Self { socket, _supervisor: supervisor, _watchdog: watchdog, place })
    }

    async fn with_database(self) -> Result<Self, Error> {
        let mut admin = PgConnection::connect_with(&self.connect_options().database("postgres")).await?;
        let exists: bool = sqlx::query_scalar("select exists (select from pg_database where datname = $1)")
            .bind(DATABASE)
            .fetch_one(&mut admin)
            .await?;
        if !exists {
            sqlx::query("create database karte").execute(&mut admin).await?;
        }
        admin.close().await?;
        Ok(self)
    }
}

fn options(socket: &Path) -> PgConnectOptions {
    // Everything that PG* variables of the surroundings could change is set explicitly.
    PgConnectOptions::new_without_pgpass()
        .socket(socket)
        .port(PORT)
        .username(OWNER)
        .database(DATABASE)
        .ssl_mode(PgSslMode::Disable)
        .application_name("karte")
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T, Error> + Send + 'static) -> Result<T, Error> {
    tokio::task::spawn_blocking(work).await.map_err(|_| Error::Interrupted)?
}
