//! The door for every published table beside the six basic masters: which it is, whether it is sound, and its rows.
//!
//! All of them are full files. A row leaves here with the cells it had, its key and its days; the typed readers of
//! [`crate::points`] read the same cells again when the masters are loaded.

use super::{
    comment_relation, era, figures, general_name,
    history::EVER,
    jfagy, jlac_list, points, price_list, price_standard,
    text::{Line, SourceFile},
};
use crate::{MasterError, points::Term, starter::make::R8};
use chrono::NaiveDate;
use model::edition::FileKind;
use std::collections::{HashMap, hash_map::Entry};

/// A table that was read whole.
#[derive(Debug, Clone)]
pub struct FurtherFile {
    /// What it is.
    pub kind: FileKind,
    /// The day of its edition: said in it, or in its name, or the newest day a row speaks of.
    pub date: Option<NaiveDate>,
    /// A full file takes the place of earlier rows of the same kind and scope only: the price list comes as one file for
    /// each of 内用薬, 注射薬 and 外用薬, the general names as two sheets. Empty where one file is all there is.
    pub scope: String,
    /// Its rows.
    pub rows: Vec<FurtherRow>,
}

/// A row with its key and days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FurtherRow {
    /// Unique among the rows of one kind that begin on the same day.
    pub key: String,
    /// First day in force; [`EVER`] where the table has no days.
    pub from: NaiveDate,
    /// Last day in force.
    pub to: Option<NaiveDate>,
    /// Line in the file, from 1; row in a spreadsheet.
    pub line: u64,
    /// Its cells.
    pub cells: csv::StringRecord,
}

/// Which of these tables a source is, by its content; the four 背反テーブル, which look alike, by `inside` (the name of the
/// member where the source came in an archive, else empty) or by its name, and refused where neither tells. None where it
/// is none of them.
pub fn recognise(source: &SourceFile, inside: &str) -> Result<Option<FileKind>, MasterError> {
    if jlac_list::is(source).is_some() {
        return Ok(Some(FileKind::Lab));
    }
    let Some(first) = source.lines().next() else { return Ok(None) };
    if let Ok(line) = first {
        let starts =
            |names: &[&str]| names.iter().zip(line.cells.iter()).filter(|(name, cell)| *name == cell).count() == names.len();
        let known = [
            (&jfagy::HEADER[..2], FileKind::Allergen),
            (&figures::ESTIMATED[..2], FileKind::EstimatedPoints),
            (&figures::SOURCED[..4], FileKind::NoticedPoints),
            (&figures::MATCHED[..4], FileKind::MatchedPrice),
            (&price_standard::HEADER[..4], FileKind::DrugPriceStandard),
        ];
        if let Some((_, kind)) = known.iter().find(|(names, _)| starts(names)) {
            return Ok(Some(*kind));
        }
    }
    if general_name::is(source).is_some() {
        return Ok(Some(FileKind::GeneralName));
    }
    if price_list::is(source) {
        return Ok(Some(FileKind::DrugPriceList));
    }
    // Before the electronic points table: some of its lines could be taken for those of another table, these not.
    if comment_relation::is(source) {
        return Ok(Some(FileKind::CommentRelation));
    }
    points::is(source, inside)
}

/// Checks every line of a table and gives its rows.
pub fn read(source: &SourceFile, inside: &str, kind: FileKind) -> Result<FurtherFile, MasterError> {
    let named = era::of_name(inside).or_else(|| era::of_name(&source.name));
    let mut rows = Rows { source, rows: Vec::new(), seen: HashMap::new(), newest: None };
    let (date, scope) = match kind {
        FileKind::Lab => labs(source, &mut rows)?,
        FileKind::Allergen => {
            header(source, &jfagy::HEADER)?;
            for line in source.lines().skip(1) {
                let line = line?;
                let validity = jfagy::validity(&line, "")?;
                jfagy::row(&line, validity.clone())?;
                rows.put(line.text(2), Term { from: validity.from, to: validity.to }, line)?;
            }
            (named, String::new())
        }
        FileKind::EstimatedPoints => {
            let code = |line: &Line<'_>| figures::estimated_row(line).map(|row| row.0);
            (coded(source, &mut rows, &figures::ESTIMATED, R8, code)?, String::new())
        }
        FileKind::NoticedPoints => {
            let code = |line: &Line<'_>| figures::sourced_row(line).map(|row| row.code);
            (coded(source, &mut rows, &figures::SOURCED, R8, code)?, String::new())
        }
        FileKind::MatchedPrice => {
            // The day stands in the heading: price_R8_20260401.
            let from = era::of_name(figures::MATCHED[5]).unwrap_or(R8);
            let code = |line: &Line<'_>| figures::matched_row(line).map(|row| row.0);
            (coded(source, &mut rows, &figures::MATCHED, from, code)?, String::new())
        }
        FileKind::DrugPriceStandard => (standard(source, &mut rows, named)?, String::new()),
        FileKind::GeneralName => general(source, &mut rows, named)?,
        FileKind::DrugPriceList => listed(source, &mut rows, named)?,
        FileKind::CommentRelation => {
            for line in source.lines() {
                let line = line?;
                if let Some(row) = comment_relation::row(&line)? {
                    let cells = [6, 9, 10, 7, 2, 3, 5].map(|column| line.text(column));
                    rows.repeat(cells.join("-"), row.term, line);
                }
            }
            (named, String::new())
        }
        kind => {
            let Some(form) = points::form(kind) else {
                return Err(MasterError::Kind { file: source.name.clone(), expected: kind.label().into() });
            };
            for line in source.lines() {
                let line = line?;
                points::row(kind, &line)?;
                let term = points::term(kind, &line)?;
                // 抹消: the row was never to be.
                if line.cell(1) == "1" {
                    continue;
                }
                let key = form.key.iter().map(|column| line.cell(*column)).collect::<Vec<_>>().join("-");
                rows.put(key, term, line)?;
            }
            (named, String::new())
        }
    };
    if rows.rows.is_empty() {
        return Err(MasterError::Empty { file: source.name.clone(), expected: kind.label().into() });
    }
    Ok(FurtherFile { kind, date: date.or(rows.newest), scope, rows: rows.rows })
}

/// Rows as they come, and what was seen.
struct Rows<'s> {
    source: &'s SourceFile,
    rows: Vec<FurtherRow>,
    seen: HashMap<(String, NaiveDate), u32>,
    /// The newest first day.
    newest: Option<NaiveDate>,
}

impl Rows<'_> {
    /// Takes a row in; its key may not have been there on that day.
    fn put(&mut self, key: String, term: Term, line: Line<'_>) -> Result<(), MasterError> {
        match self.seen.entry((key.clone(), term.from)) {
            Entry::Occupied(_) => Err(MasterError::Duplicate { file: self.source.name.clone(), line: line.line, key }),
            Entry::Vacant(free) => {
                free.insert(1);
                self.push(key, term, line);
                Ok(())
            }
        }
    }

    /// Takes a row in; where its key was there before, it gets a number behind it.
    fn repeat(&mut self, key: String, term: Term, line: Line<'_>) {
        let count = self.seen.entry((key.clone(), term.from)).or_default();
        *count += 1;
        let key = if *count > 1 { format!("{key}#{count}") } else { key };
        self.push(key, term, line);
    }

    fn push(&mut self, key: String, term: Term, line: Line<'_>) {
        if term.from != EVER {
            self.newest = self.newest.max(Some(term.from));
        }
        self.rows.push(FurtherRow { key, from: term.from, to: term.to, line: line.line, cells: line.cells });
    }
}

/// Fails unless the first line begins with these cells.
fn header(source: &SourceFile, names: &[&str]) -> Result<(), MasterError> {
    let first = source.lines().next().transpose()?;
    let Some(line) = first else {
        return Err(MasterError::Empty { file: source.name.clone(), expected: format!("見出し {}", names.join(",")) });
    };
    match (1..=names.len()).find(|column| line.cell(*column) != names[column - 1]) {
        Some(column) => Err(line.wrong(column, &format!("見出し {}", names[column - 1]))),
        None => Ok(()),
    }
}

/// A list with a code in its first column that holds from one day.
fn coded(
    source: &SourceFile,
    rows: &mut Rows<'_>,
    names: &[&str],
    from: NaiveDate,
    code: impl Fn(&Line<'_>) -> Result<String, MasterError>,
) -> Result<Option<NaiveDate>, MasterError> {
    header(source, names)?;
    let width = source.lines().next().and_then(Result::ok).map_or(names.len(), |line| line.cells.len());
    for line in source.lines().skip(1) {
        let line = line?;
        points::columns(&line, width)?;
        rows.put(code(&line)?, Term { from, to: None }, line)?;
    }
    Ok(Some(from))
}

fn labs(source: &SourceFile, rows: &mut Rows<'_>) -> Result<(Option<NaiveDate>, String), MasterError> {
    for listed in jlac_list::codes(source)? {
        let line = Line { file: &source.name, line: listed.line, cells: listed.cells() };
        rows.put(format!("{}/{}", listed.group, listed.code), Term { from: EVER, to: None }, line)?;
    }
    Ok((jlac_list::date(source), jlac_list::is(source).unwrap_or_default().to_owned()))
}

fn standard(source: &SourceFile, rows: &mut Rows<'_>, named: Option<NaiveDate>) -> Result<Option<NaiveDate>, MasterError> {
    let from = dated(source, named)?;
    let mut prices = HashMap::new();
    for line in source.lines().skip(1) {
        let line = line?;
        let row = price_standard::row(&line)?;
        let key = format!("{} {} {}", row.part, row.name, row.spec);
        // The notice itself repeats some lines; two prices for one product it does not have.
        if *prices.entry(key.clone()).or_insert(row.price) != row.price {
            return Err(MasterError::Duplicate { file: source.name.clone(), line: line.line, key });
        }
        rows.repeat(key, Term { from, to: None }, line);
    }
    Ok(Some(from))
}

fn general(
    source: &SourceFile,
    rows: &mut Rows<'_>,
    named: Option<NaiveDate>,
) -> Result<(Option<NaiveDate>, String), MasterError> {
    let Some((sheet, heading)) = general_name::is(source) else {
        return Err(MasterError::Kind { file: source.name.clone(), expected: "一般名処方マスタ".into() });
    };
    let from = dated(source, general_name::date(source).or(named))?;
    let term = Term { from, to: None };
    let mut above = general_name::Above::default();
    for line in source.lines() {
        let line = line?;
        if line.line <= heading || general_name::blank(&line) {
            continue;
        }
        general_name::narrow(sheet, &line)?;
        match sheet {
            general_name::Sheet::Names => {
                let row = general_name::name(&line)?;
                rows.put(row.code, term, line)?;
            }
            general_name::Sheet::Exceptions => {
                let line = above.fill(line);
                let row = general_name::exception(&line)?;
                rows.put(format!("{}/{}", row.code, row.product), term, line)?;
            }
        }
    }
    let scope = if sheet == general_name::Sheet::Exceptions { "例外コード品目対照表" } else { "" };
    Ok((Some(from), scope.into()))
}

fn listed(
    source: &SourceFile,
    rows: &mut Rows<'_>,
    named: Option<NaiveDate>,
) -> Result<(Option<NaiveDate>, String), MasterError> {
    let date = dated(source, named)?;
    let mut scope: Option<String> = None;
    for line in source.lines() {
        let line = line?;
        if price_list::heading(&line) || general_name::blank(&line) {
            continue;
        }
        let row = price_list::row(&line)?;
        if scope.get_or_insert_with(|| row.part.clone()) != &row.part {
            return Err(line.wrong(1, &format!("この表の区分 {}", scope.unwrap_or_default())));
        }
        let term = price_list::term(&line, date)?;
        rows.put(row.code, term, line)?;
    }
    Ok((Some(date), scope.unwrap_or_default()))
}

/// The day of a table that does not date its rows.
fn dated(source: &SourceFile, found: Option<NaiveDate>) -> Result<NaiveDate, MasterError> {
    found.ok_or_else(|| MasterError::Kind {
        file: source.name.clone(),
        expected: "日付（YYYYMMDD）がファイル名で分かるもの".into(),
    })
}
