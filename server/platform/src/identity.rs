//! Who is asking: the institution that a client certificate names, or, for tests over plain HTTP, that the header names.

use crate::routes::outcome;
use axum::{
    extract::{FromRequestParts, Request},
    http::{HeaderMap, StatusCode, request::Parts},
    middleware::Next,
    response::Response,
};
use model::codes::InstitutionNumber;

/// The asking institution.
#[derive(Debug, Clone)]
pub(crate) struct Asker(pub String);

impl<S: Send + Sync> FromRequestParts<S> for Asker {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Response> {
        parts.extensions.get::<Self>().cloned().ok_or_else(|| refused("医療機関が確認できません。"))
    }
}

fn refused(text: &str) -> Response {
    outcome(StatusCode::UNAUTHORIZED, "PF-ASKER", "security", text)
}

fn named(headers: &HeaderMap) -> &str {
    headers.get("x-institution-number").and_then(|v| v.to_str().ok()).unwrap_or_default()
}

/// Believes the header `X-Institution-Number`. For tests in the same process and `--insecure` only.
pub(crate) async fn by_header(mut request: Request, next: Next) -> Response {
    let number = named(request.headers()).to_owned();
    if InstitutionNumber::parse(&number).is_err() {
        return refused("医療機関番号が正しくありません。");
    }
    request.extensions_mut().insert(Asker(number));
    next.run(request).await
}
