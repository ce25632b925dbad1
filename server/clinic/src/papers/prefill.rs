//! What a new paper begins with: only what the chart or a received document says.

use super::{content, source};
use crate::{Fallible, Tenant, diagnoses, labs, letters};
use chrono::NaiveDate;
use model::{date, ids::*, paper::*, patient::Patient};
use sqlx::types::Json;
use uuid::Uuid;

/// 特定健康診査 is for people of 40 to 74 years (高齢者の医療の確保に関する法律 第20条, 施行令 第1条の3).
const SPECIFIC: std::ops::RangeInclusive<u32> = 40..=74;
/// Days after which the latest specimen has nothing to do with a check that is written now.
const RECENT: i64 = 14;

/// The form of a new paper, and what it was filled from for the audit trail.
pub(super) async fn form(
    tenant: &mut Tenant,
    patient: &Patient,
    blank: PaperForm,
    today: NaiveDate,
) -> Fallible<(PaperForm, String)> {
    let label = blank.kind().label().to_owned();
    Ok(match blank {
        PaperForm::CarePlan(form) => (PaperForm::CarePlan(care_plan(tenant, patient, form, today).await?), label),
        PaperForm::Checkup(form) => (PaperForm::Checkup(checkup(tenant, patient, form, today).await?), label),
        PaperForm::Discharge(form) => match source::latest(tenant.db(), patient).await? {
            Some(received) => {
                let found = source::read(tenant.db(), patient, received).await?;
                (PaperForm::Discharge(found.form), format!("{label}（他院の文書 {received} から）"))
            }
            None => (PaperForm::Discharge(form), label),
        },
    })
}

/// The words of the last plan that was issued, what is current of diagnoses and drugs, from today.
async fn care_plan(tenant: &mut Tenant, patient: &Patient, blank: CarePlanForm, today: NaiveDate) -> Fallible<CarePlanForm> {
    let last: Option<Json<PaperForm>> = sqlx::query_scalar(
        "select form from paper where clinic_id = current_clinic() and patient_id = $1 and kind = 'care_plan'
             and issued_at is not null
         order by issued_at desc limit 1",
    )
    .bind(patient.id.0)
    .fetch_optional(tenant.db())
    .await?;
    let words = match last {
        Some(Json(PaperForm::CarePlan(form))) => form,
        _ => blank,
    };
    let current = diagnoses::of_patient(tenant.db(), patient.id).await?;
    let told = current.iter().filter(|d| content::may_be_told(d) && !d.suspected);
    let diagnoses: Vec<DiagnosisId> = told.map(|d| d.id).collect();
    let drugs = letters::current_prescriptions(tenant.db(), patient.id, today).await?;
    let lines = drugs.iter().flat_map(|group| {
        let usage = group.rp.usage.as_str();
        group.rp.items.iter().map(move |drug| format!("{} {}{} {usage}", drug.name, drug.amount.normalize(), drug.unit))
    });
    let medication = lines.collect::<Vec<_>>().join("\n");
    Ok(CarePlanForm { diagnoses, medication, from: today.to_string(), until: String::new(), ..words })
}

/// The programme by age, the insurer of the card, and the results of these days.
async fn checkup(tenant: &mut Tenant, patient: &Patient, blank: CheckupForm, today: NaiveDate) -> Fallible<CheckupForm> {
    let programme =
        if SPECIFIC.contains(&date::age_on(patient.birth_date, today)) { Programme::Specific } else { Programme::Employer };
    let visit: Option<Uuid> = sqlx::query_scalar(
        "select id from visit where clinic_id = current_clinic() and patient_id = $1 and visit_date = $2 and state <> 'cancelled'
         limit 1",
    )
    .bind(patient.id.0)
    .bind(today)
    .fetch_optional(tenant.db())
    .await?;
    let mut reports = labs::latest_reports(tenant.db(), patient.id).await?;
    reports.retain(|report| !report.preliminary && report.origin.is_none());
    // Done today where the patient is here; else on the day of the latest specimen, where that was a matter of days.
    let latest = reports.iter().map(|r| date::day_of(r.collected_at)).find(|day| (today - *day).num_days() <= RECENT);
    let done_on = if visit.is_some() { today } else { latest.unwrap_or(today) };
    let insurer = patient.insurance_on(done_on).map(|card| card.insurer.as_str().to_owned()).unwrap_or_default();
    Ok(CheckupForm {
        programme,
        done_on: done_on.to_string(),
        judged_by: tenant.me.staff.name.clone(),
        insurer: if programme == Programme::Specific { insurer } else { String::new() },
        answers: content::answers(&reports, done_on),
        ..blank
    })
}
