//! What was shared with the national platform (電子カルテ情報共有サービス), what others shared, and the letters.

pub mod api;

use crate::{
    chart::store::ChartStore,
    letters,
    ui::{Badge, Tone, toast},
};
use leptos::prelude::*;
use leptos_router::{components::A, hooks::use_navigate};
use model::{
    date,
    letter::LetterSummary,
    share::{ShareState, SharedDocument},
};

/// The panel 文書.
#[component]
pub fn DocumentsPanel() -> impl IntoView {
    view! {
        <div class="panel-section">
            <Letters />
        </div>
        <div class="panel-section">
            <Sent />
        </div>
    }
}

/// Letters of the patient, and the way to a new one.
#[component]
fn Letters() -> impl IntoView {
    let store = expect_context::<ChartStore>();
    let trouble = store.trouble();
    let navigate = use_navigate();
    let busy = RwSignal::new(false);
    let write = move |_| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        store.touched();
        let navigate = navigate.clone();
        leptos::task::spawn_local(async move {
            let answer = letters::api::new_letter(store.id).await;
            let _ = busy.try_set(false);
            match answer {
                Ok(letter) => navigate(&format!("/patients/{}/letters/{}", store.id, letter.id), Default::default()),
                Err(error) => trouble(&error),
            }
        });
    };
    view! {
        <div class="column-head">
            <h2>"紹介状"</h2>
            <button
                type="button"
                class="btn btn-secondary btn-sm"
                hidden=!store.may_code()
                disabled=move || busy.get()
                on:click=write
            >
                "紹介状を書く"
            </button>
        </div>
        <Show
            when=move || store.letters.with(|all| !all.is_empty())
            fallback=|| view! { <p class="empty">"紹介状はまだありません。"</p> }
        >
            <ul class="rows" aria-label="紹介状">
                <For
                    each=move || store.letters.get()
                    key=|letter| (letter.id, letter.saved_at, letter.issued_at)
                    children=move |letter| view! { <LetterRow letter /> }
                />
            </ul>
        </Show>
    }
}

#[component]
fn LetterRow(letter: LetterSummary) -> impl IntoView {
    let store = expect_context::<ChartStore>();
    let to = if letter.to_institution.trim().is_empty() { "宛先未記入".to_owned() } else { letter.to_institution.clone() };
    view! {
        <li class="row">
            <div class="row-main">
                <A href=format!("/patients/{}/letters/{}", store.id, letter.id) attr:class="row-name">
                    {to}
                </A>
                <span class="row-sub">{format!("{} 保存", date::stamp(letter.saved_at))}</span>
            </div>
            {match letter.issued_at {
                Some(_) => view! { <Badge text="発行済" tone=Tone::Ok /> },
                None => view! { <Badge text="下書き" tone=Tone::Warn /> },
            }}
        </li>
    }
}

/// Where a document stands, in a word with its colour.
#[component]
pub fn ShareBadge(
    /// The state.
    state: ShareState,
) -> impl IntoView {
    let tone = match state {
        ShareState::Waiting { .. } | ShareState::Checking { .. } | ShareState::Cancelling { .. } => Tone::Info,
        ShareState::Sent { .. } => Tone::Ok,
        ShareState::Refused { .. } => Tone::Danger,
        ShareState::Superseded | ShareState::Cancelled { .. } => Tone::Neutral,
    };
    view! { <Badge text=state.label() tone /> }
}

/// What this clinic sent.
#[component]
fn Sent() -> impl IntoView {
    let store = expect_context::<ChartStore>();
    view! {
        <div class="column-head">
            <h2>"共有した文書"</h2>
        </div>
        <Show
            when=move || store.shared.with(|all| !all.is_empty())
            fallback=|| view! { <p class="empty">"まだ何も送っていません。確定すると送信されます。"</p> }
        >
            <ul class="rows" aria-label="共有した文書" aria-live="polite">
                <For
                    each=move || store.shared.get()
                    key=|one| (one.id, one.updated_at, one.state.label())
                    children=move |document| view! { <SentRow document /> }
                />
            </ul>
        </Show>
    }
}

#[component]
fn SentRow(document: SharedDocument) -> impl IntoView {
    let store = expect_context::<ChartStore>();
    let say = toast();
    let trouble = store.trouble();
    let busy = RwSignal::new(false);
    let id = document.id;
    let again = move |_| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        store.touched();
        leptos::task::spawn_local(async move {
            match api::resend(id).await {
                Ok(all) => {
                    let _ = store.shared.try_set(all);
                    say("もう一度送ります。");
                }
                Err(error) => trouble(&error),
            }
            let _ = busy.try_set(false);
        });
    };
    let may_resend = store.may_code() && matches!(document.state, ShareState::Refused { .. } | ShareState::Waiting { .. });
    let more = match &document.state {
        ShareState::Sent { receipt } => {
            view! { <span class="row-sub">"受付番号 " <span class="num">{receipt.clone()}</span></span> }.into_any()
        }
        ShareState::Waiting { attempts, problem: Some(problem), .. } => {
            view! { <span class="row-sub">{format!("{attempts}回送信を試みました。{}", problem.message)}</span> }.into_any()
        }
        ShareState::Refused { reasons } => view! {
            <ul class="reasons">
                {reasons.iter().map(|reason| view! { <li>{reason.message.clone()}</li> }).collect_view()}
            </ul>
        }
        .into_any(),
        _ => ().into_any(),
    };
    view! {
        <li class="row">
            <div class="row-main">
                <span class="row-name">{document.title.clone()}</span>
                <span class="row-sub">{format!("{}・{}", document.kind.label(), date::stamp(document.updated_at))}</span>
                {more}
            </div>
            <div class="row-actions">
                <ShareBadge state=document.state.clone() />
                {may_resend
                    .then(|| {
                        view! {
                            <button
                                type="button"
                                class="btn btn-quiet btn-sm"
                                aria-label=format!("{}を再送", document.title)
                                disabled=move || busy.get()
                                on:click=again
                            >
                                "再送"
                            </button>
                        }
                    })}
            </div>
        </li>
    }
}
