//! Asks the platform for what other institutions shared about a patient.
//!
//! Three short transactions with the network between them: who asks and for whom; each document as it comes; what came of
//! it. What was fetched before a fault is kept, so that the next asking goes on from there.

use super::{institution, not_configured, problem_of, store};
use crate::{Clinic, Fallible, Tenant, audit, events::Event, patients, policy::AskOutside};
use fhir::member::MemberId;
use futures::StreamExt;
use links::{ListedDocument, RecordSharing, SharingError};
use model::{
    AppError,
    codes::InstitutionNumber,
    ids::*,
    outside::{Asked, Purpose},
    share::Problem,
    staff::Me,
};
use sqlx::types::Json;
use std::collections::HashSet;

/// How many documents are fetched at a time.
pub(super) const AT_ONCE: usize = 4;
/// How many documents of a patient are fetched by one asking; the newest.
const MOST: usize = 500;

/// How the platform knows patient and clinic, or why it is not asked.
enum Door {
    Open(InstitutionNumber, MemberId),
    Shut(Asked),
}

impl Clinic {
    /// Asks for what others shared about a patient and keeps it. What it says is shown by [`super::outside`] only.
    ///
    /// # Errors
    /// As of any use case; that the platform does not answer is an answer ([`Asked::Unreachable`]).
    pub async fn ask_outside(
        &self,
        cookie: Option<&str>,
        request_id: &str,
        patient: PatientId,
        purpose: Purpose,
    ) -> Result<Asked, AppError> {
        let mut desk = self.enter::<AskOutside>(cookie, request_id).await?;
        let me = desk.tenant.me.clone();
        let door = door(&mut desk.tenant, patient, purpose).await;
        let (who, member) = match desk.finish(door).await? {
            Door::Open(who, member) => (who, member),
            Door::Shut(asked) => return Ok(asked),
        };
        let asked = match &self.world.sharing {
            None => Asked::Unreachable { problem: not_configured() },
            Some(sharing) => match listed(sharing.as_ref(), &who, &member, purpose).await {
                Ok(listed) => self.keep_listed(&me, request_id, patient, &who, listed).await?,
                Err(SharingError::NoConsent) => Asked::NoConsent,
                Err(error) => Asked::Unreachable { problem: problem_of(&error) },
            },
        };
        let mut desk = self.enter_again::<AskOutside>(&me, request_id).await?;
        let noted = note(&mut desk.tenant, patient, purpose, &asked).await;
        desk.finish(noted).await?;
        Ok(asked)
    }

    /// Fetches what is not here yet and lets go of what is no longer listed.
    async fn keep_listed(
        &self,
        me: &Me,
        request_id: &str,
        patient: PatientId,
        who: &InstitutionNumber,
        listed: Vec<ListedDocument>,
    ) -> Result<Asked, AppError> {
        let again = async || self.enter_again::<AskOutside>(me, request_id).await;
        let receipts: Vec<String> = listed.iter().filter(|d| d.institution != who.0).map(|d| d.receipt.clone()).collect();
        let mut desk = again().await?;
        let wanted = store::not_held(desk.tenant.db(), who, listed).await;
        let mut wanted = desk.finish(wanted).await?;
        wanted.truncate(MOST);

        let Some(sharing) = &self.world.sharing else { return Ok(Asked::Unreachable { problem: not_configured() }) };
        let mut arriving = futures::stream::iter(wanted)
            .map(|listed| async move { (sharing.fetch(who, &listed.receipt).await, listed) })
            .buffer_unordered(AT_ONCE);
        let (mut fresh, mut refused, mut problem) = (0, 0, None::<Problem>);
        while let Some((answer, listed)) = arriving.next().await {
            let bytes = match answer {
                Ok(bytes) => bytes,
                // Taken back between the list and the fetching.
                Err(SharingError::NotFound) => continue,
                Err(error) => {
                    problem = Some(problem_of(&error));
                    break;
                }
            };
            let mut desk = again().await?;
            let kept = keep(&mut desk.tenant, patient, listed, bytes).await;
            match desk.finish(kept).await? {
                Some(true) => (fresh, refused) = (fresh + 1, refused + 1),
                Some(false) => fresh += 1,
                None => {}
            }
        }
        let mut desk = again().await?;
        let settled = settle(&mut desk.tenant, patient, &receipts).await;
        let (documents, gone) = desk.finish(settled).await?;
        Ok(match problem {
            Some(problem) => Asked::Unreachable { problem },
            None => Asked::Read { documents, fresh, refused, gone },
        })
    }
}

/// Whether the platform may be asked. That it is asked, and what for, is on record before it is.
async fn door(tenant: &mut Tenant, patient: PatientId, purpose: Purpose) -> Fallible<Door> {
    let today = tenant.today();
    let data = patients::load(tenant.db(), patient).await?;
    if data.consent.is_none() {
        return Ok(Door::Shut(Asked::NoConsent));
    }
    let Ok(member) = MemberId::of(&data, today) else { return Ok(Door::Shut(Asked::NoInsurance)) };
    let who = institution(tenant.db()).await?;
    audit::record(tenant, "outside.ask", Some(patient), None, purpose.label()).await?;
    Ok(Door::Open(who, member))
}

/// The list; a consent the platform does not know of is told again.
async fn listed(
    sharing: &dyn RecordSharing,
    who: &InstitutionNumber,
    member: &MemberId,
    purpose: Purpose,
) -> Result<Vec<ListedDocument>, SharingError> {
    match sharing.list(who, &member.value, purpose).await {
        Err(SharingError::NoConsent) => {
            sharing.set_consent(who, &member.value, true).await?;
            sharing.list(who, &member.value, purpose).await
        }
        answer => answer,
    }
}

/// Keeps one document: whether it is broken, where it was not here before.
async fn keep(tenant: &mut Tenant, patient: PatientId, listed: ListedDocument, bytes: Vec<u8>) -> Fallible<Option<bool>> {
    let (bytes, read) = store::read_one(bytes).await?;
    let fetched = store::Fetched { listed, bytes, read };
    let keeping =
        store::Keeping { clinic: tenant.me.clinic, id: tenant.new_id(), now: tenant.now, patient: Some(patient), letter: false };
    let fresh = store::keep(tenant.db(), keeping, &fetched).await?;
    Ok(fresh.then_some(fetched.read.is_err()))
}

/// Those listed stand and are this patient's: the platform tells them by the insured person, so that one fetched under a
/// mistyped card finds its way, unless somebody decided on it. Those no longer listed are gone. Gives how many stand and how
/// many were taken back (not replaced).
async fn settle(tenant: &mut Tenant, patient: PatientId, receipts: &[String]) -> Fallible<(u32, u32)> {
    let now = tenant.now;
    sqlx::query(
        "update received r set patient_id = $1, gone_at = null, version = version + 1
         where r.clinic_id = current_clinic() and r.receipt = any($2)
             and (r.patient_id is distinct from $1 or r.gone_at is not null)
             and not (r.is_letter and r.patient_id is not null)
             and not exists (select 1 from taken_over t where t.clinic_id = r.clinic_id and t.received_id = r.id
                             and t.patient_id <> $1)",
    )
    .bind(patient.0)
    .bind(receipts)
    .execute(tenant.db())
    .await?;
    let gone: Vec<String> = sqlx::query_scalar(
        "update received set gone_at = $3, version = version + 1
         where clinic_id = current_clinic() and patient_id = $1 and not is_letter and gone_at is null and receipt <> all($2)
         returning identifier",
    )
    .bind(patient.0)
    .bind(receipts)
    .bind(now)
    .fetch_all(tenant.db())
    .await?;
    let standing: Vec<String> = sqlx::query_scalar(
        "select identifier from received
         where clinic_id = current_clinic() and patient_id = $1 and gone_at is null and receipt = any($2)",
    )
    .bind(patient.0)
    .bind(receipts)
    .fetch_all(tenant.db())
    .await?;
    let documents = u32::try_from(standing.len()).unwrap_or(u32::MAX);
    let standing: HashSet<String> = standing.into_iter().collect();
    let taken_back = gone.iter().filter(|identifier| !standing.contains(*identifier)).count();
    Ok((documents, u32::try_from(taken_back).unwrap_or(u32::MAX)))
}

async fn note(tenant: &mut Tenant, patient: PatientId, purpose: Purpose, asked: &Asked) -> Fallible<()> {
    let (clinic, now, staff) = (tenant.clinic(), tenant.now, tenant.me.staff.id);
    // Two askings in the same instant are one: the latter's answer counts.
    sqlx::query(
        "insert into outside_asked (clinic_id, patient_id, at, staff_id, purpose, answer) values ($1, $2, $3, $4, $5, $6)
         on conflict (clinic_id, patient_id, at) do update set answer = excluded.answer",
    )
    .bind(clinic)
    .bind(patient.0)
    .bind(now)
    .bind(staff.0)
    .bind(purpose.as_str())
    .bind(Json(asked))
    .execute(tenant.db())
    .await?;
    tenant.announce(Event::Chart(patient)).await
}
