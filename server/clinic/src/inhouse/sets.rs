//! Order sets (約束処方・検査セット): what is put into a visit with one choice. A laboratory set is one of procedures.

use super::{
    self_paid,
    set_form::{self, Content},
    stale,
};
use crate::{
    Error, Fallible, Grant, Tenant, audit,
    notes::open_visit,
    orders,
    policy::{ConfigureClinic, Order, SearchMasters},
    reception,
};
use model::{AppError, Flaw, ids::*, inhouse::*, orders::*};
use sqlx::{PgConnection, types::Json};
use uuid::Uuid;

/// Actions of the audit trail that change a set.
const ACTIONS: &str = "order_set.%";

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    name: String,
    reading: String,
    prescriptions: Json<Vec<Rp>>,
    procedures: Json<Vec<ProcedureOrder>>,
    self_paid: Json<Vec<(SelfPaidItemId, u32)>>,
    version: i64,
}

/// A set as it is stored.
#[derive(Debug, Clone)]
pub(super) struct Stored {
    pub id: OrderSetId,
    pub name: String,
    pub reading: String,
    pub content: Content,
    pub version: i64,
}

impl From<Row> for Stored {
    fn from(row: Row) -> Self {
        let content = Content { prescriptions: row.prescriptions.0, procedures: row.procedures.0, self_paid: row.self_paid.0 };
        Self { id: OrderSetId(row.id), name: row.name, reading: row.reading, content, version: row.version }
    }
}

impl Stored {
    fn as_text(&self) -> String {
        let prescriptions = self.content.prescriptions.iter().map(Rp::as_text);
        let procedures =
            self.content.procedures.iter().map(|order| format!("{} {}{}", order.name, order.quantity.normalize(), order.unit));
        let self_paid = match self.content.self_paid.len() {
            0 => None,
            some => Some(format!("自費項目 {some}件")),
        };
        [self.name.clone()].into_iter().chain(prescriptions).chain(procedures).chain(self_paid).collect::<Vec<_>>().join("\n")
    }
}

/// All sets, by reading and name; held until the transaction ends where they are to be changed.
pub(super) async fn stored(db: &mut PgConnection, hold: bool) -> Fallible<Vec<Stored>> {
    let rows: Vec<Row> = sqlx::query_as(if hold {
        "select id, name, reading, prescriptions, procedures, self_paid, version from order_set
         where clinic_id = current_clinic() and removed_at is null order by id for update"
    } else {
        "select id, name, reading, prescriptions, procedures, self_paid, version from order_set
         where clinic_id = current_clinic() and removed_at is null order by reading = '', reading, name, id"
    })
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(Into::into).collect())
}

async fn one(db: &mut PgConnection, set: OrderSetId) -> Fallible<Option<Stored>> {
    let row: Option<Row> = sqlx::query_as(
        "select id, name, reading, prescriptions, procedures, self_paid, version from order_set
         where clinic_id = current_clinic() and id = $1 and removed_at is null",
    )
    .bind(set.0)
    .fetch_optional(db)
    .await?;
    Ok(row.map(Into::into))
}

/// The sets by reading and name, each with what stands in its way today.
pub async fn order_sets(tenant: &mut Tenant, _: &Grant<SearchMasters>) -> Fallible<Vec<OrderSet>> {
    list(tenant).await
}

async fn list(tenant: &mut Tenant) -> Fallible<Vec<OrderSet>> {
    let sets = stored(tenant.db(), false).await?;
    let offered = self_paid::all(tenant.db()).await?;
    Ok(sets.into_iter().map(|set| shown(tenant, set, &offered)).collect())
}

async fn shown_one(tenant: &mut Tenant, set: OrderSetId) -> Fallible<OrderSet> {
    let set = one(tenant.db(), set).await?.ok_or(AppError::NotFound)?;
    let offered = self_paid::all(tenant.db()).await?;
    Ok(shown(tenant, set, &offered))
}

fn shown(tenant: &Tenant, set: Stored, offered: &[SelfPaidItem]) -> OrderSet {
    let Stored { id, name, reading, content, version } = set;
    let (content, faults) = content.on(&tenant.masters(), offered, tenant.today());
    let item = |id: SelfPaidItemId| offered.iter().find(|item| item.id == id).cloned();
    OrderSet {
        id,
        name,
        reading,
        prescriptions: content.prescriptions,
        procedures: content.procedures,
        self_paid: content.self_paid.into_iter().filter_map(|(id, quantity)| Some((item(id)?, quantity))).collect(),
        faults,
        version,
    }
}

/// Puts a set: a new one, or in place of the one that was seen in a version. Everything inside is in force today.
pub async fn put_set(
    tenant: &mut Tenant,
    _: &Grant<ConfigureClinic>,
    set: Option<(OrderSetId, i64)>,
    form: OrderSetForm,
) -> Fallible<OrderSet> {
    let before = match set {
        Some((id, _)) => Some(one(tenant.db(), id).await?.ok_or(AppError::NotFound)?),
        None => None,
    };
    let offered = self_paid::all(tenant.db()).await?;
    let (name, reading) = set_form::names(&form.name, &form.reading)?;
    let before = before.as_ref().map(|before| &before.content);
    let content = set_form::read(&tenant.masters(), &form, before, &offered, tenant.today())?;
    let id = set.map_or_else(|| OrderSetId(tenant.new_id()), |(id, _)| id);
    let new = Stored { id, name, reading, content, version: set.map_or(0, |(_, version)| version) };
    write(tenant, &new).await?;
    shown_one(tenant, id).await
}

/// Writes a set over the version it carries; version 0 is a new one.
pub(super) async fn write(tenant: &mut Tenant, set: &Stored) -> Fallible<()> {
    let clinic = tenant.clinic();
    let sql = if set.version == 0 {
        "insert into order_set (clinic_id, id, name, reading, prescriptions, procedures, self_paid)
         select $1, $2, $3, $4, $5, $6, $7 where $8 = 0::bigint
         on conflict (clinic_id, id) do nothing"
    } else {
        "update order_set set name = $3, reading = $4, prescriptions = $5, procedures = $6, self_paid = $7, version = version + 1
         where clinic_id = $1 and id = $2 and version = $8 and removed_at is null"
    };
    let written = sqlx::query(sql)
        .bind(clinic)
        .bind(set.id.0)
        .bind(&set.name)
        .bind(&set.reading)
        .bind(Json(&set.content.prescriptions))
        .bind(Json(&set.content.procedures))
        .bind(Json(&set.content.self_paid))
        .bind(set.version)
        .execute(tenant.db())
        .await
        .map_err(Error::from);
    match written {
        Ok(done) if done.rows_affected() == 1 => {}
        Ok(_) => return Err(stale_set(tenant, set.id, set.as_text()).await?),
        Err(error) if error.is_constraint("order_set_name_taken") => {
            let message = format!("「{}」という名前のセットはすでにあります。", set.name);
            return Err(AppError::field("name", Flaw::Rule { message }).into());
        }
        Err(error) => return Err(error),
    }
    audit::record(tenant, "order_set.put", None, Some(set.id.0), set.name.clone()).await
}

async fn stale_set(tenant: &mut Tenant, set: OrderSetId, yours: String) -> Fallible<Error> {
    let now = one(tenant.db(), set).await?.map(|now| (now.as_text(), now.version));
    stale(tenant, ACTIONS, set.0, yours, now).await
}

/// Removes a set as it was seen in a version; answers with the others. The row stays for the trail.
pub async fn remove_set(
    tenant: &mut Tenant,
    _: &Grant<ConfigureClinic>,
    set: OrderSetId,
    version: i64,
) -> Fallible<Vec<OrderSet>> {
    let before = one(tenant.db(), set).await?.ok_or(AppError::NotFound)?;
    let now = tenant.now;
    let done = sqlx::query(
        "update order_set set removed_at = $3, version = version + 1
         where clinic_id = current_clinic() and id = $1 and version = $2 and removed_at is null",
    )
    .bind(set.0)
    .bind(version)
    .bind(now)
    .execute(tenant.db())
    .await?;
    if done.rows_affected() == 0 {
        return Err(stale_set(tenant, set, "削除".into()).await?);
    }
    audit::record(tenant, "order_set.remove", None, Some(set.0), before.name).await?;
    list(tenant).await
}

/// Makes a set of what is ordered in a visit, in whatever state that is.
pub async fn set_from_visit(
    tenant: &mut Tenant,
    _: &Grant<Order>,
    visit: VisitId,
    name: String,
    reading: String,
) -> Fallible<OrderSet> {
    let visit = reception::load(tenant.db(), visit).await?;
    let (name, reading) = set_form::names(&name, &reading)?;
    let content = Content::of(orders::of_visit(tenant.db(), visit.id).await?);
    if content.is_empty() {
        return Err(AppError::conflict("この受診にはオーダーがありません。").into());
    }
    let set = Stored { id: OrderSetId(tenant.new_id()), name, reading, content, version: 0 };
    write(tenant, &set).await?;
    audit::record(tenant, "order_set.from_visit", Some(visit.patient), Some(set.id.0), "").await?;
    shown_one(tenant, set.id).await
}

/// Orders everything of a set in a visit that is open, by the masters of its day. If anything inside cannot be ordered, the
/// answer says what, and nothing is.
pub async fn use_set(tenant: &mut Tenant, _: &Grant<Order>, visit: VisitId, set: OrderSetId) -> Fallible<Orders> {
    let open = open_visit(tenant, visit).await?;
    let set = one(tenant.db(), set).await?.ok_or(AppError::NotFound)?;
    let offered = self_paid::all(tenant.db()).await?;
    let (content, faults) = set.content.on(&tenant.masters(), &offered, open.date);
    if !faults.is_empty() {
        let message = format!("セット「{}」は使えません。{}。", set.name, faults.join("、"));
        return Err(AppError::conflict(message).into());
    }
    for rp in content.prescriptions {
        let rp = Rp { id: RpId(tenant.new_id()), ..rp };
        orders::insert_rp(tenant, &open, &rp).await?;
    }
    for order in &content.procedures {
        orders::insert_procedure(tenant, &open, order).await?;
    }
    let there = orders::of_visit(tenant.db(), open.id).await?.self_paid;
    for (id, quantity) in content.self_paid {
        let item = offered.iter().find(|item| item.id == id).ok_or(AppError::NotFound)?;
        let already = there.iter().find(|line| line.item == id).map_or(0, |line| line.quantity);
        self_paid::put_line(tenant, &open, item, quantity.saturating_add(already)).await?;
    }
    orders::changed(tenant, &open, set.id.0, "order.use_set").await
}
