//! A private PostgreSQL's life: first start, violent deaths, awkward places, ordinary users.
//!
//! Skipped, loudly, only where PostgreSQL's programs are missing.

use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use private_postgres::{Error, PrivatePostgres};
use sqlx::postgres::PgConnectOptions;
use sqlx::{Connection, PgConnection};

/// Starts a database, or says that the programs are missing.
async fn start(dir: &Path) -> Option<PrivatePostgres> {
    match PrivatePostgres::start(dir).await {
        Ok(database) => Some(database),
        Err(error @ Error::ProgramsMissing { .. }) => {
            eprintln!("SKIPPED: {error}");
            None
        }
        Err(error) => panic!("{error}"),
    }
}

async fn ask(options: &PgConnectOptions, sql: &'static str) -> Result<String, sqlx::Error> {
    let mut connection = PgConnection::connect_with(options).await?;
    let answer = sqlx::query_scalar(sql).fetch_one(&mut connection).await?;
    connection.close().await?;
    Ok(answer)
}

/// Asks until the database answers again.
async fn ask_patiently(options: &PgConnectOptions, sql: &'static str) -> String {
    let began = Instant::now();
    loop {
        match ask(options, sql).await {
            Ok(answer) => return answer,
            Err(error) => assert!(began.elapsed() < Duration::from_secs(30), "no recovery: {error}"),
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

async fn write_a_note(options: &PgConnectOptions) {
    let mut connection = PgConnection::connect_with(options).await.expect("connect");
    sqlx::query("create table note (body text)").execute(&mut connection).await.expect("create");
    sqlx::query("insert into note values ('書いた')").execute(&mut connection).await.expect("insert");
}

fn kill_9(pid: i32) {
    assert!(Command::new("kill").args(["-9", &pid.to_string()]).status().expect("kill").success());
}

const NOTE: &str = "select body from note";

#[tokio::test]
async fn keeps_what_was_written_over_a_restart_and_uses_utf8_and_no_tcp() {
    let dir = tempfile::tempdir().expect("tempdir");
    let Some(database) = start(dir.path()).await else { return };
    let options = database.connect_options();
    write_a_note(&options).await;
    assert_eq!(ask(&options, "show server_encoding").await.expect("ask"), "UTF8");
    assert_eq!(ask(&options, "show listen_addresses").await.expect("ask"), "");
    assert_eq!(ask(&options, "show data_checksums").await.expect("ask"), "on");
    database.stop().await;
    assert!(ask(&options, NOTE).await.is_err(), "stopped means gone");

    let database = start(dir.path()).await.expect("second start");
    assert_eq!(ask(&database.connect_options(), NOTE).await.expect("ask"), "書いた");
    database.stop().await;
}

#[tokio::test]
async fn a_killed_postmaster_is_started_again() {
    let dir = tempfile::tempdir().expect("tempdir");
    let Some(database) = start(dir.path()).await else { return };
    let options = database.connect_options();
    write_a_note(&options).await;
    // A session that is open while the postmaster dies holds the shared memory for a moment.
    let _session = PgConnection::connect_with(&options).await.expect("connect");
    let before = database.process_id().expect("runs");
    kill_9(before);
    assert_eq!(ask_patiently(&options, NOTE).await, "書いた");
    assert_ne!(database.process_id(), Some(before));
    database.stop().await;
}

#[tokio::test]
async fn one_process_per_data_directory_and_others_may_look_it_up() {
    let dir = tempfile::tempdir().expect("tempdir");
    assert!(PrivatePostgres::running(dir.path()).is_none());
    let Some(database) = start(dir.path()).await else { return };
    let error = PrivatePostgres::start(dir.path()).await.expect_err("locked");
    assert!(matches!(error, Error::InUse { .. }), "{error}");
    let beside = PrivatePostgres::running(dir.path()).expect("it runs");
    assert_eq!(ask(&beside, "select current_database()::text").await.expect("ask"), "karte");
    database.stop().await;
}

#[tokio::test]
async fn a_note_of_a_process_that_is_something_else_now_is_not_believed() {
    let dir = tempfile::tempdir().expect("tempdir");
    let Some(database) = start(dir.path()).await else { return };
    database.stop().await;
    // After a container's restart small numbers come back: here it is this very test.
    let note = format!("{}\n/elsewhere\n1\n5432\n\n\n1 1\nready   \n", std::process::id());
    std::fs::write(dir.path().join("postgres/cluster/postmaster.pid"), note).expect("write");
    let database = start(dir.path()).await.expect("starts");
    database.stop().await;
}

#[tokio::test]
async fn a_path_too_long_for_a_socket_and_closed_to_the_database_account_works() {
    let dir = tempfile::tempdir().expect("tempdir");
    let deep = dir.path().join("とても長い名前のフォルダー".repeat(3)).join("診療所 データ");
    std::fs::create_dir_all(&deep).expect("mkdir");
    // As below root's home: nobody else may walk in.
    std::fs::set_permissions(dir.path(), std::fs::Permissions::from_mode(0o700)).expect("chmod");
    let Some(database) = start(&deep).await else { return };
    write_a_note(&database.connect_options()).await;
    let options = database.connect_options();
    kill_9(database.process_id().expect("runs"));
    assert_eq!(ask_patiently(&options, NOTE).await, "書いた");
    database.stop().await;
    let database = start(&deep).await.expect("second start");
    assert_eq!(ask(&database.connect_options(), NOTE).await.expect("ask"), "書いた");
    database.stop().await;
}

#[tokio::test]
async fn the_log_carries_no_values() {
    let dir = tempfile::tempdir().expect("tempdir");
    let Some(database) = start(dir.path()).await else { return };
    let options = database.connect_options();
    ask(&options, "select '山田太郎'::uuid::text").await.expect_err("not a uuid");
    database.stop().await;
    let log = std::fs::read_to_string(dir.path().join("postgres/log")).expect("log");
    assert!(!log.is_empty() && !log.contains("山田"), "{log}");
}

#[tokio::test]
async fn a_temporary_database_leaves_nothing() {
    let database = match PrivatePostgres::temporary().await {
        Err(error @ Error::ProgramsMissing { .. }) => return eprintln!("SKIPPED: {error}"),
        other => other.expect("start"),
    };
    let dir = ask(&database.connect_options(), "show data_directory").await.expect("ask");
    assert!(Path::new(&dir).exists());
    database.stop().await;
    assert!(!Path::new(&dir).exists());
}

// ---- in another process, so that it can be killed ----

/// Not a test: what the processes below run. It starts the database that the environment names,
/// says so, and waits to be killed.
#[tokio::test]
async fn hold() {
    let Some(dir) = std::env::var_os("PRIVATE_POSTGRES_HOLD") else { return };
    let database = match dir.to_str() {
        Some("temporary") => PrivatePostgres::temporary().await,
        _ => PrivatePostgres::start(Path::new(&dir)).await,
    }
    .expect("start");
    let running = ask(&database.connect_options(), "show data_directory").await.expect("ask");
    println!("\nHOLDING {} {running}", database.process_id().expect("runs"));
    std::future::pending::<()>().await;
}

/// Runs `hold` and waits until its database answers: the process, the postmaster's number, PGDATA.
fn hold_in_another_process(mut command: Command, dir: &Path) -> (Child, i32, PathBuf) {
    let mut child = command
        .args(["--exact", "hold", "--nocapture"])
        .env("PRIVATE_POSTGRES_HOLD", dir)
        .stdout(Stdio::piped())
        .spawn()
        .expect("spawn");
    let lines = BufReader::new(child.stdout.take().expect("piped")).lines();
    let line = lines.map_while(Result::ok).find(|line| line.starts_with("HOLDING")).expect("the database starts");
    let mut words = line.split_whitespace().skip(1);
    let pid = words.next().and_then(|pid| pid.parse().ok()).expect("pid");
    (child, pid, words.next().expect("PGDATA").into())
}

fn this_test() -> Command {
    Command::new(std::env::current_exe().expect("current_exe"))
}

async fn programs_missing() -> bool {
    let dir = tempfile::tempdir().expect("tempdir");
    match start(dir.path()).await {
        None => true,
        Some(database) => {
            database.stop().await;
            false
        }
    }
}

#[tokio::test]
async fn after_kill_9_of_the_owner_the_next_start_takes_over() {
    if programs_missing().await {
        return;
    }
    let dir = tempfile::tempdir().expect("tempdir");
    let (mut owner, orphan, _) = hold_in_another_process(this_test(), dir.path());
    write_a_note(&PrivatePostgres::running(dir.path()).expect("runs")).await;
    owner.kill().expect("kill -9");
    owner.wait().expect("wait");
    assert!(PrivatePostgres::running(dir.path()).is_some(), "the orphan still runs");

    let database = start(dir.path()).await.expect("takes over");
    assert_ne!(database.process_id(), Some(orphan));
    assert_eq!(ask(&database.connect_options(), NOTE).await.expect("ask"), "書いた");
    database.stop().await;
}

#[tokio::test]
async fn after_kill_9_of_both_the_next_start_recovers() {
    if programs_missing().await {
        return;
    }
    let dir = tempfile::tempdir().expect("tempdir");
    let (mut owner, postmaster, _) = hold_in_another_process(this_test(), dir.path());
    write_a_note(&PrivatePostgres::running(dir.path()).expect("runs")).await;
    owner.kill().expect("kill -9");
    kill_9(postmaster);
    owner.wait().expect("wait");
    let database = start(dir.path()).await.expect("recovers");
    assert_eq!(ask(&database.connect_options(), NOTE).await.expect("ask"), "書いた");
    database.stop().await;
}

#[tokio::test]
async fn a_temporary_database_goes_with_its_killed_owner() {
    if programs_missing().await {
        return;
    }
    let (mut owner, _, pgdata) = hold_in_another_process(this_test(), Path::new("temporary"));
    assert!(pgdata.exists());
    owner.kill().expect("kill -9");
    owner.wait().expect("wait");
    let began = Instant::now();
    while pgdata.exists() {
        assert!(began.elapsed() < Duration::from_secs(15), "{} is still there", pgdata.display());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn works_for_an_ordinary_user() {
    if programs_missing().await || std::env::var("USER").is_ok_and(|user| user != "root") {
        return; // an ordinary user has just shown it
    }
    // A copy that the other account can reach and run.
    let dir = tempfile::tempdir().expect("tempdir");
    std::fs::set_permissions(dir.path(), std::fs::Permissions::from_mode(0o777)).expect("chmod");
    let copy = dir.path().join("life");
    std::fs::copy(std::env::current_exe().expect("current_exe"), &copy).expect("copy");
    let mut command = Command::new(&copy);
    command.uid(65534).gid(65534).current_dir("/").env("TMPDIR", dir.path());
    let (mut owner, postmaster, _) = hold_in_another_process(command, &dir.path().join("data"));
    let status = std::fs::read_to_string(format!("/proc/{postmaster}/status")).expect("status");
    assert!(status.lines().any(|line| line.starts_with("Uid:") && line.contains("65534")), "{status}");
    owner.kill().expect("kill -9");
    owner.wait().expect("wait");
    // Clear up as that user: the next start stops the orphan.
    kill_9(postmaster);
}
