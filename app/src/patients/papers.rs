//! What a patient brings: insurance cards, certificates of subsidies, and the consent to reading other institutions' records.

use super::{
    api,
    fields::{Fields, Part},
    form::{InsurancePart, SubsidyPart},
};
use crate::ui::{Badge, Dialog, EmptyState, Notice, Tone, failed, focus_first_invalid, toast, toast_error, today};
use chrono::NaiveDate;
use leptos::{callback::Callable, prelude::*};
use model::{AppError, date, insurance::Insurance, insurance::Subsidy, patient::Patient};

/// `2026-04-01 〜`, with a badge where the paper is not valid today.
#[component]
fn Validity(from: NaiveDate, to: Option<NaiveDate>) -> impl IntoView {
    let now = today();
    let badge = if now < from {
        Some(("有効期間前", Tone::Neutral))
    } else if to.is_some_and(|end| end < now) {
        Some(("期限切れ", Tone::Warn))
    } else {
        Some(("有効", Tone::Ok))
    };
    view! {
        <span class="cluster">
            <span class="num">{format!("{from} 〜 {}", to.map(|end| end.to_string()).unwrap_or_default())}</span>
            {badge.map(|(text, tone)| view! { <Badge text tone /> })}
        </span>
    }
}

/// The insurance cards, newest first, and adding one.
#[component]
pub fn InsuranceCard(
    /// The patient.
    patient: Patient,
    /// Called after something changed.
    refetch: Callback<()>,
) -> impl IntoView {
    let open = RwSignal::new(false);
    let id = patient.id;
    let empty = patient.insurances.is_empty();
    let add = move || {
        let fields = Fields::new(Part::Insurance);
        view! {
            <PaperForm
                fields
                open
                refetch
                send=Callback::new(move |()| {
                    let form = untrack(|| fields.form()).insurance;
                    Box::pin(async move { api::add_insurance(id, form).await.map(|_| "保険を追加しました。") }) as Sending
                })
            >
                <InsurancePart fields autofocus=true />
            </PaperForm>
        }
    };
    view! {
        <section class="card" aria-label="保険">
            <div class="card-header">
                <h2>"保険"</h2>
                <button id="add-insurance" type="button" class="btn btn-secondary btn-sm" on:click=move |_| open.set(true)>
                    "保険を追加"
                </button>
            </div>
            {empty.then(|| view! { <EmptyState>"保険の登録がありません（自費）。"</EmptyState> })}
            {(!empty)
                .then(|| {
                    view! {
                        <ul class="paper-list">
                            {patient.insurances.into_iter().map(|card| view! { <InsuranceLine card /> }).collect_view()}
                        </ul>
                    }
                })}
            <Dialog open title="保険を追加" wide=true>
                {add()}
            </Dialog>
        </section>
    }
}

#[component]
fn InsuranceLine(card: Insurance) -> impl IntoView {
    let branch = card.branch.map(|branch| format!("（枝番 {branch}）")).unwrap_or_default();
    let symbol = if card.symbol.is_empty() { String::new() } else { format!("{}・", card.symbol) };
    view! {
        <li>
            <div class="cluster">
                <strong>{card.insurer.scheme().label()}</strong>
                <span class="num">{card.insurer.to_string()}</span>
                <span>{format!("{}・{}割", card.relation.label(), card.share / 10)}</span>
                {card.limit_class.map(|class| view! { <Badge text=format!("区分 {class}") /> })}
                {card.many_times.then(|| view! { <Badge text="多数回該当" /> })}
                {card.long_term_cap.map(|yen| view! { <Badge text=format!("マル長 {}", model::money::Yen(yen)) /> })}
            </div>
            <div class="small">{format!("記号・番号 {symbol}{}{branch}", card.number)}</div>
            <div class="small">
                <Validity from=card.valid_from to=card.valid_to />
            </div>
        </li>
    }
}

/// The subsidies, newest first, and adding one.
#[component]
pub fn SubsidyCard(
    /// The patient.
    patient: Patient,
    /// Called after something changed.
    refetch: Callback<()>,
) -> impl IntoView {
    let open = RwSignal::new(false);
    let id = patient.id;
    let empty = patient.subsidies.is_empty();
    let add = move || {
        let fields = Fields::new(Part::Subsidy);
        view! {
            <PaperForm
                fields
                open
                refetch
                send=Callback::new(move |()| {
                    let form = untrack(|| fields.form()).subsidy;
                    Box::pin(async move { api::add_subsidy(id, form).await.map(|_| "公費を追加しました。") }) as Sending
                })
            >
                <SubsidyPart fields autofocus=true />
            </PaperForm>
        }
    };
    view! {
        <section class="card" aria-label="公費">
            <div class="card-header">
                <h2>"公費"</h2>
                <button type="button" class="btn btn-secondary btn-sm" on:click=move |_| open.set(true)>
                    "公費を追加"
                </button>
            </div>
            {empty.then(|| view! { <EmptyState>"公費の登録はありません。"</EmptyState> })}
            {(!empty)
                .then(|| {
                    view! {
                        <ul class="paper-list">
                            {patient.subsidies.into_iter().map(|subsidy| view! { <SubsidyLine subsidy /> }).collect_view()}
                        </ul>
                    }
                })}
            <Dialog open title="公費を追加" wide=true>
                {add()}
            </Dialog>
        </section>
    }
}

#[component]
fn SubsidyLine(subsidy: Subsidy) -> impl IntoView {
    let share = subsidy.share.map(|share| format!("負担 {share}%"));
    let cap = subsidy.monthly_cap.map(|yen| format!("月額上限 {}", model::money::Yen(yen)));
    let visit = subsidy.visit_cap.map(|yen| format!("1回上限 {}", model::money::Yen(yen)));
    let visits = subsidy.charged_visits.map(|visits| format!("月{visits}回まで負担"));
    view! {
        <li>
            <div class="cluster">
                <strong class="num">{format!("負担者 {}", subsidy.payer)}</strong>
                <span class="num">{format!("受給者 {}", subsidy.recipient)}</span>
                {share}
                {cap}
                {visit}
                {visits}
            </div>
            <div class="small">
                <Validity from=subsidy.valid_from to=subsidy.valid_to />
            </div>
        </li>
    }
}

/// A save that is under way; on success it has a message.
type Sending = std::pin::Pin<Box<dyn Future<Output = Result<&'static str, AppError>> + Send>>;

/// The form in a dialog: flaws at the fields, what is typed stays.
#[component]
fn PaperForm(
    fields: Fields,
    open: RwSignal<bool>,
    refetch: Callback<()>,
    send: Callback<(), Sending>,
    children: Children,
) -> impl IntoView {
    let problem = RwSignal::new(None::<AppError>);
    let toast = toast();
    let save = Action::new(move |(): &()| {
        let sending = send.run(());
        async move {
            match sending.await {
                Ok(message) => {
                    toast(message);
                    open.set(false);
                    let _ = refetch.try_run(());
                }
                Err(error) => {
                    failed(&error);
                    problem.set(fields.refuse(error));
                    focus_first_invalid();
                }
            }
        }
    });
    view! {
        <form
            novalidate
            on:submit=move |event| {
                event.prevent_default();
                problem.set(None);
                if fields.attempt() {
                    save.dispatch(());
                } else {
                    focus_first_invalid();
                }
            }
        >
            <div class="dialog-body stack">
                {move || problem.get().map(|error| view! { <Notice tone=Tone::Danger><p>{error.to_string()}</p></Notice> })}
                {children()}
            </div>
            <div class="dialog-footer">
                <button type="button" class="btn btn-quiet" on:click=move |_| open.set(false)>
                    "やめる"
                </button>
                <button class="btn btn-primary" disabled=move || save.pending().get()>
                    "追加する"
                </button>
            </div>
        </form>
    }
}

/// Whether other institutions' records may be read here (電子カルテ情報共有サービスの閲覧同意).
#[component]
pub fn Consent(
    /// The patient.
    patient: Patient,
    /// Called after something changed.
    refetch: Callback<()>,
) -> impl IntoView {
    let id = patient.id;
    let given = patient.consent;
    let (toast, toast_error) = (toast(), toast_error());
    let change = Action::new(move |to: &bool| {
        let to = *to;
        async move {
            match api::set_consent(id, to).await {
                Ok(_) => {
                    toast(if to { "閲覧同意を記録しました。" } else { "閲覧同意を取り消しました。" })
                }
                Err(error) => {
                    failed(&error);
                    toast_error(&error);
                }
            }
            let _ = refetch.try_run(());
        }
    });
    view! {
        <section class="card" aria-label="閲覧同意">
            <div class="card-header">
                <h2>"他の医療機関の情報の閲覧同意"</h2>
                {match given {
                    Some(_) => view! { <Badge text="同意あり" tone=Tone::Ok /> },
                    None => view! { <Badge text="同意なし" /> },
                }}
            </div>
            <div class="card-body stack">
                <p class="small">
                    "電子カルテ情報共有サービスで、他の医療機関が共有した傷病名・アレルギー・検査結果などをこの診療所で見ることへの同意です。"
                </p>
                <div class="cluster">
                    <button
                        type="button"
                        class=if given.is_some() { "btn btn-quiet btn-sm" } else { "btn btn-secondary btn-sm" }
                        disabled=move || change.pending().get()
                        on:click=move |_| {
                            change.dispatch(given.is_none());
                        }
                    >
                        {if given.is_some() { "同意を取り消す" } else { "同意を記録する" }}
                    </button>
                    {given.map(|day| view! { <span class="small muted">{format!("{} に記録", date::both(day))}</span> })}
                </div>
            </div>
        </section>
    }
}
