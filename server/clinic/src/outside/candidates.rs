//! Whom a letter is about: by the insured person's identifier, else by name and birth date; never by a name alone.

use super::store::Head;
use crate::{Fallible, patients};
use chrono::NaiveDate;
use fhir::member;
use model::{
    ids::*,
    kana,
    outside::NamedPatient,
    patient::{Patient, PatientSummary},
};
use sqlx::PgConnection;
use std::{cmp::Reverse, collections::HashMap};
use uuid::Uuid;

/// How many candidates are looked at.
const LOOKED_AT: i64 = 50;
/// How many are shown.
const MOST: usize = 5;

/// How well a patient fits, the best last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    /// The birth date or the name alone.
    Partly,
    /// Name and birth date.
    Person,
    /// The same insured person and birth date.
    Member,
}

/// The one patient a letter is certainly about: who wrote to us about whom we wrote about, the same insured person born on the
/// same day, or else the only one of that name and birth date.
pub(super) async fn certain(db: &mut PgConnection, head: &Head) -> Fallible<Option<PatientId>> {
    if let Some(letter) = head.answered_letter() {
        let about: Option<(Uuid, NaiveDate)> = sqlx::query_as(
            "select p.id, p.birth_date from letter l join patient p on p.clinic_id = l.clinic_id and p.id = l.patient_id
             where l.clinic_id = current_clinic() and l.id = $1 and l.issued_at is not null",
        )
        .bind(letter.0)
        .fetch_optional(&mut *db)
        .await?;
        if let Some((patient, birth)) = about
            && head.about.birth_date == Some(birth)
        {
            return Ok(Some(PatientId(patient)));
        }
    }
    let fitting = fitting(db, &head.about).await?;
    for wanted in [Fit::Member, Fit::Person] {
        let mut alike = fitting.iter().filter(|(fit, _)| *fit == wanted);
        if let (Some((_, patient)), None) = (alike.next(), alike.next()) {
            return Ok(Some(patient.id));
        }
    }
    Ok(None)
}

/// Patients a letter may be about, the best first.
pub(super) async fn candidates(db: &mut PgConnection, about: &NamedPatient) -> Fallible<Vec<PatientSummary>> {
    let mut fitting = fitting(db, about).await?;
    fitting.sort_by_key(|(fit, patient)| (Reverse(*fit), patient.number));
    fitting.truncate(MOST);
    let ids: Vec<Uuid> = fitting.iter().map(|(_, patient)| patient.id.0).collect();
    let visits: Vec<(Uuid, Option<NaiveDate>)> = sqlx::query_as(
        "select patient_id, max(visit_date) from visit
         where clinic_id = current_clinic() and patient_id = any($1) and state <> 'cancelled' group by patient_id",
    )
    .bind(&ids)
    .fetch_all(db)
    .await?;
    let mut visits: HashMap<Uuid, Option<NaiveDate>> = visits.into_iter().collect();
    Ok(fitting
        .into_iter()
        .map(|(_, patient)| PatientSummary {
            id: patient.id,
            number: patient.number,
            last_visit: visits.remove(&patient.id.0).flatten(),
            name: patient.name,
            sex: patient.sex,
            birth_date: patient.birth_date,
            phone: patient.phone,
        })
        .collect())
}

async fn fitting(db: &mut PgConnection, about: &NamedPatient) -> Fallible<Vec<(Fit, Patient)>> {
    let insurer = about.member_id.split(':').next().unwrap_or_default();
    let number = about.member_id.split(':').nth(2).unwrap_or_default();
    let ids: Vec<Uuid> = sqlx::query_scalar(
        "select id from (
             (select id from patient where clinic_id = current_clinic() and birth_date = $1 limit $6)
             union
             (select id from patient where clinic_id = current_clinic() and kana_folded = $2 and $2 <> '' limit $6)
             union
             (select id from patient where clinic_id = current_clinic() and name_folded = $3 and $3 <> '' limit $6)
             union
             (select patient_id from insurance
              where clinic_id = current_clinic() and lpad(insurer, 8, '0') = $4 and number = $5 and $5 <> '' limit $6)
         ) found",
    )
    .bind(about.birth_date)
    .bind(kana::fold(&about.kana))
    .bind(kana::fold(&about.name))
    .bind(insurer)
    .bind(kana::fold_width(number))
    .bind(LOOKED_AT)
    .fetch_all(&mut *db)
    .await?;
    Ok(patients::load_all(db, &ids).await?.into_iter().filter_map(|patient| Some((fit(about, &patient)?, patient))).collect())
}

fn fit(about: &NamedPatient, patient: &Patient) -> Option<Fit> {
    let born = about.birth_date == Some(patient.birth_date);
    let one = |a: &str, b: &str| !a.is_empty() && kana::fold(a) == kana::fold(b);
    let named = one(&about.kana, &patient.name.kana()) || one(&about.name, &patient.name.full());
    let card = patient.insurances.iter().any(|card| {
        let value = member::insurance_value(card.insurer.as_str(), &card.symbol, &card.number, card.branch.as_deref());
        one(&about.member_id, &value)
    });
    let assisted = patient
        .subsidies
        .iter()
        .any(|s| s.payer.starts_with("12") && one(&about.member_id, &format!("{:0>8}::{:0>7}:", s.payer, s.recipient)));
    match (born, card || assisted, named) {
        (true, true, _) => Some(Fit::Member),
        (true, _, true) => Some(Fit::Person),
        (true, false, false) | (false, _, true) | (false, true, false) => Some(Fit::Partly),
        (false, false, false) => None,
    }
}
