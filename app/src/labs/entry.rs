//! The grid in which a report is entered: the items used before come first, Enter walks down, H and L show while typing.

use super::{
    api,
    line::{GridLine, Line, walk},
};
use crate::{
    chart::{clock, device, store::ChartStore},
    diagnoses::DayField,
    ui::{combobox::follow_input, focus_first_invalid, focus_id, toast},
};
use leptos::{ev, html, prelude::*};
use model::{
    AppError, date, kana,
    labs::{LabLine, LabReportForm, LabResultForm},
    master::LabItem,
};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// What is kept on this device while a report is typed.
#[derive(Default, Serialize, Deserialize)]
struct Kept {
    day: String,
    time: String,
    #[serde(default)]
    preliminary: bool,
    values: Vec<(String, String, String, String)>,
}

/// The grid.
#[component]
pub fn ReportEntry(
    /// Leaves the grid; what is typed stays.
    close: Callback<()>,
) -> impl IntoView {
    let store = expect_context::<ChartStore>();
    let lines = RwSignal::new(Vec::<Line>::new());
    let problem = RwSignal::new(None::<String>);
    Effect::new(move |_| {
        leptos::task::spawn_local(async move {
            let answer = api::lab_items(store.id).await;
            if lines.try_get_untracked().is_none() {
                return;
            }
            match answer {
                Ok(items) => {
                    lines.set(laid_out(store, items));
                    // The button that led here is gone; whoever went on meanwhile is left alone.
                    if document().active_element().is_none_or(|element| element.tag_name() == "BODY") {
                        focus_id("lab-filter");
                    }
                }
                Err(error) => problem.set(Some(error.to_string())),
            }
        });
    });
    view! {
        <Show
            when=move || lines.with(|lines| !lines.is_empty())
            fallback=move || {
                view! { <p class="empty">{move || problem.get().unwrap_or_else(|| "項目を読み込んでいます…".to_owned())}</p> }
            }
        >
            <Grid lines=lines.get_untracked() close />
        </Show>
    }
}

/// The items in the order of this patient: those measured before, newest first, then the rest as the master lists them.
/// The reference range is the one printed last time for this patient, else the one the clinic printed last for such a patient.
fn laid_out(store: ChartStore, mut items: Vec<LabLine>) -> Vec<Line> {
    let reports = store.reports.get_untracked();
    let last = |code: &str| reports.iter().flat_map(|report| &report.results).find(|result| result.local_code == code);
    let place = |item: &LabItem| {
        reports.iter().flat_map(|report| &report.results).position(|result| result.local_code == item.local_code)
    };
    // What was never measured here: blood before urine, the infections last.
    items.sort_by_key(|LabLine { item, .. }| (place(item).unwrap_or(usize::MAX), item.infection, item.specimen.contains('尿')));
    items
        .into_iter()
        .enumerate()
        .map(|(index, LabLine { item, low, high })| {
            let before = last(&item.local_code);
            let (low, high) = before.map_or((low, high), |result| (result.low, result.high));
            let show = |limit: Option<Decimal>| limit.map(|limit| limit.normalize().to_string()).unwrap_or_default();
            Line {
                index,
                known: before.is_some(),
                low: RwSignal::new(show(low)),
                high: RwSignal::new(show(high)),
                value: RwSignal::new(String::new()),
                item: StoredValue::new(item),
            }
        })
        .collect()
}

#[component]
fn Grid(lines: Vec<Line>, close: Callback<()>) -> impl IntoView {
    let store = expect_context::<ChartStore>();
    let say = toast();
    let trouble = store.trouble();
    let lines = StoredValue::new(lines);
    let key = StoredValue::new(format!("labs.{}.{}", store.clinic, store.id));
    let day = RwSignal::new(store.day.to_string());
    let time = RwSignal::new(date::time_of(clock::now()));
    let preliminary = RwSignal::new(false);
    let filter = RwSignal::new(String::new());
    let error = RwSignal::new(None::<AppError>);
    let busy = RwSignal::new(false);
    // Which lines were sent: the server names a flaw by its place among them.
    let sent = StoredValue::new(Vec::<usize>::new());

    if let Some(kept) = device::kept::<Kept>(&key.get_value()) {
        day.set(kept.day);
        time.set(kept.time);
        preliminary.set(kept.preliminary);
        lines.with_value(|lines| {
            for line in lines {
                let code = line.item.with_value(|item| item.local_code.clone());
                if let Some((_, value, low, high)) = kept.values.iter().find(|(kept, ..)| *kept == code) {
                    line.value.set(value.clone());
                    line.low.set(low.clone());
                    line.high.set(high.clone());
                }
            }
        });
    }
    let filled = move || lines.with_value(|lines| lines.iter().filter(|line| !line.value.with(|v| v.trim().is_empty())).count());
    Effect::new(move |_| {
        let values: Vec<_> = lines.with_value(|lines| {
            lines
                .iter()
                .filter(|line| !line.value.with(|value| value.trim().is_empty()))
                .map(|line| {
                    (line.item.with_value(|item| item.local_code.clone()), line.value.get(), line.low.get(), line.high.get())
                })
                .collect()
        });
        let (day, time, preliminary) = (day.get(), time.get(), preliminary.get());
        key.with_value(|key| {
            if values.is_empty() {
                device::forget(key);
            } else {
                device::keep(key, &Kept { day, time, preliminary, values });
            }
        });
    });

    let submit = move || {
        if busy.get_untracked() {
            return;
        }
        let filled: Vec<Line> = lines.with_value(|lines| {
            lines.iter().filter(|line| !line.value.with_untracked(|value| value.trim().is_empty())).copied().collect()
        });
        if filled.is_empty() {
            return focus_id("lab-filter");
        }
        busy.set(true);
        error.set(None);
        store.touched();
        sent.set_value(filled.iter().map(|line| line.index).collect());
        let form = LabReportForm {
            visit: store.visit_id(),
            collected_on: day.get_untracked(),
            collected_time: time.get_untracked(),
            preliminary: preliminary.get_untracked(),
            results: filled
                .iter()
                .map(|line| LabResultForm {
                    item: line.item.with_value(|item| item.local_code.clone()),
                    value: line.value.get_untracked(),
                    low: line.low.get_untracked(),
                    high: line.high.get_untracked(),
                })
                .collect(),
        };
        leptos::task::spawn_local(async move {
            let answer = api::enter_report(store.id, form).await;
            if busy.try_set(false).is_some() {
                return;
            }
            match answer {
                Ok(reports) => {
                    store.reports.set(reports);
                    lines.with_value(|lines| lines.iter().for_each(|line| line.value.set(String::new())));
                    key.with_value(|key| device::forget(key));
                    let words = if preliminary.get_untracked() {
                        "中間報告として登録しました。"
                    } else {
                        "検査結果を登録しました。"
                    };
                    preliminary.set(false);
                    say(words);
                    close.run(());
                    // The grid with the button that was pressed is hidden now.
                    focus_id("labs-head");
                    // The graphs' series come with the chart.
                    store.refresh();
                }
                Err(problem) => {
                    if problem == AppError::SignedOut {
                        trouble(&problem);
                    }
                    error.set(Some(problem));
                    filter.set(String::new());
                    focus_first_invalid();
                }
            }
        });
    };
    let day_error = Signal::derive(move || error.with(|e| e.as_ref().and_then(|e| e.at("collected_on"))));
    let time_error = move || error.with(|e| e.as_ref().and_then(|e| e.at("collected_time")));
    let other = move || {
        error.with(|e| match e {
            Some(AppError::Invalid { fields }) => fields
                .iter()
                .find(|field| field.field == "results" || field.field.ends_with(".item"))
                .map(|field| field.flaw.to_string()),
            Some(other) => Some(other.to_string()),
            None => None,
        })
    };
    // Flaws of one line, by its place in what was sent.
    let flaw = move |index: usize, field: &'static str| {
        error.with(|e| {
            let place = sent.with_value(|sent| sent.iter().position(|one| *one == index))?;
            e.as_ref()?.at(&format!("results.{place}.{field}"))
        })
    };
    let filter_node = NodeRef::<html::Input>::new();
    follow_input(filter_node, filter);
    let time_node = NodeRef::<html::Input>::new();
    follow_input(time_node, time);
    let shown = move |line: Line| {
        let wanted = kana::fold(&filter.get());
        wanted.is_empty()
            || line.item.with_value(|item| {
                [&item.name, &item.kana, &item.fhir_name, &item.local_code].iter().any(|text| kana::fold(text).contains(&wanted))
            })
    };
    // Enter in the filter goes to the first item that is left.
    let to_first = move |event: ev::KeyboardEvent| {
        if event.key() != "Enter" || event.is_composing() || event.ctrl_key() {
            return;
        }
        event.prevent_default();
        if let Some(line) = lines.with_value(|lines| lines.iter().copied().find(|line| untrack(|| shown(*line)))) {
            focus_id(format!("lab-{}", line.index));
        }
    };

    view! {
        <form
            class="lab-entry"
            novalidate
            on:submit=move |event| {
                event.prevent_default();
                submit();
            }
            on:keydown=walk
        >
            <div class="column-head">
                <h2>"検査結果の入力"</h2>
                <button type="button" class="btn btn-quiet btn-sm" on:click=move |_| close.run(())>
                    "結果一覧へ"
                </button>
            </div>
            <div class="panel-body lab-when">
                <DayField id="lab-day" label="採取日" value=day error=day_error />
                <div class="field">
                    <label class="field-label" for="lab-time">
                        "時刻"
                    </label>
                    <input
                        id="lab-time"
                        node_ref=time_node
                        class="input"
                        type="text"
                        inputmode="numeric"
                        autocomplete="off"
                        aria-invalid=move || time_error().map(|_| "true")
                        aria-describedby="lab-time-error"
                        on:input=move |event| time.set(event_target_value(&event))
                    />
                    <p id="lab-time-error" class="field-error" hidden=move || time_error().is_none()>
                        {time_error}
                    </p>
                </div>
                <div class="field">
                    <label class="field-label" for="lab-filter">
                        "項目をしぼる"
                    </label>
                    <input
                        id="lab-filter"
                        node_ref=filter_node
                        class="input"
                        type="text"
                        autocomplete="off"
                        placeholder="HbA1c、くれあちにん"
                        on:input=move |event| filter.set(event_target_value(&event))
                        on:keydown=to_first
                    />
                </div>
            </div>
            {move || other().map(|words| view! { <p class="field-error panel-body" role="alert">{words}</p> })}
            <div class="table-wrap">
                <table class="table lab-grid">
                    <caption class="sr-only">"検査結果の入力。Enterで次の項目へ進みます"</caption>
                    <thead>
                        <tr>
                            <th scope="col">"項目"</th>
                            <th scope="col">"値"</th>
                            <th scope="col">"単位"</th>
                            <th scope="col">"判定"</th>
                            <th scope="col">"基準下限"</th>
                            <th scope="col">"基準上限"</th>
                        </tr>
                    </thead>
                    <tbody>
                        {lines
                            .get_value()
                            .into_iter()
                            .map(|line| {
                                view! {
                                    <tr
                                        class=if line.known { "lab-known" } else { "" }
                                        hidden=move || !shown(line)
                                    >
                                        <GridLine
                                            line
                                            value_flaw=Signal::derive(move || flaw(line.index, "value"))
                                            low_flaw=Signal::derive(move || flaw(line.index, "low"))
                                            high_flaw=Signal::derive(move || flaw(line.index, "high"))
                                        />
                                    </tr>
                                }
                            })
                            .collect_view()}
                    </tbody>
                </table>
            </div>
            <div class="note-foot">
                <label class="check lab-preliminary" title="残りの結果を待つあいだは共有しません">
                    <input
                        type="checkbox"
                        id="lab-preliminary"
                        prop:checked=move || preliminary.get()
                        on:change:target=move |event| preliminary.set(event.target().checked())
                    />
                    "中間報告（共有しない）"
                </label>
                <span class="muted small">{move || format!("{}項目を入力中", filled())}</span>
                <button type="submit" class="btn btn-primary" disabled=move || busy.get()>
                    "結果を登録"
                </button>
            </div>
        </form>
    }
}
