//! The demo: two fictional clinics, their staff, and a hundred patients whose histories read like real ones.
//!
//! A seed and a day make the same people, visits and texts every time. Codes, prices and points come from the masters by
//! name; nobody here exists, no address is on a map, no telephone number is assigned, and the insurers' numbers, though
//! their check digits are right, are nobody's. The past is written in bulk ([`past`]), the last days are acted out through
//! the use cases ([`live`]), so that the board, the fees and the outbox are what they would be.

mod book;
mod calendar;
mod cast;
mod dice;
mod founding;
mod layer;
mod letters;
mod live;
mod memory;
mod names;
mod past;
mod people;
mod plan;
mod ranges;
mod script;
mod stories;
mod write;

use crate::{Clinic, Error, Fallible, Tenant, audit, patients, policy, policy::*, world::Random};
use calendar::instant;
use chrono::{DateTime, Duration, NaiveDate, NaiveTime, Utc};
use model::{ids::*, patient::Registration, staff::*};
use past::{Crew, History, Past};
use plan::*;

/// Visits of the last so many days are acted out; the ones before are written in bulk.
const RECENT_DAYS: i64 = 5;

/// What was made, or was there already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoSummary {
    /// The clinics.
    pub clinics: Vec<DemoClinic>,
}

/// One clinic of the demo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoClinic {
    /// Short name (医療機関ID) typed at sign-in.
    pub slug: String,
    /// Name.
    pub name: String,
    /// Whether this call made it; otherwise it was there and nothing was changed.
    pub created: bool,
    /// Staff names (職員ID) with name and role.
    pub staff: Vec<(String, String, Role)>,
    /// How many patients.
    pub patients: i64,
    /// How many visits.
    pub visits: i64,
    /// How many documents wait to be sent.
    pub waiting: i64,
    /// The patient registered in both clinics, where documents can be seen to arrive: name and number here.
    pub shared_patient: Option<(String, i64)>,
}

/// Founds the demo's clinics and fills them with patients as of a day. A clinic that exists is left as it is.
///
/// # Errors
/// When the masters lack a name the stories use, the database refuses, or the fee module cannot calculate a visit. What
/// was begun is undone: a later call starts afresh.
pub async fn fill(clinic: &Clinic, seed: u64, today: NaiveDate, password: &str) -> Fallible<DemoSummary> {
    let clinic = clinic.clone().with_random(Random::seeded(seed));
    let now =
        if clinic.today() == today { clinic.now() } else { instant(today, NaiveTime::from_hms_opt(11, 0, 0).expect("a time")) };
    let masters = clinic.masters();
    let scripts = script::write(&masters, seed, today)?;
    let mut clinics = Vec::new();
    for script in scripts {
        let created = match clinic.found(&script.clinic).await? {
            None => false,
            Some(id) => {
                let filled = perform(&clinic, id, &script, today, now, password).await;
                if let Err(error) = filled {
                    clinic.withdraw(id).await?;
                    return Err(error);
                }
                true
            }
        };
        clinics.push(founding::describe(&clinic, &script, created).await?);
    }
    Ok(DemoSummary { clinics })
}

/// Hires the staff and stores everything in one transaction.
async fn perform(
    clinic: &Clinic,
    id: ClinicId,
    script: &script::Script,
    today: NaiveDate,
    now: DateTime<Utc>,
    password: &str,
) -> Fallible<()> {
    let crew = founding::hire(clinic, id, script, password).await?;
    let facility = fee::request::Facility {
        prefecture: script.clinic.number.0[..2].to_owned(),
        kind: fee::request::FacilityKind::Clinic,
        standards: script.clinic.standards.clone(),
    };
    let until = calendar::before(today, RECENT_DAYS);
    let tx = clinic.begin(id).await?;
    let mut tenant = Tenant::new(tx, crew.reception.clone(), now, "demo", clinic.world.clone());
    crate::settings::furnish(tenant.db(), &founding::settings(&script.clinic, today)).await?;
    let mut past = Past::default();
    let mut known = Vec::new();
    // Patient numbers count up in the order people first came.
    let mut order: Vec<&PatientPlan> = script.patients.iter().collect();
    order.sort_by_key(|plan| plan.registered_at);
    for plan in order {
        let patient = register(&mut tenant, &crew, plan, until, now).await?;
        let loaded = patients::load(tenant.db(), patient).await?;
        past.take(&History { tenant: &tenant, crew: &crew, facility: &facility, patient: &loaded, plan }, until)?;
        known.push((patient, plan));
    }
    tracing::info!(patients = known.len(), visits = past.visits(), "demo: the past is written");
    past.store(&mut tenant).await?;
    // The other clinic has none: it shows what one finds on the first day.
    let furnished = script.clinic.slug == "aoba";
    if furnished {
        layer::furnish(&mut tenant, &crew, &script.patients, today).await?;
    }
    recent(&mut tenant, &crew, &known, until, today, now).await?;
    if furnished {
        layer::certificate(&mut tenant, &crew, now).await?;
    }
    tenant.commit().await
}

/// Registers a patient with cards, findings and diagnoses as they were before the last days.
async fn register(
    tenant: &mut Tenant,
    crew: &Crew,
    plan: &PatientPlan,
    until: NaiveDate,
    now: DateTime<Utc>,
) -> Fallible<PatientId> {
    (tenant.me, tenant.now) = (crew.reception.clone(), plan.registered_at.min(now - Duration::minutes(30)));
    let grant = policy::grant::<RegisterPatient>(Role::Reception)?;
    let Registration::Registered { patient, .. } = patients::register(tenant, &grant, plan.form.clone(), true).await? else {
        return Err(Error::Broken("demo: a patient was not registered".into()));
    };
    for card in &plan.later_cards {
        patients::add_insurance(tenant, &grant, patient, card.clone()).await?;
    }
    if plan.consent {
        patients::set_consent(tenant, &policy::grant::<RecordConsent>(Role::Reception)?, patient, true).await?;
    }
    tenant.me = crew.nurse.clone();
    // Drugs can be coded since the masters know them.
    tenant.now = tenant.now.max(instant(calendar::MOVED_IN, live::evening()).min(now));
    for allergy in &plan.allergies {
        crate::allergies::add_allergy(tenant, &policy::grant::<RecordAllergy>(Role::Nurse)?, patient, allergy.clone()).await?;
    }
    for diagnosis in plan.diagnoses.iter().filter(|d| d.started_on < until) {
        tenant.now = instant(diagnosis.started_on, live::evening());
        live::diagnose(tenant, &crew.doctors[0], patient, diagnosis).await?;
    }
    let past = plan.visits.iter().filter(|visit| visit.day < until).count();
    audit::record(tenant, "demo.history", Some(patient), None, format!("過去の受診 {past}件")).await?;
    Ok(patient)
}

/// Acts out the last days and today in the order of time, then issues the letters.
async fn recent(
    tenant: &mut Tenant,
    crew: &Crew,
    known: &[(PatientId, &PatientPlan)],
    until: NaiveDate,
    today: NaiveDate,
    now: DateTime<Utc>,
) -> Fallible<()> {
    let midnight = instant(today, NaiveTime::MIN);
    let mut visits: Vec<(DateTime<Utc>, PatientId, &PatientPlan, &VisitPlan)> = Vec::new();
    let mut waiting = [0i64; 4];
    for (patient, plan) in known {
        for visit in plan.visits.iter().filter(|visit| visit.day >= until) {
            let received = if visit.day == today {
                // Those who came first have come farthest; the latest came minutes ago.
                let nth = &mut waiting[visit.reached as usize];
                *nth += 1;
                let minutes = match visit.reached {
                    Reached::Received => 3 + 8 * *nth,
                    Reached::InConsultation => 26 + 7 * *nth,
                    Reached::AwaitingPayment => 44 + 9 * *nth,
                    Reached::Done => 70 + 17 * *nth,
                };
                (now - Duration::minutes(minutes)).max(midnight)
            } else {
                instant(visit.day, visit.time)
            };
            visits.push((received, *patient, plan, visit));
        }
    }
    visits.sort_by_key(|(received, patient, ..)| (*received, *patient));
    for (received, patient, plan, visit) in visits {
        live::act(tenant, crew, patient, plan, visit, received).await?;
    }
    for (patient, plan) in known {
        if let (Some(letter), Some(last)) = (&plan.letter, plan.visits.iter().rfind(|visit| visit.day < today)) {
            live::letter(tenant, &crew.doctors[last.doctor % crew.doctors.len()], *patient, last.day, letter).await?;
        }
    }
    Ok(())
}
