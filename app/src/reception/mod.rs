//! The desk (受付): one search box, and the live board of the day.

pub mod api;
mod board;
mod check_in;
mod row;
mod search;

use crate::{
    session::{Offer, offers, use_me},
    ui::{Answer, today, use_events},
};
use board::{BoardTable, Memory};
use check_in::CheckInDialog;
use chrono::{Days, NaiveDate};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_navigate, use_query_map};
use model::{date, patient::PatientSummary};
use search::PatientSearch;

/// The page `/reception`, also for past days with `?date=2026-07-09`.
#[component]
pub fn ReceptionPage() -> impl IntoView {
    let me = use_me();
    let query = use_query_map();
    let day = Memo::new(move |_| query.with(|query| query.get("date")).and_then(|text| text.parse::<NaiveDate>().ok()));
    let board = Resource::new(move || day.get(), api::board);
    use_events("board", move |_| board.refetch());
    let chosen = RwSignal::new(None::<PatientSummary>);
    let memory = Memory::new();
    let refetch = Callback::new(move |()| board.refetch());
    let desk = offers(me.staff.role, Offer::Desk);

    view! {
        <Title text="受付" />
        <main id="main" class="page" tabindex="-1">
            <div class="page-header">
                <h1>"受付"</h1>
                <DayChooser day />
            </div>
            {desk
                .then(|| {
                    view! {
                        <PatientSearch on_choose=Callback::new(move |patient| chosen.set(Some(patient))) />
                        <CheckInDialog chosen on_done=refetch board memory />
                    }
                })}
            <Answer
                data=board
                view=move |board_now| view! { <BoardTable board=board_now on_change=refetch memory /> }
            />
        </main>
    }
}

/// The day shown, the days beside it, and the way back to today.
#[component]
fn DayChooser(day: Memo<Option<NaiveDate>>) -> impl IntoView {
    let navigate = use_navigate();
    let now = today();
    let shown = move || day.get().unwrap_or(now);
    let link = move |day: Option<NaiveDate>| match day {
        Some(day) if day != now => format!("/reception?date={day}"),
        _ => "/reception".to_owned(),
    };
    let choose = move |text: String| {
        if let Ok(day) = text.parse::<NaiveDate>() {
            navigate(&link(Some(day)), Default::default());
        }
    };
    view! {
        <nav class="cluster" aria-label="表示する日">
            <a
                class="btn btn-quiet btn-sm"
                href=move || link(shown().checked_sub_days(Days::new(1)))
            >
                "‹ 前日"
            </a>
            <strong>
                <time datetime=move || shown().to_string()>{move || date::both(shown())}</time>
            </strong>
            <a
                class="btn btn-quiet btn-sm"
                href=move || link(shown().checked_add_days(Days::new(1)))
            >
                "翌日 ›"
            </a>
            <label class="sr-only" for="board-day">
                "日付を選ぶ"
            </label>
            <input
                id="board-day"
                class="input input-day"
                type="date"
                value=move || shown().to_string()
                max="2100-12-31"
                on:change:target=move |event| choose(event.target().value())
            />
            <Show when=move || shown() != now>
                <a class="btn btn-secondary btn-sm" href="/reception">
                    "今日へ"
                </a>
            </Show>
            <a
                class="btn btn-quiet btn-sm"
                href=move || format!("/months/{}/mirror", crate::months::slug(shown()))
            >
                "改定の比較"
            </a>
        </nav>
    }
}
