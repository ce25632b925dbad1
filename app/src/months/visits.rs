//! The visits of a month: what was charged for each, what it comes to now, what changed between.

use super::patient::direction;
use crate::{
    billing::{signed, signed_yen},
    ui::StateBadge,
};
use leptos::prelude::*;
use model::{
    date,
    money::grouped,
    month::{ItemChange, MonthVisit},
    visit::VisitState,
};

/// The table of the visits.
#[component]
pub(super) fn VisitTable(
    /// The visits, oldest first.
    visits: Vec<MonthVisit>,
    /// Asks to settle the difference of a visit.
    on_settle: Callback<MonthVisit>,
    /// Whether who looks may settle.
    till: bool,
) -> impl IntoView {
    view! {
        <section class="card" aria-label="受診ごとの会計">
            <div class="card-header">
                <h2>"受診ごとの会計"</h2>
            </div>
            <table class="table table-stack month-visits" role="table" aria-label="受診ごとの会計">
                <thead role="rowgroup">
                    <tr role="row">
                        <th role="columnheader" scope="col">"受診日"</th>
                        <th role="columnheader" scope="col">"状態"</th>
                        <th role="columnheader" scope="col" class="num">"領収時"</th>
                        <th role="columnheader" scope="col" class="num">"いま"</th>
                        <th role="columnheader" scope="col" class="num">"差額"</th>
                        <th role="columnheader" scope="col">"操作"</th>
                    </tr>
                </thead>
                <tbody role="rowgroup">
                    {visits.into_iter().map(|visit| view! { <VisitRow visit on_settle till /> }).collect_view()}
                </tbody>
            </table>
        </section>
    }
}

/// A label that only the phone's cards need, where the heads are gone.
fn term(words: &'static str) -> impl IntoView {
    view! { <span class="stack-term">{words} " "</span> }
}

#[component]
fn VisitRow(visit: MonthVisit, on_settle: Callback<MonthVisit>, till: bool) -> impl IntoView {
    let difference = visit.difference();
    let charged = visit.charged.as_ref().map(|charged| {
        view! {
            {term("領収時")}
            {format!("{} / {}", charged.points, charged.due)}
            <span class="sub">{format!("領収書No. {}", charged.number)}</span>
        }
    });
    let now = match &visit.now {
        Ok(now) => view! {
            {term("いま")}
            {format!("{} / {}", now.points, now.due())}
        }
        .into_any(),
        Err(why) => view! { <span class="field-error">{format!("計算できません：{why}")}</span> }.into_any(),
    };
    // Lines that moved without moving the sum are settled too: the receipt is what the claim will say.
    let moved = difference.is_some_and(|difference| difference.0 != 0 || !visit.changes.is_empty());
    let settle = till && visit.state == VisitState::Done && moved;
    let day = date::both(visit.date);
    let id = visit.id;
    let (state, date) = (visit.state, visit.date);
    let changes = visit.changes.clone();
    let visit = StoredValue::new(visit);
    view! {
        <tr role="row" data-visit=id.to_string()>
            <th role="rowheader" scope="row">
                <time datetime=date.to_string()>{day.clone()}</time>
                <Changes changes />
            </th>
            <td role="cell">
                <StateBadge state />
            </td>
            <td role="cell" class="num">{charged}</td>
            <td role="cell" class="num">{now}</td>
            <td role="cell" class="num" data-difference=difference.map(|difference| difference.0)>
                {difference
                    .map(|difference| {
                        let words = match difference.0 {
                            0 => "なし".to_owned(),
                            _ => format!("{}（{}）", signed_yen(difference), direction(difference)),
                        };
                        view! { {term("差額")} <strong>{words}</strong> }
                    })}
            </td>
            <td role="cell" class="no-print">
                <div class="btn-row">
                    {settle
                        .then(|| {
                            view! {
                                <button
                                    type="button"
                                    id=format!("settle-{id}")
                                    class="btn btn-primary btn-sm"
                                    aria-label=format!("差額を精算：{day}")
                                    on:click=move |_| on_settle.run(visit.get_value())
                                >
                                    "差額を精算"
                                </button>
                            }
                        })}
                    <a id=format!("account-{id}") class="btn btn-quiet btn-sm" href=format!("/visits/{id}/payment") aria-label=format!("会計を開く：{day}")>
                        "会計を開く"
                    </a>
                </div>
            </td>
        </tr>
    }
}

/// What changed in a visit since it was charged, on demand.
#[component]
fn Changes(changes: Vec<ItemChange>) -> impl IntoView {
    (!changes.is_empty()).then(|| {
        view! {
            <details class="fold month-changes">
                <summary>{format!("変わった項目 {}件", changes.len())}</summary>
                <ul class="fee-list">
                    {changes.into_iter().map(|change| view! { <li>{change_words(&change)}</li> }).collect_view()}
                </ul>
            </details>
        }
    })
}

/// What became of an item, in a sentence.
pub(super) fn change_words(change: &ItemChange) -> String {
    let (before, after) = change.points;
    let times = |count: i64| if count == 1 { String::new() } else { format!("・{count}回") };
    let side = |count: i64, points: i64| match count {
        0 => "なし".to_owned(),
        count => format!("{}点{}", grouped(points), times(count)),
    };
    let difference = signed(after - before);
    format!("{}：{} → {}（{difference}）", change.name, side(change.count.0, before.0), side(change.count.1, after.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{fee::Section, money::Points};

    #[test]
    fn a_change_is_a_sentence() {
        let change = |count, points: (i64, i64)| ItemChange {
            code: "112011010".into(),
            name: "外来管理加算".into(),
            section: Section::Visit,
            count,
            points: (Points(points.0), Points(points.1)),
        };
        assert_eq!(change_words(&change((0, 1), (0, 52))), "外来管理加算：なし → 52点（+52点）");
        assert_eq!(change_words(&change((1, 2), (52, 104))), "外来管理加算：52点 → 104点・2回（+52点）");
        assert_eq!(change_words(&change((1, 0), (52, 0))), "外来管理加算：52点 → なし（−52点）");
    }
}
