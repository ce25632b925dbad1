//! One line for each request: what was asked, by pattern and never by address, how it ended, how long it took.
//!
//! Addresses hold patients' ids and, in searches, names; the pattern (`/patients/{id}/chart`) does not. Deeper layers
//! fill in the span's `clinic` and `staff` once they know who asks.

use std::time::Instant;

use axum::{
    extract::{MatchedPath, Request},
    middleware::Next,
    response::Response,
};
use tracing::{Instrument, field::Empty};

use super::request_id;

/// The layer.
pub async fn write(request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().map_or("-", MatchedPath::as_str).to_owned();
    let quiet = route.starts_with("/pkg") || route == "/healthz" || route == "/readyz";
    let span = tracing::info_span!(
        "request",
        request_id = request_id::of(&request),
        method = request.method().as_str(),
        route,
        clinic = Empty,
        staff = Empty,
    );
    let began = Instant::now();
    let response = next.run(request).instrument(span.clone()).await;
    let ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
    let status = response.status().as_u16();
    span.in_scope(|| match status {
        500.. => tracing::error!(status, ms, "answered"),
        _ if quiet => tracing::debug!(status, ms, "answered"),
        _ => tracing::info!(status, ms, "answered"),
    });
    response
}
