//! A snapshot straight from a folder of official files, without a database (`karte fee --masters`, `karte masters search
//! --masters`): the same road as the files of the database take, from reading to loading.

use crate::{
    MasterError, Snapshot,
    ledger::{self, Published},
    official::text::LIMIT,
};
use chrono::NaiveDate;
use model::edition::FileKind;
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

impl Snapshot {
    /// Loads every master file (`.csv`, `.txt`, `.zip`, `.xlsx`, `.fsh`) that lies in a folder or below it. What is no master
    /// is passed over; a master that is broken is refused, and with it the folder.
    pub fn load_dir(folder: &Path) -> Result<Self, MasterError> {
        let mut files = published(folder)?;
        // A difference that is older than every full file of its kind says nothing that the full file does not.
        let first: BTreeMap<FileKind, NaiveDate> =
            files.iter().filter(|file| file.full).fold(BTreeMap::new(), |mut first, file| {
                let day = first.entry(file.kind).or_insert(file.date);
                *day = (*day).min(file.date);
                first
            });
        files.retain(|file| file.full || first.get(&file.kind).is_none_or(|day| *day <= file.date));
        Self::from_ledger(&ledger::tables(&files)?)
    }
}

/// The tables of all files in a folder and below it.
pub fn published(folder: &Path) -> Result<Vec<Published>, MasterError> {
    let mut paths = Vec::new();
    walk(folder, &mut paths)?;
    let mut published = Vec::new();
    for path in paths {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let io = |cause: std::io::Error| MasterError::Io { file: name.clone(), cause: cause.to_string() };
        if path.metadata().map_err(io)?.len() > LIMIT {
            return Err(MasterError::TooLarge { file: name, limit: LIMIT });
        }
        let bytes = std::fs::read(&path).map_err(io)?;
        published.extend(ledger::read::read_leniently(&name, &bytes)?);
    }
    Ok(published)
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), MasterError> {
    let io = |cause: std::io::Error| MasterError::Io { file: folder.display().to_string(), cause: cause.to_string() };
    let mut entries: Vec<PathBuf> =
        std::fs::read_dir(folder).map_err(io)?.map(|entry| entry.map(|e| e.path())).collect::<Result<_, _>>().map_err(io)?;
    entries.sort();
    for path in entries {
        let ending = path.extension().and_then(|e| e.to_str()).map(str::to_ascii_lowercase);
        if path.is_dir() {
            walk(&path, files)?;
        } else if matches!(ending.as_deref(), Some("csv" | "txt" | "zip" | "xlsx" | "fsh")) {
            files.push(path);
        }
    }
    Ok(())
}
