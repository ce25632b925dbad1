//! What a visit costs follows from what was done, not from when it is paid, and follows what is registered later. What
//! stands beside a procedure is billed with it.

use chrono::Duration;
use clinic::{
    Clinic,
    policy::*,
    testing::{clinic, found, friday},
};
use model::{AppError, chart::*, fee::*, ids::*, insurance::*, master::MasterKind, money::Yen, orders::*, staff::*};

mod support;
use support::{code_of, register, whole_visit};

/// A visit with one blood test, confirmed and not paid.
async fn tested(clinic: &Clinic, doctor: &Me, desk: &Me, patient: PatientId) -> VisitId {
    let visit = act!(clinic, desk, CheckIn, reception::check_in, patient, "".into()).expect("checks in").id;
    let code = code_of(clinic, MasterKind::Procedure, "ＣＲＰ");
    act!(clinic, doctor, Order, orders::put_procedure, visit, None, code, "1".into()).expect("orders");
    let soap = Soap { subjective: "経過良好。".into(), ..Soap::default() };
    act!(clinic, doctor, ConfirmNote, notes::confirm, visit, soap, 0).expect("confirms");
    visit
}

fn judgement_fees(statement: &Statement) -> Vec<&str> {
    statement.lines.iter().map(|line| line.name.as_str()).filter(|name| name.contains("判断料")).collect()
}

#[tokio::test]
async fn what_counts_once_a_month_counts_once_though_the_first_visit_is_not_paid_yet() {
    let (clinic, clock) = clinic().await;
    let at = found(&clinic, "aoba").await;
    let (doctor, desk) = (at.one(Role::Doctor), at.one(Role::Reception));
    let patient = register(&clinic, &desk, "ヤマダ", "ハナコ").await;
    let first = tested(&clinic, &doctor, &desk, patient).await;
    clock.set(friday() + Duration::days(5));
    let second = tested(&clinic, &doctor, &desk, patient).await;
    let of_first = act!(clinic, desk, ReadBill, billing::statement, first).expect("calculates");
    let of_second = act!(clinic, desk, ReadBill, billing::statement, second).expect("calculates");
    assert_eq!(judgement_fees(&of_first).len(), 1, "{of_first:#?}");
    assert_eq!(judgement_fees(&of_second), Vec::<&str>::new());
}

#[tokio::test]
async fn a_later_visit_of_the_day_does_not_change_what_the_earlier_one_costs() {
    let (clinic, clock) = clinic().await;
    let at = found(&clinic, "aoba").await;
    let (doctor, desk) = (at.one(Role::Doctor), at.one(Role::Reception));
    let patient = register(&clinic, &desk, "ヤマダ", "ハナコ").await;
    let (_, first) = whole_visit(&clinic, &doctor, &desk, patient).await;
    let charged = act!(clinic, desk, ReadBill, billing::bill, first).expect("bills");
    clock.set(friday() + Duration::hours(5));
    tested(&clinic, &doctor, &desk, patient).await;
    let undone = act!(clinic, desk, TakePayment, billing::undo_payment, first, charged.visit.version).expect("undoes");
    assert_eq!(undone.statement, charged.statement);
}

#[tokio::test]
async fn the_board_shows_what_the_new_card_makes_of_an_unpaid_visit() {
    let (clinic, _) = clinic().await;
    let at = found(&clinic, "aoba").await;
    let (doctor, desk) = (at.one(Role::Doctor), at.one(Role::Reception));
    let mut form = support::form("ヤマダ", "ハナコ");
    (form.insurance, form.subsidy) = Default::default();
    let registered = act!(clinic, desk, RegisterPatient, patients::register, form, true).expect("registers");
    let model::patient::Registration::Registered { patient, .. } = registered else { panic!("{registered:?}") };
    let visit = tested(&clinic, &doctor, &desk, patient).await;
    let payable = async || -> Option<Yen> {
        let board = act!(clinic, desk, ReadBoard, reception::board, None).expect("reads");
        board.rows.iter().find(|row| row.visit.id == visit).expect("on the board").payable
    };
    let alone = payable().await.expect("an amount");
    let card = InsuranceForm {
        insurer: "06130488".into(),
        symbol: "12".into(),
        number: "3456".into(),
        branch: "01".into(),
        relation: "insured".into(),
        share: "30".into(),
        valid_from: "2026-04-01".into(),
        ..Default::default()
    };
    act!(clinic, desk, RegisterPatient, patients::add_insurance, patient, card).expect("adds");
    let insured = payable().await.expect("an amount");
    assert!(insured < alone, "{insured} of {alone}");
    let bill = act!(clinic, desk, ReadBill, billing::bill, visit).expect("bills");
    assert_eq!(bill.statement.payment.patient_yen, insured);
}

#[tokio::test]
async fn of_two_cards_of_one_subsidy_the_newer_counts() {
    let (clinic, clock) = clinic().await;
    let at = found(&clinic, "aoba").await;
    let (doctor, desk) = (at.one(Role::Doctor), at.one(Role::Reception));
    let patient = register(&clinic, &desk, "ヤマダ", "ハナコ").await;
    let visit = tested(&clinic, &doctor, &desk, patient).await;
    let due = async || act!(clinic, desk, ReadBill, billing::statement, visit).expect("calculates").due();
    let at_20 = due().await;
    let old = support::form("ヤ", "ハ").subsidy;
    // Each: the share on the card, its first day, and the share that counts. The registered one: 20% from April on.
    for (hours, share, from, counts) in
        [(1, "10", "2026-07-01", 10), (2, "0", "2026-07-01", 0), (3, "10", "2026-05-01", 0), (4, "10", "2026-07-05", 10)]
    {
        clock.set(friday() + Duration::hours(hours));
        let card = SubsidyForm { share: share.into(), valid_from: from.into(), ..old.clone() };
        act!(clinic, desk, RegisterPatient, patients::add_subsidy, patient, card).expect("adds");
        let now = due().await;
        match counts {
            0 => assert_eq!(now, Yen(0)),
            _ => assert!(Yen(0) < now && now < at_20, "{now} of {at_20}"),
        }
    }
}

fn part(kind: MasterKind, code: &str, typed: &str) -> PartForm {
    PartForm { kind, code: code.into(), typed: typed.into() }
}

#[tokio::test]
async fn materials_and_comments_go_with_a_procedure() {
    let (clinic, _) = clinic().await;
    let at = found(&clinic, "aoba").await;
    let (doctor, desk) = (at.one(Role::Doctor), at.one(Role::Reception));
    let patient = register(&clinic, &desk, "ヤマダ", "ハナコ").await;
    let visit: VisitId = act!(clinic, desk, CheckIn, reception::check_in, patient, "".into()).expect("checks in").id;
    // 酸素吸入 (master S), 酸素ボンベ・大型 (master T).
    let orders = act!(clinic, doctor, Order, orders::put_procedure, visit, None, "140005610".into(), "1".into()).expect("orders");
    let order = orders.procedures[0].clone();
    let points = async || act!(clinic, desk, ReadBill, billing::bill, visit).expect("bills").statement.points;
    let alone = points().await;

    let seen = (order.id, order.version);
    let oxygen = part(MasterKind::Material, "739220000", "３００");
    let orders = act!(clinic, doctor, Order, orders::put_part, visit, seen, oxygen.clone()).expect("puts");
    let order = orders.procedures[0].clone();
    let material = &order.materials[0];
    assert_eq!((material.amount, material.unit.as_str()), (300.into(), "Ｌ"));
    assert!(points().await > alone, "the material is billed");

    // Who saw the order before it changed is told so, and nothing is lost.
    let late = act!(clinic, doctor, Order, orders::put_part, visit, seen, part(MasterKind::Comment, "820000002", ""));
    assert!(matches!(late, Err(AppError::Stale { .. })), "{late:?}");

    let seen = (order.id, order.version);
    let free = part(MasterKind::Comment, "810000001", "ＳｐＯ２低下のため");
    let orders = act!(clinic, doctor, Order, orders::put_part, visit, seen, free).expect("puts");
    assert_eq!(orders.procedures[0].comments[0].text, "ＳｐＯ２低下のため");

    let seen = (order.id, orders.procedures[0].version);
    for (wrong, field) in [
        (part(MasterKind::Material, "799999999", "1"), "code"),
        (part(MasterKind::Material, "739220000", "0"), "typed"),
        (part(MasterKind::Comment, "842100057", "三"), "typed"),
        (part(MasterKind::Disease, "8833421", "1"), "kind"),
    ] {
        let refused = act!(clinic, doctor, Order, orders::put_part, visit, seen, wrong.clone()).expect_err("refuses");
        assert!(refused.at(field).is_some(), "{wrong:?} {refused:?}");
    }

    // The same material again is another amount and no second line.
    let again = part(MasterKind::Material, "739220000", "150");
    let orders = act!(clinic, doctor, Order, orders::put_part, visit, seen, again).expect("puts");
    assert_eq!(orders.procedures[0].materials.len(), 1);
    let seen = (order.id, orders.procedures[0].version);
    let kind = MasterKind::Material;
    let orders = act!(clinic, doctor, Order, orders::remove_part, visit, seen, kind, "739220000".into()).expect("removes");
    assert!(orders.procedures[0].materials.is_empty() && orders.procedures[0].comments.len() == 1);
    assert_eq!(points().await, alone);
}
