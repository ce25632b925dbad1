//! The set of applied files and what another set would make. Rows of a kind depend on files of that kind only, so that only
//! the kinds of the files that come or go are made anew.

use super::load;
use crate::{Error, Fallible};
use ::masters::{
    MasterError, Snapshot,
    ledger::{self, LedgerRow, Published, TableFile},
};
use model::{AppError, edition::*, ids::EditionId};
use sha2::{Digest, Sha256};
use sqlx::{PgConnection, PgPool, types::Json};
use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};
use tokio::sync::{Semaphore, SemaphorePermit};
use uuid::Uuid;

/// One set is made at a time, and kept until it is compared or written: each takes as much memory as the masters that serve.
static MAKERS: Semaphore = Semaphore::const_new(1);

/// A file with its bytes.
#[derive(Debug, Clone)]
pub struct Source {
    /// Its id in `master_file`.
    pub id: Uuid,
    /// Name as published.
    pub file: String,
    /// SHA-256, hexadecimal.
    pub sha256: String,
    /// The bytes as published.
    pub content: Vec<u8>,
    /// What it holds.
    pub tables: Vec<FileTable>,
}

/// A file as it is applied, without its bytes.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(super) struct Held {
    pub id: Uuid,
    pub file: String,
    pub sha256: String,
    pub tables: Json<Vec<FileTable>>,
}

/// The applied files of the set after a change as rows refer to them: each table of a file with the file's id.
#[derive(Debug, Clone, Default)]
pub(super) struct Files {
    /// As the ledger knows them.
    pub tables: Vec<TableFile>,
    places: HashMap<(Uuid, FileKind, String), u32>,
}

impl Files {
    fn add(&mut self, id: Uuid, file: &str, sha256: &str, tables: &[FileTable]) {
        for table in tables {
            self.places.insert((id, table.kind, table.edition.clone()), self.tables.len() as u32);
            self.tables.push(TableFile {
                kind: table.kind,
                edition: table.edition.clone(),
                file: file.to_owned(),
                sha256: sha256.to_owned(),
                date: table.date,
                full: table.full,
                rows: table.rows,
            });
        }
    }

    /// Where a table stands.
    pub fn place(&self, id: Uuid, kind: FileKind, edition: &str) -> Fallible<u32> {
        let found = self.places.get(&(id, kind, edition.to_owned())).copied();
        found.ok_or_else(|| Error::Broken(format!("masters: a row of {edition} without its file")))
    }
}

impl From<&[Held]> for Files {
    fn from(held: &[Held]) -> Self {
        let mut files = Self::default();
        for file in held {
            files.add(file.id, &file.file, &file.sha256, &file.tables.0);
        }
        files
    }
}

/// The applied files, in an order that does not depend on when they were applied.
pub(super) async fn applied(db: &mut PgConnection) -> Fallible<Vec<Held>> {
    Ok(sqlx::query_as("select id, file, sha256, tables from master_file where withdrawn_at is null order by sha256")
        .fetch_all(db)
        .await?)
}

/// A change of the set that was looked at but not made yet.
#[derive(Debug)]
pub struct Plan {
    /// The state it starts from.
    pub(super) state: i64,
    past: bool,
    before: Vec<Held>,
    coming: Vec<Source>,
    going: Option<Held>,
    /// Bytes of the applied files of the kinds that change, without the one that goes.
    staying: Vec<Source>,
}

impl Plan {
    /// Whether nothing would change.
    pub(super) fn is_idle(&self) -> bool {
        self.coming.is_empty() && self.going.is_none()
    }

    /// The files that come, in their order.
    pub(super) fn coming_ids(&self) -> Vec<Uuid> {
        self.coming.iter().map(|source| source.id).collect()
    }
}

/// Files come.
pub(super) async fn with(db: &mut PgConnection, mut coming: Vec<Source>, past: bool) -> Fallible<Plan> {
    let state = sqlx::query_scalar("select number from master_state").fetch_one(&mut *db).await?;
    let before = applied(db).await?;
    let mut seen: BTreeSet<String> = before.iter().map(|held| held.sha256.clone()).collect();
    coming.retain(|source| seen.insert(source.sha256.clone()));
    let kinds = kinds_of(coming.iter().flat_map(|source| &source.tables));
    let staying = contents(db, &before, &kinds).await?;
    Ok(Plan { state, past, before, coming, going: None, staying })
}

/// A file goes.
pub(super) async fn without(db: &mut PgConnection, edition: EditionId) -> Fallible<Plan> {
    let state = sqlx::query_scalar("select number from master_state").fetch_one(&mut *db).await?;
    let before = applied(db).await?;
    let going = before.iter().find(|held| held.id == edition.0).ok_or(AppError::NotFound)?.clone();
    let kinds = kinds_of(&going.tables.0);
    let left: Vec<Held> = before.iter().filter(|held| held.id != going.id).cloned().collect();
    let staying = contents(db, &left, &kinds).await?;
    Ok(Plan { state, past: true, before, coming: Vec::new(), going: Some(going), staying })
}

fn kinds_of<'t>(tables: impl IntoIterator<Item = &'t FileTable>) -> BTreeSet<FileKind> {
    tables.into_iter().map(|table| table.kind).collect()
}

/// The bytes of those files that hold one of the kinds.
async fn contents(db: &mut PgConnection, held: &[Held], kinds: &BTreeSet<FileKind>) -> Fallible<Vec<Source>> {
    let mut sources = Vec::new();
    for file in held.iter().filter(|held| held.tables.iter().any(|table| kinds.contains(&table.kind))) {
        let content: Vec<u8> =
            sqlx::query_scalar("select content from master_file where id = $1").bind(file.id).fetch_one(&mut *db).await?;
        sources.push(Source {
            id: file.id,
            file: file.file.clone(),
            sha256: file.sha256.clone(),
            content,
            tables: file.tables.0.clone(),
        });
    }
    Ok(sources)
}

/// A row ready to be stored.
#[derive(Debug, Clone)]
pub(super) struct Row {
    /// The row; `file` is its place in [`Files`].
    pub row: LedgerRow,
    /// Edition it came from.
    pub edition: String,
    /// File it came from.
    pub file: Uuid,
    /// Of everything it says.
    pub digest: [u8; 16],
}

/// What a set makes, ready to be written and to be asked.
pub(super) struct Made {
    /// The kinds that were made anew.
    pub kinds: Vec<FileKind>,
    /// All their rows.
    pub rows: Arc<Vec<Row>>,
    /// Files that come.
    pub came: Vec<Source>,
    /// Whether they were said to be history.
    pub past: bool,
    /// The file that goes, with its name.
    pub went: Option<(Uuid, String)>,
    /// The files of the set before.
    pub before: Files,
    /// All tables in memory.
    pub snapshot: Arc<Snapshot>,
    /// Nobody else makes a set while this one is there.
    _turn: SemaphorePermit<'static>,
}

/// What is wrong with a set: the reason, and whether a file that comes is at fault (its place among those).
#[derive(Debug)]
pub struct Fault {
    /// Place of the file among those that come.
    pub at: Option<usize>,
    /// The reason.
    pub refusal: Refusal,
}

impl Fault {
    fn of(error: &MasterError, coming: &[Source]) -> Self {
        let refusal = Refusal::from(error);
        // Every message begins with the name of its file; one name may begin with another.
        let named = coming.iter().enumerate().filter(|(_, source)| refusal.message.starts_with(&source.file));
        let at = named.max_by_key(|(_, source)| source.file.len()).map(|(at, _)| at);
        Self { at, refusal }
    }
}

/// Makes the new set's tables when it is its turn. Nothing is held meanwhile but memory.
pub(super) async fn make(pool: &PgPool, plan: Plan) -> Fallible<Result<Made, Fault>> {
    let turn = MAKERS.acquire().await.map_err(|error| Error::Broken(format!("masters: {error}")))?;
    // The work has the turn: whoever asked may have gone, and the work goes on.
    let (derived, turn) = super::away(move || (derive(plan), turn)).await?;
    let (kinds, rows, files, plan) = match derived {
        Ok(derived) => derived?,
        Err(fault) => return Ok(Err(fault)),
    };
    let rows = Arc::new(rows);
    let snapshot = load::snapshot(pool, files, &kinds, rows.clone()).await?;
    let Plan { before, coming, past, going, .. } = plan;
    let went = going.map(|held| (held.id, held.file));
    Ok(Ok(Made { kinds, rows, came: coming, past, went, before: Files::from(before.as_slice()), snapshot, _turn: turn }))
}

/// Kinds that are made anew, their rows, all files of the new set, and the rest of the plan.
type Derived = (Vec<FileKind>, Vec<Row>, Files, Plan);

/// The work for the processor: reads the files, checks them against what is applied, and makes the rows.
fn derive(mut plan: Plan) -> Result<Fallible<Derived>, Fault> {
    let kinds = match &plan.going {
        Some(going) => kinds_of(&going.tables.0),
        None => kinds_of(plan.coming.iter().flat_map(|source| &source.tables)),
    };
    let mut new: Vec<Published> = Vec::new();
    for source in &plan.coming {
        new.extend(ledger::read(&source.file, &source.content).map_err(|error| Fault::of(&error, &plan.coming))?);
    }
    let before = Files::from(plan.before.as_slice());
    ledger::check_against(&before.tables, &new, plan.past).map_err(|error| Fault::of(&error, &plan.coming))?;
    let mut files = Files::default();
    for held in plan.before.iter().filter(|held| plan.going.as_ref().is_none_or(|going| going.id != held.id)) {
        files.add(held.id, &held.file, &held.sha256, &held.tables.0);
    }
    for source in &plan.coming {
        files.add(source.id, &source.file, &source.sha256, &source.tables);
    }
    let mut staying = std::mem::take(&mut plan.staying);
    let ids: HashMap<String, Uuid> =
        plan.coming.iter().chain(&staying).map(|source| (source.sha256.clone(), source.id)).collect();
    let mut rows = Vec::new();
    // Kinds that share no file are made one after the other, so that only the text of one is held.
    for group in groups(&kinds, plan.coming.iter().chain(&staying)) {
        let (mut tables, rest): (Vec<_>, Vec<_>) = new.into_iter().partition(|table| group.contains(&table.kind));
        new = rest;
        for source in &mut staying {
            if !source.content.is_empty() && source.tables.iter().any(|table| group.contains(&table.kind)) {
                let all = ledger::read(&source.file, &source.content).map_err(|error| Fault::of(&error, &plan.coming))?;
                tables.extend(all.into_iter().filter(|table| group.contains(&table.kind)));
                source.content = Vec::new();
            }
        }
        let made = ledger::tables(&tables).map_err(|error| Fault::of(&error, &plan.coming))?;
        drop(tables);
        for row in made.rows {
            match stored(row, &made.files, &ids, &files) {
                Ok(row) => rows.push(row),
                Err(error) => return Ok(Err(error)),
            }
        }
    }
    Ok(Ok((kinds.into_iter().collect(), rows, files, plan)))
}

/// Deals kinds into groups so that no file has tables of two groups. Only kinds that change are in a group.
fn groups<'s>(kinds: &BTreeSet<FileKind>, sources: impl Iterator<Item = &'s Source>) -> Vec<BTreeSet<FileKind>> {
    let mut groups: Vec<BTreeSet<FileKind>> = kinds.iter().map(|kind| BTreeSet::from([*kind])).collect();
    for source in sources {
        let (mut together, apart): (Vec<_>, Vec<_>) =
            groups.into_iter().partition(|group| source.tables.iter().any(|table| group.contains(&table.kind)));
        groups = apart;
        if let Some(mut first) = together.pop() {
            first.extend(together.into_iter().flatten());
            groups.push(first);
        }
    }
    groups
}

fn stored(mut row: LedgerRow, tables: &[TableFile], ids: &HashMap<String, Uuid>, files: &Files) -> Fallible<Row> {
    let of = tables.get(row.file as usize).ok_or_else(|| Error::Broken("masters: a row without its file".into()))?;
    let file = *ids.get(&of.sha256).ok_or_else(|| Error::Broken("masters: a file that is not in the set".into()))?;
    let edition = of.edition.clone();
    let said = format!(
        "{}\n{}\n{}\n{}\n{edition}\n{}\n{}\n{}",
        row.kind.as_str(),
        row.code,
        row.from,
        row.to.map(|to| to.to_string()).unwrap_or_default(),
        of.sha256,
        row.line,
        row.cells
    );
    let mut digest = [0; 16];
    digest.copy_from_slice(&Sha256::digest(said.as_bytes())[..16]);
    row.file = files.place(file, row.kind, &edition)?;
    Ok(Row { row, edition, file, digest })
}
