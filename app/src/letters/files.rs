//! Files that go along with a letter (添付): handed in by button, drop or paste while it is written, shown once it is issued.

use super::{
    api,
    sending::{Line, Sending, Stage, size},
};
use crate::ui::{Badge, Tone, focus_id, toast_error};
use leptos::{ev, html, prelude::*};
use model::letter::{FILE_TITLE_MOST, FILES_LIMIT, Letter, LetterFile};
use wasm_bindgen::JsValue;
use web_sys::{DataTransfer, File, FileList};

/// The files of a draft: what is there, what is on its way, and the place where more are handed in.
#[component]
pub(super) fn FilesEditor(
    /// The draft; its files change.
    letter: RwSignal<Letter>,
    /// What is on its way to it.
    sending: Sending,
) -> impl IntoView {
    let files = Memo::new(move |_| letter.with(|letter| letter.files.clone()));
    let words = move || {
        files.with(|files| {
            let bytes: u64 = files.iter().map(|file| file.size).sum();
            if files.is_empty() {
                format!("PDF・PNG・JPEG。あわせて{}まで。", size(FILES_LIMIT))
            } else {
                format!("{}個、{} / {}。", files.len(), size(bytes), size(FILES_LIMIT))
            }
        })
    };
    view! {
        <section class="letter-section letter-files" aria-labelledby="letter-files-head">
            <h2 class="letter-heading" id="letter-files-head">
                "添付"
            </h2>
            <DropZone sending />
            <p class="field-hint" id="letter-files-hint">
                <span role="status">{words}</span>
                "電子送信の文書に入ります。紙には題名だけが印刷されます。"
            </p>
            <Show when=move || files.with(|files| !files.is_empty()) || sending.lines.with(|lines| !lines.is_empty())>
                <ul class="letter-file-list" aria-label="添付したファイル">
                    <For each=move || files.get() key=|file| file.id children=move |file| view! { <Kept file letter /> } />
                    <For
                        each=move || sending.lines.get()
                        key=|line| line.key
                        children=move |line| view! { <Going line sending /> }
                    />
                </ul>
            </Show>
        </section>
    }
}

/// Where files are chosen or dropped. They may be dropped or pasted anywhere on the page: a file that misses the zone by a hair
/// would otherwise take the browser away from here.
#[component]
fn DropZone(sending: Sending) -> impl IntoView {
    let over = RwSignal::new(false);
    let input = NodeRef::<html::Input>::new();
    Effect::new(move |_| {
        let carried = window_event_listener(ev::dragover, move |event| {
            if event.data_transfer().is_some_and(|data| carries_files(&data)) {
                event.prevent_default();
                over.set(true);
            }
        });
        let left = window_event_listener(ev::dragleave, move |event| {
            if event.related_target().is_none() {
                over.set(false);
            }
        });
        let dropped = window_event_listener(ev::drop, move |event| {
            over.set(false);
            if let Some(data) = event.data_transfer().filter(carries_files) {
                event.prevent_default();
                sending.add(all(data.files()));
            }
        });
        let pasted = window_event_listener(ev::paste, move |event| {
            // Cells copied from a table come as text and as a picture: then the text is meant.
            let data = event.clipboard_data().filter(|data| carries_files(data) && !carries(data, "text/plain"));
            if let Some(data) = data {
                event.prevent_default();
                sending.add(all(data.files()));
            }
        });
        on_cleanup(move || {
            carried.remove();
            left.remove();
            dropped.remove();
            pasted.remove();
        });
    });
    let choose = move |_| {
        let Some(input) = input.get_untracked() else { return };
        sending.add(all(input.files()));
        // So that the same file can be chosen again after it was mended.
        input.set_value("");
    };
    view! {
        <div class="drop-zone drop-zone-small" class:drop-zone-over=move || over.get()>
            <input
                id="letter-files"
                class="sr-only"
                type="file"
                multiple
                accept=".pdf,.png,.jpg,.jpeg,application/pdf,image/png,image/jpeg"
                aria-describedby="letter-files-hint"
                node_ref=input
                on:change=choose
            />
            <p class="drop-zone-words" aria-hidden="true">
                {move || if over.get() { "ここで放すと添付します" } else { "ここへドロップ、貼り付け、または" }}
            </p>
            <label for="letter-files" class="btn btn-secondary btn-sm">
                "添付するファイルを選ぶ"
            </label>
        </div>
    }
}

fn carries_files(data: &DataTransfer) -> bool {
    carries(data, "Files")
}

fn carries(data: &DataTransfer, kind: &str) -> bool {
    data.types().includes(&JsValue::from_str(kind), 0)
}

fn all(files: Option<FileList>) -> Vec<File> {
    files.map(|files| (0..files.length()).filter_map(|at| files.get(at)).collect()).unwrap_or_default()
}

/// A picture in small, or the word for what it is.
#[component]
fn Thumbnail(file: LetterFile) -> impl IntoView {
    if file.is_picture() {
        view! { <img class="letter-thumb" src=address(&file) alt="" loading="lazy" /> }.into_any()
    } else {
        view! {
            <span class="letter-thumb letter-thumb-word" aria-hidden="true">
                {file.kind()}
            </span>
        }
        .into_any()
    }
}

fn address(file: &LetterFile) -> String {
    format!("/api/letter_file/{}", file.id)
}

/// A file of a draft: its title can be changed, and it can be taken off.
#[component]
fn Kept(file: LetterFile, letter: RwSignal<Letter>) -> impl IntoView {
    let trouble = toast_error();
    let busy = RwSignal::new(false);
    let error = RwSignal::new(None::<String>);
    let (id, letter_id) = (file.id, letter.with_untracked(|letter| letter.id));
    let kept = StoredValue::new(file.title.clone());
    let take = move |fresh: Letter| {
        letter.try_update(|letter| letter.files = fresh.files);
    };
    let name = move |event| {
        let title = event_target_value(&event);
        if kept.with_value(|kept| *kept == title) {
            return;
        }
        leptos::task::spawn_local(async move {
            match api::name_letter_file(letter_id, id, title.clone()).await {
                Ok(fresh) => {
                    let _ = error.try_set(None);
                    let _ = kept.try_update_value(|kept| *kept = title);
                    take(fresh);
                }
                Err(problem) => match problem.at("title") {
                    Some(words) => {
                        let _ = error.try_set(Some(words));
                    }
                    None => trouble(&problem),
                },
            }
        });
    };
    let remove = move |_| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        leptos::task::spawn_local(async move {
            let answer = api::remove_letter_file(letter_id, id).await;
            let _ = busy.try_set(false);
            match answer {
                Ok(fresh) => {
                    take(fresh);
                    // The button is gone with its row.
                    focus_id("letter-files");
                }
                Err(problem) => trouble(&problem),
            }
        });
    };
    let (field, flaw) = (format!("letter-file-{id}"), format!("letter-file-{id}-error"));
    view! {
        <li class="letter-file">
            <Thumbnail file=file.clone() />
            <div class="letter-file-body">
                <input
                    id=field
                    class="input"
                    type="text"
                    autocomplete="off"
                    maxlength=FILE_TITLE_MOST
                    aria-label="添付の題名"
                    aria-invalid=move || error.with(Option::is_some).then_some("true")
                    aria-describedby=flaw.clone()
                    value=file.title.clone()
                    on:change=name
                />
                <span class="muted small nowrap">{format!("{}・{}", file.kind(), size(file.size))}</span>
                <p id=flaw class="field-error" hidden=move || error.with(Option::is_none)>
                    {move || error.get()}
                </p>
            </div>
            <a class="btn btn-quiet btn-sm" href=address(&file) target="_blank" rel="noopener" aria-label=format!("{}を開く", file.title)>
                "開く"
            </a>
            <button
                type="button"
                class="btn btn-quiet btn-sm"
                aria-label=format!("{}を外す", file.title)
                disabled=move || busy.get()
                on:click=remove
            >
                "外す"
            </button>
        </li>
    }
}

/// A file on its way, or one that did not arrive.
#[component]
fn Going(line: Line, sending: Sending) -> impl IntoView {
    let (key, bytes) = (line.key, line.bytes);
    let stage =
        Memo::new(move |_| sending.lines.with(|lines| lines.iter().find(|line| line.key == key).map(|line| line.stage.clone())));
    let name = StoredValue::new(line.name.clone());
    let progress = format!("{}の送信の進みぐあい", line.name);
    view! {
        <li class="letter-file">
            <span class="letter-thumb letter-thumb-word" aria-hidden="true">
                "…"
            </span>
            <div class="letter-file-body">
                <span class="letter-file-name">{line.name}</span>
                <span class="muted small nowrap">{size(bytes)}</span>
                {move || match stage.get() {
                    Some(Stage::Failed { message, .. }) => {
                        view! {
                            <p class="field-error" role="alert">
                                {message}
                            </p>
                        }
                            .into_any()
                    }
                    Some(Stage::Going(sent)) => {
                        view! {
                            <progress
                                class="progress"
                                aria-label=progress.clone()
                                max=bytes.max(1).to_string()
                                value=sent.min(bytes).to_string()
                            ></progress>
                        }
                            .into_any()
                    }
                    _ => view! { <Badge text="待機中" tone=Tone::Neutral /> }.into_any(),
                }}
            </div>
            {move || match stage.get() {
                Some(Stage::Failed { again, .. }) => {
                    let name = name.get_value();
                    Some(
                        view! {
                            {again
                                .then(|| {
                                    view! {
                                        <button
                                            type="button"
                                            class="btn btn-secondary btn-sm"
                                            aria-label=format!("{name}を再試行")
                                            on:click=move |_| sending.again(key)
                                        >
                                            "再試行"
                                        </button>
                                    }
                                })}
                            <button
                                type="button"
                                class="btn btn-quiet btn-sm"
                                aria-label=format!("{name}を一覧から外す")
                                on:click=move |_| {
                                    sending.forget(key);
                                    focus_id("letter-files");
                                }
                            >
                                "外す"
                            </button>
                        },
                    )
                }
                _ => None,
            }}
        </li>
    }
}

/// The files of an issued letter, to be looked at or kept.
#[component]
pub(super) fn FilesShown(
    /// The files.
    files: Vec<LetterFile>,
) -> impl IntoView {
    (!files.is_empty()).then(|| {
        view! {
            <section class="letter-files-shown no-print" aria-labelledby="letter-files-head">
                <h2 id="letter-files-head">"添付"</h2>
                <ul class="letter-file-list">
                    {files
                        .into_iter()
                        .map(|file| {
                            view! {
                                <li class="letter-file">
                                    <Thumbnail file=file.clone() />
                                    <div class="letter-file-body">
                                        <a href=address(&file) target="_blank" rel="noopener">
                                            {file.title.clone()}
                                        </a>
                                        <span class="muted small nowrap">{format!("{}・{}", file.kind(), size(file.size))}</span>
                                    </div>
                                </li>
                            }
                        })
                        .collect_view()}
                </ul>
            </section>
        }
    })
}
