//! Documents for the national platform: built from the chart in the transaction of their cause, and left in the outbox.
//!
//! Nothing leaves that our own validator refuses: such a document stands in the chart as refused, with what to mend.
//! Sending is [`crate::outbox`]'s work.
//!
//! | file | what |
//! | --- | --- |
//! | `due.rs` | when something is put in: at confirmation, when a report is final, after a change the same day |
//! | `content.rs` | what each kind of document is made from |
//! | `build.rs` | from content to a bundle that may leave: built, validated, weighed |
//! | `mend.rs` | from what is wrong to the place of the chart where it is mended |
//! | `queue.rs` | registrations and cancellations in order, each subject with its identity for life |
//! | `rows.rs` | rows of the outbox as the chart shows them |
//! | `account.rs` | what was sent about a patient, for the patient |

mod account;
mod build;
mod content;
mod due;
pub(crate) mod mend;
mod queue;
mod rows;

pub use account::account;
pub(crate) use content::flag_as_now;
pub(crate) use due::{
    after_confirmation, changed, hidden, lab_report_changed, lab_report_final, letter_issued, paper_issued, queue_due,
};
pub(crate) use queue::lock_in;
pub(crate) use rows::{of_patient, registered, standings};

use crate::{
    Fallible, Grant, Tenant, audit, outbox, patients,
    policy::{ReadChart, Share},
};
use build::Subject;
use model::{AppError, ids::*, share::*};
use uuid::Uuid;

/// What was shared about a patient, as the chart's panel asks again.
pub async fn shared(tenant: &mut Tenant, _: &Grant<ReadChart>, patient: PatientId) -> Fallible<Vec<SharedDocument>> {
    patients::load(tenant.db(), patient).await?;
    of_patient(tenant.db(), patient).await
}

/// Sends a document again. One that waits is tried at once, as it is and with its own key, so that it is not there twice;
/// one that was refused, sent or taken back is built anew from the present chart.
pub async fn resend(tenant: &mut Tenant, _: &Grant<Share>, document: ShareId) -> Fallible<Vec<SharedDocument>> {
    let (patient, subject, identifier) = find(tenant, document).await?;
    queue::lock(tenant, patient).await?;
    let now = tenant.now;
    let waiting = sqlx::query(
        "update outbox set next_attempt_at = $2
         where clinic_id = current_clinic() and identifier = $1 and state in ('waiting', 'checking') and next_attempt_at > $2",
    )
    .bind(&identifier)
    .bind(now)
    .execute(tenant.db())
    .await?;
    let busy: bool = sqlx::query_scalar(
        "select exists (select 1 from outbox
                        where clinic_id = current_clinic() and identifier = $1 and state in ('waiting', 'checking'))",
    )
    .bind(&identifier)
    .fetch_one(tenant.db())
    .await?;
    if waiting.rows_affected() > 0 {
        sqlx::query("select pg_notify($1, '')").bind(outbox::CHANNEL).execute(tenant.db()).await?;
    }
    if !busy {
        put_again(tenant, patient, &subject).await?;
    }
    audit::record(tenant, "share.resend", Some(patient), Some(document.0), subject.kind.label()).await?;
    of_patient(tenant.db(), patient).await
}

/// A patient has another insurance card: what was refused for want of one is built anew and queued.
pub(crate) async fn insured(tenant: &mut Tenant, patient: PatientId) -> Fallible<()> {
    queue::lock(tenant, patient).await?;
    let refused: Vec<(Uuid, bool)> = sqlx::query_as(
        r#"select id, state = 'refused' and mends @> '[{"place": {"at": "insurance"}}]'
           from (
               select distinct on (identifier) id, state, mends, sequence from outbox
               where clinic_id = current_clinic() and patient_id = $1 and state <> 'superseded'
               order by identifier, sequence desc
           ) latest
           order by sequence"#,
    )
    .bind(patient.0)
    .fetch_all(tenant.db())
    .await?;
    for (document, _) in refused.into_iter().filter(|(_, for_insurance)| *for_insurance) {
        let (_, subject, _) = find(tenant, ShareId(document)).await?;
        put_again(tenant, patient, &subject).await?;
    }
    Ok(())
}

async fn put_again(tenant: &mut Tenant, patient: PatientId, subject: &Subject) -> Fallible<()> {
    match (subject.kind, subject.id) {
        (kind @ (ShareKind::Allergies | ShareKind::Diagnoses), _) => due::queue_list(tenant, patient, kind).await,
        (ShareKind::LabReport, Some(report)) => due::queue_report(tenant, patient, LabReportId(report)).await,
        (ShareKind::Referral, Some(letter)) => letter_issued(tenant, patient, LetterId(letter)).await,
        (_, Some(paper)) => paper_issued(tenant, patient, PaperId(paper)).await,
        _ => Err(AppError::NotFound.into()),
    }
}

/// Takes a document back (取消): one that has not left is not sent, one that was sent disappears at the platform.
pub async fn withdraw(tenant: &mut Tenant, _: &Grant<Share>, document: ShareId) -> Fallible<Vec<SharedDocument>> {
    let (patient, subject, identifier) = find(tenant, document).await?;
    queue::lock(tenant, patient).await?;
    if !queue::take_back(tenant, patient, &subject, &identifier).await? {
        return Err(AppError::conflict("この文書はすでに取り消されています。").into());
    }
    audit::record(tenant, "share.withdraw", Some(patient), Some(document.0), subject.kind.label()).await?;
    of_patient(tenant.db(), patient).await
}

/// Whose document it is, what it is about, and its identity.
async fn find(tenant: &mut Tenant, document: ShareId) -> Fallible<(PatientId, Subject, String)> {
    type Row = (Uuid, String, Option<Uuid>, String, String, String);
    let row: Option<Row> = sqlx::query_as(
        "select patient_id, kind, subject_id, title, addressee, identifier from outbox
         where clinic_id = current_clinic() and id = $1",
    )
    .bind(document.0)
    .fetch_optional(tenant.db())
    .await?;
    let (patient, kind, id, title, to, identifier) = row.ok_or(AppError::NotFound)?;
    let kind = ShareKind::parse(&kind).ok_or(AppError::NotFound)?;
    Ok((PatientId(patient), Subject { id, title, to, ..Subject::of(kind) }, identifier))
}
