//! What the use cases take from the world: the clock, randomness, masters and the fee calculator. All of it is handed in.

use chrono::{DateTime, Utc};
use rand::{RngCore, SeedableRng};
use rand_chacha::ChaCha20Rng;
use std::sync::{Arc, Mutex};
use uuid::Uuid;

/// Tells the time.
pub trait Clock: Send + Sync {
    /// The instant it is.
    fn now(&self) -> DateTime<Utc>;
}

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }
}

/// A clock that stands where it was set, for tests and for made-up histories.
#[derive(Debug, Clone)]
pub struct SetClock(Arc<Mutex<DateTime<Utc>>>);

impl SetClock {
    /// Stands at an instant.
    pub fn at(instant: DateTime<Utc>) -> Self {
        Self(Arc::new(Mutex::new(instant)))
    }

    /// Moves it.
    pub fn set(&self, instant: DateTime<Utc>) {
        *self.0.lock().expect("no holder panics") = instant;
    }
}

impl Clock for SetClock {
    fn now(&self) -> DateTime<Utc> {
        *self.0.lock().expect("no holder panics")
    }
}

/// Makes ids and tokens.
#[derive(Clone)]
pub struct Random(Arc<Mutex<ChaCha20Rng>>);

impl Random {
    /// From the operating system.
    pub fn from_system() -> Self {
        Self(Arc::new(Mutex::new(ChaCha20Rng::from_os_rng())))
    }

    /// The same sequence for the same seed, for made-up histories only.
    pub fn seeded(seed: u64) -> Self {
        Self(Arc::new(Mutex::new(ChaCha20Rng::seed_from_u64(seed))))
    }

    /// Random bytes.
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.0.lock().expect("no holder panics").fill_bytes(&mut bytes);
        bytes
    }

    /// A new id that sorts by time (version 7), so that indexes grow at one end.
    pub fn id(&self, now: DateTime<Utc>) -> Uuid {
        let millis = now.timestamp_millis().max(0) as u64;
        uuid::Builder::from_unix_timestamp_millis(millis, &self.bytes()).into_uuid()
    }
}

/// Everything a use case takes from outside of the database.
#[derive(Clone)]
pub struct World {
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// Ids and tokens.
    pub random: Random,
    /// The national masters.
    pub masters: Arc<masters::Store>,
    /// The fee calculator.
    pub calculator: Arc<dyn fee::Calculator>,
    /// What each clinic uses often.
    pub habits: crate::search::Habits,
    /// The national platform, where one is configured.
    pub sharing: Option<Arc<dyn links::RecordSharing>>,
    /// The version of the profiles that documents are made and checked by.
    pub profiles: fhir::Version,
}
