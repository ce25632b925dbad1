//! Tabs: several views of one place. Arrow keys move between them, as screen readers expect.

use leptos::{ev, prelude::*};

/// A tab: its key, its words, and a number behind them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tab {
    /// What is set when it is chosen.
    pub key: String,
    /// What is shown.
    pub label: String,
    /// How many things are behind it.
    pub count: Option<usize>,
}

impl Tab {
    /// A tab without a number.
    pub fn new(key: impl Into<String>, label: impl Into<String>) -> Self {
        Self { key: key.into(), label: label.into(), count: None }
    }

    /// A tab with a number.
    pub fn counted(key: impl Into<String>, label: impl Into<String>, count: usize) -> Self {
        Self { count: Some(count), ..Self::new(key, label) }
    }
}

/// A row of tabs. The panel stands after it with the id `{id}-panel` and `role="tabpanel"`.
#[component]
pub fn Tabs(
    /// Id of the row.
    #[prop(into)]
    id: String,
    /// What the tabs choose between.
    #[prop(into)]
    label: String,
    /// The tabs.
    #[prop(into)]
    tabs: Signal<Vec<Tab>>,
    /// Key of the chosen one.
    chosen: RwSignal<String>,
) -> impl IntoView {
    let row = id.clone();
    let on_key = move |event: ev::KeyboardEvent| {
        let step = match event.key().as_str() {
            "ArrowRight" => 1,
            "ArrowLeft" => -1,
            _ => return,
        };
        event.prevent_default();
        let tabs = tabs.get_untracked();
        let at = tabs.iter().position(|tab| tab.key == chosen.get_untracked()).unwrap_or(0);
        let next = (at as isize + step).rem_euclid(tabs.len().max(1) as isize) as usize;
        if let Some(tab) = tabs.get(next) {
            chosen.set(tab.key.clone());
            super::focus_id(format!("{row}-{}", tab.key));
        }
    };
    let panel = format!("{id}-panel");
    view! {
        <div class="tabs" role="tablist" aria-label=label on:keydown=on_key>
            <For
                each=move || tabs.get()
                key=|tab| (tab.key.clone(), tab.label.clone(), tab.count)
                children=move |tab| {
                    let key = StoredValue::new(tab.key.clone());
                    let is_chosen = move || chosen.with(|chosen| key.with_value(|key| chosen == key));
                    view! {
                        <button
                            type="button"
                            role="tab"
                            id=format!("{id}-{}", tab.key)
                            class="tab"
                            aria-selected=move || if is_chosen() { "true" } else { "false" }
                            aria-controls=panel.clone()
                            tabindex=move || if is_chosen() { "0" } else { "-1" }
                            on:click=move |_| chosen.set(key.get_value())
                        >
                            {tab.label}
                            {tab.count.map(|count| view! { <span class="tab-count">{count}</span> })}
                        </button>
                    }
                }
            />
        </div>
    }
}
