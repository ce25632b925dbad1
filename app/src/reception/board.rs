//! The board of the day: every visit and its state, counted in tabs, live.

use super::row::BoardLine;
use crate::ui::{EmptyState, Tab, Tabs, toast, today};
use chrono::{DateTime, NaiveDate, Utc};
use leptos::prelude::*;
use model::{
    ids::VisitId,
    visit::{Board, BoardRow, VisitState},
};
use std::{collections::HashMap, time::Duration};

/// What outlives a fresh board: the chosen tab, what was shown before, and what was done from here.
#[derive(Clone, Copy)]
pub struct Memory {
    filter: RwSignal<String>,
    /// The states when the board was last drawn, with its day.
    before: StoredValue<Option<(NaiveDate, HashMap<VisitId, VisitState>)>>,
    /// Visits that were changed from here a moment ago: nobody needs to be told of their own doing.
    mine: StoredValue<Vec<VisitId>>,
}

impl Memory {
    /// Nothing yet.
    pub fn new() -> Self {
        Self { filter: RwSignal::new("all".to_owned()), before: StoredValue::new(None), mine: StoredValue::new(Vec::new()) }
    }

    /// This visit is being changed from here.
    pub fn note(self, visit: VisitId) {
        self.mine.update_value(|mine| mine.push(visit));
    }
}

/// The board.
#[component]
pub fn BoardTable(
    /// The day's visits.
    board: Board,
    /// Called after a visit was changed from here.
    on_change: Callback<()>,
    /// What outlives this drawing.
    memory: Memory,
) -> impl IntoView {
    let chosen = memory.filter;
    tell_changes(&board, memory);
    let counts: Vec<(Option<VisitState>, usize)> =
        std::iter::once((None, board.rows.iter().filter(|row| shown(row, None)).count()))
            .chain(
                VisitState::ALL
                    .into_iter()
                    .map(|state| (Some(state), board.rows.iter().filter(|row| shown(row, Some(state))).count())),
            )
            .collect();
    let tabs = counts
        .into_iter()
        .map(|(state, count)| match state {
            None => Tab::counted("all", "すべて", count),
            Some(state) => Tab::counted(state.as_str(), state.label(), count),
        })
        .collect::<Vec<_>>();
    let now = ticking(board.read_at);
    let is_today = board.date == today();
    let rows = StoredValue::new(board.rows);
    let filtered = move || {
        let state = chosen.with(|chosen| VisitState::parse(chosen));
        rows.with_value(|rows| rows.iter().filter(|row| shown(row, state)).cloned().collect::<Vec<_>>())
    };
    let none = move || filtered().is_empty();
    view! {
        <section class="card" aria-label="受付一覧">
            <Tabs id="board" label="状態でしぼる" tabs=tabs chosen />
            <div id="board-panel" role="tabpanel" aria-labelledby=move || format!("board-{}", chosen.get())>
                <Show
                    when=move || !none()
                    fallback=move || {
                        view! {
                            <EmptyState>
                                {move || {
                                    if chosen.get() != "all" {
                                        "この状態の患者はいません。"
                                    } else if is_today {
                                        "受付はまだありません。上の欄で患者をさがして受け付けます。"
                                    } else {
                                        "この日の受付はありません。"
                                    }
                                }}
                            </EmptyState>
                        }
                    }
                >
                    <div class="table-wrap">
                        <table class="table table-stack board" role="table">
                            <thead role="rowgroup">
                                <tr role="row">
                                    <th role="columnheader" scope="col">"時刻"</th>
                                    <th role="columnheader" scope="col">"番号"</th>
                                    <th role="columnheader" scope="col">"氏名"</th>
                                    <th role="columnheader" scope="col">"年齢・性別"</th>
                                    <th role="columnheader" scope="col">"区分"</th>
                                    <th role="columnheader" scope="col">"状態"</th>
                                    <th role="columnheader" scope="col" class="num">"待ち"</th>
                                    <th role="columnheader" scope="col">"メモ"</th>
                                    <th role="columnheader" scope="col">"医師"</th>
                                    <th role="columnheader" scope="col" class="num">"請求額"</th>
                                    <th role="columnheader" scope="col">"操作"</th>
                                </tr>
                            </thead>
                            <tbody role="rowgroup">
                                <For
                                    each=filtered
                                    key=|row| (row.visit.id, row.visit.version, row.payable, row.visit.doctor.clone().map(|d| d.id))
                                    children=move |row| view! { <BoardLine row now on_change memory /> }
                                />
                            </tbody>
                        </table>
                    </div>
                </Show>
            </div>
        </section>
    }
}

/// Whether a row belongs under a tab. Cancelled visits stand under their own only.
fn shown(row: &BoardRow, state: Option<VisitState>) -> bool {
    match state {
        None => row.visit.state != VisitState::Cancelled,
        Some(state) => row.visit.state == state,
    }
}

/// The present instant, moved on every half minute in the browser.
fn ticking(start: DateTime<Utc>) -> RwSignal<DateTime<Utc>> {
    let now = RwSignal::new(start);
    Effect::new(move |_| {
        let began = crate::ui::now();
        let handle = set_interval_with_handle(
            // The server's clock plus what has passed here: two clocks that differ do no harm.
            move || {
                let _ = now.try_set(start + (crate::ui::now() - began));
            },
            Duration::from_secs(30),
        );
        if let Ok(handle) = handle {
            on_cleanup(move || handle.clear());
        }
    });
    now
}

/// Says in a toast what others changed since the board was drawn last.
fn tell_changes(board: &Board, memory: Memory) {
    let toast = toast();
    let states: HashMap<_, _> = board.rows.iter().map(|row| (row.visit.id, row.visit.state)).collect();
    if let Some((_, old)) = memory.before.get_value().filter(|(day, _)| *day == board.date) {
        for row in board.rows.iter().filter(|row| memory.mine.with_value(|mine| !mine.contains(&row.visit.id))) {
            let name = row.patient.name.full();
            match old.get(&row.visit.id) {
                None => toast(&format!("{name} さんが受付されました。")),
                Some(state) if *state != row.visit.state => {
                    toast(&format!("{name} さん：{} → {}", state.label(), row.visit.state.label()));
                }
                Some(_) => {}
            }
        }
    }
    memory.before.set_value(Some((board.date, states)));
    memory.mine.set_value(Vec::new());
}
