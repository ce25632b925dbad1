//! What was typed, taken apart into words and spellings, and the lines that fit it, tier by tier in the order in which
//! they are shown. Lines are read only as far as somebody wants more.

use super::{
    fold::fold,
    grams,
    house::{Local, UNRANKED},
    index::{Fit, Index, Needle},
    romaji,
};
use std::ops::ControlFlow;

/// More words than these are a sentence and no search.
const MOST_WORDS: usize = 4;

/// The words of a query, each in all spellings that are looked for.
#[derive(Debug)]
pub(super) struct Query {
    words: Vec<Vec<Needle>>,
    /// All of it in one, folded: somebody may have typed a code.
    whole: String,
}

impl Query {
    /// From what was typed.
    pub fn new(typed: &str) -> Self {
        let words = typed.split_whitespace().take(MOST_WORDS).map(spellings).filter(|spellings| !spellings.is_empty());
        Self { words: words.map(|word| word.into_iter().map(Needle::new).collect()).collect(), whole: fold(typed).text }
    }

    /// Whether there is nothing to look for.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// How well a line fits: every word has to, and the one that fits worst tells.
    fn fit(&self, index: &Index, line: u32) -> Option<Fit> {
        self.worst(|needle| index.lines.fit(line, needle))
    }

    /// The same, where a line of own names counts too. None where the own names had no part in it.
    fn own_fit(&self, index: &Index, line: u32, local: &Local, own: u32) -> Option<Fit> {
        let mut part = false;
        let fit = self.worst(|needle| {
            let (national, own) = (index.lines.fit(line, needle), local.names.fit(own, needle));
            part |= own.is_some();
            match (national, own) {
                (Some(a), Some(b)) => Some(a.min(b)),
                (a, b) => a.or(b),
            }
        });
        fit.filter(|_| part)
    }

    fn worst(&self, mut fit: impl FnMut(&Needle) -> Option<Fit>) -> Option<Fit> {
        let mut worst = Fit::Exact;
        for word in &self.words {
            worst = worst.max(word.iter().filter_map(&mut fit).min()?);
        }
        Some(worst)
    }
}

/// A word as it was typed, and as kana where it was typed in Latin letters; folded, without repetition.
pub(super) fn spellings(word: &str) -> Vec<String> {
    let typed = fold(word).text;
    let half: String = model::kana::fold_width(word);
    let read = romaji::kana(&half).map(|kana| fold(&kana).text).filter(|kana| !kana.is_empty() && *kana != typed);
    let typed = Some(typed).filter(|text| !text.is_empty());
    typed.into_iter().chain(read).collect()
}

/// Marks a line whose fit is known for certain; the two bits under it are the fit.
const CERTAIN: u32 = 1 << 2;
/// A line that does not fit, or is among the marked ones.
const GONE: u32 = u32::MAX;

/// The lines that fit a query.
pub(super) struct Tiers<'q> {
    index: &'q Index,
    query: &'q Query,
    /// What the clinic says nothing about: line, certainty and fit in one number, in the order of lines.
    plain: Vec<u32>,
    /// What it does say something about, in the order in which it is shown.
    marked: Vec<(Fit, super::house::Rank, u32)>,
}

impl<'q> Tiers<'q> {
    /// Looks for a query.
    pub fn new(index: &'q Index, query: &'q Query, local: &Local) -> Self {
        let mut all: Option<(Vec<u32>, bool)> = None;
        for word in &query.words {
            let mut lists = word.iter().map(|needle| index.candidates(needle));
            let Some(mut found) = lists.next() else { continue };
            for (list, certain) in lists {
                found = (grams::united(&found.0, &list), found.1 && certain);
            }
            all = Some(match all {
                None => found,
                Some((list, certain)) => (grams::common(&list, &found.0, u32::max), certain && found.1),
            });
        }
        let (mut plain, certain) = all.unwrap_or_default();
        for entry in &mut plain {
            *entry = grams::line(*entry) << 3 | if certain { CERTAIN } else { 0 } | grams::fit(*entry) as u32;
        }
        let mut this = Self { index, query, plain, marked: Vec::new() };
        this.take_out(local);
        this
    }

    /// Takes the lines out that the clinic says something about.
    fn take_out(&mut self, local: &Local) {
        let mut from = 0;
        for mark in &local.marks {
            from += self.plain[from..].partition_point(|entry| entry >> 3 < mark.line);
            let found = self.plain.get(from).is_some_and(|entry| entry >> 3 == mark.line);
            let own = mark.own.and_then(|own| self.query.own_fit(self.index, mark.line, local, own));
            let fit = match (own, found) {
                (Some(fit), _) => Some(fit),
                (None, true) => self.certain(from),
                (None, false) => None,
            };
            if found {
                self.plain[from] = GONE;
                // A line that is gone must not stand in the way of the binary search for the next.
                from += 1;
            }
            // A hidden row comes only to who types its whole code.
            let meant = || self.index.lines.code(mark.line) == self.query.whole.as_bytes();
            if let Some(fit) = fit
                && (!mark.hidden || meant())
            {
                self.marked.push((fit, mark.rank, mark.line));
            }
        }
        self.marked.sort_unstable();
    }

    /// The fit of a place in `plain`, read if need be; what does not fit is gone afterwards.
    fn certain(&mut self, at: usize) -> Option<Fit> {
        let entry = self.plain[at];
        if entry & CERTAIN != 0 {
            return Some(Fit::ALL[(entry & 3) as usize]);
        }
        let line = entry >> 3;
        let fit = self.query.fit(self.index, line);
        self.plain[at] = fit.map_or(GONE, |fit| line << 3 | CERTAIN | fit as u32);
        fit
    }

    /// Gives every line of a tier in its order, until told to stop. Tiers are asked for from the best to the worst.
    pub fn walk(&mut self, tier: Fit, mut give: impl FnMut(u32) -> ControlFlow<()>) -> ControlFlow<()> {
        let begin = self.marked.partition_point(|(fit, ..)| *fit < tier);
        let end = self.marked.partition_point(|(fit, ..)| *fit <= tier);
        let ranked = begin + self.marked[begin..end].partition_point(|(_, rank, _)| *rank < UNRANKED);
        for (_, _, line) in &self.marked[begin..ranked] {
            give(*line)?;
        }
        // A row that has an own name and no rank stands among those without either.
        let mut unranked = ranked;
        for at in 0..self.plain.len() {
            let entry = self.plain[at];
            if entry == GONE || entry & 3 > tier as u32 || entry & CERTAIN != 0 && entry & 3 != tier as u32 {
                continue;
            }
            if self.certain(at) == Some(tier) {
                let line = entry >> 3;
                while unranked < end && self.marked[unranked].2 < line {
                    give(self.marked[unranked].2)?;
                    unranked += 1;
                }
                give(line)?;
            }
        }
        for (_, _, line) in &self.marked[unranked..end] {
            give(*line)?;
        }
        ControlFlow::Continue(())
    }
}
