//! The receipt (領収証) by section, after 別紙様式１ of 「医療費の内容の分かる領収証及び個別の診療報酬の算定項目の分かる
//! 明細書の交付について」 (令和8年3月5日 保発0305第18号).

use super::paper::{Head, PaperBar, PaperFoot, PaperPage, SelfPaidTable, TAX_NOTE, self_paid_sum, settled_words, subsidies};
use crate::ui::EmptyState;
use leptos::prelude::*;
use model::{
    fee::{Bill, Section},
    insurance::{Insurance, Relation},
    money::{Points, grouped},
};

/// Sections in the order of 別紙様式１, those of an outpatient clinic. The form's 入院料等, ＤＰＣ and meals stay away.
const SECTIONS: [Section; 15] = [
    Section::Visit,
    Section::Management,
    Section::Home,
    Section::Test,
    Section::Imaging,
    Section::Drugs,
    Section::Injection,
    Section::Rehabilitation,
    Section::Psychiatry,
    Section::Treatment,
    Section::Surgery,
    Section::Anaesthesia,
    Section::Radiotherapy,
    Section::Pathology,
    Section::Other,
];

/// The page `/visits/:id/receipt`.
#[component]
pub fn ReceiptPage() -> impl IntoView {
    view! { <PaperPage title="領収証" paper=|bill| view! { <Paper bill /> } /> }
}

/// `本` or `家`, as the form abbreviates.
fn relation(card: Option<&Insurance>) -> &'static str {
    match card.map(|card| card.relation) {
        Some(Relation::Insured) => "本人",
        Some(Relation::Dependent) => "家族",
        None => "",
    }
}

#[component]
fn Paper(bill: Bill) -> impl IntoView {
    let head = Head::of(&bill);
    let Bill { visit, patient, clinic, statement, receipt } = bill;
    let Some(receipt) = receipt else {
        return view! {
            <PaperBar visit=visit.id other=("details", "明細書") />
            <EmptyState>"入金が済むと領収証を発行できます。"</EmptyState>
        }
        .into_any();
    };
    let card = patient.insurance_on(visit.date).cloned();
    let sums = statement.by_section();
    let points =
        move |section: Section| sums.iter().find(|(other, _)| *other == section).map_or(Points(0), |(_, points)| *points);
    let cells: Vec<_> = SECTIONS.into_iter().map(|section| (section.label(), points(section))).collect();
    let (outside, tax) = self_paid_sum(&statement.self_paid);
    let borne: Vec<String> = subsidies(&statement.payment)
        .map(|payer| format!("公費（負担者番号 {}）の負担 {}", payer.id, payer.charged_yen - payer.left_yen))
        .collect();
    let borne = borne.join("、");
    view! {
        <PaperBar visit=visit.id other=("details", "明細書") />
        <article class="sheet receipt" aria-labelledby="paper-title">
            <h1 id="paper-title">"領収証"</h1>
            <table class="paper-table">
                <tbody>
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
                        <td colspan="3">{head.day}</td>
                        <th scope="row">"入・外"</th>
                        <td>"外来"</td>
                    </tr>
                    <tr>
                        <th scope="row">"領収書No."</th>
                        <td>{receipt.number}</td>
                        <th scope="row">"発行日"</th>
                        <td colspan="3">{head.issued}</td>
                    </tr>
                    <tr>
                        <th scope="row">"受診科"</th>
                        <td>{head.department}</td>
                        <th scope="row">"費用区分"</th>
                        <td>{head.scheme}</td>
                        <th scope="row">"負担割合・本家"</th>
                        <td>
                            {card.as_ref().map_or("10割".to_owned(), |card| format!("{}割 {}", card.share / 10, relation(Some(card))))}
                        </td>
                    </tr>
                </tbody>
            </table>

            <h2>"保険"</h2>
            <ul class="receipt-grid">
                {cells
                    .into_iter()
                    .map(|(label, points)| {
                        view! {
                            <li>
                                <span>{label}</span>
                                <span class="num">{grouped(points.0)} " 点"</span>
                            </li>
                        }
                    })
                    .collect_view()}
            </ul>

            <table class="paper-table receipt-sums">
                <thead>
                    <tr>
                        <td></td>
                        <th scope="col">"保険"</th>
                        <th scope="col">"保険外負担"</th>
                    </tr>
                </thead>
                <tbody>
                    <tr>
                        <th scope="row">"合計"</th>
                        <td class="num">
                            {format!("{}（{}）", statement.points, statement.points.yen())}
                        </td>
                        <td class="num">{outside.to_string()}</td>
                    </tr>
                    <tr>
                        <th scope="row">"負担額"</th>
                        <td class="num" data-due="insured">{statement.payment.patient_yen.to_string()}</td>
                        <td class="num" data-due="self-paid">{outside.to_string()}</td>
                    </tr>
                </tbody>
            </table>
            {(!borne.is_empty()).then(|| view! { <p class="small" data-borne="">{borne}</p> })}
            <SelfPaidTable lines=statement.self_paid.clone() />
            <p class="receipt-total">
                <span>"領収額 合計"</span>
                <span>
                    {(tax.0 > 0).then(|| view! { <span class="small">{format!("（うち消費税 {tax}） ")}</span> })}
                    <strong class="num" data-receipt-total=receipt.due.0>
                        {receipt.due.to_string()}
                    </strong>
                </span>
            </p>
            {settled_words(&receipt).map(|words| view! { <p data-settles="">{words}</p> })}
            {statement.has_estimates().then(|| view! { <p class="small">"※一部の点数・薬価は、公式マスターで確認できていない推計値です。"</p> })}
            <p class="small">{TAX_NOTE}</p>
            <PaperFoot clinic sealed=true />
        </article>
    }
    .into_any()
}
