//! 受付

pub mod api;

use leptos::prelude::*;

/// Placeholder until the page is written.
#[component]
pub fn ReceptionPage() -> impl IntoView {
    view! { <main id="main" class="page"><h1>"受付"</h1></main> }
}
