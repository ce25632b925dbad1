//! Whom a letter is about: the patients it may be, a search, and the way to register somebody new with what the letter says.

use super::api;
use crate::{
    patients::{api::find, carry},
    session::use_me,
    ui::{Notice, Tone, failed, focus_id, toast, toast_error},
};
use leptos::{callback::Callable, prelude::*, task::spawn_local};
use leptos_router::hooks::use_navigate;
use model::{
    date,
    ids::{PatientId, ReceivedId},
    outside::{Incoming, NamedPatient},
    patient::PatientSummary,
};
use std::time::Duration;

/// Typing rests this long before the server is asked.
const REST: Duration = Duration::from_millis(200);

/// Chooses the patient of a letter.
#[component]
pub fn Whose(
    /// The letter.
    letter: ReceivedId,
    /// Whom it names.
    about: NamedPatient,
    /// Who it may be, best first.
    candidates: Vec<PatientSummary>,
    /// Called once it is decided.
    on_done: Callback<Incoming>,
) -> impl IntoView {
    let me = use_me();
    let (say, show) = (toast(), toast_error());
    let navigate = use_navigate();
    let busy = RwSignal::new(false);
    let sure = !candidates.is_empty();
    let choose = Callback::new(move |patient: PatientSummary| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        spawn_local(async move {
            let answer = api::assign_incoming(letter, Some(patient.id)).await;
            let _ = busy.try_set(false);
            match answer {
                Ok(head) => {
                    say(&format!("{} さんの紹介状としました。", patient.name.full()));
                    let _ = on_done.try_run(head);
                }
                Err(error) => {
                    failed(&error);
                    show(&error);
                }
            }
        });
    });
    let named = StoredValue::new(about.clone());
    let register = move |_| {
        let way = named.with_value(|about| carry(&me, letter, about));
        navigate(&way, Default::default());
    };
    view! {
        <div class="stack">
            <dl class="facts">
                <dt>"紹介状の患者"</dt>
                <dd>{about.name.clone()} {(!about.kana.is_empty()).then(|| format!("（{}）", about.kana))}</dd>
                <dt>"生年月日"</dt>
                <dd>{about.birth_date.map_or_else(|| "記載なし".to_owned(), date::both)}</dd>
                <dt>"性別"</dt>
                <dd>{about.sex.map_or("記載なし", |sex| sex.label())}</dd>
            </dl>
            {sure
                .then(|| {
                    view! {
                        <p class="small">"この方かもしれません。生年月日と保険証で確かめてください。"</p>
                        <People people=Signal::stored(candidates) choose busy />
                    }
                })}
            <Finder about at_once=!sure choose busy />
            <div class="btn-row">
                <button type="button" class="btn btn-secondary btn-sm" on:click=register>
                    "紹介状の内容で新患登録"
                </button>
            </div>
        </div>
    }
}

/// The search: it begins with what the letter says.
#[component]
fn Finder(about: NamedPatient, at_once: bool, choose: Callback<PatientSummary>, busy: RwSignal<bool>) -> impl IntoView {
    let text = RwSignal::new(String::new());
    let found = RwSignal::new(None::<Result<Vec<PatientSummary>, String>>);
    let typings = StoredValue::new(0u32);
    let ask = move || {
        let turn = typings.get_value().wrapping_add(1);
        typings.set_value(turn);
        set_timeout(
            move || {
                let Some(typed) = text.try_get_untracked().filter(|_| typings.try_get_value() == Some(turn)) else { return };
                if typed.trim().is_empty() {
                    return found.set(None);
                }
                spawn_local(async move {
                    let answer = find(typed).await;
                    if typings.try_get_value() == Some(turn) {
                        if let Err(error) = &answer {
                            failed(error);
                        }
                        found.set(Some(answer.map_err(|error| error.to_string())));
                    }
                });
            },
            REST,
        );
    };
    let begin = if about.kana.is_empty() { about.name } else { about.kana };
    let prefill = StoredValue::new(begin);
    let search = move || {
        text.set(prefill.get_value());
        ask();
    };
    // With nobody to offer, the search for the name is made at once. In the browser only.
    Effect::new(move |_| {
        if at_once {
            untrack(search);
        }
    });
    view! {
        <div class="field">
            <label class="field-label" for="whose-search">
                {if at_once { "患者をさがす" } else { "ほかの患者からさがす" }}
            </label>
            <input
                id="whose-search"
                class="input"
                type="text"
                autocomplete="off"
                spellcheck="false"
                placeholder="カナ・漢字・番号・生年月日"
                prop:value=move || text.get()
                on:input:target=move |event| {
                    text.set(event.target().value());
                    ask();
                }
            />
        </div>
        {(!at_once)
            .then(|| {
                view! {
                    <button
                        type="button"
                        class="link-button small"
                        on:click=move |_| {
                            search();
                            focus_id("whose-search");
                        }
                    >
                        "紹介状の氏名でさがす"
                    </button>
                }
            })}
        <div aria-live="polite">
            {move || match found.get() {
                None => ().into_any(),
                Some(Err(words)) => view! { <Notice tone=Tone::Danger><p>{words}</p></Notice> }.into_any(),
                Some(Ok(people)) if people.is_empty() => {
                    view! { <p class="muted small">"該当する患者がいません。"</p> }.into_any()
                }
                Some(Ok(people)) => view! { <People people=Signal::stored(people) choose busy /> }.into_any(),
            }}
        </div>
    }
}

/// Patients, each with a button.
#[component]
fn People(people: Signal<Vec<PatientSummary>>, choose: Callback<PatientSummary>, busy: RwSignal<bool>) -> impl IntoView {
    view! {
        <ul class="rows whose-people" aria-label="患者">
            <For
                each=move || people.get()
                key=|patient| patient.id
                children=move |patient| {
                    let taken = patient.clone();
                    let name = patient.name.full();
                    view! {
                        <li class="row">
                            <div class="row-main">
                                <span class="row-name">{name.clone()} " " <span class="muted small">{patient.name.kana()}</span></span>
                                <span class="row-sub num">
                                    {format!("{}・{}・{}生", patient.number, patient.sex.label(), date::wareki(patient.birth_date))}
                                </span>
                            </div>
                            <div class="row-actions">
                                <button
                                    type="button"
                                    class="btn btn-secondary btn-sm"
                                    aria-label=format!("{name}（患者番号 {}）にする", patient.number)
                                    disabled=move || busy.get()
                                    on:click=move |_| choose.run(taken.clone())
                                >
                                    "この患者にする"
                                </button>
                            </div>
                        </li>
                    }
                }
            />
        </ul>
    }
}

/// Takes the decision back, where it was wrong.
#[component]
pub fn NotThis(
    /// The letter.
    letter: ReceivedId,
    /// The patient it was given to.
    patient: PatientId,
    /// Called once it is done.
    on_done: Callback<Incoming>,
) -> impl IntoView {
    let (say, show) = (toast(), toast_error());
    let busy = RwSignal::new(false);
    let undo = move |_| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        spawn_local(async move {
            let answer = api::assign_incoming(letter, None).await;
            let _ = busy.try_set(false);
            match answer {
                Ok(head) => {
                    say("患者を選び直してください。");
                    let _ = on_done.try_run(head);
                    focus_id("whose-search");
                }
                Err(error) => {
                    failed(&error);
                    show(&error);
                }
            }
        });
    };
    view! {
        <button
            type="button"
            class="btn btn-quiet btn-sm"
            data-patient=patient.to_string()
            disabled=move || busy.get()
            on:click=undo
        >
            "別の患者を選ぶ"
        </button>
    }
}
