//! Writing an answer down.

use super::claim::Claimed;
use crate::{Clinic, Fallible, events::Event, sharing::mend};
use chrono::{DateTime, Duration, Utc};
use links::{Answer, Fault, SharingError};
use model::{
    ids::*,
    share::{Mend, Problem},
};
use sqlx::{PgConnection, types::Json};

/// The longest wait between two attempts, in seconds.
const LONGEST_WAIT: i64 = 600;
/// The longest wait before a document in question is asked for again, in seconds.
const LONGEST_QUESTION: i64 = 60;

/// What an answer means for the row.
enum Outcome {
    /// It is done.
    Done { receipt: String },
    /// The platform decides later.
    Checking { receipt: String },
    /// It has to be mended.
    Refused { mends: Vec<Mend> },
    /// Nothing was decided: it waits. Whether it may have arrived all the same.
    Fault { problem: Problem, may_be_there: bool },
    /// The platform knows nothing of what it had taken in: it is sent again.
    Forgotten,
}

fn outcome(claimed: &Claimed, answer: Result<Answer, SharingError>) -> Outcome {
    let (kind, subject) = (claimed.kind(), claimed.subject_id);
    match answer {
        Ok(Answer::Taken { receipt }) => Outcome::Done { receipt },
        Ok(Answer::Checking { receipt }) => Outcome::Checking { receipt },
        Err(SharingError::Refused { reasons }) => {
            let mends = reasons.into_iter().map(|reason| mend::of_reason(reason, kind, subject, &claimed.bundle.0));
            Outcome::Refused { mends: mends.collect() }
        }
        Err(SharingError::Fault(fault)) => Outcome::Fault {
            problem: fault.problem(),
            may_be_there: matches!(fault, Fault::Timeout | Fault::Garbled | Fault::Server { .. }),
        },
        Err(SharingError::TooLarge) => Outcome::Refused { mends: vec![mend::too_heavy(kind, subject)] },
        Err(SharingError::NotFound) if claimed.is_checking() => Outcome::Forgotten,
        // What is not there need not be taken back.
        Err(SharingError::NotFound) if claimed.is_cancel() => Outcome::Done { receipt: String::new() },
        Err(error) => Outcome::Refused { mends: vec![mend::plain(error.to_string(), kind, subject)] },
    }
}

/// Writes the answer down and tells the clinic's browsers. Whether it was decided.
pub(super) async fn settle(
    clinic: &Clinic,
    id: ClinicId,
    claimed: &Claimed,
    answer: Result<Answer, SharingError>,
) -> Fallible<bool> {
    let now = clinic.now();
    let noise = clinic.world.random.bytes::<1>()[0];
    let mut tx = clinic.begin(id).await?;
    let outcome = outcome(claimed, answer);
    let decided = matches!(outcome, Outcome::Done { .. } | Outcome::Refused { .. });
    match outcome {
        Outcome::Done { receipt } => done(&mut tx, claimed, &receipt, now).await?,
        Outcome::Checking { receipt } => {
            let again = now + wait(claimed.attempts, noise, LONGEST_QUESTION);
            let again = if claimed.is_checking() { again } else { now + wait(1, noise, LONGEST_QUESTION) };
            checking(&mut tx, claimed, &receipt, again, now).await?;
        }
        Outcome::Refused { mends } => refused(&mut tx, claimed, &mends, now).await?,
        Outcome::Fault { problem, may_be_there } => {
            let longest = if claimed.is_checking() { LONGEST_QUESTION } else { LONGEST_WAIT };
            let again = now + wait(claimed.attempts, noise, longest);
            waits(&mut tx, claimed, Some(&problem), may_be_there, again, now).await?;
        }
        Outcome::Forgotten => {
            sqlx::query("update outbox set state = 'waiting', receipt = null where clinic_id = current_clinic() and id = $1 and state = 'checking'")
                .bind(claimed.id)
                .execute(&mut *tx)
                .await?;
            waits(&mut tx, claimed, None, false, now + wait(claimed.attempts, noise, LONGEST_WAIT), now).await?;
        }
    }
    let payload = Event::Chart(PatientId(claimed.patient_id)).payload(id);
    sqlx::query("select pg_notify($1, $2)").bind(crate::events::CHANNEL).bind(payload).execute(&mut *tx).await?;
    tx.commit().await?;
    Ok(decided)
}

/// It is there, or taken back: what was there of the same identity before has ended. Also one whose place was taken while it
/// was in hand did leave, and the newer one follows.
async fn done(db: &mut PgConnection, claimed: &Claimed, receipt: &str, now: DateTime<Utc>) -> Fallible<()> {
    let row: Option<(String, i64)> = sqlx::query_as(
        "update outbox
         set state = case action when 'cancel' then 'cancelled' else 'sent' end, receipt = $2, mends = '[]', last_problem = '',
             problem_kind = null, taken_at = coalesce(taken_at, $3), updated_at = $3, leased_until = null, unanswered = false,
             version = version + 1
         where clinic_id = current_clinic() and id = $1 and state in ('waiting', 'checking', 'superseded')
         returning identifier, sequence",
    )
    .bind(claimed.id)
    .bind(receipt)
    .bind(now)
    .fetch_optional(&mut *db)
    .await?;
    let Some((identifier, sequence)) = row else { return Ok(()) };
    sqlx::query(
        "update outbox set ended_at = $3
         where clinic_id = current_clinic() and identifier = $1 and sequence < $2 and action = 'register'
             and (taken_at is not null or state = 'sent') and ended_at is null",
    )
    .bind(identifier)
    .bind(sequence)
    .bind(now)
    .execute(db)
    .await?;
    Ok(())
}

/// The platform has it in question, also where its place was taken meanwhile: the newer one waits until it is decided.
async fn checking(
    db: &mut PgConnection,
    claimed: &Claimed,
    receipt: &str,
    again: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Fallible<()> {
    sqlx::query(
        "update outbox
         set attempts = case state when 'checking' then attempts else 1 end, state = 'checking', receipt = $2, last_problem = '',
             problem_kind = null, next_attempt_at = $3, updated_at = case state when 'checking' then updated_at else $4 end,
             leased_until = null, unanswered = false, version = version + 1
         where clinic_id = current_clinic() and id = $1 and state in ('waiting', 'checking', 'superseded')",
    )
    .bind(claimed.id)
    .bind(receipt)
    .bind(again)
    .bind(now)
    .execute(db)
    .await?;
    Ok(())
}

/// It has to be mended; where a newer one stands behind it that one follows, and this is superseded.
async fn refused(db: &mut PgConnection, claimed: &Claimed, mends: &[Mend], now: DateTime<Utc>) -> Fallible<()> {
    sqlx::query(
        "update outbox o
         set state = case when o.state = 'superseded' or o.action = 'register' and exists (
                 select 1 from outbox newer
                 where newer.clinic_id = o.clinic_id and newer.patient_id = o.patient_id and newer.identifier = o.identifier
                     and newer.sequence > o.sequence and newer.state <> 'superseded')
                 then 'superseded' else 'refused' end,
             mends = $2, last_problem = '', problem_kind = null, updated_at = $3, leased_until = null, unanswered = false,
             version = version + 1
         where o.clinic_id = current_clinic() and o.id = $1 and o.state in ('waiting', 'checking', 'superseded')",
    )
    .bind(claimed.id)
    .bind(Json(mends))
    .bind(now)
    .execute(db)
    .await?;
    Ok(())
}

/// Nothing was decided: the document is good and waits. One that may have arrived is repeated with its key until it is
/// answered, also where its place was taken: the newer one stays behind it.
async fn waits(
    db: &mut PgConnection,
    claimed: &Claimed,
    problem: Option<&Problem>,
    may_be_there: bool,
    again: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Fallible<()> {
    sqlx::query(
        "update outbox
         set state = case when state = 'superseded' and (unanswered or $6) then 'waiting' else state end,
             last_problem = $2, problem_kind = $3, next_attempt_at = $4, updated_at = $5, leased_until = null,
             unanswered = unanswered or $6, version = version + 1
         where clinic_id = current_clinic() and id = $1 and state in ('waiting', 'checking', 'superseded')",
    )
    .bind(claimed.id)
    .bind(problem.map_or("", |problem| problem.message.as_str()))
    .bind(problem.map(|problem| problem.kind.as_str()))
    .bind(again)
    .bind(now)
    .bind(may_be_there)
    .execute(db)
    .await?;
    Ok(())
}

/// Back-off: doubling from two seconds to the longest, with up to a quarter added so that senders spread out.
fn wait(attempts: i32, noise: u8, longest: i64) -> Duration {
    let seconds = 1i64.checked_shl(attempts.clamp(1, 20).unsigned_abs()).unwrap_or(longest).min(longest);
    Duration::milliseconds(seconds * 1000 + seconds * 250 * i64::from(noise) / 255)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_longer_each_time_up_to_ten_minutes() {
        let wait = |attempts, noise| wait(attempts, noise, LONGEST_WAIT);
        assert_eq!(wait(1, 0), Duration::seconds(2));
        assert_eq!(wait(4, 0), Duration::seconds(16));
        assert_eq!(wait(15, 0), Duration::seconds(600));
        assert!(wait(15, 255) <= Duration::seconds(750));
    }
}
