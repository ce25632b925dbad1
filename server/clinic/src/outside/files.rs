//! A file that came along with a document of another house, as a download.

use super::{read, store};
use crate::{Fallible, Grant, Tenant, audit, patients, policy::ReadOutside};
use model::{AppError, ids::*};

/// Media types that are handed out as what they say; everything else is only bytes.
const KNOWN: [&str; 5] = ["application/pdf", "image/jpeg", "image/png", "application/dicom", "text/plain"];
/// What the others are called.
const BYTES: &str = "application/octet-stream";

/// A file to be saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceivedFile {
    /// Its name, without a path.
    pub name: String,
    /// A media type that browsers do not run.
    pub content_type: &'static str,
    /// The bytes.
    pub data: Vec<u8>,
}

/// A file of a document, by its number there.
///
/// # Errors
/// [`AppError::NotFound`] where there is none, or where the document may not be seen: not a letter to this house and no
/// consent of the patient.
pub async fn file(tenant: &mut Tenant, _: &Grant<ReadOutside>, document: ReceivedId, index: u32) -> Fallible<ReceivedFile> {
    let kept = store::one(tenant.db(), document).await?;
    let head = kept.head;
    let patient = head.patient_id.map(PatientId);
    if !head.is_letter {
        let patient = patients::load(tenant.db(), patient.ok_or(AppError::NotFound)?).await?;
        if patient.consent.is_none() {
            return Err(AppError::NotFound.into());
        }
    }
    let (_, imported) = store::read_one(kept.content).await?;
    let file = imported.ok().and_then(|imported| read::file(imported, index)).ok_or(AppError::NotFound)?;
    audit::record(tenant, "outside.file", patient, Some(head.id), "").await?;
    let said = file.content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let content_type = KNOWN.into_iter().find(|known| *known == said).unwrap_or(BYTES);
    let extension = match content_type {
        "application/pdf" => ".pdf",
        "image/jpeg" => ".jpg",
        "image/png" => ".png",
        "application/dicom" => ".dcm",
        "text/plain" => ".txt",
        _ => ".bin",
    };
    let name = read::file_name(&file.title, index);
    let name = if name.to_ascii_lowercase().ends_with(extension) { name } else { format!("{name}{extension}") };
    Ok(ReceivedFile { name, content_type, data: file.data })
}
