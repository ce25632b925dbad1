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
    letter_files, upload,
};

/// Bytes a request may bring: a long day's note is 100 kB.
pub const LIMIT: usize = 2 << 20;

/// Bytes of a file of the national masters: the largest archive published (the electronic points table) has some 5 MB.
pub const FILE_LIMIT: usize = 64 << 20;

/// Bytes of a file that goes along with a letter. All of one letter together are bounded by `model::letter::FILES_LIMIT`; what
/// is a little larger than that is answered with what to do about it.
pub const LETTER_FILE_LIMIT: usize = 8 << 20;

/// How many bytes may come to a path.
fn limit(path: &str) -> usize {
    match path {
        upload::PATH => FILE_LIMIT,
        path if path.starts_with(letter_files::UPLOAD) => LETTER_FILE_LIMIT,
        _ => LIMIT,
    }
}

/// The layer. A body that does not announce its size is cut off when it passes the limit.
pub async fn refuse(request: Request, next: Next) -> Response {
    let limit = limit(request.uri().path());
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
