//! Procedures (診療行為) of the visit: the search field that orders one, and the rows.

use super::{api, parts::ProcedureParts, put, quantity_row::QuantityRow};
use crate::{
    chart::store::{ChartStore, way_back},
    ui::{
        combobox::{Choice, Combobox},
        focus_id, toast_undo,
    },
};
use leptos::{html, prelude::*};
use model::{
    AppError,
    master::{MasterHit, MasterKind},
    orders::ProcedureOrder,
};

/// The search field for procedures.
#[component]
pub(crate) fn ProcedurePicker(
    /// Gets what was chosen.
    on_pick: Callback<MasterHit>,
    /// What stands in the way of what was chosen last.
    #[prop(into)]
    error: Signal<Option<String>>,
) -> impl IntoView {
    view! {
        <Combobox
            id="procedure-search"
            label="診療行為を探す"
            hide_label=true
            placeholder="診療行為（例: 末梢血液一般、D005、胸部X線）"
            search=crate::inhouse::search(MasterKind::Procedure)
            on_pick=Callback::new(move |choice: Choice<MasterHit>| on_pick.run(choice.value))
            list_all=true
            error=error
        />
    }
}

/// Choosing a procedure orders it once.
#[component]
pub(super) fn ProcedureSearch() -> impl IntoView {
    let store = expect_context::<ChartStore>();
    let trouble = store.trouble();
    let error = RwSignal::new(None::<String>);
    let pick = Callback::new(move |hit: MasterHit| {
        error.set(None);
        store.touched();
        let counted = !hit.unit.is_empty() && hit.unit != "回";
        let code = hit.code;
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
            <ProcedurePicker on_pick=pick error />
        </div>
    }
}

/// One procedure; its quantity can be changed in place.
#[component]
pub(super) fn ProcedureRow(order: ProcedureOrder, #[prop(into)] writable: Signal<bool>) -> impl IntoView {
    let store = expect_context::<ChartStore>();
    let undo = toast_undo();
    let trouble = store.trouble();
    let node = NodeRef::<html::Input>::new();
    let (id, version) = (order.id, order.version);
    let code = StoredValue::new(order.code.0.clone());
    let before = StoredValue::new(order.quantity.normalize().to_string());
    let change = Callback::new(move |text: String| {
        let Some(visit) = store.visit_id() else { return };
        store.touched();
        leptos::task::spawn_local(async move {
            match api::put_procedure(visit, Some(id), code.get_value(), text, version).await {
                Ok(orders) => drop(store.orders.try_set(orders)),
                Err(error) => {
                    trouble(&error);
                    if let (Some(field), Some(before)) = (node.try_get_untracked().flatten(), before.try_get_value()) {
                        field.set_value(&before);
                    }
                }
            }
        });
    });
    let remove = Callback::new(move |()| {
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
    });
    let beside = order.clone();
    view! {
        <QuantityRow
            id=format!("quantity-{id}")
            name=order.name
            sub=order.code.0
            quantity=before.get_value()
            unit=order.unit
            writable
            on_change=change
            on_remove=remove
            next="procedure-search"
            node_ref=node
        >
            <ProcedureParts order=beside writable />
        </QuantityRow>
    }
}
