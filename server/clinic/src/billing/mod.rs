//! Fees and payment: a visit becomes a statement, the statement is paid, and a paid statement stands as it was charged.

mod calculate;
mod cases;
mod facility;
mod history;
mod mirror;
mod month;
mod overrides;
mod papers;
mod payment;
mod request;

pub use mirror::month_mirror;
pub use month::{patient_month, settle_difference};
pub use overrides::{put_override, remove_override};
pub(crate) use papers::clinic_card;
pub use payment::{take_payment, undo_payment};
pub(crate) use request::{coverage, order, prescriptions, sex};

use crate::{Error, Fallible, Grant, Tenant, audit, events::Event, patients, policy::ReadBill, reception};
use calculate::calculate;
use chrono::{DateTime, NaiveDate, Utc};
use model::{fee::*, ids::*};
use papers::paid;
use sqlx::{PgConnection, types::Json};
use uuid::Uuid;

/// What the visit costs with the orders as they are; of a paid visit, what was charged.
pub async fn statement(tenant: &mut Tenant, _: &Grant<ReadBill>, visit: VisitId) -> Fallible<Statement> {
    let visit = reception::load(tenant.db(), visit).await?;
    match paid(tenant.db(), visit.id).await? {
        Some((_, statement)) => Ok(statement),
        None => calculate(tenant, &visit).await,
    }
}

/// Everything the payment screen and the printed pages show.
pub async fn bill(tenant: &mut Tenant, _: &Grant<ReadBill>, visit: VisitId) -> Fallible<Bill> {
    let bill = assemble(tenant, visit).await?;
    audit::record(tenant, "bill.read", Some(bill.patient.id), Some(visit.0), "").await?;
    Ok(bill)
}

async fn assemble(tenant: &mut Tenant, visit: VisitId) -> Fallible<Bill> {
    let visit = reception::load(tenant.db(), visit).await?;
    let patient = patients::load(tenant.db(), visit.patient).await?;
    let (receipt, statement) = match paid(tenant.db(), visit.id).await? {
        Some((receipt, statement)) => (Some(receipt), statement),
        None => (None, calculate(tenant, &visit).await?),
    };
    let doctor = visit.doctor.as_ref().map(|doctor| doctor.name.clone()).unwrap_or_default();
    let clinic = clinic_card(tenant.db(), doctor).await?;
    Ok(Bill { visit, patient, clinic, statement, receipt })
}

/// Writes beside a confirmed visit what it costs, for the board and for later visits. One that cannot be calculated shows
/// no amount there.
pub(crate) async fn settle_amount(tenant: &mut Tenant, visit: VisitId) -> Fallible<()> {
    let visit = reception::load(tenant.db(), visit).await?;
    let statement = match calculate(tenant, &visit).await {
        Ok(statement) => Some(statement),
        Err(Error::App(_)) => None,
        Err(error) => return Err(error),
    };
    store_unpaid(tenant.db(), visit.id, statement.as_ref()).await
}

/// Does so again for what a patient has not paid yet, when insurance, registration, diagnoses or overrides changed. The
/// visits are held first, so that none of them is paid meanwhile.
pub(crate) async fn settle_unpaid(tenant: &mut Tenant, patient: PatientId) -> Fallible<()> {
    // Everybody takes the locks in the order of the ids; each visit looks back at those before it.
    let mut unpaid: Vec<(NaiveDate, DateTime<Utc>, Uuid)> = sqlx::query_as(
        "select visit_date, received_at, id from visit
         where clinic_id = current_clinic() and patient_id = $1 and state = 'awaiting_payment'
         order by id for no key update",
    )
    .bind(patient.0)
    .fetch_all(tenant.db())
    .await?;
    unpaid.sort_unstable();
    for visit in unpaid.into_iter().map(|(_, _, id)| VisitId(id)) {
        settle_amount(tenant, visit).await?;
        tenant.announce(Event::Board(visit)).await?;
    }
    Ok(())
}

/// Writes the amount of a visit that waits for payment; one that was paid meanwhile stands as it was charged. Another amount
/// than before counts the version up: who read the old one at the desk is told before money changes hands.
async fn store_unpaid(db: &mut PgConnection, visit: VisitId, statement: Option<&Statement>) -> Fallible<()> {
    sqlx::query(
        "update visit set payable = $2, fee = $3,
             version = version + case when fee is not null and payable is distinct from $2 then 1 else 0 end
         where clinic_id = current_clinic() and id = $1 and state = 'awaiting_payment'",
    )
    .bind(visit.0)
    .bind(statement.map(|statement| statement.due().0))
    .bind(statement.map(Json))
    .execute(db)
    .await?;
    Ok(())
}

/// Writes what was charged beside a visit that was paid just now.
async fn store(db: &mut PgConnection, visit: VisitId, statement: &Statement) -> Fallible<()> {
    sqlx::query("update visit set payable = $2, fee = $3 where clinic_id = current_clinic() and id = $1")
        .bind(visit.0)
        .bind(statement.due().0)
        .bind(Json(statement))
        .execute(db)
        .await?;
    Ok(())
}
