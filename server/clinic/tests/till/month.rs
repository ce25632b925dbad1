//! A patient's month: what was charged beside what it comes to now, and the settling of the difference.

use crate::{
    act,
    support::{self, code_of},
};
use chrono::{Duration, NaiveDate};
use clinic::{
    Clinic,
    policy::*,
    testing::{Founded, clinic, found, friday},
};
use model::{
    AppError, chart::*, fee::*, ids::*, insurance::InsuranceForm, master::MasterKind, money::*, month::*, patient::Registration,
    staff::*, visit::*,
};

fn day(month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, month, day).expect("a day")
}

/// Somebody without a card.
async fn uninsured(clinic: &Clinic, at: &Founded) -> PatientId {
    let mut form = support::form("ヤマダ", "ハナコ");
    (form.insurance, form.subsidy) = Default::default();
    match act!(clinic, at.one(Role::Reception), RegisterPatient, patients::register, form, true).expect("registers") {
        Registration::Registered { patient, .. } => patient,
        other => panic!("{other:?}"),
    }
}

fn card() -> InsuranceForm {
    support::form("ヤ", "ハ").insurance
}

/// A visit with one blood test, paid.
async fn paid(clinic: &Clinic, at: &Founded, patient: PatientId) -> VisitId {
    let (doctor, desk) = (at.one(Role::Doctor), at.one(Role::Reception));
    let visit = act!(clinic, desk, CheckIn, reception::check_in, patient, "".into()).expect("checks in").id;
    let code = code_of(clinic, MasterKind::Procedure, "ＣＲＰ");
    act!(clinic, doctor, Order, orders::put_procedure, visit, None, code, "1".into()).expect("orders");
    let soap = Soap { subjective: "経過良好。".into(), ..Soap::default() };
    act!(clinic, doctor, ConfirmNote, notes::confirm, visit, soap, 0).expect("confirms");
    let version = act!(clinic, desk, ReadBill, billing::bill, visit).expect("bills").visit.version;
    act!(clinic, desk, TakePayment, billing::take_payment, visit, 99_999, version).expect("pays");
    visit
}

async fn july(clinic: &Clinic, at: &Founded, patient: PatientId) -> PatientMonth {
    act!(clinic, at.one(Role::Reception), ReadBill, billing::patient_month, patient, day(7, 31)).expect("reads")
}

async fn settle(clinic: &Clinic, at: &Founded, visit: &MonthVisit, due: Yen) -> Result<PatientMonth, AppError> {
    act!(clinic, at.one(Role::Reception), TakePayment, billing::settle_difference, visit.id, due, visit.version)
}

#[tokio::test]
async fn a_card_shown_later_makes_a_difference_that_is_settled_once() {
    let (clinic, clock) = clinic().await;
    let at = found(&clinic, "aoba").await;
    let desk = at.one(Role::Reception);
    let patient = uninsured(&clinic, &at).await;
    let visit = paid(&clinic, &at, patient).await;
    let month = july(&clinic, &at, patient).await;
    assert_eq!((month.month, month.visits.len(), month.difference()), (day(7, 1), 1, Yen(0)));
    assert_eq!(month.visits[0].changes, vec![]);
    assert_eq!(month.points(), month.visits[0].charged.as_ref().expect("was paid").points);

    clock.set(friday() + Duration::days(3));
    act!(clinic, desk, RegisterPatient, patients::add_insurance, patient, card()).expect("adds");
    let month = july(&clinic, &at, patient).await;
    let shown = &month.visits[0];
    let (now, charged) = (shown.now.clone().expect("calculates"), shown.charged.clone().expect("was paid"));
    assert_eq!((now.points, charged.number), (charged.points, 1));
    assert!(now.due() < charged.due && month.difference() == now.due() - charged.due, "{month:#?}");
    let stands = act!(clinic, desk, ReadBill, billing::bill, visit).expect("bills");
    assert_eq!(stands.receipt.as_ref().map(|receipt| receipt.due), Some(charged.due), "until it is settled the receipt stands");

    // Nothing is settled by who saw another sum or another version.
    let moved = settle(&clinic, &at, shown, now.due() - Yen(10)).await;
    assert!(matches!(&moved, Err(AppError::Conflict { message }) if message.contains(&now.due().to_string())), "{moved:?}");
    let stale = MonthVisit { version: shown.version - 1, ..shown.clone() };
    let stale = settle(&clinic, &at, &stale, now.due()).await;
    assert!(matches!(stale, Err(AppError::Stale { .. })), "{stale:?}");

    let settled = settle(&clinic, &at, shown, now.due()).await.expect("settles");
    assert_eq!(settled.difference(), Yen(0));
    let after = &settled.visits[0];
    assert_eq!(after.charged.as_ref().map(|charged| (charged.number, charged.due)), Some((2, now.due())));
    assert_eq!((after.state, after.version), (VisitState::Done, shown.version + 1));
    let bill = act!(clinic, desk, ReadBill, billing::bill, visit).expect("bills");
    assert_eq!(bill.statement, now, "the new receipt holds what it was written for");
    let receipt = bill.receipt.expect("a receipt");
    assert_eq!((receipt.number, receipt.due, receipt.change), (2, now.due(), Yen(0)));
    assert_eq!(receipt.settles, Some(Settled { number: 1, due: charged.due }));
    assert_eq!((receipt.at, receipt.by.as_str()), (friday() + Duration::days(3), desk.staff.name.as_str()));

    // Again: nothing is left to settle, and no third receipt is written.
    let again = settle(&clinic, &at, shown, now.due()).await.expect("answers as before");
    assert_eq!(again, settled);
    let trail = act!(clinic, at.one(Role::Administrator), Administer, admin::audit_trail, None).expect("reads");
    let settlings: Vec<_> = trail.iter().filter(|row| row.action == "payment.settle").collect();
    assert_eq!(settlings.len(), 1);
    assert!(settlings[0].detail.starts_with("領収証 1 → 2 差額 -"), "{}", settlings[0].detail);

    // A settled payment can be undone like any other.
    let undone = act!(clinic, desk, TakePayment, billing::undo_payment, visit, after.version).expect("undoes");
    assert_eq!((undone.visit.state, undone.receipt), (VisitState::AwaitingPayment, None));
    let open = july(&clinic, &at, patient).await;
    assert_eq!((&open.visits[0].charged, open.difference()), (&None, Yen(0)));
    let refused = settle(&clinic, &at, &open.visits[0], now.due()).await;
    assert!(matches!(refused, Err(AppError::Conflict { .. })), "an unpaid visit is paid, not settled: {refused:?}");
}

#[tokio::test]
async fn each_day_looks_back_at_the_days_before_as_they_are_now() {
    let (clinic, clock) = clinic().await;
    let at = found(&clinic, "aoba").await;
    let desk = at.one(Role::Reception);
    let patient = uninsured(&clinic, &at).await;
    let first = paid(&clinic, &at, patient).await;
    clock.set(friday() + Duration::days(5));
    let second = paid(&clinic, &at, patient).await;
    let month = july(&clinic, &at, patient).await;
    let judgement = |visit: &MonthVisit| -> Option<FeeLine> {
        let now = visit.now.as_ref().expect("calculates");
        now.lines.iter().find(|line| line.name.contains("判断料")).cloned()
    };
    let line = judgement(&month.visits[0]).expect("once a month, on the first day");
    assert_eq!((judgement(&month.visits[1]), month.difference()), (None, Yen(0)));
    let item = month.items.iter().find(|item| item.code == line.code).expect("an item of the month");
    assert_eq!((item.days.as_slice(), item.count(), item.points), (&[(10, 1)][..], 1, line.points));
    let crp = code_of(&clinic, MasterKind::Procedure, "ＣＲＰ");
    let item = month.items.iter().find(|item| item.code == crp).expect("an item of the month");
    assert_eq!(item.days, [(10, 1), (15, 1)]);
    let sum: i64 = month.items.iter().map(|item| item.points.0 * item.count()).sum();
    assert_eq!(Points(sum), month.points());

    // The desk takes the fee off the first day: it now belongs to the second, which was paid without it.
    let version = month.visits[0].version;
    act!(clinic, desk, TakePayment, billing::undo_payment, first, version).expect("undoes");
    let off = OverrideForm { code: line.code.clone(), change: Change::Withhold, reason: "他院で算定済み".into() };
    act!(clinic, desk, OverrideFee, billing::put_override, first, off).expect("decides");
    let month = july(&clinic, &at, patient).await;
    assert_eq!(judgement(&month.visits[0]), None);
    let [change] = month.visits[1].changes.as_slice() else { panic!("{:?}", month.visits[1].changes) };
    assert_eq!((change.code.as_str(), change.count, change.points), (line.code.as_str(), (0, 1), (Points(0), line.total())));
    assert_eq!(month.difference(), line.total().yen(), "without insurance all of it");
    let due = month.visits[1].now.as_ref().expect("calculates").due();
    let settled = settle(&clinic, &at, &month.visits[1], due).await.expect("collects");
    assert_eq!((settled.difference(), settled.visits[1].id), (Yen(0), second));
}

#[tokio::test]
async fn undoing_a_payment_counts_what_was_registered_since() {
    let (clinic, _) = clinic().await;
    let at = found(&clinic, "aoba").await;
    let desk = at.one(Role::Reception);
    let patient = uninsured(&clinic, &at).await;
    let visit = paid(&clinic, &at, patient).await;
    act!(clinic, desk, RegisterPatient, patients::add_insurance, patient, card()).expect("adds");
    let version = july(&clinic, &at, patient).await.visits[0].version;
    let undone = act!(clinic, desk, TakePayment, billing::undo_payment, visit, version).expect("undoes");
    let board = act!(clinic, desk, ReadBoard, reception::board, None).expect("reads");
    assert_eq!(board.rows[0].payable, Some(undone.statement.due()));
}

#[tokio::test]
async fn of_two_clerks_who_settle_at_once_one_writes_a_receipt() {
    let (clinic, _) = clinic().await;
    let at = found(&clinic, "aoba").await;
    let desk = at.one(Role::Reception);
    let patient = uninsured(&clinic, &at).await;
    paid(&clinic, &at, patient).await;
    act!(clinic, desk, RegisterPatient, patients::add_insurance, patient, card()).expect("adds");
    let shown = july(&clinic, &at, patient).await.visits[0].clone();
    let due = shown.now.as_ref().expect("calculates").due();
    let both = [(); 4].map(|()| {
        let (clinic, at, shown) = (clinic.clone(), at.clone(), shown.clone());
        tokio::spawn(async move { settle(&clinic, &at, &shown, due).await })
    });
    for one in both {
        let settled = one.await.expect("no clerk panics").expect("settles, or finds it settled");
        let charged = settled.visits[0].charged.as_ref().expect("is paid");
        assert_eq!((charged.number, charged.due), (2, due));
    }
}

#[tokio::test]
async fn a_month_knows_its_neighbours_and_its_visits_in_every_state() {
    let (clinic, clock) = clinic().await;
    let at = found(&clinic, "aoba").await;
    let desk = at.one(Role::Reception);
    let patient = uninsured(&clinic, &at).await;
    for days in [-40, 0, 60] {
        clock.set(friday() + Duration::days(days));
        paid(&clinic, &at, patient).await;
    }
    clock.set(friday() + Duration::days(7));
    let gone = act!(clinic, desk, CheckIn, reception::check_in, patient, "".into()).expect("checks in");
    act!(clinic, desk, MoveVisit, reception::move_visit, gone.id, VisitState::Cancelled, gone.version).expect("cancels");
    clock.set(friday() + Duration::days(8));
    act!(clinic, desk, CheckIn, reception::check_in, patient, "".into()).expect("checks in");
    let month = july(&clinic, &at, patient).await;
    assert_eq!((month.earlier, month.later), (Some(day(5, 1)), Some(day(9, 1))));
    let states: Vec<_> = month.visits.iter().map(|visit| (visit.date, visit.state)).collect();
    assert_eq!(states, [(day(7, 10), VisitState::Done), (day(7, 18), VisitState::Received)]);
    let empty = act!(clinic, desk, ReadBill, billing::patient_month, patient, day(8, 1)).expect("reads");
    assert_eq!((empty.visits.len(), empty.earlier, empty.later), (0, Some(day(7, 1)), Some(day(9, 1))));
}
