//! Sharing with the national platform, as a clinic lives it: when something is told, what is taken back, what the patient sees.

mod account;
mod documents;
mod lists;
#[path = "../scripted/mod.rs"]
mod scripted;
mod stand_in;
mod storm;
#[path = "../support/mod.rs"]
mod support;

use chrono::{DateTime, Utc};
use clinic::{
    Clinic,
    policy::*,
    testing::{Founded, clinic, found, friday},
    world::SetClock,
};
use model::{chart::*, ids::*, master::MasterKind, share::*, staff::*};
use scripted::Scripted;
use std::sync::Arc;

/// A house with a patient and a platform.
pub struct House {
    /// The use cases.
    pub clinic: Clinic,
    /// Its clock.
    pub clock: SetClock,
    /// The staff.
    pub at: Founded,
    /// The doctor.
    pub doctor: Me,
    /// The desk.
    pub desk: Me,
    /// The patient.
    pub patient: PatientId,
    /// The platform.
    pub platform: Arc<Scripted>,
}

impl House {
    /// Founded on a friday morning.
    pub async fn new() -> Self {
        let (clinic, clock) = clinic().await;
        let at = found(&clinic, "aoba").await;
        let (doctor, desk) = (at.one(Role::Doctor), at.one(Role::Reception));
        let patient = support::register(&clinic, &desk, "ヤマダ", "ハナコ").await;
        Self { clinic, clock, at, doctor, desk, patient, platform: Scripted::new() }
    }

    /// Lets so many seconds go by since the friday morning, and the worker work.
    pub async fn after(&self, seconds: i64) -> Vec<String> {
        self.clock.set(friday() + chrono::Duration::seconds(seconds));
        scripted::all(&self.clinic, &self.platform).await;
        self.platform.take_calls()
    }

    /// A diagnosis by its name in the master.
    pub async fn diagnose(&self, name: &str) -> Vec<Diagnosis> {
        let form = DiagnosisForm {
            code: support::code_of(&self.clinic, MasterKind::Disease, name),
            modifiers: Vec::new(),
            started_on: "2026-07-01".into(),
            principal: false,
        };
        act!(self.clinic, self.doctor, CodeDiagnosis, diagnoses::add_diagnosis, self.patient, form).expect("codes")
    }

    /// An allergy by its name in the master.
    pub async fn allergic_to(&self, name: &str) -> Vec<Allergy> {
        let code = support::code_of(&self.clinic, MasterKind::Allergen, name);
        let form = AllergyForm { code, severe: false, reaction: String::new() };
        act!(self.clinic, self.doctor, RecordAllergy, allergies::add_allergy, self.patient, form).expect("records")
    }

    /// The flags of a diagnosis.
    pub async fn flag(&self, diagnosis: &Diagnosis, flags: Flags) -> Vec<Diagnosis> {
        act!(self.clinic, self.doctor, CodeDiagnosis, diagnoses::flag_diagnosis, diagnosis.id, flags, diagnosis.version)
            .expect("flags")
    }

    /// What the chart shows of sharing.
    pub async fn shared(&self) -> Vec<SharedDocument> {
        act!(self.clinic, self.doctor, ReadChart, sharing::shared, self.patient).expect("lists")
    }

    /// What it shows of one kind.
    pub async fn state(&self, kind: ShareKind) -> ShareState {
        self.shared().await.into_iter().find(|document| document.kind == kind).expect("of this kind").state
    }

    /// The document of one kind.
    pub async fn document(&self, kind: ShareKind) -> ShareId {
        self.shared().await.into_iter().find(|document| document.kind == kind).expect("of this kind").id
    }

    /// Takes the patient in.
    pub async fn check_in(&self) -> VisitId {
        let visit = act!(self.clinic, self.desk, CheckIn, reception::check_in, self.patient, String::new()).expect("checks in");
        act!(self.clinic, self.doctor, WriteNote, notes::begin_visit, visit.id).expect("begins");
        visit.id
    }

    /// Confirms a visit.
    pub async fn confirm(&self, visit: VisitId) {
        let soap = Soap { subjective: "変わりない。".into(), ..Soap::default() };
        act!(self.clinic, self.doctor, ConfirmNote, notes::confirm, visit, soap, 0).expect("confirms");
    }

    /// The last part of the identifier of one of the two lists.
    pub fn list(&self, letter: char) -> String {
        format!("{}-{letter}", self.patient.0.simple())
    }

    /// A statement of SQL beside the use cases.
    pub async fn sql(&self, statement: &'static str, id: uuid::Uuid) {
        let mut tx = self.clinic.pool().begin().await.expect("begins");
        let tenant = self.doctor.clinic.to_string();
        sqlx::query("select set_config('app.clinic_id', $1, true)").bind(tenant).execute(&mut *tx).await.expect("sets");
        sqlx::query(statement).bind(id).execute(&mut *tx).await.expect("runs");
        tx.commit().await.expect("commits");
    }
}

/// An instant so many seconds after the friday morning.
pub fn later(seconds: i64) -> DateTime<Utc> {
    friday() + chrono::Duration::seconds(seconds)
}
