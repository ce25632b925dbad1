//! The WebAssembly entry point: takes over the page that the server has drawn.

// A page's view is one deeply nested type; the compiler's usual depth is not enough for the whole application.
#![recursion_limit = "512"]

use wasm_bindgen::prelude::wasm_bindgen;

/// Called by the page's script once the module is loaded.
#[wasm_bindgen]
pub fn hydrate() {
    app::report_panics();
    leptos::mount::hydrate_body(app::App);
    app::hydrated();
}
