//! Registering a patient (新患登録): what was searched for is filled in, likely duplicates are shown before saving, and the
//! patient can be checked in at once.

use super::{
    api,
    fields::Fields,
    form::{InsurancePart, PersonPart, SubsidyPart},
    kept::{keep, key},
};
use crate::{
    outside::api::assign_incoming,
    reception::api::check_in,
    session::{Offer, offers, use_me},
    ui::{Dialog, Notice, Tone, failed, focus_first_invalid, focus_id, toast, use_shortcut},
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_navigate, use_query_map};
use model::{
    AppError, date,
    ids::{PatientId, ReceivedId},
    patient::{LikelyDuplicate, Registration},
};

/// The page `/patients/new?name=…`, and `?letter=…` for the patient of a letter that came in.
#[component]
pub fn NewPatientPage() -> impl IntoView {
    let typed = use_query_map().with_untracked(|query| query.get("name")).unwrap_or_default();
    let fields = Fields::from_search(&typed);
    let letter = use_query_map().with_untracked(|query| query.get("letter")).and_then(|id| id.parse::<ReceivedId>().ok());
    // The first field that is still empty.
    let begin = if fields.text("family").with_untracked(String::is_empty) { "family" } else { "family_kana" };
    let problem = RwSignal::new(None::<AppError>);
    let duplicates = RwSignal::new(Vec::<LikelyDuplicate>::new());
    let asking = RwSignal::new(false);
    let done = RwSignal::new(None::<(PatientId, i64, String)>);
    let start = StoredValue::new(untrack(|| fields.typed()));
    let me = use_me();
    let way = letter.map_or(typed, |letter| letter.to_string());
    let restored = keep(fields, key(&me, &way), move || done.with(Option::is_some));
    let ready = RwSignal::new(false);
    Effect::new(move |_| ready.set(true));

    let register = Action::new(move |despite: &bool| {
        let (despite, form) = (*despite, untrack(|| fields.form()));
        async move {
            let name = format!("{} {}", form.family, form.given);
            match api::register(form, despite).await {
                Ok(Registration::Registered { patient, number }) => {
                    if let Some(letter) = letter {
                        // Registered all the same: the letter's page offers the patient again.
                        let _ = assign_incoming(letter, Some(patient)).await;
                    }
                    asking.set(false);
                    done.set(Some((patient, number, name)));
                    focus_id("check-in-now");
                }
                Ok(Registration::LikelyDuplicates { candidates }) => {
                    duplicates.set(candidates);
                    asking.set(true);
                }
                Err(error) => {
                    failed(&error);
                    asking.set(false);
                    problem.set(fields.refuse(error));
                    focus_first_invalid();
                }
            }
        }
    });
    let save = move || {
        if register.pending().get_untracked() {
            return;
        }
        problem.set(None);
        if fields.attempt() {
            register.dispatch(false);
        } else {
            focus_first_invalid();
        }
    };
    use_shortcut("Ctrl+Enter", "登録する", save);

    view! {
        <Title text="新患登録" />
        <main id="main" class="page page-form" tabindex="-1">
            <div class="page-header">
                <h1>"新患登録"</h1>
                <a class="btn btn-quiet" href="/reception">
                    "受付へ戻る"
                </a>
            </div>
            <Show
                when=move || done.with(Option::is_none)
                fallback=move || done.get().map(|(patient, number, name)| view! { <Registered patient number name letter /> })
            >
                <form
                    class="stack"
                    novalidate
                    aria-label="新患登録"
                    method="post"
                    on:submit=move |event| {
                        event.prevent_default();
                        save();
                    }
                >
                    <Show when=move || restored.get()>
                        <Notice>
                            <p>
                                {if letter.is_some() {
                                    "紹介状の内容を入れました。保険証・本人に確かめてください。 "
                                } else {
                                    "登録していない入力を戻しました。 "
                                }}
                                <button
                                    type="button"
                                    class="link-button"
                                    on:click=move |_| {
                                        start.with_value(|start| fields.put_back(start));
                                        restored.set(false);
                                        focus_id("field-family");
                                    }
                                >
                                    "はじめから入力する"
                                </button>
                            </p>
                        </Notice>
                    </Show>
                    {move || {
                        problem.get().map(|error| view! { <Notice tone=Tone::Danger><p>{error.to_string()}</p></Notice> })
                    }}
                    <section class="card" aria-label="基本情報">
                        <div class="card-header">
                            <h2>"基本情報"</h2>
                        </div>
                        <div class="card-body">
                            <PersonPart fields begin />
                        </div>
                    </section>
                    <section class="card" aria-label="保険">
                        <div class="card-header">
                            <h2>"保険"</h2>
                            <span class="small muted">"保険証・資格確認書がなければ空欄のまま（自費）"</span>
                        </div>
                        <div class="card-body">
                            <InsurancePart fields />
                        </div>
                    </section>
                    <details class="card card-details">
                        <summary class="card-header">
                            <h2>"公費"</h2>
                            <span class="small muted">"受給者証があるときに開く"</span>
                        </summary>
                        <div class="card-body">
                            <SubsidyPart fields />
                        </div>
                    </details>
                    <div class="btn-row form-actions">
                        // Waits for the page to listen: a plain form would lose what was typed when something is wrong.
                        <button class="btn btn-primary" disabled=move || !ready.get() || register.pending().get()>
                            {move || if register.pending().get() { "登録しています…" } else { "登録する" }}
                            <kbd class="kbd" aria-hidden="true">
                                "Enter"
                            </kbd>
                        </button>
                    </div>
                </form>
            </Show>
            <Dialog open=asking title="同じ方かもしれません" wide=true>
                <div class="dialog-body stack">
                    <p>"よく似た患者が登録されています。保存する前に確認してください。"</p>
                    <Duplicates found=duplicates />
                </div>
                <div class="dialog-footer">
                    <button type="button" class="btn btn-quiet" on:click=move |_| asking.set(false)>
                        "入力に戻る"
                    </button>
                    <button
                        type="button"
                        class="btn btn-primary"
                        disabled=move || register.pending().get()
                        on:click=move |_| {
                            register.dispatch(true);
                        }
                    >
                        "別の方として登録する"
                    </button>
                </div>
            </Dialog>
        </main>
    }
}

/// Who may be the same person, and why.
#[component]
fn Duplicates(found: RwSignal<Vec<LikelyDuplicate>>) -> impl IntoView {
    view! {
        <div class="table-wrap">
            <table class="table">
                <thead>
                    <tr>
                        <th scope="col">"番号"</th>
                        <th scope="col">"氏名"</th>
                        <th scope="col">"生年月日"</th>
                        <th scope="col">"電話"</th>
                        <th scope="col">"似ている点"</th>
                        <th scope="col">"操作"</th>
                    </tr>
                </thead>
                <tbody>
                    <For each=move || found.get() key=|one| one.patient.id let:one>
                        <tr>
                            <td class="num-left">{one.patient.number}</td>
                            <th scope="row">
                                {one.patient.name.full()} <span class="sub">{one.patient.name.kana()}</span>
                            </th>
                            <td class="nowrap">{date::both(one.patient.birth_date)}</td>
                            <td class="nowrap">{one.patient.phone.clone()}</td>
                            <td>{one.reason.clone()}</td>
                            <td>
                                <a class="btn btn-secondary btn-sm" href=format!("/patients/{}", one.patient.id)>
                                    "この患者を開く"
                                </a>
                            </td>
                        </tr>
                    </For>
                </tbody>
            </table>
        </div>
    }
}

/// Saved; the patient stands at the desk, so checking in is one key away.
#[component]
fn Registered(patient: PatientId, number: i64, name: String, letter: Option<ReceivedId>) -> impl IntoView {
    let navigate = use_navigate();
    let role = use_me().staff.role;
    let toast = toast();
    let problem = RwSignal::new(None::<AppError>);
    let who = name.clone();
    let go = Action::new(move |(): &()| {
        let (navigate, who) = (navigate.clone(), who.clone());
        async move {
            match check_in(patient, String::new()).await {
                Ok(visit) => {
                    toast(&format!("{} さんを受け付けました（{}）。", who, visit.kind.label()));
                    navigate("/reception", Default::default());
                }
                Err(error) => {
                    failed(&error);
                    problem.set(Some(error));
                }
            }
        }
    });
    view! {
        <section class="card" aria-label="登録しました">
            <div class="card-body stack">
                <Notice tone=Tone::Ok title="登録しました">
                    <p>{format!("患者番号 {number}　{name} さん")}</p>
                </Notice>
                {move || problem.get().map(|error| view! { <Notice tone=Tone::Danger><p>{error.to_string()}</p></Notice> })}
                <div class="btn-row">
                    <button
                        id="check-in-now"
                        type="button"
                        class="btn btn-primary"
                        disabled=move || go.pending().get()
                        on:click=move |_| {
                            go.dispatch(());
                        }
                    >
                        "受付する"
                        <kbd class="kbd" aria-hidden="true">
                            "Enter"
                        </kbd>
                    </button>
                    <a class="btn btn-secondary" href=format!("/patients/{patient}")>
                        "患者情報"
                    </a>
                    {letter
                        .map(|letter| {
                            // The desk sorts letters; doctors and nurses read them.
                            let way = if offers(role, Offer::Outside) { format!("/inbox/{letter}") } else { "/inbox".to_owned() };
                            view! {
                                <a class="btn btn-secondary" href=way>
                                    "紹介状へ戻る"
                                </a>
                            }
                        })}
                    <a class="btn btn-quiet" href="/patients/new" rel="external">
                        "続けて新患登録"
                    </a>
                </div>
            </div>
        </section>
    }
}
