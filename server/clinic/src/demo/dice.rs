//! Dice for made-up histories: the same seed and stream roll the same numbers on every machine.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha20Rng;

/// A sequence of its own for each patient, so that a changed story does not change the patients after it.
pub(super) struct Dice(ChaCha20Rng);

impl Dice {
    pub(super) fn new(seed: u64, stream: u64) -> Self {
        let mut rng = ChaCha20Rng::seed_from_u64(seed);
        rng.set_stream(stream);
        Self(rng)
    }

    /// A whole number between two, both included.
    pub(super) fn between(&mut self, low: i64, high: i64) -> i64 {
        self.0.random_range(low..=high)
    }

    /// Whether something of this likelihood, in percent, happens.
    pub(super) fn chance(&mut self, percent: i64) -> bool {
        self.between(1, 100) <= percent
    }

    /// One of a list.
    pub(super) fn pick<'a, T: ?Sized>(&mut self, list: &[&'a T]) -> &'a T {
        list[self.index(list.len())]
    }

    /// One index of a list.
    pub(super) fn index(&mut self, len: usize) -> usize {
        let most = i64::try_from(len).expect("lists are short") - 1;
        usize::try_from(self.between(0, most)).expect("not negative")
    }

    /// A number between two, in hundredths.
    pub(super) fn real(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.between(0, 10_000) as f64 / 10_000.0
    }

    /// A deviation around nought, small ones likelier, never beyond the width.
    pub(super) fn wobble(&mut self, width: f64) -> f64 {
        (self.real(-width, width) + self.real(-width, width)) / 2.0
    }
}
