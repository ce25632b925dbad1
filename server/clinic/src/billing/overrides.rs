//! What people decide against the calculation (算定の変更): one decision for each visit and code, kept with who, when and why,
//! withdrawn but never deleted.

use super::{calculate::calculate, cases, settle_unpaid};
use crate::{Error, Fallible, Grant, Tenant, audit, error::AtField, events::Event, policy::OverrideFee, reception};
use chrono::{DateTime, Utc};
use masters::Snapshot;
use model::{AppError, FieldError, Flaw, fee::*, ids::*, kana, visit::*};
use sqlx::{PgConnection, types::Json};
use std::collections::HashMap;
use uuid::Uuid;

/// The most times a person bills an item in a visit.
const MOST_COUNT: i64 = 999;
/// The longest reason, in characters.
const LONGEST_REASON: usize = 200;

#[derive(sqlx::FromRow)]
struct Row {
    visit_id: Uuid,
    id: Uuid,
    code: String,
    name: String,
    change: Json<Change>,
    reason: String,
    by: String,
    at: DateTime<Utc>,
}

/// The decisions that hold, by visit, oldest first.
pub(super) async fn of_visits(db: &mut PgConnection, visits: &[Uuid]) -> Fallible<HashMap<Uuid, Vec<Override>>> {
    let rows: Vec<Row> = sqlx::query_as(
        "select o.visit_id, o.id, o.code, o.name, o.change, o.reason, s.name as by, o.at
         from fee_override o join staff s on s.clinic_id = o.clinic_id and s.id = o.staff_id
         where o.clinic_id = current_clinic() and o.visit_id = any($1) and o.withdrawn_at is null
         order by o.at, o.id",
    )
    .bind(visits)
    .fetch_all(db)
    .await?;
    let mut all: HashMap<Uuid, Vec<Override>> = HashMap::new();
    for Row { visit_id, id, code, name, change, reason, by, at } in rows {
        let made = Override { id: OverrideId(id), code, name, change: change.0, reason, by, at };
        all.entry(visit_id).or_default().push(made);
    }
    Ok(all)
}

/// Decides about a code of a visit that is not paid. A second decision about the code takes the place of the first; the same
/// decision again changes nothing.
///
/// # Errors
/// A flaw at `code`, `change` or `reason`; a conflict for a visit that is paid or cancelled, and for one of nothing but
/// self-paid items, where there is no calculation to decide against.
pub async fn put_override(
    tenant: &mut Tenant,
    _: &Grant<OverrideFee>,
    visit: VisitId,
    form: OverrideForm,
) -> Fallible<Statement> {
    let unpaid = unpaid_visit(tenant, visit).await?;
    let reason = kana::parse_line(&form.reason, LONGEST_REASON).at("reason")?;
    if let Change::Add { count } | Change::Count { count } = form.change
        && !(1..=MOST_COUNT).contains(&count)
    {
        let flaw = Flaw::OutOfRange { min: "1".into(), max: MOST_COUNT.to_string() };
        return Err(AppError::field("change", flaw).into());
    }
    let code = kana::fold_width(form.code.trim());
    let unknown = || Flaw::UnknownCode { code: code.clone(), on: unpaid.date.to_string() };
    let name = name_of(&tenant.masters(), &code, &unpaid).ok_or_else(unknown).at("code")?;
    if !matches!(form.change, Change::Add { .. }) && self_paid_only(tenant, &unpaid).await? {
        let message = "自費だけの受診です。保険の算定がないため、算定の変更はできません。";
        return Err(AppError::conflict(message).into());
    }
    let standing = of_visits(tenant.db(), &[visit.0]).await?.remove(&visit.0).unwrap_or_default();
    let before = standing.into_iter().find(|made| made.code == code);
    if before.as_ref().is_some_and(|made| made.change == form.change && made.reason == reason) {
        return calculate(tenant, &unpaid).await;
    }
    if let Some(before) = &before {
        withdraw(tenant, visit, before.id).await?;
    }
    let (clinic, id, now, staff) = (tenant.clinic(), tenant.new_id(), tenant.now, tenant.me.staff.id);
    sqlx::query(
        "insert into fee_override (clinic_id, id, visit_id, code, name, change, reason, at, staff_id)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(clinic)
    .bind(id)
    .bind(visit.0)
    .bind(&code)
    .bind(&name)
    .bind(Json(form.change))
    .bind(&reason)
    .bind(now)
    .bind(staff.0)
    .execute(tenant.db())
    .await?;
    let detail = match before {
        Some(before) => format!("{} → {}", before.change.label(), form.change.label()),
        None => form.change.label(),
    };
    let statement = changed(tenant, &unpaid, id, "fee.override", detail).await;
    match statement {
        Err(Error::App(AppError::Invalid { fields })) => Err(at_the_form(tenant, visit, &code, fields).await?.into()),
        other => other,
    }
}

/// What the engine refuses of this decision, at the fields of the form; other flaws stay where they are.
async fn at_the_form(tenant: &mut Tenant, visit: VisitId, code: &str, mut fields: Vec<FieldError>) -> Fallible<Vec<FieldError>> {
    let standing = of_visits(tenant.db(), &[visit.0]).await?.remove(&visit.0).unwrap_or_default();
    let Some(index) = standing.iter().position(|made| made.code == code) else { return Ok(fields) };
    let path = format!("overrides[{index}].");
    for flaw in &mut fields {
        if let Some(field) = flaw.field.strip_prefix(&path) {
            flaw.field = field.to_owned();
        }
    }
    Ok(fields)
}

/// Withdraws a decision; the calculation holds again. One that is withdrawn already changes nothing.
///
/// # Errors
/// Not found where the visit never had it; a conflict for a visit that is paid or cancelled.
pub async fn remove_override(tenant: &mut Tenant, _: &Grant<OverrideFee>, visit: VisitId, id: OverrideId) -> Fallible<Statement> {
    let unpaid = unpaid_visit(tenant, visit).await?;
    let change: Option<Json<Change>> =
        sqlx::query_scalar("select change from fee_override where clinic_id = current_clinic() and visit_id = $1 and id = $2")
            .bind(visit.0)
            .bind(id.0)
            .fetch_optional(tenant.db())
            .await?;
    let change = change.ok_or(AppError::NotFound)?;
    if !withdraw(tenant, visit, id).await? {
        return calculate(tenant, &unpaid).await;
    }
    changed(tenant, &unpaid, id.0, "fee.withdraw_override", change.label()).await
}

/// A visit that nobody pays until this transaction ends.
async fn unpaid_visit(tenant: &mut Tenant, visit: VisitId) -> Fallible<Visit> {
    let visit = reception::hold(tenant.db(), visit).await?;
    let message = match visit.state {
        VisitState::Received | VisitState::InConsultation | VisitState::AwaitingPayment => return Ok(visit),
        VisitState::Done => "会計済みです。入金を取り消してから変更してください。",
        VisitState::Cancelled => "取り消された受付です。",
    };
    Err(AppError::conflict(message).into())
}

/// Whether nothing of the visit is the insurance's.
async fn self_paid_only(tenant: &mut Tenant, visit: &Visit) -> Fallible<bool> {
    Ok(cases::load(tenant.db(), vec![visit.clone()]).await?.first().is_some_and(|case| case.uninsured))
}

/// The name of what may stand in a line, on the day of the visit.
fn name_of(masters: &Snapshot, code: &str, visit: &Visit) -> Option<String> {
    let on = visit.date;
    let procedure = masters.procedure(code, on).map(|row| row.name.clone());
    let drug = || masters.drug(code, on).map(|row| row.name.clone());
    procedure.or_else(drug).or_else(|| masters.material(code, on).map(|row| row.name.clone()))
}

async fn withdraw(tenant: &mut Tenant, visit: VisitId, id: OverrideId) -> Fallible<bool> {
    let (now, staff) = (tenant.now, tenant.me.staff.id);
    let done = sqlx::query(
        "update fee_override set withdrawn_at = $3, withdrawn_by = $4
         where clinic_id = current_clinic() and visit_id = $1 and id = $2 and withdrawn_at is null",
    )
    .bind(visit.0)
    .bind(id.0)
    .bind(now)
    .bind(staff.0)
    .execute(tenant.db())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Writes the trail, calculates anew what is not paid, and tells board and chart.
async fn changed(tenant: &mut Tenant, visit: &Visit, subject: Uuid, action: &str, detail: String) -> Fallible<Statement> {
    audit::record(tenant, action, Some(visit.patient), Some(subject), detail).await?;
    // Later visits look back at this one.
    settle_unpaid(tenant, visit.patient).await?;
    tenant.announce(Event::Board(visit.id)).await?;
    tenant.announce(Event::Chart(visit.patient)).await?;
    calculate(tenant, visit).await
}
