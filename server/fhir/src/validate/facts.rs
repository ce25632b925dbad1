//! The tables of facts, read once: types of FHIR R4, profiles as trees, value sets.

use crate::Version;
use serde_json::Value;
use std::{
    collections::{HashMap, HashSet},
    sync::LazyLock,
};

/// An element of a type of FHIR R4.
#[derive(Debug)]
pub(super) struct Field {
    /// Its name; a choice ends with `[x]`.
    pub name: &'static str,
    /// At least so many.
    pub min: usize,
    /// Whether it repeats; then JSON has an array.
    pub many: bool,
    /// Its types.
    pub types: Vec<&'static str>,
    /// Kinds of resource a reference may go to; empty for any.
    pub targets: Vec<&'static str>,
    /// The path whose content it has (`contentReference`), else its own.
    pub content: &'static str,
    /// Value set of a required binding.
    pub set: Option<&'static str>,
}

impl Field {
    /// The type of a JSON key that belongs to this element; none if it does not.
    pub fn type_of(&self, key: &str) -> Option<&'static str> {
        match self.name.strip_suffix("[x]") {
            None => (self.name == key).then(|| self.types.first().copied().unwrap_or("BackboneElement")),
            Some(stem) => {
                let suffix = key.strip_prefix(stem)?;
                self.types.iter().copied().find(|kind| {
                    kind.len() == suffix.len() && kind[1..] == suffix[1..] && kind[..1].eq_ignore_ascii_case(&suffix[..1])
                })
            }
        }
    }
}

/// A type a profile allows for an element.
#[derive(Debug)]
pub(super) struct TypeUse {
    /// The type's name.
    pub code: &'static str,
    /// Profiles it must follow (one of them).
    pub profiles: Vec<&'static str>,
    /// Profiles of what it may refer to.
    pub targets: Vec<&'static str>,
}

/// How an element is sliced.
#[derive(Debug)]
pub(super) struct Slicing {
    /// No item outside the slices.
    pub closed: bool,
    /// Slices in their order.
    pub ordered: bool,
    /// Kind and path of each discriminator.
    pub by: Vec<(&'static str, &'static str)>,
}

/// What a profile says of an element, with what it says of those inside.
#[derive(Debug, Default)]
pub(super) struct Node {
    /// Short name of the profile.
    pub owner: &'static str,
    /// The element's id in the profile.
    pub id: &'static str,
    /// Slice name; empty outside slices.
    pub slice: &'static str,
    /// At least so many.
    pub min: usize,
    /// At most so many; none where the profile does not say.
    pub max: Option<usize>,
    /// Types where narrowed.
    pub types: Vec<TypeUse>,
    /// Fixed value (true) or pattern (false).
    pub value: Option<(bool, Value)>,
    /// Value set of a required binding.
    pub set: Option<&'static str>,
    /// How it is sliced.
    pub slicing: Option<Slicing>,
    /// Its slices.
    pub slices: Vec<Node>,
    /// Elements inside.
    pub children: HashMap<&'static str, Node>,
}

/// A profile.
#[derive(Debug)]
pub(super) struct Profile {
    /// The type it is on.
    pub kind: &'static str,
    /// Its root.
    pub root: Node,
}

/// A listed value set: system → codes.
pub(super) type Set = HashMap<&'static str, HashSet<&'static str>>;

/// Profiles by address.
pub(super) type Profiles = HashMap<&'static str, Profile>;

/// All tables.
pub(super) struct Facts {
    /// Elements by type or path of a backbone element.
    pub types: HashMap<&'static str, Vec<Field>>,
    /// Profiles of 1.5.2 by address.
    profiles: Profiles,
    /// Value sets by address.
    pub sets: HashMap<&'static str, Set>,
    /// Code systems that are there in full.
    pub systems: Set,
    /// Addresses of the extensions that FHIR R4, JP Core, JP-CLINS and eCheckup define.
    pub extensions: HashSet<&'static str>,
    /// Code systems that any table names.
    pub named: HashSet<&'static str>,
}

/// The tables, read at first use.
pub(super) static FACTS: LazyLock<Facts> = LazyLock::new(|| {
    let profiles = profiles(include_str!("facts/profiles.tsv"));
    let mut sets = sets(include_str!("facts/valuesets.tsv"));
    // A copy of the referral letter's in the snapshot, against which no discharge summary could stand (mended in 1.9.0): its
    // sections are those whose codes its profile fixes, before 1.5.4 and after.
    if let Some(set) = sets.get_mut("http://jpfhir.jp/fhir/eDischargeSummary/ValueSet/document-section") {
        let own = discharge_sections();
        set.entry("http://jpfhir.jp/fhir/clins/CodeSystem/document-section").or_default().extend(own);
    }
    let systems: Set = include_str!("facts/systems.tsv")
        .lines()
        .filter_map(|line| {
            let mut cells = line.split('\t');
            Some((cells.next()?, cells.collect()))
        })
        .collect();
    let mut named: HashSet<&'static str> = systems.keys().chain(sets.values().flat_map(HashMap::keys)).copied().collect();
    named.extend(include_str!("facts/profiles.tsv").lines().filter_map(|line| {
        let cells: Vec<&'static str> = line.split('\t').collect();
        let fixed = cell(&cells, 0).ends_with(".system").then(|| cell(&cells, 4))?;
        fixed.get(2..fixed.len().checked_sub(1)?)
    }));
    let types = types(include_str!("facts/types.tsv"));
    let extensions = include_str!("facts/extensions.tsv").lines().collect();
    Facts { types, profiles, sets, systems, extensions, named }
});

/// Codes of the sections of a discharge summary, in either version.
fn discharge_sections() -> impl Iterator<Item = &'static str> {
    let of_profile = |table: &'static str| {
        let mut current = "";
        table.lines().filter_map(move |line| {
            let cells: Vec<&'static str> = line.split('\t').collect();
            if cell(&cells, 0) == "@" {
                current = cell(&cells, 1);
            }
            let fixes =
                current.ends_with("JP_Composition_eDischargeSummary") && cell(&cells, 0).ends_with("Section.code.coding.code");
            fixes.then(|| cell(&cells, 4).trim_start_matches(['=', '~']).trim_matches('"')).filter(|code| !code.is_empty())
        })
    };
    of_profile(include_str!("facts/profiles.tsv")).chain(of_profile(include_str!("facts/changes-1.11.tsv")))
}

/// The profiles of 1.11: those of 1.5.2 with the changes its history lists, read at first use.
static LATER: LazyLock<Profiles> = LazyLock::new(|| {
    let mut all = profiles(include_str!("facts/profiles.tsv"));
    amend(&mut all, include_str!("facts/changes-1.11.tsv"));
    all
});

/// The profiles of a version.
pub(super) fn profiles_of(version: Version) -> &'static Profiles {
    match version {
        Version::V1_5_2 => &FACTS.profiles,
        Version::V1_11 => &LATER,
    }
}

/// Applies a table of changes: rows like those of `profiles.tsv`, where an empty cell leaves what was there and `-` as value
/// set takes the binding away.
fn amend(all: &mut Profiles, table: &'static str) {
    let mut current = "";
    for line in table.lines() {
        let row: Vec<&'static str> = line.split('\t').collect();
        if cell(&row, 0) == "@" {
            current = cell(&row, 1);
            continue;
        }
        let Some(profile) = all.get_mut(current) else { continue };
        let id = cell(&row, 0);
        let node = place(&mut profile.root, id, short(current));
        node.id = id;
        if let Ok(min) = cell(&row, 1).parse() {
            node.min = min;
        }
        match cell(&row, 2) {
            "" => {}
            max => node.max = max.parse().ok(),
        }
        if !cell(&row, 3).is_empty() {
            node.types = cell(&row, 3).split(',').map(type_use).collect();
        }
        node.value = fixed(cell(&row, 4)).or_else(|| node.value.take());
        node.slicing = some(cell(&row, 5)).map(slicing).or_else(|| node.slicing.take());
        node.set = match cell(&row, 6) {
            "" => node.set,
            "-" => None,
            set => Some(set),
        };
    }
}

/// `=json` a fixed value (true), `~json` a pattern (false).
fn fixed(cell: &'static str) -> Option<(bool, Value)> {
    let (mark, json) = cell.split_at_checked(1)?;
    serde_json::from_str(json).ok().map(|value| (mark == "=", value))
}

/// Short name of a profile.
pub(super) fn short(url: &str) -> &str {
    url.rsplit('/').next().unwrap_or(url)
}

fn list(cell: &'static str, by: char) -> Vec<&'static str> {
    cell.split(by).filter(|part| !part.is_empty()).collect()
}

fn cell(row: &[&'static str], at: usize) -> &'static str {
    row.get(at).copied().unwrap_or_default()
}

fn some(text: &'static str) -> Option<&'static str> {
    (!text.is_empty()).then_some(text)
}

fn types(table: &'static str) -> HashMap<&'static str, Vec<Field>> {
    let mut out: HashMap<&'static str, Vec<Field>> = HashMap::new();
    for line in table.lines() {
        let row: Vec<&'static str> = line.split('\t').collect();
        let path = cell(&row, 0);
        let Some((container, name)) = path.rsplit_once('.') else {
            out.entry(path).or_default();
            continue;
        };
        let content = cell(&row, 5);
        out.entry(container).or_default().push(Field {
            name,
            min: cell(&row, 1).parse().unwrap_or(0),
            many: cell(&row, 2) == "*" || cell(&row, 2).parse().is_ok_and(|max: usize| max > 1),
            types: list(cell(&row, 3), ','),
            targets: list(cell(&row, 4), ','),
            content: if content.is_empty() { path } else { content },
            set: some(cell(&row, 6)),
        });
    }
    out
}

fn profiles(table: &'static str) -> Profiles {
    let mut out = HashMap::new();
    let mut current: Option<(&'static str, Profile)> = None;
    for line in table.lines() {
        let row: Vec<&'static str> = line.split('\t').collect();
        if cell(&row, 0) == "@" {
            out.extend(current.take());
            let (url, kind) = (cell(&row, 1), cell(&row, 2));
            let root = Node { owner: short(url), id: kind, ..Node::default() };
            current = Some((url, Profile { kind, root }));
            continue;
        }
        let Some((url, profile)) = &mut current else { continue };
        let id = cell(&row, 0);
        let node = place(&mut profile.root, id, short(url));
        node.id = id;
        node.min = cell(&row, 1).parse().unwrap_or(0);
        node.max = cell(&row, 2).parse().ok();
        node.types = cell(&row, 3).split(',').filter(|t| !t.is_empty()).map(type_use).collect();
        node.value = fixed(cell(&row, 4));
        node.slicing = some(cell(&row, 5)).map(slicing);
        node.set = some(cell(&row, 6));
    }
    out.extend(current);
    out
}

/// The node of an element id, made with its ancestors where it is not there yet.
fn place<'a>(root: &'a mut Node, id: &'static str, owner: &'static str) -> &'a mut Node {
    let mut node = root;
    let mut at = id.find('.').map_or(id.len(), |dot| dot + 1);
    for segment in list(id.get(at..).unwrap_or_default(), '.') {
        at += segment.len() + 1;
        let until = &id[..at - 1];
        let (name, slice) = segment.split_once(':').unwrap_or((segment, ""));
        let fresh = |slice| Node { owner, id: until, slice, ..Node::default() };
        node = node.children.entry(name).or_insert_with(|| fresh(""));
        if !slice.is_empty() {
            let found = node.slices.iter().position(|s| s.slice == slice);
            let index = found.unwrap_or_else(|| {
                node.slices.push(fresh(slice));
                node.slices.len() - 1
            });
            node = &mut node.slices[index];
        }
    }
    node
}

fn type_use(text: &'static str) -> TypeUse {
    let (rest, targets) = text.split_once('@').unwrap_or((text, ""));
    let (code, profiles) = rest.split_once('>').unwrap_or((rest, ""));
    TypeUse { code, profiles: list(profiles, '|'), targets: list(targets, '|') }
}

fn slicing(text: &'static str) -> Slicing {
    let mut parts = text.split(';');
    Slicing {
        closed: parts.next() == Some("closed"),
        ordered: parts.next() == Some("ordered"),
        by: parts.filter_map(|part| part.split_once(':')).collect(),
    }
}

fn sets(table: &'static str) -> HashMap<&'static str, Set> {
    let mut out: HashMap<&'static str, Set> = HashMap::new();
    let mut url = "";
    for line in table.lines() {
        let mut cells = line.split('\t');
        let Some(first) = cells.next() else { continue };
        if first == "@" {
            url = cells.next().unwrap_or_default();
        } else {
            out.entry(url).or_default().insert(first, cells.collect());
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const DISCHARGE: &str = "http://jpfhir.jp/fhir/eDischargeSummary/StructureDefinition/JP_Composition_eDischargeSummary";

    #[test]
    fn the_tables_say_what_the_profiles_say() {
        let condition = &FACTS.profiles[crate::uri::CONDITION];
        assert_eq!(condition.kind, "Condition");
        let code = &condition.root.children["code"];
        assert_eq!((code.min, code.children["text"].min), (1, 1));
        let medis = &code.children["coding"].slices.iter().find(|s| s.slice == "medisRecordNo").expect("a slice");
        assert_eq!(medis.min, 1);
        assert_eq!(medis.children["system"].value, Some((true, Value::from(crate::uri::DISEASE_KEY))));
        let bundle = &FACTS.profiles[crate::uri::BUNDLE_CLINS].root.children["entry"];
        assert!(bundle.slicing.as_ref().is_some_and(|s| s.closed && s.ordered));
        assert!(
            FACTS.sets["http://hl7.org/fhir/ValueSet/administrative-gender"]["http://hl7.org/fhir/administrative-gender"]
                .contains("female")
        );
        // What 1.11 changes and what it leaves.
        let course = |version| {
            let section = &profiles_of(version)[DISCHARGE].root.children["section"];
            let structured = section.slices.iter().find(|s| s.slice == "structuredSection").expect("a slice");
            let inside = &structured.children["section"].slices;
            let found = inside.iter().find(|s| s.slice == "presentIllnessSection").expect("a slice");
            found.children["code"].children["coding"].children["code"].value.clone()
        };
        assert_eq!(course(Version::V1_5_2), Some((true, Value::from("362"))));
        assert_eq!(course(Version::V1_11), Some((true, Value::from("360"))));
        let tag = |version| &profiles_of(version)[crate::uri::CONDITION].root.children["meta"].children["tag"];
        assert!(tag(Version::V1_5_2).slicing.as_ref().is_some_and(|s| s.closed) && tag(Version::V1_5_2).set.is_some());
        assert!(tag(Version::V1_11).slicing.as_ref().is_some_and(|s| !s.closed) && tag(Version::V1_11).set.is_none());
        assert_eq!(
            FACTS.types["Composition.section"].iter().find(|f| f.name == "section").map(|f| f.content),
            Some("Composition.section")
        );
    }
}
