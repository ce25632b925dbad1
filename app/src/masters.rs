//! Search in the national masters (マスター).

#![expect(missing_docs, reason = "the macro makes a struct of each function's arguments, which the contract describes")]

use chrono::NaiveDate;
use leptos::{prelude::*, server_fn::codec::Json};
use model::{
    AppError,
    master::{MasterHit, MasterKind},
};

/// Rows of a master that fit what was typed, best first, as they stand on a day (today when absent).
#[server(endpoint = "search_masters", input = Json)]
pub async fn search_masters(kind: MasterKind, query: String, on: Option<NaiveDate>) -> Result<Vec<MasterHit>, AppError> {
    let mut desk = crate::server::enter::<clinic::policy::SearchMasters>().await?;
    let result = clinic::search::search_masters(&mut desk.tenant, &desk.grant, kind, query, on).await;
    crate::server::finish(desk, result).await
}
