//! The cookie of a request that is no server function.

use axum::http::{HeaderMap, header};

/// The session the browser sends, if any.
pub fn cookie(headers: &HeaderMap) -> Option<&str> {
    let lines = headers.get_all(header::COOKIE).iter();
    lines
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(';'))
        .find_map(|pair| pair.trim().strip_prefix(clinic::session::COOKIE)?.strip_prefix('='))
}
