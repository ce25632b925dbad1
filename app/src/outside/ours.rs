//! Our own side of the comparison: what the chart holds, short, with the provenance of what was taken over.

use crate::chart::store::ChartStore;
use chrono::NaiveDate;
use leptos::prelude::*;
use model::{date, labs::LabReport, outside::Origin};

/// The newest value of an item in our reports: the value with its unit, and the day.
pub fn newest(reports: &[LabReport], local_code: &str) -> Option<(String, NaiveDate)> {
    if local_code.is_empty() {
        return None;
    }
    let (report, result) = reports
        .iter()
        // What was taken over stands on the other side.
        .filter(|report| report.origin.is_none())
        .filter_map(|report| report.results.iter().find(|result| result.local_code == local_code).map(|result| (report, result)))
        .max_by_key(|(report, _)| report.collected_at)?;
    Some((format!("{} {}", result.value.show(), result.unit).trim().to_owned(), date::day_of(report.collected_at)))
}

/// The left column.
#[component]
pub fn Ours() -> impl IntoView {
    let store = expect_context::<ChartStore>();
    let diagnoses = move || {
        let all = store.diagnoses.get();
        all.into_iter()
            .filter(|diagnosis| diagnosis.ended.is_none())
            .map(|diagnosis| line(diagnosis.name, format!("{}〜", diagnosis.started_on), diagnosis.origin))
            .collect::<Vec<_>>()
    };
    let allergies = move || {
        let all = store.allergies.get();
        all.into_iter()
            .map(|allergy| {
                let severe = if allergy.severe { "重症・" } else { "" };
                let reaction = if allergy.reaction.is_empty() { String::new() } else { format!("{}・", allergy.reaction) };
                line(allergy.name, format!("{severe}{reaction}{}", allergy.recorded_on), allergy.origin)
            })
            .collect::<Vec<_>>()
    };
    let results = move || {
        store.reports.with(|reports| {
            let mut lines = Vec::new();
            let mut seen = Vec::new();
            for report in reports.iter().filter(|report| report.origin.is_none()) {
                for result in &report.results {
                    if !seen.contains(&result.local_code) {
                        seen.push(result.local_code.clone());
                        let (value, on) = newest(reports, &result.local_code).unwrap_or_default();
                        lines.push(line(format!("{} {value}", result.name), on.to_string(), None));
                    }
                }
            }
            lines
        })
    };
    view! {
        <section class="outside-ours" aria-label="自院のカルテ">
            <h3>"自院"</h3>
            <Block title="傷病名" none="傷病名の登録はありません。" lines=Signal::derive(diagnoses) />
            <Block title="アレルギー" none="アレルギーの登録はありません。" lines=Signal::derive(allergies) />
            <Block title="検査（最新の値）" none="検査結果はまだありません。" lines=Signal::derive(results) />
        </section>
    }
}

/// A line of ours: what, when, and where it came from.
type Line = (String, String, Option<String>);

fn line(name: String, facts: String, origin: Option<Origin>) -> Line {
    (name, facts, origin.map(|origin| origin.line()))
}

#[component]
fn Block(title: &'static str, none: &'static str, lines: Signal<Vec<Line>>) -> impl IntoView {
    view! {
        <h4>{title}</h4>
        <Show when=move || lines.with(|lines| !lines.is_empty()) fallback=move || view! { <p class="muted small">{none}</p> }>
            <ul class="plain-list">
                {move || {
                    lines
                        .get()
                        .into_iter()
                        .map(|(name, facts, origin)| {
                            view! {
                                <li>
                                    {name} " " <span class="muted small">{facts}</span>
                                    {origin.map(|origin| view! { <span class="outside-origin">{format!("出所 {origin}")}</span> })}
                                </li>
                            }
                        })
                        .collect_view()
                }}
            </ul>
        </Show>
    }
}
