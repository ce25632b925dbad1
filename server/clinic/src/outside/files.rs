//! A file that came along with a document of another house.

use super::{read, store};
use crate::{Fallible, Grant, Tenant, audit, letters::FileContent, patients, policy::ReadOutside};
use model::{AppError, ids::*};

/// A file of a document, by its number there. Its kind is what its sender says it is: nothing to be trusted.
///
/// # Errors
/// [`AppError::NotFound`] where there is none, or where the document may not be seen: not a letter to this house and no
/// consent of the patient.
pub async fn file(tenant: &mut Tenant, _: &Grant<ReadOutside>, document: ReceivedId, index: u32) -> Fallible<FileContent> {
    let kept = store::one(tenant.db(), document).await?;
    let head = kept.head;
    let patient = head.patient_id.map(PatientId);
    if head.gone_at.is_some() && (!head.is_letter || head.never_ours()) {
        return Err(AppError::NotFound.into());
    }
    if !head.is_letter {
        let patient = patients::load(tenant.db(), patient.ok_or(AppError::NotFound)?).await?;
        if patient.consent.is_none() {
            return Err(AppError::NotFound.into());
        }
    }
    let (_, imported) = store::read_one(kept.content).await?;
    let file = imported.ok().and_then(|imported| read::file(imported, index)).ok_or(AppError::NotFound)?;
    audit::record(tenant, "outside.file", patient, Some(head.id), "").await?;
    let content_type = file.content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let title = if file.title.trim().is_empty() { format!("添付{}", index + 1) } else { file.title };
    Ok(FileContent { title, content_type, bytes: file.data })
}
