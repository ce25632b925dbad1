//! Where an issued letter stands between the two houses (送付・受領・返書).

use crate::{Fallible, sharing};
use chrono::{DateTime, Utc};
use model::{ids::*, share::LetterStanding};
use sqlx::PgConnection;
use std::collections::HashMap;
use uuid::Uuid;

/// The standing of letters, by letter; one that is on paper only and unanswered is absent. Four questions, however many letters.
pub(super) async fn of(db: &mut PgConnection, letters: &[Uuid]) -> Fallible<HashMap<Uuid, LetterStanding>> {
    let mut all: HashMap<Uuid, LetterStanding> = HashMap::new();
    if letters.is_empty() {
        return Ok(all);
    }
    for (letter, (share, received_at)) in sharing::standings(db, letters).await? {
        all.insert(letter, LetterStanding { share: Some(share), received_at, ..LetterStanding::default() });
    }
    for letter in sharing::registered(db, letters).await? {
        all.entry(letter).or_default().standing = true;
    }
    // The document itself, also one whose sending was called off before it left: there is no state of it, but it can be sent.
    // That it was opened stays true when it is taken back.
    let documents: Vec<(Uuid, Uuid, Option<DateTime<Utc>>)> = sqlx::query_as(
        "select distinct on (subject_id) subject_id, id, received_at from outbox
         where clinic_id = current_clinic() and kind = 'referral' and subject_id = any($1) and action = 'register'
         order by subject_id, sequence desc",
    )
    .bind(letters)
    .fetch_all(&mut *db)
    .await?;
    for (letter, document, received_at) in documents {
        let standing = all.entry(letter).or_default();
        standing.document = Some(ShareId(document));
        standing.received_at = standing.received_at.or(received_at);
    }
    // A reply names our document by its identifier: institution, year, and the letter's id (`fhir::BundleId`).
    let replies: Vec<(String, Uuid)> = sqlx::query_as(
        "select distinct on (answers) answers, id from received
         where clinic_id = current_clinic() and is_letter and gone_at is null and refused = '{}'
             and split_part(answers, '^', 3) = any($1)
         order by answers, made_on desc, id desc",
    )
    .bind(letters.iter().map(Uuid::to_string).collect::<Vec<_>>())
    .fetch_all(db)
    .await?;
    for (answers, reply) in replies {
        if let Some(letter) = answers.rsplit('^').next().and_then(|id| id.parse().ok()) {
            all.entry(letter).or_default().reply = Some(ReceivedId(reply));
        }
    }
    Ok(all)
}
