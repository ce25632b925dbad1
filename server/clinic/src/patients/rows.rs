//! Rows of the patient tables, and the types they become.

use crate::{Error, Fallible};
use chrono::NaiveDate;
use model::{AppError, ids::*, insurance::*, patient::*};
use sqlx::PgConnection;
use std::collections::HashMap;
use uuid::Uuid;

/// The columns every list of patients reads.
#[derive(Debug, sqlx::FromRow)]
pub(crate) struct SummaryRow {
    pub(crate) patient_id: Uuid,
    pub(crate) patient_number: i64,
    pub(crate) family: String,
    pub(crate) given: String,
    pub(crate) family_kana: String,
    pub(crate) given_kana: String,
    pub(crate) sex: String,
    pub(crate) birth_date: NaiveDate,
    pub(crate) phone: String,
    pub(crate) last_visit: Option<NaiveDate>,
}

impl From<SummaryRow> for PatientSummary {
    fn from(row: SummaryRow) -> Self {
        Self {
            id: PatientId(row.patient_id),
            number: row.patient_number,
            name: PersonName { family: row.family, given: row.given, family_kana: row.family_kana, given_kana: row.given_kana },
            sex: sex_of(&row.sex),
            birth_date: row.birth_date,
            phone: row.phone,
            last_visit: row.last_visit,
        }
    }
}

#[derive(sqlx::FromRow)]
struct PatientRow {
    id: Uuid,
    number: i64,
    family: String,
    given: String,
    family_kana: String,
    given_kana: String,
    sex: String,
    birth_date: NaiveDate,
    postal_code: String,
    address: String,
    phone: String,
    consent_on: Option<NaiveDate>,
    version: i64,
}

#[derive(sqlx::FromRow)]
struct InsuranceRow {
    id: Uuid,
    patient_id: Uuid,
    insurer: String,
    symbol: String,
    number: String,
    branch: Option<String>,
    relation: String,
    share: i16,
    limit_class: Option<String>,
    many_times: bool,
    long_term_cap: Option<i64>,
    valid_from: NaiveDate,
    valid_to: Option<NaiveDate>,
    version: i64,
}

#[derive(sqlx::FromRow)]
struct SubsidyRow {
    id: Uuid,
    patient_id: Uuid,
    payer: String,
    recipient: String,
    share: Option<i16>,
    monthly_cap: Option<i64>,
    visit_cap: Option<i64>,
    charged_visits: Option<i16>,
    valid_from: NaiveDate,
    valid_to: Option<NaiveDate>,
    version: i64,
}

/// A patient with cards and subsidies.
pub(crate) async fn load(db: &mut PgConnection, id: PatientId) -> Fallible<Patient> {
    load_all(db, &[id.0]).await?.pop().ok_or_else(|| AppError::NotFound.into())
}

/// Patients with cards and subsidies, in no order. Who does not exist is left out.
pub(crate) async fn load_all(db: &mut PgConnection, ids: &[Uuid]) -> Fallible<Vec<Patient>> {
    let rows: Vec<PatientRow> = sqlx::query_as(
        "select id, number, family, given, family_kana, given_kana, sex, birth_date, postal_code, address, phone, consent_on, version
         from patient where clinic_id = current_clinic() and id = any($1)",
    )
    .bind(ids)
    .fetch_all(&mut *db)
    .await?;
    let insurances: Vec<InsuranceRow> = sqlx::query_as(
        "select id, patient_id, insurer, symbol, number, branch, relation, share, limit_class, many_times, long_term_cap,
                valid_from, valid_to, version
         from insurance where clinic_id = current_clinic() and patient_id = any($1) order by valid_from desc, id desc",
    )
    .bind(ids)
    .fetch_all(&mut *db)
    .await?;
    let subsidies: Vec<SubsidyRow> = sqlx::query_as(
        "select id, patient_id, payer, recipient, share, monthly_cap, visit_cap, charged_visits, valid_from, valid_to, version
         from subsidy where clinic_id = current_clinic() and patient_id = any($1) order by valid_from desc, id desc",
    )
    .bind(ids)
    .fetch_all(&mut *db)
    .await?;
    let mut cards: HashMap<Uuid, Vec<Insurance>> = HashMap::new();
    for row in insurances {
        cards.entry(row.patient_id).or_default().push(row.try_into()?);
    }
    let mut help: HashMap<Uuid, Vec<Subsidy>> = HashMap::new();
    for row in subsidies {
        help.entry(row.patient_id).or_default().push(row.into());
    }
    Ok(rows
        .into_iter()
        .map(|row| Patient {
            id: PatientId(row.id),
            number: row.number,
            name: PersonName { family: row.family, given: row.given, family_kana: row.family_kana, given_kana: row.given_kana },
            sex: sex_of(&row.sex),
            birth_date: row.birth_date,
            postal_code: row.postal_code,
            address: row.address,
            phone: row.phone,
            consent: row.consent_on,
            insurances: cards.remove(&row.id).unwrap_or_default(),
            subsidies: help.remove(&row.id).unwrap_or_default(),
            version: row.version,
        })
        .collect())
}

impl TryFrom<InsuranceRow> for Insurance {
    type Error = Error;

    fn try_from(row: InsuranceRow) -> Fallible<Self> {
        Ok(Self {
            id: InsuranceId(row.id),
            insurer: InsurerNumber::parse(&row.insurer).map_err(|_| Error::Broken("stored insurer number".into()))?,
            symbol: row.symbol,
            number: row.number,
            branch: row.branch,
            relation: if row.relation == "dependent" { Relation::Dependent } else { Relation::Insured },
            share: u8::try_from(row.share).map_err(|_| Error::Broken("stored share".into()))?,
            limit_class: row.limit_class,
            many_times: row.many_times,
            long_term_cap: row.long_term_cap,
            valid_from: row.valid_from,
            valid_to: row.valid_to,
            version: row.version,
        })
    }
}

impl From<SubsidyRow> for Subsidy {
    fn from(row: SubsidyRow) -> Self {
        Self {
            id: SubsidyId(row.id),
            payer: row.payer,
            recipient: row.recipient,
            share: row.share.and_then(|share| u8::try_from(share).ok()),
            monthly_cap: row.monthly_cap,
            visit_cap: row.visit_cap,
            charged_visits: row.charged_visits.and_then(|visits| u16::try_from(visits).ok()),
            valid_from: row.valid_from,
            valid_to: row.valid_to,
            version: row.version,
        }
    }
}

pub(crate) fn sex_as_str(sex: Sex) -> &'static str {
    match sex {
        Sex::Male => "male",
        Sex::Female => "female",
    }
}

pub(crate) fn sex_of(text: &str) -> Sex {
    if text == "female" { Sex::Female } else { Sex::Male }
}

pub(super) fn relation_as_str(relation: Relation) -> &'static str {
    match relation {
        Relation::Insured => "insured",
        Relation::Dependent => "dependent",
    }
}
