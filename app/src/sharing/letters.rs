//! Letters of the patient (紹介状・返書), and the way to a new one.

use super::state::{LetterSteps, ShareBadge};
use crate::{
    chart::store::ChartStore,
    letters,
    ui::{Badge, Tone},
};
use leptos::prelude::*;
use leptos_router::{components::A, hooks::use_navigate};
use model::{date, letter::LetterSummary, share::ShareState};

/// The list of letters.
#[component]
pub(super) fn Letters() -> impl IntoView {
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
    // A row is made anew when anything it shows has changed.
    let key = |letter: &LetterSummary| {
        let standing = &letter.standing;
        let state = standing.share.as_ref().map(ShareState::label);
        (letter.id, letter.saved_at, letter.issued_at, state, standing.received_at, standing.reply)
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
                <For each=move || store.letters.get() key=key children=move |letter| view! { <LetterRow letter /> } />
            </ul>
        </Show>
    }
}

#[component]
fn LetterRow(letter: LetterSummary) -> impl IntoView {
    let store = expect_context::<ChartStore>();
    let to = if letter.to_institution.trim().is_empty() { "宛先未記入".to_owned() } else { letter.to_institution.clone() };
    let when = match letter.issued_at {
        Some(at) => format!("{} 発行", date::stamp(at)),
        None => format!("{} 保存", date::stamp(letter.saved_at)),
    };
    // What went out well is told by its steps; anything else by its badge.
    let unsent = letter.standing.share.clone().filter(|state| !matches!(state, ShareState::Sent { .. }));
    view! {
        <li class="row">
            <div class="row-main">
                <A href=format!("/patients/{}/letters/{}", store.id, letter.id) attr:class="row-name">
                    {letter.is_reply.then_some("返書: ")} {to}
                </A>
                <span class="row-sub">{when}</span>
                {letter.issued_at.map(|_| view! { <LetterSteps standing=letter.standing.clone() is_reply=letter.is_reply /> })}
            </div>
            <div class="row-actions">
                {unsent.map(|state| view! { <ShareBadge state /> })}
                {match letter.issued_at {
                    Some(_) => view! { <Badge text="発行済" tone=Tone::Ok /> },
                    None => view! { <Badge text="下書き" tone=Tone::Warn /> },
                }}
            </div>
        </li>
    }
}
