//! From the database into memory: all rows that applied files make, typed while they come in.

use super::set::{self, Files, Row};
use crate::{Error, Fallible};
use ::masters::{
    Snapshot, Store,
    ledger::{LedgerRow, Loader},
};
use chrono::NaiveDate;
use futures::TryStreamExt;
use model::edition::FileKind;
use sqlx::PgPool;
use std::sync::Arc;
use tokio::sync::mpsc;
use uuid::Uuid;

/// Between the cells of a row on its way; the ledger lets no cell hold it.
pub(super) const SEPARATOR: &str = "\t";

/// How often a load begins anew because an edition was applied meanwhile.
const TRIES: usize = 5;

/// Rows handed over at a time, and how many such batches may wait.
const BATCH: usize = 512;
const QUEUE: usize = 64;

/// The store of a server: the masters as the database has them, the starter set where nothing was applied.
pub async fn store(pool: &PgPool) -> Fallible<Store> {
    let (number, snapshot) = load(pool).await?;
    // Indexes are made away from the threads that serve requests.
    super::away(move || Store::numbered(number, snapshot)).await
}

/// The masters as the database has them, with the number of their state.
pub async fn load(pool: &PgPool) -> Fallible<(i64, Arc<Snapshot>)> {
    for _ in 0..TRIES {
        let number = number(pool).await?;
        let held = set::applied(&mut *pool.acquire().await?).await?;
        let loaded = match held.as_slice() {
            [] => Ok(super::away(Snapshot::starter).await?),
            held => snapshot(pool, Files::from(held), &[], Arc::default()).await,
        };
        // What changed while it came in may look broken.
        if self::number(pool).await? == number {
            return loaded.map(|snapshot| (number, snapshot));
        }
    }
    Err(Error::Broken("masters: editions were applied faster than they load".into()))
}

/// The state of the database.
pub(super) async fn number(pool: &PgPool) -> Fallible<i64> {
    Ok(sqlx::query_scalar("select number from master_state").fetch_one(pool).await?)
}

/// All tables of a set: the rows the database has but for those of some kinds, and the rows that were just made of those.
pub(super) async fn snapshot(pool: &PgPool, files: Files, anew: &[FileKind], made: Arc<Vec<Row>>) -> Fallible<Arc<Snapshot>> {
    let stored: Vec<FileKind> = FileKind::ALL.into_iter().filter(|kind| !anew.contains(kind)).collect();
    let (sender, mut receiver) = mpsc::channel::<Vec<LedgerRow>>(QUEUE);
    let tables = files.tables.clone();
    // Typing keeps a thread of its own busy while rows come in.
    let typed = tokio::task::spawn_blocking(move || {
        let mut loader = Loader::new(tables);
        for row in made.iter() {
            loader.add(&row.row)?;
        }
        drop(made);
        while let Some(rows) = receiver.blocking_recv() {
            for row in &rows {
                loader.add(row)?;
            }
        }
        loader.finish()
    });
    let files = Arc::new(files);
    let fetched = futures::future::try_join_all(lines(&stored).map(|kinds| {
        let (pool, files, sender) = (pool.clone(), files.clone(), sender.clone());
        async move { fetch(&pool, &files, &kinds, &sender).await }
    }))
    .await;
    // The loader ends when nobody can send any more.
    drop(sender);
    let typed = typed.await.map_err(|error| Error::Broken(format!("masters: {error}")))?;
    fetched?;
    match typed {
        Ok(snapshot) => Ok(Arc::new(snapshot)),
        Err(error) => Err(Error::Broken(format!("masters: stored rows cannot be read: {error}"))),
    }
}

/// Deals the kinds out so that the lines have about the same to bring.
fn lines(kinds: &[FileKind]) -> impl Iterator<Item = Vec<&'static str>> {
    let of = |wide: bool| kinds.iter().filter(|kind| is_first_line(**kind) == wide).map(|kind| kind.as_str()).collect::<Vec<_>>();
    [of(true), of(false)].into_iter().filter(|kinds| !kinds.is_empty())
}

/// Procedures and drugs are half of all.
fn is_first_line(kind: FileKind) -> bool {
    matches!(kind, FileKind::Procedure | FileKind::Drug)
}

/// The stored rows of some kinds.
pub(super) async fn rows(pool: &PgPool, files: &Files, kinds: &[FileKind]) -> Fallible<Vec<LedgerRow>> {
    let kinds: Vec<&str> = kinds.iter().map(|kind| kind.as_str()).collect();
    if kinds.is_empty() {
        return Ok(Vec::new());
    }
    let (sender, mut receiver) = mpsc::channel(QUEUE);
    let fetched = async move { fetch(pool, files, &kinds, &sender).await };
    let collected = async {
        let mut rows = Vec::new();
        while let Some(batch) = receiver.recv().await {
            rows.extend(batch);
        }
        rows
    };
    let (fetched, rows) = tokio::join!(fetched, collected);
    fetched.map(|()| rows)
}

#[derive(sqlx::FromRow)]
struct Stored {
    kind: String,
    code: String,
    valid_from: NaiveDate,
    valid_to: Option<NaiveDate>,
    edition: String,
    file_id: Uuid,
    line: i32,
    cells: String,
}

/// Brings the rows of some kinds in, some hundred at a time.
async fn fetch(pool: &PgPool, files: &Files, kinds: &[&str], sender: &mpsc::Sender<Vec<LedgerRow>>) -> Fallible<()> {
    // A full load on a slow machine takes longer than any request may.
    let mut tx = pool.begin().await?;
    sqlx::query("set local statement_timeout = '5min'").execute(&mut *tx).await?;
    let mut rows = sqlx::query_as::<_, Stored>(
        "select kind, code, valid_from, valid_to, edition, file_id, line, array_to_string(cells, $2) as cells
         from master_row where kind = any($1)",
    )
    .bind(kinds)
    .bind(SEPARATOR)
    .fetch(&mut *tx);
    let mut batch = Vec::with_capacity(BATCH);
    while let Some(row) = rows.try_next().await? {
        let kind = FileKind::parse(&row.kind).ok_or_else(|| Error::Broken(format!("masters: kind {}", row.kind)))?;
        batch.push(LedgerRow {
            kind,
            code: row.code,
            from: row.valid_from,
            to: row.valid_to,
            file: files.place(row.file_id, kind, &row.edition)?,
            line: u64::from(row.line.unsigned_abs()),
            cells: row.cells.into_boxed_str(),
        });
        if batch.len() == BATCH {
            let full = std::mem::replace(&mut batch, Vec::with_capacity(BATCH));
            // Nobody receives when the loader has met a row it cannot read; it says so itself.
            if sender.send(full).await.is_err() {
                return Ok(());
            }
        }
    }
    let _ = sender.send(batch).await;
    Ok(())
}
