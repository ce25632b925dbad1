//! Watches the postmaster: restarts it when it dies, stops it when asked.
//!
//! A thread, not an async task: it must outlive the runtime that started it (tests share one
//! database between many short runtimes), and the process is only ever signalled by the one
//! who also reaps it, so a signal cannot hit a stranger that got the same number.

use std::process::Child;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use crate::error::{Error, Tried};
use crate::postmaster::Launcher;

const GLANCE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// The watching thread. Dropping it stops the database and waits.
#[derive(Debug)]
pub(crate) struct Supervisor {
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Supervisor {
    /// Takes over a running postmaster.
    pub(crate) fn watch(child: Child, launcher: Launcher) -> Result<Self, Error> {
        let (stop, stopped) = channel();
        let thread = std::thread::Builder::new()
            .name("postgres".to_owned())
            .spawn(move || keep_running(child, &launcher, &stopped))
            .tried(|| "thread".to_owned())?;
        Ok(Self { stop: Some(stop), thread: Some(thread) })
    }
}

impl Drop for Supervisor {
    fn drop(&mut self) {
        // The thread takes the closed channel for the order to stop.
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn keep_running(mut child: Child, launcher: &Launcher, stopped: &Receiver<()>) {
    let mut pause = GLANCE;
    let mut since = Instant::now();
    loop {
        if asked_to_stop(stopped, GLANCE) {
            return shut_down(child);
        }
        let status = match child.try_wait() {
            Ok(None) => continue,
            Ok(Some(status)) => status.to_string(),
            Err(error) => error.to_string(),
        };
        if since.elapsed() > Duration::from_secs(60) {
            pause = GLANCE;
        }
        tracing::error!(%status, "PostgreSQL ended unexpectedly; starting it again");
        loop {
            // While orphaned processes still hold the shared memory, a start ends at once.
            if asked_to_stop(stopped, pause) {
                return;
            }
            pause = (pause * 2).min(LONGEST_PAUSE);
            match launcher.spawn() {
                Ok(next) => {
                    child = next;
                    since = Instant::now();
                    break;
                }
                Err(error) => tracing::error!(%error, "PostgreSQL cannot be started"),
            }
        }
    }
}

fn asked_to_stop(stopped: &Receiver<()>, wait: Duration) -> bool {
    !matches!(stopped.recv_timeout(wait), Err(RecvTimeoutError::Timeout))
}

/// Fast shutdown: sessions are ended, everything is written. Then the rougher ways.
fn shut_down(mut child: Child) {
    let process = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
    for (signal, patience) in [(Signal::INT, 20), (Signal::QUIT, 5)] {
        if let Some(process) = process {
            let _ = kill_process(process, signal);
        }
        let began = Instant::now();
        while began.elapsed() < Duration::from_secs(patience) {
            match child.try_wait() {
                Ok(None) => std::thread::sleep(Duration::from_millis(10)),
                _ => return,
            }
        }
        tracing::warn!("PostgreSQL does not stop; insisting");
    }
    let _ = child.kill();
    let _ = child.wait();
}
