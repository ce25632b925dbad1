//! Putting documents and cancellations into the outbox, in order.
//!
//! The same subject keeps its identity for life. A newer version takes the place of one that has not left. What may be at
//! the platform already is overwritten by its identity, but a document (文書情報), or one that was registered under another
//! insured person's identifier, is cancelled first (変更 = 取消 + 再登録).

use super::{
    build::{self, Subject},
    content::Content,
};
use crate::{Fallible, Tenant, audit, events::Event, outbox, patients};
use links::Target;
use model::{ids::*, share::*};
use serde_json::Value;
use sqlx::{PgConnection, types::Json};
use uuid::Uuid;

impl Subject {
    /// Last part of the Bundle identifier: stays with the subject, so that a later version overwrites the earlier one.
    pub fn identifier(&self, patient: PatientId) -> String {
        match (self.id, self.kind) {
            (Some(id), _) => id.to_string(),
            (None, ShareKind::Allergies) => format!("{}-A", patient.0.simple()),
            (None, _) => format!("{}-D", patient.0.simple()),
        }
    }
}

/// One at a time for each patient: two people who send the same at once would both find nothing of the other's to supersede.
/// Taken before the content is read, so that what is put in later is also what was read later.
/// Taken before anything of `share_due` as well: in one order everywhere, so that nobody waits for one who waits for him.
pub(super) async fn lock(tenant: &mut Tenant, patient: PatientId) -> Fallible<()> {
    lock_in(tenant.db(), patient).await
}

/// The same in a transaction that acts for nobody yet.
pub(crate) async fn lock_in(db: &mut PgConnection, patient: PatientId) -> Fallible<()> {
    sqlx::query("select pg_advisory_xact_lock(hashtextextended($1, 0))").bind(patient.to_string()).execute(db).await?;
    Ok(())
}

/// Puts a document in; of a list without entries what was registered is taken back instead.
pub(super) async fn put(tenant: &mut Tenant, patient: PatientId, subject: Subject, content: &Content) -> Fallible<()> {
    let identifier = subject.identifier(patient);
    if content.is_empty() {
        return empty(tenant, patient, &subject, &identifier).await;
    }
    let data = patients::load(tenant.db(), patient).await?;
    let built = build::build(tenant, &data, &identifier, &subject, content).await?;
    supersede(tenant, &identifier).await?;
    let id = match built {
        Ok(ready) => {
            if let Some(there) = there(tenant, &identifier).await?
                && (subject.kind.is_document() || there.member_id != ready.member_id)
            {
                insert_cancel(tenant, patient, &subject, &identifier, &there).await?;
            }
            insert(
                tenant,
                patient,
                &subject,
                &identifier,
                Row { action: "register", state: "waiting", member_id: &ready.member_id, bundle: &ready.bundle, mends: &[] },
            )
            .await?
        }
        Err(mends) => {
            insert(
                tenant,
                patient,
                &subject,
                &identifier,
                Row { action: "register", state: "refused", member_id: "", bundle: &Value::Null, mends: &mends },
            )
            .await?
        }
    };
    audit::record(tenant, "share.queue", Some(patient), Some(id), subject.kind.label()).await?;
    announce(tenant, patient).await
}

/// Takes a document back. Whether there was anything to take back: at the platform, or on its way there.
pub(super) async fn take_back(tenant: &mut Tenant, patient: PatientId, subject: &Subject, identifier: &str) -> Fallible<bool> {
    let waited = supersede(tenant, identifier).await?;
    match there(tenant, identifier).await? {
        Some(target) => {
            let id = insert_cancel(tenant, patient, subject, identifier, &target).await?;
            audit::record(tenant, "share.cancel", Some(patient), Some(id), subject.kind.label()).await?;
        }
        // It never left: it is taken back as soon as it is said.
        None if waited => {
            let row = Row { action: "cancel", state: "cancelled", member_id: "", bundle: &Value::Null, mends: &[] };
            let id = insert(tenant, patient, subject, identifier, row).await?;
            audit::record(tenant, "share.cancel", Some(patient), Some(id), subject.kind.label()).await?;
        }
        None => return Ok(false),
    }
    announce(tenant, patient).await?;
    Ok(true)
}

/// The list has no entries any more.
async fn empty(tenant: &mut Tenant, patient: PatientId, subject: &Subject, identifier: &str) -> Fallible<()> {
    take_back(tenant, patient, subject, identifier).await.map(drop)
}

/// What has not left makes room. Whether there was any. What left and was not answered stays: it is repeated until it is, and
/// what is put in now follows.
///
/// Comes before asking what is [`there`]: afterwards no sender can take it in hand, and who did before is seen.
async fn supersede(tenant: &mut Tenant, identifier: &str) -> Fallible<bool> {
    let (clinic, now) = (tenant.clinic(), tenant.now);
    let done = sqlx::query(
        "update outbox set state = 'superseded', updated_at = $3, version = version + 1
         where clinic_id = $1 and identifier = $2 and action = 'register'
             and (state = 'refused' or state = 'waiting' and leased_until is null and not unanswered)",
    )
    .bind(clinic)
    .bind(identifier)
    .bind(now)
    .execute(tenant.db())
    .await?;
    Ok(done.rows_affected() > 0)
}

/// The registration that the platform has, or may have: it was sent, or left for there and nobody knows whether it arrived.
/// Those that were refused, and those before a cancellation that is done or will be, are not.
async fn there(tenant: &mut Tenant, identifier: &str) -> Fallible<Option<Target>> {
    let row: Option<(Json<Value>, String)> = sqlx::query_as(
        "select bundle, member_id from outbox
         where clinic_id = current_clinic() and identifier = $1 and action = 'register' and attempts > 0
             and state <> 'refused' and mends = '[]'
             and sequence > coalesce((select max(sequence) from outbox
                                      where clinic_id = current_clinic() and identifier = $1 and action = 'cancel'
                                          and state not in ('refused', 'superseded')), 0)
         order by sequence desc limit 1",
    )
    .bind(identifier)
    .fetch_optional(tenant.db())
    .await?;
    Ok(row.map(|(Json(bundle), member_id)| Target {
        identifier: bundle["identifier"]["value"].as_str().unwrap_or_default().to_owned(),
        // Documents of older versions did not keep it beside.
        member_id: match member_id.is_empty() {
            true => fhir::read::document(&bundle).map(|document| document.member_id).unwrap_or_default(),
            false => member_id,
        },
    }))
}

/// Whether a document is registered at the platform, or on its way there.
pub(super) async fn is_told(tenant: &mut Tenant, identifier: &str) -> Fallible<bool> {
    let waits: bool = sqlx::query_scalar(
        "select exists (select 1 from outbox where clinic_id = current_clinic() and identifier = $1 and action = 'register'
                            and state in ('waiting', 'checking'))",
    )
    .bind(identifier)
    .fetch_one(tenant.db())
    .await?;
    Ok(waits || there(tenant, identifier).await?.is_some())
}

struct Row<'a> {
    action: &'static str,
    state: &'static str,
    member_id: &'a str,
    bundle: &'a Value,
    mends: &'a [Mend],
}

async fn insert_cancel(
    tenant: &mut Tenant,
    patient: PatientId,
    subject: &Subject,
    identifier: &str,
    target: &Target,
) -> Fallible<Uuid> {
    let bundle = serde_json::json!({ "identifier": target.identifier, "member_id": target.member_id });
    let row = Row { action: "cancel", state: "waiting", member_id: &target.member_id, bundle: &bundle, mends: &[] };
    insert(tenant, patient, subject, identifier, row).await
}

async fn insert(tenant: &mut Tenant, patient: PatientId, subject: &Subject, identifier: &str, row: Row<'_>) -> Fallible<Uuid> {
    let (clinic, now, id) = (tenant.clinic(), tenant.now, tenant.new_id());
    sqlx::query(
        "insert into outbox (clinic_id, id, patient_id, kind, subject_id, title, identifier, action, bundle, member_id, addressee,
                             state, mends, next_attempt_at, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $14, $14)",
    )
    .bind(clinic)
    .bind(id)
    .bind(patient.0)
    .bind(subject.kind.as_str())
    .bind(subject.id)
    .bind(&subject.title)
    .bind(identifier)
    .bind(row.action)
    .bind(Json(row.bundle))
    .bind(row.member_id)
    .bind(&subject.to)
    .bind(row.state)
    .bind(Json(row.mends))
    .bind(now)
    .execute(tenant.db())
    .await?;
    Ok(id)
}

/// Tells the browsers, and the worker that empties the outbox.
async fn announce(tenant: &mut Tenant, patient: PatientId) -> Fallible<()> {
    sqlx::query("select pg_notify($1, '')").bind(outbox::CHANNEL).execute(tenant.db()).await?;
    tenant.announce(Event::Chart(patient)).await
}
