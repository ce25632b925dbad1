//! A patient's registration: data with editing, insurance, subsidies, consent.

use super::{
    api,
    fields::Fields,
    form::PersonPart,
    papers::{Consent, InsuranceCard, SubsidyCard},
};
use crate::{
    outside::{AskedAtDesk, OutsideAtDesk},
    reception::api::check_in,
    session::{Offer, offers, use_me},
    ui::{
        Answer, DateText, Notice, StaleDialog, Tone, failed, focus_first_invalid, focus_id, toast, toast_error, today,
        use_events, use_shortcut,
    },
};
use leptos::{callback::Callable, prelude::*};
use leptos_meta::Title;
use leptos_router::hooks::{use_location, use_navigate, use_params_map};
use model::{AppError, date, ids::PatientId, patient::Patient};

/// Fields at which editing can begin.
const BEGINNINGS: [&str; 4] = ["family", "family_kana", "birth_date", "address"];

/// The page `/patients/:id`.
#[component]
pub fn PatientPage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get("id")).unwrap_or_default().parse::<PatientId>());
    let patient = Resource::new(move || id.get(), |id| async move { api::patient(id?).await });
    // Somebody edits here: fresh data would take the text away, so it is fetched when they are done.
    let editing = RwSignal::new(false);
    use_events("chart", move |changed| {
        let ours = changed.is_empty() || id.get_untracked().is_ok_and(|id| id.to_string() == changed);
        if ours && !editing.get_untracked() {
            patient.refetch();
        }
    });
    let refetch = Callback::new(move |()| patient.refetch());
    let asked = AskedAtDesk::new();
    // Whoever is sent here to mend something (`#edit-address`, `#insurance`) begins at its field.
    let hash = use_location().hash;
    let begin =
        Memo::new(move |_| hash.with(|hash| BEGINNINGS.into_iter().find(|field| hash.strip_prefix("#edit-") == Some(field))));
    Effect::new(move |done: Option<bool>| {
        let there = done == Some(true) || matches!(patient.get(), Some(Ok(_)));
        if there && done != Some(true) {
            if begin.get_untracked().is_some() {
                editing.set(true);
            } else if hash.with_untracked(|hash| hash == "#insurance") {
                focus_id("add-insurance");
            }
        }
        there
    });
    view! {
        <Title text="患者情報" />
        <main id="main" class="page" tabindex="-1">
            <Answer data=patient view=move |patient| view! { <Registration patient editing begin refetch asked /> } />
        </main>
    }
}

#[component]
fn Registration(
    patient: Patient,
    editing: RwSignal<bool>,
    begin: Memo<Option<&'static str>>,
    refetch: Callback<()>,
    asked: AskedAtDesk,
) -> impl IntoView {
    let id = patient.id;
    let role = use_me().staff.role;
    let (chart, desk) = (offers(role, Offer::Chart), offers(role, Offer::Desk));
    let (toast, toast_error) = (toast(), toast_error());
    let navigate = use_navigate();
    let name = patient.name.full();
    let who = name.clone();
    let receive = Action::new(move |(): &()| {
        let (navigate, who) = (navigate.clone(), who.clone());
        async move {
            match check_in(id, String::new()).await {
                Ok(visit) => {
                    toast(&format!("{} さんを受け付けました（{}）。", who, visit.kind.label()));
                    navigate("/reception", Default::default());
                }
                Err(error) => {
                    failed(&error);
                    toast_error(&error);
                }
            }
        }
    });
    let shown = StoredValue::new(patient.clone());
    view! {
        <div class="page-header">
            <div class="cluster">
                <h1>{name}</h1>
                <span class="patient-kana">{patient.name.kana()}</span>
                <span class="muted num">{format!("患者番号 {}", patient.number)}</span>
                <span>{format!("{}歳・{}", date::age_on(patient.birth_date, today()), patient.sex.label())}</span>
            </div>
            <div class="btn-row">
                {desk
                    .then(|| {
                        view! {
                            <button
                                type="button"
                                class="btn btn-primary"
                                disabled=move || receive.pending().get()
                                on:click=move |_| {
                                    receive.dispatch(());
                                }
                            >
                                "受付する"
                            </button>
                        }
                    })}
                {chart
                    .then(|| {
                        let month = crate::months::slug(today());
                        view! {
                            <a class="btn btn-secondary" href=format!("/patients/{id}/chart")>
                                "カルテ"
                            </a>
                            <a class="btn btn-quiet" href=format!("/patients/{id}/months/{month}")>
                                "月次会計"
                            </a>
                            <a class="btn btn-quiet" href=format!("/patients/{id}/account")>
                                "共有の記録"
                            </a>
                        }
                    })}
            </div>
        </div>
        <div class="page-split page-split-even">
            <div class="stack">
                <section class="card" aria-label="基本情報">
                    <Show
                        when=move || editing.get()
                        fallback=move || view! { <Facts patient=shown.get_value() editing /> }
                    >
                        <Edit patient=shown.get_value() editing begin=begin.get_untracked().unwrap_or(BEGINNINGS[0]) refetch />
                    </Show>
                </section>
                <InsuranceCard patient=patient.clone() refetch />
            </div>
            <div class="stack">
                <SubsidyCard patient=patient.clone() refetch />
                <Consent patient=patient.clone() refetch />
                {desk.then(|| view! { <OutsideAtDesk patient asked reads=offers(role, Offer::Outside) /> })}
            </div>
        </div>
    }
}

/// The data as it is.
#[component]
fn Facts(patient: Patient, editing: RwSignal<bool>) -> impl IntoView {
    use_shortcut("e", "基本情報を編集する", move || editing.set(true));
    let dash = |text: String| if text.is_empty() { "—".to_owned() } else { text };
    let postal = match patient.postal_code.split_at_checked(3) {
        Some((area, rest)) => format!("〒{area}-{rest}"),
        None => String::new(),
    };
    view! {
        <div class="card-header">
            <h2>"基本情報"</h2>
            <button id="edit-person" type="button" class="btn btn-secondary btn-sm" on:click=move |_| editing.set(true)>
                "編集"
                <kbd class="kbd" aria-hidden="true">
                    "e"
                </kbd>
            </button>
        </div>
        <div class="card-body">
            <dl class="facts">
                <dt>"氏名"</dt>
                <dd>{patient.name.full()}</dd>
                <dt>"氏名カナ"</dt>
                <dd>{patient.name.kana()}</dd>
                <dt>"生年月日"</dt>
                <dd>
                    <DateText day=patient.birth_date />
                </dd>
                <dt>"性別"</dt>
                <dd>{patient.sex.label()}</dd>
                <dt>"電話番号"</dt>
                <dd class="num">{dash(patient.phone)}</dd>
                <dt>"住所"</dt>
                <dd>
                    <span class="num">{postal}</span>
                    " "
                    {patient.address}
                </dd>
            </dl>
        </div>
    }
}

/// The data while it is edited; a stale version is answered with both texts.
#[component]
fn Edit(patient: Patient, editing: RwSignal<bool>, begin: &'static str, refetch: Callback<()>) -> impl IntoView {
    let id = patient.id;
    let fields = Fields::of(&patient);
    let problem = RwSignal::new(None::<AppError>);
    let stale = RwSignal::new(None::<AppError>);
    let toast = toast();
    let close = move || {
        editing.set(false);
        let _ = refetch.try_run(());
        focus_id("edit-person");
    };
    let save = Action::new(move |version: &i64| {
        let (version, form) = (*version, untrack(|| fields.form()));
        async move {
            match api::change_patient(id, form, version).await {
                Ok(_) => {
                    toast("患者情報を保存しました。");
                    close();
                }
                Err(error @ AppError::Stale { .. }) => stale.set(Some(error)),
                Err(error) => {
                    failed(&error);
                    problem.set(fields.refuse(error));
                    focus_first_invalid();
                }
            }
        }
    });
    let send = move || {
        problem.set(None);
        if fields.attempt() {
            save.dispatch(patient.version);
        } else {
            focus_first_invalid();
        }
    };
    view! {
        <div class="card-header">
            <h2>"基本情報の編集"</h2>
        </div>
        <form
            class="card-body stack form-half"
            novalidate
            aria-label="基本情報の編集"
            on:submit=move |event| {
                event.prevent_default();
                send();
            }
        >
            {move || problem.get().map(|error| view! { <Notice tone=Tone::Danger><p>{error.to_string()}</p></Notice> })}
            <PersonPart fields begin />
            <div class="btn-row">
                <button class="btn btn-primary" disabled=move || save.pending().get()>
                    "保存する"
                </button>
                <button type="button" class="btn btn-quiet" on:click=move |_| close()>
                    "やめる"
                </button>
            </div>
        </form>
        <StaleDialog
            error=stale
            on_mine=Callback::new(move |version| {
                save.dispatch(version);
            })
            on_theirs=Callback::new(move |()| close())
        />
    }
}
