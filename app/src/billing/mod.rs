//! 会計

pub mod api;

use leptos::prelude::*;

/// Placeholder until the page is written.
#[component]
pub fn PaymentPage() -> impl IntoView {
    view! { <main id="main" class="page"><h1>"会計"</h1></main> }
}

/// Placeholder until the page is written.
#[component]
pub fn ReceiptPage() -> impl IntoView {
    view! { <main id="main" class="page"><h1>"会計"</h1></main> }
}

/// Placeholder until the page is written.
#[component]
pub fn DetailsPage() -> impl IntoView {
    view! { <main id="main" class="page"><h1>"会計"</h1></main> }
}
