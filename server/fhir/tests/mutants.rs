//! Random single mutations of valid documents: what the independent validator refuses, ours refuses too.

mod common;

use common::{chart, independent, judge};
use fhir::validate::{acceptable, validate};
use proptest::{prelude::*, strategy::ValueTree, test_runner::TestRunner};
use serde_json::{Value, json};
use std::{collections::BTreeMap, path::PathBuf};

/// Mutants drawn; `KARTE_MUTANTS` overrides.
const DRAWN: usize = 80;
/// Of those the independent validator refuses, ours refuses at least so many in a hundred.
const AGREED: usize = 95;

/// Every place in a document.
fn places(value: &Value, at: &str, out: &mut Vec<String>) {
    match value {
        Value::Object(map) => map.iter().for_each(|(k, v)| places(v, &format!("{at}/{k}"), out)),
        Value::Array(list) => list.iter().enumerate().for_each(|(i, v)| places(v, &format!("{at}/{i}"), out)),
        _ => {}
    }
    if !at.is_empty() {
        out.push(at.to_owned());
    }
}

/// Changes one place in one of seven ways; says which.
fn mutate(document: &mut Value, place: &str, way: u8) -> Option<&'static str> {
    let (parent, last) = place.rsplit_once('/')?;
    let parent = document.pointer_mut(parent)?;
    let old = match parent {
        Value::Object(map) => map.get(last)?.clone(),
        Value::Array(list) => list.get(last.parse::<usize>().ok()?)?.clone(),
        _ => return None,
    };
    let (name, new) = match (way, &old) {
        (0, _) => {
            match parent {
                Value::Object(map) => drop(map.shift_remove(last)),
                Value::Array(list) => drop(list.remove(last.parse().ok()?)),
                _ => {}
            }
            return Some("removed");
        }
        (1, Value::String(_)) => ("emptied", json!("")),
        (2, Value::String(text)) => ("altered", json!(format!("{text}x"))),
        (3, Value::String(_)) => ("number for words", json!(7)),
        (3, Value::Number(_)) => ("words for a number", json!("seven")),
        (4, Value::Array(list)) => ("array for one", list.first()?.clone()),
        (4, _) => ("one for an array", json!([old])),
        (5, Value::Array(list)) => ("doubled", Value::Array(list.iter().chain(list).cloned().collect())),
        (6, _) => {
            let Value::Object(map) = parent else { return None };
            let value = map.shift_remove(last)?;
            map.insert(format!("{last}X"), value);
            return Some("misspelt");
        }
        _ => return None,
    };
    match parent {
        Value::Object(map) => drop(map.insert(last.into(), new)),
        Value::Array(list) => list[last.parse::<usize>().ok()?] = new,
        _ => {}
    }
    Some(name)
}

#[test]
fn what_the_independent_validator_refuses_ours_refuses() {
    let Some((tool, packages)) = independent() else { return };
    let wanted = std::env::var("KARTE_MUTANTS").ok().and_then(|n| n.parse().ok()).unwrap_or(DRAWN);
    let dir = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("fhir-mutants");
    std::fs::create_dir_all(&dir).expect("the build directory can be written");
    let mut small = chart();
    small.diagnoses.truncate(2);
    small.report.results.truncate(2);
    let documents = small.documents();
    let mut runner = TestRunner::deterministic();
    let draw = (0..documents.len(), any::<prop::sample::Index>(), 0u8..7);
    let (mut mutants, mut files) = (Vec::new(), Vec::new());
    while mutants.len() < wanted {
        let (which, index, way) = draw.new_tree(&mut runner).expect("a choice").current();
        let (kind, document) = &documents[which];
        let mut all = Vec::new();
        places(document, "", &mut all);
        let place = index.get(&all);
        let mut mutant = document.clone();
        let Some(name) = mutate(&mut mutant, place, way) else { continue };
        let path = dir.join(format!("{:05}-{kind}.json", mutants.len()));
        std::fs::write(&path, mutant.to_string()).expect("the build directory can be written");
        mutants.push((format!("{kind} {place} {name}"), acceptable(&validate(&mutant))));
        files.push(path);
    }
    let verdicts = judge(&tool, &packages, &files);
    let (mut refused, mut both, mut ours_only) = (0, 0, 0);
    let mut missed: BTreeMap<&str, &Vec<String>> = BTreeMap::new();
    for ((name, accepted), (_, valid, errors)) in mutants.iter().zip(&verdicts) {
        let theirs = !valid || !errors.is_empty();
        refused += usize::from(theirs);
        both += usize::from(theirs && !accepted);
        ours_only += usize::from(!theirs && !accepted);
        if theirs && *accepted {
            missed.insert(name, errors);
        }
    }
    println!(
        "{} mutants; refused by the independent validator {refused}, by both {both}, by ours alone {ours_only}",
        mutants.len()
    );
    println!("missed by ours: {missed:#?}");
    assert!(both * 100 >= refused * AGREED, "{both} of {refused}");
}
