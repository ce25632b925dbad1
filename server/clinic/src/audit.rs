//! The audit trail (監査証跡): a row in the transaction of what it records.

use crate::{Fallible, Grant, Tenant, policy::Administer};
use chrono::{DateTime, Utc};
use model::{audit::AuditRow, ids::*, staff::*};
use sqlx::PgConnection;
use uuid::Uuid;

/// Writes a line. `detail` says what happened without clinical content.
pub(crate) async fn record(
    tenant: &mut Tenant,
    action: &str,
    patient: Option<PatientId>,
    subject: Option<Uuid>,
    detail: impl Into<String>,
) -> Fallible<()> {
    let (clinic, now, staff, request_id) = (tenant.clinic(), tenant.now, tenant.me.staff.id, tenant.request_id.clone());
    sqlx::query(
        "insert into audit (clinic_id, at, staff_id, action, patient_id, subject_id, detail, request_id)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(clinic)
    .bind(now)
    .bind(staff.0)
    .bind(action)
    .bind(patient.map(|p| p.0))
    .bind(subject)
    .bind(detail.into())
    .bind(request_id)
    .execute(tenant.db())
    .await?;
    Ok(())
}

/// Writes a line where nobody is signed in, or no longer.
pub(crate) async fn record_bare(
    db: &mut PgConnection,
    clinic: ClinicId,
    staff: Option<StaffId>,
    now: DateTime<Utc>,
    action: &str,
    request_id: &str,
) -> Fallible<()> {
    sqlx::query("insert into audit (clinic_id, at, staff_id, action, request_id) values ($1, $2, $3, $4, $5)")
        .bind(clinic.0)
        .bind(now)
        .bind(staff.map(|staff| staff.0))
        .bind(action)
        .bind(request_id)
        .execute(db)
        .await?;
    Ok(())
}

#[derive(sqlx::FromRow)]
struct Row {
    at: DateTime<Utc>,
    action: String,
    detail: String,
    patient_id: Option<Uuid>,
    patient_number: Option<i64>,
    staff_id: Option<Uuid>,
    staff_name: Option<String>,
    role: Option<String>,
}

/// The latest hundred lines before an instant, newest first; of the oldest instant all, so that the next hundred miss none.
pub async fn audit_trail(tenant: &mut Tenant, _: &Grant<Administer>, before: Option<DateTime<Utc>>) -> Fallible<Vec<AuditRow>> {
    let rows: Vec<Row> = sqlx::query_as(
        "select a.at, a.action, a.detail, a.patient_id, p.number as patient_number,
                a.staff_id, s.name as staff_name, s.role
         from (
             select * from audit
             where clinic_id = current_clinic() and ($1::timestamptz is null or at < $1)
             order by at desc
             fetch first 100 rows with ties
         ) a
         left join staff s on s.clinic_id = a.clinic_id and s.id = a.staff_id
         left join patient p on p.clinic_id = a.clinic_id and p.id = a.patient_id
         order by a.at desc, a.id desc",
    )
    .bind(before)
    .fetch_all(tenant.db())
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| AuditRow {
            at: row.at,
            staff: match (row.staff_id, row.staff_name, row.role.as_deref().and_then(Role::parse)) {
                (Some(id), Some(name), Some(role)) => Some(StaffRef { id: StaffId(id), name, role }),
                _ => None,
            },
            action: row.action,
            patient: row.patient_id.map(PatientId),
            patient_number: row.patient_number,
            detail: row.detail,
        })
        .collect())
}

/// Who changed something last, and when: for the answer to a stale version. `actions` is a `like` pattern.
pub(crate) async fn last_change(tenant: &mut Tenant, actions: &str, subject: Uuid) -> Fallible<(String, DateTime<Utc>)> {
    let now = tenant.now;
    let found: Option<(Option<String>, DateTime<Utc>)> = sqlx::query_as(
        "select s.name, a.at
         from audit a left join staff s on s.clinic_id = a.clinic_id and s.id = a.staff_id
         where a.clinic_id = current_clinic() and (a.subject_id = $2 or a.patient_id = $2)
             and a.action like $1 and a.action not like '%.read'
         order by a.at desc, a.id desc limit 1",
    )
    .bind(actions)
    .bind(subject)
    .fetch_optional(tenant.db())
    .await?;
    Ok(found.map_or_else(|| ("他の職員".to_owned(), now), |(name, at)| (name.unwrap_or_else(|| "他の職員".to_owned()), at)))
}
