//! The revision mirror (改定の鏡): a month calculated again under another edition of the tables.

use super::{
    calculate::{case_statement, in_order},
    cases::{self, Case},
    history::{self, Past},
    month::days_of,
};
use crate::{Clinic, Desk, Error, Fallible, Tenant, audit, patients, policy::ReadBill, reception};
use chrono::NaiveDate;
use fee::{Calculator, FeeError};
use masters::Snapshot;
use model::{
    AppError,
    fee::{FeeLine, Statement},
    ids::*,
    money::{Points, Yen},
    month::*,
    visit::{Visit, VisitState},
};
use std::{
    cmp::Reverse,
    collections::{BTreeMap, HashMap},
};
use tokio::sync::{Semaphore, SemaphorePermit};
use uuid::Uuid;

/// One month is calculated at a time: others wait their turn, and the desk does not notice.
static ONE_AT_A_TIME: Semaphore = Semaphore::const_new(1);
/// As many months are in memory at a time, the one that is calculated and those that wait: a place is taken before a month
/// is read.
static PLACES: Semaphore = Semaphore::const_new(4);

/// The confirmed visits of a month, of the clinic or of one patient, under the month's own edition and under the one in force
/// on `other`. `month` is any day of it.
///
/// The month is read in one short transaction; the calculation keeps a thread of its own busy.
///
/// # Errors
/// A conflict where no tables are in force on either day; not found for a patient that the clinic does not have.
pub async fn month_mirror(
    clinic: &Clinic,
    mut desk: Desk<ReadBill>,
    month: NaiveDate,
    other: NaiveDate,
    patient: Option<PatientId>,
) -> Result<Mirror, AppError> {
    let (request_id, masters) = (desk.tenant.request_id.clone(), desk.tenant.masters());
    // Who waits for a place here would keep a connection from the desk.
    let Ok(place) = PLACES.try_acquire() else {
        let message = "ほかの月の試算が混み合っています。しばらくしてからもう一度お試しください。";
        return desk.finish(Err(AppError::conflict(message).into())).await;
    };
    let read = read(&mut desk.tenant, month, other, patient).await;
    let month = desk.finish(read).await?;
    let calculator = clinic.world.calculator.clone();
    let work = move || mirror(calculator.as_ref(), &masters, month, other);
    in_turn(&ONE_AT_A_TIME, place, work).await.map_err(|error| error.into_app(&request_id))
}

/// Does work on a thread of its own when its turn comes. Once begun it holds turn and place to its end, whether or not
/// anybody still waits for the answer: a client that goes away does not let the next in beside it.
async fn in_turn<T: Send + 'static>(
    turns: &'static Semaphore,
    place: SemaphorePermit<'static>,
    work: impl FnOnce() -> T + Send + 'static,
) -> Fallible<T> {
    // The semaphore is never closed.
    let turn = turns.acquire().await.map_err(|_| AppError::Unavailable)?;
    let held = move || {
        let done = work();
        drop((turn, place));
        done
    };
    tokio::task::spawn_blocking(held).await.map_err(|error| Error::Broken(format!("mirror: {error}")))
}

/// A month as it lies in the database.
struct Month {
    first: NaiveDate,
    own: String,
    other: String,
    /// By patient, each one's visits oldest first.
    patients: Vec<Vec<Case>>,
    past: HashMap<Uuid, Vec<Past>>,
}

async fn read(tenant: &mut Tenant, month: NaiveDate, other: NaiveDate, patient: Option<PatientId>) -> Fallible<Month> {
    let (first, last) = days_of(month)?;
    let masters = tenant.masters();
    let edition =
        |on: NaiveDate| masters.edition(on).ok_or_else(|| AppError::conflict(format!("{on} に有効な点数表がありません。")));
    let (own, other) = (edition(last)?, edition(other)?);
    let visits = match patient {
        Some(patient) => {
            patients::load(tenant.db(), patient).await?;
            let all = reception::of_patient(tenant.db(), patient, first, last).await?;
            let confirmed = |visit: &Visit| matches!(visit.state, VisitState::AwaitingPayment | VisitState::Done);
            all.into_iter().filter(confirmed).collect()
        }
        None => reception::confirmed(tenant.db(), first, last).await?,
    };
    let mut people: Vec<Uuid> = visits.iter().map(|visit| visit.patient.0).collect();
    people.dedup();
    let past = history::load(tenant.db(), &people, last).await?;
    let mut patients: Vec<Vec<Case>> = Vec::with_capacity(people.len());
    for case in cases::load(tenant.db(), visits).await? {
        match patients.last_mut() {
            Some(same) if same[0].visit.patient == case.visit.patient => same.push(case),
            _ => patients.push(vec![case]),
        }
    }
    let detail = format!("{} {own} → {other}", first.format("%Y-%m"));
    audit::record(tenant, "mirror.read", patient, None, detail).await?;
    Ok(Month { first, own, other, patients, past })
}

/// What comes together visit by visit.
#[derive(Default)]
struct Sums {
    visits: usize,
    points: (Points, Points),
    patient_yen: (Yen, Yen),
    lines: (Vec<FeeLine>, Vec<FeeLine>),
    missing: BTreeMap<(String, String), i64>,
    failed: Vec<(NaiveDate, String, String)>,
}

impl Sums {
    /// Counts a visit where both editions can calculate it; else only what stands in the way, so that equal is compared.
    fn add(
        &mut self,
        case: &Case,
        own: Result<Statement, FeeError>,
        other: Result<Statement, FeeError>,
    ) -> Option<(Points, Points)> {
        match (own, other) {
            (Ok(own), Ok(other)) => {
                let points = (own.points, other.points);
                self.visits += 1;
                self.points = plus(self.points, points);
                self.patient_yen.0 += own.payment.patient_yen;
                self.patient_yen.1 += other.payment.patient_yen;
                self.lines.0.extend(own.lines);
                self.lines.1.extend(other.lines);
                Some(points)
            }
            (Err(error), _) | (_, Err(error)) => {
                self.failed.push((case.visit.date, case.patient.name.full(), error.to_string()));
                None
            }
        }
    }
}

fn plus(sum: (Points, Points), more: (Points, Points)) -> (Points, Points) {
    (sum.0 + more.0, sum.1 + more.1)
}

/// How far apart two sums are.
fn apart(points: (Points, Points)) -> u64 {
    points.0.0.abs_diff(points.1.0)
}

/// Calculates the month twice. Under either edition each day looks back at the days before as that edition bills them, and
/// before the month at what was billed.
fn mirror(calculator: &dyn Calculator, masters: &Snapshot, month: Month, day: NaiveDate) -> Mirror {
    let Month { first, own, other, patients, mut past } = month;
    let mut sums = Sums::default();
    let mut by_patient = Vec::new();
    for cases in &patients {
        let Some(patient) = cases.first().map(|case| &case.patient) else { continue };
        let past = past.remove(&patient.id.0).unwrap_or_default();
        let as_own = in_order(cases, past.clone(), |case, before| case_statement(calculator, masters, case, before));
        let missing = &mut sums.missing;
        let as_other = in_order(cases, past, |case, before| {
            if case.uninsured {
                return case_statement(calculator, masters, case, before);
            }
            let mirrored = fee::mirror::under(calculator, masters, &case.request(before), day)?;
            for item in mirrored.missing {
                *missing.entry(item).or_default() += 1;
            }
            Ok(mirrored.statement)
        });
        let mut found = (0, (Points(0), Points(0)));
        for ((case, own), other) in cases.iter().zip(as_own).zip(as_other) {
            if let Some(points) = sums.add(case, own, other) {
                found = (found.0 + 1, plus(found.1, points));
            }
        }
        if found.0 > 0 {
            let (id, number, name) = (patient.id, patient.number, patient.name.full());
            by_patient.push(MirrorPatient { id, number, name, visits: found.0, points: found.1 });
        }
    }
    let Sums { visits, points, patient_yen, lines, missing, failed } = sums;
    let mut items = changes(&lines.0, &lines.1);
    items.sort_by_key(|item| Reverse(apart(item.points)));
    by_patient.sort_by_key(|patient| (Reverse(apart(patient.points)), patient.number));
    Mirror {
        month: first,
        own,
        other,
        editions: editions(masters, first),
        patients: by_patient.len(),
        visits,
        points,
        patient_yen,
        items,
        by_patient,
        missing: missing.into_iter().map(|((code, name), times)| (code, name, times)).collect(),
        failed,
        estimated: lines.0.iter().chain(&lines.1).any(|line| line.estimated),
    }
}

/// The editions that are loaded, each with its day nearest to the month.
fn editions(masters: &Snapshot, month: NaiveDate) -> Vec<(String, NaiveDate)> {
    masters
        .fee_editions()
        .into_iter()
        .map(|(name, first, last)| (name.to_owned(), month.max(first).min(last.unwrap_or(NaiveDate::MAX))))
        .filter(|(_, day)| masters.edition(*day).is_some())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn work_that_nobody_waits_for_any_more_keeps_its_turn_to_its_end() {
        static TURNS: Semaphore = Semaphore::const_new(1);
        static ROOM: Semaphore = Semaphore::const_new(1);
        let (begun, begins) = tokio::sync::oneshot::channel();
        let (end, ends) = std::sync::mpsc::channel::<()>();
        let place = ROOM.try_acquire().expect("a place");
        let client = tokio::spawn(in_turn(&TURNS, place, move || {
            begun.send(()).expect("is waited for");
            ends.recv().expect("is told to end");
        }));
        begins.await.expect("begins");
        client.abort();
        assert!(client.await.expect_err("is gone").is_cancelled());
        assert_eq!((TURNS.available_permits(), ROOM.available_permits()), (0, 0));
        end.send(()).expect("still works");
        let _next = TURNS.acquire().await.expect("the next comes in");
        let _room = ROOM.acquire().await.expect("and has a place");
    }
}
