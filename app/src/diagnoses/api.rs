//! Server functions of the diagnoses. Every change answers with the whole fresh list.

#![expect(missing_docs, reason = "the macro makes a struct of each function's arguments, which the contract describes")]

use leptos::{prelude::*, server_fn::codec::Json};
use model::{AppError, chart::*, ids::*, share::Flags};

/// Adds a diagnosis from the disease master with its modifiers.
#[server(endpoint = "add_diagnosis", input = Json)]
pub async fn add_diagnosis(patient: PatientId, form: DiagnosisForm) -> Result<Vec<Diagnosis>, AppError> {
    let mut desk = crate::server::enter::<clinic::policy::CodeDiagnosis>().await?;
    let result = clinic::diagnoses::add_diagnosis(&mut desk.tenant, &desk.grant, patient, form).await;
    crate::server::finish(desk, result).await
}

/// Ends a diagnosis with its outcome (転帰); the day in either calendar.
#[server(endpoint = "end_diagnosis", input = Json)]
pub async fn end_diagnosis(
    diagnosis: DiagnosisId,
    ended_on: String,
    outcome: Outcome,
    version: i64,
) -> Result<Vec<Diagnosis>, AppError> {
    let mut desk = crate::server::enter::<clinic::policy::CodeDiagnosis>().await?;
    let result = clinic::diagnoses::end_diagnosis(&mut desk.tenant, &desk.grant, diagnosis, ended_on, outcome, version).await;
    crate::server::finish(desk, result).await
}

/// Takes the outcome back: the diagnosis is a current one again.
#[server(endpoint = "reopen_diagnosis", input = Json)]
pub async fn reopen_diagnosis(diagnosis: DiagnosisId, version: i64) -> Result<Vec<Diagnosis>, AppError> {
    let mut desk = crate::server::enter::<clinic::policy::CodeDiagnosis>().await?;
    let result = clinic::diagnoses::reopen_diagnosis(&mut desk.tenant, &desk.grant, diagnosis, version).await;
    crate::server::finish(desk, result).await
}

/// Removes a mistyped diagnosis; the audit trail keeps it.
#[server(endpoint = "remove_diagnosis", input = Json)]
pub async fn remove_diagnosis(diagnosis: DiagnosisId, version: i64) -> Result<Vec<Diagnosis>, AppError> {
    let mut desk = crate::server::enter::<clinic::policy::CodeDiagnosis>().await?;
    let result = clinic::diagnoses::remove_diagnosis(&mut desk.tenant, &desk.grant, diagnosis, version).await;
    crate::server::finish(desk, result).await
}

/// Chooses the flags of a diagnosis (長期保存・未告知・未提供); the platform is told the same day.
#[server(endpoint = "flag_diagnosis", input = Json)]
pub async fn flag_diagnosis(diagnosis: DiagnosisId, flags: Flags, version: i64) -> Result<Vec<Diagnosis>, AppError> {
    let mut desk = crate::server::enter::<clinic::policy::CodeDiagnosis>().await?;
    let result = clinic::diagnoses::flag_diagnosis(&mut desk.tenant, &desk.grant, diagnosis, flags, version).await;
    crate::server::finish(desk, result).await
}
