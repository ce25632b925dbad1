//! Withdrawing (取消) an applied edition: what it would do is shown first, in a dialog.

use super::{Shared, api, preview::Preview};
use crate::ui::{Dialog, Failure, Notice, Skeleton, Tone, failed, focus_id, toast};
use leptos::prelude::*;
use model::{
    AppError,
    edition::{Edition, ImportPreview},
    ids::EditionId,
};

/// The dialog; open while an edition is set.
#[component]
pub fn Withdraw(
    /// What the page shares.
    shared: Shared,
    /// The edition in question.
    withdrawing: RwSignal<Option<Edition>>,
) -> impl IntoView {
    let open = RwSignal::new(false);
    let preview = RwSignal::new(None::<Result<ImportPreview, AppError>>);
    let problem = RwSignal::new(None::<AppError>);
    let busy = RwSignal::new(false);
    let say = toast();
    let look = move |id: EditionId| {
        preview.set(None);
        leptos::task::spawn_local(async move {
            let answer = api::preview_withdrawal(id).await;
            let wanted = withdrawing.try_with_untracked(|edition| edition.as_ref().map(|edition| edition.id));
            if wanted == Some(Some(id)) {
                if let Err(error) = &answer {
                    failed(error);
                }
                preview.try_set(Some(answer));
            }
        });
    };
    Effect::new(move |_| {
        if let Some(edition) = withdrawing.get() {
            problem.set(None);
            open.set(true);
            look(edition.id);
        }
    });
    Effect::new(move |_| {
        if !open.get() {
            withdrawing.set(None);
        }
    });
    let withdraw = move || {
        let edition = withdrawing.with_untracked(|edition| edition.as_ref().map(|e| (e.id, e.file.clone())));
        let state = preview.with_untracked(|answer| answer.as_ref().and_then(|a| a.as_ref().ok()).map(|p| p.state));
        let (Some((id, file)), Some(state)) = (edition, state) else { return };
        if busy.get_untracked() || !preview.with_untracked(possible) {
            return;
        }
        busy.set(true);
        problem.set(None);
        leptos::task::spawn_local(async move {
            let answer = api::withdraw_edition(id, state).await;
            busy.try_set(false);
            match answer {
                Ok(editions) => {
                    open.try_set(false);
                    shared.take(editions);
                    say(&format!("{file} を取り消しました。"));
                    // After the dialog has given the focus back to a button that is gone.
                    set_timeout(|| focus_id("history-heading"), std::time::Duration::from_millis(120));
                }
                Err(error) => {
                    failed(&error);
                    if matches!(error, AppError::Conflict { .. }) {
                        shared.refresh().await;
                        if withdrawing.try_with_untracked(Option::is_some) == Some(true) {
                            look(id);
                        }
                    }
                    problem.try_set(Some(error));
                }
            }
        });
    };
    let title = Signal::derive(move || {
        withdrawing
            .with(|edition| edition.as_ref().map_or_else(String::new, |edition| format!("{} を取り消します", edition.file)))
    });
    view! {
        <Dialog open title wide=true>
            <div class="dialog-body stack" tabindex="0" role="group" aria-label="取り消すと変わるところ">
                <p>
                    "このファイルが取り込まれなかったときのマスターに戻ります。会計済みの内容は変わりません。同じファイルは、あとからもう一度取り込めます。"
                </p>
                {move || {
                    problem
                        .get()
                        .map(|error| {
                            view! {
                                <Notice tone=Tone::Danger>
                                    <p>{error.to_string()}</p>
                                </Notice>
                            }
                        })
                }}
                {move || match preview.get() {
                    None => view! { <Skeleton /> }.into_any(),
                    Some(Err(error)) => view! { <Failure error /> }.into_any(),
                    Some(Ok(preview)) if refusals(&preview).next().is_some() => {
                        let reasons: Vec<String> = refusals(&preview).collect();
                        view! {
                            <Notice tone=Tone::Danger title="この版だけを取り消すことはできません">
                                {reasons.into_iter().map(|reason| view! { <p>{reason}</p> }).collect_view()}
                            </Notice>
                        }
                            .into_any()
                    }
                    Some(Ok(preview)) if preview.kinds.iter().all(|kind| kind.is_empty()) => {
                        view! { <p>"取り消しても、内容は変わりません。"</p> }.into_any()
                    }
                    Some(Ok(preview)) => {
                        view! {
                            <h3>"取り消すと変わるところ"</h3>
                            <div class="preview-framed">
                                <Preview preview prefix="withdraw" />
                            </div>
                        }
                            .into_any()
                    }
                }}
            </div>
            <div class="dialog-footer">
                <button type="button" class="btn btn-quiet" autofocus=true on:click=move |_| open.set(false)>
                    "やめる"
                </button>
                <button
                    type="button"
                    class="btn btn-danger"
                    aria-disabled=move || {
                        (busy.get() || !preview.with(possible)).then_some("true")
                    }
                    on:click=move |_| withdraw()
                >
                    {move || if busy.get() { "取り消しています…" } else { "この版を取り消す" }}
                </button>
            </div>
        </Dialog>
    }
}

/// Why the others could not stand without it, e.g. differences without their full file.
fn refusals(preview: &ImportPreview) -> impl Iterator<Item = String> {
    preview.uploads.iter().filter_map(|upload| upload.refusal.as_ref().map(|why| why.message.clone()))
}

/// Whether it can be withdrawn: known what it does, and nothing speaks against it.
fn possible(answer: &Option<Result<ImportPreview, AppError>>) -> bool {
    matches!(answer, Some(Ok(preview)) if refusals(preview).next().is_none())
}
