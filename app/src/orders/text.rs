//! Orders as they are read: one line for each drug and procedure, dense and without a frame.

use super::parts;
use crate::chart::store::{ChartStore, Panel};
use leptos::prelude::*;
use model::{
    inhouse::SelfPaidLine,
    orders::{Orders, ProcedureOrder, Rp, RpItem},
};

/// A drug with its amount: `アムロジピン錠5mg 1錠`.
fn drug_line(item: &RpItem) -> String {
    match &item.general_name {
        Some((_, name)) => format!("【般】{} {}{}", name.trim_start_matches("【般】"), item.amount.normalize(), item.unit),
        None => format!("{} {}{}", item.name, item.amount.normalize(), item.unit),
    }
}

/// How a group is taken: `1日1回 朝食後 14日分`.
fn usage_line(rp: &Rp) -> String {
    format!("{} {}{}", rp.usage, rp.count, rp.route.counter())
}

/// A prescription group as text: its drugs, then how they are taken.
pub fn rp_lines(rp: &Rp) -> (Vec<String>, String) {
    (rp.items.iter().map(drug_line).collect(), usage_line(rp))
}

/// A procedure with its quantity where it is not one, and what stands beside it.
pub fn procedure_line(order: &ProcedureOrder) -> String {
    let mut line = order.name.clone();
    if order.quantity != rust_decimal::Decimal::ONE {
        line.push_str(&format!(" {}{}", order.quantity.normalize(), order.unit));
    }
    let beside = parts::texts(order);
    if beside.is_empty() { line } else { format!("{line}（{}）", beside.join("、")) }
}

/// An item outside of insurance with its number where it is not one.
fn self_paid_line(line: &SelfPaidLine) -> String {
    if line.quantity == 1 { line.name.clone() } else { format!("{} {}個", line.name, line.quantity) }
}

/// The orders of a visit as text.
#[component]
pub fn OrdersText(
    /// The orders.
    orders: Orders,
) -> impl IntoView {
    let empty = orders.prescriptions.is_empty() && orders.procedures.is_empty() && orders.self_paid.is_empty();
    (!empty).then(|| {
        view! {
            <div class="orders-text">
                {orders
                    .prescriptions
                    .iter()
                    .map(|rp| {
                        let (drugs, usage) = rp_lines(rp);
                        view! {
                            <div class="rp-text">
                                <span class="order-mark">{rp.dispensing.label()}</span>
                                <div>
                                    {drugs.into_iter().map(|line| view! { <div>{line}</div> }).collect_view()}
                                    <div class="rp-usage">{usage}</div>
                                </div>
                            </div>
                        }
                    })
                    .collect_view()}
                {(!orders.procedures.is_empty())
                    .then(|| {
                        let all = orders.procedures.iter().map(procedure_line).collect::<Vec<_>>().join("、");
                        view! {
                            <div class="rp-text">
                                <span class="order-mark">"行為"</span>
                                <div>{all}</div>
                            </div>
                        }
                    })}
                {(!orders.self_paid.is_empty())
                    .then(|| {
                        let all = orders.self_paid.iter().map(self_paid_line).collect::<Vec<_>>().join("、");
                        view! {
                            <div class="rp-text">
                                <span class="order-mark">"自費"</span>
                                <div>{all}</div>
                            </div>
                        }
                    })}
            </div>
        }
    })
}

/// What is ordered today, under the note; a press opens the panel.
#[component]
pub fn TodaysOrders() -> impl IntoView {
    let store = expect_context::<ChartStore>();
    let any = move || store.orders.with(|orders| *orders != Orders::default());
    view! {
        <div class="todays-orders">
            <div class="column-head">
                <h3>"本日のオーダー"</h3>
                <button type="button" class="btn btn-quiet btn-sm" on:click=move |_| {
                    store.show(Panel::Orders);
                    crate::ui::focus_id("drug-search");
                }>
                    {move || if store.orderable() { "追加・変更" } else { "見る" }}
                    <kbd class="kbd">"Alt+4"</kbd>
                </button>
            </div>
            <Show when=any fallback=|| view! { <p class="muted small">"処方・診療行為はまだありません。"</p> }>
                {move || view! { <OrdersText orders=store.orders.get() /> }}
            </Show>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::orders::{Dispensing, Route};
    use rust_decimal::Decimal;

    #[test]
    fn reads_like_a_prescription() {
        let rp = Rp {
            id: model::ids::RpId(Default::default()),
            route: Route::Internal,
            dispensing: Dispensing::Pharmacy,
            usage: "1日1回 朝食後".into(),
            usage_code: None,
            times_per_day: 1,
            count: 14,
            items: vec![RpItem {
                code: "620000001".into(),
                name: "アムロジピン錠5mg".into(),
                yj: None,
                general_name: None,
                amount: Decimal::new(10, 1),
                unit: "錠".into(),
            }],
            version: 1,
        };
        assert_eq!(rp_lines(&rp), (vec!["アムロジピン錠5mg 1錠".to_owned()], "1日1回 朝食後 14日分".to_owned()));
    }
}
