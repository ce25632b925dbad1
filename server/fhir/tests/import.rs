//! Round trip: chart → document → import gives the same codes, days, values and words; documents of others are read or
//! refused whole.

mod common;

use common::{Chart, any_chart, chart, judges::shared};
use fhir::{
    Flags, Version,
    domain::{CheckupItem, CheckupValue, Prescription},
    import::{FoundValue, Imported, Kind, document_of, receive},
    text::{tidy, tidy_narrow},
};
use model::{chart::Outcome, labs::LabValue, orders::Route};
use proptest::prelude::*;
use rust_decimal::Decimal;
use serde_json::{Value, json};

fn documents(chart: &Chart, version: Version) -> Vec<(&'static str, Imported)> {
    let all = chart.documents_of(version).into_iter();
    all.map(|(kind, document)| (kind, document_of(&document).unwrap_or_else(|e| panic!("{kind}: {e}")))).collect()
}

fn flat(words: &str) -> String {
    words.lines().map(tidy).filter(|l| !l.is_empty()).collect::<Vec<_>>().join("\n")
}

fn same_diagnoses(chart: &Chart, read: &Imported) {
    assert!(read.diagnoses.len() >= chart.diagnoses.len());
    // A summary of a stay tells the first twice: on admission and on leaving.
    let skip = read.diagnoses.len() - chart.diagnoses.len();
    for (own, found) in chart.diagnoses.iter().zip(&read.diagnoses[skip..]) {
        assert!(found.identifier.ends_with(&own.id.to_string()));
        assert_eq!(found.name, tidy(&own.name));
        let coded = !own.management.is_empty();
        let some = |code: &str| (coded && !code.is_empty()).then(|| code.to_owned());
        assert_eq!(found.management, some(&own.management));
        assert_eq!(
            (&found.exchange, &found.icd10, &found.claim),
            (&some(&own.exchange), &some(&own.icd10), &some(own.code.as_str()))
        );
        let modifiers: Vec<_> = own.modifiers.iter().filter(|m| !m.management.is_empty()).cloned().collect();
        assert_eq!(found.modifiers, modifiers);
        assert_eq!(found.suspected, own.suspected || own.modifiers.iter().any(|m| m.suffix && m.name.contains("疑い")));
        assert_eq!(found.principal, own.principal);
        assert_eq!(found.started_on, Some(own.started_on));
        assert_eq!((found.ended_on, found.outcome), (own.ended.map(|e| e.0), own.ended.map(|e| e.1)));
        assert_eq!(found.flags, own.flags);
    }
}

fn same_allergies(chart: &Chart, read: &Imported) {
    assert_eq!(read.allergies.len(), chart.allergies.len());
    for (own, found) in chart.allergies.iter().zip(&read.allergies) {
        assert_eq!(found.code.as_deref(), Some(own.code.as_str()));
        assert_eq!((&found.name, &found.reaction), (&tidy(&own.name), &tidy(&own.reaction)));
        assert_eq!((found.category, found.severe, found.recorded_on), (own.category, own.severe, Some(own.recorded_on)));
        assert!(found.active);
        assert_eq!(found.flags, own.flags);
    }
}

fn same_results(chart: &Chart, read: &Imported) {
    assert_eq!(read.results.len(), chart.report.results.len());
    for (own, found) in chart.report.results.iter().zip(&read.results) {
        assert_eq!((&found.local_code, &found.name), (&own.local_code, &tidy_narrow(&own.name)));
        assert_eq!((&found.jlac10, &found.fhir_name), (&own.jlac10, &own.fhir_name));
        assert_eq!((found.infection, &found.specimen), (own.infection, &own.specimen));
        match (&own.value, &found.value) {
            (LabValue::Number(a), FoundValue::Number(b, sign)) => assert_eq!((a, sign.as_str()), (b, "")),
            (LabValue::Text(a), FoundValue::Text(b)) => assert_eq!(a, b),
            (a, b) => panic!("{a:?} came back as {b:?}"),
        }
        if matches!(own.value, LabValue::Number(_)) {
            assert_eq!(found.unit, own.unit);
        }
        assert_eq!((found.low, found.high), (own.low, own.high));
        assert_eq!(found.flag, own.flag().map(|f| f.as_str().to_owned()).unwrap_or_default());
        assert_eq!(found.collected_at, Some(chart.report.collected_at));
        // Keeping for long is said of designated infections only (R6031).
        let kept = own.infection && chart.report.flags.long_term;
        assert_eq!(found.flags, Flags { long_term: kept, ..Flags::default() });
    }
}

fn same_drugs(groups: &[Prescription], read: &Imported) {
    let own: Vec<_> = groups.iter().flat_map(|g| g.rp.items.iter().enumerate().map(move |(i, item)| (g, i, item))).collect();
    assert_eq!(read.drugs.len(), own.len());
    for ((group, index, item), found) in own.into_iter().zip(&read.drugs) {
        let rp = &group.rp;
        assert_eq!((found.group, found.index), (Some(group.number), u32::try_from(index + 1).ok()));
        assert_eq!(found.yj.as_ref().map(|y| &y.0), item.yj.as_ref());
        let general = item.general_name.as_ref().map(|(code, name)| (code.clone(), tidy(name)));
        assert_eq!(found.general_name, general);
        assert_eq!(found.name, general.map_or_else(|| tidy(&item.name), |g| g.1));
        assert_eq!((found.route, &found.usage, &found.usage_code), (rp.route, &tidy_narrow(&rp.usage), &rp.usage_code));
        assert_eq!((found.start, found.prescribed_at), (Some(group.start), Some(group.prescribed_at)));
        let coded = !found.unit.is_empty();
        let count = Decimal::from(rp.count);
        assert_eq!(found.whole, coded.then(|| (item.amount * count).normalize()));
        match rp.route {
            Route::Internal => {
                assert_eq!((found.per_day, found.days), (coded.then_some(item.amount.normalize()), Some(u32::from(rp.count))));
            }
            Route::Prn => {
                assert_eq!((found.per_time, found.times), (coded.then_some(item.amount.normalize()), Some(u32::from(rp.count))))
            }
            Route::External => assert_eq!((found.per_time, found.per_day), (None, None)),
        }
        // What has no unit code stands in the words.
        assert!(found.words.contains(&tidy(&item.unit)) && found.words.starts_with(&found.usage), "{}", found.words);
    }
}

/// Items of the electrocardiogram stand together where the first of them stood (健診一連検査グループ).
fn grouped(items: Vec<CheckupItem>) -> Vec<CheckupItem> {
    let of_group = |item: &CheckupItem| item.code.starts_with("9A110");
    let Some(first) = items.iter().position(of_group) else { return items };
    let (mut before, after) = (items[..first].to_vec(), items[first..].to_vec());
    let (members, rest): (Vec<_>, Vec<_>) = after.into_iter().partition(of_group);
    before.extend(members.into_iter().chain(rest));
    before
}

fn round_trip(chart: &Chart, version: Version) {
    for (kind, read) in documents(chart, version) {
        assert_eq!(read.sender.number, "1310000011");
        // An allergy names no doctor; a health check the one who judged.
        match read.kind {
            Some(Kind::Allergies) => assert_eq!(read.sender.doctor, ""),
            Some(Kind::Checkup) if !chart.more.checkup.judged_by.is_empty() => {
                assert_eq!(read.sender.doctor, tidy(&chart.more.checkup.judged_by));
            }
            _ => assert_eq!(read.sender.doctor, tidy(&chart.doctor), "{kind}"),
        }
        assert_eq!(read.made_at, Some(chart.now));
        let patient = &chart.patient;
        assert_eq!(read.patient.name, format!("{} {}", tidy(&patient.name.family), tidy(&patient.name.given)));
        assert_eq!((read.patient.birth_date, read.patient.sex), (Some(patient.birth_date), Some(patient.sex)));
        assert_eq!(read.others, [""; 0]);
        match read.kind.expect("a kind we made") {
            Kind::Diagnoses => same_diagnoses(chart, &read),
            Kind::Allergies => same_allergies(chart, &read),
            Kind::LabReport => same_results(chart, &read),
            Kind::Referral => {
                same_diagnoses(chart, &read);
                same_allergies(chart, &read);
                same_results(chart, &read);
                same_drugs(&chart.more.drugs, &read);
                let files: Vec<_> =
                    chart.more.attachments.iter().map(|a| (tidy(&a.title), a.content_type.clone(), a.data.clone())).collect();
                assert_eq!(
                    read.files.iter().map(|a| (a.title.clone(), a.content_type.clone(), a.data.clone())).collect::<Vec<_>>(),
                    files
                );
                assert_eq!(read.section("950").map(flat), Some(flat(&chart.letter.purpose)));
                for (code, words) in [
                    ("360", &chart.letter.present_illness),
                    ("370", &chart.letter.past_history),
                    ("550", &chart.letter.family_history),
                    ("610", &chart.letter.findings),
                    ("640", &chart.letter.social_history),
                    ("330", &chart.letter.course),
                    ("220", &chart.letter.remarks),
                ] {
                    assert_eq!(read.section(code).map(flat).unwrap_or_default(), flat(words), "section {code}");
                }
                let to = (chart.letter.to_number.clone(), tidy(&chart.letter.to_institution));
                assert_eq!((read.addressee.as_ref(), &read.answers), (Some(&to), &chart.in_reply_to));
            }
            Kind::CarePlan => {
                same_diagnoses(chart, &read);
                let own = &chart.more.plan;
                let plan = read.plan.as_ref().expect("a plan");
                assert_eq!((plan.id, &plan.description), (own.id, &flat(&own.description)));
                assert_eq!((plan.from, plan.until, plan.written_on), (own.from, own.until, own.written_on));
            }
            Kind::Discharge => {
                let own = &chart.more.discharge;
                assert_eq!(read.stay.as_ref(), Some(&own.stay));
                same_diagnoses(chart, &read);
                same_allergies(chart, &read);
                same_results(chart, &read);
                same_drugs(&own.drugs_out, &read);
                let (present, family) = if version == Version::V1_11 { ("360", "550") } else { ("362", "552") };
                assert_eq!(read.section(present).map(flat), Some(flat(&own.present_illness)));
                assert_eq!(read.section(family).map(flat).unwrap_or_default(), flat(&own.family_history));
                assert_eq!(String::from_utf8(read.files[0].data.clone()).expect("text"), flat(&own.course));
            }
            Kind::Checkup => {
                let own = &chart.more.checkup;
                let check = read.checkup.as_ref().expect("a check");
                assert_eq!((check.id, check.kind, check.done_on), (own.id, own.kind, own.done_on));
                let card = chart.patient.insurance_on(own.done_on).map(|c| format!("{:0>8}", c.insurer.as_str()));
                let paid_by = own.ticket.as_ref().and(own.insurer.as_ref().map(|i| i.number.clone())).or(card);
                assert_eq!((&check.ticket, check.insurer.as_ref().map(|i| i.number.clone())), (&own.ticket, paid_by));
                let (measured, asked): (Vec<_>, Vec<_>) = own.items.iter().cloned().partition(|i| !i.asked);
                let measured = grouped(measured);
                assert_eq!(check.items.len(), own.items.len());
                for (own, found) in measured.iter().chain(&asked).zip(&check.items) {
                    let value = match &own.value {
                        CheckupValue::Words(w) => CheckupValue::Words(flat(w)),
                        CheckupValue::Missing(w) => CheckupValue::Missing(tidy(w)),
                        other => other.clone(),
                    };
                    assert_eq!((&found.code, &found.value, found.asked), (&own.code, &value, own.asked));
                    assert_eq!((found.low, found.high), (own.low, own.high));
                    assert_eq!(found.detail.as_ref().map(|d| d.2.clone()), own.detail.as_ref().map(|d| flat(&d.2)));
                }
            }
        }
    }
}

#[test]
fn the_chart_by_hand_comes_back() {
    for version in Version::ALL {
        round_trip(&chart(), version);
    }
    assert_eq!(documents(&chart(), Version::V1_5_2)[0].1.diagnoses[2].outcome, Some(Outcome::Cured));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, max_shrink_iters: 50, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_charts_come_back(chart in any_chart()) {
        round_trip(&chart, Version::V1_11);
    }
}

#[test]
fn official_examples_are_read() {
    let Some(shared) = shared() else { return };
    let mut read = 0;
    for dir in ["fhir/jp-clins/examples", "fhir/jp-clins/examples-other", "fhir/echeckup/examples"] {
        let Ok(files) = std::fs::read_dir(shared.join(dir)) else { continue };
        for file in files.map(|e| e.expect("an entry").path()) {
            if !file.file_name().expect("a name").to_string_lossy().starts_with("Bundle-") {
                continue;
            }
            let found = receive(&std::fs::read(&file).expect("a file")).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
            assert!(found.kind.is_some() && !found.patient.name.is_empty(), "{}", file.display());
            let content = found.diagnoses.len() + found.results.len() + found.sections.len();
            assert!(content > 0 && found.made_at.is_some(), "{}", file.display());
            if found.kind == Some(Kind::Checkup) {
                let check = found.checkup.expect("a check");
                assert!(check.items.len() > 20 && check.ticket.is_some(), "{}: {check:#?}", file.display());
            }
            read += 1;
        }
    }
    println!("{read} official documents read");
    assert!(read >= 7);
}

/// Takes a value out of, or puts one into, a document by hand.
fn with(kind: &str, pointer: &str, value: Value) -> Result<Imported, fhir::import::Refusal> {
    let all = chart().documents();
    let mut document = all.into_iter().find(|(k, _)| *k == kind).expect("a kind").1;
    let (parent, last) = pointer.rsplit_once('/').expect("a pointer");
    let parent = document.pointer_mut(parent).expect("a place");
    match parent {
        Value::Object(map) if value.is_null() => drop(map.shift_remove(last)),
        Value::Array(list) if value.is_null() => drop(list.remove(last.parse().expect("an index"))),
        Value::Array(list) => list[last.parse::<usize>().expect("an index")] = value,
        parent => parent[last] = value,
    }
    document_of(&document)
}

#[test]
fn the_real_world_is_read_and_noted() {
    // An unknown code, an older profile, a missing optional part, a private flag, another kind of resource.
    let read = with("diagnoses", "/entry/1/resource/code/coding/0/system", json!("http://example.org/codes")).expect("readable");
    assert_eq!((read.diagnoses[0].name.as_str(), &read.diagnoses[0].management), ("十二指腸潰瘍", &None));
    assert!(!read.notes.is_empty());
    let read = with("diagnoses", "/entry/1/resource/meta/profile/0", json!("http://example.org/old")).expect("readable");
    assert_eq!(read.diagnoses.len(), 3);
    let read = with("diagnoses", "/entry/1/resource/onsetDateTime", json!("2026-04")).expect("readable");
    assert_eq!(read.diagnoses[0].started_on, None);
    let read = with("lab_report", "/entry/1/resource/valueQuantity", Value::Null).expect("readable");
    assert_eq!(read.results[0].value, FoundValue::Missing(String::new()));
    let immunization = json!({
        "resourceType": "Immunization",
        "status": "completed",
        "vaccineCode": { "text": "インフルエンザワクチン" },
        "patient": { "display": "x" },
        "occurrenceDateTime": "2025-11-01",
    });
    let read = with("referral", "/entry/8/resource", immunization);
    assert!(read.is_err_and(|e| e.reasons[0].contains("参照")), "a section refers to what is not there");
}

#[test]
fn what_is_broken_is_refused_with_reasons() {
    for (bytes, reason) in [
        (&b"{"[..], "JSON"),
        (b"\xff\xfe", "UTF-8"),
        (b"{\"resourceType\":\"Patient\"}", "Bundle"),
        (b"{\"resourceType\":\"Bundle\",\"type\":\"document\"}", "患者"),
    ] {
        let refusal = receive(bytes).expect_err("broken");
        assert!(refusal.to_string().contains(reason), "{refusal}");
    }
    for (kind, pointer, value) in [
        ("diagnoses", "/entry/0", Value::Null),
        ("diagnoses", "/entry/1/resource/subject/reference", json!("urn:uuid:00000000-0000-4000-8000-000000000000")),
        ("lab_report", "/entry/1/resource/valueQuantity/value", json!("5.6")),
        ("referral", "/entry/0", Value::Null),
        ("referral", "/entry/0/resource/section", json!({})),
    ] {
        let refusal = with(kind, pointer, value).expect_err(pointer);
        assert!(!refusal.reasons.is_empty(), "{kind} {pointer}");
    }
}
