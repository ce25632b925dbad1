//! The discharge summary (退院時サマリー): `JP_Bundle_eDischargeSummary` with `JP_Composition_eDischargeSummary`. A clinic without
//! beds seldom writes one; it is made for data that has a stay, e.g. of an imported record.

use super::{
    document::*,
    parts::*,
    section::{self, Heading, section as part},
};
use crate::{
    Context, Flags, Gap, Version,
    domain::{Attachment, Discharge, Stay},
    uri,
};
use serde_json::{Value, json};

/// Headings whose code 1.5.4 changed: present and past illness, family and social history.
fn histories(version: Version) -> [Heading; 4] {
    let codes = if version.is_later() { ["360", "370", "550", "640"] } else { ["362", "372", "552", "642"] };
    let titles = ["現病歴", "既往歴", "家族歴", "社会歴・生活習慣"];
    std::array::from_fn(|i| Heading(codes[i], titles[i]))
}

/// The whole summary.
pub(super) fn bundle(ctx: &Context<'_>, summary: &Discharge, version: Version, uuids: Uuids<'_>) -> Result<Value, Vec<Gap>> {
    let (patient_url, patient, mut gaps) = super::begin(ctx, uuids);
    lacks(summary, &mut gaps);
    let doctor = Placed::new("Practitioner", "作成医師", practitioner(ctx, &ctx.doctor.name, true, uuids), uuids);
    let house = Placed::new("Organization", "作成医療機関", from_organization(ctx, uuids), uuids);
    let stay = Placed::new("Encounter", "入院情報", stay(ctx, summary, uuids), uuids);
    let diagnoses_in = conditions(ctx, &summary.diagnoses_in, &patient_url, &mut gaps, uuids);
    let diagnoses_out = conditions(ctx, &summary.diagnoses_out, &patient_url, &mut gaps, uuids);
    let allergies = allergies(ctx, &summary.allergies, &patient_url, &mut gaps, uuids);
    let drugs_in = drugs(ctx, &summary.drugs_in, &patient_url, &mut gaps, uuids);
    let drugs_out = drugs(ctx, &summary.drugs_out, &patient_url, &mut gaps, uuids);
    let results = results(ctx, &summary.reports, &patient_url, &mut gaps, uuids);
    if !gaps.is_empty() {
        return Err(gaps);
    }
    // The section of the course refers to a document in any case (1..*).
    let words = paragraphs(&summary.course);
    let course = Attachment {
        title: "入院中経過".into(),
        content_type: "text/plain; charset=utf-8".into(),
        data: words.clone().into_bytes(),
        made_at: ctx.now,
    };
    let course = Placed::new("DocumentReference", "入院中経過", file(ctx, &course, Some(&words), &patient_url, uuids), uuids);

    let [present, past, family, social] = histories(version);
    let at = |instant| model::date::both(model::date::day_of(instant));
    let admitted = format!("入院日 {}", at(summary.stay.admitted_at));
    let left = format!("退院日 {} 転帰: {}", at(summary.stay.discharged_at), summary.stay.disposition.code().1);
    let named = |list: &[model::chart::Diagnosis]| lines("", list.iter().map(diagnosis_line));
    let mut sections = vec![
        part(&Heading("322", "入院時詳細"), &admitted, vec![stay.reference()]),
        part(&Heading("342", "入院時診断"), &named(&summary.diagnoses_in), references(&diagnoses_in)),
    ];
    let mut add = |heading: Heading, words: &str, entries: Vec<Value>| {
        if !words.trim().is_empty() || !entries.is_empty() {
            sections.push(part(&heading, words, entries));
        }
    };
    let told = |list: &[crate::domain::Prescription]| lines("", drug_lines(list));
    add(
        Heading("510", "アレルギー・不耐性反応"),
        &lines("", summary.allergies.iter().map(model::chart::Allergy::as_text)),
        references(&allergies),
    );
    add(Heading("352", "主訴"), &summary.complaint, Vec::new());
    add(Heading("312", "入院理由"), &summary.reason, vec![stay.reference()]);
    add(present, &summary.present_illness, Vec::new());
    add(past, &summary.past_history, Vec::new());
    add(Heading("432", "入院時服薬"), &told(&summary.drugs_in), references(&drugs_in));
    add(social, &summary.social_history, Vec::new());
    add(Heading("612", "入院時身体所見"), &summary.findings_in, Vec::new());
    add(family, &summary.family_history, Vec::new());
    add(Heading("333", "入院中経過"), &summary.course, vec![course.reference()]);
    add(Heading("324", "退院時詳細"), &left, vec![stay.reference()]);
    add(Heading("344", "退院時診断"), &named(&summary.diagnoses_out), references(&diagnoses_out));
    let none = if drugs_out.is_empty() { "退院時処方なし".to_owned() } else { told(&summary.drugs_out) };
    add(Heading("444", "退院時投薬指示"), &none, references(&drugs_out));
    add(Heading("424", "退院時方針指示"), &summary.instructions, Vec::new());
    add(Heading("614", "退院時身体所見"), &summary.findings_out, Vec::new());
    add(Heading("713", "入院中治療"), &summary.treatment, Vec::new());
    add(Heading("623", "入院中検査結果"), &lines("", summary.reports.iter().map(report_line)), references(&results));

    let composition = json!({
        "resourceType": "Composition",
        "id": uuids().to_string(),
        "meta": meta(ctx, uri::COMPOSITION_EDISCHARGE, Flags::default()),
        "language": "ja",
        "extension": [{ "url": uri::EXT_DOCUMENT_VERSION, "valueString": "1.0" }],
        "identifier": document_identifier(ctx),
        "status": "final",
        "type": { "coding": [coding(uri::DOC_TYPE, "18842-5", "退院時サマリー")] },
        "category": [{ "coding": [coding(uri::DOC_SUBTYPE, "DISCHARGE", "退院時文書")] }],
        "subject": { "reference": patient_url, "type": "Patient" },
        "encounter": stay.reference(),
        "date": seconds(ctx.now),
        "author": [doctor.reference(), house.reference()],
        "title": "退院時サマリー",
        "custodian": house.reference(),
        "event": [{
            "period": {
                "start": model::date::day_of(summary.stay.admitted_at).to_string(),
                "end": model::date::day_of(summary.stay.discharged_at).to_string(),
            },
        }],
        "section": [section::structured(sections)],
    });
    let mut entries = vec![entry(&urn(uuids()), composition), patient];
    let all = [doctor, house, stay].into_iter().chain(diagnoses_in).chain(diagnoses_out).chain(allergies);
    let all = all.chain(results).chain(drugs_in).chain(drugs_out).chain([course]);
    entries.extend(all.map(|placed| entry(&placed.url, placed.resource)));
    Ok(super::bundle(ctx, uri::BUNDLE_EDISCHARGE, None, "document", entries, uuids))
}

/// What a summary needs and has not.
fn lacks(summary: &Discharge, gaps: &mut Vec<Gap>) {
    for (field, words, label) in [
        ("discharge.reason", &summary.reason, "入院理由"),
        ("discharge.complaint", &summary.complaint, "主訴"),
        ("discharge.present_illness", &summary.present_illness, "現病歴"),
        ("discharge.course", &summary.course, "入院中経過"),
        ("discharge.instructions", &summary.instructions, "退院時方針指示"),
    ] {
        if words.trim().is_empty() {
            gaps.push(Gap::new(field, format!("{label}を入力してください（退院時サマリーで必須）。")));
        }
    }
    if summary.diagnoses_out.is_empty() {
        gaps.push(Gap::new("discharge.diagnoses_out", "退院時診断が1つ以上必要です（退院時サマリーで必須）。"));
    }
    if summary.diagnoses_in.is_empty() {
        gaps.push(Gap::new("discharge.diagnoses_in", "入院時診断が1つ以上必要です（退院時サマリーで必須）。"));
    }
    if summary.stay.discharged_at < summary.stay.admitted_at {
        gaps.push(Gap::new("discharge.stay", "退院日時が入院日時より前です。"));
    }
}

/// The stay as `JP_Encounter_eCS`.
fn stay(ctx: &Context<'_>, summary: &Discharge, uuids: Uuids<'_>) -> Value {
    let Stay { id, admitted_at, discharged_at, admission, disposition } = &summary.stay;
    let nights = model::date::day_of(*discharged_at) - model::date::day_of(*admitted_at);
    let (code, display) = disposition.code();
    let source = admission.map(|from| {
        let (code, display) = from.code();
        json!({ "coding": [coding(uri::ADMISSION, code, display)] })
    });
    json!({
        "resourceType": "Encounter",
        "id": uuids().to_string(),
        "meta": meta(ctx, uri::ENCOUNTER, Flags::default()),
        "language": "ja",
        "identifier": [{ "system": uri::RESOURCE_IDENTIFIER, "value": id }],
        "status": "finished",
        "class": { "system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "IMP", "display": "入院" },
        "period": { "start": seconds(*admitted_at), "end": seconds(*discharged_at) },
        // Days of the stay, first and last counted.
        "length": { "value": nights.num_days() + 1, "unit": "日", "system": uri::UCUM, "code": "d" },
        "hospitalization": object(json!({
            "admitSource": source,
            "dischargeDisposition": { "coding": [coding(uri::DISPOSITION, code, display)] },
        })),
    })
}
