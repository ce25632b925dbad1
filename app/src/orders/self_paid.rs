//! Items outside of insurance (自費) of the visit, apart from the insured orders: found by name or reading, with a quantity.

use super::{put, quantity_row::QuantityRow};
use crate::{
    chart::store::{ChartStore, way_back},
    inhouse::api,
    ui::{
        combobox::{Choice, Combobox, Search},
        focus_id, toast_undo,
    },
};
use leptos::{html, prelude::*};
use model::{
    AppError, FieldError, Flaw,
    inhouse::{SelfPaidItem, SelfPaidLine},
    kana,
};

/// The most of one item in a visit.
const MOST: u32 = 99;

/// A number of items as typed, in either width.
pub(crate) fn quantity_of(text: &str) -> Result<u32, AppError> {
    match kana::fold_width(text).trim().parse::<u32>() {
        Ok(quantity) if (1..=MOST).contains(&quantity) => Ok(quantity),
        _ => {
            let flaw = Flaw::OutOfRange { min: "1".to_owned(), max: MOST.to_string() };
            Err(AppError::Invalid { fields: vec![FieldError::new("quantity", flaw)] })
        }
    }
}

/// What a number of them costs, in words: `5,500円（税込、うち消費税 500円）`.
pub(crate) fn cost_words(item: &SelfPaidItem, quantity: u32) -> String {
    let (total, tax) = item.cost(quantity);
    if tax.0 == 0 { total.to_string() } else { format!("{total}（税込、うち消費税 {tax}）") }
}

/// Items that fit what is typed: by name or reading, each word anywhere; those that begin so first.
pub(crate) fn items_for(items: &[SelfPaidItem], query: &str) -> Vec<Choice<SelfPaidItem>> {
    let mut found: Vec<_> = items
        .iter()
        .filter(|item| item.active)
        .filter_map(|item| Some((fits(&[&item.name, &item.reading], query)?, item)))
        .collect();
    found.sort_by_key(|(rank, _)| *rank);
    found
        .into_iter()
        .take(40)
        .map(|(_, item)| Choice {
            detail: item.reading.clone(),
            figure: item.cost(1).0.to_string(),
            ..Choice::plain(item.clone(), item.name.clone())
        })
        .collect()
}

/// How well texts fit what is typed: 0 where one begins with it, 1 where each word stands somewhere; none where not.
pub(crate) fn fits(texts: &[&str], query: &str) -> Option<u8> {
    let texts: Vec<String> = texts.iter().map(|text| kana::fold(text)).collect();
    let whole = kana::fold(query);
    if texts.iter().any(|text| text.starts_with(&whole)) {
        return Some(0);
    }
    let all = query.split_whitespace().map(kana::fold).all(|word| texts.iter().any(|text| text.contains(&word)));
    all.then_some(1)
}

/// The search field for items outside of insurance.
#[component]
pub(crate) fn SelfPaidPicker(
    /// What can be chosen.
    items: RwSignal<Vec<SelfPaidItem>>,
    /// Gets what was chosen.
    on_pick: Callback<SelfPaidItem>,
    /// What stands in the way of what was chosen last.
    #[prop(into)]
    error: Signal<Option<String>>,
) -> impl IntoView {
    view! {
        <Combobox
            id="self-paid-search"
            label="自費項目を探す"
            hide_label=true
            placeholder="自費項目（例: 診断書、よぼうせっしゅ）"
            search=Search::among(move |query: &str| items.with_untracked(|items| items_for(items, query)))
            on_pick=Callback::new(move |choice: Choice<SelfPaidItem>| on_pick.run(choice.value))
            list_all=true
            error=error
        />
    }
}

/// The section 自費 of the panel; not there where the clinic has no such items.
#[component]
pub(super) fn SelfPaidSection(
    /// Whether today's visit can be ordered for.
    writable: Memo<bool>,
) -> impl IntoView {
    let store = expect_context::<ChartStore>();
    let trouble = store.trouble();
    let items = RwSignal::new(Vec::<SelfPaidItem>::new());
    Effect::new(move |_| {
        leptos::task::spawn_local(async move {
            if let Ok(all) = api::self_paid_items().await {
                let _ = items.try_set(all);
            }
        });
    });
    let offered = Memo::new(move |_| items.with(|items| items.iter().any(|item| item.active)));
    let any = move || store.orders.with(|orders| !orders.self_paid.is_empty());
    let error = RwSignal::new(None::<String>);
    let pick = Callback::new(move |item: SelfPaidItem| {
        error.set(None);
        // What is ordered already is not counted up unseen: its quantity is asked for.
        let there = store.orders.with_untracked(|orders| orders.self_paid.iter().find(|line| line.item == item.id).map(|l| l.id));
        if let Some(line) = there {
            return focus_id(format!("self-paid-{line}"));
        }
        store.touched();
        leptos::task::spawn_local(async move {
            let answer = async {
                let visit = store.begin().await?;
                api::put_self_paid(visit, item.id, 1).await
            }
            .await;
            match answer {
                Ok(orders) => {
                    let _ = store.orders.try_set(orders);
                    focus_id("self-paid-search");
                }
                Err(AppError::SignedOut) => trouble(&AppError::SignedOut),
                Err(problem) => drop(error.try_set(Some(problem.to_string()))),
            }
        });
    });
    view! {
        <Show when=move || any() || (writable.get() && offered.get())>
            <div class="panel-section" role="group" aria-label="自費（保険外）">
                <div class="column-head">
                    <h2>"自費（保険外）"</h2>
                </div>
                <Show when=any>
                    <ul class="rows" aria-label="本日の自費項目">
                        <For
                            each=move || store.orders.with(|orders| orders.self_paid.clone())
                            key=|line| format!("{line:?}")
                            children=move |line| view! { <LineRow line writable /> }
                        />
                    </ul>
                </Show>
                <Show when=move || writable.get() && offered.get()>
                    <div class="panel-body composer">
                        <SelfPaidPicker items on_pick=pick error />
                    </div>
                </Show>
            </div>
        </Show>
    }
}

/// One item of the visit; its quantity can be changed in place.
#[component]
fn LineRow(line: SelfPaidLine, #[prop(into)] writable: Signal<bool>) -> impl IntoView {
    let store = expect_context::<ChartStore>();
    let undo = toast_undo();
    let trouble = store.trouble();
    let node = NodeRef::<html::Input>::new();
    let (id, item, before) = (line.id, line.item, line.quantity);
    let change = Callback::new(move |text: String| {
        let Some(visit) = store.visit_id() else { return };
        store.touched();
        leptos::task::spawn_local(async move {
            let answer = match quantity_of(&text) {
                Ok(quantity) => api::put_self_paid(visit, item, quantity).await,
                Err(error) => Err(error),
            };
            match answer {
                Ok(orders) => drop(store.orders.try_set(orders)),
                Err(error) => {
                    trouble(&error);
                    if let Some(field) = node.try_get_untracked().flatten() {
                        field.set_value(&before.to_string());
                    }
                }
            }
        });
    });
    let remove = Callback::new(move |()| {
        let Some(visit) = store.visit_id() else { return };
        store.touched();
        leptos::task::spawn_local(async move {
            match api::remove_self_paid(visit, id).await {
                Ok(orders) => {
                    let _ = store.orders.try_set(orders);
                    let back = way_back(move || {
                        store.touched();
                        put(store, trouble, async move { api::put_self_paid(visit, item, before).await })
                    });
                    undo("自費項目を削除しました。", back);
                    focus_id("self-paid-search");
                }
                Err(error) => trouble(&error),
            }
        });
    });
    let sub = if line.tax.0 == 0 {
        line.total.to_string()
    } else {
        format!("{}（税込、うち消費税 {}）", line.total, line.tax)
    };
    view! {
        <QuantityRow
            id=format!("self-paid-{id}")
            name=line.name
            sub
            quantity=before.to_string()
            unit="個"
            writable
            on_change=change
            on_remove=remove
            next="self-paid-search"
            node_ref=node
        />
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{ids::SelfPaidItemId, money::Yen};

    fn item(name: &str, reading: &str, active: bool) -> SelfPaidItem {
        SelfPaidItem {
            id: SelfPaidItemId(Default::default()),
            name: name.into(),
            reading: reading.into(),
            price: Yen(5_000),
            tax_percent: 10,
            tax_included: false,
            no_visit_fee: false,
            active,
            version: 1,
        }
    }

    #[test]
    fn items_are_found_by_name_and_reading_and_only_while_offered() {
        let all =
            [item("普通診断書", "フツウシンダンショ", true), item("診断書", "シンダンショ", true), item("旧診断書", "", false)];
        let names = |query: &str| items_for(&all, query).into_iter().map(|choice| choice.name).collect::<Vec<_>>();
        assert_eq!(names("しんだん"), ["診断書", "普通診断書"]);
        assert_eq!(names("診断書 普通"), ["普通診断書"]);
        assert_eq!(names("").len(), 2);
        assert!(names("ワクチン").is_empty());
        assert_eq!(cost_words(&all[0], 2), "11,000円（税込、うち消費税 1,000円）");
    }

    #[test]
    fn a_quantity_is_a_whole_number() {
        assert_eq!(quantity_of("２"), Ok(2));
        assert!(quantity_of("0").is_err() && quantity_of("1.5").is_err() && quantity_of("").is_err());
    }
}
