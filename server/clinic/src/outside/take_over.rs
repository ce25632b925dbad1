//! Puts entries of other houses into the chart, with where they came from; and takes them back while they are untouched.

use super::{
    code::{NewAllergy, NewDiagnosis, NewResult},
    lock,
    read::{Found, entries},
    same::{New, Ours},
    store::{self, Head},
    view,
};
use crate::{Fallible, Grant, Tenant, audit, billing, events::Event, patients, policy::ReadOutside, sharing};
use chrono::{DateTime, Utc};
use fhir::import::Imported;
use model::{AppError, codes::Jlac10, ids::*, labs::LabValue, outside::*, patient::Patient, share::ShareKind};
use rust_decimal::Decimal;
use sqlx::types::Json;
use std::collections::BTreeSet;
use uuid::Uuid;

/// What taking over or back changed, so that others are told once.
#[derive(Default)]
struct Changed {
    diagnoses: bool,
    allergies: bool,
}

/// Takes entries over into the chart. What is in the chart already stays as it is and is passed over.
///
/// # Errors
/// [`AppError::NotFound`] for a document that is not shown to this patient, or an entry that is not in it; a conflict for an
/// entry that can only be read, with the reason: then nothing is taken over.
pub async fn take_over(
    tenant: &mut Tenant,
    _: &Grant<ReadOutside>,
    patient: PatientId,
    document: ReceivedId,
    wanted: Vec<u32>,
) -> Fallible<OutsideView> {
    let patient = patients::load(tenant.db(), patient).await?;
    lock(tenant, patient.id).await?;
    let (head, imported) = shown(tenant, &patient, document).await?;
    let mut ours = Ours::load(tenant, Some(&patient), &[(&head, &imported)]).await?;
    let all = entries(&imported);
    let mut changed = Changed::default();
    for index in BTreeSet::from_iter(wanted) {
        let (_, found) = all.iter().find(|(number, _)| *number == index).ok_or(AppError::NotFound)?;
        match ours.standing(&head, index, found) {
            Standing::Taken { .. } | Standing::Same { .. } => continue,
            Standing::ReadOnly { why } if why.is_empty() => {
                return Err(AppError::conflict("この項目は取り込めません。").into());
            }
            Standing::ReadOnly { why } => return Err(AppError::conflict(why).into()),
            Standing::New => {}
        }
        let (kind, subject) = match ours.new_of(&head, found).map_err(AppError::conflict)? {
            New::Diagnosis(new) => {
                changed.diagnoses = true;
                ("diagnosis", insert_diagnosis(tenant, &patient, &head, &new).await?)
            }
            New::Allergy(new) => {
                changed.allergies = true;
                ("allergy", insert_allergy(tenant, &patient, &head, &new).await?)
            }
            New::Result(new) => {
                let report = insert_result(tenant, &patient, &head, &new).await?;
                ours.learn(new);
                ("result", report)
            }
        };
        note(tenant, &patient, &head, index, kind, subject).await?;
        // The next entry may say the same once more.
        if !matches!(found, Found::Result(_)) {
            ours = Ours::load(tenant, Some(&patient), &[(&head, &imported)]).await?;
        }
    }
    tell(tenant, &patient, &changed).await?;
    view::view(tenant, &patient).await
}

/// Takes entries back out of the chart (元に戻す), while nobody has changed them since. One that was removed by hand is back.
///
/// # Errors
/// [`AppError::NotFound`] where an entry was not taken over; a conflict where it was changed since.
pub async fn take_back(
    tenant: &mut Tenant,
    _: &Grant<ReadOutside>,
    patient: PatientId,
    document: ReceivedId,
    wanted: Vec<u32>,
) -> Fallible<OutsideView> {
    let patient = patients::load(tenant.db(), patient).await?;
    lock(tenant, patient.id).await?;
    let (head, imported) = of_patient(tenant, &patient, document).await?;
    let mut changed = Changed::default();
    for index in BTreeSet::from_iter(wanted) {
        let entry = i32::try_from(index).map_err(|_| AppError::NotFound)?;
        let row: Option<(String, Uuid)> = sqlx::query_as(
            "delete from taken_over
             where clinic_id = current_clinic() and received_id = $1 and entry = $2 and patient_id = $3
             returning kind, subject_id",
        )
        .bind(head.id)
        .bind(entry)
        .bind(patient.id.0)
        .fetch_optional(tenant.db())
        .await?;
        let (kind, subject) = row.ok_or(AppError::NotFound)?;
        let untouched = match kind.as_str() {
            "diagnosis" => {
                changed.diagnoses = true;
                remove(
                    tenant,
                    "update diagnosis set removed_at = coalesce(removed_at, $2), version = version + 1
                                where clinic_id = current_clinic() and id = $1 and (version = 1 or removed_at is not null)",
                    subject,
                )
                .await?
            }
            "allergy" => {
                changed.allergies = true;
                remove(
                    tenant,
                    "update allergy set removed_at = coalesce(removed_at, $2), version = version + 1
                                where clinic_id = current_clinic() and id = $1 and (version = 1 or removed_at is not null)",
                    subject,
                )
                .await?
            }
            _ => {
                let (_, found) = entries(&imported).into_iter().find(|(number, _)| *number == index).ok_or(AppError::NotFound)?;
                let Found::Result(found) = found else { return Err(AppError::NotFound.into()) };
                let new = super::code::result(&tenant.masters(), tenant.today(), found, &head.institution_number);
                remove_result(tenant, subject, &new.map_err(AppError::conflict)?).await?
            }
        };
        if !untouched {
            return Err(AppError::conflict("取り込んだ後に変更されているため、元に戻せません。").into());
        }
        audit::record(tenant, &format!("{kind}.take_back"), Some(patient.id), Some(subject), head.sender()).await?;
    }
    tell(tenant, &patient, &changed).await?;
    view::view(tenant, &patient).await
}

/// The document, where it is this patient's.
async fn of_patient(tenant: &mut Tenant, patient: &Patient, document: ReceivedId) -> Fallible<(Head, Imported)> {
    // Nobody gives it to another patient meanwhile.
    sqlx::query("select 1 from received where clinic_id = current_clinic() and id = $1 for share")
        .bind(document.0)
        .execute(tenant.db())
        .await?;
    let kept = store::one(tenant.db(), document).await?;
    let head = kept.head;
    if head.patient_id != Some(patient.id.0) {
        return Err(AppError::NotFound.into());
    }
    let (_, read) = store::read_one(kept.content).await?;
    let imported = read.map_err(|_| AppError::conflict("読めない文書からは取り込めません。"))?;
    Ok((head, imported))
}

/// The same, where it may be seen: with consent, or because it is a letter to this house; and while it stands.
async fn shown(tenant: &mut Tenant, patient: &Patient, document: ReceivedId) -> Fallible<(Head, Imported)> {
    let (head, imported) = of_patient(tenant, patient, document).await?;
    if !(head.is_letter || patient.consent.is_some()) {
        return Err(AppError::NotFound.into());
    }
    if head.gone_at.is_some() {
        return Err(AppError::conflict("送信元が取り下げた、または差し替えた文書です。").into());
    }
    Ok((head, imported))
}

fn origin(tenant: &Tenant, head: &Head) -> Origin {
    Origin {
        document: ReceivedId(head.id),
        institution: head.sender(),
        shared_on: head.made_on,
        taken_by: tenant.me.staff.name.clone(),
        taken_at: tenant.now,
    }
}

async fn insert_diagnosis(tenant: &mut Tenant, patient: &Patient, head: &Head, new: &NewDiagnosis) -> Fallible<Uuid> {
    let (clinic, id, origin) = (tenant.clinic(), tenant.new_id(), origin(tenant, head));
    sqlx::query(
        "insert into diagnosis (clinic_id, id, patient_id, code, base_name, management, exchange, icd10, modifiers, name, suspected,
                                principal, started_on, ended_on, outcome, long_term, uninformed, undelivered, origin)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, false, $12, $13, $14, $15, $16, $17, $18)",
    )
    .bind(clinic)
    .bind(id)
    .bind(patient.id.0)
    .bind(new.disease.code.as_str())
    .bind(&new.disease.name)
    .bind(&new.disease.management)
    .bind(&new.disease.exchange)
    .bind(&new.disease.icd10)
    .bind(Json(&new.modifiers))
    .bind(&new.name)
    .bind(new.suspected)
    .bind(new.started_on)
    .bind(new.ended.map(|(day, _)| day))
    .bind(new.ended.map(|(_, outcome)| outcome.as_str()))
    .bind(new.flags.long_term)
    .bind(new.flags.uninformed)
    .bind(new.flags.undelivered)
    .bind(Json(&origin))
    .execute(tenant.db())
    .await?;
    Ok(id)
}

async fn insert_allergy(tenant: &mut Tenant, patient: &Patient, head: &Head, new: &NewAllergy) -> Fallible<Uuid> {
    let (clinic, id, origin) = (tenant.clinic(), tenant.new_id(), origin(tenant, head));
    sqlx::query(
        "insert into allergy (clinic_id, id, patient_id, code, name, category, severe, reaction, recorded_on, origin)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(clinic)
    .bind(id)
    .bind(patient.id.0)
    .bind(new.code.as_str())
    .bind(&new.name)
    .bind(new.category.as_str())
    .bind(new.severe)
    .bind(&new.reaction)
    .bind(new.recorded_on)
    .bind(Json(&origin))
    .execute(tenant.db())
    .await?;
    Ok(id)
}

/// Adds a result to the report of its document and instant, which is made with the first one. Gives the report.
async fn insert_result(tenant: &mut Tenant, patient: &Patient, head: &Head, new: &NewResult) -> Fallible<Uuid> {
    let (clinic, now, me) = (tenant.clinic(), tenant.now, tenant.me.staff.id);
    let present: Option<Uuid> = sqlx::query_scalar(
        "update lab_report set version = version + 1
         where clinic_id = current_clinic() and patient_id = $1 and collected_at = $2 and origin->>'document' = $3
         returning id",
    )
    .bind(patient.id.0)
    .bind(new.collected_at)
    .bind(head.id.to_string())
    .fetch_optional(tenant.db())
    .await?;
    let report = match present {
        Some(report) => report,
        None => {
            let (id, origin) = (tenant.new_id(), origin(tenant, head));
            sqlx::query(
                "insert into lab_report (clinic_id, id, patient_id, collected_at, entered_by, entered_at, origin)
                 values ($1, $2, $3, $4, $5, $6, $7)",
            )
            .bind(clinic)
            .bind(id)
            .bind(patient.id.0)
            .bind(new.collected_at)
            .bind(me.0)
            .bind(now)
            .bind(Json(&origin))
            .execute(tenant.db())
            .await?;
            id
        }
    };
    let (number, words) = columns(&new.result.value);
    sqlx::query(
        "insert into lab_result (clinic_id, report_id, position, patient_id, collected_at, local_code, name, jlac10, fhir_name,
                                 infection, specimen, number, words, unit, low, high)
         select $1, $2, coalesce(max(position) + 1, 0), $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15
         from lab_result where clinic_id = $1 and report_id = $2",
    )
    .bind(clinic)
    .bind(report)
    .bind(patient.id.0)
    .bind(new.collected_at)
    .bind(&new.result.local_code)
    .bind(&new.result.name)
    .bind(new.result.jlac10.as_ref().map(Jlac10::as_str))
    .bind(&new.result.fhir_name)
    .bind(new.result.infection)
    .bind(&new.result.specimen)
    .bind(number)
    .bind(words)
    .bind(&new.result.unit)
    .bind(new.result.low)
    .bind(new.result.high)
    .execute(tenant.db())
    .await?;
    Ok(report)
}

/// A value as its two columns: a number or words.
fn columns(value: &LabValue) -> (Option<Decimal>, Option<&str>) {
    match value {
        LabValue::Number(number) => (Some(*number), None),
        LabValue::Text(words) => (None, Some(words)),
    }
}

async fn note(tenant: &mut Tenant, patient: &Patient, head: &Head, index: u32, kind: &str, subject: Uuid) -> Fallible<()> {
    let (clinic, now, staff) = (tenant.clinic(), tenant.now, tenant.me.staff.id);
    let entry = i32::try_from(index).map_err(|_| AppError::NotFound)?;
    // An entry that was taken over and removed from the chart by hand may be taken over anew.
    sqlx::query(
        "insert into taken_over (clinic_id, received_id, entry, patient_id, kind, subject_id, staff_id, at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)
         on conflict (clinic_id, received_id, entry) do update
         set patient_id = excluded.patient_id, kind = excluded.kind, subject_id = excluded.subject_id,
             staff_id = excluded.staff_id, at = excluded.at",
    )
    .bind(clinic)
    .bind(head.id)
    .bind(entry)
    .bind(patient.id.0)
    .bind(kind)
    .bind(subject)
    .bind(staff.0)
    .bind(now)
    .execute(tenant.db())
    .await?;
    audit::record(tenant, &format!("{kind}.take_over"), Some(patient.id), Some(subject), head.sender()).await
}

/// Removes what nobody touched since, or is removed already. Whether it was so.
async fn remove(tenant: &mut Tenant, statement: &'static str, subject: Uuid) -> Fallible<bool> {
    let now: DateTime<Utc> = tenant.now;
    let done = sqlx::query(statement).bind(subject).bind(now).execute(tenant.db()).await?;
    Ok(done.rows_affected() == 1)
}

/// Removes one result of a report that was taken over, and the report with its last one.
async fn remove_result(tenant: &mut Tenant, report: Uuid, new: &NewResult) -> Fallible<bool> {
    let (number, words) = columns(&new.result.value);
    let done = sqlx::query(
        "delete from lab_result r
         where r.clinic_id = current_clinic() and r.report_id = $1 and r.position = (
             select max(position) from lab_result
             where clinic_id = current_clinic() and report_id = $1 and local_code = $2 and name = $3
                 and number is not distinct from $4 and words is not distinct from $5)",
    )
    .bind(report)
    .bind(&new.result.local_code)
    .bind(&new.result.name)
    .bind(number)
    .bind(words)
    .execute(tenant.db())
    .await?;
    let empty: bool =
        sqlx::query_scalar("select not exists (select 1 from lab_result where clinic_id = current_clinic() and report_id = $1)")
            .bind(report)
            .fetch_one(tenant.db())
            .await?;
    let statement = match empty {
        true => "delete from lab_report where clinic_id = current_clinic() and id = $1",
        false => "update lab_report set version = version + 1 where clinic_id = current_clinic() and id = $1",
    };
    sqlx::query(statement).bind(report).execute(tenant.db()).await?;
    Ok(done.rows_affected() == 1 || empty)
}

/// What follows from a change of the lists: the fee of open visits, the platform, open browsers.
async fn tell(tenant: &mut Tenant, patient: &Patient, changed: &Changed) -> Fallible<()> {
    if changed.diagnoses {
        billing::settle_unpaid(tenant, patient.id).await?;
        sharing::changed(tenant, patient.id, ShareKind::Diagnoses).await?;
    }
    if changed.allergies {
        sharing::changed(tenant, patient.id, ShareKind::Allergies).await?;
    }
    tenant.announce(Event::Chart(patient.id)).await
}
