//! Checking in (受付): who it is, a remark for the day, Enter.

use super::{api, board::Memory, row::undo};
use crate::{
    patients::api::patient as ask_patient,
    session::{Offer, offers, use_me},
    ui::{Badge, DateText, Dialog, StateBadge, TextField, Tone, failed, toast_error, toast_undo_later, today},
};
use leptos::{callback::Callable, prelude::*};
use model::{
    AppError, date,
    ids::PatientId,
    patient::{Patient, PatientSummary},
    visit::{Board, Visit, VisitState},
};

/// The dialog for the patient that was found: check in, or go to the chart or the registration.
#[component]
pub fn CheckInDialog(
    /// Who was found; none closes the dialog.
    chosen: RwSignal<Option<PatientSummary>>,
    /// Called once the patient is checked in.
    on_done: Callback<()>,
    /// The board shown, to see who is here already.
    board: Resource<Result<Board, AppError>>,
    /// Where own changes are noted.
    memory: Memory,
) -> impl IntoView {
    let open = RwSignal::new(false);
    Effect::new(move |_| open.set(chosen.with(Option::is_some)));
    Effect::new(move |_| {
        // Only what changes is set: two effects that answer each other would never end.
        if !open.get() && chosen.with_untracked(Option::is_some) {
            chosen.set(None);
        }
    });
    let title = Signal::derive(move || {
        chosen.with(|chosen| chosen.as_ref().map(|patient| format!("{} さん", patient.name.full())).unwrap_or_default())
    });
    view! {
        <Dialog open title>
            {move || {
                chosen
                    .get()
                    .map(|patient| {
                        let here = board
                            .get_untracked()
                            .and_then(Result::ok)
                            .filter(|board| board.date == today())
                            .and_then(|board| {
                                board
                                    .rows
                                    .into_iter()
                                    .map(|row| row.visit)
                                    .find(|visit| {
                                        visit.patient == patient.id
                                            && !matches!(visit.state, VisitState::Done | VisitState::Cancelled)
                                    })
                            });
                        let other_day = board.get_untracked().and_then(Result::ok).is_some_and(|board| board.date != today());
                        view! { <CheckInForm patient here other_day open on_done memory /> }
                    })
            }}
        </Dialog>
    }
}

#[component]
fn CheckInForm(
    patient: PatientSummary,
    here: Option<Visit>,
    other_day: bool,
    open: RwSignal<bool>,
    on_done: Callback<()>,
    memory: Memory,
) -> impl IntoView {
    let id = patient.id;
    let now = today();
    let role = use_me().staff.role;
    let chart = offers(role, Offer::Chart);
    // Who waits at the till is found here too: the payment is one Enter away.
    let due = here.as_ref().filter(|visit| visit.state == VisitState::AwaitingPayment && offers(role, Offer::Till));
    let due = due.map(|visit| visit.id);
    let remark = RwSignal::new(String::new());
    let card = LocalResource::new(move || ask_patient(id));
    let error = RwSignal::new(None::<AppError>);
    let (toast, toast_error) = (toast_undo_later(), toast_error());
    let name = patient.name.full();
    // The dialog is closed when the answer is here, so what follows owns all it needs.
    let check_in = Action::new(move |remark: &String| {
        let (remark, name) = (remark.clone(), name.clone());
        async move {
            match api::check_in(id, remark).await {
                Ok(visit) => {
                    memory.note(visit.id);
                    open.set(false);
                    let _ = on_done.try_run(());
                    let text = format!("{name} さんを受け付けました（{}）。", visit.kind.label());
                    let back = move || undo(visit.id, VisitState::Cancelled, visit.version, on_done, memory, toast_error);
                    toast(&text, Box::new(back));
                }
                Err(problem) => {
                    failed(&problem);
                    error.set(Some(problem));
                }
            }
        }
    });
    view! {
        <form
            on:submit=move |event| {
                event.prevent_default();
                if !check_in.pending().get_untracked() {
                    check_in.dispatch(remark.get_untracked());
                }
            }
        >
            <div class="dialog-body stack">
                <dl class="facts">
                    <dt>"患者番号"</dt>
                    <dd class="num">{patient.number}</dd>
                    <dt>"氏名カナ"</dt>
                    <dd>{patient.name.kana()}</dd>
                    <dt>"生年月日"</dt>
                    <dd>
                        <DateText day=patient.birth_date />
                        {format!("　{}歳・{}", date::age_on(patient.birth_date, now), patient.sex.label())}
                    </dd>
                    <dt>"保険"</dt>
                    <dd>
                        <Suspense fallback=|| {
                            "…"
                        }>{move || card.get().map(|answer| answer.ok().map(|patient| view! { <CardToday patient /> }))}</Suspense>
                    </dd>
                </dl>
                {match here.clone() {
                    Some(visit) => {
                        view! {
                            <p class="notice notice-info">
                                "本日 " {date::time_of(visit.received_at)} " に受付済みです。 "
                                <StateBadge state=visit.state />
                            </p>
                        }
                            .into_any()
                    }
                    None => {
                        view! {
                            // The board under the dialog shows another day; people are checked in today.
                            {other_day.then(|| view! { <p class="notice notice-info">"受付は本日（" <DateText day=now /> "）になります。"</p> })}
                            <TextField
                                label="受付メモ"
                                name="remark"
                                value=remark
                                autofocus=true
                                placeholder="例：発熱、車いす"
                                error=Signal::derive(move || error.get().map(|error| error.to_string()))
                            />
                        }
                            .into_any()
                    }
                }}
            </div>
            <div class="dialog-footer">
                <a class="btn btn-quiet" href=patient_link(id)>
                    "患者情報"
                </a>
                {chart
                    .then(|| {
                        view! {
                            <a
                                class="btn btn-secondary"
                                href=format!("/patients/{id}/chart")
                                autofocus=here.is_some() && due.is_none()
                            >
                                "カルテ"
                            </a>
                        }
                    })}
                {due
                    .map(|visit| {
                        view! {
                            <a class="btn btn-primary" href=format!("/visits/{visit}/payment") autofocus=true>
                                "会計"
                                <kbd class="kbd" aria-hidden="true">
                                    "Enter"
                                </kbd>
                            </a>
                        }
                    })}
                {here
                    .is_none()
                    .then(|| {
                        view! {
                            <button class="btn btn-primary" disabled=move || check_in.pending().get()>
                                "受付する"
                                <kbd class="kbd" aria-hidden="true">
                                    "Enter"
                                </kbd>
                            </button>
                        }
                    })}
            </div>
        </form>
    }
}

/// Whether the patient has a card that is valid today: the moment to ask for it is now.
#[component]
fn CardToday(patient: Patient) -> impl IntoView {
    let now = today();
    match patient.insurance_on(now) {
        Some(card) => format!(
            "{}・{}・{}割　{}",
            card.insurer.scheme().label(),
            card.relation.label(),
            card.share / 10,
            card.valid_to.map(|end| format!("（{end}まで）")).unwrap_or_default()
        )
        .into_any(),
        None => view! { <Badge text="有効な保険がありません" tone=Tone::Warn /> }.into_any(),
    }
}

fn patient_link(id: PatientId) -> String {
    format!("/patients/{id}")
}
