//! Server functions of the administrator.

#![expect(missing_docs, reason = "the macro makes a struct of each function's arguments, which the contract describes")]

use chrono::{DateTime, Utc};
use leptos::{prelude::*, server_fn::codec::Json};
use model::{
    AppError,
    audit::AuditRow,
    clinic::{ClinicForm, ClinicSettings},
    edition::{Editions, ImportPreview},
    ids::{EditionId, UploadId},
    staff::StaffRow,
};

/// The clinic's staff (職員).
#[server(endpoint = "staff_list", input = Json)]
pub async fn staff_list() -> Result<Vec<StaffRow>, AppError> {
    let mut desk = crate::server::enter::<clinic::policy::Administer>().await?;
    let result = clinic::admin::staff_list(&mut desk.tenant, &desk.grant).await;
    crate::server::finish(desk, result).await
}

/// What the clinic says of itself (医院の設定).
#[server(name = AskClinicSettings, endpoint = "clinic_settings", input = Json)]
pub async fn clinic_settings() -> Result<ClinicSettings, AppError> {
    let mut desk = crate::server::enter::<clinic::policy::ConfigureClinic>().await?;
    let result = clinic::settings::clinic_settings(&mut desk.tenant, &desk.grant).await;
    crate::server::finish(desk, result).await
}

/// Changes the settings that were seen in a version.
#[server(endpoint = "put_clinic_settings", input = Json)]
pub async fn put_clinic_settings(form: ClinicForm, version: i64) -> Result<ClinicSettings, AppError> {
    let mut desk = crate::server::enter::<clinic::policy::ConfigureClinic>().await?;
    let result = clinic::settings::put_clinic_settings(&mut desk.tenant, &desk.grant, form, version).await;
    crate::server::finish(desk, result).await
}

/// The audit trail (監査記録), newest first, before an instant.
#[server(endpoint = "audit_trail", input = Json)]
pub async fn audit_trail(before: Option<DateTime<Utc>>) -> Result<Vec<AuditRow>, AppError> {
    let mut desk = crate::server::enter::<clinic::policy::Administer>().await?;
    let result = clinic::audit::audit_trail(&mut desk.tenant, &desk.grant, before).await;
    crate::server::finish(desk, result).await
}

/// The national masters (全国マスター): what is in force, which files were applied, which wait.
#[server(endpoint = "master_editions", input = Json)]
pub async fn master_editions() -> Result<Editions, AppError> {
    let mut desk = crate::server::enter::<clinic::policy::Administer>().await?;
    let result = clinic::masters::editions(&mut desk.tenant, &desk.grant).await;
    crate::server::finish(desk, result).await
}

/// Throws a file away that waits. Files are handed in at `POST /api/upload_master` (see `server::http::upload`).
#[server(endpoint = "discard_upload", input = Json)]
pub async fn discard_upload(upload: UploadId) -> Result<Editions, AppError> {
    let mut desk = crate::server::enter::<clinic::policy::KeepMasters>().await?;
    let result = clinic::masters::discard_upload(&mut desk.tenant, &desk.grant, upload).await;
    crate::server::finish(desk, result).await
}

/// What applying (取込) these files together would change. `past`: they may be older than what is in force.
#[server(endpoint = "preview_import", input = Json)]
pub async fn preview_import(uploads: Vec<UploadId>, past: bool) -> Result<ImportPreview, AppError> {
    let desk = crate::server::enter::<clinic::policy::KeepMasters>().await?;
    crate::server::answered(clinic::masters::preview_import(&crate::server::clinic()?, desk, uploads, past).await)
}

/// Applies these files, all or none. `state` is that of the preview; when the masters have changed since, it is a conflict.
#[server(endpoint = "apply_import", input = Json)]
pub async fn apply_import(uploads: Vec<UploadId>, past: bool, state: i64) -> Result<Editions, AppError> {
    let desk = crate::server::enter::<clinic::policy::KeepMasters>().await?;
    crate::server::answered(clinic::masters::apply_import(&crate::server::clinic()?, desk, uploads, past, state).await)
}

/// What withdrawing (取消) an applied file would change.
#[server(endpoint = "preview_withdrawal", input = Json)]
pub async fn preview_withdrawal(edition: EditionId) -> Result<ImportPreview, AppError> {
    let desk = crate::server::enter::<clinic::policy::KeepMasters>().await?;
    crate::server::answered(clinic::masters::preview_withdrawal(&crate::server::clinic()?, desk, edition).await)
}

/// Withdraws an applied file: the masters stand as if it had never come. `state` is that of the preview.
#[server(endpoint = "withdraw_edition", input = Json)]
pub async fn withdraw_edition(edition: EditionId, state: i64) -> Result<Editions, AppError> {
    let desk = crate::server::enter::<clinic::policy::KeepMasters>().await?;
    crate::server::answered(clinic::masters::withdraw_edition(&crate::server::clinic()?, desk, edition, state).await)
}
