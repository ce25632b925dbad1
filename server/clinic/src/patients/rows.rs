//! Rows of the patient tables, and the types they become.

use crate::{Error, Fallible};
use chrono::NaiveDate;
use model::{AppError, ids::*, insurance::*, patient::*};
use sqlx::PgConnection;
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
    insurer: String,
    symbol: String,
    number: String,
    branch: Option<String>,
    relation: String,
    share: i16,
    limit_class: Option<String>,
    valid_from: NaiveDate,
    valid_to: Option<NaiveDate>,
    version: i64,
}

#[derive(sqlx::FromRow)]
struct SubsidyRow {
    id: Uuid,
    payer: String,
    recipient: String,
    share: Option<i16>,
    monthly_cap: Option<i64>,
    valid_from: NaiveDate,
    valid_to: Option<NaiveDate>,
    version: i64,
}

/// A patient with cards and subsidies.
pub(crate) async fn load(db: &mut PgConnection, id: PatientId) -> Fallible<Patient> {
    let row: Option<PatientRow> = sqlx::query_as(
        "select id, number, family, given, family_kana, given_kana, sex, birth_date, postal_code, address, phone, consent_on, version
         from patient where clinic_id = current_clinic() and id = $1",
    )
    .bind(id.0)
    .fetch_optional(&mut *db)
    .await?;
    let row = row.ok_or(AppError::NotFound)?;
    let insurances: Vec<InsuranceRow> = sqlx::query_as(
        "select id, insurer, symbol, number, branch, relation, share, limit_class, valid_from, valid_to, version
         from insurance where clinic_id = current_clinic() and patient_id = $1 order by valid_from desc, id desc",
    )
    .bind(id.0)
    .fetch_all(&mut *db)
    .await?;
    let subsidies: Vec<SubsidyRow> = sqlx::query_as(
        "select id, payer, recipient, share, monthly_cap, valid_from, valid_to, version
         from subsidy where clinic_id = current_clinic() and patient_id = $1 order by valid_from desc, id desc",
    )
    .bind(id.0)
    .fetch_all(&mut *db)
    .await?;
    Ok(Patient {
        id: PatientId(row.id),
        number: row.number,
        name: PersonName { family: row.family, given: row.given, family_kana: row.family_kana, given_kana: row.given_kana },
        sex: sex_of(&row.sex),
        birth_date: row.birth_date,
        postal_code: row.postal_code,
        address: row.address,
        phone: row.phone,
        consent: row.consent_on,
        insurances: insurances.into_iter().map(Insurance::try_from).collect::<Result<_, _>>()?,
        subsidies: subsidies.into_iter().map(Subsidy::from).collect(),
        version: row.version,
    })
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
