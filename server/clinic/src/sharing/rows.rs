//! Rows of the outbox as the chart shows them: of each subject the latest.

use crate::Fallible;
use chrono::{DateTime, Utc};
use model::{ids::*, share::*};
use sqlx::{PgConnection, types::Json};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    kind: String,
    subject_id: Option<Uuid>,
    title: String,
    action: String,
    state: String,
    attempts: i32,
    receipt: Option<String>,
    mends: Json<Vec<Mend>>,
    problem_kind: Option<String>,
    last_problem: String,
    next_attempt_at: DateTime<Utc>,
    addressee: String,
    received_at: Option<DateTime<Utc>>,
    #[sqlx(default)]
    standing: bool,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

impl Row {
    fn state(&mut self) -> ShareState {
        let receipt = self.receipt.take().unwrap_or_default();
        let problem = || {
            let kind = self.problem_kind.as_deref().and_then(ProblemKind::parse)?;
            Some(Problem { kind, message: self.last_problem.clone() })
        };
        match (self.state.as_str(), self.action.as_str()) {
            ("sent", _) => ShareState::Sent { receipt },
            ("refused", _) => ShareState::Refused { reasons: std::mem::take(&mut self.mends.0) },
            ("superseded", _) => ShareState::Superseded,
            ("cancelled", _) => ShareState::Cancelled { receipt },
            (_, "cancel") => ShareState::Cancelling { problem: problem() },
            ("checking", _) => ShareState::Checking { receipt },
            _ => ShareState::Waiting { attempts: self.attempts, problem: problem(), next: self.next_attempt_at },
        }
    }
}

impl From<Row> for SharedDocument {
    fn from(mut row: Row) -> Self {
        let state = row.state();
        let kind = ShareKind::parse(&row.kind).unwrap_or(ShareKind::Referral);
        Self {
            id: ShareId(row.id),
            kind,
            title: row.title,
            to: row.addressee,
            state,
            standing: row.standing,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

/// What was shared about a patient, newest first; of each subject only the latest.
pub(crate) async fn of_patient(db: &mut PgConnection, patient: PatientId) -> Fallible<Vec<SharedDocument>> {
    let rows: Vec<Row> = sqlx::query_as(
        "select o.id, o.kind, o.subject_id, o.title, o.action, o.state, o.attempts, o.receipt, o.mends, o.problem_kind, o.last_problem,
                o.next_attempt_at, o.addressee, o.received_at, o.created_at, o.updated_at,
                exists (
                    select 1 from outbox there
                    where there.clinic_id = o.clinic_id and there.patient_id = o.patient_id and there.identifier = o.identifier
                        and there.action = 'register' and there.state = 'sent' and there.ended_at is null) as standing
         from (
             select distinct on (identifier) id from outbox
             where clinic_id = current_clinic() and patient_id = $1 and state <> 'superseded'
             order by identifier, sequence desc
         ) latest
         join outbox o on o.clinic_id = current_clinic() and o.id = latest.id
         order by o.created_at desc, o.sequence desc limit 50",
    )
    .bind(patient.0)
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(Into::into).collect())
}

/// Of letters or papers those of which something is registered at the platform now.
pub(crate) async fn registered(db: &mut PgConnection, subjects: &[Uuid]) -> Fallible<HashSet<Uuid>> {
    let ids: Vec<Uuid> = sqlx::query_scalar(
        "select distinct subject_id from outbox
         where clinic_id = current_clinic() and subject_id = any($1) and action = 'register' and state = 'sent' and ended_at is null",
    )
    .bind(subjects)
    .fetch_all(db)
    .await?;
    Ok(ids.into_iter().collect())
}

/// Where a letter's or paper's document stands, and when the house it is addressed to opened it (受領).
pub(crate) type Standing = (ShareState, Option<DateTime<Utc>>);

/// Where the documents of letters or papers stand, by the letter's or paper's id.
pub(crate) async fn standings(db: &mut PgConnection, subjects: &[Uuid]) -> Fallible<HashMap<Uuid, Standing>> {
    let rows: Vec<Row> = sqlx::query_as(
        "select distinct on (subject_id) id, kind, subject_id, title, action, state, attempts, receipt, mends, problem_kind,
                last_problem, next_attempt_at, addressee, received_at, created_at, updated_at
         from outbox
         where clinic_id = current_clinic() and subject_id = any($1) and state <> 'superseded'
         order by subject_id, sequence desc",
    )
    .bind(subjects)
    .fetch_all(db)
    .await?;
    let standing = |mut row: Row| {
        let state = row.state();
        Some((row.subject_id?, (state, row.received_at)))
    };
    Ok(rows.into_iter().filter_map(standing).collect())
}
