//! Keeping the national masters (全国マスター): files are handed in, previewed, applied and withdrawn, and every server loads
//! what is in force.
//!
//! The tables belong to no clinic. A clinic with `keeps_masters` keeps them for the whole installation; the database itself
//! refuses what others write. What is in force is a function of the set of applied files ([`::masters::ledger`]); the rows
//! in `master_row` are derived from it and written by differences only.

mod uploads;

pub use uploads::{discard_upload, may_upload, upload};

use crate::{Clinic, Desk, Fallible, Grant, Tenant, policy::*};
use model::{AppError, edition::*, ids::*};

/// What is in force, which files were applied, and what waits at this clinic.
pub async fn editions(tenant: &mut Tenant, _: &Grant<Administer>) -> Fallible<Editions> {
    overview(tenant).await
}

pub(crate) async fn overview(tenant: &mut Tenant) -> Fallible<Editions> {
    let keeper = keeps(tenant).await?;
    let in_force = tenant.masters().editions().to_vec();
    Ok(Editions { keeper, in_force, history: Vec::new(), waiting: uploads::waiting(tenant).await? })
}

/// Whether this clinic keeps the masters.
pub(crate) async fn keeps(tenant: &mut Tenant) -> Fallible<bool> {
    Ok(sqlx::query_scalar("select keeps_masters()").fetch_one(tenant.db()).await?)
}

/// Refuses clinics that do not keep the masters.
pub(crate) async fn must_keep(tenant: &mut Tenant) -> Fallible<()> {
    if keeps(tenant).await? { Ok(()) } else { Err(AppError::Forbidden.into()) }
}

/// What applying these uploads together would change.
pub async fn preview_import(
    _clinic: &Clinic,
    mut desk: Desk<KeepMasters>,
    _uploads: Vec<UploadId>,
    _past: bool,
) -> Result<ImportPreview, AppError> {
    let kept = must_keep(&mut desk.tenant).await;
    desk.finish(kept).await?;
    Err(AppError::Unavailable)
}

/// Applies these uploads, all or none.
pub async fn apply_import(
    _clinic: &Clinic,
    mut desk: Desk<KeepMasters>,
    _uploads: Vec<UploadId>,
    _past: bool,
    _state: i64,
) -> Result<Editions, AppError> {
    let kept = must_keep(&mut desk.tenant).await;
    desk.finish(kept).await?;
    Err(AppError::Unavailable)
}

/// What withdrawing an applied file would change.
pub async fn preview_withdrawal(
    _clinic: &Clinic,
    mut desk: Desk<KeepMasters>,
    _edition: EditionId,
) -> Result<ImportPreview, AppError> {
    let kept = must_keep(&mut desk.tenant).await;
    desk.finish(kept).await?;
    Err(AppError::Unavailable)
}

/// Withdraws an applied file.
pub async fn withdraw_edition(
    _clinic: &Clinic,
    mut desk: Desk<KeepMasters>,
    _edition: EditionId,
    _state: i64,
) -> Result<Editions, AppError> {
    let kept = must_keep(&mut desk.tenant).await;
    desk.finish(kept).await?;
    Err(AppError::Unavailable)
}
