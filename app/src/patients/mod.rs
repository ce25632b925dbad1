//! 患者

pub mod api;

use leptos::prelude::*;

/// Placeholder until the page is written.
#[component]
pub fn NewPatientPage() -> impl IntoView {
    view! { <main id="main" class="page"><h1>"患者"</h1></main> }
}

/// Placeholder until the page is written.
#[component]
pub fn PatientPage() -> impl IntoView {
    view! { <main id="main" class="page"><h1>"患者"</h1></main> }
}
