//! Faults on demand, for tests and demonstration: the next requests go wrong in a chosen way.

use crate::{Platform, routes::HEAVIEST, time::Off};
use axum::{
    body::{Body, Bytes, to_bytes},
    extract::{Request, State},
    http::{Method, StatusCode},
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
use tokio::sync::watch;

/// How a request goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FaultKind {
    /// Nothing is done and no answer comes for ten minutes.
    Timeout,
    /// Nothing is done; the answer is 500.
    #[serde(rename = "500")]
    ServerError,
    /// All is done, but the answer breaks off: the sender cannot know.
    Cut,
    /// All is done, some seconds late.
    Slow,
    /// The same request arrives twice at once; the second answer is given.
    Duplicate,
    /// The request is held back and handled after the next one, even when the sender has gone by then (順序の入れ替わり).
    Hold,
    /// Taken in and decided later (確認中).
    Delayed,
    /// The platform's clock seems an hour ahead.
    Clock,
}

/// Which requests a fault may happen to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// Registrations and cancellations.
    #[default]
    Send,
    /// Everything else.
    Receive,
    /// All.
    Any,
}

/// Faults ordered: the next `count` requests of a scope go wrong.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Order {
    /// How.
    pub next: FaultKind,
    /// How many; zero clears everything that was ordered.
    pub count: usize,
    /// Which.
    #[serde(default)]
    pub on: Scope,
    /// For what takes time: how many seconds (2 unless said).
    #[serde(default = "two")]
    pub seconds: u32,
}

fn two() -> u32 {
    2
}

/// Faults waiting to happen, first in first out.
#[derive(Debug)]
pub(crate) struct Faults {
    queue: Mutex<VecDeque<Order>>,
    /// Counts requests handled, so that one held back knows when the next is through.
    handled: watch::Sender<u64>,
}

impl Default for Faults {
    fn default() -> Self {
        Self { queue: Mutex::default(), handled: watch::Sender::new(0) }
    }
}

impl Faults {
    /// Orders faults.
    pub(crate) fn order(&self, order: Order) {
        let mut queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
        if order.count == 0 {
            queue.clear();
        }
        queue.extend(std::iter::repeat_n(order, order.count.min(10_000)));
    }

    fn take(&self, sends: bool) -> Option<Order> {
        let mut queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
        let fits = |order: &Order| match order.on {
            Scope::Send => sends,
            Scope::Receive => !sends,
            Scope::Any => true,
        };
        let at = queue.iter().position(fits)?;
        queue.remove(at)
    }
}

/// Whether a request registers or cancels.
pub(crate) fn is_send(request: &Request) -> bool {
    request.method() == Method::POST && matches!(request.uri().path(), "/v1/documents" | "/v1/cancellations")
}

/// The request is to be decided later.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Delayed(pub Duration);

/// Lets the next waiting fault happen to a request.
pub(crate) async fn happen(State(platform): State<Arc<Platform>>, request: Request, next: Next) -> Response {
    let sends = is_send(&request);
    let fault = platform.faults.take(sends);
    let response = match fault {
        None => next.run(request).await,
        Some(order) => {
            tracing::info!(?order, path = request.uri().path(), "a fault happens");
            go_wrong(&platform, order, request, next).await
        }
    };
    if sends {
        platform.faults.handled.send_modify(|n| *n += 1);
    }
    response
}

async fn go_wrong(platform: &Arc<Platform>, order: Order, mut request: Request, next: Next) -> Response {
    let time = Duration::from_secs(order.seconds.into());
    match order.next {
        FaultKind::Timeout => {
            tokio::time::sleep(Duration::from_secs(600)).await;
            StatusCode::GATEWAY_TIMEOUT.into_response()
        }
        FaultKind::ServerError => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        FaultKind::Cut => {
            let (mut parts, _) = next.run(request).await.into_parts();
            parts.headers.remove("content-length");
            let broken = futures::stream::iter([Err::<Vec<u8>, _>(io::Error::from(io::ErrorKind::ConnectionAborted))]);
            Response::from_parts(parts, Body::from_stream(broken))
        }
        FaultKind::Slow => {
            let response = next.run(request).await;
            tokio::time::sleep(time).await;
            response
        }
        FaultKind::Duplicate => {
            let (parts, body) = request.into_parts();
            let Ok(bytes) = whole(body).await else { return StatusCode::PAYLOAD_TOO_LARGE.into_response() };
            let copy = || Request::from_parts(parts.clone(), Body::from(bytes.clone()));
            tokio::join!(next.clone().run(copy()), next.run(copy())).1
        }
        FaultKind::Hold => {
            let (parts, body) = request.into_parts();
            let Ok(bytes) = whole(body).await else { return StatusCode::PAYLOAD_TOO_LARGE.into_response() };
            let mut handled = platform.faults.handled.subscribe();
            let before = *handled.borrow_and_update();
            // On its own: it is handled later even when the sender stops waiting.
            let late = tokio::spawn(async move {
                let _ = tokio::time::timeout(time, handled.wait_for(|n| *n > before)).await;
                next.run(Request::from_parts(parts, Body::from(bytes))).await
            });
            late.await.unwrap_or_else(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response())
        }
        FaultKind::Delayed => {
            request.extensions_mut().insert(Delayed(time));
            next.run(request).await
        }
        FaultKind::Clock => {
            request.extensions_mut().insert(Off(3600));
            next.run(request).await
        }
    }
}

async fn whole(body: Body) -> Result<Bytes, axum::Error> {
    to_bytes(body, HEAVIEST + 1).await
}
