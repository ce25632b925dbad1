//! Server functions of the till.

#![expect(missing_docs, reason = "the macro makes a struct of each function's arguments, which the contract describes")]

use leptos::{prelude::*, server_fn::codec::Json};
use model::{AppError, fee::*, ids::*};

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
