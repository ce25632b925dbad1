//! Measures the month of a clinic on a full database: the revision mirror, and what the desk notices while it works.
//!
//! `cargo run --release -p clinic --features testing --example month` starts a PostgreSQL of its own, fills it, and prints
//! figures. Fixture: 3,000 patients who came once a month for half a year and twice in the month that is calculated, each
//! visit paid, so that receipts hold the statements that the calculation looks back at.

use chrono::NaiveDate;
use clinic::{
    Clinic, billing, db,
    policy::*,
    testing::{self, Founded, found, friday},
    world::SetClock,
};
use model::{fee::*, ids::*, master::MasterKind, staff::Role};
use sqlx::{Connection, PgConnection, types::Json};
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

const PATIENTS: i64 = 3_000;
/// How often the whole month is calculated, and how often a single question is asked.
const MONTHS: usize = 5;
const TIMES: usize = 200;

#[tokio::main]
async fn main() {
    let options = testing::database().await;
    let pool = db::pool(options.clone(), 8).await.expect("connects");
    let clinic = Clinic::new(pool, Arc::new(masters::Store::default()), Arc::new(SetClock::at(friday())));
    let aoba = found(&clinic, "aoba").await;
    let mut owner = PgConnection::connect_with(&options).await.expect("connects");
    fill(&mut owner, &clinic, &aoba).await;
    let (month, other) = (day(7, 1), day(5, 31));

    println!("| what | p50 ms | worst ms |\n| --- | --- | --- |");
    let mut mirrors = Vec::new();
    for _ in 0..MONTHS {
        let began = Instant::now();
        let mirror = mirror(&clinic, &aoba, month, other).await;
        mirrors.push(began.elapsed());
        assert_eq!((mirror.patients as i64, mirror.visits as i64, mirror.failed.len()), (PATIENTS, PATIENTS * 2, 0));
    }
    row("month of 3,000 patients, 6,000 visits, under both editions", mirrors);

    let (desk, ids) = (aoba.one(Role::Reception), patients(&mut owner).await);
    row("board, nothing else", board(&clinic, &aoba, &AtomicBool::new(false), TIMES).await);
    let working = AtomicBool::new(true);
    let (beside, ()) = tokio::join!(board(&clinic, &aoba, &working, usize::MAX), async {
        for _ in 0..MONTHS {
            mirror(&clinic, &aoba, month, other).await;
        }
        working.store(false, Ordering::Relaxed);
    });
    row("board, while months are calculated", beside);

    let mut times = Vec::new();
    for patient in ids.iter().take(TIMES) {
        let mut desk = clinic.enter_as::<ReadBill>(desk.clone()).await.expect("the role may");
        let began = Instant::now();
        let read = billing::patient_month(&mut desk.tenant, &desk.grant, *patient, month).await;
        desk.finish(read).await.expect("reads");
        times.push(began.elapsed());
    }
    row("month of a patient", times);
}

fn day(month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, month, day).expect("a day")
}

async fn mirror(clinic: &Clinic, at: &Founded, month: NaiveDate, other: NaiveDate) -> model::month::Mirror {
    let desk = clinic.enter_as::<ReadBill>(at.one(Role::Reception)).await.expect("the role may");
    billing::month_mirror(clinic, desk, month, other, None).await.expect("compares")
}

/// Reads the board again and again.
async fn board(clinic: &Clinic, at: &Founded, working: &AtomicBool, times: usize) -> Vec<Duration> {
    let mut all = Vec::new();
    while all.len() < times && (times != usize::MAX || working.load(Ordering::Relaxed)) {
        let began = Instant::now();
        let mut desk = clinic.enter_as::<ReadBoard>(at.one(Role::Reception)).await.expect("the role may");
        let read = clinic::reception::board(&mut desk.tenant, &desk.grant, Some(day(7, 8))).await;
        desk.finish(read).await.expect("reads");
        all.push(began.elapsed());
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    all
}

fn row(what: &str, mut times: Vec<Duration>) {
    times.sort();
    let ms = |time: Duration| time.as_secs_f64() * 1_000.0;
    let (middle, worst) = (times[times.len() / 2], times[times.len() - 1]);
    println!("| {what} | {:.1} | {:.1} |", ms(middle), ms(worst));
}

async fn patients(owner: &mut PgConnection) -> Vec<PatientId> {
    let ids: Vec<uuid::Uuid> =
        sqlx::query_scalar("select id from patient order by number").fetch_all(owner).await.expect("lists");
    ids.into_iter().map(PatientId).collect()
}

/// Fills the clinic, and pays every visit with the statement that one of its kind comes to.
async fn fill(owner: &mut PgConnection, clinic: &Clinic, at: &Founded) {
    let began = Instant::now();
    let doctor = at.one(Role::Doctor);
    let code = |kind, name: &str| -> String {
        let hits = clinic.masters().search(kind, name, day(7, 10), 1, &masters::search::House::nothing());
        hits.first().unwrap_or_else(|| panic!("{name} is not in the starter masters")).code.clone()
    };
    let item = |name: &str| {
        let code = code(MasterKind::Drug, name);
        serde_json::json!({ "code": code, "name": name, "yj": null, "general_name": null, "amount": "1", "unit": "錠" })
    };
    let items = serde_json::json!([item("アムロジピン"), item("ロスバスタチン")]);
    for (name, value) in [
        ("month.clinic", doctor.clinic.to_string()),
        ("month.doctor", doctor.staff.id.to_string()),
        ("month.patients", PATIENTS.to_string()),
        ("month.items", items.to_string()),
        ("month.tests", format!("{} {}", code(MasterKind::Procedure, "ＣＲＰ"), code(MasterKind::Procedure, "末梢血液一般"))),
        ("month.disease", code(MasterKind::Disease, "高血圧症")),
    ] {
        sqlx::query("select set_config($1, $2, false)").bind(name).bind(value).execute(&mut *owner).await.expect("sets");
    }
    sqlx::raw_sql(include_str!("fixture.sql")).execute(&mut *owner).await.expect("fills");
    let visit: uuid::Uuid = sqlx::query_scalar("select id from visit where visit_date = '2026-01-14' order by id limit 1")
        .fetch_one(&mut *owner)
        .await
        .expect("a visit");
    let mut desk = clinic.enter_as::<ReadBill>(at.one(Role::Reception)).await.expect("the role may");
    let read = billing::statement(&mut desk.tenant, &desk.grant, VisitId(visit)).await;
    let statement: Statement = desk.finish(read).await.expect("calculates");
    sqlx::query(
        "insert into receipt (clinic_id, number, visit_id, at, staff_id, due, tendered, change, statement)
         select clinic_id, row_number() over (order by received_at, id), id, since, doctor_id, 1000, 1000, 0, $1 from visit",
    )
    .bind(Json(&statement))
    .execute(&mut *owner)
    .await
    .expect("pays");
    sqlx::raw_sql("vacuum analyze").execute(&mut *owner).await.expect("analyzes");
    let bytes: i64 = sqlx::query_scalar("select sum(pg_column_size(statement))::bigint from receipt")
        .fetch_one(&mut *owner)
        .await
        .expect("sums");
    eprintln!("filled in {:.0?}; receipts hold {} MB, {} lines each", began.elapsed(), bytes / 1_000_000, statement.lines.len());
}
