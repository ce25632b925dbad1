//! Referral letters (診療情報提供書): written, issued and printed.

use leptos::prelude::*;

/// The page `/patients/:id/letters/:letter`.
#[component]
pub fn LetterPage() -> impl IntoView {
    view! { <h1>"診療情報提供書"</h1> }
}
