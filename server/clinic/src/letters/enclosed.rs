//! What of the chart goes along with a letter: current diagnoses, allergies, the drugs the patient takes now, and the latest
//! laboratory report. Frozen when the letter is issued, so that the paper says the same ever after.

use crate::{Fallible, allergies, diagnoses, labs, orders, sharing};
use chrono::{DateTime, Days, NaiveDate, NaiveTime, Utc};
use fhir::domain::{Prescription, Setting};
use model::{
    date,
    ids::*,
    labs::LabReport,
    letter::{CurrentRp, Enclosed},
    orders::{Route, Rp},
    share::{Mend, Place},
};
use serde_json::Value;
use sqlx::{PgConnection, types::Json};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// How far back prescriptions are looked at, in days: more than the longest usual supply of ninety days.
const REACH: u64 = 180;
/// The last prescription counts as current for this long, also where its days have run out: the patient comes for the next.
const LAST_COUNTS: u64 = 90;

/// As the chart is on a day.
pub(super) async fn now(db: &mut PgConnection, patient: PatientId, today: NaiveDate) -> Fallible<Enclosed> {
    let mut current = diagnoses::of_patient(db, patient).await?;
    current.retain(|diagnosis| diagnosis.ended.is_none());
    let drugs = current_prescriptions(db, patient, today).await?;
    Ok(Enclosed {
        diagnoses: current,
        allergies: allergies::of_patient(db, patient).await?,
        drugs: drugs
            .into_iter()
            .map(|one| CurrentRp { prescribed_on: model::date::day_of(one.prescribed_at), rp: one.rp })
            .collect(),
        report: latest_report(db, patient).await?,
    })
}

/// As it was when the letter was issued; none for a letter from before this was kept, or in a form that is no longer known.
pub(super) async fn frozen(db: &mut PgConnection, letter: LetterId) -> Fallible<Option<Enclosed>> {
    let kept: Option<Option<Value>> =
        sqlx::query_scalar("select enclosed from letter where clinic_id = current_clinic() and id = $1")
            .bind(letter.0)
            .fetch_optional(db)
            .await?;
    Ok(kept.flatten().and_then(|kept| serde_json::from_value(kept).ok()))
}

/// For the document of an issued letter: as it was then, with the flags that the diagnoses have now, and of what a refusal named
/// the present state of the chart; a letter of which nothing was kept as the chart is now.
pub(super) async fn for_document(
    db: &mut PgConnection,
    letter: LetterId,
    patient: PatientId,
    today: NaiveDate,
) -> Fallible<Enclosed> {
    let Some(mut enclosed) = frozen(db, letter).await? else { return now(db, patient, today).await };
    mended(db, letter, patient, &mut enclosed).await?;
    sharing::flag_as_now(db, enclosed.diagnoses.iter_mut().collect()).await?;
    Ok(enclosed)
}

/// What the refusals of a letter named is taken from the chart anew; what was removed from there since is left out.
async fn mended(db: &mut PgConnection, letter: LetterId, patient: PatientId, enclosed: &mut Enclosed) -> Fallible<()> {
    let refusals: Vec<Json<Vec<Mend>>> = sqlx::query_scalar(
        "select mends from outbox
         where clinic_id = current_clinic() and patient_id = $1 and kind = 'referral' and subject_id = $2 and mends <> '[]'",
    )
    .bind(patient.0)
    .bind(letter.0)
    .fetch_all(&mut *db)
    .await?;
    let places: HashSet<Place> = refusals.into_iter().flat_map(|mends| mends.0).filter_map(|mend| mend.place).collect();
    if places.is_empty() {
        return Ok(());
    }
    let present = diagnoses::of_patient(db, patient).await?;
    let named = |id: DiagnosisId| places.contains(&Place::Diagnosis { id });
    enclosed.diagnoses = anew(std::mem::take(&mut enclosed.diagnoses), present, |one| one.id, named);
    let present = allergies::of_patient(db, patient).await?;
    let named = |id: AllergyId| places.contains(&Place::Allergy { id });
    enclosed.allergies = anew(std::mem::take(&mut enclosed.allergies), present, |one| one.id, named);
    if let Some(id) = enclosed.report.as_ref().map(|report| report.id)
        && places.contains(&Place::LabReport { id })
    {
        enclosed.report = labs::report(db, id).await?;
    }
    Ok(())
}

/// Of what was kept, those that are named as they are now.
fn anew<T, I: PartialEq + Copy>(kept: Vec<T>, mut present: Vec<T>, id: fn(&T) -> I, named: impl Fn(I) -> bool) -> Vec<T> {
    let now = |one: T| {
        if !named(id(&one)) {
            return Some(one);
        }
        let at = present.iter().position(|present| id(present) == id(&one))?;
        Some(present.swap_remove(at))
    };
    kept.into_iter().filter_map(now).collect()
}

/// The drugs that go along as prescriptions, numbered in their order, each with the instant of its visit.
pub(super) async fn prescriptions(db: &mut PgConnection, drugs: Vec<CurrentRp>) -> Fallible<Vec<Prescription>> {
    let ids: Vec<Uuid> = drugs.iter().map(|drug| drug.rp.id.0).collect();
    let visits: Vec<(Uuid, DateTime<Utc>)> = sqlx::query_as(
        "select rp.id, v.received_at from rp join visit v on v.clinic_id = rp.clinic_id and v.id = rp.visit_id
         where rp.clinic_id = current_clinic() and rp.id = any($1)",
    )
    .bind(ids)
    .fetch_all(db)
    .await?;
    let visits: HashMap<Uuid, DateTime<Utc>> = visits.into_iter().collect();
    // A group that was taken out of its visit since keeps the day.
    let midnight = |day: NaiveDate| {
        let midnight = day.and_time(NaiveTime::MIN);
        midnight.and_local_timezone(date::japan()).single().map_or_else(|| midnight.and_utc(), |at| at.with_timezone(&Utc))
    };
    let prescription = |(number, CurrentRp { rp, prescribed_on }): (u32, CurrentRp)| Prescription {
        number,
        prescribed_at: visits.get(&rp.id.0).copied().unwrap_or_else(|| midnight(prescribed_on)),
        start: prescribed_on,
        setting: Setting::Outpatient,
        rp,
    };
    Ok((1u32..).zip(drugs).map(prescription).collect())
}

/// The latest report of this house that is final; what was taken over from others is theirs to tell.
async fn latest_report(db: &mut PgConnection, patient: PatientId) -> Fallible<Option<LabReport>> {
    let id: Option<Uuid> = sqlx::query_scalar(
        "select id from lab_report
         where clinic_id = current_clinic() and patient_id = $1 and not preliminary and origin is null
         order by collected_at desc, id desc limit 1",
    )
    .bind(patient.0)
    .fetch_optional(&mut *db)
    .await?;
    match id {
        Some(id) => labs::report(db, LabReportId(id)).await,
        None => Ok(None),
    }
}

/// The drugs a patient takes on a day (現在の処方): what was prescribed last, and what was given for by mouth (内服) before that
/// and has not run out yet, without the drugs that were prescribed again since. Numbered in this order.
pub(crate) async fn current_prescriptions(
    db: &mut PgConnection,
    patient: PatientId,
    today: NaiveDate,
) -> Fallible<Vec<Prescription>> {
    let since = today.checked_sub_days(Days::new(REACH)).unwrap_or(today);
    let visits: Vec<(Uuid, NaiveDate, DateTime<Utc>)> = sqlx::query_as(
        "select v.id, v.visit_date, v.received_at from visit v
         where v.clinic_id = current_clinic() and v.patient_id = $1 and v.state <> 'cancelled'
             and v.visit_date between $2 and $3
             and exists (select 1 from rp where rp.clinic_id = v.clinic_id and rp.visit_id = v.id)
         order by v.visit_date desc, v.received_at desc, v.id desc",
    )
    .bind(patient.0)
    .bind(since)
    .bind(today)
    .fetch_all(&mut *db)
    .await?;
    let ids: Vec<Uuid> = visits.iter().map(|visit| visit.0).collect();
    let mut orders = orders::of_visits(db, &ids).await?;
    let mut prescribed = visits.into_iter().map(|(id, day, at)| (day, at, orders.remove(&id).unwrap_or_default().prescriptions));
    Ok(current(&mut prescribed, today))
}

/// Of prescriptions, the latest first, those that are current.
fn current(prescribed: &mut dyn Iterator<Item = (NaiveDate, DateTime<Utc>, Vec<Rp>)>, today: NaiveDate) -> Vec<Prescription> {
    let mut seen = HashSet::new();
    let mut out = Vec::new();
    for (nth, (day, at, groups)) in prescribed.enumerate() {
        let mut named = Vec::new();
        for mut rp in groups {
            let running = rp.route == Route::Internal
                && day.checked_add_days(Days::new(u64::from(rp.count))).is_some_and(|end| end > today);
            let last = nth == 0 && day.checked_add_days(Days::new(LAST_COUNTS)).is_some_and(|end| end > today);
            rp.items.retain(|item| !seen.contains(&item.code.0));
            if rp.items.is_empty() || !(running || last) {
                continue;
            }
            // The same drug twice in one prescription (morning and evening) is meant so.
            named.extend(rp.items.iter().map(|item| item.code.0.clone()));
            let number = u32::try_from(out.len()).unwrap_or(u32::MAX).saturating_add(1);
            out.push(Prescription { number, rp, prescribed_at: at, start: day, setting: Setting::Outpatient });
        }
        seen.extend(named);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{
        codes::DrugCode,
        orders::{Dispensing, RpItem},
    };
    use rust_decimal::Decimal;

    fn group(route: Route, count: u16, drugs: &[&str]) -> Rp {
        let item = |code: &&str| RpItem {
            code: DrugCode((*code).to_owned()),
            name: (*code).to_owned(),
            yj: None,
            general_name: None,
            amount: Decimal::ONE,
            unit: "錠".into(),
        };
        Rp {
            id: RpId(Uuid::nil()),
            route,
            dispensing: Dispensing::Pharmacy,
            usage: "1日1回 朝食後".into(),
            usage_code: None,
            times_per_day: 1,
            count,
            items: drugs.iter().map(item).collect(),
            version: 1,
        }
    }

    /// `(day of 2026, groups)`, the latest first; what is current on a day, by drug.
    fn on(today: &str, prescribed: Vec<(&str, Vec<Rp>)>) -> Vec<String> {
        let day = |text: &str| text.parse::<NaiveDate>().expect("a day");
        let mut all =
            prescribed.into_iter().map(|(date, groups)| (day(date), day(date).and_time(NaiveTime::MIN).and_utc(), groups));
        current(&mut all, day(today))
            .into_iter()
            .flat_map(|one| one.rp.items.into_iter().map(move |item| format!("{} {}", one.number, item.code.0)))
            .collect()
    }

    #[test]
    fn the_last_prescription_and_what_still_runs() {
        let history = || {
            vec![
                ("2026-07-01", vec![group(Route::Prn, 5, &["c"]), group(Route::Internal, 7, &["b"])]),
                ("2026-06-01", vec![group(Route::Internal, 60, &["a", "b"]), group(Route::External, 1, &["d"])]),
                ("2026-05-01", vec![group(Route::Internal, 28, &["e"])]),
            ]
        };
        // The last one whole, of the one before what is still taken and not prescribed again; the oldest has run out.
        assert_eq!(on("2026-07-10", history()), ["1 c", "2 b", "3 a"]);
        // Sixty days from the first of June end with the thirtieth of July.
        assert_eq!(on("2026-07-30", history()), ["1 c", "2 b", "3 a"]);
        assert_eq!(on("2026-07-31", history()), ["1 c", "2 b"]);
        // Long after, nothing is known to be taken.
        assert_eq!(on("2026-12-01", history()), Vec::<String>::new());
    }
}
