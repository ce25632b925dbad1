//! What is written when a set of files becomes another: the files, and of the rows nothing but what differs.

use super::{
    load::SEPARATOR,
    set::{Made, Row, Source},
};
use crate::Fallible;
use chrono::{DateTime, Utc};
use model::edition::FileKind;
use sqlx::{PgConnection, types::Json};
use std::collections::HashSet;
use uuid::Uuid;

/// Rows of one statement: a few MB.
const BATCH: usize = 4000;

/// Who applies or withdraws.
#[derive(Debug, Clone)]
pub struct By {
    /// As shown in the history.
    pub name: String,
    /// Clinic and member of staff; absent from the command line.
    pub staff: Option<(Uuid, Uuid)>,
}

/// Waits until nobody else applies or withdraws; until the end of the transaction nobody else will. Returns the state.
pub(super) async fn lock(db: &mut PgConnection) -> Fallible<i64> {
    sqlx::query("select pg_advisory_xact_lock(hashtext('masters'))").execute(&mut *db).await?;
    // Whoever waited must not look at what stood before it waited: another statement, another look.
    Ok(sqlx::query_scalar("select number from master_state").fetch_one(&mut *db).await?)
}

/// Writes what was made: the files that come or go, the rows that differ, the new state. Returns the state. A file that went
/// in between, or came by somebody else, cannot have: the state is the one it was made from, and [`lock`] is held.
pub(super) async fn all(db: &mut PgConnection, made: &Made, by: &By, now: DateTime<Utc>) -> Fallible<i64> {
    for source in &made.came {
        add_file(db, source, made.past, by, now).await?;
    }
    let (gone, new) = settle(db, &made.kinds, &made.rows).await?;
    if let Some((id, _)) = &made.went {
        sqlx::query("update master_file set withdrawn_at = $2, withdrawn_by = $3 where id = $1 and withdrawn_at is null")
            .bind(id)
            .bind(now)
            .bind(&by.name)
            .execute(&mut *db)
            .await?;
    }
    tracing::info!(files = made.came.len(), gone, new, "masters changed");
    advance(db).await
}

/// Keeps a file as published.
async fn add_file(db: &mut PgConnection, new: &Source, past: bool, by: &By, now: DateTime<Utc>) -> Fallible<()> {
    sqlx::query(
        "insert into master_file (id, file, sha256, content, tables, past, applied_at, applied_by, applied_clinic_id, applied_staff_id)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(new.id)
    .bind(&new.file)
    .bind(&new.sha256)
    .bind(&new.content)
    .bind(Json(&new.tables))
    .bind(past)
    .bind(now)
    .bind(&by.name)
    .bind(by.staff.map(|(clinic, _)| clinic))
    .bind(by.staff.map(|(_, staff)| staff))
    .execute(db)
    .await?;
    Ok(())
}

/// Makes the rows of these kinds what they are to be; returns how many went and how many came.
async fn settle(db: &mut PgConnection, kinds: &[FileKind], rows: &[Row]) -> Fallible<(usize, usize)> {
    let kinds: Vec<&str> = kinds.iter().map(|kind| kind.as_str()).collect();
    let standing: Vec<(String, Vec<u8>)> =
        sqlx::query_as("select kind, digest from master_row where kind = any($1)").bind(&kinds).fetch_all(&mut *db).await?;
    let wanted: HashSet<(&str, &[u8])> = rows.iter().map(|row| (row.row.kind.as_str(), row.digest.as_slice())).collect();
    let gone: Vec<&(String, Vec<u8>)> =
        standing.iter().filter(|(kind, digest)| !wanted.contains(&(kind.as_str(), digest.as_slice()))).collect();
    for part in gone.chunks(BATCH) {
        sqlx::query(
            "delete from master_row r using unnest($1::text[], $2::bytea[]) as gone (kind, digest)
             where r.kind = gone.kind and r.digest = gone.digest",
        )
        .bind(part.iter().map(|(kind, _)| kind.as_str()).collect::<Vec<_>>())
        .bind(part.iter().map(|(_, digest)| digest.as_slice()).collect::<Vec<_>>())
        .execute(&mut *db)
        .await?;
    }
    let known: HashSet<(&str, &[u8])> = standing.iter().map(|(kind, digest)| (kind.as_str(), digest.as_slice())).collect();
    let new: Vec<&Row> = rows.iter().filter(|row| !known.contains(&(row.row.kind.as_str(), row.digest.as_slice()))).collect();
    for part in new.chunks(BATCH) {
        insert(db, part).await?;
    }
    Ok((gone.len(), new.len()))
}

/// `copy` would be quicker, but PostgreSQL does not offer it where row-level security holds.
async fn insert(db: &mut PgConnection, rows: &[&Row]) -> Fallible<()> {
    sqlx::query(
        "insert into master_row (kind, code, valid_from, valid_to, edition, file_id, line, cells, digest)
         select kind, code, valid_from, valid_to, edition, file_id, line, string_to_array(cells, $9), digest
         from unnest($1::text[], $2::text[], $3::date[], $4::date[], $5::text[], $6::uuid[], $7::int[], $8::text[], $10::bytea[])
              as new (kind, code, valid_from, valid_to, edition, file_id, line, cells, digest)",
    )
    .bind(rows.iter().map(|row| row.row.kind.as_str()).collect::<Vec<_>>())
    .bind(rows.iter().map(|row| row.row.code.as_str()).collect::<Vec<_>>())
    .bind(rows.iter().map(|row| row.row.from).collect::<Vec<_>>())
    .bind(rows.iter().map(|row| row.row.to).collect::<Vec<_>>())
    .bind(rows.iter().map(|row| row.edition.as_str()).collect::<Vec<_>>())
    .bind(rows.iter().map(|row| row.file).collect::<Vec<_>>())
    .bind(rows.iter().map(|row| row.row.line as i32).collect::<Vec<_>>())
    .bind(rows.iter().map(|row| &*row.row.cells).collect::<Vec<_>>())
    .bind(SEPARATOR)
    .bind(rows.iter().map(|row| row.digest.as_slice()).collect::<Vec<_>>())
    .execute(db)
    .await?;
    Ok(())
}

/// The set of applied files has changed: tells every server when the transaction commits. Returns the new state.
async fn advance(db: &mut PgConnection) -> Fallible<i64> {
    let number: i64 =
        sqlx::query_scalar("update master_state set number = number + 1 returning number").fetch_one(&mut *db).await?;
    sqlx::query("select pg_notify($1, $2)").bind(super::watch::CHANNEL).bind(number.to_string()).execute(db).await?;
    Ok(number)
}
