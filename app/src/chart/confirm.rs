//! Confirming (確定): what will happen is listed before it happens, because it cannot be taken back.

use super::{api, draft::Draft, soap::saved, store::ChartStore};
use crate::ui::{Dialog, Notice, Tone, focus_id, toast};
use leptos::{ev, prelude::*};
use model::{AppError, chart::Soap};

/// The dialog before confirming.
#[component]
pub fn ConfirmDialog(
    /// Whether it is open.
    open: RwSignal<bool>,
    /// The draft that is confirmed.
    draft: Draft<Soap>,
) -> impl IntoView {
    let store = expect_context::<ChartStore>();
    let say = toast();
    let trouble = store.trouble();
    let busy = RwSignal::new(false);
    let problem = RwSignal::new(None::<String>);
    Effect::new(move |_| {
        if open.get() {
            problem.set(None);
        }
    });

    let send = move || {
        // Whoever closed the dialog while the last words were on their way thought better of it.
        if !open.get_untracked() {
            return busy.set(false);
        }
        leptos::task::spawn_local(async move {
            let answer = async {
                let visit = store.begin().await?;
                store.touched();
                api::confirm(visit, draft.text.get_untracked(), draft.version.get_untracked()).await
            }
            .await;
            if busy.try_set(false).is_some() {
                return;
            }
            match answer {
                Ok(page) => {
                    draft.accept(saved(page.note.as_ref()));
                    draft.close();
                    open.set(false);
                    store.note.set(page.note);
                    store.orders.set(page.orders);
                    store.visit.set(Some(page.visit));
                    say("確定しました。会計に送りました。");
                    // After the dialog has given the focus back to what is no longer there.
                    set_timeout(|| focus_id("to-reception"), std::time::Duration::from_millis(120));
                    if let Ok(shared) = crate::sharing::api::shared(store.id).await {
                        let _ = store.shared.try_set(shared);
                    }
                }
                Err(AppError::Stale { by, at, .. }) => {
                    open.set(false);
                    draft.collide(by, at);
                }
                Err(error @ AppError::SignedOut) => {
                    open.set(false);
                    trouble(&error);
                }
                Err(error) if !open.get_untracked() => trouble(&error),
                Err(error) => problem.set(Some(error.to_string())),
            }
        });
    };
    let confirm = move || {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        problem.set(None);
        draft.when_quiet(send);
    };
    let on_key = move |event: ev::KeyboardEvent| {
        if event.key() == "Enter" && (event.ctrl_key() || event.meta_key()) && !event.is_composing() {
            event.prevent_default();
            confirm();
        }
    };

    view! {
        <Dialog open title="診療を確定します">
            <div class="dialog-body stack" on:keydown=on_key>
                <Missing draft />
                <WhatHappens />
                {move || {
                    problem
                        .get()
                        .map(|why| {
                            view! {
                                <Notice tone=Tone::Danger title="確定できませんでした">
                                    <p>{why}</p>
                                </Notice>
                            }
                        })
                }}
            </div>
            <div class="dialog-footer" on:keydown=on_key>
                <button type="button" class="btn btn-quiet" on:click=move |_| open.set(false)>
                    "診療に戻る"
                </button>
                <button
                    type="button"
                    class="btn btn-primary"
                    autofocus=true
                    aria-disabled=move || busy.get().then_some("true")
                    on:click=move |_| confirm()
                >
                    {move || if busy.get() { "確定しています…" } else { "確定する" }}
                    <kbd class="kbd">"Enter"</kbd>
                </button>
            </div>
        </Dialog>
    }
}

/// What a doctor may have forgotten. It warns and does not forbid.
#[component]
fn Missing(draft: Draft<Soap>) -> impl IntoView {
    let store = expect_context::<ChartStore>();
    let missing = move || {
        let mut missing = Vec::new();
        if draft.text.with(Soap::is_blank) {
            missing.push("記載が空です。");
        }
        if store.diagnoses.with(|all| all.iter().all(|diagnosis| diagnosis.ended.is_some())) {
            missing.push("現在の傷病名がありません。請求には傷病名が必要です。");
        }
        missing
    };
    view! {
        {move || {
            let missing = missing();
            (!missing.is_empty())
                .then(|| {
                    view! {
                        <Notice tone=Tone::Warn title="確認してください">
                            <ul class="plain-list">
                                {missing.into_iter().map(|line| view! { <li>{line}</li> }).collect_view()}
                            </ul>
                        </Notice>
                    }
                })
        }}
    }
}

#[component]
fn WhatHappens() -> impl IntoView {
    let store = expect_context::<ChartStore>();
    let fee = move || match store.statement.get() {
        Some(Ok(statement)) => {
            let estimated = if statement.has_estimates() { "（推計点数を含む）" } else { "" };
            format!("{}・窓口 {}{estimated}", statement.points, statement.due())
        }
        _ => "計算中".to_owned(),
    };
    view! {
        <dl class="facts">
            <dt>"記載"</dt>
            <dd>"変更できなくなります。あとからの訂正・追記は、前の記載と理由が残ります。"</dd>
            <dt>"オーダー"</dt>
            <dd>
                {move || {
                    store
                        .orders
                        .with(|orders| {
                            let own = match orders.self_paid.len() {
                                0 => String::new(),
                                some => format!("・自費 {some}件"),
                            };
                            let (rps, done) = (orders.prescriptions.len(), orders.procedures.len());
                            format!("処方 {rps}件・診療行為 {done}件{own}を固定します。")
                        })
                }}
            </dd>
            <dt>"会計"</dt>
            <dd>
                <strong class="num">{fee}</strong>
                " を受付へ送ります。"
            </dd>
            <dt>"共有"</dt>
            <dd>
                // No numbers: ended diagnoses and what was sent before are counted by the server alone.
                "全国の情報共有基盤へ送信: 傷病名とアレルギーの一覧、まだ送っていない検査結果"
            </dd>
        </dl>
    }
}
