//! Which files may be added to those that are applied.

use super::{
    read::Published,
    table::{TableFile, part},
};
use crate::MasterError;

/// Refuses files that are older than what is applied (unless they are said to be history), difference files without a full
/// file before them, and full files with less than half the rows of the one applied.
///
/// Files handed in together are only compared with what is applied; what is applied already is passed over.
pub fn check_against(applied: &[TableFile], new: &[Published], past: bool) -> Result<(), MasterError> {
    for file in new {
        let alike = |other: &&TableFile| other.kind == file.kind && part(&other.edition) == part(&file.edition);
        let same: Vec<&TableFile> = applied.iter().filter(alike).collect();
        if same.iter().any(|other| other.sha256 == file.sha256()) {
            continue;
        }
        let newest = same.iter().max_by_key(|other| other.date);
        if let Some(newest) = newest.filter(|newest| newest.date > file.date && !past) {
            return Err(MasterError::Older {
                file: file.file().into(),
                edition: file.edition.clone(),
                newest: newest.edition.clone(),
            });
        }
        if !file.full {
            let with = new.iter().any(|other| other.kind == file.kind && other.full && other.date <= file.date);
            if !with && !same.iter().any(|other| other.full && other.date <= file.date) {
                return Err(MasterError::NeedsFull { file: file.file().into(), edition: file.edition.clone() });
            }
            continue;
        }
        let full = same.iter().filter(|other| other.full && other.date <= file.date).max_by_key(|other| other.date);
        if let Some(full) = full.filter(|full| file.rows < full.rows / 2) {
            return Err(MasterError::Short { file: file.file().into(), found: file.rows, applied: full.rows });
        }
    }
    Ok(())
}
