//! A letter that came in: to be read like paper, with the patient it is about, its parts to take over, and the reply.

use super::{
    api,
    document::{Entries, Oddities, Refused, TakeAll, hidden_from_patient, title_of},
    hand::{HEADING, Hand},
    sheet::IncomingSheet,
    unread::Unread,
    whose::{NotThis, Whose},
};
use crate::{
    letters,
    session::{Offer, offers, use_me},
    ui::{Badge, Failure, Notice, Skeleton, Tone, failed, toast_error, use_events},
};
use leptos::{prelude::*, task::spawn_local};
use leptos_meta::Title;
use leptos_router::{
    components::A,
    hooks::{use_navigate, use_params_map},
};
use model::{
    AppError, date,
    ids::ReceivedId,
    outside::{IncomingPage, IncomingState, Standing},
    patient::Patient,
    staff::Role,
};

/// The page `/inbox/:id`.
#[component]
pub fn IncomingLetterPage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.read().get("id").and_then(|id| id.parse::<ReceivedId>().ok()));
    let page = Resource::new(
        move || id.get(),
        |id| async move {
            match id {
                Some(id) => api::incoming(id).await,
                None => Err(AppError::NotFound),
            }
        },
    );
    // What was opened is no longer unread.
    let unread = expect_context::<Option<Unread>>();
    Effect::new(move |_| {
        if let (Some(unread), true) = (unread, page.with(|page| matches!(page, Some(Ok(_))))) {
            unread.ask();
        }
    });
    view! {
        <Transition fallback=Skeleton>
            {move || {
                page.get()
                    .map(|answer| match answer {
                        // Never a letter under another's address, not even for a moment.
                        Ok(page) if Some(page.head.id) != id.get_untracked() => view! { <Skeleton /> }.into_any(),
                        Ok(now) => {
                            view! { <Reading page=now reload=Callback::new(move |()| page.refetch()) /> }.into_any()
                        }
                        Err(error) => view! { <main id="main" class="page"><Failure error /></main> }.into_any(),
                    })
            }}
        </Transition>
    }
}

/// Where a letter stands, in a word with its colour.
#[component]
pub fn IncomingBadge(
    /// The state.
    state: IncomingState,
) -> impl IntoView {
    let tone = match state {
        IncomingState::Unread => Tone::Warn,
        IncomingState::Received => Tone::Info,
        IncomingState::Replied => Tone::Ok,
        IncomingState::Withdrawn => Tone::Neutral,
        IncomingState::Broken => Tone::Danger,
    };
    view! { <Badge text=state.label() tone /> }
}

#[component]
fn Reading(page: IncomingPage, reload: Callback<()>) -> impl IntoView {
    let me = use_me();
    let print_trouble = toast_error();
    let print = move |_| {
        if window().print().is_err() {
            print_trouble(&AppError::conflict("このブラウザでは印刷できません。"));
        }
    };
    let head = page.head.clone();
    let title = format!("{}からの{}", head.institution, title_of(&page.document));
    let broken = !page.document.refused.is_empty();
    let sealed = !broken && hidden_from_patient(&page.document);
    let state = head.state;
    let facts: Vec<String> = [Some(format!("{} 着", date::stamp(head.came_at))), head.is_reply.then(|| "返書".to_owned())]
        .into_iter()
        .flatten()
        .collect();
    let clinic = me.clinic_name.clone();
    view! {
        <Title text=title.clone() />
        <main id="main" class="page" tabindex="-1">
            <div class="page-header no-print">
                <div class="cluster">
                    <h1>{title}</h1>
                    <IncomingBadge state />
                    <span class="muted small">{facts.join("・")}</span>
                </div>
                <div class="btn-row">
                    <A href="/inbox" attr:class="btn btn-quiet">
                        "一覧へ戻る"
                    </A>
                    {(!broken)
                        .then(|| {
                            view! {
                                <button type="button" class="btn btn-secondary" on:click=print>
                                    "印刷"
                                </button>
                            }
                        })}
                    <Reply page=page.clone() doctor=me.staff.role == Role::Doctor />
                </div>
            </div>
            {(state == IncomingState::Withdrawn)
                .then(|| {
                    view! {
                        <div class="no-print">
                            <Notice tone=Tone::Warn title="送り元が取り消した紹介状です">
                                <p>"内容を診療に使う前に、送り元に確かめてください。"</p>
                            </Notice>
                        </div>
                    }
                })}
            {sealed
                .then(|| {
                    view! {
                        <div class="no-print">
                            <Notice tone=Tone::Warn title="患者さんに伝えていない病名が含まれます">
                                <p>
                                    "送り元が未告知・未提供としています。印刷したものをお渡しするときは封をしてください。"
                                </p>
                            </Notice>
                        </div>
                    }
                })}
            {if broken {
                view! { <Refused document=page.document.clone() /> }.into_any()
            } else {
                view! {
                    <div class="page-split incoming-split">
                        <IncomingSheet page=page.clone() clinic />
                        <div class="stack no-print">
                            <PatientCard page=page.clone() reload />
                            <PartsCard page reload />
                        </div>
                    </div>
                }
                    .into_any()
            }}
        </main>
    }
}

/// The reply: begun, or opened where it is there already.
#[component]
fn Reply(page: IncomingPage, doctor: bool) -> impl IntoView {
    let show = toast_error();
    let navigate = use_navigate();
    let busy = RwSignal::new(false);
    let id = page.head.id;
    let may_answer =
        doctor && matches!(page.head.state, IncomingState::Unread | IncomingState::Received | IncomingState::Replied);
    let known = page.patient.is_some();
    // A reply has been answered by what it answers: another one is the exception.
    let class = if page.head.is_reply { "btn btn-quiet" } else { "btn btn-primary" };
    let there = page.reply.zip(page.patient.as_ref().map(|patient| patient.id));
    let begin = move |_| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        let navigate = navigate.clone();
        spawn_local(async move {
            let answer = letters::api::begin_reply(id).await;
            let _ = busy.try_set(false);
            match answer {
                Ok(letter) => navigate(&format!("/patients/{}/letters/{}", letter.patient, letter.id), Default::default()),
                Err(error) => {
                    failed(&error);
                    show(&error);
                }
            }
        });
    };
    match there {
        Some((reply, patient)) => view! {
            <A href=format!("/patients/{patient}/letters/{reply}") attr:class=class>
                "返書を開く"
            </A>
        }
        .into_any(),
        None if may_answer => view! {
            <button
                type="button"
                class=class
                disabled=move || busy.get() || !known
                title=(!known).then_some("患者を決めると書けます")
                on:click=begin
            >
                "返書を書く"
            </button>
        }
        .into_any(),
        None => ().into_any(),
    }
}

/// Whom it is about: known, or to be chosen.
#[component]
fn PatientCard(page: IncomingPage, reload: Callback<()>) -> impl IntoView {
    let done = Callback::new(move |_| reload.run(()));
    let letter = page.head.id;
    let answers = page.answers.zip(page.patient.as_ref().map(|patient| patient.id));
    // The reception may have sorted it meanwhile, or the sender taken it back.
    let decided = page.patient.as_ref().map(|patient| patient.id.to_string());
    use_events("inbox", move |data| {
        if data.is_empty() || (data == letter.to_string() && decided.is_none()) {
            reload.run(());
        }
    });
    view! {
        <section class="card" aria-label="患者">
            <div class="card-header">
                <h2>"患者"</h2>
                {page.patient.as_ref().map(|patient| view! { <NotThis letter patient=patient.id on_done=done /> })}
            </div>
            <div class="card-body stack">
                {match page.patient {
                    Some(patient) => view! { <Known patient /> }.into_any(),
                    None => {
                        view! { <Whose letter about=page.head.about candidates=page.candidates on_done=done /> }.into_any()
                    }
                }}
                {answers
                    .map(|(letter, patient)| {
                        view! {
                            <p class="small">
                                "当院の"
                                <A href=format!("/patients/{patient}/letters/{letter}")>"紹介状"</A>
                                "への返書です。"
                            </p>
                        }
                    })}
            </div>
        </section>
    }
}

#[component]
fn Known(patient: Patient) -> impl IntoView {
    let id = patient.id;
    let role = use_me().staff.role;
    view! {
        <dl class="facts">
            <dt>"氏名"</dt>
            <dd>
                <strong>{patient.name.full()}</strong>
                " "
                <span class="muted small">{patient.name.kana()}</span>
            </dd>
            <dt>"患者番号"</dt>
            <dd class="num">{patient.number}</dd>
            <dt>"生年月日"</dt>
            <dd>{date::both(patient.birth_date)}</dd>
        </dl>
        <div class="btn-row">
            {offers(role, Offer::Chart)
                .then(|| {
                    view! {
                        <a class="btn btn-secondary btn-sm" href=format!("/patients/{id}/chart")>
                            "カルテ"
                        </a>
                    }
                })}
            <a class="btn btn-quiet btn-sm" href=format!("/patients/{id}")>
                "患者情報"
            </a>
        </div>
    }
}

/// The parts of the letter that can be taken over into the chart.
#[component]
fn PartsCard(page: IncomingPage, reload: Callback<()>) -> impl IntoView {
    let patient = page.patient.as_ref().map(|patient| patient.id);
    // What others shared stands in the chart; here only this letter counts.
    let done = Callback::new(move |_| reload.run(()));
    let hand = patient.filter(|_| page.head.state != IncomingState::Withdrawn).map(|patient| Hand::new(patient, done));
    let (notes, others) = (page.document.notes.clone(), page.document.others.clone());
    let plain = notes.is_empty() && others.is_empty();
    let label = format!("{} {}", title_of(&page.document), page.document.shared_on);
    let none = page.document.entries.is_empty();
    let mut document = page.document;
    if patient.is_none() {
        // Said once above the entries, not at each of them.
        for entry in &mut document.entries {
            entry.standing = Standing::ReadOnly { why: String::new() };
        }
    }
    let document = Signal::stored(document);
    view! {
        <section class="card" aria-label="取り込み">
            <div class="card-header">
                <h2 id=HEADING tabindex="-1">
                    "カルテへの取り込み"
                </h2>
                {hand.map(|hand| view! { <TakeAll document label hand /> })}
            </div>
            {(patient.is_none() && !none)
                .then(|| view! { <p class="card-body small muted">"患者を決めると、下の項目をカルテに取り込めます。"</p> })}
            {none.then(|| view! { <p class="empty">"取り込める項目はありません。"</p> })}
            <Entries document hand new_only=false ours=None />
            <div class="card-body" hidden=plain>
                <Oddities notes others />
            </div>
        </section>
    }
}
