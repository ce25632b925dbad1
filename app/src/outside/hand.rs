//! Taking entries of another house over into the chart, and giving them back. The chart and the letter share it.

use super::api;
use crate::ui::{failed, focus_id, toast, toast_error, toast_undo_later};
use leptos::{callback::Callable, prelude::*, task::spawn_local};
use model::{
    AppError,
    ids::{PatientId, ReceivedId},
    outside::OutsideView,
};
use std::time::Duration;

/// Entries of one document that are to be taken over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taking {
    /// The document.
    pub document: ReceivedId,
    /// Numbers of its entries.
    pub entries: Vec<u32>,
    /// What they are, for the message: `「そば」`, `3件`.
    pub words: String,
}

/// What takes over and gives back for one patient.
#[derive(Clone, Copy)]
pub struct Hand {
    /// Takes entries over.
    pub take: Callback<Taking>,
    /// Gives entries back.
    pub back: Callback<Taking>,
    /// Whether something is under way.
    pub busy: RwSignal<bool>,
}

/// Id of the heading that stands over the entries.
pub const HEADING: &str = "outside-heading";

/// By then the rows are drawn anew; the page of a letter fetches them first.
const REDRAWN: Duration = Duration::from_millis(150);

/// Id of the row of an entry, where the focus stays after a press.
pub fn row_id(document: ReceivedId, entry: u32) -> String {
    format!("outside-{document}-{entry}")
}

impl Hand {
    /// For a patient; `done` gets what others shared as it stands afterwards.
    pub fn new(patient: PatientId, done: Callback<OutsideView>) -> Self {
        let busy = RwSignal::new(false);
        let (say, undo, show) = (toast(), toast_undo_later(), toast_error());
        let trouble = move |error: &AppError| {
            failed(error);
            show(error);
        };
        // The message with the way back outlives the page it came from; what it does must need nothing of the page.
        let give_back = move |taking: Taking| {
            spawn_local(async move {
                let answer = api::take_back(patient, taking.document, taking.entries.clone()).await;
                let _ = busy.try_set(false);
                match answer {
                    Ok(view) => {
                        let _ = done.try_run(view);
                        say(&format!("{}の取り込みを元に戻しました。", taking.words));
                        focus_entry(&taking);
                    }
                    Err(error) => trouble(&error),
                }
            });
        };
        let start = move || !busy.get_untracked() && busy.try_set(true).is_none();
        let take = Callback::new(move |taking: Taking| {
            if !start() {
                return;
            }
            spawn_local(async move {
                let answer = api::take_over(patient, taking.document, taking.entries.clone()).await;
                let _ = busy.try_set(false);
                match answer {
                    Ok(view) => {
                        let _ = done.try_run(view);
                        let words = format!("{}を取り込みました。", taking.words);
                        focus_entry(&taking);
                        undo(&words, Box::new(move || give_back(taking.clone())));
                    }
                    Err(error) => trouble(&error),
                }
            });
        });
        let back = Callback::new(move |taking: Taking| {
            if start() {
                give_back(taking);
            }
        });
        Self { take, back, busy }
    }
}

/// The row is drawn anew; the keyboard goes on from where it was. The old row has the same id and takes the focus with it
/// when it goes, so this waits for the new one; a row that a filter hides leaves the focus to the heading.
fn focus_entry(taking: &Taking) {
    let Some(row) = taking.entries.first().map(|entry| row_id(taking.document, *entry)) else { return };
    set_timeout(
        move || match document().get_element_by_id(&row) {
            Some(_) => focus_id(row),
            None => focus_id(HEADING),
        },
        REDRAWN,
    );
}
