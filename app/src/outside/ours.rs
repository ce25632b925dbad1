//! Our own side of the comparison: what the chart holds, short, with the provenance of what was taken over.

use crate::{
    chart::store::ChartStore,
    ui::{Badge, Tone},
};
use chrono::NaiveDate;
use leptos::prelude::*;
use model::{date, labs::LabReport, outside::Origin};
use std::collections::HashSet;

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
            let newest_first = {
                let mut all: Vec<&LabReport> = reports.iter().collect();
                all.sort_by_key(|report| std::cmp::Reverse(report.collected_at));
                all
            };
            // Of each item the newest value of our own and, marked, the newest that was taken over.
            let mut lines = Vec::new();
            let mut seen = HashSet::new();
            for report in newest_first {
                for result in &report.results {
                    if seen.insert((result.local_code.as_str(), report.origin.is_some())) {
                        let name = format!("{} {} {}", result.name, result.value.show(), result.unit);
                        lines.push(line(
                            name.trim().to_owned(),
                            date::day_of(report.collected_at).to_string(),
                            report.origin.clone(),
                        ));
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
                                    {origin
                                        .map(|origin| {
                                            view! {
                                                " "
                                                <Badge text="他院" tone=Tone::Info />
                                                <span class="outside-origin">{format!("出所 {origin}")}</span>
                                            }
                                        })}
                                </li>
                            }
                        })
                        .collect_view()
                }}
            </ul>
        </Show>
    }
}
