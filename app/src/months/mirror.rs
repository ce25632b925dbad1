//! The mirror of a revision (改定の鏡): any past month calculated again under another edition of the tables.
//!
//! A month of a busy clinic takes a while. So the page is there at once, asks from the browser, says that it is at work and
//! for how long, and keeps the last answer in sight meanwhile.

use super::{bar::MonthBar, month_words, reflection::Reflection, slug, use_month};
use crate::{
    billing::api,
    ui::{EmptyState, Failure, NotFound, failed, now, today},
};
use chrono::{Datelike, Months, NaiveDate};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_navigate, use_query_map};
use model::{AppError, ids::PatientId, month::Mirror};
use std::time::Duration;

/// The first day of the 令和8年度 fee schedule and of the one before it, as the masters' editions are dated. Only what is
/// compared first comes from here; what can be chosen comes from the tables.
const REVISION: (NaiveDate, NaiveDate) = (day(2026, 6), day(2024, 6));

/// The first day of a month that exists.
const fn day(year: i32, month: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, 1).expect("a first of a month")
}

/// The edition a month is compared with unless told: the newest for older months, the one before for the others.
fn first_choice(month: NaiveDate) -> NaiveDate {
    if month < REVISION.0 { REVISION.0 } else { REVISION.1 }
}

/// The page `/months/:month/mirror?edition=2024-06-01`, for one patient with `&patient=`.
#[component]
pub fn MirrorPage() -> impl IntoView {
    let month = use_month();
    let query = use_query_map();
    let edition = Memo::new(move |_| query.with(|query| query.get("edition")).and_then(|text| text.parse::<NaiveDate>().ok()));
    let patient = Memo::new(move |_| query.with(|query| query.get("patient")).and_then(|text| text.parse::<PatientId>().ok()));
    let asked = Memo::new(move |_| {
        let month = month.get()?;
        Some(Asked { month, edition: edition.get(), patient: patient.get() })
    });
    move || match month.get() {
        None => view! { <NotFound /> }.into_any(),
        Some(month) => view! { <Page month asked /> }.into_any(),
    }
}

/// What is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Asked {
    /// First day of the month.
    pub month: NaiveDate,
    /// A day of the edition it is compared with, where one was chosen.
    pub edition: Option<NaiveDate>,
    /// One patient alone.
    pub patient: Option<PatientId>,
}

impl Asked {
    /// The address of it.
    pub(super) fn href(self) -> String {
        let parts = [self.edition.map(|day| format!("edition={day}")), self.patient.map(|patient| format!("patient={patient}"))];
        let query = parts.into_iter().flatten().collect::<Vec<_>>().join("&");
        format!("/months/{}/mirror{}{query}", slug(self.month), if query.is_empty() { "" } else { "?" })
    }

    /// A day of the edition it is compared with.
    fn other(self) -> NaiveDate {
        self.edition.unwrap_or_else(|| first_choice(self.month))
    }
}

#[component]
fn Page(month: NaiveDate, asked: Memo<Option<Asked>>) -> impl IntoView {
    let answer = RwSignal::new(None::<Result<Mirror, AppError>>);
    let busy = RwSignal::new(false);
    let turn = StoredValue::new(0_u64);
    // From the browser only: the first page need not wait for a month of calculation.
    Effect::new(move |_| {
        let Some(asked) = asked.get() else { return };
        turn.update_value(|turn| *turn += 1);
        let mine = turn.get_value();
        busy.set(true);
        leptos::task::spawn_local(async move {
            let now = api::month_mirror(asked.month, asked.other(), asked.patient).await;
            if turn.try_get_value() == Some(mine) {
                if let Err(error) = &now {
                    failed(error);
                }
                answer.set(Some(now));
                busy.set(false);
            }
        });
    });
    let one = Memo::new(move |_| asked.get().and_then(|asked| asked.patient));
    let href = Callback::new(move |to: NaiveDate| match asked.get_untracked() {
        Some(asked) => Asked { month: to, ..asked }.href(),
        None => format!("/months/{}/mirror", slug(to)),
    });
    let step = |months: i32| match months {
        1 => month.checked_add_months(Months::new(1)),
        _ => month.checked_sub_months(Months::new(1)),
    };
    // A month that has not begun holds nothing.
    let later = step(1).filter(|next| (next.year(), next.month()) <= (today().year(), today().month()));
    let shown = Memo::new(move |_| answer.get());
    view! {
        <Title text=format!("{}の改定比較", month_words(month)) />
        <main id="main" class="page month-page" tabindex="-1">
            <div class="page-header">
                <h1>
                    <span class="print-only">{month_words(month)} " "</span>
                    "改定の比較"
                </h1>
                <MonthBar month earlier=step(-1) later words=("前の月", "次の月") href />
            </div>
            <Editions asked shown />
            {move || {
                one.get()
                    .map(|patient| {
                        view! {
                            <p class="cluster no-print">
                                <span>"この患者だけを計算しています。"</span>
                                <a href=format!("/patients/{patient}/months/{}", slug(month))>"患者の月次会計"</a>
                                <a href=move || asked.get().map(|asked| Asked { patient: None, ..asked }.href())>"すべての患者で計算する"</a>
                            </p>
                        }
                    })
            }}
            <Show when=move || busy.get()>
                <AtWork />
            </Show>
            <div class:month-old=move || busy.get() aria-busy=move || busy.get().to_string()>
                {move || match shown.get() {
                    None => ().into_any(),
                    Some(Err(error)) => view! { <Failure error /> }.into_any(),
                    Some(Ok(mirror)) if mirror.visits == 0 && mirror.failed.is_empty() => {
                        view! {
                            <EmptyState>
                                <p>{format!("{}には計算できる受診がありません。", month_words(mirror.month))}</p>
                            </EmptyState>
                        }
                            .into_any()
                    }
                    Some(Ok(mirror)) => view! { <Reflection mirror asked=asked.get_untracked() /> }.into_any(),
                }}
            </div>
        </main>
    }
}

/// Which edition it is compared with.
#[component]
fn Editions(asked: Memo<Option<Asked>>, shown: Memo<Option<Result<Mirror, AppError>>>) -> impl IntoView {
    let navigate = StoredValue::new(use_navigate());
    // The month's own edition is nothing to compare with, unless somebody asked for just that.
    let choices = Memo::new(move |_| match shown.get() {
        Some(Ok(mirror)) => {
            let (own, other) = (mirror.own, mirror.other);
            let offered = mirror.editions.into_iter().filter(|(name, _)| *name != own || own == other);
            offered.map(|(name, day)| (name == other, name, day)).collect()
        }
        _ => Vec::new(),
    });
    let choose = move |text: String| {
        if let (Ok(other), Some(asked)) = (text.parse::<NaiveDate>(), asked.get_untracked()) {
            navigate.with_value(|go| go(&Asked { edition: Some(other), ..asked }.href(), Default::default()));
        }
    };
    view! {
        <div class="cluster no-print" hidden=move || choices.with(Vec::is_empty)>
            <label class="field-label" for="edition">
                "比べる点数表"
            </label>
            <select
                id="edition"
                class="select mirror-edition"
                on:change:target=move |event| choose(event.target().value())
            >
                {move || {
                    choices
                        .get()
                        .into_iter()
                        .map(|(chosen, name, day)| {
                            view! {
                                <option value=day.to_string() selected=chosen>
                                    {name}
                                </option>
                            }
                        })
                        .collect_view()
                }}
            </select>
        </div>
    }
}

/// That it is at work, and for how long.
#[component]
fn AtWork() -> impl IntoView {
    let start = now();
    let seconds = RwSignal::new(0_i64);
    Effect::new(move |_| {
        let tick = move || {
            let _ = seconds.try_set((now() - start).num_seconds());
        };
        if let Ok(handle) = set_interval_with_handle(tick, Duration::from_secs(1)) {
            on_cleanup(move || handle.clear());
        }
    });
    view! {
        <div class="mirror-work">
            <p role="status">"1か月分の受診を2つの版で計算しています…"</p>
            <progress aria-label="計算しています"></progress>
            <p class="small muted num" aria-hidden="true">
                {move || format!("{}秒", seconds.get())}
            </p>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_older_month_is_held_against_the_newer_edition_and_the_other_way_round() {
        assert_eq!(first_choice(day(2026, 5)), day(2026, 6));
        assert_eq!(first_choice(day(2026, 7)), day(2024, 6));
        let asked = Asked { month: day(2026, 7), edition: None, patient: None };
        assert_eq!((asked.href().as_str(), asked.other()), ("/months/2026-07/mirror", day(2024, 6)));
        let asked = Asked { edition: Some(day(2024, 6)), ..asked };
        assert_eq!(asked.href(), "/months/2026-07/mirror?edition=2024-06-01");
    }
}
