//! What people decide against the calculation: kept with who and why, over recalculation and amendment, until it is withdrawn
//! or the visit is paid.

use crate::{
    act,
    support::{self, code_of, register, whole_visit},
};
use clinic::{
    Clinic,
    policy::*,
    testing::{Founded, clinic, found},
};
use model::{AppError, chart::*, fee::*, ids::*, insurance::InsuranceForm, master::MasterKind, money::*, staff::*, visit::*};

/// A visit with one blood test, seen by the doctor and not confirmed.
async fn seen(clinic: &Clinic, at: &Founded) -> (PatientId, VisitId) {
    let (doctor, desk) = (at.one(Role::Doctor), at.one(Role::Reception));
    let patient = register(clinic, &desk, "ヤマダ", "ハナコ").await;
    let visit = act!(clinic, desk, CheckIn, reception::check_in, patient, "".into()).expect("checks in").id;
    act!(clinic, doctor, WriteNote, notes::begin_visit, visit).expect("begins");
    let code = code_of(clinic, MasterKind::Procedure, "ＣＲＰ");
    act!(clinic, doctor, Order, orders::put_procedure, visit, None, code, "1".into()).expect("orders");
    (patient, visit)
}

async fn confirm(clinic: &Clinic, at: &Founded, visit: VisitId) {
    let soap = Soap { subjective: "経過良好。".into(), ..Soap::default() };
    act!(clinic, at.one(Role::Doctor), ConfirmNote, notes::confirm, visit, soap, 0).expect("confirms");
}

async fn statement(clinic: &Clinic, at: &Founded, visit: VisitId) -> Statement {
    act!(clinic, at.one(Role::Reception), ReadBill, billing::statement, visit).expect("calculates")
}

async fn payable(clinic: &Clinic, at: &Founded, visit: VisitId) -> Option<Yen> {
    let board = act!(clinic, at.one(Role::Reception), ReadBoard, reception::board, None).expect("reads");
    board.rows.iter().find(|row| row.visit.id == visit).expect("on the board").payable
}

fn form(code: &str, change: Change, reason: &str) -> OverrideForm {
    OverrideForm { code: code.into(), change, reason: reason.into() }
}

async fn put(clinic: &Clinic, who: &Me, visit: VisitId, form: OverrideForm) -> Result<Statement, AppError> {
    act!(clinic, who, OverrideFee, billing::put_override, visit, form)
}

/// The judgement fee that follows from the test.
fn judgement(statement: &Statement) -> FeeLine {
    statement.lines.iter().find(|line| line.name.contains("判断料")).expect("a judgement fee").clone()
}

#[tokio::test]
async fn a_decision_stands_over_recalculation_confirmation_and_amendment_until_it_is_withdrawn() {
    let (clinic, _) = clinic().await;
    let at = found(&clinic, "aoba").await;
    let (doctor, desk) = (at.one(Role::Doctor), at.one(Role::Reception));
    let (patient, visit) = seen(&clinic, &at).await;
    let by_rule = statement(&clinic, &at, visit).await;
    let line = judgement(&by_rule);

    let withheld = put(&clinic, &doctor, visit, form(&line.code, Change::Withhold, " 他院で算定済み ")).await.expect("decides");
    assert_eq!(withheld.points, by_rule.points - line.total());
    let omitted = withheld.omitted.iter().find(|omitted| omitted.code == line.code).expect("is said");
    assert!(omitted.reason.contains("他院で算定済み"), "{omitted:?}");
    let [made] = withheld.overrides.as_slice() else { panic!("{:?}", withheld.overrides) };
    assert_eq!((made.by.as_str(), made.reason.as_str()), (doctor.staff.name.as_str(), "他院で算定済み"));
    assert_eq!((made.code.as_str(), made.name.as_str(), made.change), (line.code.as_str(), line.name.as_str(), Change::Withhold));
    assert_eq!(made.at, clinic::testing::friday());

    // Orders change after the decision.
    let crp = code_of(&clinic, MasterKind::Procedure, "ＣＲＰ");
    let orders = act!(clinic, doctor, ReadChart, chart::open_chart, patient).expect("opens").today.expect("today").orders;
    let first = orders.procedures.first().expect("the test");
    act!(clinic, doctor, Order, orders::remove_procedure, visit, first.id, first.version).expect("removes");
    let gone = statement(&clinic, &at, visit).await;
    assert!(gone.hints.iter().any(|hint| hint.kind == HintKind::Check && hint.code == line.code), "{:?}", gone.hints);
    act!(clinic, doctor, Order, orders::put_procedure, visit, None, crp, "1".into()).expect("orders again");
    assert_eq!(statement(&clinic, &at, visit).await, withheld);

    // Confirmation, amendment and a new card do not take it away.
    confirm(&clinic, &at, visit).await;
    assert_eq!(payable(&clinic, &at, visit).await, Some(withheld.due()));
    let page = act!(clinic, doctor, ReadChart, chart::open_chart, patient).expect("opens").today.expect("today");
    let amended = Soap { plan: "再診。".into(), ..page.note.as_ref().expect("a note").soap.clone() };
    let version = page.note.expect("a note").version;
    act!(clinic, doctor, ConfirmNote, notes::amend, visit, amended, "追記".into(), version).expect("amends");
    let card = InsuranceForm { share: "10".into(), valid_from: "2026-07-01".into(), ..support::form("ヤ", "ハ").insurance };
    act!(clinic, desk, RegisterPatient, patients::add_insurance, patient, card).expect("adds a card");
    let now = statement(&clinic, &at, visit).await;
    assert_eq!((now.points, &now.overrides), (withheld.points, &withheld.overrides));
    assert_eq!(payable(&clinic, &at, visit).await, Some(now.due()));

    // Withdrawn by the desk, once and again.
    for _ in 0..2 {
        let back = act!(clinic, desk, OverrideFee, billing::remove_override, visit, made.id).expect("withdraws");
        assert_eq!((back.points, back.overrides), (by_rule.points, vec![]));
    }
    assert_eq!(payable(&clinic, &at, visit).await, Some(statement(&clinic, &at, visit).await.due()));
    let trail = act!(clinic, at.one(Role::Administrator), Administer, admin::audit_trail, None).expect("reads");
    let of = |action: &str| trail.iter().filter(|row| row.action == action).map(|row| row.detail.clone()).collect::<Vec<_>>();
    assert_eq!(of("fee.override"), ["算定しない"]);
    assert_eq!(of("fee.withdraw_override"), ["算定しない"]);
}

#[tokio::test]
async fn a_second_decision_takes_the_place_of_the_first_and_both_stay_on_record() {
    let (clinic, _) = clinic().await;
    let at = found(&clinic, "aoba").await;
    let desk = at.one(Role::Reception);
    let (_, visit) = seen(&clinic, &at).await;
    confirm(&clinic, &at, visit).await;
    let by_rule = statement(&clinic, &at, visit).await;
    let code = code_of(&clinic, MasterKind::Procedure, "ＣＲＰ");
    let crp = by_rule.lines.iter().find(|line| line.code == code).expect("the test").clone();

    put(&clinic, &desk, visit, form(&code, Change::Withhold, "実施せず")).await.expect("decides");
    let twice = form(&code, Change::Count { count: 2 }, "２回実施");
    let counted = put(&clinic, &desk, visit, twice.clone()).await.expect("decides again");
    assert_eq!(counted.points, by_rule.points + crp.points);
    let line = counted.lines.iter().find(|line| line.code == code).expect("the test");
    assert_eq!((line.count, line.by_hand, line.reason.as_str()), (2, true, "２回実施"));
    assert_eq!(counted.overrides.iter().map(|made| made.change).collect::<Vec<_>>(), [twice.change]);
    // The same again is no other decision.
    let again = put(&clinic, &desk, visit, twice).await.expect("answers as before");
    assert_eq!(again, counted);

    // An item that nobody ordered and no rule bills.
    let other = code_of(&clinic, MasterKind::Procedure, "尿一般");
    let added = put(&clinic, &desk, visit, form(&other, Change::Add { count: 1 }, "記載漏れ")).await.expect("adds");
    let line = added.lines.iter().find(|line| line.code == other).expect("is billed");
    assert!(line.by_hand && added.points == counted.points + line.total(), "{line:?}");
    assert_eq!(added.overrides.len(), 2);
    assert_eq!(payable(&clinic, &at, visit).await, Some(added.due()));

    let mut tx = clinic.pool().begin().await.expect("begins");
    sqlx::query("select set_config('app.clinic_id', $1, true)")
        .bind(desk.clinic.to_string())
        .execute(&mut *tx)
        .await
        .expect("sets");
    let rows: Vec<(String, String, bool)> =
        sqlx::query_as("select code, reason, withdrawn_at is null from fee_override order by withdrawn_at nulls last, code")
            .fetch_all(&mut *tx)
            .await
            .expect("reads");
    assert_eq!(rows.len(), 3);
    assert_eq!(rows[0], (code, "実施せず".into(), false));
    assert!(rows[1].2 && rows[2].2, "{rows:?}");
}

#[tokio::test]
async fn what_cannot_be_decided_is_refused_at_its_field_and_a_paid_visit_stands() {
    let (clinic, _) = clinic().await;
    let at = found(&clinic, "aoba").await;
    let desk = at.one(Role::Reception);
    let (_, visit) = seen(&clinic, &at).await;
    let before = statement(&clinic, &at, visit).await;
    let code = judgement(&before).code;
    let long = "長".repeat(201);
    for (wrong, field) in [
        (form("999999999", Change::Withhold, "理由"), "code"),
        (form("", Change::Withhold, "理由"), "code"),
        (form(&code, Change::Withhold, "  "), "reason"),
        (form(&code, Change::Withhold, &long), "reason"),
        (form(&code, Change::Count { count: 0 }, "理由"), "change"),
        (form(&code, Change::Add { count: 1_000 }, "理由"), "change"),
        // 酸素ボンベ・大型 (master T): a material stands beside a procedure only.
        (form("739220000", Change::Add { count: 1 }, "理由"), "code"),
    ] {
        let refused = put(&clinic, &desk, visit, wrong.clone()).await.expect_err("is refused");
        assert!(refused.at(field).is_some(), "{wrong:?}: {refused:?}");
    }
    assert_eq!(statement(&clinic, &at, visit).await, before, "nothing stayed of what was refused");

    let made = put(&clinic, &desk, visit, form(&code, Change::Withhold, "理由")).await.expect("decides");
    confirm(&clinic, &at, visit).await;
    let version = act!(clinic, desk, ReadBill, billing::bill, visit).expect("bills").visit.version;
    let paid = act!(clinic, desk, TakePayment, billing::take_payment, visit, 10_000, version).expect("pays");
    assert_eq!(paid.statement, made, "the receipt holds the decision");
    let late = put(&clinic, &desk, visit, form(&code, Change::Count { count: 2 }, "理由")).await;
    assert!(matches!(&late, Err(AppError::Conflict { message }) if message.starts_with("会計済みです。")), "{late:?}");
    let late = act!(clinic, desk, OverrideFee, billing::remove_override, visit, made.overrides[0].id);
    assert!(matches!(late, Err(AppError::Conflict { .. })), "{late:?}");
    let undone = act!(clinic, desk, TakePayment, billing::undo_payment, visit, paid.visit.version).expect("undoes");
    assert_eq!(undone.statement, made, "it holds after the payment is undone");
    let unknown = act!(clinic, desk, OverrideFee, billing::remove_override, visit, OverrideId(visit.0));
    assert_eq!(unknown.err(), Some(AppError::NotFound));

    let patient = register(&clinic, &desk, "サトウ", "ジロウ").await;
    let (_, whole) = whole_visit(&clinic, &at.one(Role::Doctor), &desk, patient).await;
    let late = put(&clinic, &desk, whole, form(&code, Change::Withhold, "理由")).await;
    assert!(matches!(late, Err(AppError::Conflict { .. })), "{late:?}");

    let patient = register(&clinic, &desk, "スズキ", "ヨウコ").await;
    let visit = act!(clinic, desk, CheckIn, reception::check_in, patient, "".into()).expect("checks in");
    act!(clinic, desk, MoveVisit, reception::move_visit, visit.id, VisitState::Cancelled, visit.version).expect("cancels");
    let refused = put(&clinic, &desk, visit.id, form(&code, Change::Withhold, "理由")).await;
    assert!(matches!(refused, Err(AppError::Conflict { .. })), "{refused:?}");
}

#[tokio::test]
async fn a_payment_and_a_decision_at_once_are_one_after_the_other() {
    let (clinic, _) = clinic().await;
    let at = found(&clinic, "aoba").await;
    let desk = at.one(Role::Reception);
    let (_, visit) = seen(&clinic, &at).await;
    confirm(&clinic, &at, visit).await;
    let before = act!(clinic, desk, ReadBill, billing::bill, visit).expect("bills");
    let code = judgement(&before.statement).code;
    let deciding = {
        let (clinic, desk) = (clinic.clone(), desk.clone());
        tokio::spawn(async move { put(&clinic, &desk, visit, form(&code, Change::Withhold, "他院で算定済み")).await })
    };
    let paying = {
        let (clinic, desk, version) = (clinic.clone(), desk.clone(), before.visit.version);
        tokio::spawn(async move { act!(clinic, desk, TakePayment, billing::take_payment, visit, 10_000, version) })
    };
    let (decided, paid) = (deciding.await.expect("no panic"), paying.await.expect("no panic"));
    match (decided, paid) {
        // The amount that the desk read is another now.
        (Ok(decided), Err(AppError::Stale { .. })) => assert_eq!(statement(&clinic, &at, visit).await, decided),
        (Err(AppError::Conflict { .. }), Ok(paid)) => assert_eq!(paid.statement, before.statement),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn money_is_taken_only_for_the_amount_that_the_desk_read() {
    let (clinic, _) = clinic().await;
    let at = found(&clinic, "aoba").await;
    let desk = at.one(Role::Reception);
    let (patient, visit) = seen(&clinic, &at).await;
    confirm(&clinic, &at, visit).await;
    let read = async || act!(clinic, desk, ReadBill, billing::bill, visit).expect("bills");
    let pay = async |bill: &Bill| {
        let (due, version) = (bill.statement.due().0, bill.visit.version);
        act!(clinic, desk, TakePayment, billing::take_payment, visit, due + 10_000, version)
    };

    let first = read().await;
    let code = judgement(&first.statement).code;
    let made = put(&clinic, &desk, visit, form(&code, Change::Withhold, "他院で算定済み")).await.expect("decides");
    let late = pay(&first).await;
    assert!(matches!(late, Err(AppError::Stale { .. })), "{late:?}");

    let second = read().await;
    act!(clinic, desk, OverrideFee, billing::remove_override, visit, made.overrides[0].id).expect("withdraws");
    let late = pay(&second).await;
    assert!(matches!(late, Err(AppError::Stale { .. })), "{late:?}");

    let third = read().await;
    let card = InsuranceForm { share: "10".into(), valid_from: "2026-07-01".into(), ..support::form("ヤ", "ハ").insurance };
    act!(clinic, desk, RegisterPatient, patients::add_insurance, patient, card.clone()).expect("adds a card");
    let fourth = read().await;
    assert_ne!(third.statement.due(), fourth.statement.due());
    let late = pay(&third).await;
    assert!(matches!(late, Err(AppError::Stale { .. })), "{late:?}");

    // What leaves the amount as it is does not send the desk back.
    act!(clinic, desk, RegisterPatient, patients::add_insurance, patient, card).expect("adds it again");
    let paid = pay(&fourth).await.expect("pays");
    assert_eq!(paid.receipt.map(|receipt| receipt.change), Some(Yen(10_000)));
}
