//! The four parts of a note (SOAP): their letters, and how two versions of them are put together.

use super::draft::{Saved, Written, merge_part};
use model::chart::{Note, Soap};

/// One part of the note: its letter, its name, what to write there, and where it stands in [`Soap`].
pub(super) struct Part {
    pub(super) letter: &'static str,
    pub(super) name: &'static str,
    pub(super) hint: &'static str,
    pub(super) read: fn(&Soap) -> &String,
    pub(super) write: fn(&mut Soap) -> &mut String,
}

/// The four parts in reading order.
pub(super) const PARTS: [Part; 4] = [
    Part {
        letter: "S",
        name: "主観的情報",
        hint: "訴え・経過（例: 3日前から咳。熱はない）",
        read: |soap| &soap.subjective,
        write: |soap| &mut soap.subjective,
    },
    Part {
        letter: "O",
        name: "客観的情報",
        hint: "所見・測定値",
        read: |soap| &soap.objective,
        write: |soap| &mut soap.objective,
    },
    Part {
        letter: "A", name: "評価", hint: "評価・診断", read: |soap| &soap.assessment, write: |soap| &mut soap.assessment
    },
    Part { letter: "P", name: "計画", hint: "方針・説明", read: |soap| &soap.plan, write: |soap| &mut soap.plan },
];

impl Written for Soap {
    fn parts(&self) -> Vec<(&'static str, String)> {
        PARTS.iter().map(|part| (part.letter, (part.read)(self).clone())).collect()
    }

    fn merged(yours: &Self, theirs: &Self, by: &str) -> Self {
        let mut both = Self::default();
        for part in &PARTS {
            *(part.write)(&mut both) = merge_part((part.read)(yours), (part.read)(theirs), by);
        }
        both
    }
}

/// A note as a draft knows it.
pub fn saved(note: Option<&Note>) -> Saved<Soap> {
    match note {
        Some(note) => {
            Saved { text: note.soap.clone(), version: note.version, at: Some(note.saved_at), by: note.author.name.clone() }
        }
        None => Saved { text: Soap::default(), version: 0, at: None, by: String::new() },
    }
}
