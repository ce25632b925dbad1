//! Random single mutations of valid documents: what the independent validator refuses, ours refuses too.

mod common;

use common::{
    chart,
    judges::{independent, judge},
    mutate::{mutate, places},
};
use fhir::validate::{acceptable, validate};
use proptest::{prelude::*, strategy::ValueTree, test_runner::TestRunner};
use std::{collections::BTreeMap, path::PathBuf};

/// Mutants drawn; `KARTE_MUTANTS` overrides.
const DRAWN: usize = 80;
/// Of those the independent validator refuses, ours refuses at least so many in a hundred.
const AGREED: usize = 95;

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
