//! One master as one long text. A line of the text is a code; its terms (code, name, reading, other names) stand behind
//! each other. Lines stand in the order in which hits are shown, the shortest name first, so that whoever walks them in
//! order may stop at the twentieth.
//!
//! Lists of the lines that hold a letter or a pair of letters ([`Grams`]) narrow the text down to few lines; those are
//! read.

use super::{
    fold::{Folded, fold},
    grams::{self, Gatherer, Grams},
};
use chrono::{Datelike, NaiveDate};
use memchr::memmem::Finder;
use model::master::Validity;
use std::sync::atomic::{AtomicU64, Ordering};

/// Before a term that is the row's own: its name, its reading.
const NEXT_TERM: u8 = 2;
/// Before a term that it shares with others: a general name, an article.
const OTHER_TERM: u8 = 3;
/// Behind a line.
const NEXT_LINE: u8 = b'\n';

/// How well a term fits; smaller is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fit {
    /// The whole term.
    Exact,
    /// Its beginning.
    Prefix,
    /// The beginning of a word in it.
    WordStart,
    /// Anywhere in it.
    Inside,
}

impl Fit {
    /// From best to worst.
    pub const ALL: [Self; 4] = [Self::Exact, Self::Prefix, Self::WordStart, Self::Inside];
}

/// Something that is looked for: folded, and ready to be found.
#[derive(Debug)]
pub(super) struct Needle {
    pub text: String,
    finder: Finder<'static>,
}

impl Needle {
    /// From a folded text that is not empty.
    pub fn new(text: String) -> Self {
        Self { finder: Finder::new(text.as_bytes()).into_owned(), text }
    }
}

/// Lines of terms.
#[derive(Debug, Default)]
pub(super) struct Lines {
    text: Vec<u8>,
    /// Where each line begins.
    begins: Vec<u32>,
    /// One bit a byte of the text: a word begins here.
    words: Vec<u64>,
}

impl Lines {
    /// Adds a line: code, own terms, terms that are shared with others. Terms may repeat; empty ones are left out.
    /// `said` gets every term that was kept, with where it begins and whether it is the row's own.
    pub fn add(&mut self, code: &str, own: &[Folded], others: &[Folded], mut said: impl FnMut(&Folded, usize, bool)) {
        self.begins.push(self.text.len() as u32);
        self.text.extend_from_slice(code.as_bytes());
        let mut seen: Vec<&str> = Vec::new();
        let own = own.iter().map(|term| (NEXT_TERM, term));
        for (mark, term) in own.chain(others.iter().map(|term| (OTHER_TERM, term))) {
            if term.text.is_empty() || seen.contains(&term.text.as_str()) {
                continue;
            }
            self.text.push(mark);
            let begin = self.text.len();
            self.text.extend_from_slice(term.text.as_bytes());
            for start in &term.starts {
                let at = begin + start;
                if self.words.len() <= at / 64 {
                    self.words.resize(at / 64 + 1, 0);
                }
                self.words[at / 64] |= 1 << (at % 64);
            }
            said(term, begin, mark == NEXT_TERM);
            seen.push(&term.text);
        }
        self.text.push(NEXT_LINE);
    }

    /// How many lines there are.
    pub fn len(&self) -> usize {
        self.begins.len()
    }

    fn line(&self, line: u32) -> (usize, &[u8]) {
        let begin = self.begins[line as usize] as usize;
        let end = self.begins.get(line as usize + 1).map_or(self.text.len(), |next| *next as usize);
        (begin, &self.text[begin..end])
    }

    /// The folded code of a line.
    pub fn code(&self, line: u32) -> &[u8] {
        let (_, text) = self.line(line);
        let end = text.iter().position(|byte| matches!(*byte, NEXT_TERM | OTHER_TERM | NEXT_LINE)).unwrap_or(text.len());
        &text[..end]
    }

    /// All that stands in a line: code and terms.
    pub fn all_terms(&self, line: u32) -> Vec<&str> {
        let (_, text) = self.line(line);
        let parts = text.split(|byte| matches!(*byte, NEXT_TERM | OTHER_TERM | NEXT_LINE));
        parts.filter_map(|part| std::str::from_utf8(part).ok()).filter(|part| !part.is_empty()).collect()
    }

    /// How many terms there are, codes apart.
    pub fn terms(&self) -> usize {
        self.text.iter().filter(|byte| matches!(**byte, NEXT_TERM | OTHER_TERM)).count()
    }

    /// The best fit of something in a line.
    pub fn fit(&self, line: u32, needle: &Needle) -> Option<Fit> {
        let (begin, text) = self.line(line);
        let mut best = None;
        let mut terms = None;
        let mut from = 0;
        // Occurrences may overlap, and the second may be the one at which a word begins.
        while let Some(at) = needle.finder.find(&text[from..]).map(|found| from + found) {
            from = at + 1;
            let end = at + needle.text.len();
            let closed = matches!(text.get(end), Some(&NEXT_TERM | &OTHER_TERM | &NEXT_LINE));
            let fit = if at == 0 && !matches!(text[0], NEXT_TERM | OTHER_TERM) {
                // The code: whole, or at least three of its characters.
                match (closed, needle.text.len() >= 3) {
                    (true, _) => Fit::Exact,
                    (false, true) => Fit::Prefix,
                    (false, false) => continue,
                }
            } else {
                match text[at - 1] {
                    NEXT_TERM if closed => Fit::Exact,
                    NEXT_TERM => Fit::Prefix,
                    OTHER_TERM if closed => Fit::Prefix,
                    OTHER_TERM => Fit::WordStart,
                    // Not in the middle of the code.
                    _ if at < *terms.get_or_insert_with(|| self.code(line).len()) => continue,
                    _ if self.begins_word(begin + at) => Fit::WordStart,
                    _ => Fit::Inside,
                }
            };
            if fit == Fit::Exact {
                return Some(fit);
            }
            best = Some(best.map_or(fit, |known: Fit| known.min(fit)));
        }
        best
    }

    /// Whether something is all of a term that the line shares with others.
    pub fn shares(&self, line: u32, needle: &Needle) -> bool {
        let (_, text) = self.line(line);
        text[..text.len() - 1].split(|byte| *byte == OTHER_TERM).skip(1).any(|term| term == needle.text.as_bytes())
    }

    fn begins_word(&self, at: usize) -> bool {
        self.words.get(at / 64).is_some_and(|bits| bits >> (at % 64) & 1 == 1)
    }

    fn bytes(&self) -> usize {
        self.text.capacity() + 4 * self.begins.capacity() + 8 * self.words.capacity()
    }
}

/// A code with its terms, before it becomes a line.
#[derive(Debug)]
pub(super) struct Entry<'r> {
    pub code: &'r str,
    /// Name first, then further terms of its own.
    pub own: Vec<&'r str>,
    /// Terms it shares with others (they fit one step less well).
    pub others: Vec<&'r str>,
    /// First and last day on which a row of the code is in force.
    pub days: (i32, i32),
    /// Stands behind all others that fit as well, however short its name.
    pub late: bool,
}

/// The searchable text of one master.
#[derive(Debug, Default)]
pub(super) struct Index {
    /// No other index has the same; a clinic's own layer is matched against an index once.
    pub id: u64,
    pub lines: Lines,
    pub grams: Grams,
    codes: String,
    /// Where the code of each line ends in `codes`.
    code_ends: Vec<u32>,
    /// Lines in the order of codes.
    by_code: Vec<u32>,
    days: Vec<(i32, i32)>,
    /// Own terms in the order of their letters: where each begins in the text, and its line. For diseases only.
    terms: Vec<(u32, u32)>,
}

/// The day as a number, as `Entry::days` has it.
fn number(day: NaiveDate) -> i32 {
    day.num_days_from_ce()
}

/// First and last day of several rows of a code.
pub(super) fn days<'v>(rows: impl Iterator<Item = &'v Validity>) -> (i32, i32) {
    rows.fold((i32::MAX, i32::MIN), |(first, last), row| (first.min(number(row.from)), last.max(row.to.map_or(i32::MAX, number))))
}

impl Index {
    /// From codes in any order. With `terms` names can be asked for by their beginning ([`Index::beginning`]).
    pub fn new(entries: Vec<Entry<'_>>, terms: bool) -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        struct Line<'r> {
            late: bool,
            length: usize,
            code: &'r str,
            own: Vec<Folded>,
            others: Vec<Folded>,
            days: (i32, i32),
        }
        let mut sorted: Vec<Line<'_>> = entries
            .into_iter()
            .map(|entry| {
                let own: Vec<Folded> = entry.own.iter().map(|term| fold(term)).collect();
                let others = entry.others.iter().map(|term| fold(term)).collect();
                let length = own.first().map_or(0, |name| name.text.chars().count());
                Line { late: entry.late, length, code: entry.code, own, others, days: entry.days }
            })
            .collect();
        sorted.sort_by(|a, b| (a.late, a.length, a.code).cmp(&(b.late, b.length, b.code)));
        let mut this = Self { id: NEXT.fetch_add(1, Ordering::Relaxed), ..Self::default() };
        // One letter and one pair at each place; growing as it goes would hold nearly twice as much for a moment.
        let letters = sorted.iter().flat_map(|line| line.own.iter().chain(&line.others)).map(|term| term.text.chars().count());
        let mut gatherer = Gatherer::with_capacity(2 * letters.sum::<usize>() + sorted.len());
        for entry in &sorted {
            let line = this.lines.len() as u32;
            let code = fold(entry.code).text;
            if let Some(key) = grams::code(code.as_bytes()) {
                gatherer.add(key, line, if code.len() <= 3 { Fit::Exact } else { Fit::Prefix });
            }
            let table = &mut this.terms;
            this.lines.add(&code, &entry.own, &entry.others, |term, begin, own| {
                gather(&mut gatherer, term, own, line);
                if terms && own {
                    table.push((begin as u32, line));
                }
            });
            this.codes.push_str(entry.code);
            this.code_ends.push(this.codes.len() as u32);
            this.days.push(entry.days);
        }
        this.grams = gatherer.finish();
        let mut by_code: Vec<u32> = (0..this.lines.len() as u32).collect();
        by_code.sort_unstable_by(|a, b| this.code(*a).cmp(this.code(*b)));
        this.by_code = by_code;
        let mut table = std::mem::take(&mut this.terms);
        table.sort_unstable_by(|a, b| this.term(a.0).cmp(this.term(b.0)).then(a.1.cmp(&b.1)));
        this.terms = table;
        this.lines.text.shrink_to_fit();
        this.codes.shrink_to_fit();
        this
    }

    /// The code of a line.
    pub fn code(&self, line: u32) -> &str {
        let begin = if line == 0 { 0 } else { self.code_ends[line as usize - 1] };
        &self.codes[begin as usize..self.code_ends[line as usize] as usize]
    }

    /// The line of a code.
    pub fn line_of(&self, code: &str) -> Option<u32> {
        self.by_code.binary_search_by(|line| self.code(*line).cmp(code)).ok().map(|at| self.by_code[at])
    }

    /// Whether a row of the line may be in force on a day: no for certain, yes nearly so (there may be gaps).
    pub fn may_cover(&self, line: u32, day: NaiveDate) -> bool {
        let (first, last) = self.days[line as usize];
        (first..=last).contains(&number(day))
    }

    /// How many lines there are.
    pub fn len(&self) -> usize {
        self.lines.len()
    }

    /// Lines with an own term that begins so, and whether it is the whole term; a line may come twice.
    pub fn beginning<'i>(&'i self, text: &'i str) -> impl Iterator<Item = (u32, Fit)> + 'i {
        let wanted = text.as_bytes();
        let from = self.terms.partition_point(|(at, _)| self.term(*at) < wanted);
        self.terms[from..].iter().map_while(move |(at, line)| {
            let term = self.term(*at);
            term.starts_with(wanted).then_some((*line, if term.len() == wanted.len() { Fit::Exact } else { Fit::Prefix }))
        })
    }

    fn term(&self, at: u32) -> &[u8] {
        let text = &self.lines.text[at as usize..];
        let end = text.iter().position(|byte| matches!(*byte, NEXT_TERM | OTHER_TERM | NEXT_LINE)).unwrap_or(text.len());
        &text[..end]
    }

    /// Lines in which a needle may be found, in order, as entries of [`grams`]; whether the fits are certain, or only
    /// not better than they can be.
    pub fn candidates(&self, needle: &Needle) -> (Vec<u32>, bool) {
        let letters: Vec<char> = needle.text.chars().collect();
        let codes = grams::code(needle.text.as_bytes()).map_or(&[][..], |key| self.grams.list(key));
        let one = match letters[..] {
            [] => return (Vec::new(), true),
            [one] => self.grams.list(grams::letter(one)),
            [one, two] => self.grams.list(grams::pair(one, two)),
            _ => {
                let found = self.holding(&letters);
                // Any of these codes may be meant as a whole.
                let codes: Vec<u32> = codes.iter().map(|e| grams::entry(grams::line(*e), Fit::Exact)).collect();
                return (grams::united(&found, &codes), false);
            }
        };
        let all = if codes.is_empty() { one.to_vec() } else { grams::united(one, codes) };
        (all, true)
    }

    /// Lines that hold all pairs of letters of a longer text, with the best fit the whole may have.
    fn holding(&self, letters: &[char]) -> Vec<u32> {
        let mut lists: Vec<&[u32]> = letters.windows(2).map(|two| self.grams.list(grams::pair(two[0], two[1]))).collect();
        let first = lists.remove(0);
        lists.sort_unstable_by_key(|list| list.len());
        lists.dedup_by_key(|list| list.as_ptr());
        // Where the first pair is only the beginning of a term the whole may be all of it, and so on.
        let better = |entry: u32| match grams::fit(entry) {
            Fit::Exact | Fit::Prefix => grams::entry(grams::line(entry), Fit::Exact),
            Fit::WordStart => grams::entry(grams::line(entry), Fit::Prefix),
            Fit::Inside => entry,
        };
        // Three rare pairs leave so few lines that reading them is cheaper than a fourth.
        let mut rest = lists.into_iter().take(3);
        let Some(second) = rest.next() else { return Vec::new() };
        let both = grams::common(first, second, |mine, _| better(mine));
        rest.fold(both, |both, list| grams::common(&both, list, |mine, _| mine))
    }

    /// Bytes of memory.
    pub fn bytes(&self) -> usize {
        self.lines.bytes()
            + self.grams.bytes()
            + self.codes.capacity()
            + 4 * (self.code_ends.capacity() + self.by_code.capacity())
            + 8 * (self.days.capacity() + self.terms.capacity())
    }
}

/// Says every letter and pair of letters of a term, with how well it fits alone.
fn gather(gatherer: &mut Gatherer, term: &Folded, own: bool, line: u32) {
    let mut starts = term.starts.iter().copied().peekable();
    let mut letters = term.text.char_indices().peekable();
    while let Some((at, c)) = letters.next() {
        while starts.next_if(|start| *start < at).is_some() {}
        let word = starts.peek() == Some(&at);
        let fit = |end: usize| match (at, end == term.text.len(), own) {
            (0, true, true) => Fit::Exact,
            (0, false, true) | (0, true, false) => Fit::Prefix,
            (0, false, false) => Fit::WordStart,
            _ if word => Fit::WordStart,
            _ => Fit::Inside,
        };
        let end = at + c.len_utf8();
        gatherer.add(grams::letter(c), line, fit(end));
        if let Some((_, next)) = letters.peek() {
            gatherer.add(grams::pair(c, *next), line, fit(end + next.len_utf8()));
        }
    }
}
