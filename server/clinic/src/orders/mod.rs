//! Orders of a visit: prescriptions and procedures, coded against the masters of the day of service.

mod parts;
pub(crate) mod typed;

pub use parts::{put_part, remove_part};

use crate::{Error, Fallible, Grant, Tenant, audit, events::Event, inhouse::self_paid, notes::open_visit, policy::Order};
use model::{AppError, comment::RecordedComment, ids::*, orders::*, visit::Visit};
use rust_decimal::Decimal;
use sqlx::{PgConnection, types::Json};
use std::collections::HashMap;
use uuid::Uuid;

#[derive(sqlx::FromRow)]
struct RpRow {
    id: Uuid,
    visit_id: Uuid,
    route: String,
    dispensing: String,
    usage: String,
    usage_code: Option<String>,
    times_per_day: i16,
    count: i32,
    items: Json<Vec<RpItem>>,
    version: i64,
}

#[derive(sqlx::FromRow)]
struct ProcedureRow {
    id: Uuid,
    visit_id: Uuid,
    code: String,
    name: String,
    quantity: Decimal,
    unit: String,
    drugs: Json<Vec<RpItem>>,
    materials: Json<Vec<UsedMaterial>>,
    comments: Json<Vec<RecordedComment>>,
    version: i64,
}

impl TryFrom<RpRow> for Rp {
    type Error = Error;

    fn try_from(row: RpRow) -> Fallible<Self> {
        let broken = || Error::Broken("prescription".into());
        Ok(Self {
            id: RpId(row.id),
            route: Route::parse(&row.route).ok_or_else(broken)?,
            dispensing: Dispensing::parse(&row.dispensing).ok_or_else(broken)?,
            usage: row.usage,
            usage_code: row.usage_code,
            times_per_day: u8::try_from(row.times_per_day).map_err(|_| broken())?,
            count: u16::try_from(row.count).map_err(|_| broken())?,
            items: row.items.0,
            version: row.version,
        })
    }
}

/// The orders of visits, by visit.
pub(crate) async fn of_visits(db: &mut PgConnection, visits: &[Uuid]) -> Fallible<HashMap<Uuid, Orders>> {
    let prescriptions: Vec<RpRow> = sqlx::query_as(
        "select id, visit_id, route, dispensing, usage, usage_code, times_per_day, count, items, version from rp
         where clinic_id = current_clinic() and visit_id = any($1) order by visit_id, position, id",
    )
    .bind(visits)
    .fetch_all(&mut *db)
    .await?;
    let procedures: Vec<ProcedureRow> = sqlx::query_as(
        "select id, visit_id, code, name, quantity, unit, drugs, materials, comments, version from procedure_order
         where clinic_id = current_clinic() and visit_id = any($1) order by visit_id, position, id",
    )
    .bind(visits)
    .fetch_all(&mut *db)
    .await?;
    let mut all: HashMap<Uuid, Orders> = HashMap::new();
    for row in prescriptions {
        all.entry(row.visit_id).or_default().prescriptions.push(row.try_into()?);
    }
    for row in procedures {
        all.entry(row.visit_id).or_default().procedures.push(row.into());
    }
    for (visit, line) in self_paid::lines_of(db, visits).await? {
        all.entry(visit).or_default().self_paid.push(line.shown);
    }
    Ok(all)
}

/// The orders of one visit.
pub(crate) async fn of_visit(db: &mut PgConnection, visit: VisitId) -> Fallible<Orders> {
    Ok(of_visits(db, &[visit.0]).await?.remove(&visit.0).unwrap_or_default())
}

/// Adds a prescription group, or changes one that was seen in a version; a stale one comes back with both texts.
pub async fn put_rp(
    tenant: &mut Tenant,
    _: &Grant<Order>,
    visit: VisitId,
    rp: Option<(RpId, i64)>,
    form: RpForm,
) -> Fallible<Orders> {
    let open = open_visit(tenant, visit).await?;
    let id = rp.map_or_else(|| RpId(tenant.new_id()), |(id, _)| id);
    let written = typed::rp(&tenant.masters(), &form, open.date, id)?;
    match rp {
        None => {
            insert_rp(tenant, &open, &written).await?;
            changed(tenant, &open, id.0, "order.add_rp").await
        }
        Some((_, version)) => {
            update_rp(tenant, &open, &written, version).await?;
            changed(tenant, &open, id.0, "order.change_rp").await
        }
    }
}

/// Adds a group behind the others of the visit.
pub(crate) async fn insert_rp(tenant: &mut Tenant, visit: &Visit, rp: &Rp) -> Fallible<()> {
    let clinic = tenant.clinic();
    sqlx::query(
        "insert into rp (clinic_id, id, visit_id, position, route, dispensing, usage, usage_code, times_per_day, count, items)
         select $1, $2, $3, coalesce(max(position), 0) + 1, $4, $5, $6, $7, $8, $9, $10
         from rp where clinic_id = $1 and visit_id = $3",
    )
    .bind(clinic)
    .bind(rp.id.0)
    .bind(visit.id.0)
    .bind(rp.route.as_str())
    .bind(rp.dispensing.as_str())
    .bind(&rp.usage)
    .bind(&rp.usage_code)
    .bind(i16::from(rp.times_per_day))
    .bind(i32::from(rp.count))
    .bind(Json(&rp.items))
    .execute(tenant.db())
    .await?;
    Ok(())
}

async fn update_rp(tenant: &mut Tenant, visit: &Visit, rp: &Rp, version: i64) -> Fallible<()> {
    let done = sqlx::query(
        "update rp set route = $4, dispensing = $5, usage = $6, usage_code = $7, times_per_day = $8, count = $9, items = $10,
                version = version + 1
         where clinic_id = current_clinic() and visit_id = $1 and id = $2 and version = $3",
    )
    .bind(visit.id.0)
    .bind(rp.id.0)
    .bind(version)
    .bind(rp.route.as_str())
    .bind(rp.dispensing.as_str())
    .bind(&rp.usage)
    .bind(&rp.usage_code)
    .bind(i16::from(rp.times_per_day))
    .bind(i32::from(rp.count))
    .bind(Json(&rp.items))
    .execute(tenant.db())
    .await?;
    if done.rows_affected() == 1 { Ok(()) } else { Err(stale_rp(tenant, visit, rp.id, rp.as_text()).await?) }
}

/// Removes a prescription group that was seen in a version.
pub async fn remove_rp(tenant: &mut Tenant, _: &Grant<Order>, visit: VisitId, rp: RpId, version: i64) -> Fallible<Orders> {
    let open = open_visit(tenant, visit).await?;
    let done = sqlx::query("delete from rp where clinic_id = current_clinic() and visit_id = $1 and id = $2 and version = $3")
        .bind(visit.0)
        .bind(rp.0)
        .bind(version)
        .execute(tenant.db())
        .await?;
    if done.rows_affected() == 0 {
        return Err(stale_rp(tenant, &open, rp, "削除".into()).await?);
    }
    changed(tenant, &open, rp.0, "order.remove_rp").await
}

async fn stale_rp(tenant: &mut Tenant, visit: &Visit, rp: RpId, yours: String) -> Fallible<Error> {
    let orders = of_visit(tenant.db(), visit.id).await?;
    let now = orders.prescriptions.iter().find(|other| other.id == rp).map(|rp| (rp.as_text(), rp.version));
    stale(tenant, rp.0, yours, now).await
}

/// Orders a procedure, or changes one that was seen in a version; a stale one comes back with both texts.
pub async fn put_procedure(
    tenant: &mut Tenant,
    _: &Grant<Order>,
    visit: VisitId,
    order: Option<(ProcedureOrderId, i64)>,
    code: String,
    quantity: String,
) -> Fallible<Orders> {
    let open = open_visit(tenant, visit).await?;
    let typed = typed::procedure(&tenant.masters(), &code, &quantity, open.date)?;
    match order {
        None => {
            let id = insert_procedure(tenant, &open, &typed).await?;
            changed(tenant, &open, id, "order.add_procedure").await
        }
        Some((order, version)) => {
            let done = sqlx::query(
                "update procedure_order set code = $4, name = $5, quantity = $6, unit = $7, version = version + 1
                 where clinic_id = current_clinic() and visit_id = $1 and id = $2 and version = $3",
            )
            .bind(visit.0)
            .bind(order.0)
            .bind(version)
            .bind(typed.code.as_str())
            .bind(&typed.name)
            .bind(typed.quantity)
            .bind(&typed.unit)
            .execute(tenant.db())
            .await?;
            if done.rows_affected() == 0 {
                let yours = format!("{} {}{}", typed.name, typed.quantity, typed.unit);
                return Err(stale_procedure(tenant, &open, order, yours).await?);
            }
            changed(tenant, &open, order.0, "order.change_procedure").await
        }
    }
}

/// Adds a procedure behind the others of the visit, whatever its id says.
pub(crate) async fn insert_procedure(tenant: &mut Tenant, visit: &Visit, order: &ProcedureOrder) -> Fallible<Uuid> {
    let (clinic, id) = (tenant.clinic(), tenant.new_id());
    sqlx::query(
        "insert into procedure_order (clinic_id, id, visit_id, position, code, name, quantity, unit, drugs, materials, comments)
         select $1, $2, $3, coalesce(max(position), 0) + 1, $4, $5, $6, $7, $8, $9, $10
         from procedure_order where clinic_id = $1 and visit_id = $3",
    )
    .bind(clinic)
    .bind(id)
    .bind(visit.id.0)
    .bind(order.code.as_str())
    .bind(&order.name)
    .bind(order.quantity)
    .bind(&order.unit)
    .bind(Json(&order.drugs))
    .bind(Json(&order.materials))
    .bind(Json(&order.comments))
    .execute(tenant.db())
    .await?;
    Ok(id)
}

/// Removes an ordered procedure that was seen in a version.
pub async fn remove_procedure(
    tenant: &mut Tenant,
    _: &Grant<Order>,
    visit: VisitId,
    order: ProcedureOrderId,
    version: i64,
) -> Fallible<Orders> {
    let open = open_visit(tenant, visit).await?;
    let done = sqlx::query(
        "delete from procedure_order where clinic_id = current_clinic() and visit_id = $1 and id = $2 and version = $3",
    )
    .bind(visit.0)
    .bind(order.0)
    .bind(version)
    .execute(tenant.db())
    .await?;
    if done.rows_affected() == 0 {
        return Err(stale_procedure(tenant, &open, order, "削除".into()).await?);
    }
    changed(tenant, &open, order.0, "order.remove_procedure").await
}

async fn stale_procedure(tenant: &mut Tenant, visit: &Visit, order: ProcedureOrderId, yours: String) -> Fallible<Error> {
    let orders = of_visit(tenant.db(), visit.id).await?;
    let now = orders.procedures.iter().find(|other| other.id == order);
    let now = now.map(|order| (format!("{} {}{}", order.name, order.quantity, order.unit), order.version));
    stale(tenant, order.0, yours, now).await
}

/// The answer to an order that is not as it was seen: both texts, or that somebody removed it.
async fn stale(tenant: &mut Tenant, order: Uuid, yours: String, now: Option<(String, i64)>) -> Fallible<Error> {
    let Some((theirs, version)) = now else {
        return Ok(AppError::conflict("このオーダーはすでに削除されています。").into());
    };
    let (by, at) = audit::last_change(tenant, "order.%", order).await?;
    Ok(AppError::Stale { yours, theirs, version, by, at }.into())
}

/// Do処方: copies the prescriptions of the last visit that had any, and nothing else. Drugs that have left the master since are named.
pub async fn repeat_last(tenant: &mut Tenant, _: &Grant<Order>, visit: VisitId) -> Fallible<Orders> {
    let open = open_visit(tenant, visit).await?;
    let last: Option<Uuid> = sqlx::query_scalar(
        "select v.id from visit v
         where v.clinic_id = current_clinic() and v.patient_id = $1 and v.id <> $2 and v.state <> 'cancelled'
             and exists (select 1 from rp where rp.clinic_id = v.clinic_id and rp.visit_id = v.id)
         order by v.visit_date desc, v.received_at desc limit 1",
    )
    .bind(open.patient.0)
    .bind(visit.0)
    .fetch_optional(tenant.db())
    .await?;
    let last = last.ok_or_else(|| AppError::conflict("前回の処方がありません。"))?;
    let before = of_visit(tenant.db(), VisitId(last)).await?;
    let masters = tenant.masters();
    for rp in before.prescriptions {
        if let Some(gone) = rp.items.iter().find(|item| masters.drug(item.code.as_str(), open.date).is_none()) {
            return Err(AppError::conflict(format!(
                "「{}」は現在のマスターにありません。処方を入力し直してください。",
                gone.name
            ))
            .into());
        }
        let copy = Rp { id: RpId(tenant.new_id()), ..rp };
        insert_rp(tenant, &open, &copy).await?;
    }
    changed(tenant, &open, visit.0, "order.repeat_last").await
}

pub(crate) async fn changed(tenant: &mut Tenant, visit: &Visit, subject: Uuid, action: &str) -> Fallible<Orders> {
    audit::record(tenant, action, Some(visit.patient), Some(subject), "").await?;
    tenant.announce(Event::Chart(visit.patient)).await?;
    of_visit(tenant.db(), visit.id).await
}
