//! What is kept of other houses, laid beside our own data. Nothing of it is in the chart until somebody takes it over.

use super::{
    same::Ours,
    store::{self, Head, Kept, head_columns},
};
use crate::{Fallible, Grant, Tenant, audit, patients, policy::ReadOutside};
use chrono::{DateTime, Utc};
use fhir::import::{Imported, Refusal};
use model::{
    ids::*,
    outside::{OutsideView, Purpose},
    patient::Patient,
};

/// How many documents are shown; the newest.
const MOST: i64 = 200;

/// What others shared about a patient, from our own store; empty without the patient's consent.
///
/// # Errors
/// [`model::AppError::NotFound`] where there is no such patient here.
pub async fn outside(tenant: &mut Tenant, _: &Grant<ReadOutside>, patient: PatientId) -> Fallible<OutsideView> {
    let patient = patients::load(tenant.db(), patient).await?;
    let view = view(tenant, &patient).await?;
    let detail = if view.consent { format!("{}件", view.documents.len()) } else { "同意なし".into() };
    audit::record(tenant, "outside.read", Some(patient.id), None, detail).await?;
    Ok(view)
}

/// The view of a patient.
pub(super) async fn view(tenant: &mut Tenant, patient: &Patient) -> Fallible<OutsideView> {
    let asked: Option<(DateTime<Utc>, String, String)> = sqlx::query_as(
        "select a.at, s.name, a.purpose
         from outside_asked a join staff s on s.clinic_id = a.clinic_id and s.id = a.staff_id
         where a.clinic_id = current_clinic() and a.patient_id = $1 order by a.at desc limit 1",
    )
    .bind(patient.id.0)
    .fetch_optional(tenant.db())
    .await?;
    let asked = asked.and_then(|(at, by, purpose)| Some((at, by, Purpose::parse(&purpose)?)));
    if patient.consent.is_none() {
        return Ok(OutsideView { consent: false, asked, documents: Vec::new() });
    }
    // Of documents with the same identifier only the latest, however they came in. Nothing that says it is about somebody born
    // on another day, but for a letter: whom that is about, a person has decided.
    let kept: Vec<Kept> = sqlx::query_as(concat!(
        "select ",
        head_columns!(),
        ", r.content
         from received r
         where r.clinic_id = current_clinic() and r.patient_id = $1 and r.gone_at is null
             and (r.is_letter or coalesce(r.about->>'birth_date', $3) = $3)
             and (r.identifier = '' or not exists (
                 select 1 from received newer
                 where newer.clinic_id = r.clinic_id and newer.identifier = r.identifier and newer.gone_at is null
                     and (newer.shared_at, newer.id) > (r.shared_at, r.id)))
         order by r.made_on desc, r.shared_at desc, r.id
         limit $2"
    ))
    .bind(patient.id.0)
    .bind(MOST)
    .bind(patient.birth_date.to_string())
    .fetch_all(tenant.db())
    .await?;
    let (heads, contents): (Vec<Head>, Vec<Vec<u8>>) = kept.into_iter().map(|kept| (kept.head, kept.content)).unzip();
    let read: Vec<Result<Imported, Refusal>> = store::read_all(contents).await?.into_iter().map(|(_, read)| read).collect();
    let readable: Vec<(&Head, &Imported)> = heads.iter().zip(&read).filter_map(|(h, r)| Some((h, r.as_ref().ok()?))).collect();
    let ours = Ours::load(tenant, Some(patient), &readable).await?;
    let documents = heads.iter().zip(&read).map(|(head, read)| ours.beside(head, read)).collect();
    Ok(OutsideView { consent: true, asked, documents })
}
