//! The claim file (UKE, 医科): bytes ⇄ records ⇄ receipts.
//!
//! [`ClaimFile::read`] refuses a broken file whole, with the line, and [`ClaimFile::to_bytes`] gives back the same bytes.
//! [`ClaimFile::receipts`] is what the records say, as plain types: [`Receipt`], [`Unit`] (算定単位), [`Line`].

mod assemble;
mod burden;
mod cell;
mod error;
mod layout;
mod receipt;
mod record;
mod text;

pub use burden::{Burden, Payer};
pub use error::UkeError;
pub use layout::{Field, Kind, Layout, RecordKind};
pub use receipt::*;
pub use record::{Ending, Record};

/// A claim file: its records in order. Whole by construction: it begins with IR, ends with GO, and every record has its
/// fields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimFile {
    records: Vec<Record>,
    receipts: Vec<Receipt>,
    /// What stands behind the last record: nothing, or the end mark 0x1A.
    tail: Vec<u8>,
}

impl ClaimFile {
    /// Reads a claim file. `name` is only for messages.
    ///
    /// # Errors
    /// [`UkeError`] with file and line: bytes that are no CP932, unknown records, wrong numbers of fields, cells that are not
    /// what their field holds, records out of place, a file that stops before its GO record.
    pub fn read(name: &str, bytes: &[u8]) -> Result<Self, UkeError> {
        let (lines, tail) = text::lines(bytes);
        let records = lines.map(|line| Record::read(name, line)).collect::<Result<Vec<_>, _>>()?;
        let receipts = assemble::receipts(name, &records)?;
        Ok(Self { records, receipts, tail: tail.to_vec() })
    }

    /// A file of new records, with CRLF behind each and the end mark where asked for (記録条件仕様: EOF 0x1A).
    ///
    /// # Errors
    /// As [`ClaimFile::read`]; lines are counted in the order given.
    pub fn new(name: &str, records: Vec<Record>, end_mark: bool) -> Result<Self, UkeError> {
        let records: Vec<Record> = records.into_iter().zip(1..).map(|(record, line)| record.at(line)).collect();
        let receipts = assemble::receipts(name, &records)?;
        Ok(Self { records, receipts, tail: if end_mark { vec![text::END_MARK] } else { Vec::new() } })
    }

    /// The records in the order of the file.
    pub fn records(&self) -> &[Record] {
        &self.records
    }

    /// The receipts in the order of the file.
    pub fn receipts(&self) -> &[Receipt] {
        &self.receipts
    }

    /// The file as bytes: of a file that was read, the same bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes: Vec<u8> = self.records.iter().flat_map(Record::to_bytes).collect();
        bytes.extend(&self.tail);
        bytes
    }
}
