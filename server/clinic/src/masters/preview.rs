//! What a change of the set does: by kind, and to what this clinic uses.

use super::{load, set::Made};
use crate::{Clinic, Fallible};
use ::masters::{
    Snapshot,
    ledger::{self, LedgerRow},
};
use model::{edition::*, master::MasterKind};
use sqlx::PgPool;
use std::sync::Arc;

/// The masters before the change: what this server holds, unless it is behind.
pub(super) async fn standing(clinic: &Clinic, state: i64) -> Fallible<Arc<Snapshot>> {
    match clinic.world.masters.state() {
        (held, snapshot) if held == state => Ok(snapshot),
        _ => Ok(load::load(&clinic.pool).await?.1),
    }
}

/// What changes, by kind; kinds of which nothing changes are left out.
pub(super) async fn kinds(pool: &PgPool, before: Arc<Snapshot>, made: Arc<Made>) -> Fallible<Vec<KindPreview>> {
    // Tables that are asked by rules only are compared row by row.
    let others: Vec<FileKind> = made.kinds.iter().copied().filter(|kind| kind.master().is_none()).collect();
    let stood = load::rows(pool, &made.before, &others).await?;
    super::away(move || {
        // A figure of a procedure may change through the points of a coming revision, so all of the searchable are compared.
        let searchable = MasterKind::ALL.map(FileKind::from);
        let mut previews = ledger::difference(&before, &made.snapshot, &searchable);
        for kind in others {
            let stood: Vec<LedgerRow> = stood.iter().filter(|row| row.kind == kind).cloned().collect();
            let comes: Vec<LedgerRow> = made.rows.iter().map(|row| &row.row).filter(|row| row.kind == kind).cloned().collect();
            previews.push(ledger::difference_rows(kind, &stood, &comes));
        }
        previews.retain(|preview| !preview.is_empty());
        previews
    })
    .await
}

/// Every row of the searchable masters that changes.
pub(super) async fn changes(before: Arc<Snapshot>, after: Arc<Snapshot>) -> Fallible<Vec<(MasterKind, RowChange)>> {
    super::away(move || {
        let of = |kind| ledger::changes(&before, &after, kind).into_iter().map(move |row| (kind, row));
        MasterKind::ALL.into_iter().flat_map(of).collect()
    })
    .await
}
