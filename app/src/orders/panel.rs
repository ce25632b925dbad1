//! The panel オーダー: sets, today's prescriptions, procedures and self-paid items, the way to add to them, and Do.

use super::{
    api,
    editor::RpEditor,
    procedures::{ProcedureRow, ProcedureSearch},
    rp_draft::{RpDraft, form_of},
    rp_row::RpRow,
    self_paid::SelfPaidSection,
    sets::SetPicker,
};
use crate::{chart::store::ChartStore, ui::toast};
use leptos::prelude::*;
use model::{
    AppError,
    orders::{Dispensing, Orders, Rp, Usage},
};

/// Puts the prescriptions of an older visit into today's (Do).
pub async fn repeat_prescriptions(store: ChartStore, prescriptions: Vec<Rp>) -> Result<(), AppError> {
    let usages = api::usages().await?;
    let visit = store.begin().await?;
    store.touched();
    for rp in prescriptions {
        let orders = api::put_rp(visit, None, form_of(&rp, &usages), 0).await?;
        let _ = store.orders.try_set(orders);
    }
    Ok(())
}

/// Runs a change of the orders and shows what came of it.
pub(super) async fn put(store: ChartStore, trouble: impl Fn(&AppError), change: impl Future<Output = Result<Orders, AppError>>) {
    match change.await {
        Ok(orders) => drop(store.orders.try_set(orders)),
        Err(error) => trouble(&error),
    }
}

/// The panel オーダー.
#[component]
pub fn OrdersPanel() -> impl IntoView {
    let store = expect_context::<ChartStore>();
    let usages = RwSignal::new(Vec::<Usage>::new());
    // Fetched once, in the browser; choosing one is then immediate.
    Effect::new(move |_| {
        leptos::task::spawn_local(async move {
            if let Ok(all) = api::usages().await {
                let _ = usages.try_set(all);
            }
        });
    });
    let last =
        store.past.with_untracked(|past| past.iter().find_map(|page| page.orders.prescriptions.first().map(|rp| rp.dispensing)));
    let draft = RpDraft::new(last.unwrap_or(Dispensing::Pharmacy));
    let writable = Memo::new(move |_| store.orderable());
    view! {
        <Show
            when=move || store.visit.with(Option::is_some)
            fallback=|| view! { <p class="empty">"本日の受診がないため、オーダーはできません。"</p> }
        >
            <Show when=move || writable.get()>
                <SetPicker />
            </Show>
            <div class="panel-section">
                <div class="column-head">
                    <h2>"処方"</h2>
                    <Show when=move || writable.get()>
                        <DoLast />
                    </Show>
                </div>
                <Show
                    when=move || store.orders.with(|orders| !orders.prescriptions.is_empty())
                    fallback=move || {
                        (!writable.get()).then(|| view! { <p class="empty">"処方はありません。"</p> })
                    }
                >
                    <ul class="rows" aria-label="本日の処方">
                        <For
                            each=move || store.orders.with(|orders| orders.prescriptions.clone())
                            key=|rp| format!("{rp:?}")
                            children=move |rp| view! { <RpRow rp draft usages writable=writable.into() /> }
                        />
                    </ul>
                </Show>
                <Show when=move || writable.get()>
                    <RpEditor draft usages />
                </Show>
            </div>
            <div class="panel-section">
                <div class="column-head">
                    <h2>"診療行為"</h2>
                </div>
                <Show
                    when=move || store.orders.with(|orders| !orders.procedures.is_empty())
                    fallback=move || {
                        (!writable.get()).then(|| view! { <p class="empty">"診療行為はありません。"</p> })
                    }
                >
                    <ul class="rows" aria-label="本日の診療行為">
                        <For
                            each=move || store.orders.with(|orders| orders.procedures.clone())
                            key=|order| format!("{order:?}")
                            children=move |order| view! { <ProcedureRow order writable /> }
                        />
                    </ul>
                </Show>
                <Show when=move || writable.get()>
                    <ProcedureSearch />
                </Show>
            </div>
            <SelfPaidSection writable />
        </Show>
    }
}

/// Copies the prescriptions of the previous visit.
#[component]
fn DoLast() -> impl IntoView {
    let store = expect_context::<ChartStore>();
    let say = toast();
    let trouble = store.trouble();
    let busy = RwSignal::new(false);
    let any = move || store.past.with(|past| past.iter().any(|page| !page.orders.prescriptions.is_empty()));
    let run = move |_| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        store.touched();
        leptos::task::spawn_local(async move {
            let answer = async {
                let visit = store.begin().await?;
                api::repeat_last(visit).await
            }
            .await;
            if busy.try_set(false).is_some() {
                return;
            }
            match answer {
                Ok(orders) => {
                    store.orders.set(orders);
                    say("前回の処方を写しました（Do）。");
                }
                Err(error) => trouble(&error),
            }
        });
    };
    view! {
        <button type="button" class="btn btn-secondary btn-sm" hidden=move || !any() disabled=move || busy.get() on:click=run>
            "前回と同じ（Do）"
        </button>
    }
}
