//! Server functions of the patient register.

#![expect(missing_docs, reason = "the macro makes a struct of each function's arguments, which the contract describes")]

use leptos::{prelude::*, server_fn::codec::Json};
use model::{AppError, ids::*, insurance::*, patient::*};

/// Patients that fit what was typed: kana, kanji, number, or birth date in either calendar. Nothing typed: the latest seen.
#[server(endpoint = "find", input = Json)]
pub async fn find(query: String) -> Result<Vec<PatientSummary>, AppError> {
    let mut desk = crate::server::enter::<clinic::policy::FindPatient>().await?;
    let result = clinic::patients::find(&mut desk.tenant, &desk.grant, query).await;
    crate::server::finish(desk, result).await
}

/// Registers a patient (新患登録), or says who may be the same person.
#[server(endpoint = "register", input = Json)]
pub async fn register(form: PatientForm, despite_duplicates: bool) -> Result<Registration, AppError> {
    let mut desk = crate::server::enter::<clinic::policy::RegisterPatient>().await?;
    let result = clinic::patients::register(&mut desk.tenant, &desk.grant, form, despite_duplicates).await;
    crate::server::finish(desk, result).await
}

/// One patient with insurance and subsidies.
#[server(name = AskPatient, endpoint = "patient", input = Json)]
pub async fn patient(patient: PatientId) -> Result<Patient, AppError> {
    let mut desk = crate::server::enter::<clinic::policy::FindPatient>().await?;
    let result = clinic::patients::patient(&mut desk.tenant, &desk.grant, patient).await;
    crate::server::finish(desk, result).await
}

/// Changes a patient's data; insurance and subsidy have their own ways.
#[server(endpoint = "change_patient", input = Json)]
pub async fn change_patient(patient: PatientId, form: PatientForm, version: i64) -> Result<Patient, AppError> {
    let mut desk = crate::server::enter::<clinic::policy::RegisterPatient>().await?;
    let result = clinic::patients::change_patient(&mut desk.tenant, &desk.grant, patient, form, version).await;
    crate::server::finish(desk, result).await
}

/// Adds an insurance card (保険).
#[server(endpoint = "add_insurance", input = Json)]
pub async fn add_insurance(patient: PatientId, form: InsuranceForm) -> Result<Patient, AppError> {
    let mut desk = crate::server::enter::<clinic::policy::RegisterPatient>().await?;
    let result = clinic::patients::add_insurance(&mut desk.tenant, &desk.grant, patient, form).await;
    crate::server::finish(desk, result).await
}

/// Adds a subsidy (公費).
#[server(endpoint = "add_subsidy", input = Json)]
pub async fn add_subsidy(patient: PatientId, form: SubsidyForm) -> Result<Patient, AppError> {
    let mut desk = crate::server::enter::<clinic::policy::RegisterPatient>().await?;
    let result = clinic::patients::add_subsidy(&mut desk.tenant, &desk.grant, patient, form).await;
    crate::server::finish(desk, result).await
}

/// Local subsidies (地方単独公費) that the first four digits of a payer number can stand for.
#[server(endpoint = "local_subsidies", input = Json)]
pub async fn local_subsidies(payer: String) -> Result<Vec<model::local_subsidy::LocalSubsidy>, AppError> {
    let desk = crate::server::enter::<clinic::policy::FindPatient>().await?;
    let result = Ok(clinic::patients::local_subsidies(&desk.grant, &payer));
    crate::server::finish(desk, result).await
}

/// Records whether the patient agrees that other institutions' records are read here (閲覧同意).
#[server(endpoint = "set_consent", input = Json)]
pub async fn set_consent(patient: PatientId, given: bool) -> Result<Patient, AppError> {
    use crate::server::{answered, clinic, request_id, session_cookie};
    answered(clinic()?.set_consent(session_cookie().as_deref(), &request_id(), patient, given).await)
}
