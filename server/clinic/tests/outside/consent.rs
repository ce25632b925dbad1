//! Between two clinics through the stand-in platform, over real HTTP: what one shares, the other reads with the patient's
//! consent and not without; a consent taken back closes the door at the platform too.

use crate::{
    MEMBER, act, stand_in,
    support::{register, whole_visit},
    view,
};
use clinic::{
    policy::*,
    testing::{clinic, found},
};
use links::{RecordSharing, SharingError};
use model::{codes::InstitutionNumber, outside::*, staff::*};
use std::sync::Arc;

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
    for _ in 0..8 {
        clinic::outbox::once(&clinic, &outbox).await.expect("sends");
    }
    let shared = act!(clinic, aoba.one(Role::Doctor), ReadChart, sharing::shared, at_aoba).expect("lists");
    assert!(shared.len() >= 4, "allergies, diagnoses, a report and a letter: {shared:#?}");
    assert!(shared.iter().all(|document| document.state.label() == "送信済"), "{shared:#?}");

    let at_minato = register(&clinic, &minato.one(Role::Reception), "ヤマダ", "ハナコ").await;
    let desk = minato.cookie(&clinic, Role::Reception).await;
    let ask = async || clinic.ask_outside(Some(&desk), "test", at_minato, Purpose::Treatment).await.expect("answers");
    assert_eq!(ask().await, Asked::NoConsent);
    let before = view(&clinic, &minato, at_minato).await;
    assert_eq!((before.consent, before.asked, before.documents), (false, None, Vec::new()));

    clinic.set_consent(Some(&desk), "test", at_minato, true).await.expect("records");
    let Asked::Read { documents, fresh, refused: 0, gone: 0 } = ask().await else { panic!("no answer") };
    assert!(documents >= 3 && fresh == documents, "{documents} {fresh}");
    let read = view(&clinic, &minato, at_minato).await;
    assert_eq!(read.documents.len(), documents as usize);
    assert!(
        read.asked.as_ref().is_some_and(|(_, by, purpose)| by == "受付 試験" && *purpose == Purpose::Treatment),
        "{:?}",
        read.asked
    );
    assert!(
        read.documents
            .iter()
            .all(|document| document.institution.contains("1310000001") || document.institution == "aoba内科クリニック"),
        "{read:#?}"
    );
    let text = format!("{read:?}");
    for words in ["くるみ", "左変形性膝関節症", "CRP", "0.52"] {
        assert!(text.contains(words), "{words} in {read:#?}");
    }
    assert!(matches!(ask().await, Asked::Read { fresh: 0, .. }), "what is here is not fetched again");

    clinic.set_consent(Some(&desk), "test", at_minato, false).await.expect("records");
    let after = view(&clinic, &minato, at_minato).await;
    assert!(!after.consent && after.documents.is_empty(), "hidden, though kept");
    let document = read.documents[0].id;
    let taken = act!(clinic, minato.one(Role::Doctor), ReadOutside, outside::take_over, at_minato, document, vec![0]);
    assert_eq!(taken.err(), Some(model::AppError::NotFound));
    let who = InstitutionNumber("1410000002".into());
    let listed = sharing.list(&who, MEMBER, Purpose::Treatment).await;
    assert_eq!(listed.err(), Some(SharingError::NoConsent), "the platform was told");
}
