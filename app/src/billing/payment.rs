//! The payment page (会計): what is due in large figures, the statement with its reasons, and the till beside it.

use super::{
    Hand, StatementView, SumSpoken, api,
    paper::self_paid_sum,
    sum_of,
    till::{Paid, Till},
    use_moved, use_visit,
    watch::signed,
};
use crate::{
    session::{Offer, offers, use_me},
    ui::{Answer, DateText, Notice, StateBadge, Tone, use_events},
};
use leptos::prelude::*;
use leptos_meta::Title;
use model::{
    date,
    fee::{Bill, Statement},
    money::grouped,
    patient::Patient,
    visit::VisitState,
};

/// The statement that is on the screen, and what stands around it: while only the statement changes, the page stays as it
/// is, with what is typed at the till.
type Here = StoredValue<Option<(Bill, RwSignal<Statement>)>>;

/// The page `/visits/:id/payment`.
#[component]
pub fn PaymentPage() -> impl IntoView {
    let visit = use_visit();
    let bill = Resource::new(move || visit.get(), |visit| async move { api::bill(visit?).await });
    let here: Here = StoredValue::new(None);
    use_events("board", move |changed| {
        let Ok(id) = visit.get_untracked() else { return };
        if !changed.is_empty() && changed != id.to_string() {
            return;
        }
        leptos::task::spawn_local(async move {
            let now = api::bill(id).await;
            match (now, here.try_get_value()) {
                (_, None) => {}
                (Ok(now), Some(Some((shown, statement)))) if same_around(&now, &shown) => {
                    if statement.try_with_untracked(|shown| *shown != now.statement) == Some(true) {
                        statement.set(now.statement);
                    }
                }
                _ => bill.refetch(),
            }
        });
    });
    // Whether the payment was taken here a moment ago: then the papers are what comes next.
    let taken = StoredValue::new(false);
    view! {
        <Title text="会計" />
        <main id="main" class="page" tabindex="-1">
            <Answer
                data=bill
                view=move |shown| view! { <Payment bill=shown here taken refetch=Callback::new(move |()| bill.refetch()) /> }
            />
        </main>
    }
}

/// Whether two bills differ in nothing but their statements.
fn same_around(one: &Bill, other: &Bill) -> bool {
    one.visit == other.visit && one.patient == other.patient && one.receipt == other.receipt && one.clinic == other.clinic
}

#[component]
fn Payment(bill: Bill, here: Here, taken: StoredValue<bool>, refetch: Callback<()>) -> impl IntoView {
    let statement = RwSignal::new(bill.statement.clone());
    here.set_value(Some((bill.clone(), statement)));
    let Bill { visit, patient, receipt, .. } = bill;
    let state = visit.state;
    let hand = Hand::of(
        visit.id,
        visit.date,
        Signal::derive(move || state),
        statement.into(),
        Callback::new(move |new: Statement| drop(statement.try_set(new))),
    );
    let due = Signal::derive(move || statement.with(Statement::due));
    let till = offers(use_me().staff.role, Offer::Till);
    let month = format!("/patients/{}/months/{}", patient.id, crate::months::slug(visit.date));
    view! {
        <div class="page-header">
            <h1>"会計"</h1>
            <div class="btn-row">
                <a class="btn btn-quiet" href=month>
                    "この月の会計"
                </a>
                <a class="btn btn-quiet" href="/reception">
                    "受付へ戻る"
                </a>
            </div>
        </div>
        <p class="cluster">
            <span class="patient-name">{patient.name.full()}</span>
            <span class="patient-kana">{patient.name.kana()}</span>
            <span class="muted num">{format!("患者番号 {}", patient.number)}</span>
            <span>{format!("{}歳・{}", date::age_on(patient.birth_date, visit.date), patient.sex.label())}</span>
            <span>
                <DateText day=visit.date />
                " "
                {visit.kind.label()}
            </span>
            <StateBadge state=visit.state />
        </p>
        <SumSpoken sum=Signal::derive(move || Some(statement.with(sum_of))) />
        <div class="page-split">
            <section class="card" aria-label="算定結果">
                <div class="card-header">
                    <h2>"算定結果"</h2>
                    <span class="small muted">{move || statement.with(|statement| format!("点数表 {}", statement.edition))}</span>
                </div>
                <div class="statement-card">
                    <StatementView statement hand />
                </div>
            </section>
            <div class="stack till-side">
                <Due statement patient day=visit.date />
                {match (receipt, visit.state) {
                    (Some(receipt), _) => view! { <Paid visit=visit.id version=visit.version receipt till taken refetch /> }.into_any(),
                    (None, VisitState::AwaitingPayment) if till => {
                        view! { <Till visit=visit.id version=visit.version due taken refetch /> }.into_any()
                    }
                    (None, VisitState::AwaitingPayment) => {
                        view! {
                            <Notice>
                                <p>"入金は受付の職員が行います。"</p>
                            </Notice>
                        }
                            .into_any()
                    }
                    (None, _) => {
                        view! {
                            <Notice tone=Tone::Info>
                                <p>"診療録の確定後に入金できます。金額はいまの時点のものです。"</p>
                            </Notice>
                        }
                            .into_any()
                    }
                }}
            </div>
        </div>
    }
}

/// What the patient pays, and how it comes about.
#[component]
fn Due(statement: RwSignal<Statement>, patient: Patient, day: chrono::NaiveDate) -> impl IntoView {
    let moved = use_moved(Signal::derive(move || Some(statement.with(sum_of))));
    let due = move || statement.with(Statement::due);
    let points = move || statement.with(|statement| statement.points);
    let payers = move || {
        let payers = statement.with(|statement| statement.payment.payers.clone());
        payers
            .into_iter()
            .filter(|payer| payer.id != "insurance")
            .map(|payer| {
                view! {
                    <dt>{format!("公費 {}", payer.id)}</dt>
                    <dd class="num">{format!("請求 {}・残り {}", payer.charged_yen, payer.left_yen)}</dd>
                }
            })
            .collect_view()
    };
    let outside = move || {
        let (insured, (outside, tax)) =
            statement.with(|statement| (statement.payment.patient_yen, self_paid_sum(&statement.self_paid)));
        (outside.0 > 0).then(|| {
            view! {
                <dt>"保険分の負担"</dt>
                <dd class="num" data-due="insured">
                    {insured.to_string()}
                </dd>
                <dt>"保険外（自費）"</dt>
                <dd class="num">
                    <span data-due="self-paid">{outside.to_string()}</span>
                    {format!("（うち消費税 {tax}）")}
                </dd>
            }
        })
    };
    let card = patient.insurance_on(day).cloned();
    view! {
        <section class="card" aria-label="患者負担">
            <div class="card-body stack">
                <dl class="due" class:fee-moved=move || moved.get().is_some()>
                    <dt>"請求額"</dt>
                    <dd data-due=move || due().0>
                        {move || grouped(due().0)} <span class="due-unit">"円"</span>
                    </dd>
                </dl>
                <dl class="facts">
                    <dt>"合計点数"</dt>
                    <dd class="num">
                        {move || points().to_string()}
                        {move || moved.get().map(|points| view! { " " <span class="fee-delta">{signed(points)}</span> })}
                    </dd>
                    <dt>"医療費総額"</dt>
                    <dd class="num">{move || points().yen().to_string()}</dd>
                    {card
                        .as_ref()
                        .map(|card| {
                            view! {
                                <dt>"負担割合"</dt>
                                <dd>{format!("{}割（{}・{}）", card.share / 10, card.insurer.scheme().label(), card.relation.label())}</dd>
                            }
                        })}
                    {payers}
                    {outside}
                </dl>
                {card
                    .is_none()
                    .then(|| {
                        view! {
                            <Notice tone=Tone::Warn>
                                <p>
                                    "この日に有効な保険がありません（自費）。 "
                                    <a href=format!("/patients/{}", patient.id)>"保険を登録する"</a>
                                </p>
                            </Notice>
                        }
                    })}
            </div>
        </section>
    }
}
