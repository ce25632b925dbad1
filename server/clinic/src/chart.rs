//! Opening a chart: one transaction, a fixed number of queries however long the history is.

use crate::{
    Fallible, Grant, Tenant, allergies, audit, diagnoses, labs, letters,
    notes::pages,
    papers, patients,
    policy::ReadChart,
    reception::{self, VisitRow},
    sharing,
};
use model::{chart::*, ids::*, visit::*};
use sqlx::PgConnection;

/// How many past visits a page of history holds.
const PAGE: i64 = 20;

/// Everything on one page. The view is audited before the answer leaves.
pub async fn open_chart(tenant: &mut Tenant, _: &Grant<ReadChart>, patient: PatientId) -> Fallible<Chart> {
    let day = tenant.today();
    let db = tenant.db();
    let data = patients::load(db, patient).await?;
    let open: Option<VisitRow> = sqlx::query_as(
        "select v.id as visit_id, v.patient_id as visit_patient, v.visit_date, v.received_at, v.state, v.kind, v.department,
                v.version as visit_version, v.doctor_id, d.name as doctor_name, d.role as doctor_role, v.remark
         from visit v left join staff d on d.clinic_id = v.clinic_id and d.id = v.doctor_id
         where v.clinic_id = current_clinic() and v.patient_id = $1 and v.visit_date = $2 and v.state <> 'cancelled'
         order by v.received_at desc, v.id desc limit 1",
    )
    .bind(patient.0)
    .bind(day)
    .fetch_optional(&mut *db)
    .await?;
    let today = match open {
        Some(row) => pages(db, vec![row.try_into()?]).await?.pop(),
        None => None,
    };
    let except = today.as_ref().map(|page| page.visit.id);
    let past_total: i64 = sqlx::query_scalar(
        "select count(*) from visit
         where clinic_id = current_clinic() and patient_id = $1 and state <> 'cancelled' and id is distinct from $2",
    )
    .bind(patient.0)
    .bind(except.map(|v| v.0))
    .fetch_one(&mut *db)
    .await?;
    let past = history(db, patient, except, 0).await?;
    let chart = Chart {
        today,
        past,
        past_total,
        diagnoses: diagnoses::of_patient(db, patient).await?,
        allergies: allergies::of_patient(db, patient).await?,
        reports: labs::latest_reports(db, patient).await?,
        series: labs::series(db, patient).await?,
        letters: letters::of_patient(db, patient).await?,
        papers: papers::of_patient(db, patient).await?,
        shared: sharing::of_patient(db, patient).await?,
        patient: data,
        day,
    };
    audit::record(tenant, "chart.open", Some(patient), None, "").await?;
    Ok(chart)
}

/// The next twenty past visits.
pub async fn more_visits(tenant: &mut Tenant, _: &Grant<ReadChart>, patient: PatientId, skip: i64) -> Fallible<Vec<VisitPage>> {
    patients::load(tenant.db(), patient).await?;
    let today = tenant.today();
    let except: Option<uuid::Uuid> = sqlx::query_scalar(
        "select id from visit where clinic_id = current_clinic() and patient_id = $1 and visit_date = $2 and state <> 'cancelled'
         order by received_at desc, id desc limit 1",
    )
    .bind(patient.0)
    .bind(today)
    .fetch_optional(tenant.db())
    .await?;
    history(tenant.db(), patient, except.map(VisitId), skip.max(0)).await
}

async fn history(db: &mut PgConnection, patient: PatientId, except: Option<VisitId>, skip: i64) -> Fallible<Vec<VisitPage>> {
    let rows: Vec<VisitRow> = sqlx::query_as(
        "select v.id as visit_id, v.patient_id as visit_patient, v.visit_date, v.received_at, v.state, v.kind, v.department,
                v.version as visit_version, v.doctor_id, d.name as doctor_name, d.role as doctor_role, v.remark
         from visit v left join staff d on d.clinic_id = v.clinic_id and d.id = v.doctor_id
         where v.clinic_id = current_clinic() and v.patient_id = $1 and v.state <> 'cancelled' and v.id is distinct from $2
         order by v.visit_date desc, v.received_at desc, v.id desc
         offset $3 limit $4",
    )
    .bind(patient.0)
    .bind(except.map(|v| v.0))
    .bind(skip)
    .bind(PAGE)
    .fetch_all(&mut *db)
    .await?;
    let visits = rows.into_iter().map(Visit::try_from).collect::<Fallible<Vec<_>>>()?;
    pages(db, visits).await
}

/// One visit with its note and orders.
pub(crate) async fn visit_page(db: &mut PgConnection, visit: VisitId) -> Fallible<VisitPage> {
    let visit = reception::load(db, visit).await?;
    pages(db, vec![visit]).await?.pop().ok_or_else(|| model::AppError::NotFound.into())
}
