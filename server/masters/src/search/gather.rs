//! From lines that fit to the list that is shown: rows of the day, diseases put together with their modifiers, drugs among
//! the allergens, and what has ended.

use super::{
    House, compose, hit,
    house::{Codes, Local, Rank, UNRANKED},
    index::{Fit, Index},
    query::{Query, Tiers, spellings},
};
use crate::Snapshot;
use chrono::NaiveDate;
use model::master::*;
use std::{collections::HashSet, ops::ControlFlow, sync::Arc};

/// Names that are tried for one way of taking modifiers off.
const MOST_A_WAY: usize = 5;
/// Names with modifiers that are tried at all.
const MOST_COMPOSED: usize = 40;

/// A disease with modifiers, before it is made into a hit.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Composed {
    fit: Fit,
    count: usize,
    rank: Rank,
    line: u32,
    /// Which way of taking the query apart.
    way: usize,
    modifiers: Vec<u32>,
}

/// One search under way.
pub(super) struct Gathering<'s> {
    snapshot: &'s Snapshot,
    kind: MasterKind,
    on: NaiveDate,
    limit: usize,
    house: &'s House,
    index: &'s Index,
    local: Arc<Local>,
    hits: Vec<MasterHit>,
    /// Diseases that fit and have ended.
    ended: Vec<MasterHit>,
    /// What takes the place of those that were typed in full; it is in the list and need not come again.
    successors: Vec<String>,
    /// Names of diseases in the list, for a name and the same put together need not both stand there.
    names: HashSet<String>,
}

impl<'s> Gathering<'s> {
    /// An empty list.
    pub fn new(snapshot: &'s Snapshot, kind: MasterKind, on: NaiveDate, limit: usize, house: &'s House) -> Self {
        let index = snapshot.index(kind);
        let local = house.at(index, Codes::Own);
        let (hits, ended, successors) = (Vec::with_capacity(limit.min(100)), Vec::new(), Vec::new());
        Self { snapshot, kind, on, limit, house, index, local, hits, ended, successors, names: HashSet::new() }
    }

    /// The list as it is shown.
    pub fn finish(mut self) -> Vec<MasterHit> {
        let room = self.limit.saturating_sub(self.hits.len());
        self.hits.extend(self.ended.into_iter().take(room));
        for hit in &mut self.hits {
            hit.own_name = self.house.own_name(&hit.code).to_owned();
            hit.preferred = self.house.prefers(&hit.code);
        }
        self.hits
    }

    fn full(&self) -> ControlFlow<()> {
        if self.hits.len() < self.limit { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    }

    /// What fits.
    pub fn find(&mut self, asked: &Query, query: &str) {
        let composed = if self.kind == MasterKind::Disease { self.composed(query) } else { Vec::new() };
        let local = self.local.clone();
        let mut tiers = Tiers::new(self.index, asked, &local);
        let drugs = (self.kind == MasterKind::Allergen).then(|| self.snapshot.index(MasterKind::Drug));
        let drug_marks = drugs.map(|drugs| self.house.at(drugs, Codes::DrugAsAllergen));
        let mut drug_tiers = drugs.zip(drug_marks.as_deref()).map(|(drugs, marks)| (drugs, Tiers::new(drugs, asked, marks)));
        for fit in Fit::ALL {
            if self.full().is_break() || tiers.walk(fit, |line| self.line(line)).is_break() {
                return;
            }
            if fit == Fit::Exact {
                self.end_exactly();
            }
            for composed in composed.iter().filter(|composed| composed.fit == fit) {
                if self.full().is_continue() {
                    self.compose(composed);
                }
            }
            // Something inside the name of a drug is seldom the drug that is meant.
            if let Some((drugs, tiers)) = &mut drug_tiers
                && fit != Fit::Inside
                && self.full().is_continue()
                && tiers.walk(fit, |line| self.drug(drugs, line)).is_break()
            {
                return;
            }
        }
    }

    /// What the clinic prefers, then what it uses most.
    pub fn usual(&mut self) {
        let drugs = (self.kind == MasterKind::Allergen).then(|| self.snapshot.index(MasterKind::Drug));
        let drug_marks = drugs.map(|drugs| self.house.at(drugs, Codes::DrugAsAllergen));
        let local = self.local.clone();
        let drug_marks = drug_marks.iter().flat_map(|local| &local.marks).map(|mark| (true, mark));
        let all = local.marks.iter().map(|mark| (false, mark)).chain(drug_marks);
        let mut ranked: Vec<(Rank, bool, u32)> = all
            .filter(|(_, mark)| !mark.hidden && mark.rank < UNRANKED)
            .map(|(is_drug, mark)| (mark.rank, is_drug, mark.line))
            .collect();
        ranked.sort_unstable();
        for (_, is_drug, line) in ranked {
            let more = match drugs {
                Some(drugs) if is_drug => self.drug(drugs, line),
                _ => self.line(line),
            };
            if more.is_break() {
                return;
            }
        }
        // What has ended is no suggestion.
        self.ended.clear();
    }

    /// Adds a line, where its row is in force.
    fn line(&mut self, line: u32) -> ControlFlow<()> {
        self.full()?;
        let code = self.index.code(line);
        if self.successors.iter().any(|known| known == code) {
            return ControlFlow::Continue(());
        }
        let found = match self.index.may_cover(line, self.on) {
            true => self.snapshot.hit(self.kind, code, self.on),
            false => None,
        };
        match found {
            Some(hit) => self.push(hit),
            None if self.kind == MasterKind::Disease && self.ended.len() < self.limit => {
                self.ended.extend(self.snapshot.ended_disease(code, self.on));
            }
            None => {}
        }
        self.full()
    }

    fn push(&mut self, hit: MasterHit) {
        if self.kind == MasterKind::Disease && !self.names.insert(hit.whole_name()) && !hit.modifiers.is_empty() {
            return;
        }
        self.hits.push(hit);
    }

    /// An ended name that was typed in full stands where it is seen, and behind it what takes its place.
    fn end_exactly(&mut self) {
        for ended in std::mem::take(&mut self.ended) {
            let next = ended.disease.as_ref().and_then(|facts| facts.successor.as_ref()).map(|(code, _)| code.clone());
            if self.full().is_continue() {
                self.hits.push(ended);
            }
            if let Some(next) = next
                && self.full().is_continue()
                && !self.hits.iter().any(|known| known.code == next && known.modifiers.is_empty())
                && let Some(hit) = self.snapshot.hit(self.kind, &next, self.on)
            {
                self.push(hit);
                self.successors.push(next);
            }
        }
    }

    /// Adds a drug as an allergen, where it is in force.
    fn drug(&mut self, drugs: &Index, line: u32) -> ControlFlow<()> {
        self.full()?;
        let in_force = drugs.may_cover(line, self.on).then(|| self.snapshot.drug(drugs.code(line), self.on)).flatten();
        if let Some(drug) = in_force.filter(|drug| drug.yj.len() == 12) {
            let hit = hit::drug_allergen(drug);
            if !self.hits.iter().any(|known| known.code == hit.code) {
                self.hits.push(hit);
            }
        }
        self.full()
    }

    /// Diseases with modifiers taken off the query, the fewest modifiers first.
    fn composed(&self, query: &str) -> Vec<Composed> {
        // Several words are first of all words of one name (糖尿病 ２型), and only then a name and its modifiers.
        let apart = query.split_whitespace().nth(1).is_some();
        let rows = self.snapshot.modifiers.rows();
        let mut found = Vec::new();
        let mut number = 0;
        for spelling in spellings(&query.split_whitespace().collect::<String>()) {
            for way in self.snapshot.modifier_dictionary().ways(&spelling) {
                number += 1;
                let in_force = |at: &u32| self.snapshot.modifier(rows[*at as usize].code.as_str(), self.on).is_some();
                if !way.modifiers.iter().all(in_force) {
                    continue;
                }
                found.extend(self.beginning(&way.rest).into_iter().map(|(fit, rank, line)| Composed {
                    fit: match (apart, fit) {
                        (true, _) => Fit::Inside,
                        // Whoever types a suffix has typed the name; 頭痛の疑い is seldom 頭部白癬 + 痛 + の疑い.
                        (false, Fit::Prefix) if way.behind => Fit::WordStart,
                        (false, fit) => fit,
                    },
                    count: way.modifiers.len(),
                    rank,
                    line,
                    way: number,
                    modifiers: way.modifiers.clone(),
                }));
            }
        }
        found.sort_unstable();
        found.truncate(MOST_COMPOSED);
        found
    }

    /// The first names in force that begin so, own names of the clinic too.
    fn beginning(&self, text: &str) -> Vec<(Fit, Rank, u32)> {
        let mut best: Vec<(Fit, Rank, u32)> = Vec::with_capacity(MOST_A_WAY + 1);
        for (line, fit) in self.index.beginning(text).chain(self.local.beginning(text)) {
            let Some(rank) = self.local.rank(line) else { continue };
            let key = (fit, rank, line);
            if best.len() == MOST_A_WAY && best.last().is_some_and(|last| key >= *last) {
                continue;
            }
            if self.snapshot.disease(self.index.code(line), self.on).is_none() {
                continue;
            }
            if let Some(known) = best.iter().position(|(_, _, known)| *known == line) {
                if best[known] <= key {
                    continue;
                }
                best.remove(known);
            }
            best.insert(best.partition_point(|other| *other < key), key);
            best.truncate(MOST_A_WAY);
        }
        best
    }

    fn compose(&mut self, composed: &Composed) {
        let (snapshot, rows) = (self.snapshot, self.snapshot.modifiers.rows());
        let Some(mut hit) = snapshot.hit(MasterKind::Disease, self.index.code(composed.line), self.on) else { return };
        let modifiers = composed.modifiers.iter().map(|at| {
            let row = snapshot.modifier(rows[*at as usize].code.as_str(), self.on)?;
            compose::reference(row, self.on)
        });
        let Some(modifiers) = modifiers.collect() else { return };
        hit.modifiers = modifiers;
        // With a modifier the name no longer stands alone.
        if hit.warning == hit::NEVER_ALONE {
            hit.warning.clear();
        }
        self.push(hit);
    }
}
