//! The worker that empties the outbox: it sends what waits, keeps the order of each patient, and writes down the answer.
//!
//! Several servers may run it at once: a row is claimed by a lease. A document whose sender died is sent again when the
//! lease runs out; the platform knows it by its identifier, so that a repeat is harmless.

use crate::{Clinic, Error, Fallible, events::Event};
use chrono::Duration;
use links::{Answer, RecordSharing, SharingError};
use model::{codes::InstitutionNumber, ids::*, share::Mend};
use serde_json::Value;
use sqlx::types::Json;
use std::{future::Future, sync::Arc, time};
use tokio::task::JoinSet;
use uuid::Uuid;

/// How long a claimed row is left alone: longer than an answer may take.
const LEASE: Duration = Duration::seconds(60);
/// The longest wait between two attempts.
const LONGEST_WAIT: i64 = 600;
/// How often the outbox is looked into.
const LOOK: time::Duration = time::Duration::from_millis(700);
/// How many documents one look takes from a clinic.
const BATCH: i64 = 20;

#[derive(sqlx::FromRow)]
struct Claimed {
    id: Uuid,
    patient_id: Uuid,
    bundle: Json<Value>,
    attempts: i32,
    institution_number: String,
}

/// Sends until told to stop. Without a platform everything waits.
pub async fn run(clinic: Clinic, shutdown: impl Future<Output = ()>) {
    let Some(sharing) = clinic.world.sharing.clone() else { return shutdown.await };
    tokio::pin!(shutdown);
    loop {
        tokio::select! {
            () = &mut shutdown => return,
            () = tokio::time::sleep(LOOK) => {}
        }
        if let Err(error) = once(&clinic, &sharing).await {
            let _ = error.into_app("outbox");
        }
    }
}

/// Sends what is due in every clinic, once. Returns how many documents were answered.
///
/// A clinic whose outbox cannot be read or written does not hold up the others.
pub async fn once(clinic: &Clinic, sharing: &Arc<dyn RecordSharing>) -> Fallible<usize> {
    let clinics: Vec<Uuid> =
        sqlx::query_scalar("select clinic_id from clinic_directory order by slug").fetch_all(clinic.pool()).await?;
    let (mut answered, mut fault) = (0, None);
    for id in clinics.into_iter().map(ClinicId) {
        match empty(clinic, id, sharing).await {
            Ok(count) => answered += count,
            Err(error) => fault = Some(error),
        }
    }
    fault.map_or(Ok(answered), Err)
}

/// Sends what is due in one clinic, all at the same time: each is of another patient, so that no order is at stake, and a
/// slow answer keeps none of them beyond its lease.
async fn empty(clinic: &Clinic, id: ClinicId, sharing: &Arc<dyn RecordSharing>) -> Fallible<usize> {
    let mut sending = JoinSet::new();
    for claimed in claim(clinic, id).await? {
        let (clinic, sharing) = (clinic.clone(), sharing.clone());
        sending.spawn(async move { send(&clinic, id, &claimed, sharing.as_ref()).await });
    }
    let (mut answered, mut fault) = (0, None);
    while let Some(sent) = sending.join_next().await {
        match sent.unwrap_or_else(|e| Err(Error::Broken(format!("sending: {e}")))) {
            Ok(true) => answered += 1,
            Ok(false) => {}
            Err(error) => fault = Some(error),
        }
    }
    fault.map_or(Ok(answered), Err)
}

/// Sends one document and writes the answer down. Whether there was one.
async fn send(clinic: &Clinic, id: ClinicId, claimed: &Claimed, sharing: &dyn RecordSharing) -> Fallible<bool> {
    let who = InstitutionNumber(claimed.institution_number.clone());
    // The row's id makes a repeat of this sending harmless; the Bundle's identifier makes a newer one replace it.
    let answer = sharing.register(&who, &claimed.bundle.0, &claimed.id.to_string()).await;
    let answered = answer.is_ok();
    settle(clinic, id, claimed, answer).await?;
    Ok(answered)
}

/// Takes the due documents, of each patient only the oldest and none while another is in a sender's hand (even one that was
/// superseded meanwhile), so that a later one never overtakes.
async fn claim(clinic: &Clinic, id: ClinicId) -> Fallible<Vec<Claimed>> {
    let now = clinic.now();
    let mut tx = clinic.begin(id).await?;
    let claimed: Vec<Claimed> = sqlx::query_as(
        "update outbox o
         set attempts = o.attempts + 1, leased_until = $1
         from clinic c
         where c.clinic_id = o.clinic_id and o.clinic_id = current_clinic()
             and o.id in (
                 select due.id from outbox due
                 where due.clinic_id = current_clinic() and due.state = 'waiting' and due.next_attempt_at <= $2
                     and not exists (
                         select 1 from outbox other
                         where other.clinic_id = due.clinic_id and other.patient_id = due.patient_id
                             and (other.leased_until > $2
                                 or other.state = 'waiting' and (other.created_at, other.id) < (due.created_at, due.id)))
                 order by due.created_at, due.id
                 limit $3
                 for update skip locked)
         returning o.id, o.patient_id, o.bundle, o.attempts, c.institution_number",
    )
    .bind(now + LEASE)
    .bind(now)
    .bind(BATCH)
    .fetch_all(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(claimed)
}

/// Writes the answer down and tells the clinic's browsers.
async fn settle(clinic: &Clinic, id: ClinicId, claimed: &Claimed, answer: Result<Answer, SharingError>) -> Fallible<()> {
    let now = clinic.now();
    let mut tx = clinic.begin(id).await?;
    let retry = now + wait(claimed.attempts, clinic.world.random.bytes::<1>()[0]);
    let mend = |message: String, rule: String, path: String, field: String| Mend { message, rule, path, field, place: None };
    let (state, receipt, mends, problem) = match answer {
        Ok(answer) => ("sent", Some(answer.receipt().to_owned()), Vec::new(), None),
        Err(SharingError::Refused { reasons }) => {
            let mends = reasons.into_iter().map(|r| mend(r.message, r.rule, r.path, r.chart_field));
            ("refused", None, mends.collect(), None)
        }
        // A fault: the document is good and waits.
        Err(SharingError::Fault(fault)) => ("waiting", None, Vec::new(), Some(fault.problem())),
        Err(error) => ("refused", None, vec![mend(error.to_string(), String::new(), String::new(), String::new())], None),
    };
    // What was superseded meanwhile keeps its state, but is no longer in hand: the newer document may follow.
    sqlx::query(
        "update outbox
         set state = case state when 'waiting' then $2 else state end, receipt = $3, mends = $4, last_problem = $5,
             problem_kind = $8, next_attempt_at = $6, updated_at = $7, leased_until = null, version = version + 1
         where clinic_id = current_clinic() and id = $1 and state in ('waiting', 'superseded')",
    )
    .bind(claimed.id)
    .bind(state)
    .bind(receipt)
    .bind(Json(&mends))
    .bind(problem.as_ref().map_or("", |problem| problem.message.as_str()))
    .bind(retry)
    .bind(now)
    .bind(problem.as_ref().map(|problem| problem.kind.as_str()))
    .execute(&mut *tx)
    .await?;
    let payload = Event::Chart(PatientId(claimed.patient_id)).payload(id);
    sqlx::query("select pg_notify($1, $2)").bind(crate::events::CHANNEL).bind(payload).execute(&mut *tx).await?;
    tx.commit().await?;
    Ok(())
}

/// Back-off: doubling from two seconds to ten minutes, with up to a quarter added so that senders spread out.
fn wait(attempts: i32, noise: u8) -> Duration {
    let seconds = 1i64.checked_shl(attempts.clamp(1, 20).unsigned_abs()).unwrap_or(LONGEST_WAIT).min(LONGEST_WAIT);
    Duration::milliseconds(seconds * 1000 + seconds * 250 * i64::from(noise) / 255)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_longer_each_time_up_to_ten_minutes() {
        assert_eq!(wait(1, 0), Duration::seconds(2));
        assert_eq!(wait(4, 0), Duration::seconds(16));
        assert_eq!(wait(15, 0), Duration::seconds(600));
        assert!(wait(15, 255) <= Duration::seconds(750));
    }
}
