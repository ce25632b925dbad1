//! The account that runs the database.
//!
//! PostgreSQL refuses to run as root, rightly. When we are root, its programs run as `karte`,
//! `postgres` or `nobody`, whichever exists first; otherwise as whoever we are.

use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::error::{Error, Tried};

/// Who runs PostgreSQL's programs.
#[derive(Debug, Clone)]
pub(crate) struct Account {
    /// User and group to switch to; `None`: we are an ordinary user and stay it.
    switch: Option<(u32, u32)>,
}

impl Account {
    /// The account for this process.
    pub(crate) fn for_database() -> Result<Self, Error> {
        if !rustix::process::geteuid().is_root() {
            return Ok(Self { switch: None });
        }
        ["karte", "postgres", "nobody"]
            .into_iter()
            .find_map(|name| Some((id("-u", name)?, id("-g", name)?)))
            .filter(|(uid, _)| *uid != 0)
            .map(|ids| Self { switch: Some(ids) })
            .ok_or(Error::NoAccount)
    }

    /// A command run as this account, with a clean environment (no `PG*` of the surroundings,
    /// messages in English) and in a process group of its own: Ctrl-C in the terminal must
    /// reach us and not the database, which has to outlive the last request.
    pub(crate) fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        command
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_else(|| "/usr/bin:/bin".into()))
            .env("LC_ALL", "C")
            .env("TZ", "UTC")
            // Where we stand may be closed to the account; PostgreSQL 15 insists on coming back to it.
            .current_dir("/")
            .process_group(0);
        if let Some((uid, gid)) = self.switch {
            // Given a uid while root, std also drops the supplementary groups.
            command.gid(gid).uid(uid);
        }
        command
    }

    /// Makes the account the owner of `path`.
    pub(crate) fn own(&self, path: &Path) -> Result<(), Error> {
        match self.switch {
            None => Ok(()),
            Some((uid, gid)) => std::os::unix::fs::chown(path, Some(uid), Some(gid))
                .tried(|| format!("{} の所有者を変更できません / chown", path.display())),
        }
    }

    /// Whether the account can walk to `dir` (each directory above must let it through).
    pub(crate) fn can_enter(&self, dir: &Path) -> bool {
        self.command("/bin/sh")
            .args(["-c", "cd \"$0\""])
            .arg(dir)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .is_ok_and(|status| status.success())
    }
}

/// Asks `id`, which knows every source of accounts the machine has, not only /etc/passwd.
fn id(flag: &str, name: &str) -> Option<u32> {
    let output = Command::new("id").args([flag, name]).stderr(Stdio::null()).output().ok()?;
    output.status.success().then_some(())?;
    String::from_utf8(output.stdout).ok()?.trim().parse().ok()
}
