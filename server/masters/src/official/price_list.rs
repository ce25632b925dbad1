//! 薬価基準収載品目リスト (厚生労働省, `tp*.xlsx`): every listed product with its price, by 薬価基準収載医薬品コード.
//!
//! One file for each of 内用薬, 注射薬, 外用薬 (and 歯科用薬剤), heading in the first row: 1 区分, 2 code, 3 成分名, 4 規格, 5–7 局・
//! 麻・※, 8 品名, 9 メーカー名, 10 後発医薬品, 11 先発医薬品, 12 後発のある先発, 13 薬価, 14 経過措置による使用期限, 15 備考.

use super::{era, text::*};
use crate::{MasterError, points::Term};
use chrono::{Datelike, NaiveDate};
use rust_decimal::Decimal;

/// Whether a source is such a list: by its heading.
pub fn is(source: &SourceFile) -> bool {
    source.lines().take(5).filter_map(Result::ok).any(|line| heading(&line))
}

/// Whether a line is the heading.
pub fn heading(line: &Line<'_>) -> bool {
    line.cell(1) == "区分" && line.cell(2) == "薬価基準収載医薬品コード" && line.cell(13) == "薬価"
}

/// A row of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListRow {
    /// Column 1: 内用薬, 注射薬, 外用薬, 歯科用薬剤.
    pub part: String,
    /// Column 2, twelve characters.
    pub code: String,
    /// Column 3.
    pub ingredient: String,
    /// Column 4.
    pub strength: String,
    /// Column 8.
    pub name: String,
    /// Column 9.
    pub maker: String,
    /// Column 10: a generic that counts for add-ons (後発品); `★` does not.
    pub generic: bool,
    /// Column 11: 先発品 or 準先発品.
    pub original: bool,
    /// Column 12: an original of which there are generics.
    pub has_generic: bool,
    /// Column 13 in yen.
    pub price: Decimal,
    /// Column 14: the last day it may be used (経過措置).
    pub usable_until: Option<NaiveDate>,
}

/// Reads a row.
pub fn row(line: &Line<'_>) -> Result<ListRow, MasterError> {
    if !(13..=15).contains(&line.cells.len()) {
        let expected = "15".to_owned();
        return Err(MasterError::Columns { file: line.file.into(), line: line.line, expected, found: line.cells.len() });
    }
    if line.cell(13).trim().is_empty() {
        return Err(line.wrong(13, "薬価（円）"));
    }
    let until = line.cell(14).trim();
    let usable_until = era::days(until).first().copied();
    if usable_until.is_none() && !until.is_empty() {
        return Err(line.wrong(14, "使用期限 R8.3.31まで のような日付"));
    }
    Ok(ListRow {
        part: line.text(1),
        code: line.code(2, 12)?,
        ingredient: line.text(3),
        strength: line.text(4),
        name: line.text(8),
        maker: line.text(9),
        generic: line.cell(10).trim() == "後発品",
        original: line.cell(11).contains("先発品"),
        has_generic: !line.cell(12).trim().is_empty(),
        price: line.decimal(13)?,
        usable_until,
    })
}

/// From and to which day a row's price holds, in a list of a day. Prices are revised on 1 April; a row that came or changed
/// later says so in its remark (`R7.6.13収載`, `R7.8.1新薬価適用`). The list says nothing of the revision after it, so its
/// prices end on 31 March.
pub fn term(line: &Line<'_>, list: NaiveDate) -> Result<Term, MasterError> {
    let year = if list.month() >= 4 { list.year() } else { list.year() - 1 };
    let april = |year| NaiveDate::from_ymd_opt(year, 4, 1);
    let (Some(first), Some(next)) = (april(year), april(year + 1)) else {
        return Err(line.wrong(15, "年度"));
    };
    let from = era::days(line.cell(15)).into_iter().filter(|day| *day <= list).max().map_or(first, |day| day.max(first));
    let until = era::days(line.cell(14)).first().copied();
    Ok(Term { from, to: next.pred_opt().into_iter().chain(until).min() })
}
