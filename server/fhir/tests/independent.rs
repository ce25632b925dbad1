//! What the builder makes is shown to a validator that we did not write: no error in any of the four kinds.

mod common;

use common::{any_chart, chart, independent, judge};
use proptest::{strategy::Strategy, strategy::ValueTree, test_runner::TestRunner};
use std::path::PathBuf;

/// Charts drawn for the independent validator; each gives four documents.
const DRAWN: usize = 25;

#[test]
fn the_independent_validator_finds_no_error() {
    let Some((tool, packages)) = independent() else { return };
    let dir = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("fhir-independent");
    std::fs::create_dir_all(&dir).expect("the build directory can be written");
    let mut runner = TestRunner::deterministic();
    let strategy = any_chart();
    let mut charts = vec![chart()];
    charts.extend((0..DRAWN).map(|_| strategy.new_tree(&mut runner).expect("a chart").current()));
    let mut files = Vec::new();
    for (n, chart) in charts.iter().enumerate() {
        for (kind, document) in chart.documents() {
            let path = dir.join(format!("{n:03}-{kind}.json"));
            std::fs::write(&path, serde_json::to_vec_pretty(&document).expect("serialises"))
                .expect("the build directory can be written");
            files.push(path);
        }
    }
    let verdicts = judge(&tool, &packages, &files);
    let bad: Vec<_> = verdicts.iter().filter(|(_, valid, errors)| !valid || !errors.is_empty()).collect();
    assert!(
        bad.is_empty(),
        "{} of {} documents refused:\n{:#?}",
        bad.len(),
        verdicts.len(),
        bad.iter().take(6).collect::<Vec<_>>()
    );
    println!("{} documents, no error from the independent validator", verdicts.len());
}
