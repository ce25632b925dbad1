//! The search field with a list under it (combobox): one for every master.
//!
//! It follows the ARIA pattern "editable combobox with list autocomplete": the focus stays in the field, ↑↓ walk the
//! list, Enter chooses, Esc closes. Four things make it safe at the speed of a consultation: an answer that arrives late
//! never replaces a newer one; Enter chooses only from a list that belongs to what is in the field, so nobody orders what
//! they have not seen; a line never moves away under the mouse or an arrow key; and while the input method (IME) is
//! composing, keys belong to it. Nothing is waited for before a search is sent ([`asking`]).

mod asking;
mod choice;

use asking::{Asking, PATIENCE, send};
pub use choice::{Choice, Search};
use leptos::{ev, html, prelude::*, web_sys::js_sys::Date};
use model::AppError;
use std::time::Duration;

/// How long nothing is typed before a screen reader is told how many lines there are; it would speak at every letter.
const SPOKEN_AFTER: Duration = Duration::from_millis(400);

/// Writes into a field from the program without disturbing who types: the field is touched only where it differs.
pub fn follow_input(node: NodeRef<html::Input>, text: RwSignal<String>) {
    Effect::new(move |_| {
        let wanted = text.get();
        if let Some(field) = node.get()
            && field.value() != wanted
        {
            field.set_value(&wanted);
        }
    });
}

/// The search field and its list.
///
/// The label is part of it, so that it is never without one. `on_pick` gets the chosen line; the field is emptied unless
/// `keep` is set, in which case the name stays. `on_blank_enter` is Enter in an empty field: the way on by keyboard.
#[component]
pub fn Combobox<T>(
    /// Id of the field; the list's ids are derived from it.
    #[prop(into)]
    id: String,
    /// What is searched.
    #[prop(into)]
    label: String,
    /// Whether the label is for screen readers only.
    #[prop(optional)]
    hide_label: bool,
    /// Shown in the empty field.
    #[prop(optional, into)]
    placeholder: String,
    /// Where the lines come from.
    search: Search<T>,
    /// What is done with the chosen line.
    on_pick: Callback<Choice<T>>,
    /// Keep the chosen name in the field.
    #[prop(optional)]
    keep: bool,
    /// The text of the field, for who needs to read or set it.
    #[prop(optional)]
    text: Option<RwSignal<String>>,
    /// Show the list for an empty field too, once it has the focus and an arrow is pressed or something is deleted.
    #[prop(optional)]
    list_all: bool,
    /// Whether nothing may be typed now.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// What is wrong with the choice.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// Enter in the empty field.
    #[prop(optional, into)]
    on_blank_enter: Option<Callback<()>>,
    /// With `keep`: Enter where nothing is left to choose, because it is chosen already or the words stand for themselves.
    #[prop(optional, into)]
    on_kept_enter: Option<Callback<()>>,
    /// The field, for who wants to put the focus there.
    #[prop(optional)]
    node_ref: Option<NodeRef<html::Input>>,
) -> impl IntoView
where
    T: Clone + Send + Sync + 'static,
{
    let node = node_ref.unwrap_or_default();
    let text = text.unwrap_or_default();
    let hits = RwSignal::new(Vec::<Choice<T>>::new());
    // What the present list answers; none while nothing was asked.
    let answered = RwSignal::new(None::<String>);
    let open = RwSignal::new(false);
    let active = RwSignal::new(None::<usize>);
    let problem = RwSignal::new(None::<String>);
    let chosen = StoredValue::new(None::<String>);
    // What the screen reader is told.
    let spoken = RwSignal::new(String::new());
    let asking = StoredValue::new(Asking::default());
    // When, and where on the screen, the mouse last moved over the list.
    let pointed = StoredValue::new((f64::NEG_INFINITY, (0, 0)));
    let patience = StoredValue::new(None::<TimeoutHandle>);
    let telling = StoredValue::new(None::<TimeoutHandle>);
    let search = StoredValue::new(search);
    // What is made of a choice belongs to the field: the line that was pressed is gone in the next moment.
    let home = StoredValue::new(Owner::current());
    follow_input(node, text);
    on_cleanup(move || {
        for timer in [patience, telling] {
            if let Some(Some(handle)) = timer.try_get_value() {
                handle.clear();
            }
        }
    });

    let close = move || {
        // An answer that is still on its way opens nothing. The focus may be leaving because the field is.
        let _ = asking.try_update_value(Asking::forget);
        open.set(false);
        active.set(None);
        spoken.set(String::new());
    };
    let message = move || match (problem.get(), hits.with(Vec::len)) {
        (Some(problem), _) => problem,
        (None, 0) if keep => "一覧にありません。このままの言葉で使うときはEnterを押します。".to_owned(),
        (None, 0) => "見つかりません。別の言葉や読みでお試しください。".to_owned(),
        (None, count) => format!("{count}件の候補"),
    };
    let tell_soon = move || {
        if let Some(handle) = telling.get_value() {
            handle.clear();
        }
        let tell = move || {
            if open.try_get_untracked() == Some(true) {
                spoken.set(untrack(message));
            }
        };
        telling.set_value(set_timeout_with_handle(tell, SPOKEN_AFTER).ok());
    };
    let paint = move |number: u64, query: String, answer: Result<Vec<Choice<T>>, AppError>| {
        if !asking.try_update_value(|asking| asking.shows(number)).unwrap_or(false) {
            return;
        }
        let count = answer.as_ref().map_or(0, Vec::len);
        // Arrows that were pressed before the list was there walk it now.
        let steps = if text.with_untracked(|text| *text == query) { asking.try_update_value(Asking::steps) } else { None };
        let first = steps.unwrap_or(0).rem_euclid(count.max(1) as isize) as usize;
        match answer {
            Ok(found) => {
                hits.set(found);
                problem.set(None);
            }
            Err(error) => {
                hits.set(Vec::new());
                problem.set(Some(error.to_string()));
            }
        }
        active.set((count > 0).then_some(first));
        answered.set(Some(query));
        open.set(true);
        tell_soon();
    };
    let ask = move || {
        let query = text.get_untracked();
        if query.trim().is_empty() && !list_all {
            hits.set(Vec::new());
            answered.set(None);
            return close();
        }
        asking.update_value(|asking| {
            // Arrows of before belong to a list that is no more.
            let _ = asking.steps();
        });
        send(search, asking, text, pointed, paint);
        // Whoever waits for an answer that does not come asks beside it.
        if asking.with_value(Asking::waits) {
            if let Some(handle) = patience.get_value() {
                handle.clear();
            }
            let impatient = move || {
                if asking.try_with_value(Asking::waits) == Some(true) {
                    send(search, asking, text, pointed, paint);
                }
            };
            patience.set_value(set_timeout_with_handle(impatient, Duration::from_millis(PATIENCE as u64)).ok());
        }
    };
    let pick = move |index: usize| {
        let Some(choice) = hits.with_untracked(|hits| hits.get(index).cloned()) else { return };
        text.set(if keep { choice.name.clone() } else { String::new() });
        chosen.set_value(Some(choice.name.clone()));
        hits.set(Vec::new());
        answered.set(None);
        close();
        match home.get_value() {
            Some(home) => home.with(|| on_pick.run(choice)),
            None => on_pick.run(choice),
        }
    };
    let fresh = move || answered.with_untracked(|answered| answered.as_deref() == Some(text.get_untracked().as_str()));

    let option_id = {
        let id = id.clone();
        move |index: usize| format!("{id}-{index}")
    };
    let show_active = {
        let option_id = option_id.clone();
        move || {
            if let Some(index) = active.get_untracked()
                && let Some(line) = document().get_element_by_id(&option_id(index))
                && let Some(list) = line.parent_element()
            {
                // Only the list scrolls, never the page under it.
                let (top, height) = (line.get_bounding_client_rect(), list.get_bounding_client_rect());
                if top.bottom() > height.bottom() {
                    list.set_scroll_top(list.scroll_top() + (top.bottom() - height.bottom()).ceil() as i32 + 4);
                } else if top.top() < height.top() {
                    list.set_scroll_top(list.scroll_top() - (height.top() - top.top()).ceil() as i32 - 4);
                }
            }
        }
    };
    let step = move |by: isize| {
        let count = hits.with_untracked(Vec::len);
        if !open.get_untracked() {
            return ask();
        }
        if !fresh() && problem.with_untracked(Option::is_none) {
            // The line under the arrow would move away with the answer.
            return match asking.with_value(Asking::awaits) {
                true => asking.update_value(|asking| asking.step(by)),
                false => ask(),
            };
        }
        if count == 0 {
            return;
        }
        active.update(|active| {
            let at = active.map_or(if by > 0 { -1 } else { 0 }, |at| at as isize);
            *active = Some((at + by).rem_euclid(count as isize) as usize);
        });
        show_active();
    };

    let on_key = move |event: ev::KeyboardEvent| {
        // 229 is what some browsers send while the input method is composing.
        if event.is_composing() || event.key_code() == 229 {
            return;
        }
        match event.key().as_str() {
            "ArrowDown" if !event.alt_key() => {
                event.prevent_default();
                step(1);
            }
            "ArrowUp" if !event.alt_key() => {
                event.prevent_default();
                step(-1);
            }
            "Enter" if event.ctrl_key() || event.meta_key() => {}
            "Enter" => {
                event.prevent_default();
                if text.with_untracked(|text| text.trim().is_empty()) && active.get_untracked().is_none() {
                    if let Some(on) = on_blank_enter {
                        on.run(());
                    }
                    return;
                }
                let is_chosen = chosen.with_value(|chosen| chosen.as_deref() == Some(text.get_untracked().as_str()));
                match (open.get_untracked(), fresh(), active.get_untracked()) {
                    (true, true, Some(index)) => pick(index),
                    (true, true, None) if keep => {
                        close();
                        if let Some(on) = on_kept_enter {
                            on.run(());
                        }
                    }
                    (false, ..) if keep && is_chosen => {
                        if let Some(on) = on_kept_enter {
                            on.run(());
                        }
                    }
                    (false, ..) => ask(),
                    // The answer is on its way; nobody chooses what they have not seen.
                    _ => {}
                }
            }
            "Escape" if open.get_untracked() => {
                event.prevent_default();
                event.stop_propagation();
                close();
            }
            "Escape" if !text.with_untracked(String::is_empty) => {
                event.prevent_default();
                event.stop_propagation();
                asking.update_value(Asking::forget);
                text.set(String::new());
                hits.set(Vec::new());
                answered.set(None);
            }
            _ => {}
        }
    };
    let on_input = move |event| {
        text.set(event_target_value(&event));
        ask();
    };

    // A browser may report a move where only the page moved; the mouse stands where it stood.
    let on_point = move |event: ev::PointerEvent| {
        let place = (event.screen_x(), event.screen_y());
        pointed.update_value(|(at, last)| {
            if *last != place {
                (*at, *last) = (Date::now(), place);
            }
        });
    };
    let on_press = move |_| pointed.update_value(|(at, _)| *at = Date::now());

    let list_id = format!("{id}-list");
    let error_id = format!("{id}-error");
    let described = {
        let error_id = error_id.clone();
        move || error.with(Option::is_some).then(|| error_id.clone())
    };
    let lines = {
        let option_id = option_id.clone();
        move || {
            hits.get()
                .into_iter()
                .enumerate()
                .map(|(index, choice)| {
                    view! {
                        <div
                            class="combobox-option"
                            role="option"
                            id=option_id(index)
                            aria-selected=move || (active.get() == Some(index)).to_string()
                            on:click=move |_| pick(index)
                        >
                            <span class="combobox-main">
                                <span class="combobox-name">{choice.name}</span>
                                {(!choice.detail.is_empty()).then(|| view! { <span class="combobox-detail">{choice.detail}</span> })}
                                {(!choice.warning.is_empty())
                                    .then(|| view! { <span class="combobox-warning">{choice.warning}</span> })}
                            </span>
                            <span class="combobox-note">
                                {choice.figure} {choice.estimated.then(|| view! { " " <span class="estimate">"推計"</span> })}
                            </span>
                        </div>
                    }
                })
                .collect_view()
        }
    };
    let nothing = move || open.get() && hits.with(Vec::is_empty);
    let expanded = move || open.get() && !hits.with(Vec::is_empty);
    // A list that opens below the edge of its panel comes into sight, once; a list in sight moves nothing.
    let opened = Memo::new(move |_| expanded());
    Effect::new({
        let list_id = list_id.clone();
        move |_| {
            if opened.get() {
                let list_id = list_id.clone();
                request_animation_frame(move || {
                    if let Some(list) = document().get_element_by_id(&list_id) {
                        let nearest = web_sys::ScrollIntoViewOptions::new();
                        nearest.set_block(web_sys::ScrollLogicalPosition::Nearest);
                        list.scroll_into_view_with_scroll_into_view_options(&nearest);
                    }
                });
            }
        }
    });

    view! {
        <div class="combobox field">
            <label class=if hide_label { "sr-only" } else { "field-label" } for=id.clone()>
                {label.clone()}
            </label>
            <input
                id=id.clone()
                node_ref=node
                class="input"
                type="text"
                role="combobox"
                autocomplete="off"
                autocapitalize="off"
                spellcheck="false"
                placeholder=placeholder
                aria-autocomplete="list"
                aria-haspopup="listbox"
                aria-expanded=move || expanded().to_string()
                aria-controls=list_id.clone()
                aria-activedescendant=move || active.get().filter(|_| expanded()).map(&option_id)
                aria-invalid=move || error.with(Option::is_some).then_some("true")
                aria-describedby=described
                disabled=move || disabled.get()
                on:input=on_input
                on:keydown=on_key
                on:blur=move |_| close()
            />
            // The mouse must not take the focus out of the field before the click arrives.
            <div
                class="combobox-popup"
                hidden=move || !open.get()
                on:mousedown=|event| event.prevent_default()
                on:pointermove=on_point
                on:pointerdown=on_press
            >
                <div class="combobox-list" id=list_id role="listbox" aria-label=format!("{label}の候補") hidden=move || !expanded()>
                    {lines}
                </div>
                <p class="combobox-empty" aria-hidden="true" hidden=move || !nothing()>
                    {message}
                </p>
                <p class="sr-only" role="status">
                    {move || spoken.get()}
                </p>
            </div>
            <p class="field-error" id=error_id hidden=move || error.with(Option::is_none)>
                {move || error.get()}
            </p>
        </div>
    }
}
