//! The items of a health check against the official code systems and the official example (eCheckup 1.5.0).

use model::paper::items::{Answer, Group, ITEMS};
use serde_json::Value;
use std::{
    collections::BTreeMap,
    env, fs,
    path::{Path, PathBuf},
};

const CODES: &str = "urn:oid:1.2.392.200119.6.1005";
const METHODS: &str = "urn:oid:1.2.392.200119.6.1007";
/// 所見の有無, of many tests.
const FINDINGS: &str = "urn:oid:1.2.392.200119.6.2002";

fn folder() -> Option<PathBuf> {
    let shared = env::var_os("KARTE_SHARED")
        .map_or_else(|| PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared")), PathBuf::from);
    let folder = shared.join("fhir/echeckup");
    if folder.is_dir() {
        return Some(folder);
    }
    println!("SKIPPED: no eCheckup beside the project");
    None
}

/// Code systems by their address: codes with their words.
fn systems(folder: &Path) -> BTreeMap<String, BTreeMap<String, String>> {
    let mut all = BTreeMap::new();
    for file in fs::read_dir(folder.join("codesystem")).expect("a folder").map(|entry| entry.expect("an entry").path()) {
        let system: Value = serde_json::from_slice(&fs::read(&file).expect("a file")).expect("JSON");
        let concepts = system["concept"].as_array().into_iter().flatten().map(|concept| {
            let words = |key: &str| concept[key].as_str().unwrap_or_default().to_owned();
            (words("code"), words("display"))
        });
        all.insert(system["url"].as_str().unwrap_or_default().to_owned(), concepts.collect());
    }
    all
}

#[test]
fn codes_names_methods_and_choices_are_the_official_ones() {
    let Some(folder) = folder() else { return };
    let systems = systems(&folder);
    let codes = &systems[CODES];
    for item in ITEMS {
        for code in item.codes {
            assert_eq!(codes.get(code.code).map(String::as_str), Some(code.display), "{}", item.label);
            if !code.method.is_empty() {
                let of_item = |(known, words): (&String, &String)| known.starts_with(&code.code[..5]) && words == code.method;
                assert!(systems[METHODS].iter().any(of_item), "{} {}", item.label, code.method);
            }
        }
        if let Some((code, name)) = item.detail {
            assert_eq!(codes.get(code).map(String::as_str), Some(name), "{}", item.label);
        }
        if let Answer::Choice(list) = item.answer {
            let official = &systems[list.system];
            assert!(
                list.options.iter().all(|(code, words)| official.get(*code).map(String::as_str) == Some(words)),
                "{}",
                item.label
            );
            let offered = |code: &str| list.options.iter().any(|(known, _)| *known == code);
            let left_out: Vec<&str> = official
                .iter()
                .filter(|(code, words)| !words.is_empty() && !offered(code))
                .map(|(_, words)| words.as_str())
                .collect();
            // One list serves many tests: to take a picture again can be said of a picture only, mammograms are none of ours.
            let expected: &[&str] = match (list.system, item.group) {
                (FINDINGS, Group::Chest) => &["マンモグラフィー不適"],
                (FINDINGS, _) => &["要再撮影", "マンモグラフィー不適"],
                _ => &[],
            };
            assert_eq!(left_out, expected, "{}: choices that are missing", item.label);
        }
    }
}

#[test]
fn every_answer_of_the_official_example_has_its_place() {
    let Some(folder) = folder() else { return };
    let file = folder.join("examples/Bundle-Bundle-eCheckupReport-Sample-01.json");
    let bundle: Value = serde_json::from_slice(&fs::read(file).expect("a file")).expect("JSON");
    let mut seen = 0;
    for resource in bundle["entry"].as_array().into_iter().flatten().map(|entry| &entry["resource"]) {
        if resource["resourceType"] != "Observation" {
            continue;
        }
        let code = resource["code"]["coding"][0]["code"].as_str().expect("a code");
        let (item, known) = ITEMS
            .iter()
            .find_map(|item| item.codes.iter().find(|known| known.code == code).map(|known| (item, known)))
            .unwrap_or_else(|| panic!("{code} is not offered"));
        match item.answer {
            Answer::Number { unit, .. } => {
                let printed = resource["valueQuantity"]["unit"].as_str().expect("a unit");
                assert_eq!(unit.to_lowercase(), printed.to_lowercase(), "{}", item.label);
            }
            Answer::Choice(list) => {
                let chosen = &resource["valueCodeableConcept"]["coding"][0];
                assert_eq!(chosen["system"], list.system, "{}", item.label);
                assert_eq!(chosen["display"].as_str(), list.words(chosen["code"].as_str().expect("a code")), "{}", item.label);
            }
            Answer::Words => assert!(resource["valueString"].is_string(), "{}", item.label),
        }
        if let Some(part) = resource["component"][0]["code"]["coding"][0]["code"].as_str() {
            assert_eq!(item.detail.map(|(code, _)| code), Some(part), "{}", item.label);
        }
        if let Some(method) = resource["method"]["coding"][0]["display"].as_str() {
            assert_eq!(known.method, method, "{}", item.label);
        }
        seen += 1;
    }
    assert_eq!(seen, 45);
}
