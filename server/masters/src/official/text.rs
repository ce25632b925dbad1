//! From bytes to lines of cells: archives opened, CP932 or UTF-8 decoded, CSV split, every cell with its place.

use crate::MasterError;
use chrono::NaiveDate;
use rust_decimal::Decimal;
use sha2::{Digest, Sha256};
use std::{io::Read, path::Path};

/// No master file unpacked is larger (the largest today, the electronic points table, has some 40 MB).
pub const LIMIT: u64 = 256 * 1024 * 1024;

/// A file as published, decoded.
#[derive(Debug, Clone)]
pub struct SourceFile {
    /// Name as published (of the archive, if it came in one).
    pub name: String,
    /// SHA-256 of the bytes as published, hexadecimal.
    pub sha256: String,
    /// The text.
    pub text: String,
}

impl SourceFile {
    /// Reads a file from the disk; an archive gives one source for each table in it.
    pub fn open(path: &Path) -> Result<Vec<Self>, MasterError> {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let io = |cause: std::io::Error| MasterError::Io { file: name.clone(), cause: cause.to_string() };
        if path.metadata().map_err(io)?.len() > LIMIT {
            return Err(MasterError::TooLarge { file: name, limit: LIMIT });
        }
        let bytes = std::fs::read(path).map_err(io)?;
        Self::parse(&name, &bytes)
    }

    /// The same from bytes.
    pub fn parse(name: &str, bytes: &[u8]) -> Result<Vec<Self>, MasterError> {
        let sha256 = hex(&Sha256::digest(bytes));
        if !bytes.starts_with(b"PK\x03\x04") {
            return Ok(vec![Self { name: name.into(), sha256, text: decode(name, bytes)? }]);
        }
        let broken = |cause: String| MasterError::Archive { file: name.into(), cause };
        let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).map_err(|e| broken(e.to_string()))?;
        let mut sources = Vec::new();
        for index in 0..archive.len() {
            let member = archive.by_index(index).map_err(|e| broken(e.to_string()))?;
            // Member names are CP932; only the ending is looked at, and that is ASCII.
            let raw = member.name_raw().to_ascii_lowercase();
            if !(raw.ends_with(b".csv") || raw.ends_with(b".txt")) {
                continue;
            }
            let mut inside = Vec::new();
            member.take(LIMIT + 1).read_to_end(&mut inside).map_err(|e| broken(e.to_string()))?;
            if inside.len() as u64 > LIMIT {
                return Err(MasterError::TooLarge { file: name.into(), limit: LIMIT });
            }
            sources.push(Self { name: name.into(), sha256: sha256.clone(), text: decode(name, &inside)? });
        }
        if sources.is_empty() { Err(broken("CSVファイルが入っていません".into())) } else { Ok(sources) }
    }

    /// The lines with their cells.
    pub fn lines(&self) -> impl Iterator<Item = Result<Line<'_>, MasterError>> {
        csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(self.text.as_bytes()).into_records().map(
            |record| match record {
                Ok(cells) => {
                    let line = cells.position().map_or(0, csv::Position::line);
                    Ok(Line { file: &self.name, line, cells })
                }
                Err(error) => {
                    Err(MasterError::Encoding { file: self.name.clone(), line: error.position().map_or(0, csv::Position::line) })
                }
            },
        )
    }
}

/// One line of a file.
#[derive(Debug, Clone)]
pub struct Line<'f> {
    /// Name of the file.
    pub file: &'f str,
    /// Number of the line, from 1.
    pub line: u64,
    /// The cells.
    pub cells: csv::StringRecord,
}

impl Line<'_> {
    /// The cell of a column, counted from 1 as the specifications do; empty where the line is shorter.
    pub fn cell(&self, column: usize) -> &str {
        self.cells.get(column - 1).unwrap_or_default()
    }

    /// An error about a column.
    pub fn wrong(&self, column: usize, expected: &str) -> MasterError {
        MasterError::Cell {
            file: self.file.into(),
            line: self.line,
            column,
            expected: expected.into(),
            found: self.cell(column).into(),
        }
    }

    /// The cell as text.
    pub fn text(&self, column: usize) -> String {
        self.cell(column).trim().to_owned()
    }

    /// The cell as a code of so many digits or letters.
    pub fn code(&self, column: usize, length: usize) -> Result<String, MasterError> {
        let code = self.cell(column).trim();
        if code.len() == length && code.bytes().all(|b| b.is_ascii_alphanumeric()) {
            Ok(code.to_owned())
        } else {
            Err(self.wrong(column, &format!("{length}桁のコード")))
        }
    }

    /// The cell as a small number; empty is 0.
    pub fn number<T: std::str::FromStr + Default>(&self, column: usize) -> Result<T, MasterError> {
        match self.cell(column).trim() {
            "" => Ok(T::default()),
            digits => digits.parse().map_err(|_| self.wrong(column, "数字")),
        }
    }

    /// The cell as an exact decimal; empty is 0.
    pub fn decimal(&self, column: usize) -> Result<Decimal, MasterError> {
        match self.cell(column).trim() {
            "" => Ok(Decimal::ZERO),
            digits => digits.parse().map_err(|_| self.wrong(column, "数字（小数可）")),
        }
    }

    /// The cell as a date `YYYYMMDD`. None for empty, `0`, `00000000` and `99999999`.
    pub fn date(&self, column: usize) -> Result<Option<NaiveDate>, MasterError> {
        match self.cell(column).trim() {
            "" | "0" | "00000000" | "99999999" => Ok(None),
            digits => NaiveDate::parse_from_str(digits, "%Y%m%d").map(Some).map_err(|_| self.wrong(column, "年月日 YYYYMMDD")),
        }
    }
}

/// UTF-8 (with or without a mark) or CP932 as text. The specification says CP932; derived and allergen files are UTF-8.
fn decode(name: &str, bytes: &[u8]) -> Result<String, MasterError> {
    if let Ok(text) = std::str::from_utf8(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)) {
        return Ok(text.to_owned());
    }
    // The web's "Shift_JIS" is Microsoft's code page 932 with its extra letters (㎎ ① 髙).
    if let Some(text) = encoding_rs::SHIFT_JIS.decode_without_bom_handling_and_without_replacement(bytes) {
        return Ok(text.into_owned());
    }
    let bad = bytes
        .split(|b| *b == b'\n')
        .position(|line| encoding_rs::SHIFT_JIS.decode_without_bom_handling_and_without_replacement(line).is_none());
    Err(MasterError::Encoding { file: name.into(), line: bad.map_or(0, |index| index as u64 + 1) })
}

/// Bytes in hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::new(), |mut out, byte| {
        // Writing into a string does not fail.
        let _ = write!(out, "{byte:02x}");
        out
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_page_932_has_more_letters_than_shift_jis() {
        // ㎎ ① 髙
        assert_eq!(decode("x", &[0x87, 0x72, 0x87, 0x40, 0xfb, 0xfc]).as_deref(), Ok("㎎①髙"));
    }

    #[test]
    fn a_wrong_byte_is_found_by_its_line() {
        assert_eq!(decode("x", b"\"a\"\r\n\"\x81\x01\"\r\n"), Err(MasterError::Encoding { file: "x".into(), line: 2 }));
    }

    #[test]
    fn a_cut_archive_is_refused() {
        let bytes = b"PK\x03\x04\x14\x00\x00\x00\x08\x00";
        assert!(matches!(SourceFile::parse("s.zip", bytes), Err(MasterError::Archive { .. })));
    }
}
