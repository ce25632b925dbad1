//! Faults on demand, for tests and demonstration: the next requests go wrong in a chosen way.

use axum::{
    body::Body,
    extract::{Request, State},
    http::StatusCode,
    middleware::Next,
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};
use std::{
    collections::VecDeque,
    io,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

/// How a request goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum FaultKind {
    /// Nothing is done and no answer comes for ten minutes.
    #[serde(rename = "timeout")]
    Timeout,
    /// Nothing is done; the answer is 500.
    #[serde(rename = "500")]
    ServerError,
    /// All is done, but the answer breaks off: the sender cannot know.
    #[serde(rename = "cut")]
    Cut,
    /// All is done, two seconds late.
    #[serde(rename = "slow")]
    Slow,
}

/// Faults waiting to happen, first in first out.
#[derive(Debug, Default)]
pub(crate) struct Faults(Mutex<VecDeque<FaultKind>>);

impl Faults {
    /// Sets the next `count` requests to go wrong; zero clears.
    pub(crate) fn set(&self, kind: FaultKind, count: usize) {
        let mut queue = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if count == 0 {
            queue.clear();
        }
        queue.extend(std::iter::repeat_n(kind, count.min(10_000)));
    }

    fn take(&self) -> Option<FaultKind> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).pop_front()
    }
}

/// Lets the next waiting fault happen to a request.
pub(crate) async fn happen(State(platform): State<Arc<crate::Platform>>, request: Request, next: Next) -> Response {
    match platform.faults.take() {
        None => next.run(request).await,
        Some(FaultKind::Timeout) => {
            tokio::time::sleep(Duration::from_secs(600)).await;
            StatusCode::GATEWAY_TIMEOUT.into_response()
        }
        Some(FaultKind::ServerError) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        Some(FaultKind::Cut) => {
            let (mut parts, _) = next.run(request).await.into_parts();
            parts.headers.remove("content-length");
            let broken = futures::stream::iter([Err::<Vec<u8>, _>(io::Error::from(io::ErrorKind::ConnectionAborted))]);
            Response::from_parts(parts, Body::from_stream(broken))
        }
        Some(FaultKind::Slow) => {
            let response = next.run(request).await;
            tokio::time::sleep(Duration::from_secs(2)).await;
            response
        }
    }
}
