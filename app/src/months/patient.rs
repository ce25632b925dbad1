//! A patient's month (月次会計): what was charged, what it comes to now, and the difference to settle.

use super::{bar::MonthBar, days::DayGrid, month_words, settle::SettleDialog, slug, use_month, visits::VisitTable};
use crate::{
    billing::{api, signed_yen},
    session::{Offer, offers, use_me},
    ui::{Answer, EmptyState, NotFound, use_events},
};
use chrono::NaiveDate;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;
use model::{
    date,
    ids::{PatientId, VisitId},
    money::{Points, Yen},
    month::{MonthVisit, PatientMonth},
};

/// The page `/patients/:id/months/:month`.
#[component]
pub fn PatientMonthPage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get("id")).unwrap_or_default().parse::<PatientId>());
    let month = use_month();
    move || match month.get() {
        None => view! { <NotFound /> }.into_any(),
        Some(month) => view! { <Page id month /> }.into_any(),
    }
}

#[component]
fn Page(id: Memo<Result<PatientId, model::AppError>>, month: NaiveDate) -> impl IntoView {
    let answer = Resource::new(move || id.get(), move |id| async move { api::patient_month(id?, month).await });
    let here = Here { asked: RwSignal::new(None), visits: StoredValue::new(Vec::new()), late: StoredValue::new(false) };
    use_events("board", move |changed| {
        let ours = changed.is_empty() || here.visits.with_value(|all| all.iter().any(|id| id.to_string() == changed));
        match (ours, here.asked.with_untracked(Option::is_some)) {
            (false, _) => {}
            // Nothing moves under somebody who reads an amount; the server refuses one that is not true any more.
            (true, true) => here.late.set_value(true),
            (true, false) => answer.refetch(),
        }
    });
    Effect::new(move |_| {
        if here.asked.with(Option::is_none) && here.late.get_value() {
            here.late.set_value(false);
            answer.refetch();
        }
    });
    let refetch = Callback::new(move |()| answer.refetch());
    view! {
        <Title text=format!("{}の会計", month_words(month)) />
        <main id="main" class="page month-page" tabindex="-1">
            <Answer data=answer view=move |shown| view! { <MonthView shown here refetch /> } />
        </main>
    }
}

/// What outlives one drawing of the month.
#[derive(Clone, Copy)]
struct Here {
    /// The visit whose difference somebody is about to settle.
    asked: RwSignal<Option<MonthVisit>>,
    /// The visits shown.
    visits: StoredValue<Vec<VisitId>>,
    /// Whether something changed while somebody was asked.
    late: StoredValue<bool>,
}

#[component]
fn MonthView(shown: PatientMonth, here: Here, refetch: Callback<()>) -> impl IntoView {
    let (points, difference) = (shown.points(), shown.difference());
    let PatientMonth { patient, month, visits, items, earlier, later } = shown;
    let id = patient.id;
    let asked = here.asked;
    here.visits.set_value(visits.iter().map(|visit| visit.id).collect());
    let till = offers(use_me().staff.role, Offer::Till);
    let empty = visits.is_empty();
    let failed = visits.iter().filter(|visit| visit.now.is_err()).count();
    let charged: Yen = visits.iter().filter_map(|visit| visit.charged.as_ref()).map(|charged| charged.due).sum();
    let estimates = visits.iter().any(|visit| visit.now.as_ref().is_ok_and(|now| now.has_estimates()));
    view! {
        <div class="page-header">
            <h1>
                <span class="print-only">{month_words(month)} " "</span>
                "月次会計"
            </h1>
            <MonthBar month earlier later words=("前の受診月", "次の受診月") href=Callback::new(move |to| format!("/patients/{id}/months/{}", slug(to))) />
        </div>
        <p class="cluster">
            <a class="patient-name" href=format!("/patients/{id}")>
                {patient.name.full()}
            </a>
            <span class="patient-kana">{patient.name.kana()}</span>
            <span class="muted num">{format!("患者番号 {}", patient.number)}</span>
            <span>{format!("{}歳・{}", date::age_on(patient.birth_date, month), patient.sex.label())}</span>
            <a class="no-print" href=format!("/months/{}/mirror?patient={id}", slug(month))>
                "ほかの版の点数表で計算する"
            </a>
        </p>
        {if empty {
            view! {
                <EmptyState>
                    <p>{format!("{}の受診はありません。", month_words(month))}</p>
                    {[earlier, later]
                        .into_iter()
                        .flatten()
                        .map(|to| {
                            view! {
                                <p>
                                    <a href=format!("/patients/{id}/months/{}", slug(to))>{format!("{}の会計を見る", month_words(to))}</a>
                                </p>
                            }
                        })
                        .collect_view()}
                </EmptyState>
            }
                .into_any()
        } else {
            view! {
                <Sums points charged difference failed estimates />
                <VisitTable visits on_settle=Callback::new(move |visit| asked.set(Some(visit))) till />
                <DayGrid items />
                <SettleDialog asked on_done=refetch />
            }
                .into_any()
        }}
    }
}

/// The month in a line of figures.
#[component]
fn Sums(points: Points, charged: Yen, difference: Yen, failed: usize, estimates: bool) -> impl IntoView {
    view! {
        <dl class="month-sums" aria-label="月の合計">
            <div>
                <dt>"いまの点数"</dt>
                <dd class="num" data-month="points">
                    {points.to_string()}
                </dd>
            </div>
            <div>
                <dt>"領収済み"</dt>
                <dd class="num" data-month="charged">
                    {charged.to_string()}
                </dd>
            </div>
            <div>
                <dt>"精算する差額"</dt>
                <dd class="num" data-month="difference">
                    {if difference.0 == 0 { "なし".to_owned() } else { format!("{}（{}）", signed_yen(difference), direction(difference)) }}
                </dd>
            </div>
        </dl>
        {(failed > 0).then(|| view! { <p class="small">{format!("{failed}件の受診は計算できません。合計に含まれていません。")}</p> })}
        {estimates.then(|| view! { <p class="small"><span class="estimate">"推計"</span> " の点数・薬価を含みます。"</p> })}
        {(difference.0 != 0)
            .then(|| {
                view! {
                    <p class="small muted">
                        "「いま」は今日の登録（保険・公費・施設基準・診療時間）による計算です。施設基準を届け出直した後の月では、届出前の受診にも差が出ます。精算の前に「変わった項目」を確かめてください。"
                    </p>
                }
            })}
    }
}

/// Which way a difference goes.
pub(super) fn direction(difference: Yen) -> &'static str {
    match difference.0 {
        0 => "差額なし",
        more if more > 0 => "集金",
        _ => "返金",
    }
}
