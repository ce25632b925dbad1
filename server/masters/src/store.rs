//! The handle servers hold: the snapshot of the day, exchanged whole when an edition is applied or withdrawn.

use crate::Snapshot;
use std::sync::{Arc, RwLock};

/// A snapshot that can be exchanged while others read the one they took.
#[derive(Debug)]
pub struct Store(RwLock<Arc<Snapshot>>);

impl Store {
    /// Holds a snapshot, ready to be searched.
    pub fn new(snapshot: Arc<Snapshot>) -> Self {
        snapshot.warm();
        Self(RwLock::new(snapshot))
    }

    /// The snapshot as it stands; keep it for one request, so that one answer never mixes two editions.
    pub fn current(&self) -> Arc<Snapshot> {
        self.0.read().unwrap_or_else(std::sync::PoisonError::into_inner).clone()
    }

    /// Puts another in its place and returns the old one.
    pub fn swap(&self, snapshot: Arc<Snapshot>) -> Arc<Snapshot> {
        snapshot.warm();
        let mut held = self.0.write().unwrap_or_else(std::sync::PoisonError::into_inner);
        std::mem::replace(&mut held, snapshot)
    }
}

impl Default for Store {
    fn default() -> Self {
        Self::new(Snapshot::starter())
    }
}
