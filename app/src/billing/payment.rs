//! Taking the payment (会計): what is due in large figures, what is handed over, the change, Enter.

use super::{StatementView, api, paper::self_paid_sum, use_bill};
use crate::{
    session::{Offer, offers, use_me},
    ui::{Answer, DateText, Field, Notice, StateBadge, Tone, failed, focus_id, toast, toast_error, use_events},
};
use leptos::{callback::Callable, prelude::*};
use leptos_meta::Title;
use model::{
    AppError, date,
    fee::{Bill, Receipt},
    kana,
    money::{Yen, grouped},
    visit::VisitState,
};

/// What is often handed over, in yen.
const NOTES: [i64; 3] = [1_000, 5_000, 10_000];

/// The page `/visits/:id/payment`.
#[component]
pub fn PaymentPage() -> impl IntoView {
    let bill = use_bill();
    use_events("board", move |_| bill.refetch());
    // Whether the payment was taken here a moment ago: then the papers are what comes next.
    let taken = StoredValue::new(false);
    view! {
        <Title text="会計" />
        <main id="main" class="page" tabindex="-1">
            <Answer data=bill view=move |shown| view! { <Payment bill=shown taken refetch=Callback::new(move |()| bill.refetch()) /> } />
        </main>
    }
}

#[component]
fn Payment(bill: Bill, taken: StoredValue<bool>, refetch: Callback<()>) -> impl IntoView {
    let Bill { visit, patient, statement, receipt, .. } = bill;
    let due = statement.due();
    let insured = statement.payment.patient_yen;
    let (outside, tax) = self_paid_sum(&statement.self_paid);
    let till = offers(use_me().staff.role, Offer::Till);
    let payers = statement.payment.payers.clone();
    let points = statement.points;
    view! {
        <div class="page-header">
            <h1>"会計"</h1>
            <a class="btn btn-quiet" href="/reception">
                "受付へ戻る"
            </a>
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
        <div class="page-split">
            <section class="card" aria-label="算定結果">
                <div class="card-header">
                    <h2>"算定結果"</h2>
                    <span class="small muted">{format!("点数表 {}", statement.edition)}</span>
                </div>
                <div class="statement-card">
                    <StatementView statement />
                </div>
            </section>
            <div class="stack till-side">
                <section class="card" aria-label="患者負担">
                    <div class="card-body stack">
                        <dl class="due">
                            <dt>"請求額"</dt>
                            <dd data-due=due.0>
                                {grouped(due.0)} <span class="due-unit">"円"</span>
                            </dd>
                        </dl>
                        <dl class="facts">
                            <dt>"合計点数"</dt>
                            <dd class="num">{points.to_string()}</dd>
                            <dt>"医療費総額"</dt>
                            <dd class="num">{points.yen().to_string()}</dd>
                            {patient
                                .insurance_on(visit.date)
                                .map(|card| {
                                    view! {
                                        <dt>"負担割合"</dt>
                                        <dd>{format!("{}割（{}・{}）", card.share / 10, card.insurer.scheme().label(), card.relation.label())}</dd>
                                    }
                                })}
                            {payers
                                .into_iter()
                                .filter(|payer| payer.id != "insurance")
                                .map(|payer| {
                                    view! {
                                        <dt>{format!("公費 {}", payer.id)}</dt>
                                        <dd class="num">{format!("請求 {}・残り {}", payer.charged_yen, payer.left_yen)}</dd>
                                    }
                                })
                                .collect_view()}
                            {(outside.0 > 0)
                                .then(|| {
                                    view! {
                                        <dt>"保険分の負担"</dt>
                                        <dd class="num" data-due="insured">{insured.to_string()}</dd>
                                        <dt>"保険外（自費）"</dt>
                                        <dd class="num">
                                            <span data-due="self-paid">{outside.to_string()}</span>
                                            {format!("（うち消費税 {tax}）")}
                                        </dd>
                                    }
                                })}
                        </dl>
                        {patient
                            .insurance_on(visit.date)
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

/// What the text means in yen; nothing typed means the exact amount.
fn tendered_of(text: &str, due: Yen) -> Result<Yen, String> {
    let digits: String = kana::fold_width(text).chars().filter(|c| !matches!(c, ',' | '円' | '¥' | ' ')).collect();
    if digits.is_empty() {
        return Ok(due);
    }
    match digits.parse::<i64>() {
        Ok(yen) if yen > 9_999_999 => Err("金額が大きすぎます。".to_owned()),
        Ok(yen) if yen < due.0 => Err(format!("{}円 足りません。", grouped(due.0 - yen))),
        Ok(yen) if yen >= 0 => Ok(Yen(yen)),
        _ => Err("数字で入力してください。".to_owned()),
    }
}

#[component]
fn Till(visit: model::ids::VisitId, version: i64, due: Yen, taken: StoredValue<bool>, refetch: Callback<()>) -> impl IntoView {
    let text = RwSignal::new(String::new());
    let left = RwSignal::new(false);
    let refused = RwSignal::new(None::<AppError>);
    let (toast, toast_error) = (toast(), toast_error());
    let tendered = Memo::new(move |_| tendered_of(&text.get(), due));
    let error = Signal::derive(move || {
        refused
            .with(|refused| refused.as_ref().map(|error| error.at("tendered").unwrap_or_else(|| error.to_string())))
            .or_else(|| left.get().then(|| tendered.get().err()).flatten())
    });
    let pay = Action::new(move |yen: &i64| {
        let yen = *yen;
        async move {
            match api::take_payment(visit, yen, version).await {
                Ok(bill) => {
                    if let Some(receipt) = bill.receipt {
                        toast(&format!("入金しました。お釣り {}円", grouped(receipt.change.0)));
                    }
                    taken.set_value(true);
                    let _ = refetch.try_run(());
                }
                Err(error) => {
                    failed(&error);
                    if matches!(error, AppError::Stale { .. } | AppError::Conflict { .. }) {
                        toast_error(&error);
                        let _ = refetch.try_run(());
                    } else {
                        refused.set(Some(error));
                    }
                }
            }
        }
    });
    let send = move || match tendered.get_untracked() {
        Ok(yen) if !pay.pending().get_untracked() => {
            refused.set(None);
            pay.dispatch(yen.0);
        }
        Ok(_) => {}
        Err(_) => {
            left.set(true);
            focus_id("tendered");
        }
    };
    let put = move |yen: i64| {
        text.set(grouped(yen));
        focus_id("tendered");
    };
    focus_at_start("tendered");
    view! {
        <section class="card" aria-label="入金">
            <form
                class="card-body stack"
                on:submit=move |event| {
                    event.prevent_default();
                    send();
                }
            >
                <Field id="tendered" label="お預り" error>
                    <div class="cluster">
                        <input
                            id="tendered"
                            class="input input-num tendered"
                            inputmode="numeric"
                            autocomplete="off"
                            placeholder=grouped(due.0)
                            prop:value=move || text.get()
                            aria-invalid=move || error.get().map(|_| "true")
                            aria-describedby="tendered-error"
                            on:input:target=move |event| {
                                refused.set(None);
                                text.set(event.target().value());
                            }
                            // A field that is taken away is left as well; its text is gone by then.
                            on:blur=move |_| left.set(text.try_with_untracked(|text| !text.is_empty()).unwrap_or_default())
                        />
                        <span>"円"</span>
                    </div>
                </Field>
                <div class="btn-row" role="group" aria-label="金額を入れる">
                    <button type="button" class="btn btn-secondary btn-sm" on:click=move |_| put(due.0)>
                        "ちょうど"
                    </button>
                    {NOTES
                        .into_iter()
                        .filter(|note| *note >= due.0)
                        .map(|note| {
                            view! {
                                <button type="button" class="btn btn-secondary btn-sm" on:click=move |_| put(note)>
                                    {grouped(note)}
                                </button>
                            }
                        })
                        .collect_view()}
                </div>
                <dl class="due due-change">
                    <dt>"お釣り"</dt>
                    <dd>
                        <output for="tendered">
                            {move || tendered.get().map_or_else(|_| "—".to_owned(), |yen| grouped((yen - due).0))}
                        </output>
                        <span class="due-unit">"円"</span>
                    </dd>
                </dl>
                <button class="btn btn-primary" disabled=move || pay.pending().get()>
                    {move || if pay.pending().get() { "入金しています…" } else { "入金して会計を終える" }}
                    <kbd class="kbd" aria-hidden="true">
                        "Enter"
                    </kbd>
                </button>
            </form>
        </section>
    }
}

/// What was paid, the papers, and the way back.
#[component]
fn Paid(
    visit: model::ids::VisitId,
    version: i64,
    receipt: Receipt,
    till: bool,
    taken: StoredValue<bool>,
    refetch: Callback<()>,
) -> impl IntoView {
    Effect::new(move |_| {
        if taken.try_get_value() == Some(true) {
            taken.set_value(false);
            focus_id("paid-receipt");
        }
    });
    let (toast, toast_error) = (toast(), toast_error());
    let undo = Action::new(move |(): &()| async move {
        match api::undo_payment(visit, version).await {
            Ok(_) => toast("入金を取り消しました。"),
            Err(error) => {
                failed(&error);
                toast_error(&error);
            }
        }
        let _ = refetch.try_run(());
    });
    view! {
        <section class="card" aria-label="入金済み">
            <div class="card-body stack">
                <Notice tone=Tone::Ok title="入金済みです">
                    <p>
                        {format!(
                            "領収証番号 {}　{}　{}",
                            receipt.number,
                            date::stamp(receipt.at),
                            receipt.by,
                        )}
                    </p>
                </Notice>
                <dl class="facts">
                    <dt>"領収額"</dt>
                    <dd class="num">{receipt.due.to_string()}</dd>
                    <dt>"お預り"</dt>
                    <dd class="num">{receipt.tendered.to_string()}</dd>
                    <dt>"お釣り"</dt>
                    <dd class="num" data-change=receipt.change.0>
                        <strong>{receipt.change.to_string()}</strong>
                    </dd>
                </dl>
                <div class="btn-row">
                    <a id="paid-receipt" class="btn btn-primary" href=format!("/visits/{visit}/receipt")>
                        "領収証"
                    </a>
                    <a class="btn btn-secondary" href=format!("/visits/{visit}/details")>
                        "明細書"
                    </a>
                    {till
                        .then(|| {
                            view! {
                                <button
                                    type="button"
                                    class="btn btn-quiet"
                                    disabled=move || undo.pending().get()
                                    on:click=move |_| {
                                        undo.dispatch(());
                                    }
                                >
                                    "入金を取り消す"
                                </button>
                            }
                        })}
                </div>
            </div>
        </section>
    }
}

/// Puts the focus where the work begins, unless somebody is somewhere else already.
fn focus_at_start(id: &'static str) {
    Effect::new(move |_| {
        let elsewhere = document().active_element().is_some_and(|element| element.tag_name() == "INPUT");
        if !elsewhere {
            focus_id(id);
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_is_typed_at_the_till() {
        let due = Yen(1_230);
        assert_eq!(tendered_of("", due), Ok(due));
        assert_eq!(tendered_of("５，０００円", due), Ok(Yen(5_000)));
        assert_eq!(tendered_of("2,000", due), Ok(Yen(2_000)));
        assert!(tendered_of("1000", due).is_err_and(|text| text.contains("230円")));
        assert!(tendered_of("abc", due).is_err());
        assert!(tendered_of("-5", Yen(0)).is_err());
        assert!(tendered_of("99999999", due).is_err());
    }
}
