//! How many letters wait to be read or sorted: the number in the bar of every page, kept up by events and by turning pages.

use super::api;
use crate::ui::use_events;
use leptos::{prelude::*, task::spawn_local};
use leptos_router::hooks::use_location;
use model::outside::{Inbox, Incoming, IncomingState};

/// Milliseconds for which the number is taken for good while somebody turns pages.
const FRESH: f64 = 60_000.0;

/// Whether a letter still waits for somebody: to be read, or to be given to its patient (未照合).
pub fn waits(letter: &Incoming) -> bool {
    letter.state == IncomingState::Unread || unsorted(letter) && letter.state != IncomingState::Withdrawn
}

/// Whether it is not known whom a letter is about; one that cannot be read says nothing of it.
pub fn unsorted(letter: &Incoming) -> bool {
    letter.patient.is_none() && letter.state != IncomingState::Broken
}

/// The number of letters that wait, shared by the bar and the page of the letters.
#[derive(Clone, Copy)]
pub struct Unread {
    number: RwSignal<usize>,
    read_at: StoredValue<f64>,
}

impl Unread {
    /// Keeps the number up for as long as the component lives. Asks in the browser only.
    pub fn follow() -> Self {
        let unread = Self { number: RwSignal::new(0), read_at: StoredValue::new(0.0) };
        let path = use_location().pathname;
        Effect::new(move |_| {
            path.track();
            if crate::chart::clock::millis() - unread.read_at.get_value() > FRESH {
                unread.ask();
            }
        });
        use_events("inbox", move |_| unread.ask());
        unread
    }

    /// The number.
    pub fn get(self) -> usize {
        self.number.get()
    }

    /// Takes the number from letters that were just read.
    pub fn take(self, inbox: &Inbox) {
        let number = inbox.letters.iter().filter(|letter| waits(letter)).count();
        // The page may be gone.
        let _ = self.number.try_set(number);
        let _ = self.read_at.try_set_value(crate::chart::clock::millis());
    }

    /// Asks again.
    pub fn ask(self) {
        if self.read_at.try_set_value(crate::chart::clock::millis()).is_some() {
            return;
        }
        spawn_local(async move {
            // Without an answer the old number stays; the page of the letters says what is wrong.
            if let Ok(inbox) = api::inbox().await {
                self.take(&inbox);
            }
        });
    }
}
