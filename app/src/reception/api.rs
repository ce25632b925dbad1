//! Server functions of the desk.

#![expect(missing_docs, reason = "the macro makes a struct of each function's arguments, which the contract describes")]

use chrono::NaiveDate;
use leptos::{prelude::*, server_fn::codec::Json};
use model::{AppError, ids::*, visit::*};

/// The board of a day; today's when none is named.
#[server(name = AskBoard, endpoint = "board", input = Json)]
pub async fn board(date: Option<NaiveDate>) -> Result<Board, AppError> {
    let mut desk = crate::server::enter::<clinic::policy::ReadBoard>().await?;
    let result = clinic::reception::board(&mut desk.tenant, &desk.grant, date).await;
    crate::server::finish(desk, result).await
}

/// Checks a patient in (受付). A patient who is here already is a conflict.
#[server(endpoint = "check_in", input = Json)]
pub async fn check_in(patient: PatientId, remark: String) -> Result<Visit, AppError> {
    let mut desk = crate::server::enter::<clinic::policy::CheckIn>().await?;
    let result = clinic::reception::check_in(&mut desk.tenant, &desk.grant, patient, remark).await;
    crate::server::finish(desk, result).await
}

/// Moves a visit to another state.
#[server(endpoint = "move_visit", input = Json)]
pub async fn move_visit(visit: VisitId, to: VisitState, version: i64) -> Result<Visit, AppError> {
    let mut desk = crate::server::enter::<clinic::policy::MoveVisit>().await?;
    let result = clinic::reception::move_visit(&mut desk.tenant, &desk.grant, visit, to, version).await;
    crate::server::finish(desk, result).await
}
