//! The order to stop: one switch, many who watch it.

use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

/// Becomes true once, when the server is to stop. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Shutdown(watch::Receiver<bool>);

/// The other end: turns the switch.
#[derive(Debug)]
pub struct Switch(watch::Sender<bool>);

impl Shutdown {
    /// A switch and those who watch it.
    pub fn new() -> (Switch, Self) {
        let (sender, receiver) = watch::channel(false);
        (Switch(sender), Self(receiver))
    }

    /// Turns on SIGTERM (a service manager) and SIGINT (Ctrl-C).
    ///
    /// # Errors
    /// When the operating system refuses to tell us about signals.
    pub fn on_signals() -> std::io::Result<Self> {
        let (switch, shutdown) = Self::new();
        let mut terminate = signal(SignalKind::terminate())?;
        let mut interrupt = signal(SignalKind::interrupt())?;
        tokio::spawn(async move {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
            tracing::info!("stopping");
            switch.turn();
            // Kept, so that nobody takes its end for the order; and a second Ctrl-C does not cut the database short.
            std::future::pending::<()>().await;
        });
        Ok(shutdown)
    }

    /// Waits for the order.
    pub async fn wait(&mut self) {
        // An abandoned switch means that its owner is gone: stop, too.
        let _ = self.0.wait_for(|stop| *stop).await;
    }

    /// The watched value, for those who want it bare.
    pub fn receiver(&self) -> watch::Receiver<bool> {
        self.0.clone()
    }
}

impl Switch {
    /// Gives the order.
    pub fn turn(&self) {
        self.0.send_replace(true);
    }
}
