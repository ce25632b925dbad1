//! The bar over a month: the month shown, the ones beside it, a field to choose another, printing.

use super::{month_words, parse_month, slug};
use crate::ui::use_shortcut;
use chrono::NaiveDate;
use leptos::prelude::*;
use leptos_router::hooks::use_navigate;

/// The months one can go to, and the way to print. Keys: `p` before, `n` after.
#[component]
pub(super) fn MonthBar(
    /// The month shown.
    month: NaiveDate,
    /// The month before it, where there is one to go to.
    earlier: Option<NaiveDate>,
    /// The month after it.
    later: Option<NaiveDate>,
    /// What the two are called.
    words: (&'static str, &'static str),
    /// The address of a month.
    href: Callback<NaiveDate, String>,
) -> impl IntoView {
    let navigate = StoredValue::new(use_navigate());
    let go = move |to: NaiveDate| navigate.with_value(|go| go(&href.run(to), Default::default()));
    if let Some(earlier) = earlier {
        use_shortcut("p", words.0, move || go(earlier));
    }
    if let Some(later) = later {
        use_shortcut("n", words.1, move || go(later));
    }
    let step = move |to: Option<NaiveDate>, words: &'static str, sign: (&'static str, &'static str), key: &'static str| {
        to.map(|to| {
            view! {
                <a class="btn btn-quiet btn-sm" href=href.run(to) aria-keyshortcuts=key>
                    {sign.0}
                    {words}
                    {sign.1}
                    <kbd class="kbd" aria-hidden="true">
                        {key}
                    </kbd>
                </a>
            }
        })
    };
    view! {
        <nav class="cluster no-print" aria-label="表示する月">
            {step(earlier, words.0, ("‹ ", ""), "p")}
            <strong>
                <time datetime=slug(month)>{month_words(month)}</time>
            </strong>
            {step(later, words.1, ("", " ›"), "n")}
            <label class="sr-only" for="month">
                "月を選ぶ"
            </label>
            <input
                id="month"
                class="input input-day"
                type="month"
                value=slug(month)
                max="2100-12"
                on:change:target=move |event| {
                    if let Some(to) = parse_month(&event.target().value()) {
                        go(to);
                    }
                }
            />
            <button
                type="button"
                class="btn btn-secondary btn-sm"
                on:click=move |_| {
                    // A browser without a printer says so itself.
                    let _ = window().print();
                }
            >
                "印刷"
            </button>
        </nav>
    }
}
