//! The items of a month by day (日別): a column for each day with a visit at the desk and on paper, a list of days on the
//! phone, so that nothing scrolls sideways.

use leptos::prelude::*;
use model::{
    fee::Section,
    money::{Points, grouped},
    month::MonthItem,
};

/// From this many days on the columns are too many for the screen as well: then the list of days stands everywhere.
const MOST_COLUMNS: usize = 12;

/// The grid; nothing where nothing was billed.
#[component]
pub(super) fn DayGrid(
    /// The items, in the order of the fee table.
    items: Vec<MonthItem>,
) -> impl IntoView {
    let mut days: Vec<u32> = items.iter().flat_map(|item| item.days.iter().map(|(day, _)| *day)).collect();
    days.sort_unstable();
    days.dedup();
    let columns = days.len() <= MOST_COLUMNS;
    let total: Points = items.iter().map(|item| item.points * item.count()).sum();
    let heads = days.clone();
    let mut last = None::<Section>;
    let rows: Vec<_> = items
        .into_iter()
        .map(|item| {
            let section = if last == Some(item.section) { "" } else { item.section.label() };
            last = Some(item.section);
            (section, item)
        })
        .collect();
    (!rows.is_empty()).then(|| {
        view! {
            <section class="card" aria-label="日別の算定">
                <div class="card-header">
                    <h2>"日別の算定"</h2>
                    <span class="small muted">"いまの計算による回数"</span>
                </div>
                <table class="table day-grid" class:day-grid-list=!columns aria-label="日別の算定">
                    <thead>
                        <tr>
                            <th scope="col" class="day-section">"部"</th>
                            <th scope="col">"項目"</th>
                            <th scope="col" class="num">"点数"</th>
                            {columns
                                .then(|| {
                                    heads
                                        .iter()
                                        .map(|day| {
                                            view! {
                                                <th scope="col" class="num day-cell">
                                                    {format!("{day}日")}
                                                </th>
                                            }
                                        })
                                        .collect_view()
                                })}
                            <th scope="col" class="day-list">"日"</th>
                            <th scope="col" class="num">"回数"</th>
                            <th scope="col" class="num">"合計"</th>
                        </tr>
                    </thead>
                    <tbody>
                        {rows
                            .into_iter()
                            .map(|(section, item)| view! { <ItemRow section item days=if columns { days.clone() } else { Vec::new() } /> })
                            .collect_view()}
                    </tbody>
                </table>
                <p class="day-total">
                    <span>"合計点数"</span>
                    <strong class="num">{total.to_string()}</strong>
                </p>
            </section>
        }
    })
}

#[component]
fn ItemRow(section: &'static str, item: MonthItem, days: Vec<u32>) -> impl IntoView {
    let count = item.count();
    let on = |day: u32| item.days.iter().filter(|(of, _)| *of == day).map(|(_, count)| *count).sum::<i64>();
    view! {
        <tr data-code=item.code.clone()>
            <td class="day-section muted small">{section}</td>
            <th scope="row">{item.name.clone()}</th>
            <td class="num">{grouped(item.points.0)}</td>
            {days
                .iter()
                .map(|day| {
                    let count = on(*day);
                    view! { <td class="num day-cell">{(count > 0).then(|| grouped(count))}</td> }
                })
                .collect_view()}
            <td class="day-list">{day_words(&item.days)}</td>
            <td class="num">{grouped(count)}</td>
            <td class="num">{grouped((item.points * count).0)}</td>
        </tr>
    }
}

/// The days in a line: `3・10（2回）・17`.
fn day_words(days: &[(u32, i64)]) -> String {
    let one = |(day, count): &(u32, i64)| if *count == 1 { day.to_string() } else { format!("{day}（{count}回）") };
    days.iter().map(one).collect::<Vec<_>>().join("・")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_named_in_a_line() {
        assert_eq!(day_words(&[(3, 1), (10, 2), (17, 1)]), "3・10（2回）・17");
        assert_eq!(day_words(&[]), "");
    }
}
