//! The panel オーダー: today's prescriptions and procedures, the way to add to them, and Do.

use super::{
    api,
    editor::RpEditor,
    rp_draft::{RpDraft, form_of},
    text::rp_lines,
};
use crate::{
    chart::store::{ChartStore, way_back},
    ui::{
        combobox::{Choice, Combobox, Search},
        focus_id, toast, toast_undo,
    },
};
use leptos::{ev, html, prelude::*};
use model::{
    AppError,
    master::{MasterHit, MasterKind},
    orders::{Dispensing, Orders, ProcedureOrder, Rp, Usage},
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
                            children=move |order| view! { <ProcedureRow order writable=writable.into() /> }
                        />
                    </ul>
                </Show>
                <Show when=move || writable.get()>
                    <ProcedureSearch />
                </Show>
            </div>
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

/// One prescription group.
#[component]
fn RpRow(rp: Rp, draft: RpDraft, usages: RwSignal<Vec<Usage>>, writable: Signal<bool>) -> impl IntoView {
    let store = expect_context::<ChartStore>();
    let undo = toast_undo();
    let trouble = store.trouble();
    let (id, version) = (rp.id, rp.version);
    let (drugs, usage) = rp_lines(&rp);
    let first = drugs.first().cloned().unwrap_or_default();
    let dispensing = rp.dispensing.label();
    let rp = StoredValue::new(rp);
    let change = move |_| {
        usages.with_untracked(|usages| rp.with_value(|rp| draft.take(rp, usages)));
        focus_id("drug-search");
    };
    let remove = move |_| {
        let Some(visit) = store.visit_id() else { return };
        let form = usages.with_untracked(|usages| rp.with_value(|rp| form_of(rp, usages)));
        store.touched();
        leptos::task::spawn_local(async move {
            match api::remove_rp(visit, id, version).await {
                Ok(orders) => {
                    let _ = store.orders.try_set(orders);
                    let back = way_back(move || {
                        let form = form.clone();
                        store.touched();
                        put(store, trouble, async move { api::put_rp(visit, None, form, 0).await })
                    });
                    undo("処方を削除しました。", back);
                    focus_id("drug-search");
                }
                Err(error) => trouble(&error),
            }
        });
    };
    view! {
        <li class="row" aria-current=move || draft.is_editing(id).then_some("true")>
            <div class="row-main">
                {drugs.into_iter().map(|line| view! { <span class="row-name">{line}</span> }).collect_view()}
                <span class="row-sub">
                    <span class="order-mark">{dispensing}</span>
                    " "
                    {usage}
                </span>
            </div>
            <div class="row-actions" hidden=move || !writable.get()>
                <button
                    type="button"
                    class="btn btn-quiet btn-sm"
                    aria-label=format!("{first}の処方を変更")
                    on:click=change
                >
                    "変更"
                </button>
                <button
                    type="button"
                    class="btn btn-quiet btn-sm"
                    aria-label=format!("{first}の処方を削除")
                    on:click=remove
                >
                    "削除"
                </button>
            </div>
        </li>
    }
}

/// Runs a change of the orders and shows what came of it.
async fn put(store: ChartStore, trouble: impl Fn(&AppError), change: impl Future<Output = Result<Orders, AppError>>) {
    match change.await {
        Ok(orders) => drop(store.orders.try_set(orders)),
        Err(error) => trouble(&error),
    }
}

/// The search field for procedures: choosing one orders it once.
#[component]
fn ProcedureSearch() -> impl IntoView {
    let store = expect_context::<ChartStore>();
    let trouble = store.trouble();
    let error = RwSignal::new(None::<String>);
    let pick = Callback::new(move |choice: Choice<MasterHit>| {
        error.set(None);
        store.touched();
        let counted = !choice.value.unit.is_empty() && choice.value.unit != "回";
        let code = choice.value.code;
        leptos::task::spawn_local(async move {
            let wanted = code.clone();
            let answer = async {
                let visit = store.begin().await?;
                api::put_procedure(visit, None, code, "1".to_owned(), 0).await
            }
            .await;
            match answer {
                Ok(orders) => {
                    let new = orders.procedures.iter().rev().find(|o| o.code.as_str() == wanted).map(|o| o.id);
                    let _ = store.orders.try_set(orders);
                    // What is priced by quantity is asked for at once.
                    match new {
                        Some(id) if counted => focus_id(format!("quantity-{id}")),
                        _ => focus_id("procedure-search"),
                    }
                }
                Err(AppError::SignedOut) => trouble(&AppError::SignedOut),
                Err(problem) => drop(error.try_set(Some(problem.to_string()))),
            }
        });
    });
    view! {
        <div class="panel-body composer">
            <Combobox
                id="procedure-search"
                label="診療行為を探す"
                hide_label=true
                placeholder="診療行為（例: 末梢血液一般、D005、胸部X線）"
                search=Search::master(MasterKind::Procedure)
                on_pick=pick
                error=error
            />
        </div>
    }
}

/// One procedure; its quantity can be changed in place.
#[component]
fn ProcedureRow(order: ProcedureOrder, writable: Signal<bool>) -> impl IntoView {
    let store = expect_context::<ChartStore>();
    let undo = toast_undo();
    let trouble = store.trouble();
    let node = NodeRef::<html::Input>::new();
    let (id, version) = (order.id, order.version);
    let code = StoredValue::new(order.code.0.clone());
    let before = StoredValue::new(order.quantity.normalize().to_string());
    let change = move |text: String| {
        let Some(visit) = store.visit_id() else { return };
        if before.with_value(|before| *before == text) {
            return;
        }
        store.touched();
        leptos::task::spawn_local(async move {
            match api::put_procedure(visit, Some(id), code.get_value(), text, version).await {
                Ok(orders) => drop(store.orders.try_set(orders)),
                Err(error) => {
                    trouble(&error);
                    if let Some(field) = node.try_get_untracked().flatten() {
                        field.set_value(&before.get_value());
                    }
                }
            }
        });
    };
    let on_key = move |event: ev::KeyboardEvent| {
        if event.key() == "Enter" && !event.is_composing() && !event.ctrl_key() {
            event.prevent_default();
            // Leaving the field saves it.
            focus_id("procedure-search");
        }
    };
    let name = order.name.clone();
    let remove = move |_| {
        let Some(visit) = store.visit_id() else { return };
        let (code, quantity) = (code.get_value(), before.get_value());
        store.touched();
        leptos::task::spawn_local(async move {
            match api::remove_procedure(visit, id, version).await {
                Ok(orders) => {
                    let _ = store.orders.try_set(orders);
                    let back = way_back(move || {
                        let (code, quantity) = (code.clone(), quantity.clone());
                        store.touched();
                        put(store, trouble, async move { api::put_procedure(visit, None, code, quantity, 0).await })
                    });
                    undo("診療行為を削除しました。", back);
                    focus_id("procedure-search");
                }
                Err(error) => trouble(&error),
            }
        });
    };
    view! {
        <li class="row">
            <div class="row-main">
                <span class="row-name">{name.clone()}</span>
                <span class="row-sub num">{order.code.0.clone()}</span>
            </div>
            <div class="row-actions">
                {move || {
                    if writable.get() {
                        view! {
                            <input
                                id=format!("quantity-{id}")
                                node_ref=node
                                class="input input-num input-quantity"
                                type="text"
                                inputmode="decimal"
                                autocomplete="off"
                                value=before.get_value()
                                aria-label=format!("{}の数量", order.name)
                                on:change=move |event| change(event_target_value(&event))
                                on:keydown=on_key
                            />
                        }
                            .into_any()
                    } else {
                        view! { <span class="num">{before.get_value()}</span> }.into_any()
                    }
                }}
                <span class="small">{order.unit.clone()}</span>
                <button
                    type="button"
                    class="btn btn-quiet btn-sm"
                    hidden=move || !writable.get()
                    aria-label=format!("{name}を削除")
                    on:click=remove
                >
                    "削除"
                </button>
            </div>
        </li>
    }
}
