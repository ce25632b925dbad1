//! For those who watch over the server: does it live, and can it work?

use std::time::Duration;

use axum::{extract::State, http::StatusCode};

/// `/healthz`: the process answers. A failure here means: start it again.
pub async fn alive() -> &'static str {
    "ok"
}

/// `/readyz`: the database answers and has the schema this program needs. A failure means: send nobody here for now.
pub async fn ready(State(state): State<super::State>) -> (StatusCode, &'static str) {
    let question = clinic::db::is_current(state.clinic.pool());
    match tokio::time::timeout(Duration::from_secs(3), question).await {
        Ok(Ok(true)) => (StatusCode::OK, "ok"),
        Ok(Ok(false)) => (StatusCode::SERVICE_UNAVAILABLE, "schema"),
        Ok(Err(_)) | Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "database"),
    }
}
