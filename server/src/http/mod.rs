//! HTTP: which address leads where, and the layers every request passes.
//!
//! From the outside in: [`request_id`] names the request, [`log`] writes its line, [`scheme`] says whether the browser speaks
//! HTTPS, [`headers`] adds what browsers must know, [`guard`] turns panics and endless work into answers, [`csrf`] turns away
//! what other sites send, and [`limit`] what is too large. Then come the server functions (`/api/*`, POST only), [`upload`],
//! [`letter_files`], [`received_files`], [`events`], [`health`], the files of the browser's half, and the pages.

pub mod csrf;
pub mod events;
pub mod failure;
mod files;
pub mod guard;
pub mod headers;
pub mod health;
pub mod letter_files;
pub mod limit;
pub mod log;
pub mod received_files;
pub mod request_id;
mod run;
pub mod scheme;
mod session;
pub mod upload;

use std::path::Path;

use axum::{
    Router,
    extract::{FromRef, Request},
    http::Method,
    middleware::{from_fn, from_fn_with_state},
    response::Response,
    routing::{any, get, post},
};
use clinic::Clinic;
use leptos::{config::LeptosOptions, context::provide_context};
use leptos_axum::{LeptosRoutes, generate_route_list};
use model::AppError;
use tower::ServiceBuilder;

pub use run::serve;

use crate::shutdown::Shutdown;

/// What every request can reach.
#[derive(Clone)]
pub struct State {
    /// The use cases.
    pub clinic: Clinic,
    /// What changed, for open browsers.
    pub events: events::Hub,
    /// The order to stop, for answers that never end by themselves.
    pub shutdown: Shutdown,
    options: LeptosOptions,
    public: scheme::Public,
}

impl State {
    /// `site` is the directory with the browser's half (`pkg/`, icons).
    pub fn new(clinic: Clinic, events: events::Hub, shutdown: Shutdown, site: &Path) -> Self {
        let options = LeptosOptions::builder()
            .output_name("karte")
            .site_root(site.to_string_lossy().into_owned())
            .site_pkg_dir("pkg")
            .build();
        Self { clinic, events, shutdown, options, public: scheme::Public::default() }
    }

    /// The same, reached by browsers in a known way.
    pub fn reached(self, public: scheme::Public) -> Self {
        Self { public, ..self }
    }
}

impl FromRef<State> for LeptosOptions {
    fn from_ref(state: &State) -> Self {
        state.options.clone()
    }
}

/// Everything that answers.
pub fn router(state: State) -> Router {
    let clinic = state.clinic.clone();
    let context = move || provide_context(clinic.clone());
    let options = state.options.clone();
    let shell = move || app::shell(options.clone());

    let layers = ServiceBuilder::new()
        .layer(from_fn(request_id::name))
        .layer(from_fn(log::write))
        .layer(from_fn_with_state(state.public, scheme::settle))
        .layer(from_fn(headers::add))
        .layer(from_fn(guard::keep))
        .layer(from_fn(csrf::refuse))
        .layer(from_fn(limit::refuse));

    Router::new()
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .route("/events", get(events::stream))
        .route(upload::PATH, post(upload::receive))
        .route(letter_files::UPLOAD_ROUTE, post(letter_files::receive))
        .route(letter_files::READ_ROUTE, get(letter_files::read))
        .route(received_files::ROUTE, get(received_files::read))
        .route("/api/{*rest}", any(no_such_function))
        .nest_service("/pkg", files::package(&state.options))
        .leptos_routes_with_context(&state, generate_route_list(app::App), context.clone(), shell)
        .fallback(leptos_axum::file_and_error_handler_with_context::<State, _>(context, app::shell))
        .layer(layers)
        .with_state(state)
}

/// An address below `/api/` where no server function is.
async fn no_such_function(request: Request) -> Response {
    let mut response = failure::answer(&failure::Asked::from(&request), &AppError::NotFound);
    if request.method() == Method::GET || request.method() == Method::HEAD {
        *response.status_mut() = axum::http::StatusCode::METHOD_NOT_ALLOWED;
    }
    response
}
