//! One file as handed in: unpacked, recognised, checked cell by cell, dated. It is refused whole or taken whole.

use super::{kinds, table::TableFile};
use crate::{
    MasterError,
    official::{era, further, history, layout::Layout, points, sheet, text::*},
};
use chrono::NaiveDate;
use model::edition::{FileKind, FileTable};

/// A table of a published file that was found in order.
#[derive(Debug, Clone)]
pub struct Published {
    /// Name, checksum and text.
    pub source: SourceFile,
    /// Name it had inside its archive; else its name.
    pub inside: String,
    /// What it holds.
    pub kind: FileKind,
    /// Name of the edition, e.g. `C 2026-06-26`.
    pub edition: String,
    /// Day of the edition: of the name, else the newest first day inside.
    pub date: NaiveDate,
    /// Whether it is a full file (全件), not a difference file (差分).
    pub full: bool,
    /// Its rows.
    pub rows: u32,
}

impl Published {
    /// Name of the file as published.
    pub fn file(&self) -> &str {
        &self.source.name
    }

    /// SHA-256 of the file as published, hexadecimal.
    pub fn sha256(&self) -> &str {
        &self.source.sha256
    }

    /// As shown in the list of files.
    pub fn table(&self) -> FileTable {
        FileTable { kind: self.kind, edition: self.edition.clone(), date: self.date, full: self.full, rows: self.rows }
    }

    /// As the tables refer to it.
    pub fn table_file(&self) -> TableFile {
        TableFile {
            kind: self.kind,
            edition: self.edition.clone(),
            file: self.source.name.clone(),
            sha256: self.source.sha256.clone(),
            date: self.date,
            full: self.full,
            rows: self.rows,
        }
    }
}

/// Reads one file as handed in: a table, an archive of tables, a spreadsheet. What it holds is judged by its content.
///
/// Fails with file, line, column and what was expected; a file that holds no master is refused as `Kind`.
pub fn read(name: &str, bytes: &[u8]) -> Result<Vec<Published>, MasterError> {
    let mut published = Vec::new();
    let mut strange = None;
    let sources = sources(name, bytes)?;
    let several = sources.len() > 1;
    for (inside, source) in sources {
        if source.text.trim().is_empty() && !several {
            return Err(MasterError::Empty { file: source.name, expected: "マスターの行".into() });
        }
        match kinds::recognise(&source, &inside)? {
            Some(kind) => published.push(table(kind, inside, source)?),
            // A note (.txt) beside the tables of an archive, and a second sheet, are passed over; a table is not.
            None if strange.is_none() && inside.to_ascii_lowercase().ends_with(".csv") => strange = Some(source.name),
            None => {}
        }
    }
    match strange {
        None if !published.is_empty() => {
            settle(&mut published);
            Ok(published)
        }
        strange => Err(MasterError::Kind {
            file: strange.unwrap_or_else(|| name.into()),
            expected: "取り込めるマスター（支払基金の基本マスター S・Y・T・C・B・Z、電子点数表、コメント関連、一般名処方、薬価、J-FAGY、JLAC10）"
                .into(),
        }),
    }
}

/// The sources of a folder's file: what is no master is passed over, and what is one must be in order.
pub(crate) fn read_leniently(name: &str, bytes: &[u8]) -> Result<Vec<Published>, MasterError> {
    let sources = match sources(name, bytes) {
        Ok(sources) => sources,
        Err(error) if looks_like_a_master(name, bytes) => return Err(error),
        Err(_) => return Ok(Vec::new()),
    };
    let mut published = Vec::new();
    for (inside, source) in sources {
        if let Ok(Some(kind)) = kinds::recognise(&source, &inside) {
            published.push(table(kind, inside, source)?);
        }
    }
    settle(&mut published);
    Ok(published)
}

/// Whether a file that cannot be read was meant to be a master: by its name (`s_ALL20260605.zip`) or its first bytes.
fn looks_like_a_master(name: &str, bytes: &[u8]) -> bool {
    let letter = |byte: u8| b"SYTCBZ".contains(&byte.to_ascii_uppercase());
    let head: Vec<u8> = bytes.iter().copied().filter(|byte| *byte != b'"').take(4).collect();
    let told = matches!(head.as_slice(), [b'0'..=b'9', b',', master, b','] if letter(*master));
    let named = matches!(name.as_bytes(), [master, b'_', ..] if letter(*master)) && era::of_name(name).is_some();
    told || named
}

/// Tables of one archive were published on one day: those whose day is only guessed from their rows get the newest.
fn settle(published: &mut [Published]) {
    let guessed = |file: &Published| era::of_name(&file.inside).or_else(|| era::of_name(&file.source.name)).is_none();
    let points = |file: &Published| points::form(file.kind).is_some();
    let newest = published.iter().filter(|file| points(file)).map(|file| file.date).max();
    for file in published.iter_mut().filter(|file| points(file) && guessed(file)) {
        if let (Some(newest), Some((label, _))) = (newest, file.edition.rsplit_once(' ')) {
            file.edition = format!("{label} {newest}");
            file.date = newest;
        }
    }
}

fn sources(name: &str, bytes: &[u8]) -> Result<Vec<(String, SourceFile)>, MasterError> {
    if packed(bytes) {
        few_members(name, bytes)?;
        if sheet::is(bytes) {
            return Ok(sheet::parse(name, bytes)?.into_iter().map(|sheet| (name.to_owned(), sheet)).collect());
        }
    }
    unpack(name, bytes)
}

/// Checks a source of a kind and dates it.
fn table(kind: FileKind, inside: String, source: SourceFile) -> Result<Published, MasterError> {
    let found = match kinds::layout(kind) {
        Some(layout) => basic(kind, layout, &inside, &source)?,
        None => {
            let file = further::read(&source, &inside, kind)?;
            let rows = u32::try_from(file.rows.len()).unwrap_or(u32::MAX);
            Found { full: true, rows, date: file.date, scope: file.scope }
        }
    };
    let Some(date) = found.date else {
        return Err(MasterError::Kind {
            file: source.name,
            expected: "版の日付が分かりません。ファイル名に年月日（8桁）があるもの".into(),
        });
    };
    let edition = if found.scope.is_empty() {
        format!("{} {date}", kinds::label(kind))
    } else {
        format!("{} {} {date}", kinds::label(kind), found.scope)
    };
    Ok(Published { source, inside, kind, edition, date, full: found.full, rows: found.rows })
}

/// What was found while checking.
struct Found {
    full: bool,
    rows: u32,
    date: Option<NaiveDate>,
    scope: String,
}

/// One of the six basic masters: first as a table, then every cell.
fn basic(kind: FileKind, layout: &Layout, inside: &str, source: &SourceFile) -> Result<Found, MasterError> {
    let checked = history::check(layout, source)?;
    if checked.rows == 0 {
        return Err(MasterError::Empty { file: source.name.clone(), expected: format!("{}マスター", kind.label()) });
    }
    for line in source.lines() {
        kinds::check(layout.kind, &line?)?;
    }
    // A file is not published years before what it holds begins: then its name speaks of something else.
    let fits = |day: &NaiveDate| checked.newest.is_none_or(|newest| (newest - *day).num_days() <= 400);
    let named = era::of_name(inside).or_else(|| era::of_name(&source.name)).filter(fits);
    Ok(Found { full: checked.full, rows: checked.rows, date: named.or(checked.newest), scope: String::new() })
}
