//! What the calculation of visits rests on, brought in by sets: a handful of questions, however many visits there are.

use super::{facility::facility, overrides, request};
use crate::{Fallible, diagnoses, inhouse::self_paid, orders, patients, settings};
use ::fee::request::{Billed, Facility, Override, Patient as Person, Request, Visit as Moment};
use model::{chart::Diagnosis, clinic::Timetable, date, fee, ids::*, orders::Orders, patient::Patient, visit::Visit};
use sqlx::PgConnection;
use std::{
    collections::{BTreeSet, HashMap, HashSet},
    sync::Arc,
};
use uuid::Uuid;

/// A visit with everything its statement follows from, but for what was billed before.
pub(super) struct Case {
    pub visit: Visit,
    pub patient: Arc<Patient>,
    pub orders: Orders,
    pub diagnoses: Arc<Vec<Diagnosis>>,
    pub facility: Arc<Facility>,
    pub timetable: Arc<Timetable>,
    /// What people decided against the calculation, oldest first.
    pub overrides: Vec<fee::Override>,
    /// Everything ordered is outside of insurance and needs no visit fee (健診・予防接種 and nothing else).
    pub uninsured: bool,
}

impl Case {
    /// What the fee module is asked.
    pub fn request(&self, history: Vec<Billed>) -> Request {
        let (visit, patient, on) = (&self.visit, &self.patient, self.visit.date);
        // 受付 is when the visit counts (通知 A000(23)オ).
        let time = visit.received_at.with_timezone(&date::japan()).time();
        Request {
            date: on,
            as_of: None,
            time: Some(time),
            facility: Facility::clone(&self.facility),
            patient: Person { birth_date: patient.birth_date, sex: request::sex(patient) },
            visit: Moment {
                department: visit.department.clone(),
                holiday: self.timetable.holiday(on),
                in_hours: self.timetable.in_hours(on, time),
                ..Moment::new(visit.kind)
            },
            coverage: request::coverage(patient, on),
            diagnoses: request::diagnoses(&self.diagnoses, on),
            orders: self.orders.procedures.iter().map(request::order).collect(),
            prescriptions: request::prescriptions(&self.orders),
            history,
            overrides: self.overrides.iter().map(decision).collect(),
        }
    }
}

fn decision(made: &fee::Override) -> Override {
    Override { code: made.code.clone(), change: made.change, reason: made.reason.clone() }
}

/// The cases of visits, in the order of the visits.
pub(super) async fn load(db: &mut PgConnection, visits: Vec<Visit>) -> Fallible<Vec<Case>> {
    let ids: Vec<Uuid> = visits.iter().map(|visit| visit.id.0).collect();
    let people: Vec<Uuid> = visits.iter().map(|visit| visit.patient.0).collect::<BTreeSet<_>>().into_iter().collect();
    let facility = Arc::new(facility(&mut *db).await?);
    let timetable = Arc::new(settings::timetable(&mut *db).await?);
    let patients: HashMap<PatientId, Arc<Patient>> =
        patients::load_all(&mut *db, &people).await?.into_iter().map(|patient| (patient.id, Arc::new(patient))).collect();
    let mut diagnoses: HashMap<Uuid, Arc<Vec<Diagnosis>>> =
        diagnoses::of_patients(&mut *db, &people).await?.into_iter().map(|(patient, all)| (patient, Arc::new(all))).collect();
    let mut orders = orders::of_visits(&mut *db, &ids).await?;
    let mut overrides = overrides::of_visits(&mut *db, &ids).await?;
    let asks_for_a_fee: HashSet<Uuid> = self_paid::lines_of(&mut *db, &ids)
        .await?
        .into_iter()
        .filter(|(_, line)| !line.no_visit_fee)
        .map(|(visit, _)| visit)
        .collect();
    Ok(visits
        .into_iter()
        .filter_map(|visit| {
            let id = visit.id.0;
            let (orders, overrides) = (orders.remove(&id).unwrap_or_default(), overrides.remove(&id).unwrap_or_default());
            let nothing_else = orders.prescriptions.is_empty()
                && orders.procedures.is_empty()
                && !overrides.iter().any(|made| matches!(made.change, fee::Change::Add { .. }));
            Some(Case {
                uninsured: nothing_else && !orders.self_paid.is_empty() && !asks_for_a_fee.contains(&id),
                // The database holds no visit without its patient.
                patient: patients.get(&visit.patient)?.clone(),
                diagnoses: diagnoses.entry(visit.patient.0).or_default().clone(),
                facility: facility.clone(),
                timetable: timetable.clone(),
                orders,
                overrides,
                visit,
            })
        })
        .collect())
}
