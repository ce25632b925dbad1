//! A record (レコード): one line of the file, cell by cell, exactly as it stands.

use super::{
    cell,
    error::UkeError,
    layout::{Field, RecordKind},
    text::{self, RawLine},
};

/// How a line ends. CRLF by 記録条件仕様; files from elsewhere have LF, and the last line may have nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// CR LF.
    CrLf,
    /// LF.
    Lf,
    /// End of the file.
    None,
}

impl Ending {
    fn bytes(self) -> &'static [u8] {
        match self {
            Self::CrLf => b"\r\n",
            Self::Lf => b"\n",
            Self::None => b"",
        }
    }
}

/// One record, checked against its layout.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    line: u32,
    kind: RecordKind,
    cells: Vec<String>,
    ending: Ending,
    /// The bytes as they were, where the text would be written with other ones.
    bytes: Option<Vec<u8>>,
}

impl Record {
    pub(super) fn read(file: &str, raw: RawLine<'_>) -> Result<Self, UkeError> {
        let line = raw.number;
        let Some(text) = text::decode(raw.bytes) else { return Err(UkeError::Encoding { file: file.into(), line }) };
        let cells: Vec<String> = text.split(',').map(str::to_owned).collect();
        let named = cells.first().map_or("", String::as_str);
        let Some(kind) = RecordKind::parse(named) else {
            return Err(UkeError::UnknownRecord { file: file.into(), line, found: named.chars().take(8).collect() });
        };
        let bytes = (text::encode(&text).as_deref() != Some(raw.bytes)).then(|| raw.bytes.to_vec());
        let record = Self { line, kind, cells, ending: raw.ending, bytes };
        record.check(file)?;
        Ok(record)
    }

    /// A new record from its cells, the first of which is its name (`SI`).
    ///
    /// # Errors
    /// [`UkeError`] where the cells do not fit the layout or cannot be written; its line is 0.
    pub fn new(cells: Vec<String>) -> Result<Self, UkeError> {
        let named = cells.first().map_or("", String::as_str);
        let Some(kind) = RecordKind::parse(named) else {
            return Err(UkeError::UnknownRecord { file: String::new(), line: 0, found: named.chars().take(8).collect() });
        };
        let record = Self { line: 0, kind, cells, ending: Ending::CrLf, bytes: None };
        record.check("")?;
        for (index, cell) in record.cells.iter().enumerate() {
            if cell.contains(',') || text::encode(cell).is_none() {
                let name = record.kind.layout().field(index + 1).name;
                return Err(UkeError::Unwritable { record: kind.as_str(), field: index + 1, name, found: cell.clone() });
            }
        }
        Ok(record)
    }

    /// The same record on another line of a file, ended by CRLF.
    pub(super) fn at(self, line: u32) -> Self {
        Self { line, ending: Ending::CrLf, ..self }
    }

    fn check(&self, file: &str) -> Result<(), UkeError> {
        let layout = self.kind.layout();
        if self.cells.len() != layout.len() {
            return Err(UkeError::FieldCount {
                file: file.into(),
                line: self.line,
                record: self.kind.as_str(),
                expected: layout.len(),
                found: self.cells.len(),
            });
        }
        for number in 2..=layout.len() {
            let field = layout.field(number);
            if let Some(expected) = cell::flaw(&field, self.cell(number)) {
                return Err(self.wrong(file, number, expected));
            }
        }
        Ok(())
    }

    /// An error about a field.
    pub(super) fn wrong(&self, file: &str, field: usize, expected: impl Into<String>) -> UkeError {
        UkeError::Field {
            file: file.into(),
            line: self.line,
            record: self.kind.as_str(),
            field,
            name: self.field(field).name,
            expected: expected.into(),
            found: self.cell(field).into(),
        }
    }

    /// Line in the file, from 1.
    pub fn line(&self) -> u32 {
        self.line
    }

    /// Which record.
    pub fn kind(&self) -> RecordKind {
        self.kind
    }

    /// What a field is, from 1.
    pub fn field(&self, number: usize) -> Field {
        self.kind.layout().field(number)
    }

    /// The cell of a field, counted from 1 as the specification does; empty where it is omitted.
    pub fn cell(&self, number: usize) -> &str {
        self.cells.get(number.wrapping_sub(1)).map_or("", String::as_str)
    }

    /// The line as bytes with its end.
    pub fn to_bytes(&self) -> Vec<u8> {
        let written = || text::encode(&self.cells.join(",")).expect("text that was read keeps its bytes, new text is checked");
        let mut bytes = self.bytes.clone().unwrap_or_else(written);
        bytes.extend(self.ending.bytes());
        bytes
    }
}
