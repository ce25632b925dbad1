//! Papers that become documents beside the letter: 患者サマリー（療養計画書）, 健診結果報告書, 退院時サマリー.
//!
//! | file | what |
//! | --- | --- |
//! | `list.rs` | the papers of a patient in the chart's panel |
//! | `editor.rs` | a draft: saved while typed, issued with Ctrl+Enter |
//! | `care_plan.rs`, `checkup.rs` with `answer.rs`, `discharge.rs` | what is typed in each |
//! | `desk.rs`, `fields.rs` | what their fields share, and the fields |
//! | `issued.rs`, `sheet.rs` | an issued one with its document's state; how it looks on paper |

mod answer;
pub mod api;
mod care_plan;
mod checkup;
mod desk;
mod discharge;
mod editor;
mod fields;
mod issued;
mod list;
mod sheet;

pub use list::Papers;

use crate::{
    chart::PatientBanner,
    session::use_me,
    ui::{Failure, Skeleton, Turns, use_events},
};
use editor::PaperEditor;
use issued::IssuedPaper;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::{components::A, hooks::use_params_map};
use model::{AppError, date, ids::PaperId, paper::PaperPage as Page, staff::Role};

/// The page `/patients/:id/papers/:paper`.
#[component]
pub fn PaperPage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.read().get("paper").and_then(|id| id.parse::<PaperId>().ok()));
    let page = Resource::new(
        move || id.get(),
        |id| async move {
            match id {
                Some(id) => api::paper(id).await,
                None => Err(AppError::NotFound),
            }
        },
    );
    view! {
        <Suspense fallback=Skeleton>
            {move || {
                page.get()
                    .map(|answer| match answer {
                        // Never a paper under another's address, not even for a moment.
                        Ok(page) if Some(page.paper.id) != id.get_untracked() => view! { <Skeleton /> }.into_any(),
                        Ok(page) => view! { <PaperDesk page /> }.into_any(),
                        Err(error) => view! { <main id="main" class="page"><Failure error /></main> }.into_any(),
                    })
            }}
        </Suspense>
    }
}

#[component]
fn PaperDesk(page: Page) -> impl IntoView {
    let me = use_me();
    let day = date::day_of(page.paper.saved_at);
    let patient = page.patient.clone();
    let chart = format!("/patients/{}/chart", patient.id);
    let title = format!("{}の{}", patient.name.full(), page.paper.form.kind().label());
    let allergies = page.allergies.clone();
    let paper = RwSignal::new(page.paper.clone());
    let id = page.paper.id;
    let page = RwSignal::new(page);
    let turns = Turns::default();
    let fresh = Callback::new(move |()| {
        let turn = turns.ask();
        leptos::task::spawn_local(async move {
            if let Ok(answer) = api::paper(id).await
                && turns.show(turn)
            {
                // What an issued paper says is frozen: only where its document stands goes on.
                let _ = paper.try_set(answer.paper.clone());
                let issued = page.try_with_untracked(|page| page.paper.issued_at.is_none()) == Some(true);
                if issued && answer.paper.issued_at.is_some() {
                    let _ = page.try_set(answer);
                }
            }
        });
    });
    // What became of its document is told as it happens.
    let whose = patient.id.to_string();
    use_events("chart", move |data| {
        if (data.is_empty() || data == whose) && paper.with_untracked(|paper| paper.issued_at.is_some()) {
            fresh.run(());
        }
    });
    let is_draft = Memo::new(move |_| paper.with(|paper| paper.issued_at.is_none()));
    let may_write = me.staff.role == Role::Doctor;
    view! {
        <Title text=title.clone() />
        <main id="main" class="letter-page" tabindex="-1">
            <div class="no-print">
                <PatientBanner patient=Signal::stored(patient) allergies=Signal::stored(allergies) day>
                    <A href=chart.clone() attr:class="btn btn-quiet btn-sm">
                        "診療録へ戻る"
                    </A>
                </PatientBanner>
            </div>
            <h1 class="sr-only">{title.clone()}</h1>
            {move || {
                if is_draft.get() && may_write {
                    let page = page.get_untracked();
                    view! { <PaperEditor page paper fresh clinic=me.clinic /> }.into_any()
                } else {
                    let page = page.get();
                    view! { <IssuedPaper page paper fresh may_write /> }.into_any()
                }
            }}
        </main>
    }
}
