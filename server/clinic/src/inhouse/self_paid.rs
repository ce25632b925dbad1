//! Items of the clinic outside of insurance (自費項目) with price and tax as the clinic states them, and such items in a
//! visit, which keep name, price and tax of the day they were ordered.

use super::{form::reading, stale};
use crate::{
    Error, Fallible, Grant, Tenant, audit,
    error::AtField,
    notes::open_visit,
    orders,
    policy::{ConfigureClinic, Order, SearchMasters},
};
use model::{AppError, Flaw, ids::*, inhouse::*, kana, money::Yen, orders::Orders, visit::Visit};
use sqlx::PgConnection;
use uuid::Uuid;

/// Actions of the audit trail that change an item.
const ACTIONS: &str = "self_paid.%";
/// The most that one item costs, in yen.
const MOST_PRICE: i64 = 1_000_000;
/// The most of one item in a visit.
pub(super) const MOST_QUANTITY: u32 = 99;
/// The most that all of them may come to in a visit, in yen: what the desk can take in one payment, with room for the rest.
const MOST_TOTAL: i64 = 9_000_000;

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    name: String,
    reading: String,
    price: i64,
    tax_percent: i16,
    tax_included: bool,
    no_visit_fee: bool,
    active: bool,
    version: i64,
}

impl TryFrom<Row> for SelfPaidItem {
    type Error = Error;

    fn try_from(row: Row) -> Fallible<Self> {
        Ok(Self {
            id: SelfPaidItemId(row.id),
            name: row.name,
            reading: row.reading,
            price: Yen(row.price),
            tax_percent: percent(row.tax_percent)?,
            tax_included: row.tax_included,
            no_visit_fee: row.no_visit_fee,
            active: row.active,
            version: row.version,
        })
    }
}

fn percent(stored: i16) -> Fallible<u8> {
    u8::try_from(stored).map_err(|_| Error::Broken("tax of an item outside of insurance".into()))
}

fn as_text(item: &SelfPaidItem) -> String {
    let SelfPaidItem { name, price, tax_percent, .. } = item;
    let tax = if item.tax_included { "税込" } else { "税別" };
    let fee = if item.no_visit_fee { "・初再診料なし" } else { "" };
    let active = if item.active { "" } else { "・停止中" };
    format!("{name} {price}（{tax} {tax_percent}%{fee}{active}）")
}

/// All items: those that are offered first, by reading and name.
pub(super) async fn all(db: &mut PgConnection) -> Fallible<Vec<SelfPaidItem>> {
    let rows: Vec<Row> = sqlx::query_as(
        "select id, name, reading, price, tax_percent, tax_included, no_visit_fee, active, version from self_paid_item
         where clinic_id = current_clinic() order by active desc, reading = '', reading, name, id",
    )
    .fetch_all(db)
    .await?;
    rows.into_iter().map(TryInto::try_into).collect()
}

async fn one(db: &mut PgConnection, item: SelfPaidItemId) -> Fallible<Option<SelfPaidItem>> {
    let row: Option<Row> = sqlx::query_as(
        "select id, name, reading, price, tax_percent, tax_included, no_visit_fee, active, version from self_paid_item
         where clinic_id = current_clinic() and id = $1",
    )
    .bind(item.0)
    .fetch_optional(db)
    .await?;
    row.map(TryInto::try_into).transpose()
}

/// The clinic's items outside of insurance: those that are offered first, by reading and name.
pub async fn self_paid_items(tenant: &mut Tenant, _: &Grant<SearchMasters>) -> Fallible<Vec<SelfPaidItem>> {
    all(tenant.db()).await
}

/// Puts an item: a new one, or in place of the one that was seen in a version. Visits keep what they were charged.
pub async fn put_self_paid_item(
    tenant: &mut Tenant,
    _: &Grant<ConfigureClinic>,
    item: Option<(SelfPaidItemId, i64)>,
    form: SelfPaidItemForm,
) -> Fallible<SelfPaidItem> {
    let before = match item {
        Some((id, _)) => Some(one(tenant.db(), id).await?.ok_or(AppError::NotFound)?),
        None => None,
    };
    let id = before.as_ref().map_or_else(|| SelfPaidItemId(tenant.new_id()), |before| before.id);
    let new = read(&form, id)?;
    let (clinic, seen) = (tenant.clinic(), item.map_or(0, |(_, version)| version));
    let sql = if before.is_none() {
        "insert into self_paid_item (clinic_id, id, name, reading, price, tax_percent, tax_included, no_visit_fee, active)
         select $1, $2, $3, $4, $5, $6, $7, $8, $9 where $10 = 0::bigint"
    } else {
        "update self_paid_item set name = $3, reading = $4, price = $5, tax_percent = $6, tax_included = $7, no_visit_fee = $8,
                active = $9, version = version + 1
         where clinic_id = $1 and id = $2 and version = $10"
    };
    let written = sqlx::query(sql)
        .bind(clinic)
        .bind(id.0)
        .bind(&new.name)
        .bind(&new.reading)
        .bind(new.price.0)
        .bind(i16::from(new.tax_percent))
        .bind(new.tax_included)
        .bind(new.no_visit_fee)
        .bind(new.active)
        .bind(seen)
        .execute(tenant.db())
        .await
        .map_err(Error::from);
    match written {
        Ok(done) if done.rows_affected() == 1 => {}
        Ok(_) => {
            let now = one(tenant.db(), id).await?.map(|now| (as_text(&now), now.version));
            return Err(stale(tenant, ACTIONS, id.0, as_text(&new), now).await?);
        }
        Err(error) if error.is_constraint("self_paid_item_name_taken") => {
            let message = format!("「{}」はすでにあります。", new.name);
            return Err(AppError::field("name", Flaw::Rule { message }).into());
        }
        Err(error) => return Err(error),
    }
    audit::record(tenant, "self_paid.put_item", None, Some(id.0), as_text(&new)).await?;
    one(tenant.db(), id).await?.ok_or_else(|| AppError::NotFound.into())
}

fn read(form: &SelfPaidItemForm, id: SelfPaidItemId) -> Fallible<SelfPaidItem> {
    let name = kana::parse_line(&form.name, 60).at("name")?;
    let reading = reading(&form.reading).at("reading")?;
    let price = number(&form.price, MOST_PRICE).at("price")?;
    let tax = number(&form.tax_percent, 99).at("tax_percent")?;
    Ok(SelfPaidItem {
        id,
        name,
        reading,
        price: Yen(price),
        tax_percent: u8::try_from(tax).expect("is below a hundred"),
        tax_included: form.tax_included,
        no_visit_fee: form.no_visit_fee,
        active: form.active,
        version: 0,
    })
}

/// A whole number from nought, as people type money: `5,500`, `５５００円`.
fn number(text: &str, most: i64) -> Result<i64, Flaw> {
    let text = kana::fold_width(text);
    let text = text.trim().trim_end_matches(['円', '%']).trim_start_matches(['¥', '\\']).replace(',', "");
    let range = || Flaw::OutOfRange { min: "0".into(), max: most.to_string() };
    match text.trim() {
        "" => Err(Flaw::Missing),
        digits if digits.bytes().all(|b| b.is_ascii_digit()) => {
            digits.parse().ok().filter(|number| *number <= most).ok_or_else(range)
        }
        _ => Err(range()),
    }
}

/// An item in a visit, and what the fee has to know of it beside what is shown.
pub(crate) struct Line {
    pub shown: SelfPaidLine,
    /// A visit with nothing else ordered is no insured one.
    pub no_visit_fee: bool,
}

#[derive(sqlx::FromRow)]
struct LineRow {
    id: Uuid,
    visit_id: Uuid,
    item_id: Uuid,
    name: String,
    quantity: i32,
    total: i64,
    tax: i64,
    tax_percent: i16,
    no_visit_fee: bool,
}

/// The items of visits with their visit, in the order they were put there.
pub(crate) async fn lines_of(db: &mut PgConnection, visits: &[Uuid]) -> Fallible<Vec<(Uuid, Line)>> {
    let rows: Vec<LineRow> = sqlx::query_as(
        "select id, visit_id, item_id, name, quantity, total, tax, tax_percent, no_visit_fee from self_paid_line
         where clinic_id = current_clinic() and visit_id = any($1) order by visit_id, number",
    )
    .bind(visits)
    .fetch_all(db)
    .await?;
    rows.into_iter()
        .map(|row| {
            let shown = SelfPaidLine {
                id: SelfPaidLineId(row.id),
                item: SelfPaidItemId(row.item_id),
                name: row.name,
                quantity: u32::try_from(row.quantity).map_err(|_| Error::Broken("quantity of a line".into()))?,
                total: Yen(row.total),
                tax: Yen(row.tax),
                tax_percent: percent(row.tax_percent)?,
            };
            Ok((row.visit_id, Line { shown, no_visit_fee: row.no_visit_fee }))
        })
        .collect()
}

/// Orders an item in a visit that is open. One that is there already gets the new quantity, and the price of today.
pub async fn put_self_paid(
    tenant: &mut Tenant,
    _: &Grant<Order>,
    visit: VisitId,
    item: SelfPaidItemId,
    quantity: u32,
) -> Fallible<Orders> {
    let open = open_visit(tenant, visit).await?;
    let item = one(tenant.db(), item).await?.ok_or(AppError::NotFound)?;
    let line = put_line(tenant, &open, &item, quantity).await?;
    orders::changed(tenant, &open, line, "order.put_self_paid").await
}

/// Puts a line into a visit that is held.
pub(super) async fn put_line(tenant: &mut Tenant, visit: &Visit, item: &SelfPaidItem, quantity: u32) -> Fallible<Uuid> {
    if !item.active {
        return Err(AppError::conflict(format!("「{}」は現在使われていない自費項目です。", item.name)).into());
    }
    if !(1..=MOST_QUANTITY).contains(&quantity) {
        let flaw = Flaw::OutOfRange { min: "1".into(), max: MOST_QUANTITY.to_string() };
        return Err(AppError::field("quantity", flaw).into());
    }
    let (total, tax) = item.cost(quantity);
    let (clinic, id) = (tenant.clinic(), tenant.new_id());
    let line: Uuid = sqlx::query_scalar(
        "insert into self_paid_line (clinic_id, id, visit_id, item_id, name, quantity, total, tax, tax_percent, no_visit_fee)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
         on conflict on constraint self_paid_line_once do update set
             name = $5, quantity = $6, total = $7, tax = $8, tax_percent = $9, no_visit_fee = $10
         returning id",
    )
    .bind(clinic)
    .bind(id)
    .bind(visit.id.0)
    .bind(item.id.0)
    .bind(&item.name)
    .bind(i32::try_from(quantity).expect("is small"))
    .bind(total.0)
    .bind(tax.0)
    .bind(i16::from(item.tax_percent))
    .bind(item.no_visit_fee)
    .fetch_one(tenant.db())
    .await?;
    let all = lines_of(tenant.db(), &[visit.id.0]).await?;
    let sum: Yen = all.iter().map(|(_, line)| line.shown.total).sum();
    if sum.0 > MOST_TOTAL {
        let message = format!("自費の合計が{}を超えます。受診を分けてください。", Yen(MOST_TOTAL));
        return Err(AppError::field("quantity", Flaw::Rule { message }).into());
    }
    Ok(line)
}

/// Takes an item out of a visit that is open.
pub async fn remove_self_paid(tenant: &mut Tenant, _: &Grant<Order>, visit: VisitId, line: SelfPaidLineId) -> Fallible<Orders> {
    let open = open_visit(tenant, visit).await?;
    let done = sqlx::query("delete from self_paid_line where clinic_id = current_clinic() and visit_id = $1 and id = $2")
        .bind(visit.0)
        .bind(line.0)
        .execute(tenant.db())
        .await?;
    if done.rows_affected() == 0 {
        return Err(AppError::conflict("この自費項目はすでに削除されています。").into());
    }
    orders::changed(tenant, &open, line.0, "order.remove_self_paid").await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_is_read_as_people_type_it() {
        for text in ["5500", "5,500", "５，５００円", " ¥5500 "] {
            assert_eq!(number(text, MOST_PRICE), Ok(5_500), "{text}");
        }
        assert_eq!(number("0", 99), Ok(0));
        assert_eq!(number("", 99), Err(Flaw::Missing));
        for text in ["-1", "5.5", "1000001", "99999999999999999999", "五千"] {
            assert!(matches!(number(text, MOST_PRICE), Err(Flaw::OutOfRange { .. })), "{text}");
        }
    }
}
