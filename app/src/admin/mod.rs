//! 管理

pub mod api;

use leptos::prelude::*;

/// Placeholder until the page is written.
#[component]
pub fn AdminPage() -> impl IntoView {
    view! { <main id="main" class="page"><h1>"管理"</h1></main> }
}
