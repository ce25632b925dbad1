//! Documents that were not written for us: the official examples, the labelled broken cases, and the records of a simulator
//! that knows nothing of the profiles. Each is kept; each is shown, or refused with its reasons.

use crate::{House, act, bundle::clins, shelf::Place};
use model::outside::*;
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

/// The material beside the project, or nothing.
fn shared() -> Option<PathBuf> {
    let dir = std::env::var_os("KARTE_SHARED")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"), PathBuf::from);
    if dir.join("fhir").is_dir() {
        return Some(dir);
    }
    eprintln!("SKIPPED: {} is not there; the documents of others were not read", dir.display());
    None
}

/// Every JSON file below a directory; lines of NDJSON each on their own.
fn documents(dir: &Path, into: &mut Vec<(String, Vec<u8>)>) {
    for entry in fs::read_dir(dir).into_iter().flatten().flatten() {
        let path = entry.path();
        match path.extension().and_then(|e| e.to_str()) {
            _ if path.is_dir() => documents(&path, into),
            Some("json") => into.push((path.display().to_string(), fs::read(&path).expect("a file"))),
            Some("ndjson") => {
                let text = fs::read(&path).expect("a file");
                let lines = text.split(|b| *b == b'\n').filter(|line| !line.is_empty()).take(20);
                into.extend(lines.enumerate().map(|(n, line)| (format!("{}:{}", path.display(), n + 1), line.to_vec())));
            }
            _ => {}
        }
    }
}

/// The official examples of single resources, each in a bundle about our patient, as systems that know no better send them.
fn wrap(shared: &Path, into: &mut Vec<(String, Vec<u8>)>) {
    let mut singles = Vec::new();
    documents(&shared.join("fhir/jp-clins/examples"), &mut singles);
    for (name, bytes) in singles {
        let Ok(mut resource) = serde_json::from_slice::<Value>(&bytes) else { continue };
        let kind = resource["resourceType"].as_str().unwrap_or_default().to_owned();
        if !["AllergyIntolerance", "Condition", "Observation", "MedicationRequest"].contains(&kind.as_str()) {
            continue;
        }
        // What is not in the bundle is not referred to.
        let about = json!({ "reference": "urn:uuid:10000000-0000-4000-8000-000000000001" });
        let members = resource.as_object_mut().expect("a resource");
        for member in ["encounter", "performer", "recorder", "asserter", "requester", "basedOn", "hasMember", "specimen"] {
            members.remove(member);
        }
        for member in ["subject", "patient"] {
            if let Some(reference) = members.get_mut(member) {
                *reference = about.clone();
            }
        }
        into.push((
            format!("wrapped {name}"),
            clins(&kind, &format!("w-{}", into.len()), vec![resource]).to_string().into_bytes(),
        ));
    }
}

/// The document with the birth date of our patient: what is about somebody else is not shown for her. What is no JSON stays
/// as it is.
fn born_like_ours(bytes: &[u8]) -> Vec<u8> {
    let Ok(mut document) = serde_json::from_slice::<serde_json::Value>(bytes) else { return bytes.to_vec() };
    for entry in document.get_mut("entry").and_then(|entries| entries.as_array_mut()).into_iter().flatten() {
        if entry["resource"]["resourceType"] == "Patient" {
            entry["resource"]["birthDate"] = "1981-03-02".into();
        }
    }
    document.to_string().into_bytes()
}

#[tokio::test]
async fn documents_of_others_are_kept_and_shown_or_refused_with_reasons() {
    let Some(shared) = shared() else { return };
    let mut all = Vec::new();
    for dir in ["fhir/jp-clins/examples", "fhir/echeckup/examples", "fhir/conformance-cases", "fhir/synthetic/clinosim-jp-p60"] {
        if !shared.join(dir).is_dir() {
            eprintln!("SKIPPED: {dir} is not there");
        }
        documents(&shared.join(dir), &mut all);
    }
    wrap(&shared, &mut all);
    // A patient's view shows two hundred documents; the rest follows in further houses.
    let (mut readable, mut refused, mut entries) = (0, 0, 0);
    let mut reasons = BTreeMap::new();
    for part in all.chunks(180) {
        let house = House::new().await;
        let bundles = part.iter().filter(|(name, _)| name.contains("/examples/Bundle-")).count();
        let before = readable;
        for (n, (_, bytes)) in part.iter().enumerate() {
            house.shelf.put(Place::Shared, &format!("{n}"), born_like_ours(bytes));
        }
        let count = u32::try_from(part.len()).expect("few");
        let Asked::Read { documents, fresh, refused: broken, gone: 0 } = house.ask().await else { panic!("not read") };
        assert_eq!((documents, fresh), (count, count));
        let view = house.view().await;
        assert_eq!(view.documents.len(), part.len());
        for document in &view.documents {
            match document.refused.is_empty() {
                true => {
                    readable += 1;
                    entries += document.entries.len();
                    assert!(!document.institution.is_empty());
                }
                false => {
                    refused += 1;
                    *reasons.entry(document.refused[0].chars().take(60).collect::<String>()).or_insert(0) += 1;
                }
            }
        }
        assert_eq!(view.documents.iter().filter(|d| !d.refused.is_empty()).count(), broken as usize);
        assert!(readable - before >= bundles, "an official document was refused");
        // Whatever is new can be taken over.
        for document in view.documents.iter().filter(|d| d.refused.is_empty()) {
            let new: Vec<u32> = document.entries.iter().filter(|e| e.standing == Standing::New).map(|e| e.index).collect();
            if !new.is_empty() {
                let me = house.at.one(model::staff::Role::Doctor);
                let taken =
                    act!(house.clinic, me, clinic::policy::ReadOutside, outside::take_over, house.patient, document.id, new);
                taken.unwrap_or_else(|error| panic!("{}: {error:?}", document.id));
            }
        }
    }
    println!("{} documents: {readable} readable with {entries} entries, {refused} refused", all.len());
    println!("{reasons:#?}");
    assert!(readable > 0);
}
