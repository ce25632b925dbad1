//! From what is wrong with a document to the place of the chart where it is mended.

use super::{build::Subject, content::Content};
use model::{ids::*, share::*};
use serde_json::Value;
use uuid::Uuid;

/// Characters of a UUID in words.
const UUID_LENGTH: usize = 36;

/// What the chart lacks.
pub(super) fn of_gap(gap: fhir::Gap, subject: &Subject, content: &Content) -> Mend {
    let place = match gap.field.split('.').next().unwrap_or_default() {
        "patient" if gap.field == "patient.insurance" => Some(Place::Insurance),
        "patient" => Some(Place::Registration),
        "visit" | "document" => None,
        "diagnoses" if subject.kind == ShareKind::Diagnoses || subject.kind == ShareKind::Referral => nameless_diagnosis(content),
        "diagnoses" if subject.kind == ShareKind::CarePlan => {
            named_diagnosis(&gap.field).or_else(|| own(subject.kind, subject.id))
        }
        "allergies" => bad_allergy(content, &gap.message),
        _ => own(subject.kind, subject.id),
    };
    Mend { message: gap.message, rule: String::new(), path: String::new(), field: words(&gap.field).into(), place }
}

/// What our own validator found.
pub(super) fn of_issue(issue: fhir::validate::Issue, kind: ShareKind, subject: Option<Uuid>, bundle: &Value) -> Mend {
    let place = place(kind, subject, bundle, &issue.path);
    Mend { message: issue.message_ja, rule: issue.rule, path: issue.path, field: issue.chart_field, place }
}

/// What the platform found.
pub(crate) fn of_reason(reason: links::Reason, kind: ShareKind, subject: Option<Uuid>, bundle: &Value) -> Mend {
    let place = place(kind, subject, bundle, &reason.path);
    Mend { message: reason.message, rule: reason.rule, path: reason.path, field: reason.chart_field, place }
}

/// More than the platform takes.
pub(crate) fn too_heavy(kind: ShareKind, subject: Option<Uuid>) -> Mend {
    let message = "文書が大きすぎます（10MBまで）。添付を減らすか、小さくしてください。";
    let field = if kind == ShareKind::Referral { "添付" } else { "" };
    Mend { message: message.into(), rule: String::new(), path: String::new(), field: field.into(), place: own(kind, subject) }
}

/// A refusal without a place in the document.
pub(crate) fn plain(message: String, kind: ShareKind, subject: Option<Uuid>) -> Mend {
    Mend { message, rule: String::new(), path: String::new(), field: String::new(), place: own(kind, subject) }
}

/// The place of the chart that answers for a place in a document: of an entry the row it was made from, known by the
/// identifier we gave it.
fn place(kind: ShareKind, subject: Option<Uuid>, bundle: &Value, path: &str) -> Option<Place> {
    let own = || own(kind, subject);
    let Some((resource, element)) = locate(bundle, path) else {
        return if path.starts_with("Bundle.identifier") { Some(Place::Clinic) } else { own() };
    };
    // Institution, department and doctor stand in every entry and are no fault of it.
    let about_visit = ["extension", "contained", "encounter", "recorder", "performer", "requester"];
    match resource["resourceType"].as_str().unwrap_or_default() {
        "Patient" if element.starts_with("identifier") => Some(Place::Insurance),
        "Patient" => Some(Place::Registration),
        "Organization" if is_ours(bundle, resource) => Some(Place::Clinic),
        "Condition" | "AllergyIntolerance" | "Observation" if about_visit.iter().any(|part| element.starts_with(part)) => {
            if element.starts_with("extension") {
                Some(Place::Clinic)
            } else {
                own()
            }
        }
        // In a summary of a stay and a health check, entries are the paper's own.
        _ if matches!(kind, ShareKind::Checkup | ShareKind::Discharge) => own(),
        "Condition" => id_of(resource).map(|id| Place::Diagnosis { id: DiagnosisId(id) }).or_else(own),
        "AllergyIntolerance" => id_of(resource).map(|id| Place::Allergy { id: AllergyId(id) }).or_else(own),
        "Observation" => id_of(resource).map(|id| Place::LabReport { id: LabReportId(id) }).or_else(own),
        _ => own(),
    }
}

/// The report, letter or paper that a document was made from.
fn own(kind: ShareKind, subject: Option<Uuid>) -> Option<Place> {
    let id = subject?;
    match kind {
        ShareKind::Allergies | ShareKind::Diagnoses => None,
        ShareKind::LabReport => Some(Place::LabReport { id: LabReportId(id) }),
        ShareKind::Referral => Some(Place::Letter { id: LetterId(id) }),
        ShareKind::CarePlan | ShareKind::Checkup | ShareKind::Discharge => Some(Place::Paper { id: PaperId(id) }),
    }
}

/// The id of the row that a resource was made from: `1310000001-{uuid}`, for results with the number of the line behind.
pub(super) fn id_of(resource: &Value) -> Option<Uuid> {
    let (_, id) = resource["identifier"][0]["value"].as_str()?.split_once('-')?;
    id.get(..UUID_LENGTH)?.parse().ok()
}

fn is_ours(bundle: &Value, organization: &Value) -> bool {
    let ours = bundle["identifier"]["value"].as_str().and_then(|value| value.split('^').next());
    ours.is_some() && organization["identifier"][0]["value"].as_str() == ours
}

/// The resource of the entry on a path, and the path inside of it.
fn locate<'a>(bundle: &'a Value, path: &'a str) -> Option<(&'a Value, &'a str)> {
    let (index, rest) = path.strip_prefix("Bundle.entry[")?.split_once(']')?;
    let element = rest.strip_prefix(".resource")?.trim_start_matches('.');
    let resource = bundle["entry"].get(index.parse::<usize>().ok()?)?.get("resource")?;
    Some((resource, element))
}

fn nameless_diagnosis(content: &Content) -> Option<Place> {
    let list = match content {
        Content::Diagnoses(list) => list,
        Content::Letter(letter) => &letter.diagnoses,
        _ => return None,
    };
    list.iter().find(|d| d.name.trim().is_empty()).map(|d| Place::Diagnosis { id: d.id })
}

/// The diagnosis that a field names: `diagnoses.{id}`.
fn named_diagnosis(field: &str) -> Option<Place> {
    let (_, id) = field.split_once('.')?;
    Some(Place::Diagnosis { id: DiagnosisId(id.parse().ok()?) })
}

/// The allergy that a message names by its code, else one without a name.
fn bad_allergy(content: &Content, message: &str) -> Option<Place> {
    let list = match content {
        Content::Allergies(list) => list,
        Content::Letter(letter) => &letter.allergies,
        _ => return None,
    };
    let named = |a: &&model::chart::Allergy| message.contains(&format!("「{}」", a.code.as_str()));
    let bad = list.iter().find(named).or_else(|| list.iter().find(|a| a.name.trim().is_empty()));
    bad.map(|a| Place::Allergy { id: a.id })
}

/// A gap's field in the words of the chart.
fn words(field: &str) -> &'static str {
    match field {
        "patient.insurance" => "患者登録: 保険",
        "patient.address" => "患者登録: 住所",
        "patient.name" => "患者登録: 氏名",
        "visit.doctor" => "受診: 担当医",
        "visit.department" => "受診: 診療科",
        "letter.to_number" => "診療情報提供書: 医療機関番号",
        "letter.to_institution" => "診療情報提供書: 紹介先",
        "letter.purpose" => "診療情報提供書: 紹介目的",
        "letter.complaint" => "診療情報提供書: 傷病名・主訴",
        "letter.present_illness" => "診療情報提供書: 現病歴",
        "letter.attachments" => "診療情報提供書: 添付",
        "plan.description" => "療養計画書: 内容",
        "plan.until" => "療養計画書: 終了日",
        _ => match field.split('.').next().unwrap_or_default() {
            "diagnoses" => "傷病名",
            "allergies" => "アレルギー",
            "results" => "検査結果",
            "prescriptions" => "処方",
            "checkup" => "健診結果報告書",
            "discharge" => "退院時サマリー",
            _ => "",
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn an_entry_leads_to_the_row_it_was_made_from() {
        let (condition, report) = (Uuid::from_u128(7), Uuid::from_u128(8));
        let bundle = json!({
            "identifier": { "value": "1310000001^2026^x" },
            "entry": [
                { "resource": { "resourceType": "Patient" } },
                { "resource": { "resourceType": "Condition", "identifier": [{ "value": format!("1310000001-{condition}") }] } },
                { "resource": { "resourceType": "Observation", "identifier": [{ "value": format!("1310000001-{report}-2") }] } },
                { "resource": { "resourceType": "Organization", "identifier": [{ "value": "1310000001" }] } },
                { "resource": { "resourceType": "Organization", "identifier": [{ "value": "1310000002" }] } },
            ],
        });
        let letter = Uuid::from_u128(9);
        let of = |path: &str| place(ShareKind::Referral, Some(letter), &bundle, path);
        assert_eq!(of("Bundle.entry[0].resource.identifier[0].value"), Some(Place::Insurance));
        assert_eq!(of("Bundle.entry[0].resource.address"), Some(Place::Registration));
        assert_eq!(of("Bundle.entry[1].resource.onsetDateTime"), Some(Place::Diagnosis { id: DiagnosisId(condition) }));
        assert_eq!(of("Bundle.entry[1].resource.extension[0]"), Some(Place::Clinic));
        assert_eq!(of("Bundle.entry[2].resource.valueQuantity"), Some(Place::LabReport { id: LabReportId(report) }));
        assert_eq!(of("Bundle.entry[3].resource.name"), Some(Place::Clinic));
        assert_eq!(of("Bundle.entry[4].resource.name"), Some(Place::Letter { id: LetterId(letter) }));
        assert_eq!(of("Bundle.identifier.value"), Some(Place::Clinic));
        assert_eq!(of(""), Some(Place::Letter { id: LetterId(letter) }));
        assert_eq!(place(ShareKind::Diagnoses, None, &bundle, "Bundle.entry[9].resource.code"), None);
    }
}
