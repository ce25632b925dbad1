//! Files on their way to a letter: one after the other, with what has gone over the line and why one did not arrive.
//!
//! `fetch` cannot tell how much has been sent, so each is an `XMLHttpRequest`. What is on its way when the page is left arrives
//! all the same; nobody listens any more.

use crate::session::Session;
use leptos::prelude::*;
use model::{
    AppError,
    letter::{FILES_LIMIT, Letter},
};
use std::{cell::RefCell, collections::HashMap};
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{File, ProgressEvent, XmlHttpRequest};

/// Where a file stands on its way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Stage {
    /// Waits for those before it.
    Queued,
    /// So many bytes are sent.
    Going(u64),
    /// It did not arrive: why, and whether sending it again can help.
    Failed { message: String, again: bool },
}

/// A file that has not arrived yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) key: u64,
    pub(super) name: String,
    pub(super) bytes: u64,
    pub(super) stage: Stage,
}

thread_local! {
    /// The files themselves: they belong to the browser and stay on its thread.
    static FILES: RefCell<HashMap<u64, File>> = RefCell::new(HashMap::new());
    /// Keys are never used twice, also not by the next letter's page.
    static NEXT: RefCell<u64> = const { RefCell::new(0) };
}

/// The files on their way to one letter.
#[derive(Clone, Copy)]
pub(super) struct Sending {
    /// What has not arrived, in the order it was handed in.
    pub(super) lines: RwSignal<Vec<Line>>,
    letter: RwSignal<Letter>,
    busy: StoredValue<bool>,
    session: Session,
}

impl Sending {
    pub(super) fn new(letter: RwSignal<Letter>, session: Session) -> Self {
        Self { lines: RwSignal::default(), letter, busy: StoredValue::new(false), session }
    }

    /// Takes files that somebody chose, dropped or pasted, and sends them after those before.
    pub(super) fn add(self, files: impl IntoIterator<Item = File>) {
        for file in files {
            let key = NEXT.with_borrow_mut(|next| {
                *next += 1;
                *next
            });
            // Sizes are whole numbers well below 2^53.
            let bytes = file.size() as u64;
            let stage = if self.taken().saturating_add(bytes) > FILES_LIMIT {
                let message =
                    format!("添付は1通あわせて{}までです。画像を縮小するか、印刷してお渡しください。", size(FILES_LIMIT));
                Stage::Failed { message, again: false }
            } else {
                Stage::Queued
            };
            let line = Line { key, name: name_of(&file), bytes, stage };
            FILES.with_borrow_mut(|files| files.insert(key, file));
            self.lines.update(|lines| lines.push(line));
        }
        self.go_on();
    }

    /// Sends a file again that did not arrive.
    pub(super) fn again(self, key: u64) {
        self.stage(key, Stage::Queued);
        self.go_on();
    }

    /// Takes a line away that did not arrive.
    pub(super) fn forget(self, key: u64) {
        FILES.with_borrow_mut(|files| files.remove(&key));
        self.lines.try_update(|lines| lines.retain(|line| line.key != key));
    }

    /// Files on their way, and those that did not arrive.
    pub(super) fn open(self) -> (usize, usize) {
        self.lines.with(|lines| {
            let failed = lines.iter().filter(|line| matches!(line.stage, Stage::Failed { .. })).count();
            (lines.len() - failed, failed)
        })
    }

    /// Bytes of what is there and what is on its way.
    fn taken(self) -> u64 {
        let there: u64 = self.letter.with_untracked(|letter| letter.files.iter().map(|file| file.size).sum());
        let coming: u64 = self.lines.with_untracked(|lines| {
            lines.iter().filter(|line| !matches!(line.stage, Stage::Failed { .. })).map(|line| line.bytes).sum()
        });
        there + coming
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
        if self.busy.try_get_value() != Some(false) {
            return;
        }
        let next = self.lines.try_with_untracked(|lines| lines.iter().find(|line| line.stage == Stage::Queued).cloned());
        let Some(Some(line)) = next else { return };
        let started = FILES.with_borrow(|files| files.get(&line.key).cloned()).and_then(|file| self.send(&line, &file));
        if started.is_none() {
            let message = "このファイルを読めません。もう一度選んでください。".to_owned();
            self.stage(line.key, Stage::Failed { message, again: false });
            self.go_on();
        }
    }

    fn send(self, line: &Line, file: &File) -> Option<()> {
        let letter = self.letter.with_untracked(|letter| letter.id);
        let request = XmlHttpRequest::new().ok()?;
        request.open_with_async("POST", &format!("/api/upload_letter_file/{letter}"), true).ok()?;
        let name = String::from(leptos::web_sys::js_sys::encode_uri_component(&line.name));
        request.set_request_header("x-file-name", &name).ok()?;
        request.set_request_header("content-type", "application/octet-stream").ok()?;
        request.set_request_header("accept", "application/json").ok()?;
        let key = line.key;
        let went = Closure::<dyn Fn(ProgressEvent)>::new(move |event: ProgressEvent| {
            self.stage(key, Stage::Going(event.loaded() as u64));
        });
        request.upload().ok()?.set_onprogress(Some(went.as_ref().unchecked_ref()));
        let asked = request.clone();
        let ended = Closure::once_into_js(move || {
            drop(went);
            self.ended(key, &asked);
        });
        request.set_onloadend(Some(ended.unchecked_ref()));
        request.send_with_opt_blob(Some(file)).ok()?;
        self.busy.set_value(true);
        self.stage(key, Stage::Going(0));
        Some(())
    }

    /// The answer is here, or will never come.
    fn ended(self, key: u64, request: &XmlHttpRequest) {
        if self.busy.try_update_value(|busy| *busy = false).is_none() {
            // The page is gone.
            FILES.with_borrow_mut(|files| files.remove(&key));
            return;
        }
        let text = request.response_text().ok().flatten().unwrap_or_default();
        match answer(request.status().unwrap_or(0), &text) {
            Ok(fresh) => {
                self.letter.try_update(|letter| letter.files = fresh.files);
                self.forget(key);
            }
            Err((error, message)) => {
                // What is not of a kind that may go along is not so the next time either.
                let again = !matches!(error, Some(AppError::Conflict { .. } | AppError::Invalid { .. } | AppError::Forbidden));
                self.stage(key, Stage::Failed { message, again });
                if error == Some(AppError::SignedOut) {
                    self.session.ask_again();
                }
            }
        }
        self.go_on();
    }
}

/// What the server said: the letter, or why the file is not with it in a sentence.
fn answer(status: u16, text: &str) -> Result<Box<Letter>, (Option<AppError>, String)> {
    match status {
        0 => Err((None, "通信が切れました。このファイルは届いていません。".to_owned())),
        200 => serde_json::from_str(text).map(Box::new).map_err(|_| (None, "サーバーの返事を読めません。".to_owned())),
        413 => {
            let message = format!("大きすぎます（1通あわせて{}まで）。", size(FILES_LIMIT));
            Err((Some(AppError::conflict(message.clone())), message))
        }
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

/// Browsers call every pasted picture the same.
fn name_of(file: &File) -> String {
    match file.name().as_str() {
        "image.png" => "貼り付けた画像.png".to_owned(),
        name => name.to_owned(),
    }
}

/// Bytes as people say them.
pub(super) fn size(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} バイト"),
        1_000..1_000_000 => format!("{} KB", bytes.div_ceil(1_000)),
        _ if bytes.is_multiple_of(1_000_000) => format!("{} MB", bytes / 1_000_000),
        _ => format!("{}.{} MB", bytes / 1_000_000, bytes / 100_000 % 10),
    }
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
        assert!(answer(413, "").expect_err("too large").1.contains("7 MB"));
        assert_eq!((size(999), size(1_001), size(1_430_000)), ("999 バイト".into(), "2 KB".into(), "1.4 MB".into()));
    }
}
