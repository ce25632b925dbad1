//! What a set of published files makes: dated rows, each with the file and line it came from.
//!
//! The set is put in order first (day, full before difference, name, checksum), so the order in which files were applied
//! never matters. Rows of a kind depend on files of that kind only.

use super::{kinds, read::Published};
use crate::{
    MasterError, Snapshot,
    official::{
        further,
        history::{History, joined},
        layout::Layout,
        text::Line,
    },
};
use chrono::NaiveDate;
use model::edition::FileKind;
use std::collections::BTreeMap;

/// A table of a file that is in force, as rows refer to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableFile {
    /// What it holds.
    pub kind: FileKind,
    /// Name of the edition.
    pub edition: String,
    /// Name as published.
    pub file: String,
    /// SHA-256 as published, hexadecimal.
    pub sha256: String,
    /// Day of the edition.
    pub date: NaiveDate,
    /// Whether it is a full file.
    pub full: bool,
    /// Rows of the file.
    pub rows: u32,
}

/// A row of the national masters with its days and where it came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerRow {
    /// Which table.
    pub kind: FileKind,
    /// Code, or the columns that are the key with a space between.
    pub code: String,
    /// First day in force.
    pub from: NaiveDate,
    /// Last day in force.
    pub to: Option<NaiveDate>,
    /// Which file told it last: place in [`Tables::files`].
    pub file: u32,
    /// Line in that file.
    pub line: u64,
    /// All cells, separated by tabs.
    pub cells: Box<str>,
}

impl LedgerRow {
    /// The row as a line of its file, for reading its cells by column.
    pub fn as_line<'f>(&self, file: &'f str) -> Line<'f> {
        self.line_into(file, csv::StringRecord::new())
    }

    /// The same in a record that was used before: a hundred thousand rows need not each their own.
    pub(crate) fn line_into<'f>(&self, file: &'f str, mut cells: csv::StringRecord) -> Line<'f> {
        cells.clear();
        self.cells.split('\t').for_each(|cell| cells.push_field(cell));
        Line { file, line: self.line, cells }
    }

    /// The cell of a column, from 1.
    pub fn cell(&self, column: usize) -> &str {
        self.cells.split('\t').nth(column - 1).unwrap_or_default()
    }
}

/// The rows a set of files makes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tables {
    /// The files, in their order.
    pub files: Vec<TableFile>,
    /// The rows, by kind, code and first day.
    pub rows: Vec<LedgerRow>,
}

/// The tables a set of files makes. The order of the input does not matter, and the same file twice is one file.
///
/// Fails when a difference file has no full file before it to lie on.
pub fn tables(files: &[Published]) -> Result<Tables, MasterError> {
    let mut order: Vec<&Published> = files.iter().collect();
    order.sort_by(|a, b| rank(a).cmp(&rank(b)).then_with(|| a.source.text.cmp(&b.source.text)));
    let mut known: Vec<&Published> = Vec::with_capacity(order.len());
    for file in order {
        let same = |other: &&Published| {
            other.kind == file.kind && other.sha256() == file.sha256() && other.source.text == file.source.text
        };
        if !known.iter().any(same) {
            known.push(file);
        }
    }
    let mut tables = Tables { files: known.iter().map(|file| file.table_file()).collect(), rows: Vec::new() };
    for kind in FileKind::ALL {
        let mine: Vec<(u32, &Published)> = (0u32..).zip(known.iter().copied()).filter(|(_, file)| file.kind == kind).collect();
        let Some((_, first)) = mine.first() else { continue };
        if !first.full {
            return Err(MasterError::NeedsFull { file: first.file().into(), edition: first.edition.clone() });
        }
        match kinds::layout(kind) {
            Some(layout) => basic(kind, layout, &mine, &mut tables.rows)?,
            None => whole(kind, &mine, &mut tables.rows)?,
        }
    }
    Ok(tables)
}

/// What files are ordered by.
fn rank(file: &Published) -> (FileKind, NaiveDate, bool, &str, &str) {
    (file.kind, file.date, !file.full, file.file(), file.sha256())
}

fn basic(
    kind: FileKind,
    layout: &'static Layout,
    files: &[(u32, &Published)],
    rows: &mut Vec<LedgerRow>,
) -> Result<(), MasterError> {
    let mut history = History::new(layout);
    for (_, file) in files {
        history.lay_file(&file.source, file.date, file.full)?;
    }
    rows.extend(history.stored().filter(|(_, from, to, ..)| to.is_none_or(|to| to >= *from)).map(
        |(code, from, to, file, line, cells)| LedgerRow {
            kind,
            code: code.to_owned(),
            from,
            to,
            file: files[file].0,
            line,
            cells,
        },
    ));
    Ok(())
}

/// The rows of a key with the days they are in force, the oldest first.
type Keyed = BTreeMap<String, Vec<LedgerRow>>;

/// A table that is published whole each time: what a later edition lacks has ended, what it tells otherwise has changed.
fn whole(kind: FileKind, files: &[(u32, &Published)], rows: &mut Vec<LedgerRow>) -> Result<(), MasterError> {
    // A table that comes in parts (内用薬, 注射薬 …) is replaced part by part.
    let mut parts: BTreeMap<&str, (NaiveDate, Keyed)> = BTreeMap::new();
    for (index, file) in files {
        let told = told(kind, *index, file)?;
        match parts.get_mut(part(&file.edition)) {
            None => {
                parts.insert(part(&file.edition), (file.date, told));
            }
            Some((before, standing)) => {
                let begins = begins(*before, file.date, standing, &told);
                for (_, list) in standing.iter_mut().filter(|(key, _)| !told.contains_key(*key)) {
                    if let Some(last) = list.last_mut().filter(|last| last.to.is_none_or(|to| to >= begins)) {
                        last.to = begins.pred_opt().map(|day| day.max(last.from));
                    }
                }
                for (key, list) in told {
                    lay(standing.entry(key).or_default(), list, begins);
                }
                *before = file.date;
            }
        }
    }
    let sound = |row: &LedgerRow| row.to.is_none_or(|to| to >= row.from);
    rows.extend(parts.into_values().flat_map(|(_, keyed)| keyed.into_values().flatten()).filter(sound));
    Ok(())
}

/// The rows of one edition by key.
fn told(kind: FileKind, index: u32, file: &Published) -> Result<Keyed, MasterError> {
    let mut told = Keyed::new();
    for row in further::read(&file.source, &file.inside, kind)?.rows {
        let cells = joined(&row.cells).into_boxed_str();
        let row = LedgerRow { kind, code: row.key, from: row.from, to: row.to, file: index, line: row.line, cells };
        told.entry(row.code.clone()).or_default().push(row);
    }
    for list in told.values_mut() {
        list.sort_by_key(|row| row.from);
        // A key that begins on several days is in force until the day before its next.
        for index in 1..list.len() {
            let end = list[index].from.pred_opt();
            let row = &mut list[index - 1];
            row.to = row.to.into_iter().chain(end).min();
        }
    }
    Ok(told)
}

/// Lays the rows a later edition tells of a key over what stands.
fn lay(standing: &mut Vec<LedgerRow>, told: Vec<LedgerRow>, begins: NaiveDate) {
    for mut row in told {
        let Some(last) = standing.last_mut() else {
            standing.push(row);
            continue;
        };
        // What is told again as it stood is confirmed.
        if content(&last.cells) == content(&row.cells) && last.from <= row.from {
            (last.file, last.line, last.to, last.cells) = (row.file, row.line, row.to, row.cells);
            continue;
        }
        if standing.iter().any(|known| known.from == row.from && content(&known.cells) == content(&row.cells)) {
            continue;
        }
        let Some(last) = standing.last_mut() else { continue };
        if row.from <= last.from {
            row.from = begins.max(last.from);
        }
        if row.from <= last.from {
            *last = row;
            continue;
        }
        last.to = last.to.into_iter().chain(row.from.pred_opt()).min();
        standing.push(row);
    }
}

/// The cells but the first, which in most of these tables only says what became of the row since the last file.
fn content(cells: &str) -> &str {
    cells.split_once('\t').map_or("", |(_, rest)| rest)
}

/// The day a later edition begins: the first day most of its new rows name, else the first day of a fee table since the
/// edition before, else the day of the edition.
fn begins(before: NaiveDate, date: NaiveDate, standing: &Keyed, told: &Keyed) -> NaiveDate {
    let mut days: BTreeMap<NaiveDate, usize> = BTreeMap::new();
    for (_, list) in told.iter().filter(|(key, _)| !standing.contains_key(*key)) {
        for row in list.iter().filter(|row| row.from > before) {
            *days.entry(row.from).or_default() += 1;
        }
    }
    let named = days.into_iter().max_by_key(|(day, count)| (*count, *day)).map(|(day, _)| day);
    let table = || crate::snapshot::fee_tables().map(|(first, _)| first).find(|first| before < *first && *first <= date);
    named.or_else(table).unwrap_or(date)
}

/// The name of an edition without its day: editions of one name follow each other.
pub(crate) fn part(edition: &str) -> &str {
    edition.rsplit_once(' ').map_or(edition, |(part, _)| part)
}

impl Snapshot {
    /// A snapshot of the tables a set of files makes, over the starter set. No files make the starter set itself.
    pub fn from_ledger(tables: &Tables) -> Result<Self, MasterError> {
        let mut loader = super::Loader::new(tables.files.clone());
        for row in &tables.rows {
            loader.add(row)?;
        }
        loader.finish()
    }
}
