//! The clinic's own settings (医院の設定): what papers print, what the fee rules read, and when it is open.

mod standards;

use crate::{Error, Fallible, Grant, Tenant, audit, billing, policy::ConfigureClinic};
use chrono::NaiveDate;
use model::{AppError, clinic::*, ids::*};
use sqlx::{PgConnection, types::Json};
use std::collections::BTreeSet;
use uuid::Uuid;

/// The action in the audit trail.
const ACTION: &str = "clinic.configure";

#[derive(sqlx::FromRow)]
struct Row {
    clinic_id: Uuid,
    institution_number: String,
    name: String,
    postal_code: String,
    address: String,
    phone: String,
    standards: Vec<String>,
    week: Json<Week>,
    open_on_holidays: bool,
    version: i64,
}

async fn row(db: &mut PgConnection) -> Fallible<Row> {
    let row = sqlx::query_as(
        "select clinic_id, institution_number, name, postal_code, address, phone, standards, week, open_on_holidays, version
         from clinic where clinic_id = current_clinic()",
    )
    .fetch_one(db)
    .await?;
    Ok(row)
}

/// Special days of a kind, in order.
async fn days(db: &mut PgConnection, kind: &str) -> Fallible<Vec<SpecialDay>> {
    let rows: Vec<(NaiveDate, String)> =
        sqlx::query_as("select day, name from clinic_day where clinic_id = current_clinic() and kind = $1 order by day")
            .bind(kind)
            .fetch_all(db)
            .await?;
    Ok(rows.into_iter().map(|(day, name)| SpecialDay { day, name }).collect())
}

/// When the clinic is open, as the calculation asks.
pub(crate) async fn timetable(db: &mut PgConnection) -> Fallible<Timetable> {
    let (week, open_on_holidays): (Json<Week>, bool) =
        sqlx::query_as("select week, open_on_holidays from clinic where clinic_id = current_clinic()")
            .fetch_one(&mut *db)
            .await?;
    let (closed, holidays) = (days(&mut *db, "closed").await?, days(db, "holiday").await?);
    Ok(Timetable { week: week.0, open_on_holidays, closed, holidays })
}

async fn load(db: &mut PgConnection) -> Fallible<(Uuid, ClinicSettings)> {
    let row = row(&mut *db).await?;
    let (closed, holidays) = (days(&mut *db, "closed").await?, days(db, "holiday").await?);
    let settings = ClinicSettings {
        number: row.institution_number,
        name: row.name,
        postal_code: row.postal_code,
        address: row.address,
        phone: row.phone,
        known: standards::known(&row.standards),
        standards: row.standards,
        timetable: Timetable { week: row.week.0, open_on_holidays: row.open_on_holidays, closed, holidays },
        version: row.version,
    };
    Ok((row.clinic_id, settings))
}

/// The settings as they are.
pub async fn clinic_settings(tenant: &mut Tenant, _: &Grant<ConfigureClinic>) -> Fallible<ClinicSettings> {
    Ok(load(tenant.db()).await?.1)
}

/// Changes the settings that were seen in a version; a stale one comes back with both texts, unless it says what already
/// stands. Visits that wait for payment are calculated anew.
pub async fn put_clinic_settings(
    tenant: &mut Tenant,
    _: &Grant<ConfigureClinic>,
    form: ClinicForm,
    version: i64,
) -> Fallible<ClinicSettings> {
    let new = form.parse()?;
    // The row is held until the end, so that of two who save at once the second is told.
    sqlx::query("select 1 from clinic where clinic_id = current_clinic() for update").execute(tenant.db()).await?;
    let (clinic, before) = load(tenant.db()).await?;
    let changed = differences(&before, &new);
    if changed.is_empty() {
        return Ok(before);
    }
    if before.version != version {
        let (by, at) = audit::last_change(tenant, "clinic.%", clinic).await?;
        let (yours, theirs) = (as_text(&new), as_text(&as_new(&before)));
        return Err(AppError::Stale { yours, theirs, version: before.version, by, at }.into());
    }
    write(tenant.db(), &new).await?;
    audit::record(tenant, ACTION, None, Some(clinic), changed.join("・")).await?;
    settle_waiting(tenant).await?;
    Ok(load(tenant.db()).await?.1)
}

async fn write(db: &mut PgConnection, new: &NewClinicSettings) -> Fallible<()> {
    sqlx::query(
        "update clinic set name = $1, postal_code = $2, address = $3, phone = $4, standards = $5, week = $6,
                open_on_holidays = $7, version = version + 1
         where clinic_id = current_clinic()",
    )
    .bind(&new.name)
    .bind(&new.postal_code)
    .bind(&new.address)
    .bind(&new.phone)
    .bind(&new.standards)
    .bind(Json(&new.timetable.week))
    .bind(new.timetable.open_on_holidays)
    .execute(&mut *db)
    .await?;
    sqlx::query("delete from clinic_day where clinic_id = current_clinic()").execute(&mut *db).await?;
    for (kind, days) in [("closed", &new.timetable.closed), ("holiday", &new.timetable.holidays)] {
        let (dates, names): (Vec<NaiveDate>, Vec<&str>) = days.iter().map(|day| (day.day, day.name.as_str())).unzip();
        sqlx::query(
            "insert into clinic_day (clinic_id, kind, day, name)
             select current_clinic(), $1, day, name from unnest($2::date[], $3::text[]) as told (day, name)",
        )
        .bind(kind)
        .bind(dates)
        .bind(names)
        .execute(&mut *db)
        .await?;
    }
    Ok(())
}

/// Calculates anew what waits for payment: standards and hours are part of it.
async fn settle_waiting(tenant: &mut Tenant) -> Fallible<()> {
    let waiting: Vec<Uuid> =
        sqlx::query_scalar("select patient_id from visit where clinic_id = current_clinic() and state = 'awaiting_payment'")
            .fetch_all(tenant.db())
            .await?;
    for patient in waiting.into_iter().collect::<BTreeSet<_>>() {
        billing::settle_unpaid(tenant, PatientId(patient)).await?;
    }
    Ok(())
}

/// Writes hours and days of a clinic that is being founded for the demo.
pub(crate) async fn furnish(db: &mut PgConnection, form: &ClinicForm) -> Fallible<()> {
    let new = form.parse().map_err(|flaws| Error::Broken(format!("settings of the demo: {flaws:?}")))?;
    write(db, &new).await
}

fn as_new(kept: &ClinicSettings) -> NewClinicSettings {
    NewClinicSettings {
        name: kept.name.clone(),
        postal_code: kept.postal_code.clone(),
        address: kept.address.clone(),
        phone: kept.phone.clone(),
        standards: kept.standards.clone(),
        timetable: kept.timetable.clone(),
    }
}

/// What differs, in words.
fn differences(before: &ClinicSettings, new: &NewClinicSettings) -> Vec<&'static str> {
    let (old, table) = (&before.timetable, &new.timetable);
    let all = [
        ("名称", before.name != new.name),
        ("所在地", before.postal_code != new.postal_code || before.address != new.address),
        ("電話番号", before.phone != new.phone),
        ("施設基準", before.standards != new.standards),
        ("診療時間", old.week != table.week || old.open_on_holidays != table.open_on_holidays),
        ("臨時休診", old.closed != table.closed),
        ("国民の祝日", old.holidays != table.holidays),
    ];
    all.into_iter().filter(|(_, differs)| *differs).map(|(words, _)| words).collect()
}

/// The settings as a person compares them.
fn as_text(new: &NewClinicSettings) -> String {
    let week: Vec<String> = WEEKDAYS
        .iter()
        .zip(&new.timetable.week)
        .map(|(name, hours)| format!("{name} {}", if hours.is_empty() { "休診".to_owned() } else { hours_text(hours) }))
        .collect();
    format!(
        "名称: {}\n郵便番号: {}\n所在地: {}\n電話番号: {}\n診療時間:\n{}\n休日: {}\n施設基準:\n{}\n臨時休診:\n{}\n国民の祝日:\n{}",
        new.name,
        new.postal_code,
        new.address,
        new.phone,
        week.join("\n"),
        if new.timetable.open_on_holidays { "曜日どおり診療" } else { "休診" },
        new.standards.join("\n"),
        days_text(&new.timetable.closed),
        days_text(&new.timetable.holidays),
    )
}
