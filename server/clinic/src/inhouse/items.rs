//! What the clinic says about one national row: adopted (採用), offered first (よく使う), hidden (非表示), a name and a reading
//! of its own, and how a drug is usually prescribed (既定の用法・用量).

use super::{
    changed,
    form::{self, Said},
    stale,
};
use crate::{
    Error, Fallible, Grant, Tenant,
    policy::{ConfigureClinic, SearchMasters},
};
use chrono::NaiveDate;
use masters::{Known, Snapshot};
use model::{AppError, Flaw, inhouse::*, master::MasterKind, orders::Route};
use rust_decimal::Decimal;
use sqlx::PgConnection;
use std::cmp::Reverse;
use uuid::Uuid;

/// Actions of the audit trail that change an item.
const ACTIONS: &str = "inhouse.%";

/// An item as it is stored.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(super) struct Row {
    pub kind: String,
    pub code: String,
    pub id: Uuid,
    pub name: String,
    pub unit: String,
    pub yj: String,
    own_name: String,
    own_reading: String,
    adopted: bool,
    favourite: bool,
    hidden: bool,
    amount: Option<Decimal>,
    route: Option<String>,
    usage: String,
    count: i32,
    pub version: i64,
}

impl Row {
    pub(super) fn kind(&self) -> Fallible<MasterKind> {
        MasterKind::parse(&self.kind).ok_or_else(|| Error::Broken("kind of an in-house item".into()))
    }

    pub(super) fn said(&self) -> Fallible<Said> {
        let broken = || Error::Broken("usual dose of an in-house item".into());
        let usual = match (self.amount, self.route.as_deref()) {
            (Some(amount), Some(route)) => Some(UsualDose {
                amount: amount.normalize(),
                route: Route::parse(route).ok_or_else(broken)?,
                usage: self.usage.clone(),
                count: u16::try_from(self.count).map_err(|_| broken())?,
            }),
            _ => None,
        };
        Ok(Said {
            own_name: self.own_name.clone(),
            own_reading: self.own_reading.clone(),
            adopted: self.adopted,
            favourite: self.favourite,
            hidden: self.hidden,
            usual,
        })
    }

    fn shown(&self, masters: &Snapshot, on: NaiveDate) -> Fallible<InhouseItem> {
        let kind = self.kind()?;
        let known = masters.known(kind, &self.code, on);
        Ok(item(kind, &self.code, known, &self.name, self.said()?, self.version))
    }

    fn as_text(&self) -> Fallible<String> {
        Ok(self.said()?.as_text(&self.name, &self.unit))
    }
}

/// An item as it is shown; what the masters do not know goes by its last known name.
pub(super) fn item(kind: MasterKind, code: &str, known: Option<Known>, name: &str, said: Said, version: i64) -> InhouseItem {
    let (name, standing) = match known {
        Some(known) => (known.name, known.standing),
        None => (name.to_owned(), Standing::Unknown),
    };
    let Said { own_name, own_reading, adopted, favourite, hidden, usual } = said;
    InhouseItem { kind, code: code.to_owned(), name, own_name, own_reading, adopted, favourite, hidden, usual, standing, version }
}

/// Nothing said.
pub(super) fn nothing() -> Said {
    Said { own_name: String::new(), own_reading: String::new(), adopted: false, favourite: false, hidden: false, usual: None }
}

/// The statement that reads items which were not taken away, with what narrows it down.
macro_rules! select {
    ($where:literal) => {
        concat!(
            "select kind, code, id, name, unit, yj, own_name, own_reading, adopted, favourite, hidden, amount, route, usage,
                    count, version
             from inhouse_item where clinic_id = current_clinic() and removed_at is null",
            $where
        )
    };
}

/// The items of one kind, or of all.
pub(super) async fn rows(db: &mut PgConnection, kind: Option<MasterKind>) -> Fallible<Vec<Row>> {
    Ok(sqlx::query_as(select!(" and ($1::text is null or kind = $1) order by kind, code"))
        .bind(kind.map(MasterKind::as_str))
        .fetch_all(db)
        .await?)
}

/// One item, held until the transaction ends.
pub(super) async fn held(db: &mut PgConnection, kind: MasterKind, code: &str) -> Fallible<Option<Row>> {
    Ok(sqlx::query_as(select!(" and kind = $1 and code = $2 for update"))
        .bind(kind.as_str())
        .bind(code)
        .fetch_optional(db)
        .await?)
}

async fn found(db: &mut PgConnection, kind: MasterKind, code: &str) -> Fallible<Option<Row>> {
    Ok(sqlx::query_as(select!(" and kind = $1 and code = $2")).bind(kind.as_str()).bind(code).fetch_optional(db).await?)
}

/// What the clinic says about the rows of a kind, by code: what the search needs of it.
pub(crate) async fn said_of(db: &mut PgConnection, kind: MasterKind) -> Fallible<Vec<(String, Said)>> {
    rows(db, Some(kind)).await?.into_iter().map(|row| Ok((row.code.clone(), row.said()?))).collect()
}

/// What the clinic says about the rows of one kind, or of all: what needs repair first, then by kind and name.
pub async fn inhouse_items(
    tenant: &mut Tenant,
    _: &Grant<SearchMasters>,
    kind: Option<MasterKind>,
) -> Fallible<Vec<InhouseItem>> {
    list(tenant, kind).await
}

pub(super) async fn list(tenant: &mut Tenant, kind: Option<MasterKind>) -> Fallible<Vec<InhouseItem>> {
    let (masters, today) = (tenant.masters(), tenant.today());
    let rows = rows(tenant.db(), kind).await?;
    let mut items = rows.iter().map(|row| row.shown(&masters, today)).collect::<Fallible<Vec<_>>>()?;
    sort(&mut items);
    Ok(items)
}

/// What needs repair first, then in the order of the kinds, by name.
pub(super) fn sort(items: &mut [InhouseItem]) {
    let place = |kind: MasterKind| MasterKind::ALL.iter().position(|other| *other == kind);
    items.sort_by(|a, b| {
        let key = |item: &InhouseItem| (Reverse(item.standing.needs_repair()), place(item.kind));
        key(a).cmp(&key(b)).then_with(|| (&a.name, &a.code).cmp(&(&b.name, &b.code)))
    });
}

/// What the clinic says about one row; where it says nothing, the bare row in version 0.
pub async fn inhouse_item(
    tenant: &mut Tenant,
    _: &Grant<SearchMasters>,
    kind: MasterKind,
    code: String,
) -> Fallible<InhouseItem> {
    one(tenant, kind, &code).await
}

pub(super) async fn one(tenant: &mut Tenant, kind: MasterKind, code: &str) -> Fallible<InhouseItem> {
    let (masters, today) = (tenant.masters(), tenant.today());
    match found(tenant.db(), kind, code).await? {
        Some(row) => row.shown(&masters, today),
        None => {
            let known = masters.known(kind, code, today).ok_or(AppError::NotFound)?;
            Ok(item(kind, code, Some(known), "", nothing(), 0))
        }
    }
}

/// Says something about a row that the masters know today, in place of what was seen in a version; 0 where nothing was
/// said. Saying nothing takes the item away.
pub async fn put_inhouse(
    tenant: &mut Tenant,
    _: &Grant<ConfigureClinic>,
    kind: MasterKind,
    code: String,
    form: InhouseForm,
    version: i64,
) -> Fallible<InhouseItem> {
    let (masters, today) = (tenant.masters(), tenant.today());
    let before = held(tenant.db(), kind, &code).await?;
    let known = masters.known(kind, &code, today);
    if before.is_none() {
        let known = known.as_ref().ok_or(AppError::NotFound)?;
        if known.standing.needs_repair() {
            return Err(AppError::field("code", Flaw::UnknownCode { code, on: today.to_string() }).into());
        }
    }
    let said = form::read(&masters, kind, &form)?;
    let unit = known.as_ref().map_or("", |known| &known.unit);
    as_seen(tenant, before.as_ref(), version, &said.as_text(known.as_ref().map_or(&code, |known| &known.name), unit)).await?;
    match (&before, said.is_nothing()) {
        (None, true) => {}
        (Some(row), true) => take_away(tenant, row).await?,
        (before, false) => {
            // What the masters no longer know keeps the name it had.
            let last = before.as_ref().map(|row| Known {
                name: row.name.clone(),
                unit: row.unit.clone(),
                yj: row.yj.clone(),
                standing: Standing::Unknown,
            });
            let known = known.or(last).ok_or(AppError::NotFound)?;
            write(tenant, kind, &code, &known, &said, before.is_some()).await?;
        }
    }
    one(tenant, kind, &code).await
}

/// Writes an item: over the one that is `held` and was compared, else as a new one, which somebody else may have begun.
pub(super) async fn write(
    tenant: &mut Tenant,
    kind: MasterKind,
    code: &str,
    known: &Known,
    said: &Said,
    held: bool,
) -> Fallible<()> {
    let (clinic, id) = (tenant.clinic(), tenant.new_id());
    let usual = said.usual.as_ref();
    let id: Option<Uuid> = sqlx::query_scalar(
        "insert into inhouse_item (clinic_id, kind, code, id, name, unit, yj, own_name, own_reading, adopted, favourite, hidden,
                                   amount, route, usage, count)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
         on conflict (clinic_id, kind, code) do update set
             name = $5, unit = $6, yj = $7, own_name = $8, own_reading = $9, adopted = $10, favourite = $11, hidden = $12,
             amount = $13, route = $14, usage = $15, count = $16, removed_at = null, version = inhouse_item.version + 1
         where $17 or inhouse_item.removed_at is not null
         returning id",
    )
    .bind(clinic)
    .bind(kind.as_str())
    .bind(code)
    .bind(id)
    .bind(&known.name)
    .bind(&known.unit)
    .bind(&known.yj)
    .bind(&said.own_name)
    .bind(&said.own_reading)
    .bind(said.adopted)
    .bind(said.favourite)
    .bind(said.hidden)
    .bind(usual.map(|usual| usual.amount))
    .bind(usual.map(|usual| usual.route.as_str()))
    .bind(usual.map_or("", |usual| &usual.usage))
    .bind(usual.map_or(0, |usual| i32::from(usual.count)))
    .bind(held)
    .fetch_optional(tenant.db())
    .await?;
    let Some(id) = id else {
        let now = found(tenant.db(), kind, code).await?;
        return as_seen(tenant, now.as_ref(), 0, &said.as_text(&known.name, &known.unit)).await;
    };
    changed(tenant, "inhouse.put", id, format!("{} {code} {}", kind.as_str(), known.name)).await
}

/// Takes an item away that is held; the row stays for the trail and keeps counting its versions.
pub(super) async fn take_away(tenant: &mut Tenant, row: &Row) -> Fallible<()> {
    let now = tenant.now;
    sqlx::query(
        "update inhouse_item set removed_at = $3, version = version + 1
         where clinic_id = current_clinic() and kind = $1 and code = $2",
    )
    .bind(&row.kind)
    .bind(&row.code)
    .bind(now)
    .execute(tenant.db())
    .await?;
    changed(tenant, "inhouse.remove", row.id, format!("{} {} {}", row.kind, row.code, row.name)).await
}

/// Takes back what the clinic said about a row, as it was seen in a version; answers with the others of the kind.
pub async fn remove_inhouse(
    tenant: &mut Tenant,
    _: &Grant<ConfigureClinic>,
    kind: MasterKind,
    code: String,
    version: i64,
) -> Fallible<Vec<InhouseItem>> {
    let row = held(tenant.db(), kind, &code).await?.ok_or(AppError::NotFound)?;
    if row.version != version {
        return Err(stale(tenant, ACTIONS, row.id, "削除".into(), Some((row.as_text()?, row.version))).await?);
    }
    take_away(tenant, &row).await?;
    list(tenant, Some(kind)).await
}

/// Refuses an item that is not as it was seen.
pub(super) async fn as_seen(tenant: &mut Tenant, row: Option<&Row>, version: i64, yours: &str) -> Fallible<()> {
    match row {
        Some(row) if row.version == version => Ok(()),
        Some(row) => Err(stale(tenant, ACTIONS, row.id, yours.to_owned(), Some((row.as_text()?, row.version))).await?),
        None if version == 0 => Ok(()),
        None => Err(stale(tenant, ACTIONS, Uuid::nil(), yours.to_owned(), None).await?),
    }
}
