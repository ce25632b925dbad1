//! Taking payment (入金) and undoing it.

use super::{assemble, calculate::calculate, settle_unpaid, store};
use crate::{
    Fallible, Grant, Tenant, audit,
    policy::TakePayment,
    reception::{self, set_state},
};
use model::{AppError, Flaw, fee::*, ids::*, money::Yen, visit::*};
use sqlx::types::Json;

/// More than anybody hands over at the desk, in yen.
const MOST_TENDERED: i64 = 9_999_999;

/// Takes payment (入金). Handing over less than is due is refused at the field; a visit already paid comes back as it is.
/// `version` is of the page that showed the amount: it is stale once the amount is another.
pub async fn take_payment(
    tenant: &mut Tenant,
    _: &Grant<TakePayment>,
    visit: VisitId,
    tendered: i64,
    version: i64,
) -> Fallible<Bill> {
    let before = reception::hold(tenant.db(), visit).await?;
    match before.state {
        VisitState::Done => return assemble(tenant, visit).await,
        VisitState::AwaitingPayment => {}
        state => return Err(AppError::conflict(format!("「{}」の受診は会計できません。", state.label())).into()),
    }
    let statement = calculate(tenant, &before).await?;
    let due = statement.due();
    if !(due.0..=MOST_TENDERED).contains(&tendered) {
        let flaw = Flaw::OutOfRange { min: due.to_string(), max: Yen(MOST_TENDERED).to_string() };
        return Err(AppError::field("tendered", flaw).into());
    }
    set_state(tenant, &before, VisitState::Done, version).await?;
    let number = write_receipt(tenant, visit, &statement, Yen(tendered), None).await?;
    store(tenant.db(), visit, &statement).await?;
    audit::record(tenant, "payment.take", Some(before.patient), Some(visit.0), format!("領収証 {number}")).await?;
    assemble(tenant, visit).await
}

/// Undoes a payment (入金取消); the receipt stays, marked.
pub async fn undo_payment(tenant: &mut Tenant, _: &Grant<TakePayment>, visit: VisitId, version: i64) -> Fallible<Bill> {
    let before = reception::hold(tenant.db(), visit).await?;
    if before.state != VisitState::Done {
        return Err(AppError::conflict("会計が済んでいない受診です。").into());
    }
    set_state(tenant, &before, VisitState::AwaitingPayment, version).await?;
    let number = mark_undone(tenant, visit).await?;
    // What was registered since the payment counts from now on.
    settle_unpaid(tenant, before.patient).await?;
    audit::record(tenant, "payment.undo", Some(before.patient), Some(visit.0), format!("領収証 {number}")).await?;
    assemble(tenant, visit).await
}

/// Writes the receipt of a statement and gives its number. `settles`: the number of the one whose place it takes.
pub(super) async fn write_receipt(
    tenant: &mut Tenant,
    visit: VisitId,
    statement: &Statement,
    tendered: Yen,
    settles: Option<i64>,
) -> Fallible<i64> {
    let number: i64 = sqlx::query_scalar(
        "update clinic set next_receipt_number = next_receipt_number + 1
         where clinic_id = current_clinic() returning next_receipt_number - 1",
    )
    .fetch_one(tenant.db())
    .await?;
    let (clinic, now, staff, due) = (tenant.clinic(), tenant.now, tenant.me.staff.id, statement.due());
    sqlx::query(
        "insert into receipt (clinic_id, number, visit_id, at, staff_id, due, tendered, change, statement, settles)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(clinic)
    .bind(number)
    .bind(visit.0)
    .bind(now)
    .bind(staff.0)
    .bind(due.0)
    .bind(tendered.0)
    .bind(tendered.0 - due.0)
    .bind(Json(statement))
    .bind(settles)
    .execute(tenant.db())
    .await?;
    Ok(number)
}

/// Marks the receipt in force as undone and gives its number; it stays.
pub(super) async fn mark_undone(tenant: &mut Tenant, visit: VisitId) -> Fallible<i64> {
    let (now, staff) = (tenant.now, tenant.me.staff.id);
    Ok(sqlx::query_scalar(
        "update receipt set undone_at = $2, undone_by = $3
         where clinic_id = current_clinic() and visit_id = $1 and undone_at is null returning number",
    )
    .bind(visit.0)
    .bind(now)
    .bind(staff.0)
    .fetch_one(tenant.db())
    .await?)
}
