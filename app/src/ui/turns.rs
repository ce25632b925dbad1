//! Answers in their order: when the same thing is asked for twice at once, the older answer may come last and must not win.

use leptos::prelude::*;

/// Counts questions of one kind.
#[derive(Clone, Copy)]
pub struct Turns {
    asked: StoredValue<u64>,
    shown: StoredValue<u64>,
}

impl Default for Turns {
    /// None asked yet.
    fn default() -> Self {
        Self { asked: StoredValue::new(0), shown: StoredValue::new(0) }
    }
}

impl Turns {
    /// A question is asked: its turn.
    pub fn ask(self) -> u64 {
        let turn = self.asked.try_get_value().unwrap_or_default() + 1;
        let _ = self.asked.try_set_value(turn);
        turn
    }

    /// Whether the answer of a turn may be shown: none that was asked for later is shown already. False when the page is gone.
    pub fn show(self, turn: u64) -> bool {
        let newest = self.shown.try_get_value().is_some_and(|shown| turn > shown);
        if newest {
            let _ = self.shown.try_set_value(turn);
        }
        newest
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_older_answer_never_replaces_a_newer_one() {
        let owner = Owner::new();
        owner.with(|| {
            let turns = Turns::default();
            let (first, second, third) = (turns.ask(), turns.ask(), turns.ask());
            assert!(turns.show(second) && !turns.show(first) && turns.show(third));
        });
    }
}
