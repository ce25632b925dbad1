//! Whether the browser speaks HTTPS with us, perhaps through a proxy that ends TLS.
//!
//! Said once, in one spelling, for all that follow: `x-forwarded-proto: https`, or no such header. The session's cookie
//! is marked `Secure` by it, and browsers are told to come by HTTPS only. What `--public-url` says outweighs what a
//! request says.

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, header::FORWARDED},
    middleware::Next,
    response::Response,
};

/// The header, after this layer `https` or absent.
pub const HEADER: HeaderName = HeaderName::from_static("x-forwarded-proto");

/// How browsers reach us, where the configuration says so.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Public {
    /// Not said: what the proxy says of each request holds.
    #[default]
    AsForwarded,
    /// By HTTPS.
    Https,
    /// By plain HTTP.
    Http,
}

/// The layer.
pub async fn settle(State(public): State<Public>, mut request: Request, next: Next) -> Response {
    let https = match public {
        Public::AsForwarded => forwarded_by_https(request.headers()),
        Public::Https => true,
        Public::Http => false,
    };
    request.headers_mut().remove(HEADER);
    if https {
        request.headers_mut().insert(HEADER, HeaderValue::from_static("https"));
    }
    next.run(request).await
}

/// Of several proxies the first is the one the browser spoke with.
fn forwarded_by_https(headers: &HeaderMap) -> bool {
    let first = |name: HeaderName| headers.get(name)?.to_str().ok()?.split(',').next().map(str::trim);
    match first(HEADER) {
        Some(scheme) => scheme.eq_ignore_ascii_case("https"),
        // RFC 7239, 4.
        None => first(FORWARDED).is_some_and(|pairs| {
            pairs.split(';').filter_map(|pair| pair.split_once('=')).any(|(name, value)| {
                name.trim().eq_ignore_ascii_case("proto") && value.trim().trim_matches('"').eq_ignore_ascii_case("https")
            })
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::{Router, body::Body, middleware::from_fn_with_state, routing::get};
    use tower::ServiceExt;

    async fn seen(public: Public, headers: &[(&str, &str)]) -> String {
        let inside = async |headers: HeaderMap| format!("{:?}", headers.get_all(HEADER).iter().collect::<Vec<_>>());
        let router = Router::new().route("/", get(inside)).layer(from_fn_with_state(public, settle));
        let mut request = Request::builder().uri("/");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = router.oneshot(request.body(Body::empty()).expect("request")).await.expect("infallible");
        let body = axum::body::to_bytes(response.into_body(), 1 << 10).await.expect("body");
        String::from_utf8(body.to_vec()).expect("UTF-8")
    }

    #[tokio::test]
    async fn a_proxy_says_it_in_many_ways() {
        for said in [
            ("x-forwarded-proto", "https"),
            ("x-forwarded-proto", "HTTPS"),
            ("x-forwarded-proto", "https, http"),
            ("forwarded", "for=192.0.2.1;Proto=https;by=192.0.2.2"),
            ("forwarded", "proto=\"https\", for=192.0.2.9"),
        ] {
            assert_eq!(seen(Public::AsForwarded, &[said]).await, "[\"https\"]", "{said:?}");
        }
        for said in [("x-forwarded-proto", "http, https"), ("forwarded", "for=https"), ("x-other", "https")] {
            assert_eq!(seen(Public::AsForwarded, &[said]).await, "[]", "{said:?}");
        }
    }

    #[tokio::test]
    async fn the_configuration_outweighs_the_request() {
        assert_eq!(seen(Public::Https, &[]).await, "[\"https\"]");
        assert_eq!(seen(Public::Http, &[("x-forwarded-proto", "https")]).await, "[]");
    }
}
