//! The chart (診療録) of a patient: one page for the whole consultation.

use leptos::prelude::*;

/// The page `/patients/:id/chart`.
#[component]
pub fn ChartPage() -> impl IntoView {
    view! { <h1>"診療録"</h1> }
}
