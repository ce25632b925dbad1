//! Diagnoses (傷病名): a disease of the master with its modifiers, from its first day to its outcome.

use crate::{Fallible, Grant, Tenant, audit, error::AtField, events::Event, patients, policy::CodeDiagnosis, sharing};
use chrono::NaiveDate;
use model::{
    AppError, Flaw,
    chart::*,
    codes::*,
    date,
    ids::*,
    outside::Origin,
    share::{Flags, ShareKind},
};
use sqlx::{PgConnection, types::Json};
use std::collections::HashMap;
use uuid::Uuid;

/// Claim code of the suspicion modifier 「の疑い」, master Z.
pub const SUSPECTED: &str = "8002";
/// Up to twenty modifiers a disease (claim record SY field 5, 4 digits × 20).
const MOST_MODIFIERS: usize = 20;

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    patient_id: Uuid,
    code: String,
    base_name: String,
    management: String,
    exchange: String,
    icd10: String,
    modifiers: Json<Vec<ModifierRef>>,
    name: String,
    suspected: bool,
    principal: bool,
    started_on: NaiveDate,
    ended_on: Option<NaiveDate>,
    outcome: Option<String>,
    long_term: bool,
    uninformed: bool,
    undelivered: bool,
    origin: Option<Json<Origin>>,
    version: i64,
}

impl From<Row> for Diagnosis {
    fn from(row: Row) -> Self {
        Self {
            id: DiagnosisId(row.id),
            code: DiseaseCode(row.code),
            base_name: row.base_name,
            management: row.management,
            exchange: row.exchange,
            icd10: row.icd10,
            modifiers: row.modifiers.0,
            name: row.name,
            suspected: row.suspected,
            principal: row.principal,
            started_on: row.started_on,
            ended: row.ended_on.zip(row.outcome.as_deref().and_then(Outcome::parse)),
            flags: Flags { long_term: row.long_term, uninformed: row.uninformed, undelivered: row.undelivered },
            origin: row.origin.map(|origin| origin.0),
            version: row.version,
        }
    }
}

/// The diagnoses of patients, by patient: current ones first, the main one ahead, each newest first.
pub(crate) async fn of_patients(db: &mut PgConnection, patients: &[Uuid]) -> Fallible<HashMap<Uuid, Vec<Diagnosis>>> {
    let rows: Vec<Row> = sqlx::query_as(
        "select id, patient_id, code, base_name, management, exchange, icd10, modifiers, name, suspected, principal, started_on,
                ended_on, outcome, long_term, uninformed, undelivered, origin, version
         from diagnosis
         where clinic_id = current_clinic() and patient_id = any($1) and removed_at is null
         order by ended_on is not null, principal desc, coalesce(ended_on, started_on) desc, id",
    )
    .bind(patients)
    .fetch_all(db)
    .await?;
    let mut all: HashMap<Uuid, Vec<Diagnosis>> = HashMap::new();
    for row in rows {
        all.entry(row.patient_id).or_default().push(row.into());
    }
    Ok(all)
}

/// The diagnoses of one patient.
pub(crate) async fn of_patient(db: &mut PgConnection, patient: PatientId) -> Fallible<Vec<Diagnosis>> {
    Ok(of_patients(db, &[patient.0]).await?.remove(&patient.0).unwrap_or_default())
}

/// Adds a diagnosis. Codes must be in the masters on its first day; a disease that may not stand alone needs a modifier.
pub async fn add_diagnosis(
    tenant: &mut Tenant,
    _: &Grant<CodeDiagnosis>,
    patient: PatientId,
    form: DiagnosisForm,
) -> Fallible<Vec<Diagnosis>> {
    patients::load(tenant.db(), patient).await?;
    let today = tenant.today();
    let started_on = date::parse(&form.started_on).at("started_on")?;
    if started_on > today {
        return Err(AppError::field("started_on", Flaw::Future).into());
    }
    let masters = tenant.masters();
    // Older diagnoses are coded with today's names: the master on the day of coding is what a claim accepts.
    let unknown = |code: &str| Flaw::UnknownCode { code: code.to_owned(), on: today.to_string() };
    let disease = masters.disease(&form.code, today).ok_or_else(|| unknown(&form.code)).at("code")?;
    if form.modifiers.len() > MOST_MODIFIERS {
        let rule = Flaw::Rule { message: format!("修飾語は{MOST_MODIFIERS}個までです。") };
        return Err(AppError::field("modifiers", rule).into());
    }
    let mut modifiers = Vec::new();
    for code in &form.modifiers {
        let modifier = masters.modifier(code, today).ok_or_else(|| unknown(code)).at("modifiers")?;
        modifiers.push(ModifierRef {
            code: modifier.code.clone(),
            name: modifier.name.clone(),
            management: modifier.management.clone(),
            suffix: modifier.suffix,
        });
    }
    if disease.never_alone && modifiers.is_empty() {
        let rule = Flaw::Rule {
            message: format!("「{}」は単独では使用できません。修飾語を付けてください。", disease.name)
        };
        return Err(AppError::field("modifiers", rule).into());
    }
    let name = compose(&disease.name, &modifiers);
    let existing = of_patient(tenant.db(), patient).await?;
    if existing.iter().any(|d| d.ended.is_none() && d.name == name) {
        return Err(AppError::conflict(format!("「{name}」はすでに登録されています。")).into());
    }
    let suspected = modifiers.iter().any(|m| m.code.as_str() == SUSPECTED);
    let (clinic, id) = (tenant.clinic(), tenant.new_id());
    if form.principal {
        one_principal(tenant.db(), patient).await?;
    }
    sqlx::query(
        "insert into diagnosis (clinic_id, id, patient_id, code, base_name, management, exchange, icd10, modifiers, name, suspected,
                                principal, started_on)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
    )
    .bind(clinic)
    .bind(id)
    .bind(patient.0)
    .bind(disease.code.as_str())
    .bind(&disease.name)
    .bind(&disease.management)
    .bind(&disease.exchange)
    .bind(&disease.icd10)
    .bind(Json(&modifiers))
    .bind(&name)
    .bind(suspected)
    .bind(form.principal)
    .bind(started_on)
    .execute(tenant.db())
    .await?;
    changed(tenant, patient, id, "diagnosis.add").await
}

/// Ends a diagnosis with its outcome (転帰).
pub async fn end_diagnosis(
    tenant: &mut Tenant,
    _: &Grant<CodeDiagnosis>,
    diagnosis: DiagnosisId,
    ended_on: String,
    outcome: Outcome,
    version: i64,
) -> Fallible<Vec<Diagnosis>> {
    let (patient, started_on) = owner(tenant.db(), diagnosis).await?;
    let ended_on = date::parse(&ended_on).at("ended_on")?;
    if ended_on > tenant.today() {
        return Err(AppError::field("ended_on", Flaw::Future).into());
    }
    if ended_on < started_on {
        return Err(AppError::field("ended_on", Flaw::EndsBeforeStart).into());
    }
    let done = sqlx::query(
        "update diagnosis set ended_on = $3, outcome = $4, principal = false, version = version + 1
         where clinic_id = current_clinic() and id = $1 and version = $2 and removed_at is null",
    )
    .bind(diagnosis.0)
    .bind(version)
    .bind(ended_on)
    .bind(outcome.as_str())
    .execute(tenant.db())
    .await?;
    not_stale(tenant, diagnosis, done.rows_affected(), &format!("{} {}", ended_on, outcome.label())).await?;
    changed(tenant, patient, diagnosis.0, "diagnosis.end").await
}

/// Takes the end back.
pub async fn reopen_diagnosis(
    tenant: &mut Tenant,
    _: &Grant<CodeDiagnosis>,
    diagnosis: DiagnosisId,
    version: i64,
) -> Fallible<Vec<Diagnosis>> {
    let (patient, _) = owner(tenant.db(), diagnosis).await?;
    let done = sqlx::query(
        "update diagnosis set ended_on = null, outcome = null, removed_at = null, version = version + 1
         where clinic_id = current_clinic() and id = $1 and version = $2",
    )
    .bind(diagnosis.0)
    .bind(version)
    .execute(tenant.db())
    .await?;
    not_stale(tenant, diagnosis, done.rows_affected(), "継続").await?;
    changed(tenant, patient, diagnosis.0, "diagnosis.reopen").await
}

/// Chooses the flags of a diagnosis (長期保存・未告知・未提供); what was told of it is told anew.
pub async fn flag_diagnosis(
    tenant: &mut Tenant,
    _: &Grant<CodeDiagnosis>,
    diagnosis: DiagnosisId,
    flags: Flags,
    version: i64,
) -> Fallible<Vec<Diagnosis>> {
    let (patient, _) = owner(tenant.db(), diagnosis).await?;
    let done = sqlx::query(
        "update diagnosis set long_term = $3, uninformed = $4, undelivered = $5, version = version + 1
         where clinic_id = current_clinic() and id = $1 and version = $2 and removed_at is null",
    )
    .bind(diagnosis.0)
    .bind(version)
    .bind(flags.long_term)
    .bind(flags.uninformed)
    .bind(flags.undelivered)
    .execute(tenant.db())
    .await?;
    not_stale(tenant, diagnosis, done.rows_affected(), &flag_words(flags)).await?;
    audit::record(tenant, "diagnosis.flag", Some(patient), Some(diagnosis.0), flag_words(flags)).await?;
    if flags.hidden_from_patient() {
        sharing::hidden(tenant, patient).await?;
        tenant.announce(Event::Chart(patient)).await?;
        return of_patient(tenant.db(), patient).await;
    }
    tell(tenant, patient).await
}

fn flag_words(flags: Flags) -> String {
    let chosen = [(flags.long_term, "長期保存"), (flags.uninformed, "未告知"), (flags.undelivered, "未提供")];
    let words: Vec<&str> = chosen.into_iter().filter_map(|(set, word)| set.then_some(word)).collect();
    if words.is_empty() { "なし".to_owned() } else { words.join("・") }
}

/// Removes a mistyped diagnosis. The row stays for the trail; [`reopen_diagnosis`] brings it back.
pub async fn remove_diagnosis(
    tenant: &mut Tenant,
    _: &Grant<CodeDiagnosis>,
    diagnosis: DiagnosisId,
    version: i64,
) -> Fallible<Vec<Diagnosis>> {
    let (patient, _) = owner(tenant.db(), diagnosis).await?;
    let now = tenant.now;
    let done = sqlx::query(
        "update diagnosis set removed_at = $3, version = version + 1
         where clinic_id = current_clinic() and id = $1 and version = $2 and removed_at is null",
    )
    .bind(diagnosis.0)
    .bind(version)
    .bind(now)
    .execute(tenant.db())
    .await?;
    not_stale(tenant, diagnosis, done.rows_affected(), "削除").await?;
    changed(tenant, patient, diagnosis.0, "diagnosis.remove").await
}

/// The whole name: prefixes, the disease, suffixes, each in the order written.
pub(crate) fn compose(base: &str, modifiers: &[ModifierRef]) -> String {
    let part = |suffix: bool| modifiers.iter().filter(move |m| m.suffix == suffix).map(|m| m.name.as_str());
    part(false).chain([base]).chain(part(true)).collect()
}

async fn one_principal(db: &mut PgConnection, patient: PatientId) -> Fallible<()> {
    sqlx::query(
        "update diagnosis set principal = false, version = version + 1
         where clinic_id = current_clinic() and patient_id = $1 and principal and removed_at is null",
    )
    .bind(patient.0)
    .execute(db)
    .await?;
    Ok(())
}

async fn owner(db: &mut PgConnection, diagnosis: DiagnosisId) -> Fallible<(PatientId, NaiveDate)> {
    let row: Option<(Uuid, NaiveDate)> =
        sqlx::query_as("select patient_id, started_on from diagnosis where clinic_id = current_clinic() and id = $1")
            .bind(diagnosis.0)
            .fetch_optional(db)
            .await?;
    let (patient, started_on) = row.ok_or(AppError::NotFound)?;
    Ok((PatientId(patient), started_on))
}

async fn not_stale(tenant: &mut Tenant, diagnosis: DiagnosisId, rows: u64, yours: &str) -> Fallible<()> {
    if rows == 1 {
        return Ok(());
    }
    let (name, ended, outcome, removed, version): (String, Option<NaiveDate>, Option<String>, bool, i64) = sqlx::query_as(
        "select name, ended_on, outcome, removed_at is not null, version from diagnosis where clinic_id = current_clinic() and id = $1",
    )
    .bind(diagnosis.0)
    .fetch_one(tenant.db())
    .await?;
    let state = match (removed, ended, outcome.as_deref().and_then(Outcome::parse)) {
        (true, ..) => "削除".to_owned(),
        (_, Some(day), Some(outcome)) => format!("{day} {}", outcome.label()),
        _ => "継続".to_owned(),
    };
    let (by, at) = audit::last_change(tenant, "diagnosis.%", diagnosis.0).await?;
    Err(AppError::Stale { yours: format!("{name}: {yours}"), theirs: format!("{name}: {state}"), version, by, at }.into())
}

async fn changed(tenant: &mut Tenant, patient: PatientId, subject: Uuid, action: &str) -> Fallible<Vec<Diagnosis>> {
    audit::record(tenant, action, Some(patient), Some(subject), "").await?;
    crate::billing::settle_unpaid(tenant, patient).await?;
    tell(tenant, patient).await
}

/// Tells the browsers now and the platform the same day.
async fn tell(tenant: &mut Tenant, patient: PatientId) -> Fallible<Vec<Diagnosis>> {
    sharing::changed(tenant, patient, ShareKind::Diagnoses).await?;
    tenant.announce(Event::Chart(patient)).await?;
    of_patient(tenant.db(), patient).await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn modifier(name: &str, suffix: bool) -> ModifierRef {
        ModifierRef { code: "0000".into(), name: name.into(), management: String::new(), suffix }
    }

    #[test]
    fn a_name_is_prefixes_disease_suffixes() {
        let modifiers = [modifier("左", false), modifier("の疑い", true), modifier("急性", false)];
        assert_eq!(compose("変形性膝関節症", &modifiers), "左急性変形性膝関節症の疑い");
    }
}
