//! How many documents a second are built and validated on one core; a figure for the record, run with `--ignored --nocapture`
//! and `--release`.

mod common;

use common::chart;
use fhir::validate::{acceptable, validate};
use std::time::Instant;

#[test]
#[ignore = "a measurement, not a check"]
fn documents_a_second() {
    let chart = chart();
    assert!(chart.documents().iter().all(|(_, d)| acceptable(&validate(d))));
    let (start, mut count) = (Instant::now(), 0);
    while start.elapsed().as_secs() < 3 {
        for (_, document) in chart.documents() {
            assert!(acceptable(&validate(&document)));
            count += 1;
        }
    }
    println!("{:.0} documents a second", f64::from(count) / start.elapsed().as_secs_f64());
}
