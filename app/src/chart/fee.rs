//! What today costs as it stands (会計見込): the statement as the till shows it, in step with the orders.

use super::store::ChartStore;
use crate::{
    billing::{Hand, StatementView, Sum, SumShown, SumSpoken, sum_of},
    ui::{Notice, Tone},
};
use leptos::prelude::*;
use leptos_router::components::A;
use model::{
    AppError,
    fee::Statement,
    ids::VisitId,
    visit::{Visit, VisitState},
};

/// What stands in the panel.
#[derive(Clone, PartialEq)]
enum Shown {
    /// No visit today.
    Nothing,
    /// The answer is on its way.
    Waiting,
    /// Why there is no statement.
    Failed(AppError),
    /// The statement of a visit.
    Statement(VisitId),
}

/// The panel 会計.
#[component]
pub fn FeePanel() -> impl IntoView {
    let store = expect_context::<ChartStore>();
    // A new statement of the same visit draws nothing anew here: the lines follow it one by one.
    let shown = Memo::new(move |_| {
        let visit = store.visit.with(|visit| visit.as_ref().map(|visit| visit.id));
        match (visit, &*store.statement.read()) {
            (None, _) => Shown::Nothing,
            (_, None) => Shown::Waiting,
            (_, Some(Err(error))) => Shown::Failed(error.clone()),
            (Some(visit), Some(Ok(_))) => Shown::Statement(visit),
        }
    });
    move || match shown.get() {
        Shown::Nothing => view! { <p class="empty">"本日の受診がないため、会計はありません。"</p> }.into_any(),
        Shown::Waiting => view! { <p class="empty">"計算しています…"</p> }.into_any(),
        Shown::Failed(AppError::Forbidden) => view! { <p class="empty">"会計を見る権限がありません。"</p> }.into_any(),
        Shown::Failed(error) => view! {
            <div class="panel-body">
                <Notice tone=Tone::Warn title="会計を計算できません">
                    <p>{error.to_string()}</p>
                </Notice>
            </div>
        }
        .into_any(),
        Shown::Statement(visit) => {
            let first = store.statement.with_untracked(|now| now.as_ref().and_then(|now| now.as_ref().ok()).cloned());
            first.map(|first| view! { <TodaysFee visit first /> }).into_any()
        }
    }
}

#[component]
fn TodaysFee(visit: VisitId, first: Statement) -> impl IntoView {
    let store = expect_context::<ChartStore>();
    // It follows the store's, which may be an error in the next moment: then this is taken down.
    let statement = RwSignal::new(first);
    Effect::new(move |_| {
        if let Some(Ok(now)) = store.statement.get()
            && statement.with_untracked(|shown| *shown != now)
        {
            statement.set(now);
        }
    });
    let state = Signal::derive(move || store.visit.with(|visit| visit.as_ref().map_or(VisitState::Done, |visit| visit.state)));
    let take = Callback::new(move |statement: Statement| store.recalculated(visit, statement));
    let hand = Hand::of(visit, store.day, state, statement.into(), take);
    let link = move || {
        store.visit.with(|visit| {
            visit.as_ref().is_some_and(|visit: &Visit| matches!(visit.state, VisitState::AwaitingPayment | VisitState::Done))
        })
    };
    let (patient, month) = (store.id, crate::months::slug(store.day));
    view! {
        <div class="panel-body fee">
            <SumShown statement />
        </div>
        <StatementView statement hand />
        <p class="panel-body cluster no-print">
            <Show when=link>
                <A href=format!("/visits/{visit}/payment")>"会計の画面を開く"</A>
            </Show>
            <A href=format!("/patients/{patient}/months/{month}")>"この月の会計を見る"</A>
        </p>
    }
}

/// The sum of today as far as it is known.
pub(super) fn todays_sum(store: ChartStore) -> Signal<Option<Sum>> {
    Signal::derive(move || store.statement.with(|now| now.as_ref().and_then(|now| now.as_ref().ok()).map(sum_of)))
}

/// Says what today comes to when it moves while somebody orders, whichever panel is open.
#[component]
pub(super) fn FeeSpoken() -> impl IntoView {
    let sum = todays_sum(expect_context::<ChartStore>());
    view! { <SumSpoken sum /> }
}
