//! How long the national masters take from the database into memory, and how much memory they take there.
//!
//! `cargo run --release -p clinic --features testing --example masters_load -- ../shared/masters`: a PostgreSQL of its own,
//! all official files of the folder imported as the command line does, then loaded ten times.

use clinic::{db, masters, testing};
use sqlx::{Connection, PgConnection, postgres::PgConnectOptions};
use std::{
    path::{Path, PathBuf},
    time::Instant,
};

/// Tells a process of this program that it is to load only, and from where.
const CHILD: &str = "KARTE_BENCH_DATABASE";

type Anything = Box<dyn std::error::Error>;

#[tokio::main]
async fn main() -> Result<(), Anything> {
    if let Ok(place) = std::env::var(CHILD) {
        return load(&place).await;
    }
    let folder = PathBuf::from(std::env::args().nth(1).unwrap_or_else(|| "../shared/masters".into()));
    let options = testing::database().await;
    let pool = db::pool(options.clone(), 4).await?;
    let mut connection = PgConnection::connect_with(&options).await?;
    let mut paths = Vec::new();
    for part in ["official", "tensuhyo/r6", "drug-price", "allergy", "lab", "derived"] {
        walk(&folder.join(part), &mut paths)?;
    }
    let began = Instant::now();
    let mut files = Vec::new();
    for path in paths {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        // Tables derived from the official files are no publication of their own, but for the estimated points.
        if path.parent().is_some_and(|folder| folder.ends_with("derived"))
            && !name.contains("ESTIMATE")
            && !name.contains("outpatient_codes")
        {
            continue;
        }
        let file = masters::check(name.clone(), std::fs::read(&path)?).await.map_err(|error| format!("{name}: {error:?}"))?;
        match file.found() {
            Ok(_) => files.push(file),
            Err(refusal) if refusal.code == "kind" => {}
            Err(refusal) => println!("passed over: {}", refusal.message),
        }
    }
    println!("{} files checked in {:.1} s, resident {} MB", files.len(), began.elapsed().as_secs_f64(), resident("VmRSS:"));
    let began = Instant::now();
    let now = testing::friday();
    let mut owner = masters::Owner { pool: &pool, connection: &mut connection, now, dry_run: false };
    let done = owner.import(files, false).await.map_err(|error| format!("{error:?}"))?;
    let done = done.map_err(|refusal| refusal.message)?;
    println!("{} files applied in {:.1} s, resident {} MB", done.files.len(), began.elapsed().as_secs_f64(), resident("VmRSS:"));
    let rows: Vec<(String, i64)> =
        sqlx::query_as("select kind, count(*) from master_row group by 1 order by 2 desc").fetch_all(&pool).await?;
    println!("{} rows: {rows:?}", rows.iter().map(|(_, count)| count).sum::<i64>());
    let began = Instant::now();
    let bytes: i64 =
        sqlx::query_scalar("select sum(length(array_to_string(cells, chr(9)))) from master_row").fetch_one(&pool).await?;
    println!("{} MB of cells, put together by the database in {} ms", bytes / 1_000_000, began.elapsed().as_millis());
    // Each time in a process of its own, as a server starts.
    for _ in 0..5 {
        let child = std::process::Command::new(std::env::current_exe()?)
            .env(
                CHILD,
                format!(
                    "{}\n{}\n{}",
                    options.get_socket().expect("a socket").display(),
                    options.get_port(),
                    options.get_database().unwrap_or_default()
                ),
            )
            .env("KARTE_BENCH_USER", options.get_username())
            .status()?;
        assert!(child.success());
    }
    Ok(())
}

/// Loads once, as a server does when it starts.
async fn load(place: &str) -> Result<(), Anything> {
    let [socket, port, name] = place.splitn(3, '\n').collect::<Vec<_>>()[..] else { return Err("no place".into()) };
    let user = std::env::var("KARTE_BENCH_USER")?;
    let options = PgConnectOptions::new().socket(socket).port(port.parse()?).database(name).username(&user);
    let pool = db::pool(options, 20).await?;
    let (empty, began) = (resident("VmRSS:"), Instant::now());
    let (number, snapshot) = masters::load(&pool).await.map_err(|error| format!("{error:?}"))?;
    let loaded = (began.elapsed().as_millis(), resident("VmRSS:"));
    let store = tokio::task::spawn_blocking(move || ::masters::Store::numbered(number, snapshot)).await?;
    let ready = began.elapsed().as_millis();
    println!(
        "tables in {} ms, ready to be searched in {ready} ms; resident {empty} MB empty, {} MB with tables, {} MB ready, {} MB at most",
        loaded.0,
        loaded.1,
        resident("VmRSS:"),
        resident("VmHWM:")
    );
    drop(store);
    Ok(())
}

fn walk(folder: &Path, paths: &mut Vec<PathBuf>) -> Result<(), Anything> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Ok(()) };
    let mut entries: Vec<PathBuf> = entries.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>()?;
    entries.sort();
    for path in entries {
        let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default().to_ascii_lowercase();
        match ending.as_str() {
            _ if path.is_dir() => walk(&path, paths)?,
            "csv" | "txt" | "zip" | "xlsx" | "fsh" => paths.push(path),
            _ => {}
        }
    }
    Ok(())
}

/// Resident memory of this process in MB, as the kernel counts it.
fn resident(what: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(what));
    line.and_then(|rest| rest.split_whitespace().next()?.parse::<u64>().ok()).unwrap_or_default() / 1024
}
