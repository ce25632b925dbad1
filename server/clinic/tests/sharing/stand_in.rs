//! The same against the stand-in, over HTTP in one process.

use crate::{House, act};
use chrono::Utc;
use clinic::policy::*;
use links::{HttpSharing, RecordSharing};
use model::share::*;
use platform::{FaultKind, Options, Order, Platform, Scope, router};
use std::{sync::Arc, time::Duration};

struct StandIn {
    platform: Arc<Platform>,
    sharing: Arc<dyn RecordSharing>,
    _dir: tempfile::TempDir,
}

async fn start() -> StandIn {
    let dir = tempfile::tempdir().expect("a directory");
    let clock = Arc::new(Utc::now);
    let platform = Arc::new(Platform::open(dir.path(), Options::default(), clock).expect("opens"));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = format!("http://{}", listener.local_addr().expect("an address"));
    let app = router(platform.clone());
    tokio::spawn(async move { axum::serve(listener, app).await });
    let sharing = HttpSharing::new(&address, Duration::from_secs(5)).expect("an address");
    StandIn { platform, sharing: Arc::new(sharing), _dir: dir }
}

impl StandIn {
    async fn all(&self, house: &House) {
        while clinic::outbox::once(&house.clinic, &self.sharing).await.expect("works") > 0 {}
    }

    /// What took effect: action and the last part of the identifier.
    fn journal(&self) -> Vec<String> {
        let done = self.platform.journal().expect("reads");
        done.iter().map(|done| format!("{} {}", done.action, done.identifier.rsplit('^').next().unwrap_or_default())).collect()
    }
}

#[tokio::test]
async fn a_whole_visit_a_withdrawal_and_faults() {
    let house = House::new().await;
    let there = start().await;
    crate::support::whole_visit(&house.clinic, &house.doctor, &house.desk, house.patient).await;
    // The first is done twice, the next is cut off after it was done.
    there.platform.order(Order { next: FaultKind::Duplicate, count: 1, on: Scope::Send, seconds: 0 });
    there.all(&house).await;
    there.platform.order(Order { next: FaultKind::Cut, count: 1, on: Scope::Send, seconds: 0 });
    for minute in 1..4 {
        house.clock.set(crate::later(minute * 60));
        there.all(&house).await;
    }
    let documents = house.shared().await;
    assert!(documents.iter().all(|d| matches!(d.state, ShareState::Sent { .. })), "{documents:?}");
    let journal = there.journal();
    assert_eq!(journal.len(), documents.len(), "each once: {journal:?}");

    let letter = house.document(ShareKind::Referral).await;
    act!(house.clinic, house.doctor, Share, sharing::resend, letter).expect("queues");
    let letter = house.document(ShareKind::Referral).await;
    there.platform.order(Order { next: FaultKind::Cut, count: 1, on: Scope::Send, seconds: 0 });
    for minute in 4..7 {
        house.clock.set(crate::later(minute * 60));
        there.all(&house).await;
    }
    let news = &there.journal()[documents.len()..];
    assert!(news.len() == 2 && news[0].starts_with("cancel ") && news[1].starts_with("register "), "{news:?}");
    act!(house.clinic, house.doctor, Share, sharing::withdraw, letter).expect("takes back");
    there.all(&house).await;
    assert!(matches!(house.state(ShareKind::Referral).await, ShareState::Cancelled { receipt } if !receipt.is_empty()));
    assert!(there.journal().last().is_some_and(|last| last.starts_with("cancel ")));
}

#[tokio::test]
async fn what_the_stand_in_decides_later_is_asked_for() {
    let house = House::new().await;
    let there = start().await;
    house.diagnose("高血圧症").await;
    house.allergic_to("くるみ").await;
    house.clock.set(crate::later(200));
    there.platform.order(Order { next: FaultKind::Delayed, count: 1, on: Scope::Send, seconds: 1 });
    there.all(&house).await;
    let ShareState::Checking { receipt } = house.state(ShareKind::Allergies).await else { panic!("in question") };
    assert!(matches!(house.state(ShareKind::Diagnoses).await, ShareState::Waiting { attempts: 0, .. }), "stays behind");
    tokio::time::sleep(Duration::from_millis(1500)).await;
    house.clock.set(crate::later(210));
    there.all(&house).await;
    assert_eq!(house.state(ShareKind::Allergies).await, ShareState::Sent { receipt });
    assert!(matches!(house.state(ShareKind::Diagnoses).await, ShareState::Sent { .. }));
    assert_eq!(there.journal().len(), 2);
}

#[tokio::test]
async fn the_worker_hears_of_what_is_put_in() {
    let house = House::new().await;
    let clinic = house.clinic.clone().with_sharing(house.platform.clone());
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let worker = tokio::spawn(clinic::outbox::run(clinic, async move {
        let _ = stopped.await;
    }));
    // By then it has found nothing and would look again in five seconds.
    tokio::time::sleep(Duration::from_millis(2000)).await;
    let visit = house.check_in().await;
    house.diagnose("高血圧症").await;
    let before = std::time::Instant::now();
    house.confirm(visit).await;
    while house.platform.calls().is_empty() && before.elapsed() < Duration::from_secs(4) {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(house.platform.calls().len(), 1);
    assert!(before.elapsed() < Duration::from_millis(1500), "{:?}", before.elapsed());
    stop.send(()).expect("runs");
    worker.await.expect("ends in order");
}
