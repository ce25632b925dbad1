//! A platform that holds whatever it is given, also what is broken, and has faults when told.

use async_trait::async_trait;
use chrono::{DateTime, Duration, Utc};
use clinic::testing::friday;
use links::{Answer, Fault, LetterProgress, ListedDocument, RecordSharing, SharingError, Target};
use model::{codes::InstitutionNumber, outside::Purpose};
use serde_json::Value;
use std::sync::{
    Mutex, MutexGuard,
    atomic::{AtomicBool, AtomicI64, Ordering},
};

/// Where a document lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Shared with everybody.
    Shared,
    /// In our mailbox.
    Mailbox,
}

struct One {
    place: Place,
    listed: ListedDocument,
    bytes: Vec<u8>,
}

/// The platform.
#[derive(Default)]
pub struct Shelf {
    all: Mutex<Vec<One>>,
    sequence: AtomicI64,
    consented: AtomicBool,
    /// Whether nobody answers at all.
    pub down: AtomicBool,
    /// Whether lists never come.
    pub hang: AtomicBool,
    /// A receipt that the next reading of the mailbox leaves out, which waits for [`Shelf::go_on`].
    pub held: Mutex<Option<String>>,
    /// Lets the reading that waits go on.
    pub go_on: tokio::sync::Notify,
    /// Receipts that cannot be fetched.
    pub stuck: Mutex<Vec<String>>,
    /// Purposes it was asked for.
    pub purposes: Mutex<Vec<Purpose>>,
    /// Receipts that were fetched.
    pub fetched: Mutex<Vec<String>>,
    /// Receipts that were reported as opened.
    pub opened: Mutex<Vec<String>>,
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().expect("no holder panics")
}

impl Shelf {
    /// Puts a document there, or in the place of one with the same identifier; gives its receipt.
    pub fn put(&self, place: Place, identifier: &str, bytes: impl Into<Vec<u8>>) -> String {
        let sequence = self.sequence.fetch_add(1, Ordering::SeqCst) + 1;
        let receipt = format!("R-{sequence}");
        let received_at: DateTime<Utc> = friday() - Duration::hours(1) + Duration::seconds(sequence);
        let listed = ListedDocument {
            sequence,
            receipt: receipt.clone(),
            identifier: identifier.to_owned(),
            institution: "1410000029".into(),
            kind: None,
            received_at,
        };
        let mut all = locked(&self.all);
        all.retain(|one| one.listed.identifier != identifier);
        all.push(One { place, listed, bytes: bytes.into() });
        receipt
    }

    /// Puts a bundle there under its own identifier.
    pub fn share(&self, place: Place, bundle: &Value) -> String {
        let identifier = bundle["identifier"]["value"].as_str().unwrap_or_default();
        self.put(place, identifier, bundle.to_string())
    }

    /// Puts a shared document into the mailbox too: it was addressed to us.
    pub fn address(&self, receipt: &str) {
        for one in locked(&self.all).iter_mut().filter(|one| one.listed.receipt == receipt) {
            one.place = Place::Mailbox;
        }
    }

    /// Takes a document away.
    pub fn cancel(&self, receipt: &str) {
        locked(&self.all).retain(|one| one.listed.receipt != receipt);
    }

    /// Whether the platform was told that the patient consents.
    pub fn consents(&self) -> bool {
        self.consented.load(Ordering::SeqCst)
    }

    fn up(&self) -> Result<(), SharingError> {
        if self.down.load(Ordering::SeqCst) { Err(Fault::Unreachable.into()) } else { Ok(()) }
    }

    fn of(&self, place: Place) -> Vec<ListedDocument> {
        locked(&self.all).iter().filter(|one| one.place == place).map(|one| one.listed.clone()).collect()
    }
}

#[async_trait]
impl RecordSharing for Shelf {
    async fn register(&self, _: &InstitutionNumber, _: &Value, _: &str) -> Result<Answer, SharingError> {
        unreachable!("nothing is sent here")
    }

    async fn cancel(&self, _: &InstitutionNumber, _: &Target, _: &str) -> Result<Answer, SharingError> {
        unreachable!("nothing is sent here")
    }

    async fn result(&self, _: &InstitutionNumber, _: &str) -> Result<Answer, SharingError> {
        unreachable!("nothing is sent here")
    }

    async fn list(&self, _: &InstitutionNumber, _: &str, purpose: Purpose) -> Result<Vec<ListedDocument>, SharingError> {
        self.up()?;
        if self.hang.load(Ordering::SeqCst) {
            std::future::pending::<()>().await;
        }
        if !self.consented.load(Ordering::SeqCst) {
            return Err(SharingError::NoConsent);
        }
        locked(&self.purposes).push(purpose);
        let mut list = self.of(Place::Shared);
        list.reverse();
        Ok(list)
    }

    async fn fetch(&self, _: &InstitutionNumber, receipt: &str) -> Result<Vec<u8>, SharingError> {
        self.up()?;
        if locked(&self.stuck).iter().any(|stuck| stuck == receipt) {
            return Err(Fault::Server { status: 500 }.into());
        }
        locked(&self.fetched).push(receipt.to_owned());
        let all = locked(&self.all);
        all.iter().find(|one| one.listed.receipt == receipt).map(|one| one.bytes.clone()).ok_or(SharingError::NotFound)
    }

    async fn inbox(&self, _: &InstitutionNumber, after: i64) -> Result<Vec<ListedDocument>, SharingError> {
        self.up()?;
        let held = locked(&self.held).take();
        if let Some(held) = held {
            let list = self.of(Place::Mailbox).into_iter().filter(|listed| listed.sequence > after && listed.receipt != held);
            let list = list.collect();
            self.go_on.notified().await;
            return Ok(list);
        }
        Ok(self.of(Place::Mailbox).into_iter().filter(|listed| listed.sequence > after).take(100).collect())
    }

    async fn acknowledge(&self, _: &InstitutionNumber, receipt: &str) -> Result<(), SharingError> {
        self.up()?;
        if !locked(&self.all).iter().any(|one| one.listed.receipt == receipt) {
            return Err(SharingError::NotFound);
        }
        locked(&self.opened).push(receipt.to_owned());
        Ok(())
    }

    async fn progress(&self, _: &InstitutionNumber, _: &[String]) -> Result<Vec<LetterProgress>, SharingError> {
        unreachable!("nothing is sent here")
    }

    async fn set_consent(&self, _: &InstitutionNumber, _: &str, granted: bool) -> Result<(), SharingError> {
        self.up()?;
        self.consented.store(granted, Ordering::SeqCst);
        Ok(())
    }
}
