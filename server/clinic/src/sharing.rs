//! Documents for the national platform: built from the chart in the transaction of their cause, and left in the outbox.
//!
//! Nothing leaves that our own validator refuses: such a document stands in the chart as refused, with what to mend.
//! Sending is [`crate::outbox`]'s work.

use crate::{
    Fallible, Grant, Tenant, allergies, audit, diagnoses,
    events::Event,
    labs, patients,
    policy::{ReadChart, Share},
};
use chrono::{DateTime, Datelike, Months, Utc};
use model::{
    AppError,
    chart::{Allergy, Diagnosis},
    codes::InstitutionNumber,
    date,
    ids::*,
    labs::LabReport,
    letter::LetterForm,
    patient::Patient,
    share::*,
    visit::department_name,
};
use serde_json::Value;
use sqlx::{PgConnection, types::Json};
use uuid::Uuid;

/// Ended diagnoses are reported for this long after their end (JP_Bundle_CLINS 報告単位: five years).
const REPORTED_AFTER_END: Months = Months::new(60);

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    kind: String,
    title: String,
    state: String,
    attempts: i32,
    receipt: Option<String>,
    mends: Json<Vec<Mend>>,
    problem_kind: Option<String>,
    last_problem: String,
    next_attempt_at: DateTime<Utc>,
    addressee: String,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

impl From<Row> for SharedDocument {
    fn from(row: Row) -> Self {
        let state = match row.state.as_str() {
            "sent" => ShareState::Sent { receipt: row.receipt.unwrap_or_default() },
            "refused" => ShareState::Refused { reasons: row.mends.0 },
            "superseded" => ShareState::Superseded,
            _ => ShareState::Waiting {
                attempts: row.attempts,
                problem: row
                    .problem_kind
                    .as_deref()
                    .and_then(ProblemKind::parse)
                    .map(|kind| Problem { kind, message: row.last_problem }),
                next: row.next_attempt_at,
            },
        };
        let kind = ShareKind::parse(&row.kind).unwrap_or(ShareKind::Referral);
        Self {
            id: ShareId(row.id),
            kind,
            title: row.title,
            to: row.addressee,
            state,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

/// What was shared about a patient, newest first; of each subject only the latest.
pub(crate) async fn of_patient(db: &mut PgConnection, patient: PatientId) -> Fallible<Vec<SharedDocument>> {
    let rows: Vec<Row> = sqlx::query_as(
        "select o.id, o.kind, o.title, o.state, o.attempts, o.receipt, o.mends, o.problem_kind, o.last_problem, o.next_attempt_at, o.addressee, o.created_at, o.updated_at
         from (
             select distinct on (identifier) id from outbox
             where clinic_id = current_clinic() and patient_id = $1 and state <> 'superseded'
             order by identifier, created_at desc, id desc
         ) latest
         join outbox o on o.clinic_id = current_clinic() and o.id = latest.id
         order by o.created_at desc, o.id desc limit 50",
    )
    .bind(patient.0)
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(Into::into).collect())
}

/// Where the document of a letter stands.
pub(crate) async fn of_letter(db: &mut PgConnection, letter: LetterId) -> Fallible<Option<ShareState>> {
    let row: Option<Row> = sqlx::query_as(
        "select id, kind, title, state, attempts, receipt, mends, problem_kind, last_problem, next_attempt_at, addressee, created_at, updated_at
         from outbox where clinic_id = current_clinic() and kind = 'referral' and subject_id = $1
         order by created_at desc limit 1",
    )
    .bind(letter.0)
    .fetch_optional(db)
    .await?;
    Ok(row.map(|row| SharedDocument::from(row).state))
}

/// What was shared about a patient, as the chart's panel asks again.
pub async fn shared(tenant: &mut Tenant, _: &Grant<ReadChart>, patient: PatientId) -> Fallible<Vec<SharedDocument>> {
    patients::load(tenant.db(), patient).await?;
    of_patient(tenant.db(), patient).await
}

/// Builds a document anew from the present chart and sends it again.
pub async fn resend(tenant: &mut Tenant, _: &Grant<Share>, document: ShareId) -> Fallible<Vec<SharedDocument>> {
    let row: Option<(Uuid, String, Option<Uuid>)> =
        sqlx::query_as("select patient_id, kind, subject_id from outbox where clinic_id = current_clinic() and id = $1")
            .bind(document.0)
            .fetch_optional(tenant.db())
            .await?;
    let (patient, kind, subject) = row.ok_or(AppError::NotFound)?;
    let patient = PatientId(patient);
    match (ShareKind::parse(&kind), subject) {
        (Some(ShareKind::Allergies), _) => queue_allergies(tenant, patient).await?,
        (Some(ShareKind::Diagnoses), _) => queue_diagnoses(tenant, patient).await?,
        (Some(ShareKind::LabReport), Some(report)) => queue_report(tenant, patient, LabReportId(report)).await?,
        (Some(ShareKind::Referral), Some(letter)) => {
            let form: Option<Json<LetterForm>> =
                sqlx::query_scalar("select form from letter where clinic_id = current_clinic() and id = $1")
                    .bind(letter)
                    .fetch_optional(tenant.db())
                    .await?;
            queue_letter(tenant, patient, LetterId(letter), &form.ok_or(AppError::NotFound)?.0).await?;
        }
        _ => return Err(AppError::NotFound.into()),
    }
    audit::record(tenant, "share.resend", Some(patient), Some(document.0), kind).await?;
    of_patient(tenant.db(), patient).await
}

/// On confirmation the lists of allergies and diagnoses go out, and the reports that have not gone yet.
pub(crate) async fn after_confirmation(tenant: &mut Tenant, visit: VisitId) -> Fallible<()> {
    let patient = crate::reception::load(tenant.db(), visit).await?.patient;
    if !allergies::of_patient(tenant.db(), patient).await?.is_empty() {
        queue_allergies(tenant, patient).await?;
    }
    if !reported_diagnoses(tenant, patient).await?.is_empty() {
        queue_diagnoses(tenant, patient).await?;
    }
    let waiting: Vec<Uuid> = sqlx::query_scalar(
        "select r.id from lab_report r
         where r.clinic_id = current_clinic() and r.patient_id = $1
             and not exists (select 1 from outbox o where o.clinic_id = r.clinic_id and o.patient_id = r.patient_id and o.subject_id = r.id)
         order by r.collected_at",
    )
    .bind(patient.0)
    .fetch_all(tenant.db())
    .await?;
    for report in waiting {
        queue_report(tenant, patient, LabReportId(report)).await?;
    }
    Ok(())
}

/// A report that comes while no visit of the patient is open goes out at once; else it waits for the confirmation.
pub(crate) async fn lab_report_final(tenant: &mut Tenant, patient: PatientId, report: LabReportId) -> Fallible<()> {
    let open: bool = sqlx::query_scalar(
        "select exists (select 1 from visit where clinic_id = current_clinic() and patient_id = $1
                        and state in ('received', 'in_consultation'))",
    )
    .bind(patient.0)
    .fetch_one(tenant.db())
    .await?;
    if open { Ok(()) } else { queue_report(tenant, patient, report).await }
}

/// An issued letter goes out. One to an institution without a number stays on paper: the platform delivers by number
/// (JP_Organization_eCS identifier medicalInstitutionCode 1..1).
pub(crate) async fn letter_issued(tenant: &mut Tenant, patient: PatientId, letter: LetterId, form: &LetterForm) -> Fallible<()> {
    if form.to_number.trim().is_empty() { Ok(()) } else { queue_letter(tenant, patient, letter, form).await }
}

async fn queue_allergies(tenant: &mut Tenant, patient: PatientId) -> Fallible<()> {
    let list = allergies::of_patient(tenant.db(), patient).await?;
    let subject = Subject { kind: ShareKind::Allergies, id: None, title: format!("アレルギー {}件", list.len()) };
    queue(tenant, patient, subject, &Content::Allergies(&list)).await
}

async fn queue_diagnoses(tenant: &mut Tenant, patient: PatientId) -> Fallible<()> {
    let list = reported_diagnoses(tenant, patient).await?;
    let subject = Subject { kind: ShareKind::Diagnoses, id: None, title: format!("傷病名 {}件", list.len()) };
    queue(tenant, patient, subject, &Content::Diagnoses(&list)).await
}

/// Diagnoses without an end or ended within five years.
async fn reported_diagnoses(tenant: &mut Tenant, patient: PatientId) -> Fallible<Vec<Diagnosis>> {
    let since = tenant.today().checked_sub_months(REPORTED_AFTER_END);
    let mut list = diagnoses::of_patient(tenant.db(), patient).await?;
    list.retain(|d| d.ended.is_none_or(|(end, _)| since.is_none_or(|since| end >= since)));
    Ok(list)
}

async fn queue_report(tenant: &mut Tenant, patient: PatientId, report: LabReportId) -> Fallible<()> {
    let report = labs::report(tenant.db(), report).await?.ok_or(AppError::NotFound)?;
    let day = date::day_of(report.collected_at);
    let title = format!("検査結果 {day} {}項目", report.results.len());
    let subject = Subject { kind: ShareKind::LabReport, id: Some(report.id.0), title };
    queue(tenant, patient, subject, &Content::Report(&report)).await
}

async fn queue_letter(tenant: &mut Tenant, patient: PatientId, letter: LetterId, form: &LetterForm) -> Fallible<()> {
    let mut current = diagnoses::of_patient(tenant.db(), patient).await?;
    current.retain(|diagnosis| diagnosis.ended.is_none());
    let known = allergies::of_patient(tenant.db(), patient).await?;
    let reports: Vec<LabReport> = labs::latest_reports(tenant.db(), patient).await?.into_iter().take(1).collect();
    let title = format!("診療情報提供書 {}", form.to_institution);
    let subject = Subject { kind: ShareKind::Referral, id: Some(letter.0), title };
    let content = Content::Letter { form, diagnoses: &current, allergies: &known, reports: &reports };
    queue(tenant, patient, subject, &content).await
}

/// What a document is about.
struct Subject {
    kind: ShareKind,
    id: Option<Uuid>,
    title: String,
}

impl Subject {
    /// Last part of the Bundle identifier: stays with the subject, so that a later version overwrites the earlier one.
    fn identifier(&self, patient: PatientId) -> String {
        match (self.id, self.kind) {
            (Some(id), _) => id.to_string(),
            (None, ShareKind::Allergies) => format!("{}-A", patient.0.simple()),
            (None, _) => format!("{}-D", patient.0.simple()),
        }
    }
}

enum Content<'a> {
    Allergies(&'a [Allergy]),
    Diagnoses(&'a [Diagnosis]),
    Report(&'a LabReport),
    Letter { form: &'a LetterForm, diagnoses: &'a [Diagnosis], allergies: &'a [Allergy], reports: &'a [LabReport] },
}

async fn queue(tenant: &mut Tenant, patient: PatientId, subject: Subject, content: &Content<'_>) -> Fallible<()> {
    let identifier = subject.identifier(patient);
    // One at a time: two people who send the same at once would both find nothing of the other's to supersede.
    sqlx::query("select pg_advisory_xact_lock(hashtextextended($1, 0))").bind(patient.to_string()).execute(tenant.db()).await?;
    let data = patients::load(tenant.db(), patient).await?;
    let built = build(tenant, &data, &identifier, content).await?;
    let (state, bundle, reasons) = match built {
        Ok(bundle) => ("waiting", bundle, Vec::new()),
        Err(mends) => ("refused", Value::Null, mends),
    };
    let (clinic, now, id) = (tenant.clinic(), tenant.now, tenant.new_id());
    sqlx::query(
        "update outbox set state = 'superseded', updated_at = $3, version = version + 1
         where clinic_id = $1 and identifier = $2 and state in ('waiting', 'refused')",
    )
    .bind(clinic)
    .bind(&identifier)
    .bind(now)
    .execute(tenant.db())
    .await?;
    sqlx::query(
        "insert into outbox (clinic_id, id, patient_id, kind, subject_id, title, identifier, bundle, state, mends, next_attempt_at,
                             created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11, $11)",
    )
    .bind(clinic)
    .bind(id)
    .bind(patient.0)
    .bind(subject.kind.as_str())
    .bind(subject.id)
    .bind(&subject.title)
    .bind(&identifier)
    .bind(Json(bundle))
    .bind(state)
    .bind(Json(&reasons))
    .bind(now)
    .execute(tenant.db())
    .await?;
    audit::record(tenant, "share.queue", Some(patient), Some(id), subject.kind.label()).await?;
    tenant.announce(Event::Chart(patient)).await
}

/// The document, or what stands in its way, in Japanese.
async fn build(
    tenant: &mut Tenant,
    patient: &Patient,
    identifier: &str,
    content: &Content<'_>,
) -> Fallible<Result<Value, Vec<Mend>>> {
    let now = tenant.now;
    let year = year_of_first_issue(tenant.db(), identifier).await?.unwrap_or(now).with_timezone(&date::japan()).year();
    let context = context(tenant, patient, fhir::BundleId { year, suffix: identifier.to_owned() }).await?;
    let random = tenant.world.random.clone();
    let mut uuids = || random.id(now);
    let built = match content {
        Content::Allergies(list) => fhir::build::allergies(&context, list, &mut uuids),
        Content::Diagnoses(list) => fhir::build::diagnoses(&context, list, &mut uuids),
        Content::Report(report) => fhir::build::lab_report(&context, report, &mut uuids),
        Content::Letter { form, diagnoses, allergies, reports } => {
            fhir::build::referral(&context, form, diagnoses, allergies, reports, &mut uuids)
        }
    };
    let bundle = match built {
        Ok(bundle) => bundle,
        Err(gaps) => return Ok(Err(gaps.into_iter().map(gap).collect())),
    };
    let issues = fhir::validate::validate(&bundle);
    if fhir::validate::acceptable(&issues) {
        return Ok(Ok(bundle));
    }
    let errors = issues.into_iter().filter(|issue| issue.severity == fhir::validate::Severity::Error);
    Ok(Err(errors
        .map(|issue| Mend {
            message: issue.message_ja,
            rule: issue.rule,
            path: issue.path,
            field: issue.chart_field,
            place: None,
        })
        .collect()))
}

fn gap(gap: fhir::Gap) -> Mend {
    Mend { message: gap.message, rule: String::new(), path: String::new(), field: gap.field, place: None }
}

async fn year_of_first_issue(db: &mut PgConnection, identifier: &str) -> Fallible<Option<DateTime<Utc>>> {
    Ok(sqlx::query_scalar("select min(created_at) from outbox where clinic_id = current_clinic() and identifier = $1")
        .bind(identifier)
        .fetch_one(db)
        .await?)
}

async fn context<'a>(tenant: &mut Tenant, patient: &'a Patient, bundle: fhir::BundleId) -> Fallible<fhir::Context<'a>> {
    let now = tenant.now;
    type Latest = (Uuid, DateTime<Utc>, String, Option<Uuid>, Option<String>);
    let latest: Option<Latest> = sqlx::query_as(
        "select v.id, v.received_at, v.department, s.id, s.name
         from visit v left join staff s on s.clinic_id = v.clinic_id and s.id = v.doctor_id
         where v.clinic_id = current_clinic() and v.patient_id = $1 and v.state <> 'cancelled'
         order by v.visit_date desc, v.received_at desc limit 1",
    )
    .bind(patient.id.0)
    .fetch_optional(tenant.db())
    .await?;
    let (visit, at, department, doctor) = match latest {
        Some((id, at, department, staff, name)) => (id, at, department, staff.zip(name)),
        None => (patient.id.0, now, "01".to_owned(), None),
    };
    let (doctor_id, doctor_name) = match doctor {
        Some(doctor) => doctor,
        None => sqlx::query_as(
            "select id, name from staff where clinic_id = current_clinic() and role = 'doctor' and active order by login limit 1",
        )
        .fetch_optional(tenant.db())
        .await?
        .unwrap_or((tenant.me.staff.id.0, tenant.me.staff.name.clone())),
    };
    let (name, number, address, phone): (String, String, String, String) =
        sqlx::query_as("select name, institution_number, address, phone from clinic where clinic_id = current_clinic()")
            .fetch_one(tenant.db())
            .await?;
    Ok(fhir::Context {
        institution: fhir::Institution { number: InstitutionNumber(number), name, address, phone },
        department: fhir::Department { name: department_name(&department).unwrap_or("その他").to_owned(), code: department },
        patient,
        doctor: fhir::Doctor { name: doctor_name, id: doctor_id.to_string() },
        visit: fhir::VisitRef { id: visit.to_string(), at },
        bundle,
        now,
    })
}
