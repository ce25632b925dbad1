//! The three processes: started, killed, and started again.

use super::Random;
use clinic::testing::{Founded, PASSWORD};
use model::staff::Role;
use private_postgres::PrivatePostgres;
use serde_json::Value;
use sqlx::postgres::PgConnectOptions;
use std::{
    fs::File,
    net::{SocketAddr, TcpListener},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{
        Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};
use tempfile::TempDir;

/// How long a request or a start may take before it counts as a failure of the test.
const PATIENCE: Duration = Duration::from_secs(120);

/// A program that is started again when it ends.
struct Program {
    name: &'static str,
    command: Box<dyn Fn() -> Command + Send + Sync>,
    child: Mutex<Child>,
    kills: AtomicUsize,
}

impl Program {
    fn start(name: &'static str, command: Box<dyn Fn() -> Command + Send + Sync>) -> Self {
        let child = Mutex::new(command().spawn().expect("the program runs"));
        Self { name, command, child, kills: AtomicUsize::new(0) }
    }

    /// What a supervisor does: what has ended is started again.
    fn look_after(&self) {
        let mut child = self.child.lock().expect("no holder panics");
        if let Ok(Some(_)) = child.try_wait() {
            *child = (self.command)().spawn().expect("the program runs");
        }
    }

    fn kill(&self) {
        let mut child = self.child.lock().expect("no holder panics");
        if child.kill().is_ok() {
            let _ = child.wait();
            self.kills.fetch_add(1, Ordering::SeqCst);
        }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let child = self.child.get_mut().expect("no holder panics");
        let _ = child.kill();
        let _ = child.wait();
    }
}

/// The clinic's server with its database, and the platform.
pub struct House {
    karte: Program,
    platform: Program,
    postgres_kills: AtomicUsize,
    address: SocketAddr,
    service: SocketAddr,
    control: SocketAddr,
    client: reqwest::Client,
    calm: AtomicBool,
    dir: TempDir,
}

fn free_address() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a free port")
}

/// The stand-in's program lies beside the server's; where it does not, or is older than its sources, it is built.
fn stand_in() -> PathBuf {
    let program = Path::new(env!("CARGO_BIN_EXE_karte")).with_file_name("karte-platform");
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("platform/src");
    let written = |path: &Path| path.metadata().and_then(|m| m.modified()).ok();
    let newest = std::fs::read_dir(&sources).into_iter().flatten().filter_map(|e| written(&e.ok()?.path())).max();
    if written(&program).is_none_or(|built| newest.is_some_and(|source| source > built)) {
        let mut build = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        build.args(["build", "--package", "platform", "--bin", "karte-platform"]);
        assert!(build.status().expect("cargo runs").success(), "karte-platform is built");
    }
    program
}

/// The program under another name, so that a build beside the test does not change it under way.
fn kept(program: &Path, dir: &Path) -> PathBuf {
    let name = dir.join(program.file_name().expect("a program has a name"));
    std::fs::hard_link(program, &name).or_else(|_| std::fs::copy(program, &name).map(drop)).expect("the program can be kept");
    name
}

impl House {
    /// Starts all three; `None`, said loudly, where PostgreSQL's programs are missing.
    pub async fn open() -> Option<Self> {
        let dir = tempfile::tempdir().expect("a temporary directory");
        let [address, service, control] = [(); 3].map(|()| free_address());
        let log = |dir: &Path, name: &str| {
            let file = File::options().create(true).append(true).open(dir.join(name)).expect("a log");
            Stdio::from(file)
        };
        let karte = kept(Path::new(env!("CARGO_BIN_EXE_karte")), dir.path());
        let (at, program) = (dir.path().to_owned(), kept(&stand_in(), dir.path()));
        let platform = Program::start(
            "platform",
            Box::new(move || {
                let mut command = Command::new(&program);
                command.arg("--insecure").arg("--data").arg(at.join("platform"));
                command.args(["--listen", &service.to_string(), "--control", &control.to_string()]);
                command.stdin(Stdio::null()).stdout(log(&at, "platform.log")).stderr(log(&at, "platform.log"));
                command
            }),
        );
        let at = dir.path().to_owned();
        let karte = Program::start(
            "karte",
            Box::new(move || {
                let mut command = Command::new(&karte);
                command.env_remove("DATABASE_URL").env("KARTE_DATA", at.join("data")).env("KARTE_LISTEN", address.to_string());
                command.env("KARTE_PLATFORM_URL", format!("http://{service}")).env("KARTE_LOG", "warn");
                command.args(["serve", "--log-format", "json"]);
                command.stdin(Stdio::null()).stdout(log(&at, "karte.log")).stderr(log(&at, "karte.log"));
                command
            }),
        );
        links::tls::install_ring();
        let client = reqwest::Client::builder().timeout(Duration::from_secs(20)).build().expect("a client");
        let house = Self {
            karte,
            platform,
            postgres_kills: AtomicUsize::new(0),
            address,
            service,
            control,
            client,
            calm: AtomicBool::new(false),
            dir,
        };
        let began = Instant::now();
        loop {
            if house.client.get(format!("http://{address}/readyz")).send().await.is_ok_and(|a| a.status() == 200) {
                return Some(house);
            }
            let said = house.log("karte.log");
            if house.karte.child.lock().expect("no holder panics").try_wait().is_ok_and(|ended| ended.is_some()) {
                assert!(said.contains("DATABASE_URL"), "karte did not start: {said}");
                eprintln!("SKIPPED: {said}");
                return None;
            }
            assert!(began.elapsed() < PATIENCE, "karte is never ready: {said}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// The end of a log.
    pub fn log(&self, name: &str) -> String {
        let text = std::fs::read(self.dir.path().join(name)).unwrap_or_default();
        let text = String::from_utf8_lossy(&text);
        let lines: Vec<&str> = text.lines().collect();
        lines[lines.len().saturating_sub(20)..].join("\n")
    }

    /// How to reach the server's database, once it is there.
    pub async fn database(&self) -> PgConnectOptions {
        let began = Instant::now();
        loop {
            if let Some(options) = PrivatePostgres::running(&self.dir.path().join("data")) {
                return options;
            }
            assert!(began.elapsed() < PATIENCE, "PostgreSQL is never ready");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    fn postmaster(&self) -> Option<i32> {
        let note = std::fs::read_to_string(self.dir.path().join("data/postgres/cluster/postmaster.pid")).ok()?;
        note.lines().next()?.parse().ok()
    }

    fn kill_postgres(&self) {
        let Some(pid) = self.postmaster() else { return };
        if Command::new("kill").args(["-9", &pid.to_string()]).stderr(Stdio::null()).status().is_ok_and(|s| s.success()) {
            self.postgres_kills.fetch_add(1, Ordering::SeqCst);
        }
    }

    /// A session of a member of staff; the whole cookie.
    pub async fn sign_in(&self, founded: &Founded, role: Role) -> String {
        let encode = |text: &str| text.bytes().map(|b| format!("%{b:02X}")).collect::<String>();
        let body = format!(
            "form%5Bclinic%5D={}&form%5Blogin%5D={}&form%5Bpassword%5D={}",
            founded.slug,
            role.as_str(),
            encode(PASSWORD)
        );
        let request = self
            .client
            .post(format!("http://{}/api/sign_in", self.address))
            .header("sec-fetch-site", "same-origin")
            .header("accept", "application/json")
            .header("content-type", "application/x-www-form-urlencoded")
            .body(body);
        let answer = request.send().await.expect("an answer");
        let cookie = answer.headers().get("set-cookie").expect("a session").to_str().expect("text");
        cookie.split(';').next().expect("a value").to_owned()
    }

    /// Asks a route of the server until somebody answers. Once an answer was lost or the server had a fault, what was asked
    /// may have been done: then a refusal (409, 404, 422) may only mean that.
    pub async fn ask(&self, cookie: &str, route: &str, body: &Value) -> Answered {
        let began = Instant::now();
        let mut lost = false;
        loop {
            let request = self
                .client
                .post(format!("http://{}/api/{route}", self.address))
                .header("sec-fetch-site", "same-origin")
                .header("accept", "application/json")
                .header("cookie", cookie)
                .json(body);
            let answer = async {
                let answer = request.send().await?;
                let status = answer.status().as_u16();
                Ok::<_, reqwest::Error>((status, answer.json::<Value>().await?))
            };
            match answer.await {
                Ok((200, body)) => return Answered::Done(body),
                Ok((status, body)) if status < 500 => return Answered::Refused { status, body, lost },
                _ => lost = true,
            }
            assert!(
                began.elapsed() < PATIENCE,
                "{route} is never answered: {}\n{}",
                self.log("karte.log"),
                self.log("data/postgres/log")
            );
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// Something the platform tells, asked for until it answers: on its control port, or as the clinic at its service.
    pub async fn platform(&self, path: &str, institution: Option<&str>) -> (u16, Vec<u8>) {
        let began = Instant::now();
        loop {
            let to = if institution.is_some() { self.service } else { self.control };
            let request = self.client.get(format!("http://{to}{path}")).header("x-institution-number", institution.unwrap_or(""));
            let answer = async {
                let answer = request.send().await?;
                Ok::<_, reqwest::Error>((answer.status().as_u16(), answer.bytes().await?.to_vec()))
            };
            match answer.await {
                Ok((status, body)) if status < 500 => return (status, body),
                _ => assert!(began.elapsed() < PATIENCE, "{path}: {}", self.log("platform.log")),
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// What was killed how often.
    pub fn killed(&self) -> String {
        let [karte, platform] = [&self.karte, &self.platform].map(|p| format!("{} {}", p.name, p.kills.load(Ordering::SeqCst)));
        format!("{karte}, {platform}, postgres {}", self.postgres_kills.load(Ordering::SeqCst))
    }

    /// Whether each of the three was.
    pub fn each_was_killed(&self) -> bool {
        let kills = [&self.karte.kills, &self.platform.kills, &self.postgres_kills];
        kills.iter().all(|kills| kills.load(Ordering::SeqCst) > 0)
    }

    /// From now on the supervisor has nothing to do.
    pub fn no_more_killing(&self) {
        self.calm.store(true, Ordering::SeqCst);
        self.karte.look_after();
        self.platform.look_after();
    }
}

impl Drop for House {
    fn drop(&mut self) {
        if std::thread::panicking() {
            // What the processes said is the only way to learn why.
            self.dir.disable_cleanup(true);
            eprintln!("the processes' logs are kept in {}", self.dir.path().display());
        }
    }
}

/// What became of a request.
pub enum Answered {
    /// The answer.
    Done(Value),
    /// It was refused; `lost` when an earlier try of the same may have been done.
    Refused {
        /// HTTP status.
        status: u16,
        /// The error.
        body: Value,
        /// An earlier answer was lost.
        lost: bool,
    },
}

/// Every few seconds one of the three dies, sometimes two at once; a little later the supervisor looks.
pub async fn kill_at_random(house: std::sync::Arc<House>, mut random: Random) {
    let seconds = Duration::from_secs_f32;
    // Each has its turn before one has another, so that also a quick run kills all three.
    let mut turns = Vec::new();
    loop {
        tokio::time::sleep(random.time(seconds(1.5), seconds(4.5))).await;
        for _ in 0..=usize::from(random.below(6) == 0) {
            let house = house.clone();
            if turns.is_empty() {
                turns = vec![0, 1, 2];
            }
            let which = turns.swap_remove(random.below(turns.len()));
            // Waiting for the end of a process is not for this thread.
            let killed = tokio::task::spawn_blocking(move || match which {
                0 => house.karte.kill(),
                1 => house.platform.kill(),
                _ => house.kill_postgres(),
            });
            killed.await.expect("kills");
        }
        tokio::time::sleep(random.time(seconds(0.0), seconds(0.5))).await;
        if !house.calm.load(Ordering::SeqCst) {
            house.karte.look_after();
            house.platform.look_after();
        }
    }
}
