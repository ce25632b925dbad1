//! What goes along with a paper: to choose from while it is a draft, frozen once it is issued.

use super::{load, source};
use crate::{Fallible, Tenant, allergies, diagnoses, labs, orders};
use chrono::{DateTime, Days, NaiveDate, Utc};
use model::{
    FieldError, Flaw,
    chart::Diagnosis,
    date,
    ids::*,
    labs::{LabReport, LabResult, LabValue},
    paper::{
        items::{Answer, ITEMS, Item},
        *,
    },
    patient::Patient,
};
use sqlx::PgConnection;
use std::collections::{BTreeMap, HashSet};
use uuid::Uuid;

/// From how many of the latest visits prescriptions are offered.
const VISITS: i64 = 10;
/// Results of the chart belong to a health check when the specimen was taken so many days before or after it.
pub(super) const NEAR: u64 = 14;
/// Reports of so many days are at hand while the days of a stay are still being typed.
const LATE: u64 = 366;
/// What a laboratory calls the degrees of a urine test, by code of the list 2102.
const DEGREES: [(&str, &[&str]); 5] = [
    ("1", &["-", "－", "(-)", "陰性"]),
    ("2", &["±", "+-", "+/-", "(±)"]),
    ("3", &["+", "＋", "1+", "(+)", "(1+)"]),
    ("4", &["++", "＋＋", "2+", "(2+)"]),
    ("5", &["+++", "＋＋＋", "3+", "(3+)"]),
];

/// What a draft can choose from.
pub(super) async fn choices(
    tenant: &mut Tenant,
    patient: &Patient,
    form: &PaperForm,
    today: NaiveDate,
) -> Fallible<PaperContent> {
    let db = tenant.db();
    let mut content = PaperContent {
        diagnoses: diagnoses::of_patient(db, patient.id).await?,
        allergies: allergies::of_patient(db, patient.id).await?,
        ..PaperContent::default()
    };
    match form {
        PaperForm::CarePlan(_) => content.diagnoses.retain(may_be_told),
        PaperForm::Checkup(form) => {
            let day = date::parse(&form.done_on).unwrap_or(today);
            content.reports = labs::own_reports(db, patient.id, before(day, NEAR), after(day, NEAR)).await?;
            content.answers = answers(&content.reports, day);
            content.previous = previous(db, patient.id, day).await?;
            content.diagnoses.clear();
        }
        PaperForm::Discharge(form) => {
            // Those of the stay, and of late, so that days that are typed now can be answered for; frozen are those of the stay.
            let (from, until) = form.days().unwrap_or((today, today));
            let (from, until) = (from.min(before(today, LATE)), until.max(today));
            content.reports = labs::own_reports(db, patient.id, from, until).await?;
            content.prescriptions = prescriptions(db, patient.id, form).await?;
            if let Some(received) = form.source {
                match source::read(tenant, patient, received).await? {
                    Ok(found) => {
                        content.diagnoses.extend(found.diagnoses);
                        content.prescriptions.extend(found.prescriptions);
                        content.source = found.words;
                    }
                    Err(why) => content.source = why.into(),
                }
            }
        }
    }
    Ok(content)
}

/// A plan is handed to the patient: what is not to be told never stands in one.
pub(super) fn may_be_told(diagnosis: &Diagnosis) -> bool {
    diagnosis.ended.is_none() && !diagnosis.flags.hidden_from_patient()
}

/// Diagnoses and prescriptions that are named and cannot be chosen, e.g. because they were removed since.
pub(super) fn unknown(form: &PaperForm, choices: &PaperContent) -> Vec<FieldError> {
    let gone = |field: &str| {
        FieldError::new(
            field,
            Flaw::Rule {
                message: "選んだものがカルテから外されています。選び直してください。".into()
            },
        )
    };
    let diagnoses = |list: &[DiagnosisId]| choices.diagnoses_of(list).len() == list.len();
    let drugs = |list: &[RpId]| choices.prescriptions_of(list).len() == list.len();
    let checks = match form {
        PaperForm::CarePlan(form) => vec![("diagnoses", diagnoses(&form.diagnoses))],
        PaperForm::Checkup(_) => Vec::new(),
        PaperForm::Discharge(form) => vec![
            ("diagnoses_in", diagnoses(&form.diagnoses_in)),
            ("diagnoses_out", diagnoses(&form.diagnoses_out)),
            ("drugs_in", drugs(&form.drugs_in)),
            ("drugs_out", drugs(&form.drugs_out)),
        ],
    };
    checks.into_iter().filter(|(_, known)| !known).map(|(field, _)| gone(field)).collect()
}

/// Of what could be chosen, what was.
pub(super) fn frozen(form: &PaperForm, choices: PaperContent) -> PaperContent {
    let named = form.diagnoses();
    let mut content = choices;
    content.diagnoses.retain(|diagnosis| named.contains(&diagnosis.id));
    match form {
        PaperForm::CarePlan(_) => content.allergies.clear(),
        PaperForm::Checkup(_) => {
            content = PaperContent { previous: content.previous, ..PaperContent::default() };
        }
        PaperForm::Discharge(form) => {
            let drugs = |rp: &PaperRp| form.drugs_in.contains(&rp.rp.id) || form.drugs_out.contains(&rp.rp.id);
            content.prescriptions.retain(drugs);
            content.reports = form.days().map(|(from, until)| content.reports_between(from, until)).unwrap_or_default();
        }
    }
    content
}

/// A day so many days before another, as far as the calendar goes.
pub(super) fn before(day: NaiveDate, days: u64) -> NaiveDate {
    day.checked_sub_days(Days::new(days)).unwrap_or(day)
}

/// A day so many days after another.
pub(super) fn after(day: NaiveDate, days: u64) -> NaiveDate {
    day.checked_add_days(Days::new(days)).unwrap_or(day)
}

/// Prescription groups of the latest visits, newest first: of the same drugs taken the same way only the newest, and whatever
/// was chosen.
async fn prescriptions(db: &mut PgConnection, patient: PatientId, form: &DischargeForm) -> Fallible<Vec<PaperRp>> {
    let visits: Vec<(Uuid, DateTime<Utc>)> = sqlx::query_as(
        "select v.id, v.received_at from visit v
         where v.clinic_id = current_clinic() and v.patient_id = $1 and v.state <> 'cancelled'
             and exists (select 1 from rp where rp.clinic_id = v.clinic_id and rp.visit_id = v.id)
         order by v.visit_date desc, v.received_at desc, v.id desc limit $2",
    )
    .bind(patient.0)
    .bind(VISITS)
    .fetch_all(&mut *db)
    .await?;
    let ids: Vec<Uuid> = visits.iter().map(|visit| visit.0).collect();
    let mut orders = orders::of_visits(db, &ids).await?;
    let of = |(id, at): (Uuid, DateTime<Utc>)| {
        let list = orders.remove(&id).unwrap_or_default().prescriptions;
        list.into_iter().map(move |rp| PaperRp { rp, at, found: false })
    };
    let mut list: Vec<PaperRp> = visits.into_iter().flat_map(of).collect();
    let mut seen = HashSet::new();
    list.retain(|PaperRp { rp, .. }| {
        let drugs = rp.items.iter().map(|drug| (drug.code.0.clone(), drug.amount.normalize())).collect::<Vec<_>>();
        let newest = seen.insert((rp.route, rp.usage.clone(), drugs));
        newest || form.drugs_in.contains(&rp.id) || form.drugs_out.contains(&rp.id)
    });
    Ok(list)
}

/// What the results near a day say, by item; of two results of an item the one nearer to the day.
pub(super) fn answers(reports: &[LabReport], day: NaiveDate) -> BTreeMap<String, CheckupAnswer> {
    let distance = |report: &LabReport| (date::day_of(report.collected_at) - day).num_days().unsigned_abs();
    let mut near: Vec<&LabReport> = reports.iter().filter(|report| distance(report) <= NEAR).collect();
    near.sort_by_key(|report| distance(report));
    let mut answers = BTreeMap::new();
    for result in near.into_iter().flat_map(|report| &report.results) {
        let fits = |item: &&Item| !item.lab.is_empty() && result.fhir_name.as_deref() == Some(item.lab);
        let found = ITEMS.iter().find(fits).and_then(|item| Some((item, answer(item, result)?)));
        if let Some((item, answer)) = found {
            answers.entry(item.key().to_owned()).or_insert(answer);
        }
    }
    answers
}

/// A result as the answer to an item; none where it says something that the item has no room for.
fn answer(item: &Item, result: &LabResult) -> Option<CheckupAnswer> {
    let value = match (&item.answer, &result.value) {
        // The same unit or none at all: nothing is converted.
        (Answer::Number { unit, decimals, .. }, LabValue::Number(number)) if *unit == result.unit => {
            let number = number.normalize();
            (number.scale() <= *decimals).then(|| number.to_string())?
        }
        (Answer::Choice(_), LabValue::Text(words)) => {
            let words = words.trim();
            DEGREES.iter().find(|(_, names)| names.contains(&words)).map(|(code, _)| (*code).to_owned())?
        }
        _ => return None,
    };
    let same = |code: &&items::ItemCode| result.jlac10.as_ref().is_some_and(|jlac| jlac.0 == code.code);
    let other = |code: &&items::ItemCode| code.method == "その他";
    let code = item.codes.iter().find(same).or_else(|| item.codes.iter().find(other)).map(|code| code.code.to_owned());
    let limit = |limit: Option<rust_decimal::Decimal>| limit.map(|n| n.normalize().to_string()).unwrap_or_default();
    Some(CheckupAnswer {
        value,
        code: code.unwrap_or_default(),
        low: limit(result.low),
        high: limit(result.high),
        ..CheckupAnswer::default()
    })
}

/// What the last issued health check before a day said.
async fn previous(db: &mut PgConnection, patient: PatientId, day: NaiveDate) -> Fallible<BTreeMap<String, String>> {
    let issued: Vec<Uuid> = sqlx::query_scalar(
        "select id from paper where clinic_id = current_clinic() and patient_id = $1 and kind = 'checkup' and issued_at is not null
         order by issued_at desc limit 5",
    )
    .bind(patient.0)
    .fetch_all(&mut *db)
    .await?;
    for id in issued {
        let PaperForm::Checkup(form) = load(db, PaperId(id)).await?.paper.form else { continue };
        let Some(done) = date::parse(&form.done_on).ok().filter(|done| *done < day) else { continue };
        let lines =
            form.answered().into_iter().map(|(item, answer)| (item.key().to_owned(), format!("{done}: {}", answer.show(item))));
        return Ok(lines.collect());
    }
    Ok(BTreeMap::new())
}
