//! The glue between a server function and the use cases: who asks, under which request, and how the answer leaves.
//!
//! The server provides [`Clinic`] in the context of every request. A server function is then three lines: `enter`, the use
//! case, `finish`.

use axum::http::{HeaderName, HeaderValue, StatusCode, header, request::Parts};
use clinic::{Clinic, Desk, Fallible, policy::Action};
use leptos::prelude::*;
use leptos_axum::ResponseOptions;
use model::AppError;

/// Name of the cookie that carries the session.
const SESSION_COOKIE: &str = clinic::session::COOKIE;

/// The use cases of this process.
pub fn clinic() -> Result<Clinic, AppError> {
    use_context::<Clinic>().ok_or_else(|| AppError::Internal { request_id: request_id() })
}

/// Opens a transaction for the one who asks, if their role may do `A`.
pub async fn enter<A: Action>() -> Result<Desk<A>, AppError> {
    let entered = match clinic() {
        Ok(clinic) => clinic.enter::<A>(session_cookie().as_deref(), &request_id()).await,
        Err(error) => Err(error),
    };
    answered(entered)
}

/// Commits what was done, or rolls it back, and gives the answer its HTTP status.
pub async fn finish<A, T>(desk: Desk<A>, result: Fallible<T>) -> Result<T, AppError> {
    answered(desk.finish(result).await)
}

/// Gives an answer its HTTP status. A page that is drawn with an error in it stays a page; a plain form is redirected.
pub fn answered<T>(result: Result<T, AppError>) -> Result<T, AppError> {
    if let Err(error) = &result
        && let (Some(parts), Some(response)) = (use_context::<Parts>(), use_context::<ResponseOptions>())
        && let Ok(status) = StatusCode::from_u16(error.status())
    {
        let from_program = parts.uri.path().starts_with("/api/") && !accepts_html(&parts);
        if from_program || status == StatusCode::NOT_FOUND {
            response.set_status(status);
        }
    }
    result
}

/// The session cookie of the request, if any.
pub fn session_cookie() -> Option<String> {
    let parts = use_context::<Parts>()?;
    parts
        .headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|line| line.split(';'))
        .find_map(|pair| pair.trim().strip_prefix(SESSION_COOKIE)?.strip_prefix('=').map(str::to_owned))
}

/// Id of the request, for the trace.
pub fn request_id() -> String {
    use_context::<Parts>()
        .and_then(|parts| parts.headers.get("x-request-id")?.to_str().ok().map(str::to_owned))
        .unwrap_or_default()
}

/// Hands the browser a session, or takes it away (`None`).
pub fn set_session_cookie(value: Option<&str>) {
    let (Some(parts), Some(response)) = (use_context::<Parts>(), use_context::<ResponseOptions>()) else { return };
    // Behind a proxy that ends TLS the request itself is plain; the proxy says so.
    let secure = parts.headers.get("x-forwarded-proto").is_some_and(|scheme| scheme.as_bytes() == b"https");
    let secure = if secure { "; Secure" } else { "" };
    let cookie = match value {
        Some(value) => format!("{SESSION_COOKIE}={value}; Path=/; HttpOnly; SameSite=Strict{secure}"),
        None => format!("{SESSION_COOKIE}=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0{secure}"),
    };
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        response.append_header(header::SET_COOKIE, cookie);
    }
}

/// The Content-Security-Policy of a page: nothing but our own files, and the scripts that carry this page's nonce.
pub fn content_security_policy(nonce: &str) -> String {
    format!(
        "default-src 'self'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; style-src 'self' 'nonce-{nonce}'; \
         img-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; \
         frame-ancestors 'none'"
    )
}

/// Sends the page's policy and keeps it out of caches: pages carry patient data.
pub fn guard_page() {
    let Some(response) = use_context::<ResponseOptions>() else { return };
    if let Some(nonce) = leptos::nonce::use_nonce()
        && let Ok(policy) = HeaderValue::from_str(&content_security_policy(&nonce))
    {
        response.insert_header(HeaderName::from_static("content-security-policy"), policy);
    }
    response.insert_header(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
}

/// Sends a plain HTML form on to another page. A hydrated page decides for itself where to go.
pub fn redirect_form(path: &str) {
    if use_context::<Parts>().is_some_and(|parts| accepts_html(&parts)) {
        leptos_axum::redirect(path);
    }
}

fn accepts_html(parts: &Parts) -> bool {
    parts.headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).is_some_and(|accept| accept.contains("text/html"))
}
