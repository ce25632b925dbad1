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

use super::{
    failure::{Asked, answer},
    upload,
};

/// Bytes a request may bring: a long day's note is 100 kB.
pub const LIMIT: usize = 2 << 20;

/// Bytes of a file of the national masters: the largest archive published (the electronic points table) has some 5 MB.
pub const FILE_LIMIT: usize = 64 << 20;

/// The layer. A body that does not announce its size is cut off when it passes the limit.
pub async fn refuse(request: Request, next: Next) -> Response {
    let limit = if request.uri().path() == upload::PATH { FILE_LIMIT } else { LIMIT };
    let announced = request.headers().get(header::CONTENT_LENGTH).and_then(|n| n.to_str().ok()).and_then(|n| n.parse().ok());
    if announced.is_some_and(|bytes: u64| bytes > limit as u64) {
        return too_large(&Asked::from(&request));
    }
    next.run(request.map(|body| Body::new(Limited::new(body, limit)))).await
}

/// The answer to what is too large.
pub fn too_large(asked: &Asked) -> Response {
    let mut response = answer(asked, &AppError::conflict("送信された内容が大きすぎます。"));
    *response.status_mut() = StatusCode::PAYLOAD_TOO_LARGE;
    response
}
