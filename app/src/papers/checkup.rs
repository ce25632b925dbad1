//! The report of a health check (健診結果報告書) being written: a sheet that is typed down with Enter. Basic items are marked;
//! one that was not done says why.

use super::{answer::AnswerRow, api, desk::Desk, fields::Line};
use crate::ui::{toast, use_events};
use leptos::{ev, prelude::*};
use model::{
    date,
    ids::{PaperId, PatientId},
    paper::{
        CheckupForm, PaperContent, PaperForm, Programme,
        items::{Group, Item},
    },
};

/// The fields.
#[component]
pub(super) fn CheckupFields(
    /// The desk.
    desk: Desk,
    /// The paper.
    paper: PaperId,
    /// Whose it is.
    patient: PatientId,
    /// Results of the chart, and those of the check before.
    content: PaperContent,
) -> impl IntoView {
    let say = toast();
    macro_rules! line {
        ($field:ident) => {
            desk.bind(
                stringify!($field),
                |form: &CheckupForm| form.$field.clone(),
                |form: &mut CheckupForm, text| form.$field = text,
            )
        };
    }
    let programme = desk.read(|form: &CheckupForm| form.programme);
    let found = RwSignal::new(content.answers);
    let reports = RwSignal::new(content.reports);
    // Results that come in while one writes are offered as they come.
    let whose = patient.to_string();
    use_events("chart", move |data| {
        if data.is_empty() || data == whose {
            leptos::task::spawn_local(async move {
                if let Ok(page) = api::paper(paper).await {
                    let _ = found.try_set(page.content.answers);
                    let _ = reports.try_set(page.content.reports);
                }
            });
        }
    });
    let fresh = Memo::new(move |_| {
        desk.draft.text.with(|form| match form {
            PaperForm::Checkup(form) => found.with(|all| all.keys().filter(|key| form.answer(key).is_blank()).count()),
            _ => 0,
        })
    });
    let fill = move |_| {
        let mut filled = 0;
        desk.write("answers", |form: &mut CheckupForm| filled = found.with_untracked(|all| form.fill(all)));
        say(&format!("カルテの検査結果から{filled}項目を入力しました。"));
    };
    // Whose results these are: a report of another day is never taken for the check's own without saying so.
    let collected = desk.read(move |form: &CheckupForm| {
        let days = reports.with(|reports| form.collected_on(reports));
        let other = days.iter().any(|day| Some(*day) != date::parse(&form.done_on).ok());
        let days: Vec<String> = days.iter().map(ToString::to_string).collect();
        let warning = if other { "実施日と異なる日があります。確かめてください。" } else { "" };
        if days.is_empty() { String::new() } else { format!("検査結果は{}の採取分です。{warning}", days.join("、")) }
    });
    let previous = StoredValue::new(content.previous);
    let groups = move || {
        let programme = programme.get();
        Group::ALL
            .into_iter()
            .filter_map(|group| {
                let items: Vec<&'static Item> = programme.items().filter(|item| item.group == group).collect();
                (!items.is_empty()).then(|| view! { <Section desk group items programme previous /> })
            })
            .collect_view()
    };
    view! {
        <div class="letter-head-fields">
            <fieldset class="field" role="radiogroup">
                <legend class="field-label">"健診の種類"</legend>
                <div class="check-row">
                    {Programme::ALL
                        .map(|one| {
                            view! {
                                <label class="check">
                                    <input
                                        type="radio"
                                        name="paper-programme"
                                        checked=programme.get_untracked() == one
                                        prop:checked=move || programme.get() == one
                                        on:change=move |_| {
                                            desk.write("programme", |form: &mut CheckupForm| form.programme = one);
                                        }
                                    />
                                    {one.label()}
                                </label>
                            }
                        })
                        .collect_view()}
                </div>
            </fieldset>
            <Line bound=line!(done_on) label="実施日" hint="例: 2026-07-10" required=true />
            <Line bound=line!(judged_by) label="判定した医師" hint="空欄なら発行する医師" />
            <Line bound=line!(ticket) label="受診券整理番号" hint="受診券のあるとき" inputmode="numeric" />
            <Line bound=line!(ticket_until) label="受診券の有効期限" hint="任意" />
            <Line bound=line!(insurer) label="保険者番号" hint="6桁または8桁" inputmode="numeric" />
            <Line bound=line!(insurer_name) label="保険者名" hint="任意" />
        </div>
        <Show when=move || collected.with(|words| !words.is_empty())>
            <p class="letter-given">{move || collected.get()}</p>
        </Show>
        <Show when=move || { fresh.get() > 0 }>
            <p class="letter-given paper-fill">
                <span>{move || format!("カルテに、この健診の頃の検査結果が{}項目あります。", fresh.get())}</span>
                <button type="button" class="btn btn-secondary btn-sm" on:click=fill>
                    "空欄に入力"
                </button>
            </p>
        </Show>
        <div on:keydown=walk>{groups}</div>
    }
}

/// Enter goes on to the next answer, as one reads a sheet down.
fn walk(event: ev::KeyboardEvent) {
    use wasm_bindgen::JsCast;
    if event.key() != "Enter" || event.is_composing() || event.ctrl_key() || event.alt_key() || event.meta_key() {
        return;
    }
    let Some(here) = event.target().and_then(|target| target.dyn_into::<web_sys::HtmlElement>().ok()) else { return };
    // In words Enter is a new line, on a button it presses.
    if !matches!(here.tag_name().as_str(), "INPUT" | "SELECT") {
        return;
    }
    event.prevent_default();
    // Limits and methods are seldom touched: Enter passes them by, Tab does not.
    let answers = ".paper-answer > input:not(.paper-limit), .paper-answer > select:not(.paper-method)";
    let Ok(all) = document().query_selector_all(answers) else { return };
    let fields: Vec<web_sys::HtmlElement> =
        (0..all.length()).filter_map(|at| all.item(at)).filter_map(|node| node.dyn_into().ok()).collect();
    let at = fields.iter().position(|field| *field == here);
    // From a limit or a method one goes on from its answer.
    let at = at.or_else(|| {
        let row = here.closest(".paper-answer").ok()??;
        fields.iter().rposition(|field| row.contains(Some(field)))
    });
    let next = fields.get(at.map_or(0, |at| at + 1));
    if let Some(next) = next {
        // It only fails for what cannot have the focus.
        let _ = next.focus();
    }
}

/// The items under one heading.
#[component]
fn Section(
    desk: Desk,
    group: Group,
    items: Vec<&'static Item>,
    programme: Programme,
    previous: StoredValue<std::collections::BTreeMap<String, String>>,
) -> impl IntoView {
    let id = format!("paper-group-{}", group as u8);
    let labelled = id.clone();
    view! {
        <section class="paper-group" aria-labelledby=labelled>
            <h2 class="letter-heading" id=id>
                {group.label()}
            </h2>
            {items
                .into_iter()
                .map(|item| {
                    let before = previous.with_value(|all| all.get(item.key()).cloned());
                    view! { <AnswerRow desk item need=programme.need(item) before /> }
                })
                .collect_view()}
        </section>
    }
    .into_any()
}
