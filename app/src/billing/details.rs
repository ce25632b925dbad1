//! The details (診療明細書), item by item, after 別紙様式５ of 令和8年3月5日 保発0305第18号: 部, 項目名, 点数, 回数; drugs by name.

use super::{
    by_section,
    paper::{Head, PaperBar, PaperFoot, PaperPage, SelfPaidTable, TAX_NOTE, settled_words},
};
use leptos::prelude::*;
use model::{fee::Bill, money::grouped};

/// The page `/visits/:id/details`.
#[component]
pub fn DetailsPage() -> impl IntoView {
    view! { <PaperPage title="診療明細書" paper=|bill| view! { <Paper bill /> } /> }
}

#[component]
fn Paper(bill: Bill) -> impl IntoView {
    let head = Head::of(&bill);
    let Bill { visit, clinic, statement, receipt, .. } = bill;
    let settled = receipt.as_ref().and_then(settled_words);
    let estimates = statement.has_estimates();
    let sections = by_section(&statement.lines);
    view! {
        <PaperBar visit=visit.id other=("receipt", "領収証") />
        <article class="sheet details" aria-labelledby="paper-title">
            <h1 id="paper-title">"診療明細書"</h1>
            <table class="paper-table">
                <tbody>
                    <tr>
                        <th scope="row">"入院／入院外"</th>
                        <td>"入院外"</td>
                        <th scope="row">"保険"</th>
                        <td>{head.scheme}</td>
                        <th scope="row">"受診科"</th>
                        <td>{head.department}</td>
                    </tr>
                    <tr>
                        <th scope="row">"患者番号"</th>
                        <td>{head.number}</td>
                        <th scope="row">"氏名"</th>
                        <td colspan="3">
                            <strong>{head.name}</strong>
                            " 様"
                        </td>
                    </tr>
                    <tr>
                        <th scope="row">"受診日"</th>
                        <td>{head.day}</td>
                        <th scope="row">"発行日"</th>
                        <td colspan="3">{head.issued}</td>
                    </tr>
                </tbody>
            </table>
            <table class="paper-table details-lines">
                <thead>
                    <tr>
                        <th scope="col">"部"</th>
                        <th scope="col">"項目名"</th>
                        <th scope="col" class="num">"点数"</th>
                        <th scope="col" class="num">"回数"</th>
                    </tr>
                </thead>
                <tbody>
                    {sections
                        .into_iter()
                        .flat_map(|(section, lines)| {
                            lines.into_iter().enumerate().map(move |(at, line)| (if at == 0 { section.label() } else { "" }, line))
                        })
                        .map(|(section, line)| {
                            view! {
                                <tr>
                                    <td>{section}</td>
                                    <td>
                                        {if line.estimated { format!("{}（推計）", line.name) } else { line.name }}
                                        {(!line.parts.is_empty())
                                            .then(|| {
                                                view! {
                                                    <ul class="parts">
                                                        {line.parts.into_iter().map(|part| view! { <li>{part}</li> }).collect_view()}
                                                    </ul>
                                                }
                                            })}
                                    </td>
                                    <td class="num">{grouped(line.points.0)}</td>
                                    <td class="num">{grouped(line.count)}</td>
                                </tr>
                            }
                        })
                        .collect_view()}
                </tbody>
                <tfoot>
                    <tr>
                        <th scope="row" colspan="2">"合計点数"</th>
                        <td class="num">{grouped(statement.points.0)}</td>
                        <td></td>
                    </tr>
                </tfoot>
            </table>
            <SelfPaidTable lines=statement.self_paid />
            {settled.map(|words| view! { <p class="small" data-settles="">{words}</p> })}
            {estimates.then(|| view! { <p class="small">"（推計）の点数・薬価は、公式マスターで確認できていない推計値です。"</p> })}
            <p class="small">{TAX_NOTE}</p>
            <PaperFoot clinic />
        </article>
    }
}
