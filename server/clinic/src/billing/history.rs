//! What was done for patients before: the lines of earlier visits, as they were charged or as they stand unpaid.

use crate::Fallible;
use chrono::{DateTime, NaiveDate, Utc};
use fee::request::Billed;
use model::{fee::Statement, visit::Visit};
use sqlx::PgConnection;
use std::collections::HashMap;
use uuid::Uuid;

/// Where a visit stands among the others of its patient.
pub(super) type Place = (NaiveDate, DateTime<Utc>, Uuid);

/// The place of a visit.
pub(super) fn place(visit: &Visit) -> Place {
    (visit.date, visit.received_at, visit.id.0)
}

/// What was billed on an earlier visit.
#[derive(Clone)]
pub(super) struct Past {
    pub place: Place,
    pub lines: Vec<Billed>,
}

impl Past {
    /// What a statement bills.
    pub fn of(place: Place, statement: &Statement) -> Self {
        let billed = |line: &model::fee::FeeLine| Billed {
            date: place.0,
            code: line.code.clone(),
            points: line.points.0,
            count: line.count,
        };
        Self { place, lines: statement.lines.iter().map(billed).collect() }
    }
}

/// What a visit is told of: everything before it. The fee rules count within a month, a year, five years or once for good,
/// and which of them holds for a line is for the fee module to know.
pub(super) fn before(place: Place, past: &[Past]) -> Vec<Billed> {
    past.iter().filter(|old| old.place < place).flat_map(|old| old.lines.iter().cloned()).collect()
}

#[derive(sqlx::FromRow)]
struct Row {
    patient_id: Uuid,
    id: Uuid,
    visit_date: NaiveDate,
    received_at: DateTime<Utc>,
    codes: Vec<String>,
    points: Vec<i64>,
    counts: Vec<i64>,
}

/// The confirmed visits of patients up to a day, which is included: oldest first, by patient.
pub(super) async fn load(db: &mut PgConnection, patients: &[Uuid], to: NaiveDate) -> Fallible<HashMap<Uuid, Vec<Past>>> {
    // The lines are taken apart where they lie: a statement holds far more than its codes. A row for each visit, not for each
    // line: of a patient who came for years that is a fraction of the rows to read.
    let rows: Vec<Row> = sqlx::query_as(
        "select v.patient_id, v.id, v.visit_date, v.received_at, l.codes, l.points, l.counts
         from visit v left join receipt r on r.clinic_id = v.clinic_id and r.visit_id = v.id and r.undone_at is null
         cross join lateral (select array_agg(code) as codes, array_agg(points) as points, array_agg(count) as counts
             from jsonb_to_recordset(coalesce(r.statement, v.fee) -> 'lines') as line(code text, points bigint, count bigint)) l
         where v.clinic_id = current_clinic() and v.patient_id = any($1) and v.visit_date <= $2
             and v.state in ('awaiting_payment', 'done') and l.codes is not null",
    )
    .bind(patients)
    .bind(to)
    .fetch_all(db)
    .await?;
    let mut all: HashMap<Uuid, Vec<Past>> = HashMap::new();
    for row in rows {
        let (place, date) = ((row.visit_date, row.received_at, row.id), row.visit_date);
        let lines = row.codes.into_iter().zip(row.points).zip(row.counts);
        let lines = lines.map(|((code, points), count)| Billed { date, code, points, count }).collect();
        all.entry(row.patient_id).or_default().push(Past { place, lines });
    }
    all.values_mut().for_each(|past| past.sort_by_key(|old| old.place));
    Ok(all)
}
