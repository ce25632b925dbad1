//! A row with a name and a quantity that can be changed in place: procedures and items outside of insurance, in a visit and
//! in a set.

use crate::ui::focus_id;
use leptos::{ev, html, prelude::*};

/// The row.
#[component]
pub(crate) fn QuantityRow(
    /// Id of the quantity's field.
    #[prop(into)]
    id: String,
    /// What it is.
    #[prop(into)]
    name: String,
    /// Second line: the code, what it costs.
    #[prop(into)]
    sub: String,
    /// How much of it.
    #[prop(into)]
    quantity: String,
    /// Unit behind the quantity.
    #[prop(into)]
    unit: String,
    /// Whether it can be changed.
    #[prop(into)]
    writable: Signal<bool>,
    /// Gets what was typed, when the field is left with another text.
    on_change: Callback<String>,
    /// It is not wanted any more.
    on_remove: Callback<()>,
    /// Id of the field that Enter goes on to.
    next: &'static str,
    /// The field, for who has to put the former quantity back.
    #[prop(optional)]
    node_ref: Option<NodeRef<html::Input>>,
    /// What stands under it.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let node = node_ref.unwrap_or_default();
    let before = StoredValue::new(quantity);
    let label = StoredValue::new(format!("{name}の数量"));
    let id = StoredValue::new(id);
    let change = move |text: String| {
        if before.with_value(|before| *before != text) {
            on_change.run(text);
        }
    };
    let on_key = move |event: ev::KeyboardEvent| {
        if event.key() == "Enter" && !event.is_composing() && !event.ctrl_key() {
            event.prevent_default();
            // Leaving the field saves it.
            focus_id(next);
        }
    };
    view! {
        <li class="row">
            <div class="row-main">
                <span class="row-name">{name.clone()}</span>
                <span class="row-sub num">{sub}</span>
            </div>
            <div class="row-actions">
                {move || {
                    if writable.get() {
                        view! {
                            <input
                                id=id.get_value()
                                node_ref=node
                                class="input input-num input-quantity"
                                type="text"
                                inputmode="decimal"
                                autocomplete="off"
                                value=before.get_value()
                                aria-label=label.get_value()
                                on:change=move |event| change(event_target_value(&event))
                                on:keydown=on_key
                            />
                        }
                            .into_any()
                    } else {
                        view! { <span class="num">{before.get_value()}</span> }.into_any()
                    }
                }}
                <span class="small">{unit}</span>
                <button
                    type="button"
                    class="btn btn-quiet btn-sm"
                    hidden=move || !writable.get()
                    aria-label=format!("{name}を削除")
                    on:click=move |_| on_remove.run(())
                >
                    "削除"
                </button>
            </div>
            {children.map(|children| children())}
        </li>
    }
}
