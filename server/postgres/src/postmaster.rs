//! Starts PostgreSQL's main process and waits until it answers.
//!
//! A clinic may keep its data where the database account cannot walk to, such as below root's
//! own 0700 home. Then the directory is opened by us and handed over as an open file: the
//! account knows it as `/proc/self/fd/9`, which needs no permission on the directories above.

use std::ffi::OsString;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::account::Account;
use crate::error::{Error, Tried};
use crate::left_over::PidFile;
use crate::place::Place;
use crate::programs::Programs;

/// The number in the socket's file name. Nothing listens on TCP.
pub(crate) const PORT: u16 = 5432;

/// How long a start that ends at once is tried again: processes of a killed postmaster need a
/// moment to notice, and hold the shared memory until then.
const PATIENCE: Duration = Duration::from_secs(15);

/// How long a living postmaster may take (it replays its log after a crash).
const RECOVERY: Duration = Duration::from_secs(600);

/// A log larger than this is put aside at start.
const LOG_LIMIT: u64 = 4 << 20;

/// Whether data must survive the machine's death.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Durability {
    /// A clinic's data.
    Full,
    /// Tests.
    None,
}

/// Everything needed to start the same postmaster again and again.
#[derive(Debug)]
pub(crate) struct Launcher {
    account: Account,
    postgres: PathBuf,
    cluster: PathBuf,
    reachable: bool,
    socket: PathBuf,
    log: PathBuf,
    durability: Durability,
}

impl Launcher {
    /// Notes where everything is; starts nothing.
    pub(crate) fn new(place: &Place, programs: &Programs, account: &Account, socket: &Path, durability: Durability) -> Self {
        Self {
            account: account.clone(),
            postgres: programs.postgres.clone(),
            cluster: place.cluster.clone(),
            reachable: place.reachable,
            socket: socket.to_owned(),
            log: place.log.clone(),
            durability,
        }
    }

    /// Starts a postmaster and returns when it accepts connections.
    pub(crate) fn launch(&self) -> Result<Child, Error> {
        let began = Instant::now();
        loop {
            let mut child = self.spawn()?;
            let spawned = Instant::now();
            let ended = loop {
                if self.accepts(&child) {
                    return Ok(child);
                }
                if child.try_wait().tried(|| "wait".to_owned())?.is_some() {
                    break true;
                }
                if spawned.elapsed() > RECOVERY {
                    break false;
                }
                std::thread::sleep(Duration::from_millis(20));
            };
            if !ended || began.elapsed() > PATIENCE {
                // Reaped already, or hopeless: nothing may stay behind.
                let _ = child.kill();
                let _ = child.wait();
                return Err(Error::DidNotStart { log: self.log.clone(), tail: tail(&self.log) });
            }
            std::thread::sleep(Duration::from_millis(300));
        }
    }

    /// Starts a postmaster without waiting.
    pub(crate) fn spawn(&self) -> Result<Child, Error> {
        let log = self.open_log()?;
        let (mut command, pgdata) = handed_over(&self.account, &self.postgres, &self.cluster, self.reachable)?;
        command.arg("-D").arg(pgdata);
        for (name, value) in self.settings() {
            let mut setting = OsString::from(format!("{name}="));
            setting.push(value);
            command.arg("-c").arg(setting);
        }
        command.stdout(Stdio::null()).stderr(log).spawn().tried(|| format!("{} を実行できません / run", self.postgres.display()))
    }

    /// Whether this very child (not a predecessor's note) says that it is ready.
    pub(crate) fn accepts(&self, child: &Child) -> bool {
        PidFile::read(&self.cluster).is_some_and(|note| note.ready && u32::try_from(note.pid).is_ok_and(|pid| pid == child.id()))
    }

    fn settings(&self) -> Vec<(&'static str, OsString)> {
        let mut settings: Vec<(&'static str, OsString)> = vec![
            ("listen_addresses", "".into()),
            ("unix_socket_directories", self.socket.clone().into()),
            ("unix_socket_permissions", "0700".into()),
            ("port", PORT.to_string().into()),
            ("max_connections", "100".into()),
            ("timezone", "UTC".into()),
            ("log_timezone", "UTC".into()),
            // The log names no statement and no value: both carry patients' data.
            ("log_min_messages", "log".into()),
            ("log_min_error_statement", "panic".into()),
            ("log_error_verbosity", "terse".into()),
            ("log_statement", "none".into()),
            ("log_checkpoints", "off".into()),
            ("logging_collector", "off".into()),
            ("log_destination", "stderr".into()),
        ];
        if self.durability == Durability::None {
            settings.extend([
                ("fsync", "off".into()),
                ("synchronous_commit", "off".into()),
                ("full_page_writes", "off".into()),
                ("autovacuum", "off".into()),
                ("max_connections", "300".into()),
            ]);
        }
        settings
    }

    fn open_log(&self) -> Result<File, Error> {
        if std::fs::metadata(&self.log).is_ok_and(|log| log.len() > LOG_LIMIT) {
            // Losing an old log is no reason not to start.
            let _ = std::fs::rename(&self.log, self.log.with_extension("old"));
        }
        File::options().create(true).append(true).open(&self.log).tried(|| format!("{} を開けません / open", self.log.display()))
    }
}

/// A command for `program` that works on the directory `dir`, and the name under which it knows it.
pub(crate) fn handed_over(account: &Account, program: &Path, dir: &Path, reachable: bool) -> Result<(Command, PathBuf), Error> {
    if reachable {
        let mut command = account.command(program);
        command.stdin(Stdio::null());
        return Ok((command, dir.to_owned()));
    }
    // Only standard input can be handed over without unsafe code; the shell moves it to 9,
    // where it stays open for all that the program starts (initdb uses its own standard input).
    let opened = File::open(dir).tried(|| format!("{} を開けません / open", dir.display()))?;
    let mut command = account.command("/bin/sh");
    command.args(["-c", "exec \"$0\" \"$@\" 9<&0 0</dev/null"]).arg(program).stdin(Stdio::from(opened));
    Ok((command, "/proc/self/fd/9".into()))
}

/// The last lines of the log.
fn tail(log: &Path) -> String {
    let text = std::fs::read(log).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(8)..].join("\n")
}
