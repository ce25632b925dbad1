//! What comes from other houses: asked for with consent, kept whole, laid beside our own, taken over and back; letters.
//!
//! Through the stand-in platform over real HTTP where two clinics meet; over [`shelf`] where the other side must be worse than
//! the stand-in lets it be.

mod asking;
mod bundle;
mod consent;
mod inbox;
mod real_world;
mod round_trip;
mod shelf;
#[path = "../support/mod.rs"]
mod support;
mod taking;

use clinic::{
    Clinic,
    testing::{Founded, clinic, found, friday},
};
use links::HttpSharing;
use model::{ids::*, outside::*, staff::Role};
use platform::{Options, Platform, router};
use std::{path::Path, sync::Arc, time::Duration};

/// The insured person of `support::form`, as the platform knows her.
const MEMBER: &str = "06130488:12:3456:01";

/// The stand-in over a directory, and the way to it.
async fn stand_in(dir: &Path) -> Arc<HttpSharing> {
    let platform = Platform::open(dir, Options::default(), Arc::new(friday)).expect("a directory");
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = format!("http://{}", listener.local_addr().expect("an address"));
    tokio::spawn(async move { axum::serve(listener, router(Arc::new(platform))).await });
    Arc::new(HttpSharing::new(&address, Duration::from_secs(5)).expect("an address"))
}

/// A clinic with a patient who consents, at a platform that says what it is told.
struct House {
    clinic: Clinic,
    at: Founded,
    shelf: Arc<shelf::Shelf>,
    patient: PatientId,
    doctor: String,
    nurse: String,
    desk: String,
}

impl House {
    async fn new() -> Self {
        let shelf = Arc::new(shelf::Shelf::default());
        let (clinic, _) = clinic().await;
        let clinic = clinic.with_sharing(shelf.clone());
        let at = found(&clinic, "aoba").await;
        let patient = support::register(&clinic, &at.one(Role::Reception), "ヤマダ", "ハナコ").await;
        let [doctor, nurse, desk] = [Role::Doctor, Role::Nurse, Role::Reception];
        let (doctor, nurse, desk) =
            (at.cookie(&clinic, doctor).await, at.cookie(&clinic, nurse).await, at.cookie(&clinic, desk).await);
        clinic.set_consent(Some(&desk), "test", patient, true).await.expect("records");
        Self { clinic, at, shelf, patient, doctor, nurse, desk }
    }

    async fn ask(&self) -> Asked {
        let asked = self.clinic.ask_outside(Some(&self.desk), "test", self.patient, Purpose::Treatment).await;
        asked.expect("answers")
    }

    async fn view(&self) -> OutsideView {
        view(&self.clinic, &self.at, self.patient).await
    }
}

async fn view(clinic: &Clinic, at: &Founded, patient: PatientId) -> OutsideView {
    act!(clinic, at.one(Role::Doctor), clinic::policy::ReadOutside, outside::outside, patient).expect("reads")
}
