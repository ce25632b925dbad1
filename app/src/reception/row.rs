//! A line of the board: who, in which state, for how long, and what can be done next.

use super::{api, board::Memory};
use crate::{
    session::{Offer, offers, use_me},
    ui::{StateBadge, failed, focus_id, minutes_between, toast_error, toast_undo_later},
};
use chrono::{DateTime, Utc};
use leptos::{callback::Callable, prelude::*};
use model::{
    date,
    ids::VisitId,
    money::grouped,
    staff::Role,
    visit::{BoardRow, VisitState},
};
use std::time::Duration;

/// From here on somebody has waited long, in minutes.
const LONG_WAIT: i64 = 30;

/// One visit.
#[component]
pub fn BoardLine(
    /// The visit and the patient.
    row: BoardRow,
    /// The present instant.
    now: RwSignal<DateTime<Utc>>,
    /// Called after a change.
    on_change: Callback<()>,
    /// Where own changes are noted.
    memory: Memory,
) -> impl IntoView {
    let BoardRow { visit, patient, since, payable } = row;
    let remark = visit.remark.clone();
    let waits = matches!(visit.state, VisitState::Received | VisitState::AwaitingPayment);
    let minutes = move || minutes_between(since, now.get());
    let waited_long = move || waits && minutes() >= LONG_WAIT;
    let age = date::age_on(patient.birth_date, visit.date);
    let doctor = visit.doctor.as_ref().map(|doctor| doctor.name.clone()).unwrap_or_default();
    let quiet = visit.state == VisitState::Cancelled;
    view! {
        <tr role="row" class=if quiet { "muted" } else { "" } data-state=visit.state.as_str()>
            <td role="cell" class="num-left">
                <time datetime=visit.received_at.to_rfc3339()>{date::time_of(visit.received_at)}</time>
            </td>
            <td role="cell" class="num-left muted">{patient.number}</td>
            <th role="rowheader" scope="row">
                <a id=format!("visit-{}", visit.id) class="board-name" href=format!("/patients/{}", patient.id)>
                    {patient.name.full()}
                </a>
                <span class="sub">{patient.name.kana()}</span>
            </th>
            <td role="cell" class="nowrap">
                {format!("{age}歳・{}", patient.sex.label())}
            </td>
            <td role="cell" class="nowrap">{visit.kind.label()}</td>
            <td role="cell">
                <StateBadge state=visit.state />
            </td>
            <td role="cell" class="num" class:long-wait=waited_long>
                {move || waits.then(|| format!("{}分", minutes()))}
            </td>
            <td role="cell" class="board-remark">{remark}</td>
            <td role="cell" class="nowrap">{doctor}</td>
            <td role="cell" class="num">{payable.map(|yen| format!("{}円", grouped(yen.0)))}</td>
            <td role="cell">
                <Steps
                    visit=visit.id
                    state=visit.state
                    version=visit.version
                    patient=patient.id.to_string()
                    name=patient.name.full()
                    on_change
                    memory
                />
            </td>
        </tr>
    }
}

/// What can be done with the visit now, by role. The first one is what is usually next.
#[component]
fn Steps(
    visit: VisitId,
    state: VisitState,
    version: i64,
    patient: String,
    name: String,
    on_change: Callback<()>,
    memory: Memory,
) -> impl IntoView {
    let role = use_me().staff.role;
    let (toast, toast_error) = (toast_undo_later(), toast_error());
    let called = StoredValue::new(name.clone());
    // Where to, and whether the message offers the way back. The line may be drawn anew before the answer is here, so
    // what follows the answer owns all it needs.
    let step = Action::new(move |(to, back): &(VisitState, Option<VisitState>)| {
        let (to, back, name) = (*to, *back, name.clone());
        memory.note(visit);
        async move {
            match api::move_visit(visit, to, version).await {
                Ok(moved) => {
                    if let Some(back) = back {
                        let text = format!("{name} さん：{}にしました。", moved.state.label());
                        toast(&text, Box::new(move || undo(visit, back, moved.version, on_change, memory, toast_error)));
                    }
                    focus_visit(visit);
                }
                Err(error) => {
                    failed(&error);
                    toast_error(&error);
                }
            }
            let _ = on_change.try_run(());
        }
    });
    let go = move |to: VisitState, back: Option<VisitState>| {
        step.dispatch((to, back));
    };
    let may_move = offers(role, Offer::Desk);
    let till = offers(role, Offer::Till);
    let about = move |what: &str| format!("{what}：{}", called.get_value());
    let chart = |class: &'static str| {
        view! {
            <a class=class href=format!("/patients/{patient}/chart") aria-label=about("カルテ")>
                "カルテ"
            </a>
        }
    };
    let (strong, plain, quiet) = ("btn btn-primary btn-sm", "btn btn-secondary btn-sm", "btn btn-quiet btn-sm");
    let doctor = role == Role::Doctor;
    view! {
        <div class="btn-row board-steps">
            {matches!(state, VisitState::Received | VisitState::InConsultation)
                .then(|| chart(if doctor { strong } else { plain }))}
            {(state == VisitState::AwaitingPayment)
                .then(|| {
                    view! {
                        <a
                            class=if till { strong } else { plain }
                            href=format!("/visits/{visit}/payment")
                            aria-label=about("会計")
                        >
                            "会計"
                        </a>
                    }
                })}
            {(state == VisitState::Done)
                .then(|| {
                    view! {
                        <a class=plain href=format!("/visits/{visit}/payment") aria-label=about("領収証・明細書")>
                            "領収証・明細書"
                        </a>
                    }
                })}
            {matches!(state, VisitState::AwaitingPayment | VisitState::Done).then(|| chart(quiet))}
            {(may_move && state == VisitState::Received && !doctor)
                .then(|| {
                    view! {
                        <button
                            type="button"
                            class=plain
                            aria-label=about("診察へ")
                            on:click=move |_| go(VisitState::InConsultation, Some(VisitState::Received))
                        >
                            "診察へ"
                        </button>
                    }
                })}
            {(may_move && matches!(state, VisitState::InConsultation | VisitState::Cancelled))
                .then(|| {
                    view! {
                        <button
                            type="button"
                            class=quiet
                            aria-label=about("受付に戻す")
                            on:click=move |_| go(VisitState::Received, None)
                        >
                            "受付に戻す"
                        </button>
                    }
                })}
            {(may_move && matches!(state, VisitState::Received))
                .then(|| {
                    view! {
                        <button
                            type="button"
                            class=quiet
                            aria-label=about("取消")
                            on:click=move |_| go(VisitState::Cancelled, Some(VisitState::Received))
                        >
                            "取消"
                        </button>
                    }
                })}
        </div>
    }
}

/// Puts the focus back on the patient's line, which was drawn anew under the fingers.
fn focus_visit(visit: VisitId) {
    set_timeout(
        move || {
            let lost = document().active_element().is_none_or(|element| element.tag_name() == "BODY");
            if lost {
                focus_id(format!("visit-{visit}"));
            }
        },
        Duration::from_millis(300),
    );
}

/// Takes the last step back. The line that took it may be gone by now, so this needs nothing of it.
pub(super) fn undo(
    visit: VisitId,
    back: VisitState,
    version: i64,
    on_change: Callback<()>,
    memory: Memory,
    toast_error: impl Fn(&model::AppError) + Copy + 'static,
) {
    memory.note(visit);
    leptos::task::spawn_local(async move {
        if let Err(error) = api::move_visit(visit, back, version).await {
            toast_error(&error);
        }
        // The board may be gone by now; then it needs no telling.
        let _ = on_change.try_run(());
    });
}
