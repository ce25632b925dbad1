//! The referral letter (診療情報提供書): `JP_Bundle_eReferral` with `JP_Composition_eReferral`.

use super::{document::*, parts::*, section, section::section as part};
use crate::{
    Context, Flags, Gap,
    domain::{Attachment, Prescription},
    text::tidy,
    uri,
};
use model::{
    chart::{Allergy, Diagnosis},
    codes::InstitutionNumber,
    labs::LabReport,
    letter::LetterForm,
};
use serde_json::{Value, json};

/// The coded part of a letter; every list may be empty.
#[derive(Debug, Clone, Copy, Default)]
pub struct Clinical<'a> {
    /// Current diagnoses.
    pub diagnoses: &'a [Diagnosis],
    /// Allergies.
    pub allergies: &'a [Allergy],
    /// Laboratory reports worth sending along.
    pub reports: &'a [LabReport],
    /// Drugs the patient takes (投薬指示).
    pub drugs: &'a [Prescription],
    /// Files that go along (添付情報, PDF).
    pub attachments: &'a [Attachment],
    /// The letter that this one answers (返書): the identifier of its bundle, `institution^year^number`.
    pub in_reply_to: Option<&'a str>,
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
    let from = Placed::new("Organization", "紹介元医療機関", from_organization(ctx, uuids), uuids);
    let to = Placed::new("Organization", "紹介先医療機関", to_organization(ctx, letter, &to_number, uuids), uuids);
    let doctor = Placed::new("Practitioner", "紹介元医師", practitioner(ctx, &ctx.doctor.name, true, uuids), uuids);
    let to_doctor = (!tidy(&letter.to_doctor).is_empty())
        .then(|| Placed::new("Practitioner", "紹介先医師", practitioner(ctx, &letter.to_doctor, false, uuids), uuids));
    let visit = Placed::new("Encounter", "受診情報", encounter(ctx, None, uuids), uuids);
    let purpose = Placed::new("Encounter", "紹介目的", encounter(ctx, Some(&letter.purpose), uuids), uuids);
    let conditions = conditions(ctx, clinical.diagnoses, &patient_url, &mut gaps, uuids);
    let allergies = allergies(ctx, clinical.allergies, &patient_url, &mut gaps, uuids);
    let results = results(ctx, clinical.reports, &patient_url, &mut gaps, uuids);
    let drugs = drugs(ctx, clinical.drugs, &patient_url, &mut gaps, uuids);
    let mut files = Vec::new();
    for attachment in clinical.attachments {
        if attachment.data.is_empty() || attachment.content_type.is_empty() || tidy(&attachment.title).is_empty() {
            gaps.push(Gap::new("letter.attachments", "添付ファイルには名称・形式・内容が必要です。"));
            continue;
        }
        let resource = file(ctx, attachment, None, &patient_url, uuids);
        files.push(Placed::new("DocumentReference", tidy(&attachment.title), resource, uuids));
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
        let words = lines("", clinical.allergies.iter().map(Allergy::as_text));
        sections.push(part(&section::ALLERGY, &words, references(&allergies)));
    }
    for (heading, words) in [
        (&section::FAMILY_HISTORY, &letter.family_history),
        (&section::FINDINGS, &letter.findings),
        (&section::SOCIAL_HISTORY, &letter.social_history),
    ] {
        if !words.trim().is_empty() {
            sections.push(part(heading, words, Vec::new()));
        }
    }
    if !results.is_empty() {
        let words = lines("", clinical.reports.iter().map(report_line));
        sections.push(part(&section::STUDIES, &words, references(&results)));
    }
    if !drugs.is_empty() {
        let words = lines("", drug_lines(clinical.drugs));
        sections.push(part(&section::DRUGS, &words, references(&drugs)));
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

    // One section of each kind with all its files (JP_Composition_eReferral, attachmentSection and pdfSection: entry 1..*), so
    // that the letter is read with one heading and every title under it. The section of PDF files takes no words.
    let is_pdf = |attachment: &Attachment| attachment.content_type == "application/pdf";
    let (pdf, others): (Vec<_>, Vec<_>) = clinical.attachments.iter().zip(&files).partition(|(attachment, _)| is_pdf(attachment));
    if !others.is_empty() {
        let titles = lines("", others.iter().map(|(attachment, _)| attachment.title.clone()));
        top.push(part(&section::ATTACHED, &titles, others.iter().map(|(_, placed)| placed.reference()).collect()));
    }
    if !pdf.is_empty() {
        top.push(section::silent(&section::PDF, pdf.iter().map(|(_, placed)| placed.reference()).collect()));
    }

    // Of FHIR's four relations (document-relationship-type: replaces, transforms, signs, appends) a reply adds to what it
    // answers; the profile leaves the element as FHIR has it (JP_Composition_eReferral, relatesTo 0..*).
    let answers = clinical.in_reply_to.map(|identifier| {
        json!([{ "code": "appends", "targetIdentifier": { "system": uri::BUNDLE_IDENTIFIER, "value": identifier } }])
    });
    let composition = object(json!({
        "resourceType": "Composition",
        "id": uuids().to_string(),
        "meta": meta(ctx, uri::COMPOSITION_EREFERRAL, Flags::default()),
        "language": "ja",
        "extension": [{ "url": uri::EXT_DOCUMENT_VERSION, "valueString": "1.0" }],
        "identifier": document_identifier(ctx),
        "status": "final",
        "type": { "coding": [coding(uri::DOC_TYPE, "57133-1", "診療情報提供書")] },
        "category": [{ "coding": [coding(uri::DOC_SUBTYPE, "OUTPATIENT", "外来文書")] }],
        "subject": { "reference": patient_url, "type": "Patient" },
        "encounter": visit.reference(),
        "date": seconds(ctx.now),
        "author": [doctor.reference(), from.reference()],
        "title": "診療情報提供書",
        "custodian": from.reference(),
        "relatesTo": answers,
        "event": [{
            "code": [{ "text": "診療情報提供書発行" }],
            "period": { "start": model::date::day_of(ctx.now).to_string() },
        }],
        "section": top,
    }));
    let mut entries = vec![entry(&urn(uuids()), composition), patient];
    let all = [visit, doctor]
        .into_iter()
        .chain(to_doctor)
        .chain([from, to, purpose])
        .chain(conditions)
        .chain(allergies)
        .chain(results)
        .chain(drugs)
        .chain(files);
    entries.extend(all.map(|placed| entry(&placed.url, placed.resource)));
    Ok(super::bundle(ctx, uri::BUNDLE_EREFERRAL, None, "document", entries, uuids))
}

/// The institution referred to, with its department where one is named.
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
