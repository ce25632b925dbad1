//! The mailbox at the platform: letters addressed to this house are fetched and kept, those that were opened are reported.

use super::{
    candidates, institution, problem_of,
    store::{self, Head, head_columns},
};
use crate::{Clinic, Fallible, events::Event};
use futures::StreamExt;
use links::{Fault, ListedDocument, RecordSharing, SharingError};
use model::{codes::InstitutionNumber, ids::*, share::Problem};
use sqlx::PgConnection;
use std::collections::HashSet;
use uuid::Uuid;

/// How many letters the platform lists at once.
const PAGE: usize = 100;
/// How many pages one look reads at most.
const PAGES: usize = 50;
/// How many days back a letter that is no longer listed counts as taken back by its sender. Our own limit: for how long the
/// platform lists letters is not described, and one that it let go of by age was not taken back.
const TAKEN_BACK_WITHIN: i32 = 90;
/// How many opened letters are reported by one look.
const REPORTED: i64 = 50;

/// Looks into the mailbox of a clinic: what is new, or with `whole` everything from the beginning, by which letters that were
/// taken back are known. What stood in the way is written down. Gives how many letters came.
pub(super) async fn look(clinic: &Clinic, id: ClinicId, sharing: &dyn RecordSharing, whole: bool) -> Fallible<usize> {
    let mut tx = clinic.begin(id).await?;
    let who = institution(&mut tx).await?;
    let cursor: Option<i64> =
        sqlx::query_scalar("select cursor from inbox_asked where clinic_id = current_clinic()").fetch_optional(&mut *tx).await?;
    // One that comes while the list is read is not in it and stands all the same.
    let before = if whole { standing(&mut tx, clinic).await? } else { Vec::new() };
    tx.commit().await?;
    let cursor = cursor.unwrap_or(0);
    let Listed { documents: listed, whole: complete, mut problem } = listed(sharing, &who, if whole { 0 } else { cursor }).await;
    let read_to = listed.iter().map(|d| d.sequence).max().unwrap_or(0).max(cursor);

    let mut tx = clinic.begin(id).await?;
    let receipts: Vec<String> = listed.iter().map(|d| d.receipt.clone()).collect();
    let wanted = store::not_held(&mut tx, &who, listed).await?;
    recognise(&mut tx, id, &receipts).await?;
    if whole && complete {
        forget(&mut tx, clinic, id, &before, &receipts).await?;
    }
    tx.commit().await?;

    let (mut came, mut missed) = (0, None::<i64>);
    let mut arriving = futures::stream::iter(wanted)
        .map(|listed| async { (sharing.fetch(&who, &listed.receipt).await, listed) })
        .buffered(super::ask::AT_ONCE);
    while let Some((answer, listed)) = arriving.next().await {
        match answer {
            Ok(bytes) => came += usize::from(receive(clinic, id, listed, bytes).await?),
            Err(SharingError::NotFound) => {}
            Err(error) => {
                missed.get_or_insert(listed.sequence);
                problem.get_or_insert(problem_of(&error));
                if matches!(error, SharingError::Fault(Fault::Unreachable | Fault::Timeout)) {
                    break;
                }
            }
        }
    }
    // One that could not be fetched is listed again next time.
    let read_to = missed.map_or(read_to, |first| first - 1);
    note(clinic, id, read_to, problem.as_ref()).await?;
    Ok(came)
}

/// What the platform lists.
struct Listed {
    documents: Vec<ListedDocument>,
    /// Nothing follows.
    whole: bool,
    /// What broke the reading off.
    problem: Option<Problem>,
}

/// Everything listed above a sequence.
async fn listed(sharing: &dyn RecordSharing, who: &InstitutionNumber, after: i64) -> Listed {
    let (mut documents, mut after) = (Vec::new(), after);
    for _ in 0..PAGES {
        let page = match sharing.inbox(who, after).await {
            Ok(page) => page,
            Err(error) => return Listed { documents, whole: false, problem: Some(problem_of(&error)) },
        };
        let (full, last) = (page.len() >= PAGE, page.iter().map(|d| d.sequence).max());
        documents.extend(page);
        match last {
            Some(last) if full && last > after => after = last,
            _ => return Listed { documents, whole: !full, problem: None },
        }
    }
    Listed { documents, whole: false, problem: None }
}

/// Keeps a letter and finds out whom it is about. Whether it was not here before.
async fn receive(clinic: &Clinic, id: ClinicId, listed: ListedDocument, bytes: Vec<u8>) -> Fallible<bool> {
    let (bytes, read) = store::read_one(bytes).await?;
    let fetched = store::Fetched { listed, bytes, read };
    let now = clinic.now();
    let letter = clinic.world.random.id(now);
    let mut tx = clinic.begin(id).await?;
    let fresh =
        store::keep(&mut tx, store::Keeping { clinic: id, id: letter, now, patient: None, listed_under: None }, &fetched).await?;
    if fresh {
        let query = concat!("select ", head_columns!(), " from received r where r.clinic_id = current_clinic() and r.id = $1");
        let head: Head = sqlx::query_as(query).bind(letter).fetch_one(&mut *tx).await?;
        if let Some(patient) = candidates::certain(&mut tx, &head).await? {
            sqlx::query("update received set patient_id = $2 where clinic_id = current_clinic() and id = $1")
                .bind(letter)
                .bind(patient.0)
                .execute(&mut *tx)
                .await?;
            announce(&mut tx, Event::Chart(patient), id).await?;
        }
    }
    announce(&mut tx, Event::Inbox(ReceivedId(letter)), id).await?;
    tx.commit().await?;
    Ok(fresh)
}

/// Documents that are here already and lie in the mailbox too are letters to this house (somebody asked for the patient's
/// documents before the mailbox was looked into); what is listed stands.
async fn recognise(db: &mut PgConnection, id: ClinicId, listed: &[String]) -> Fallible<()> {
    let letters: Vec<Uuid> = sqlx::query_scalar(
        "update received set is_letter = true, gone_at = null, version = version + 1
         where clinic_id = current_clinic() and receipt = any($1) and (not is_letter or gone_at is not null)
         returning id",
    )
    .bind(listed)
    .fetch_all(&mut *db)
    .await?;
    for letter in letters {
        announce(db, Event::Inbox(ReceivedId(letter)), id).await?;
    }
    Ok(())
}

/// The letters that stand here, as far back as their senders may have taken them back.
async fn standing(db: &mut PgConnection, clinic: &Clinic) -> Fallible<Vec<Uuid>> {
    let all = sqlx::query_scalar(
        "select id from received
         where clinic_id = current_clinic() and is_letter and gone_at is null and shared_at > $1 - make_interval(days => $2)",
    );
    all.bind(clinic.now()).bind(TAKEN_BACK_WITHIN).fetch_all(db).await.map_err(Into::into)
}

/// Of the letters that stood before, those no longer listed were taken back by their senders.
async fn forget(db: &mut PgConnection, clinic: &Clinic, id: ClinicId, before: &[Uuid], listed: &[String]) -> Fallible<()> {
    let gone: Vec<Uuid> = sqlx::query_scalar(
        "update received set gone_at = $2, version = version + 1
         where clinic_id = current_clinic() and id = any($3) and gone_at is null and receipt <> all($1)
         returning id",
    )
    .bind(listed)
    .bind(clinic.now())
    .bind(before)
    .fetch_all(&mut *db)
    .await?;
    for letter in gone {
        announce(db, Event::Inbox(ReceivedId(letter)), id).await?;
    }
    Ok(())
}

async fn announce(db: &mut PgConnection, event: Event, clinic: ClinicId) -> Fallible<()> {
    sqlx::query("select pg_notify($1, $2)").bind(crate::events::CHANNEL).bind(event.payload(clinic)).execute(db).await?;
    Ok(())
}

async fn note(clinic: &Clinic, id: ClinicId, cursor: i64, problem: Option<&Problem>) -> Fallible<()> {
    let mut tx = clinic.begin(id).await?;
    sqlx::query(
        "insert into inbox_asked (clinic_id, at, cursor, problem_kind, problem) values ($1, $2, $3, $4, $5)
         on conflict (clinic_id) do update
         set at = excluded.at, cursor = excluded.cursor, problem_kind = excluded.problem_kind, problem = excluded.problem",
    )
    .bind(id.0)
    .bind(clinic.now())
    .bind(cursor)
    .bind(problem.map(|p| p.kind.as_str()))
    .bind(problem.map_or("", |p| p.message.as_str()))
    .execute(&mut *tx)
    .await?;
    tx.commit().await.map_err(Into::into)
}

/// Writes down that no platform is configured, so that the list says so.
pub(super) async fn note_not_configured(clinic: &Clinic, id: ClinicId) -> Fallible<()> {
    note(clinic, id, 0, Some(&super::not_configured())).await
}

/// Reports the letters that were opened here (受領) to the platform. One that was taken back meanwhile is gone. Gives how many
/// were reported.
pub(super) async fn report_opened(clinic: &Clinic, id: ClinicId, sharing: &dyn RecordSharing) -> Fallible<usize> {
    let mut tx = clinic.begin(id).await?;
    let opened: Vec<(Uuid, String)> = sqlx::query_as(
        "select id, receipt from received
         where clinic_id = current_clinic() and is_letter and opened_at is not null and told_at is null and gone_at is null
         order by opened_at limit $1",
    )
    .bind(REPORTED)
    .fetch_all(&mut *tx)
    .await?;
    if opened.is_empty() {
        tx.commit().await?;
        return Ok(0);
    }
    let who = institution(&mut tx).await?;
    tx.commit().await?;
    let mut told = HashSet::new();
    for (letter, receipt) in opened {
        let statement = match sharing.acknowledge(&who, &receipt).await {
            Ok(()) => "update received set told_at = $2 where clinic_id = current_clinic() and id = $1",
            Err(SharingError::NotFound) => {
                "update received set gone_at = coalesce(gone_at, $2), version = version + 1
                 where clinic_id = current_clinic() and id = $1"
            }
            Err(SharingError::Fault(_)) => break,
            Err(error) => {
                tracing::warn!(%error, "a letter that was opened could not be reported");
                continue;
            }
        };
        let mut tx = clinic.begin(id).await?;
        sqlx::query(statement).bind(letter).bind(clinic.now()).execute(&mut *tx).await?;
        tx.commit().await?;
        told.insert(letter);
    }
    Ok(told.len())
}
