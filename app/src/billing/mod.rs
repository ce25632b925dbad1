//! The till (会計): the statement with its reasons, the payment, and the papers the patient takes home.

pub mod api;
mod beside;
mod decide;
mod details;
mod hand;
mod line;
mod paper;
mod payment;
mod receipt;
mod statement;
mod till;
mod watch;

pub use details::DetailsPage;
pub use hand::Hand;
pub use payment::PaymentPage;
pub use receipt::ReceiptPage;
pub use statement::{StatementView, by_section};
pub use watch::{Sum, SumShown, SumSpoken, sum_of, use_moved};
pub(crate) use watch::{signed, signed_number, signed_yen};

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use model::{AppError, fee::Bill, ids::VisitId};

/// The visit in the page's address.
fn use_visit() -> Memo<Result<VisitId, AppError>> {
    let params = use_params_map();
    Memo::new(move |_| params.with(|params| params.get("id")).unwrap_or_default().parse())
}

/// The bill of the visit in the page's address.
fn use_bill() -> Resource<Result<Bill, AppError>> {
    let visit = use_visit();
    Resource::new(move || visit.get(), |visit| async move { api::bill(visit?).await })
}
