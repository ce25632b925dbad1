//! Server functions of sharing with the national platform.

#![expect(missing_docs, reason = "the macro makes a struct of each function's arguments, which the contract describes")]

use leptos::{prelude::*, server_fn::codec::Json};
use model::{AppError, ids::*, share::*};

/// What was shared about a patient, newest first, with the state of each document.
#[server(endpoint = "shared", input = Json)]
pub async fn shared(patient: PatientId) -> Result<Vec<SharedDocument>, AppError> {
    let mut desk = crate::server::enter::<clinic::policy::ReadChart>().await?;
    let result = clinic::sharing::shared(&mut desk.tenant, &desk.grant, patient).await;
    crate::server::finish(desk, result).await
}

/// Sends a document again, rebuilt from the present chart.
#[server(endpoint = "resend", input = Json)]
pub async fn resend(document: ShareId) -> Result<Vec<SharedDocument>, AppError> {
    let mut desk = crate::server::enter::<clinic::policy::Share>().await?;
    let result = clinic::sharing::resend(&mut desk.tenant, &desk.grant, document).await;
    crate::server::finish(desk, result).await
}

/// Takes a document back (取消): what waits is not sent, what was sent disappears at the platform.
#[server(endpoint = "withdraw", input = Json)]
pub async fn withdraw(document: ShareId) -> Result<Vec<SharedDocument>, AppError> {
    let mut desk = crate::server::enter::<clinic::policy::Share>().await?;
    let result = clinic::sharing::withdraw(&mut desk.tenant, &desk.grant, document).await;
    crate::server::finish(desk, result).await
}

/// What was sent about a patient, to whom, when, without what the patient is not to see (共有の記録).
#[server(name = AskAccount, endpoint = "account", input = Json)]
pub async fn account(patient: PatientId) -> Result<Account, AppError> {
    let mut desk = crate::server::enter::<clinic::policy::PrintAccount>().await?;
    let result = clinic::sharing::account(&mut desk.tenant, &desk.grant, patient).await;
    crate::server::finish(desk, result).await
}
