//! Importing and withdrawing from the command line, as the owner of the schema: the same set, the same rows, the same lock;
//! servers that run swap as if an administrator had done it.

use super::{
    load, preview,
    set::{self, Fault, Plan, Source},
    uploads::Checked,
    write::{self, By},
};
use crate::{Fallible, world::Random};
use chrono::{DateTime, Utc};
use model::{AppError, edition::*, ids::EditionId};
use sqlx::{Connection, PgConnection, PgPool};
use std::sync::Arc;

/// As which the command line stands in the history.
const NAME: &str = "コマンドライン";

/// How often the work is done anew because somebody else applied or withdrew meanwhile.
const TRIES: usize = 3;

/// What was done, or would be.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// What changes, by kind.
    pub kinds: Vec<KindPreview>,
    /// Names and ids of the files that came or went.
    pub files: Vec<(EditionId, String)>,
    /// Files that were applied already.
    pub known: Vec<String>,
    /// The state of the masters afterwards.
    pub state: i64,
}

/// How the command line reaches the database.
#[derive(Debug)]
pub struct Owner<'c> {
    /// For reading, as the application.
    pub pool: &'c PgPool,
    /// For writing, as the owner of the schema.
    pub connection: &'c mut PgConnection,
    /// The instant it is.
    pub now: DateTime<Utc>,
    /// Whether only to look.
    pub dry_run: bool,
}

impl Owner<'_> {
    /// Applies files together, all or none. A file that is refused refuses all; the answer is its reason.
    pub async fn import(&mut self, files: Vec<Checked>, past: bool) -> Fallible<Result<Outcome, Refusal>> {
        if let Some(refusal) = files.iter().find_map(|file| file.found.as_ref().err()) {
            return Ok(Err(refusal.clone()));
        }
        let random = Random::from_system();
        let source = |file: Checked| Source {
            id: random.id(self.now),
            tables: file.found.unwrap_or_default(),
            file: file.file,
            sha256: file.sha256,
            content: file.content,
        };
        let sources: Vec<Source> = files.into_iter().map(source).collect();
        for _ in 0..TRIES {
            let plan = set::with(self.connection, sources.clone(), past).await?;
            let coming = plan.coming_ids();
            let known = sources.iter().filter(|source| !coming.contains(&source.id)).map(|source| source.file.clone()).collect();
            match self.carry_out(plan, known).await? {
                Some(done) => return Ok(done),
                None => continue,
            }
        }
        Err(busy())
    }

    /// Withdraws an applied file.
    pub async fn withdraw(&mut self, edition: EditionId) -> Fallible<Result<Outcome, Refusal>> {
        for _ in 0..TRIES {
            let plan = set::without(self.connection, edition).await?;
            match self.carry_out(plan, Vec::new()).await? {
                Some(done) => return Ok(done),
                None => continue,
            }
        }
        Err(busy())
    }

    /// None when the set has changed meanwhile.
    async fn carry_out(&mut self, plan: Plan, known: Vec<String>) -> Fallible<Option<Result<Outcome, Refusal>>> {
        let state = plan.state;
        let mut outcome = Outcome { kinds: Vec::new(), files: Vec::new(), known, state };
        if plan.is_idle() {
            return Ok(Some(Ok(outcome)));
        }
        let (_, before) = load::load(self.pool).await?;
        let made = match set::make(self.pool, plan).await? {
            Ok(made) => Arc::new(made),
            Err(Fault { refusal, .. }) => return Ok(Some(Err(refusal))),
        };
        outcome.kinds = preview::kinds(self.pool, before, made.clone()).await?;
        outcome.files = made
            .came
            .iter()
            .map(|source| (source.id, source.file.clone()))
            .chain(made.went.clone())
            .map(|(id, file)| (EditionId(id), file))
            .collect();
        if !self.dry_run {
            let by = By { name: NAME.into(), staff: None };
            let mut tx = self.connection.begin().await?;
            if write::lock(&mut tx).await? != state {
                tx.rollback().await?;
                return Ok(None);
            }
            outcome.state = write::all(&mut tx, &made, &by, self.now).await?;
            tx.commit().await?;
        }
        Ok(Some(Ok(outcome)))
    }
}

fn busy() -> crate::Error {
    AppError::conflict("ほかの操作でマスターが変わり続けています。しばらくしてからもう一度実行してください。").into()
}
