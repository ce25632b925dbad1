//! Official examples are accepted; documents broken on purpose are flagged.

mod common;

use common::judges::shared;
use fhir::{
    Version,
    validate::{Issue, Severity, acceptable, validate, validate_as},
};
use serde_json::Value;
use std::{fs, path::Path};

fn errors(issues: &[Issue]) -> Vec<String> {
    let list = issues.iter().filter(|i| i.severity == Severity::Error);
    list.map(|i| format!("{} [{}] {}", i.path, i.rule, i.message_ja)).collect()
}

fn json_files(dir: &Path) -> Vec<std::path::PathBuf> {
    let mut files: Vec<_> = fs::read_dir(dir).expect("a directory").map(|e| e.expect("an entry").path()).collect();
    files.retain(|p| p.extension().is_some_and(|e| e == "json" || e == "ndjson"));
    files.sort();
    files
}

fn load(path: &Path) -> Value {
    serde_json::from_slice(&fs::read(path).expect("a file")).expect("JSON")
}

#[test]
fn every_official_example_is_accepted() {
    let Some(shared) = shared() else { return };
    let (mut seen, mut refused) = (0, Vec::new());
    for dir in ["fhir/jp-clins/examples", "fhir/echeckup/examples"] {
        for file in json_files(&shared.join(dir)) {
            let name = file.file_name().expect("a name").to_string_lossy().into_owned();
            if name.contains("ErrorExample") {
                continue;
            }
            seen += 1;
            let issues = validate(&load(&file));
            if !acceptable(&issues) {
                refused.push(format!("{name}\n    {}", errors(&issues).join("\n    ")));
            }
        }
    }
    assert!(refused.is_empty(), "{} of {seen} refused:\n{}", refused.len(), refused.join("\n"));
    println!("{seen} official examples accepted");
}

/// Rules of later versions that no table of changes carries.
const LATER: &[&str] = &["R6031", "JP-CLINS 1.6 meta.tag", "JP-CLINS 1.9 referenceRange", "JP-CLINS 1.10", "JP_eCS_Department"];

/// The examples are of 1.5.2. Where 1.11 refuses one, the reason is one of its listed changes and nothing else.
#[test]
fn what_1_11_refuses_is_what_it_changed() {
    let Some(shared) = shared() else { return };
    let changes = include_str!("../src/validate/facts/changes-1.11.tsv");
    let (mut seen, mut refused) = (0, 0);
    for dir in ["fhir/jp-clins/examples", "fhir/echeckup/examples"] {
        for file in json_files(&shared.join(dir)) {
            if file.to_string_lossy().contains("ErrorExample") {
                continue;
            }
            seen += 1;
            let issues = validate_as(&load(&file), Version::V1_11);
            refused += usize::from(!acceptable(&issues));
            for issue in issues.iter().filter(|i| i.severity == Severity::Error) {
                let element = issue.rule.split(' ').nth(1).unwrap_or_default();
                let listed = changes.lines().any(|row| row.split('\t').next() == Some(element));
                let later = LATER.iter().any(|rule| issue.rule.starts_with(rule));
                assert!(listed || later, "{}: {issue:?}", file.display());
            }
        }
    }
    println!("{} of {seen} official examples of 1.5.2 also stand under 1.11", seen - refused);
}

/// Of the three labelled error examples the third has a wrong general-name code, which only that master could tell.
#[test]
fn labelled_error_examples_are_refused() {
    let Some(shared) = shared() else { return };
    for (name, rule) in
        [("MedicationRequest-ErrorExample-JP-MedReq-ExtEye-Total1", "R3010"), ("Observation-ErrorExample-ObsLabo-eGFR", "R6021")]
    {
        let file = shared.join(format!("fhir/jp-clins/examples/{name}.json"));
        assert!(errors(&validate(&load(&file))).iter().any(|e| e.contains(rule)), "{name}");
    }
}

/// The element that each expectation of the suite (fhir-jp-validator, its expected-issue codes) speaks of.
const EXPECTED: &[(&str, &str)] = &[
    ("slice-not-matching-known-slice", "AllergyIntolerance.identifier"),
    ("jp-careplan-ecs-category-missing", "CarePlan.category"),
    ("resource-meta-lastupdated-missing", ".meta.lastUpdated"),
    ("jp-careplan-ecs-title-missing", "CarePlan.title"),
    ("jp-careplan-ecs-description-missing", "CarePlan.description"),
    ("jp-composition-edischargesummary-category-missing", "Composition.category"),
    ("jp-composition-ereferral-identifier-system-missing", "Composition.identifier.system"),
    ("jp-composition-ereferral-type-coding-code-missing", "Composition.type.coding[0].code"),
    ("jp-condition-category-missing", "Condition.category"),
    ("jp-condition-medisrecordno-slice-missing", "Condition.code.coding"),
    ("consent-status-missing", "Consent.status"),
    ("consent-scope-missing", "Consent.scope"),
    ("consent-category-missing", "Consent.category"),
    ("diagnosticreport-category-first-slice", "DiagnosticReport.category"),
    ("documentreference-status-missing", "DocumentReference.status"),
    ("documentreference-content-missing", "DocumentReference.content"),
    ("jp-encounter-ecs-class-system-missing", "Encounter.class.system"),
    ("jp-encounter-ecs-period-start-missing", "Encounter.period.start"),
    ("jp-familymemberhistory-ecs-relationship-coding-code-missing", "FamilyMemberHistory.relationship.coding[0].code"),
    ("immunization-vaccinecode-missing", "Immunization.vaccineCode"),
    ("immunization-patient-missing", "Immunization.patient"),
    ("immunization-status-missing", "Immunization.status"),
    ("immunization-occurrence-missing", "Immunization.occurrence"),
    ("medadmin-status-missing", "MedicationAdministration.status"),
    ("medadmin-medication-missing", "MedicationAdministration.medication"),
    ("medadmin-subject-missing", "MedicationAdministration.subject"),
    ("jp-medreq-identifier-count-min3", "MedicationRequest.identifier"),
    ("jp-medreq-request-identifier-slice-missing", "MedicationRequest.identifier"),
    ("jp-medreq-lastupdated-missing", "MedicationRequest.meta.lastUpdated"),
    ("jp-obs-category-max-exceeded", "Observation.category[0].coding"),
    ("descendent-of-vs-expansion", "Observation.code.coding[0]"),
    ("jp-obs-lab-effective-missing", "Observation.effective"),
    ("jp-obs-lab-specimen-missing", "Observation.specimen"),
    ("wrong-codesystem-for-slice", "Observation.code.coding[0]"),
    ("jp-organization-ecs-medisrecord-slice-missing", "Organization.identifier"),
    ("jp-organization-ecs-type-coding-missing", "Organization.type[0]"),
    ("jp-patient-ecs-name-given-missing", "Patient.name[0].given"),
    ("jp-patient-ecs-gender-missing", "Patient.gender"),
    ("jp-patient-ecs-birthdate-missing", "Patient.birthDate"),
    ("jp-practitioner-ecs-qualification-code-coding-missing", "Practitioner.qualification[0].code.coding"),
    ("procedure-status-missing", "Procedure.status"),
    ("procedure-subject-missing", "Procedure.subject"),
    ("pc-a-cardinality-active", "Observation.status"),
    ("pc-b-invariant-active", "Patient.text"),
    ("pc-d-slice-eval-active", "MedicationRequest.medicationCodeableConcept"),
    // Without LOINC's list the display can only be called unchecked, at its place.
    ("pc-e-terminology-lookup-active", "Observation.code.coding[0].display"),
    ("pc-f-reference-eval-active", "Encounter.subject"),
];

#[test]
fn conformance_cases_are_flagged_at_the_element_named() {
    let Some(shared) = shared() else { return };
    let (mut cases, mut expected, mut missed) = (0, 0, Vec::new());
    for dir in ["jp-clins", "positive-controls"] {
        for file in json_files(&shared.join("fhir/conformance-cases").join(dir)) {
            for line in fs::read_to_string(&file).expect("text").lines().filter(|l| !l.trim().is_empty()) {
                let mut case: Value = serde_json::from_str(line).expect("JSON");
                // The suite's own marks are no part of the document.
                let marks = case["meta"].as_object_mut().and_then(|meta| meta.remove("tag")).expect("marks");
                cases += 1;
                let issues = validate(&case);
                for code in marks.as_array().expect("a list").iter().filter_map(|m| m["code"].as_str()) {
                    expected += 1;
                    let (_, element) = EXPECTED.iter().find(|(c, _)| *c == code).unwrap_or_else(|| panic!("{code} is new"));
                    if !issues.iter().any(|i| i.path.ends_with(element)) {
                        missed.push(format!("{} {code}: {issues:?}", file.display()));
                    }
                }
                // Only the two controls about advice and about LOINC may pass as a whole.
                let advice = file.to_string_lossy().contains("pc-b-") || file.to_string_lossy().contains("pc-e-");
                assert!(advice || !acceptable(&issues), "{} is accepted", file.display());
            }
        }
    }
    assert!(missed.is_empty(), "{} of {expected} missed:\n{}", missed.len(), missed.join("\n"));
    println!("{cases} broken cases, {expected} expectations, each flagged at the element named");
}
