//! The one search over all masters: what is typed in any spelling finds a row by code, name or reading.
//!
//! Order: exact before prefix before word start before inside; among equals what this clinic uses often before what it
//! never used; then the shorter name; then the code.

pub mod compose;
pub mod fold;
mod hit;
mod house;
pub mod index;
pub mod romaji;

use crate::{Snapshot, table::Row};
use chrono::NaiveDate;
use compose::Modifiers;
use fold::fold;
pub use house::House;
use index::{Fit, Index, crossed};
use model::master::*;
use std::{cmp::Reverse, sync::OnceLock};

/// The searchable texts of a snapshot, each made when first asked for.
#[derive(Debug, Default)]
pub(crate) struct Indexes {
    kinds: [OnceLock<Index>; MasterKind::ALL.len()],
    modifiers: OnceLock<Modifiers>,
}

/// A line that was found, before it is made into a hit.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Found {
    fit: Fit,
    line: u32,
    modifiers: Vec<u32>,
}

impl Snapshot {
    /// Searches one master for what was typed, as of a day. Never fails: what cannot be found gives an empty list.
    ///
    /// `limit` bounds the answer. Allergens are also looked for among the drugs and then carry the code `YCM` + the
    /// drug's 12 characters.
    pub fn search(&self, kind: MasterKind, query: &str, on: NaiveDate, limit: usize, house: &House) -> Vec<MasterHit> {
        let words = words(query);
        if words.is_empty() || limit == 0 {
            return Vec::new();
        }
        let mut hits = Vec::new();
        let mut ended = Vec::new();
        let composed = if kind == MasterKind::Disease { self.composed(query) } else { Vec::new() };
        let found = self.found(kind, &words);
        for fit in Fit::ALL {
            if hits.len() >= limit {
                break;
            }
            let tier = found.iter().filter(|(_, f)| *f == fit).map(|(line, _)| *line).collect();
            self.fill(kind, tier, on, limit, house, &mut hits, &mut ended);
            for way in composed.iter().filter(|way| way.fit == fit) {
                if hits.len() < limit
                    && let Some(hit) = self.composed_hit(way, on)
                    && !hits.iter().any(|known| known.whole_name() == hit.whole_name())
                {
                    hits.push(hit);
                }
            }
            if kind == MasterKind::Allergen {
                self.fill_drugs(&words, fit, on, limit, house, &mut hits);
            }
        }
        let room = limit - hits.len();
        hits.extend(ended.into_iter().take(room));
        for hit in &mut hits {
            hit.own_name = house.own_name(&hit.code).to_owned();
            hit.preferred = house.prefers(&hit.code);
        }
        hits
    }

    /// Makes all searchable texts now rather than at the first keystroke.
    pub fn warm(&self) {
        for kind in MasterKind::ALL {
            self.index(kind);
        }
        self.modifier_dictionary();
    }

    /// How many codes can be found.
    pub fn searchable(&self) -> usize {
        MasterKind::ALL.into_iter().map(|kind| self.index(kind).len()).sum()
    }

    fn found(&self, kind: MasterKind, words: &[Vec<String>]) -> Vec<(u32, Fit)> {
        let index = self.index(kind);
        let mut lists = words.iter().map(|spellings| index.find(spellings));
        let first = lists.next().unwrap_or_default();
        lists.fold(first, |both, list| crossed(&both, &list))
    }

    /// Appends the lines of one tier in their order; rows that have ended go to `ended`.
    #[expect(clippy::too_many_arguments, reason = "one step of the search, split off for its length only")]
    fn fill(
        &self,
        kind: MasterKind,
        lines: Vec<u32>,
        on: NaiveDate,
        limit: usize,
        house: &House,
        hits: &mut Vec<MasterHit>,
        ended: &mut Vec<MasterHit>,
    ) {
        let index = self.index(kind);
        let mut keyed: Vec<_> = lines
            .into_iter()
            .filter(|line| !house.hides(index.code(*line)))
            .map(|line| (Reverse((house.prefers(index.code(line)), house.used(index.code(line)))), index.length(line), line))
            .collect();
        // One kana is in half of all names: only the head of the tier is put in order, the rest if the head has run dry.
        let head = keyed.len().min(4 * limit);
        if head < keyed.len() {
            keyed.select_nth_unstable(head);
        }
        let (head, rest) = keyed.split_at_mut(head);
        for part in [head, rest] {
            if hits.len() >= limit {
                return;
            }
            part.sort_unstable();
            for (_, _, line) in part {
                if hits.len() >= limit {
                    return;
                }
                let code = index.code(*line);
                if let Some(hit) = self.hit(kind, code, on) {
                    hits.push(hit);
                } else if kind == MasterKind::Disease
                    && ended.len() < limit
                    && let Some(hit) = self.ended_disease(code, on)
                {
                    ended.push(hit);
                }
            }
        }
    }

    fn fill_drugs(&self, words: &[Vec<String>], fit: Fit, on: NaiveDate, limit: usize, house: &House, hits: &mut Vec<MasterHit>) {
        // Something inside the name of a drug is seldom the drug that is meant.
        if fit == Fit::Inside {
            return;
        }
        let index = self.index(MasterKind::Drug);
        let mut lines: Vec<(u16, u32)> = self
            .found(MasterKind::Drug, words)
            .into_iter()
            .filter(|(_, f)| *f == fit)
            .map(|(line, _)| (index.length(line), line))
            .collect();
        // How often a drug was used as an allergen is asked of the shortest names only: a tier may hold thousands.
        let most = lines.len().min(10 * limit);
        if most < lines.len() {
            lines.select_nth_unstable(most);
            lines.truncate(most);
        }
        let drugs = lines.iter().filter_map(|(_, line)| self.drug(index.code(*line), on));
        let mut drugs: Vec<&Drug> = drugs.filter(|drug| drug.yj.len() == 12).collect();
        drugs.sort_by_cached_key(|d| (Reverse(house.used(&format!("YCM{}", d.yj))), d.name.chars().count(), d.code.clone()));
        for drug in drugs {
            if hits.len() >= limit {
                return;
            }
            let hit = hit::drug_allergen(drug);
            if !hits.iter().any(|known| known.code == hit.code) {
                hits.push(hit);
            }
        }
    }

    /// Diseases with modifiers taken off the query, the fewest modifiers first.
    fn composed(&self, query: &str) -> Vec<Found> {
        let index = self.index(MasterKind::Disease);
        // Several words are first of all words of one name (糖尿病 ２型), and only then a name and its modifiers.
        let apart = query.split_whitespace().nth(1).is_some();
        let mut found = Vec::new();
        for spelling in spellings(&query.split_whitespace().collect::<String>()) {
            for way in self.modifier_dictionary().ways(&spelling) {
                let mut lines: Vec<(u32, Fit)> =
                    index.find(&[way.rest]).into_iter().filter(|(_, fit)| *fit <= Fit::Prefix).collect();
                lines.sort_by_key(|(line, fit)| (*fit, index.length(*line), *line));
                found.extend(lines.into_iter().take(5).map(|(line, fit)| Found {
                    fit: if apart { Fit::Inside } else { fit },
                    line,
                    modifiers: way.modifiers.clone(),
                }));
            }
        }
        found.sort_by_key(|f| (f.fit, f.modifiers.len(), index.length(f.line)));
        found.dedup();
        found.truncate(40);
        found
    }

    fn composed_hit(&self, found: &Found, on: NaiveDate) -> Option<MasterHit> {
        let mut hit = self.hit(MasterKind::Disease, self.index(MasterKind::Disease).code(found.line), on)?;
        let rows = self.modifiers.rows();
        hit.modifiers = found
            .modifiers
            .iter()
            .map(|position| rows.get(*position as usize).and_then(|row| compose::reference(row, on)))
            .collect::<Option<_>>()?;
        // With a modifier the name no longer stands alone.
        if hit.warning == hit::NEVER_ALONE {
            hit.warning.clear();
        }
        Some(hit)
    }

    fn modifier_dictionary(&self) -> &Modifiers {
        self.indexes.modifiers.get_or_init(|| Modifiers::new(self.modifiers.rows()))
    }

    fn index(&self, kind: MasterKind) -> &Index {
        let slot = MasterKind::ALL.iter().position(|k| *k == kind).unwrap_or_default();
        self.indexes.kinds[slot].get_or_init(|| match kind {
            MasterKind::Disease => built(self.diseases.rows(), |d| (&d.name, vec![&d.kana], vec![&d.icd10])),
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
    let mut index = Index::default();
    for same in rows.chunk_by(|a, b| a.code() == b.code()) {
        let (mut name, mut own, mut others) = ("", Vec::new(), Vec::new());
        for (older, row) in same.iter().rev().enumerate() {
            let (row_name, row_own, row_others) = terms(row);
            match older {
                0 => name = row_name,
                _ => own.push(row_name),
            }
            own.extend(row_own);
            others.extend(row_others);
        }
        index.add(same[0].code(), name, &own, &others);
    }
    index
}

/// The words of a query, each in all spellings that are looked for.
fn words(query: &str) -> Vec<Vec<String>> {
    // More words than four are a sentence and no search.
    query.split_whitespace().take(4).map(spellings).filter(|spellings| !spellings.is_empty()).collect()
}

/// A word as it was typed, and as kana where it was typed in Latin letters; folded, without repetition.
fn spellings(word: &str) -> Vec<String> {
    let typed = fold(word).text;
    let half: String = model::kana::fold_width(word);
    let read = romaji::kana(&half).map(|kana| fold(&kana).text).filter(|kana| !kana.is_empty() && *kana != typed);
    let typed = Some(typed).filter(|text| !text.is_empty());
    typed.into_iter().chain(read).collect()
}
