//! Answers of the layers themselves, in the form the asker can show: the error as JSON for server functions, a plain
//! Japanese page for people.

use axum::{
    extract::Request,
    http::{StatusCode, header},
    response::{Html, IntoResponse, Response},
};
use model::AppError;

use super::request_id;

/// What must be remembered of a request to answer it after it was handed on.
#[derive(Debug, Clone)]
pub struct Asked {
    page: bool,
    request_id: String,
}

impl Asked {
    /// Our own fault, findable by the request's id.
    pub fn internal(&self) -> AppError {
        AppError::Internal { request_id: self.request_id.clone() }
    }
}

impl From<&Request> for Asked {
    fn from(request: &Request) -> Self {
        let accept = request.headers().get(header::ACCEPT).and_then(|accept| accept.to_str().ok()).unwrap_or_default();
        Self { page: accept.contains("text/html"), request_id: request_id::of(request) }
    }
}

/// The answer, with the error's own status.
pub fn answer(asked: &Asked, error: &AppError) -> Response {
    let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    if !asked.page {
        // What the browser's half reads back as the same error.
        return (status, axum::Json(error)).into_response();
    }
    let page = format!(
        "<!DOCTYPE html><html lang=\"ja\"><meta charset=\"utf-8\"><title>標準カルテ</title>\
         <main><h1>{error}</h1><p>受付番号 {}</p><p><a href=\"/\">最初のページへ</a></p></main></html>",
        asked.request_id
    );
    (status, Html(page)).into_response()
}
