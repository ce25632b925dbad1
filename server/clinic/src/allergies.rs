//! Allergies, coded with J-FAGY, drugs with their price-standard code.

use crate::{Error, Fallible, Grant, Tenant, audit, error::AtField, events::Event, patients, policy::RecordAllergy, sharing};
use chrono::NaiveDate;
use model::{
    AppError, Flaw,
    chart::*,
    codes::*,
    ids::*,
    kana,
    outside::Origin,
    share::{Flags, ShareKind},
};
use sqlx::{PgConnection, types::Json};
use uuid::Uuid;

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    code: String,
    name: String,
    category: String,
    severe: bool,
    reaction: String,
    recorded_on: NaiveDate,
    long_term: bool,
    origin: Option<Json<Origin>>,
    version: i64,
}

impl TryFrom<Row> for Allergy {
    type Error = Error;

    fn try_from(row: Row) -> Fallible<Self> {
        Ok(Self {
            id: AllergyId(row.id),
            code: AllergenCode(row.code),
            name: row.name,
            category: AllergenCategory::parse(&row.category).ok_or_else(|| Error::Broken("category of allergy".into()))?,
            severe: row.severe,
            reaction: row.reaction,
            recorded_on: row.recorded_on,
            flags: Flags { long_term: row.long_term, ..Flags::default() },
            origin: row.origin.map(|origin| origin.0),
            version: row.version,
        })
    }
}

/// The allergies of a patient, severe ones first.
pub(crate) async fn of_patient(db: &mut PgConnection, patient: PatientId) -> Fallible<Vec<Allergy>> {
    let rows: Vec<Row> = sqlx::query_as(
        "select id, code, name, category, severe, reaction, recorded_on, long_term, origin, version from allergy
         where clinic_id = current_clinic() and patient_id = $1 and removed_at is null
         order by severe desc, recorded_on desc, id",
    )
    .bind(patient.0)
    .fetch_all(db)
    .await?;
    rows.into_iter().map(TryInto::try_into).collect()
}

/// Adds an allergy; its code must be in the master today.
pub async fn add_allergy(
    tenant: &mut Tenant,
    _: &Grant<RecordAllergy>,
    patient: PatientId,
    form: AllergyForm,
) -> Fallible<Vec<Allergy>> {
    patients::load(tenant.db(), patient).await?;
    let today = tenant.today();
    let allergen = tenant
        .masters()
        .allergen(&form.code, today)
        .ok_or_else(|| Flaw::UnknownCode { code: form.code.clone(), on: today.to_string() });
    let allergen = allergen.at("code")?;
    let reaction = kana::parse_optional(&form.reaction, 200).at("reaction")?.unwrap_or_default();
    let (clinic, id) = (tenant.clinic(), tenant.new_id());
    let inserted = sqlx::query(
        "insert into allergy (clinic_id, id, patient_id, code, name, category, severe, reaction, recorded_on)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(clinic)
    .bind(id)
    .bind(patient.0)
    .bind(allergen.code.as_str())
    .bind(&allergen.name)
    .bind(allergen.category.as_str())
    .bind(form.severe)
    .bind(reaction)
    .bind(today)
    .execute(tenant.db())
    .await
    .map_err(Error::from);
    match inserted {
        Err(error) if error.is_constraint("allergy_once") => {
            return Err(AppError::conflict(format!("「{}」はすでに登録されています。", allergen.name)).into());
        }
        other => other.map(drop)?,
    }
    changed(tenant, patient, id, "allergy.add").await
}

/// Removes a mistyped allergy; the row stays for the trail.
pub async fn remove_allergy(
    tenant: &mut Tenant,
    _: &Grant<RecordAllergy>,
    allergy: AllergyId,
    version: i64,
) -> Fallible<Vec<Allergy>> {
    let (patient, name, present) = owner(tenant.db(), allergy).await?;
    let now = tenant.now;
    let done = sqlx::query(
        "update allergy set removed_at = $3, version = version + 1 where clinic_id = current_clinic() and id = $1 and version = $2",
    )
    .bind(allergy.0)
    .bind(version)
    .bind(now)
    .execute(tenant.db())
    .await?;
    if done.rows_affected() == 0 {
        return Err(stale(tenant, allergy, name, "削除", present).await?);
    }
    changed(tenant, patient, allergy.0, "allergy.remove").await
}

/// Chooses whether an allergy is kept for long at the platform (長期保存); what was told of it is told anew.
pub async fn flag_allergy(
    tenant: &mut Tenant,
    _: &Grant<RecordAllergy>,
    allergy: AllergyId,
    long_term: bool,
    version: i64,
) -> Fallible<Vec<Allergy>> {
    let (patient, name, present) = owner(tenant.db(), allergy).await?;
    let done = sqlx::query(
        "update allergy set long_term = $3, version = version + 1
         where clinic_id = current_clinic() and id = $1 and version = $2 and removed_at is null",
    )
    .bind(allergy.0)
    .bind(version)
    .bind(long_term)
    .execute(tenant.db())
    .await?;
    if done.rows_affected() == 0 {
        return Err(stale(tenant, allergy, name, "長期保存", present).await?);
    }
    changed(tenant, patient, allergy.0, "allergy.flag").await
}

/// Whose allergy it is, its name and its version.
async fn owner(db: &mut PgConnection, allergy: AllergyId) -> Fallible<(PatientId, String, i64)> {
    let owner: Option<(Uuid, String, i64)> = sqlx::query_as(
        "select patient_id, name, version from allergy where clinic_id = current_clinic() and id = $1 and removed_at is null",
    )
    .bind(allergy.0)
    .fetch_optional(db)
    .await?;
    let (patient, name, version) = owner.ok_or(AppError::NotFound)?;
    Ok((PatientId(patient), name, version))
}

async fn stale(tenant: &mut Tenant, allergy: AllergyId, name: String, yours: &str, version: i64) -> Fallible<Error> {
    let (by, at) = audit::last_change(tenant, "allergy.%", allergy.0).await?;
    Ok(AppError::Stale { yours: format!("{name}: {yours}"), theirs: name, version, by, at }.into())
}

async fn changed(tenant: &mut Tenant, patient: PatientId, subject: Uuid, action: &str) -> Fallible<Vec<Allergy>> {
    audit::record(tenant, action, Some(patient), Some(subject), "").await?;
    sharing::changed(tenant, patient, ShareKind::Allergies).await?;
    tenant.announce(Event::Chart(patient)).await?;
    of_patient(tenant.db(), patient).await
}
