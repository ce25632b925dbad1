//! What is loaded, edition by edition: of the files, of the starter set, and what was kept for want of a figure.

use super::{overlay, prices, table::TableFile};
use crate::{starter::Rows, table::Row};
use chrono::NaiveDate;
use model::{edition::FileKind, master::*};
use std::collections::HashMap;

/// Rows and estimates by kind and name of the edition.
type Tally<'r> = HashMap<(FileKind, &'r str), (u32, u32)>;

/// The editions with their rows counted; one that no row came from is left out.
pub(super) fn loaded(rows: &Rows, starter: &[EditionInfo], files: &[TableFile], counts: &[u32]) -> Vec<EditionInfo> {
    let tallied = tallied(rows);
    let mut known: Vec<EditionInfo> = Vec::new();
    for mut info in candidates(starter, files, counts) {
        // The same edition may be of a file and of the starter set: the file's comes first and has the rows.
        if known.iter().any(|other| other.kind == info.kind && other.name == info.name && info.rows == 0) {
            continue;
        }
        if let Some((rows, estimated)) = tallied.get(&(info.kind, info.name.as_str())) {
            (info.rows, info.estimated) = (*rows, *estimated);
        }
        if info.rows > 0 {
            known.push(info);
        }
    }
    known.sort_by(|a, b| (a.kind, a.date, &a.name).cmp(&(b.kind, b.date, &b.name)));
    known
}

/// Whether the files of a kind go at least as far as those the starter set was made of, whose editions are named by their
/// day (`S 2025-09-01`).
pub(super) fn newer(files: &[TableFile], starter: &[EditionInfo], kind: FileKind) -> bool {
    let day = |info: &EditionInfo| info.name.rsplit_once(' ').and_then(|(_, day)| day.parse::<NaiveDate>().ok());
    let known = starter.iter().filter(|info| info.kind == kind).filter_map(day).max();
    files.iter().filter(|file| file.kind == kind).map(|file| file.date).max() >= known
}

/// Every edition there may be rows of: the files' first, so that a figure that was imported is told from the starter's.
fn candidates(starter: &[EditionInfo], files: &[TableFile], counts: &[u32]) -> Vec<EditionInfo> {
    let of = |file: &TableFile, kind, name: &str, rows| EditionInfo {
        kind,
        name: name.to_owned(),
        file: file.file.clone(),
        sha256: file.sha256.clone(),
        rows,
        date: file.date,
        estimated: 0,
    };
    let mut infos = Vec::new();
    for (file, count) in files.iter().zip(counts) {
        let into = match file.kind {
            FileKind::EstimatedPoints => Some((FileKind::Procedure, overlay::ESTIMATED)),
            FileKind::NoticedPoints => Some((FileKind::Procedure, overlay::NOTICED)),
            FileKind::MatchedPrice => Some((FileKind::Drug, prices::NOTICED)),
            FileKind::DrugPriceList => Some((FileKind::Drug, file.edition.as_str())),
            _ => None,
        };
        infos.extend(into.map(|(kind, name)| of(file, kind, name, 0)));
        // Searchable rows are counted as they came out, the rest as they were told.
        infos.push(of(file, file.kind, &file.edition, if file.kind.master().is_some() { 0 } else { *count }));
    }
    infos.extend(starter.iter().cloned().map(|info| EditionInfo { rows: 0, estimated: 0, ..info }));
    for (kind, name) in
        [(FileKind::Procedure, overlay::KEPT), (FileKind::Drug, prices::KEPT[0]), (FileKind::Drug, prices::KEPT[1])]
    {
        let newest = files.iter().filter(|file| file.kind == kind && file.full).max_by_key(|file| file.date);
        infos.extend(newest.map(|file| of(file, kind, name, 0)));
    }
    infos
}

fn tallied(rows: &Rows) -> Tally<'_> {
    fn add<'r, T: Row>(kind: FileKind, rows: &'r [T], tally: &mut Tally<'r>) {
        for row in rows {
            let count = tally.entry((kind, row.validity().edition.as_str())).or_default();
            count.0 += 1;
            count.1 += u32::from(row.estimated());
        }
    }
    let mut tally = Tally::new();
    add(FileKind::Disease, &rows.diseases, &mut tally);
    add(FileKind::Modifier, &rows.modifiers, &mut tally);
    add(FileKind::Procedure, &rows.procedures, &mut tally);
    add(FileKind::Drug, &rows.drugs, &mut tally);
    add(FileKind::Material, &rows.materials, &mut tally);
    add(FileKind::Comment, &rows.comments, &mut tally);
    add(FileKind::Allergen, &rows.allergens, &mut tally);
    add(FileKind::Lab, &rows.labs, &mut tally);
    tally
}
