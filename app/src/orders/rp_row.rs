//! One prescription group in the list: what it says, and how it is changed or removed.

use super::{
    api, put,
    rp_draft::{RpDraft, form_of},
    text::rp_lines,
};
use crate::{
    chart::store::{ChartStore, way_back},
    ui::{Badge, Tone, focus_id, toast_undo},
};
use leptos::prelude::*;
use model::orders::{Rp, Usage};

/// One prescription group.
#[component]
pub(super) fn RpRow(rp: Rp, draft: RpDraft, usages: RwSignal<Vec<Usage>>, writable: Signal<bool>) -> impl IntoView {
    let store = expect_context::<ChartStore>();
    let undo = toast_undo();
    let trouble = store.trouble();
    let (id, version) = (rp.id, rp.version);
    let (drugs, usage) = rp_lines(&rp);
    let first = drugs.first().cloned().unwrap_or_default();
    let dispensing = rp.dispensing.label();
    let rp = StoredValue::new(rp);
    // The usage stands in the doctor's own words; no pharmacy's system knows it by a code.
    let free = move || {
        usages.with(|all| {
            !all.is_empty() && rp.with_value(|rp| rp.usage_code.is_none() && !all.iter().any(|one| one.text == rp.usage))
        })
    };
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
                    {move || free().then(|| view! { " " <Badge text="自由入力" tone=Tone::Warn /> })}
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
