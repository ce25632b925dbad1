//! Fields: a label, what is typed, a hint, and the error at the place it belongs.
//!
//! A field keeps its text in a signal the page owns. What somebody typed before the page was hydrated is taken over, and
//! the text is written back only when it differs, so a running kana conversion (変換) is never disturbed.

use leptos::{callback::Callable, html, prelude::*};
use std::time::Duration;

/// The id of the element for a field's name: `insurance.insurer` → `field-insurance-insurer`.
fn id_of(name: &str) -> String {
    let word: String = name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    format!("field-{word}")
}

/// Which of hint and error describe the field.
fn described_by(id: &str, hint: bool, error: bool) -> Option<String> {
    let ids: Vec<String> = [(hint, "hint"), (error, "error")]
        .into_iter()
        .filter(|(there, _)| *there)
        .map(|(_, part)| format!("{id}-{part}"))
        .collect();
    (!ids.is_empty()).then(|| ids.join(" "))
}

/// The frame of a field: label above, hint and error under it. The control inside takes the id that is given here.
#[component]
pub fn Field(
    /// Id of the control inside.
    #[prop(into)]
    id: String,
    /// What is asked for.
    #[prop(into)]
    label: String,
    /// Marks the field as needed.
    #[prop(optional)]
    required: bool,
    /// A short help, always shown.
    #[prop(into, optional)]
    hint: MaybeProp<String>,
    /// What is wrong, if anything.
    #[prop(into, optional)]
    error: MaybeProp<String>,
    /// More classes, e.g. `wide`.
    #[prop(into, optional)]
    class: String,
    children: Children,
) -> impl IntoView {
    let (hint_id, error_id) = (format!("{id}-hint"), format!("{id}-error"));
    view! {
        <div class=format!("field {class}")>
            <label class="field-label" for=id>
                {label}
                {required.then(|| view! { <span class="field-required">"必須"</span> })}
            </label>
            {children()}
            <HintAndError hint error hint_id error_id />
        </div>
    }
}

#[component]
fn HintAndError(hint: MaybeProp<String>, error: MaybeProp<String>, hint_id: String, error_id: String) -> impl IntoView {
    view! {
        {move || hint.get().map(|hint| view! { <p class="field-hint" id=hint_id.clone()>{hint}</p> })}
        {move || error.get().map(|error| view! { <p class="field-error" id=error_id.clone()>{error}</p> })}
    }
}

/// A line of text.
#[component]
pub fn TextField(
    /// What is asked for.
    #[prop(into)]
    label: String,
    /// Name in the form, as in the input struct (`insurance.insurer`).
    #[prop(into)]
    name: String,
    /// What is typed.
    value: RwSignal<String>,
    /// What is wrong, if anything.
    #[prop(into, optional)]
    error: MaybeProp<String>,
    /// A short help.
    #[prop(into, optional)]
    hint: MaybeProp<String>,
    /// Marks the field as needed.
    #[prop(optional)]
    required: bool,
    /// `text`, `password`, `search`, `tel` …
    #[prop(default = "text")]
    kind: &'static str,
    /// `numeric`, `kana` … for phones' keyboards.
    #[prop(optional)]
    inputmode: Option<&'static str>,
    /// Browser's autofill, off unless told.
    #[prop(default = "off")]
    autocomplete: &'static str,
    /// An example of what may be typed.
    #[prop(into, optional)]
    placeholder: String,
    /// Takes the focus when it appears.
    #[prop(optional)]
    autofocus: bool,
    /// Classes of the frame, e.g. `wide`.
    #[prop(into, optional)]
    class: String,
    /// Classes of the input, e.g. `input-num`.
    #[prop(into, optional)]
    input_class: String,
    /// An id of its own, where the name stands twice on a page.
    #[prop(into, optional)]
    id: Option<String>,
    /// Called when the field is left.
    #[prop(into, optional)]
    on_blur: Option<Callback<()>>,
    /// Called for Enter.
    #[prop(into, optional)]
    on_enter: Option<Callback<()>>,
) -> impl IntoView {
    let id = id.unwrap_or_else(|| id_of(&name));
    let node = NodeRef::<html::Input>::new();
    keep_in_step(value, move || node.get(), |el| el.value(), |el, text| el.set_value(text));
    focus_when_shown(autofocus, move || node.get().map(Into::into));
    let described = {
        let id = id.clone();
        move || described_by(&id, hint.get().is_some(), error.get().is_some())
    };
    view! {
        <Field id=id.clone() label required hint error class>
            <input
                id=id.clone()
                node_ref=node
                class=format!("input {input_class}")
                type=kind
                name=name
                value=value.get_untracked()
                inputmode=inputmode
                autocomplete=autocomplete
                placeholder=(!placeholder.is_empty()).then_some(placeholder)
                aria-required=required.then_some("true")
                aria-invalid=move || error.get().map(|_| "true")
                aria-describedby=described
                on:input:target=move |event| value.set(event.target().value())
                // A field that is taken away is left as well; whoever wanted to know may be gone by then.
                on:blur=move |_| if let Some(on_blur) = on_blur { let _ = on_blur.try_run(()); }
                on:keydown=move |event| {
                    if event.key() == "Enter" && !event.is_composing() && let Some(on_enter) = on_enter {
                        event.prevent_default();
                        on_enter.run(());
                    }
                }
            />
        </Field>
    }
}

/// Text of several lines; it grows with what is typed.
#[component]
pub fn TextArea(
    /// What is asked for.
    #[prop(into)]
    label: String,
    /// Name in the form.
    #[prop(into)]
    name: String,
    /// What is typed.
    value: RwSignal<String>,
    /// What is wrong, if anything.
    #[prop(into, optional)]
    error: MaybeProp<String>,
    /// A short help.
    #[prop(into, optional)]
    hint: MaybeProp<String>,
    /// Marks the field as needed.
    #[prop(optional)]
    required: bool,
    /// Lines shown when empty.
    #[prop(default = 3)]
    rows: u32,
    /// Takes the focus when it appears.
    #[prop(optional)]
    autofocus: bool,
    /// Classes of the frame.
    #[prop(into, optional)]
    class: String,
    /// An id of its own.
    #[prop(into, optional)]
    id: Option<String>,
) -> impl IntoView {
    let id = id.unwrap_or_else(|| id_of(&name));
    let node = NodeRef::<html::Textarea>::new();
    keep_in_step(value, move || node.get(), |el| el.value(), |el, text| el.set_value(text));
    focus_when_shown(autofocus, move || node.get().map(Into::into));
    let described = {
        let id = id.clone();
        move || described_by(&id, hint.get().is_some(), error.get().is_some())
    };
    view! {
        <Field id=id.clone() label required hint error class>
            <textarea
                id=id.clone()
                node_ref=node
                class="textarea"
                name=name
                rows=rows
                aria-required=required.then_some("true")
                aria-invalid=move || error.get().map(|_| "true")
                aria-describedby=described
                on:input:target=move |event| value.set(event.target().value())
            >
                {value.get_untracked()}
            </textarea>
        </Field>
    }
}

/// One of several choices: the value that is sent, and the words that are shown.
pub type Choice = (String, String);

/// A choice out of a list that opens.
#[component]
pub fn SelectField(
    /// What is asked for.
    #[prop(into)]
    label: String,
    /// Name in the form.
    #[prop(into)]
    name: String,
    /// What is chosen.
    value: RwSignal<String>,
    /// What can be chosen.
    #[prop(into)]
    choices: Signal<Vec<Choice>>,
    /// What is wrong, if anything.
    #[prop(into, optional)]
    error: MaybeProp<String>,
    /// A short help.
    #[prop(into, optional)]
    hint: MaybeProp<String>,
    /// Marks the field as needed.
    #[prop(optional)]
    required: bool,
    /// Classes of the frame.
    #[prop(into, optional)]
    class: String,
    /// An id of its own.
    #[prop(into, optional)]
    id: Option<String>,
) -> impl IntoView {
    let id = id.unwrap_or_else(|| id_of(&name));
    let described = {
        let id = id.clone();
        move || described_by(&id, hint.get().is_some(), error.get().is_some())
    };
    let options = move || {
        choices
            .get()
            .into_iter()
            .map(|(key, words)| {
                let chosen = key.clone();
                view! {
                    <option value=key selected=move || value.get() == chosen>
                        {words}
                    </option>
                }
            })
            .collect_view()
    };
    view! {
        <Field id=id.clone() label required hint error class>
            <select
                id=id.clone()
                class="select"
                name=name
                aria-required=required.then_some("true")
                aria-invalid=move || error.get().map(|_| "true")
                aria-describedby=described
                on:change:target=move |event| value.set(event.target().value())
            >
                {options}
            </select>
        </Field>
    }
}

/// A choice out of a few that are all in sight; arrow keys move between them.
#[component]
pub fn RadioField(
    /// What is asked for.
    #[prop(into)]
    label: String,
    /// Name in the form.
    #[prop(into)]
    name: String,
    /// What is chosen.
    value: RwSignal<String>,
    /// What can be chosen: value and words.
    choices: Vec<Choice>,
    /// What is wrong, if anything.
    #[prop(into, optional)]
    error: MaybeProp<String>,
    /// Marks the field as needed.
    #[prop(optional)]
    required: bool,
    /// Classes of the frame.
    #[prop(into, optional)]
    class: String,
) -> impl IntoView {
    let id = id_of(&name);
    let error_id = format!("{id}-error");
    let described = {
        let id = id.clone();
        move || described_by(&id, false, error.get().is_some())
    };
    let radios = choices
        .into_iter()
        .enumerate()
        .map(|(i, (key, words))| {
            let (chosen, picked) = (key.clone(), key.clone());
            view! {
                <label class="check">
                    <input
                        type="radio"
                        id=if i == 0 { id.clone() } else { format!("{id}-{i}") }
                        name=name.clone()
                        value=key
                        checked=value.get_untracked() == chosen
                        prop:checked=move || value.get() == chosen
                        on:change=move |_| value.set(picked.clone())
                    />
                    {words}
                </label>
            }
        })
        .collect_view();
    view! {
        <fieldset
            class=format!("field {class}")
            role="radiogroup"
            aria-required=required.then_some("true")
            aria-invalid=move || error.get().map(|_| "true")
            aria-describedby=described
        >
            <legend class="field-label">
                {label} {required.then(|| view! { <span class="field-required">"必須"</span> })}
            </legend>
            <div class="check-row">{radios}</div>
            <HintAndError hint=MaybeProp::default() error hint_id=String::new() error_id />
        </fieldset>
    }
}

/// A box to tick.
#[component]
pub fn CheckField(
    /// What ticking means.
    #[prop(into)]
    label: String,
    /// Name in the form.
    #[prop(into)]
    name: String,
    /// Whether it is ticked.
    value: RwSignal<bool>,
) -> impl IntoView {
    view! {
        <label class="check">
            <input
                type="checkbox"
                id=id_of(&name)
                name=name
                checked=value.get_untracked()
                prop:checked=move || value.get()
                on:change:target=move |event| value.set(event.target().checked())
            />
            {label}
        </label>
    }
}

/// Puts the focus on the element with an id: at once or, where it is only being drawn or shown, right after, so that the
/// next key already goes there.
pub fn focus_id(id: impl Into<String>) {
    let id = id.into();
    if try_focus(&id) {
        return;
    }
    leptos::task::spawn_local(async move {
        // What a signal shows stands once the effects have run, long before the next key.
        for _ in 0..3 {
            leptos::task::tick().await;
            if try_focus(&id) {
                return;
            }
        }
        request_animation_frame(move || {
            try_focus(&id);
        });
    });
}

/// Whether the element with an id is there and took the focus.
fn try_focus(id: &str) -> bool {
    let Some(element) = document().get_element_by_id(id) else { return false };
    focus(&element);
    document().active_element().is_some_and(|active| active.id() == id)
}

/// A field was edited: what was wrong with its former text is no longer said. Other fields' flaws stay.
pub fn mend(error: RwSignal<Option<model::AppError>>, field: &str) {
    let flawed = error.with_untracked(|error| error.as_ref().is_some_and(|error| error.at(field).is_some()));
    if flawed {
        error.update(|error| {
            if let Some(model::AppError::Invalid { fields }) = error {
                fields.retain(|flaw| flaw.field != field);
                if fields.is_empty() {
                    *error = None;
                }
            }
        });
    }
}

/// Puts the focus on the first field with an error, once the errors are shown.
pub fn focus_first_invalid() {
    set_timeout(
        || {
            let found = document().query_selector("[aria-invalid='true']").ok().flatten();
            // A group of radio buttons takes the focus at its first button.
            let inner = found.as_ref().and_then(|group| group.query_selector("input").ok().flatten());
            if let Some(element) = inner.or(found) {
                focus(&element);
            }
        },
        Duration::from_millis(30),
    );
}

fn focus(element: &web_sys::Element) {
    use wasm_bindgen::JsCast;
    if let Some(element) = element.dyn_ref::<web_sys::HtmlElement>() {
        // Only fails for elements that cannot have the focus.
        let _ = element.focus();
    }
}

/// Takes the focus once, when the element has appeared.
fn focus_when_shown(wanted: bool, element: impl Fn() -> Option<web_sys::HtmlElement> + 'static) {
    if wanted {
        Effect::new(move |done: Option<bool>| {
            if done == Some(true) {
                return true;
            }
            let Some(element) = element() else { return false };
            request_animation_frame(move || {
                let _ = element.focus();
            });
            true
        });
    }
}

/// Keeps a control and its signal the same without ever overwriting a conversion that is under way.
fn keep_in_step<E: 'static>(
    value: RwSignal<String>,
    element: impl Fn() -> Option<E> + 'static,
    read: fn(&E) -> String,
    write: fn(&E, &str),
) {
    Effect::new(move |seen: Option<bool>| {
        let text = value.get();
        let Some(element) = element() else { return false };
        let shown = read(&element);
        if shown != text {
            if seen != Some(true) && text.is_empty() {
                value.set(shown);
            } else {
                write(&element, &text);
            }
        }
        true
    });
}
