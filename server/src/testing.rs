//! For tests only: the real server on a port of its own, on a fresh database of the clinic's test bench.

use std::{
    net::SocketAddr,
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use crate::{
    http::{self, events::Hub},
    shutdown::{Shutdown, Switch},
};
use clinic::{Clinic, testing, world::SystemClock};
use sqlx::{AssertSqlSafe, Connection, PgConnection, postgres::PgConnectOptions};
use tokio::{net::TcpListener, task::JoinHandle};

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
    pub async fn start(site: &Path) -> Self {
        let database = testing::database().await;
        let pool = clinic::db::pool(database.clone(), 5).await.expect("pool");
        let clinic = Clinic::new(pool.clone(), Arc::new(masters::Store::default()), Arc::new(SystemClock));
        let (switch, shutdown) = Shutdown::new();
        let mut stop = shutdown.clone();
        tokio::spawn(clinic::masters::watch(clinic.clone(), async move { stop.wait().await }));
        let hub = Hub::listen(pool, shutdown.clone());
        let router = http::router(http::State::new(clinic, hub, shutdown.clone(), site));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("address");
        let serving = tokio::spawn(http::serve(listener, router, shutdown));
        Self { address, database, switch, serving }
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
    links::tls::install_ring();
    reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().expect("client")
}
