//! Referral letters (診療情報提供書): prefilled from the chart, a draft while written, immutable once issued.
//!
//! | file | what |
//! | --- | --- |
//! | `write.rs` | beginning, saving, issuing and discarding; a new draft from an issued one |
//! | `reply.rs` | the reply (返書) to a letter that came in |
//! | `files.rs` | files that go along (添付) |
//! | `enclosed.rs` | what of the chart goes along: diagnoses, allergies, drugs, the latest report |
//! | `standing.rs` | where a letter stands between the two houses (送付・受領・返書) |

mod enclosed;
mod files;
mod reply;
mod standing;
mod write;

pub use files::{FileContent, add_letter_file, checked, letter_file, may_add, name_letter_file, remove_letter_file};
pub use reply::begin_reply;
pub use write::{discard_letter, issue_letter, new_letter, rewrite_letter, save_letter};

pub(crate) use enclosed::current_prescriptions;

use crate::{Fallible, Grant, Tenant, audit, billing, notes::staff, patients, policy::ReadChart};
use chrono::{DateTime, NaiveDate, Utc};
use model::{
    AppError,
    chart::{Allergy, Diagnosis},
    ids::*,
    labs::LabReport,
    letter::*,
};
use sqlx::{PgConnection, types::Json};
use uuid::Uuid;

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    patient_id: Uuid,
    form: Json<LetterForm>,
    saved_at: DateTime<Utc>,
    issued_at: Option<DateTime<Utc>>,
    replies_to: Option<Uuid>,
    version: i64,
    staff_id: Uuid,
    staff_name: String,
    staff_role: String,
}

/// The letters of a patient, newest first.
pub(crate) async fn of_patient(db: &mut PgConnection, patient: PatientId) -> Fallible<Vec<LetterSummary>> {
    type Summary = (Uuid, String, DateTime<Utc>, Option<DateTime<Utc>>, bool);
    let rows: Vec<Summary> = sqlx::query_as(
        "select id, form->>'to_institution', saved_at, issued_at, replies_to is not null
         from letter where clinic_id = current_clinic() and patient_id = $1
         order by saved_at desc",
    )
    .bind(patient.0)
    .fetch_all(&mut *db)
    .await?;
    let issued: Vec<Uuid> = rows.iter().filter(|row| row.3.is_some()).map(|row| row.0).collect();
    let mut standings = standing::of(db, &issued).await?;
    let summary = |(id, to_institution, saved_at, issued_at, is_reply): Summary| LetterSummary {
        id: LetterId(id),
        to_institution,
        saved_at,
        issued_at,
        is_reply,
        standing: standings.remove(&id).unwrap_or_default(),
    };
    Ok(rows.into_iter().map(summary).collect())
}

/// A letter with its files and where it stands.
pub(crate) async fn load(db: &mut PgConnection, letter: LetterId) -> Fallible<Letter> {
    let row: Option<Row> = sqlx::query_as(
        "select l.id, l.patient_id, l.form, l.saved_at, l.issued_at, l.replies_to, l.version,
                s.id as staff_id, s.name as staff_name, s.role as staff_role
         from letter l join staff s on s.clinic_id = l.clinic_id and s.id = l.author_id
         where l.clinic_id = current_clinic() and l.id = $1",
    )
    .bind(letter.0)
    .fetch_optional(&mut *db)
    .await?;
    let row = row.ok_or(AppError::NotFound)?;
    let standing = match row.issued_at {
        Some(_) => standing::of(db, &[row.id]).await?.remove(&row.id).unwrap_or_default(),
        None => Default::default(),
    };
    Ok(Letter {
        id: LetterId(row.id),
        patient: PatientId(row.patient_id),
        form: row.form.0,
        author: staff(row.staff_id, row.staff_name, &row.staff_role)?,
        saved_at: row.saved_at,
        issued_at: row.issued_at,
        standing,
        replies_to: row.replies_to.map(ReceivedId),
        files: files::of_letter(db, letter).await?,
        version: row.version,
    })
}

/// A letter with what stands around it on paper: for a draft as the chart is now, for an issued one as it was then.
pub async fn letter(tenant: &mut Tenant, _: &Grant<ReadChart>, letter: LetterId) -> Fallible<LetterPage> {
    let today = tenant.today();
    let db = tenant.db();
    let letter = load(db, letter).await?;
    let patient = patients::load(db, letter.patient).await?;
    let frozen = if letter.issued_at.is_some() { enclosed::frozen(db, letter.id).await? } else { None };
    let enclosed = match frozen {
        Some(enclosed) => enclosed,
        None => enclosed::now(db, letter.patient, today).await?,
    };
    let answered = reply::answered(db, letter.id).await?;
    let clinic = billing::clinic_card(db, letter.author.name.clone()).await?;
    audit::record(tenant, "letter.read", Some(letter.patient), Some(letter.id.0), "").await?;
    Ok(LetterPage { letter, patient, clinic, enclosed, answered })
}

/// What the document of a letter is made from: the same as stands on its paper ([`enclosed::for_document`]).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ForDocument {
    /// The words.
    pub(crate) form: LetterForm,
    /// The diagnoses that were current when it was issued, with the flags of now.
    pub(crate) diagnoses: Vec<Diagnosis>,
    /// Allergies of then.
    pub(crate) allergies: Vec<Allergy>,
    /// The latest final report of this house then.
    pub(crate) report: Option<LabReport>,
    /// The drugs the patient took then.
    pub(crate) drugs: Vec<fhir::domain::Prescription>,
    /// The files that go along, with their bytes.
    pub(crate) files: Vec<fhir::domain::Attachment>,
    /// `Bundle.identifier.value` of the letter it answers, for `Composition.relatesTo`; none for a letter that is no reply
    /// or answers one whose identifier could not be read.
    pub(crate) replies_to: Option<String>,
}

/// Everything of a letter that its document carries, as it was when the letter was issued, so that the document says what the
/// paper says, whenever it is sent; with the flags of now, and what was mended after a refusal goes out mended.
pub(crate) async fn for_document(db: &mut PgConnection, letter: LetterId, today: NaiveDate) -> Fallible<ForDocument> {
    let row: Option<(Uuid, Json<LetterForm>, Option<String>)> = sqlx::query_as(
        "select l.patient_id, l.form, r.identifier
         from letter l left join received r on r.clinic_id = l.clinic_id and r.id = l.replies_to
         where l.clinic_id = current_clinic() and l.id = $1",
    )
    .bind(letter.0)
    .fetch_optional(&mut *db)
    .await?;
    let (patient, form, identifier) = row.ok_or(AppError::NotFound)?;
    let patient = PatientId(patient);
    let Enclosed { diagnoses, allergies, report, drugs } = enclosed::for_document(db, letter, patient, today).await?;
    let drugs = enclosed::prescriptions(db, drugs).await?;
    Ok(ForDocument {
        form: form.0,
        diagnoses,
        allergies,
        report,
        drugs,
        files: files::with_bytes(db, letter).await?,
        replies_to: identifier.filter(|identifier| !identifier.is_empty()),
    })
}
