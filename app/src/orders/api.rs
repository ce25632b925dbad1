//! Server functions of the orders. Every change answers with all orders of the visit.

#![expect(missing_docs, reason = "the macro makes a struct of each function's arguments, which the contract describes")]

use leptos::{prelude::*, server_fn::codec::Json};
use model::{AppError, ids::*, master::MasterKind, orders::*};

/// The usages (用法) a prescription chooses from.
#[server(endpoint = "usages", input = Json)]
pub async fn usages() -> Result<Vec<Usage>, AppError> {
    let mut desk = crate::server::enter::<clinic::policy::SearchMasters>().await?;
    let result = clinic::search::usages(&mut desk.tenant, &desk.grant).await;
    crate::server::finish(desk, result).await
}

/// Puts a prescription group: a new one without an id, else in place of the one that was seen in `version`.
#[server(endpoint = "put_rp", input = Json)]
pub async fn put_rp(visit: VisitId, rp: Option<RpId>, form: RpForm, #[server(default)] version: i64) -> Result<Orders, AppError> {
    let mut desk = crate::server::enter::<clinic::policy::Order>().await?;
    let result = clinic::orders::put_rp(&mut desk.tenant, &desk.grant, visit, rp.map(|rp| (rp, version)), form).await;
    crate::server::finish(desk, result).await
}

/// Removes a prescription group.
#[server(endpoint = "remove_rp", input = Json)]
pub async fn remove_rp(visit: VisitId, rp: RpId, version: i64) -> Result<Orders, AppError> {
    let mut desk = crate::server::enter::<clinic::policy::Order>().await?;
    let result = clinic::orders::remove_rp(&mut desk.tenant, &desk.grant, visit, rp, version).await;
    crate::server::finish(desk, result).await
}

/// Puts a procedure: a new one without an id, else in place of the one that was seen in `version`.
#[server(endpoint = "put_procedure", input = Json)]
pub async fn put_procedure(
    visit: VisitId,
    order: Option<ProcedureOrderId>,
    code: String,
    quantity: String,
    #[server(default)] version: i64,
) -> Result<Orders, AppError> {
    let mut desk = crate::server::enter::<clinic::policy::Order>().await?;
    let order = order.map(|order| (order, version));
    let result = clinic::orders::put_procedure(&mut desk.tenant, &desk.grant, visit, order, code, quantity).await;
    crate::server::finish(desk, result).await
}

/// Removes a procedure.
#[server(endpoint = "remove_procedure", input = Json)]
pub async fn remove_procedure(visit: VisitId, order: ProcedureOrderId, version: i64) -> Result<Orders, AppError> {
    let mut desk = crate::server::enter::<clinic::policy::Order>().await?;
    let result = clinic::orders::remove_procedure(&mut desk.tenant, &desk.grant, visit, order, version).await;
    crate::server::finish(desk, result).await
}

/// Puts a drug, material or comment beside a procedure that was seen in `version`.
#[server(endpoint = "put_part", input = Json)]
pub async fn put_part(visit: VisitId, order: ProcedureOrderId, version: i64, form: PartForm) -> Result<Orders, AppError> {
    let mut desk = crate::server::enter::<clinic::policy::Order>().await?;
    let result = clinic::orders::put_part(&mut desk.tenant, &desk.grant, visit, (order, version), form).await;
    crate::server::finish(desk, result).await
}

/// Takes a drug, material or comment away from a procedure that was seen in `version`.
#[server(endpoint = "remove_part", input = Json)]
pub async fn remove_part(
    visit: VisitId,
    order: ProcedureOrderId,
    version: i64,
    kind: MasterKind,
    code: String,
) -> Result<Orders, AppError> {
    let mut desk = crate::server::enter::<clinic::policy::Order>().await?;
    let result = clinic::orders::remove_part(&mut desk.tenant, &desk.grant, visit, (order, version), kind, code).await;
    crate::server::finish(desk, result).await
}

/// Copies the prescriptions of the previous visit (Do).
#[server(endpoint = "repeat_last", input = Json)]
pub async fn repeat_last(visit: VisitId) -> Result<Orders, AppError> {
    let mut desk = crate::server::enter::<clinic::policy::Order>().await?;
    let result = clinic::orders::repeat_last(&mut desk.tenant, &desk.grant, visit).await;
    crate::server::finish(desk, result).await
}
