//! Diagnoses (傷病名) in the chart: searched as they are spoken, with modifiers, dates and outcomes.

pub mod api;
mod composer;
mod day_field;
mod row;

pub use day_field::DayField;

use crate::chart::store::ChartStore;
use composer::Composer;
use leptos::prelude::*;
use model::share::Place;
use row::Row;

/// The panel 傷病名.
#[component]
pub fn DiagnosesPanel() -> impl IntoView {
    let store = expect_context::<ChartStore>();
    let current = move || store.diagnoses.with(|all| all.iter().filter(|d| d.ended.is_none()).cloned().collect::<Vec<_>>());
    let ended = move || store.diagnoses.with(|all| all.iter().filter(|d| d.ended.is_some()).cloned().collect::<Vec<_>>());
    // Whoever is sent to an ended one to mend it finds it open.
    let sent_here = move || {
        let wanted = store.mending.get();
        ended().iter().any(|diagnosis| wanted == Some(Place::Diagnosis { id: diagnosis.id }))
    };
    view! {
        {store.may_code().then(|| view! { <Composer /> })}
        <Show
            when=move || !current().is_empty()
            fallback=|| view! { <p class="empty">"現在の傷病名はありません。"</p> }
        >
            <ul class="rows" aria-label="現在の傷病名">
                <For each=current key=|d| (d.id, d.version) children=|diagnosis| view! { <Row diagnosis /> } />
            </ul>
        </Show>
        <Show when=move || !ended().is_empty()>
            <details class="fold panel-body" open=sent_here>
                <summary>{move || format!("転帰が済んだ傷病名 {}件", ended().len())}</summary>
                <ul class="rows" aria-label="転帰が済んだ傷病名">
                    <For each=ended key=|d| (d.id, d.version) children=|diagnosis| view! { <Row diagnosis /> } />
                </ul>
            </details>
        </Show>
    }
}
