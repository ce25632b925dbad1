//! Serves until told to stop, then finishes what was begun.

use std::time::Duration;

use axum::Router;
use tokio::net::TcpListener;

use crate::shutdown::Shutdown;

/// How long running requests may take to finish after the order to stop.
const GRACE: Duration = Duration::from_secs(10);

/// Answers requests on `listener` until `shutdown`; then accepts no more and waits for those that run, ten seconds at most.
///
/// # Errors
/// When the listener fails.
pub async fn serve(listener: TcpListener, router: Router, shutdown: Shutdown) -> std::io::Result<()> {
    let mut ordered = shutdown.clone();
    let mut stop = shutdown;
    let serving = axum::serve(listener, router).with_graceful_shutdown(async move { stop.wait().await });
    let deadline = async {
        ordered.wait().await;
        tokio::time::sleep(GRACE).await;
    };
    tokio::select! {
        ended = serving.into_future() => ended,
        () = deadline => {
            tracing::warn!("requests that did not finish in time were cut off");
            Ok(())
        }
    }
}
