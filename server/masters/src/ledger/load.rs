//! From rows to a snapshot: official rows typed, laid over the starter set, with the figures of a coming revision on top.

use super::{
    editions,
    overlay::{self, Figures},
    prices::{self, Price},
    table::{LedgerRow, TableFile},
};
use crate::{
    MasterError, Snapshot,
    official::{figures, jfagy, jlac_list, ssk, text::Line},
    points::FurtherBuilder,
    starter::{self, Rows},
};
use model::edition::FileKind;
use std::collections::BTreeMap;

/// Makes a snapshot of rows, which may come in any order and one by one, as a database gives them.
#[derive(Debug)]
pub struct Loader {
    files: Vec<TableFile>,
    /// Rows of each file.
    counts: Vec<u32>,
    rows: Rows,
    further: FurtherBuilder,
    labs: BTreeMap<u32, Vec<jlac_list::ListedCode>>,
    figures: Figures,
    /// Cells of the row before, to be filled again.
    cells: csv::StringRecord,
}

impl Loader {
    /// Nothing yet; `files` is what [`LedgerRow::file`] counts in.
    pub fn new(files: Vec<TableFile>) -> Self {
        let counts = vec![0; files.len()];
        Self {
            files,
            counts,
            rows: Rows::default(),
            further: FurtherBuilder::new(),
            labs: BTreeMap::new(),
            figures: Figures::default(),
            cells: csv::StringRecord::new(),
        }
    }

    /// Takes a row in. Fails only for cells that [`super::read()`] would have refused.
    pub fn add(&mut self, row: &LedgerRow) -> Result<(), MasterError> {
        let index = row.file as usize;
        let Some(file) = self.files.get(index) else {
            return Err(MasterError::Kind {
                file: String::new(), expected: format!("版の一覧にあるファイル（{index}番）")
            });
        };
        let line = row.line_into(&file.file, std::mem::take(&mut self.cells));
        let when = || ssk::validity(row.from, row.to, &file.edition);
        let rows = &mut self.rows;
        match row.kind {
            FileKind::Disease => rows.diseases.push(ssk::disease(&line, when())?),
            FileKind::Modifier => rows.modifiers.push(ssk::modifier(&line, when())?),
            FileKind::Procedure => rows.procedures.push(ssk::procedure(&line, when())?),
            FileKind::Drug => rows.drugs.push(ssk::drug(&line, when())?),
            FileKind::Material => rows.materials.push(ssk::material(&line, when())?),
            FileKind::Comment => rows.comments.push(ssk::comment(&line, when())?),
            FileKind::Allergen => rows.allergens.push(jfagy::row(&line, when())?),
            FileKind::Lab => self.labs.entry(row.file).or_default().push(jlac_list::ListedCode::of(&line)?),
            FileKind::EstimatedPoints => {
                if let (code, Some(points)) = figures::estimated_row(&line)? {
                    self.figures.estimated.insert(code, points);
                }
            }
            FileKind::NoticedPoints => {
                let noticed = figures::sourced_row(&line)?;
                self.figures.noticed.insert(noticed.code.clone(), noticed);
            }
            FileKind::MatchedPrice => {
                let (code, matched) = figures::matched_row(&line)?;
                if let Some(price) = matched.price {
                    let estimated = matched.confidence != "high";
                    let price = Price { from: row.from, price, estimated, edition: prices::NOTICED.into() };
                    self.figures.matched.entry(code).or_default().push(price);
                }
            }
            FileKind::DrugPriceList => {
                let price = listed(&line, row, &file.edition)?;
                self.figures.listed.entry(line.text(2)).or_default().push(price);
                self.further.push(row.kind, &line, row.from, row.to)?;
            }
            kind => self.further.push(kind, &line, row.from, row.to)?,
        }
        self.counts[index] += 1;
        self.cells = line.cells;
        Ok(())
    }

    /// The snapshot. Without any file it is the starter set.
    pub fn finish(mut self) -> Result<Snapshot, MasterError> {
        let starter = starter::rows()?;
        if self.files.is_empty() {
            return Ok(Snapshot::new(starter));
        }
        self.figures.settle();
        let (rows, figures) = (self.rows, &self.figures);
        let mut labs = starter.labs;
        for (file, codes) in &self.labs {
            labs = jlac_list::lay(&labs, codes, &self.files[*file as usize].edition);
        }
        let newer = |kind| editions::newer(&self.files, &starter.editions, kind);
        let (newer_procedures, newer_drugs) = (newer(FileKind::Procedure), newer(FileKind::Drug));
        // The two great tables beside each other: a server that starts waits for this.
        let (procedures, drugs, further) = std::thread::scope(|scope| {
            let drugs = scope.spawn(|| prices::drugs(starter.drugs, rows.drugs, figures, newer_drugs));
            let procedures = overlay::procedures(starter.procedures, rows.procedures, figures, newer_procedures);
            (procedures, drugs.join(), self.further.finish())
        });
        let drugs = drugs.unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        let mut all = Rows {
            diseases: overlay::named(starter.diseases, rows.diseases, newer(FileKind::Disease)),
            modifiers: overlay::named(starter.modifiers, rows.modifiers, newer(FileKind::Modifier)),
            procedures,
            drugs,
            materials: overlay::dated(starter.materials, rows.materials, newer(FileKind::Material)),
            comments: overlay::dated(starter.comments, rows.comments, newer(FileKind::Comment)),
            allergens: overlay::named(starter.allergens, rows.allergens, newer(FileKind::Allergen)),
            labs,
            editions: Vec::new(),
            usages: starter.usages,
        };
        all.editions = editions::loaded(&all, &starter.editions, &self.files, &self.counts);
        Ok(Snapshot::with(all, further))
    }
}

/// A price of the ministry's list, which is kept by the 12-character code.
fn listed(line: &Line<'_>, row: &LedgerRow, edition: &str) -> Result<Price, MasterError> {
    Ok(Price { from: row.from, price: line.decimal(13)?, estimated: false, edition: edition.to_owned() })
}
