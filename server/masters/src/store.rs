//! The handle servers hold: the snapshot of the day, exchanged whole when an edition is applied or withdrawn.

use crate::Snapshot;
use std::sync::{Arc, PoisonError, RwLock};

/// A snapshot that can be exchanged while others read the one they took, and the number of its state: how often the set of
/// applied files had changed when it was made, 0 for the starter set.
#[derive(Debug)]
pub struct Store(RwLock<(i64, Arc<Snapshot>)>);

impl Store {
    /// Holds a snapshot of state 0, ready to be searched.
    pub fn new(snapshot: Arc<Snapshot>) -> Self {
        Self::numbered(0, snapshot)
    }

    /// Holds a snapshot of a state, ready to be searched.
    pub fn numbered(number: i64, snapshot: Arc<Snapshot>) -> Self {
        snapshot.warm();
        Self(RwLock::new((number, snapshot)))
    }

    /// The snapshot as it stands; keep it for one request, so that one answer never mixes two editions.
    pub fn current(&self) -> Arc<Snapshot> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).1.clone()
    }

    /// The snapshot as it stands, with the number of its state.
    pub fn state(&self) -> (i64, Arc<Snapshot>) {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Puts another in its place, of whatever state, and returns the old one.
    pub fn swap(&self, snapshot: Arc<Snapshot>) -> Arc<Snapshot> {
        snapshot.warm();
        let mut held = self.0.write().unwrap_or_else(PoisonError::into_inner);
        std::mem::replace(&mut held.1, snapshot)
    }

    /// Puts the snapshot of a later state in its place; an earlier one, made by somebody slower, is dropped. Returns whether
    /// it was taken. The work of making it ready to be searched is done before, while the former one answers.
    pub fn advance(&self, number: i64, snapshot: Arc<Snapshot>) -> bool {
        snapshot.warm();
        let mut held = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let later = number > held.0;
        // The former one may be large: it is dropped when the lock is free again.
        let _former = later.then(|| std::mem::replace(&mut *held, (number, snapshot)));
        drop(held);
        later
    }
}

impl Default for Store {
    fn default() -> Self {
        Self::new(Snapshot::starter())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_later_state_is_taken_and_an_earlier_one_is_not() {
        let store = Store::default();
        assert!(store.advance(2, Arc::new(Snapshot::default())));
        assert!(!store.advance(1, Snapshot::starter()));
        assert!(!store.advance(2, Snapshot::starter()));
        let (number, held) = store.state();
        assert!(number == 2 && held.editions().is_empty());
    }
}
