//! The program itself: it starts, keeps what it took over a `kill -9`, and stops when asked.

use links::{HttpSharing, RecordSharing};
use model::{codes::InstitutionNumber, outside::Purpose};
use std::{
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

/// A running program, killed when the test is over.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn start(data: &Path) -> (Running, HttpSharing) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_karte-platform"))
        .args(["--insecure", "--listen", "127.0.0.1:0", "--data"])
        .arg(data)
        .env("RUST_LOG", "info")
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let output = child.stdout.take().expect("piped");
    let running = Running(child);
    let lines = BufReader::new(output).lines().map(|line| line.expect("a line"));
    let mut addresses = lines.filter_map(|line| {
        let log: serde_json::Value = serde_json::from_str(&line).ok()?;
        Some(log["fields"]["address"].as_str()?.to_owned())
    });
    let address = addresses.next().expect("it says where it listens");
    // The rest of the log is read away, so that the pipe never breaks or fills.
    std::thread::spawn(move || addresses.count());
    (running, HttpSharing::new(&format!("http://{address}"), Duration::from_secs(5)).expect("an address"))
}

#[tokio::test]
async fn keeps_consents_over_a_kill_and_stops_when_asked() {
    let dir = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("platform-process-{}", std::process::id()));
    let who = InstitutionNumber("1310000011".into());
    {
        let (mut running, sharing) = start(&dir);
        sharing.set_consent(&who, "06130488::187:", true).await.expect("recorded");
        // SIGKILL: no chance to tidy up.
        running.0.kill().expect("it can be killed");
        running.0.wait().expect("it ends");
    }
    let (mut running, sharing) = start(&dir);
    assert_eq!(sharing.list(&who, "06130488::187:", Purpose::Treatment).await, Ok(vec![]), "the consent is still there");
    let asked = Command::new("kill").arg(running.0.id().to_string()).status().expect("kill runs");
    assert!(asked.success());
    let status = running.0.wait().expect("it ends");
    assert!(status.success(), "a graceful end is a success: {status}");
    std::fs::remove_dir_all(&dir).expect("own directory");
}
