//! What counts for years or once for good is counted over everything that was ever billed, and a long history stays quick.

use crate::{
    act,
    support::{code_of, register},
};
use clinic::{
    Clinic,
    policy::*,
    testing::{Founded, clinic, found},
};
use model::{fee::*, ids::*, master::MasterKind, staff::*};
use sqlx::types::Json;
use std::time::{Duration, Instant};

/// Visits of a patient before, each billed as the statement says: the latest `days` days before the visit, the others every
/// second day before that.
async fn came_before(clinic: &Clinic, at: &Founded, visit: VisitId, statement: &Statement, times: i32, days: i32) {
    let mut tx = clinic.pool().begin().await.expect("begins");
    sqlx::query("select set_config('app.clinic_id', $1, true)")
        .bind(at.one(Role::Doctor).clinic.to_string())
        .execute(&mut *tx)
        .await
        .expect("sets");
    sqlx::query(
        "insert into visit (clinic_id, id, patient_id, visit_date, received_at, state, since, kind, department, fee, payable)
         select clinic_id, gen_random_uuid(), patient_id, visit_date - $3 - 2 * i, received_at - ($3 + 2 * i) * interval '1 day',
                'done', since, 'return', department, $4, 0
         from visit, generate_series(0, $2 - 1) i where id = $1",
    )
    .bind(visit.0)
    .bind(times)
    .bind(days)
    .bind(Json(statement))
    .execute(&mut *tx)
    .await
    .expect("fills");
    tx.commit().await.expect("commits");
}

async fn ordered(clinic: &Clinic, at: &Founded, item: &str) -> VisitId {
    let (doctor, desk) = (at.one(Role::Doctor), at.one(Role::Reception));
    let patient = register(clinic, &desk, "ヤマダ", "ハナコ").await;
    let visit = act!(clinic, desk, CheckIn, reception::check_in, patient, "".into()).expect("checks in").id;
    let code = code_of(clinic, MasterKind::Procedure, item);
    act!(clinic, doctor, Order, orders::put_procedure, visit, None, code, "1".into()).expect("orders");
    visit
}

async fn statement(clinic: &Clinic, at: &Founded, visit: VisitId) -> Statement {
    act!(clinic, at.one(Role::Reception), ReadBill, billing::statement, visit).expect("calculates")
}

#[tokio::test]
async fn two_thousand_visits_before_are_read_at_once() {
    let (clinic, _) = clinic().await;
    let at = found(&clinic, "aoba").await;
    let visit = ordered(&clinic, &at, "ＣＲＰ").await;
    let alone = statement(&clinic, &at, visit).await;
    came_before(&clinic, &at, visit, &alone, 2_000, 40).await;
    let mut best = Duration::MAX;
    for _ in 0..5 {
        let began = Instant::now();
        assert_eq!(statement(&clinic, &at, visit).await.points, alone.points);
        best = best.min(began.elapsed());
    }
    eprintln!("a statement after 2,000 visits of {} lines: {best:.1?}", alone.lines.len());
    assert!(best < Duration::from_millis(500), "even unoptimised: {best:?}");
}

#[tokio::test]
async fn what_counts_once_for_good_counts_what_was_billed_years_ago() {
    let (clinic, _) = clinic().await;
    let at = found(&clinic, "aoba").await;
    // B001の1 注1: once a patient.
    let visit = ordered(&clinic, &at, "ウイルス疾患指導料１").await;
    let code = code_of(&clinic, MasterKind::Procedure, "ウイルス疾患指導料１");
    let billed = |statement: &Statement| statement.lines.iter().any(|line| line.code == code);
    let alone = statement(&clinic, &at, visit).await;
    assert!(billed(&alone), "{alone:#?}");
    came_before(&clinic, &at, visit, &alone, 1, 7 * 365).await;
    let again = statement(&clinic, &at, visit).await;
    assert!(!billed(&again), "{again:#?}");
    let omitted = again.omitted.iter().find(|omitted| omitted.code == code).expect("is said");
    assert!(omitted.reason.contains("患者1人につき"), "{omitted:?}");
}
