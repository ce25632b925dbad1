//! What today costs as it stands (会計見込): every line with its reason on demand, and what could be billed or may be cut.

use super::store::ChartStore;
use crate::ui::{Notice, Tone};
use leptos::prelude::*;
use leptos_router::components::A;
use model::{
    AppError,
    fee::{FeeLine, Omitted, Statement},
    inhouse::SelfPaidLine,
    visit::VisitState,
};

/// The panel 会計.
#[component]
pub fn FeePanel() -> impl IntoView {
    let store = expect_context::<ChartStore>();
    let visit = move || store.visit.get();
    view! {
        {move || match (visit(), store.statement.get()) {
            (None, _) => view! { <p class="empty">"本日の受診がないため、会計はありません。"</p> }.into_any(),
            (_, None) => view! { <p class="empty">"計算しています…"</p> }.into_any(),
            (_, Some(Err(AppError::Forbidden))) => {
                view! { <p class="empty">"会計を見る権限がありません。"</p> }.into_any()
            }
            (_, Some(Err(error))) => {
                view! {
                    <div class="panel-body">
                        <Notice tone=Tone::Warn title="会計を計算できません">
                            <p>{error.to_string()}</p>
                        </Notice>
                    </div>
                }
                    .into_any()
            }
            (Some(visit), Some(Ok(statement))) => {
                view! {
                    <StatementLines statement />
                    {matches!(visit.state, VisitState::AwaitingPayment | VisitState::Done)
                        .then(|| {
                            view! {
                                <p class="panel-body">
                                    <A href=format!("/visits/{}/payment", visit.id)>"会計の画面を開く"</A>
                                </p>
                            }
                        })}
                }
                    .into_any()
            }
        }}
    }
}

#[component]
fn StatementLines(statement: Statement) -> impl IntoView {
    let mut sections: Vec<(model::fee::Section, Vec<FeeLine>)> = Vec::new();
    for line in statement.lines.clone() {
        match sections.iter_mut().find(|(section, _)| *section == line.section) {
            Some((_, lines)) => lines.push(line),
            None => sections.push((line.section, vec![line])),
        }
    }
    sections.sort_by_key(|(section, _)| *section);
    view! {
        <div class="panel-body fee">
            <p class="fee-total">
                <span>
                    <strong class="num">{statement.points.to_string()}</strong>
                    <span class="muted small">{format!("（{}点数表）", statement.edition)}</span>
                </span>
                <span>
                    "窓口負担 " <strong class="num">{statement.due().to_string()}</strong>
                    {(!statement.self_paid.is_empty())
                        .then(|| {
                            let (insured, due) = (statement.payment.patient_yen, statement.due());
                            view! { <span class="muted small">{format!("（保険 {insured}・保険外 {}）", due - insured)}</span> }
                        })}
                </span>
            </p>
            {statement
                .has_estimates()
                .then(|| view! { <p class="small"><span class="estimate">"推計"</span> " の点数は公式の告示で確かめられていません。"</p> })}
            {sections
                .into_iter()
                .map(|(section, lines)| {
                    view! {
                        <h2 class="fee-section">{section.label()}</h2>
                        {lines.into_iter().map(|line| view! { <Line line /> }).collect_view()}
                    }
                })
                .collect_view()}
            {(!statement.self_paid.is_empty())
                .then(|| {
                    view! {
                        <h2 class="fee-section">"保険外（自費）"</h2>
                        {statement.self_paid.iter().map(|line| view! { <SelfPaid line=line.clone() /> }).collect_view()}
                    }
                })}
            {(!statement.hints.is_empty())
                .then(|| {
                    view! {
                        <Notice tone=Tone::Info title="算定のヒント">
                            <ul class="plain-list">
                                {statement.hints.into_iter().map(|hint| view! { <li>{hint.text}</li> }).collect_view()}
                            </ul>
                        </Notice>
                    }
                })}
            {(!statement.omitted.is_empty()).then(|| view! { <NotBilled omitted=statement.omitted /> })}
        </div>
    }
}

/// One line; it opens to the reason it is there.
#[component]
fn Line(line: FeeLine) -> impl IntoView {
    let total = line.total();
    view! {
        <details class="fee-line">
            <summary>
                <span class="fee-name">
                    {line.name} {line.estimated.then(|| view! { " " <span class="estimate">"推計"</span> })}
                </span>
                <span class="num fee-points">
                    {(line.count != 1).then(|| format!("{} × {} = ", line.points.0, line.count))} {total.to_string()}
                </span>
            </summary>
            <div class="fee-why">
                {(!line.parts.is_empty()).then(|| view! { <p>{line.parts.join("、")}</p> })} <p>{line.reason}</p>
                <p class="muted">
                    {line.citation} " " <span class="num">{line.code}</span>
                </p>
            </div>
        </details>
    }
}

/// An item outside of insurance: yen, with the tax inside.
#[component]
fn SelfPaid(line: SelfPaidLine) -> impl IntoView {
    let tax = if line.tax.0 > 0 { format!("（うち消費税 {}）", line.tax) } else { String::new() };
    view! {
        <p class="fee-self-paid">
            <span class="fee-name">
                {if line.quantity == 1 { line.name } else { format!("{} × {}", line.name, line.quantity) }}
                <span class="muted small">{tax}</span>
            </span>
            <span class="num fee-points">{line.total.to_string()}</span>
        </p>
    }
}

#[component]
fn NotBilled(omitted: Vec<Omitted>) -> impl IntoView {
    view! {
        <details class="fold">
            <summary>{format!("算定しなかったもの {}件", omitted.len())}</summary>
            <ul class="plain-list small">
                {omitted
                    .into_iter()
                    .map(|one| {
                        let name = if one.name.is_empty() { one.code } else { one.name };
                        view! {
                            <li>
                                <strong>{name}</strong>
                                " "
                                {one.reason}
                            </li>
                        }
                    })
                    .collect_view()}
            </ul>
        </details>
    }
}
