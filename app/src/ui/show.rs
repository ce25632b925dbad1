//! Small things that only show: states, dates in both calendars, messages, emptiness, waiting.

use chrono::{DateTime, NaiveDate, Utc};
use leptos::prelude::*;
use leptos_meta::Title;
use model::{date, visit::VisitState};

/// What a colour means.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Tone {
    /// Nothing in particular.
    #[default]
    Neutral,
    /// Good to know.
    Info,
    /// Done, fine.
    Ok,
    /// Look here.
    Warn,
    /// Something is wrong.
    Danger,
}

impl Tone {
    fn word(self) -> &'static str {
        match self {
            Self::Neutral => "neutral",
            Self::Info => "info",
            Self::Ok => "ok",
            Self::Warn => "warn",
            Self::Danger => "danger",
        }
    }
}

/// A state in a word.
#[component]
pub fn Badge(
    /// The word.
    #[prop(into)]
    text: String,
    /// Its colour.
    #[prop(optional)]
    tone: Tone,
) -> impl IntoView {
    view! { <span class=format!("badge badge-{}", tone.word())>{text}</span> }
}

/// Where a visit stands.
#[component]
pub fn StateBadge(
    /// The state.
    state: VisitState,
) -> impl IntoView {
    let tone = match state {
        VisitState::Received => Tone::Info,
        VisitState::InConsultation => Tone::Warn,
        VisitState::AwaitingPayment => Tone::Danger,
        VisitState::Done => Tone::Ok,
        VisitState::Cancelled => Tone::Neutral,
    };
    view! { <Badge text=state.label() tone /> }
}

/// A day in both calendars: `1981年（昭和56年）3月2日`.
#[component]
pub fn DateText(
    /// The day.
    day: NaiveDate,
) -> impl IntoView {
    view! { <time datetime=day.to_string()>{date::both(day)}</time> }
}

/// A message on the page.
#[component]
pub fn Notice(
    /// Its colour.
    #[prop(optional)]
    tone: Tone,
    /// Its first line, in bold.
    #[prop(into, optional)]
    title: Option<String>,
    children: Children,
) -> impl IntoView {
    let role = matches!(tone, Tone::Danger).then_some("alert");
    view! {
        <div class=format!("notice notice-{}", tone.word()) role=role>
            {title.map(|title| view! { <strong>{title}</strong> })}
            {children()}
        </div>
    }
}

/// Nothing here yet, and what to do about it.
#[component]
pub fn EmptyState(children: Children) -> impl IntoView {
    view! { <div class="empty">{children()}</div> }
}

/// Something is being fetched.
#[component]
pub fn Skeleton() -> impl IntoView {
    view! {
        <div class="skeleton" role="status">
            <span class="sr-only">"読み込んでいます"</span>
        </div>
    }
}

/// A page that does not exist.
#[component]
pub fn NotFound() -> impl IntoView {
    #[cfg(feature = "ssr")]
    if let Some(response) = use_context::<leptos_axum::ResponseOptions>() {
        response.set_status(axum::http::StatusCode::NOT_FOUND);
    }
    view! {
        <Title text="見つかりません" />
        <main id="main" class="page page-narrow">
            <h1>"ページが見つかりません"</h1>
            <p>"アドレスを確認してください。患者や受診が取り消されたか、権限がない場合もあります。"</p>
            <p>
                <a href="/">"最初のページへ"</a>
            </p>
        </main>
    }
}

/// The day it is in Japan, by the browser's clock. Pages that must be drawn alike on both sides take the day from the server.
pub fn today() -> NaiveDate {
    date::day_of(now())
}

/// The present instant by the browser's clock.
#[cfg(target_arch = "wasm32")]
pub fn now() -> DateTime<Utc> {
    let milliseconds = leptos::web_sys::js_sys::Date::now();
    DateTime::from_timestamp_millis(milliseconds as i64).unwrap_or_default()
}

/// The present instant by the machine's clock.
#[cfg(not(target_arch = "wasm32"))]
pub fn now() -> DateTime<Utc> {
    std::time::SystemTime::now().into()
}

/// Whole minutes between two instants, never negative.
pub fn minutes_between(from: DateTime<Utc>, to: DateTime<Utc>) -> i64 {
    (to - from).num_minutes().max(0)
}
