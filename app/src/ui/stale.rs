//! Somebody saved first: both texts side by side, and neither is lost.

use super::Dialog;
use leptos::prelude::*;
use model::{AppError, date};

/// Opens when the error is [`AppError::Stale`]; sets it to none once somebody has decided.
#[component]
pub fn StaleDialog(
    /// The error of the last save.
    error: RwSignal<Option<AppError>>,
    /// Save one's own text over the other; called with the version that is saved now.
    on_mine: Callback<i64>,
    /// Take what the other saved and drop one's own.
    on_theirs: Callback<()>,
) -> impl IntoView {
    let open = RwSignal::new(false);
    let is_stale = move || error.with(|error| matches!(error, Some(AppError::Stale { .. })));
    Effect::new(move |_| open.set(is_stale()));
    Effect::new(move |_| {
        if !open.get() && error.with_untracked(|error| matches!(error, Some(AppError::Stale { .. }))) {
            error.set(None);
        }
    });
    view! {
        <Dialog open title="ほかの人が先に保存しました" wide=true>
            {move || match error.get() {
                Some(AppError::Stale { yours, theirs, version, by, at }) => {
                    view! {
                        // Long texts are scrolled by keyboard, too.
                        <div class="dialog-body stack" tabindex="0" role="group" aria-label="両方の内容">
                            <p>
                                {format!("{by} さんが {} に保存しました。どちらの内容もまだ失われていません。", date::stamp(at))}
                            </p>
                            <div class="page-split page-split-even">
                                <section class="card" aria-label="あなたの内容">
                                    <div class="card-header">
                                        <h3>"あなたの内容（未保存）"</h3>
                                    </div>
                                    <div class="card-body pre" data-stale="yours">{yours}</div>
                                </section>
                                <section class="card" aria-label="保存されている内容">
                                    <div class="card-header">
                                        <h3>"保存されている内容"</h3>
                                    </div>
                                    <div class="card-body pre" data-stale="theirs">{theirs}</div>
                                </section>
                            </div>
                        </div>
                        <div class="dialog-footer">
                            <button type="button" class="btn btn-quiet" on:click=move |_| open.set(false)>
                                "編集に戻る"
                            </button>
                            <button
                                type="button"
                                class="btn btn-secondary"
                                on:click=move |_| {
                                    error.set(None);
                                    on_theirs.run(());
                                }
                            >
                                "保存されている内容を使う"
                            </button>
                            <button
                                type="button"
                                class="btn btn-primary"
                                on:click=move |_| {
                                    error.set(None);
                                    on_mine.run(version);
                                }
                            >
                                "自分の内容で保存する"
                            </button>
                        </div>
                    }
                        .into_any()
                }
                _ => ().into_any(),
            }}
        </Dialog>
    }
}
