//! Our validator over what we build: every document of a random valid chart is accepted; a single mutation is caught.

mod common;

use common::{any_chart, chart, public_assistance};
use fhir::{
    Version,
    validate::{Issue, Severity, acceptable, operation_outcome, validate, validate_as},
};
use proptest::prelude::*;
use serde_json::{Value, json};

fn errors(issues: &[Issue]) -> Vec<String> {
    let list = issues.iter().filter(|i| i.severity == Severity::Error);
    list.map(|i| format!("{} [{}] {}", i.path, i.rule, i.message_ja)).collect()
}

/// Charts drawn, each giving seven documents for either version; `KARTE_CHARTS=715` makes it 10,010 documents.
fn cases() -> u32 {
    std::env::var("KARTE_CHARTS").ok().and_then(|n| n.parse().ok()).unwrap_or(40)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), max_shrink_iters: 50, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_document_of_a_valid_chart_is_accepted(chart in any_chart()) {
        for (kind, document) in chart.documents() {
            let issues = validate(&document);
            prop_assert!(acceptable(&issues), "{kind}: {:#?}", errors(&issues));
        }
        for (kind, document) in chart.documents_of(Version::V1_11) {
            let issues = validate_as(&document, Version::V1_11);
            prop_assert!(acceptable(&issues), "{kind} 1.11: {:#?}", errors(&issues));
        }
    }
}

#[test]
fn the_chart_by_hand_has_not_even_a_warning() {
    for version in Version::ALL {
        for (kind, document) in chart().documents_of(version) {
            let mut issues = validate_as(&document, version);
            // A drug without a YJ code is in the chart on purpose; 1.11 warns of it.
            issues.retain(|i| i.rule != "R3010 (1.11)");
            assert_eq!(issues, [], "{kind} {version}");
        }
    }
}

/// The sections of a document with their codes, nested ones too.
fn sections(document: &Value) -> Vec<(String, Value)> {
    fn walk(list: &Value, out: &mut Vec<(String, Value)>) {
        for section in list.as_array().into_iter().flatten() {
            out.push((section["code"]["coding"][0]["code"].as_str().unwrap_or_default().to_owned(), section.clone()));
            walk(&section["section"], out);
        }
    }
    let mut out = Vec::new();
    walk(&document["entry"][0]["resource"]["section"], &mut out);
    out
}

#[test]
fn the_words_of_a_document_say_what_its_codes_say() {
    let chart = chart();
    for (kind, document) in chart.documents() {
        if matches!(kind, "referral" | "discharge") {
            let allergies: Vec<_> = sections(&document).into_iter().filter(|(code, _)| code == "510").collect();
            let words = allergies[0].1["text"]["div"].to_string();
            assert!(words.contains("・重症（全身に発疹）"), "{kind}: {words}");
        }
    }
}

#[test]
fn files_of_a_kind_stand_in_one_section_with_all_their_titles() {
    let mut chart = chart();
    let mut more = chart.more.attachments.clone();
    for file in &mut more {
        file.title.push_str("その2");
    }
    chart.more.attachments.extend(more);
    for version in Version::ALL {
        let documents = chart.documents_of(version);
        let (_, letter) = documents.iter().find(|(kind, _)| *kind == "referral").expect("a letter");
        assert!(acceptable(&validate_as(letter, version)), "{version}");
        for code in ["210", "230"] {
            let found: Vec<_> = sections(letter).into_iter().filter(|(known, _)| known == code).collect();
            assert_eq!(found.len(), 1, "{code}");
            assert_eq!(found[0].1["entry"].as_array().map(Vec::len), Some(2), "{code}");
            let words = found[0].1["text"]["div"].as_str().unwrap_or_default();
            assert_eq!(words.contains("心電図") && words.contains("心電図その2"), code == "210", "{words}");
        }
    }
}

#[test]
fn public_assistance_takes_the_other_identifier() {
    let mut chart = chart();
    chart.patient.insurances.clear();
    chart.patient.subsidies.push(public_assistance());
    for (kind, document) in chart.documents() {
        assert!(acceptable(&validate(&document)), "{kind}");
        assert!(document.to_string().contains("12130014::1234567:"), "{kind}");
    }
}

#[test]
fn without_insurance_the_chart_says_what_to_mend() {
    let mut chart = chart();
    chart.patient.insurances.clear();
    let mut uuids = common::counter();
    let gaps = fhir::build::diagnoses(&chart.context(), &chart.diagnoses, &mut uuids).expect_err("no insurance");
    assert_eq!(gaps[0].field, "patient.insurance");
    chart.report.results[0].jlac10 = None;
    let gaps = fhir::build::lab_report(&chart.context(), &chart.report, &mut uuids).expect_err("no JLAC");
    assert!(gaps.iter().any(|g| g.field == "results.0.jlac10"), "{gaps:?}");
}

/// One change to one document, and the rule or element that must be named.
fn mutations() -> Vec<(&'static str, &'static str, Value, &'static str)> {
    vec![
        ("diagnoses", "/identifier/value", json!("131000001^2026^a"), "R2152"),
        ("diagnoses", "/identifier/system", json!("http://example.org"), "R02151"),
        ("diagnoses", "/type", json!("document"), "Bundle.type"),
        ("diagnoses", "/timestamp", json!("2026-07-10"), "instant"),
        ("diagnoses", "/meta/tag/0/code", json!("MedicationRequest"), "R02142"),
        ("diagnoses", "/meta/tag/0/code", json!("Observation"), "R02143"),
        ("diagnoses", "/meta/tag", Value::Null, "meta"),
        ("diagnoses", "/entry/0/resource/identifier/1/value", json!("6130488:a:b:05"), "R1013"),
        ("diagnoses", "/entry/0/resource/identifier/1", Value::Null, "R1012"),
        ("diagnoses", "/entry/0/resource/identifier/0/system", json!("urn:oid:1.2.392.100495.20.3.51.11310000029"), "R1011"),
        ("diagnoses", "/entry/0/resource/identifier/0/system", json!("urn:oid:1.2.392.100495.20.3.51.2"), "R1010"),
        ("diagnoses", "/entry/0/resource/name/0/text", json!("山田\u{3000}太郎"), "R1113"),
        ("diagnoses", "/entry/0/resource/birthDate", json!("1981-02-30"), "birthDate"),
        ("diagnoses", "/entry/0/resource/gender", json!("男"), "gender"),
        ("diagnoses", "/entry/0/resource/address", Value::Null, "address"),
        (
            "diagnoses",
            "/entry/0/resource/meta/profile/0",
            json!("http://jpfhir.jp/fhir/core/StructureDefinition/JP_Patient"),
            "R0212",
        ),
        ("diagnoses", "/entry/0/fullUrl", json!("urn:uuid:nonsense"), "fullUrl"),
        ("diagnoses", "/entry/1/resource/extension/0", Value::Null, "R9011"),
        ("diagnoses", "/entry/1/resource/extension/0/valueIdentifier/value", json!("9999999999"), "R9012"),
        ("diagnoses", "/entry/1/resource/extension/1", Value::Null, "R9014C"),
        ("diagnoses", "/entry/1/resource/contained/0", Value::Null, "R9013C"),
        ("diagnoses", "/entry/1/resource/onsetDateTime", Value::Null, "R9015C"),
        ("diagnoses", "/entry/1/resource/encounter", Value::Null, "R9016C"),
        ("diagnoses", "/entry/1/resource/code/coding/0", Value::Null, "medisRecordNo"),
        ("diagnoses", "/entry/1/resource/code/coding/0/code", json!("ABC"), "病名管理番号"),
        ("diagnoses", "/entry/1/resource/code/coding/0/display", Value::Null, "display"),
        ("diagnoses", "/entry/1/resource/code/text", Value::Null, "code.text"),
        ("diagnoses", "/entry/1/resource/verificationStatus", Value::Null, "verificationStatus"),
        ("diagnoses", "/entry/2/resource/verificationStatus/coding/0/code", json!("confirmed"), "疑い病名"),
        ("diagnoses", "/entry/1/resource/verificationStatus/coding/0/code", json!("sure"), "verificationStatus"),
        ("diagnoses", "/entry/1/resource/clinicalStatus", Value::Null, "clinicalStatus"),
        ("diagnoses", "/entry/3/resource/clinicalStatus/coding/0/code", json!("active"), "con-4"),
        ("diagnoses", "/entry/1/resource/category", Value::Null, "category"),
        ("diagnoses", "/entry/1/resource/meta/tag/0/code", json!("PRIVATE"), "meta.tag"),
        ("diagnoses", "/entry/1/resource/subject/reference", json!("urn:uuid:00000000-0000-0000-0000-000000000000"), "subject"),
        ("diagnoses", "/entry/1/resource/onset", json!("2026-01-01"), "onset"),
        ("diagnoses", "/entry/1/resource/identifier/0/system", json!("urn:x"), "resourceIdentifier"),
        ("diagnoses", "/entry/1/resource/meta/lastUpdated", Value::Null, "lastUpdated"),
        ("diagnoses", "/entry/1/resource/meta/profile", Value::Null, "validEntryProfile"),
        ("allergies", "/entry/1/resource/code/coding/0/code", json!("X9F00000000"), "メタコード"),
        ("allergies", "/entry/1/resource/code/coding/0/system", json!(fhir::uri::ALLERGEN_OTHER), "メタコード"),
        ("allergies", "/entry/1/resource/code/coding/0/display", Value::Null, "display"),
        ("allergies", "/entry/1/resource/clinicalStatus", Value::Null, "ait-1"),
        ("allergies", "/entry/1/resource/category/0", json!("drug"), "category"),
        ("allergies", "/entry/2/resource/reaction/0/manifestation", Value::Null, "manifestation"),
        ("allergies", "/entry/1/resource/patient", Value::Null, "patient"),
        ("lab_report", "/entry/1/resource/code/coding/1/code", json!("3H015000002399999"), "指定検査コード"),
        ("lab_report", "/entry/1/resource/code/coding/1/display", json!("カリウム"), "FHIR識別名"),
        ("lab_report", "/entry/1/resource/code/coding/0", Value::Null, "R6021"),
        ("lab_report", "/entry/1/resource/code/coding/0/code", json!("カリウム"), "R6021"),
        ("lab_report", "/entry/1/resource/code/coding/1", Value::Null, "検査項目コード必須"),
        ("lab_report", "/entry/1/resource/code/coding/1/system", json!(fhir::uri::JLAC10), "指定検査コード必須"),
        ("lab_report", "/entry/1/resource/code/coding/1/system", json!(fhir::uri::LAB_INFECTION), "指定検査コード"),
        ("lab_report", "/entry/1/resource/specimen", Value::Null, "specimen"),
        ("lab_report", "/entry/1/resource/effectiveDateTime", Value::Null, "effective"),
        ("lab_report", "/entry/1/resource/performer", Value::Null, "R9017O"),
        ("lab_report", "/entry/1/resource/contained/1", Value::Null, "R9019O"),
        ("lab_report", "/entry/1/resource/valueQuantity", Value::Null, "結果値必須"),
        ("lab_report", "/entry/1/resource/valueQuantity/value", json!("5.6"), "decimal"),
        ("lab_report", "/entry/1/resource/status", json!("done"), "status"),
        ("lab_report", "/entry/1/resource/category/0/coding/0/system", json!("http://example.org"), "category"),
        ("lab_report", "/entry/1/resource/referenceRange/0/low/value", json!(9.9), "基準値"),
        ("lab_report", "/entry/1/resource/hasMember", json!([{ "display": "x" }]), "hasMember"),
        ("referral", "/entry/0/resource/title", json!("紹介状"), "Composition.title"),
        ("referral", "/entry/0/resource/status", json!("preliminary"), "Composition.status"),
        ("referral", "/entry/0/resource/type/coding/0/code", json!("18842-5"), "Composition.type"),
        ("referral", "/entry/0/resource/custodian", Value::Null, "custodian"),
        ("referral", "/entry/0/resource/section/0", Value::Null, "referralFromSection"),
        ("referral", "/entry/0/resource/section/2/section/0", Value::Null, "referralPurposeSection"),
        ("referral", "/entry/0/resource/section/2/section/0/title", json!("目的"), "title"),
        ("referral", "/entry/0/resource/section/2", Value::Null, "checkExist"),
        ("referral", "/entry/0/resource/extension/0", Value::Null, "version"),
        ("referral", "/entry/0/resource/event/0/code/0/text", json!("発行"), "event.code.text"),
        ("referral", "/entry/0/resource/author/0/reference", json!("urn:uuid:00000000-0000-0000-0000-000000000000"), "ref-1"),
        ("referral", "/entry/0", Value::Null, "bdl-11"),
        ("referral", "/entry/0/resource/section/2/section/4/entry/1", Value::Null, "FHIR R4 Documents"),
        ("diagnoses", "/entry/1/resource/extension/2/valueCodeableConcept/coding/0/system", Value::Null, "JP_eCS_DiagnosisType"),
        ("diagnoses", "/entry/0/resource/name/0/extension/0/valueCode", json!("KANJI"), "valueCode"),
        ("referral", "/entry/5/resource/identifier/0/value", Value::Null, "medicalInstitutionCode"),
        ("referral", "/entry/5/resource/name", Value::Null, "Organization.name"),
    ]
}

/// Sets what a pointer names; null removes it (from an object or an array).
fn change(document: &mut Value, pointer: &str, value: Value) {
    let (parent, last) = pointer.rsplit_once('/').expect("a pointer");
    let parent = document.pointer_mut(parent).unwrap_or_else(|| panic!("nothing at {pointer}"));
    match (parent, value) {
        (Value::Array(list), Value::Null) => drop(list.remove(last.parse().expect("an index"))),
        (Value::Array(list), value) => list[last.parse::<usize>().expect("an index")] = value,
        (Value::Object(map), Value::Null) => drop(map.shift_remove(last).unwrap_or_else(|| panic!("nothing at {pointer}"))),
        (Value::Object(map), value) => drop(map.insert(last.into(), value)),
        _ => panic!("{pointer} is neither in an object nor in an array"),
    }
}

#[test]
fn single_mutations_are_caught_and_named() {
    let documents = chart().documents();
    let mut missed = Vec::new();
    let all = mutations();
    for (kind, pointer, value, named) in &all {
        let mut document = documents.iter().find(|(k, _)| k == kind).expect("a kind").1.clone();
        change(&mut document, pointer, value.clone());
        let found = errors(&validate(&document));
        if !found.iter().any(|line| line.contains(named)) {
            missed.push(format!("{kind} {pointer} = {value} ({named}): {found:#?}"));
        }
    }
    assert!(missed.is_empty(), "{} of {} missed:\n{}", missed.len(), all.len(), missed.join("\n"));
}

/// One change, and whether 1.5.2 and 1.11 accept the document with it.
#[test]
fn versions_differ_where_the_history_says_so() {
    use Version::{V1_5_2 as Old, V1_11 as New};
    let gone = Value::Null;
    let cases: Vec<(&str, &str, Value, bool, bool)> = vec![
        ("diagnoses", "/entry/1/resource/meta/tag/0", json!({ "system": "http://example.org", "code": "OWN" }), false, true),
        ("diagnoses", "/entry/1/resource/clinicalStatus/coding/0/display", gone.clone(), true, false),
        ("diagnoses", "/entry/1/resource/clinicalStatus/coding/0/code", json!("recurrence"), true, false),
        ("diagnoses", "/entry/1/resource/extension/1/valueCodeableConcept/text", gone.clone(), true, false),
        (
            "allergies",
            "/entry/1/resource/meta/tag",
            json!([{ "system": fhir::uri::INDICATION, "code": "UNINFORMED" }]),
            false,
            false,
        ),
        ("lab_report", "/entry/1/resource/referenceRange/0/low/unit", json!("mg/L"), true, false),
        ("lab_report", "/entry/1/resource/status", json!("amended"), true, false),
        ("referral", "/entry/0/resource/author/1", gone.clone(), true, false),
        (
            "care_plan",
            "/entry/0/resource/section/0/text",
            json!({ "status": "additional", "div": "<div xmlns=\"http://www.w3.org/1999/xhtml\">x</div>" }),
            true,
            false,
        ),
    ];
    for (kind, pointer, value, old, new) in cases {
        for (version, accepted) in [(Old, old), (New, new)] {
            let documents = chart().documents_of(version);
            let mut document = documents.iter().find(|(k, _)| *k == kind).expect("a kind").1.clone();
            change(&mut document, pointer, value.clone());
            let issues = validate_as(&document, version);
            assert_eq!(acceptable(&issues), accepted, "{kind} {pointer} {version}: {:#?}", errors(&issues));
        }
    }
    // A discharge summary is written for one of them.
    for (made, asked) in [(Old, New), (New, Old)] {
        let document = chart().documents_of(made).into_iter().find(|(k, _)| *k == "discharge").expect("a summary").1;
        assert!(acceptable(&validate_as(&document, made)) && !acceptable(&validate_as(&document, asked)), "{made} {asked}");
    }
    // Drugs have three identifiers in 1.11.
    let mut document = chart().documents().into_iter().find(|(k, _)| *k == "referral").expect("a letter").1;
    let list = document["entry"].as_array_mut().expect("entries");
    let drug = list.iter_mut().find(|e| e["resource"]["resourceType"] == "MedicationRequest").expect("a drug");
    drug["resource"]["identifier"].as_array_mut().expect("identifiers").pop();
    assert!(acceptable(&validate_as(&document, Old)) && !acceptable(&validate_as(&document, New)));
}

#[test]
fn the_outcome_names_rule_place_and_field_of_the_chart() {
    let mut document = chart().documents()[0].1.clone();
    change(&mut document, "/entry/1/resource/onsetDateTime", Value::Null);
    let outcome = operation_outcome(&validate(&document));
    assert_eq!(outcome["resourceType"], "OperationOutcome");
    assert_eq!(outcome["issue"][0]["severity"], "error");
    assert_eq!(outcome["issue"][0]["details"]["coding"][0]["code"], "R9015C");
    assert_eq!(outcome["issue"][0]["expression"][0], "Bundle.entry[1].resource.onsetDateTime");
    assert!(outcome["issue"][0]["diagnostics"].as_str().is_some_and(|d| d.contains("開始日")));
    // The outcome itself is valid FHIR as far as we know the type.
    assert!(acceptable(&validate(&outcome)));
}

#[test]
fn nothing_makes_it_panic() {
    for document in
        [json!(null), json!([]), json!({}), json!({ "resourceType": "Bundle" }), json!({ "resourceType": "Patient", "name": 1 })]
    {
        assert!(validate(&document).iter().all(|i| !i.message_ja.is_empty()));
    }
}
