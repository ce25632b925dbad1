//! Items outside of insurance: tax, payment to the yen, and that a receipt stays as it was charged.

use clinic::{
    Clinic,
    policy::*,
    testing::{Founded, clinic, found, friday},
};
use model::{
    AppError, chart::*, fee::*, ids::*, inhouse::*, master::MasterKind, money::Yen, orders::*, patient::*, staff::*, visit::*,
};

mod support;
use support::{code_of, register};

fn form(name: &str, price: &str, tax: &str, tax_included: bool, no_visit_fee: bool) -> SelfPaidItemForm {
    SelfPaidItemForm {
        name: name.into(),
        price: price.into(),
        tax_percent: tax.into(),
        tax_included,
        no_visit_fee,
        active: true,
        ..SelfPaidItemForm::default()
    }
}

async fn item(clinic: &Clinic, at: &Founded, form: SelfPaidItemForm) -> SelfPaidItem {
    let admin = at.one(Role::Administrator);
    act!(clinic, admin, ConfigureClinic, inhouse::put_self_paid_item, None, form).expect("makes")
}

async fn check_in(clinic: &Clinic, at: &Founded, patient: PatientId) -> VisitId {
    let desk = at.one(Role::Reception);
    act!(clinic, desk, CheckIn, reception::check_in, patient, "".into()).expect("checks in").id
}

async fn order(clinic: &Clinic, at: &Founded, visit: VisitId, item: &SelfPaidItem, quantity: u32) -> Result<Orders, AppError> {
    let doctor = at.one(Role::Doctor);
    act!(clinic, doctor, Order, inhouse::put_self_paid, visit, item.id, quantity)
}

async fn confirm(clinic: &Clinic, at: &Founded, visit: VisitId) {
    let doctor = at.one(Role::Doctor);
    let soap = Soap { subjective: "証明書希望。".into(), ..Soap::default() };
    act!(clinic, doctor, ConfirmNote, notes::confirm, visit, soap, 0).expect("confirms");
}

async fn bill(clinic: &Clinic, at: &Founded, visit: VisitId) -> Bill {
    let desk = at.one(Role::Reception);
    act!(clinic, desk, ReadBill, billing::bill, visit).expect("bills")
}

async fn payable(clinic: &Clinic, at: &Founded, visit: VisitId) -> Option<Yen> {
    let desk = at.one(Role::Reception);
    let board = act!(clinic, desk, ReadBoard, reception::board, None).expect("reads");
    board.rows.iter().find(|row| row.visit.id == visit).expect("on the board").payable
}

#[tokio::test]
async fn tax_added_and_tax_inside_are_paid_to_the_yen_and_a_receipt_stands() {
    let (clinic, _) = clinic().await;
    let at = found(&clinic, "aoba").await;
    let (doctor, desk, admin) = (at.one(Role::Doctor), at.one(Role::Reception), at.one(Role::Administrator));
    let certificate = item(&clinic, &at, form("診断書", "３，３３３", "10", false, false)).await;
    let pills = item(&clinic, &at, form("サプリメント", "1080", "8", true, false)).await;
    let patient = register(&clinic, &desk, "ヤマダ", "ハナコ").await;
    let visit = check_in(&clinic, &at, patient).await;
    let before = bill(&clinic, &at, visit).await.statement;
    assert!(before.payment.patient_yen.0 > 0 && before.self_paid.is_empty() && before.due() == before.payment.patient_yen);

    let orders = order(&clinic, &at, visit, &certificate, 1).await.expect("orders");
    assert_eq!((orders.self_paid[0].total, orders.self_paid[0].tax), (Yen(3_666), Yen(333)));
    let orders = order(&clinic, &at, visit, &pills, 3).await.expect("orders");
    let line = &orders.self_paid[1];
    assert_eq!((line.total, line.tax, line.tax_percent, line.quantity), (Yen(3_240), Yen(240), 8, 3));
    // The same again is a new quantity and no second line.
    let orders = order(&clinic, &at, visit, &pills, 2).await.expect("orders");
    assert_eq!(orders.self_paid.iter().map(|line| (line.quantity, line.total.0)).collect::<Vec<_>>(), [(1, 3_666), (2, 2_160)]);

    confirm(&clinic, &at, visit).await;
    let charged = bill(&clinic, &at, visit).await;
    let due = before.payment.patient_yen + Yen(3_666 + 2_160);
    assert_eq!((charged.statement.due(), payable(&clinic, &at, visit).await), (due, Some(due)));
    assert_eq!((charged.statement.points, charged.statement.payment.clone()), (before.points, before.payment.clone()), "apart");
    let changed = order(&clinic, &at, visit, &pills, 9).await;
    assert!(matches!(changed, Err(AppError::Conflict { .. })), "a confirmed visit stands");

    let version = charged.visit.version;
    let short = act!(clinic, desk, TakePayment, billing::take_payment, visit, due.0 - 1, version).expect_err("a yen is missing");
    assert!(short.at("tendered").is_some(), "{short:?}");
    let paid = act!(clinic, desk, TakePayment, billing::take_payment, visit, due.0 + 174, version).expect("pays");
    let receipt = paid.receipt.clone().expect("a receipt");
    assert_eq!((receipt.due, receipt.change), (due, Yen(174)));

    // The item gets dearer: the receipt stands, and so does the visit when the payment is undone.
    let dearer = form("診断書（新）", "9999", "10", false, false);
    let new = act!(clinic, admin, ConfigureClinic, inhouse::put_self_paid_item, Some((certificate.id, 1)), dearer.clone())
        .expect("changes");
    assert_eq!((new.version, new.price), (2, Yen(9_999)));
    let stale = act!(clinic, doctor, ConfigureClinic, inhouse::put_self_paid_item, Some((certificate.id, 1)), dearer);
    assert!(matches!(&stale, Err(AppError::Stale { version: 2, theirs, .. }) if theirs.contains("9,999円")), "{stale:?}");
    assert_eq!(bill(&clinic, &at, visit).await.statement, paid.statement);
    let undone = act!(clinic, desk, TakePayment, billing::undo_payment, visit, paid.visit.version).expect("undoes");
    assert_eq!((undone.statement.due(), undone.receipt), (due, None));
    assert_eq!(undone.statement.self_paid[0].name, "診断書");
    let again = act!(clinic, desk, TakePayment, billing::take_payment, visit, due.0, undone.visit.version).expect("pays again");
    assert_eq!(again.receipt.map(|receipt| (receipt.due, receipt.change)), Some((due, Yen(0))));
}

#[tokio::test]
async fn a_visit_for_nothing_but_a_vaccination_costs_the_vaccination() {
    let (clinic, _) = clinic().await;
    let at = found(&clinic, "aoba").await;
    let (desk, doctor) = (at.one(Role::Reception), at.one(Role::Doctor));
    let vaccination = item(&clinic, &at, form("予防接種", "4000", "10", true, true)).await;
    let certificate = item(&clinic, &at, form("診断書", "3000", "10", false, false)).await;
    let mut nobody = support::form("スズキ", "ジロウ");
    (nobody.insurance, nobody.subsidy) = Default::default();
    let registered = act!(clinic, desk, RegisterPatient, patients::register, nobody, true).expect("registers");
    let Registration::Registered { patient: without, .. } = registered else { panic!("{registered:?}") };
    let with = register(&clinic, &desk, "ヤマダ", "ハナコ").await;
    for patient in [without, with] {
        let visit = check_in(&clinic, &at, patient).await;
        order(&clinic, &at, visit, &vaccination, 1).await.expect("orders");
        confirm(&clinic, &at, visit).await;
        let statement = bill(&clinic, &at, visit).await.statement;
        assert_eq!((statement.lines.len(), statement.points.0, statement.due()), (0, 0, Yen(4_000)), "{statement:?}");
        assert!(statement.omitted[0].reason.contains("自費"), "{statement:?}");
        // There is no calculation to decide against.
        let code = code_of(&clinic, MasterKind::Procedure, "ＣＲＰ");
        for change in [Change::Withhold, Change::Count { count: 2 }] {
            let form = OverrideForm { code: code.clone(), change, reason: "理由".into() };
            let refused = act!(clinic, desk, OverrideFee, billing::put_override, visit, form);
            assert!(matches!(&refused, Err(AppError::Conflict { message }) if message.contains("自費だけ")), "{refused:?}");
        }
        let version = bill(&clinic, &at, visit).await.visit.version;
        let paid = act!(clinic, desk, TakePayment, billing::take_payment, visit, 5_000, version).expect("pays");
        assert_eq!(paid.receipt.map(|receipt| (receipt.due, receipt.change)), Some((Yen(4_000), Yen(1_000))));
    }
    // With anything of the insurance's, or an item that says nothing of the kind, the visit is charged as well.
    let visit = check_in(&clinic, &at, with).await;
    let insured = bill(&clinic, &at, visit).await.statement.payment.patient_yen;
    order(&clinic, &at, visit, &vaccination, 1).await.expect("orders");
    assert_eq!(bill(&clinic, &at, visit).await.statement.due(), Yen(4_000));
    let orders = order(&clinic, &at, visit, &certificate, 1).await.expect("orders");
    assert_eq!(bill(&clinic, &at, visit).await.statement.due(), insured + Yen(4_000 + 3_300));
    let line = orders.self_paid.iter().find(|line| line.item == certificate.id).expect("is there").id;
    act!(clinic, doctor, Order, inhouse::remove_self_paid, visit, line).expect("takes out");
    let crp = code_of(&clinic, MasterKind::Procedure, "ＣＲＰ");
    act!(clinic, doctor, Order, orders::put_procedure, visit, None, crp, "1".into()).expect("orders");
    let statement = bill(&clinic, &at, visit).await.statement;
    assert!(!statement.lines.is_empty() && statement.due() == statement.payment.patient_yen + Yen(4_000));
}

#[tokio::test]
async fn items_stay_within_a_visit_and_within_reason() {
    let (clinic, clock) = clinic().await;
    let at = found(&clinic, "aoba").await;
    let (desk, doctor, admin) = (at.one(Role::Reception), at.one(Role::Doctor), at.one(Role::Administrator));
    let dear = item(&clinic, &at, form("人間ドック", "100000", "10", false, true)).await;
    let paid = register(&clinic, &desk, "スズキ", "ヨウコ").await;
    let (_, paid) = support::whole_visit(&clinic, &doctor, &desk, paid).await;
    assert!(matches!(order(&clinic, &at, paid, &dear, 1).await, Err(AppError::Conflict { .. })), "a paid visit stands");
    let patient = register(&clinic, &desk, "ヤマダ", "ハナコ").await;
    let visit = check_in(&clinic, &at, patient).await;
    for quantity in [0, 100] {
        let refused = order(&clinic, &at, visit, &dear, quantity).await.expect_err("out of range");
        assert!(refused.at("quantity").is_some(), "{refused:?}");
    }
    let refused = order(&clinic, &at, visit, &dear, 99).await.expect_err("more than the desk takes");
    assert!(refused.at("quantity").is_some_and(|message| message.contains("9,000,000円")), "{refused:?}");
    let rp = RpForm {
        route: "internal".into(),
        dispensing: "pharmacy".into(),
        usage: "3".into(),
        count: "5".into(),
        items: vec![RpItemForm {
            code: code_of(&clinic, MasterKind::Drug, "ロキソプロフェン"),
            amount: "3".into(),
            general_name: false,
        }],
        ..RpForm::default()
    };
    act!(clinic, doctor, Order, orders::put_rp, visit, None, rp).expect("prescribes");
    order(&clinic, &at, visit, &dear, 1).await.expect("orders");
    let cancelled = act!(clinic, desk, MoveVisit, reception::move_visit, visit, VisitState::Cancelled, 1);
    assert!(matches!(cancelled, Err(AppError::Conflict { .. })));
    confirm(&clinic, &at, visit).await;

    // Do処方 copies prescriptions and nothing else.
    clock.set(friday() + chrono::Duration::days(7));
    let next = check_in(&clinic, &at, patient).await;
    let orders = act!(clinic, doctor, Order, orders::repeat_last, next).expect("repeats");
    assert_eq!((orders.prescriptions.len(), orders.self_paid.len()), (1, 0));
    // An item that is no longer offered cannot be ordered, nor a name be given twice.
    let off = SelfPaidItemForm { active: false, ..form("人間ドック", "100000", "10", false, true) };
    act!(clinic, admin, ConfigureClinic, inhouse::put_self_paid_item, Some((dear.id, 1)), off).expect("withdraws");
    let refused = order(&clinic, &at, next, &dear, 1).await;
    assert!(matches!(&refused, Err(AppError::Conflict { message }) if message.contains("人間ドック")), "{refused:?}");
    item(&clinic, &at, form("人間ドック", "90000", "10", false, true)).await;
    let twice =
        act!(clinic, admin, ConfigureClinic, inhouse::put_self_paid_item, None, form("人間ドック", "1", "0", false, false));
    assert!(twice.expect_err("the name is taken").at("name").is_some());
    let bad = act!(clinic, admin, ConfigureClinic, inhouse::put_self_paid_item, None, form("誤", "-1", "0", false, false));
    assert!(bad.expect_err("no negative prices").at("price").is_some());
    let bad = act!(clinic, admin, ConfigureClinic, inhouse::put_self_paid_item, None, form("誤", "1", "", false, false));
    assert!(bad.expect_err("the clinic states the tax").at("tax_percent").is_some());
}
