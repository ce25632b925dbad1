//! Keeping the national masters (全国マスター): files are handed in, previewed, applied and withdrawn, and every server loads
//! what is in force.
//!
//! The tables belong to no clinic. A clinic with `keeps_masters` keeps them for the whole installation; the database itself
//! refuses what others write. What is in force is a function of the set of applied files ([`::masters::ledger`]); the rows
//! in `master_row` are derived from it and written by differences only.

mod affected;
mod apply;
mod load;
mod owner;
mod preview;
mod set;
mod uploads;
mod watch;
mod write;

pub use apply::{apply_import, preview_import, preview_withdrawal, withdraw_edition};
pub use load::{load, store};
pub use owner::{Outcome, Owner};
pub use uploads::{Checked, check, discard_upload, may_upload, upload};
pub use watch::watch;

use crate::{Error, Fallible, Grant, Tenant, policy::*};
use chrono::{DateTime, Utc};
use model::{AppError, edition::*, ids::*};
use sqlx::types::Json;
use uuid::Uuid;

/// Who applied or withdrew a file, as clinics see it that do not keep the masters: names of staff stay in their clinic.
const SOMEBODY: &str = "マスターを管理する医療機関";

/// What is in force, which files were applied, and what waits at this clinic.
pub async fn editions(tenant: &mut Tenant, _: &Grant<Administer>) -> Fallible<Editions> {
    overview(tenant).await
}

async fn overview(tenant: &mut Tenant) -> Fallible<Editions> {
    let keeper = keeps(tenant).await?;
    let in_force = tenant.masters().editions().to_vec();
    Ok(Editions { keeper, in_force, history: history(tenant, keeper).await?, waiting: uploads::waiting(tenant).await? })
}

#[derive(sqlx::FromRow)]
struct Filed {
    id: Uuid,
    file: String,
    sha256: String,
    bytes: i64,
    tables: Json<Vec<FileTable>>,
    applied_at: DateTime<Utc>,
    applied_by: String,
    withdrawn_at: Option<DateTime<Utc>>,
    withdrawn_by: Option<String>,
}

/// Applied and withdrawn files, the latest first.
async fn history(tenant: &mut Tenant, keeper: bool) -> Fallible<Vec<Edition>> {
    let rows: Vec<Filed> = sqlx::query_as(
        "select id, file, sha256, length(content)::bigint as bytes, tables, applied_at, applied_by, withdrawn_at, withdrawn_by
         from master_file order by coalesce(withdrawn_at, applied_at) desc, file, id",
    )
    .fetch_all(tenant.db())
    .await?;
    let name = |name: String| if keeper { name } else { SOMEBODY.to_owned() };
    let edition = |row: Filed| Edition {
        id: EditionId(row.id),
        file: row.file,
        sha256: row.sha256,
        bytes: row.bytes.unsigned_abs(),
        tables: row.tables.0,
        applied_at: row.applied_at,
        applied_by: name(row.applied_by),
        withdrawn: row.withdrawn_at.zip(row.withdrawn_by.map(name)),
    };
    Ok(rows.into_iter().map(edition).collect())
}

/// Whether this clinic keeps the masters.
async fn keeps(tenant: &mut Tenant) -> Fallible<bool> {
    Ok(sqlx::query_scalar("select keeps_masters()").fetch_one(tenant.db()).await?)
}

/// Refuses clinics that do not keep the masters.
async fn must_keep(tenant: &mut Tenant) -> Fallible<()> {
    if keeps(tenant).await? { Ok(()) } else { Err(AppError::Forbidden.into()) }
}

/// Work for the processor, away from the threads that serve requests.
async fn away<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Fallible<T> {
    tokio::task::spawn_blocking(work).await.map_err(|error| Error::Broken(format!("masters: {error}")))
}
