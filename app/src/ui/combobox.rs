//! The search field with a list under it (combobox): one for every master.
//!
//! It follows the ARIA pattern "editable combobox with list autocomplete": the focus stays in the field, ↑↓ walk the
//! list, Enter chooses, Esc closes. Three things make it safe at the speed of a consultation: an answer that arrives late
//! never replaces a newer one; Enter chooses only from a list that belongs to what is in the field, so nobody orders what
//! they have not seen; and while the input method (IME) is composing, keys belong to it.

use leptos::{ev, html, prelude::*};
use model::AppError;
use std::{future::Future, pin::Pin, sync::Arc, time::Duration};

/// Milliseconds of silence before a search is sent: shorter than a keystroke is long, so the list feels immediate.
const SETTLE: Duration = Duration::from_millis(60);

/// One line of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice<T> {
    /// What is chosen.
    pub value: T,
    /// Name, the first line.
    pub name: String,
    /// Second line: reading, general name, ICD-10 or the like; may be empty.
    pub detail: String,
    /// Right side: points, price, key; may be empty.
    pub figure: String,
    /// Whether the figure is an estimate (推計).
    pub estimated: bool,
    /// A warning such as 単独使用禁止; empty when there is none.
    pub warning: String,
}

impl<T> Choice<T> {
    /// A line with a name alone.
    pub fn plain(value: T, name: impl Into<String>) -> Self {
        Self { value, name: name.into(), detail: String::new(), figure: String::new(), estimated: false, warning: String::new() }
    }
}

impl From<model::master::MasterHit> for Choice<model::master::MasterHit> {
    fn from(hit: model::master::MasterHit) -> Self {
        Self {
            name: hit.name.clone(),
            detail: hit.detail.clone(),
            figure: hit.figure.clone(),
            estimated: hit.estimated,
            warning: hit.warning.clone(),
            value: hit,
        }
    }
}

type Answer<T> = Pin<Box<dyn Future<Output = Result<Vec<Choice<T>>, AppError>>>>;

/// Where the lines come from: a server function, or a list that is already here.
pub struct Search<T>(Arc<dyn Fn(String) -> Answer<T> + Send + Sync>);

impl<T> Clone for Search<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T: 'static> Search<T> {
    /// Lines that have to be asked for.
    pub fn ask<F>(search: impl Fn(String) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<Vec<Choice<T>>, AppError>> + 'static,
    {
        Self(Arc::new(move |query| Box::pin(search(query))))
    }

    /// Lines that are already here.
    pub fn among(search: impl Fn(&str) -> Vec<Choice<T>> + Send + Sync + 'static) -> Self {
        Self(Arc::new(move |query| {
            let found = search(&query);
            Box::pin(async move { Ok(found) })
        }))
    }
}

impl Search<model::master::MasterHit> {
    /// Rows of one master as they stand today.
    pub fn master(kind: model::master::MasterKind) -> Self {
        Self::ask(move |query| async move {
            Ok(crate::masters::search_masters(kind, query, None).await?.into_iter().map(Choice::from).collect())
        })
    }
}

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
    let turn = StoredValue::new(0_u64);
    let timer = StoredValue::new(None::<TimeoutHandle>);
    let search = StoredValue::new(search);
    // What is made of a choice belongs to the field: the line that was pressed is gone in the next moment.
    let home = StoredValue::new(Owner::current());
    follow_input(node, text);

    let close = move || {
        open.set(false);
        active.set(None);
    };
    let ask = move || {
        turn.update_value(|turn| *turn += 1);
        let mine = turn.get_value();
        let query = text.get_untracked();
        if query.trim().is_empty() && !list_all {
            hits.set(Vec::new());
            answered.set(None);
            return close();
        }
        let answer = search.with_value(|search| (search.0)(query.clone()));
        leptos::task::spawn_local(async move {
            let answer = answer.await;
            // The field is gone, or something newer was asked meanwhile.
            if turn.try_get_value() != Some(mine) {
                return;
            }
            match answer {
                Ok(found) => {
                    active.set((!found.is_empty()).then_some(0));
                    hits.set(found);
                    problem.set(None);
                }
                Err(error) => {
                    active.set(None);
                    hits.set(Vec::new());
                    problem.set(Some(error.to_string()));
                }
            }
            answered.set(Some(query));
            open.set(true);
        });
    };
    let ask_soon = move || {
        if let Some(handle) = timer.get_value() {
            handle.clear();
        }
        timer.set_value(set_timeout_with_handle(ask, SETTLE).ok());
    };
    on_cleanup(move || {
        if let Some(Some(handle)) = timer.try_get_value() {
            handle.clear();
        }
    });
    let pick = move |index: usize| {
        let Some(choice) = hits.with_untracked(|hits| hits.get(index).cloned()) else { return };
        turn.update_value(|turn| *turn += 1);
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
                text.set(String::new());
                hits.set(Vec::new());
                answered.set(None);
            }
            _ => {}
        }
    };
    let on_input = move |event| {
        text.set(event_target_value(&event));
        ask_soon();
    };

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
    let message = move || {
        if !open.get() {
            return String::new();
        }
        match (problem.get(), hits.with(Vec::len)) {
            (Some(problem), _) => problem,
            (None, 0) if keep => "一覧にありません。このままの言葉で使うときはEnterを押します。".to_owned(),
            (None, 0) => "見つかりません。別の言葉や読みでお試しください。".to_owned(),
            (None, count) => format!("{count}件の候補"),
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
            <div class="combobox-popup" hidden=move || !open.get() on:mousedown=|event| event.prevent_default()>
                <div class="combobox-list" id=list_id role="listbox" aria-label=format!("{label}の候補") hidden=move || !expanded()>
                    {lines}
                </div>
                <p
                    class=move || if nothing() { "combobox-empty" } else { "sr-only" }
                    role="status"
                >
                    {message}
                </p>
            </div>
            <p class="field-error" id=error_id hidden=move || error.with(Option::is_none)>
                {move || error.get()}
            </p>
        </div>
    }
}
