//! When a search is sent and which answer is shown. The first keystroke asks at once; what is typed while an answer is
//! awaited is asked for as soon as that answer is there, only the latest of it; an answer never replaces a newer one.

use super::choice::{Choice, Search};
use leptos::{prelude::*, web_sys::js_sys::Date};
use model::AppError;
use std::time::Duration;

/// Milliseconds after which an answer is no longer waited for: then the next question is sent beside it.
pub(super) const PATIENCE: f64 = 400.0;
/// Milliseconds after the mouse last moved over the list in which the list does not change under it.
const POINTING: f64 = 300.0;
/// How often a list that is held back under the mouse is tried again.
const HELD: Duration = Duration::from_millis(80);

/// The questions of one field.
#[derive(Debug, Default, Clone, PartialEq)]
pub(super) struct Asking {
    /// How many were sent; the number of the latest.
    sent: u64,
    /// The latest whose answer is shown, or for which nobody waits any more.
    shown: u64,
    under_way: u32,
    /// When the latest was sent, in milliseconds.
    sent_at: f64,
    /// Whether something was typed since.
    again: bool,
    /// Arrow keys pressed before the list for the text was there: down is positive.
    steps: isize,
}

impl Asking {
    /// Something was typed: the number to send it under, or none while an answer is awaited.
    pub fn typed(&mut self, now: f64) -> Option<u64> {
        if self.under_way > 0 && (0.0..PATIENCE).contains(&(now - self.sent_at)) {
            self.again = true;
            return None;
        }
        self.again = false;
        self.sent += 1;
        self.under_way += 1;
        self.sent_at = now;
        Some(self.sent)
    }

    /// An answer came: whether to ask again for what was typed meanwhile.
    pub fn arrived(&mut self) -> bool {
        self.under_way = self.under_way.saturating_sub(1);
        self.under_way == 0 && self.again
    }

    /// Whether an answer is on its way.
    pub fn awaits(&self) -> bool {
        self.under_way > 0
    }

    /// Whether something typed waits to be sent.
    pub fn waits(&self) -> bool {
        self.again
    }

    /// Whether the answer of a number is to be shown; from then on no older one is.
    pub fn shows(&mut self, number: u64) -> bool {
        let newer = number > self.shown;
        self.shown = self.shown.max(number);
        newer
    }

    /// Whether nobody waits for the answer of a number any more.
    pub fn is_old(&self, number: u64) -> bool {
        number <= self.shown
    }

    /// A choice was made or the field was emptied: what is under way is for nobody.
    pub fn forget(&mut self) {
        self.shown = self.sent;
        self.again = false;
        self.steps = 0;
    }

    /// An arrow key before the list was there.
    pub fn step(&mut self, by: isize) {
        self.steps += by;
    }

    /// The arrow keys that were pressed meanwhile.
    pub fn steps(&mut self) -> isize {
        std::mem::take(&mut self.steps)
    }
}

/// Sends what is in the field, unless an answer is awaited, and has the answer painted. An answer that comes while the
/// mouse moves over the list waits until it rests: nobody clicks on a line that was another one a moment ago.
pub(super) fn send<T: Clone + Send + Sync + 'static>(
    search: StoredValue<Search<T>>,
    asking: StoredValue<Asking>,
    text: RwSignal<String>,
    pointed: StoredValue<(f64, (i32, i32))>,
    paint: impl Fn(u64, String, Result<Vec<Choice<T>>, AppError>) + Copy + 'static,
) {
    let Some(query) = text.try_get_untracked() else { return };
    let Some(Some(number)) = asking.try_update_value(|asking| asking.typed(Date::now())) else { return };
    let answer = search.with_value(|search| (search.0)(query.clone()));
    leptos::task::spawn_local(async move {
        let answer = answer.await;
        // None where the field is gone.
        match asking.try_update_value(Asking::arrived) {
            None => return,
            Some(true) => send(search, asking, text, pointed, paint),
            Some(false) => {}
        }
        hold(asking, pointed, number, move || paint(number, query, answer));
    });
}

/// Paints now or, while the mouse moves over the list, when it rests.
fn hold(asking: StoredValue<Asking>, pointed: StoredValue<(f64, (i32, i32))>, number: u64, paint: impl FnOnce() + 'static) {
    // Gone, or something newer is shown.
    if asking.try_with_value(|asking| asking.is_old(number)) != Some(false) {
        return;
    }
    let moving = pointed.try_with_value(|(at, _)| (0.0..POINTING).contains(&(Date::now() - at)));
    if moving == Some(true) {
        set_timeout(move || hold(asking, pointed, number, paint), HELD);
    } else {
        paint();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_letter_asks_at_once_and_the_latest_follows_the_answer() {
        let mut asking = Asking::default();
        assert_eq!(asking.typed(0.0), Some(1));
        assert_eq!(asking.typed(10.0), None);
        assert_eq!(asking.typed(20.0), None);
        assert!(asking.arrived() && asking.shows(1));
        assert_eq!(asking.typed(21.0), Some(2));
        assert!(!asking.arrived() && asking.shows(2));
    }

    #[test]
    fn a_late_answer_never_replaces_a_newer_one() {
        let mut asking = Asking::default();
        assert_eq!(asking.typed(0.0), Some(1));
        assert_eq!(asking.typed(PATIENCE), Some(2), "who waited long enough asks beside it");
        assert!(!asking.arrived() && asking.shows(2));
        assert!(!asking.arrived() && !asking.shows(1));
    }

    #[test]
    fn what_was_chosen_needs_no_answer() {
        let mut asking = Asking::default();
        let number = asking.typed(0.0).expect("asks");
        assert_eq!(asking.typed(1.0), None);
        asking.step(1);
        asking.forget();
        assert!(!asking.arrived() && asking.is_old(number) && !asking.shows(number) && asking.steps() == 0);
        assert_eq!(asking.typed(2.0), Some(2));
    }

    #[test]
    fn a_clock_set_back_does_not_stop_the_asking() {
        let mut asking = Asking::default();
        assert_eq!(asking.typed(1e12), Some(1));
        assert_eq!(asking.typed(5.0), Some(2));
    }
}
