//! What leaves the house: in order, again after a fault, and never a newer document before an older one has been answered.

use chrono::Duration;
use clinic::{
    Clinic,
    policy::*,
    testing::{clinic, found, friday},
};
use links::{Fault, Reason};
use model::{ids::*, share::*, staff::*};

#[expect(dead_code, reason = "the other tests of sharing use the rest of it")]
mod scripted;
mod support;
use scripted::{Next, Scripted, all, once};
use support::{register, whole_visit};

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

    let platform = Scripted::new();
    platform.then([Next::Fault(Fault::Timeout)]);
    assert_eq!(once(&clinic, &platform).await, 0);
    assert_eq!(once(&clinic, &platform).await, 0, "waits before it tries again");
    assert_eq!(platform.keys().len(), 1, "later documents of the patient stay behind the first");
    let first = shared(&clinic, &doctor, patient).await.pop().expect("the oldest");
    let ShareState::Waiting { attempts: 1, problem: Some(problem), next } = &first.state else { panic!("{first:?}") };
    assert_eq!(problem.kind, ProblemKind::Network);
    assert!(*next > friday());

    // Pressing 再送 tries the same document with the same key at once.
    act!(clinic, doctor, Share, sharing::resend, first.id).expect("tries again");
    for _ in 0..all {
        assert_eq!(once(&clinic, &platform).await, 1, "one of a patient at a time");
    }
    let documents = shared(&clinic, &doctor, patient).await;
    assert!(documents.iter().all(|d| matches!(&d.state, ShareState::Sent { receipt } if receipt.starts_with("R-"))));
    let order: Vec<String> = documents.iter().rev().map(|d| d.id.to_string()).collect();
    assert_eq!(platform.keys()[0], platform.keys()[1]);
    assert_eq!(platform.keys()[1..], order);

    // Sent again, it stands in the chart once: as it is now.
    clock.set(friday() + Duration::seconds(10));
    let again = documents[0].id;
    let listed = act!(clinic, doctor, Share, sharing::resend, again).expect("queues");
    assert_eq!(listed.len(), documents.len());
    assert!(matches!(listed[0].state, ShareState::Waiting { .. }) && listed[0].kind == documents[0].kind);
}

#[tokio::test]
async fn kinds_of_faults_are_told_apart_and_the_wait_grows() {
    let (clinic, clock) = clinic().await;
    let at = found(&clinic, "aoba").await;
    let (doctor, desk) = (at.one(Role::Doctor), at.one(Role::Reception));
    let patient = register(&clinic, &desk, "ヤマダ", "ハナコ").await;
    whole_visit(&clinic, &doctor, &desk, patient).await;
    let platform = Scripted::new();
    let faults = [
        (Fault::Unreachable, ProblemKind::Network),
        (Fault::Clock { seconds: 400 }, ProblemKind::Clock),
        (Fault::Certificate { why: "期限が切れています。".into() }, ProblemKind::Certificate),
        (Fault::Server { status: 500 }, ProblemKind::Platform),
    ];
    let mut now = friday();
    let mut waits = Vec::new();
    for (fault, expected) in faults {
        platform.then([Next::Fault(fault)]);
        clock.set(now);
        assert_eq!(once(&clinic, &platform).await, 0);
        let first = shared(&clinic, &doctor, patient).await.pop().expect("the oldest");
        let ShareState::Waiting { problem: Some(problem), next, .. } = first.state else { panic!("{first:?}") };
        assert_eq!(problem.kind, expected);
        waits.push(next - now);
        now = next;
    }
    assert!(waits.windows(2).all(|pair| pair[0] < pair[1]), "{waits:?}");
    clock.set(now);
    assert_eq!(all(&clinic, &platform).await, shared(&clinic, &doctor, patient).await.len());
}

#[tokio::test]
async fn a_newer_document_stays_behind_one_that_is_in_a_senders_hand() {
    let (clinic, clock) = clinic().await;
    let at = found(&clinic, "aoba").await;
    let (doctor, desk) = (at.one(Role::Doctor), at.one(Role::Reception));
    let patient = register(&clinic, &desk, "ヤマダ", "ハナコ").await;
    whole_visit(&clinic, &doctor, &desk, patient).await;

    let platform = Scripted::with_answers(0);
    let sending = {
        let (clinic, platform) = (clinic.clone(), platform.clone());
        tokio::spawn(async move { once(&clinic, &platform).await })
    };
    while platform.keys().is_empty() {
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    // While the first is on its way it is taken back: a cancellation takes its place in the outbox.
    let on_its_way = shared(&clinic, &doctor, patient).await.pop().expect("the oldest");
    assert_eq!(platform.keys(), [on_its_way.id.to_string()]);
    act!(clinic, doctor, Share, sharing::withdraw, on_its_way.id).expect("takes back");
    clock.set(friday() + Duration::seconds(50));
    let other_server = Scripted::new();
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
    clock.set(friday() + Duration::seconds(50 + 61));
    assert_eq!(once(&clinic, &other_server).await, 1);
    assert_eq!(other_server.keys().last(), platform.keys().last(), "the same document, with the same key");
}

#[tokio::test]
async fn what_left_and_was_not_answered_is_repeated_before_the_next_may_leave() {
    let (clinic, clock) = clinic().await;
    let at = found(&clinic, "aoba").await;
    let (doctor, desk) = (at.one(Role::Doctor), at.one(Role::Reception));
    let patient = register(&clinic, &desk, "ヤマダ", "ハナコ").await;
    whole_visit(&clinic, &doctor, &desk, patient).await;
    let platform = Scripted::with_answers(0);
    platform.then([Next::Fault(Fault::Timeout), Next::Fault(Fault::Unreachable)]);
    let sending = {
        let (clinic, platform) = (clinic.clone(), platform.clone());
        tokio::spawn(async move { once(&clinic, &platform).await })
    };
    while platform.keys().is_empty() {
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    let first = shared(&clinic, &doctor, patient).await.pop().expect("the oldest");
    // Somebody puts a newer one in while the first is on its way: it is taken back.
    act!(clinic, doctor, Share, sharing::withdraw, first.id).expect("takes back");
    platform.answers.add_permits(100);
    assert_eq!(sending.await.expect("does not panic"), 0, "nobody knows whether it arrived");
    let mut now = friday();
    for _ in 0..40 {
        now += Duration::minutes(1);
        clock.set(now);
        all(&clinic, &platform).await;
    }
    let calls = platform.calls();
    let of_first: Vec<String> = calls.iter().filter(|call| call.short().ends_with("-A")).map(scripted::Call::short).collect();
    let word = |action: &str| format!("{action} {}-A", patient.0.simple());
    assert_eq!(of_first, [word("register"), word("register"), word("register"), word("cancel")]);
    let keys = platform.keys();
    assert!(keys[..3].iter().all(|key| *key == first.id.to_string()), "the same key until it is answered: {keys:?}");
    assert!(platform.held().keys().all(|identifier| !identifier.ends_with("-A")));
}

#[tokio::test]
async fn what_is_in_question_keeps_the_next_waiting_until_it_is_decided() {
    let (clinic, clock) = clinic().await;
    let at = found(&clinic, "aoba").await;
    let (doctor, desk) = (at.one(Role::Doctor), at.one(Role::Reception));
    let patient = register(&clinic, &desk, "ヤマダ", "ハナコ").await;
    whole_visit(&clinic, &doctor, &desk, patient).await;
    let documents = shared(&clinic, &doctor, patient).await.len();

    let platform = Scripted::new();
    platform.then([Next::Check, Next::Check, Next::Fault(Fault::Timeout), Next::Take]);
    let first = shared(&clinic, &doctor, patient).await.pop().expect("the oldest");
    let mut now = friday();
    for round in 0..3 {
        assert_eq!(all(&clinic, &platform).await, 0);
        assert_eq!(platform.calls().len(), round + 1, "nothing overtakes");
        let standing = shared(&clinic, &doctor, patient).await.pop().expect("the oldest");
        assert_eq!(standing.state, ShareState::Checking { receipt: format!("R-{}", first.id) });
        now += Duration::minutes(2);
        clock.set(now);
    }
    assert_eq!(all(&clinic, &platform).await, documents);
    let calls = platform.take_calls();
    let asked: Vec<bool> = calls.iter().map(|call| call.starts_with("result ")).collect();
    assert_eq!(asked[..5], [false, true, true, true, false], "{calls:?}");

    // What the platform refuses in the end is to be mended, and what it forgot is sent again with the same key.
    let listed = shared(&clinic, &doctor, patient).await;
    act!(clinic, doctor, Share, sharing::resend, first.id).expect("queues anew");
    let reason = Reason {
        rule: "PF-1".into(),
        path: "Bundle.entry[0].resource.address".into(),
        message: "住所がありません。".into(),
        chart_field: "患者登録: 住所・郵便番号".into(),
    };
    platform.then([Next::Check, Next::NotFound, Next::Check, Next::Refuse(vec![reason])]);
    for _ in 0..4 {
        now += Duration::minutes(2);
        clock.set(now);
        all(&clinic, &platform).await;
    }
    let keys = platform.keys();
    assert_eq!(keys.len(), 4, "{keys:?}");
    assert_eq!(keys[0], keys[2]);
    let refused = shared(&clinic, &doctor, patient).await;
    assert_eq!(refused.len(), listed.len());
    let ShareState::Refused { reasons } = &refused[0].state else { panic!("{refused:?}") };
    assert_eq!((reasons[0].rule.as_str(), reasons[0].place), ("PF-1", Some(Place::Registration)));
}
