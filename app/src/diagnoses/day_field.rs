//! A day as people type it, read back in both calendars.

use leptos::prelude::*;
use model::date;

/// A day in either calendar, read back in both while it is typed.
#[component]
pub fn DayField(
    /// Id of the field.
    #[prop(into)]
    id: String,
    /// What day.
    #[prop(into)]
    label: String,
    /// What is typed.
    value: RwSignal<String>,
    /// What is wrong with it.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
) -> impl IntoView {
    let node = NodeRef::new();
    crate::ui::combobox::follow_input(node, value);
    let hint_id = format!("{id}-hint");
    // What the server refused is the text it was given: another text is judged anew.
    let refused = RwSignal::new(String::new());
    Effect::new(move |_| {
        if error.with(Option::is_some) {
            refused.set(value.get_untracked());
        }
    });
    let told = move || error.get().filter(|_| value.with(|text| refused.with(|refused| text == refused)));
    let read = move || match (told(), value.with(|text| date::parse(text))) {
        (Some(error), _) => (true, error),
        (None, Ok(day)) => (false, date::both(day)),
        (None, Err(flaw)) => (true, flaw.to_string()),
    };
    view! {
        <div class="field">
            <label class="field-label" for=id.clone()>
                {label}
            </label>
            <input
                id=id
                node_ref=node
                class="input"
                type="text"
                inputmode="numeric"
                autocomplete="off"
                value=value.get_untracked()
                aria-describedby=hint_id.clone()
                aria-invalid=move || told().map(|_| "true")
                on:input=move |event| value.set(event_target_value(&event))
            />
            <p id=hint_id class=move || if read().0 { "field-error" } else { "field-hint" }>
                {move || read().1}
            </p>
        </div>
    }
}
