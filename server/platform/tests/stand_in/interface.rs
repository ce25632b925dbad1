//! The interface of the stand-in, spoken by the adapter that the clinics use.

use crate::support::{A, B, MEMBER, Room, document};
use chrono::{DateTime, TimeZone, Utc};
use links::{Answer, Fault, HttpSharing, RecordSharing, SharingError, Target};
use model::{codes::InstitutionNumber, outside::Purpose, share::ShareKind};
use platform::{Done, FaultKind, Options, Order, Platform, Scope, control, router};
use serde_json::{Value, json};
use std::{path::Path, sync::Arc, time::Duration};

fn noon() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 7, 10, 3, 0, 0).single().expect("an instant")
}

/// A running stand-in over a directory, trusting the header.
async fn start(dir: &Path) -> (Arc<Platform>, HttpSharing) {
    let platform = Arc::new(Platform::open(dir, Options::default(), Arc::new(noon)).expect("a directory"));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = format!("http://{}", listener.local_addr().expect("an address"));
    let app = router(platform.clone());
    tokio::spawn(async move { axum::serve(listener, app).await });
    (platform, HttpSharing::new(&address, Duration::from_secs(3)).expect("an address"))
}

fn who(number: &str) -> InstitutionNumber {
    InstitutionNumber(number.into())
}

fn order(next: FaultKind, count: usize) -> Order {
    Order { next, count, on: Scope::Send, seconds: 1 }
}

fn target(suffix: &str) -> Target {
    Target { identifier: format!("{A}^2026^{suffix}"), member_id: MEMBER.into() }
}

/// Actions in the journal with the ends of their identifiers.
fn actions(platform: &Platform) -> Vec<(String, String)> {
    let end = |identifier: &str| identifier.rsplit('^').next().expect("there is always a last part").to_owned();
    platform.journal().expect("it can be read").into_iter().map(|done| (done.action, end(&done.identifier))).collect()
}

fn pairs(list: &[(&str, &str)]) -> Vec<(String, String)> {
    list.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect()
}

async fn body(sharing: &HttpSharing, number: &str, receipt: &str) -> Result<Value, SharingError> {
    Ok(serde_json::from_slice(&sharing.fetch(&who(number), receipt).await?).expect("JSON"))
}

#[tokio::test]
async fn takes_repeats_and_replaces() {
    let room = Room::new();
    let (_, sharing) = start(&room.0).await;
    let first = sharing.register(&who(A), &document(A, "x1", "さば"), "key-1").await.expect("taken");
    assert_eq!(first, Answer::Taken { receipt: "20260710-00000001".into() });
    let newer = sharing.register(&who(A), &document(A, "x1", "あじ"), "key-2").await.expect("taken");
    assert_ne!(newer.receipt(), first.receipt());
    let again = sharing.register(&who(A), &document(A, "x1", "さば"), "key-1").await.expect("known");
    assert_eq!(again, first, "the same key gives the same receipt, also when a newer one came since");
    let stored = body(&sharing, A, newer.receipt()).await.expect("its own");
    assert_eq!(stored["entry"][1]["resource"]["code"]["text"], "あじ");
    assert_eq!(body(&sharing, A, first.receipt()).await, Err(SharingError::NotFound), "the earlier one is gone");
    let other = sharing.register(&who(A), &document(A, "x2", "さば"), "key-1").await;
    let Err(SharingError::Refused { reasons }) = other else { panic!("a key is for one document: {other:?}") };
    assert_eq!(reasons[0].rule, "PF-KEY");
}

#[tokio::test]
async fn refuses_with_rule_and_field() {
    let room = Room::new();
    let (platform, sharing) = start(&room.0).await;
    let mut broken = document(A, "x1", "さば");
    broken["entry"][0]["resource"]["identifier"][0]["value"] = json!("6130488:a:b:c");
    let Err(SharingError::Refused { reasons }) = sharing.register(&who(A), &broken, "k").await else { panic!("refused") };
    assert_eq!(reasons[0].rule, "R1013");
    assert!(reasons[0].chart_field.contains("保険") && reasons[0].path.starts_with("Bundle.entry[0]"), "{reasons:?}");
    let Err(SharingError::Refused { reasons }) = sharing.register(&who(B), &document(A, "x1", "さば"), "k").await else {
        panic!("another institution's document is refused")
    };
    assert_eq!(reasons[0].rule, "PF-SENDER");
    let Err(SharingError::Refused { reasons }) = sharing.register(&who(A), &json!({ "resourceType": "Patient" }), "k").await
    else {
        panic!("no bundle")
    };
    assert_eq!(reasons[0].rule, "PF-PROFILE");
    let mut heavy = document(A, "x1", "さば");
    heavy["entry"][1]["resource"]["note"] = json!([{ "text": "あ".repeat(4_000_000) }]);
    assert_eq!(sharing.register(&who(A), &heavy, "k").await, Err(SharingError::TooLarge));
    assert_eq!(actions(&platform), [], "nothing was kept");
    sharing.register(&who(A), &document(A, "x1", "さば"), "k").await.expect("a key that was refused may be used again");
}

#[tokio::test]
async fn others_read_with_consent_only() {
    let room = Room::new();
    let (platform, sharing) = start(&room.0).await;
    let reader = who(B);
    let list = || sharing.list(&reader, MEMBER, Purpose::Treatment);
    let receipt = sharing.register(&who(A), &document(A, "x1", "さば"), "k1").await.expect("taken").receipt().to_owned();
    sharing.register(&who(B), &document(B, "y1", "えび"), "k2").await.expect("taken");
    assert_eq!(list().await, Err(SharingError::NoConsent));
    assert_eq!(sharing.fetch(&who(B), &receipt).await, Err(SharingError::NoConsent));
    sharing.set_consent(&who(B), MEMBER, true).await.expect("recorded");
    let listed = list().await.expect("with consent");
    assert_eq!(listed.len(), 1, "its own is left out: {listed:?}");
    assert_eq!((listed[0].institution.as_str(), listed[0].kind), (A, Some(ShareKind::Allergies)));
    assert_eq!(listed[0].identifier, format!("{A}^2026^x1"));
    let read = fhir::read::document(&body(&sharing, B, &receipt).await.expect("with consent")).expect("a bundle");
    assert_eq!(read.lines, ["食品: さば"]);
    sharing.set_consent(&who(B), MEMBER, false).await.expect("taken back");
    assert_eq!(list().await, Err(SharingError::NoConsent));
    assert!(matches!(sharing.set_consent(&who(B), "nonsense", true).await, Err(SharingError::Refused { .. })));
    assert_eq!(
        sharing
            .list(&who("12"), MEMBER, Purpose::Treatment)
            .await
            .expect_err("no such number")
            .to_string()
            .chars()
            .take(3)
            .collect::<String>(),
        "証明書"
    );
    let kept = std::fs::read_to_string(room.0.join("journal.jsonl")).expect("it is there");
    assert!(kept.contains(r#""action":"read""#) && kept.contains(r#""purpose":"treatment""#), "{kept}");
    drop(platform);
}

#[tokio::test]
async fn only_the_owner_cancels() {
    let room = Room::new();
    let (platform, sharing) = start(&room.0).await;
    let receipt = sharing.register(&who(A), &document(A, "x1", "さば"), "k").await.expect("taken").receipt().to_owned();
    assert_eq!(sharing.cancel(&who(B), &target("x1"), "c").await, Err(SharingError::NotFound));
    let stranger = Target { member_id: "06130488::9:".into(), ..target("x1") };
    assert_eq!(sharing.cancel(&who(A), &stranger, "c").await, Err(SharingError::NotFound));
    let cancelled = sharing.cancel(&who(A), &target("x1"), "c").await.expect("cancelled");
    assert_eq!(sharing.cancel(&who(A), &target("x1"), "c").await, Ok(cancelled), "the same key gives the same receipt");
    assert_eq!(sharing.cancel(&who(A), &target("x1"), "c2").await, Err(SharingError::NotFound));
    assert_eq!(sharing.fetch(&who(A), &receipt).await, Err(SharingError::NotFound));
    // A late repeat of the registration does not bring it back.
    let repeat = sharing.register(&who(A), &document(A, "x1", "さば"), "k").await.expect("known");
    assert_eq!(repeat.receipt(), receipt);
    assert_eq!(actions(&platform), pairs(&[("register", "x1"), ("cancel", "x1")]));
}

#[tokio::test]
async fn everything_is_there_after_a_sudden_end() {
    let room = Room::new();
    let (receipt, cancelled) = {
        let (_, sharing) = start(&room.0).await;
        sharing.set_consent(&who(B), MEMBER, true).await.expect("recorded");
        let receipt = sharing.register(&who(A), &document(A, "x1", "さば"), "k1").await.expect("taken");
        sharing.register(&who(A), &document(A, "x2", "さば"), "k2").await.expect("taken");
        (receipt, sharing.cancel(&who(A), &target("x2"), "c2").await.expect("cancelled"))
    };
    // A document whose line was never written, and a line that was cut short.
    let torn = room.0.join("bodies/20260710-00000009.json");
    std::fs::write(&torn, "{\"half\":").expect("own directory");
    let path = room.0.join("journal.jsonl");
    let mut journal = std::fs::read_to_string(&path).expect("it is there");
    journal.push_str(r#"{"sequence":9,"at":"2026-07"#);
    std::fs::write(&path, journal).expect("own directory");

    let (platform, sharing) = start(&room.0).await;
    assert!(!torn.exists());
    let listed = sharing.list(&who(B), MEMBER, Purpose::Emergency).await.expect("with consent");
    assert_eq!(listed.iter().map(|d| d.receipt.as_str()).collect::<Vec<_>>(), [receipt.receipt()]);
    // Repeats of what was done before the end: the same receipts, nothing twice.
    assert_eq!(sharing.register(&who(A), &document(A, "x1", "さば"), "k1").await, Ok(receipt));
    assert_eq!(sharing.cancel(&who(A), &target("x2"), "c2").await, Ok(cancelled));
    sharing.register(&who(A), &document(A, "x3", "さば"), "k3").await.expect("taken");
    assert_eq!(actions(&platform), pairs(&[("register", "x1"), ("register", "x2"), ("cancel", "x2"), ("register", "x3")]));
    let done = platform.journal().expect("it can be read");
    assert!(done.windows(2).all(|two| two[0].sequence < two[1].sequence), "{done:?}");
}

#[tokio::test]
async fn faults_are_told_apart_and_a_repeat_does_not_double() {
    let room = Room::new();
    let (platform, sharing) = start(&room.0).await;
    let (sender, document) = (who(A), document(A, "x1", "さば"));
    let register = || sharing.register(&sender, &document, "key-1");
    platform.order(order(FaultKind::ServerError, 1));
    // Reading is not what was ordered to go wrong.
    assert_eq!(sharing.inbox(&who(A), 0).await, Ok(vec![]));
    assert_eq!(register().await, Err(SharingError::Fault(Fault::Server { status: 500 })));
    platform.order(order(FaultKind::Timeout, 1));
    assert_eq!(register().await, Err(SharingError::Fault(Fault::Timeout)));
    platform.order(order(FaultKind::Cut, 1));
    assert_eq!(register().await, Err(SharingError::Fault(Fault::Garbled)));
    // The cut one had arrived: the repeat gets its receipt, number one.
    assert_eq!(register().await.expect("taken").receipt(), "20260710-00000001");
    assert_eq!(actions(&platform), pairs(&[("register", "x1")]));
}

#[tokio::test]
async fn a_request_that_arrives_twice_is_done_once() {
    let room = Room::new();
    let (platform, sharing) = start(&room.0).await;
    platform.order(order(FaultKind::Duplicate, 20));
    for n in 0..20 {
        sharing.register(&who(A), &document(A, &format!("x{n}"), "さば"), &format!("k{n}")).await.expect("taken");
    }
    assert_eq!(platform.journal().expect("it can be read").len(), 20);
}

#[tokio::test]
async fn a_request_held_back_is_handled_after_the_next() {
    let room = Room::new();
    let (platform, sharing) = start(&room.0).await;
    platform.order(Order { seconds: 30, ..order(FaultKind::Hold, 1) });
    let (a, first, second) = (who(A), document(A, "x1", "さば"), document(A, "x2", "さば"));
    let held = sharing.register(&a, &first, "k1");
    let next = async {
        tokio::time::sleep(Duration::from_millis(300)).await;
        sharing.register(&a, &second, "k2").await
    };
    let (held, next) = tokio::join!(held, next);
    assert!(held.is_ok() && next.is_ok());
    assert_eq!(actions(&platform), pairs(&[("register", "x2"), ("register", "x1")]));
}

#[tokio::test]
async fn a_delayed_decision_is_asked_for() {
    let room = Room::new();
    let now = Arc::new(std::sync::atomic::AtomicI64::new(0));
    let clock = {
        let now = now.clone();
        Arc::new(move || noon() + chrono::TimeDelta::seconds(now.load(std::sync::atomic::Ordering::Relaxed)))
    };
    let platform = Arc::new(Platform::open(&room.0, Options::default(), clock).expect("a directory"));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = format!("http://{}", listener.local_addr().expect("an address"));
    let app = router(platform.clone());
    tokio::spawn(async move { axum::serve(listener, app).await });
    let sharing = HttpSharing::new(&address, Duration::from_secs(3)).expect("an address");

    platform.order(Order { seconds: 60, ..order(FaultKind::Delayed, 4) });
    let mut broken = document(A, "x2", "さば");
    broken["entry"][0]["resource"]["identifier"][0]["value"] = json!("6130488:a:b:c");
    let good = sharing.register(&who(A), &document(A, "x1", "さば"), "k1").await.expect("taken in");
    let bad = sharing.register(&who(A), &broken, "k2").await.expect("taken in");
    assert!(matches!((&good, &bad), (Answer::Checking { .. }, Answer::Checking { .. })));
    assert_eq!(sharing.result(&who(A), good.receipt()).await, Ok(good.clone()), "not yet");
    assert_eq!(sharing.register(&who(A), &document(A, "x1", "さば"), "k1").await, Ok(good.clone()), "a repeat");
    assert_eq!(sharing.result(&who(B), good.receipt()).await, Err(SharingError::NotFound), "others' receipts");
    assert_eq!(sharing.fetch(&who(A), good.receipt()).await, Err(SharingError::NotFound), "it does not stand yet");
    let none = sharing.cancel(&who(A), &target("x9"), "c9").await.expect("taken in");

    now.store(61, std::sync::atomic::Ordering::Relaxed);
    let taken = Answer::Taken { receipt: good.receipt().into() };
    assert_eq!(sharing.result(&who(A), good.receipt()).await, Ok(taken.clone()));
    assert_eq!(sharing.register(&who(A), &document(A, "x1", "さば"), "k1").await, Ok(taken));
    let Err(SharingError::Refused { reasons }) = sharing.result(&who(A), bad.receipt()).await else { panic!("refused") };
    assert_eq!(reasons[0].rule, "R1013");
    assert_eq!(sharing.result(&who(A), none.receipt()).await, Err(SharingError::NotFound));
    sharing.fetch(&who(A), good.receipt()).await.expect("it stands");
    assert_eq!(actions(&platform), pairs(&[("register", "x1")]));
}

#[tokio::test]
async fn a_wrong_clock_is_told_and_nothing_is_done() {
    let room = Room::new();
    let (platform, sharing) = start(&room.0).await;
    let sender = who(A);
    let document = document(A, "x1", "さば");
    let register = || sharing.register(&sender, &document, "k");
    platform.set_clock_offset(3600);
    let Err(SharingError::Fault(Fault::Clock { seconds })) = register().await else { panic!("the clock is off") };
    assert!((-3602..=-3598).contains(&seconds), "we are an hour behind: {seconds}");
    platform.set_clock_offset(0);
    platform.order(order(FaultKind::Clock, 1));
    assert!(matches!(register().await, Err(SharingError::Fault(Fault::Clock { .. }))));
    assert_eq!(actions(&platform), []);
    register().await.expect("the clock is right again");
}

#[tokio::test]
async fn people_and_tests_use_the_second_listener() {
    links::tls::install_ring();
    let room = Room::new();
    let (platform, sharing) = start(&room.0).await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = format!("http://{}", listener.local_addr().expect("an address"));
    tokio::spawn(async move { axum::serve(listener, control(platform)).await });
    let get = async |path: &str| reqwest::get(format!("{address}{path}")).await.expect("an answer").text().await.expect("text");
    let post = async |path: &str, body: Value| {
        let request = reqwest::Client::new().post(format!("{address}{path}")).json(&body);
        request.send().await.expect("an answer").status().as_u16()
    };
    assert!(get("/").await.contains("まだ文書はありません"));
    assert_eq!(get("/healthz").await, "ok");
    assert_eq!(post("/v1/faults", json!({ "next": "500", "count": 1 })).await, 204);
    assert_eq!(post("/v1/faults", json!({ "next": "nonsense", "count": 1 })).await, 422);
    let sent = sharing.register(&who(A), &document(A, "x1", "さば"), "k").await;
    assert_eq!(sent, Err(SharingError::Fault(Fault::Server { status: 500 })));
    let receipt = sharing.register(&who(A), &document(A, "x1", "さば"), "k").await.expect("taken").receipt().to_owned();
    assert_eq!(post("/v1/clock", json!({ "offset_seconds": 4000 })).await, 204);
    assert!(matches!(
        sharing.register(&who(A), &document(A, "x2", "さば"), "k2").await,
        Err(SharingError::Fault(Fault::Clock { .. }))
    ));
    let journal: Vec<Done> = serde_json::from_str(&get("/v1/journal").await).expect("a list");
    let [done] = &journal[..] else { panic!("one: {journal:?}") };
    assert_eq!((done.action.as_str(), done.key.as_str(), &done.receipt), ("register", "k", &receipt));
    assert_eq!((done.institution.as_str(), done.member_id.as_str()), (A, MEMBER));
    let page = get("/").await;
    assert!(page.contains(A) && page.contains("アレルギー 1") && !page.contains("山田"), "{page}");
}
