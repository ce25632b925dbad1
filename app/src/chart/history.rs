//! Past visits (これまでの診療), newest first: what was written and what was ordered.

use super::{api, clock, draft::Draft, store::ChartStore, written::WrittenNote};
use crate::{
    orders::{OrdersText, repeat_prescriptions},
    ui::toast,
};
use leptos::prelude::*;
use model::{
    chart::{Soap, VisitPage},
    visit::VisitState,
};

/// The left column.
#[component]
pub fn HistoryColumn(
    /// Today's draft, into which an old note can be copied.
    draft: Option<Draft<Soap>>,
) -> impl IntoView {
    let store = expect_context::<ChartStore>();
    let trouble = store.trouble();
    let loading = RwSignal::new(false);
    let more = move |_| {
        loading.set(true);
        let skip = store.past.with_untracked(|past| past.len() as i64);
        leptos::task::spawn_local(async move {
            let answer = api::more_visits(store.id, skip).await;
            if loading.try_set(false).is_some() {
                return;
            }
            match answer {
                Ok(pages) => store.past.update(|past| {
                    let known: Vec<_> = past.iter().map(|page| page.visit.id).collect();
                    past.extend(pages.into_iter().filter(|page| !known.contains(&page.visit.id)));
                }),
                Err(error) => trouble(&error),
            }
        });
    };
    let rest = move || store.past_total.get() - store.past.with(|past| past.len() as i64);
    view! {
        <section class="chart-history" aria-label="これまでの診療">
            <div class="column-head">
                <h2>"これまでの診療"</h2>
                <span class="muted small">{move || format!("{}回", store.past_total.get())}</span>
            </div>
            <Show
                when=move || store.past.with(|past| !past.is_empty())
                fallback=|| view! { <p class="empty">"受診歴はまだありません。"</p> }
            >
                <For
                    each=move || store.past.get()
                    key=|page| (page.visit.id, page.visit.version, page.note.as_ref().map(|note| note.version))
                    children=move |page| view! { <PastVisit page draft /> }
                />
            </Show>
            <Show when=move || rest().is_positive()>
                <button type="button" class="btn btn-quiet more" disabled=move || loading.get() on:click=more>
                    {move || if loading.get() { "読み込んでいます…".to_owned() } else { format!("さらに読む（あと{}回）", rest()) }}
                </button>
            </Show>
        </section>
    }
}

#[component]
fn PastVisit(page: VisitPage, draft: Option<Draft<Soap>>) -> impl IntoView {
    let store = expect_context::<ChartStore>();
    let say = toast();
    let trouble = store.trouble();
    let writable = Memo::new(move |_| store.writable());
    let orderable = Memo::new(move |_| store.orderable());
    let VisitPage { visit, note, orders } = page;
    let has_rp = !orders.prescriptions.is_empty();
    let prescriptions = StoredValue::new(orders.prescriptions.clone());
    let soap = StoredValue::new(note.as_ref().map(|note| note.soap.clone()));
    let quote = move |_| {
        if let (Some(draft), Some(old)) = (draft, soap.get_value()) {
            draft.write(|now| {
                for (now, old) in [
                    (&mut now.subjective, old.subjective),
                    (&mut now.objective, old.objective),
                    (&mut now.assessment, old.assessment),
                    (&mut now.plan, old.plan),
                ] {
                    // What is written already stays; the old text follows it.
                    if now.trim().is_empty() {
                        *now = old;
                    } else if !old.trim().is_empty() {
                        *now = format!("{}\n{old}", now.trim_end());
                    }
                }
            });
            say("前の記載を写しました。");
        }
    };
    let repeat = move |_| {
        leptos::task::spawn_local(async move {
            match repeat_prescriptions(store, prescriptions.get_value()).await {
                Ok(()) => say("処方を写しました（Do）。"),
                Err(error) => trouble(&error),
            }
        });
    };
    view! {
        <article class="past-visit">
            <header class="past-visit-head">
                <h3>
                    <time datetime=visit.date.to_string()>{clock::dated(visit.date)}</time>
                </h3>
                <span class="muted small past-visit-sub">
                    {visit.kind.label()} {visit.doctor.map(|doctor| format!("・{}", doctor.name))}
                    {(visit.state == VisitState::Cancelled).then_some("・取消")}
                </span>
                <span class="past-visit-actions" hidden=move || !writable.get()>
                    {note
                        .is_some()
                        .then(|| {
                            view! {
                                <button type="button" class="btn btn-quiet btn-sm" on:click=quote>
                                    "引用"
                                </button>
                            }
                        })}
                    {has_rp
                        .then(|| {
                            view! {
                                <button type="button" class="btn btn-quiet btn-sm" hidden=move || !orderable.get() on:click=repeat>
                                    "処方Do"
                                </button>
                            }
                        })}
                </span>
            </header>
            {match note {
                Some(note) => view! { <WrittenNote note amendable=store.may_code() brief=true /> }.into_any(),
                None => view! { <p class="muted small">"記載なし"</p> }.into_any(),
            }}
            <OrdersText orders />
        </article>
    }
}
