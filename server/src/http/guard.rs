//! Keeps one broken request from being more than that: a panic becomes an answer with the request's id, and work that
//! does not end is given up, which rolls its transaction back.

use std::{panic::AssertUnwindSafe, time::Duration};

use axum::{extract::Request, middleware::Next, response::Response};
use futures::FutureExt;
use model::AppError;

use super::{
    failure::{Asked, answer},
    letter_files, upload,
};

/// How long an answer may take to begin.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// How long a file may take to come in: 64 MiB over 2 Mbit/s.
pub const FILE_PATIENCE: Duration = Duration::from_secs(300);

/// How long a set of master files may take to be made and written: all of them at once, on a small machine.
pub const IMPORT_PATIENCE: Duration = Duration::from_secs(300);

/// The patience a path deserves.
fn patience(path: &str) -> Duration {
    match path {
        upload::PATH => FILE_PATIENCE,
        path if path.starts_with(letter_files::UPLOAD) => FILE_PATIENCE,
        "/api/preview_import" | "/api/apply_import" | "/api/preview_withdrawal" | "/api/withdraw_edition" => IMPORT_PATIENCE,
        _ => PATIENCE,
    }
}

/// The layer.
pub async fn keep(request: Request, next: Next) -> Response {
    let asked = Asked::from(&request);
    let patience = patience(request.uri().path());
    // Nothing of the broken work is used again: the request's values are dropped with it.
    let work = AssertUnwindSafe(next.run(request)).catch_unwind();
    match tokio::time::timeout(patience, work).await {
        Ok(Ok(response)) => response,
        Ok(Err(_)) => answer(&asked, &asked.internal()),
        Err(_) => {
            tracing::error!("given up: no answer in time");
            answer(&asked, &AppError::Unavailable)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::request_id;
    use axum::{Router, body::Body, http::StatusCode, middleware::from_fn, routing::get};
    use tower::ServiceExt;

    async fn ask(path: &str, accept: &str) -> (StatusCode, String, String) {
        let router = Router::new()
            .route("/panic", get(async || -> &'static str { panic!("山田太郎 {}", 1) }))
            .route("/endless", get(async || std::future::pending::<&'static str>().await))
            .layer(from_fn(keep))
            .layer(from_fn(request_id::name));
        let request = Request::builder().uri(path).header("accept", accept).body(Body::empty()).expect("request");
        let response = router.oneshot(request).await.expect("infallible");
        let id = response.headers()[request_id::HEADER].to_str().expect("text").to_owned();
        let status = response.status();
        let body = axum::body::to_bytes(response.into_body(), 1 << 20).await.expect("body");
        (status, id, String::from_utf8(body.to_vec()).expect("UTF-8"))
    }

    #[tokio::test]
    async fn a_panic_is_a_500_that_names_the_request_and_nothing_else() {
        let (status, id, body) = ask("/panic", "*/*").await;
        assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR);
        let error: AppError = serde_json::from_str(&body).expect("the error as the browser's half reads it");
        assert_eq!(error, AppError::Internal { request_id: id });

        let (status, id, body) = ask("/panic", "text/html").await;
        assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR);
        assert!(body.contains(&id) && !body.contains("山田"), "{body}");
    }

    #[tokio::test(start_paused = true)]
    async fn endless_work_is_given_up() {
        let (status, _, body) = ask("/endless", "*/*").await;
        assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
        assert!(body.contains("unavailable"));
    }
}
