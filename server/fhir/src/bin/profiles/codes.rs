//! Value sets and the designated laboratory codes → rows.
//!
//! `valuesets.tsv`: a line `@ url` opens a set, then `system code code …`. Only sets that can be listed in full from what is
//! there; a set that cannot (LOINC, MIME types, masters that are not public) is left out and so not checked.
//! `designated.tsv`: `core|infection code group display|display`.

use super::{Library, Outcome};
use serde_json::Value;
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
    fs,
    path::Path,
};
use unicode_normalization::UnicodeNormalization;

/// Sets larger than this are masters, which are checked elsewhere.
const LARGEST: usize = 2500;

/// The rows of all value sets that can be listed.
pub fn value_sets<'a>(library: &Library, urls: impl Iterator<Item = &'a String>) -> String {
    let mut out = String::new();
    for url in urls {
        let mut codes = BTreeMap::new();
        let whole = expand(library, url, &mut codes).is_some();
        let size: usize = codes.values().map(BTreeSet::len).sum();
        if !whole || size == 0 || size > LARGEST {
            eprintln!("not listed ({}): {url}", if whole { "too large or empty" } else { "incomplete" });
            continue;
        }
        writeln!(out, "@\t{url}").expect("a string takes all");
        for (system, codes) in codes {
            writeln!(out, "{system}\t{}", codes.into_iter().collect::<Vec<_>>().join("\t")).expect("a string takes all");
        }
    }
    out
}

/// Code systems larger than this are masters.
const LARGEST_SYSTEM: usize = 400;

/// Systems of FHIR R4 that occur in these documents; the others of its package would be dead weight.
const OF_R4: [&str; 11] = [
    "condition-clinical",
    "condition-ver-status",
    "condition-category",
    "allergyintolerance-clinical",
    "allergyintolerance-verification",
    "data-absent-reason",
    "list-empty-reason",
    "organization-type",
    "diagnosis-role",
    "v3-ActCode",
    "v3-ObservationInterpretation",
];

/// The rows of `systems.tsv`: `system code code …` for code systems that are there in full. Left out are the designated
/// laboratory codes (`designated.tsv`), LOINC, and the two whose snapshot lacks codes that the profiles fix.
pub fn systems(library: &Library) -> String {
    let mut out = String::new();
    for (url, system) in &library.code_systems {
        let name = url.rsplit('/').next().unwrap_or_default();
        let r4 = url.starts_with("http://terminology.hl7.org/");
        let left_out = url.contains("loinc") || url.contains("/JLAC1") || ["doc-typecodes", "document-section"].contains(&name);
        if system["content"] != "complete" || left_out || r4 && !OF_R4.contains(&name) || url.starts_with("http://hl7.org/") {
            continue;
        }
        let mut codes = BTreeSet::new();
        collect(system["concept"].as_array().map(Vec::as_slice).unwrap_or_default(), &mut codes);
        if codes.is_empty() || codes.len() > LARGEST_SYSTEM && !r4 {
            continue;
        }
        writeln!(out, "{url}\t{}", codes.into_iter().collect::<Vec<_>>().join("\t")).expect("a string takes all");
    }
    out
}

/// Adds the codes of a set; none if a part cannot be listed.
fn expand(library: &Library, url: &str, codes: &mut BTreeMap<String, BTreeSet<String>>) -> Option<()> {
    let set = library.value_sets.get(url)?;
    if set["compose"]["exclude"].is_array() {
        return None;
    }
    for include in set["compose"]["include"].as_array()? {
        for other in include["valueSet"].as_array().into_iter().flatten() {
            expand(library, other.as_str()?, codes)?;
        }
        let Some(system) = include["system"].as_str() else { continue };
        let into = codes.entry(system.to_owned()).or_default();
        if let Some(listed) = include["concept"].as_array() {
            into.extend(listed.iter().filter_map(|c| c["code"].as_str()).map(str::to_owned));
            continue;
        }
        let system = library.code_systems.get(system).filter(|s| s["content"] == "complete")?;
        let concepts = system["concept"].as_array()?;
        match include["filter"].as_array().map(Vec::as_slice) {
            None => collect(concepts, into),
            Some([filter]) if matches!(filter["op"].as_str(), Some("descendent-of" | "is-a")) => {
                let parent = find(concepts, filter["value"].as_str()?)?;
                if filter["op"] == "is-a" {
                    into.extend(parent["code"].as_str().map(str::to_owned));
                }
                collect(parent["concept"].as_array().map(Vec::as_slice).unwrap_or_default(), into);
            }
            Some(_) => return None,
        }
    }
    Some(())
}

fn collect(concepts: &[Value], into: &mut BTreeSet<String>) {
    for concept in concepts {
        into.extend(concept["code"].as_str().map(str::to_owned));
        collect(concept["concept"].as_array().map(Vec::as_slice).unwrap_or_default(), into);
    }
}

fn find<'a>(concepts: &'a [Value], code: &str) -> Option<&'a Value> {
    concepts.iter().find_map(|c| if c["code"] == code { Some(c) } else { find(c["concept"].as_array()?, code) })
}

/// The designated codes with every display that an official source fixes for them: that of the code list, and that of the
/// profile's slice bound to the same group.
pub fn designated(csv: &Path, library: &Library) -> Outcome<String> {
    let mut by_code: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let lab = &library.profiles["http://jpfhir.jp/fhir/eCS/StructureDefinition/JP_Observation_LabResult_eCS"];
    let elements: BTreeMap<&str, &Value> =
        lab["snapshot"]["element"].as_array().into_iter().flatten().filter_map(|e| Some((e["id"].as_str()?, e))).collect();
    for (id, element) in &elements {
        let Some(slice) = id.strip_suffix(".code").filter(|s| s.contains("LaboJLAC10/")) else { continue };
        let Some(set) = element["binding"]["valueSet"].as_str() else { continue };
        let Some(display) = elements.get(format!("{slice}.display").as_str()).and_then(|e| e["fixedString"].as_str()) else {
            continue;
        };
        let mut codes = BTreeMap::new();
        if expand(library, set, &mut codes).is_some() {
            for code in codes.into_values().flatten() {
                by_code.entry(code).or_default().insert(display.nfkc().collect());
            }
        }
    }
    let mut out = String::new();
    for line in fs::read_to_string(csv)?.lines().skip(1) {
        let cells = cells(line);
        let [system, group, _, code, display, ..] = cells.as_slice() else { return Err(format!("a short line: {line}").into()) };
        let kind = if system.ends_with("InfectionLabo_CS") { "infection" } else { "core" };
        let mut displays = vec![display.nfkc().collect::<String>()];
        displays.extend(by_code.get(code).into_iter().flatten().filter(|d| **d != displays[0]).cloned().collect::<Vec<_>>());
        writeln!(out, "{kind}\t{code}\t{group}\t{}", displays.join("|"))?;
    }
    Ok(out)
}

/// Cells of a line of CSV, quoted or not.
fn cells(line: &str) -> Vec<String> {
    let (mut out, mut cell, mut quoted) = (Vec::new(), String::new(), false);
    for c in line.chars() {
        match c {
            '"' => quoted = !quoted,
            ',' if !quoted => out.push(std::mem::take(&mut cell)),
            c => cell.push(c),
        }
    }
    out.push(cell);
    out
}
