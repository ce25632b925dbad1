//! Server functions of the administrator.

#![expect(missing_docs, reason = "the macro makes a struct of each function's arguments, which the contract describes")]

use chrono::{DateTime, Utc};
use leptos::{prelude::*, server_fn::codec::Json};
use model::{AppError, audit::AuditRow, master::EditionInfo, staff::StaffRow};

/// The clinic's staff (職員).
#[server(endpoint = "staff_list", input = Json)]
pub async fn staff_list() -> Result<Vec<StaffRow>, AppError> {
    let mut desk = crate::server::enter::<clinic::policy::Administer>().await?;
    let result = clinic::admin::staff_list(&mut desk.tenant, &desk.grant).await;
    crate::server::finish(desk, result).await
}

/// The audit trail (監査記録), newest first, before an instant.
#[server(endpoint = "audit_trail", input = Json)]
pub async fn audit_trail(before: Option<DateTime<Utc>>) -> Result<Vec<AuditRow>, AppError> {
    let mut desk = crate::server::enter::<clinic::policy::Administer>().await?;
    let result = clinic::audit::audit_trail(&mut desk.tenant, &desk.grant, before).await;
    crate::server::finish(desk, result).await
}

/// The editions of the national masters that are loaded (マスター版).
#[server(endpoint = "master_editions", input = Json)]
pub async fn master_editions() -> Result<Vec<EditionInfo>, AppError> {
    let mut desk = crate::server::enter::<clinic::policy::Administer>().await?;
    let result = clinic::admin::master_editions(&mut desk.tenant, &desk.grant).await;
    crate::server::finish(desk, result).await
}
