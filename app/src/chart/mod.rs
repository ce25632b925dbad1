//! The chart (診療録) of a patient: one page for the whole consultation.
//!
//! Left the past, in the middle today's note, beside it the panels: a visit needs no other page. Every part works by
//! keyboard; nothing that is typed is lost.
//!
//! | file | what |
//! | --- | --- |
//! | `store.rs` | what the page knows, as signals |
//! | `draft.rs` | a text that must not be lost; the note and the letter share it |
//! | `versions.rs` | its parts, the server's version, and two versions put together |
//! | `device.rs` | what is kept on this device |
//! | `soap.rs`, `written.rs` | the four parts, and a note as it is read |
//! | `note.rs`, `status.rs`, `collision.rs` | the editor, where its text is, and two people writing at once |
//! | `confirm.rs`, `amend.rs` | 確定 and 訂正・追記 |
//! | `history.rs`, `banner.rs`, `fee.rs` | past visits, whose chart this is, what today costs |
//! | `side.rs`, `places.rs` | the panels and their keys, and the ways to a row in them |

mod amend;
pub mod api;
mod banner;
pub mod clock;
mod collision;
mod confirm;
pub mod device;
pub mod draft;
mod fee;
mod history;
mod note;
pub mod places;
mod side;
mod soap;
mod status;
pub mod store;
mod versions;
mod written;

pub use banner::PatientBanner;
pub use collision::CollisionDialog;
pub use status::{DraftNotices, SaveStatus};

use crate::{
    session::use_me,
    ui::{Failure, Skeleton, focus_id, use_shortcut},
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;
use model::{AppError, chart::Chart, ids::PatientId};
use store::{ChartStore, PhoneView};

/// The page `/patients/:id/chart`.
#[component]
pub fn ChartPage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.read().get("id").and_then(|id| id.parse::<PatientId>().ok()));
    let chart = Resource::new(
        move || id.get(),
        |id| async move {
            match id {
                Some(id) => api::open_chart(id).await,
                None => Err(AppError::NotFound),
            }
        },
    );
    view! {
        <Suspense fallback=Skeleton>
            {move || {
                chart
                    .get()
                    .map(|answer| match answer {
                        // Never a chart under another patient's address, not even for a moment.
                        Ok(chart) if Some(chart.patient.id) != id.get_untracked() => view! { <Skeleton /> }.into_any(),
                        Ok(opened) => view! { <ChartDesk opened reload=Callback::new(move |()| chart.refetch()) /> }.into_any(),
                        Err(error) => view! { <main id="main" class="page"><Failure error /></main> }.into_any(),
                    })
            }}
        </Suspense>
    }
}

/// The page once the chart is there.
#[component]
fn ChartDesk(opened: Chart, reload: Callback<()>) -> impl IntoView {
    let me = use_me();
    let store = ChartStore::new(opened, &me);
    provide_context(store);
    store.follow();
    store.follow_fee();

    let draft = if untrack(|| store.writable()) { store.visit_id().map(|visit| note::open_draft(store, visit)) } else { None };
    let confirming = RwSignal::new(false);
    let ask_confirm = Callback::new(move |()| {
        if draft.is_some() && untrack(move || store.orderable()) {
            confirming.set(true);
        }
    });
    // The patient was checked in, or the visit was taken back, while the chart was open: a new desk.
    let seen = store.visit_id();
    Effect::new(move |_| {
        let now = store.visit.with(|visit| visit.as_ref().map(|visit| visit.id));
        if now != seen {
            reload.run(());
        }
    });
    // Somebody else confirmed the note: what is typed here stays on this device and is shown beside the new text.
    Effect::new(move |_| {
        let open = store.writable();
        if let Some(draft) = draft
            && !open
            && !draft.unsaved()
        {
            draft.close();
        }
    });

    use_shortcut("Ctrl+Enter", "確定", move || ask_confirm.run(()));
    use_shortcut("Alt+0", "本日の記載", move || {
        store.phone.set(PhoneView::Note);
        focus_id("note-S");
    });
    for panel in store::Panel::ALL {
        use_shortcut(panel.key(), panel.label(), move || {
            store.show(panel);
            side::focus_panel(panel);
        });
    }
    use_shortcut("Alt+9", "これまでの診療", move || store.phone.set(PhoneView::History));
    use_shortcut("Alt+w", "右側を広げる・戻す", move || store.wide.update(|wide| *wide = !*wide));

    let name = move || store.patient.with(|patient| patient.name.full());
    let class = move || match (store.wide.get(), store.phone.get()) {
        (true, _) => "chart chart-wide chart-view-panel",
        (false, PhoneView::Note) => "chart chart-view-note",
        (false, PhoneView::History) => "chart chart-view-history",
        (false, PhoneView::Panel) => "chart chart-view-panel",
    };
    view! {
        <Title text=move || format!("{}の診療録", name()) />
        <main id="main" class=class tabindex="-1">
            <h1 class="sr-only">{move || format!("{}の診療録", name())}</h1>
            <banner::ChartBanner />
            <div class="chart-columns">
                <history::HistoryColumn draft />
                <note::NoteColumn draft on_confirm=ask_confirm />
                <side::SideColumn />
            </div>
        </main>
        {draft
            .map(|draft| {
                view! {
                    <confirm::ConfirmDialog open=confirming draft />
                    <CollisionDialog draft />
                }
            })}
        <amend::AmendDialog />
    }
}
