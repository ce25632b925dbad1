//! Server functions of the till.

#![expect(missing_docs, reason = "the macro makes a struct of each function's arguments, which the contract describes")]

use chrono::NaiveDate;
use leptos::{prelude::*, server_fn::codec::Json};
use model::{AppError, fee::*, ids::*, money::Yen, month::*};

/// What the visit costs as it is ordered now.
#[server(name = AskStatement, endpoint = "statement", input = Json)]
pub async fn statement(visit: VisitId) -> Result<Statement, AppError> {
    let mut desk = crate::server::enter::<clinic::policy::ReadBill>().await?;
    let result = clinic::billing::statement(&mut desk.tenant, &desk.grant, visit).await;
    crate::server::finish(desk, result).await
}

/// Everything the payment page and the printed pages show.
#[server(name = AskBill, endpoint = "bill", input = Json)]
pub async fn bill(visit: VisitId) -> Result<Bill, AppError> {
    let mut desk = crate::server::enter::<clinic::policy::ReadBill>().await?;
    let result = clinic::billing::bill(&mut desk.tenant, &desk.grant, visit).await;
    crate::server::finish(desk, result).await
}

/// Takes the payment (入金): freezes the statement and ends the visit. Safe to repeat.
#[server(endpoint = "take_payment", input = Json)]
pub async fn take_payment(visit: VisitId, tendered: i64, version: i64) -> Result<Bill, AppError> {
    let mut desk = crate::server::enter::<clinic::policy::TakePayment>().await?;
    let result = clinic::billing::take_payment(&mut desk.tenant, &desk.grant, visit, tendered, version).await;
    crate::server::finish(desk, result).await
}

/// Takes a payment back (入金取消); the audit trail keeps it.
#[server(endpoint = "undo_payment", input = Json)]
pub async fn undo_payment(visit: VisitId, version: i64) -> Result<Bill, AppError> {
    let mut desk = crate::server::enter::<clinic::policy::TakePayment>().await?;
    let result = clinic::billing::undo_payment(&mut desk.tenant, &desk.grant, visit, version).await;
    crate::server::finish(desk, result).await
}

/// Decides about a code of an unpaid visit against the calculation (算定の変更); a second decision about the code takes the
/// place of the first. Flaws at `code`, `change`, `reason`; a conflict once the visit is paid.
#[server(endpoint = "put_override", input = Json)]
pub async fn put_override(visit: VisitId, form: OverrideForm) -> Result<Statement, AppError> {
    let mut desk = crate::server::enter::<clinic::policy::OverrideFee>().await?;
    let result = clinic::billing::put_override(&mut desk.tenant, &desk.grant, visit, form).await;
    crate::server::finish(desk, result).await
}

/// Withdraws such a decision (取り消す). Safe to repeat.
#[server(endpoint = "remove_override", input = Json)]
pub async fn remove_override(visit: VisitId, id: OverrideId) -> Result<Statement, AppError> {
    let mut desk = crate::server::enter::<clinic::policy::OverrideFee>().await?;
    let result = clinic::billing::remove_override(&mut desk.tenant, &desk.grant, visit, id).await;
    crate::server::finish(desk, result).await
}

/// A patient's month: what was charged and what it comes to now. `month` is any day of it.
#[server(name = AskPatientMonth, endpoint = "patient_month", input = Json)]
pub async fn patient_month(patient: PatientId, month: NaiveDate) -> Result<PatientMonth, AppError> {
    let mut desk = crate::server::enter::<clinic::policy::ReadBill>().await?;
    let result = clinic::billing::patient_month(&mut desk.tenant, &desk.grant, patient, month).await;
    crate::server::finish(desk, result).await
}

/// Settles the difference of a paid visit (差額の精算). `due` is what the visit costs now as shown (`now.due()`, not the
/// difference), `version` that of the visit. A conflict when the amount moved meanwhile. Safe to repeat.
#[server(endpoint = "settle_difference", input = Json)]
pub async fn settle_difference(visit: VisitId, due: Yen, version: i64) -> Result<PatientMonth, AppError> {
    let mut desk = crate::server::enter::<clinic::policy::TakePayment>().await?;
    let result = clinic::billing::settle_difference(&mut desk.tenant, &desk.grant, visit, due, version).await;
    crate::server::finish(desk, result).await
}

/// A month of the clinic, or of one patient, calculated again under the edition in force on `other` (改定の鏡). `month` is any
/// day of it.
#[server(name = AskMonthMirror, endpoint = "month_mirror", input = Json)]
pub async fn month_mirror(month: NaiveDate, other: NaiveDate, patient: Option<PatientId>) -> Result<Mirror, AppError> {
    let desk = crate::server::enter::<clinic::policy::ReadBill>().await?;
    crate::server::answered(clinic::billing::month_mirror(&crate::server::clinic()?, desk, month, other, patient).await)
}
