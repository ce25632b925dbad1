//! The fields of a paper: a line, words, a choice, several of a list. The text is written back only when it differs, so that a
//! running kana conversion (変換) is never disturbed.

use super::desk::Bound;
use leptos::{html, prelude::*};
use std::collections::BTreeSet;

/// Label with the mark of what is required.
fn head(label: &'static str, required: bool) -> impl IntoView {
    view! {
        {label}
        {required.then(|| view! { <span class="field-required">"必須"</span> })}
    }
}

/// What is wrong, under the field.
#[component]
pub(super) fn FlawLine(id: String, flaw: Signal<Option<String>>) -> impl IntoView {
    view! {
        <p id=id class="field-error" hidden=move || flaw.with(Option::is_none)>
            {move || flaw.get()}
        </p>
    }
}

/// Whether the page listens: before that, what is typed would be lost.
pub(super) fn ready() -> RwSignal<bool> {
    let ready = RwSignal::new(false);
    Effect::new(move |_| ready.set(true));
    ready
}

/// Writes the draft into an input where it differs.
pub(super) fn follow(node: NodeRef<html::Input>, text: Memo<String>) {
    Effect::new(move |_| {
        let wanted = text.get();
        if let Some(field) = node.get()
            && field.value() != wanted
        {
            field.set_value(&wanted);
        }
    });
}

/// A line.
#[component]
pub(super) fn Line(
    /// What stands there.
    bound: Bound,
    /// What is asked for.
    label: &'static str,
    /// An example or a short help.
    #[prop(optional)]
    hint: &'static str,
    /// Whether it must be there.
    #[prop(optional)]
    required: bool,
    /// For phones' keyboards.
    #[prop(optional)]
    inputmode: Option<&'static str>,
) -> impl IntoView {
    let id = bound.id();
    let error_id = format!("{id}-error");
    let node = NodeRef::<html::Input>::new();
    follow(node, bound.read);
    let ready = ready();
    view! {
        <div class="field">
            <label class="field-label" for=id.clone()>
                {head(label, required)}
            </label>
            <input
                id=id
                node_ref=node
                class="input"
                type="text"
                autocomplete="off"
                inputmode=inputmode
                placeholder=hint
                value=bound.read.get_untracked()
                readonly=move || !ready.get()
                aria-required=required.then_some("true")
                aria-invalid=move || bound.flaw.get().map(|_| "true")
                aria-describedby=error_id.clone()
                on:input=move |event| bound.write.run(event_target_value(&event))
            />
            <FlawLine id=error_id flaw=bound.flaw />
        </div>
    }
}

/// Words of several lines; the field grows with them.
#[component]
pub(super) fn Words(
    /// What stands there.
    bound: Bound,
    /// The heading.
    heading: &'static str,
    /// What to write.
    #[prop(optional)]
    hint: &'static str,
    /// Whether it must be there.
    #[prop(optional)]
    required: bool,
) -> impl IntoView {
    let id = bound.id();
    let error_id = format!("{id}-error");
    let node = NodeRef::<html::Textarea>::new();
    Effect::new(move |_| {
        let wanted = bound.read.get();
        if let Some(field) = node.get()
            && field.value() != wanted
        {
            field.set_value(&wanted);
        }
    });
    let ready = ready();
    let rows = move || bound.read.with(|text| text.lines().count().max(1) + 1).to_string();
    view! {
        <div class="letter-section">
            <label class="letter-heading" for=id.clone()>
                {head(heading, required)}
            </label>
            <textarea
                id=id
                node_ref=node
                class="soap-text letter-text"
                rows=rows
                placeholder=hint
                readonly=move || !ready.get()
                aria-required=required.then_some("true")
                aria-invalid=move || bound.flaw.get().map(|_| "true")
                aria-describedby=error_id.clone()
                on:input=move |event| bound.write.run(event_target_value(&event))
            >
                {bound.read.get_untracked()}
            </textarea>
            <FlawLine id=error_id flaw=bound.flaw />
        </div>
    }
}

/// One of a list; the empty choice comes first.
#[component]
pub(super) fn Pick(
    /// What is chosen.
    bound: Bound,
    /// What is asked for.
    label: &'static str,
    /// Code and words.
    options: &'static [(&'static str, &'static str)],
    /// Whether it must be there.
    #[prop(optional)]
    required: bool,
) -> impl IntoView {
    let id = bound.id();
    let error_id = format!("{id}-error");
    view! {
        <div class="field">
            <label class="field-label" for=id.clone()>
                {head(label, required)}
            </label>
            <Select id described=error_id.clone() bound options required />
            <FlawLine id=error_id flaw=bound.flaw />
        </div>
    }
}

/// The select itself: what is typed goes to the code, so the digits of a paper sheet can be typed off.
#[component]
pub(super) fn Select(
    /// Its id.
    id: String,
    /// What is chosen.
    bound: Bound,
    /// Code and words.
    options: &'static [(&'static str, &'static str)],
    /// Whether it must be there.
    #[prop(optional)]
    required: bool,
    /// The id of its error.
    #[prop(into)]
    described: String,
    /// A name where no label stands.
    #[prop(optional)]
    name: Option<String>,
) -> impl IntoView {
    view! {
        <select
            id=id
            class="select"
            aria-label=name
            aria-required=required.then_some("true")
            aria-invalid=move || bound.flaw.get().map(|_| "true")
            aria-describedby=described
            prop:value=move || bound.read.get()
            on:change=move |event| bound.write.run(event_target_value(&event))
        >
            <option value="" selected=move || bound.read.with(|value| value.is_empty())></option>
            {options
                .iter()
                .map(|(code, words)| {
                    view! {
                        <option value=*code selected=move || bound.read.with(|value| value == code)>
                            {format!("{code} {words}")}
                        </option>
                    }
                })
                .collect_view()}
        </select>
    }
}

/// What can be ticked: its id, its words, what stands beside it.
#[derive(Clone)]
pub(super) struct Tick {
    /// The id.
    pub id: String,
    /// In words.
    pub words: String,
    /// Beside it, may be empty.
    pub note: String,
}

/// Several of a list.
#[component]
pub(super) fn Ticks(
    /// The field's name in the form.
    field: &'static str,
    /// What is asked for.
    legend: &'static str,
    /// What can be ticked.
    ticks: Vec<Tick>,
    /// What is ticked, by id.
    ticked: Memo<BTreeSet<String>>,
    /// An id is ticked or not any more.
    toggle: Callback<(String, bool)>,
    /// What is wrong.
    flaw: Signal<Option<String>>,
    /// Said where there is nothing to tick.
    none: &'static str,
    /// Whether one must be ticked.
    #[prop(optional)]
    required: bool,
) -> impl IntoView {
    let error_id = format!("paper-{}-error", field.replace('_', "-"));
    let described = error_id.clone();
    let empty = ticks.is_empty();
    let boxes = ticks
        .into_iter()
        .map(|tick| {
            let begins = ticked.with_untracked(|all| all.contains(&tick.id));
            let (id, chosen) = (tick.id.clone(), tick.id);
            view! {
                <label class="check paper-tick">
                    <input
                        type="checkbox"
                        checked=begins
                        prop:checked=move || ticked.with(|all| all.contains(&chosen))
                        on:change=move |event| toggle.run((id.clone(), event_target_checked(&event)))
                    />
                    <span>
                        {tick.words}
                        {(!tick.note.is_empty()).then(|| view! { <span class="paper-tick-note">{tick.note.clone()}</span> })}
                    </span>
                </label>
            }
        })
        .collect_view();
    view! {
        <fieldset
            class="paper-ticks"
            id=format!("paper-{}", field.replace('_', "-"))
            aria-invalid=move || flaw.get().map(|_| "true")
            aria-describedby=described
        >
            <legend class="letter-heading">{head(legend, required)}</legend>
            {boxes}
            {empty.then(|| view! { <p class="muted small">{none}</p> })}
            <FlawLine id=error_id flaw />
        </fieldset>
    }
}
