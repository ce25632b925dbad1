//! `karte serve`: database, migrations, use cases, HTTP, outbox; and all of it down again in order.

use std::{
    process::ExitCode,
    sync::Arc,
    time::{Duration, Instant},
};

use clap::Args;
use clinic::{Clinic, world::SystemClock};
use links::HttpSharing;
use sqlx::PgPool;
use tokio::{net::TcpListener, task::JoinHandle};

use super::{Failure, Outcome};
use crate::{
    config::{Storage, Web},
    database::Database,
    http::{self, events::Hub},
    shutdown::Shutdown,
};

/// Connections to the database. Every request holds one for the length of its transaction, which is milliseconds.
const CONNECTIONS: u32 = 20;

/// How long the national platform may take for an answer; the outbox tries again.
const PATIENCE: Duration = Duration::from_secs(15);

#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    storage: Storage,
    #[command(flatten)]
    web: Web,
}

pub(super) async fn run(arguments: Arguments) -> Outcome {
    // The address first: when it is taken, nothing else needs to start.
    let listener = TcpListener::bind(arguments.web.listen)
        .await
        .map_err(|error| Failure::from(format!("{} で待ち受けできません: {error}", arguments.web.listen)))?;
    let shutdown = Shutdown::on_signals()?;
    let database = Database::open(&arguments.storage).await?;
    let served = serve(&database, listener, &arguments.web, shutdown).await;
    database.close().await;
    served?;
    tracing::info!("stopped");
    Ok(ExitCode::SUCCESS)
}

async fn serve(database: &Database, listener: TcpListener, web: &Web, shutdown: Shutdown) -> Result<(), Failure> {
    clinic::db::migrate(database.options()).await?;
    let pool = clinic::db::pool(database.options().clone(), CONNECTIONS).await?;
    let clinic = use_cases(pool.clone(), web).await?;
    if database.is_private() {
        // Whoever had something in hand was this server's predecessor.
        clinic::outbox::release(&clinic).await.map_err(|error| Failure::from(error.into_app("start")))?;
    }
    let events = Hub::listen(pool.clone(), shutdown.clone());
    let mut stop = shutdown.clone();
    let outbox = tokio::spawn(clinic::outbox::run(clinic.clone(), async move { stop.wait().await }));
    let mut stop = shutdown.clone();
    let outside = tokio::spawn(clinic::outside::watch(clinic.clone(), async move { stop.wait().await }));
    let mut stop = shutdown.clone();
    let masters = tokio::spawn(clinic::masters::watch(clinic.clone(), async move { stop.wait().await }));
    if !web.site.join("pkg/karte.js").is_file() {
        tracing::warn!(site = %web.site.display(), "the browser's half is not there; pages will not respond to keys and clicks");
    }
    let address = listener.local_addr()?;
    tracing::info!(%address, version = env!("CARGO_PKG_VERSION"), "serving");
    eprintln!("標準カルテ: http://{address}/");
    let state = http::State::new(clinic, events, shutdown.clone(), &web.site).reached(web.public_url.unwrap_or_default());
    http::serve(listener, http::router(state), shutdown).await?;
    close([outbox, outside, masters], &pool).await;
    Ok(())
}

async fn use_cases(pool: PgPool, web: &Web) -> Result<Clinic, Failure> {
    let began = Instant::now();
    let masters = clinic::masters::store(&pool).await.map_err(|error| Failure::from(error.into_app("start")))?;
    tracing::info!(state = masters.state().0, milliseconds = began.elapsed().as_millis(), "masters loaded");
    let clinic = Clinic::new(pool, Arc::new(masters), Arc::new(SystemClock)).with_profiles(web.profiles);
    match &web.platform {
        None => {
            tracing::info!("no platform is configured: documents wait in the outbox");
            Ok(clinic)
        }
        Some(address) => {
            let sharing = HttpSharing::open(address, web.certificates.as_deref(), PATIENCE)?;
            Ok(clinic.with_sharing(Arc::new(sharing)))
        }
    }
}

/// Waits for the document that is being sent and for connections to come back, but not for ever: what was cut off may
/// still hold one, and a document whose sender went away is sent again.
async fn close(workers: [JoinHandle<()>; 3], pool: &PgPool) {
    let closed = async {
        for worker in workers {
            let _ = worker.await;
        }
        pool.close().await;
    };
    if tokio::time::timeout(Duration::from_secs(5), closed).await.is_err() {
        tracing::warn!("some database connections were cut off");
    }
}
