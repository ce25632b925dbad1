//! A basic master through time: full and difference files laid over each other, every state kept with its first day.
//!
//! A difference file is sparse: in rows that change (5) or abolish (9) only the key and the changed columns are filled,
//! so cells are laid over the row that stands, never put in its place (DIGEST of the specifications §1.1; a file of
//! 2024-09-06 changes 2,722 drugs by one column each).
//!
//! What was told is kept as it was told, each with the day it speaks of; a state is what all that was told for its day
//! and the days before it makes, in the order of the days and not of the files. So a correction published later for an
//! earlier day takes nothing back of what is known of a later one.

use super::{
    layout::{Layout, c},
    text::*,
};
use crate::MasterError;
use chrono::{Datelike, NaiveDate};
use std::collections::{BTreeMap, HashSet};

/// First day of rows whose master names none.
pub const EVER: NaiveDate = match NaiveDate::from_ymd_opt(1900, 1, 1) {
    Some(day) => day,
    None => NaiveDate::MIN,
};

/// One state of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct State {
    /// First day in force.
    pub from: NaiveDate,
    /// Which of the applied files brought it.
    pub file: usize,
    /// Line in that file.
    pub line: u64,
    /// All cells.
    pub cells: csv::StringRecord,
}

/// What one file said of a code.
#[derive(Debug, Clone)]
struct Told {
    from: NaiveDate,
    file: usize,
    line: u64,
    sparse: bool,
    /// Separated by tabs: a record that is read has twice the size.
    cells: Box<str>,
}

/// All that is known of a code.
#[derive(Debug, Clone, Default)]
struct Code {
    told: Vec<Told>,
    /// Last day, when a later full file no longer holds it.
    gone: Option<NaiveDate>,
}

/// A state before it is given out.
struct Folded<'t> {
    from: NaiveDate,
    told: &'t Told,
    cells: Vec<&'t str>,
    to: Option<NaiveDate>,
}

/// All states of all rows of one master.
#[derive(Debug, Clone)]
pub struct History {
    /// Its columns.
    pub layout: &'static Layout,
    /// Names and checksums of the applied files, in order.
    pub files: Vec<(String, String)>,
    rows: BTreeMap<String, Code>,
}

impl History {
    /// Nothing yet.
    pub fn new(layout: &'static Layout) -> Self {
        Self { layout, files: Vec::new(), rows: BTreeMap::new() }
    }

    /// Lays a file over what stands. On an error nothing has changed.
    ///
    /// Files are applied in the order of their publication; a full file is one that holds unchanged rows (変更区分 0).
    pub fn apply(&mut self, source: &SourceFile) -> Result<(), MasterError> {
        let checked = check(self.layout, source)?;
        let date = day_in(&source.name).or(checked.newest).unwrap_or(EVER);
        self.lay_file(source, date, checked.full)
    }

    /// The same for a file whose day and kind are known, and that was checked ([`check`]).
    pub(crate) fn lay_file(&mut self, source: &SourceFile, date: NaiveDate, full: bool) -> Result<(), MasterError> {
        let file = self.files.len();
        let mut seen = HashSet::new();
        for line in source.lines() {
            let line = line?;
            let key = key(self.layout, &line)?;
            self.lay(&line, &key, file, date, full)?;
            if full {
                seen.insert(key);
            }
        }
        self.files.push((source.name.clone(), source.sha256.clone()));
        if full {
            self.end_missing(&seen, source, date);
        }
        Ok(())
    }

    /// Ends the codes a full file no longer holds, the day before its revision began.
    fn end_missing(&mut self, seen: &HashSet<String>, source: &SourceFile, date: NaiveDate) {
        let revision = self.revision(source);
        for (_, code) in self.rows.iter_mut().filter(|(key, code)| code.gone.is_none() && !seen.contains(*key)) {
            let newest = code.told.iter().map(|told| told.from).max().unwrap_or(EVER);
            // A code that began after that day was taken off some time before the file was published.
            let first = revision.filter(|day| *day > newest).unwrap_or(date);
            code.gone = first.pred_opt().map(|last| last.max(newest));
        }
    }

    /// The day a full file's revision began: the first day in force (変更年月日) that most rows share.
    fn revision(&self, source: &SourceFile) -> Option<NaiveDate> {
        let mut days: BTreeMap<NaiveDate, usize> = BTreeMap::new();
        for line in source.lines().filter_map(Result::ok) {
            if let Ok(Some(day)) = line.date(self.layout.changed) {
                *days.entry(day).or_default() += 1;
            }
        }
        days.into_iter().max_by_key(|(day, count)| (*count, *day)).map(|(day, _)| day)
    }

    fn lay(&mut self, line: &Line<'_>, key: &str, file: usize, date: NaiveDate, full: bool) -> Result<(), MasterError> {
        // 抹消: registered by mistake, as if it had never been.
        if line.cell(1) == "1" {
            self.rows.remove(key);
            return Ok(());
        }
        let dated = line.date(self.layout.changed)?;
        let listed = self.layout.listed.map_or(Ok(None), |column| line.date(column))?;
        let sparse = !full && matches!(line.cell(1), "5" | "9");
        if !self.rows.contains_key(key) {
            self.rows.insert(key.to_owned(), Code::default());
        }
        let Some(code) = self.rows.get_mut(key) else { return Ok(()) };
        code.gone = None;
        let newest = code.told.iter().map(|told| told.from).max();
        let stands = code.told.iter().map(|told| told.from).filter(|from| *from <= date).max();
        let from = match (dated, sparse) {
            // A row that is told again with its old day, though a change since is known: it confirms what stands.
            (Some(day), false) if full => stands.map_or(day, |stands| stands.max(day)),
            (Some(day), _) => day,
            // 変更年月日 is one of the columns that may stay empty: then the row changes without a day of its own.
            (None, true) => newest.or(listed).unwrap_or(EVER),
            (None, false) => listed.unwrap_or(EVER),
        };
        let cells = joined(&line.cells).into_boxed_str();
        let told = |from| Told { from, file, line: line.line, sparse, cells: cells.clone() };
        if dated.is_none()
            && sparse
            && let Some(stands) = stands.filter(|stands| *stands < from)
        {
            code.told.push(told(stands));
        }
        if !sparse {
            code.told.retain(|told| told.from != from);
        }
        code.told.push(told(from));
        Ok(())
    }

    /// The states of a code, the oldest first.
    fn fold<'t>(&self, code: &'t Code) -> Vec<Folded<'t>> {
        let mut told: Vec<&Told> = code.told.iter().collect();
        // Stable: of one day in the order they were told.
        told.sort_by_key(|told| told.from);
        let mut cells = vec![""; self.layout.columns[0]];
        let mut states: Vec<Folded<'_>> = Vec::new();
        let mut whole = false;
        for same in told.chunk_by(|a, b| a.from == b.from) {
            for told in same {
                whole |= !told.sparse;
                if !told.sparse {
                    cells.fill("");
                }
                for (slot, cell) in cells.iter_mut().zip(told.cells.split('\t')) {
                    if !told.sparse || !cell.is_empty() {
                        *slot = cell;
                    }
                }
            }
            // Changes of a row that nobody has told whole yet make no row.
            let Some(last) = same.last().filter(|_| whole) else { continue };
            let ends = self.layout.ends.iter().filter_map(|column| end(cells[column - 1]));
            let to = ends.min();
            let ended = to.is_some_and(|to| to < last.from);
            match states.last_mut() {
                // It ended before this day: that is said of the row that stood.
                Some(standing) if ended => {
                    standing.told = last;
                    standing.cells.clone_from(&cells);
                    standing.to = to;
                }
                _ => {
                    let from = to.filter(|_| ended).map_or(last.from, table_of);
                    states.push(Folded { from, told: last, cells: cells.clone(), to });
                }
            }
        }
        if let (Some(listed), Some(first)) = (self.layout.listed, states.first_mut()) {
            // Names carry the day of their last change; the first state that is known was in use before it.
            first.from = end(first.cells[listed - 1]).unwrap_or(EVER).min(first.from);
        }
        let next: Vec<Option<NaiveDate>> = states.iter().skip(1).map(|state| state.from.pred_opt()).collect();
        for (state, next) in states.iter_mut().zip(next) {
            state.to = state.to.into_iter().chain(next).min();
        }
        if let (Some(last), Some(gone)) = (states.last_mut(), code.gone) {
            last.to = Some(last.to.map_or(gone, |to| to.min(gone)));
        }
        states
    }

    /// How many codes there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether nothing was applied.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The newest state of a code.
    pub fn newest(&self, code: &str) -> Option<State> {
        self.rows.get(code).and_then(|code| self.fold(code).pop()).map(|folded| state(&folded))
    }

    /// Every state with its last day: the day before the next state, or the day it was abolished.
    pub fn states(&self) -> impl Iterator<Item = (&str, State, Option<NaiveDate>)> {
        self.rows
            .iter()
            .flat_map(|(key, code)| self.fold(code).into_iter().map(move |folded| (key.as_str(), state(&folded), folded.to)))
    }

    /// The same with the cells separated by tabs, which is how they are stored: code, first day, last day, file, line, cells.
    pub(crate) fn stored(&self) -> impl Iterator<Item = (&str, NaiveDate, Option<NaiveDate>, usize, u64, Box<str>)> {
        self.rows.iter().flat_map(|(key, code)| {
            self.fold(code).into_iter().map(move |folded| {
                let cells = folded.cells.join("\t").into_boxed_str();
                (key.as_str(), folded.from, folded.to, folded.told.file, folded.told.line, cells)
            })
        })
    }

    /// A state as a line, for reading its cells by column.
    pub fn line<'s>(&'s self, state: &State) -> Line<'s> {
        Line { file: self.files.get(state.file).map_or("", |f| f.0.as_str()), line: state.line, cells: state.cells.clone() }
    }
}

fn state(folded: &Folded<'_>) -> State {
    State { from: folded.from, file: folded.told.file, line: folded.told.line, cells: folded.cells.iter().copied().collect() }
}

/// A day in a cell that was checked when the file was read; none for the writings of "no day".
fn end(cell: &str) -> Option<NaiveDate> {
    day(cell.trim())
}

/// First day of the fee table a day belongs to: where only the last day of a row is told, it is taken to have been in
/// force since the table began.
fn table_of(last: NaiveDate) -> NaiveDate {
    let tables = crate::snapshot::fee_tables().map(|(first, _)| first);
    let year = NaiveDate::from_ymd_opt(last.year(), 1, 1).unwrap_or(last);
    tables.filter(|first| *first <= last).max().unwrap_or(year)
}

/// What a check of a basic master's file finds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Checked {
    /// Whether it is a full file.
    pub full: bool,
    /// How many rows it has.
    pub rows: u32,
    /// The newest day it names as a first day in force.
    pub newest: Option<NaiveDate>,
}

/// Checks a whole file of a basic master: columns, master, key, dates, and that no key stands twice.
pub(crate) fn check(layout: &Layout, source: &SourceFile) -> Result<Checked, MasterError> {
    let mut seen = HashSet::new();
    let mut checked = Checked { full: false, rows: 0, newest: None };
    let mut width = None;
    for line in source.lines() {
        let line = line?;
        let found = line.cells.len();
        // Layouts grew over the years, but never within a file: a shorter line was cut.
        if !layout.columns.contains(&found) || *width.get_or_insert(found) != found {
            let expected = match width {
                Some(width) if layout.columns.contains(&width) => width.to_string(),
                _ => layout.columns.iter().map(usize::to_string).collect::<Vec<_>>().join(" か "),
            };
            return Err(MasterError::Columns { file: source.name.clone(), line: line.line, expected, found });
        }
        if line.cell(2) != layout.letter {
            return Err(line.wrong(2, &format!("マスター種別 {}", layout.letter)));
        }
        if !matches!(line.cell(1), "0" | "1" | "2" | "3" | "5" | "9") {
            return Err(line.wrong(1, "変更区分 0、1、2、3、5、9 のいずれか"));
        }
        let key = key(layout, &line)?;
        let changed = line.date(layout.changed)?;
        for column in layout.ends.iter().copied().chain(layout.listed) {
            line.date(column)?;
        }
        if seen.contains(&key) {
            return Err(MasterError::Duplicate { file: source.name.clone(), line: line.line, key });
        }
        seen.insert(key);
        checked.full |= line.cell(1) == "0";
        checked.rows += 1;
        checked.newest = checked.newest.max(changed);
    }
    Ok(checked)
}

/// The key; comments of difference files may leave the whole code out and give its parts.
pub(crate) fn key(layout: &Layout, line: &Line<'_>) -> Result<String, MasterError> {
    if layout.letter == "C" && line.cell(c::CODE).is_empty() {
        let serial: u32 = line.number(c::PATTERN + 1)?;
        let code = format!("8{}{serial:06}", line.code(c::PATTERN, 2)?);
        return if code.len() == layout.key_length { Ok(code) } else { Err(line.wrong(c::PATTERN + 1, "6桁までの番号")) };
    }
    line.code(layout.key, layout.key_length)
}

/// The cells separated by tabs. No published cell holds a tab or a line break; where one does, a space stands for it.
pub(crate) fn joined(cells: &csv::StringRecord) -> String {
    let mut text = String::with_capacity(cells.as_slice().len() + cells.len());
    for (index, cell) in cells.iter().enumerate() {
        if index > 0 {
            text.push('\t');
        }
        if cell.contains(char::is_control) {
            text.extend(cell.chars().map(|c| if c.is_control() { ' ' } else { c }));
        } else {
            text.push_str(cell);
        }
    }
    text
}
