//! Turns away what other sites make a browser send (cross-site request forgery).
//!
//! Whatever changes something comes as POST. A browser says with each request who caused it: `Sec-Fetch-Site`, which no
//! script can set, or, where that is missing (plain HTTP on a local network), `Origin`. A request that says neither comes
//! from no browser we know and is refused as well: programs have their own ways in.

use axum::{
    extract::Request,
    http::{HeaderMap, Method, Uri, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use model::AppError;

use super::failure::{Asked, answer};

/// The layer.
pub async fn refuse(request: Request, next: Next) -> Response {
    if matches!(*request.method(), Method::GET | Method::HEAD) || is_ours(request.headers(), request.uri()) {
        return next.run(request).await;
    }
    tracing::warn!("refused: caused by another site");
    answer(&Asked::from(&request), &AppError::Forbidden).into_response()
}

/// Whether one of our own pages, or the person at the browser, caused the request.
fn is_ours(headers: &HeaderMap, uri: &Uri) -> bool {
    if let Some(site) = headers.get("sec-fetch-site") {
        return matches!(site.as_bytes(), b"same-origin" | b"none");
    }
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).or_else(|| uri.authority().map(|a| a.as_str()));
    let origin = headers.get(header::ORIGIN).and_then(|origin| origin.to_str().ok());
    origin.zip(host).is_some_and(|(origin, host)| same_host(origin, host))
}

/// `https://karte.example:8443` and `karte.example:8443`. Browsers leave out a port that goes without saying.
fn same_host(origin: &str, host: &str) -> bool {
    let (named, usual) = match origin.split_once("://") {
        Some(("https", named)) => (named, ":443"),
        Some(("http", named)) => (named, ":80"),
        _ => return false,
    };
    let bare = |name: &str| name.strip_suffix(usual).unwrap_or(name).to_ascii_lowercase();
    !named.is_empty() && bare(named) == bare(host)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(pairs: &[(&'static str, &'static str)]) -> bool {
        let headers = pairs.iter().map(|(name, value)| ((*name).parse().expect("name"), value.parse().expect("value"))).collect();
        is_ours(&headers, &Uri::from_static("/api/x"))
    }

    #[test]
    fn our_own_pages_may_ask() {
        assert!(asked(&[("sec-fetch-site", "same-origin")]));
        assert!(asked(&[("sec-fetch-site", "none")]));
        assert!(asked(&[("host", "karte.example"), ("origin", "https://karte.example")]));
        assert!(asked(&[("host", "karte.example:443"), ("origin", "https://karte.example")]));
        assert!(asked(&[("host", "192.168.0.9:3000"), ("origin", "http://192.168.0.9:3000")]));
        assert!(asked(&[("host", "[::1]:3000"), ("origin", "http://[::1]:3000")]));
    }

    #[test]
    fn other_sites_may_not() {
        for refused in [
            &[][..],
            &[("host", "karte.example")],
            &[("sec-fetch-site", "cross-site")],
            &[("sec-fetch-site", "same-site")],
            // What the browser says about the cause outweighs an origin that fits.
            &[("sec-fetch-site", "cross-site"), ("host", "karte.example"), ("origin", "https://karte.example")],
            &[("host", "karte.example"), ("origin", "https://evil.example")],
            &[("host", "karte.example"), ("origin", "https://karte.example.evil.example")],
            &[("host", "karte.example"), ("origin", "https://karte.example:8443")],
            &[("host", "karte.example"), ("origin", "null")],
            &[("host", ""), ("origin", "https://")],
        ] {
            assert!(!asked(refused), "{refused:?}");
        }
    }
}
