//! Tables of the electronic points table (医科電子点数表): one line in, one typed row out.
//!
//! Columns are those of 支払基金 「医科電子点数表の活用手引き」 (令和6年度版) chapter 5, 1-based. All are full files; rows are
//! dated by 新設年月日 and 廃止年月日. Names are not kept: they stand in master S under the same code.

use super::{history::EVER, text::*};
use crate::{
    MasterError,
    points::{BundleUnit, Code9, CountUnit, Group, Term},
};
use model::{edition::FileKind, kana::fold_width};

/// How one of the tables is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Form {
    /// Number of columns.
    pub columns: usize,
    /// Columns that together are unique on a day.
    pub key: &'static [usize],
    /// Column of 新設年月日; that of 廃止年月日 is the next.
    pub from: usize,
}

/// The layout of a kind; none for kinds that are no table of the electronic points table.
pub fn form(kind: FileKind) -> Option<Form> {
    Some(match kind {
        FileKind::PointsHelper => Form { columns: 27, key: &[2], from: 26 },
        FileKind::PointsBundle => Form { columns: 7, key: &[2, 3], from: 6 },
        FileKind::PointsSameDay | FileKind::PointsSameMonth | FileKind::PointsSameTime | FileKind::PointsSameWeek => {
            Form { columns: 10, key: &[2, 4], from: 9 }
        }
        FileKind::PointsInpatient => Form { columns: 8, key: &[2, 3], from: 7 },
        FileKind::PointsCount => Form { columns: 14, key: &[2, 4], from: 13 },
        _ => return None,
    })
}

/// Which table a source is: by the cells of its first lines, else by its name. The four 背反テーブル have one layout and
/// are told apart by the name alone.
///
/// `inside` is the member's name where the source came in an archive, else empty; it is asked before the archive's.
pub fn is(source: &SourceFile, inside: &str) -> Result<Option<FileKind>, MasterError> {
    let names = [spoken(inside), spoken(&source.name)];
    let shaped = source.lines().take(20).filter_map(Result::ok).find_map(|line| shape(&line));
    match shaped.or_else(|| names.iter().find_map(|name| named(name))) {
        Some(FileKind::PointsSameDay) => match names.iter().find_map(|name| number(name)) {
            Some('1') => Ok(Some(FileKind::PointsSameDay)),
            Some('2') => Ok(Some(FileKind::PointsSameMonth)),
            Some('3') => Ok(Some(FileKind::PointsSameTime)),
            Some('4') => Ok(Some(FileKind::PointsSameWeek)),
            _ => Err(MasterError::Kind {
                file: source.name.clone(),
                expected:
                    "背反テーブル1〜4のどれかがファイル名で分かるもの（「03-1」…「03-4」か「背反テーブル1」…「背反テーブル4」）"
                        .into(),
            }),
        },
        other => Ok(other),
    }
}

/// The name as it is compared: full-width digits and dashes as narrow ones, without spaces.
fn spoken(name: &str) -> String {
    fold_width(name)
        .chars()
        .filter(|c| !c.is_whitespace())
        .map(|c| if matches!(c, '‐' | '‑' | '–' | '—' | '―' | '−' | '_' | 'ー') { '-' } else { c })
        .collect()
}

/// The table by its cells; `PointsSameDay` stands for all four 背反テーブル.
fn shape(line: &Line<'_>) -> Option<FileKind> {
    let digits = |column: usize, length: usize| {
        let cell = line.cell(column);
        cell.len() == length && cell.bytes().all(|b| b.is_ascii_digit())
    };
    if !digits(1, 1) {
        return None;
    }
    match line.cells.len() {
        27 if digits(2, 9) && digits(26, 8) && digits(27, 8) => Some(FileKind::PointsHelper),
        7 if Group::parse(line.cell(2)).is_some() && digits(3, 9) && digits(6, 8) => Some(FileKind::PointsBundle),
        8 if digits(2, 3) && digits(3, 9) && digits(7, 8) => Some(FileKind::PointsInpatient),
        10 if digits(2, 9) && digits(4, 9) && digits(9, 8) => Some(FileKind::PointsSameDay),
        14 if digits(2, 9) && digits(13, 8) => Some(FileKind::PointsCount),
        _ => None,
    }
}

/// The table by its name, for files whose lines are broken.
fn named(name: &str) -> Option<FileKind> {
    const NAMES: [(&str, FileKind); 5] = [
        ("補助マスタ", FileKind::PointsHelper),
        ("包括テ", FileKind::PointsBundle),
        ("背反テ", FileKind::PointsSameDay),
        ("入院基本料テ", FileKind::PointsInpatient),
        ("算定回数テ", FileKind::PointsCount),
    ];
    // The long mark was made a dash with the others.
    NAMES.iter().find(|(part, _)| name.contains(part) || name.contains(&part.replace('ー', "-"))).map(|(_, kind)| *kind)
}

/// Which 背反テーブル a name speaks of: 1 to 4 after `03-` or `背反テーブル`, as a number of its own. None where it names
/// none, or two.
fn number(name: &str) -> Option<char> {
    let mut found = None;
    for sign in ["03-", "背反テ-ブル"] {
        for (at, _) in name.match_indices(sign) {
            let before = name[..at].chars().next_back();
            let mut after = name[at + sign.len()..].chars();
            let digit = after.next().filter(|c| ('1'..='4').contains(c));
            let is_digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
            let longer = is_digit(after.next()) || (sign.starts_with('0') && is_digit(before));
            match (digit, found) {
                (Some(digit), None) if !longer => found = Some(digit),
                (Some(digit), Some(other)) if !longer && digit != other => return None,
                _ => {}
            }
        }
    }
    found
}

/// A row of one of the tables, without its dates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PointsRow {
    /// 01 補助マスターテーブル.
    Helper {
        /// Column 2.
        code: Code9,
        /// Columns 4–9: units and groups this item bundles.
        bundles: [Option<(BundleUnit, Group)>; 3],
        /// Columns 10–13: whether it stands in the 背反テーブル of a day, month, same time, week.
        excluded: [bool; 4],
        /// Column 20 (入院基本料識別): group of add-ons; 0 none.
        inpatient: u16,
        /// Column 21: whether it stands in 算定回数テーブル.
        counted: bool,
    },
    /// 02 包括テーブル.
    Bundle {
        /// Column 2.
        group: Group,
        /// Column 3.
        member: Code9,
        /// Column 5 (特例条件).
        conditional: bool,
    },
    /// 03 背反テーブル.
    Exclusion {
        /// Column 2 (診療行為コード①).
        code: Code9,
        /// Column 4 (診療行為コード②).
        other: Code9,
        /// Column 6 (背反区分): 1, 2 or 3.
        billed: u8,
        /// Column 7 (特例条件).
        conditional: bool,
    },
    /// 04 入院基本料テーブル.
    Inpatient {
        /// Column 2.
        group: u16,
        /// Column 3.
        add_on: Code9,
        /// Column 5 (加算識別): those with the same number exclude each other; 0 none.
        slot: u8,
    },
    /// 05 算定回数テーブル.
    Count {
        /// Column 2.
        code: Code9,
        /// Column 4.
        unit: CountUnit,
        /// Column 5.
        unit_name: String,
        /// Column 6.
        limit: u16,
        /// Column 7 (特例条件).
        conditional: bool,
    },
}

/// Checks a line of a table and reads it.
pub fn row(kind: FileKind, line: &Line<'_>) -> Result<PointsRow, MasterError> {
    let Some(form) = form(kind) else {
        return Err(MasterError::Kind { file: line.file.into(), expected: "医科電子点数表のテーブル".into() });
    };
    columns(line, form.columns)?;
    change(line)?;
    let code = |column| Code9::parse(line.cell(column)).ok_or_else(|| line.wrong(column, "9桁の診療行為コード"));
    Ok(match kind {
        FileKind::PointsHelper => PointsRow::Helper {
            code: code(2)?,
            bundles: [bundle(line, 4)?, bundle(line, 6)?, bundle(line, 8)?],
            excluded: [flag(line, 10)?, flag(line, 11)?, flag(line, 12)?, flag(line, 13)?],
            inpatient: line.number(20)?,
            counted: flag(line, 21)?,
        },
        FileKind::PointsBundle => PointsRow::Bundle { group: group(line, 2)?, member: code(3)?, conditional: flag(line, 5)? },
        FileKind::PointsInpatient => PointsRow::Inpatient { group: line.number(2)?, add_on: code(3)?, slot: line.number(5)? },
        FileKind::PointsCount => PointsRow::Count {
            code: code(2)?,
            unit: CountUnit(line.number(4)?),
            unit_name: line.text(5),
            limit: line.number(6)?,
            conditional: flag(line, 7)?,
        },
        _ => PointsRow::Exclusion {
            code: code(2)?,
            other: code(4)?,
            billed: line.number::<u8>(6).ok().filter(|b| (1..=3).contains(b)).ok_or_else(|| line.wrong(6, "背反区分 1、2、3"))?,
            conditional: flag(line, 7)?,
        },
    })
}

/// From and to which day a row is in force, as its own columns say.
pub fn term(kind: FileKind, line: &Line<'_>) -> Result<Term, MasterError> {
    let from = form(kind).map_or(1, |form| form.from);
    Ok(Term { from: line.date(from)?.unwrap_or(EVER), to: line.date(from + 1)? })
}

fn bundle(line: &Line<'_>, column: usize) -> Result<Option<(BundleUnit, Group)>, MasterError> {
    match BundleUnit::of(line.number(column)?) {
        None => Ok(None),
        Some(unit) => Ok(Some((unit, group(line, column + 1)?))),
    }
}

fn group(line: &Line<'_>, column: usize) -> Result<Group, MasterError> {
    Group::parse(line.cell(column)).ok_or_else(|| line.wrong(column, "7桁のグループ番号"))
}

/// Fails unless the line has so many columns.
pub(super) fn columns(line: &Line<'_>, expected: usize) -> Result<(), MasterError> {
    if line.cells.len() == expected {
        return Ok(());
    }
    Err(MasterError::Columns { file: line.file.into(), line: line.line, expected: expected.to_string(), found: line.cells.len() })
}

/// Column 1 (変更区分) of every table of 支払基金; whether the row is deleted (抹消).
pub(super) fn change(line: &Line<'_>) -> Result<bool, MasterError> {
    match line.cell(1) {
        "1" => Ok(true),
        "0" | "2" | "3" | "5" | "9" => Ok(false),
        _ => Err(line.wrong(1, "変更区分 0、1、3、5、9 のいずれか")),
    }
}

/// A cell that is 0 or 1; empty is 0.
pub(super) fn flag(line: &Line<'_>, column: usize) -> Result<bool, MasterError> {
    match line.cell(column).trim() {
        "" | "0" => Ok(false),
        "1" => Ok(true),
        _ => Err(line.wrong(column, "0 か 1")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_four_tables_of_one_layout_are_told_apart_by_name() {
        let exclusion = "\"0\",\"111000110\",\"初診料\",\"113010370\",\"x\",\"1\",\"0\",\"0\",\"20120401\",\"99999999\"\r\n";
        let source = |name: &str| SourceFile { name: name.into(), sha256: String::new(), text: exclusion.into() };
        for (name, kind) in [
            ("03-1背反テーブル1.csv", FileKind::PointsSameDay),
            ("03-2 背反テーブル2.csv", FileKind::PointsSameMonth),
            ("０３－３　背反テーブル３.csv", FileKind::PointsSameTime),
            ("背反テーブル4.CSV", FileKind::PointsSameWeek),
            ("tensuhyo/03-4.csv", FileKind::PointsSameWeek),
        ] {
            assert_eq!(is(&source(name), ""), Ok(Some(kind)), "{name}");
        }
        assert_eq!(is(&source("tensuhyo_02.zip"), "03-2背反テーブル2.csv"), Ok(Some(FileKind::PointsSameMonth)));
        for name in ["table.csv", "03-1背反テーブル2.csv", "03-5.csv", "20240603-1.csv", "03-12.csv"] {
            let refused = is(&source(name), "");
            assert!(matches!(refused, Err(MasterError::Kind { .. })), "{name}: {refused:?}");
        }
    }
}
