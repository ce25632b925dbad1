//! The statement (算定結果) as a table by section: each line with its points, and on demand why it is there.

use super::paper::SelfPaidRows;
use crate::ui::{Badge, Notice, Tone};
use leptos::prelude::*;
use model::{
    fee::{FeeLine, Section, Statement},
    inhouse::SelfPaidLine,
    money::{Points, grouped},
};

/// Lines of a statement under the headings of the 領収証, with hints and what is not billed.
#[component]
pub fn StatementView(
    /// The statement.
    statement: Statement,
    /// A shorter form for narrow places such as the chart: no hints, the total at the end.
    #[prop(optional)]
    compact: bool,
) -> impl IntoView {
    let sections = by_section(&statement.lines);
    let estimates = statement.has_estimates();
    let hints = (!compact && !statement.hints.is_empty()).then(|| statement.hints.clone());
    let omitted = (!compact && !statement.omitted.is_empty()).then(|| statement.omitted.clone());
    let empty = statement.lines.is_empty();
    let self_paid = statement.self_paid.clone();
    view! {
        <div class="statement">
            {empty.then(|| view! { <p class="empty">"算定できる診療行為がまだありません。"</p> })}
            {(!empty)
                .then(|| {
                    view! {
                        <div class="table-wrap">
                            <table class="table statement-table">
                                <thead>
                                    <tr>
                                        <th scope="col">"項目"</th>
                                        <th scope="col" class="num">"点数"</th>
                                        <th scope="col" class="num">"回数"</th>
                                        <th scope="col" class="num">"合計"</th>
                                    </tr>
                                </thead>
                                {sections
                                    .into_iter()
                                    .map(|(section, lines)| view! { <SectionRows section lines /> })
                                    .collect_view()}
                                <tfoot>
                                    <tr>
                                        <th scope="row" colspan="3">"合計点数"</th>
                                        <td class="num" data-total="points">{statement.points.to_string()}</td>
                                    </tr>
                                </tfoot>
                            </table>
                        </div>
                    }
                })}
            <SelfPaidLines lines=self_paid />
            {estimates
                .then(|| {
                    view! {
                        <p class="small muted statement-note">
                            <Badge text="推計" tone=Tone::Warn />
                            " の点数・薬価は公式マスターで確認できていない推計値です。"
                        </p>
                    }
                })}
            {hints
                .map(|hints| {
                    view! {
                        <Notice tone=Tone::Info title="算定の確認">
                            <ul class="plain-list">
                                {hints.into_iter().map(|hint| view! { <li>{hint.text}</li> }).collect_view()}
                            </ul>
                        </Notice>
                    }
                })}
            {omitted
                .map(|omitted| {
                    view! {
                        <details class="statement-omitted">
                            <summary>{format!("算定しなかった項目（{}件）とその理由", omitted.len())}</summary>
                            <ul class="plain-list">
                                {omitted
                                    .into_iter()
                                    .map(|line| {
                                        let name = if line.name.is_empty() { line.code } else { line.name };
                                        view! {
                                            <li>
                                                <strong>{name}</strong>
                                                "："
                                                {line.reason}
                                            </li>
                                        }
                                    })
                                    .collect_view()}
                            </ul>
                        </details>
                    }
                })}
        </div>
    }
}

/// What is outside of insurance (保険外), apart from the fee table: yen, with the tax inside.
#[component]
fn SelfPaidLines(lines: Vec<SelfPaidLine>) -> impl IntoView {
    (!lines.is_empty()).then(|| {
        view! {
            <div class="table-wrap">
                <table class="table statement-table self-paid-lines" aria-label="保険外（自費）">
                    <SelfPaidRows lines of="保険外（自費）" total="保険外 合計" />
                </table>
            </div>
        }
    })
}

/// The lines of one section under its heading.
#[component]
fn SectionRows(section: Section, lines: Vec<FeeLine>) -> impl IntoView {
    let total: Points = lines.iter().map(FeeLine::total).sum();
    view! {
        <tbody>
            <tr class="statement-section">
                <th scope="rowgroup" colspan="3">
                    {section.label()}
                </th>
                <td class="num">{total.to_string()}</td>
            </tr>
            {lines.into_iter().map(|line| view! { <Line line /> }).collect_view()}
        </tbody>
    }
}

#[component]
fn Line(line: FeeLine) -> impl IntoView {
    let total = line.total();
    let parts = (!line.parts.is_empty()).then(|| line.parts.clone());
    view! {
        <tr data-code=line.code>
            <td>
                <details class="reason">
                    <summary>
                        {line.name} " " {line.estimated.then(|| view! { <Badge text="推計" tone=Tone::Warn /> })}
                    </summary>
                    <p class="small">{line.reason}</p>
                    {(!line.citation.is_empty())
                        .then(|| view! { <p class="small muted">{format!("根拠：{}", line.citation)}</p> })}
                </details>
                {parts
                    .map(|parts| {
                        view! {
                            <ul class="parts">
                                {parts.into_iter().map(|part| view! { <li class="sub">{part}</li> }).collect_view()}
                            </ul>
                        }
                    })}
            </td>
            <td class="num">{grouped(line.points.0)}</td>
            <td class="num">{grouped(line.count)}</td>
            <td class="num">{grouped(total.0)}</td>
        </tr>
    }
}

/// The lines by section, in the order of the fee table.
pub fn by_section(lines: &[FeeLine]) -> Vec<(Section, Vec<FeeLine>)> {
    let mut sections = std::collections::BTreeMap::<Section, Vec<FeeLine>>::new();
    for line in lines {
        sections.entry(line.section).or_default().push(line.clone());
    }
    sections.into_iter().collect()
}
