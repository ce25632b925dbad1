//! Finding a patient in one box: kana, kanji, patient number, birth date in either calendar, phone number.
//!
//! A prefix is asked for as a range, in the order of the indexes (`~>=~`, `~<~`): under row-level security PostgreSQL uses an
//! index only with leakproof operators, which `like` is not; and `^@`, which is, turns into a walk along the whole index once
//! the statement's plan no longer knows what was typed. Each way of fitting ends after the thirty that can be shown, however
//! many patients a single letter fits.

use super::SummaryRow;
use crate::{Fallible, Grant, Tenant, policy::FindPatient};
use model::{date, kana, patient::PatientSummary};

/// How many are shown.
const MOST: i64 = 30;
/// Characters of what was typed that are looked at.
const LONGEST: usize = 100;

/// At most thirty patients that fit what was typed; for nothing typed, those seen last.
pub async fn find(tenant: &mut Tenant, _: &Grant<FindPatient>, query: String) -> Fallible<Vec<PatientSummary>> {
    let folded: String = kana::fold(&query).chars().filter(|c| !c.is_control()).take(LONGEST).collect();
    if folded.is_empty() {
        return latest(tenant).await;
    }
    let birth = date::parse(&query).ok();
    let number: Option<i64> = folded.parse().ok();
    let phone: String = folded.chars().filter(char::is_ascii_digit).collect();
    let phone = (phone.len() >= 4 && folded.chars().all(|c| c.is_ascii_digit() || c == '-')).then_some(phone);
    let rows: Vec<SummaryRow> = sqlx::query_as(
        "select p.id as patient_id, p.number as patient_number, p.family, p.given, p.family_kana, p.given_kana, p.sex, p.birth_date,
                p.phone, v.last_visit
         from (
             select *
             from (
                 (select * from patient where clinic_id = current_clinic() and kana_folded ~>=~ $1 and kana_folded ~<~ $6
                  order by kana_folded using ~<~, number limit $5)
                 union
                 (select * from patient where clinic_id = current_clinic() and name_folded ~>=~ $1 and name_folded ~<~ $6
                  order by name_folded using ~<~, number limit $5)
                 union
                 (select * from patient where clinic_id = current_clinic() and number = $2)
                 union
                 (select * from patient where clinic_id = current_clinic() and birth_date = $3 limit $5)
                 union
                 (select * from patient where clinic_id = current_clinic() and phone_digits ~>=~ $4 and phone_digits ~<~ $7
                  order by phone_digits using ~<~ limit $5)
             ) fits
             order by (number = $2) desc nulls last, kana_folded using ~<~, number
             limit $5
         ) p
         left join lateral (
             select max(visit_date) as last_visit from visit
             where clinic_id = p.clinic_id and patient_id = p.id and state <> 'cancelled'
         ) v on true
         order by (p.number = $2) desc nulls last, p.kana_folded using ~<~, p.number",
    )
    .bind(&folded)
    .bind(number)
    .bind(birth)
    .bind(&phone)
    .bind(MOST)
    .bind(end_of(&folded))
    .bind(phone.as_deref().map(end_of))
    .fetch_all(tenant.db())
    .await?;
    if rows.is_empty() {
        return by_given_name(tenant, &folded).await;
    }
    Ok(rows.into_iter().map(Into::into).collect())
}

/// What comes after everything that begins with `prefix`, byte by byte.
fn end_of(prefix: &str) -> String {
    format!("{prefix}{}", char::MAX)
}

/// Those seen last.
async fn latest(tenant: &mut Tenant) -> Fallible<Vec<PatientSummary>> {
    let rows: Vec<SummaryRow> = sqlx::query_as(
        "select p.id as patient_id, p.number as patient_number, p.family, p.given, p.family_kana, p.given_kana, p.sex, p.birth_date,
                p.phone, v.last_visit
         from (
             select patient_id, max(visit_date) as last_visit
             from (
                 select patient_id, visit_date from visit
                 where clinic_id = current_clinic() and state <> 'cancelled'
                 order by visit_date desc limit 200
             ) recent
             group by patient_id
         ) v
         join patient p on p.clinic_id = current_clinic() and p.id = v.patient_id
         order by v.last_visit desc, p.kana_folded
         limit 10",
    )
    .fetch_all(tenant.db())
    .await?;
    Ok(rows.into_iter().map(Into::into).collect())
}

/// The given name alone, only when nothing else fits.
async fn by_given_name(tenant: &mut Tenant, folded: &str) -> Fallible<Vec<PatientSummary>> {
    let rows: Vec<SummaryRow> = sqlx::query_as(
        "select p.id as patient_id, p.number as patient_number, p.family, p.given, p.family_kana, p.given_kana, p.sex, p.birth_date,
                p.phone, (select max(visit_date) from visit v
                          where v.clinic_id = p.clinic_id and v.patient_id = p.id and v.state <> 'cancelled') as last_visit
         from (
             (select * from patient where clinic_id = current_clinic() and given_kana ~>=~ $1 and given_kana ~<~ $3
              order by given_kana using ~<~, number limit $2)
             union
             (select * from patient where clinic_id = current_clinic() and given ~>=~ $1 and given ~<~ $3
              order by given using ~<~, number limit $2)
         ) p
         order by p.kana_folded using ~<~, p.number
         limit $2",
    )
    .bind(folded)
    .bind(MOST)
    .bind(end_of(folded))
    .fetch_all(tenant.db())
    .await?;
    Ok(rows.into_iter().map(Into::into).collect())
}
