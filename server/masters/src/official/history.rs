//! A basic master through time: full and difference files laid over each other, every state kept with its first day.
//!
//! A difference file is sparse: in rows that change (5) or abolish (9) only the key and the changed columns are filled,
//! so cells are laid over the row that stands, never put in its place (DIGEST of the specifications §1.1; a file of
//! 2024-09-06 changes 2,722 drugs by one column each).

use super::{layout::Layout, text::*};
use crate::MasterError;
use chrono::NaiveDate;
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

/// All states of all rows of one master.
#[derive(Debug, Clone)]
pub struct History {
    /// Its columns.
    pub layout: &'static Layout,
    /// Names and checksums of the applied files, in order.
    pub files: Vec<(String, String)>,
    rows: BTreeMap<String, Vec<State>>,
    /// Last day of codes that a later full file no longer holds.
    gone: BTreeMap<String, NaiveDate>,
}

impl History {
    /// Nothing yet.
    pub fn new(layout: &'static Layout) -> Self {
        Self { layout, files: Vec::new(), rows: BTreeMap::new(), gone: BTreeMap::new() }
    }

    /// Lays a file over what stands. On an error nothing has changed.
    pub fn apply(&mut self, source: &SourceFile) -> Result<(), MasterError> {
        let lines: Vec<Line<'_>> = source.lines().collect::<Result<_, _>>()?;
        let mut seen = HashSet::new();
        let mut keys = Vec::with_capacity(lines.len());
        let full = 2 * lines.len() >= self.rows.len() && lines.iter().any(|line| line.cell(1) == "0");
        for line in &lines {
            if !self.layout.columns.contains(&line.cells.len()) {
                return Err(MasterError::Columns {
                    file: source.name.clone(),
                    line: line.line,
                    expected: self.layout.columns.iter().map(usize::to_string).collect::<Vec<_>>().join(" か "),
                    found: line.cells.len(),
                });
            }
            if line.cell(2) != self.layout.letter {
                return Err(line.wrong(2, &format!("マスター種別 {}", self.layout.letter)));
            }
            if !matches!(line.cell(1), "0" | "1" | "2" | "3" | "5" | "9") {
                return Err(line.wrong(1, "変更区分 0、1、2、3、5、9 のいずれか"));
            }
            let key = self.key(line)?;
            line.date(self.layout.changed)?;
            line.date(self.layout.abolished)?;
            if !seen.insert(key.clone()) && full {
                return Err(MasterError::Duplicate { file: source.name.clone(), line: line.line, key });
            }
            keys.push(key);
        }
        let file = self.files.len();
        self.files.push((source.name.clone(), source.sha256.clone()));
        if full && let Some(end) = self.revision(&lines).and_then(|day| day.pred_opt()) {
            for key in self.rows.keys().filter(|key| !seen.contains(*key)) {
                self.gone.entry(key.clone()).or_insert(end);
            }
        }
        for (line, key) in lines.into_iter().zip(keys) {
            self.gone.remove(&key);
            self.lay(line, key, file, full);
        }
        Ok(())
    }

    /// The day a full file's revision began: the first day in force (変更年月日) that most rows share.
    fn revision(&self, lines: &[Line<'_>]) -> Option<NaiveDate> {
        let mut days: BTreeMap<NaiveDate, usize> = BTreeMap::new();
        for line in lines {
            if let Ok(Some(day)) = line.date(self.layout.changed) {
                *days.entry(day).or_default() += 1;
            }
        }
        days.into_iter().max_by_key(|(day, count)| (*count, *day)).map(|(day, _)| day)
    }

    /// The key; comments of difference files may leave the whole code out and give its parts.
    fn key(&self, line: &Line<'_>) -> Result<String, MasterError> {
        use super::layout::c;
        if self.layout.letter == "C" && line.cell(c::CODE).is_empty() {
            let serial: u32 = line.number(c::PATTERN + 1)?;
            return Ok(format!("8{}{serial:06}", line.code(c::PATTERN, 2)?));
        }
        line.code(self.layout.key, self.layout.key_length)
    }

    fn lay(&mut self, line: Line<'_>, key: String, file: usize, full: bool) {
        let sparse = !full && matches!(line.cell(1), "5" | "9");
        let dated = line.date(self.layout.changed).ok().flatten();
        let number = line.line;
        if line.cell(1) == "1" {
            self.rows.remove(&key);
            return;
        }
        let width = self.layout.columns[0];
        let states = self.rows.entry(key).or_default();
        let cells = match states.last() {
            Some(last) if sparse => (0..width)
                .map(|i| match line.cells.get(i) {
                    Some(cell) if !cell.is_empty() => cell,
                    _ => last.cells.get(i).unwrap_or_default(),
                })
                .collect(),
            _ => (0..width).map(|i| line.cells.get(i).unwrap_or_default()).collect(),
        };
        let from = dated.unwrap_or(EVER);
        // A row may be told again unchanged, or told anew for the same day: one state a day.
        states.retain(|state| state.from < from);
        states.push(State { from, file, line: number, cells });
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
    pub fn newest(&self, code: &str) -> Option<&State> {
        self.rows.get(code).and_then(|states| states.last())
    }

    /// Every state with its last day: the day before the next state, or the day it was abolished.
    pub fn states(&self) -> impl Iterator<Item = (&str, &State, Option<NaiveDate>)> {
        self.rows.iter().flat_map(move |(code, states)| {
            states.iter().enumerate().map(move |(index, state)| {
                let next = states.get(index + 1).and_then(|next| next.from.pred_opt());
                let gone = if index + 1 == states.len() { self.gone.get(code).copied() } else { None };
                let abolished = self.line(state).date(self.layout.abolished).ok().flatten();
                (code.as_str(), state, next.into_iter().chain(gone).chain(abolished).min())
            })
        })
    }

    /// A state as a line, for reading its cells by column.
    pub fn line<'s>(&'s self, state: &State) -> Line<'s> {
        Line { file: self.files.get(state.file).map_or("", |f| f.0.as_str()), line: state.line, cells: state.cells.clone() }
    }
}
