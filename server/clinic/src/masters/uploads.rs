//! Files that were handed in: checked when they come, kept until they are applied, thrown away, or a day old.

use super::{must_keep, overview, set::Source};
use crate::{Error, Fallible, Grant, Tenant, audit, policy::KeepMasters};
use ::masters::{ledger, official::text::hex};
use chrono::{DateTime, Duration, Utc};
use model::{AppError, edition::*, ids::*};
use sha2::{Digest, Sha256};
use sqlx::types::Json;
use tokio::sync::Semaphore;
use uuid::Uuid;

/// Files that are looked at at the same time.
static CHECKERS: Semaphore = Semaphore::const_new(2);

/// How long a file waits.
const KEPT: Duration = Duration::days(1);
/// How many files a clinic may have waiting: the official files of two years are some 80.
const MOST: i64 = 300;
/// How many bytes they may have together.
const MOST_BYTES: i64 = 512 << 20;

/// Refuses early, before the file has come: whoever may not import need not send it.
pub async fn may_upload(tenant: &mut Tenant, _: &Grant<KeepMasters>) -> Fallible<()> {
    must_keep(tenant).await
}

/// A file as it came, checked away from the threads that serve requests. Made by [`check`].
#[derive(Debug)]
pub struct Checked {
    /// Name as published.
    pub(super) file: String,
    /// How many bytes came.
    pub(super) size: u64,
    /// The bytes.
    pub(super) content: Vec<u8>,
    /// SHA-256, hexadecimal.
    pub(super) sha256: String,
    /// What it holds, or why it is refused.
    pub(super) found: Result<Vec<FileTable>, Refusal>,
}

impl Checked {
    /// What it holds, or why it is refused.
    pub fn found(&self) -> Result<&[FileTable], &Refusal> {
        self.found.as_deref()
    }
}

/// Looks at a file as it came, away from the threads that serve requests and two at a time: a large one takes a processor
/// for a second and much memory.
pub async fn check(file: String, content: Vec<u8>) -> Fallible<Checked> {
    let turn = CHECKERS.acquire().await.map_err(|error| Error::Broken(format!("masters: {error}")))?;
    super::away(move || {
        // Kept by the work itself: whoever asked may have gone, and the work goes on.
        let _turn = turn;
        let found = match ledger::read(&file, &content) {
            Ok(tables) => Ok(tables.iter().map(ledger::Published::table).collect()),
            Err(error) => Err(Refusal::from(&error)),
        };
        Checked { sha256: hex(&Sha256::digest(&content)), size: content.len() as u64, file, content, found }
    })
    .await
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    file: String,
    sha256: String,
    bytes: i64,
    at: DateTime<Utc>,
    tables: Json<Vec<FileTable>>,
    refusal: Option<Json<Refusal>>,
    known: bool,
}

impl From<Row> for Upload {
    fn from(row: Row) -> Self {
        Self {
            id: UploadId(row.id),
            file: row.file,
            sha256: row.sha256,
            bytes: row.bytes.unsigned_abs(),
            at: row.at,
            tables: row.tables.0,
            refusal: row.refusal.map(|refusal| refusal.0),
            known: row.known,
        }
    }
}

/// Keeps a file until it is applied. One that is refused is kept as well, without its bytes, so that the screen can show why.
/// The same bytes handed in again take the place of the former.
pub async fn upload(tenant: &mut Tenant, _: &Grant<KeepMasters>, file: Checked) -> Fallible<Upload> {
    must_keep(tenant).await?;
    let (id, now, clinic, staff) = (tenant.new_id(), tenant.now, tenant.clinic(), tenant.me.staff.id.0);
    sqlx::query("delete from master_upload where clinic_id = current_clinic() and (at < $1 or sha256 = $2)")
        .bind(now - KEPT)
        .bind(&file.sha256)
        .execute(tenant.db())
        .await?;
    let (count, bytes): (i64, i64) = sqlx::query_as(
        "select count(*), coalesce(sum(length(content)), 0) from master_upload where clinic_id = current_clinic()",
    )
    .fetch_one(tenant.db())
    .await?;
    if count >= MOST || bytes + file.content.len() as i64 > MOST_BYTES {
        return Err(AppError::conflict("取込待ちのファイルが多すぎます。適用するか破棄してから追加してください。").into());
    }
    let (tables, refusal, content) = match file.found {
        Ok(tables) => (tables, None, file.content),
        Err(refusal) => (Vec::new(), Some(refusal), Vec::new()),
    };
    sqlx::query(
        "insert into master_upload (clinic_id, id, file, sha256, content, size, tables, refusal, at, staff_id)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(clinic)
    .bind(id)
    .bind(&file.file)
    .bind(&file.sha256)
    .bind(&content)
    .bind(file.size as i64)
    .bind(Json(&tables))
    .bind(refusal.as_ref().map(Json))
    .bind(now)
    .bind(staff)
    .execute(tenant.db())
    .await?;
    audit::record(tenant, "master.upload", None, Some(id), &file.file).await?;
    these(tenant, &[UploadId(id)]).await?.pop().ok_or_else(|| AppError::NotFound.into())
}

/// What waits at this clinic, in the order it came.
pub(super) async fn waiting(tenant: &mut Tenant) -> Fallible<Vec<Upload>> {
    let rows: Vec<Row> = sqlx::query_as(
        "select u.id, u.file, u.sha256, u.size as bytes, u.at, u.tables, u.refusal,
                exists (select from master_file f where f.sha256 = u.sha256 and f.withdrawn_at is null) as known
         from master_upload u
         where u.clinic_id = current_clinic() and u.at >= $1
         order by u.at, u.id",
    )
    .bind(tenant.now - KEPT)
    .fetch_all(tenant.db())
    .await?;
    Ok(rows.into_iter().map(Upload::from).collect())
}

/// These uploads, each once; one that is not there is not found.
pub(super) async fn these(tenant: &mut Tenant, wanted: &[UploadId]) -> Fallible<Vec<Upload>> {
    let all = waiting(tenant).await?;
    if wanted.iter().any(|id| all.iter().all(|upload| upload.id != *id)) {
        return Err(AppError::NotFound.into());
    }
    Ok(all.into_iter().filter(|upload| wanted.contains(&upload.id)).collect())
}

/// Throws a file away that waits.
pub async fn discard_upload(tenant: &mut Tenant, _: &Grant<KeepMasters>, upload: UploadId) -> Fallible<Editions> {
    must_keep(tenant).await?;
    let file: Option<String> =
        sqlx::query_scalar("delete from master_upload where clinic_id = current_clinic() and id = $1 returning file")
            .bind(upload.0)
            .fetch_optional(tenant.db())
            .await?;
    let file = file.ok_or(AppError::NotFound)?;
    audit::record(tenant, "master.discard", None, Some(upload.0), file).await?;
    overview(tenant).await
}

/// An upload as a file that comes into the set. Its id becomes the edition's.
pub(super) async fn source(tenant: &mut Tenant, upload: &Upload) -> Fallible<Source> {
    let content: Vec<u8> = sqlx::query_scalar("select content from master_upload where clinic_id = current_clinic() and id = $1")
        .bind(upload.id.0)
        .fetch_one(tenant.db())
        .await?;
    Ok(Source {
        id: upload.id.0,
        file: upload.file.clone(),
        sha256: upload.sha256.clone(),
        content,
        tables: upload.tables.clone(),
    })
}

/// These need wait no longer.
pub(super) async fn done(tenant: &mut Tenant, uploads: &[Upload]) -> Fallible<()> {
    sqlx::query("delete from master_upload where clinic_id = current_clinic() and id = any($1)")
        .bind(uploads.iter().map(|upload| upload.id.0).collect::<Vec<_>>())
        .execute(tenant.db())
        .await?;
    Ok(())
}
