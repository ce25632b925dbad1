//! A patient's month in the clerk's eyes (月次会計): every visit as it was charged and as it comes out now, and the settling
//! of the difference (差額の精算) when insurance or registration changed later.

use super::{
    calculate::{case_statement, in_order},
    cases, history,
    papers::paid_of,
    payment::{mark_undone, write_receipt},
    settle_unpaid, store,
};
use crate::{
    Fallible, Grant, Tenant, audit,
    events::Event,
    patients,
    policy::{ReadBill, TakePayment},
    reception,
};
use chrono::{Datelike, Days, Months, NaiveDate};
use model::{
    AppError,
    fee::*,
    ids::*,
    money::{Points, Yen},
    month::*,
    visit::*,
};
use std::collections::BTreeMap;
use uuid::Uuid;

/// A patient's month: `month` is any day of it.
pub async fn patient_month(
    tenant: &mut Tenant,
    _: &Grant<ReadBill>,
    patient: PatientId,
    month: NaiveDate,
) -> Fallible<PatientMonth> {
    let page = read(tenant, patient, month).await?;
    audit::record(tenant, "month.read", Some(patient), None, month.format("%Y-%m").to_string()).await?;
    Ok(page)
}

/// Settles the difference of a paid visit: the receipt in force is marked and stays, and a new one over what the visit costs
/// now takes its place. `due` is what the visit costs now as the clerk saw it. A visit whose receipt says what the visit
/// costs now comes back as it is.
///
/// # Errors
/// A conflict where the visit is not paid, cannot be calculated, or costs another sum meanwhile; stale where the visit moved.
pub async fn settle_difference(
    tenant: &mut Tenant,
    _: &Grant<TakePayment>,
    visit: VisitId,
    due: Yen,
    version: i64,
) -> Fallible<PatientMonth> {
    let before = reception::hold(tenant.db(), visit).await?;
    if before.state != VisitState::Done {
        return Err(AppError::conflict("会計が済んでいない受診です。差額は精算できません。").into());
    }
    let page = read(tenant, before.patient, before.date).await?;
    let shown = page.visits.iter().find(|shown| shown.id == visit).ok_or(AppError::NotFound)?;
    let now = shown.now.clone().map_err(AppError::conflict)?;
    let Some((receipt, charged)) = paid_of(tenant.db(), &[visit.0]).await?.remove(&visit.0) else {
        return Err(AppError::conflict("領収証がありません。").into());
    };
    if charged == now {
        return Ok(page);
    }
    if now.due() != due {
        let message = format!("金額が変わりました（現在 {}）。内容を確認してもう一度精算してください。", now.due());
        return Err(AppError::conflict(message).into());
    }
    reception::touch(tenant, &before, version).await?;
    let old = mark_undone(tenant, visit).await?;
    let number = write_receipt(tenant, visit, &now, now.due(), Some(old)).await?;
    store(tenant.db(), visit, &now).await?;
    // Later visits look back at this one.
    settle_unpaid(tenant, before.patient).await?;
    let detail = format!("領収証 {old} → {number} 差額 {}", now.due() - receipt.due);
    audit::record(tenant, "payment.settle", Some(before.patient), Some(visit.0), detail).await?;
    tenant.announce(Event::Board(visit)).await?;
    tenant.announce(Event::Chart(before.patient)).await?;
    read(tenant, before.patient, before.date).await
}

/// First and last day of a month.
pub(super) fn days_of(month: NaiveDate) -> Fallible<(NaiveDate, NaiveDate)> {
    let first = month.with_day(1).unwrap_or(month);
    let last = first.checked_add_months(Months::new(1)).and_then(|next| next.checked_sub_days(Days::new(1)));
    Ok((first, last.ok_or(AppError::NotFound)?))
}

async fn read(tenant: &mut Tenant, patient: PatientId, month: NaiveDate) -> Fallible<PatientMonth> {
    let (first, last) = days_of(month)?;
    let person = patients::load(tenant.db(), patient).await?;
    let visits = reception::of_patient(tenant.db(), patient, first, last).await?;
    let ids: Vec<Uuid> = visits.iter().map(|visit| visit.id.0).collect();
    let past = history::load(tenant.db(), &[patient.0], last).await?;
    let cases = cases::load(tenant.db(), visits).await?;
    let mut paid = paid_of(tenant.db(), &ids).await?;
    let (masters, calculator) = (tenant.masters(), tenant.world.calculator.clone());
    let statements = in_order(&cases, past.into_values().flatten().collect(), |case, before| {
        case_statement(calculator.as_ref(), &masters, case, before)
    });
    let visits: Vec<MonthVisit> = cases
        .into_iter()
        .zip(statements)
        .map(|(case, now)| beside(case.visit, now.map_err(|error| error.to_string()), &mut paid))
        .collect();
    let (earlier, later) = neighbours(tenant, patient, first, last).await?;
    let items = items(&visits);
    Ok(PatientMonth { patient: person, month: first, visits, items, earlier, later })
}

/// What a visit costs now beside what was charged.
fn beside(
    visit: Visit,
    now: Result<Statement, String>,
    paid: &mut std::collections::HashMap<Uuid, (Receipt, Statement)>,
) -> MonthVisit {
    let charged = paid.remove(&visit.id.0);
    let changes = match (&now, &charged) {
        (Ok(now), Some((_, charged))) => changes(&charged.lines, &now.lines),
        _ => Vec::new(),
    };
    MonthVisit {
        id: visit.id,
        version: visit.version,
        date: visit.date,
        state: visit.state,
        now,
        charged: charged.map(|(receipt, statement)| Charged {
            number: receipt.number,
            points: statement.points,
            due: receipt.due,
        }),
        changes,
    }
}

/// What is billed, by item and day, in the order of the fee table.
fn items(visits: &[MonthVisit]) -> Vec<MonthItem> {
    let mut items = BTreeMap::<(Section, &str, Points), (MonthItem, BTreeMap<u32, i64>)>::new();
    for (date, statement) in visits.iter().filter_map(|visit| Some((visit.date, visit.now.as_ref().ok()?))) {
        for line in &statement.lines {
            let key = (line.section, line.code.as_str(), line.points);
            let (_, days) = items.entry(key).or_insert_with(|| {
                let (code, name) = (line.code.clone(), line.name.clone());
                (MonthItem { code, name, section: line.section, points: line.points, days: Vec::new() }, BTreeMap::new())
            });
            *days.entry(date.day()).or_default() += line.count;
        }
    }
    items.into_values().map(|(item, days)| MonthItem { days: days.into_iter().collect(), ..item }).collect()
}

/// The nearest months before and after in which the patient came.
async fn neighbours(
    tenant: &mut Tenant,
    patient: PatientId,
    first: NaiveDate,
    last: NaiveDate,
) -> Fallible<(Option<NaiveDate>, Option<NaiveDate>)> {
    let (earlier, later): (Option<NaiveDate>, Option<NaiveDate>) = sqlx::query_as(
        "select (select max(visit_date) from visit where clinic_id = current_clinic() and patient_id = $1
                 and state <> 'cancelled' and visit_date < $2),
                (select min(visit_date) from visit where clinic_id = current_clinic() and patient_id = $1
                 and state <> 'cancelled' and visit_date > $3)",
    )
    .bind(patient.0)
    .bind(first)
    .bind(last)
    .fetch_one(tenant.db())
    .await?;
    let month = |day: NaiveDate| day.with_day(1).unwrap_or(day);
    Ok((earlier.map(month), later.map(month)))
}
