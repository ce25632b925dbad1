//! What each kind of document is made from: lists and reports as they stand in the chart now, letters and papers as they were
//! issued, with the flags that their diagnoses have now.

use super::build::Subject;
use crate::{
    Fallible, Tenant, allergies, diagnoses, labs,
    letters::{self, ForDocument},
    notes::staff,
    papers::{self, PaperDocument},
};
use chrono::Months;
use model::{
    AppError,
    chart::{Allergy, Diagnosis},
    date,
    ids::*,
    labs::LabReport,
    share::{Flags, ShareKind},
};
use serde_json::Value;
use sqlx::PgConnection;
use std::collections::HashMap;
use uuid::Uuid;

/// Ended diagnoses are reported for this long after their end (JP_Bundle_CLINS 報告単位: five years).
const REPORTED_AFTER_END: Months = Months::new(60);

/// What stands in a document.
pub(super) enum Content {
    Allergies(Vec<Allergy>),
    Diagnoses(Vec<Diagnosis>),
    Report(Box<LabReport>),
    Letter(Box<ForDocument>),
    Paper(Box<PaperDocument>),
}

impl Content {
    /// Whether it is a list without entries: nothing to register, and what was registered is to be taken back.
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Allergies(list) => list.is_empty(),
            Self::Diagnoses(list) => list.is_empty(),
            _ => false,
        }
    }

    /// The bundle, or what the chart lacks.
    pub fn build(
        &self,
        context: &fhir::Context<'_>,
        version: fhir::Version,
        uuids: &mut dyn FnMut() -> Uuid,
    ) -> Result<Value, Vec<fhir::Gap>> {
        match self {
            Self::Allergies(list) => fhir::build::allergies(context, list, uuids),
            Self::Diagnoses(list) => fhir::build::diagnoses(context, list, uuids),
            Self::Report(report) => fhir::build::lab_report(context, report, uuids),
            Self::Letter(letter) => {
                let clinical = fhir::build::Clinical {
                    diagnoses: &letter.diagnoses,
                    allergies: &letter.allergies,
                    reports: letter.report.as_slice(),
                    drugs: &letter.drugs,
                    attachments: &letter.files,
                    in_reply_to: letter.replies_to.as_deref(),
                };
                fhir::build::referral_with(context, &letter.form, &clinical, uuids)
            }
            Self::Paper(paper) => match &**paper {
                PaperDocument::CarePlan { plan, diagnoses } => {
                    let untold: Vec<fhir::Gap> =
                        diagnoses.iter().filter(|one| one.flags.hidden_from_patient()).map(untold).collect();
                    if untold.is_empty() { fhir::build::care_plan(context, plan, diagnoses, uuids) } else { Err(untold) }
                }
                PaperDocument::Checkup(checkup) => fhir::build::checkup_report(context, checkup, uuids),
                PaperDocument::Discharge(stay) => fhir::build::discharge_summary(context, stay, version, uuids),
            },
        }
    }
}

/// A plan is handed to the patient: it does not leave with a diagnosis that is not to be told.
fn untold(diagnosis: &Diagnosis) -> fhir::Gap {
    let message = format!(
        "「{}」は患者に伝えない病名（未告知・未提供）になっています。療養計画書は患者に渡る文書のため送信できません。",
        diagnosis.name
    );
    fhir::Gap::new(format!("diagnoses.{}", diagnosis.id), message)
}

/// Gives diagnoses that were frozen the flags they have now: what is not to be told since is not told by an older paper. Also
/// those that were removed from the chart keep the flags they had last; those that were never ours are left as they are.
pub(crate) async fn flag_as_now(db: &mut PgConnection, diagnoses: Vec<&mut Diagnosis>) -> Fallible<()> {
    let ids: Vec<Uuid> = diagnoses.iter().map(|diagnosis| diagnosis.id.0).collect();
    let rows: Vec<(Uuid, bool, bool, bool)> = sqlx::query_as(
        "select id, long_term, uninformed, undelivered from diagnosis where clinic_id = current_clinic() and id = any($1)",
    )
    .bind(ids)
    .fetch_all(db)
    .await?;
    let flags: HashMap<Uuid, Flags> = rows
        .into_iter()
        .map(|(id, long_term, uninformed, undelivered)| (id, Flags { long_term, uninformed, undelivered }))
        .collect();
    for diagnosis in diagnoses {
        if let Some(now) = flags.get(&diagnosis.id.0) {
            diagnosis.flags = *now;
        }
    }
    Ok(())
}

/// All allergies.
pub(super) async fn allergies(tenant: &mut Tenant, patient: PatientId) -> Fallible<(Subject, Content)> {
    let list = allergies::of_patient(tenant.db(), patient).await?;
    let title = format!("アレルギー {}件", list.len());
    Ok((Subject { title, ..Subject::of(ShareKind::Allergies) }, Content::Allergies(list)))
}

/// Diagnoses without an end or ended within five years.
pub(super) async fn diagnoses(tenant: &mut Tenant, patient: PatientId) -> Fallible<(Subject, Content)> {
    let since = tenant.today().checked_sub_months(REPORTED_AFTER_END);
    let mut list = diagnoses::of_patient(tenant.db(), patient).await?;
    list.retain(|d| d.ended.is_none_or(|(end, _)| since.is_none_or(|since| end >= since)));
    let title = format!("傷病名 {}件", list.len());
    Ok((Subject { title, ..Subject::of(ShareKind::Diagnoses) }, Content::Diagnoses(list)))
}

/// One laboratory report; none where it is not ours to send: preliminary (中間報告), or taken over from another house.
pub(super) async fn report(tenant: &mut Tenant, report: LabReportId) -> Fallible<Option<(Subject, Content)>> {
    let report = labs::report(tenant.db(), report).await?.ok_or(AppError::NotFound)?;
    if report.preliminary || report.origin.is_some() {
        return Ok(None);
    }
    let day = date::day_of(report.collected_at);
    let title = format!("検査結果 {day} {}項目", report.results.len());
    let subject = Subject { id: Some(report.id.0), title, ..Subject::of(ShareKind::LabReport) };
    Ok(Some((subject, Content::Report(Box::new(report)))))
}

/// A letter with what goes along.
pub(super) async fn letter(tenant: &mut Tenant, patient: PatientId, letter: LetterId) -> Fallible<(Subject, Content)> {
    let author: Option<(Uuid, String, String)> = sqlx::query_as(
        "select s.id, s.name, s.role from letter l join staff s on s.clinic_id = l.clinic_id and s.id = l.author_id
         where l.clinic_id = current_clinic() and l.id = $1 and l.patient_id = $2 and l.issued_at is not null",
    )
    .bind(letter.0)
    .bind(patient.0)
    .fetch_optional(tenant.db())
    .await?;
    let (author, name, role) = author.ok_or(AppError::NotFound)?;
    let today = tenant.today();
    let content = letters::for_document(tenant.db(), letter, today).await?;
    let subject = Subject {
        id: Some(letter.0),
        title: format!("診療情報提供書 {}", content.form.to_institution),
        to: content.form.to_institution.clone(),
        doctor: Some(staff(author, name, &role)?),
        ..Subject::of(ShareKind::Referral)
    };
    Ok((subject, Content::Letter(Box::new(content))))
}

/// An issued paper as it was issued, with the flags of now.
pub(super) async fn paper(tenant: &mut Tenant, patient: PatientId, paper: PaperId) -> Fallible<(Subject, Content)> {
    let mut issued = papers::load_issued(tenant.db(), paper).await?;
    if issued.patient != patient {
        return Err(AppError::NotFound.into());
    }
    let diagnoses = match &mut issued.document {
        PaperDocument::CarePlan { diagnoses, .. } => diagnoses.iter_mut().collect(),
        PaperDocument::Checkup(_) => Vec::new(),
        PaperDocument::Discharge(stay) => stay.diagnoses_in.iter_mut().chain(&mut stay.diagnoses_out).collect(),
    };
    flag_as_now(tenant.db(), diagnoses).await?;
    let kind = match &issued.document {
        PaperDocument::CarePlan { .. } => ShareKind::CarePlan,
        PaperDocument::Checkup(_) => ShareKind::Checkup,
        PaperDocument::Discharge(_) => ShareKind::Discharge,
    };
    let subject = Subject { id: Some(paper.0), title: issued.title, doctor: Some(issued.author), ..Subject::of(kind) };
    Ok((subject, Content::Paper(Box::new(issued.document))))
}
