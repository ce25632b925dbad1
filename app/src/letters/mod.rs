//! Referral letters (診療情報提供書): written, issued and printed.

pub mod api;
mod editor;
mod given;
mod parts;
mod sheet;

use crate::{
    chart::{PatientBanner, clock},
    session::use_me,
    ui::{Failure, Skeleton, toast_error, use_events},
};
use editor::LetterEditor;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::{components::A, hooks::use_params_map};
use model::{
    AppError, date,
    ids::LetterId,
    letter::{Letter, LetterPage as Page},
    share::ShareState,
    staff::Role,
};
use sheet::LetterSheet;

/// The page `/patients/:id/letters/:letter`.
#[component]
pub fn LetterPage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.read().get("letter").and_then(|id| id.parse::<LetterId>().ok()));
    let page = Resource::new(
        move || id.get(),
        |id| async move {
            match id {
                Some(id) => api::letter(id).await,
                None => Err(AppError::NotFound),
            }
        },
    );
    view! {
        <Suspense fallback=Skeleton>
            {move || {
                page.get()
                    .map(|answer| match answer {
                        // Never a letter under another's address, not even for a moment.
                        Ok(page) if Some(page.letter.id) != id.get_untracked() => view! { <Skeleton /> }.into_any(),
                        Ok(page) => view! { <LetterDesk page /> }.into_any(),
                        Err(error) => view! { <main id="main" class="page"><Failure error /></main> }.into_any(),
                    })
            }}
        </Suspense>
    }
}

#[component]
fn LetterDesk(page: Page) -> impl IntoView {
    let me = use_me();
    let day = date::day_of(page.letter.saved_at);
    let patient = page.patient.clone();
    let chart = format!("/patients/{}/chart", patient.id);
    let title = format!("{}の紹介状", patient.name.full());
    let letter = RwSignal::new(page.letter.clone());
    let page = StoredValue::new(page);
    let id = letter.with_untracked(|letter| letter.id);
    // What became of its document is told as it happens.
    let whose = patient.id.to_string();
    use_events("chart", move |data| {
        if (data.is_empty() || data == whose) && letter.with_untracked(|letter| letter.issued_at.is_some()) {
            leptos::task::spawn_local(async move {
                if let Ok(fresh) = api::letter(id).await {
                    let _ = letter.try_set(fresh.letter);
                }
            });
        }
    });
    let is_draft = Memo::new(move |_| letter.with(|letter| letter.issued_at.is_none()));
    let may_write = me.staff.role == Role::Doctor;
    let allergies = page.with_value(|page| page.enclosed.allergies.clone());
    view! {
        <Title text=title.clone() />
        <main id="main" class="letter-page" tabindex="-1">
            <div class="no-print">
                <PatientBanner
                    patient=Signal::stored(patient)
                    allergies=Signal::stored(allergies)
                    day
                >
                    <A href=chart.clone() attr:class="btn btn-quiet btn-sm">
                        "診療録へ戻る"
                    </A>
                </PatientBanner>
            </div>
            <h1 class="sr-only">{title.clone()}</h1>
            {move || {
                let page = page.get_value();
                if is_draft.get() && may_write {
                    view! { <LetterEditor page letter clinic=me.clinic /> }.into_any()
                } else {
                    view! { <Issued page letter /> }.into_any()
                }
            }}
        </main>
    }
}

/// A letter as it stands: on paper, with the state of its document beside it.
#[component]
fn Issued(page: Page, letter: RwSignal<Letter>) -> impl IntoView {
    let trouble = toast_error();
    let print = move |_| {
        if window().print().is_err() {
            trouble(&AppError::conflict("このブラウザでは印刷できません。"));
        }
    };
    let state = move || {
        let Some(state) = letter.with(|letter| letter.standing.share.clone()) else {
            let paper = letter.with(|letter| letter.issued_at.is_some() && letter.form.to_number.trim().is_empty());
            return paper.then(|| view! { <span class="small">"電子送信なし（印刷してお渡しください）"</span> }.into_any());
        };
        Some({
            let more = match &state {
                ShareState::Sent { receipt } => format!("受付番号 {receipt}"),
                ShareState::Waiting { problem, .. } | ShareState::Cancelling { problem } => {
                    problem.as_ref().map(|problem| problem.message.clone()).unwrap_or_default()
                }
                ShareState::Refused { reasons } => {
                    reasons.iter().map(|reason| reason.message.as_str()).collect::<Vec<_>>().join(" ")
                }
                ShareState::Checking { receipt } | ShareState::Cancelled { receipt } => format!("受付番号 {receipt}"),
                ShareState::Superseded => String::new(),
            };
            view! {
                <crate::sharing::ShareBadge state />
                <span class="small">{more}</span>
            }
            .into_any()
        })
    };
    let stamp = move || {
        letter.with(|letter| match letter.issued_at {
            Some(at) => format!("{} 発行（{}）", date::stamp(at), letter.author.name),
            None => format!("下書き {}", date::stamp(letter.saved_at)),
        })
    };
    let day = letter.with_untracked(|letter| date::day_of(letter.issued_at.unwrap_or(letter.saved_at)));
    view! {
        <div class="letter-bar no-print" role="region" aria-label="紹介状の状態">
            <span class="muted small" title=clock::dated(day)>{stamp}</span>
            {state}
            <button type="button" id="letter-print" class="btn btn-primary letter-print" on:click=print>
                "印刷"
            </button>
        </div>
        <LetterSheet page form=Signal::derive(move || letter.with(|letter| letter.form.clone())) day />
    }
}
