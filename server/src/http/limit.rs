//! Turns away bodies that are too large. Server functions read theirs whole, so the border is here.

use axum::{
    body::Body,
    extract::Request,
    http::{StatusCode, header},
    middleware::Next,
    response::Response,
};
use http_body_util::Limited;
use model::AppError;

use super::failure::{Asked, answer};

/// Bytes a request may bring: a long day's note is 100 kB.
pub const LIMIT: usize = 2 << 20;

/// The layer. A body that does not announce its size is cut off when it passes the limit.
pub async fn refuse(request: Request, next: Next) -> Response {
    let announced = request.headers().get(header::CONTENT_LENGTH).and_then(|n| n.to_str().ok()).and_then(|n| n.parse().ok());
    if announced.is_some_and(|bytes: u64| bytes > LIMIT as u64) {
        let mut response = answer(&Asked::from(&request), &AppError::conflict("送信された内容が大きすぎます。"));
        *response.status_mut() = StatusCode::PAYLOAD_TOO_LARGE;
        return response;
    }
    next.run(request.map(|body| Body::new(Limited::new(body, LIMIT)))).await
}
