//! Patients: registration, insurance, subsidies, consent. Finding them is in [`find`].

mod duplicates;
mod find;
mod rows;

pub use find::find;
pub(crate) use rows::{SummaryRow, load, load_all, sex_as_str};

use crate::{
    Fallible, Grant, Tenant, audit,
    error::Error,
    events::Event,
    policy::{FindPatient, RecordConsent, RegisterPatient},
    sharing,
};
use model::{AppError, ids::*, insurance::*, kana, patient::*};

/// A patient as the desk keeps it.
pub async fn patient(tenant: &mut Tenant, _: &Grant<FindPatient>, id: PatientId) -> Fallible<Patient> {
    let patient = load(tenant.db(), id).await?;
    audit::record(tenant, "patient.read", Some(id), None, "").await?;
    Ok(patient)
}

/// Local subsidies (地方単独公費) that a payer number can stand for, by its law number and prefecture.
pub fn local_subsidies(_: &Grant<FindPatient>, payer: &str) -> Vec<model::local_subsidy::LocalSubsidy> {
    masters::local::of_payer(payer).into_iter().cloned().collect()
}

/// Registers a new patient (新患登録). Likely duplicates come back first, unless the desk has seen them.
pub async fn register(
    tenant: &mut Tenant,
    _: &Grant<RegisterPatient>,
    form: PatientForm,
    despite_duplicates: bool,
) -> Fallible<Registration> {
    let new = form.parse(tenant.today())?;
    if !despite_duplicates {
        let candidates = duplicates::likely(tenant.db(), &new).await?;
        if !candidates.is_empty() {
            return Ok(Registration::LikelyDuplicates { candidates });
        }
    }
    let id = PatientId(tenant.new_id());
    let (clinic, now) = (tenant.clinic(), tenant.now);
    // The counter's row is locked until the end of the transaction, so that no number is given twice.
    let number: i64 = sqlx::query_scalar(
        "update clinic set next_patient_number = next_patient_number + 1
         where clinic_id = current_clinic() returning next_patient_number - 1",
    )
    .fetch_one(tenant.db())
    .await?;
    sqlx::query(
        "insert into patient (clinic_id, id, number, family, given, family_kana, given_kana, kana_folded, name_folded, sex,
                              birth_date, postal_code, address, phone, phone_digits, registered_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
    )
    .bind(clinic)
    .bind(id.0)
    .bind(number)
    .bind(&new.name.family)
    .bind(&new.name.given)
    .bind(&new.name.family_kana)
    .bind(&new.name.given_kana)
    .bind(kana::fold(&new.name.kana()))
    .bind(kana::fold(&new.name.full()))
    .bind(rows::sex_as_str(new.sex))
    .bind(new.birth_date)
    .bind(&new.postal_code)
    .bind(&new.address)
    .bind(&new.phone)
    .bind(digits(&new.phone))
    .bind(now)
    .execute(tenant.db())
    .await?;
    if let Some(insurance) = &new.insurance {
        insert_insurance(tenant, id, insurance).await?;
    }
    if let Some(subsidy) = &new.subsidy {
        insert_subsidy(tenant, id, subsidy).await?;
    }
    audit::record(tenant, "patient.register", Some(id), None, if despite_duplicates { "重複候補を確認のうえ登録" } else { "" })
        .await?;
    Ok(Registration::Registered { patient: id, number })
}

/// Changes what is registered; insurance and subsidies have their own doors. A stale version comes back with both texts.
pub async fn change_patient(
    tenant: &mut Tenant,
    _: &Grant<RegisterPatient>,
    id: PatientId,
    form: PatientForm,
    version: i64,
) -> Fallible<Patient> {
    let form = PatientForm { insurance: InsuranceForm::default(), subsidy: SubsidyForm::default(), ..form };
    let new = form.parse(tenant.today())?;
    let done = sqlx::query(
        "update patient set family = $3, given = $4, family_kana = $5, given_kana = $6, kana_folded = $7, name_folded = $8, sex = $9,
                birth_date = $10, postal_code = $11, address = $12, phone = $13, phone_digits = $14, version = version + 1
         where clinic_id = current_clinic() and id = $1 and version = $2",
    )
    .bind(id.0)
    .bind(version)
    .bind(&new.name.family)
    .bind(&new.name.given)
    .bind(&new.name.family_kana)
    .bind(&new.name.given_kana)
    .bind(kana::fold(&new.name.kana()))
    .bind(kana::fold(&new.name.full()))
    .bind(rows::sex_as_str(new.sex))
    .bind(new.birth_date)
    .bind(&new.postal_code)
    .bind(&new.address)
    .bind(&new.phone)
    .bind(digits(&new.phone))
    .execute(tenant.db())
    .await?;
    if done.rows_affected() == 0 {
        return Err(stale(tenant, id, &new).await?);
    }
    changed(tenant, id, "patient.change").await
}

/// Adds an insurance card.
pub async fn add_insurance(
    tenant: &mut Tenant,
    _: &Grant<RegisterPatient>,
    id: PatientId,
    form: InsuranceForm,
) -> Fallible<Patient> {
    let new = form.parse()?;
    load(tenant.db(), id).await?;
    insert_insurance(tenant, id, &new).await?;
    sharing::insured(tenant, id).await?;
    changed(tenant, id, "patient.add_insurance").await
}

/// Adds a subsidy.
pub async fn add_subsidy(tenant: &mut Tenant, _: &Grant<RegisterPatient>, id: PatientId, form: SubsidyForm) -> Fallible<Patient> {
    let new = form.parse()?;
    load(tenant.db(), id).await?;
    insert_subsidy(tenant, id, &new).await?;
    changed(tenant, id, "patient.add_subsidy").await
}

/// Writes the trail, tells the charts, and calculates anew what is not paid yet.
async fn changed(tenant: &mut Tenant, id: PatientId, action: &str) -> Fallible<Patient> {
    audit::record(tenant, action, Some(id), None, "").await?;
    crate::billing::settle_unpaid(tenant, id).await?;
    tenant.announce(Event::Chart(id)).await?;
    load(tenant.db(), id).await
}

/// Records that the patient agrees, or no longer agrees, to other institutions' records being read here (閲覧同意).
pub async fn set_consent(tenant: &mut Tenant, _: &Grant<RecordConsent>, id: PatientId, given: bool) -> Fallible<Patient> {
    let day = given.then(|| tenant.today());
    let changed =
        sqlx::query("update patient set consent_on = $2, version = version + 1 where clinic_id = current_clinic() and id = $1")
            .bind(id.0)
            .bind(day)
            .execute(tenant.db())
            .await?;
    if changed.rows_affected() == 0 {
        return Err(AppError::NotFound.into());
    }
    audit::record(tenant, "patient.consent", Some(id), None, if given { "同意" } else { "同意の取消" }).await?;
    tenant.announce(Event::Chart(id)).await?;
    load(tenant.db(), id).await
}

async fn insert_insurance(tenant: &mut Tenant, patient: PatientId, new: &NewInsurance) -> Fallible<()> {
    let (clinic, id) = (tenant.clinic(), tenant.new_id());
    sqlx::query(
        "insert into insurance (clinic_id, id, patient_id, insurer, symbol, number, branch, relation, share, limit_class,
                                many_times, long_term_cap, valid_from, valid_to)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
    )
    .bind(clinic)
    .bind(id)
    .bind(patient.0)
    .bind(new.insurer.as_str())
    .bind(&new.symbol)
    .bind(&new.number)
    .bind(&new.branch)
    .bind(rows::relation_as_str(new.relation))
    .bind(i16::from(new.share))
    .bind(&new.limit_class)
    .bind(new.many_times)
    .bind(new.long_term_cap)
    .bind(new.valid_from)
    .bind(new.valid_to)
    .execute(tenant.db())
    .await?;
    Ok(())
}

async fn insert_subsidy(tenant: &mut Tenant, patient: PatientId, new: &NewSubsidy) -> Fallible<()> {
    let (clinic, id) = (tenant.clinic(), tenant.new_id());
    sqlx::query(
        "insert into subsidy (clinic_id, id, patient_id, payer, recipient, share, monthly_cap, visit_cap, charged_visits, valid_from, valid_to)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
    )
    .bind(clinic)
    .bind(id)
    .bind(patient.0)
    .bind(&new.payer)
    .bind(&new.recipient)
    .bind(new.share.map(i16::from))
    .bind(new.monthly_cap)
    .bind(new.visit_cap)
    .bind(new.charged_visits.map(|visits| visits as i16))
    .bind(new.valid_from)
    .bind(new.valid_to)
    .execute(tenant.db())
    .await?;
    Ok(())
}

/// The answer to a stale version: what was typed and what stands now, and who saved it.
async fn stale(tenant: &mut Tenant, id: PatientId, new: &NewPatient) -> Fallible<Error> {
    let now = load(tenant.db(), id).await?;
    let (by, at) = audit::last_change(tenant, "patient.%", id.0).await?;
    let yours = describe(&new.name, new.sex, &new.birth_date.to_string(), &new.postal_code, &new.address, &new.phone);
    let theirs = describe(&now.name, now.sex, &now.birth_date.to_string(), &now.postal_code, &now.address, &now.phone);
    Ok(AppError::Stale { yours, theirs, version: now.version, by, at }.into())
}

fn describe(name: &PersonName, sex: Sex, birth: &str, postal: &str, address: &str, phone: &str) -> String {
    format!(
        "氏名: {}（{}）\n性別: {}\n生年月日: {birth}\n郵便番号: {postal}\n住所: {address}\n電話: {phone}",
        name.full(),
        name.kana(),
        sex.label()
    )
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}
