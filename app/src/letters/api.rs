//! Server functions of the referral letters.

#![expect(missing_docs, reason = "the macro makes a struct of each function's arguments, which the contract describes")]

use leptos::{prelude::*, server_fn::codec::Json};
use model::{AppError, ids::*, letter::*};

/// Begins a letter, filled from the chart, as a draft.
#[server(endpoint = "new_letter", input = Json)]
pub async fn new_letter(patient: PatientId) -> Result<Letter, AppError> {
    let mut desk = crate::server::enter::<clinic::policy::WriteLetter>().await?;
    let result = clinic::letters::new_letter(&mut desk.tenant, &desk.grant, patient).await;
    crate::server::finish(desk, result).await
}

/// Begins a letter anew from an issued one, with its words and files.
#[server(endpoint = "rewrite_letter", input = Json)]
pub async fn rewrite_letter(letter: LetterId) -> Result<Letter, AppError> {
    let mut desk = crate::server::enter::<clinic::policy::WriteLetter>().await?;
    let result = clinic::letters::rewrite_letter(&mut desk.tenant, &desk.grant, letter).await;
    crate::server::finish(desk, result).await
}

/// Begins the reply (返書) to a letter that came in, or opens the one that was begun.
#[server(endpoint = "begin_reply", input = Json)]
pub async fn begin_reply(received: ReceivedId) -> Result<Letter, AppError> {
    let mut desk = crate::server::enter::<clinic::policy::WriteLetter>().await?;
    let result = clinic::letters::begin_reply(&mut desk.tenant, &desk.grant, received).await;
    crate::server::finish(desk, result).await
}

/// Says what a file of a draft is. Files are handed in at `/api/upload_letter_file/{letter}` and read at
/// `/api/letter_file/{file}`.
#[server(endpoint = "name_letter_file", input = Json)]
pub async fn name_letter_file(letter: LetterId, file: FileId, title: String) -> Result<Letter, AppError> {
    let mut desk = crate::server::enter::<clinic::policy::WriteLetter>().await?;
    let result = clinic::letters::name_letter_file(&mut desk.tenant, &desk.grant, letter, file, title).await;
    crate::server::finish(desk, result).await
}

/// Takes a file off a draft.
#[server(endpoint = "remove_letter_file", input = Json)]
pub async fn remove_letter_file(letter: LetterId, file: FileId) -> Result<Letter, AppError> {
    let mut desk = crate::server::enter::<clinic::policy::WriteLetter>().await?;
    let result = clinic::letters::remove_letter_file(&mut desk.tenant, &desk.grant, letter, file).await;
    crate::server::finish(desk, result).await
}

/// A letter with what stands around it on paper.
#[server(name = ReadLetter, endpoint = "letter", input = Json)]
pub async fn letter(letter: LetterId) -> Result<LetterPage, AppError> {
    let mut desk = crate::server::enter::<clinic::policy::ReadChart>().await?;
    let result = clinic::letters::letter(&mut desk.tenant, &desk.grant, letter).await;
    crate::server::finish(desk, result).await
}

/// Keeps the draft; a newer one on the server answers [`AppError::Stale`].
#[server(endpoint = "save_letter", input = Json)]
pub async fn save_letter(letter: LetterId, form: LetterForm, version: i64) -> Result<Letter, AppError> {
    let mut desk = crate::server::enter::<clinic::policy::WriteLetter>().await?;
    let result = clinic::letters::save_letter(&mut desk.tenant, &desk.grant, letter, form, version).await;
    crate::server::finish(desk, result).await
}

/// Issues the letter (発行): immutable from then on, and its document goes out.
#[server(endpoint = "issue_letter", input = Json)]
pub async fn issue_letter(letter: LetterId, form: LetterForm, version: i64) -> Result<Letter, AppError> {
    let mut desk = crate::server::enter::<clinic::policy::WriteLetter>().await?;
    let result = clinic::letters::issue_letter(&mut desk.tenant, &desk.grant, letter, form, version).await;
    crate::server::finish(desk, result).await
}

/// Discards a draft; an issued letter stays.
#[server(endpoint = "discard_letter", input = Json)]
pub async fn discard_letter(letter: LetterId, version: i64) -> Result<(), AppError> {
    let mut desk = crate::server::enter::<clinic::policy::WriteLetter>().await?;
    let result = clinic::letters::discard_letter(&mut desk.tenant, &desk.grant, letter, version).await;
    crate::server::finish(desk, result).await
}
