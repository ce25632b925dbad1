//! Several people at one visit at the same moment: nobody's work is lost silently, and nothing happens twice.

use clinic::{
    policy::*,
    testing::{clinic, found},
};
use model::{AppError, chart::*, ids::*, master::MasterKind, orders::*, share::ShareState, staff::*, visit::*};

mod support;
use support::{code_of, register, whole_visit};

/// A prescription of one drug for some days.
fn rp(clinic: &clinic::Clinic, days: u16) -> RpForm {
    RpForm {
        route: "internal".into(),
        dispensing: "pharmacy".into(),
        usage_text: "1日3回 毎食後".into(),
        count: days.to_string(),
        items: vec![RpItemForm {
            code: code_of(clinic, MasterKind::Drug, "ロキソプロフェン"),
            amount: "3".into(),
            general_name: false,
        }],
        ..RpForm::default()
    }
}

#[tokio::test]
async fn an_order_that_somebody_changed_meanwhile_comes_back_with_both_texts() {
    let (clinic, _) = clinic().await;
    let at = found(&clinic, "aoba").await;
    let (doctor, desk) = (at.one(Role::Doctor), at.one(Role::Reception));
    let patient = register(&clinic, &desk, "ヤマダ", "ハナコ").await;
    let visit = act!(clinic, desk, CheckIn, reception::check_in, patient, "".into()).expect("checks in").id;

    let seen =
        act!(clinic, doctor, Order, orders::put_rp, visit, None, rp(&clinic, 7)).expect("prescribes").prescriptions.remove(0);
    let theirs = act!(clinic, doctor, Order, orders::put_rp, visit, Some((seen.id, seen.version)), rp(&clinic, 14))
        .expect("changes")
        .prescriptions
        .remove(0);
    assert_eq!((theirs.id, theirs.count, theirs.version), (seen.id, 14, seen.version + 1));
    let stale = act!(clinic, doctor, Order, orders::put_rp, visit, Some((seen.id, seen.version)), rp(&clinic, 3));
    let Err(AppError::Stale { yours, theirs: now, version, by, .. }) = stale else { panic!("{stale:?}") };
    assert!(yours.contains("3日分") && now.contains("14日分") && now.contains("毎食後"), "{yours} / {now}");
    assert_eq!((version, by), (theirs.version, doctor.staff.name.clone()));
    let blind = act!(clinic, doctor, Order, orders::remove_rp, visit, seen.id, seen.version);
    assert!(matches!(blind, Err(AppError::Stale { .. })), "{blind:?}");
    act!(clinic, doctor, Order, orders::remove_rp, visit, seen.id, version).expect("removes what was seen");
    let gone = act!(clinic, doctor, Order, orders::put_rp, visit, Some((seen.id, version)), rp(&clinic, 3));
    assert!(matches!(&gone, Err(AppError::Conflict { message }) if message.contains("削除")), "{gone:?}");

    let code = code_of(&clinic, MasterKind::Procedure, "ＣＲＰ");
    let seen = act!(clinic, doctor, Order, orders::put_procedure, visit, None, code.clone(), "1".into())
        .expect("orders")
        .procedures
        .remove(0);
    let known = Some((seen.id, seen.version));
    act!(clinic, doctor, Order, orders::put_procedure, visit, known, code.clone(), "2".into()).expect("changes");
    let stale = act!(clinic, doctor, Order, orders::put_procedure, visit, known, code, "3".into());
    assert!(matches!(&stale, Err(AppError::Stale { theirs, .. }) if theirs.contains(" 2")), "{stale:?}");
    let blind = act!(clinic, doctor, Order, orders::remove_procedure, visit, seen.id, seen.version);
    assert!(matches!(blind, Err(AppError::Stale { .. })), "{blind:?}");
}

#[tokio::test]
async fn no_order_slips_into_a_visit_that_is_being_confirmed() {
    let (clinic, _) = clinic().await;
    let at = found(&clinic, "aoba").await;
    let (doctor, desk) = (at.one(Role::Doctor), at.one(Role::Reception));
    let patient = register(&clinic, &desk, "ヤマダ", "ハナコ").await;
    let visit = act!(clinic, desk, CheckIn, reception::check_in, patient, "".into()).expect("checks in").id;
    let soap = Soap { subjective: "膝が痛い。".into(), ..Soap::default() };

    // The confirmation is done, but not yet committed, when the order comes.
    let mut confirming = clinic.enter_as::<ConfirmNote>(doctor.clone()).await.expect("may");
    let confirmed = clinic::notes::confirm(&mut confirming.tenant, &confirming.grant, visit, soap, 0).await;
    let ordering = {
        let (clinic, doctor) = (clinic.clone(), doctor.clone());
        tokio::spawn(async move { act!(clinic, doctor, Order, orders::put_rp, visit, None, rp(&clinic, 7)) })
    };
    tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    let page = confirming.finish(confirmed).await.expect("confirms");
    assert_eq!(page.visit.state, VisitState::AwaitingPayment);
    let late = ordering.await.expect("does not panic");
    assert!(matches!(late, Err(AppError::Conflict { .. })), "{late:?}");
}

#[tokio::test]
async fn what_is_pressed_twice_at_once_happens_once() {
    let (clinic, _) = clinic().await;
    let at = found(&clinic, "aoba").await;
    let (doctor, desk) = (at.one(Role::Doctor), at.one(Role::Reception));
    let patient = register(&clinic, &desk, "ヤマダ", "ハナコ").await;
    let visit = act!(clinic, desk, CheckIn, reception::check_in, patient, "".into()).expect("checks in").id;

    let begin = || {
        let (clinic, doctor) = (clinic.clone(), doctor.clone());
        tokio::spawn(async move { act!(clinic, doctor, WriteNote, notes::begin_visit, visit) })
    };
    for begun in [begin(), begin(), begin()] {
        assert_eq!(begun.await.expect("does not panic").expect("begins").visit.state, VisitState::InConsultation);
    }
    let soap = Soap { subjective: "膝が痛い。".into(), ..Soap::default() };
    let page = act!(clinic, doctor, ConfirmNote, notes::confirm, visit, soap, 0).expect("confirms");
    let pay = |visit: VisitId, version: i64| {
        let (clinic, desk) = (clinic.clone(), desk.clone());
        tokio::spawn(async move { act!(clinic, desk, TakePayment, billing::take_payment, visit, 10_000, version) })
    };
    let version = page.visit.version;
    for paid in [pay(visit, version), pay(visit, version), pay(visit, version)] {
        let bill = paid.await.expect("does not panic").expect("one bill");
        assert_eq!(bill.receipt.expect("is paid").number, 1);
    }
}

#[tokio::test]
async fn a_document_sent_again_by_two_people_waits_once() {
    let (clinic, _) = clinic().await;
    let at = found(&clinic, "aoba").await;
    let (doctor, desk) = (at.one(Role::Doctor), at.one(Role::Reception));
    let patient = register(&clinic, &desk, "ヤマダ", "ハナコ").await;
    whole_visit(&clinic, &doctor, &desk, patient).await;
    let before = act!(clinic, doctor, ReadChart, sharing::shared, patient).expect("lists");
    let resend = |id: ShareId| {
        let (clinic, doctor) = (clinic.clone(), doctor.clone());
        tokio::spawn(async move { act!(clinic, doctor, Share, sharing::resend, id) })
    };
    for sent in [0, 1, 2, 3, 4].map(|_| resend(before[0].id)) {
        sent.await.expect("does not panic").expect("queues");
    }
    let after = act!(clinic, doctor, ReadChart, sharing::shared, patient).expect("lists");
    let waiting =
        |all: &[model::share::SharedDocument]| all.iter().filter(|d| matches!(d.state, ShareState::Waiting { .. })).count();
    assert_eq!(waiting(&after), waiting(&before), "{after:#?}");
}
