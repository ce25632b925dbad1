//! Measures the use cases that a clinic waits for all day, on a full database, asked as the server asks: by session cookie,
//! through the whole transaction. `docs/benchmarks.md` has the figures and the budgets.
//!
//! `cargo run -p clinic --features testing --example load` starts a PostgreSQL of its own, fills it in a few minutes, prints
//! a table, and fails when a question read a large table from end to end.

use clinic::{
    Clinic, db, patients,
    policy::*,
    testing::{self, Founded, found, friday},
    world::SetClock,
};
use model::{ids::PatientId, master::MasterKind, staff::Role};
use sqlx::{Connection, PgConnection};
use std::{
    collections::BTreeMap,
    sync::Arc,
    time::{Duration, Instant},
};

/// How often each question is asked.
const TIMES: usize = 500;
/// The clinic that is measured: patients, visits of each, how many come often, and how often that is.
const MEASURED: [u32; 4] = [20_000, 10, 100, 2_000];
/// Each of its 49 neighbours in the same tables.
const NEIGHBOUR: [u32; 4] = [200, 10, 0, 10];
/// Tables that grow with every visit or patient.
const LARGE: [&str; 12] = [
    "patient",
    "insurance",
    "visit",
    "visit_event",
    "note",
    "rp",
    "procedure_order",
    "diagnosis",
    "lab_report",
    "lab_result",
    "audit",
    "outbox",
];

#[tokio::main]
async fn main() {
    let options = testing::database().await;
    let connect = || db::pool(options.clone(), 8);
    let clock = Arc::new(SetClock::at(friday()));
    let masters = Arc::new(masters::Store::default());
    let clinic = Clinic::new(connect().await.expect("connects"), masters.clone(), clock.clone());

    let began = Instant::now();
    let mut owner = PgConnection::connect_with(&options).await.expect("connects");
    for n in 1..50 {
        let neighbour = found(&clinic, &format!("clinic-{n}")).await;
        fill(&mut owner, &neighbour, NEIGHBOUR).await;
    }
    let aoba = found(&clinic, "aoba").await;
    fill(&mut owner, &aoba, MEASURED).await;
    sqlx::raw_sql("vacuum analyze").execute(&mut owner).await.expect("analyzes");
    eprintln!("filled in {:.0?}", began.elapsed());
    let cookie = aoba.cookie(&clinic, Role::Doctor).await;
    let mut lookup = PgConnection::connect_with(&options).await.expect("connects");
    let (often, seldom) = patients_of(&mut lookup, &aoba).await;
    lookup.close().await.expect("closes");
    clinic.pool().close().await;
    // Connections report what they read when they end.
    tokio::time::sleep(Duration::from_secs(2)).await;

    let clinic = Clinic::new(connect().await.expect("connects"), masters, clock);
    let before = scans(&mut owner).await;
    println!("| what | p50 ms | p99 ms | worst ms |\n| --- | --- | --- | --- |");
    for (name, patients) in [("chart opened, 10 past visits", &seldom), ("chart opened, 2,000 past visits", &often)] {
        measure(name, async |i| open(&clinic, &cookie, patients[i % patients.len()]).await).await;
    }
    for (name, queries) in [
        ("patient found by kana, one letter", ["や", "さ", "た", "い"]),
        ("patient found by kana, two and three letters", ["やま", "さと", "たかは", "いしか"]),
        ("patient found by kana, whole name", ["やまだ はなこ", "サトウ マコト", "タカハシナオキ", "いしかわみさき"]),
        ("patient found by kanji", ["山", "佐藤", "高橋 直樹", "石川"]),
        ("patient found by given name", ["はなこ", "マコト", "直樹", "美咲"]),
        ("patient found by number", ["1", "777", "15000", "20000"]),
        ("patient found by birth date", ["S25.3.1", "昭和50年4月2日", "1990-12-31", "20011224"]),
        ("patient found by phone", ["03-0000-1234", "0300015000", "03-0001", "0300000777"]),
        ("nobody found", ["んんん", "存在しない", "99999999", "zzz"]),
        ("the latest patients", ["", " ", "", " "]),
    ] {
        measure(name, async |i| find(&clinic, &cookie, queries[i % queries.len()]).await).await;
    }
    for (name, kind) in [("disease searched", MasterKind::Disease), ("drug searched", MasterKind::Drug)] {
        measure(name, async |i| search(&clinic, &cookie, kind, ["こうけつ", "あむ", "糖", "k"][i % 4]).await).await;
    }
    measure("laboratory entry opened", async |i| lab_items(&clinic, &cookie, seldom[i % seldom.len()]).await).await;
    measure("board read", async |_| board(&clinic, &cookie).await).await;

    clinic.pool().close().await;
    tokio::time::sleep(Duration::from_secs(2)).await;
    let after = scans(&mut owner).await;
    let read: Vec<_> = LARGE.iter().filter(|table| after.get(**table) > before.get(**table)).collect();
    assert!(read.is_empty(), "read from end to end: {read:?}");
    println!("\nNo large table was read from end to end.");
}

async fn fill(owner: &mut PgConnection, clinic: &Founded, sizes: [u32; 4]) {
    let doctor = clinic.one(Role::Doctor);
    let [patients, visits, often, often_visits] = sizes.map(|size| size.to_string());
    for (name, value) in [
        ("load.clinic", doctor.clinic.to_string()),
        ("load.doctor", doctor.staff.id.to_string()),
        ("load.patients", patients),
        ("load.visits", visits),
        ("load.often", often),
        ("load.often_visits", often_visits),
    ] {
        sqlx::query("select set_config($1, $2, false)").bind(name).bind(value).execute(&mut *owner).await.expect("sets");
    }
    sqlx::raw_sql(include_str!("fixture.sql")).execute(owner).await.expect("fills");
}

/// Ids of patients who come often and of some who do not.
async fn patients_of(owner: &mut PgConnection, clinic: &Founded) -> (Vec<PatientId>, Vec<PatientId>) {
    let [_, _, often, _] = MEASURED.map(i64::from);
    let ids: Vec<(uuid::Uuid, i64)> = sqlx::query_as(
        "select id, number from patient where clinic_id = $1 and (number <= $2 or number % 37 = 0) order by number",
    )
    .bind(clinic.staff[0].clinic.0)
    .bind(often)
    .fetch_all(owner)
    .await
    .expect("lists");
    let (often, seldom): (Vec<_>, Vec<_>) = ids.into_iter().partition(|(_, number)| *number <= often);
    let ids = |all: Vec<(uuid::Uuid, i64)>| all.into_iter().map(|(id, _)| PatientId(id)).collect();
    (ids(often), ids(seldom))
}

async fn open(clinic: &Clinic, cookie: &str, patient: PatientId) {
    let mut desk = clinic.enter::<ReadChart>(Some(cookie), "load").await.expect("may");
    let chart = clinic::chart::open_chart(&mut desk.tenant, &desk.grant, patient).await;
    assert!(desk.finish(chart).await.expect("opens").past_total >= 10);
}

async fn find(clinic: &Clinic, cookie: &str, query: &str) {
    let mut desk = clinic.enter::<FindPatient>(Some(cookie), "load").await.expect("may");
    let found = patients::find(&mut desk.tenant, &desk.grant, query.to_owned()).await;
    desk.finish(found).await.expect("finds");
}

async fn search(clinic: &Clinic, cookie: &str, kind: MasterKind, query: &str) {
    let mut desk = clinic.enter::<SearchMasters>(Some(cookie), "load").await.expect("may");
    let hits = clinic::search::search_masters(&mut desk.tenant, &desk.grant, kind, query.to_owned(), None).await;
    desk.finish(hits).await.expect("searches");
}

async fn lab_items(clinic: &Clinic, cookie: &str, patient: PatientId) {
    let mut desk = clinic.enter::<EnterLabs>(Some(cookie), "load").await.expect("may");
    let items = clinic::labs::lab_items(&mut desk.tenant, &desk.grant, patient).await;
    desk.finish(items).await.expect("lists");
}

async fn board(clinic: &Clinic, cookie: &str) {
    let mut desk = clinic.enter::<ReadBoard>(Some(cookie), "load").await.expect("may");
    let board = clinic::reception::board(&mut desk.tenant, &desk.grant, None).await;
    desk.finish(board).await.expect("reads");
}

async fn measure(name: &str, ask: impl AsyncFn(usize)) {
    // What a server that has run for a while has ready: plans, pages in memory.
    for i in 0..40 {
        ask(i).await;
    }
    let mut took = Vec::new();
    for i in 0..TIMES {
        let began = Instant::now();
        ask(i).await;
        took.push(began.elapsed());
    }
    took.sort_unstable();
    let ms = |at: Duration| at.as_secs_f64() * 1000.0;
    println!("| {name} | {:.1} | {:.1} | {:.1} |", ms(took[TIMES / 2]), ms(took[TIMES * 99 / 100]), ms(took[TIMES - 1]));
}

/// How often each table was read from end to end.
async fn scans(owner: &mut PgConnection) -> BTreeMap<String, i64> {
    let rows: Vec<(String, i64)> = sqlx::query_as("select relname::text, seq_scan from pg_stat_user_tables")
        .fetch_all(owner)
        .await
        .expect("reads statistics");
    rows.into_iter().collect()
}
