//! Server functions of the chart and of the note.

#![expect(missing_docs, reason = "the macro makes a struct of each function's arguments, which the contract describes")]

use leptos::{prelude::*, server_fn::codec::Json};
use model::{AppError, chart::*, ids::*};

/// The chart of a patient. That it was opened is audited before the answer leaves.
#[server(endpoint = "open_chart", input = Json)]
pub async fn open_chart(patient: PatientId) -> Result<Chart, AppError> {
    let mut desk = crate::server::enter::<clinic::policy::ReadChart>().await?;
    let result = clinic::chart::open_chart(&mut desk.tenant, &desk.grant, patient).await;
    crate::server::finish(desk, result).await
}

/// Past visits after the first `skip`, newest first (さらに読む).
#[server(endpoint = "more_visits", input = Json)]
pub async fn more_visits(patient: PatientId, skip: i64) -> Result<Vec<VisitPage>, AppError> {
    let mut desk = crate::server::enter::<clinic::policy::ReadChart>().await?;
    let result = clinic::chart::more_visits(&mut desk.tenant, &desk.grant, patient, skip).await;
    crate::server::finish(desk, result).await
}

/// Begins the consultation (診察開始): 受付 → 診察, and the asker is its doctor. Safe to repeat.
#[server(endpoint = "begin_visit", input = Json)]
pub async fn begin_visit(visit: VisitId) -> Result<VisitPage, AppError> {
    let mut desk = crate::server::enter::<clinic::policy::WriteNote>().await?;
    let result = clinic::notes::begin_visit(&mut desk.tenant, &desk.grant, visit).await;
    crate::server::finish(desk, result).await
}

/// Keeps the draft of the note (下書き). `version` is the one the text was begun from, 0 before the first save; a newer
/// one on the server answers [`AppError::Stale`] with both texts.
#[server(endpoint = "save_draft", input = Json)]
pub async fn save_draft(visit: VisitId, soap: Soap, version: i64) -> Result<Note, AppError> {
    let mut desk = crate::server::enter::<clinic::policy::WriteNote>().await?;
    let result = clinic::notes::save_draft(&mut desk.tenant, &desk.grant, visit, soap, version).await;
    crate::server::finish(desk, result).await
}

/// Confirms (確定): the text and the orders are immutable from then on, the visit goes to the till, documents go out.
#[server(endpoint = "confirm", input = Json)]
pub async fn confirm(visit: VisitId, soap: Soap, version: i64) -> Result<VisitPage, AppError> {
    let mut desk = crate::server::enter::<clinic::policy::ConfirmNote>().await?;
    let result = clinic::notes::confirm(&mut desk.tenant, &desk.grant, visit, soap, version).await;
    crate::server::finish(desk, result).await
}

/// Amends a confirmed note (訂正・追記); the old text stays visible with who, when and why.
#[server(endpoint = "amend", input = Json)]
pub async fn amend(visit: VisitId, soap: Soap, reason: String, version: i64) -> Result<Note, AppError> {
    let mut desk = crate::server::enter::<clinic::policy::ConfirmNote>().await?;
    let result = clinic::notes::amend(&mut desk.tenant, &desk.grant, visit, soap, reason, version).await;
    crate::server::finish(desk, result).await
}
