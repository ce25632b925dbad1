//! The drug price standard (薬価基準, 告示) as a list of names, specifications and prices: `part,name,spec,price_yen,mark,pdf_page`.
//!
//! The notice lists no codes; a product is found by its name and specification. The same line may stand twice in it.

use super::{points::columns, text::*};
use crate::MasterError;
use rust_decimal::Decimal;

/// The heading.
pub const HEADER: [&str; 6] = ["part", "name", "spec", "price_yen", "mark", "pdf_page"];

/// Whether a source is such a list: by its heading.
pub fn is(source: &SourceFile) -> bool {
    source.lines().next().and_then(Result::ok).is_some_and(|line| heading(&line))
}

/// Whether a line is the heading.
pub fn heading(line: &Line<'_>) -> bool {
    line.cells.iter().eq(HEADER)
}

/// A row of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StandardRow {
    /// Column 1: 内用薬, 注射薬, 外用薬, 歯科用.
    pub part: String,
    /// Column 2, as printed but half-width digits.
    pub name: String,
    /// Column 3: strength and unit, e.g. `15mg1錠`.
    pub spec: String,
    /// Column 4 in yen a unit.
    pub price: Decimal,
    /// Column 5: `局`, `麻`, `※` as printed.
    pub mark: String,
}

/// Reads a row.
pub fn row(line: &Line<'_>) -> Result<StandardRow, MasterError> {
    columns(line, HEADER.len())?;
    for column in [1, 2, 3, 4] {
        if line.cell(column).trim().is_empty() {
            return Err(line.wrong(column, "空でない値"));
        }
    }
    Ok(StandardRow { part: line.text(1), name: line.text(2), spec: line.text(3), price: line.decimal(4)?, mark: line.text(5) })
}
