//! Settling a difference (差額の精算): old and new amount stand there before anything happens.

use super::{patient::direction, visits::change_words};
use crate::{
    billing::{api, signed_yen},
    ui::{Dialog, Notice, Tone, failed, focus_id, toast, toast_error},
};
use leptos::{callback::Callable, prelude::*};
use model::{
    AppError, date,
    ids::VisitId,
    money::{Yen, grouped},
    month::MonthVisit,
};
use std::time::Duration;

/// Opens while a visit is asked about.
#[component]
pub(super) fn SettleDialog(
    /// The visit whose difference is settled.
    asked: RwSignal<Option<MonthVisit>>,
    /// Asks for the month again.
    on_done: Callback<()>,
) -> impl IntoView {
    let open = RwSignal::new(false);
    Effect::new(move |_| {
        if asked.with(Option::is_some) {
            open.set(true);
        }
    });
    Effect::new(move |_| {
        if !open.get() && asked.with_untracked(Option::is_some) {
            asked.set(None);
        }
    });
    view! {
        <Dialog open title="差額を精算します">
            {move || asked.get().and_then(|visit| amounts(&visit).map(|amounts| view! { <Confirm visit amounts open on_done /> }))}
        </Dialog>
    }
}

/// Puts the focus on the visit again, whose button went with its difference.
fn focus_account(visit: VisitId) {
    set_timeout(
        move || {
            if document().active_element().is_none_or(|element| element.tag_name() == "BODY") {
                focus_id(format!("account-{visit}"));
            }
        },
        Duration::from_millis(600),
    );
}

/// What was paid and what is due now.
fn amounts(visit: &MonthVisit) -> Option<(Yen, Yen)> {
    Some((visit.charged.as_ref()?.due, visit.now.as_ref().ok()?.due()))
}

#[component]
fn Confirm(visit: MonthVisit, amounts: (Yen, Yen), open: RwSignal<bool>, on_done: Callback<()>) -> impl IntoView {
    let (paid, due) = amounts;
    let difference = due - paid;
    let (id, version) = (visit.id, visit.version);
    let (say, show) = (toast(), toast_error());
    let problem = RwSignal::new(None::<AppError>);
    let busy = RwSignal::new(false);
    let settle = move |_| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        problem.set(None);
        leptos::task::spawn_local(async move {
            match api::settle_difference(id, due, version).await {
                Ok(_) => {
                    say(&format!("差額を精算しました：{} {}円", direction(difference), grouped(difference.0.abs())));
                    let _ = open.try_set(false);
                    let _ = on_done.try_run(());
                    focus_account(id);
                }
                Err(error) => {
                    failed(&error);
                    // What is shown is not what stands any more: back to the month as it is now.
                    if matches!(error, AppError::Stale { .. } | AppError::Conflict { .. }) {
                        show(&error);
                        let _ = open.try_set(false);
                        let _ = on_done.try_run(());
                    } else {
                        let _ = problem.try_set(Some(error));
                    }
                }
            }
            let _ = busy.try_set(false);
        });
    };
    view! {
        <div class="dialog-body stack">
            <p>{format!("{}の受診", date::both(visit.date))}</p>
            <dl class="facts settle-facts">
                <dt>"領収済み"</dt>
                <dd class="num" data-settle="paid">
                    {visit.charged.as_ref().map(|charged| format!("{}（領収書No. {}）", charged.due, charged.number))}
                </dd>
                <dt>"いまの負担額"</dt>
                <dd class="num" data-settle="due">
                    {due.to_string()}
                </dd>
                <dt>"差額"</dt>
                <dd class="num" data-settle="difference">
                    <strong>{format!("{}（{}）", signed_yen(difference), direction(difference))}</strong>
                </dd>
            </dl>
            {(!visit.changes.is_empty())
                .then(|| {
                    view! {
                        <ul class="plain-list small">
                            {visit.changes.iter().map(|change| view! { <li>{change_words(change)}</li> }).collect_view()}
                        </ul>
                    }
                })}
            <p class="small muted">
                "新しい領収証を発行します。前の領収証は記録に残り、新しい領収証にその番号と差額が載ります。"
            </p>
            {move || {
                problem
                    .get()
                    .map(|error| {
                        view! {
                            <Notice tone=Tone::Danger title="精算できませんでした">
                                <p>{error.to_string()}</p>
                            </Notice>
                        }
                    })
            }}
        </div>
        <div class="dialog-footer">
            <button type="button" class="btn btn-quiet" on:click=move |_| open.set(false)>
                "やめる"
            </button>
            <button
                type="button"
                class="btn btn-primary"
                autofocus=true
                aria-disabled=move || busy.get().then_some("true")
                on:click=settle
            >
                {match difference.0 {
                    0 => "領収証を差し替える".to_owned(),
                    some => format!("{} {}円 を精算する", direction(difference), grouped(some.abs())),
                }}
                <kbd class="kbd" aria-hidden="true">
                    "Enter"
                </kbd>
            </button>
        </div>
    }
}
