//! The reply (返書) to a letter that came in: addressed to its sender, and named by the letter's identifier in its document.

use super::write;
use crate::{Fallible, Grant, Tenant, patients, policy::WriteLetter};
use chrono::{DateTime, NaiveDate, Utc};
use model::{
    AppError, date,
    ids::*,
    letter::{Answered, Letter, LetterForm},
};
use sqlx::PgConnection;
use uuid::Uuid;

#[derive(sqlx::FromRow)]
struct Incoming {
    patient_id: Option<Uuid>,
    is_letter: bool,
    institution: String,
    institution_number: String,
    department: String,
    doctor: String,
    made_on: NaiveDate,
    is_broken: bool,
    gone_at: Option<DateTime<Utc>>,
}

/// Begins the reply to a letter that came in, or opens the draft that was begun. Only who and when is filled in from the
/// letter; what was found is the writer's to say.
///
/// Refused while nobody has said which patient it is about, and for a letter that could not be read.
pub async fn begin_reply(tenant: &mut Tenant, _: &Grant<WriteLetter>, received: ReceivedId) -> Fallible<Letter> {
    // One at a time: two who begin at once write the same reply.
    let incoming: Option<Incoming> = sqlx::query_as(
        "select patient_id, is_letter, institution, institution_number, department, doctor, made_on,
                refused <> '{}' as is_broken, gone_at
         from received where clinic_id = current_clinic() and id = $1 for update",
    )
    .bind(received.0)
    .fetch_optional(tenant.db())
    .await?;
    let incoming = incoming.filter(|incoming| incoming.is_letter).ok_or(AppError::NotFound)?;
    if incoming.is_broken {
        return Err(AppError::conflict("読めない文書には返書を作れません。紹介元にお問い合わせください。").into());
    }
    if incoming.gone_at.is_some() {
        return Err(AppError::conflict("この紹介状は紹介元が取り消しました。").into());
    }
    let Some(patient) = incoming.patient_id.map(PatientId) else {
        return Err(AppError::conflict("先に、どの患者の紹介状かを決めてください。").into());
    };
    let begun: Option<Uuid> = sqlx::query_scalar(
        "select id from letter
         where clinic_id = current_clinic() and replies_to = $1 and patient_id = $2 and issued_at is null
         order by saved_at desc limit 1",
    )
    .bind(received.0)
    .bind(patient.0)
    .fetch_optional(tenant.db())
    .await?;
    if let Some(begun) = begun {
        return super::load(tenant.db(), LetterId(begun)).await;
    }
    let name = patients::load(tenant.db(), patient).await?.name.full();
    let purpose = format!(
        "{}付でご紹介いただきました{name}様につきまして、ご報告いたします。ご紹介ありがとうございました。",
        date::wareki(incoming.made_on)
    );
    let form = LetterForm {
        to_institution: incoming.institution,
        to_number: incoming.institution_number,
        to_department: incoming.department,
        to_doctor: incoming.doctor,
        purpose,
        ..write::from_latest_note(tenant.db(), patient).await?
    };
    write::insert(tenant, patient, &form, Some(received), "letter.begin_reply").await
}

/// The letter that a letter answers.
pub(super) async fn answered(db: &mut PgConnection, letter: LetterId) -> Fallible<Option<Answered>> {
    let row: Option<(Uuid, String, String, NaiveDate)> = sqlx::query_as(
        "select r.id, r.institution, r.doctor, r.made_on
         from letter l join received r on r.clinic_id = l.clinic_id and r.id = l.replies_to
         where l.clinic_id = current_clinic() and l.id = $1",
    )
    .bind(letter.0)
    .fetch_optional(db)
    .await?;
    Ok(row.map(|(id, institution, doctor, made_on)| Answered { id: ReceivedId(id), institution, doctor, made_on }))
}
