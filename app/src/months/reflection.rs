//! What came of a mirror: totals of either edition, the items that differ, the patients, and what could not be compared.

use super::{mirror::Asked, month_words, slug};
use crate::{
    billing::{signed, signed_number, signed_yen},
    ui::{Badge, Notice, Tone},
};
use leptos::prelude::*;
use model::{
    date,
    money::grouped,
    month::{ItemChange, Mirror, MirrorPatient},
};

/// Rows shown at first; the others are one press away.
const FIRST: usize = 100;

/// The answer in full.
#[component]
pub(super) fn Reflection(
    /// The answer.
    mirror: Mirror,
    /// What was asked, for links to one patient's mirror.
    asked: Option<Asked>,
) -> impl IntoView {
    let Mirror {
        month, own, other, patients, visits, points, patient_yen, items, by_patient, missing, failed, estimated, ..
    } = mirror;
    let same = own == other;
    let names = (own.clone(), other.clone());
    let single = asked.is_some_and(|asked| asked.patient.is_some());
    view! {
        <div class="stack">
            <p>
                {format!("{}　患者 {}人・受診 {}件", month_words(month), grouped(patients as i64), grouped(visits as i64))}
            </p>
            {same
                .then(|| {
                    view! {
                        <Notice tone=Tone::Info>
                            <p>"同じ版の点数表です。比べる点数表を選んでください。"</p>
                        </Notice>
                    }
                })}
            <section class="card" aria-label="合計">
                <table class="table mirror-totals" aria-label="合計">
                    <thead>
                        <tr>
                            <td></td>
                            <th scope="col" class="num">"点数"</th>
                            <th scope="col" class="num">"患者負担"</th>
                        </tr>
                    </thead>
                    <tbody>
                        <tr>
                            <th scope="row">{format!("{own}（この月の版）")}</th>
                            <td class="num" data-mirror="own">{points.0.to_string()}</td>
                            <td class="num">{patient_yen.0.to_string()}</td>
                        </tr>
                        <tr>
                            <th scope="row">{other.clone()}</th>
                            <td class="num" data-mirror="other">{points.1.to_string()}</td>
                            <td class="num">{patient_yen.1.to_string()}</td>
                        </tr>
                    </tbody>
                    <tfoot>
                        <tr>
                            <th scope="row">"差"</th>
                            <td class="num" data-mirror="difference">{signed(points.1 - points.0)}</td>
                            <td class="num">{signed_yen(patient_yen.1 - patient_yen.0)}</td>
                        </tr>
                    </tfoot>
                </table>
            </section>
            {estimated
                .then(|| {
                    view! {
                        <p class="small">
                            <Badge text="推計" tone=Tone::Warn />
                            " 公式の告示・マスターで確認できていない点数・薬価を含みます。差は目安です。"
                        </p>
                    }
                })}
            <div class="page-split page-split-even">
                <Items items names=names.clone() />
                {(!single).then(|| view! { <Patients by_patient names asked month=slug(month) /> })}
            </div>
            <Missing missing other />
            <Failed failed />
        </div>
    }
}

/// A table's rows: the first hundred, or all.
fn rows<T, V>(all: Vec<T>, row: impl Fn(T) -> V + Send + Sync + 'static, open: RwSignal<bool>) -> impl IntoView
where
    T: Clone + Send + Sync + 'static,
    V: IntoView + 'static,
{
    let all = StoredValue::new(all);
    move || {
        let shown = if open.get() { usize::MAX } else { FIRST };
        all.with_value(|all| all.iter().take(shown).cloned().map(&row).collect_view())
    }
}

/// The button that shows the other rows.
#[component]
fn ShowAll(count: usize, open: RwSignal<bool>) -> impl IntoView {
    let more = move || FIRST < count && !open.get();
    view! {
        <Show when=more>
            <p class="card-footer no-print">
                <button type="button" class="btn btn-secondary btn-sm" on:click=move |_| open.set(true)>
                    {format!("すべて表示（{}件）", grouped(count as i64))}
                </button>
            </p>
        </Show>
    }
}

/// Every item that differs, greatest difference first.
#[component]
fn Items(items: Vec<ItemChange>, names: (String, String)) -> impl IntoView {
    let open = RwSignal::new(false);
    let count = items.len();
    let row = |item: ItemChange| {
        let difference = item.points.1 - item.points.0;
        let side = |count: i64, points: i64| {
            let times = (count > 0).then(|| view! { <span class="sub">{format!("{}回", grouped(count))}</span> });
            view! { {if count == 0 { "—".to_owned() } else { grouped(points) }} {times} }
        };
        view! {
            <tr data-code=item.code>
                <th scope="row">
                    {item.name} <span class="sub">{item.section.label()}</span>
                </th>
                <td class="num">{side(item.count.0, item.points.0.0)}</td>
                <td class="num">{side(item.count.1, item.points.1.0)}</td>
                <td class="num">
                    <strong>{signed_number(difference.0)}</strong>
                </td>
            </tr>
        }
    };
    view! {
        <section class="card" aria-label="項目別の差">
            <div class="card-header">
                <h2>{format!("項目別の差（{}件）", grouped(count as i64))}</h2>
                <span class="small muted">"差の大きい順・点"</span>
            </div>
            {if items.is_empty() {
                view! { <p class="empty">"点数の違う項目はありません。"</p> }.into_any()
            } else {
                view! {
                    <table class="table mirror-table" aria-label="項目別の差">
                        <thead>
                            <tr>
                                <th scope="col">"項目"</th>
                                <th scope="col" class="num">{names.0}</th>
                                <th scope="col" class="num">{names.1}</th>
                                <th scope="col" class="num">"差"</th>
                            </tr>
                        </thead>
                        <tbody>{rows(items, row, open)}</tbody>
                    </table>
                    <ShowAll count open />
                }
                    .into_any()
            }}
        </section>
    }
}

/// By patient, greatest difference first.
#[component]
fn Patients(by_patient: Vec<MirrorPatient>, names: (String, String), asked: Option<Asked>, month: String) -> impl IntoView {
    let open = RwSignal::new(false);
    let count = by_patient.len();
    let row = move |patient: MirrorPatient| {
        let difference = patient.points.1 - patient.points.0;
        let alone = asked.map(|asked| Asked { patient: Some(patient.id), ..asked }.href());
        view! {
            <tr>
                <th scope="row">
                    <a href=format!("/patients/{}/months/{month}", patient.id)>{patient.name}</a>
                    <span class="sub">{format!("患者番号 {}・受診 {}件", patient.number, patient.visits)}</span>
                </th>
                <td class="num">{grouped(patient.points.0.0)}</td>
                <td class="num">{grouped(patient.points.1.0)}</td>
                <td class="num">
                    {match alone {
                        Some(href) => view! { <a href=href>{signed_number(difference.0)}</a> }.into_any(),
                        None => signed_number(difference.0).into_any(),
                    }}
                </td>
            </tr>
        }
    };
    view! {
        <section class="card" aria-label="患者別の差">
            <div class="card-header">
                <h2>{format!("患者別の差（{}人）", grouped(count as i64))}</h2>
                <span class="small muted">"差の大きい順・点"</span>
            </div>
            <table class="table mirror-table" aria-label="患者別の差">
                <thead>
                    <tr>
                        <th scope="col">"患者"</th>
                        <th scope="col" class="num">{names.0}</th>
                        <th scope="col" class="num">{names.1}</th>
                        <th scope="col" class="num">"差"</th>
                    </tr>
                </thead>
                <tbody>{rows(by_patient, row, open)}</tbody>
            </table>
            <ShowAll count open />
        </section>
    }
}

/// What the other edition does not have.
#[component]
fn Missing(missing: Vec<(String, String, i64)>, other: String) -> impl IntoView {
    (!missing.is_empty()).then(|| {
        view! {
            <section class="card" aria-label="比べる版にない項目">
                <div class="card-header">
                    <h2>{format!("{other} にない項目（{}件）", missing.len())}</h2>
                </div>
                <div class="card-body stack">
                    <p class="small muted">"コードが新設・廃止されたもので、比べる側の点数には含まれていません。"</p>
                    <ul class="fee-list">
                        {missing
                            .into_iter()
                            .map(|(code, name, count)| {
                                view! {
                                    <li>
                                        {name} " " <span class="num muted small">{code}</span> {format!("　{}回", grouped(count))}
                                    </li>
                                }
                            })
                            .collect_view()}
                    </ul>
                </div>
            </section>
        }
    })
}

/// Visits that could not be calculated.
#[component]
fn Failed(failed: Vec<(chrono::NaiveDate, String, String)>) -> impl IntoView {
    (!failed.is_empty()).then(|| {
        view! {
            <section class="card" aria-label="計算できなかった受診">
                <div class="card-header">
                    <h2>{format!("計算できなかった受診（{}件）", failed.len())}</h2>
                </div>
                <div class="card-body">
                    <ul class="fee-list">
                        {failed
                            .into_iter()
                            .map(|(day, name, why)| {
                                view! {
                                    <li>
                                        <time datetime=day.to_string()>{date::both(day)}</time>
                                        {format!("　{name}　{why}")}
                                    </li>
                                }
                            })
                            .collect_view()}
                    </ul>
                </div>
            </section>
        }
    })
}
