//! Text that must not be lost: a draft that is kept on this device at once and on the server within three seconds.
//!
//! Every input goes to the browser's local storage in the same moment, and to the server after a pause of [`PAUSE`] or at
//! the latest [`LATEST`] after the first unsaved character. An error never touches what stands in the editor. Whoever
//! saves from an older version gets both texts to choose from ([`Collision`]); what was left behind on this device by a
//! crash or an ended session is brought back with a notice ([`Restored`]). The note and the letter share this file.

use super::{
    clock,
    device::{self, Kept},
};
use crate::session::Session;
use chrono::{DateTime, Utc};
use leptos::prelude::*;
use model::AppError;
use std::{sync::Arc, time::Duration};

pub use super::versions::{Collision, Restored, SaveState, Saved, Source, Written, merge_part};

/// Milliseconds of silence after which a draft is sent.
const PAUSE: f64 = 1_200.0;
/// Milliseconds after the first unsaved character at which it is sent in any case.
const LATEST: f64 = 2_500.0;
/// Milliseconds until the next attempt while nobody is signed in or the server does not answer.
const RETRY: f64 = 4_000.0;

/// What waits for a save to end. It belongs to the draft: the dialog that asked may be closed by then.
type Then = Arc<dyn Fn() + Send + Sync>;

/// A draft in an editor.
pub struct Draft<T: Written> {
    /// What stands in the editor.
    pub text: RwSignal<T>,
    /// How it stands.
    pub state: RwSignal<SaveState>,
    /// What was brought back from this device.
    pub restored: RwSignal<Option<Restored<T>>>,
    /// Two texts that wait for a choice.
    pub collision: RwSignal<Option<Collision<T>>>,
    /// Version the text was begun from.
    pub version: RwSignal<i64>,
    server: StoredValue<T>,
    key: StoredValue<String>,
    source: StoredValue<Source<T>>,
    timer: StoredValue<Option<TimeoutHandle>>,
    waiting_since: StoredValue<Option<f64>>,
    in_flight: StoredValue<bool>,
    after: StoredValue<Option<Then>>,
    listening: StoredValue<bool>,
    closed: StoredValue<bool>,
    session: Option<Session>,
}

impl<T: Written> Clone for Draft<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T: Written> Copy for Draft<T> {}

impl<T: Written> Draft<T> {
    /// Opens a draft under a key of this device, e.g. `note.<clinic>.<visit>`. In the browser it looks at once for text
    /// that was left behind here.
    pub fn open(key: String, start: Saved<T>, source: Source<T>) -> Self {
        let draft = Self {
            text: RwSignal::new(start.text.clone()),
            state: RwSignal::new(start.at.map_or(SaveState::Clean, SaveState::Saved)),
            restored: RwSignal::new(None),
            collision: RwSignal::new(None),
            version: RwSignal::new(start.version),
            server: StoredValue::new(start.text.clone()),
            key: StoredValue::new(key),
            source: StoredValue::new(source),
            timer: StoredValue::new(None),
            waiting_since: StoredValue::new(None),
            in_flight: StoredValue::new(false),
            after: StoredValue::new(None),
            listening: StoredValue::new(false),
            closed: StoredValue::new(false),
            session: use_context::<Session>(),
        };
        // Effects run in the browser only.
        Effect::new(move |_| {
            if draft.listening.get_value() {
                return;
            }
            draft.listening.set_value(true);
            draft.look_on_device(start.clone());
            let handles = [
                window_event_listener_untyped("online", move |_| draft.save_now()),
                window_event_listener_untyped("pagehide", move |_| draft.save_now()),
                window_event_listener_untyped("visibilitychange", move |_| draft.save_now()),
            ];
            // Somewhere else on this device the session was renewed: go on at once.
            let focus = window_event_listener_untyped("focus", move |_| {
                if matches!(draft.state.try_get_untracked(), Some(SaveState::SignedOut | SaveState::Offline)) {
                    draft.save_now();
                }
            });
            on_cleanup(move || {
                handles.into_iter().for_each(|handle| handle.remove());
                focus.remove();
            });
        });
        on_cleanup(move || {
            if draft.listening.try_get_value() == Some(true) {
                draft.save_now();
            }
        });
        draft
    }

    /// Changes the text as the person typed it: kept on this device in the same moment, sent soon.
    pub fn write(self, change: impl FnOnce(&mut T)) {
        self.text.update(change);
        self.keep_on_device();
        if !matches!(
            self.state.get_untracked(),
            SaveState::Saving | SaveState::Offline | SaveState::SignedOut | SaveState::Collided
        ) {
            self.state.set(SaveState::Pending);
        }
        self.save_soon();
    }

    /// Does something once no save is under way, so that its version is the newest.
    pub fn when_quiet(self, then: impl Fn() + Send + Sync + 'static) {
        self.stop_timer();
        if self.in_flight.get_value() {
            self.after.set_value(Some(Arc::new(then)));
        } else {
            then();
        }
    }

    /// The text was confirmed or issued: nothing is saved any more and nothing stays on this device.
    pub fn close(self) {
        self.stop_timer();
        self.closed.set_value(true);
        self.forget_on_device();
        self.restored.set(None);
        self.collision.set(None);
    }

    /// Takes up a text that was saved by another way.
    pub fn accept(self, saved: Saved<T>) {
        self.server.set_value(saved.text.clone());
        self.version.set(saved.version);
        self.text.set(saved.text);
        self.state.set(saved.at.map_or(SaveState::Clean, SaveState::Saved));
        self.forget_on_device();
    }

    /// Whether something stands in the editor that the server does not have.
    pub fn unsaved(self) -> bool {
        self.text.with_untracked(|text| self.server.with_value(|server| text != server))
    }

    /// The notice about restored text is answered: back to what the server has.
    pub fn drop_restored(self) {
        if let Some(restored) = self.restored.get_untracked() {
            self.restored.set(None);
            self.write(|text| *text = restored.server);
        }
    }

    /// Of two texts, this editor's wins.
    pub fn choose_yours(self) {
        self.choose(|collision| collision.yours.clone());
    }

    /// Of two texts, the server's wins.
    pub fn choose_theirs(self) {
        if let Some(collision) = self.collision.get_untracked() {
            self.collision.set(None);
            self.restored.set(None);
            self.accept(collision.theirs);
        }
    }

    /// Both texts go into the editor, to be put in order by hand.
    pub fn choose_both(self) {
        self.choose(|collision| T::merged(&collision.yours, &collision.theirs.text, &collision.theirs.by));
    }

    fn choose(self, text: impl FnOnce(&Collision<T>) -> T) {
        let Some(collision) = self.collision.get_untracked() else { return };
        let chosen = text(&collision);
        self.collision.set(None);
        self.restored.set(None);
        self.server.set_value(collision.theirs.text);
        self.version.set(collision.theirs.version);
        self.text.set(chosen);
        self.state.set(SaveState::Pending);
        self.keep_on_device();
        self.save_now();
    }

    /// Shows both texts: what was in this editor, and what the server has now, saved last by `by`.
    pub fn collide(self, by: String, at: DateTime<Utc>) {
        self.state.set(SaveState::Collided);
        let reading = self.source.with_value(|source| source.read());
        leptos::task::spawn_local(async move {
            let answer = reading.await;
            if self.closed.try_get_value() != Some(false) {
                return;
            }
            match answer {
                Ok(read) => {
                    let theirs = Saved { by, at: Some(at), ..read };
                    let yours = self.text.get_untracked();
                    if theirs.text == yours {
                        self.accept(theirs);
                    } else {
                        self.collision.set(Some(Collision { yours, theirs }));
                    }
                }
                Err(error) => self.failed(error),
            }
        });
    }

    /// Sends what is not on the server yet.
    pub fn save_now(self) {
        if self.closed.try_get_value() != Some(false) {
            return;
        }
        self.stop_timer();
        if self.in_flight.get_value() || self.collision.with_untracked(Option::is_some) {
            return;
        }
        let text = self.text.get_untracked();
        if self.server.with_value(|server| *server == text) {
            self.forget_on_device();
            if self.state.with_untracked(|state| *state == SaveState::Pending) {
                self.state.set(SaveState::Clean);
            }
            return;
        }
        self.in_flight.set_value(true);
        self.state.set(SaveState::Saving);
        let version = self.version.get_untracked();
        let saving = self.source.with_value(|source| source.save(text.clone(), version));
        let key = self.key.get_value();
        leptos::task::spawn_local(async move {
            let answer = saving.await;
            if self.in_flight.try_get_value().is_none() {
                // The page is gone. What arrived need not stay on this device.
                if answer.is_ok() && device::kept::<Kept<T>>(&key).is_some_and(|kept| kept.text == text) {
                    device::forget(&key);
                }
                return;
            }
            self.in_flight.set_value(false);
            match answer {
                Ok(saved) => {
                    self.server.set_value(text.clone());
                    self.version.set(saved.version);
                    if self.text.with_untracked(|now| *now == text) {
                        self.forget_on_device();
                        self.state.set(SaveState::Saved(saved.at.unwrap_or_else(clock::now)));
                    } else {
                        self.keep_on_device();
                        self.state.set(SaveState::Pending);
                        self.save_soon();
                    }
                }
                Err(AppError::Stale { by, at, .. }) => self.collide(by, at),
                Err(error) => self.failed(error),
            }
            if let Some(then) = self.after.get_value() {
                self.after.set_value(None);
                then();
            }
        });
    }

    fn failed(self, error: AppError) {
        let state = match error {
            AppError::SignedOut => SaveState::SignedOut,
            AppError::Connection { .. } | AppError::Unavailable | AppError::TooMany { .. } | AppError::Internal { .. } => {
                SaveState::Offline
            }
            other => SaveState::Refused(other.to_string()),
        };
        if matches!(state, SaveState::SignedOut | SaveState::Offline) {
            self.start_timer(RETRY);
        }
        // Asked once; who closes the dialog is reminded by the status line.
        if state == SaveState::SignedOut
            && self.state.get_untracked() != SaveState::SignedOut
            && let Some(session) = self.session
        {
            session.ask_again();
        }
        self.state.set(state);
    }

    fn save_soon(self) {
        let now = clock::millis();
        let since = self.waiting_since.get_value().unwrap_or(now);
        self.waiting_since.set_value(Some(since));
        self.start_timer(PAUSE.min((since + LATEST - now).max(0.0)));
    }

    fn start_timer(self, millis: f64) {
        if let Some(handle) = self.timer.get_value() {
            handle.clear();
        }
        let handle = set_timeout_with_handle(move || self.save_now(), Duration::from_millis(millis as u64));
        self.timer.set_value(handle.ok());
    }

    fn stop_timer(self) {
        if let Some(handle) = self.timer.get_value() {
            handle.clear();
        }
        self.timer.set_value(None);
        self.waiting_since.set_value(None);
    }

    fn keep_on_device(self) {
        let kept = Kept { text: self.text.get_untracked(), version: self.version.get_untracked(), at: clock::millis() };
        self.key.with_value(|key| device::keep(key, &kept));
    }

    fn forget_on_device(self) {
        if self.listening.get_value() {
            self.key.with_value(|key| device::forget(key));
        }
    }

    fn look_on_device(self, start: Saved<T>) {
        let Some(kept) = self.key.with_value(|key| device::kept::<Kept<T>>(key)) else { return };
        if kept.text == start.text {
            return self.forget_on_device();
        }
        self.text.set(kept.text.clone());
        if kept.version == start.version {
            let at = clock::from_millis(kept.at);
            self.restored.set(Some(Restored { server: start.text, at }));
            self.state.set(SaveState::Pending);
            self.save_soon();
        } else {
            self.state.set(SaveState::Collided);
            self.collision.set(Some(Collision { yours: kept.text, theirs: start }));
        }
    }
}
