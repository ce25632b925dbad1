//! The papers of the patient in the chart, and the ways to new ones.

use super::api;
use crate::{
    chart::store::ChartStore,
    sharing::ShareBadge,
    ui::{Badge, Tone},
};
use leptos::prelude::*;
use leptos_router::{components::A, hooks::use_navigate};
use model::{
    date,
    paper::PaperSummary,
    share::{ShareKind, ShareState},
};

/// What can be written, and what its button says.
const KINDS: [(ShareKind, &str); 3] =
    [(ShareKind::CarePlan, "療養計画書"), (ShareKind::Checkup, "健診結果"), (ShareKind::Discharge, "退院時サマリー")];

/// The list, for the panel 文書.
#[component]
pub fn Papers() -> impl IntoView {
    let store = expect_context::<ChartStore>();
    let trouble = store.trouble();
    let navigate = StoredValue::new(use_navigate());
    let busy = RwSignal::new(false);
    let write = move |kind: ShareKind| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        store.touched();
        leptos::task::spawn_local(async move {
            let answer = api::new_paper(store.id, kind).await;
            let _ = busy.try_set(false);
            match answer {
                Ok(paper) => {
                    let address = format!("/patients/{}/papers/{}", store.id, paper.id);
                    let _ = navigate.try_with_value(|go| go(&address, Default::default()));
                }
                Err(error) => trouble(&error),
            }
        });
    };
    // A row is made anew when anything it shows has changed.
    let key = |paper: &PaperSummary| (paper.id, paper.saved_at, paper.issued_at, paper.share.as_ref().map(ShareState::label));
    view! {
        <div class="column-head">
            <h2>"計画書・健診・退院時"</h2>
        </div>
        <div class="btn-row panel-body" role="group" aria-label="文書を書く" hidden=!store.may_code()>
            {KINDS
                .map(|(kind, words)| {
                    view! {
                        <button
                            type="button"
                            class="btn btn-secondary btn-sm"
                            disabled=move || busy.get()
                            on:click=move |_| write(kind)
                        >
                            {words}
                            <span class="sr-only">"を書く"</span>
                        </button>
                    }
                })
                .collect_view()}
        </div>
        <Show
            when=move || store.papers.with(|all| !all.is_empty())
            fallback=|| view! { <p class="empty">"まだありません。"</p> }
        >
            <ul class="rows" aria-label="計画書・健診・退院時の文書">
                <For each=move || store.papers.get() key=key children=move |paper| view! { <PaperRow paper /> } />
            </ul>
        </Show>
    }
}

#[component]
fn PaperRow(paper: PaperSummary) -> impl IntoView {
    let store = expect_context::<ChartStore>();
    let when = match paper.issued_at {
        Some(at) => format!("{} 発行", date::stamp(at)),
        None => format!("{} 保存", date::stamp(paper.saved_at)),
    };
    view! {
        <li class="row">
            <div class="row-main">
                <A href=format!("/patients/{}/papers/{}", store.id, paper.id) attr:class="row-name">
                    {paper.title}
                </A>
                <span class="row-sub">{when}</span>
            </div>
            <div class="row-actions">
                {match (paper.share, paper.issued_at) {
                    (Some(state), _) => view! { <ShareBadge state /> }.into_any(),
                    (None, Some(_)) => view! { <Badge text="発行済" tone=Tone::Ok /> }.into_any(),
                    (None, None) => view! { <Badge text="下書き" tone=Tone::Warn /> }.into_any(),
                }}
            </div>
        </li>
    }
}
