//! Laboratory results: reports as they come, and numbers over time.

use crate::{
    Error, Fallible, Grant, Tenant, audit, error::AtField, events::Event, notes::staff, patients, policy::EnterLabs, sharing,
};
use chrono::{DateTime, Months, NaiveDate, NaiveTime, Utc};
use model::{
    AppError, FieldError, Flaw, codes::Jlac10, date, ids::*, kana, labs::*, master::LabItem, outside::Origin, share::Flags,
};
use rust_decimal::Decimal;
use sqlx::{PgConnection, types::Json};
use std::collections::HashMap;
use uuid::Uuid;

/// How many reports a chart opens with.
const REPORTS: i64 = 12;
/// In how many of the latest results of an item a printed range is looked for.
const LOOKED_AT: i64 = 200;
/// How far back the graphs go: the latest values of each item.
const POINTS: i64 = 60;
/// No result of the core set has more than seven digits before the point; more is a slip of the finger.
const LARGEST: i64 = 10_000_000;
/// Eighteen years: reference ranges of children are their own.
const ADULT: Months = Months::new(18 * 12);

#[derive(sqlx::FromRow)]
struct ReportRow {
    id: Uuid,
    visit_id: Option<Uuid>,
    collected_at: DateTime<Utc>,
    preliminary: bool,
    long_term: bool,
    origin: Option<Json<Origin>>,
    version: i64,
    staff_id: Uuid,
    staff_name: String,
    staff_role: String,
}

#[derive(sqlx::FromRow)]
struct ResultRow {
    report_id: Uuid,
    collected_at: DateTime<Utc>,
    local_code: String,
    name: String,
    jlac10: Option<String>,
    fhir_name: Option<String>,
    infection: bool,
    specimen: String,
    number: Option<Decimal>,
    words: Option<String>,
    unit: String,
    low: Option<Decimal>,
    high: Option<Decimal>,
}

impl From<ResultRow> for LabResult {
    fn from(row: ResultRow) -> Self {
        Self {
            local_code: row.local_code,
            name: row.name,
            jlac10: row.jlac10.map(Jlac10),
            fhir_name: row.fhir_name,
            infection: row.infection,
            specimen: row.specimen,
            value: row.number.map_or_else(|| LabValue::Text(row.words.unwrap_or_default()), LabValue::Number),
            unit: row.unit,
            low: row.low,
            high: row.high,
        }
    }
}

/// The latest reports, newest first.
pub(crate) async fn latest_reports(db: &mut PgConnection, patient: PatientId) -> Fallible<Vec<LabReport>> {
    let rows: Vec<ReportRow> = sqlx::query_as(
        "select r.id, r.visit_id, r.collected_at, r.preliminary, r.long_term, r.origin, r.version, s.id as staff_id, s.name as staff_name, s.role as staff_role
         from lab_report r join staff s on s.clinic_id = r.clinic_id and s.id = r.entered_by
         where r.clinic_id = current_clinic() and r.patient_id = $1
         order by r.collected_at desc, r.id desc limit $2",
    )
    .bind(patient.0)
    .bind(REPORTS)
    .fetch_all(&mut *db)
    .await?;
    with_results(db, rows).await
}

/// The final reports of this house with a specimen taken from one day to another, newest first; what was taken over from others is
/// theirs to tell.
pub(crate) async fn own_reports(
    db: &mut PgConnection,
    patient: PatientId,
    from: NaiveDate,
    until: NaiveDate,
) -> Fallible<Vec<LabReport>> {
    let rows: Vec<ReportRow> = sqlx::query_as(
        "select r.id, r.visit_id, r.collected_at, r.preliminary, r.long_term, r.origin, r.version, s.id as staff_id, s.name as staff_name, s.role as staff_role
         from lab_report r join staff s on s.clinic_id = r.clinic_id and s.id = r.entered_by
         where r.clinic_id = current_clinic() and r.patient_id = $1 and r.origin is null and not r.preliminary
             and r.collected_at >= $2::date::timestamp at time zone 'Asia/Tokyo'
             and r.collected_at < ($3::date + 1)::timestamp at time zone 'Asia/Tokyo'
         order by r.collected_at desc, r.id desc",
    )
    .bind(patient.0)
    .bind(from)
    .bind(until)
    .fetch_all(&mut *db)
    .await?;
    with_results(db, rows).await
}

/// One report.
pub(crate) async fn report(db: &mut PgConnection, report: LabReportId) -> Fallible<Option<LabReport>> {
    let rows: Vec<ReportRow> = sqlx::query_as(
        "select r.id, r.visit_id, r.collected_at, r.preliminary, r.long_term, r.origin, r.version, s.id as staff_id, s.name as staff_name, s.role as staff_role
         from lab_report r join staff s on s.clinic_id = r.clinic_id and s.id = r.entered_by
         where r.clinic_id = current_clinic() and r.id = $1",
    )
    .bind(report.0)
    .fetch_all(&mut *db)
    .await?;
    Ok(with_results(db, rows).await?.pop())
}

async fn with_results(db: &mut PgConnection, rows: Vec<ReportRow>) -> Fallible<Vec<LabReport>> {
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let results: Vec<ResultRow> = sqlx::query_as(
        "select report_id, collected_at, local_code, name, jlac10, fhir_name, infection, specimen, number, words, unit, low, high
         from lab_result where clinic_id = current_clinic() and report_id = any($1) order by report_id, position",
    )
    .bind(&ids)
    .fetch_all(db)
    .await?;
    let mut by_report: HashMap<Uuid, Vec<LabResult>> = HashMap::new();
    for row in results {
        by_report.entry(row.report_id).or_default().push(row.into());
    }
    rows.into_iter()
        .map(|row| {
            Ok(LabReport {
                id: LabReportId(row.id),
                visit: row.visit_id.map(VisitId),
                collected_at: row.collected_at,
                entered_by: staff(row.staff_id, row.staff_name, &row.staff_role)?,
                preliminary: row.preliminary,
                flags: Flags { long_term: row.long_term, ..Flags::default() },
                origin: row.origin.map(|origin| origin.0),
                results: by_report.remove(&row.id).unwrap_or_default(),
                version: row.version,
            })
        })
        .collect()
}

/// The numbers of each item over time, by item. From item to item by index: a long history costs no more than a short one.
pub(crate) async fn series(db: &mut PgConnection, patient: PatientId) -> Fallible<Vec<LabSeries>> {
    let rows: Vec<ResultRow> = sqlx::query_as(
        "with recursive item (code) as (
             (select local_code from lab_result where clinic_id = current_clinic() and patient_id = $1 order by local_code limit 1)
             union all
             select (select local_code from lab_result
                     where clinic_id = current_clinic() and patient_id = $1 and local_code > item.code order by local_code limit 1)
             from item where item.code is not null
         )
         select report_id, collected_at, local_code, name, jlac10, fhir_name, infection, specimen, number, words, unit, low, high
         from item
         cross join lateral (
             select * from lab_result
             where clinic_id = current_clinic() and patient_id = $1 and local_code = item.code and number is not null
             order by collected_at desc
             limit $2
         ) latest
         order by local_code, collected_at",
    )
    .bind(patient.0)
    .bind(POINTS)
    .fetch_all(db)
    .await?;
    let mut all: Vec<LabSeries> = Vec::new();
    for row in rows {
        let Some(number) = row.number else { continue };
        let day = date::day_of(row.collected_at);
        match all.last_mut() {
            Some(series) if series.local_code == row.local_code => {
                (series.low, series.high) = (row.low, row.high);
                series.points.push((day, number));
            }
            _ => all.push(LabSeries {
                local_code: row.local_code,
                name: row.name,
                unit: row.unit,
                low: row.low,
                high: row.high,
                points: vec![(day, number)],
            }),
        }
    }
    Ok(all)
}

/// The items a result can be entered for, each with the range the clinic printed last for a patient of the same sex and side
/// of eighteen.
pub async fn lab_items(tenant: &mut Tenant, _: &Grant<EnterLabs>, patient: PatientId) -> Fallible<Vec<LabLine>> {
    let person = patients::load(tenant.db(), patient).await?;
    let today = tenant.today();
    let masters = tenant.masters();
    let items: Vec<&LabItem> = masters.labs().into_iter().filter(|item| item.validity.covers(today)).collect();
    let codes: Vec<&str> = items.iter().map(|item| item.local_code.as_str()).collect();
    let adult_since = today.checked_sub_months(ADULT).unwrap_or(today);
    let ranges: Vec<(String, Option<Decimal>, Option<Decimal>)> = sqlx::query_as(
        "select item.code, printed.low, printed.high
         from unnest($1::text[]) item(code)
         cross join lateral (
             select r.low, r.high
             from (
                 select * from lab_result
                 where clinic_id = current_clinic() and local_code = item.code and (low is not null or high is not null)
                 order by collected_at desc
                 limit $5
             ) r
             join patient p on p.clinic_id = r.clinic_id and p.id = r.patient_id
             where p.sex = $2 and (p.birth_date <= $3) = $4
             order by r.collected_at desc
             limit 1
         ) printed",
    )
    .bind(&codes)
    .bind(patients::sex_as_str(person.sex))
    .bind(adult_since)
    .bind(person.birth_date <= adult_since)
    .bind(LOOKED_AT)
    .fetch_all(tenant.db())
    .await?;
    let mut ranges: HashMap<String, _> = ranges.into_iter().map(|(code, low, high)| (code, (low, high))).collect();
    Ok(items
        .into_iter()
        .map(|item| {
            let (low, high) = ranges.remove(&item.local_code).unwrap_or_default();
            LabLine { item: item.clone(), low, high }
        })
        .collect())
}

/// Enters a report. Every flaw is named at its row; nothing is kept of a report with a flaw.
pub async fn enter_report(
    tenant: &mut Tenant,
    _: &Grant<EnterLabs>,
    patient: PatientId,
    form: LabReportForm,
) -> Fallible<Vec<LabReport>> {
    patients::load(tenant.db(), patient).await?;
    let collected_at = collected(&form, tenant.now)?;
    if let Some(visit) = form.visit
        && crate::reception::load(tenant.db(), visit).await?.patient != patient
    {
        return Err(AppError::NotFound.into());
    }
    let masters = tenant.masters();
    let today = tenant.today();
    let (mut results, mut flaws) = (Vec::new(), Vec::new());
    for (i, row) in form.results.iter().enumerate().filter(|(_, row)| !row.value.trim().is_empty()) {
        let Some(item) = masters.lab(&row.item, today) else {
            let flaw = Flaw::UnknownCode { code: row.item.clone(), on: today.to_string() };
            flaws.push(FieldError::new(format!("results.{i}.item"), flaw));
            continue;
        };
        match parse_result(item, row) {
            Ok(result) => results.push(result),
            Err((field, flaw)) => flaws.push(FieldError::new(format!("results.{i}.{field}"), flaw)),
        }
    }
    if !flaws.is_empty() {
        return Err(flaws.into());
    }
    if results.is_empty() {
        return Err(AppError::field("results", Flaw::Missing).into());
    }
    let report = LabReportId(tenant.new_id());
    insert(tenant, patient, form.visit, collected_at, form.preliminary, report, &results).await?;
    if !form.preliminary {
        sharing::lab_report_final(tenant, patient, report).await?;
    }
    audit::record(tenant, "lab.enter", Some(patient), Some(report.0), format!("{}項目", results.len())).await?;
    tenant.announce(Event::Chart(patient)).await?;
    latest_reports(tenant.db(), patient).await
}

/// A preliminary report (中間報告) is complete: it is final now and shared.
pub async fn finish_report(
    tenant: &mut Tenant,
    _: &Grant<EnterLabs>,
    report: LabReportId,
    version: i64,
) -> Fallible<Vec<LabReport>> {
    let patient = owner(tenant.db(), report).await?;
    let done = sqlx::query(
        "update lab_report set preliminary = false, version = version + 1
         where clinic_id = current_clinic() and id = $1 and version = $2 and preliminary",
    )
    .bind(report.0)
    .bind(version)
    .execute(tenant.db())
    .await?;
    if done.rows_affected() == 0 {
        return Err(stale(tenant, report, "確定").await?);
    }
    sharing::lab_report_final(tenant, patient, report).await?;
    changed(tenant, patient, report, "lab.finish", "").await
}

/// Chooses whether a report is kept for long at the platform (長期保存): designated infections only (R6031). What was told of
/// it is told anew.
pub async fn flag_report(
    tenant: &mut Tenant,
    _: &Grant<EnterLabs>,
    report: LabReportId,
    long_term: bool,
    version: i64,
) -> Fallible<Vec<LabReport>> {
    let patient = owner(tenant.db(), report).await?;
    let present = self::report(tenant.db(), report).await?.ok_or(AppError::NotFound)?;
    if long_term && !present.results.iter().any(|result| result.infection) {
        let message = "長期保存は感染症5項目の検査だけに付けられます。".into();
        return Err(AppError::field("long_term", Flaw::Rule { message }).into());
    }
    let done = sqlx::query(
        "update lab_report set long_term = $3, version = version + 1
         where clinic_id = current_clinic() and id = $1 and version = $2",
    )
    .bind(report.0)
    .bind(version)
    .bind(long_term)
    .execute(tenant.db())
    .await?;
    if done.rows_affected() == 0 {
        return Err(stale(tenant, report, "長期保存").await?);
    }
    sharing::lab_report_changed(tenant, patient, report).await?;
    changed(tenant, patient, report, "lab.flag", if long_term { "長期保存" } else { "なし" }).await
}

async fn owner(db: &mut PgConnection, report: LabReportId) -> Fallible<PatientId> {
    let owner: Option<Uuid> =
        sqlx::query_scalar("select patient_id from lab_report where clinic_id = current_clinic() and id = $1")
            .bind(report.0)
            .fetch_optional(db)
            .await?;
    Ok(PatientId(owner.ok_or(AppError::NotFound)?))
}

async fn stale(tenant: &mut Tenant, report: LabReportId, yours: &str) -> Fallible<Error> {
    let present = self::report(tenant.db(), report).await?.ok_or(AppError::NotFound)?;
    let (by, at) = audit::last_change(tenant, "lab.%", report.0).await?;
    let day = date::day_of(present.collected_at);
    let state = if present.preliminary { "中間報告" } else { "確定" };
    let theirs = format!("検査結果 {day}: {state}");
    Ok(AppError::Stale { yours: format!("検査結果 {day}: {yours}"), theirs, version: present.version, by, at }.into())
}

async fn changed(
    tenant: &mut Tenant,
    patient: PatientId,
    report: LabReportId,
    action: &str,
    detail: &str,
) -> Fallible<Vec<LabReport>> {
    audit::record(tenant, action, Some(patient), Some(report.0), detail).await?;
    tenant.announce(Event::Chart(patient)).await?;
    latest_reports(tenant.db(), patient).await
}

async fn insert(
    tenant: &mut Tenant,
    patient: PatientId,
    visit: Option<VisitId>,
    collected_at: DateTime<Utc>,
    preliminary: bool,
    report: LabReportId,
    results: &[LabResult],
) -> Fallible<()> {
    let (clinic, now, entered_by) = (tenant.clinic(), tenant.now, tenant.me.staff.id);
    sqlx::query(
        "insert into lab_report (clinic_id, id, patient_id, visit_id, collected_at, entered_by, entered_at, preliminary)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(clinic)
    .bind(report.0)
    .bind(patient.0)
    .bind(visit.map(|v| v.0))
    .bind(collected_at)
    .bind(entered_by.0)
    .bind(now)
    .bind(preliminary)
    .execute(tenant.db())
    .await?;
    for (position, result) in (0i32..).zip(results) {
        let (number, words) = match &result.value {
            LabValue::Number(number) => (Some(*number), None),
            LabValue::Text(words) => (None, Some(words.as_str())),
        };
        sqlx::query(
            "insert into lab_result (clinic_id, report_id, position, patient_id, collected_at, local_code, name, jlac10, fhir_name,
                                     infection, specimen, number, words, unit, low, high)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
        )
        .bind(clinic)
        .bind(report.0)
        .bind(position)
        .bind(patient.0)
        .bind(collected_at)
        .bind(&result.local_code)
        .bind(&result.name)
        .bind(result.jlac10.as_ref().map(Jlac10::as_str))
        .bind(&result.fhir_name)
        .bind(result.infection)
        .bind(&result.specimen)
        .bind(number)
        .bind(words)
        .bind(&result.unit)
        .bind(result.low)
        .bind(result.high)
        .execute(tenant.db())
        .await?;
    }
    Ok(())
}

fn collected(form: &LabReportForm, now: DateTime<Utc>) -> Fallible<DateTime<Utc>> {
    let day = date::parse(&form.collected_on).at("collected_on")?;
    let text = kana::fold_width(form.collected_time.trim());
    let time = if text.is_empty() { Ok(NaiveTime::MIN) } else { NaiveTime::parse_from_str(&text, "%H:%M") };
    let rule = Flaw::Rule { message: "時刻は 09:30 のように入力してください。".into() };
    let time = time.map_err(|_| rule).at("collected_time")?;
    let local = day.and_time(time).and_local_timezone(date::japan()).single();
    let instant = local.ok_or(Flaw::NotADate).at("collected_on")?.with_timezone(&Utc);
    if instant > now { Err(AppError::field("collected_on", Flaw::Future).into()) } else { Ok(instant) }
}

fn parse_result(item: &LabItem, row: &LabResultForm) -> Result<LabResult, (&'static str, Flaw)> {
    let typed = kana::fold_width(row.value.trim());
    let value = match typed.parse::<Decimal>() {
        _ if !item.choices.is_empty() => {
            let choice = item.choices.iter().find(|c| **c == row.value.trim() || kana::fold(c) == kana::fold(&typed));
            LabValue::Text(choice.ok_or(("value", Flaw::NotAChoice))?.clone())
        }
        Ok(number) if number.abs() < Decimal::from(LARGEST) => LabValue::Number(number),
        Ok(_) => return Err(("value", Flaw::OutOfRange { min: "0".into(), max: (LARGEST - 1).to_string() })),
        Err(_) => {
            let message = "数値で入力してください。".into();
            return Err(("value", Flaw::Rule { message }));
        }
    };
    let limit = |text: &str| match kana::fold_width(text.trim()) {
        text if text.is_empty() => Ok(None),
        text => {
            text.parse::<Decimal>().map(Some).map_err(|_| Flaw::Rule { message: "数値で入力してください。".into() })
        }
    };
    let low = limit(&row.low).map_err(|flaw| ("low", flaw))?;
    let high = limit(&row.high).map_err(|flaw| ("high", flaw))?;
    if low.zip(high).is_some_and(|(low, high)| low > high) {
        let message = "基準値の下限が上限より大きくなっています。".into();
        return Err(("high", Flaw::Rule { message }));
    }
    Ok(LabResult {
        local_code: item.local_code.clone(),
        name: item.name.clone(),
        jlac10: item.jlac10.first().cloned(),
        fhir_name: Some(item.fhir_name.clone()).filter(|name| !name.is_empty()),
        infection: item.infection,
        specimen: item.specimen.clone(),
        value,
        unit: item.unit.clone(),
        low,
        high,
    })
}
