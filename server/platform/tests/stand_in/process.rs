//! The program itself, over HTTPS with certificates it issued: killed again and again it keeps what it took and does nothing
//! twice, and it stops when asked.

use crate::support::{A, MEMBER, Room, document};
use links::{HttpSharing, RecordSharing};
use model::{codes::InstitutionNumber, outside::Purpose};
use platform::Done;
use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};

/// A running program, killed when the test is over.
struct Running {
    child: Child,
    sharing: HttpSharing,
    control: String,
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn program() -> Command {
    Command::new(env!("CARGO_BIN_EXE_karte-platform"))
}

fn start(dir: &Path) -> Running {
    let issued = program().args(["certificates", "--dir"]).arg(dir.join("certificates")).arg(A).output().expect("it runs");
    assert!(issued.status.success(), "{issued:?}");
    let mut child = program()
        .args(["--listen", "127.0.0.1:0", "--control", "127.0.0.1:0", "--data"])
        .arg(dir.join("data"))
        .arg("--certificates")
        .arg(dir.join("certificates"))
        .env("RUST_LOG", "info")
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let output = child.stdout.take().expect("piped");
    let lines = BufReader::new(output).lines().map(|line| line.expect("a line"));
    let mut logs = lines.map_while(|line| serde_json::from_str::<serde_json::Value>(&line).ok());
    let mut address =
        |name: &str| logs.find_map(|log| Some(log["fields"][name].as_str()?.to_owned())).expect("it says where it listens");
    let (control, address) = (address("control"), address("address"));
    // The rest of the log is read away, so that the pipe never breaks or fills.
    std::thread::spawn(move || logs.count());
    let certificates = dir.join("certificates");
    let sharing = HttpSharing::open(&format!("https://{address}"), Some(&certificates), Duration::from_secs(5));
    Running { child, sharing: sharing.expect("an address"), control: format!("http://{control}") }
}

impl Running {
    /// SIGKILL: no chance to tidy up.
    fn kill(mut self) {
        self.child.kill().expect("it can be killed");
        self.child.wait().expect("it ends");
    }

    async fn journal(&self) -> Vec<Done> {
        links::tls::install_ring();
        let answer = reqwest::get(format!("{}/v1/journal", self.control)).await.expect("an answer");
        answer.json().await.expect("a list")
    }
}

#[tokio::test]
async fn keeps_consents_over_a_kill_and_stops_when_asked() {
    let room = Room::new();
    let who = InstitutionNumber(A.into());
    let running = start(&room.0);
    running.sharing.set_consent(&who, MEMBER, true).await.expect("recorded");
    running.kill();
    let mut running = start(&room.0);
    let listed = running.sharing.list(&who, MEMBER, Purpose::Treatment).await;
    assert_eq!(listed, Ok(vec![]), "the consent is still there");
    let asked = Command::new("kill").arg(running.child.id().to_string()).status().expect("kill runs");
    assert!(asked.success());
    let status = running.child.wait().expect("it ends");
    assert!(status.success(), "a graceful end is a success: {status}");
}

#[tokio::test]
async fn killed_in_the_middle_it_does_everything_once_and_in_order() {
    const SENDS: usize = 60;
    let room = Room::new();
    let who = InstitutionNumber(A.into());
    let mut running = start(&room.0);
    let mut receipts = Vec::new();
    for n in 0..SENDS {
        let document = document(A, &format!("x{n}"), "さば");
        let key = format!("key-{n}");
        if n % 6 == 5 {
            // Killed while the request is on its way: whether it was done nobody knows.
            let sharing = running.sharing.clone();
            let (sender, sent, again) = (who.clone(), document.clone(), key.clone());
            let send = tokio::spawn(async move { sharing.register(&sender, &sent, &again).await });
            tokio::time::sleep(Duration::from_millis((n as u64 * 7) % 40)).await;
            running.kill();
            let _ = send.await;
            running = start(&room.0);
        }
        let answer = running.sharing.register(&who, &document, &key).await.expect("taken");
        // And once more, as a sender does that did not hear.
        assert_eq!(running.sharing.register(&who, &document, &key).await, Ok(answer.clone()));
        receipts.push(answer.receipt().to_owned());
    }
    let journal = running.journal().await;
    let done: Vec<_> = journal.iter().map(|done| (done.key.clone(), done.receipt.clone())).collect();
    let sent: Vec<_> = receipts.iter().enumerate().map(|(n, receipt)| (format!("key-{n}"), receipt.clone())).collect();
    assert_eq!(done, sent, "each once, in the order it was sent");
}

#[test]
fn it_says_what_is_missing() {
    let room = Room::new();
    let bare = program()
        .env_remove("KARTE_PLATFORM_CERTIFICATES")
        .args(["--listen", "127.0.0.1:0", "--data"])
        .arg(&room.0)
        .output()
        .expect("it runs");
    assert!(!bare.status.success() && String::from_utf8_lossy(&bare.stderr).contains("--certificates"), "{bare:?}");
    let wrong = program().args(["certificates", "--dir"]).arg(&room.0).arg("12").output().expect("it runs");
    assert!(!wrong.status.success());
}
