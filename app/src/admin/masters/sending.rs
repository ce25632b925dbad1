//! Handing files in: one after the other, with what has gone over the line, and what came back.
//!
//! `fetch` cannot tell how much has been sent, so this is an `XMLHttpRequest` each. The state belongs to the application:
//! whoever looks at another page meanwhile finds the files still on their way when coming back.

use crate::session::Session;
use leptos::{ev, prelude::*};
use model::{AppError, edition::Upload, ids::UploadId, money::grouped};
use std::{cell::RefCell, collections::HashMap};
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{File, FileList, ProgressEvent, XmlHttpRequest};

/// The largest file the server takes, in bytes.
const MOST: u64 = 64 << 20;

/// Where a file stands on its way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stage {
    /// Waits for those before it.
    Queued,
    /// So many bytes are sent.
    Going(u64),
    /// All is sent; the server reads it.
    Checking,
    /// It did not arrive.
    Failed {
        /// Why, in a sentence.
        message: String,
        /// Whether it makes sense to send it again.
        again: bool,
    },
}

/// A file that has not arrived yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Its number on this page.
    pub key: u64,
    /// Its name.
    pub name: String,
    /// Its size in bytes.
    pub bytes: u64,
    /// Where it stands.
    pub stage: Stage,
}

/// All that is being sent in one go, for the progress bar.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Batch {
    /// Files of it.
    pub files: usize,
    /// Their bytes.
    pub bytes: u64,
    /// Files that are through, whether they arrived or not.
    pub files_done: usize,
    /// The bytes of those.
    pub bytes_done: u64,
}

thread_local! {
    /// The files themselves: they belong to the browser and stay on its thread.
    static FILES: RefCell<HashMap<u64, File>> = RefCell::new(HashMap::new());
    static RUNNING: RefCell<Option<XmlHttpRequest>> = const { RefCell::new(None) };
}

/// What is on its way and what has arrived.
#[derive(Clone, Copy)]
pub struct Sending {
    /// What has not arrived, in the order it was handed in.
    pub lines: RwSignal<Vec<Line>>,
    /// What has arrived and waits, as the server says it.
    pub waiting: RwSignal<Vec<Upload>>,
    /// Whether something is on its way.
    pub busy: Memo<bool>,
    batch: RwSignal<Batch>,
    next: StoredValue<u64>,
    session: Session,
}

/// Provides the [`Sending`]; called once by the application, after the session.
pub fn provide_sending() {
    let lines = RwSignal::new(Vec::<Line>::new());
    let busy = Memo::new(move |_| lines.with(|lines| lines.iter().any(|line| !matches!(line.stage, Stage::Failed { .. }))));
    Effect::new(move |_| {
        let handle = window_event_listener(ev::beforeunload, move |event| {
            if busy.try_get_untracked() == Some(true) {
                event.prevent_default();
                // Older browsers ask only when a value is set; the words are theirs.
                event.set_return_value("ファイルを送信しています。");
            }
        });
        on_cleanup(move || handle.remove());
    });
    provide_context(Sending {
        lines,
        waiting: RwSignal::default(),
        busy,
        batch: RwSignal::default(),
        next: StoredValue::new(0),
        session: expect_context(),
    });
}

impl Sending {
    /// Takes files that somebody chose or dropped, and sends them after those before.
    pub fn add(self, files: &FileList) {
        for file in (0..files.length()).filter_map(|at| files.get(at)) {
            let key = self.next.get_value();
            self.next.set_value(key + 1);
            // Sizes are whole numbers well below 2^53.
            let bytes = file.size() as u64;
            let stage = if bytes > MOST {
                let message = format!("大きすぎます（{}バイト。1ファイル {}バイトまで）。", group(bytes), group(MOST));
                Stage::Failed { message, again: false }
            } else {
                self.count_in(bytes);
                Stage::Queued
            };
            let line = Line { key, name: file.name(), bytes, stage };
            FILES.with_borrow_mut(|files| files.insert(key, file));
            self.lines.update(|lines| lines.push(line));
        }
        self.go_on();
    }

    /// Sends a file again that did not arrive.
    pub fn again(self, key: u64) {
        let Some(bytes) = self.lines.with_untracked(|lines| lines.iter().find(|l| l.key == key).map(|l| l.bytes)) else { return };
        self.count_in(bytes);
        self.stage(key, Stage::Queued);
        self.go_on();
    }

    /// Takes a line away that did not arrive.
    pub fn forget(self, key: u64) {
        FILES.with_borrow_mut(|files| files.remove(&key));
        self.lines.update(|lines| lines.retain(|line| line.key != key));
    }

    /// Stops what is on its way; what has arrived stays.
    pub fn stop(self) {
        let going: Vec<u64> = self.lines.with_untracked(|lines| {
            lines.iter().filter(|line| !matches!(line.stage, Stage::Failed { .. })).map(|line| line.key).collect()
        });
        going.into_iter().for_each(|key| self.forget(key));
        if let Some(request) = RUNNING.with_borrow(Clone::clone) {
            // Refused only for a request that was never opened.
            let _ = request.abort();
        }
    }

    /// Takes over what the server says waits. While files arrive, its answer may be older than the last of them.
    pub fn take(self, waiting: Vec<Upload>) {
        if self.busy.get_untracked() {
            waiting.into_iter().for_each(|upload| self.put(upload));
        } else {
            self.waiting.set(waiting);
        }
    }

    /// Takes away what no longer waits.
    pub fn drop(self, id: UploadId) {
        self.waiting.update(|waiting| waiting.retain(|upload| upload.id != id));
    }

    /// Files and bytes that are through and in all; none while nothing is on its way.
    pub fn progress(self) -> Option<Batch> {
        if !self.busy.get() {
            return None;
        }
        let going = self.lines.with(|lines| {
            lines.iter().find_map(|line| match line.stage {
                Stage::Going(sent) => Some(sent),
                Stage::Checking => Some(line.bytes),
                _ => None,
            })
        });
        let batch = self.batch.get();
        Some(Batch { bytes_done: batch.bytes_done + going.unwrap_or(0), ..batch })
    }

    /// Where a file stands now.
    pub fn stage_of(self, key: u64) -> Option<Stage> {
        self.lines.with(|lines| lines.iter().find(|line| line.key == key).map(|line| line.stage.clone()))
    }

    /// The same bytes handed in twice are one upload.
    fn put(self, upload: Upload) {
        self.waiting.update(|waiting| match waiting.iter_mut().find(|other| other.id == upload.id) {
            Some(other) => *other = upload,
            None => waiting.push(upload),
        });
    }

    fn count_in(self, bytes: u64) {
        if !self.busy.get_untracked() {
            self.batch.set(Batch::default());
        }
        self.batch.update(|batch| {
            batch.files += 1;
            batch.bytes += bytes;
        });
    }

    fn stage(self, key: u64, stage: Stage) {
        self.lines.try_update(|lines| {
            if let Some(line) = lines.iter_mut().find(|line| line.key == key) {
                line.stage = stage;
            }
        });
    }

    /// Sends the next file, if none is under way.
    fn go_on(self) {
        if RUNNING.with_borrow(Option::is_some) {
            return;
        }
        let next = self.lines.try_with_untracked(|lines| lines.iter().find(|line| line.stage == Stage::Queued).cloned());
        let Some(Some(line)) = next else { return };
        let started = FILES.with_borrow(|files| files.get(&line.key).cloned()).and_then(|file| self.send(&line, &file));
        if started.is_none() {
            let message = "このファイルを読めません。もう一度選んでください。".to_owned();
            self.through(&line, Some(Stage::Failed { message, again: false }));
            self.go_on();
        }
    }

    fn send(self, line: &Line, file: &File) -> Option<()> {
        let request = XmlHttpRequest::new().ok()?;
        request.open_with_async("POST", "/api/upload_master", true).ok()?;
        let name = String::from(leptos::web_sys::js_sys::encode_uri_component(&line.name));
        request.set_request_header("x-file-name", &name).ok()?;
        request.set_request_header("content-type", "application/octet-stream").ok()?;
        request.set_request_header("accept", "application/json").ok()?;
        let (key, bytes) = (line.key, line.bytes);
        let went = Closure::<dyn Fn(ProgressEvent)>::new(move |event: ProgressEvent| {
            let sent = event.loaded() as u64;
            self.stage(key, if sent >= bytes { Stage::Checking } else { Stage::Going(sent) });
        });
        request.upload().ok()?.set_onprogress(Some(went.as_ref().unchecked_ref()));
        let (line, asked) = (line.clone(), request.clone());
        let ended = Closure::once_into_js(move || {
            drop(went);
            RUNNING.with_borrow_mut(Option::take);
            self.ended(&line, &asked);
        });
        request.set_onloadend(Some(ended.unchecked_ref()));
        request.send_with_opt_blob(Some(file)).ok()?;
        self.stage(key, Stage::Going(0));
        RUNNING.with_borrow_mut(|running| *running = Some(request));
        Some(())
    }

    /// The answer is here, or will never come.
    fn ended(self, line: &Line, request: &XmlHttpRequest) {
        let there = self.lines.try_with_untracked(|lines| lines.iter().any(|other| other.key == line.key));
        if there == Some(true) {
            let text = request.response_text().ok().flatten().unwrap_or_default();
            match answer(request.status().unwrap_or(0), &text) {
                Ok(upload) => {
                    self.put(*upload);
                    self.through(line, None);
                    FILES.with_borrow_mut(|files| files.remove(&line.key));
                }
                Err((error, message)) => {
                    self.through(line, Some(Stage::Failed { message, again: true }));
                    if error == Some(AppError::SignedOut) {
                        self.session.ask_again();
                    }
                }
            }
        }
        self.go_on();
    }

    /// Counts a file as through; without a stage it leaves the list.
    fn through(self, line: &Line, stage: Option<Stage>) {
        self.batch.try_update(|batch| {
            batch.files_done += 1;
            batch.bytes_done += line.bytes;
        });
        match stage {
            Some(stage) => self.stage(line.key, stage),
            None => {
                self.lines.try_update(|lines| lines.retain(|other| other.key != line.key));
            }
        }
    }
}

/// What the server said: the upload, or why there is none in a sentence.
fn answer(status: u16, text: &str) -> Result<Box<Upload>, (Option<AppError>, String)> {
    match status {
        0 => Err((None, "通信が切れました。このファイルは届いていません。".to_owned())),
        200 => serde_json::from_str(text).map(Box::new).map_err(|_| (None, "サーバーの返事を読めません。".to_owned())),
        413 => Err((None, format!("大きすぎます（1ファイル {}バイトまで）。", group(MOST)))),
        _ => match serde_json::from_str::<AppError>(text) {
            Ok(error) => {
                let message = match &error {
                    AppError::SignedOut => "サインインが切れています。サインインしてから再試行してください。".to_owned(),
                    other => other.to_string(),
                };
                Err((Some(error), message))
            }
            Err(_) => Err((None, format!("サーバーが受け取れませんでした（{status}）。"))),
        },
    }
}

fn group(bytes: u64) -> String {
    grouped(i64::try_from(bytes).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lost_line_and_a_refusal_read_as_sentences() {
        assert!(answer(0, "").expect_err("lost").1.contains("通信"));
        let (error, message) = answer(403, r#"{"kind":"forbidden"}"#).expect_err("refused");
        assert_eq!(error, Some(AppError::Forbidden));
        assert!(message.contains("権限"));
        assert!(answer(502, "<html>").expect_err("a proxy").1.contains("502"));
        assert!(answer(413, "").expect_err("too large").1.contains("67,108,864"));
    }
}
