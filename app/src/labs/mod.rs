//! Laboratory results (検査結果) in the chart: a table over time, a graph for each item, what stands around a report, and the
//! grid to enter one.

pub mod api;
mod entry;
mod line;
mod report;
mod table;

use crate::{
    chart::store::ChartStore,
    ui::{focus_id, graph::LineGraph},
};
use entry::ReportEntry;
use leptos::prelude::*;
use report::ReportCard;
use table::ResultTable;

/// The panel 検査.
#[component]
pub fn LabsPanel() -> impl IntoView {
    let store = expect_context::<ChartStore>();
    let entering = RwSignal::new(false);
    let graphed = RwSignal::new(None::<String>);
    // A grid of 48 rows is drawn the first time it is wanted; what is typed in it stays afterwards.
    let wanted = RwSignal::new(false);
    let open = move |_| {
        store.report.set(None);
        wanted.set(true);
        entering.set(true);
        store.wide.set(true);
        focus_id("lab-filter");
    };
    let close = Callback::new(move |()| {
        entering.set(false);
        store.wide.set(false);
    });
    // Whoever is sent to a report sees it, also when the grid was open.
    Effect::new(move |_| {
        if store.report.with(Option::is_some) && entering.get_untracked() {
            close.run(());
        }
    });
    let graph = move || {
        let code = graphed.get()?;
        let series = store.series.with(|all| all.iter().find(|series| series.local_code == code).cloned())?;
        Some(view! {
            <div class="panel-body graph-card">
                <LineGraph
                    id="lab-graph"
                    title=series.name
                    unit=series.unit
                    low=series.low
                    high=series.high
                    points=series.points
                />
                <button type="button" class="btn btn-quiet btn-sm" on:click=move |_| graphed.set(None)>
                    "グラフを閉じる"
                </button>
            </div>
        })
    };
    view! {
        <div hidden=move || entering.get()>
            <div class="column-head">
                <h2 id="labs-head" tabindex="-1">
                    "検査結果"
                </h2>
                <button type="button" class="btn btn-secondary btn-sm" hidden=!store.may_record() on:click=open>
                    "結果を入力"
                </button>
            </div>
            {graph}
            <ReportCard />
            <ResultTable graphed />
        </div>
        <div hidden=move || !entering.get()>
            <Show when=move || wanted.get()>
                <ReportEntry close />
            </Show>
        </div>
    }
}
