//! A snapshot straight from a folder of official files, without a database (`karte fee --masters`, `karte masters search
//! --masters`).
//!
//! Files are recognised by their content (マスター種別 in column 2), ordered by the date in their name, and laid over each
//! other; difference files are overlaid, full files replace. Allergens come from J-FAGY, laboratory items and usages from
//! the starter set where the folder brings none.

use crate::{
    MasterError, Snapshot,
    official::{figures, history::*, jfagy, layout::*, ssk, text::SourceFile},
    starter::{self, Rows},
};
use chrono::NaiveDate;
use model::master::*;
use std::path::{Path, PathBuf};

impl Snapshot {
    /// Loads every master file (`.csv`, `.txt`, `.zip`) that lies in a folder or below it. What is no master is passed
    /// over; a master that is broken is refused, and with it the folder.
    pub fn load_dir(folder: &Path) -> Result<Self, MasterError> {
        let mut files = Vec::new();
        walk(folder, &mut files)?;
        let mut sources = Vec::new();
        for path in files {
            for source in SourceFile::open(&path)? {
                sources.push(source);
            }
        }
        // By date, and a full file of a day before its difference files.
        sources.sort_by_key(|source| (published(&source.name), !full(source), source.name.clone()));
        let mut histories: Vec<History> = LAYOUTS.iter().map(History::new).collect();
        let mut rows = Rows::default();
        let starter = starter::rows()?;
        for source in &sources {
            match recognise(source) {
                Some(Kind::Basic(layout)) => {
                    if let Some(history) = histories.iter_mut().find(|h| h.layout == layout) {
                        history.apply(source)?;
                    }
                }
                Some(Kind::Allergens) => {
                    rows.allergens = jfagy::parse(source, "J-FAGY")?;
                    rows.editions.push(info(MasterKind::Allergen, "J-FAGY", source, rows.allergens.len()));
                }
                Some(Kind::SourcedPoints | Kind::EstimatedPoints) | None => {}
            }
        }
        for history in &histories {
            read(history, &mut rows)?;
            for (name, sha256) in &history.files {
                let edition = edition(history.layout.letter, name);
                let count = history.states().filter(|(_, state, _)| history.files[state.file].0 == *name).count();
                rows.editions.push(EditionInfo {
                    kind: history.layout.kind.into(),
                    name: edition,
                    file: name.clone(),
                    sha256: sha256.clone(),
                    rows: count as u32,
                    date: published(name).unwrap_or(EVER),
                    estimated: 0,
                });
            }
        }
        revise(&mut rows, &sources)?;
        if rows.allergens.is_empty() {
            rows.allergens = starter.allergens;
        }
        rows.labs = starter.labs;
        rows.usages = starter.usages;
        Ok(Self::new(rows))
    }
}

/// What a file is.
enum Kind {
    Basic(&'static Layout),
    Allergens,
    SourcedPoints,
    EstimatedPoints,
}

fn recognise(source: &SourceFile) -> Option<Kind> {
    let first = source.lines().next()?.ok()?;
    match first.cell(1) {
        "DISPLAYSEQ" => Some(Kind::Allergens),
        "code" if first.cell(4) == "source" => Some(Kind::SourcedPoints),
        "code" if first.cell(2) == "name_r6" => Some(Kind::EstimatedPoints),
        kind if kind.len() == 1 => {
            let layout = Layout::by_letter(first.cell(2))?;
            // Other tables have a letter in column 2 too; a master has its number of columns or is broken.
            (first.cells.len() >= 19).then_some(Kind::Basic(layout))
        }
        _ => None,
    }
}

fn full(source: &SourceFile) -> bool {
    source.lines().filter_map(Result::ok).take(50).any(|line| line.cell(1) == "0")
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), MasterError> {
    let io = |cause: std::io::Error| MasterError::Io { file: folder.display().to_string(), cause: cause.to_string() };
    let mut entries: Vec<PathBuf> =
        std::fs::read_dir(folder).map_err(io)?.map(|entry| entry.map(|e| e.path())).collect::<Result<_, _>>().map_err(io)?;
    entries.sort();
    for path in entries {
        if path.is_dir() {
            walk(&path, files)?;
        } else if matches!(path.extension().and_then(|e| e.to_str()), Some("csv" | "txt" | "zip" | "CSV" | "TXT" | "ZIP")) {
            files.push(path);
        }
    }
    Ok(())
}

/// The date in a file's name: eight digits in a row, as all published names have.
fn published(name: &str) -> Option<NaiveDate> {
    let digits: Vec<char> = name.chars().collect();
    digits
        .windows(8)
        .filter(|window| window.iter().all(char::is_ascii_digit))
        .find_map(|window| NaiveDate::parse_from_str(&window.iter().collect::<String>(), "%Y%m%d").ok())
}

fn edition(letter: &str, file: &str) -> String {
    match published(file) {
        Some(day) => format!("{letter} {day}"),
        None => format!("{letter} {file}"),
    }
}

fn info(kind: MasterKind, name: &str, source: &SourceFile, rows: usize) -> EditionInfo {
    EditionInfo {
        kind: kind.into(),
        name: name.into(),
        file: source.name.clone(),
        sha256: source.sha256.clone(),
        rows: rows as u32,
        date: published(&source.name).unwrap_or(EVER),
        estimated: 0,
    }
}

fn read(history: &History, rows: &mut Rows) -> Result<(), MasterError> {
    let name = |file: &str| edition(history.layout.letter, file);
    match history.layout.kind {
        MasterKind::Disease => rows.diseases = ssk::typed(history, name, ssk::disease)?,
        MasterKind::Modifier => rows.modifiers = ssk::typed(history, name, ssk::modifier)?,
        MasterKind::Procedure => rows.procedures = ssk::typed(history, name, ssk::procedure)?,
        MasterKind::Drug => rows.drugs = ssk::typed(history, name, ssk::drug)?,
        MasterKind::Material => rows.materials = ssk::typed(history, name, ssk::material)?,
        MasterKind::Comment => rows.comments = ssk::typed(history, name, ssk::comment)?,
        MasterKind::Allergen | MasterKind::Lab => {}
    }
    // Names carry the day of their last change; the first state that is known was in use before it.
    match history.layout.kind {
        MasterKind::Disease => ever(rows.diseases.iter_mut().map(|d| (d.code.0.as_str(), &mut d.validity))),
        MasterKind::Modifier => ever(rows.modifiers.iter_mut().map(|m| (m.code.0.as_str(), &mut m.validity))),
        _ => {}
    }
    Ok(())
}

/// Lets the first row of every code begin before all days; rows of a code stand together, the oldest first.
fn ever<'r>(rows: impl Iterator<Item = (&'r str, &'r mut Validity)>) {
    let mut above = "";
    for (code, validity) in rows {
        if code != above {
            validity.from = EVER;
        }
        above = code;
    }
}

/// Points of 2026 beside a master of R6: codes without a row of their own from 2026-06-01 get one, marked as what it is.
fn revise(rows: &mut Rows, sources: &[SourceFile]) -> Result<(), MasterError> {
    let r8 = starter::make::R8;
    let mut added = Vec::new();
    let find = |wanted: fn(&Kind) -> bool| sources.iter().find(|s| recognise(s).is_some_and(|kind| wanted(&kind)));
    let Some(estimate) = find(|kind| matches!(kind, Kind::EstimatedPoints)) else { return Ok(()) };
    let estimates = figures::estimated_points(estimate)?;
    let noticed = match find(|kind| matches!(kind, Kind::SourcedPoints)) {
        Some(source) => figures::sourced_points(source)?,
        None => Vec::new(),
    };
    for row in &mut rows.procedures {
        if row.validity.to.is_some() || row.validity.from >= r8 {
            continue;
        }
        let (points, estimated) = match noticed.iter().find(|p| p.code == row.code.as_str()) {
            Some(p) => (p.points, p.confidence == "low"),
            None => (estimates.get(row.code.as_str()).copied().flatten().unwrap_or(row.points), true),
        };
        let validity = ssk::validity(r8, None, if estimated { "S R8 推計" } else { "S R8 告示" });
        row.validity.to = r8.pred_opt();
        added.push(Procedure { points, estimated, validity, ..row.clone() });
    }
    let estimated = added.iter().filter(|row| row.estimated).count() as u32;
    let count = added.len() as u32;
    rows.editions.push(EditionInfo { estimated, rows: count, date: r8, ..info(MasterKind::Procedure, "S R8", estimate, 0) });
    rows.procedures.extend(added);
    Ok(())
}
