//! What leaves the house: in order, again after a fault, and never a newer document before an older one has been answered.

use async_trait::async_trait;
use chrono::Duration;
use clinic::{
    Clinic, outbox,
    policy::*,
    testing::{clinic, found, friday},
};
use links::{Credentials, Fault, ListedDocument, Receipt, RecordSharing, SharingError};
use model::{ids::*, share::*, staff::*};
use serde_json::Value;
use std::sync::{
    Arc, Mutex,
    atomic::{AtomicBool, Ordering},
};
use tokio::sync::Semaphore;

mod support;
use support::{register, whole_visit};

/// A platform that answers when it is let, and remembers the keys it was sent.
struct Platform {
    /// One permit for each answer.
    answers: Semaphore,
    /// Whether an answer is a fault.
    faulty: AtomicBool,
    keys: Mutex<Vec<String>>,
}

impl Platform {
    fn new(answers: usize) -> Arc<Self> {
        Arc::new(Self { answers: Semaphore::new(answers), faulty: AtomicBool::new(false), keys: Mutex::new(Vec::new()) })
    }

    fn keys(&self) -> Vec<String> {
        self.keys.lock().expect("no holder panics").clone()
    }
}

#[async_trait]
impl RecordSharing for Platform {
    async fn register(&self, _: &Credentials, _: &Value, key: &str) -> Result<Receipt, SharingError> {
        self.keys.lock().expect("no holder panics").push(key.to_owned());
        self.answers.acquire().await.expect("open").forget();
        match self.faulty.load(Ordering::SeqCst) {
            true => Err(Fault::Timeout.into()),
            false => Ok(Receipt { receipt: format!("R-{key}"), replaced: false }),
        }
    }

    async fn cancel(&self, _: &Credentials, _: &str) -> Result<(), SharingError> {
        unreachable!("not asked")
    }

    async fn list(&self, _: &Credentials, _: &str) -> Result<Vec<ListedDocument>, SharingError> {
        unreachable!("not asked")
    }

    async fn fetch(&self, _: &Credentials, _: &str) -> Result<Value, SharingError> {
        unreachable!("not asked")
    }

    async fn set_consent(&self, _: &Credentials, _: &str, _: bool) -> Result<(), SharingError> {
        unreachable!("not asked")
    }
}

async fn once(clinic: &Clinic, platform: &Arc<Platform>) -> usize {
    let sharing: Arc<dyn RecordSharing> = platform.clone();
    outbox::once(clinic, &sharing).await.expect("works")
}

async fn shared(clinic: &Clinic, doctor: &Me, patient: PatientId) -> Vec<SharedDocument> {
    act!(clinic, doctor, ReadChart, sharing::shared, patient).expect("lists")
}

#[tokio::test]
async fn a_document_waits_out_a_fault_and_leaves_in_its_order() {
    let (clinic, clock) = clinic().await;
    let at = found(&clinic, "aoba").await;
    let (doctor, desk) = (at.one(Role::Doctor), at.one(Role::Reception));
    let patient = register(&clinic, &desk, "ヤマダ", "ハナコ").await;
    whole_visit(&clinic, &doctor, &desk, patient).await;
    let all = shared(&clinic, &doctor, patient).await.len();

    let platform = Platform::new(1000);
    platform.faulty.store(true, Ordering::SeqCst);
    assert_eq!(once(&clinic, &platform).await, 0);
    assert_eq!(once(&clinic, &platform).await, 0, "waits before it tries again");
    assert_eq!(platform.keys().len(), 1, "later documents of the patient stay behind the first");
    let first = shared(&clinic, &doctor, patient).await.pop().expect("the oldest");
    assert!(matches!(&first.state, ShareState::Waiting { attempts: 1, last_problem } if !last_problem.is_empty()), "{first:?}");

    platform.faulty.store(false, Ordering::SeqCst);
    clock.set(friday() + Duration::seconds(10));
    for _ in 0..all {
        assert_eq!(once(&clinic, &platform).await, 1, "one of a patient at a time");
    }
    let documents = shared(&clinic, &doctor, patient).await;
    assert!(documents.iter().all(|d| matches!(&d.state, ShareState::Sent { receipt } if receipt.starts_with("R-"))));
    let order: Vec<String> = documents.iter().rev().map(|d| d.id.to_string()).collect();
    assert_eq!(platform.keys()[1..], order);

    // Sent again, it stands in the chart once: as it is now.
    let again = documents[0].id;
    let listed = act!(clinic, doctor, Share, sharing::resend, again).expect("queues");
    assert_eq!(listed.len(), documents.len());
    assert!(matches!(listed[0].state, ShareState::Waiting { .. }) && listed[0].kind == documents[0].kind);
}

#[tokio::test]
async fn a_newer_document_stays_behind_one_that_is_in_a_senders_hand() {
    let (clinic, clock) = clinic().await;
    let at = found(&clinic, "aoba").await;
    let (doctor, desk) = (at.one(Role::Doctor), at.one(Role::Reception));
    let patient = register(&clinic, &desk, "ヤマダ", "ハナコ").await;
    whole_visit(&clinic, &doctor, &desk, patient).await;

    let platform = Platform::new(0);
    let sending = {
        let (clinic, platform) = (clinic.clone(), platform.clone());
        tokio::spawn(async move { once(&clinic, &platform).await })
    };
    while platform.keys().is_empty() {
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    // While the first is on its way, its chart changes: a newer version takes its place in the outbox.
    let on_its_way = shared(&clinic, &doctor, patient).await.pop().expect("the oldest");
    assert_eq!(platform.keys(), [on_its_way.id.to_string()]);
    act!(clinic, doctor, Share, sharing::resend, on_its_way.id).expect("queues the newer one");
    let other_server = Platform::new(1000);
    assert_eq!(once(&clinic, &other_server).await, 0, "nothing of the patient may leave yet");

    platform.answers.add_permits(1);
    assert_eq!(sending.await.expect("does not panic"), 1);
    assert_eq!(once(&clinic, &other_server).await, 1, "now the next may");

    // A sender that died lets go when its lease runs out.
    let dead = {
        let (clinic, platform) = (clinic.clone(), platform.clone());
        tokio::spawn(async move { once(&clinic, &platform).await })
    };
    while platform.keys().len() < 2 {
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    dead.abort();
    assert_eq!(once(&clinic, &other_server).await, 0);
    clock.set(friday() + Duration::minutes(2));
    assert_eq!(once(&clinic, &other_server).await, 1);
    assert_eq!(other_server.keys().last(), platform.keys().last(), "the same document, with the same key");
}
