//! Where our letters stand at the houses they are addressed to: asked each minute while some are open.

use super::clinics;
use crate::{Clinic, Fallible, events::Event};
use chrono::{DateTime, Duration, Utc};
use links::RecordSharing;
use model::{codes::InstitutionNumber, ids::*};
use std::{collections::HashMap, sync::Arc};
use uuid::Uuid;

/// How many letters are asked for at once: what the platform answers.
const AT_ONCE: i64 = 100;
/// A letter that nobody opened for so long is not asked for any more.
const OPEN_FOR: Duration = Duration::days(180);

#[derive(sqlx::FromRow)]
struct Open {
    id: Uuid,
    patient_id: Uuid,
    receipt: String,
    institution_number: String,
}

/// Asks where the open letters of every clinic stand. Returns how many were opened since.
pub async fn letters(clinic: &Clinic, sharing: &Arc<dyn RecordSharing>) -> Fallible<usize> {
    let mut opened = 0;
    for id in clinics(clinic).await? {
        let open = open(clinic, id).await?;
        let Some(who) = open.first().map(|letter| InstitutionNumber(letter.institution_number.clone())) else { continue };
        let receipts: Vec<String> = open.iter().map(|letter| letter.receipt.clone()).collect();
        let answer = match sharing.progress(&who, &receipts).await {
            Ok(answer) => answer,
            // It is asked again in a minute; a fault of the line is seen at what is sent.
            Err(error) => {
                tracing::warn!(clinic = %id.0, %error, "letters: no answer");
                continue;
            }
        };
        let at: HashMap<String, DateTime<Utc>> =
            answer.into_iter().filter_map(|letter| Some((letter.receipt, letter.opened_at?))).collect();
        let received: Vec<(&Open, DateTime<Utc>)> =
            open.iter().filter_map(|letter| Some((letter, *at.get(&letter.receipt)?))).collect();
        opened += received.len();
        write(clinic, id, &received).await?;
    }
    Ok(opened)
}

async fn open(clinic: &Clinic, id: ClinicId) -> Fallible<Vec<Open>> {
    let mut tx = clinic.begin(id).await?;
    Ok(sqlx::query_as(
        "select o.id, o.patient_id, o.receipt, c.institution_number
         from outbox o join clinic c on c.clinic_id = o.clinic_id
         where o.clinic_id = current_clinic() and o.kind = 'referral' and o.state = 'sent' and o.action = 'register'
             and o.receipt is not null and o.received_at is null and o.ended_at is null and o.updated_at > $1
         order by o.updated_at desc limit $2",
    )
    .bind(clinic.now() - OPEN_FOR)
    .bind(AT_ONCE)
    .fetch_all(&mut *tx)
    .await?)
}

async fn write(clinic: &Clinic, id: ClinicId, received: &[(&Open, DateTime<Utc>)]) -> Fallible<()> {
    if received.is_empty() {
        return Ok(());
    }
    let mut tx = clinic.begin(id).await?;
    for (letter, at) in received {
        sqlx::query("update outbox set received_at = $2, version = version + 1 where clinic_id = current_clinic() and id = $1")
            .bind(letter.id)
            .bind(at)
            .execute(&mut *tx)
            .await?;
        let payload = Event::Chart(PatientId(letter.patient_id)).payload(id);
        sqlx::query("select pg_notify($1, $2)").bind(crate::events::CHANNEL).bind(payload).execute(&mut *tx).await?;
    }
    tx.commit().await?;
    Ok(())
}
