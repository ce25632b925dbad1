//! The letters that came in (届いた紹介状): the list, asking for more, and saying whom one is about.

use super::{
    candidates, mailbox,
    same::still_stands,
    store::{self, Head, head_columns},
};
use crate::{
    Clinic, Fallible, Grant, Tenant, audit,
    events::Event,
    patients,
    policy::{self, ReadOutside, SortInbox},
};
use chrono::{DateTime, Utc};
use model::{
    AppError,
    ids::*,
    outside::*,
    share::{Problem, ProblemKind},
};
use sqlx::PgConnection;
use uuid::Uuid;

/// How many letters are shown; the newest.
const MOST: i64 = 200;

/// A letter with what makes its state.
#[derive(sqlx::FromRow)]
pub(super) struct LetterRow {
    #[sqlx(flatten)]
    pub head: Head,
    replied: bool,
    answers_ours: bool,
}

impl From<LetterRow> for Incoming {
    fn from(row: LetterRow) -> Self {
        let head = row.head;
        let withdrawn_unread = head.never_ours();
        let state = match () {
            () if head.gone_at.is_some() => IncomingState::Withdrawn,
            () if !head.refused.is_empty() => IncomingState::Broken,
            () if row.replied => IncomingState::Replied,
            () if head.opened_at.is_some() => IncomingState::Received,
            () => IncomingState::Unread,
        };
        Self {
            id: ReceivedId(head.id),
            institution: head.sender(),
            doctor: head.doctor,
            about: head.about.0,
            patient: head.patient_id.map(PatientId),
            purpose: if withdrawn_unread { String::new() } else { head.purpose },
            made_on: head.made_on,
            came_at: head.fetched_at,
            is_reply: row.answers_ours,
            state,
        }
    }
}

/// What is said of a letter beside its head: whether a reply was issued here, and whether it answers one of ours.
macro_rules! letter_columns {
    () => {
        ", exists (select 1 from letter l where l.clinic_id = r.clinic_id and l.replies_to = r.id and l.issued_at is not null)
             as replied,
          exists (select 1 from letter l where l.clinic_id = r.clinic_id and l.id = r.answers_letter) as answers_ours"
    };
}

/// One letter in the list's terms.
pub(super) async fn letter(db: &mut PgConnection, id: ReceivedId) -> Fallible<Incoming> {
    let row: Option<LetterRow> = sqlx::query_as(concat!(
        "select ",
        head_columns!(),
        letter_columns!(),
        " from received r where r.clinic_id = current_clinic() and r.id = $1 and r.is_letter"
    ))
    .bind(id.0)
    .fetch_optional(db)
    .await?;
    row.map(Incoming::from).ok_or_else(|| AppError::NotFound.into())
}

/// A letter as who only sorts letters sees it: whose it is, not what it says.
fn seen_by(reads: bool, mut letter: Incoming) -> Incoming {
    if !reads {
        letter.purpose.clear();
    }
    letter
}

/// The letters that came in, newest first; of one that was replaced only what took its place.
///
/// # Errors
/// None of its own.
pub async fn inbox(tenant: &mut Tenant, _: &Grant<SortInbox>) -> Fallible<Inbox> {
    let letters: Vec<LetterRow> = sqlx::query_as(concat!(
        "select ",
        head_columns!(),
        letter_columns!(),
        " from received r
         where r.clinic_id = current_clinic() and r.is_letter
             and (r.identifier = '' or not exists (
                 select 1 from received newer
                 where newer.clinic_id = r.clinic_id and newer.identifier = r.identifier and newer.is_letter
                     and (newer.shared_at, newer.id) > (r.shared_at, r.id)))
         order by r.made_on desc, r.shared_at desc, r.id desc
         limit $1"
    ))
    .bind(MOST)
    .fetch_all(tenant.db())
    .await?;
    let asked: Option<(DateTime<Utc>, Option<String>, String)> =
        sqlx::query_as("select at, problem_kind, problem from inbox_asked where clinic_id = current_clinic()")
            .fetch_optional(tenant.db())
            .await?;
    let (asked_at, problem) = match asked {
        Some((at, kind, message)) => {
            let kind = kind.as_deref().and_then(ProblemKind::parse);
            (Some(at), kind.map(|kind| Problem { kind, message }))
        }
        None => (None, None),
    };
    let reads = policy::grant::<ReadOutside>(tenant.me.staff.role).is_ok();
    let letters = letters.into_iter().map(|row| seen_by(reads, row.into())).collect();
    Ok(Inbox { letters, asked_at, problem })
}

impl Clinic {
    /// Looks into the mailbox at the platform now, then gives the list.
    ///
    /// # Errors
    /// As of any use case; what stood in the way of asking is in the answer.
    pub async fn check_inbox(&self, cookie: Option<&str>, request_id: &str) -> Result<Inbox, AppError> {
        let desk = self.enter::<SortInbox>(cookie, request_id).await?;
        let me = desk.tenant.me.clone();
        desk.finish(Ok(())).await?;
        let looked = match &self.world.sharing {
            Some(sharing) => mailbox::look(self, me.clinic, sharing.as_ref(), true).await.map(drop),
            None => mailbox::note_not_configured(self, me.clinic).await,
        };
        looked.map_err(|error| error.into_app(request_id))?;
        let mut desk = self.enter_again::<SortInbox>(&me, request_id).await?;
        let list = inbox(&mut desk.tenant, &desk.grant).await;
        desk.finish(list).await
    }
}

/// Says whom a letter is about, or that it is not known.
///
/// # Errors
/// [`AppError::NotFound`] where letter or patient is not here; a conflict where entries of the letter stand in another
/// patient's chart already.
pub async fn assign_incoming(
    tenant: &mut Tenant,
    _: &Grant<SortInbox>,
    id: ReceivedId,
    patient: Option<PatientId>,
) -> Fallible<Incoming> {
    let reads = policy::grant::<ReadOutside>(tenant.me.staff.role).is_ok();
    // Nothing is taken over from it meanwhile.
    sqlx::query("select 1 from received where clinic_id = current_clinic() and id = $1 for update")
        .bind(id.0)
        .execute(tenant.db())
        .await?;
    let before = letter(tenant.db(), id).await?;
    if let Some(patient) = patient {
        patients::load(tenant.db(), patient).await?;
    }
    if before.patient == patient {
        return Ok(seen_by(reads, before));
    }
    let in_a_chart: bool = sqlx::query_scalar(concat!(
        "select exists (select 1 from taken_over t where t.clinic_id = current_clinic() and t.received_id = $1 and ",
        still_stands!(),
        ") or exists (select 1 from letter where clinic_id = current_clinic() and replies_to = $1)"
    ))
    .bind(id.0)
    .fetch_one(tenant.db())
    .await?;
    if in_a_chart {
        let why = "この紹介状からカルテへの取り込みまたは返書があるため、患者を変更できません。先に元に戻すか、カルテから削除してください。";
        return Err(AppError::conflict(why).into());
    }
    sqlx::query("update received set patient_id = $2, version = version + 1 where clinic_id = current_clinic() and id = $1")
        .bind(id.0)
        .bind(patient.map(|p| p.0))
        .execute(tenant.db())
        .await?;
    audit::record(
        tenant,
        "incoming.assign",
        patient.or(before.patient),
        Some(id.0),
        if patient.is_some() { "" } else { "患者未定" },
    )
    .await?;
    for patient in [before.patient, patient].into_iter().flatten() {
        tenant.announce(Event::Chart(patient)).await?;
    }
    tenant.announce(Event::Inbox(id)).await?;
    Ok(seen_by(reads, letter(tenant.db(), id).await?))
}

/// Patients it may be about.
pub(super) async fn candidates(db: &mut PgConnection, about: &NamedPatient) -> Fallible<Vec<model::patient::PatientSummary>> {
    candidates::candidates(db, about).await
}

/// The newest reply that was begun or issued here.
pub(super) async fn reply(db: &mut PgConnection, id: ReceivedId) -> Fallible<Option<LetterId>> {
    let letter: Option<Uuid> = sqlx::query_scalar(
        "select id from letter where clinic_id = current_clinic() and replies_to = $1 order by issued_at desc nulls last, saved_at desc limit 1",
    )
    .bind(id.0)
    .fetch_optional(db)
    .await?;
    Ok(letter.map(LetterId))
}

/// The letter with its content.
pub(super) async fn kept(db: &mut PgConnection, id: ReceivedId) -> Fallible<store::Kept> {
    let kept = store::one(db, id).await?;
    if kept.head.is_letter { Ok(kept) } else { Err(AppError::NotFound.into()) }
}
