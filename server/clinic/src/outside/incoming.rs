//! A letter that came in, to be read. Opening it first is its receipt (受領), of which the sender is told.

use super::{
    inbox, mailbox,
    same::Ours,
    store::{self, Head},
};
use crate::{Clinic, Fallible, Grant, Tenant, audit, events::Event, patients, policy::ReadOutside};
use fhir::import::{Imported, Refusal};
use model::{AppError, ids::*, outside::IncomingPage};
use sqlx::PgConnection;

impl Clinic {
    /// A letter that came in. The first opening is its receipt; the platform is told of it beside this request, and again by
    /// [`super::watch`] where it does not answer.
    ///
    /// # Errors
    /// As of [`incoming`].
    pub async fn incoming(&self, cookie: Option<&str>, request_id: &str, id: ReceivedId) -> Result<IncomingPage, AppError> {
        let mut desk = self.enter::<ReadOutside>(cookie, request_id).await?;
        let house = desk.tenant.me.clinic;
        let opened = incoming(&mut desk.tenant, &desk.grant, id).await;
        let (page, first) = desk.finish(opened).await?;
        if first && let Some(sharing) = self.world.sharing.clone() {
            let clinic = self.clone();
            tokio::spawn(async move {
                if let Err(error) = mailbox::report_opened(&clinic, house, sharing.as_ref()).await {
                    let _ = error.into_app("inbox");
                }
            });
        }
        Ok(page)
    }
}

/// A letter that came in, and whether this was its first opening.
///
/// # Errors
/// [`AppError::NotFound`] where no such letter came in here.
pub async fn incoming(tenant: &mut Tenant, _: &Grant<ReadOutside>, id: ReceivedId) -> Fallible<(IncomingPage, bool)> {
    let kept = inbox::kept(tenant.db(), id).await?;
    let head = kept.head;
    let read = match head.never_ours() {
        true => Err(Refusal {
            reasons: vec!["送信元が開封前に取り下げたため、内容は表示されません。".into()]
        }),
        false => store::read_one(kept.content).await?.1,
    };
    let first = head.opened_at.is_none() && head.gone_at.is_none() && head.refused.is_empty();
    let first = first && open(tenant, id).await?;
    let patient = match head.patient_id {
        Some(patient) => Some(patients::load(tenant.db(), PatientId(patient)).await?),
        None => None,
    };
    let readable: Vec<(&Head, &Imported)> = read.as_ref().ok().map(|imported| (&head, imported)).into_iter().collect();
    let ours = Ours::load(tenant, patient.as_ref(), &readable).await?;
    let document = ours.beside(&head, &read);
    let candidates = match patient {
        Some(_) => Vec::new(),
        None => inbox::candidates(tenant.db(), &head.about).await?,
    };
    let answers = match head.answered_letter() {
        Some(letter) => own_letter(tenant.db(), letter).await?,
        None => None,
    };
    audit::record(tenant, "incoming.read", patient.as_ref().map(|p| p.id), Some(id.0), head.sender()).await?;
    let reply = inbox::reply(tenant.db(), id).await?;
    let page = IncomingPage { head: inbox::letter(tenant.db(), id).await?, document, patient, candidates, reply, answers };
    Ok((page, first))
}

/// Writes down who opened it first. Whether it was this one.
async fn open(tenant: &mut Tenant, id: ReceivedId) -> Fallible<bool> {
    let (now, staff) = (tenant.now, tenant.me.staff.id);
    let done = sqlx::query(
        "update received set opened_at = $2, opened_by = $3, version = version + 1
         where clinic_id = current_clinic() and id = $1 and opened_at is null",
    )
    .bind(id.0)
    .bind(now)
    .bind(staff.0)
    .execute(tenant.db())
    .await?;
    let first = done.rows_affected() == 1;
    if first {
        tenant.announce(Event::Inbox(id)).await?;
    }
    Ok(first)
}

/// The letter, where it is one of ours that was issued.
async fn own_letter(db: &mut PgConnection, letter: LetterId) -> Fallible<Option<LetterId>> {
    let id: Option<uuid::Uuid> =
        sqlx::query_scalar("select id from letter where clinic_id = current_clinic() and id = $1 and issued_at is not null")
            .bind(letter.0)
            .fetch_optional(db)
            .await?;
    Ok(id.map(LetterId))
}
