//! What a killed predecessor left: a postmaster that still runs, processes of a dead one, or only its note.
//!
//! PostgreSQL writes `postmaster.pid` into its directory and refuses to start while the process
//! named there seems alive. After `kill -9` (or a container's restart, where small process
//! numbers come back for other programs) that note lies; holding the lock, we can say so. A postmaster that was just being
//! started has no note yet, and the processes of a killed one live on for a moment: both hold the cluster's shared memory.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use crate::account::Account;
use crate::error::{Error, Tried};
use crate::place::remove_left_over_socket;

/// The lines of `postmaster.pid` that matter here (PostgreSQL, `miscadmin.h`, LOCK_FILE_LINE_*).
#[derive(Debug)]
pub(crate) struct PidFile {
    pub(crate) pid: i32,
    pub(crate) socket: PathBuf,
    pub(crate) ready: bool,
}

impl PidFile {
    /// Reads the note; `None` when there is none or it is half written.
    pub(crate) fn read(cluster: &Path) -> Option<Self> {
        let text = std::fs::read_to_string(cluster.join("postmaster.pid")).ok()?;
        let lines: Vec<&str> = text.lines().map(str::trim).collect();
        Some(Self {
            pid: lines.first()?.parse().ok()?,
            socket: lines.get(4).copied().unwrap_or_default().into(),
            ready: lines.get(7).copied() == Some("ready"),
        })
    }
}

/// Stops the postmaster that a killed predecessor left running, whatever else works in the cluster, and removes its note.
pub(crate) fn clear(cluster: &Path, account: &Account) -> Result<(), Error> {
    let note_path = cluster.join("postmaster.pid");
    if !note_path.exists() {
        return stop_the_rest(cluster, account);
    }
    let note = PidFile::read(cluster);
    if let Some(note) = &note
        && works_in(cluster, note.pid, account)
    {
        tracing::warn!(pid = note.pid, "stopping the PostgreSQL that a killed karte left running");
        stop(cluster, note.pid, account)?;
    }
    stop_the_rest(cluster, account)?;
    if let Some(note) = &note {
        remove_left_over_socket(note);
    }
    match std::fs::remove_file(&note_path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(error).tried(|| format!("{} を削除できません / rm", note_path.display()))
        }
        _ => Ok(()),
    }
}

/// Fast shutdown first (everything written), then the rougher ones.
fn stop(cluster: &Path, pid: i32, account: &Account) -> Result<(), Error> {
    let process = Pid::from_raw(pid).ok_or(Error::WillNotStop { pid })?;
    for (signal, patience) in [(Signal::INT, 20), (Signal::QUIT, 5), (Signal::KILL, 5)] {
        let _ = kill_process(process, signal);
        let began = Instant::now();
        while began.elapsed() < Duration::from_secs(patience) {
            if !works_in(cluster, pid, account) {
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    }
    Err(Error::WillNotStop { pid })
}

/// Stops what no note names: a postmaster that was being started, and what a killed one left. They are asked to end at once
/// (nothing is lost: what was committed is in the log), then made to.
fn stop_the_rest(cluster: &Path, account: &Account) -> Result<(), Error> {
    for (signal, patience) in [(Signal::QUIT, 5), (Signal::KILL, 5)] {
        let began = Instant::now();
        let mut left = at_work(cluster, account);
        for process in left.iter().filter_map(|pid| Pid::from_raw(*pid)) {
            let _ = kill_process(process, signal);
        }
        while !left.is_empty() && began.elapsed() < Duration::from_secs(patience) {
            std::thread::sleep(Duration::from_millis(50));
            left = at_work(cluster, account);
        }
    }
    at_work(cluster, account).first().map_or(Ok(()), |pid| Err(Error::WillNotStop { pid: *pid }))
}

/// The PostgreSQL processes that work in the cluster. Where the system does not list processes, none are known.
fn at_work(cluster: &Path, account: &Account) -> Vec<i32> {
    let processes = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    let numbers = processes.filter_map(|entry| entry.file_name().to_str()?.parse::<i32>().ok());
    let postgres =
        numbers.filter(|pid| std::fs::read_to_string(format!("/proc/{pid}/comm")).is_ok_and(|c| c.trim_end() == "postgres"));
    postgres.filter(|pid| works_in(cluster, *pid, account)).collect()
}

/// Whether the process is a living PostgreSQL of this cluster: its working directory is the
/// cluster. Asked as the database account, since even root may be forbidden to look into other
/// people's processes (containers). A zombie has no working directory.
fn works_in(cluster: &Path, pid: i32, account: &Account) -> bool {
    if !Path::new("/proc/self/cwd").exists() {
        return account.command("kill").arg("-0").arg(pid.to_string()).stderr(Stdio::null()).status().is_ok_and(|s| s.success());
    }
    let link = account.command("readlink").arg(format!("/proc/{pid}/cwd")).stderr(Stdio::null()).output();
    link.is_ok_and(|output| Path::new(String::from_utf8_lossy(&output.stdout).trim_end()) == cluster)
}
