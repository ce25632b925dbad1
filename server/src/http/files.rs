//! The files of the browser's half, compressed when they were built.

use axum::{
    Router,
    http::{HeaderValue, header},
};
use leptos::config::LeptosOptions;
use tower::ServiceBuilder;
use tower_http::{services::ServeDir, set_header::SetResponseHeaderLayer};

/// `/pkg`: script, WebAssembly and style sheet. Their names stay the same from version to version, so browsers keep
/// them but ask each time whether they still hold (a 304 costs nothing): a script never meets another version's module.
pub fn package(options: &LeptosOptions) -> Router {
    let dir = format!("{}/{}", options.site_root, options.site_pkg_dir);
    let files = ServeDir::new(dir).precompressed_br().precompressed_gzip().append_index_html_on_directories(false);
    Router::new().fallback_service(
        ServiceBuilder::new()
            .layer(SetResponseHeaderLayer::overriding(header::CACHE_CONTROL, HeaderValue::from_static("no-cache")))
            .layer(SetResponseHeaderLayer::appending(header::VARY, HeaderValue::from_static("accept-encoding")))
            .service(files),
    )
}
