//! Previewing, applying and withdrawing, for an administrator in the browser. The work is done between two short
//! transactions: one reads the set, one writes what the new set makes, and refuses when the set has changed meanwhile.

use super::{
    affected, must_keep, overview, preview,
    set::{self, Fault, Made, Plan},
    uploads,
    write::{self, By},
};
use crate::{Clinic, Desk, Fallible, Tenant, audit, inhouse, policy::KeepMasters};
use ::masters::Snapshot;
use model::{AppError, edition::*, ids::*, master::MasterKind};
use std::sync::Arc;
use uuid::Uuid;

/// What is to be done to the set of applied files.
enum Wish {
    /// These uploads come.
    Import { uploads: Vec<UploadId>, past: bool },
    /// This file goes.
    Withdraw(EditionId),
}

/// What applying these uploads together would change.
pub async fn preview_import(
    clinic: &Clinic,
    mut desk: Desk<KeepMasters>,
    uploads: Vec<UploadId>,
    past: bool,
) -> Result<ImportPreview, AppError> {
    let looked = look(&mut desk.tenant, Wish::Import { uploads, past }).await;
    show(clinic, desk, looked).await
}

/// What withdrawing an applied file would change.
pub async fn preview_withdrawal(
    clinic: &Clinic,
    mut desk: Desk<KeepMasters>,
    edition: EditionId,
) -> Result<ImportPreview, AppError> {
    let looked = look(&mut desk.tenant, Wish::Withdraw(edition)).await;
    show(clinic, desk, looked).await
}

/// Applies these uploads, all or none. Files that are applied already are passed over; if no other is left, nothing happens.
pub async fn apply_import(
    clinic: &Clinic,
    mut desk: Desk<KeepMasters>,
    uploads: Vec<UploadId>,
    past: bool,
    state: i64,
) -> Result<Editions, AppError> {
    let looked = look(&mut desk.tenant, Wish::Import { uploads, past }).await;
    change(clinic, desk, looked, state).await
}

/// Withdraws an applied file: the masters stand as if it had never come.
pub async fn withdraw_edition(
    clinic: &Clinic,
    mut desk: Desk<KeepMasters>,
    edition: EditionId,
    state: i64,
) -> Result<Editions, AppError> {
    let looked = look(&mut desk.tenant, Wish::Withdraw(edition)).await;
    change(clinic, desk, looked, state).await
}

/// What the first transaction found.
struct Looked {
    uploads: Vec<Upload>,
    plan: Plan,
    used: affected::Used,
}

async fn look(tenant: &mut Tenant, wish: Wish) -> Fallible<Looked> {
    must_keep(tenant).await?;
    let used = affected::used(tenant).await?;
    let (uploads, plan) = match wish {
        Wish::Import { uploads, past } => {
            let found = uploads::these(tenant, &uploads).await?;
            let mut coming = Vec::new();
            for upload in found.iter().filter(|upload| upload.refusal.is_none() && !upload.known) {
                coming.push(uploads::source(tenant, upload).await?);
            }
            (found, set::with(tenant.db(), coming, past).await?)
        }
        Wish::Withdraw(edition) => (Vec::new(), set::without(tenant.db(), edition).await?),
    };
    Ok(Looked { uploads, plan, used })
}

async fn show(clinic: &Clinic, desk: Desk<KeepMasters>, looked: Fallible<Looked>) -> Result<ImportPreview, AppError> {
    let (me, request_id) = (desk.tenant.me.clone(), desk.tenant.request_id.clone());
    let Looked { mut uploads, plan, used } = desk.finish(looked).await?;
    let state = plan.state;
    let mut sound = uploads.iter().all(|upload| upload.refusal.is_none());
    let (kinds, affected) = match compared(clinic, &mut uploads, plan).await.map_err(|error| error.into_app(&request_id))? {
        None => {
            sound = false;
            (Vec::new(), Vec::new())
        }
        Some(Compared { kinds, changes, after }) => {
            let codes: Vec<_> = changes.iter().map(|(kind, row)| (*kind, row.code.clone())).collect();
            let mut desk = clinic.enter_again::<KeepMasters>(&me, &request_id).await?;
            let held = inhouse::held_in(desk.tenant.db(), &codes).await;
            let held = desk.finish(held).await?;
            (kinds, affected::items(&after, changes, &used, held, clinic.today()))
        }
    };
    // A newer edition that tells the same is applied too: the set changes, and what is in force has its name.
    Ok(ImportPreview { uploads, kinds, affected, state, ready: sound })
}

/// What a change does.
struct Compared {
    kinds: Vec<KindPreview>,
    changes: Vec<(MasterKind, RowChange)>,
    after: Arc<Snapshot>,
}

/// Makes the new set and compares; none where nothing changes or a file is refused, which is then said at the file.
async fn compared(clinic: &Clinic, uploads: &mut [Upload], plan: Plan) -> Fallible<Option<Compared>> {
    if plan.is_idle() {
        return Ok(None);
    }
    let coming = plan.coming_ids();
    let before = preview::standing(clinic, plan.state).await?;
    match set::make(&clinic.pool, plan).await? {
        Ok(made) => {
            let after = made.snapshot.clone();
            let kinds = preview::kinds(&clinic.pool, before.clone(), Arc::new(made)).await?;
            let changes = preview::changes(before, after.clone()).await?;
            Ok(Some(Compared { kinds, changes, after }))
        }
        Err(fault) => refuse(uploads, &coming, fault).map(|()| None),
    }
}

/// Puts the reason at the file it speaks of. A set that falls apart without a file of the uploads at fault, as when what
/// others lie upon is withdrawn, is a conflict.
fn refuse(uploads: &mut [Upload], coming: &[Uuid], Fault { at, refusal }: Fault) -> Fallible<()> {
    let id = at.and_then(|at| coming.get(at));
    match uploads.iter_mut().find(|upload| id == Some(&upload.id.0)) {
        Some(upload) => upload.refusal = Some(refusal),
        None => return Err(AppError::conflict(refusal.message).into()),
    }
    Ok(())
}

async fn change(clinic: &Clinic, desk: Desk<KeepMasters>, looked: Fallible<Looked>, state: i64) -> Result<Editions, AppError> {
    let (me, request_id) = (desk.tenant.me.clone(), desk.tenant.request_id.clone());
    let Looked { uploads, plan, .. } = desk.finish(looked).await?;
    if let Some(refusal) = uploads.iter().find_map(|upload| upload.refusal.as_ref()) {
        return Err(AppError::conflict(&refusal.message));
    }
    if plan.state != state {
        return Err(moved());
    }
    let mut snapshot = None;
    if !plan.is_idle() {
        let made = set::make(&clinic.pool, plan).await.map_err(|error| error.into_app(&request_id))?;
        let made = made.map_err(|fault| AppError::conflict(fault.refusal.message))?;
        let mut desk = clinic.enter_again::<KeepMasters>(&me, &request_id).await?;
        let written = write_down(&mut desk.tenant, &made, &uploads, state).await;
        snapshot = Some((desk.finish(written).await?, made.snapshot));
    }
    if let Some((number, snapshot)) = snapshot {
        // This server answers from the new edition before it says that it is applied.
        let store = clinic.world.masters.clone();
        super::away(move || store.advance(number, snapshot)).await.map_err(|error| error.into_app(&request_id))?;
    }
    let mut desk = clinic.enter_again::<KeepMasters>(&me, &request_id).await?;
    let editions = settled(&mut desk.tenant, &uploads).await;
    desk.finish(editions).await
}

/// What was handed in need wait no longer, also where all of it was applied already.
async fn settled(tenant: &mut Tenant, uploads: &[Upload]) -> Fallible<Editions> {
    uploads::done(tenant, uploads).await?;
    overview(tenant).await
}

/// The second transaction: everything or nothing. The uploads go with it: their ids are the editions' from now on.
async fn write_down(tenant: &mut Tenant, made: &Made, uploads: &[Upload], state: i64) -> Fallible<i64> {
    must_keep(tenant).await?;
    if write::lock(tenant.db()).await? != state {
        return Err(moved().into());
    }
    let by = By { name: tenant.me.staff.name.clone(), staff: Some((tenant.clinic(), tenant.me.staff.id.0)) };
    let now = tenant.now;
    let number = write::all(tenant.db(), made, &by, now).await?;
    uploads::done(tenant, uploads).await?;
    for source in &made.came {
        audit::record(tenant, "master.apply", None, Some(source.id), &source.file).await?;
    }
    if let Some((id, file)) = &made.went {
        audit::record(tenant, "master.withdraw", None, Some(*id), file).await?;
    }
    Ok(number)
}

fn moved() -> AppError {
    AppError::conflict("確認の後にマスターが変わりました。もう一度プレビューしてください。")
}
