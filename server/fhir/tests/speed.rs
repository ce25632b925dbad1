//! How many documents a second are built and validated on one core, with the independent validator beside it; figures for the
//! record: `cargo test --release -p fhir --test speed -- --ignored --nocapture`.

mod common;

use common::{chart, counter, judges::independent};
use fhir::{
    Context,
    validate::{acceptable, validate},
};
use serde_json::Value;
use std::{path::PathBuf, process::Command, time::Instant};

/// Builds and validates for three seconds; documents a second.
fn rate(mut make: impl FnMut() -> Value) -> f64 {
    let (start, mut count) = (Instant::now(), 0u32);
    while start.elapsed().as_secs() < 3 {
        assert!(acceptable(&validate(&make())));
        count += 1;
    }
    f64::from(count) / start.elapsed().as_secs_f64()
}

#[test]
#[ignore = "a measurement, not a check"]
fn documents_a_second() {
    let chart = chart();
    let ctx: Context<'_> = chart.context();
    let mut uuids = counter();
    let documents = chart.documents();
    let size = |kind: &str| documents.iter().find(|(k, _)| *k == kind).map_or(0, |(_, d)| d.to_string().len());
    let kinds: [(&str, f64); 3] = [
        ("diagnoses", rate(|| fhir::build::diagnoses(&ctx, &chart.diagnoses, &mut uuids).expect("no gaps"))),
        ("allergies", rate(|| fhir::build::allergies(&ctx, &chart.allergies, &mut uuids).expect("no gaps"))),
        ("lab_report", rate(|| fhir::build::lab_report(&ctx, &chart.report, &mut uuids).expect("no gaps"))),
    ];
    for (kind, rate) in kinds {
        println!("JP_Bundle_CLINS {kind} ({} bytes): {rate:.0} built and validated a second", size(kind));
    }
    let mut turn = documents.iter().cycle();
    println!("validating all seven kinds in turn: {:.0} a second", rate(|| turn.next().expect("a cycle").1.clone()));

    let Some((tool, packages)) = independent() else { return };
    let dir = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("fhir-speed");
    std::fs::create_dir_all(&dir).expect("the build directory can be written");
    let files: Vec<PathBuf> = (0..100)
        .map(|n| {
            let (kind, document) = &documents[n % 3];
            let path = dir.join(format!("{n:03}-{kind}.json"));
            std::fs::write(&path, document.to_string()).expect("the build directory can be written");
            path
        })
        .collect();
    let mut command = Command::new(tool);
    for package in ["hl7.fhir.r4.core-4.0.1-clean.tgz", "jp-core-1.1.2-clins.val.tgz", "jp-clins-1.5.2.val.tgz"] {
        command.arg("-p").arg(packages.join(package));
    }
    let start = Instant::now();
    command.args(&files).output().expect("the validator runs");
    let seconds = start.elapsed().as_secs_f64();
    println!("the independent validator, validating alone: {:.1} JP_Bundle_CLINS a second", 100.0 / seconds);
}
