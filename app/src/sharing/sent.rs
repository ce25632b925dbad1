//! What this clinic sent: where each document stands, sending it again, taking it back.

use super::{
    api,
    state::{ShareBadge, ShareWords},
    trouble::Troubles,
};
use crate::{
    chart::store::ChartStore,
    ui::{Dialog, focus_id, toast},
};
use leptos::prelude::*;
use model::{
    date,
    ids::ShareId,
    share::{ShareKind, ShareState, SharedDocument},
};
use std::collections::HashSet;

/// Those that stand, and those that are history: superseded ones, and lists and reports that a newer document replaced.
/// A letter or a paper is never replaced by another one.
fn standing(shared: Vec<SharedDocument>) -> (Vec<SharedDocument>, Vec<SharedDocument>) {
    let mut newer = HashSet::new();
    shared.into_iter().partition(|document| {
        let subject = match document.kind {
            ShareKind::Allergies | ShareKind::Diagnoses => String::new(),
            _ => document.title.clone(),
        };
        if matches!(document.state, ShareState::Superseded) {
            return false;
        }
        let first = newer.insert((document.kind, subject));
        let over = matches!(document.state, ShareState::Sent { .. } | ShareState::Refused { .. } | ShareState::Cancelled { .. });
        first || document.kind.is_document() || !over
    })
}

/// The list.
#[component]
pub(super) fn Sent() -> impl IntoView {
    let store = expect_context::<ChartStore>();
    let parts = Memo::new(move |_| standing(store.shared.get()));
    let withdrawing = RwSignal::new(None::<SharedDocument>);
    let key = |one: &SharedDocument| (one.id, one.updated_at, one.state.label());
    view! {
        <div class="column-head">
            <h2 id="sent-head" tabindex="-1">
                "共有した文書"
            </h2>
        </div>
        <Troubles shared=store.shared />
        <Show
            when=move || store.shared.with(|all| !all.is_empty())
            fallback=|| view! { <p class="empty">"まだ何も送っていません。確定すると送信されます。"</p> }
        >
            <ul class="rows" aria-label="共有した文書" aria-live="polite">
                <For
                    each=move || parts.with(|(current, _)| current.clone())
                    key=key
                    children=move |document| view! { <SentRow document withdrawing /> }
                />
            </ul>
        </Show>
        <Show when=move || parts.with(|(_, before)| !before.is_empty())>
            <details class="fold panel-body">
                <summary>{move || format!("これまでに共有した文書 {}件", parts.with(|(_, before)| before.len()))}</summary>
                <ul class="rows" aria-label="これまでに共有した文書">
                    <For
                        each=move || parts.with(|(_, before)| before.clone())
                        key=key
                        children=move |document| view! { <PastRow document /> }
                    />
                </ul>
            </details>
        </Show>
        <WithdrawDialog withdrawing />
    }
}

/// What it is, for whom, since when.
#[component]
fn Head(document: SharedDocument) -> impl IntoView {
    let to = if document.to.is_empty() || document.title.contains(&document.to) {
        String::new()
    } else {
        format!("・宛先 {}", document.to)
    };
    // Most titles begin with what it is.
    let kind = document.kind.label();
    let kind = if document.title.starts_with(kind) { String::new() } else { format!("{kind}・") };
    view! {
        <span class="row-name">{document.title}</span>
        <span class="row-sub">{format!("{kind}{}{to}", date::stamp(document.updated_at))}</span>
    }
}

#[component]
fn PastRow(document: SharedDocument) -> impl IntoView {
    let state = document.state.clone();
    view! {
        <li class="row">
            <div class="row-main">
                <Head document />
            </div>
            <ShareBadge state />
        </li>
    }
}

#[component]
fn SentRow(document: SharedDocument, withdrawing: RwSignal<Option<SharedDocument>>) -> impl IntoView {
    let store = expect_context::<ChartStore>();
    let say = toast();
    let trouble = store.trouble();
    let busy = RwSignal::new(false);
    let id = document.id;
    let again = move |_| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        store.touched();
        leptos::task::spawn_local(async move {
            match api::resend(id).await {
                Ok(all) => {
                    let _ = store.shared.try_set(all);
                    say("もう一度送ります。");
                    // The row is made anew.
                    focus_id("sent-head");
                }
                Err(error) => trouble(&error),
            }
            let _ = busy.try_set(false);
        });
    };
    let state = document.state.clone();
    let may_share = store.may_code();
    let may_resend =
        may_share && matches!(state, ShareState::Refused { .. } | ShareState::Waiting { .. } | ShareState::Cancelled { .. });
    let may_withdraw = may_share && state.may_be_withdrawn(document.standing);
    let words = if matches!(state, ShareState::Waiting { .. }) { "送らない" } else { "取り消す" };
    let title = document.title.clone();
    let kept = StoredValue::new(document.clone());
    view! {
        <li class="row">
            <div class="row-main">
                <Head document />
                <ShareWords patient=store.id state=state.clone() brief=true />
            </div>
            <div class="row-actions">
                <ShareBadge state />
                {may_resend
                    .then(|| {
                        view! {
                            <button
                                type="button"
                                class="btn btn-quiet btn-sm"
                                aria-label=format!("{title}を再送")
                                disabled=move || busy.get()
                                on:click=again
                            >
                                "再送"
                            </button>
                        }
                    })}
                {may_withdraw
                    .then(|| {
                        view! {
                            <button
                                type="button"
                                class="btn btn-quiet btn-sm"
                                aria-label=format!("{title}: {words}")
                                disabled=move || busy.get()
                                on:click=move |_| withdrawing.set(Some(kept.get_value()))
                            >
                                {words}
                            </button>
                        }
                    })}
            </div>
        </li>
    }
}

/// Asks before a document is taken back: others may have read it already.
#[component]
fn WithdrawDialog(withdrawing: RwSignal<Option<SharedDocument>>) -> impl IntoView {
    let store = expect_context::<ChartStore>();
    let say = toast();
    let trouble = store.trouble();
    let busy = RwSignal::new(false);
    let open = RwSignal::new(false);
    Effect::new(move |_| {
        if withdrawing.with(Option::is_some) {
            open.set(true);
        }
    });
    Effect::new(move |_| {
        if !open.get() {
            withdrawing.set(None);
        }
    });
    let withdraw = move |id: ShareId| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        store.touched();
        leptos::task::spawn_local(async move {
            let answer = api::withdraw(id).await;
            if busy.try_set(false).is_some() {
                return;
            }
            open.set(false);
            match answer {
                Ok(all) => {
                    store.shared.set(all);
                    say("取り消します。");
                    focus_id("sent-head");
                }
                Err(error) => trouble(&error),
            }
        });
    };
    let body = move || {
        let document = withdrawing.get()?;
        let (id, waiting) = (document.id, matches!(document.state, ShareState::Waiting { .. }));
        let words = if waiting {
            "まだ送られていません。このままここで止めます。"
        } else {
            "共有サービスから取り消します。ほかの医療機関からは見えなくなります。すでに読まれた内容は相手の記録に残ります。"
        };
        // A list is told anew with every visit; a report or a letter stays withdrawn.
        let returns = matches!(document.kind, ShareKind::Allergies | ShareKind::Diagnoses)
            .then(|| view! { <p class="small">"一覧は、次の確定や変更のときにまた送られます。"</p> });
        Some(view! {
            <div class="dialog-body stack">
                <p>
                    <strong>{document.title}</strong>
                </p>
                <p>{words}</p>
                {returns}
            </div>
            <div class="dialog-footer">
                <button type="button" class="btn btn-quiet" autofocus=true on:click=move |_| open.set(false)>
                    "やめる"
                </button>
                <button type="button" class="btn btn-danger" disabled=move || busy.get() on:click=move |_| withdraw(id)>
                    {if waiting { "送らない" } else { "取り消す" }}
                </button>
            </div>
        })
    };
    view! {
        <Dialog open title="共有した文書を取り消す">
            {body}
        </Dialog>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::DateTime;

    fn document(id: u8, kind: ShareKind, title: &str, state: ShareState) -> SharedDocument {
        let at = DateTime::from_timestamp(0, 0).expect("an instant");
        SharedDocument {
            id: format!("018f6f0e-0000-7000-8000-{id:012}").parse().expect("an id"),
            kind,
            title: title.into(),
            to: String::new(),
            state,
            standing: false,
            created_at: at,
            updated_at: at,
        }
    }

    #[test]
    fn lists_are_replaced_and_letters_are_not() {
        let sent = || ShareState::Sent { receipt: "1".into() };
        let shared = vec![
            document(6, ShareKind::Diagnoses, "傷病名 3件", ShareState::Refused { reasons: Vec::new() }),
            document(5, ShareKind::Diagnoses, "傷病名 2件", sent()),
            document(4, ShareKind::Referral, "診療情報提供書 みなと内科", sent()),
            document(3, ShareKind::Referral, "診療情報提供書 みなと内科", sent()),
            document(2, ShareKind::LabReport, "検査結果 2026-07-10", sent()),
            document(1, ShareKind::LabReport, "検査結果 2026-06-10", ShareState::Superseded),
        ];
        let (current, before) = standing(shared);
        let ids = |all: Vec<SharedDocument>| all.iter().map(|one| one.id.to_string().chars().last()).collect::<Option<String>>();
        assert_eq!((ids(current), ids(before)), (Some("6432".to_owned()), Some("51".to_owned())));
    }
}
