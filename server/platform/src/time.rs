//! The platform's clock as others see it: the `Date` of every answer, and the refusal of writers whose clock is wrong.

use crate::{Platform, routes::outcome};
use axum::{
    extract::{Request, State},
    http::{HeaderValue, StatusCode, header::DATE},
    middleware::Next,
    response::Response,
};
use chrono::{DateTime, Utc};
use std::sync::Arc;

/// How far a sender's clock may be off, in seconds.
const TOLERANCE: i64 = 300;

/// An instant as HTTP writes it (RFC 9110 5.6.7).
fn http_date(instant: DateTime<Utc>) -> HeaderValue {
    let text = instant.format("%a, %d %b %Y %H:%M:%S GMT").to_string();
    HeaderValue::from_str(&text).expect("letters and digits")
}

/// A clock fault of one request, in seconds.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Off(pub i64);

/// Refuses requests that change something when their `Date` is off, and dates every answer.
pub(crate) async fn keep(State(platform): State<Arc<Platform>>, request: Request, next: Next) -> Response {
    let off = request.extensions().get::<Off>().map_or(0, |off| off.0);
    let now = platform.wall() + chrono::TimeDelta::seconds(off);
    let theirs = request.headers().get(DATE).and_then(|v| v.to_str().ok());
    let theirs = theirs.and_then(|text| DateTime::parse_from_rfc2822(text).ok());
    let late = theirs.is_some_and(|theirs| (theirs.to_utc() - now).num_seconds().abs() > TOLERANCE);
    let mut response = if late && crate::faults::is_send(&request) {
        let text = "要求の日時が共有サービスの時計と5分以上ずれています。";
        outcome(StatusCode::BAD_REQUEST, "PF-CLOCK", "business-rule", text)
    } else {
        next.run(request).await
    };
    response.headers_mut().insert(DATE, http_date(now));
    response
}

/// Dates what never came as far as [`keep`].
pub(crate) async fn date(State(platform): State<Arc<Platform>>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    response.headers_mut().entry(DATE).or_insert_with(|| http_date(platform.wall()));
    response
}
