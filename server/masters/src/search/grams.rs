//! Which lines hold a letter or a pair of letters, and how well they would fit: lists made once, so that one kana, which
//! half of all names hold, costs no more than a whole word.

use super::index::Fit;

/// Marks the beginning of a code (up to three characters) among the keys; no letter has this number.
const CODE: u64 = 0x1f_ffff << 21;

/// One letter.
pub(super) fn letter(c: char) -> u64 {
    u64::from(u32::from(c)) << 21
}

/// Two letters.
pub(super) fn pair(a: char, b: char) -> u64 {
    // No letter has the number 0 but NUL, which folding leaves out.
    letter(a) | u64::from(u32::from(b))
}

/// The first three bytes of a code, or all of a shorter one; none where they are not ASCII.
pub(super) fn code(code: &[u8]) -> Option<u64> {
    let head = &code[..code.len().min(3)];
    (!head.is_empty() && head.is_ascii()).then(|| CODE | head.iter().fold(0, |key, byte| key << 7 | u64::from(*byte)))
}

/// An entry of a list: the line and its fit in one number, so that lists are in the order of lines.
pub(super) fn entry(line: u32, fit: Fit) -> u32 {
    line << 2 | fit as u32
}

/// The line of an entry.
pub(super) fn line(entry: u32) -> u32 {
    entry >> 2
}

/// The fit of an entry.
pub(super) fn fit(entry: u32) -> Fit {
    Fit::ALL[(entry & 3) as usize]
}

/// Lists of entries by letter and pair of letters.
#[derive(Debug, Default)]
pub(super) struct Grams {
    keys: Vec<u64>,
    /// Where the list of a key ends.
    ends: Vec<u32>,
    entries: Vec<u32>,
}

/// Gathers what goes into the lists.
#[derive(Debug, Default)]
pub(super) struct Gatherer(Vec<u64>);

impl Gatherer {
    /// With room for so many.
    pub fn with_capacity(count: usize) -> Self {
        Self(Vec::with_capacity(count))
    }

    /// Says that a line holds something.
    pub fn add(&mut self, key: u64, line: u32, fit: Fit) {
        debug_assert!(line < 1 << 20, "a master has fewer than a million codes");
        self.0.push(key << 22 | u64::from(entry(line, fit)));
    }

    /// The lists, each line once with its best fit.
    pub fn finish(mut self) -> Grams {
        self.0.sort_unstable();
        // The best fit of a line stands first among its entries.
        self.0.dedup_by_key(|packed| *packed >> 2);
        let mut grams = Grams { entries: Vec::with_capacity(self.0.len()), ..Grams::default() };
        for packed in self.0 {
            let key = packed >> 22;
            if grams.keys.last() != Some(&key) {
                grams.keys.push(key);
                grams.ends.push(grams.entries.len() as u32);
            }
            grams.entries.push((packed & 0x3f_ffff) as u32);
            if let Some(end) = grams.ends.last_mut() {
                *end = grams.entries.len() as u32;
            }
        }
        grams.keys.shrink_to_fit();
        grams.ends.shrink_to_fit();
        grams
    }
}

impl Grams {
    /// The list of a key, in the order of lines.
    pub fn list(&self, key: u64) -> &[u32] {
        let Ok(at) = self.keys.binary_search(&key) else { return &[] };
        let begin = if at == 0 { 0 } else { self.ends[at - 1] as usize };
        &self.entries[begin..self.ends[at] as usize]
    }

    /// Bytes of memory.
    pub fn bytes(&self) -> usize {
        self.keys.capacity() * 8 + self.ends.capacity() * 4 + self.entries.capacity() * 4
    }
}

/// Entries of either list; of a line in both the better fit.
pub(super) fn united(a: &[u32], b: &[u32]) -> Vec<u32> {
    let mut all = Vec::with_capacity(a.len() + b.len());
    let (mut i, mut j) = (0, 0);
    while i < a.len() && j < b.len() {
        match line(a[i]).cmp(&line(b[j])) {
            std::cmp::Ordering::Less => {
                all.push(a[i]);
                i += 1;
            }
            std::cmp::Ordering::Greater => {
                all.push(b[j]);
                j += 1;
            }
            std::cmp::Ordering::Equal => {
                all.push(a[i].min(b[j]));
                i += 1;
                j += 1;
            }
        }
    }
    all.extend_from_slice(&a[i..]);
    all.extend_from_slice(&b[j..]);
    all
}

/// Entries of lines in both lists; the fit is made of both.
pub(super) fn common(a: &[u32], b: &[u32], mut both_fit: impl FnMut(u32, u32) -> u32) -> Vec<u32> {
    let (short, long, swapped) = if a.len() <= b.len() { (a, b, false) } else { (b, a, true) };
    let mut both = Vec::with_capacity(short.len());
    let mut rest = long;
    for &one in short {
        // A long list is leapt through, one of about the same length walked.
        let skip = match long.len() > 16 * short.len() {
            true => rest.partition_point(|other| line(*other) < line(one)),
            false => rest.iter().position(|other| line(*other) >= line(one)).unwrap_or(rest.len()),
        };
        rest = &rest[skip..];
        let Some(&other) = rest.first() else { break };
        if line(other) == line(one) {
            both.push(if swapped { both_fit(other, one) } else { both_fit(one, other) });
        }
    }
    both
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::{collection::vec, prelude::*};
    use std::collections::BTreeMap;

    fn list(entries: &[(u32, usize)]) -> Vec<u32> {
        let mut best: BTreeMap<u32, Fit> = BTreeMap::new();
        for (line, fit) in entries {
            let fit = Fit::ALL[*fit];
            best.entry(*line).and_modify(|old| *old = fit.min(*old)).or_insert(fit);
        }
        best.into_iter().map(|(line, fit)| entry(line, fit)).collect()
    }

    proptest! {
        #[test]
        fn lists_are_joined_as_maps_are(a in vec((0_u32..200, 0_usize..4), 0..300), b in vec((0_u32..200, 0_usize..4), 0..20)) {
            let (a, b) = (list(&a), list(&b));
            let map = |list: &[u32]| list.iter().map(|e| (line(*e), fit(*e))).collect::<BTreeMap<_, _>>();
            let (left, right) = (map(&a), map(&b));
            let mut either = left.clone();
            for (line, fit) in &right {
                either.entry(*line).and_modify(|old| *old = (*fit).min(*old)).or_insert(*fit);
            }
            prop_assert_eq!(map(&united(&a, &b)), either);
            let both: BTreeMap<_, _> =
                left.iter().filter_map(|(line, fit)| right.get(line).map(|other| (*line, (*fit).max(*other)))).collect();
            prop_assert_eq!(map(&common(&a, &b, u32::max)), both.clone());
            prop_assert_eq!(map(&common(&b, &a, u32::max)), both);
        }

        #[test]
        fn a_line_is_listed_once_with_its_best_fit(said in vec((0_u32..5, 0_u32..50, 0_usize..4), 0..200)) {
            let mut gatherer = Gatherer::default();
            for (key, line, fit) in &said {
                gatherer.add(letter('ア') + u64::from(*key), *line, Fit::ALL[*fit]);
            }
            let grams = gatherer.finish();
            for key in 0..5 {
                let wanted: Vec<(u32, usize)> = said.iter().filter(|s| s.0 == key).map(|s| (s.1, s.2)).collect();
                prop_assert_eq!(grams.list(letter('ア') + u64::from(key)), list(&wanted));
            }
        }
    }
}
