//! Server functions of the papers: 療養計画書, 健診結果報告書, 退院時サマリー.

#![expect(missing_docs, reason = "the macro makes a struct of each function's arguments, which the contract describes")]

use leptos::{prelude::*, server_fn::codec::Json};
use model::{AppError, ids::*, paper::*, share::ShareKind};

/// Begins a paper of a kind, filled from the chart, as a draft.
#[server(endpoint = "new_paper", input = Json)]
pub async fn new_paper(patient: PatientId, kind: ShareKind) -> Result<Paper, AppError> {
    let mut desk = crate::server::enter::<clinic::policy::WritePaper>().await?;
    let result = clinic::papers::new_paper(&mut desk.tenant, &desk.grant, patient, kind).await;
    crate::server::finish(desk, result).await
}

/// A paper with what stands around it.
#[server(name = ReadPaper, endpoint = "paper", input = Json)]
pub async fn paper(paper: PaperId) -> Result<PaperPage, AppError> {
    let mut desk = crate::server::enter::<clinic::policy::ReadChart>().await?;
    let result = clinic::papers::paper(&mut desk.tenant, &desk.grant, paper).await;
    crate::server::finish(desk, result).await
}

/// Keeps the draft; a newer one on the server answers [`AppError::Stale`].
#[server(endpoint = "save_paper", input = Json)]
pub async fn save_paper(paper: PaperId, form: PaperForm, version: i64) -> Result<Paper, AppError> {
    let mut desk = crate::server::enter::<clinic::policy::WritePaper>().await?;
    let result = clinic::papers::save_paper(&mut desk.tenant, &desk.grant, paper, form, version).await;
    crate::server::finish(desk, result).await
}

/// Issues the paper (発行): immutable from then on, and its document goes out.
#[server(endpoint = "issue_paper", input = Json)]
pub async fn issue_paper(paper: PaperId, form: PaperForm, version: i64) -> Result<Paper, AppError> {
    let mut desk = crate::server::enter::<clinic::policy::WritePaper>().await?;
    let result = clinic::papers::issue_paper(&mut desk.tenant, &desk.grant, paper, form, version).await;
    crate::server::finish(desk, result).await
}

/// Discards a draft; an issued paper stays.
#[server(endpoint = "discard_paper", input = Json)]
pub async fn discard_paper(paper: PaperId, version: i64) -> Result<(), AppError> {
    let mut desk = crate::server::enter::<clinic::policy::WritePaper>().await?;
    let result = clinic::papers::discard_paper(&mut desk.tenant, &desk.grant, paper, version).await;
    crate::server::finish(desk, result).await
}

/// Begins a paper anew from an issued one, with everything that is written in it.
#[server(endpoint = "rewrite_paper", input = Json)]
pub async fn rewrite_paper(paper: PaperId) -> Result<Paper, AppError> {
    let mut desk = crate::server::enter::<clinic::policy::WritePaper>().await?;
    let result = clinic::papers::rewrite_paper(&mut desk.tenant, &desk.grant, paper).await;
    crate::server::finish(desk, result).await
}
