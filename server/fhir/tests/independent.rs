//! What the builder makes is shown to a validator that we did not write: no error in any of the seven kinds.
//!
//! The long run: `KARTE_INDEPENDENT=72 cargo test -p fhir --test independent -- --nocapture` (72 charts, 504 documents).

mod common;

use common::{
    any_chart, chart,
    judges::{independent, judge},
};
use proptest::{strategy::Strategy, strategy::ValueTree, test_runner::TestRunner};
use std::path::PathBuf;

/// Charts drawn for the independent validator; each gives seven documents. `KARTE_INDEPENDENT` overrides.
const DRAWN: usize = 6;

#[test]
fn the_independent_validator_finds_no_error() {
    let Some((tool, packages)) = independent() else { return };
    let dir = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("fhir-independent");
    std::fs::create_dir_all(&dir).expect("the build directory can be written");
    let mut runner = TestRunner::deterministic();
    let strategy = any_chart();
    let mut charts = vec![chart()];
    let drawn = std::env::var("KARTE_INDEPENDENT").ok().and_then(|n| n.parse().ok()).unwrap_or(DRAWN);
    charts.extend((0..drawn).map(|_| strategy.new_tree(&mut runner).expect("a chart").current()));
    let mut files = Vec::new();
    for (n, chart) in charts.iter().enumerate() {
        for (kind, document) in chart.documents() {
            let path = dir.join(format!("{n:04}-{kind}.json"));
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
