//! Spreadsheets as lines of text cells, so that their readers report places as the CSV readers do.

use super::text::{LIMIT, SourceFile, hex};
use crate::MasterError;
use calamine::{Data, Reader};
use sha2::{Digest, Sha256};
use std::path::Path;

/// The sheets of an `.xlsx` file, each as a source whose text is CSV. Empty rows above a table are kept, so that line
/// numbers are the spreadsheet's.
pub fn open(path: &Path) -> Result<Vec<SourceFile>, MasterError> {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let bytes = std::fs::read(path).map_err(|cause| MasterError::Io { file: name.clone(), cause: cause.to_string() })?;
    parse(&name, &bytes)
}

/// The same from bytes.
pub fn parse(name: &str, bytes: &[u8]) -> Result<Vec<SourceFile>, MasterError> {
    if bytes.len() as u64 > LIMIT {
        return Err(MasterError::TooLarge { file: name.into(), limit: LIMIT });
    }
    let broken = |cause: String| MasterError::Archive { file: name.into(), cause };
    let sha256 = hex(&Sha256::digest(bytes));
    let mut book = calamine::Xlsx::new(std::io::Cursor::new(bytes)).map_err(|e| broken(e.to_string()))?;
    let mut sources = Vec::new();
    for (_, range) in book.worksheets() {
        let (first_row, first_column) = range.start().unwrap_or_default();
        let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
        for _ in 0..first_row {
            writer.write_record([""]).map_err(|e| broken(e.to_string()))?;
        }
        for row in range.rows() {
            let blanks = (0..first_column).map(|_| String::new());
            writer.write_record(blanks.chain(row.iter().map(show))).map_err(|e| broken(e.to_string()))?;
        }
        let text = writer.into_inner().map_err(|e| broken(e.to_string()))?;
        let text = String::from_utf8(text).map_err(|e| broken(e.to_string()))?;
        sources.push(SourceFile { name: name.into(), sha256: sha256.clone(), text });
    }
    Ok(sources)
}

/// A cell as it would be typed; numbers without the dust of binary fractions.
fn show(cell: &Data) -> String {
    match cell {
        Data::Empty => String::new(),
        Data::Float(number) => {
            let text = format!("{number:.4}");
            text.trim_end_matches('0').trim_end_matches('.').to_owned()
        }
        other => other.to_string(),
    }
}
