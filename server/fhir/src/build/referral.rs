//! The referral letter (診療情報提供書): `JP_Bundle_eReferral` with `JP_Composition_eReferral`.

use super::{allergy, condition, lab, parts::*, section, section::section as part};
use crate::{
    Context, Flags, Gap,
    text::{tidy, tidy_narrow},
    uri,
};
use model::{
    chart::{Allergy, Diagnosis},
    codes::InstitutionNumber,
    labs::LabReport,
    letter::LetterForm,
};
use serde_json::{Value, json};

/// The coded part of a letter.
pub(super) struct Clinical<'a> {
    /// Current diagnoses.
    pub diagnoses: &'a [Diagnosis],
    /// Allergies.
    pub allergies: &'a [Allergy],
    /// Laboratory reports worth sending along.
    pub reports: &'a [LabReport],
}

/// A resource with the address under which the letter refers to it.
struct Placed {
    url: String,
    kind: &'static str,
    label: String,
    resource: Value,
}

impl Placed {
    fn reference(&self) -> Value {
        json!({ "reference": self.url, "type": self.kind, "display": self.label })
    }
}

/// The whole letter.
pub(super) fn bundle(
    ctx: &Context<'_>,
    letter: &LetterForm,
    clinical: &Clinical<'_>,
    uuids: Uuids<'_>,
) -> Result<Value, Vec<Gap>> {
    let (patient_url, patient, mut gaps) = super::begin(ctx, uuids);
    for (field, words, label) in [
        ("letter.to_institution", &letter.to_institution, "紹介先医療機関名"),
        ("letter.purpose", &letter.purpose, "紹介目的"),
        ("letter.complaint", &letter.complaint, "傷病名・主訴"),
        ("letter.present_illness", &letter.present_illness, "現病歴"),
    ] {
        if words.trim().is_empty() {
            gaps.push(Gap::new(field, format!("{label}を入力してください（診療情報提供書で必須）。")));
        }
    }
    let to_number = match InstitutionNumber::parse(&letter.to_number) {
        Ok(number) => number.to_string(),
        Err(_) => {
            gaps.push(Gap::new(
                "letter.to_number",
                "紹介先の医療機関番号10桁を入力してください（JP_Organization_eCSで必須のため、番号なしでは送信できません）。",
            ));
            String::new()
        }
    };
    let place = |kind: &'static str, label: String, resource: Value, uuids: Uuids<'_>| Placed {
        url: urn(uuids()),
        kind,
        label,
        resource,
    };
    let mut collect = |result: Result<Value, Vec<Gap>>| result.map_err(|more| gaps.extend(more)).ok();

    let from = place("Organization", "紹介元医療機関".into(), from_organization(ctx, uuids), uuids);
    let to = place("Organization", "紹介先医療機関".into(), to_organization(ctx, letter, &to_number, uuids), uuids);
    let doctor = place("Practitioner", "紹介元医師".into(), practitioner(ctx, &ctx.doctor.name, true, uuids), uuids);
    let to_doctor = (!tidy(&letter.to_doctor).is_empty())
        .then(|| place("Practitioner", "紹介先医師".into(), practitioner(ctx, &letter.to_doctor, false, uuids), uuids));
    let visit = place("Encounter", "受診情報".into(), encounter(ctx, None, uuids), uuids);
    let purpose = place("Encounter", "紹介目的".into(), encounter(ctx, Some(&letter.purpose), uuids), uuids);

    let mut conditions = Vec::new();
    for item in clinical.diagnoses {
        if let Some(resource) = collect(condition::resource(ctx, item, &patient_url, uuids).map_err(|gap| vec![gap])) {
            conditions.push(place("Condition", tidy(&item.name), resource, uuids));
        }
    }
    let mut allergies = Vec::new();
    for item in clinical.allergies {
        if let Some(resource) = collect(allergy::resource(ctx, item, &patient_url, uuids).map_err(|gap| vec![gap])) {
            allergies.push(place("AllergyIntolerance", tidy(&item.name), resource, uuids));
        }
    }
    let mut results = Vec::new();
    for report in clinical.reports {
        for (index, item) in report.results.iter().enumerate() {
            if let Some(resource) = collect(lab::resource(ctx, report, index, item, &patient_url, uuids)) {
                results.push(place("Observation", tidy_narrow(&item.name), resource, uuids));
            }
        }
    }
    if !gaps.is_empty() {
        return Err(gaps);
    }

    let problem = lines(&letter.complaint, clinical.diagnoses.iter().map(diagnosis_line));
    let mut sections = vec![
        part(&section::PURPOSE, &letter.purpose, vec![purpose.reference()]),
        part(&section::PROBLEM, &problem, references(&conditions)),
        part(&section::PRESENT_ILLNESS, &letter.present_illness, Vec::new()),
    ];
    if !letter.past_history.trim().is_empty() {
        sections.push(part(&section::PAST_ILLNESS, &letter.past_history, Vec::new()));
    }
    if !allergies.is_empty() {
        let words = lines("", clinical.allergies.iter().map(allergy_line));
        sections.push(part(&section::ALLERGY, &words, references(&allergies)));
    }
    if !letter.findings.trim().is_empty() {
        sections.push(part(&section::FINDINGS, &letter.findings, Vec::new()));
    }
    if !results.is_empty() {
        let words = lines("", clinical.reports.iter().map(report_line));
        sections.push(part(&section::STUDIES, &words, references(&results)));
    }
    if !letter.course.trim().is_empty() {
        sections.push(part(&section::COURSE, &letter.course, Vec::new()));
    }
    let mut sender = vec![from.reference(), doctor.reference()];
    let mut receiver = vec![to.reference()];
    receiver.extend(to_doctor.as_ref().map(Placed::reference));
    let from_words =
        [ctx.institution.name.as_str(), &ctx.department.name, &ctx.doctor.name, &ctx.institution.address, &ctx.institution.phone];
    let to_words = [letter.to_institution.as_str(), &letter.to_department, &letter.to_doctor];
    let mut top = vec![
        part(&section::FROM, &join(&from_words), std::mem::take(&mut sender)),
        part(&section::TO, &join(&to_words), receiver),
        section::structured(sections),
    ];
    if !letter.remarks.trim().is_empty() {
        top.push(part(&section::REMARKS, &letter.remarks, Vec::new()));
    }

    let composition = json!({
        "resourceType": "Composition",
        "id": uuids().to_string(),
        "meta": meta(ctx, uri::COMPOSITION_EREFERRAL, Flags::default()),
        "language": "ja",
        "extension": [{ "url": uri::EXT_DOCUMENT_VERSION, "valueString": "1.0" }],
        "identifier": { "system": uri::RESOURCE_IDENTIFIER, "value": format!("{}-{}", ctx.institution.number, ctx.bundle.suffix) },
        "status": "final",
        "type": { "coding": [coding(uri::DOC_TYPE, "57133-1", "診療情報提供書")] },
        "category": [{ "coding": [coding(uri::DOC_SUBTYPE, "OUTPATIENT", "外来文書")] }],
        "subject": { "reference": patient_url, "type": "Patient" },
        "encounter": visit.reference(),
        "date": seconds(ctx.now),
        "author": [doctor.reference(), from.reference()],
        "title": "診療情報提供書",
        "custodian": from.reference(),
        "event": [{
            "code": [{ "text": "診療情報提供書発行" }],
            "period": { "start": model::date::day_of(ctx.now).to_string() },
        }],
        "section": top,
    });
    let mut entries = vec![entry(&urn(uuids()), composition), patient];
    let all =
        [visit, doctor].into_iter().chain(to_doctor).chain([from, to, purpose]).chain(conditions).chain(allergies).chain(results);
    entries.extend(all.map(|placed| entry(&placed.url, placed.resource)));
    Ok(super::bundle(ctx, uri::BUNDLE_EREFERRAL, None, "document", entries, uuids))
}

fn references(placed: &[Placed]) -> Vec<Value> {
    placed.iter().map(Placed::reference).collect()
}

fn lines(first: &str, rest: impl Iterator<Item = String>) -> String {
    let mut all: Vec<String> = first.lines().map(str::to_owned).filter(|line| !line.trim().is_empty()).collect();
    all.extend(rest);
    all.join("\n")
}

fn join(words: &[&str]) -> String {
    words.iter().filter(|word| !word.trim().is_empty()).copied().collect::<Vec<_>>().join("\n")
}

fn diagnosis_line(item: &Diagnosis) -> String {
    format!("{}（{}〜）", item.name, item.started_on)
}

fn allergy_line(item: &Allergy) -> String {
    if item.reaction.is_empty() { item.name.clone() } else { format!("{}（{}）", item.name, item.reaction) }
}

fn report_line(report: &LabReport) -> String {
    let results: Vec<String> = report
        .results
        .iter()
        .map(|r| {
            let flag = r.flag().filter(|f| f.as_str() != "N").map(|f| format!(" ({})", f.as_str())).unwrap_or_default();
            format!("{} {} {}{flag}", r.name, r.value.show(), r.unit)
        })
        .collect();
    format!("{} {}", model::date::day_of(report.collected_at), results.join("、"))
}

fn from_organization(ctx: &Context<'_>, uuids: Uuids<'_>) -> Value {
    let number = ctx.institution.number.to_string();
    let phone = &ctx.institution.phone;
    let address = tidy(&ctx.institution.address);
    let mut resource = organization(ctx, &number, &ctx.institution.name, uuids);
    let members = resource.as_object_mut().expect("an object literal");
    if let Some(list) = members["extension"].as_array_mut() {
        list.push(department(&ctx.department.code, &ctx.department.name));
    }
    if !phone.is_empty() {
        members.insert("telecom".into(), json!([{ "system": "phone", "value": phone }]));
    }
    if !address.is_empty() {
        members.insert("address".into(), json!([{ "text": address, "country": "JP" }]));
    }
    resource
}

fn to_organization(ctx: &Context<'_>, letter: &LetterForm, number: &str, uuids: Uuids<'_>) -> Value {
    let mut resource = organization(ctx, number, &letter.to_institution, uuids);
    let name = tidy(&letter.to_department);
    if !name.is_empty()
        && let Some(list) = resource["extension"].as_array_mut()
    {
        list.push(department("", &name));
    }
    resource
}

/// An institution with its number whole and in the three parts of JP Core (都道府県, 点数表, 医療機関コード).
fn organization(ctx: &Context<'_>, number: &str, name: &str, uuids: Uuids<'_>) -> Value {
    let part = |range: std::ops::Range<usize>| number.get(range).unwrap_or_default().to_owned();
    let core = "http://jpfhir.jp/fhir/core/Extension/StructureDefinition/JP_Organization_";
    json!({
        "resourceType": "Organization",
        "id": uuids().to_string(),
        "meta": meta(ctx, uri::ORGANIZATION, Flags::default()),
        "language": "ja",
        "extension": [
            {
                "url": format!("{core}PrefectureNo"),
                "valueCoding": { "system": "http://jpfhir.jp/fhir/core/mhlw/CodeSystem/PrefectureNo-2digits", "code": part(0..2) },
            },
            {
                "url": format!("{core}InsuranceOrganizationCategory"),
                "valueCoding": { "system": "http://jpfhir.jp/fhir/core/mhlw/CodeSystem/MedicationFeeScoreType", "code": part(2..3) },
            },
            {
                "url": format!("{core}InsuranceOrganizationNo"),
                "valueIdentifier": { "system": "http://jpfhir.jp/fhir/core/mhlw/IdSystem/MedicalOrganizationID", "value": part(3..10) },
            },
        ],
        "identifier": [{ "system": uri::INSTITUTION_NUMBER, "value": number }],
        "type": [{ "coding": [coding("http://terminology.hl7.org/CodeSystem/organization-type", "prov", "Healthcare Provider")] }],
        "name": tidy(name),
    })
}

fn practitioner(ctx: &Context<'_>, name: &str, own: bool, uuids: Uuids<'_>) -> Value {
    object(json!({
        "resourceType": "Practitioner",
        "id": uuids().to_string(),
        "meta": meta(ctx, uri::PRACTITIONER, Flags::default()),
        "language": "ja",
        "identifier": own.then(|| json!([doctor_identifier(ctx)])),
        "name": [kanji_name(name)],
    }))
}

fn encounter(ctx: &Context<'_>, reason: Option<&str>, uuids: Uuids<'_>) -> Value {
    object(json!({
        "resourceType": "Encounter",
        "id": uuids().to_string(),
        "meta": meta(ctx, uri::ENCOUNTER, Flags::default()),
        "language": "ja",
        "identifier": [{ "system": uri::RESOURCE_IDENTIFIER, "value": ctx.visit.id }],
        "status": "finished",
        "class": ambulatory(),
        "period": { "start": seconds(ctx.visit.at) },
        "reasonCode": reason.map(|words| json!([{ "text": tidy(words) }])),
    }))
}
