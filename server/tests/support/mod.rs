//! What the HTTP tests stand on: one throw-away PostgreSQL for the test program, a fresh database for each test, and the
//! real server on a port of its own.

use std::{
    net::SocketAddr,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::{Duration, Instant},
};

use clinic::{Clinic, world::SystemClock};
use private_postgres::{Error, PrivatePostgres};
use server::{
    http::{self, events::Hub},
    shutdown::{Shutdown, Switch},
};
use sqlx::{AssertSqlSafe, Connection, PgConnection, postgres::PgConnectOptions};
use tokio::{net::TcpListener, sync::OnceCell, task::JoinHandle};

static POSTGRES: OnceCell<Option<PrivatePostgres>> = OnceCell::const_new();
static NEXT: AtomicU32 = AtomicU32::new(1);

/// A database with the schema, for one test; `None`, said loudly, where PostgreSQL's programs are missing.
pub async fn database() -> Option<PgConnectOptions> {
    let postgres = POSTGRES
        .get_or_init(|| async {
            let postgres = match PrivatePostgres::temporary().await {
                Err(error @ Error::ProgramsMissing { .. }) => {
                    eprintln!("SKIPPED: {error}");
                    return None;
                }
                other => other.expect("a temporary PostgreSQL"),
            };
            clinic::db::migrate(&postgres.connect_options()).await.expect("migrations");
            Some(postgres)
        })
        .await
        .as_ref()?;
    let name = format!("test_{}", NEXT.fetch_add(1, Ordering::Relaxed));
    let admin = postgres.connect_options().database("postgres");
    // A number of our own makes the name.
    execute(&admin, &format!("create database {name} template {}", private_postgres::DATABASE)).await;
    Some(postgres.connect_options().database(&name))
}

/// Runs SQL of a test as the owner.
pub async fn execute(options: &PgConnectOptions, sql: &str) {
    let mut owner = PgConnection::connect_with(options).await.expect("connect");
    sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(&mut owner).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
    owner.close().await.expect("close");
}

/// A running server.
pub struct Server {
    /// Its address.
    pub address: SocketAddr,
    /// Its database, as the owner.
    pub database: PgConnectOptions,
    /// Stops it.
    pub switch: Switch,
    /// Ends when it has stopped.
    pub serving: JoinHandle<std::io::Result<()>>,
}

impl Server {
    /// The real router on a free port, with a fresh database and the browser's half in `site`.
    pub async fn start(site: &Path) -> Option<Self> {
        let database = database().await?;
        let pool = clinic::db::pool(database.clone(), 5).await.expect("pool");
        let clinic = Clinic::new(pool.clone(), Arc::new(masters::Store::default()), Arc::new(SystemClock));
        let (switch, shutdown) = Shutdown::new();
        let hub = Hub::listen(pool, shutdown.clone());
        let router = http::router(http::State::new(clinic, hub, shutdown.clone(), site));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("address");
        let serving = tokio::spawn(http::serve(listener, router, shutdown));
        Some(Self { address, database, switch, serving })
    }

    /// The whole address of a path.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// GET.
    pub async fn get(&self, path: &str) -> reqwest::Response {
        client().get(self.url(path)).send().await.expect("an answer")
    }

    /// POST with these headers.
    pub async fn post(&self, path: &str, headers: &[(&str, &str)]) -> reqwest::Response {
        let mut request = client().post(self.url(path)).header("content-type", "application/x-www-form-urlencoded");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.send().await.expect("an answer")
    }

    /// Waits until `/readyz` answers with a status.
    pub async fn until_ready_is(&self, status: u16) {
        let began = Instant::now();
        while self.get("/readyz").await.status() != status {
            assert!(began.elapsed() < Duration::from_secs(20), "/readyz never became {status}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}

/// A client that follows no redirects.
pub fn client() -> reqwest::Client {
    reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().expect("client")
}
