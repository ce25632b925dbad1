//! Where a document stands, in words a doctor understands: a badge, and what stands beside it.

use super::mend::Mends;
use crate::ui::{Badge, Tone, now};
use chrono::{DateTime, Utc};
use leptos::prelude::*;
use model::{
    date,
    ids::PatientId,
    outside::Origin,
    share::{LetterStanding, Problem, ShareState},
};

/// Where a document stands, in a word with its colour.
#[component]
pub fn ShareBadge(
    /// The state.
    state: ShareState,
) -> impl IntoView {
    let tone = match &state {
        ShareState::Waiting { problem: Some(_), .. } | ShareState::Cancelling { problem: Some(_) } => Tone::Warn,
        ShareState::Waiting { .. } | ShareState::Checking { .. } | ShareState::Cancelling { .. } => Tone::Info,
        ShareState::Sent { .. } => Tone::Ok,
        ShareState::Refused { .. } => Tone::Danger,
        ShareState::Superseded | ShareState::Cancelled { .. } => Tone::Neutral,
    };
    view! { <Badge text=state.label() tone /> }
}

/// What stands beside the badge: the receipt number, what stands in the way and when it is tried next, or why it was refused
/// and where to mend it.
#[component]
pub fn ShareWords(
    /// Whose document it is.
    patient: PatientId,
    /// The state.
    state: ShareState,
    /// Names only the kind of what stands in the way: the rest is told over the list.
    #[prop(optional)]
    brief: bool,
) -> impl IntoView {
    let trouble_words = move |problem: &Problem| match brief {
        true => format!("{}の問題。", problem.kind.label()),
        false => format!("{}: {}", problem.kind.label(), problem.message),
    };
    match state {
        ShareState::Waiting { attempts, problem, next } => {
            let tried = (attempts > 0).then(|| format!("{attempts}回送信を試みました。"));
            let words = problem.as_ref().map(trouble_words);
            // One that is only queued leaves within seconds: nothing to be told.
            let when = (attempts > 0 || problem.is_some()).then(|| next_words(next));
            let words: String = [tried, words, when].into_iter().flatten().collect();
            (!words.is_empty()).then(|| view! { <span class="row-sub">{words}</span> }).into_any()
        }
        ShareState::Checking { receipt } => view! { <Receipt receipt more="共有サービスの確認を待っています。" /> }.into_any(),
        ShareState::Sent { receipt } => view! { <Receipt receipt more="" /> }.into_any(),
        ShareState::Cancelled { receipt } => view! { <Receipt receipt more="ほかの医療機関からは見えません。" /> }.into_any(),
        ShareState::Cancelling { problem: Some(problem) } => {
            view! { <span class="row-sub">{trouble_words(&problem)}</span> }.into_any()
        }
        ShareState::Refused { reasons } => view! { <Mends patient reasons /> }.into_any(),
        ShareState::Superseded | ShareState::Cancelling { problem: None } => ().into_any(),
    }
}

#[component]
fn Receipt(receipt: String, more: &'static str) -> impl IntoView {
    view! {
        <span class="row-sub">
            {(!receipt.is_empty()).then(|| view! { "受付番号 " <span class="num">{receipt}</span> " " })} {more}
        </span>
    }
}

/// When it is tried next: a time of today, else day and time.
pub fn next_words(next: DateTime<Utc>) -> String {
    let (day, today) = (date::day_of(next), date::day_of(now()));
    let when = if day == today { date::time_of(next) } else { date::stamp(next) };
    format!("次の送信は {when}。")
}

/// Where an entry of the chart came from (出所), under its name: it is never mixed in silently.
#[component]
pub fn OriginLine(
    /// The document and who took it over.
    origin: Origin,
) -> impl IntoView {
    let taken = format!("{} {}が取り込み", date::stamp(origin.taken_at), origin.taken_by);
    let title = taken.clone();
    view! {
        <span class="row-sub origin" title=title>
            <Badge text="他院" tone=Tone::Info />
            {format!(" {}", origin.line())}
            <span class="sr-only">{taken}</span>
        </span>
    }
}

/// The way of a letter between two houses (送付・受領・返書): what is done stands out, the reply can be opened.
#[component]
pub fn LetterSteps(
    /// Where the letter stands.
    standing: LetterStanding,
    /// Whether it is itself a reply: none is awaited then.
    is_reply: bool,
) -> impl IntoView {
    let sent = matches!(standing.share, Some(ShareState::Sent { .. }));
    let received = standing.received_at;
    let reply = standing.reply;
    let step = |done: bool| if done { "letter-step letter-step-done" } else { "letter-step" };
    let said = |done: bool| if done { "（済）" } else { "（まだ）" };
    standing.share.is_some().then(|| {
        view! {
            <span class="letter-steps">
                <span class=step(sent)>"送付"<span class="sr-only">{said(sent)}</span></span>
                <span class=step(received.is_some())>
                    "受領" <span class="sr-only">{said(received.is_some())}</span>
                    {received.map(|at| view! { <time class="small" datetime=at.to_rfc3339()>{format!(" {}", date::stamp(at))}</time> })}
                </span>
                {match reply {
                    Some(reply) => {
                        view! {
                            <a class="letter-step letter-step-done" href=format!("/inbox/{reply}")>
                                "返書を読む"
                            </a>
                        }
                            .into_any()
                    }
                    None if is_reply => ().into_any(),
                    None => view! { <span class=step(false)>"返書"<span class="sr-only">{said(false)}</span></span> }.into_any(),
                }}
            </span>
        }
    })
}
