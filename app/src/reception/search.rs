//! The one box that finds a patient: kana, kanji, number or birth date. Arrow keys choose, Enter takes.

use super::super::patients::api::find;
use crate::ui::{focus_id, use_shortcut};
use leptos::{ev, prelude::*, task::spawn_local};
use leptos_router::hooks::use_navigate;
use model::{AppError, date, patient::PatientSummary};
use std::time::Duration;

/// Typing rests this long before the server is asked.
const REST: Duration = Duration::from_millis(120);

/// What the server found for a text.
#[derive(Clone, PartialEq)]
struct Found {
    text: String,
    hits: Vec<PatientSummary>,
}

/// The search box.
#[component]
pub fn PatientSearch(
    /// Called with the patient that was taken.
    on_choose: Callback<PatientSummary>,
) -> impl IntoView {
    let navigate = StoredValue::new(use_navigate());
    let text = RwSignal::new(String::new());
    let found = RwSignal::new(None::<Found>);
    let problem = RwSignal::new(None::<AppError>);
    let open = RwSignal::new(false);
    let active = RwSignal::new(0usize);
    let latest = StoredValue::new(0u32);

    let ask = move |typed: String| {
        let turn = latest.get_value().wrapping_add(1);
        latest.set_value(turn);
        spawn_local(async move {
            let answer = find(typed.clone()).await;
            // Answers may overtake each other; only the latest question counts.
            if latest.try_get_value() != Some(turn) {
                return;
            }
            match answer {
                Ok(hits) => {
                    problem.set(None);
                    active.set(0);
                    found.set(Some(Found { text: typed, hits }));
                }
                Err(error) => {
                    crate::ui::failed(&error);
                    problem.set(Some(error));
                }
            }
        });
    };
    // Asks when typing has rested: whoever typed on meanwhile has raised the count.
    let typings = StoredValue::new(0u32);
    let later = move |typed: String| {
        let turn = typings.get_value().wrapping_add(1);
        typings.set_value(turn);
        set_timeout(
            move || {
                if typings.try_get_value() == Some(turn) {
                    ask(typed);
                }
            },
            REST,
        );
    };
    let typed = move |now: String| {
        text.set(now.clone());
        open.set(true);
        later(now);
    };
    let take = move |patient: PatientSummary| {
        open.set(false);
        text.set(String::new());
        found.set(None);
        on_choose.run(patient);
    };
    let register = move || {
        let name = text.get_untracked();
        let query: String = leptos::web_sys::js_sys::encode_uri_component(name.trim()).into();
        navigate.with_value(|go| go(&format!("/patients/new?name={query}"), Default::default()));
    };
    let count = move || found.with(|found| found.as_ref().map_or(0, |found| found.hits.len()));
    let numbered = move || found.get().map(|found| found.hits).unwrap_or_default().into_iter().enumerate().collect::<Vec<_>>();
    // Whether the answer on the screen belongs to what stands in the box.
    let settled = move || found.with(|found| text.with(|text| found.as_ref().is_some_and(|found| found.text == *text)));
    let on_key = move |event: ev::KeyboardEvent| {
        if event.is_composing() {
            return;
        }
        let hits = count();
        match event.key().as_str() {
            "ArrowDown" if hits > 0 => {
                open.set(true);
                active.update(|active| *active = (*active + 1) % hits);
            }
            "ArrowUp" if hits > 0 => active.update(|active| *active = (*active + hits - 1) % hits),
            "Enter" => {
                if !open.get_untracked() || !settled() {
                    ask(text.get_untracked());
                    open.set(true);
                } else if let Some(patient) =
                    found.with_untracked(|found| found.as_ref().and_then(|f| f.hits.get(active.get_untracked()).cloned()))
                {
                    take(patient);
                } else if !text.with_untracked(|text| text.trim().is_empty()) {
                    register();
                }
            }
            // The key that leads here does nothing when one is here already.
            "/" if text.with_untracked(String::is_empty) => {}
            "Escape" if open.get_untracked() => open.set(false),
            _ => return,
        }
        event.prevent_default();
    };
    use_shortcut("/", "患者をさがす", || focus_id("patient-search"));

    view! {
        <search class="search">
            <label class="sr-only" for="patient-search">
                "患者をさがす"
            </label>
            <div class="combobox">
                <input
                    id="patient-search"
                    class="input search-input"
                    type="text"
                    role="combobox"
                    autocomplete="off"
                    spellcheck="false"
                    placeholder="患者をさがす：カナ・漢字・番号・生年月日（S56.3.2 など）"
                    aria-autocomplete="list"
                    aria-expanded=move || if open.get() { "true" } else { "false" }
                    aria-controls="patient-search-list"
                    aria-activedescendant=move || {
                        (open.get() && count() > 0).then(|| format!("patient-hit-{}", active.get()))
                    }
                    prop:value=move || text.get()
                    on:input:target=move |event| typed(event.target().value())
                    on:focus=move |_| {
                        ask(text.get_untracked());
                        open.set(true);
                    }
                    on:blur=move |_| open.set(false)
                    on:keydown=on_key
                />
                <kbd class="kbd search-key" aria-hidden="true">
                    "/"
                </kbd>
                <div
                    class="combobox-list search-list"
                    hidden=move || !open.get() || found.with(Option::is_none) && problem.with(Option::is_none)
                    // Keeps the focus in the box while the mouse chooses.
                    on:mousedown=move |event| event.prevent_default()
                >
                    {move || problem.get().map(|error| view! { <p class="field-error" role="alert">{error.to_string()}</p> })}
                    <ul id="patient-search-list" role="listbox" aria-label="見つかった患者">
                        <For
                            each=numbered
                            key=|(at, patient)| (*at, patient.id)
                            children=move |(at, patient)| {
                                let taken = patient.clone();
                                view! {
                                    <li
                                        id=format!("patient-hit-{at}")
                                        role="option"
                                        class="combobox-option"
                                        aria-selected=move || if active.get() == at { "true" } else { "false" }
                                        on:click=move |_| take(taken.clone())
                                    >
                                        <Hit patient />
                                    </li>
                                }
                            }
                        />
                    </ul>
                    <Show when=move || {
                        settled() && count() == 0 && !text.with(|text| text.trim().is_empty())
                    }>
                        <div class="combobox-empty cluster">
                            <span role="status">"該当する患者がいません。"</span>
                            <button type="button" class="btn btn-primary btn-sm" on:click=move |_| register()>
                                {move || format!("「{}」で新患登録", shortened(&text.get()))}
                                <kbd class="kbd" aria-hidden="true">
                                    "Enter"
                                </kbd>
                            </button>
                        </div>
                    </Show>
                </div>
            </div>
            <div class="sr-only" role="status">
                {move || (open.get() && settled()).then(|| format!("{}人", count()))}
            </div>
        </search>
    }
}

/// What was typed, short enough for a button.
fn shortened(typed: &str) -> String {
    let typed = typed.trim();
    match typed.char_indices().nth(20) {
        Some((end, _)) => format!("{}…", &typed[..end]),
        None => typed.to_owned(),
    }
}

/// A patient in the list: what tells two people of the same name apart.
#[component]
fn Hit(patient: PatientSummary) -> impl IntoView {
    let seen = patient.last_visit.map_or_else(|| "受診なし".to_owned(), |day| format!("前回 {day}"));
    view! {
        <span class="hit-number num">{patient.number}</span>
        <span class="hit-name">
            {patient.name.full()} " " <span class="combobox-note">{patient.name.kana()}</span>
        </span>
        <span class="combobox-note hit-more num">
            {format!("{}・{}生・{seen}", patient.sex.label(), date::wareki(patient.birth_date))}
        </span>
    }
}
