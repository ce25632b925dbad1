//! Random single mutations of valid documents: the share our validator catches, and why it lets the others pass. A miss that
//! belongs to no explained class fails.
//!
//! The long run: `KARTE_MUTATIONS=10000 cargo test -p fhir --test misses -- --nocapture`.
//!
//! What passes, and why:
//! * **optional elements removed** — display names, ids, languages, tags, notes, reference ranges, contained resources and first
//!   days that only `JP_Bundle_CLINS` demands, the address in a reference that has a display: the document still says what the
//!   profiles want;
//! * **one of several items removed** — a bundle of two diagnoses is as valid as one of three; that a report is complete
//!   only the chart can tell, not the document;
//! * **an item doubled** where it may repeat — nothing wrong is said;
//! * **words altered** — names, displays, addresses, narrative, printed units; displays are fixed for sections, documents and
//!   the designated laboratory items only, and there a change is refused;
//! * **identifiers altered** that the sender chooses — resource ids, visit and patient numbers; those with a form (member id,
//!   bundle, institution, doctor) are refused;
//! * **codes of masters that are not public or not among our tables** — diseases, modifiers, YJ, ICD-10, usages, UCUM: their
//!   form is checked; whether they exist is for the masters when the chart is written;
//! * **language tags, file contents, addresses of houses we do not know** — open by FHIR.
//!
//! Only warned of, not refused: an address of an official house that no table names, a code without its system, an identifier
//! without a value, words with characters the platform forbids.

mod common;

use common::{
    any_chart, chart,
    mutate::{mutate, places},
};
use fhir::validate::{Severity, acceptable, validate};
use proptest::{prelude::*, strategy::ValueTree, test_runner::TestRunner};
use serde_json::Value;
use std::collections::BTreeMap;

/// Mutations drawn; `KARTE_MUTATIONS` overrides.
const DRAWN: usize = 400;

/// Elements that the profiles leave optional, by their names: without them the document still says what it must.
const OPTIONAL: &[&str] = &[
    // of any resource
    "id",
    "language",
    "meta",
    "profile",
    "lastUpdated",
    "tag",
    "extension",
    "text",
    "identifier",
    "display",
    "type",
    "use",
    "note",
    "system",
    "value",
    "coding",
    "code",
    "contained",
    // of people and houses
    "name",
    "given",
    "family",
    "telecom",
    "address",
    "postalCode",
    "country",
    "qualification",
    // of clinical content
    "category",
    "criticality",
    "verificationStatus",
    "reaction",
    "description",
    "severity",
    "recordedDate",
    "recorder",
    "abatementDateTime",
    "encounter",
    "interpretation",
    "referenceRange",
    "low",
    "high",
    "unit",
    "component",
    "period",
    "end",
    "reasonCode",
    "valueCodeableConcept",
    "performer",
    "requester",
    "repeat",
    "method",
    "doseAndRate",
    "doseQuantity",
    "rateRatio",
    "dispenseRequest",
    "quantity",
    "expectedSupplyDuration",
    "asNeededBoolean",
    "length",
    "hospitalization",
    "admitSource",
    "dataAbsentReason",
    // of documents
    "section",
    "entry",
    "emptyReason",
    "author",
    "custodian",
    "date",
    "creation",
    "title",
    "subject",
    "data",
    "contentType",
    "event",
    "start",
    "reference",
    "onsetDateTime",
    "subscriberId",
];

/// Words, which no rule fixes.
const WORDS: &[&str] = &[
    "display",
    "text",
    "div",
    "title",
    "description",
    "family",
    "given",
    "name",
    "postalCode",
    "country",
    "valueString",
    "unit",
];

/// Why a mutation may rightly pass; none where nothing explains it.
fn explained(place: &str, way: &str) -> Option<&'static str> {
    let names: Vec<&str> = place.split('/').filter(|s| !s.is_empty() && s.parse::<usize>().is_err()).collect();
    let (leaf, parent) = (*names.last()?, names.iter().rev().nth(1).copied().unwrap_or_default());
    let item = place.rsplit('/').next().is_some_and(|last| last.parse::<usize>().is_ok());
    Some(match way {
        "doubled" => "the same item twice, where the element may repeat: it says nothing wrong",
        "removed" if item => "one of several items, of which the profiles want fewer",
        "removed" if OPTIONAL.contains(&leaf) => "an element the profiles leave optional",
        "altered" if WORDS.contains(&leaf) => "words (names, displays, narrative, addresses, printed units), which no rule fixes",
        "altered" if leaf == "language" => "another language tag of the right form",
        "altered" if leaf == "id" || leaf == "value" && matches!(parent, "identifier" | "valueIdentifier" | "telecom") => {
            "an identifier or number that the sender chooses"
        }
        "altered" if leaf == "subscriberId" => "an identifier or number that the sender chooses",
        "altered" if leaf == "code" => "a code of a master that is not among our tables (diseases, drugs, ICD-10, units of UCUM)",
        "altered" if matches!(leaf, "system" | "profile" | "url") => "an address of no official house, in an open place",
        "altered" if matches!(leaf, "contentType" | "data") => "the content of a file",
        _ => return None,
    })
}

#[test]
fn every_miss_is_explained() {
    let wanted = std::env::var("KARTE_MUTATIONS").ok().and_then(|n| n.parse().ok()).unwrap_or(DRAWN);
    let mut runner = TestRunner::deterministic();
    let strategy = any_chart();
    let mut charts = vec![chart()];
    charts.extend((0..12).map(|_| strategy.new_tree(&mut runner).expect("a chart").current()));
    let documents: Vec<(&str, Value, Vec<String>)> = charts
        .iter()
        .flat_map(|chart| chart.documents())
        .map(|(kind, document)| {
            let mut all = Vec::new();
            places(&document, "", &mut all);
            (kind, document, all)
        })
        .collect();
    let draw = (0..documents.len(), any::<prop::sample::Index>(), 0u8..7);
    let (mut made, mut caught, mut warned) = (0usize, 0usize, 0usize);
    let mut classes: BTreeMap<&str, usize> = BTreeMap::new();
    let mut ways: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    let mut unexplained = Vec::new();
    while made < wanted {
        let (which, index, way) = draw.new_tree(&mut runner).expect("a choice").current();
        let (kind, document, all) = &documents[which];
        let place = index.get(all);
        let mut mutant = document.clone();
        let Some(name) = mutate(&mut mutant, place, way) else { continue };
        made += 1;
        let issues = validate(&mutant);
        let found = !acceptable(&issues);
        caught += usize::from(found);
        if !found && issues.iter().any(|i| i.severity == Severity::Warning) {
            warned += 1;
            continue;
        }
        let of_way = ways.entry(name).or_default();
        *of_way = (of_way.0 + 1, of_way.1 + usize::from(found));
        if !found {
            match explained(place, name) {
                Some(class) => *classes.entry(class).or_default() += 1,
                None => unexplained.push(format!(
                    "{kind} {place} {name} = {}",
                    document.pointer(place).map(Value::to_string).unwrap_or_default().chars().take(80).collect::<String>()
                )),
            }
        }
    }
    let share = |n: usize| 100.0 * n as f64 / made as f64;
    println!("{made} mutations, {caught} refused ({:.1} %), {warned} warned of ({:.1} %)", share(caught), share(warned));
    for (way, (all, caught)) in ways {
        println!("  {way}: {caught} of {all}");
    }
    println!("let pass, by reason:");
    for (class, count) in classes {
        println!("  {count:5}  {class}");
    }
    assert!(unexplained.is_empty(), "{} misses without a reason:\n{}", unexplained.len(), unexplained.join("\n"));
}
