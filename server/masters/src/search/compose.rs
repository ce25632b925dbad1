//! Diseases as doctors type them: modifiers in front (接頭語) and behind (接尾語) are taken off, what remains is looked
//! for as a disease (`ひだりへんけいせいしつかん` → 左 + 変形性膝関節症).

use super::fold::fold;
use chrono::NaiveDate;
use model::{chart::ModifierRef, master::Modifier};
use std::collections::{BTreeMap, HashMap};

/// No name in use has more modifiers in front, or behind, than these.
const MOST_BEFORE: usize = 3;
const MOST_BEHIND: usize = 2;
/// Ways of taking a query apart that are followed.
const MOST_WAYS: usize = 48;

/// Modifiers by folded name and reading.
#[derive(Debug, Default)]
pub struct Modifiers {
    before: HashMap<String, Vec<u32>>,
    behind: BTreeMap<String, Vec<u32>>,
    longest: usize,
}

/// A query taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Way {
    /// Modifiers, those in front first, as positions in the table.
    pub modifiers: Vec<u32>,
    /// Whether there are some behind.
    pub behind: bool,
    /// What remains, folded.
    pub rest: String,
}

impl Modifiers {
    /// From the rows of the table, in their order.
    pub fn new(rows: &[Modifier]) -> Self {
        let mut this = Self::default();
        for (index, row) in rows.iter().enumerate() {
            let (name, kana) = (fold(&row.name).text, fold(&row.kana).text);
            // One kana alone is the beginning of too many words to be a modifier.
            let keys = [name, kana].into_iter().filter(|key| !key.is_empty());
            for key in keys.filter(|key| key.chars().count() > 1 || !key.starts_with(is_kana)) {
                this.longest = this.longest.max(key.chars().count());
                let list = match row.suffix {
                    true => this.behind.entry(key).or_default(),
                    false => this.before.entry(key).or_default(),
                };
                // A modifier whose name was changed has several rows; each of its names leads to it.
                let known = list.iter().any(|known| rows[*known as usize].code == row.code);
                if list.len() < 3 && !known {
                    list.push(index as u32);
                }
            }
        }
        this
    }

    /// All ways to take modifiers off a folded query; the way without any is not among them.
    pub fn ways(&self, query: &str) -> Vec<Way> {
        let mut ways = Vec::new();
        for (before, middle) in self.fronts(query) {
            for (behind, rest) in self.backs(&middle) {
                if (before.is_empty() && behind.is_empty()) || ways.len() >= MOST_WAYS || !enough(&rest) {
                    continue;
                }
                let modifiers = before.iter().chain(&behind).copied().collect();
                ways.push(Way { modifiers, behind: !behind.is_empty(), rest });
            }
        }
        ways.sort_by_key(|way| (way.modifiers.len(), std::cmp::Reverse(way.rest.len())));
        ways
    }

    fn fronts(&self, query: &str) -> Vec<(Vec<u32>, String)> {
        let mut all = vec![(Vec::new(), query.to_owned())];
        let mut from = 0;
        for _ in 0..MOST_BEFORE {
            let end = all.len();
            for index in from..end {
                let (taken, rest) = all[index].clone();
                for (at, _) in rest.char_indices().skip(1).take(self.longest) {
                    for modifier in self.before.get(&rest[..at]).into_iter().flatten() {
                        if all.len() < MOST_WAYS && !taken.contains(modifier) {
                            let mut more = taken.clone();
                            more.push(*modifier);
                            all.push((more, rest[at..].to_owned()));
                        }
                    }
                }
            }
            from = end;
        }
        all
    }

    fn backs(&self, query: &str) -> Vec<(Vec<u32>, String)> {
        let mut all = vec![(Vec::new(), query.to_owned())];
        let mut from = 0;
        for round in 0..MOST_BEHIND {
            let end = all.len();
            for index in from..end {
                let (taken, rest) = all[index].clone();
                for (at, _) in rest.char_indices().skip(1) {
                    let tail = &rest[at..];
                    let whole = self.behind.get(tail).map(Vec::as_slice).unwrap_or_default();
                    // A suffix still being typed (の疑 → の疑い); only at the very end, and at least half of it.
                    let begun = if round == 0 && whole.is_empty() && tail.chars().count() > 1 {
                        self.behind
                            .range(tail.to_owned()..)
                            .take_while(|(key, _)| key.starts_with(tail))
                            .filter(|(key, _)| tail.len() * 2 >= key.len())
                            .min_by_key(|(key, _)| key.len())
                            .map(|(_, list)| &list[..1])
                            .unwrap_or_default()
                    } else {
                        &[]
                    };
                    for modifier in whole.iter().chain(begun) {
                        if all.len() < MOST_WAYS && !taken.contains(modifier) {
                            let mut more = vec![*modifier];
                            more.extend(&taken);
                            all.push((more, rest[..at].to_owned()));
                        }
                    }
                }
            }
            from = end;
        }
        all
    }
}

/// A remainder is looked for when it has two letters or is a kanji.
fn enough(rest: &str) -> bool {
    let count = rest.chars().count();
    count > 1 || count == 1 && rest.starts_with(|c: char| !c.is_ascii() && !is_kana(c))
}

/// The modifier as it is written into a diagnosis; none where it is not in force on the day.
pub fn reference(row: &Modifier, on: NaiveDate) -> Option<ModifierRef> {
    row.validity.covers(on).then(|| ModifierRef {
        code: row.code.clone(),
        name: row.name.clone(),
        management: row.management.clone(),
        suffix: row.suffix,
    })
}

fn is_kana(c: char) -> bool {
    ('ァ'..='ヺ').contains(&c)
}
