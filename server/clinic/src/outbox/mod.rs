//! The worker that empties the outbox: it makes what is due, sends what waits, keeps the order of each patient, asks for what
//! was not decided at once, and writes down the answers.
//!
//! Several servers may run it at once: a row is claimed by a lease. A document whose sender died is sent again when the
//! lease runs out; the platform knows it by the row's id as its key, so that a repeat is harmless.

mod claim;
mod due;
mod progress;
mod settle;

pub use claim::release;
pub use progress::letters;

use crate::{Clinic, Error, Fallible};
use chrono::{DateTime, Utc};
use claim::Claimed;
use links::{RecordSharing, SharingError, Target};
use model::{codes::InstitutionNumber, ids::*};
use sqlx::postgres::PgListener;
use std::{future::Future, sync::Arc, time};
use tokio::{task::JoinSet, time::Instant};
use uuid::Uuid;

/// The channel of PostgreSQL's notifications by which the worker hears of something new.
pub(crate) const CHANNEL: &str = "karte_outbox";

/// How soon it looks again while something is on its way.
const SOON: time::Duration = time::Duration::from_millis(700);
/// How soon it looks again when nothing is.
const LATER: time::Duration = time::Duration::from_secs(5);
/// How long an answer is tried to be written down while the database is away.
const PERSEVERANCE: time::Duration = time::Duration::from_secs(20);
/// How often it asks where letters stand.
const LETTERS: time::Duration = time::Duration::from_secs(60);

/// What one look found.
#[derive(Debug, Clone, Copy, Default)]
struct Look {
    /// Documents in hand.
    claimed: usize,
    /// Of these, those that were answered.
    answered: usize,
    /// When the next is to be made, sent or asked for; none where nothing waits.
    next: Option<DateTime<Utc>>,
}

impl Look {
    fn join(&mut self, other: Self) {
        self.claimed += other.claimed;
        self.answered += other.answered;
        self.next = self.next.into_iter().chain(other.next).min();
    }

    /// How long to rest after it.
    fn nap(&self, now: DateTime<Utc>) -> time::Duration {
        match self.next {
            // What was answered makes room for the patient's next.
            _ if self.answered > 0 => time::Duration::ZERO,
            _ if self.claimed > 0 => SOON,
            // What is due and was not taken in hand stays behind another that is.
            Some(next) => (next - now).to_std().unwrap_or_default().clamp(SOON, LATER),
            None => LATER,
        }
    }
}

/// Sends until told to stop. Without a platform everything waits.
pub async fn run(clinic: Clinic, shutdown: impl Future<Output = ()>) {
    let Some(sharing) = clinic.world.sharing.clone() else { return shutdown.await };
    tokio::pin!(shutdown);
    let mut news = News::default();
    let mut letters_asked: Option<Instant> = None;
    loop {
        let look = look(&clinic, &sharing).await.unwrap_or_else(|error| {
            let _ = error.into_app("outbox");
            Look::default()
        });
        if letters_asked.is_none_or(|at| at.elapsed() >= LETTERS) {
            letters_asked = Some(Instant::now());
            if let Err(error) = letters(&clinic, &sharing).await {
                let _ = error.into_app("outbox");
            }
        }
        let nap = look.nap(clinic.now());
        tokio::select! {
            () = &mut shutdown => return,
            () = tokio::time::sleep(nap) => {}
            () = news.heard(&clinic) => {}
        }
    }
}

/// The ear for notifications. Without one the worker looks every few seconds.
#[derive(Default)]
struct News {
    listener: Option<PgListener>,
}

impl News {
    /// Comes back when something was put in; never where nothing can be heard.
    async fn heard(&mut self, clinic: &Clinic) {
        if self.listener.is_none() {
            self.listener = listen(clinic).await.ok();
        }
        match &mut self.listener {
            Some(listener) => {
                if listener.recv().await.is_err() {
                    self.listener = None;
                    std::future::pending::<()>().await;
                }
            }
            None => std::future::pending::<()>().await,
        }
    }
}

async fn listen(clinic: &Clinic) -> Result<PgListener, sqlx::Error> {
    let mut listener = PgListener::connect_with(clinic.pool()).await?;
    listener.listen(CHANNEL).await?;
    Ok(listener)
}

/// Makes and sends what is due in every clinic, once. Returns how many documents were answered.
///
/// A clinic whose outbox cannot be read or written does not hold up the others.
pub async fn once(clinic: &Clinic, sharing: &Arc<dyn RecordSharing>) -> Fallible<usize> {
    look(clinic, sharing).await.map(|look| look.answered)
}

async fn look(clinic: &Clinic, sharing: &Arc<dyn RecordSharing>) -> Fallible<Look> {
    let (mut all, mut fault) = (Look::default(), None);
    for id in clinics(clinic).await? {
        match empty(clinic, id, sharing).await {
            Ok(look) => all.join(look),
            Err(error) => fault = Some(error),
        }
    }
    fault.map_or(Ok(all), Err)
}

/// Every clinic.
async fn clinics(clinic: &Clinic) -> Fallible<Vec<ClinicId>> {
    let ids: Vec<Uuid> =
        sqlx::query_scalar("select clinic_id from clinic_directory order by slug").fetch_all(clinic.pool()).await?;
    Ok(ids.into_iter().map(ClinicId).collect())
}

/// Sends what is due in one clinic, all at the same time: each is of another patient, so that no order is at stake, and a
/// slow answer keeps none of them beyond its lease.
async fn empty(clinic: &Clinic, id: ClinicId, sharing: &Arc<dyn RecordSharing>) -> Fallible<Look> {
    due::make(clinic, id).await?;
    let mut sending = JoinSet::new();
    for claimed in claim::claim(clinic, id).await? {
        let (clinic, sharing) = (clinic.clone(), sharing.clone());
        sending.spawn(async move { send(&clinic, id, claimed, sharing.as_ref()).await });
    }
    let mut look = Look { claimed: sending.len(), ..Look::default() };
    let mut fault = None;
    while let Some(sent) = sending.join_next().await {
        match sent.unwrap_or_else(|e| Err(Error::Broken(format!("sending: {e}")))) {
            Ok(true) => look.answered += 1,
            Ok(false) => {}
            Err(error) => fault = Some(error),
        }
    }
    look.next = claim::next(clinic, id).await?;
    fault.map_or(Ok(look), Err)
}

/// Sends one document and writes the answer down. Whether it was decided.
async fn send(clinic: &Clinic, id: ClinicId, claimed: Claimed, sharing: &dyn RecordSharing) -> Fallible<bool> {
    let who = InstitutionNumber(claimed.institution_number.clone());
    // The row's id makes a repeat of this sending harmless; the Bundle's identifier makes a newer one replace it.
    let key = claimed.id.to_string();
    let answer = match (&claimed.receipt, claimed.is_cancel()) {
        (Some(receipt), _) if claimed.is_checking() => sharing.result(&who, receipt).await,
        (_, false) => sharing.register(&who, &claimed.bundle.0, &key).await,
        (_, true) => match serde_json::from_value::<Target>(claimed.bundle.0.clone()) {
            Ok(target) => sharing.cancel(&who, &target, &key).await,
            // Without a name there is nothing to take back.
            Err(_) => Err(SharingError::NotFound),
        },
    };
    // An answer is not to be lost because the database is away for a moment: else the row lies in this hand until its lease
    // runs out. What is written down twice says the same.
    let answered = Instant::now();
    loop {
        match settle::settle(clinic, id, &claimed, answer.clone()).await {
            Err(_) if answered.elapsed() < PERSEVERANCE => tokio::time::sleep(SOON).await,
            settled => return settled,
        }
    }
}
