//! Taking rows in hand: the oldest of each patient, for the length of a lease.

use crate::{Clinic, Fallible};
use chrono::{DateTime, Duration, Utc};
use model::{ids::*, share::ShareKind};
use serde_json::Value;
use sqlx::types::Json;
use uuid::Uuid;

/// How long a claimed row is left alone: longer than an answer may take.
const LEASE: Duration = Duration::seconds(60);
/// How many documents one look takes from a clinic.
const BATCH: i64 = 20;

/// A row in hand.
#[derive(sqlx::FromRow)]
pub(super) struct Claimed {
    pub id: Uuid,
    pub patient_id: Uuid,
    kind: String,
    pub subject_id: Option<Uuid>,
    action: String,
    state: String,
    pub receipt: Option<String>,
    pub bundle: Json<Value>,
    /// Including this one; of a document in question the askings.
    pub attempts: i32,
    pub institution_number: String,
}

impl Claimed {
    /// What it carries.
    pub fn kind(&self) -> ShareKind {
        ShareKind::parse(&self.kind).unwrap_or(ShareKind::Referral)
    }

    /// Whether it takes something back.
    pub fn is_cancel(&self) -> bool {
        self.action == "cancel"
    }

    /// Whether the platform has it and had not decided.
    pub fn is_checking(&self) -> bool {
        self.state == "checking"
    }
}

/// Takes the due documents, of each patient only the oldest and none while another is in a sender's hand (even one that was
/// superseded meanwhile) or not decided yet, so that a later one never overtakes. What another server took in the meantime is
/// seen by the row's own lease, which is looked at again once the row is locked. Where the lease of a row ran out its sender
/// died, and nobody knows whether it arrived.
pub(super) async fn claim(clinic: &Clinic, id: ClinicId) -> Fallible<Vec<Claimed>> {
    let now = clinic.now();
    let mut tx = clinic.begin(id).await?;
    let claimed: Vec<Claimed> = sqlx::query_as(
        "update outbox o
         set attempts = o.attempts + 1, leased_until = $1, unanswered = o.unanswered or o.leased_until is not null
         from clinic c
         where c.clinic_id = o.clinic_id and o.clinic_id = current_clinic()
             and o.id in (
                 select due.id from outbox due
                 where due.clinic_id = current_clinic() and due.state in ('waiting', 'checking') and due.next_attempt_at <= $2
                     and (due.leased_until is null or due.leased_until <= $2)
                     and not exists (
                         select 1 from outbox other
                         where other.clinic_id = due.clinic_id and other.patient_id = due.patient_id
                             and (other.leased_until > $2
                                 or other.state in ('waiting', 'checking') and other.sequence < due.sequence))
                 order by due.sequence
                 limit $3
                 for update skip locked)
         returning o.id, o.patient_id, o.kind, o.subject_id, o.action, o.state, o.receipt, o.bundle, o.attempts, c.institution_number",
    )
    .bind(now + LEASE)
    .bind(now)
    .bind(BATCH)
    .fetch_all(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(claimed)
}

/// Lets go of what a server that is no more had in hand, for one that knows itself to be the only one: then nothing waits for
/// the end of a lease. What is sent again has its old key. What was superseded is not sent again, and nobody knows whether it
/// is still on its way: it keeps its lease.
pub async fn release(clinic: &Clinic) -> Fallible<()> {
    for id in super::clinics(clinic).await? {
        let mut tx = clinic.begin(id).await?;
        sqlx::query(
            "update outbox set leased_until = null, unanswered = true
             where clinic_id = current_clinic() and leased_until is not null and state in ('waiting', 'checking')",
        )
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
    }
    Ok(())
}

/// When the next row is to be sent or asked for, or the next document to be made.
pub(super) async fn next(clinic: &Clinic, id: ClinicId) -> Fallible<Option<DateTime<Utc>>> {
    let mut tx = clinic.begin(id).await?;
    Ok(sqlx::query_scalar(
        "select least(
             (select min(next_attempt_at) from outbox where clinic_id = current_clinic() and state = 'waiting'),
             (select min(next_attempt_at) from outbox where clinic_id = current_clinic() and state = 'checking'),
             (select min(due_at) from share_due where clinic_id = current_clinic()))",
    )
    .fetch_one(&mut *tx)
    .await?)
}
