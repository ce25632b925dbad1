//! The second, plain listener for tests and demonstration: faults, the journal, the clock, a page for people. It knows no
//! institutions and is bound to the machine itself.

use crate::{Order, Platform, journal::Done, page};
use axum::{
    Json, Router,
    extract::State,
    http::StatusCode,
    response::Html,
    routing::{get, post},
};
use serde::Deserialize;
use std::sync::Arc;

/// The routes for tests and people over a platform.
pub fn control(platform: Arc<Platform>) -> Router {
    Router::new()
        .route("/", get(async |State(platform): State<Arc<Platform>>| Html(page::page(&platform))))
        .route("/healthz", get(async || "ok"))
        .route("/v1/faults", post(faults))
        .route("/v1/clock", post(clock))
        .route("/v1/journal", get(journal))
        .with_state(platform)
}

async fn faults(State(platform): State<Arc<Platform>>, Json(order): Json<Order>) -> StatusCode {
    platform.order(order);
    StatusCode::NO_CONTENT
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Clock {
    offset_seconds: i64,
}

async fn clock(State(platform): State<Arc<Platform>>, Json(clock): Json<Clock>) -> StatusCode {
    platform.set_clock_offset(clock.offset_seconds);
    StatusCode::NO_CONTENT
}

async fn journal(State(platform): State<Arc<Platform>>) -> Result<Json<Vec<Done>>, StatusCode> {
    match tokio::task::spawn_blocking(move || platform.journal()).await {
        Ok(Ok(list)) => Ok(Json(list)),
        _ => Err(StatusCode::INTERNAL_SERVER_ERROR),
    }
}
