//! What a new paper begins with: only what the chart or a received document says.

use super::{content, source};
use crate::{Fallible, Tenant, diagnoses, labs, letters};
use chrono::{Datelike, NaiveDate};
use model::{date, ids::*, paper::*, patient::Patient};
use sqlx::types::Json;

/// 特定健康診査 is for insured people of this age and above (四十歳以上の加入者, 高齢者の医療の確保に関する法律 第20条).
const SPECIFIC: u32 = 40;
/// From this age on people are insured by the 後期高齢者医療広域連合, which is no 保険者 of 第20条 (the same law, 第50条第1号).
const LATER_STAGE: u32 = 75;

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
        PaperForm::Discharge(form) => match source::latest(tenant, patient).await? {
            Some((received, found)) => (PaperForm::Discharge(found.form), format!("{label}（他院の文書 {received} から）")),
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

/// The programme by age, the insurer of the card, today, and the results of the days around it.
async fn checkup(tenant: &mut Tenant, patient: &Patient, blank: CheckupForm, today: NaiveDate) -> Fallible<CheckupForm> {
    // Never the day of a laboratory report: whether that belongs to the check, only who writes it knows.
    let done_on = today;
    let (from, until) = (content::before(today, content::NEAR), content::after(today, content::NEAR));
    let reports = labs::own_reports(tenant.db(), patient.id, from, until).await?;
    let programme = programme(patient.birth_date, done_on);
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

/// Which programme a check most likely belongs to, by age; who writes it may choose the other.
///
/// 第20条 says 四十歳以上 and leaves the rest to an ordinance (厚生労働省令で定めるところにより) which is not among our sources. That who
/// becomes 40 within the fiscal year (1 April to 31 March) of the check is meant already on the day itself is our reading,
/// because the insurers' plans go by fiscal years; that who has become 75 is meant no longer follows from 第50条第1号 and
/// 第52条第1号.
fn programme(birth: NaiveDate, done_on: NaiveDate) -> Programme {
    let year = if done_on.month() >= 4 { done_on.year() + 1 } else { done_on.year() };
    let end = NaiveDate::from_ymd_opt(year, 3, 31).unwrap_or(done_on);
    let specific = date::age_on(birth, end) >= SPECIFIC && date::age_on(birth, done_on) < LATER_STAGE;
    if specific { Programme::Specific } else { Programme::Employer }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_programme_goes_by_the_fiscal_year_until_75() {
        let day = |text: &str| text.parse::<NaiveDate>().expect("a day");
        for (birth, done_on, expected) in [
            // Becomes 40 on the last day of the fiscal year, and a day later.
            ("1987-03-31", "2026-04-01", Programme::Specific),
            ("1987-04-01", "2026-04-01", Programme::Employer),
            ("1987-03-31", "2026-03-31", Programme::Employer),
            ("1987-03-31", "2027-03-31", Programme::Specific),
            // 75 on the day, and the day before.
            ("1951-07-10", "2026-07-09", Programme::Specific),
            ("1951-07-10", "2026-07-10", Programme::Employer),
        ] {
            assert_eq!(programme(day(birth), day(done_on)), expected, "{birth} {done_on}");
        }
    }
}
