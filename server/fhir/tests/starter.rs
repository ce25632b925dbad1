//! The starter master of laboratory items fits the rules of the documents: every item with every of its codes can be sent.

mod common;

use common::chart;
use fhir::validate::{Severity, acceptable, validate};
use model::{
    codes::Jlac10,
    labs::{LabResult, LabValue},
};
use std::{fs, path::Path};

#[test]
fn every_item_of_the_starter_master_can_be_sent() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../masters/starter/labs.tsv");
    let Ok(table) = fs::read_to_string(&path) else {
        eprintln!("SKIPPED: no starter master of laboratory items at {}", path.display());
        return;
    };
    let (mut sent, mut refused, mut words) = (0, Vec::new(), Vec::new());
    for line in table.lines().skip(1) {
        let cells: Vec<&str> = line.split('\t').collect();
        let [local_code, name, _, fhir_name, infection, specimen, unit, choices, jlac10, ..] = cells[..] else {
            panic!("{line}")
        };
        let codes: Vec<&str> = jlac10.split_whitespace().collect();
        let values: Vec<LabValue> = match choices {
            "" => vec![LabValue::Number("1.5".parse().expect("a number"))],
            list => list.split(['|', ' ']).filter(|c| !c.is_empty()).map(|c| LabValue::Text(c.to_owned())).collect(),
        };
        for code in codes.iter().map(Some).chain(codes.is_empty().then_some(None)) {
            for value in &values {
                let mut chart = chart();
                chart.report.results = vec![LabResult {
                    local_code: local_code.into(),
                    name: name.into(),
                    jlac10: code.map(|c| Jlac10::from(*c)),
                    fhir_name: (!fhir_name.is_empty()).then(|| fhir_name.to_owned()),
                    infection: matches!(infection, "1" | "true"),
                    specimen: specimen.into(),
                    value: value.clone(),
                    unit: unit.into(),
                    low: None,
                    high: None,
                }];
                let mut uuids = common::counter();
                match fhir::build::lab_report(&chart.context(), &chart.report, &mut uuids) {
                    Err(gaps) => refused.push(format!("{local_code}: {gaps:?}")),
                    Ok(document) => {
                        sent += 1;
                        let issues = validate(&document);
                        if !acceptable(&issues) {
                            let first = issues
                                .iter()
                                .find(|i| i.severity == Severity::Error)
                                .map(|i| format!("[{}] {}", i.rule, i.message_ja));
                            refused.push(format!("{local_code} {code:?}: {first:?}"));
                        }
                        if document["entry"][1]["resource"]["valueString"].is_string() && !choices.is_empty() {
                            words.push(format!("{local_code} {}", document["entry"][1]["resource"]["valueString"]));
                        }
                    }
                }
            }
        }
    }
    words.sort();
    words.dedup();
    println!("{sent} documents; values without a code: {words:?}");
    assert!(refused.is_empty() && sent > 0, "{} refused:\n{}", refused.len(), refused.join("\n"));
}
