//! The drop zone, which is a file button as well; the progress of what is on its way; and a line for each file.

use super::{
    Hash, contents,
    sending::{Batch, Line, Sending, Stage},
    size,
};
use crate::ui::{Badge, Tone};
use leptos::{ev, html, prelude::*};
use model::{
    edition::{Refusal, Upload},
    ids::UploadId,
};
use wasm_bindgen::JsValue;

/// Where files are dropped or chosen. They may be dropped anywhere on the page: a file that misses the zone by a hair
/// would otherwise take the browser away from here.
#[component]
pub fn DropZone(
    /// Where the files go.
    sending: Sending,
    /// Whether there are files already, so that they need the room more.
    small: Memo<bool>,
) -> impl IntoView {
    let over = RwSignal::new(false);
    let input = NodeRef::<html::Input>::new();
    Effect::new(move |_| {
        let carried = window_event_listener(ev::dragover, move |event| {
            if carries_files(&event) {
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
            if carries_files(&event) {
                event.prevent_default();
                if let Some(files) = event.data_transfer().and_then(|carried| carried.files()) {
                    sending.add(&files);
                }
            }
        });
        on_cleanup(move || {
            carried.remove();
            left.remove();
            dropped.remove();
        });
    });
    let choose = move |_| {
        let Some(input) = input.get_untracked() else { return };
        if let Some(files) = input.files() {
            sending.add(&files);
        }
        // So that the same file can be chosen again after it was mended.
        input.set_value("");
    };
    view! {
        <div class="drop-zone" class:drop-zone-over=move || over.get() class:drop-zone-small=move || small.get()>
            <input
                id="masters-files"
                class="sr-only"
                type="file"
                multiple
                accept=".csv,.txt,.zip,.xlsx"
                aria-describedby="masters-files-hint"
                node_ref=input
                on:change=choose
            />
            <p class="drop-zone-words" aria-hidden="true">
                {move || if over.get() { "ここで放すと取り込みます" } else { "ファイルをここへドロップ、または" }}
            </p>
            <label for="masters-files" class="btn btn-secondary">
                "マスターのファイルを選ぶ"
            </label>
            <p class="field-hint" id="masters-files-hint">
                "支払基金・厚生労働省などが公表したままの CSV・ZIP・Excel。いくつでもまとめて選べます。種類と版は中身から判別します。"
            </p>
        </div>
    }
}

fn carries_files(event: &ev::DragEvent) -> bool {
    event.data_transfer().is_some_and(|carried| carried.types().includes(&JsValue::from_str("Files"), 0))
}

/// How far everything is together.
#[component]
pub fn Progress(
    /// What is on its way.
    sending: Sending,
) -> impl IntoView {
    let checking = Memo::new(move |_| sending.lines.with(|lines| lines.iter().any(|line| line.stage == Stage::Checking)));
    let words = Memo::new(move |_| {
        sending.progress().map(|Batch { files, files_done, .. }| {
            let doing = if checking.get() { "検査しています…" } else { "送信しています…" };
            format!("{} / {files} ファイル目を{doing}", (files_done + 1).min(files))
        })
    });
    let shown = Memo::new(move |_| words.with(Option::is_some));
    let bytes = move || sending.progress().unwrap_or_default();
    view! {
        <div class="sending" class:sending-idle=move || !shown.get()>
            // The region stands before anything is said in it, so that it is heard.
            <p class="sending-words" role="status">
                {move || words.get()}
            </p>
            <Show when=move || shown.get()>
                <progress
                    class="progress"
                    aria-label="送信の進みぐあい"
                    max=move || bytes().bytes.max(1).to_string()
                    value=move || bytes().bytes_done.to_string()
                ></progress>
                <span class="sending-bytes">
                    {move || {
                        let batch = bytes();
                        format!("{} / {}", size(batch.bytes_done), size(batch.bytes))
                    }}
                </span>
                <button type="button" class="btn btn-quiet btn-sm" on:click=move |_| sending.stop()>
                    "中止"
                </button>
            </Show>
        </div>
    }
}

/// The files that arrived and those on their way, a line each.
#[component]
pub fn Files(
    /// The files.
    sending: Sending,
    /// Why a file is not applied, found by its own check or beside the others.
    refused: Signal<Vec<(UploadId, Refusal)>>,
    /// Throws a file away.
    on_discard: Callback<UploadId>,
) -> impl IntoView {
    view! {
        <ul class="file-list" aria-label="受け取ったファイル">
            <For
                each=move || {
                    let refused = refused.get();
                    sending
                        .waiting
                        .get()
                        .into_iter()
                        .map(|upload| {
                            let refusal = upload.refusal.clone();
                            let beside = refused.iter().find(|(id, _)| *id == upload.id).map(|(_, why)| why.clone());
                            (refusal.or(beside), upload)
                        })
                        .collect::<Vec<_>>()
                }
                key=|(refusal, upload)| (upload.id, upload.known, refusal.as_ref().map(|r| r.message.clone()))
                children=move |(refusal, upload)| view! { <Arrived upload refusal on_discard /> }
            />
            <For each=move || sending.lines.get() key=|line| line.key children=move |line| view! { <Going line sending /> } />
        </ul>
    }
}

#[component]
fn Arrived(upload: Upload, refusal: Option<Refusal>, on_discard: Callback<UploadId>) -> impl IntoView {
    let id = upload.id;
    let (words, tone) = match (&refusal, upload.known) {
        (Some(_), _) => ("取り込めません", Tone::Danger),
        (None, true) => ("適用済み", Tone::Neutral),
        (None, false) => ("検査済み", Tone::Ok),
    };
    let state = if refusal.is_some() { "refused" } else { "ready" };
    view! {
        <li class="file-line" data-state=state>
            <div class="file-head">
                <Badge text=words tone />
                <span class="file-name">{upload.file.clone()}</span>
                <span class="muted small nowrap">{size(upload.bytes)}</span>
            </div>
            <div class="file-body">
                {upload
                    .tables
                    .iter()
                    .map(|table| {
                        let (what, scope, rows) = contents(table);
                        view! {
                            <p class="file-table">
                                <span>{what}</span>
                                <span class="badge badge-outline">{scope}</span>
                                <span class="nowrap">{rows}</span>
                            </p>
                        }
                    })
                    .collect_view()}
                {upload.known.then(|| view! { <p class="muted small">"同じ内容がすでに適用されています。何も変わりません。"</p> })}
                {refusal.map(|refusal| view! { <p class="field-error">{refusal.message}</p> })}
            </div>
            <span class="file-hash">
                <Hash sha256=upload.sha256 />
            </span>
            <button
                type="button"
                class="btn btn-quiet btn-sm"
                aria-label=format!("{}を破棄", upload.file)
                on:click=move |_| on_discard.run(id)
            >
                "破棄"
            </button>
        </li>
    }
}

#[component]
fn Going(line: Line, sending: Sending) -> impl IntoView {
    let (key, bytes) = (line.key, line.bytes);
    let stage = Memo::new(move |_| sending.stage_of(key));
    let name = StoredValue::new(line.name.clone());
    view! {
        <li class="file-line">
            <div class="file-head">
                {move || match stage.get() {
                    Some(Stage::Failed { .. }) => view! { <Badge text="届いていません" tone=Tone::Danger /> },
                    Some(Stage::Going(_)) => view! { <Badge text="送信中" tone=Tone::Info /> },
                    Some(Stage::Checking) => view! { <Badge text="検査中" tone=Tone::Info /> },
                    Some(Stage::Queued) | None => view! { <Badge text="待機中" tone=Tone::Neutral /> },
                }}
                <span class="file-name">{line.name}</span>
                <span class="muted small nowrap">{size(bytes)}</span>
            </div>
            <div class="file-body">
                {move || match stage.get() {
                    Some(Stage::Failed { message, .. }) => Some(view! { <p class="field-error" role="alert">{message}</p> }),
                    _ => None,
                }}
            </div>
            {move || match stage.get() {
                Some(Stage::Failed { again, .. }) => {
                    Some(
                        view! {
                            <span class="btn-row">
                                {again
                                    .then(|| {
                                        view! {
                                            <button
                                                type="button"
                                                class="btn btn-secondary btn-sm"
                                                aria-label=format!("{}を再試行", name.get_value())
                                                on:click=move |_| sending.again(key)
                                            >
                                                "再試行"
                                            </button>
                                        }
                                    })}
                                <button
                                    type="button"
                                    class="btn btn-quiet btn-sm"
                                    aria-label=format!("{}を一覧から外す", name.get_value())
                                    on:click=move |_| sending.forget(key)
                                >
                                    "外す"
                                </button>
                            </span>
                        },
                    )
                }
                _ => None,
            }}
        </li>
    }
}
