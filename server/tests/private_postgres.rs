//! The program `karte` and its own PostgreSQL: started together, killed apart, and whole again.

use std::{
    io::{BufRead, BufReader, Read},
    path::Path,
    process::{Child, Command, Stdio},
    sync::mpsc,
    time::{Duration, Instant},
};

use private_postgres::PrivatePostgres;

/// A running `karte serve`.
struct Karte {
    process: Child,
    url: String,
    log: mpsc::Receiver<String>,
}

fn command(data: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_karte"));
    command.env_remove("DATABASE_URL").env("KARTE_DATA", data).env("KARTE_LISTEN", "127.0.0.1:0").env_remove("KARTE_LOG");
    command
}

/// Starts the program and waits for its address; `None`, said loudly, where PostgreSQL's programs are missing.
fn start(data: &Path) -> Option<Karte> {
    let mut process = command(data).args(["serve", "--log-format", "json"]).stderr(Stdio::piped()).spawn().expect("karte runs");
    let mut lines = BufReader::new(process.stderr.take().expect("piped")).lines().map_while(Result::ok);
    let mut said = String::new();
    let url = loop {
        let Some(line) = lines.next() else {
            let _ = process.wait();
            assert!(said.contains("DATABASE_URL"), "karte did not start: {said}");
            eprintln!("SKIPPED: {said}");
            return None;
        };
        if let Some(url) = line.strip_prefix("標準カルテ: ") {
            break url.trim_end_matches('/').to_owned();
        }
        said += &line;
        said.push('\n');
    };
    let (sender, log) = mpsc::channel();
    std::thread::spawn(move || lines.for_each(|line| drop(sender.send(line))));
    Some(Karte { process, url, log })
}

impl Karte {
    async fn until_ready(&self) {
        let began = Instant::now();
        loop {
            let answer = server::testing::client().get(format!("{}/readyz", self.url)).send().await.expect("karte answers");
            if answer.status() == 200 {
                return;
            }
            assert!(began.elapsed() < Duration::from_secs(40), "never ready: {}", answer.status());
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    fn terminate(mut self) -> (i32, Vec<String>) {
        signal("-TERM", i32::try_from(self.process.id()).expect("pid"));
        let status = self.process.wait().expect("wait");
        (status.code().unwrap_or(-1), self.log.iter().collect())
    }
}

fn signal(signal: &str, pid: i32) {
    assert!(Command::new("kill").args([signal, &pid.to_string()]).status().expect("kill").success());
}

/// The number of the postmaster, as it notes it itself.
fn postmaster(data: &Path) -> Option<i32> {
    let note = std::fs::read_to_string(data.join("postgres/cluster/postmaster.pid")).ok()?;
    note.lines().next()?.parse().ok()
}

#[tokio::test]
async fn it_survives_the_violent_death_of_either_process() {
    let dir = tempfile::tempdir().expect("tempdir");
    let Some(mut karte) = start(dir.path()) else { return };
    karte.until_ready().await;

    let before = postmaster(dir.path()).expect("runs");
    signal("-9", before);
    let began = Instant::now();
    while postmaster(dir.path()).is_none_or(|pid| pid == before) {
        assert!(began.elapsed() < Duration::from_secs(30), "PostgreSQL was not started again");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    karte.until_ready().await;

    karte.process.kill().expect("kill -9");
    karte.process.wait().expect("wait");
    let orphan = postmaster(dir.path()).expect("left running");
    let karte = start(dir.path()).expect("starts again");
    karte.until_ready().await;
    assert_ne!(postmaster(dir.path()), Some(orphan));

    let (code, log) = karte.terminate();
    assert_eq!(code, 0, "{log:#?}");
    assert_eq!(postmaster(dir.path()), None, "PostgreSQL stopped with it");
}

#[tokio::test]
async fn one_server_a_data_directory_but_commands_may_work_beside_it() {
    let dir = tempfile::tempdir().expect("tempdir");
    let Some(karte) = start(dir.path()) else { return };
    let mut second = command(dir.path()).arg("serve").stderr(Stdio::piped()).spawn().expect("karte runs");
    assert_eq!(second.wait().expect("wait").code(), Some(1));
    let mut said = String::new();
    second.stderr.take().expect("piped").read_to_string(&mut said).expect("text");
    assert!(said.contains("動作中の別の karte"), "{said}");
    let migrated = command(dir.path()).arg("migrate").output().expect("karte runs");
    assert!(migrated.status.success(), "{}", String::from_utf8_lossy(&migrated.stderr));
    assert!(PrivatePostgres::running(dir.path()).is_some(), "the server's database was left alone");
    assert_eq!(karte.terminate().0, 0);
}

#[tokio::test]
async fn the_log_tells_of_every_request_but_never_of_patients() {
    let dir = tempfile::tempdir().expect("tempdir");
    let Some(karte) = start(dir.path()) else { return };
    let client = server::testing::client();
    let page = format!("{}/patients/7f3c9a52-0000-4000-8000-00000000beef/chart?name=山田太郎", karte.url);
    let answer = client.get(page).header("cookie", "karte_session=geheim").send().await.expect("an answer");
    let id = answer.headers()["x-request-id"].to_str().expect("text").to_owned();
    let form = "form[clinic]=a&form[login]=yamada-taro&form[password]=himitsu";
    let request = client.post(format!("{}/api/sign_in", karte.url)).header("sec-fetch-site", "same-origin").body(form);
    request.header("content-type", "application/x-www-form-urlencoded").send().await.expect("an answer");
    let (cookie, staff) = signed_in(dir.path()).await;
    let me = client.post(format!("{}/api/me", karte.url)).header("sec-fetch-site", "same-origin").header("cookie", &cookie);
    let me = me.json(&serde_json::json!({})).send().await.expect("an answer");
    let my_id = me.headers()["x-request-id"].to_str().expect("text").to_owned();
    assert!(me.text().await.expect("text").contains("佐藤"), "the session is good");
    let (_, log) = karte.terminate();
    let log = log.join("\n");
    let mine = log.lines().find(|line| line.contains(&my_id)).unwrap_or_else(|| panic!("no line for {my_id}: {log}"));
    assert!(mine.contains(&format!(r#""staff":"{staff}""#)) && mine.contains(r#""clinic":""#), "{mine}");
    let line = log.lines().find(|line| line.contains(&id)).unwrap_or_else(|| panic!("no line for {id}: {log}"));
    assert!(line.contains(r#""route":"/patients/{id}/chart""#) && line.contains(r#""method":"GET""#), "{line}");
    assert!(line.contains(r#""status":"#) && line.contains(r#""ms":"#), "{line}");
    for secret in ["山田", "%E5%B1%B1", "beef", "geheim", "yamada-taro", "himitsu", "佐藤", "abab"] {
        assert!(!log.contains(secret), "{secret} in {log}");
    }
    let database_log = std::fs::read_to_string(dir.path().join("postgres/log")).expect("log");
    assert!(!database_log.contains("yamada") && !database_log.contains("beef"), "{database_log}");
}

/// A session of a doctor in the running server's database: the cookie and the doctor's id.
async fn signed_in(data: &Path) -> (String, String) {
    let staff = "00000000-0000-4000-8000-0000000000d1";
    let sql = format!(
        "insert into clinic (clinic_id, name, institution_number, address, phone) values ('{staff}', 'x', '1310000001', 'x', 'x');
         insert into staff (clinic_id, id, login, name, role, password_hash) values ('{staff}', '{staff}', 'd', '佐藤', 'doctor', 'x');
         insert into session (clinic_id, token_hash, staff_id, created_at, seen_at, expires_at)
         values ('{staff}', sha256(decode(repeat('ab', 32), 'hex')), '{staff}', now(), now(), now() + '1 hour')"
    );
    server::testing::execute(&PrivatePostgres::running(data).expect("runs"), &sql).await;
    (format!("karte_session={}.{}", staff.replace('-', ""), "ab".repeat(32)), staff.to_owned())
}

#[test]
fn a_wrong_database_url_is_refused_without_repeating_it() {
    let said =
        command(Path::new("unused")).env("DATABASE_URL", "postgre://me:himitsu@x").arg("migrate").output().expect("karte runs");
    let said = String::from_utf8_lossy(&said.stderr).into_owned();
    assert!(said.contains("DATABASE_URL") && !said.contains("himitsu"), "{said}");
}
