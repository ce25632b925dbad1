//! The revision mirror: a month under two editions adds up from single visits, for the clinic and for each patient.

use crate::{
    act,
    support::{code_of, register},
};
use chrono::{Duration, NaiveDate};
use clinic::{
    Clinic,
    policy::*,
    testing::{Founded, clinic, found, friday},
};
use model::{AppError, chart::*, fee::*, ids::*, master::*, money::*, month::*, orders::*, staff::*};

fn day(month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, month, day).expect("a day")
}

/// A confirmed visit with a prescription and tests by name.
async fn confirmed(clinic: &Clinic, at: &Founded, patient: PatientId, tests: &[&str]) -> VisitId {
    let (doctor, desk) = (at.one(Role::Doctor), at.one(Role::Reception));
    let visit = act!(clinic, desk, CheckIn, reception::check_in, patient, "".into()).expect("checks in").id;
    for test in tests {
        let code = code_of(clinic, MasterKind::Procedure, test);
        act!(clinic, doctor, Order, orders::put_procedure, visit, None, code, "1".into()).expect("orders");
    }
    let rp = RpForm {
        route: "internal".into(),
        dispensing: "in_house".into(),
        usage_text: "1日1回 朝食後".into(),
        count: "14".into(),
        items: vec![RpItemForm {
            code: code_of(clinic, MasterKind::Drug, "アムロジピン"),
            amount: "1".into(),
            general_name: false,
        }],
        ..RpForm::default()
    };
    act!(clinic, doctor, Order, orders::put_rp, visit, None, rp).expect("prescribes");
    let soap = Soap { subjective: "経過良好。".into(), ..Soap::default() };
    act!(clinic, doctor, ConfirmNote, notes::confirm, visit, soap, 0).expect("confirms");
    visit
}

async fn mirror(
    clinic: &Clinic,
    who: &Me,
    month: NaiveDate,
    other: NaiveDate,
    patient: Option<PatientId>,
) -> Result<Mirror, AppError> {
    let desk = clinic.enter_as::<ReadBill>(who.clone()).await.expect("the role may");
    clinic::billing::month_mirror(clinic, desk, month, other, patient).await
}

#[tokio::test]
async fn totals_are_the_sum_of_single_calculations() {
    let (clinic, clock) = clinic().await;
    let at = found(&clinic, "aoba").await;
    let desk = at.one(Role::Reception);
    let mut patients = Vec::new();
    let mut visits = Vec::new();
    for (i, given) in ["ハナコ", "タロウ", "イチロウ", "ヨウコ"].into_iter().enumerate() {
        let patient = register(&clinic, &desk, "ヤマダ", given).await;
        patients.push(patient);
        for (nth, tests) in [&["ＣＲＰ"][..], &["ＣＲＰ", "尿一般"], &[]].into_iter().take(1 + i).enumerate() {
            clock.set(friday() + Duration::days(nth as i64 * 5) + Duration::minutes(i as i64));
            visits.push(confirmed(&clinic, &at, patient, tests).await);
        }
    }
    // Still with the doctor: not of the month's bill. And one of another month.
    clock.set(friday() + Duration::days(20));
    act!(clinic, desk, CheckIn, reception::check_in, patients[0], "".into()).expect("checks in");
    clock.set(friday() + Duration::days(30));
    confirmed(&clinic, &at, patients[1], &["ＣＲＰ"]).await;

    let whole = mirror(&clinic, &desk, day(7, 15), day(5, 31), None).await.expect("compares");
    assert_eq!((whole.own.as_str(), whole.other.as_str(), whole.month), ("R8", "R6", day(7, 1)));
    assert_eq!((whole.patients, whole.visits), (patients.len(), visits.len()));
    assert_eq!((whole.failed.len(), whole.missing.len()), (0, 0), "{whole:#?}");
    let mut single = (Points(0), Yen(0));
    for visit in &visits {
        let statement = act!(clinic, desk, ReadBill, billing::statement, *visit).expect("calculates");
        single = (single.0 + statement.points, single.1 + statement.payment.patient_yen);
    }
    assert_eq!((whole.points.0, whole.patient_yen.0), single);
    let of = |side: fn(&(Points, Points)) -> Points| -> Points { whole.by_patient.iter().map(|p| side(&p.points)).sum() };
    assert_eq!((of(|p| p.0), of(|p| p.1)), whole.points);
    let moved: i64 = whole.items.iter().map(|item| item.points.1.0 - item.points.0.0).sum();
    assert_eq!(moved, whole.points.1.0 - whole.points.0.0, "the items say where the difference comes from");
    assert_ne!(moved, 0);
    assert!(whole.items.windows(2).all(|two| {
        let apart = |item: &ItemChange| item.points.0.0.abs_diff(item.points.1.0);
        apart(&two[0]) >= apart(&two[1])
    }));

    // Each item that changed its price costs on either side what the master says of that day.
    let masters = clinic.masters();
    let of_day = |code: &str, on: NaiveDate| masters.procedure(code, on).and_then(|row| i64::try_from(row.points).ok());
    let mut repriced = 0;
    for item in whole.items.iter().filter(|item| item.count.0 == item.count.1 && item.section == Section::Visit) {
        let (Some(own), Some(other)) = (of_day(&item.code, day(7, 10)), of_day(&item.code, day(5, 31))) else { continue };
        assert_eq!((item.points.0.0, item.points.1.0), (own * item.count.0, other * item.count.1), "{item:?}");
        repriced += 1;
    }
    assert!(repriced > 0, "{:#?}", whole.items);

    // One by one they come to the same.
    let mut sum = (Points(0), Points(0));
    for (patient, shown) in patients.iter().map(|id| (*id, whole.by_patient.iter().find(|p| p.id == *id).expect("is listed"))) {
        let one = mirror(&clinic, &desk, day(7, 1), day(5, 31), Some(patient)).await.expect("compares");
        assert_eq!((one.patients, one.visits, one.points), (1, shown.visits, shown.points));
        sum = (sum.0 + one.points.0, sum.1 + one.points.1);
    }
    assert_eq!(sum, whole.points);

    // In its own mirror a month is itself.
    let same = mirror(&clinic, &desk, day(7, 1), day(7, 1), None).await.expect("compares");
    assert_eq!((same.points.0, same.points.1, same.items.len()), (whole.points.0, whole.points.0, 0));
    let offered: Vec<_> = whole.editions.iter().filter(|(_, on)| masters.edition(*on).is_some()).collect();
    assert!(offered.contains(&&("R6".to_owned(), day(5, 31))) && offered.contains(&&("R8".to_owned(), day(7, 1))), "{offered:?}");
}

#[tokio::test]
async fn decisions_hold_on_both_sides_and_days_without_tables_are_refused() {
    let (clinic, _) = clinic().await;
    let at = found(&clinic, "aoba").await;
    let desk = at.one(Role::Reception);
    let patient = register(&clinic, &desk, "ヤマダ", "ハナコ").await;
    let visit = confirmed(&clinic, &at, patient, &["ＣＲＰ"]).await;
    let before = mirror(&clinic, &desk, day(7, 1), day(5, 31), None).await.expect("compares");
    let code = code_of(&clinic, MasterKind::Procedure, "ＣＲＰ");
    let off = OverrideForm { code, change: Change::Withhold, reason: "実施せず".into() };
    let statement = act!(clinic, desk, OverrideFee, billing::put_override, visit, off).expect("decides");
    let after = mirror(&clinic, &desk, day(7, 1), day(5, 31), None).await.expect("compares");
    assert_eq!(after.points.0, statement.points);
    assert!(after.points.0 < before.points.0 && after.points.1 < before.points.1, "{after:#?}");

    let never = NaiveDate::from_ymd_opt(1999, 1, 1).expect("a day");
    assert!(matches!(mirror(&clinic, &desk, day(7, 1), never, None).await, Err(AppError::Conflict { .. })));
    assert!(matches!(mirror(&clinic, &desk, never, day(7, 1), None).await, Err(AppError::Conflict { .. })));
    let empty = mirror(&clinic, &desk, day(8, 1), day(5, 31), None).await.expect("compares");
    assert_eq!((empty.patients, empty.visits, empty.points), (0, 0, (Points(0), Points(0))));
    let other = found(&clinic, "minato").await.one(Role::Reception);
    assert_eq!(mirror(&clinic, &other, day(7, 1), day(5, 31), Some(patient)).await.err(), Some(AppError::NotFound));
    let theirs = mirror(&clinic, &other, day(7, 1), day(5, 31), None).await.expect("compares");
    assert_eq!(theirs.visits, 0, "a clinic sees its own");
}
