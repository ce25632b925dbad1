//! Between two clinics through the stand-in platform, over real HTTP: what one shares, the other reads with the patient's
//! consent and not without; a consent taken back closes the door at the platform too.

use clinic::{
    Clinic,
    policy::*,
    testing::{Founded, clinic, found, friday},
};
use links::{Credentials, HttpSharing, RecordSharing, SharingError};
use model::{ids::*, share::OutsideView, staff::*};
use platform::{Options, Platform, router};
use std::{path::Path, sync::Arc, time::Duration};

mod support;
use support::{register, whole_visit};

/// The insured person of `support::form`, as the platform knows her.
const MEMBER: &str = "06130488:12:3456:01";

async fn stand_in(dir: &Path) -> Arc<HttpSharing> {
    let platform = Platform::open(dir, Options::default(), Arc::new(friday)).expect("a directory");
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = format!("http://{}", listener.local_addr().expect("an address"));
    tokio::spawn(async move { axum::serve(listener, router(Arc::new(platform))).await });
    Arc::new(HttpSharing::new(&address, Duration::from_secs(5)).expect("an address"))
}

async fn credentials(clinic: &Clinic, at: &Founded) -> Credentials {
    let mut tx = clinic.pool().begin().await.expect("begins");
    let id = at.staff[0].clinic.to_string();
    sqlx::query("select set_config('app.clinic_id', $1, true)").bind(id).execute(&mut *tx).await.expect("sets");
    let (number, token): (String, String) =
        sqlx::query_as("select institution_number, platform_token from clinic").fetch_one(&mut *tx).await.expect("one clinic");
    Credentials { institution: model::codes::InstitutionNumber(number), token }
}

async fn read(clinic: &Clinic, cookie: &str, patient: PatientId) -> OutsideView {
    clinic.outside(Some(cookie), "test", patient).await.expect("answers")
}

#[tokio::test]
async fn another_clinic_reads_with_consent_only_and_the_platform_hears_of_it() {
    let dir = tempfile::tempdir().expect("a directory");
    let sharing = stand_in(dir.path()).await;
    let (clinic, _) = clinic().await;
    let clinic = clinic.with_sharing(sharing.clone());
    let (aoba, minato) = (found(&clinic, "aoba").await, found(&clinic, "minato").await);

    let at_aoba = register(&clinic, &aoba.one(Role::Reception), "ヤマダ", "ハナコ").await;
    whole_visit(&clinic, &aoba.one(Role::Doctor), &aoba.one(Role::Reception), at_aoba).await;
    let outbox: Arc<dyn RecordSharing> = sharing.clone();
    let mut sent = 0;
    for _ in 0..6 {
        sent += clinic::outbox::once(&clinic, &outbox).await.expect("sends");
    }
    assert_eq!(sent, 4, "allergies, diagnoses, a report and a letter");
    let shared = act!(clinic, aoba.one(Role::Doctor), ReadChart, sharing::shared, at_aoba).expect("lists");
    assert!(shared.iter().all(|document| document.state.label() == "送信済"), "{shared:#?}");

    let at_minato = register(&clinic, &minato.one(Role::Reception), "ヤマダ", "ハナコ").await;
    let doctor = minato.cookie(&clinic, Role::Doctor).await;
    let desk = minato.cookie(&clinic, Role::Reception).await;
    assert_eq!(read(&clinic, &doctor, at_minato).await, OutsideView::NoConsent);

    clinic.set_consent(Some(&desk), "test", at_minato, true).await.expect("records");
    let OutsideView::Items { items } = read(&clinic, &doctor, at_minato).await else { panic!("no answer") };
    assert_eq!(items.len(), 4);
    assert!(items.iter().all(|item| item.institution == "aoba内科クリニック"), "{items:#?}");
    for words in ["くるみ", "左変形性膝関節症", "CRP", "精査のお願い"] {
        assert!(items.iter().any(|item| item.lines.iter().any(|line| line.contains(words))), "{words} in {items:#?}");
    }

    clinic.set_consent(Some(&desk), "test", at_minato, false).await.expect("records");
    assert_eq!(read(&clinic, &doctor, at_minato).await, OutsideView::NoConsent);
    let who = credentials(&clinic, &minato).await;
    assert_eq!(sharing.list(&who, MEMBER).await.err(), Some(SharingError::NoConsent), "the platform was told");
}
