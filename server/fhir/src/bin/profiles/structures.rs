//! StructureDefinitions → rows.
//!
//! `profiles.tsv`: a line `@ url type` opens a profile; then one row for each element that says more than its base:
//! `id min max types value slicing set`. `types.tsv`: `path min max types content set` for the R4 types that are reached.

use super::Library;
use serde_json::Value;
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
};

/// Slices of the designated laboratory codes stand in `designated.tsv` instead: their fixed displays disagree with the
/// official code lists (traps of the 1.5.2 snapshot), and the rule needs more than slicing.
fn is_designated_slice(id: &str) -> bool {
    ["coreLaboJLAC1", "infectionLaboJLAC1"].iter().any(|name| id.contains(name))
}

/// Takes over the extensions of FHIR R4 that the profiles name.
pub fn adopt_extensions(library: &mut Library) {
    let named: BTreeSet<String> = library
        .profiles
        .values()
        .flat_map(|p| p["snapshot"]["element"].as_array().into_iter().flatten())
        .flat_map(|e| e["type"].as_array().into_iter().flatten())
        .flat_map(|t| t["profile"].as_array().into_iter().flatten())
        .filter_map(|url| url.as_str().map(str::to_owned))
        .collect();
    // Official examples use these without a profile naming them.
    let used = ["iso21090-EN-representation", "iso21090-nullFlavor", "data-absent-reason"];
    for url in named.into_iter().chain(used.map(|name| format!("http://hl7.org/fhir/StructureDefinition/{name}"))) {
        if let Some(extension) = library.extensions.remove(&url) {
            library.profiles.entry(url).or_insert(extension);
        }
    }
}

/// The profiles' rows, the value sets they bind, and the R4 types they stand on.
pub fn profiles(library: &Library) -> (String, BTreeSet<String>, BTreeSet<String>) {
    let (mut out, mut bound, mut used) = (String::new(), BTreeSet::new(), BTreeSet::new());
    for (url, profile) in &library.profiles {
        let Some(elements) = profile["snapshot"]["element"].as_array() else { continue };
        let kind = profile["type"].as_str().unwrap_or_default();
        used.insert(kind.to_owned());
        writeln!(out, "@\t{url}\t{kind}").expect("a string takes all");
        for element in elements {
            let id = element["id"].as_str().unwrap_or_default();
            for code in type_codes(element) {
                used.insert(code);
            }
            if is_designated_slice(id) {
                continue;
            }
            let base = &element["base"];
            let (min, max) = (element["min"].as_u64().unwrap_or(0), element["max"].as_str().unwrap_or("*"));
            let root = !id.contains('.');
            let value = value(element);
            let slicing = slicing(element);
            let set = binding(element);
            // A binding that the base type has already is not repeated here.
            let set = set.filter(|set| {
                !set.starts_with("http://hl7.org/fhir/ValueSet/") || base_binding(library, element).as_ref() != Some(set)
            });
            let narrowed = narrowed(library, element);
            let says_more = min != base["min"].as_u64().unwrap_or(0)
                || max != base["max"].as_str().unwrap_or("*")
                || !value.is_empty()
                || !slicing.is_empty()
                || element["sliceName"].is_string()
                || set.is_some()
                || narrowed.is_some();
            if root || !says_more {
                continue;
            }
            bound.extend(set.clone());
            let types = narrowed.unwrap_or_default();
            writeln!(out, "{id}\t{min}\t{max}\t{types}\t{value}\t{slicing}\t{}", set.unwrap_or_default())
                .expect("a string takes all");
        }
    }
    (out, bound, used)
}

/// The rows of the R4 types reached from the profiles, and the value sets they bind.
pub fn types(library: &Library, used: &BTreeSet<String>) -> (String, BTreeSet<String>) {
    let mut bound = BTreeSet::new();
    let mut rows = BTreeMap::new();
    let mut todo: Vec<String> = used.iter().cloned().collect();
    todo.extend(["Extension", "Element", "Meta", "Narrative", "Reference", "Resource"].map(str::to_owned));
    while let Some(name) = todo.pop() {
        if rows.contains_key(&name) {
            continue;
        }
        let Some(definition) = library.types.get(&name) else { continue };
        let mut text = String::new();
        for element in definition["snapshot"]["element"].as_array().into_iter().flatten() {
            let path = element["path"].as_str().unwrap_or_default();
            let codes = type_codes(element);
            let targets: Vec<&str> = element["type"]
                .as_array()
                .into_iter()
                .flatten()
                .flat_map(|t| t["targetProfile"].as_array().into_iter().flatten())
                .filter_map(|t| t.as_str()?.rsplit('/').next())
                .collect();
            let content = element["contentReference"].as_str().map(|c| c.trim_start_matches('#')).unwrap_or_default();
            let set = binding(element);
            bound.extend(set.clone());
            let (min, max) = (element["min"].as_u64().unwrap_or(0), element["max"].as_str().unwrap_or("*"));
            let set = set.unwrap_or_default();
            writeln!(text, "{path}\t{min}\t{max}\t{}\t{}\t{content}\t{set}", codes.join(","), targets.join(","))
                .expect("a string takes all");
            // The types of all resources would come along with `contained`; those named suffice.
            todo.extend(codes);
        }
        rows.insert(name, text);
    }
    (rows.into_values().collect(), bound)
}

fn type_codes(element: &Value) -> Vec<String> {
    element["type"].as_array().into_iter().flatten().filter_map(|t| t["code"].as_str()).map(plain_code).collect()
}

/// Types of FHIRPath (`http://hl7.org/fhirpath/System.String`) are written as the primitive they stand for.
fn plain_code(code: &str) -> String {
    if code.starts_with("http://hl7.org/fhirpath/") { "string".to_owned() } else { code.to_owned() }
}

/// `code>profile|profile`, `Reference@target|target`, separated by commas; none where the base type says the same.
fn narrowed(library: &Library, element: &Value) -> Option<String> {
    let types = element["type"].as_array()?;
    let mut says_more = false;
    let base = element["base"]["path"].as_str().unwrap_or_default();
    says_more |= base_element(library, base).is_some_and(|e| type_codes(e) != type_codes(element));
    let mut out = Vec::new();
    for kind in types {
        let code = kind["code"].as_str().unwrap_or_default();
        let code = plain_code(code);
        let list = |key: &str| -> Vec<&str> { kind[key].as_array().into_iter().flatten().filter_map(Value::as_str).collect() };
        let (profiles, targets) = (list("profile"), list("targetProfile"));
        says_more |= !profiles.is_empty() || targets.iter().any(|t| !t.starts_with("http://hl7.org/"));
        let mut text = code;
        if !profiles.is_empty() {
            write!(text, ">{}", profiles.join("|")).expect("a string takes all");
        }
        if !targets.is_empty() {
            write!(text, "@{}", targets.join("|")).expect("a string takes all");
        }
        out.push(text);
    }
    says_more.then(|| out.join(","))
}

fn base_element<'a>(library: &'a Library, path: &str) -> Option<&'a Value> {
    let definition = library.types.get(path.split('.').next()?)?;
    definition["snapshot"]["element"].as_array()?.iter().find(|e| e["path"] == path)
}

fn base_binding(library: &Library, element: &Value) -> Option<String> {
    binding(base_element(library, element["base"]["path"].as_str()?)?)
}

/// `=json` for a fixed value, `~json` for a pattern.
fn value(element: &Value) -> String {
    for (key, value) in element.as_object().into_iter().flatten() {
        for (prefix, mark) in [("fixed", '='), ("pattern", '~')] {
            if key.strip_prefix(prefix).is_some_and(|rest| rest.starts_with(char::is_uppercase)) {
                return format!("{mark}{value}");
            }
        }
    }
    String::new()
}

/// `rules;ordered;type:path;…`.
fn slicing(element: &Value) -> String {
    let slicing = &element["slicing"];
    if !slicing.is_object() {
        return String::new();
    }
    let mut out = slicing["rules"].as_str().unwrap_or("open").to_owned();
    out.push_str(if slicing["ordered"] == true { ";ordered" } else { ";" });
    for by in slicing["discriminator"].as_array().into_iter().flatten() {
        write!(out, ";{}:{}", by["type"].as_str().unwrap_or_default(), by["path"].as_str().unwrap_or_default())
            .expect("a string takes all");
    }
    // Every element `extension` is sliced by url; that alone says nothing.
    let id = element["id"].as_str().unwrap_or_default();
    if out == "open;;value:url" && id.ends_with("xtension") && element["sliceName"].is_null() { String::new() } else { out }
}

/// The value set of a required binding, without its version.
fn binding(element: &Value) -> Option<String> {
    let binding = &element["binding"];
    if binding["strength"] != "required" {
        return None;
    }
    let set = binding["valueSet"].as_str()?;
    Some(set.split('|').next().unwrap_or(set).to_owned())
}
