//! What one clinic brings to the search (院内マスター): how often it used a code, what it prefers, what it hides and what it
//! calls by names of its own. Made once for a clinic and a master, kept, and handed to every search.

use super::{
    fold::fold,
    index::{Fit, Index, Lines, Needle},
};
use std::{
    cmp::Reverse,
    collections::{BTreeMap, HashMap, HashSet},
    sync::{Arc, Mutex, PoisonError},
};

/// A clinic's own layer over one master, as far as the search needs it. Codes the master does not know do no harm.
///
/// A hidden row (非表示) is not offered; typing its whole code still finds it, because a code is typed by somebody who
/// means exactly that row and has to learn what became of it.
#[derive(Debug, Clone, Default)]
pub struct House {
    used: HashMap<String, u32>,
    preferred: HashSet<String>,
    hidden: HashSet<String>,
    names: BTreeMap<String, OwnName>,
    matched: Matched,
}

/// The layer matched against indexes, by what the match was made for. An index is exchanged when an edition is applied;
/// then the match is made anew.
type Matched = Arc<Mutex<Vec<((u64, Codes), Arc<Local>)>>>;

/// Which codes of a house are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Codes {
    /// Those of the index.
    Own,
    /// `YCM` + the 12 characters of a drug, which is an allergen too.
    DrugAsAllergen,
}

/// Matches that are kept: a house is of one master, which has one index, and drugs beside the allergens.
const KEPT: usize = 4;

/// Where a clinic puts a row among those that fit as well: preferred first, then the most used.
pub(super) type Rank = (Reverse<bool>, Reverse<u32>);

/// The rank of what the clinic says nothing about.
pub(super) const UNRANKED: Rank = (Reverse(false), Reverse(0));

/// What a clinic says about a line of an index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mark {
    pub line: u32,
    pub rank: Rank,
    pub hidden: bool,
    /// Line in [`Local::names`].
    pub own: Option<u32>,
}

/// A house matched against an index: lines instead of codes.
#[derive(Debug, Default)]
pub(super) struct Local {
    /// In the order of lines.
    pub marks: Vec<Mark>,
    /// Own names.
    pub names: Lines,
    /// Own names and readings, folded, in the order of their letters, with the line of the index.
    terms: Vec<(String, u32)>,
    /// One bit a line: there is a mark.
    marked: Vec<u64>,
}

impl Local {
    /// What the clinic says about a line.
    pub fn mark(&self, line: u32) -> Option<&Mark> {
        let bits = self.marked.get(line as usize / 64)?;
        if bits >> (line % 64) & 1 == 0 {
            return None;
        }
        self.marks.binary_search_by_key(&line, |mark| mark.line).ok().map(|at| &self.marks[at])
    }

    /// Lines with an own name that begins so, and whether it is the whole name; a line may come twice.
    pub fn beginning<'l>(&'l self, text: &'l str) -> impl Iterator<Item = (u32, Fit)> + 'l {
        let from = self.terms.partition_point(|(term, _)| term.as_str() < text);
        let same = self.terms[from..].iter().take_while(move |(term, _)| term.starts_with(text));
        same.map(move |(term, line)| (*line, if term.len() == text.len() { Fit::Exact } else { Fit::Prefix }))
    }

    /// The rank of a line; none where it is hidden.
    pub fn rank(&self, line: u32) -> Option<Rank> {
        match self.mark(line) {
            None => Some(UNRANKED),
            Some(mark) if mark.hidden => None,
            Some(mark) => Some(mark.rank),
        }
    }
}

/// What a clinic calls a row.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct OwnName {
    /// Short name (院内略称).
    pub name: String,
    /// Reading of it.
    pub reading: String,
}

impl House {
    /// Nobody's: nothing used, nothing preferred.
    pub fn nothing() -> Self {
        Self::default()
    }

    /// Of a clinic that used codes so often.
    pub fn new(used: HashMap<String, u32>) -> Self {
        Self { used, ..Self::default() }
    }

    /// The clinic adopted a code (採用) or wants it first (よく使う).
    pub fn prefer(&mut self, code: impl Into<String>) {
        self.preferred.insert(code.into());
        self.matched = Matched::default();
    }

    /// The clinic does not want to be offered a code (非表示).
    pub fn hide(&mut self, code: impl Into<String>) {
        self.hidden.insert(code.into());
        self.matched = Matched::default();
    }

    /// The clinic's own short name of a code and its reading; either may be empty. The last word counts.
    pub fn name(&mut self, code: impl Into<String>, own_name: impl Into<String>, own_reading: impl Into<String>) {
        let own = OwnName { name: own_name.into(), reading: own_reading.into() };
        let code = code.into();
        if own == OwnName::default() {
            self.names.remove(&code);
        } else {
            self.names.insert(code, own);
        }
        self.matched = Matched::default();
    }

    /// How often a code was used lately; 0 for never.
    pub fn used(&self, code: &str) -> u32 {
        self.used.get(code).copied().unwrap_or(0)
    }

    /// Whether a code is preferred.
    pub fn prefers(&self, code: &str) -> bool {
        self.preferred.contains(code)
    }

    /// Whether a code is hidden.
    pub fn hides(&self, code: &str) -> bool {
        self.hidden.contains(code)
    }

    /// The own short name of a code; empty where there is none.
    pub fn own_name(&self, code: &str) -> &str {
        self.names.get(code).map_or("", |own| &own.name)
    }

    /// The house matched against an index; made once for each.
    pub(super) fn at(&self, index: &Index, codes: Codes) -> Arc<Local> {
        let key = (index.id, codes);
        let mut matched = self.matched.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, local)) = matched.iter().find(|(known, _)| *known == key) {
            return local.clone();
        }
        let local = Arc::new(self.matching(index, codes));
        if matched.len() >= KEPT {
            matched.remove(0);
        }
        matched.push((key, local.clone()));
        local
    }

    fn matching(&self, index: &Index, codes: Codes) -> Local {
        let said: HashSet<&String> =
            self.used.keys().chain(&self.preferred).chain(&self.hidden).chain(self.names.keys()).collect();
        let mut lines: BTreeMap<u32, &str> = BTreeMap::new();
        for code in said {
            match codes {
                Codes::Own => lines.extend(index.line_of(code).map(|line| (line, code.as_str()))),
                Codes::DrugAsAllergen => {
                    let Some(yj) = code.strip_prefix("YCM").map(|yj| fold(yj).text).filter(|yj| !yj.is_empty()) else { continue };
                    let needle = Needle::new(yj);
                    let holding = index.candidates(&needle).0.into_iter().map(super::grams::line);
                    // The 12 characters are a term that rows share; the whole of it fits as a prefix does.
                    let whole = holding.filter(|line| index.lines.shares(*line, &needle));
                    lines.extend(whole.map(|line| (line, code.as_str())));
                }
            }
        }
        let mut local = Local { marked: vec![0; index.len().div_ceil(64)], ..Local::default() };
        for (line, code) in lines {
            let own = self.names.get(code).map(|own| {
                let terms = [fold(&own.name), fold(&own.reading)];
                local.names.add("", &terms, &[], |term, _, _| local.terms.push((term.text.clone(), line)));
                local.names.len() as u32 - 1
            });
            let rank = (Reverse(self.prefers(code)), Reverse(self.used(code)));
            local.marks.push(Mark { line, rank, hidden: self.hides(code), own });
            local.marked[line as usize / 64] |= 1 << (line % 64);
        }
        local.terms.sort_unstable();
        local
    }
}
