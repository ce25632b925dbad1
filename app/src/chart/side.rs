//! The panels beside the note (傷病名, アレルギー, 検査, オーダー, 会計, 文書) and the row that chooses one.
//!
//! All panels stay alive while another is shown, so that what was half typed in one is still there on return.

use super::{
    fee::{FeePanel, FeeSpoken},
    places::place_at,
    store::{ChartStore, Panel, PhoneView},
};
use crate::{
    allergies::AllergiesPanel, diagnoses::DiagnosesPanel, labs::LabsPanel, orders::OrdersPanel, sharing::DocumentsPanel,
    ui::focus_id,
};
use leptos::{ev, prelude::*};
use leptos_router::hooks::use_location;

/// Below this width one column has room; the same figure stands in `style/components/chart.css`.
const DESK_WIDTH: f64 = 1_024.0;

/// Puts the focus where work in a panel begins.
pub fn focus_panel(panel: Panel) {
    focus_id(match panel {
        Panel::Diagnoses => "diagnosis-search",
        Panel::Allergies => "allergy-search",
        Panel::Orders => "drug-search",
        Panel::Labs | Panel::Fee | Panel::Documents => return focus_id(format!("chart-tab-{}", panel.slug())),
    });
}

/// The right column.
#[component]
pub fn SideColumn() -> impl IntoView {
    let store = expect_context::<ChartStore>();
    let narrow = RwSignal::new(false);
    Effect::new(move |_| {
        let measure = move || {
            let width = window().inner_width().ok().and_then(|width| width.as_f64()).unwrap_or(DESK_WIDTH);
            narrow.set(width < DESK_WIDTH);
        };
        measure();
        let handle = window_event_listener(ev::resize, move |_| measure());
        on_cleanup(move || handle.remove());
    });
    // An address may name a panel (`#documents`) or a row to mend (`#diagnosis-…`): other pages lead here with it.
    let hash = use_location().hash;
    Effect::new(move |_| {
        let hash = hash.get();
        let wanted = hash.trim_start_matches('#');
        if let Some(place) = place_at(wanted) {
            store.go(place);
        } else if let Some(panel) = Panel::ALL.into_iter().find(|panel| panel.slug() == wanted) {
            store.show(panel);
        }
    });
    // On a phone the row of tabs is wider than the screen: the chosen one comes into sight.
    Effect::new(move |_| {
        let id = format!("chart-tab-{}", store.panel.get().slug());
        request_animation_frame(move || {
            if let Some(tab) = document().get_element_by_id(&id) {
                let nearest = web_sys::ScrollIntoViewOptions::new();
                nearest.set_block(web_sys::ScrollLogicalPosition::Nearest);
                nearest.set_inline(web_sys::ScrollLogicalPosition::Nearest);
                tab.scroll_into_view_with_scroll_into_view_options(&nearest);
            }
        });
    });
    let chosen = move |panel: Panel| store.panel.get() == panel && (!narrow.get() || store.phone.get() == PhoneView::Panel);
    let count = move |panel: Panel| match panel {
        // Only what changes within a visit is counted; allergies stand in the bar above.
        Panel::Diagnoses => store.diagnoses.with(|all| all.iter().filter(|d| d.ended.is_none()).count()),
        Panel::Orders => {
            store.orders.with(|orders| orders.prescriptions.len() + orders.procedures.len() + orders.self_paid.len())
        }
        _ => 0,
    };
    let refused =
        move || store.shared.with(|all| all.iter().any(|one| matches!(one.state, model::share::ShareState::Refused { .. })));
    let on_key = move |event: ev::KeyboardEvent| {
        let step = match event.key().as_str() {
            "ArrowRight" => 1,
            "ArrowLeft" => Panel::ALL.len() - 1,
            _ => return,
        };
        if event.alt_key() || event.ctrl_key() {
            return;
        }
        event.prevent_default();
        let next = Panel::ALL[(store.panel.get_untracked() as usize + step) % Panel::ALL.len()];
        store.show(next);
        focus_id(format!("chart-tab-{}", next.slug()));
    };
    let phone_tab = move |view: PhoneView, label: &'static str| {
        view! {
            <button
                type="button"
                class="tab phone-tab"
                aria-pressed=move || (store.phone.get() == view).to_string()
                on:click=move |_| store.phone.set(view)
            >
                {label}
            </button>
        }
    };
    let tabs = Panel::ALL
        .into_iter()
        .map(|panel| {
            view! {
                <button
                    type="button"
                    role="tab"
                    id=format!("chart-tab-{}", panel.slug())
                    class="tab"
                    aria-selected=move || chosen(panel).to_string()
                    aria-controls=format!("chart-panel-{}", panel.slug())
                    aria-keyshortcuts=panel.key()
                    tabindex=move || if store.panel.get() == panel { "0" } else { "-1" }
                    on:click=move |_| store.show(panel)
                >
                    {panel.label()}
                    {move || {
                        let count = count(panel);
                        (count > 0).then(|| view! { <span class="tab-count">{count}</span> })
                    }}
                    {move || {
                        (panel == Panel::Documents && refused())
                            .then(|| view! { <span class="tab-alert">"!"<span class="sr-only">"受付不可あり"</span></span> })
                    }}
                </button>
            }
        })
        .collect_view();
    view! {
        <section class="chart-side" aria-label="診療情報">
            <div class="chart-tabs no-print">
                {phone_tab(PhoneView::Note, "記載")} {phone_tab(PhoneView::History, "履歴")}
                <div class="chart-tablist" role="tablist" aria-label="診療情報" on:keydown=on_key>
                    {tabs}
                </div>
                <button
                    type="button"
                    class="btn btn-quiet btn-sm widen"
                    aria-pressed=move || store.wide.get().to_string()
                    aria-label="右側を広げる"
                    aria-keyshortcuts="Alt+W"
                    title="右側を広げる・戻す（Alt+W）"
                    on:click=move |_| store.wide.update(|wide| *wide = !*wide)
                >
                    "⇔"
                </button>
            </div>
            <div class="chart-panels">
                {Panel::ALL
                    .into_iter()
                    .map(|panel| {
                        view! {
                            <div
                                role="tabpanel"
                                id=format!("chart-panel-{}", panel.slug())
                                class="chart-panel"
                                aria-labelledby=format!("chart-tab-{}", panel.slug())
                                hidden=move || store.panel.get() != panel
                            >
                                {match panel {
                                    Panel::Diagnoses => view! { <DiagnosesPanel /> }.into_any(),
                                    Panel::Allergies => view! { <AllergiesPanel /> }.into_any(),
                                    Panel::Labs => view! { <LabsPanel /> }.into_any(),
                                    Panel::Orders => view! { <OrdersPanel /> }.into_any(),
                                    Panel::Fee => view! { <FeePanel /> }.into_any(),
                                    Panel::Documents => view! { <DocumentsPanel /> }.into_any(),
                                }}
                            </div>
                        }
                    })
                    .collect_view()}
            </div>
            <FeeSpoken />
        </section>
    }
}
