//! Asks the platform for what other institutions shared about a patient.
//!
//! Three short transactions with the network between them: that somebody asks, and for whom (it is on record before the
//! platform hears of it); each document as it comes; what came of it. What was fetched before a fault is kept, so that the next asking goes on from there.

use super::{consent, institution, not_configured, problem_of, store};
use crate::{Clinic, Fallible, Tenant, audit, events::Event, patients, policy::AskOutside};
use chrono::{DateTime, NaiveDate, Utc};
use fhir::member::MemberId;
use futures::StreamExt;
use links::{ListedDocument, RecordSharing, SharingError};
use model::{
    AppError,
    codes::InstitutionNumber,
    ids::*,
    outside::{Asked, Purpose},
    share::{Problem, ProblemKind},
    staff::Me,
};
use sqlx::types::Json;
use std::collections::HashSet;

/// How many documents are fetched at a time.
pub(super) const AT_ONCE: usize = 4;
/// How many documents of a patient are fetched by one asking; the newest.
const MOST: usize = 500;

/// For whom the platform is asked.
struct Person {
    id: PatientId,
    birth_date: NaiveDate,
    member: MemberId,
    /// Whether the platform has heard of the consent.
    told: bool,
    /// When the asking began, by which it stands on record.
    at: DateTime<Utc>,
}

/// How the platform knows patient and clinic, or why it is not asked.
enum Door {
    Open(InstitutionNumber, Person),
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
        let (who, person) = match desk.finish(door).await? {
            Door::Open(who, person) => (who, person),
            Door::Shut(asked) => return Ok(asked),
        };
        let asked = match &self.world.sharing {
            None => Asked::Unreachable { problem: not_configured() },
            Some(sharing) => match self.list_outside(&me, request_id, sharing.as_ref(), &who, &person, purpose).await? {
                Ok(listed) => self.keep_listed(&me, request_id, &person, &who, listed).await?,
                Err(SharingError::NoConsent) => Asked::NoConsent,
                Err(error) => Asked::Unreachable { problem: problem_of(&error) },
            },
        };
        let mut desk = self.enter_again::<AskOutside>(&me, request_id).await?;
        let noted = answered(&mut desk.tenant, &person, &asked).await;
        desk.finish(noted).await?;
        Ok(asked)
    }

    /// The list. A consent whose telling failed is told first; one that the platform no longer knows of was taken back there,
    /// and is not ours to grant.
    async fn list_outside(
        &self,
        me: &Me,
        request_id: &str,
        sharing: &dyn RecordSharing,
        who: &InstitutionNumber,
        person: &Person,
        purpose: Purpose,
    ) -> Result<Result<Vec<ListedDocument>, SharingError>, AppError> {
        if !person.told {
            let told = consent::tell(self, me.clinic, sharing, who, &person.member, person.id, true).await;
            if let Err(error) = told.map_err(|error| error.into_app(request_id))? {
                return Ok(Err(error));
            }
        }
        Ok(sharing.list(who, &person.member.value, purpose).await)
    }

    /// Fetches what is not here yet and lets go of what is no longer listed.
    async fn keep_listed(
        &self,
        me: &Me,
        request_id: &str,
        person: &Person,
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
            let kept = keep(&mut desk.tenant, person, listed, bytes).await;
            match desk.finish(kept).await? {
                Some(true) => (fresh, refused) = (fresh + 1, refused + 1),
                Some(false) => fresh += 1,
                None => {}
            }
        }
        let mut desk = again().await?;
        let settled = settle(&mut desk.tenant, person, &receipts).await;
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
    let told = consent::told(tenant.db(), patient).await?;
    let person = Person { id: patient, birth_date: data.birth_date, member, told, at: tenant.now };
    begun(tenant, &person, purpose).await?;
    Ok(Door::Open(who, person))
}

/// Keeps one document: whether it is broken, where it was not here before and is this patient's. One about somebody born on
/// another day is nobody's until that one is asked for: a card without a branch number (枝番) is a whole family's.
async fn keep(tenant: &mut Tenant, person: &Person, listed: ListedDocument, bytes: Vec<u8>) -> Fallible<Option<bool>> {
    let (bytes, read) = store::read_one(bytes).await?;
    let born = read.as_ref().ok().and_then(|imported| imported.patient.birth_date);
    let patient = born.is_none_or(|born| born == person.birth_date).then_some(person.id);
    let fetched = store::Fetched { listed, bytes, read };
    let keeping = store::Keeping {
        clinic: tenant.me.clinic,
        id: tenant.new_id(),
        now: tenant.now,
        patient,
        listed_under: Some(&person.member.value),
    };
    let fresh = store::keep(tenant.db(), keeping, &fetched).await?;
    Ok((fresh && patient.is_some()).then_some(fetched.read.is_err()))
}

/// Those listed stand, and are this patient's where they were nobody's and do not speak of another birth date. What is
/// somebody's already stays so. Those that were listed under the same insured person and are no longer are gone: what came
/// under an older card was not asked about. Gives how many stand and how many were taken back (not replaced).
async fn settle(tenant: &mut Tenant, person: &Person, receipts: &[String]) -> Fallible<(u32, u32)> {
    let (now, birth_date) = (tenant.now, person.birth_date.to_string());
    sqlx::query(
        "update received r
         set patient_id = $1, listed_under = $4, gone_at = null,
             version = version + (r.patient_id is null or r.gone_at is not null)::int
         where r.clinic_id = current_clinic() and r.receipt = any($2)
             and (r.patient_id = $1 or r.patient_id is null and coalesce(r.about->>'birth_date', $3) = $3)
             and (r.patient_id is null or r.gone_at is not null or r.listed_under <> $4)",
    )
    .bind(person.id.0)
    .bind(receipts)
    .bind(&birth_date)
    .bind(&person.member.value)
    .execute(tenant.db())
    .await?;
    let gone: Vec<String> = sqlx::query_scalar(
        "update received set gone_at = $3, version = version + 1
         where clinic_id = current_clinic() and patient_id = $1 and not is_letter and gone_at is null
             and listed_under = $4 and receipt <> all($2)
         returning identifier",
    )
    .bind(person.id.0)
    .bind(receipts)
    .bind(now)
    .bind(&person.member.value)
    .fetch_all(tenant.db())
    .await?;
    let standing: Vec<String> = sqlx::query_scalar(
        "select identifier from received
         where clinic_id = current_clinic() and patient_id = $1 and gone_at is null and receipt = any($2)
             and (is_letter or coalesce(about->>'birth_date', $3) = $3)",
    )
    .bind(person.id.0)
    .bind(receipts)
    .bind(&birth_date)
    .fetch_all(tenant.db())
    .await?;
    let documents = u32::try_from(standing.len()).unwrap_or(u32::MAX);
    let standing: HashSet<String> = standing.into_iter().collect();
    let taken_back = gone.iter().filter(|identifier| !standing.contains(*identifier)).count();
    Ok((documents, u32::try_from(taken_back).unwrap_or(u32::MAX)))
}

/// Puts the asking on record, as one without an answer.
async fn begun(tenant: &mut Tenant, person: &Person, purpose: Purpose) -> Fallible<()> {
    let (clinic, staff) = (tenant.clinic(), tenant.me.staff.id);
    let problem = Problem { kind: ProblemKind::Network, message: "応答を受け取る前に中断しました。".into() };
    // Two askings in the same instant are one.
    sqlx::query(
        "insert into outside_asked (clinic_id, patient_id, at, staff_id, purpose, answer) values ($1, $2, $3, $4, $5, $6)
         on conflict (clinic_id, patient_id, at) do nothing",
    )
    .bind(clinic)
    .bind(person.id.0)
    .bind(person.at)
    .bind(staff.0)
    .bind(purpose.as_str())
    .bind(Json(Asked::Unreachable { problem }))
    .execute(tenant.db())
    .await?;
    Ok(())
}

/// Writes down what came of it.
async fn answered(tenant: &mut Tenant, person: &Person, asked: &Asked) -> Fallible<()> {
    sqlx::query("update outside_asked set answer = $3 where clinic_id = current_clinic() and patient_id = $1 and at = $2")
        .bind(person.id.0)
        .bind(person.at)
        .bind(Json(asked))
        .execute(tenant.db())
        .await?;
    tenant.announce(Event::Chart(person.id)).await
}
