//! The statement (算定結果) as a table by section, the same in the chart and at the till: each line with its points, on
//! demand why it is there, and what a person may decide otherwise.

use super::{
    beside::{ByHand, Hints, NotBilled},
    decide::OverrideDialog,
    hand::{Asked, Hand},
    line::LineRow,
    paper::SelfPaidRows,
};
use crate::ui::{Badge, Tone};
use leptos::prelude::*;
use model::fee::{FeeLine, Section, Statement};
use model::money::Points;

/// Lines of a statement under the headings of the 領収証, with hints and what is not billed.
#[component]
pub fn StatementView(
    /// The statement; lines that stay the same stay as they are when it is calculated again.
    #[prop(into)]
    statement: Signal<Statement>,
    /// The hand of who may decide otherwise; none where it is only read.
    #[prop(optional_no_strip)]
    hand: Option<Hand>,
) -> impl IntoView {
    // What comes later than the first drawing is new, and marked for a moment.
    let drawn = StoredValue::new(false);
    Effect::new(move |_| drawn.set_value(true));
    let sections = Memo::new(move |_| {
        let mut all: Vec<Section> = statement.with(|statement| statement.lines.iter().map(|line| line.section).collect());
        all.sort_unstable();
        all.dedup();
        all
    });
    let empty = move || sections.with(Vec::is_empty);
    let self_paid = Memo::new(move |_| statement.with(|statement| statement.self_paid.clone()));
    let estimates = Memo::new(move |_| statement.with(Statement::has_estimates));
    view! {
        <div class="statement">
            {hand
                .map(|hand| {
                    view! {
                        <Show when=move || hand.locked.with(Option::is_some)>
                            <p id="fee-locked" class="small muted">
                                {move || hand.locked.get()}
                            </p>
                        </Show>
                    }
                })}
            <Show when=empty>
                <p class="empty">"算定できる診療行為がまだありません。"</p>
            </Show>
            <Show when=move || !empty()>
                <div class="statement-wrap">
                    <table class="table statement-table" aria-label="算定した項目">
                        <thead>
                            <tr>
                                <th scope="col">"項目"</th>
                                <th scope="col" class="num">
                                    "点数"
                                </th>
                                <th scope="col" class="num">
                                    "回数"
                                </th>
                                <th scope="col" class="num">
                                    "合計"
                                </th>
                            </tr>
                        </thead>
                        <For each=move || sections.get() key=|section| *section let:section>
                            <SectionRows section statement hand drawn />
                        </For>
                        <tfoot>
                            <tr>
                                <th scope="row" colspan="3">
                                    "合計点数"
                                </th>
                                <td class="num" data-total="points">
                                    {move || statement.with(|statement| statement.points.to_string())}
                                </td>
                            </tr>
                        </tfoot>
                    </table>
                </div>
            </Show>
            {hand
                .map(|hand| {
                    view! {
                        <p class="statement-actions no-print">
                            <button
                                type="button"
                                id="fee-add"
                                class="btn btn-secondary btn-sm"
                                disabled=move || hand.locked.with(Option::is_some)
                                aria-describedby=move || hand.locked.with(Option::is_some).then_some("fee-locked")
                                on:click=move |_| hand.ask(Asked::anything())
                            >
                                "項目を追加"
                            </button>
                        </p>
                        <OverrideDialog hand />
                    }
                })}
            {move || {
                let lines = self_paid.get();
                (!lines.is_empty())
                    .then(|| {
                        view! {
                            <div class="statement-wrap">
                                <table class="table statement-table self-paid-lines" aria-label="保険外（自費）">
                                    <SelfPaidRows lines of="保険外（自費）" total="保険外 合計" />
                                </table>
                            </div>
                        }
                    })
            }}
            <Show when=move || estimates.get()>
                <p class="small muted statement-note">
                    <Badge text="推計" tone=Tone::Warn />
                    " の点数・薬価は公式マスターで確認できていない推計値です。"
                </p>
            </Show>
            <ByHand statement hand />
            <Hints statement hand />
            <NotBilled statement hand />
        </div>
    }
}

/// The lines of one section under its heading.
#[component]
fn SectionRows(section: Section, statement: Signal<Statement>, hand: Option<Hand>, drawn: StoredValue<bool>) -> impl IntoView {
    let lines = Memo::new(move |_| statement.with(|statement| numbered(&statement.lines, section)));
    let total = move || lines.with(|lines| lines.iter().map(|(_, line)| line.total()).sum::<Points>().to_string());
    view! {
        <tbody>
            <tr class="statement-section">
                <th scope="rowgroup" colspan="3">
                    {section.label()}
                </th>
                <td class="num">{total}</td>
            </tr>
            <For
                each=move || lines.get()
                // A line that differs in anything is another line.
                key=|(at, line)| format!("{at} {line:?}")
                children=move |(_, line)| view! { <LineRow line statement hand fresh=drawn.get_value() /> }
            />
        </tbody>
    }
}

/// The lines of a section, each with a number that tells it from equal ones.
fn numbered(lines: &[FeeLine], section: Section) -> Vec<(usize, FeeLine)> {
    let mut all: Vec<(usize, FeeLine)> = Vec::new();
    for line in lines.iter().filter(|line| line.section == section) {
        let at = all.iter().filter(|(_, other)| other == line).count();
        all.push((at, line.clone()));
    }
    all
}

/// The lines by section, in the order of the fee table.
pub fn by_section(lines: &[FeeLine]) -> Vec<(Section, Vec<FeeLine>)> {
    let mut sections = std::collections::BTreeMap::<Section, Vec<FeeLine>>::new();
    for line in lines {
        sections.entry(line.section).or_default().push(line.clone());
    }
    sections.into_iter().collect()
}
