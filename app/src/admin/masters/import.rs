//! Import (取込): files arrive, what they would change is shown by itself, and one press applies them.
//!
//! A file that is refused stands in the way of nobody: the others are previewed and applied without it. Which files are
//! refused may show only beside what is applied already (an older edition), so the preview is asked again without them.

use super::{
    Shared, api,
    drop::{DropZone, Files, Progress},
    preview::Preview,
};
use crate::ui::{CheckField, Failure, Notice, Skeleton, Tone, failed, focus_id, toast, toast_error, toast_undo_later};
use leptos::prelude::*;
use model::{
    AppError,
    edition::{Edition, Editions, ImportPreview, Refusal, Upload},
    ids::{EditionId, UploadId},
    money::grouped,
};

/// The refusal of a file that is older than what is in force.
const OLDER: &str = "older";

/// What stands between the files and the button.
#[derive(Clone, Copy)]
struct Desk {
    shared: Shared,
    /// 「過去の版として加える」.
    past: RwSignal<bool>,
    /// Refusals that only showed beside what is applied.
    refused: RwSignal<Vec<(UploadId, Refusal)>>,
    /// What applying would do, once it is known.
    preview: RwSignal<Option<Result<ImportPreview, AppError>>>,
    looking: RwSignal<bool>,
    applying: RwSignal<bool>,
    /// What went wrong while applying.
    problem: RwSignal<Option<AppError>>,
    /// Asks for the preview again.
    again: RwSignal<u32>,
    turn: StoredValue<u64>,
}

impl Desk {
    fn new(shared: Shared) -> Self {
        Self {
            shared,
            past: RwSignal::new(false),
            refused: RwSignal::default(),
            preview: RwSignal::new(None),
            looking: RwSignal::new(false),
            applying: RwSignal::new(false),
            problem: RwSignal::new(None),
            again: RwSignal::new(0),
            turn: StoredValue::new(0),
        }
    }

    /// Why a file is left out, if it is.
    fn refusal(self, upload: &Upload) -> Option<Refusal> {
        let beside = || self.refused.with(|all| all.iter().find(|(id, _)| *id == upload.id).map(|(_, why)| why.clone()));
        upload.refusal.clone().or_else(beside)
    }

    /// The files that can be applied as things stand.
    fn chosen(self) -> Vec<UploadId> {
        let past = self.past.get();
        let fit = |upload: &&Upload| !upload.known && self.refusal(upload).is_none_or(|why| past && why.code == OLDER);
        self.shared.sending.waiting.with(|waiting| waiting.iter().filter(fit).map(|upload| upload.id).collect())
    }

    /// Asks what applying these would do. An answer to an older question is dropped.
    fn look(self, uploads: Vec<UploadId>) {
        self.turn.update_value(|turn| *turn += 1);
        let mine = self.turn.get_value();
        self.preview.set(None);
        self.looking.set(!uploads.is_empty());
        if uploads.is_empty() {
            return;
        }
        let past = self.past.get_untracked();
        leptos::task::spawn_local(async move {
            let answer = api::preview_import(uploads, past).await;
            if self.turn.try_get_value() != Some(mine) {
                return;
            }
            self.looking.set(false);
            match answer {
                Ok(found) => {
                    let known: Vec<UploadId> = self.refused.with_untracked(|all| all.iter().map(|(id, _)| *id).collect());
                    let fresh: Vec<(UploadId, Refusal)> = found
                        .uploads
                        .iter()
                        .filter(|upload| !known.contains(&upload.id))
                        .filter_map(|upload| Some((upload.id, upload.refusal.clone()?)))
                        .collect();
                    self.preview.set(Some(Ok(found)));
                    if !fresh.is_empty() {
                        // Fewer files are chosen now, and the preview is asked for anew.
                        self.refused.update(|all| all.extend(fresh));
                    }
                }
                Err(error) => {
                    failed(&error);
                    self.preview.set(Some(Err(error)));
                }
            }
        });
    }

    /// Takes over the masters as they are now; what was refused beside the old ones is asked again.
    fn settle(self, editions: Editions) {
        self.past.try_set(false);
        self.refused.try_set(Vec::new());
        self.shared.take(editions);
    }
}

/// The part of the page that takes files in.
#[component]
pub fn Import(
    /// What the page shares.
    shared: Shared,
) -> impl IntoView {
    let desk = Desk::new(shared);
    let sending = shared.sending;
    let show_error = toast_error();
    let chosen = Memo::new(move |_| desk.chosen());
    Effect::new(move |_| {
        let (uploads, busy) = (chosen.get(), sending.busy.get());
        desk.again.track();
        desk.past.track();
        if busy && desk.refused.with_untracked(|all| !all.is_empty()) {
            // What comes now may be what the refused ones were missing.
            desk.refused.set(Vec::new());
        }
        // All that comes together is looked at together.
        desk.look(if busy { Vec::new() } else { uploads });
    });
    let discard = move |ids: Vec<UploadId>| {
        leptos::task::spawn_local(async move {
            for id in ids {
                match api::discard_upload(id).await {
                    Ok(_) | Err(AppError::NotFound) => sending.drop(id),
                    Err(error) => {
                        failed(&error);
                        return show_error(&error);
                    }
                }
            }
            focus_id("masters-files");
        });
    };
    let idle = Memo::new(move |_| {
        let chosen = chosen.get();
        sending.waiting.with(|all| all.iter().map(|upload| upload.id).filter(|id| !chosen.contains(id)).collect::<Vec<_>>())
    });
    let has_older = Memo::new(move |_| {
        let older = |upload: &Upload| desk.refusal(upload).is_some_and(|why| why.code == OLDER);
        sending.waiting.with(|all| all.iter().any(older))
    });
    let anything = Memo::new(move |_| sending.waiting.with(|w| !w.is_empty()) || sending.lines.with(|l| !l.is_empty()));
    // With 「過去の版として加える」 an older edition is not refused.
    let refused = Signal::derive(move || {
        let past = desk.past.get();
        desk.refused.with(|all| all.iter().filter(|(_, why)| !past || why.code != OLDER).cloned().collect::<Vec<_>>())
    });
    view! {
        <section class="card" aria-labelledby="import-heading">
            <div class="card-header">
                <h2 id="import-heading">"マスターの取込"</h2>
            </div>
            <div class="card-body stack">
                <DropZone sending small=anything />
                <Progress sending />
                <Show when=move || anything.get()>
                    <Files sending refused on_discard=Callback::new(move |id| discard(vec![id])) />
                    <div class="cluster">
                        <Show when=move || has_older.get()>
                            <CheckField label="過去の版として加える" name="past" value=desk.past />
                        </Show>
                        <Show when=move || { idle.with(|ids| ids.len() > 1) }>
                            <button
                                type="button"
                                class="btn btn-quiet btn-sm"
                                on:click=move |_| discard(idle.get_untracked())
                            >
                                {move || format!("適用しない{}ファイルをまとめて破棄", idle.with(Vec::len))}
                            </button>
                        </Show>
                    </div>
                </Show>
            </div>
            {move || {
                desk.problem
                    .get()
                    .map(|error| {
                        let tone = if matches!(error, AppError::Conflict { .. }) { Tone::Warn } else { Tone::Danger };
                        view! {
                            <div class="card-body">
                                <Notice tone>
                                    <p role="alert">{error.to_string()}</p>
                                </Notice>
                            </div>
                        }
                    })
            }}
            <Show when=move || desk.looking.get()>
                <div class="looking" role="status">
                    "変わるところを調べています…"
                </div>
                <Skeleton />
            </Show>
            {move || {
                desk.preview
                    .get()
                    .map(|answer| match answer {
                        Ok(preview) => view! { <Ready desk preview /> }.into_any(),
                        Err(error) => view! { <NotReady desk error /> }.into_any(),
                    })
            }}
        </section>
    }
}

/// The preview could not be had.
#[component]
fn NotReady(desk: Desk, error: AppError) -> impl IntoView {
    view! {
        <div class="card-body stack">
            <Failure error />
            <p>
                <button
                    type="button"
                    class="btn btn-secondary btn-sm"
                    on:click=move |_| desk.again.update(|again| *again += 1)
                >
                    "もう一度調べる"
                </button>
            </p>
        </div>
    }
}

/// The preview, and the button that applies it.
#[component]
fn Ready(desk: Desk, preview: ImportPreview) -> impl IntoView {
    let files = preview.uploads.iter().filter(|upload| upload.refusal.is_none() && !upload.known).count();
    let changes = preview.kinds.iter().any(|kind| !kind.is_empty());
    let ready = preview.ready;
    let affected = preview.affected.len();
    let shown = preview.clone();
    let apply = apply(desk, preview);
    view! {
        <div class="preview" role="region" aria-labelledby="preview-heading">
            <h3 id="preview-heading" class="preview-title">
                "適用すると変わるところ"
            </h3>
            {if changes {
                view! { <Preview preview=shown prefix="import" /> }.into_any()
            } else {
                view! { <p class="preview-none">"変わるところはありません。"</p> }.into_any()
            }}
        </div>
        {ready
            .then(|| {
                view! {
                    <div class="apply-bar">
                        <p class="apply-words">
                            {(affected > 0)
                                .then(|| {
                                    view! {
                                        <a href="#import-affected" rel="external">
                                            {format!("使っている項目 {}件", grouped(affected as i64))}
                                        </a>
                                        "が変わります。"
                                    }
                                })} "まとめて適用し、あとから取り消せます。"
                        </p>
                        <button
                            type="button"
                            class="btn btn-primary"
                            aria-disabled=move || desk.applying.get().then_some("true")
                            on:click=move |_| apply()
                        >
                            {move || {
                                if desk.applying.get() {
                                    "適用しています…".to_owned()
                                } else {
                                    format!("{files}ファイルを適用する")
                                }
                            }}
                        </button>
                    </div>
                }
            })}
    }
}

/// Applies what was previewed, once, and says what came of it.
fn apply(desk: Desk, preview: ImportPreview) -> impl Fn() + Clone + Send + Sync + 'static {
    let say = toast();
    let say_undo = toast_undo_later();
    let show_error = toast_error();
    move || {
        if desk.applying.get_untracked() {
            return;
        }
        desk.applying.set(true);
        desk.problem.set(None);
        let past = desk.past.get_untracked();
        let files: Vec<Upload> = preview.uploads.iter().filter(|upload| upload.refusal.is_none()).cloned().collect();
        let state = preview.state;
        leptos::task::spawn_local(async move {
            let answer = api::apply_import(files.iter().map(|file| file.id).collect(), past, state).await;
            let here = desk.applying.try_set(false).is_none();
            match answer {
                Ok(editions) => {
                    let mut applied: Vec<&Edition> = editions
                        .history
                        .iter()
                        .filter(|edition| edition.withdrawn.is_none() && files.iter().any(|file| file.sha256 == edition.sha256))
                        .collect();
                    // Differences do not stand without their full file, so they go first when this is taken back.
                    applied.sort_by_key(|edition| edition.tables.iter().all(|table| table.full));
                    let applied: Vec<EditionId> = applied.into_iter().map(|edition| edition.id).collect();
                    let shared = desk.shared;
                    desk.settle(editions);
                    let back = move || {
                        let applied = applied.clone();
                        leptos::task::spawn_local(async move {
                            match take_back(applied).await {
                                Ok(editions) => {
                                    editions.into_iter().for_each(|editions| shared.take(editions));
                                    say("適用を取り消しました。");
                                }
                                Err(error) => {
                                    failed(&error);
                                    show_error(&error);
                                    shared.refresh().await;
                                }
                            }
                        });
                    };
                    say_undo(&format!("{}ファイルを適用しました。", files.len()), Box::new(back));
                    if here {
                        focus_id("in-force-heading");
                    }
                }
                Err(error) => {
                    failed(&error);
                    // Somebody else was first, or the answer was lost on its way: look again at what stands now.
                    if matches!(error, AppError::Conflict { .. } | AppError::Unavailable | AppError::Connection { .. }) {
                        desk.shared.refresh().await;
                        desk.again.try_update(|again| *again += 1);
                    }
                    // The place for it lies below a long list of files.
                    show_error(&error);
                    desk.problem.try_set(Some(error));
                }
            }
        });
    }
}

/// Withdraws what was applied just now. Each is looked at against the state the one before left.
async fn take_back(editions: Vec<EditionId>) -> Result<Option<Editions>, AppError> {
    let mut last = None;
    for id in editions {
        let state = api::preview_withdrawal(id).await?.state;
        last = Some(api::withdraw_edition(id, state).await?);
    }
    Ok(last)
}
