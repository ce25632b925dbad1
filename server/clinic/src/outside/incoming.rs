//! A letter that came in, to be read. Opening it first is its receipt (受領), of which the sender is told.

use super::{
    inbox, mailbox,
    same::Ours,
    store::{self, Head, head_columns},
};
use crate::{Clinic, Fallible, Grant, Tenant, audit, events::Event, patients, policy::ReadOutside};
use chrono::NaiveDate;
use fhir::import::{Imported, Refusal};
use model::{AppError, ids::*, outside::IncomingPage};
use sqlx::PgConnection;

/// What a reply (返書) needs to know of the letter it answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IncomingHead {
    /// Its id here.
    pub id: ReceivedId,
    /// Our patient, once known.
    pub patient: Option<PatientId>,
    /// Identifier of its bundle, which the reply names.
    pub identifier: String,
    /// Institution number of the sender, may be empty.
    pub institution_number: String,
    /// Name of the sender's institution, may be empty.
    pub institution: String,
    /// Department, may be empty.
    pub department: String,
    /// Doctor, may be empty.
    pub doctor: String,
    /// Day it was made.
    pub made_on: NaiveDate,
    /// Whether its sender took it back.
    pub withdrawn: bool,
    /// Whether it could not be read.
    pub broken: bool,
}

/// What a reply needs to know of a letter that came in.
///
/// # Errors
/// [`AppError::NotFound`] where no such letter came in here.
pub async fn incoming_head(db: &mut PgConnection, id: ReceivedId) -> Fallible<IncomingHead> {
    let head: Option<Head> = sqlx::query_as(concat!(
        "select ",
        head_columns!(),
        " from received r where r.clinic_id = current_clinic() and r.id = $1 and r.is_letter"
    ))
    .bind(id.0)
    .fetch_optional(db)
    .await?;
    let head = head.ok_or(AppError::NotFound)?;
    Ok(IncomingHead {
        id,
        patient: head.patient_id.map(PatientId),
        identifier: head.identifier,
        institution_number: head.institution_number,
        institution: head.institution,
        department: head.department,
        doctor: head.doctor,
        made_on: head.made_on,
        withdrawn: head.gone_at.is_some(),
        broken: !head.refused.is_empty(),
    })
}

/// The reply (返書) that came to a letter of ours; the newest that stands.
///
/// # Errors
/// Only the database's.
pub async fn reply_to(db: &mut PgConnection, letter: LetterId) -> Fallible<Option<ReceivedId>> {
    let id: Option<uuid::Uuid> = sqlx::query_scalar(
        "select id from received
         where clinic_id = current_clinic() and is_letter and gone_at is null and answers like '%^' || $1::text
         order by shared_at desc limit 1",
    )
    .bind(letter.to_string())
    .fetch_optional(db)
    .await?;
    Ok(id.map(ReceivedId))
}

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
    audit::record(tenant, "incoming.read", patient.as_ref().map(|p| p.id), Some(id.0), head.from_whom()).await?;
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
