//! Throw-away databases for tests: the directory, and the watchdog that clears up after a
//! process that ended without dropping its database.

use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

use crate::error::{Error, Tried};

/// A fresh temporary directory.
pub(crate) fn directory() -> Result<TempDir, Error> {
    tempfile::Builder::new().prefix("karte-test-").tempdir().tried(|| "tempdir".to_owned())
}

/// A small shell that waits for the end of its standard input, which comes when we are gone,
/// however that happened, and then stops the database and removes its directory.
#[derive(Debug)]
pub(crate) struct Watchdog(Child);

impl Watchdog {
    /// Watches over the database in `data_dir`.
    pub(crate) fn start(data_dir: &Path) -> Result<Self, Error> {
        const SCRIPT: &str = r#"
            read -r _
            if read -r pid <"$0/postgres/cluster/postmaster.pid"; then
                kill -QUIT "$pid"
                n=0; while kill -0 "$pid" && [ $n -lt 100 ]; do n=$((n + 1)); sleep 0.05; done
            fi
            rm -rf "$0"
        "#;
        Command::new("/bin/sh")
            .args(["-c", SCRIPT])
            .arg(data_dir)
            .current_dir("/")
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map(Self)
            .tried(|| "sh".to_owned())
    }
}

impl Drop for Watchdog {
    fn drop(&mut self) {
        // By now the database has stopped and taken its note with it: nothing is left to kill.
        drop(self.0.stdin.take());
        let _ = self.0.wait();
    }
}
