//! The spreadsheets of 保険番号マスタ (地方公費): a column a scheme, a row an item, each row known by its words.

use crate::{MasterError, official::sheet};
use model::{
    local_subsidy::{Left, LocalSubsidy, Terms},
    money::Yen,
};
use std::path::Path;

/// The prefecture a file is named after: `13. 東京都.xlsx` is 13.
pub fn prefecture(path: &Path) -> Option<u8> {
    let name = path.file_name()?.to_str()?;
    let number = name.split('.').next()?.trim().parse().ok()?;
    (1..=47).contains(&number).then_some(number)
}

/// Items that a scheme is read from, by their words without the number in front. The outpatient items stand before the
/// inpatient ones of the same words.
const ITEMS: [&str; 14] = [
    "保険番号",
    "法別番号",
    "短縮制度名",
    "年齢（開始－終了）",
    "外来負担区分",
    "1回負担割合",
    "1回固定額",
    "1回上限額",
    "1日上限額",
    "1日上限回数",
    "1月院内上限額",
    "1月院外上限額",
    "1月上限回数",
    "※所得情報",
];

/// Places in [`ITEMS`] of the age, of the first item about what is left, and of the class of income.
const AGES: usize = 3;
const TERMS: usize = 4;
const INCOME: usize = 13;

/// The schemes of one file.
///
/// # Errors
/// [`MasterError`] for a file that is no spreadsheet, is not named after a prefecture, or lacks one of the items.
pub fn schemes(path: &Path) -> Result<Vec<LocalSubsidy>, MasterError> {
    let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let wrong = |expected: &str| MasterError::Kind { file: file.clone(), expected: expected.to_owned() };
    let prefecture = prefecture(path).ok_or_else(|| wrong("都道府県番号で始まるファイル名（例 13. 東京都.xlsx）"))?;
    let mut found = Vec::new();
    for source in sheet::open(path)? {
        let rows: Vec<Vec<String>> = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .from_reader(source.text.as_bytes())
            .records()
            .filter_map(Result::ok)
            .map(|record| record.iter().map(|cell| cell.trim().to_owned()).collect())
            .collect();
        found.extend(tables(&rows).iter().flat_map(|table| table.schemes(prefecture)));
    }
    if found.is_empty() { Err(wrong("保険番号マスタ（地方公費）の表")) } else { Ok(found) }
}

/// A table on a sheet: the words of its items stand in its first column.
struct Table<'r> {
    rows: &'r [Vec<String>],
    columns: std::ops::Range<usize>,
}

/// The tables of a sheet. They stand one below the other or side by side, each beginning with the words 保険番号.
fn tables(rows: &[Vec<String>]) -> Vec<Table<'_>> {
    let mut starts = Vec::new();
    for (line, row) in rows.iter().enumerate() {
        starts.extend(row.iter().enumerate().filter(|(_, cell)| item(cell) == ITEMS[0]).map(|(column, _)| (line, column)));
    }
    let width = rows.iter().map(Vec::len).max().unwrap_or_default();
    let table = |&(line, column): &(usize, usize)| {
        let below = starts.iter().filter(|other| other.1 == column && other.0 > line).map(|other| other.0).min();
        let end = below.unwrap_or(rows.len());
        let beside = starts.iter().filter(|other| other.1 > column && (line.saturating_sub(5)..end).contains(&other.0));
        Table { rows: &rows[line..end], columns: column..beside.map(|other| other.1).min().unwrap_or(width) }
    };
    starts.iter().map(table).collect()
}

impl Table<'_> {
    fn schemes(&self, prefecture: u8) -> impl Iterator<Item = LocalSubsidy> {
        let words = self.columns.start;
        let line = |wanted| self.rows.iter().position(|row| row.get(words).is_some_and(|cell| item(cell) == wanted));
        let lines = ITEMS.map(line);
        self.columns.clone().skip(1).filter_map(move |column| {
            let cell = |line: usize| self.rows.get(line).and_then(|row| row.get(column)).map_or("", String::as_str);
            // In some columns the age, or what is left, stands one line too low.
            let at = |item: usize, low: usize| lines[item].map_or("", |line| cell(line + low));
            let ages = [0, 1].into_iter().find(|low| age_span(at(AGES, *low)).is_some()).unwrap_or(0);
            let terms = [0, 1].into_iter().find(|low| matches!(at(TERMS, *low), "0" | "1" | "2" | "3"))?;
            let low = |item| match item {
                AGES => ages,
                TERMS.. => terms,
                _ => 0,
            };
            let cells: [&str; ITEMS.len()] = std::array::from_fn(|item| at(item, low(item)));
            let mut scheme = scheme(prefecture, &cells)?;
            // Schemes of one number differ by the class of income alone (本人, 低所得, 低年金).
            let word = |low: &usize| !at(INCOME, *low).is_empty() && at(INCOME, *low).parse::<u32>().is_err();
            if let Some(low) = [0, 1].into_iter().find(word) {
                scheme.name = format!("{}（{}）", scheme.name, at(INCOME, low));
            }
            Some(scheme)
        })
    }
}

/// The item a cell names, with or without a number in front; nothing for other words.
fn item(cell: &str) -> &'static str {
    let folded = model::kana::fold_width;
    let words = folded(cell);
    // 「1回負担割合」 begins with a digit of its own, so that the number cannot be cut off by looks.
    let is =
        |item: &&&str| words.strip_suffix(folded(item).as_str()).is_some_and(|front| front.bytes().all(|b| b.is_ascii_digit()));
    ITEMS.iter().find(is).copied().unwrap_or_default()
}

/// One column; a column whose cells do not fit the items is no scheme (a heading, a remark, or shifted cells).
fn scheme(prefecture: u8, cells: &[&str; 14]) -> Option<LocalSubsidy> {
    let [number, law, name, ages, terms, share, fixed, per_time, per_day, times_a_day, in_house, pharmacy, times, _] = *cells;
    let digits = |text: &str, count| text.len() == count && text.bytes().all(|b| b.is_ascii_digit());
    if !digits(number, 3) {
        return None;
    }
    let law = if digits(law, 1) { format!("0{law}") } else { law.to_owned() };
    if !digits(&law, 2) {
        return None;
    }
    let ages = age_span(ages).unwrap_or((0, 999));
    let name = if name.is_empty() { number } else { name };
    let amount = |text: &str| if text.is_empty() { Some(0) } else { text.parse::<i64>().ok().filter(|yen| *yen >= 0) };
    let yen = |text: &str| amount(text).map(|yen| (yen > 0).then_some(Yen(yen)));
    let few = |text: &str| amount(text).and_then(|n| u8::try_from(n).ok()).map(|n| (n > 0).then_some(n));
    let terms = match terms {
        "0" => Terms::Unused,
        "2" => Terms::Nothing,
        "3" => Terms::Reimbursed,
        "1" => Terms::Leaves(Left {
            share: few(share)?.filter(|share| *share < 100),
            fixed: yen(fixed)?,
            per_time: yen(per_time)?,
            per_day: yen(per_day)?,
            times_a_day: few(times_a_day)?,
            month_in_house: yen(in_house)?,
            month_pharmacy: yen(pharmacy)?,
            times_a_month: few(times)?,
        }),
        _ => return None,
    };
    Some(LocalSubsidy { prefecture, number: number.to_owned(), law, name: name.to_owned(), ages, terms })
}

/// `0-18`, in any width and with spaces.
fn age_span(text: &str) -> Option<(u16, u16)> {
    let text: String = model::kana::fold_width(text).chars().filter(|c| !c.is_whitespace()).collect();
    let mut parts = text.split(['-', '−', '–', '－', '~', '～']);
    let (from, to) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    (parts.next().is_none() && from <= to).then_some((from, to))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_known_with_and_without_their_number() {
        assert_eq!(item("保険番号"), "保険番号");
        assert_eq!(item("16１回負担割合"), "1回負担割合");
        assert_eq!(item("191日上限額"), "1日上限額");
        assert_eq!(item("1日上限額"), "1日上限額");
        assert_eq!(item("10年齢（開始－終了）"), "年齢（開始－終了）");
    }

    #[test]
    fn a_file_is_of_the_prefecture_it_is_named_after() {
        assert_eq!(prefecture(Path::new("13. 東京都.xlsx")), Some(13));
        assert_eq!(prefecture(Path::new("東京都.xlsx")), None);
        assert_eq!(prefecture(Path::new("48. 何県.xlsx")), None);
    }
}
