//! Who is asking: the institution that a client certificate names, or, for tests over plain HTTP, that the header names.

use crate::{routes::outcome, secure::Peer};
use axum::{
    extract::{ConnectInfo, FromRequestParts, Request},
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

/// Knows the institution by the certificate of the connection. A header that names another is refused.
pub(crate) async fn by_certificate(mut request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<ConnectInfo<Peer>>().and_then(|ConnectInfo(peer)| peer.0.clone());
    let Some(number) = peer.filter(|number| InstitutionNumber::parse(number).is_ok()) else {
        return refused("証明書に医療機関番号がありません。");
    };
    let said = named(request.headers());
    if !said.is_empty() && said != number {
        return refused("証明書の医療機関番号が、名乗った医療機関番号と異なります。");
    }
    request.extensions_mut().insert(Asker(number));
    next.run(request).await
}
