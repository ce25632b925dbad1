//! The sheet 共有の記録, in words for the patient: what was sent, to whom, when, and who looked at what others shared.

use leptos::prelude::*;
use model::{
    date,
    share::{Account, AccountLine, AccountLook},
};

/// The sheet.
#[component]
pub(super) fn AccountSheet(
    /// What it tells.
    account: Account,
) -> impl IntoView {
    let Account { patient, number, clinic, day, consent, sent, looks } = account;
    let consent = match consent {
        Some(since) => format!("あり（{} に記録）", date::both(since)),
        None => "なし".to_owned(),
    };
    view! {
        <article class="sheet account-sheet" aria-labelledby="paper-title">
            <h1 id="paper-title">"共有の記録"</h1>
            <p class="letter-date">{date::both(day)}</p>
            <dl class="facts">
                <dt>"氏名"</dt>
                <dd>
                    <strong>{patient}</strong>
                    " 様"
                </dd>
                <dt>"患者番号"</dt>
                <dd class="num">{number}</dd>
                <dt>"ほかの医療機関の情報を見ることへの同意"</dt>
                <dd>{consent}</dd>
            </dl>
            <p class="small">
                "電子カルテ情報共有サービスへ当院から送った情報と、当院が取り寄せたほかの医療機関の情報の記録です。"
            </p>
            <Sent sent />
            <Looks looks />
            <footer class="paper-clinic">
                <div>
                    <p>
                        <strong>{clinic.name}</strong>
                    </p>
                    <p>{clinic.address}</p>
                    <p>{format!("電話 {}", clinic.phone)}</p>
                </div>
            </footer>
        </article>
    }
}

/// What was sent, newest first.
#[component]
fn Sent(sent: Vec<AccountLine>) -> impl IntoView {
    let none = sent.is_empty();
    let rows = sent
        .into_iter()
        .map(|line| {
            let AccountLine { at, kind, to, contents, ended } = line;
            view! {
                <tr>
                    <th scope="row" class="num-left">
                        <time datetime=at.to_rfc3339()>{date::stamp(at)}</time>
                    </th>
                    <td>
                        <strong>{kind.label()}</strong>
                        {(!contents.is_empty())
                            .then(|| {
                                view! {
                                    <ul class="account-contents">
                                        {contents.into_iter().map(|words| view! { <li>{words}</li> }).collect_view()}
                                    </ul>
                                }
                            })}
                        {ended.map(|(at, why)| view! { <p class="small">{format!("{} {why}", date::stamp(at))}</p> })}
                    </td>
                    <td>{to}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <section class="account-part">
            <h2>"当院から送った情報"</h2>
            {if none {
                view! { <p>"まだ何も送っていません。"</p> }.into_any()
            } else {
                view! {
                    <table class="paper-table account-table">
                        <thead>
                            <tr>
                                <th scope="col">"送った日時"</th>
                                <th scope="col">"内容"</th>
                                <th scope="col">"相手"</th>
                            </tr>
                        </thead>
                        <tbody>{rows}</tbody>
                    </table>
                }
                    .into_any()
            }}
        </section>
    }
}

/// Who looked at what others shared, newest first.
#[component]
fn Looks(looks: Vec<AccountLook>) -> impl IntoView {
    let none = looks.is_empty();
    let rows = looks
        .into_iter()
        .map(|look| {
            view! {
                <tr>
                    <th scope="row" class="num-left">
                        <time datetime=look.at.to_rfc3339()>{date::stamp(look.at)}</time>
                    </th>
                    <td>{look.by}</td>
                    <td>{look.purpose.map(|purpose| purpose.label())}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <section class="account-part">
            <h2>"当院が取り寄せたほかの医療機関の情報"</h2>
            {if none {
                view! { <p>"まだ取り寄せていません。"</p> }.into_any()
            } else {
                view! {
                    <table class="paper-table account-table">
                        <thead>
                            <tr>
                                <th scope="col">"日時"</th>
                                <th scope="col">"取り寄せた人"</th>
                                <th scope="col">"目的"</th>
                            </tr>
                        </thead>
                        <tbody>{rows}</tbody>
                    </table>
                }
                    .into_any()
            }}
        </section>
    }
}
