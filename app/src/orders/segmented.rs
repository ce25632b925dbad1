//! A choice of two or three that are all in sight.

use leptos::prelude::*;

/// A choice of two or three that are all in sight, as one bar.
#[component]
pub fn Segmented(
    /// Name of the group, unique on the page.
    name: &'static str,
    /// What is chosen, for screen readers.
    label: &'static str,
    /// Keys and words.
    choices: Vec<(&'static str, &'static str)>,
    /// The chosen key.
    #[prop(into)]
    chosen: Signal<&'static str>,
    /// Gets the key that was chosen.
    on_choose: Callback<String>,
) -> impl IntoView {
    view! {
        <div class="segmented" role="radiogroup" aria-label=label>
            {choices
                .into_iter()
                .map(|(key, words)| {
                    view! {
                        <label class="segment">
                            <input
                                type="radio"
                                name=name
                                value=key
                                prop:checked=move || chosen.get() == key
                                on:change=move |_| on_choose.run(key.to_owned())
                            />
                            <span>{words}</span>
                        </label>
                    }
                })
                .collect_view()}
        </div>
    }
}
