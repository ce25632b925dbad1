//! Making the documents that are due, in the name of who changed the chart last.

use crate::{Clinic, Error, Fallible, Tenant, sharing};
use chrono::Duration;
use model::{
    ids::*,
    share::ShareKind,
    staff::{Me, Role, StaffRef},
};
use uuid::Uuid;

/// When one that could not be made is tried again.
const LATER: Duration = Duration::minutes(10);

/// Makes every document of a clinic that is due. One that cannot be made does not hold up the others.
pub(super) async fn make(clinic: &Clinic, id: ClinicId) -> Fallible<()> {
    let mut fault = None;
    // Each comes once: what was made is gone, what could not be made is due later.
    while let Some(patient) = next(clinic, id).await? {
        if let Err(error) = make_one(clinic, id, patient).await {
            if error.is_outage() {
                // Nothing is wrong with the document: the next look makes it.
                return Err(error);
            }
            put_off(clinic, id, patient).await?;
            fault = Some(error);
        }
    }
    fault.map_or(Ok(()), Err)
}

async fn next(clinic: &Clinic, id: ClinicId) -> Fallible<Option<PatientId>> {
    let mut tx = clinic.begin(id).await?;
    let patient: Option<Uuid> = sqlx::query_scalar(
        "select patient_id from share_due where clinic_id = current_clinic() and due_at <= $1 order by due_at limit 1",
    )
    .bind(clinic.now())
    .fetch_optional(&mut *tx)
    .await?;
    Ok(patient.map(PatientId))
}

/// Makes what is due of one patient. Another server that does the same finds nothing left.
async fn make_one(clinic: &Clinic, id: ClinicId, patient: PatientId) -> Fallible<()> {
    let now = clinic.now();
    let mut tx = clinic.begin(id).await?;
    // As everybody does who puts something in: the patient's queue first.
    sharing::lock_in(&mut tx, patient).await?;
    let due: Vec<(String, Uuid, String, String, String)> = sqlx::query_as(
        "with taken as (
             delete from share_due where clinic_id = current_clinic() and patient_id = $1 and due_at <= $2
             returning kind, staff_id
         )
         select taken.kind, s.id, s.name, s.role, c.name
         from taken
         join clinic c on c.clinic_id = current_clinic()
         join staff s on s.clinic_id = c.clinic_id and s.id = taken.staff_id
         order by taken.kind",
    )
    .bind(patient.0)
    .bind(now)
    .fetch_all(&mut *tx)
    .await?;
    let Some((_, staff, name, role, clinic_name)) = due.first().cloned() else { return Ok(()) };
    let me = Me { clinic: id, clinic_name, staff: member(staff, name, &role)? };
    let mut tenant = Tenant::new(tx, me, now, "outbox", clinic.world.clone());
    for (kind, staff, name, role, _) in due {
        tenant.me.staff = member(staff, name, &role)?;
        if let Some(kind) = ShareKind::parse(&kind) {
            sharing::queue_due(&mut tenant, patient, kind).await?;
        }
    }
    tenant.commit().await
}

fn member(id: Uuid, name: String, role: &str) -> Fallible<StaffRef> {
    let role = Role::parse(role).ok_or_else(|| Error::Broken("role of staff".into()))?;
    Ok(StaffRef { id: StaffId(id), name, role })
}

async fn put_off(clinic: &Clinic, id: ClinicId, patient: PatientId) -> Fallible<()> {
    let now = clinic.now();
    let mut tx = clinic.begin(id).await?;
    sqlx::query("update share_due set due_at = $3 where clinic_id = current_clinic() and patient_id = $1 and due_at <= $2")
        .bind(patient.0)
        .bind(now)
        .bind(now + LATER)
        .execute(&mut *tx)
        .await?;
    tx.commit().await?;
    Ok(())
}
