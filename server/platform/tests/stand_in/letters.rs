//! Letters between houses, with the official example of a referral (JP-CLINS 1.5.2, Bundle-CLINS-Referral-Example-01).

use crate::support::{B, Room};
use chrono::{DateTime, TimeZone, Utc};
use links::{HttpSharing, LetterProgress, RecordSharing, SharingError, Target};
use model::{codes::InstitutionNumber, outside::Purpose, share::ShareKind};
use platform::{Options, Platform, router};
use serde_json::Value;
use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

/// Who sends the example, to whom, about whom: as it stands in it.
const FROM: &str = "1318814790";
const TO: &str = "1311234567";
const MEMBER: &str = "00012345:あいう:１８７:05";

fn example() -> Option<Value> {
    let shared = std::env::var_os("KARTE_SHARED").map(PathBuf::from);
    let shared = shared.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"));
    let path = shared.join("fhir/jp-clins/examples/Bundle-Bundle-CLINS-Referral-Example-01.json");
    if !path.exists() {
        eprintln!("SKIPPED: the official example is not at {}", path.display());
        return None;
    }
    serde_json::from_slice(&std::fs::read(path).expect("it can be read")).expect("JSON")
}

fn noon() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 7, 10, 3, 0, 0).single().expect("an instant")
}

fn who(number: &str) -> InstitutionNumber {
    InstitutionNumber(number.into())
}

async fn start(room: &Room) -> HttpSharing {
    let platform = Platform::open(&room.0, Options::default(), Arc::new(noon)).expect("a directory");
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = format!("http://{}", listener.local_addr().expect("an address"));
    tokio::spawn(async move { axum::serve(listener, router(Arc::new(platform))).await });
    HttpSharing::new(&address, Duration::from_secs(3)).expect("an address")
}

#[tokio::test]
async fn a_letter_reaches_whom_it_is_addressed_to_and_nobody_else() {
    let Some(letter) = example() else { return };
    let room = Room::new();
    let sharing = start(&room).await;
    let receipt = sharing.register(&who(FROM), &letter, "k1").await.expect("taken").receipt().to_owned();
    let inbox = sharing.inbox(&who(TO), 0).await.expect("an inbox");
    let [listed] = &inbox[..] else { panic!("one letter: {inbox:?}") };
    assert_eq!((&listed.receipt, listed.kind, listed.institution.as_str()), (&receipt, Some(ShareKind::Referral), FROM));
    assert_eq!(sharing.inbox(&who(TO), listed.sequence).await, Ok(vec![]), "nothing after it");
    assert_eq!(sharing.inbox(&who(B), 0).await, Ok(vec![]));
    assert_eq!(sharing.inbox(&who(FROM), 0).await, Ok(vec![]));

    // Byte for byte as it was sent, without consent.
    let fetched = sharing.fetch(&who(TO), &receipt).await.expect("addressed to them");
    assert_eq!(fetched, serde_json::to_vec(&letter).expect("JSON"));
    // Others do not see it, not even with consent.
    sharing.set_consent(&who(B), MEMBER, true).await.expect("recorded");
    assert_eq!(sharing.list(&who(B), MEMBER, Purpose::Referral).await, Ok(vec![]));
    assert_eq!(sharing.fetch(&who(B), &receipt).await, Err(SharingError::NotFound));
    sharing.set_consent(&who(TO), MEMBER, true).await.expect("recorded");
    assert_eq!(sharing.list(&who(TO), MEMBER, Purpose::Referral).await.expect("with consent").len(), 1);
}

#[tokio::test]
async fn opening_is_told_to_the_sender_and_a_cancelled_letter_is_gone() {
    let Some(letter) = example() else { return };
    let room = Room::new();
    let sharing = start(&room).await;
    let receipt = sharing.register(&who(FROM), &letter, "k1").await.expect("taken").receipt().to_owned();
    let identifier = letter["identifier"]["value"].as_str().expect("text").to_owned();
    let progress = |opened_at| LetterProgress { identifier: identifier.clone(), receipt: receipt.clone(), opened_at };
    let named = [receipt.clone(), "20260710-00000099".to_owned()];
    assert_eq!(sharing.progress(&who(FROM), &named).await, Ok(vec![progress(None)]));
    assert_eq!(sharing.acknowledge(&who(B), &receipt).await, Err(SharingError::NotFound), "not theirs to open");
    assert_eq!(sharing.acknowledge(&who(FROM), &receipt).await, Err(SharingError::NotFound));
    for _ in 0..2 {
        sharing.acknowledge(&who(TO), &receipt).await.expect("told");
    }
    assert_eq!(sharing.progress(&who(FROM), &named).await, Ok(vec![progress(Some(noon()))]));
    assert_eq!(sharing.progress(&who(TO), &named).await, Ok(vec![]), "it is the sender's to know");
    // After a restart too.
    let sharing = start(&room).await;
    assert_eq!(sharing.progress(&who(FROM), &named).await, Ok(vec![progress(Some(noon()))]));

    let target = Target { identifier: identifier.clone(), member_id: MEMBER.into() };
    sharing.cancel(&who(FROM), &target, "c1").await.expect("cancelled");
    assert_eq!(sharing.inbox(&who(TO), 0).await, Ok(vec![]));
    assert_eq!(sharing.fetch(&who(TO), &receipt).await, Err(SharingError::NotFound));
    assert_eq!(sharing.acknowledge(&who(TO), &receipt).await, Err(SharingError::NotFound));
    assert_eq!(sharing.progress(&who(FROM), &named).await, Ok(vec![]));
    // Mended and sent again under the same identity: a new receipt, not opened yet.
    let again = sharing.register(&who(FROM), &letter, "k2").await.expect("taken").receipt().to_owned();
    assert_ne!(again, receipt);
    let standing = sharing.progress(&who(FROM), &[again]).await.expect("it stands");
    assert_eq!(standing[0].opened_at, None);
    assert_eq!(sharing.inbox(&who(TO), 0).await.expect("an inbox").len(), 1);
}
