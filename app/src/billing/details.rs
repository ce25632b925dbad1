//! The details (診療明細書), item by item, after 別紙様式５ of 令和8年3月5日 保発0305第18号: 部, 項目名, 点数, 回数; drugs by name.

use super::{
    by_section,
    receipt::{PaperBar, TAX_NOTE},
    use_bill,
};
use crate::ui::Answer;
use leptos::prelude::*;
use leptos_meta::Title;
use model::{date, fee::Bill, money::grouped, visit::department_name};

/// The page `/visits/:id/details`.
#[component]
pub fn DetailsPage() -> impl IntoView {
    let bill = use_bill();
    view! {
        <Title text="診療明細書" />
        <main id="main" class="page" tabindex="-1">
            <Answer data=bill view=|bill| view! { <Paper bill /> } />
        </main>
    }
}

#[component]
fn Paper(bill: Bill) -> impl IntoView {
    let Bill { visit, patient, clinic, statement, receipt } = bill;
    let estimates = statement.has_estimates();
    let scheme = patient.insurance_on(visit.date).map_or("自費", |card| card.insurer.scheme().label());
    let issued = receipt.as_ref().map_or(visit.date, |receipt| date::day_of(receipt.at));
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
                        <td>{scheme}</td>
                        <th scope="row">"受診科"</th>
                        <td>{department_name(&visit.department).unwrap_or_default()}</td>
                    </tr>
                    <tr>
                        <th scope="row">"患者番号"</th>
                        <td>{patient.number}</td>
                        <th scope="row">"氏名"</th>
                        <td colspan="3">
                            <strong>{patient.name.full()}</strong>
                            " 様"
                        </td>
                    </tr>
                    <tr>
                        <th scope="row">"受診日"</th>
                        <td>{date::both(visit.date)}</td>
                        <th scope="row">"発行日"</th>
                        <td colspan="3">{date::both(issued)}</td>
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
            {estimates.then(|| view! { <p class="small">"（推計）の点数・薬価は、公式マスターで確認できていない推計値です。"</p> })}
            <p class="small">{TAX_NOTE}</p>
            <div class="paper-clinic">
                <div>
                    <p>{clinic.address}</p>
                    <p>
                        <strong>{clinic.name}</strong>
                    </p>
                    <p>{clinic.doctor}</p>
                </div>
            </div>
        </article>
    }
}
