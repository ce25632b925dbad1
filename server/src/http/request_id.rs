//! Names each request: an id of our own in `x-request-id`, for the log, the audit trail and the answer.
//!
//! An id that came from outside is replaced: it would let a stranger write into our log and audit trail.

use axum::{
    extract::Request,
    http::{HeaderName, HeaderValue},
    middleware::Next,
    response::Response,
};

/// The header, in the request (for everything inside) and in the answer.
pub const HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// The layer.
pub async fn name(mut request: Request, next: Next) -> Response {
    let id = uuid::Uuid::new_v4().simple().to_string();
    let id = HeaderValue::from_str(&id).expect("hexadecimal digits make a header value");
    request.headers_mut().insert(HEADER, id.clone());
    let mut response = next.run(request).await;
    response.headers_mut().insert(HEADER, id);
    response
}

/// The id of a request that has passed the layer; empty otherwise.
pub fn of(request: &Request) -> String {
    request.headers().get(HEADER).and_then(|id| id.to_str().ok()).unwrap_or_default().to_owned()
}
