//! The log: structured lines on standard error, with a request id, and never patient data.
//!
//! `docs/logging.md` says what is logged, with which fields, and what never is. Two things here keep that promise
//! even for a careless setting or a careless line elsewhere: libraries that could print headers, bodies or statements
//! cannot be turned up, and a panic is logged by its place, not by its text.

use std::io::IsTerminal;

use tracing_subscriber::{EnvFilter, filter::LevelFilter};

use crate::config::LogFormat;

/// Libraries whose finer levels may carry what patients' records contain.
const HELD_DOWN: [&str; 10] =
    ["sqlx", "hyper", "hyper_util", "h2", "reqwest", "tower_http", "axum", "leptos", "leptos_axum", "server_fn"];

/// Starts logging. `KARTE_LOG` sets levels as in `info,clinic=debug`; without a format, people at a terminal get
/// readable lines and everybody else JSON.
pub fn init(format: Option<LogFormat>) {
    let format = format.unwrap_or(if std::io::stderr().is_terminal() { LogFormat::Pretty } else { LogFormat::Json });
    let lines = tracing_subscriber::fmt().with_env_filter(filter(std::env::var("KARTE_LOG").ok())).with_writer(std::io::stderr);
    // A second start in one process (tests) keeps the first.
    let _ = match format {
        LogFormat::Json => lines.json().flatten_event(true).with_current_span(true).with_span_list(false).try_init(),
        LogFormat::Pretty => lines.with_target(false).try_init(),
    };
    std::panic::set_hook(Box::new(log_panic));
}

fn filter(levels: Option<String>) -> EnvFilter {
    let mut filter =
        EnvFilter::builder().with_default_directive(LevelFilter::INFO.into()).parse_lossy(levels.unwrap_or_default());
    for library in HELD_DOWN {
        filter = filter.add_directive(format!("{library}=warn").parse().expect("a valid directive"));
    }
    filter
}

/// Where it happened, and the text only when it is a literal of the program: any other may hold a value.
fn log_panic(panic: &std::panic::PanicHookInfo<'_>) {
    let place = panic.location().map(ToString::to_string).unwrap_or_default();
    let text = panic.payload().downcast_ref::<&'static str>().copied().unwrap_or("(not shown)");
    tracing::error!(place, text, "panic");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn libraries_that_see_patient_data_cannot_be_turned_up() {
        let filter = filter(Some("trace,sqlx=trace,hyper=debug".into())).to_string();
        assert!(filter.contains("sqlx=warn") && filter.contains("hyper=warn"), "{filter}");
        assert!(!filter.contains("sqlx=trace") && !filter.contains("hyper=debug"), "{filter}");
    }
}
