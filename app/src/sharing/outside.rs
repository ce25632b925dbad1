//! What other institutions shared about the patient (他院の情報): asked for on demand, because every look is on record.

use super::api;
use crate::{
    chart::store::ChartStore,
    ui::{Notice, Tone},
};
use leptos::prelude::*;
use leptos_router::components::A;
use model::{
    AppError, date,
    share::{OutsideItem, OutsideView},
};

/// The section 他院の情報.
#[component]
pub fn Outside() -> impl IntoView {
    let store = expect_context::<ChartStore>();
    let trouble = store.trouble();
    let answer = RwSignal::new(None::<Result<OutsideView, AppError>>);
    let busy = RwSignal::new(false);
    let ask = move |_| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        leptos::task::spawn_local(async move {
            let got = api::outside(store.id).await;
            if busy.try_set(false).is_some() {
                return;
            }
            if let Err(error @ AppError::SignedOut) = &got {
                trouble(error);
            }
            answer.set(Some(got));
        });
    };
    let words = move || match (busy.get(), answer.with(Option::is_some)) {
        (true, _) => "照会しています…",
        (false, true) => "もう一度照会",
        (false, false) => "照会する",
    };
    view! {
        <div class="column-head">
            <h2>"他院の情報"</h2>
            <button
                type="button"
                class="btn btn-secondary btn-sm"
                hidden=!store.may_record()
                disabled=move || busy.get()
                on:click=ask
            >
                {words}
            </button>
        </div>
        <div class="panel-body" aria-live="polite">
            {move || match answer.get() {
                None => {
                    view! { <p class="muted small">"全国の情報共有基盤に、他院が共有した記録を照会します。照会は記録に残ります。"</p> }
                        .into_any()
                }
                Some(Ok(OutsideView::NoConsent)) => {
                    view! {
                        <Notice tone=Tone::Warn title="患者の閲覧同意が必要です">
                            <p>
                                "同意を確認したら、"
                                <A href=format!("/patients/{}", store.id)>"患者の登録情報"</A>
                                "で記録してください。"
                            </p>
                        </Notice>
                    }
                        .into_any()
                }
                Some(Ok(OutsideView::Unreachable)) => {
                    view! {
                        <Notice tone=Tone::Warn title="情報共有基盤に接続できません">
                            <p>"少し待ってから、もう一度照会してください。"</p>
                        </Notice>
                    }
                        .into_any()
                }
                Some(Ok(OutsideView::Items { items })) if items.is_empty() => {
                    view! { <p class="empty">"他院が共有した記録はありません。"</p> }.into_any()
                }
                Some(Ok(OutsideView::Items { items })) => view! { <Items items /> }.into_any(),
                Some(Err(error)) => {
                    view! {
                        <Notice tone=Tone::Danger>
                            <p>{error.to_string()}</p>
                        </Notice>
                    }
                        .into_any()
                }
            }}
        </div>
    }
}

/// Where the documents do not name who shared them, their number says that it is one.
fn named(institution: String) -> String {
    if institution.chars().all(|c| c.is_ascii_digit()) { format!("医療機関番号 {institution}") } else { institution }
}

/// The items by institution, newest first within each.
#[component]
fn Items(items: Vec<OutsideItem>) -> impl IntoView {
    let mut groups: Vec<(String, Vec<OutsideItem>)> = Vec::new();
    for item in items {
        match groups.iter_mut().find(|(institution, _)| *institution == item.institution) {
            Some((_, group)) => group.push(item),
            None => groups.push((item.institution.clone(), vec![item])),
        }
    }
    groups
        .into_iter()
        .map(|(institution, mut group)| {
            group.sort_by_key(|item| std::cmp::Reverse(item.shared_on));
            view! {
                <section class="outside">
                    <h3>{named(institution)}</h3>
                    {group
                        .into_iter()
                        .map(|item| {
                            view! {
                                <div class="outside-item">
                                    <p class="outside-head">
                                        <strong>{item.kind.label()}</strong>
                                        <span class="muted small">
                                            {format!("{}（{}）共有", item.shared_on, date::era_year(item.shared_on))}
                                        </span>
                                    </p>
                                    <ul class="plain-list">
                                        {item.lines.into_iter().map(|line| view! { <li>{line}</li> }).collect_view()}
                                    </ul>
                                </div>
                            }
                        })
                        .collect_view()}
                </section>
            }
        })
        .collect_view()
}
