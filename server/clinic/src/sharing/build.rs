//! From content to a bundle that may leave: built, validated and weighed, or what stands in its way.

use super::{content::Content, mend};
use crate::{Fallible, Tenant};
use chrono::{DateTime, Datelike, Utc};
use model::{
    codes::InstitutionNumber,
    date,
    patient::Patient,
    share::{Mend, ShareKind},
    staff::StaffRef,
    visit::department_name,
};
use serde_json::Value;
use sqlx::PgConnection;
use uuid::Uuid;

/// The most one document may weigh (10 MB 以下, 電子カルテ情報共有サービス 技術解説書; read in the smaller sense of MB).
pub(super) const HEAVIEST: usize = 10_000_000;

/// A document that may leave.
pub(super) struct Ready {
    pub bundle: Value,
    /// Insured person's identifier it is registered under.
    pub member_id: String,
}

/// What a document is about.
#[derive(Debug, Clone)]
pub(super) struct Subject {
    pub kind: ShareKind,
    /// The report, letter or paper; none for the lists.
    pub id: Option<Uuid>,
    pub title: String,
    /// Institution a letter is addressed to, else empty.
    pub to: String,
    /// Who answers for a letter or paper: its author. Else the doctor of the visit.
    pub doctor: Option<StaffRef>,
}

impl Subject {
    /// Of a kind, with nothing else said.
    pub fn of(kind: ShareKind) -> Self {
        Self { kind, id: None, title: String::new(), to: String::new(), doctor: None }
    }
}

/// The document, or what stands in its way, in Japanese.
pub(super) async fn build(
    tenant: &mut Tenant,
    patient: &Patient,
    identifier: &str,
    subject: &Subject,
    content: &Content,
) -> Fallible<Result<Ready, Vec<Mend>>> {
    let now = tenant.now;
    let year = year_of_first_issue(tenant.db(), identifier).await?.unwrap_or(now).with_timezone(&date::japan()).year();
    let mut context = context(tenant, patient, fhir::BundleId { year, suffix: identifier.to_owned() }).await?;
    if let Some(author) = &subject.doctor {
        context.doctor = fhir::Doctor { name: author.name.clone(), id: author.id.to_string() };
    }
    let (random, version) = (tenant.world.random.clone(), tenant.world.profiles);
    let mut uuids = || random.id(now);
    let bundle = match content.build(&context, version, &mut uuids) {
        Ok(bundle) => bundle,
        Err(gaps) => return Ok(Err(gaps.into_iter().map(|gap| mend::of_gap(gap, subject, content)).collect())),
    };
    let issues = fhir::validate::validate_as(&bundle, version);
    if !fhir::validate::acceptable(&issues) {
        let errors = issues.into_iter().filter(|issue| issue.severity == fhir::validate::Severity::Error);
        return Ok(Err(errors.map(|issue| mend::of_issue(issue, subject.kind, subject.id, &bundle)).collect()));
    }
    let weight = serde_json::to_vec(&bundle).map_or(usize::MAX, |bytes| bytes.len());
    if weight > HEAVIEST {
        return Ok(Err(vec![mend::too_heavy(subject.kind, subject.id)]));
    }
    let member_id = fhir::read::document(&bundle).map(|document| document.member_id).unwrap_or_default();
    Ok(Ok(Ready { bundle, member_id }))
}

async fn year_of_first_issue(db: &mut PgConnection, identifier: &str) -> Fallible<Option<DateTime<Utc>>> {
    Ok(sqlx::query_scalar("select min(created_at) from outbox where clinic_id = current_clinic() and identifier = $1")
        .bind(identifier)
        .fetch_one(db)
        .await?)
}

/// Who sends, about whom, from which visit: the latest one.
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
