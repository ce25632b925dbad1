//! Server functions of what other institutions shared, and of the letters that came in.

#![expect(missing_docs, reason = "the macro makes a struct of each function's arguments, which the contract describes")]

use leptos::{prelude::*, server_fn::codec::Json};
use model::{AppError, ids::*, outside::*};

/// Asks the platform for what others shared about a patient, for a purpose; with the patient's consent only.
#[server(endpoint = "ask_outside", input = Json)]
pub async fn ask_outside(patient: PatientId, purpose: Purpose) -> Result<Asked, AppError> {
    use crate::server::{answered, clinic, request_id, session_cookie};
    let clinic = clinic()?;
    answered(clinic.ask_outside(session_cookie().as_deref(), &request_id(), patient, purpose).await)
}

/// What others shared about a patient, as it is kept here, beside our own.
#[server(name = ReadOutside, endpoint = "outside", input = Json)]
pub async fn outside(patient: PatientId) -> Result<OutsideView, AppError> {
    let mut desk = crate::server::enter::<clinic::policy::ReadOutside>().await?;
    let result = clinic::outside::outside(&mut desk.tenant, &desk.grant, patient).await;
    crate::server::finish(desk, result).await
}

/// Takes entries of a document over into the chart.
#[server(endpoint = "take_over", input = Json)]
pub async fn take_over(patient: PatientId, document: ReceivedId, entries: Vec<u32>) -> Result<OutsideView, AppError> {
    let mut desk = crate::server::enter::<clinic::policy::ReadOutside>().await?;
    let result = clinic::outside::take_over(&mut desk.tenant, &desk.grant, patient, document, entries).await;
    crate::server::finish(desk, result).await
}

/// Takes entries back out of the chart, while nobody has changed them since.
#[server(endpoint = "take_back", input = Json)]
pub async fn take_back(patient: PatientId, document: ReceivedId, entries: Vec<u32>) -> Result<OutsideView, AppError> {
    let mut desk = crate::server::enter::<clinic::policy::ReadOutside>().await?;
    let result = clinic::outside::take_back(&mut desk.tenant, &desk.grant, patient, document, entries).await;
    crate::server::finish(desk, result).await
}

/// The letters that came in.
#[server(name = AskInbox, endpoint = "inbox", input = Json)]
pub async fn inbox() -> Result<Inbox, AppError> {
    let mut desk = crate::server::enter::<clinic::policy::SortInbox>().await?;
    let result = clinic::outside::inbox(&mut desk.tenant, &desk.grant).await;
    crate::server::finish(desk, result).await
}

/// Looks into the mailbox at the platform now.
#[server(endpoint = "check_inbox", input = Json)]
pub async fn check_inbox() -> Result<Inbox, AppError> {
    use crate::server::{answered, clinic, request_id, session_cookie};
    let clinic = clinic()?;
    answered(clinic.check_inbox(session_cookie().as_deref(), &request_id()).await)
}

/// A letter that came in. The first opening is its receipt (受領), of which the sender is told.
#[server(name = AskIncoming, endpoint = "incoming", input = Json)]
pub async fn incoming(id: ReceivedId) -> Result<IncomingPage, AppError> {
    use crate::server::{answered, clinic, request_id, session_cookie};
    let clinic = clinic()?;
    answered(clinic.incoming(session_cookie().as_deref(), &request_id(), id).await)
}

/// Says whom a letter is about, or that it is not known.
#[server(endpoint = "assign_incoming", input = Json)]
pub async fn assign_incoming(id: ReceivedId, patient: Option<PatientId>) -> Result<Incoming, AppError> {
    let mut desk = crate::server::enter::<clinic::policy::SortInbox>().await?;
    let result = clinic::outside::assign_incoming(&mut desk.tenant, &desk.grant, id, patient).await;
    crate::server::finish(desk, result).await
}
