//! The starter tables' format: how each row is written as tab-separated cells and read back.
//!
//! A row of the same code as the row above writes `"` for a cell that is the same: a code with three prices tells its
//! name once.

use crate::{MasterError, official::history::EVER};
use chrono::NaiveDate;
use model::master::Validity;
use rust_decimal::Decimal;

/// A row that can be written to and read from a starter table.
pub trait Cells: Sized {
    /// The header line.
    const HEADER: &'static str;
    /// Writes the cells.
    fn write(&self, out: &mut Out);
    /// Reads them back, in the same order.
    fn read(cells: &mut In<'_>) -> Result<Self, MasterError>;
}

/// Written for a cell that is the same as the cell above.
const DITTO: &str = "\"";

/// A table as text: header, then one line a row.
pub fn write<T: Cells>(rows: &[T]) -> String {
    let mut text = format!("{}\n", T::HEADER);
    let mut above: Vec<String> = Vec::new();
    for row in rows {
        let mut out = Out::default();
        row.write(&mut out);
        let same_code = above.first() == out.0.first();
        for (column, cell) in out.0.iter().enumerate() {
            if column > 0 {
                text.push('\t');
            }
            let ditto = same_code && column > 0 && !cell.is_empty() && above.get(column) == Some(cell);
            text.push_str(if ditto { DITTO } else { cell });
        }
        text.push('\n');
        above = out.0;
    }
    text
}

/// A table from its text.
pub fn read<T: Cells>(file: &str, text: &str) -> Result<Vec<T>, MasterError> {
    let mut lines = text.lines();
    if lines.next() != Some(T::HEADER) {
        return Err(MasterError::Kind {
            file: file.into(), expected: format!("見出し「{}」の表", T::HEADER.replace('\t', " "))
        });
    }
    let columns = T::HEADER.split('\t').count();
    let mut rows = Vec::new();
    let mut above: Vec<&str> = Vec::new();
    for (index, line) in lines.enumerate() {
        let mut cells: Vec<&str> = line.split('\t').collect();
        let line = index as u64 + 2;
        // Written cells hold none, and a carriage return inside a line would come back as a space.
        if cells.iter().any(|cell| cell.contains(char::is_control)) {
            return Err(MasterError::Line {
                file: file.into(), line, expected: "制御文字のない行のはずです".into()
            });
        }
        if cells.len() != columns {
            return Err(MasterError::Columns { file: file.into(), line, expected: columns.to_string(), found: cells.len() });
        }
        for (cell, above) in cells.iter_mut().zip(&above) {
            if *cell == DITTO {
                *cell = above;
            }
        }
        above.clone_from(&cells);
        rows.push(T::read(&mut In { file, line, cells, next: 0 })?);
    }
    Ok(rows)
}

/// Cells being written.
#[derive(Debug, Default)]
pub struct Out(Vec<String>);

impl Out {
    pub(crate) fn text(&mut self, text: &str) -> &mut Self {
        self.0.push(text.replace(['\t', '\n', '\r'], " "));
        self
    }

    /// Nothing for zero: most flags are.
    pub(crate) fn number(&mut self, number: impl Into<u64>) -> &mut Self {
        let number = number.into();
        self.0.push(if number == 0 { String::new() } else { number.to_string() });
        self
    }

    pub(crate) fn flag(&mut self, flag: bool) -> &mut Self {
        self.number(u8::from(flag))
    }

    pub(crate) fn decimal(&mut self, number: Decimal) -> &mut Self {
        self.0.push(number.to_string());
        self
    }

    pub(crate) fn validity(&mut self, validity: &Validity) -> &mut Self {
        self.0.push(if validity.from == EVER { String::new() } else { validity.from.to_string() });
        self.0.push(validity.to.map(|day| day.to_string()).unwrap_or_default());
        self.text(&validity.edition)
    }
}

/// Cells being read.
#[derive(Debug)]
pub struct In<'t> {
    file: &'t str,
    line: u64,
    cells: Vec<&'t str>,
    next: usize,
}

impl<'t> In<'t> {
    pub(crate) fn cell(&mut self) -> &'t str {
        self.next += 1;
        self.cells.get(self.next - 1).copied().unwrap_or_default()
    }

    pub(crate) fn wrong(&self, expected: &str) -> MasterError {
        MasterError::Cell {
            file: self.file.into(),
            line: self.line,
            column: self.next,
            expected: expected.into(),
            found: self.cells.get(self.next - 1).copied().unwrap_or_default().into(),
        }
    }

    pub(crate) fn text(&mut self) -> String {
        self.cell().to_owned()
    }

    pub(crate) fn number<N: std::str::FromStr + Default>(&mut self) -> Result<N, MasterError> {
        match self.cell() {
            "" => Ok(N::default()),
            digits => digits.parse().map_err(|_| self.wrong("数字")),
        }
    }

    pub(crate) fn flag(&mut self) -> Result<bool, MasterError> {
        self.number::<u8>().map(|n| n != 0)
    }

    pub(crate) fn decimal(&mut self) -> Result<Decimal, MasterError> {
        let cell = self.cell();
        cell.parse().map_err(|_| self.wrong("数字（小数可）"))
    }

    pub(crate) fn day(&mut self) -> Result<Option<NaiveDate>, MasterError> {
        match self.cell() {
            "" => Ok(None),
            day => day.parse().map(Some).map_err(|_| self.wrong("年月日 YYYY-MM-DD")),
        }
    }

    pub(crate) fn validity(&mut self) -> Result<Validity, MasterError> {
        Ok(Validity { from: self.day()?.unwrap_or(EVER), to: self.day()?, edition: self.text() })
    }

    pub(crate) fn list(&mut self, separator: char) -> Vec<String> {
        self.cell().split(separator).filter(|part| !part.is_empty()).map(str::to_owned).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::master::Modifier;

    #[test]
    fn a_line_with_control_characters_is_refused() {
        let table = |cell: &str| format!("{}\n{cell}{}\n", Modifier::HEADER, "\t".repeat(Modifier::HEADER.matches('\t').count()));
        assert!(read::<Modifier>("x", &table("1011")).is_ok());
        // Found by fuzzing.
        for cell in ["10\r11", "10\0", "\u{c}1011"] {
            assert!(matches!(read::<Modifier>("x", &table(cell)), Err(MasterError::Line { line: 2, .. })), "{cell:?}");
        }
    }
}
