//! One master as one long text, searched from end to end: at this size that is faster than any tree, and one and two
//! letters of Japanese, where trees fail, cost the same as ten.
//!
//! A line of the text is a code; its terms (code, name, reading, other names) stand behind each other.

use super::fold::fold;
use memchr::memmem;

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

/// The searchable text of one master.
#[derive(Debug, Default)]
pub struct Index {
    text: Vec<u8>,
    /// Where each line begins.
    lines: Vec<u32>,
    /// One bit a byte of the text: a word begins here.
    starts: Vec<u64>,
    codes: Vec<Box<str>>,
    /// Length of the name in characters: shorter names come first.
    lengths: Vec<u16>,
}

impl Index {
    /// Adds a code with its name, further terms of its own and terms it shares with others (which fit one step less
    /// well). Terms may repeat; empty ones are left out.
    pub fn add(&mut self, code: &str, name: &str, own: &[&str], others: &[&str]) {
        self.lines.push(self.text.len() as u32);
        self.codes.push(code.into());
        self.text.extend_from_slice(fold(code).text.as_bytes());
        let folded = fold(name);
        self.lengths.push(folded.text.chars().count().min(usize::from(u16::MAX)) as u16);
        let mut seen: Vec<String> = Vec::new();
        let own = std::iter::once(folded).chain(own.iter().map(|term| fold(term))).map(|term| (NEXT_TERM, term));
        for (mark, term) in own.chain(others.iter().map(|term| (OTHER_TERM, fold(term)))) {
            if term.text.is_empty() && !seen.is_empty() || seen.contains(&term.text) {
                continue;
            }
            self.text.push(mark);
            let begin = self.text.len();
            self.text.extend_from_slice(term.text.as_bytes());
            for start in term.starts {
                self.mark(begin + start);
            }
            seen.push(term.text);
        }
        self.text.push(NEXT_LINE);
    }

    fn mark(&mut self, at: usize) {
        if self.starts.len() <= at / 64 {
            self.starts.resize(at / 64 + 1, 0);
        }
        self.starts[at / 64] |= 1 << (at % 64);
    }

    fn begins_word(&self, at: usize) -> bool {
        self.starts.get(at / 64).is_some_and(|bits| bits >> (at % 64) & 1 == 1)
    }

    /// The code of a line.
    pub fn code(&self, line: u32) -> &str {
        &self.codes[line as usize]
    }

    /// The length of a line's name.
    pub fn length(&self, line: u32) -> u16 {
        self.lengths[line as usize]
    }

    /// How many lines there are.
    pub fn len(&self) -> usize {
        self.lines.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// All lines in which one of the folded spellings is found, with the best fit of each, in the order of lines.
    pub fn find(&self, spellings: &[String]) -> Vec<(u32, Fit)> {
        let mut found: Vec<(u32, Fit)> = Vec::new();
        for spelling in spellings.iter().filter(|s| !s.is_empty()) {
            let one = self.find_one(spelling.as_bytes());
            found = if found.is_empty() { one } else { united(&found, &one) };
        }
        found
    }

    fn find_one(&self, needle: &[u8]) -> Vec<(u32, Fit)> {
        let mut found: Vec<(u32, Fit)> = Vec::new();
        let mut line = 0_usize;
        for at in memmem::find_iter(&self.text, needle) {
            while self.lines.get(line + 1).is_some_and(|next| *next as usize <= at) {
                line += 1;
            }
            let begin = self.lines[line] as usize;
            let Some(fit) = self.fit(begin, at, needle) else { continue };
            match found.last_mut() {
                Some((last, best)) if *last == line as u32 => *best = fit.min(*best),
                _ => found.push((line as u32, fit)),
            }
        }
        found
    }

    fn fit(&self, line: usize, at: usize, needle: &[u8]) -> Option<Fit> {
        let end = at + needle.len();
        let closed = matches!(self.text.get(end), Some(&NEXT_TERM | &OTHER_TERM | &NEXT_LINE));
        if at == line {
            // The code: whole, or at least three of its characters.
            return match (closed, needle.len() >= 3) {
                (true, _) => Some(Fit::Exact),
                (false, true) => Some(Fit::Prefix),
                (false, false) => None,
            };
        }
        match self.text[at - 1] {
            NEXT_TERM if closed => Some(Fit::Exact),
            NEXT_TERM => Some(Fit::Prefix),
            OTHER_TERM if closed => Some(Fit::Prefix),
            OTHER_TERM => Some(Fit::WordStart),
            // Not in the middle of the code.
            _ if !self.text[line..at].contains(&NEXT_TERM) => None,
            _ if self.begins_word(at) => Some(Fit::WordStart),
            _ => Some(Fit::Inside),
        }
    }
}

/// Lines of either list, with the better fit.
fn united(a: &[(u32, Fit)], b: &[(u32, Fit)]) -> Vec<(u32, Fit)> {
    let mut all: Vec<(u32, Fit)> = a.iter().chain(b).copied().collect();
    all.sort_unstable();
    all.dedup_by_key(|(line, _)| *line);
    all
}

/// Lines of both lists, with the worse fit: two words fit as well as the one that fits worse.
pub fn crossed(a: &[(u32, Fit)], b: &[(u32, Fit)]) -> Vec<(u32, Fit)> {
    let mut both = Vec::new();
    let mut rest = b.iter().peekable();
    for (line, fit) in a {
        while rest.peek().is_some_and(|(other, _)| other < line) {
            rest.next();
        }
        if let Some((other, second)) = rest.peek()
            && other == line
        {
            both.push((*line, (*fit).max(*second)));
        }
    }
    both
}
