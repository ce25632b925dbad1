//! The one search over all masters: what is typed in any spelling finds a row by code, name or reading.
//!
//! Order: exact before prefix before word start before inside; among equals what this clinic prefers, then what it uses
//! often, before what it never used; then the shorter name (選定療養 rows of drugs last); then the code. [`House`] carries what a clinic brings.

pub mod compose;
pub mod fold;
mod gather;
mod grams;
mod hit;
mod house;
pub mod index;
mod query;
#[cfg(test)]
mod reference;
pub mod romaji;

use crate::{Snapshot, table::Row};
use chrono::NaiveDate;
use compose::Modifiers;
use gather::Gathering;
pub use house::House;
use index::{Entry, Index, days};
use model::master::*;
use query::Query;
use std::sync::OnceLock;

/// The searchable texts of a snapshot, each made when first asked for.
#[derive(Debug, Default)]
pub(crate) struct Indexes {
    kinds: [OnceLock<Index>; MasterKind::ALL.len()],
    modifiers: OnceLock<Modifiers>,
}

/// How large the searchable text of a master is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// Codes that can be found.
    pub codes: usize,
    /// Terms they are found by: names, readings, general names and the like, each once a code.
    pub terms: usize,
    /// Bytes of memory.
    pub bytes: usize,
}

impl Snapshot {
    /// Searches one master for what was typed, as of a day. Never fails: what cannot be found gives an empty list.
    ///
    /// `limit` bounds the answer. Where nothing was typed, the answer is what the clinic prefers, then what it uses most.
    /// Allergens are also looked for among the drugs and then carry the code `YCM` + the drug's 12 characters. A disease
    /// that has ended stands behind those in force, with what takes its place (移行先); typed in full, before names that
    /// only begin so.
    pub fn search(&self, kind: MasterKind, query: &str, on: NaiveDate, limit: usize, house: &House) -> Vec<MasterHit> {
        let asked = Query::new(query);
        let mut gathering = Gathering::new(self, kind, on, limit, house);
        match (asked.is_empty(), query.trim().is_empty()) {
            (false, _) => gathering.find(&asked, query),
            (true, true) => gathering.usual(),
            // Nothing but punctuation.
            (true, false) => {}
        }
        gathering.finish()
    }

    /// Makes all searchable texts now rather than at the first keystroke, on two threads.
    pub fn warm(&self) {
        std::thread::scope(|scope| {
            scope.spawn(|| self.index(MasterKind::Disease));
            for kind in MasterKind::ALL.into_iter().filter(|kind| *kind != MasterKind::Disease) {
                self.index(kind);
            }
            self.modifier_dictionary();
        });
    }

    /// How many codes can be found.
    pub fn searchable(&self) -> usize {
        MasterKind::ALL.into_iter().map(|kind| self.index(kind).len()).sum()
    }

    /// How large the searchable text of a master is.
    pub fn search_size(&self, kind: MasterKind) -> Size {
        let index = self.index(kind);
        Size { codes: index.len(), terms: index.lines.terms(), bytes: index.bytes() }
    }

    /// Every code of a master with the folded terms it is found by, to compare this search with others.
    pub fn search_terms(&self, kind: MasterKind) -> impl Iterator<Item = (&str, Vec<&str>)> {
        let index = self.index(kind);
        (0..index.len() as u32).map(move |line| (index.code(line), index.lines.all_terms(line)))
    }

    fn modifier_dictionary(&self) -> &Modifiers {
        self.indexes.modifiers.get_or_init(|| Modifiers::new(self.modifiers.rows()))
    }

    fn index(&self, kind: MasterKind) -> &Index {
        let slot = MasterKind::ALL.iter().position(|k| *k == kind).unwrap_or_default();
        self.indexes.kinds[slot].get_or_init(|| match kind {
            // Of diseases the beginnings are asked for too, once for every way to take modifiers off.
            MasterKind::Disease => Index::new(entries(self.diseases.rows(), |d| (&d.name, vec![&d.kana], vec![&d.icd10])), true),
            MasterKind::Modifier => built(self.modifiers.rows(), |m| (&m.name, vec![&m.kana], vec![])),
            MasterKind::Procedure => built(self.procedures.rows(), |p| (&p.name, vec![&p.long_name, &p.kana], vec![&p.article])),
            MasterKind::Drug => built(self.drugs.rows(), |d| {
                let general = d.general_name.as_ref().map_or("", |(_, text)| text.trim_start_matches("【般】"));
                (&d.name, vec![&d.kana], vec![general, &d.yj])
            }),
            MasterKind::Material => built(self.materials.rows(), |m| (&m.name, vec![&m.kana], vec![])),
            MasterKind::Comment => built(self.comments.rows(), |c| (&c.text, vec![], vec![])),
            MasterKind::Allergen => built(self.allergens.rows(), |a| (&a.name, vec![&a.kana, &a.english], vec![])),
            MasterKind::Lab => built(self.labs.rows(), |l| {
                let mut own: Vec<&str> = l.kana.split(' ').collect();
                own.push(&l.fhir_name);
                (&l.name, own, l.jlac10.iter().map(|code| code.as_str()).collect())
            }),
        })
    }
}

/// What a row is found by: its name, further terms of its own, terms it shares with others.
type Terms<'r> = (&'r str, Vec<&'r str>, Vec<&'r str>);

/// The index of a table: one line a code, with the terms of all its rows, the newest name first.
fn built<'r, T: Row>(rows: &'r [T], terms: impl Fn(&'r T) -> Terms<'r>) -> Index {
    Index::new(entries(rows, terms), false)
}

fn entries<'r, T: Row>(rows: &'r [T], terms: impl Fn(&'r T) -> Terms<'r>) -> Vec<Entry<'r>> {
    let same = rows.chunk_by(|a, b| a.code() == b.code());
    let entry = |same: &'r [T]| {
        let (mut names, mut own, mut others) = (Vec::new(), Vec::new(), Vec::new());
        for row in same.iter().rev() {
            let (row_name, row_own, row_others) = terms(row);
            names.push(row_name);
            own.extend(row_own);
            others.extend(row_others);
        }
        names.extend(own);
        // What a patient pays for choosing a brand (選定療養) is listed among the drugs; nobody prescribes it.
        let late = names[0].ends_with("（選）");
        Entry { code: same[0].code(), own: names, others, days: days(same.iter().map(Row::validity)), late }
    };
    same.map(entry).collect()
}
