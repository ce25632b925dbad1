//! What one clinic brings to the search (院内マスター): how often it used a code, what it prefers, what it hides and what it
//! calls by names of its own. Made once for a clinic and a master, kept, and handed to every search.

use std::collections::{BTreeMap, HashMap, HashSet};

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
    }

    /// The clinic does not want to be offered a code (非表示).
    pub fn hide(&mut self, code: impl Into<String>) {
        self.hidden.insert(code.into());
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
}
