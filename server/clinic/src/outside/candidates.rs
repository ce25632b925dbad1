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
    /// The birth date or the name alone, or birth date and card without the name: twins share a card.
    Partly,
    /// Name and birth date, but sex or card say otherwise.
    Alike,
    /// Name and birth date.
    Person,
    /// The same insured person by card, birth date and, where the letter says one, name.
    Member,
}

/// The one patient a letter is certainly about: who wrote to us about whom we wrote about, the same insured person, or else,
/// where nobody is, the only one of that name and birth date. Where several fit as well, a person decides.
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
    let Some(best) = fitting.iter().map(|(fit, _)| *fit).max().filter(|best| *best >= Fit::Person) else { return Ok(None) };
    let mut alike = fitting.iter().filter(|(fit, _)| *fit == best);
    Ok(match (alike.next(), alike.next()) {
        (Some((_, patient)), None) => Some(patient.id),
        _ => None,
    })
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
    let nameless = about.kana.is_empty() && about.name.is_empty();
    let cards = patient
        .insurances
        .iter()
        .map(|card| member::insurance_value(card.insurer.as_str(), &card.symbol, &card.number, card.branch.as_deref()));
    let assisted =
        patient.subsidies.iter().filter(|s| s.payer.starts_with("12")).map(|s| format!("{:0>8}::{:0>7}:", s.payer, s.recipient));
    let known: Vec<String> = cards.chain(assisted).collect();
    let card = known.iter().any(|value| one(&about.member_id, value));
    let other_sex = about.sex.is_some_and(|sex| sex != patient.sex);
    let other_card =
        !about.member_id.is_empty() && !known.is_empty() && !known.iter().any(|value| may_be_one(&about.member_id, value));
    match (born, card, named) {
        (true, _, true) if other_sex || other_card => Some(Fit::Alike),
        (true, true, true) => Some(Fit::Member),
        (true, true, false) if nameless && !other_sex => Some(Fit::Member),
        (true, _, true) => Some(Fit::Person),
        (true, _, false) | (false, _, true) | (false, true, false) => Some(Fit::Partly),
        (false, false, false) => None,
    }
}

/// Whether two identifiers may be one insured person's: where one says no branch number (枝番), the rest decides.
fn may_be_one(a: &str, b: &str) -> bool {
    let (a, b) = (kana::fold(a), kana::fold(b));
    match (a.rsplit_once(':'), b.rsplit_once(':')) {
        (Some((a, one)), Some((b, other))) => a == b && (one == other || one.is_empty() || other.is_empty()),
        _ => a == b,
    }
}

#[cfg(test)]
mod tests {
    use super::may_be_one;

    #[test]
    fn a_missing_branch_contradicts_no_branch() {
        assert!(may_be_one("06130488:12:3456:01", "06130488:12:3456:"));
        assert!(may_be_one("06130488:12:3456:01", "06130488:１２:3456:01"));
        assert!(!may_be_one("06130488:12:3456:01", "06130488:12:3456:02"));
        assert!(!may_be_one("06130488:12:3456:", "06130488:12:9999:"));
    }
}
