//! コメント関連テーブル (`ck_ALL*.csv`): which comments a procedure asks for, and when.
//!
//! 18 columns until 2020, 30 since (19–30 are 予備), with or without a header line `c1,c2,…`. Column names are those of the
//! 記載要領別表Ⅰ and of 支払基金's page of the comment master; the values were checked against the file of 2020-04-07.

use super::{
    history::EVER,
    points::{change, flag},
    text::*,
};
use crate::{
    MasterError,
    points::{Code9, Condition, Term},
};

/// How many columns a line may have.
pub const COLUMNS: [usize; 2] = [18, 30];

/// Whether a source is a コメント関連テーブル, by the cells of its first lines or its name (`ck_…`).
pub fn is(source: &SourceFile) -> bool {
    let digits = |cell: &str, length: usize| cell.len() == length && cell.bytes().all(|b| b.is_ascii_digit());
    let shaped = source.lines().take(20).filter_map(Result::ok).any(|line| {
        COLUMNS.contains(&line.cells.len())
            && (header(&line) || (digits(line.cell(1), 1) && digits(line.cell(6), 9) && digits(line.cell(12), 8)))
    });
    shaped || source.name.to_ascii_lowercase().starts_with("ck_") || source.name.contains("コメント関連")
}

/// Whether a line is the header.
pub fn header(line: &Line<'_>) -> bool {
    line.cell(1) == "c1" || line.cell(1) == "変更区分"
}

/// A line of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RelationRow {
    /// Column 6 (診療行為コード).
    pub procedure: Code9,
    /// Column 9 (コメントコード); none where the line asks for a patient's state (column 10) only.
    pub comment: Option<Code9>,
    /// Column 2 (コメント記載通知等): 1 medical, 3 dental, 4 pharmacy, by the codes it holds.
    pub notice: u8,
    /// Column 3 (項番): the item of 記載要領別表Ⅰ.
    pub item: u16,
    /// Column 4 (区分): the article as 別表Ⅰ writes it.
    pub article: String,
    /// Column 5 (枝番): the condition within the item; comments of one branch are alternatives.
    pub branch: u16,
    /// Columns 14–17.
    pub condition: Condition,
    /// Column 18 (公表順序番号).
    pub order: u32,
    /// Columns 12 and 13.
    pub term: Term,
}

/// Checks a line and reads it; none for the header and for deleted rows.
pub fn row(line: &Line<'_>) -> Result<Option<RelationRow>, MasterError> {
    if !COLUMNS.contains(&line.cells.len()) {
        let expected = "18 か 30".to_owned();
        return Err(MasterError::Columns { file: line.file.into(), line: line.line, expected, found: line.cells.len() });
    }
    if header(line) {
        return Ok(None);
    }
    let deleted = change(line)?;
    let code = |column| Code9::parse(line.cell(column)).ok_or_else(|| line.wrong(column, "9桁のコード"));
    let comment = match line.cell(9) {
        "" if !line.cell(10).is_empty() => None,
        _ => Some(code(9)?),
    };
    let condition = match line.number::<u8>(14)? {
        // Column 15: what is written when the item is *not* billed although the condition holds.
        _ if flag(line, 15)? => Condition::NotBilled,
        0 => Condition::Stated,
        1 => Condition::Always,
        2 => match line.number::<u8>(16)? {
            1 => Condition::Inpatient,
            2 => Condition::Outpatient,
            _ => return Err(line.wrong(16, "入外区分 1 か 2")),
        },
        3 => Condition::Times(line.number(17)?),
        other => Condition::Other(other),
    };
    let row = RelationRow {
        procedure: code(6)?,
        comment,
        notice: line.number(2)?,
        item: line.number(3)?,
        article: line.text(4),
        branch: line.number(5)?,
        condition,
        order: line.number(18)?,
        term: Term { from: line.date(12)?.unwrap_or(EVER), to: line.date(13)? },
    };
    Ok((!deleted).then_some(row))
}
