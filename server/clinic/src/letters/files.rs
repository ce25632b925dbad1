//! Files that go along with a letter (添付): PDF, PNG and JPEG, told by what is in them and not by what they are called.

use super::load;
use crate::{
    Fallible, Grant, Tenant, audit,
    events::Event,
    policy::{ReadChart, WriteLetter},
};
use chrono::{DateTime, Utc};
use fhir::domain::Attachment;
use model::{AppError, Flaw, ids::*, letter::*, money::grouped};
use sqlx::PgConnection;
use uuid::Uuid;

/// A file with its bytes, to be shown or kept by who reads the letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileContent {
    /// What it is.
    pub title: String,
    /// Media type, one of [`FILE_TYPES`].
    pub content_type: String,
    /// The bytes.
    pub bytes: Vec<u8>,
}

/// A file whose kind is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    title: String,
    content_type: &'static str,
    bytes: Vec<u8>,
}

/// The files of a letter, in the order added.
pub(super) async fn of_letter(db: &mut PgConnection, letter: LetterId) -> Fallible<Vec<LetterFile>> {
    let rows: Vec<(Uuid, String, String, i32)> = sqlx::query_as(
        "select id, title, content_type, octet_length(content) from letter_file
         where clinic_id = current_clinic() and letter_id = $1 order by added_at, id",
    )
    .bind(letter.0)
    .fetch_all(db)
    .await?;
    let file = |(id, title, content_type, size): (Uuid, String, String, i32)| LetterFile {
        id: FileId(id),
        title,
        content_type,
        size: u64::try_from(size).unwrap_or_default(),
    };
    Ok(rows.into_iter().map(file).collect())
}

/// The same with their bytes, for the document.
pub(super) async fn with_bytes(db: &mut PgConnection, letter: LetterId) -> Fallible<Vec<Attachment>> {
    let rows: Vec<(String, String, Vec<u8>, DateTime<Utc>)> = sqlx::query_as(
        "select title, content_type, content, added_at from letter_file
         where clinic_id = current_clinic() and letter_id = $1 order by added_at, id",
    )
    .bind(letter.0)
    .fetch_all(db)
    .await?;
    let file = |(title, content_type, data, made_at)| Attachment { title, content_type, data, made_at };
    Ok(rows.into_iter().map(file).collect())
}

/// Whether a file may be added, before it has come over the line.
pub async fn may_add(tenant: &mut Tenant, _: &Grant<WriteLetter>, letter: LetterId) -> Fallible<()> {
    let letter = load(tenant.db(), letter).await?;
    refuse_issued(letter.issued_at)
}

/// What somebody handed in, as a file that may go along.
///
/// # Errors
/// A conflict, in Japanese, where it is empty, too large by itself, or neither PDF nor PNG nor JPEG.
pub fn checked(name: &str, bytes: Vec<u8>) -> Result<Checked, AppError> {
    if bytes.len() as u64 > FILES_LIMIT {
        return Err(too_much());
    }
    let content_type = content_type(&bytes).ok_or_else(|| {
        AppError::conflict("添付できるのは PDF・PNG・JPEG のファイルだけです。中身が種類と合っているか確認してください。")
    })?;
    Ok(Checked { title: title_of(name), content_type, bytes })
}

/// Adds a file to a draft. The files of one letter are bounded together ([`FILES_LIMIT`], [`FILES_MOST`]).
pub async fn add_letter_file(tenant: &mut Tenant, _: &Grant<WriteLetter>, letter: LetterId, file: Checked) -> Fallible<Letter> {
    let patient = hold(tenant, letter).await?;
    let (count, bytes): (i64, i64) = sqlx::query_as(
        "select count(*), coalesce(sum(octet_length(content)), 0)::bigint from letter_file
         where clinic_id = current_clinic() and letter_id = $1",
    )
    .bind(letter.0)
    .fetch_one(tenant.db())
    .await?;
    if usize::try_from(count).unwrap_or(usize::MAX) >= FILES_MOST {
        return Err(AppError::conflict(format!("添付できるファイルは{FILES_MOST}個までです。")).into());
    }
    if u64::try_from(bytes).unwrap_or(u64::MAX).saturating_add(file.bytes.len() as u64) > FILES_LIMIT {
        return Err(too_much().into());
    }
    let (clinic, id, now, staff) = (tenant.clinic(), FileId(tenant.new_id()), tenant.now, tenant.me.staff.id);
    sqlx::query(
        "insert into letter_file (clinic_id, id, letter_id, title, content_type, content, added_at, added_by)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(clinic)
    .bind(id.0)
    .bind(letter.0)
    .bind(&file.title)
    .bind(file.content_type)
    .bind(&file.bytes)
    .bind(now)
    .bind(staff.0)
    .execute(tenant.db())
    .await?;
    changed(tenant, patient, letter, id, "letter.add_file").await
}

/// Says what a file of a draft is (名称): the reader sees it instead of a camera's number.
pub async fn name_letter_file(
    tenant: &mut Tenant,
    _: &Grant<WriteLetter>,
    letter: LetterId,
    file: FileId,
    title: String,
) -> Fallible<Letter> {
    let patient = hold(tenant, letter).await?;
    let title = title.trim();
    if title.is_empty() {
        return Err(AppError::field("title", Flaw::Missing).into());
    }
    if title.chars().count() > FILE_TITLE_MOST || title.chars().any(char::is_control) {
        return Err(AppError::field("title", Flaw::TooLong { max: FILE_TITLE_MOST }).into());
    }
    let done = sqlx::query("update letter_file set title = $3 where clinic_id = current_clinic() and letter_id = $1 and id = $2")
        .bind(letter.0)
        .bind(file.0)
        .bind(title)
        .execute(tenant.db())
        .await?;
    if done.rows_affected() == 0 {
        return Err(AppError::NotFound.into());
    }
    changed(tenant, patient, letter, file, "letter.name_file").await
}

/// Takes a file off a draft. Doing it twice is no error: it is off.
pub async fn remove_letter_file(tenant: &mut Tenant, _: &Grant<WriteLetter>, letter: LetterId, file: FileId) -> Fallible<Letter> {
    let patient = hold(tenant, letter).await?;
    sqlx::query("delete from letter_file where clinic_id = current_clinic() and letter_id = $1 and id = $2")
        .bind(letter.0)
        .bind(file.0)
        .execute(tenant.db())
        .await?;
    changed(tenant, patient, letter, file, "letter.remove_file").await
}

/// A file with its bytes. The view is audited.
pub async fn letter_file(tenant: &mut Tenant, _: &Grant<ReadChart>, file: FileId) -> Fallible<FileContent> {
    let row: Option<(Uuid, String, String, Vec<u8>)> = sqlx::query_as(
        "select l.patient_id, f.title, f.content_type, f.content
         from letter_file f join letter l on l.clinic_id = f.clinic_id and l.id = f.letter_id
         where f.clinic_id = current_clinic() and f.id = $1",
    )
    .bind(file.0)
    .fetch_optional(tenant.db())
    .await?;
    let (patient, title, content_type, bytes) = row.ok_or(AppError::NotFound)?;
    audit::record(tenant, "letter.read_file", Some(PatientId(patient)), Some(file.0), "").await?;
    Ok(FileContent { title, content_type, bytes })
}

/// The patient of a draft, which nobody issues meanwhile.
async fn hold(tenant: &mut Tenant, letter: LetterId) -> Fallible<PatientId> {
    let row: Option<(Uuid, Option<DateTime<Utc>>)> =
        sqlx::query_as("select patient_id, issued_at from letter where clinic_id = current_clinic() and id = $1 for update")
            .bind(letter.0)
            .fetch_optional(tenant.db())
            .await?;
    let (patient, issued_at) = row.ok_or(AppError::NotFound)?;
    refuse_issued(issued_at)?;
    Ok(PatientId(patient))
}

fn refuse_issued(issued_at: Option<DateTime<Utc>>) -> Fallible<()> {
    match issued_at {
        Some(_) => Err(AppError::conflict("発行済みの紹介状の添付は変更できません。").into()),
        None => Ok(()),
    }
}

async fn changed(tenant: &mut Tenant, patient: PatientId, letter: LetterId, file: FileId, action: &str) -> Fallible<Letter> {
    audit::record(tenant, action, Some(patient), Some(file.0), letter.to_string()).await?;
    tenant.announce(Event::Chart(patient)).await?;
    load(tenant.db(), letter).await
}

fn too_much() -> AppError {
    let most = grouped(i64::try_from(FILES_LIMIT / 1_000_000).unwrap_or(i64::MAX));
    AppError::conflict(format!(
        "添付は1通あわせて{most} MBまでです（送信できる文書の大きさに限りがあるため）。画像を縮小するか、印刷してお渡しください。"
    ))
}

/// What is in the bytes: PDF (ISO 32000-1, 7.5.2), PNG (RFC 2083, 3.1), JPEG (ITU-T T.81, B.1.1.3: SOI, then a marker).
fn content_type(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [b'%', b'P', b'D', b'F', b'-', ..] => Some("application/pdf"),
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1A, b'\n', ..] => Some("image/png"),
        [0xFF, 0xD8, 0xFF, ..] => Some("image/jpeg"),
        _ => None,
    }
}

/// A file's name without its ending, as the first title.
fn title_of(name: &str) -> String {
    let stem = match name.rsplit_once('.') {
        Some((stem, ending)) if ending.chars().count() <= 5 => stem,
        _ => name,
    };
    let clean: String = stem.chars().filter(|c| !c.is_control()).take(FILE_TITLE_MOST).collect();
    let clean = clean.trim();
    if clean.is_empty() { "添付ファイル".to_owned() } else { clean.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_what_is_in_it() {
        let kind = |name: &str, bytes: &[u8]| checked(name, bytes.to_vec()).map(|file| (file.title, file.content_type));
        assert_eq!(kind("胸部X線.pdf", b"%PDF-1.7\n"), Ok(("胸部X線".into(), "application/pdf")));
        assert_eq!(kind("x", b"\x89PNG\r\n\x1a\n...."), Ok(("x".into(), "image/png")));
        assert_eq!(kind(".jpeg", b"\xff\xd8\xff\xe0"), Ok(("添付ファイル".into(), "image/jpeg")));
        // Called a picture, and a page with a script.
        assert!(matches!(kind("a.png", b"<svg onload=alert(1)>"), Err(AppError::Conflict { .. })));
        assert!(kind("a.pdf", b"").is_err());
        assert!(kind("a.pdf", &[b"%PDF-".to_vec(), vec![0; 7_000_000]].concat()).is_err());
    }
}
