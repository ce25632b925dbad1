//! Server functions of the laboratory results.

#![expect(missing_docs, reason = "the macro makes a struct of each function's arguments, which the contract describes")]

use leptos::{prelude::*, server_fn::codec::Json};
use model::{AppError, ids::*, labs::*};

/// The items a result can be entered for, with the range printed last for such a patient.
#[server(endpoint = "lab_items", input = Json)]
pub async fn lab_items(patient: PatientId) -> Result<Vec<LabLine>, AppError> {
    let mut desk = crate::server::enter::<clinic::policy::EnterLabs>().await?;
    let result = clinic::labs::lab_items(&mut desk.tenant, &desk.grant, patient).await;
    crate::server::finish(desk, result).await
}

/// Enters the results of one specimen collection; answers with all reports, newest first.
#[server(endpoint = "enter_report", input = Json)]
pub async fn enter_report(patient: PatientId, form: LabReportForm) -> Result<Vec<LabReport>, AppError> {
    let mut desk = crate::server::enter::<clinic::policy::EnterLabs>().await?;
    let result = clinic::labs::enter_report(&mut desk.tenant, &desk.grant, patient, form).await;
    crate::server::finish(desk, result).await
}

/// Makes a preliminary report (中間報告) final: from now on it is shared.
#[server(endpoint = "finish_report", input = Json)]
pub async fn finish_report(report: LabReportId, version: i64) -> Result<Vec<LabReport>, AppError> {
    let mut desk = crate::server::enter::<clinic::policy::EnterLabs>().await?;
    let result = clinic::labs::finish_report(&mut desk.tenant, &desk.grant, report, version).await;
    crate::server::finish(desk, result).await
}

/// Chooses whether a report is kept for long at the platform (長期保存, designated infections only).
#[server(endpoint = "flag_report", input = Json)]
pub async fn flag_report(report: LabReportId, long_term: bool, version: i64) -> Result<Vec<LabReport>, AppError> {
    let mut desk = crate::server::enter::<clinic::policy::EnterLabs>().await?;
    let result = clinic::labs::flag_report(&mut desk.tenant, &desk.grant, report, long_term, version).await;
    crate::server::finish(desk, result).await
}
