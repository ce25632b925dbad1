//! Results as a table: an item a row, a collection a column, the newest on the left. The letter H or L says it, the colour
//! only helps.

use crate::chart::store::ChartStore;
use leptos::prelude::*;
use model::{
    date,
    labs::{LabFlag, LabReport, LabResult},
};

/// How many collections have room beside the note, and when the panel is wide.
const NARROW: usize = 3;
const WIDE: usize = 8;

/// A value with its flag.
#[component]
fn Value(result: LabResult) -> impl IntoView {
    let class = match result.flag() {
        Some(LabFlag::H) => "flag-high",
        Some(LabFlag::L) => "flag-low",
        _ => "",
    };
    let letter = result.flag().filter(|flag| *flag != LabFlag::N).map(|flag| format!(" {}", flag.as_str()));
    let range = result.range();
    let title = (!range.is_empty()).then(|| format!("基準範囲 {range} {}", result.unit));
    view! {
        <span class=class title=title>
            {result.value.show()} {letter}
        </span>
    }
}

/// The head of a column: the day, which opens what stands around the report, and what is special about it.
#[component]
fn Head(report: LabReport) -> impl IntoView {
    let store = expect_context::<ChartStore>();
    let (id, day) = (report.id, date::day_of(report.collected_at));
    let open = move || store.report.get() == Some(id);
    let origin = report.origin.as_ref().map(|origin| {
        view! {
            <span class="badge badge-info" title=origin.line()>
                "他院"
            </span>
        }
    });
    view! {
        <th scope="col" class="num lab-head" aria-current=move || open().then_some("true")>
            <button
                type="button"
                id=format!("report-head-{id}")
                class="link-button"
                aria-expanded=move || open().to_string()
                title=format!("{} の報告", date::stamp(report.collected_at))
                on:click=move |_| store.report.update(|now| *now = if *now == Some(id) { None } else { Some(id) })
            >
                <time datetime=day.to_string()>{day.format("%y-%m-%d").to_string()}</time>
            </button>
            {report.preliminary.then(|| view! { <span class="badge badge-warn">"中間"</span> })}
            {origin}
        </th>
    }
}

/// The items of the reports in the order they first appear, newest report first.
fn items(reports: &[LabReport]) -> Vec<(String, String, String)> {
    let mut all: Vec<(String, String, String)> = Vec::new();
    for result in reports.iter().flat_map(|report| &report.results) {
        if !all.iter().any(|(code, ..)| *code == result.local_code) {
            all.push((result.local_code.clone(), result.name.clone(), result.unit.clone()));
        }
    }
    all
}

/// The table; a press on an item draws its graph.
#[component]
pub fn ResultTable(
    /// Local code of the item whose graph is shown.
    graphed: RwSignal<Option<String>>,
) -> impl IntoView {
    let store = expect_context::<ChartStore>();
    // The report that somebody was sent to has a column, however old it is.
    let older = Memo::new(move |_| {
        let id = store.report.get()?;
        let room = if store.wide.get() { WIDE } else { NARROW };
        store.reports.with(|all| all.iter().skip(room).find(|report| report.id == id).cloned())
    });
    let table = move || {
        let mut reports = store.reports.get();
        if reports.is_empty() {
            return view! { <p class="empty">"検査結果はまだありません。"</p> }.into_any();
        }
        reports.truncate(if store.wide.get() { WIDE } else { NARROW });
        reports.extend(older.get());
        let items = items(&reports);
        let heads = reports.iter().map(|report| view! { <Head report=report.clone() /> }).collect_view();
        let has_graph = |code: &str| {
            store.series.with_untracked(|all| all.iter().any(|series| series.local_code == code && series.points.len() > 1))
        };
        let rows = items
            .into_iter()
            .map(|(code, name, unit)| {
                let cells = reports
                    .iter()
                    .map(|report| {
                        let found = report.results.iter().find(|result| result.local_code == code).cloned();
                        view! { <td class="num">{found.map(|result| view! { <Value result /> })}</td> }
                    })
                    .collect_view();
                let head = if has_graph(&code) {
                    let (pressed, chosen) = (code.clone(), code.clone());
                    view! {
                        <button
                            type="button"
                            class="link-button"
                            aria-pressed=move || (graphed.get().as_deref() == Some(pressed.as_str())).to_string()
                            title="推移のグラフ"
                            on:click=move |_| {
                                graphed.update(|now| {
                                    *now = if now.as_deref() == Some(chosen.as_str()) { None } else { Some(chosen.clone()) };
                                })
                            }
                        >
                            {name}
                        </button>
                    }
                    .into_any()
                } else {
                    name.into_any()
                };
                view! {
                    <tr>
                        <th scope="row">
                            {head} <span class="sub">{unit}</span>
                        </th>
                        {cells}
                    </tr>
                }
            })
            .collect_view();
        view! {
            <div class="table-wrap">
                <table class="table lab-table">
                    <caption class="sr-only">"検査結果の推移。新しい順"</caption>
                    <thead>
                        <tr>
                            <th scope="col">"項目"</th>
                            {heads}
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
            {(store.reports.with(Vec::len) > NARROW && !store.wide.get())
                .then(|| {
                    view! {
                        <button type="button" class="btn btn-quiet more" on:click=move |_| store.wide.set(true)>
                            "前の結果も見る（広げる）"
                        </button>
                    }
                })}
        }
        .into_any()
    };
    view! { {table} }
}
