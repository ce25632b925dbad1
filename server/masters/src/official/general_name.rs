//! 一般名処方マスタ (厚生労働省, `.xlsx`): general names that may stand on a prescription instead of a brand.
//!
//! Two sheets. The first: 区分, 一般名コード, 標準的な記載, 成分名, 規格, 加算対象, 例外コード, 最低薬価, 備考 under the heading in
//! row 3. The second (例外コード品目対照表) lists the products of codes that cannot be told from a product's own code; a
//! product without a general code of its own belongs to the one above it.

use super::{era, points::columns, text::*};
use crate::{MasterError, points::AddOnClass};
use chrono::NaiveDate;
use rust_decimal::Decimal;

/// A sheet of the workbook.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sheet {
    /// The names.
    Names,
    /// 例外コード品目対照表.
    Exceptions,
}

/// Which sheet a source is, and in which line its heading stands.
pub fn is(source: &SourceFile) -> Option<(Sheet, u64)> {
    source.lines().take(10).filter_map(Result::ok).find_map(|line| {
        let heading = line.cell(1) == "区分" && line.cell(2) == "一般名コード";
        match line.cell(6) {
            "一般名処方加算対象" if heading => Some((Sheet::Names, line.line)),
            "薬価基準収載医薬品コード" if heading => Some((Sheet::Exceptions, line.line)),
            _ => None,
        }
    })
}

/// The day a sheet holds from (`令和7年8月14日適用` above the heading).
pub fn date(source: &SourceFile) -> Option<NaiveDate> {
    let above = source.lines().take(3).filter_map(Result::ok);
    above.flat_map(|line| line.cells.iter().filter(|cell| cell.contains("適用")).flat_map(era::days).collect::<Vec<_>>()).next()
}

/// A row of the first sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NameRow {
    /// Column 2, twelve characters; nine and `ZZZ`, or an exception.
    pub code: String,
    /// Column 3, e.g. `【般】アムロジピン錠２．５ｍｇ`.
    pub name: String,
    /// Column 4.
    pub ingredient: String,
    /// Column 5.
    pub strength: String,
    /// Column 6.
    pub add_on: AddOnClass,
    /// Column 7 (例外コード): the products stand on the second sheet.
    pub exception: bool,
    /// Column 8 in yen (同一剤形・規格内の最低薬価).
    pub lowest_price: Option<Decimal>,
    /// Column 9 (備考).
    pub remark: String,
}

/// Reads a row of the first sheet.
pub fn name(line: &Line<'_>) -> Result<NameRow, MasterError> {
    let add_on = match line.cell(6).replace(['，', '、'], ",").as_str() {
        "" => AddOnClass::None,
        "加算1" => AddOnClass::One,
        "加算2" => AddOnClass::Two,
        "加算1,2" => AddOnClass::Both,
        _ => return Err(line.wrong(6, "加算1、加算2、加算1,2 か空欄")),
    };
    let name = line.text(3);
    if name.is_empty() {
        return Err(line.wrong(3, "一般名処方の標準的な記載"));
    }
    Ok(NameRow {
        code: line.code(2, 12)?,
        name,
        ingredient: line.text(4),
        strength: line.text(5),
        add_on,
        exception: !line.cell(7).trim().is_empty(),
        lowest_price: if line.cell(8).trim().is_empty() { None } else { Some(line.decimal(8)?) },
        remark: line.text(9),
    })
}

/// A row of the second sheet, with the general code written out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExceptionRow {
    /// Column 2, of this row or of the nearest above that has one.
    pub code: String,
    /// Column 6 (薬価基準収載医薬品コード).
    pub product: String,
}

/// Reads a row of the second sheet. Column 2 must be filled in before ([`Above`]).
pub fn exception(line: &Line<'_>) -> Result<ExceptionRow, MasterError> {
    Ok(ExceptionRow { code: line.code(2, 12)?, product: line.code(6, 12)? })
}

/// Fills in what a row of the second sheet leaves out because it is the same as above.
#[derive(Debug, Default)]
pub struct Above(Vec<String>);

impl Above {
    /// The line with columns 1 to 5 filled in.
    pub fn fill<'f>(&mut self, line: Line<'f>) -> Line<'f> {
        if !line.cell(2).trim().is_empty() || self.0.is_empty() {
            self.0 = (1..=5).map(|column| line.text(column)).collect();
            return line;
        }
        let cells = self.0.iter().map(String::as_str).chain(line.cells.iter().skip(5)).collect();
        Line { cells, ..line }
    }
}

/// Whether a line is below the table: nothing stands in it.
pub fn blank(line: &Line<'_>) -> bool {
    line.cells.iter().all(|cell| cell.trim().is_empty())
}

/// Fails where a line reaches further right than the sheet does.
pub fn narrow(sheet: Sheet, line: &Line<'_>) -> Result<(), MasterError> {
    let most = match sheet {
        Sheet::Names => 9,
        Sheet::Exceptions => 17,
    };
    if line.cells.len() <= most { Ok(()) } else { columns(line, most) }
}
