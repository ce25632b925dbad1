//! Documents of others, read into typed parts that a chart can take over: diagnoses, allergies, results, drugs, a plan, a
//! stay, a health check, files, and the words of every section.
//!
//! Two answers only. What is broken as FHIR — no JSON, no bundle, no patient, references into nothing, wrong types — is
//! refused whole with the reasons ([`Refusal`]). Everything else is read: unknown codes keep their words, missing parts stay
//! empty, what breaks a profile stands in [`Imported::notes`], resources of kinds we do not know in [`Imported::others`].

mod clinical;
mod documents;
mod drug;
mod parts;

pub use clinical::{FoundAllergy, FoundDiagnosis, FoundResult, FoundValue};
pub use drug::FoundDrug;
/// What a document is.
pub use model::share::ShareKind as Kind;

use crate::{
    domain::{Attachment, CarePlan, Checkup, Stay},
    text::plain,
    uri,
    validate::{Issue, Severity, validate},
};
use chrono::{DateTime, NaiveDate, Utc};
use model::patient::Sex;
use parts::{date, first, identifier, instant, words};
use serde_json::Value;

/// What a bundle claims to be; none where it is nothing we know.
pub fn kind_of(bundle: &Value) -> Option<Kind> {
    let claims = bundle["meta"]["profile"].as_array().into_iter().flatten().filter_map(Value::as_str);
    claims.map(|p| p.split('|').next().unwrap_or(p)).find_map(|profile| match profile {
        uri::BUNDLE_EREFERRAL => Some(Kind::Referral),
        uri::BUNDLE_EDISCHARGE => Some(Kind::Discharge),
        uri::BUNDLE_EPCS => Some(Kind::CarePlan),
        uri::BUNDLE_ECHECKUP => Some(Kind::Checkup),
        uri::BUNDLE_CLINS => {
            let tags = bundle["meta"]["tag"].as_array().into_iter().flatten();
            match tags.filter(|t| t["system"] == uri::BUNDLE_RESOURCE_TYPE).find_map(|t| t["code"].as_str())? {
                "AllergyIntolerance" => Some(Kind::Allergies),
                "Condition" => Some(Kind::Diagnoses),
                "Observation" => Some(Kind::LabReport),
                _ => None,
            }
        }
        _ => None,
    })
}

/// Whom a document is about, as it says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FoundPatient {
    /// Insured person's identifier, of whichever system; may be empty.
    pub member_id: String,
    /// Name in kanji, else whatever name there is.
    pub name: String,
    /// Name in kana, may be empty.
    pub kana: String,
    /// Sex, where it is one of the two that cards know.
    pub sex: Option<Sex>,
    /// Birth date.
    pub birth_date: Option<NaiveDate>,
    /// Address in one line, may be empty.
    pub address: String,
}

/// Who made a document.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sender {
    /// Ten-digit institution number, from the bundle's identifier; may be empty.
    pub number: String,
    /// Name of the institution, may be empty.
    pub name: String,
    /// Department, may be empty.
    pub department: String,
    /// Doctor, may be empty.
    pub doctor: String,
}

/// A section in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundSection {
    /// Its code, e.g. `950`; may be empty.
    pub code: String,
    /// Its title.
    pub title: String,
    /// Its words; line breaks are kept.
    pub text: String,
    /// How deep it stands, 0 for the outermost.
    pub depth: usize,
}

/// A document read.
#[derive(Debug, Clone)]
pub struct Imported {
    /// What it is; none where it claims nothing we know.
    pub kind: Option<Kind>,
    /// Identifier of the bundle; the same identifier again means a replacement.
    pub identifier: String,
    /// Who made it.
    pub sender: Sender,
    /// To whom a letter is addressed (紹介先情報): ten-digit institution number, which may be empty, and name.
    pub addressee: Option<(String, String)>,
    /// The letter that this one answers (返書): the identifier of its bundle.
    pub answers: Option<String>,
    /// When it was made.
    pub made_at: Option<DateTime<Utc>>,
    /// Whom it is about.
    pub patient: FoundPatient,
    /// Sections in their order, outer before inner.
    pub sections: Vec<FoundSection>,
    /// Diagnoses.
    pub diagnoses: Vec<FoundDiagnosis>,
    /// Allergies.
    pub allergies: Vec<FoundAllergy>,
    /// Laboratory results.
    pub results: Vec<FoundResult>,
    /// Drugs.
    pub drugs: Vec<FoundDrug>,
    /// The plan of a patient summary.
    pub plan: Option<CarePlan>,
    /// The stay of a discharge summary.
    pub stay: Option<Stay>,
    /// The health check.
    pub checkup: Option<Checkup>,
    /// Files that came along.
    pub files: Vec<Attachment>,
    /// Resources that are kept but not read: kind and a word about each.
    pub others: Vec<String>,
    /// What breaks a profile; it was read all the same.
    pub notes: Vec<Issue>,
}

impl Imported {
    /// Words of the first section with a code.
    pub fn section(&self, code: &str) -> Option<&str> {
        self.sections.iter().find(|s| s.code == code).map(|s| s.text.as_str())
    }
}

/// Why a document is refused whole.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", .reasons.join("\n"))]
pub struct Refusal {
    /// One reason each, in Japanese.
    pub reasons: Vec<String>,
}

impl Refusal {
    fn because(reason: impl Into<String>) -> Self {
        Self { reasons: vec![reason.into()] }
    }
}

/// Reads a document as it arrived.
///
/// # Errors
/// [`Refusal`] with every reason where it is no JSON, no bundle, or broken as FHIR.
pub fn receive(bytes: &[u8]) -> Result<Imported, Refusal> {
    let text = std::str::from_utf8(bytes).map_err(|_| Refusal::because("UTF-8の文書ではありません。"))?;
    let document = serde_json::from_str(text.trim_start_matches('\u{feff}'))
        .map_err(|e| Refusal::because(format!("JSONとして読めません（{}行{}桁）。", e.line(), e.column())))?;
    document_of(&document)
}

/// Reads a document.
///
/// # Errors
/// [`Refusal`] with every reason where it is no bundle or broken as FHIR.
pub fn document_of(bundle: &Value) -> Result<Imported, Refusal> {
    if bundle["resourceType"] != "Bundle" {
        return Err(Refusal::because("FHIRのBundleではありません。"));
    }
    let resources: Vec<&Value> = bundle["entry"].as_array().into_iter().flatten().map(|e| &e["resource"]).collect();
    let of = |kind: &str| resources.iter().copied().filter(|r| r["resourceType"] == kind).collect::<Vec<_>>();
    let (broken, notes): (Vec<Issue>, Vec<Issue>) = validate(bundle).into_iter().partition(is_broken);
    let mut reasons: Vec<String> = broken.iter().map(|i| format!("{}: {} [{}]", i.path, i.message_ja, i.rule)).collect();
    let patients = of("Patient");
    if patients.len() != 1 {
        reasons.push(format!("患者（Patient）が1人ではありません（{}人）。", patients.len()));
    }
    if bundle["type"] == "document" && of("Composition").is_empty() {
        reasons.push("文書の構成（Composition）がありません。".into());
    }
    let ([patient], true) = (patients.as_slice(), reasons.is_empty()) else { return Err(Refusal { reasons }) };

    let compositions = of("Composition");
    let mut sections = Vec::new();
    if let Some(composition) = compositions.first() {
        gather(&composition["section"], 0, &mut sections);
    }
    let kind = kind_of(bundle);
    let is_checkup = kind == Some(Kind::Checkup);
    let observations = of("Observation");
    Ok(Imported {
        kind,
        identifier: words(&bundle["identifier"]["value"]),
        sender: sender(bundle, &of("Organization"), &of("Practitioner"), &resources),
        addressee: documents::addressee(bundle),
        answers: compositions.first().and_then(|c| documents::answers(c)),
        made_at: instant(&bundle["timestamp"]).or_else(|| instant(&bundle["meta"]["lastUpdated"])),
        patient: whom(patient),
        sections,
        diagnoses: of("Condition").into_iter().map(clinical::diagnosis).collect(),
        allergies: of("AllergyIntolerance").into_iter().map(clinical::allergy).collect(),
        results: if is_checkup { Vec::new() } else { observations.iter().map(|r| clinical::result(r)).collect() },
        drugs: of("MedicationRequest").into_iter().map(drug::read).collect(),
        plan: of("CarePlan").first().and_then(|r| documents::plan(r)),
        stay: of("Encounter").into_iter().find_map(documents::stay),
        checkup: is_checkup.then(|| documents::checkup(bundle, &resources)).flatten(),
        files: of("DocumentReference").into_iter().flat_map(documents::files).collect(),
        others: resources.iter().filter_map(|r| other(r)).collect(),
        notes: notes.into_iter().filter(|i| i.severity != Severity::Information).collect(),
    })
}

/// An error of FHIR itself rather than of a profile: types, structure, references into nothing. That a coded value of FHIR's
/// own lists is unknown, or an advice is not followed, breaks nothing.
fn is_broken(issue: &Issue) -> bool {
    let own =
        issue.rule.starts_with("FHIR R4") || issue.rule.starts_with("bdl-") || issue.rule == "ref-1" || issue.rule == "ele-1";
    issue.severity == Severity::Error
        && own
        && !matches!(issue.code.as_str(), "code-invalid" | "business-rule")
        && issue.rule != "FHIR R4 Documents"
}

fn gather(list: &Value, depth: usize, out: &mut Vec<FoundSection>) {
    for section in list.as_array().into_iter().flatten() {
        out.push(FoundSection {
            code: words(&section["code"]["coding"][0]["code"]),
            title: words(&section["title"]),
            text: section["text"]["div"].as_str().map(plain).unwrap_or_default(),
            depth,
        });
        gather(&section["section"], depth + 1, out);
    }
}

fn whom(patient: &Value) -> FoundPatient {
    let names = || patient["name"].as_array().into_iter().flatten();
    let represented = |name: &Value, code: &str| {
        let list = name["extension"].as_array().into_iter().flatten();
        list.clone().any(|e| e["url"] == uri::EXT_NAME_REPRESENTATION && e["valueCode"] == code)
    };
    let told = |name: &Value| {
        let text = words(&name["text"]);
        if text.is_empty() { format!("{} {}", words(&name["family"]), words(&name["given"][0])).trim().to_owned() } else { text }
    };
    let of = |code: &str| names().find(|name| represented(name, code)).map(told);
    FoundPatient {
        member_id: crate::read::member_id(patient),
        name: of("IDE").or_else(|| names().next().map(told)).unwrap_or_default(),
        kana: of("SYL").unwrap_or_default(),
        sex: match patient["gender"].as_str() {
            Some("male") => Some(Sex::Male),
            Some("female") => Some(Sex::Female),
            _ => None,
        },
        birth_date: date(&patient["birthDate"]),
        address: words(&patient["address"][0]["text"]),
    }
}

fn sender(bundle: &Value, houses: &[&Value], doctors: &[&Value], resources: &[&Value]) -> Sender {
    let number = words(&bundle["identifier"]["value"]).split('^').next().unwrap_or_default().to_owned();
    let house = houses.iter().copied().find(|o| identifier(o, uri::INSTITUTION_NUMBER) == number).or(houses.first().copied());
    let department = |r: &Value| {
        let list = r["extension"].as_array().into_iter().flatten();
        let found = list.clone().find(|e| e["url"] == uri::EXT_DEPARTMENT);
        found.map(|e| parts::concept(&e["valueCodeableConcept"])).unwrap_or_default()
    };
    let authors = resources.iter().flat_map(|r| r["author"].as_array().into_iter().flatten());
    let by = |reference: &Value| {
        let entries = bundle["entry"].as_array().into_iter().flatten();
        entries.clone().find(|e| e["fullUrl"] == reference["reference"]).map(|e| &e["resource"])
    };
    let author = authors.filter_map(by).find(|r| r["resourceType"] == "Practitioner");
    // In a bundle of one kind the doctor stands inside of each resource.
    let inside = resources.iter().flat_map(|r| r["contained"].as_array().into_iter().flatten());
    let mut inside = inside.filter(|r| r["resourceType"] == "Practitioner");
    let doctor = author.or(doctors.first().copied()).or_else(|| inside.next());
    Sender {
        number,
        name: house.map(|o| words(&o["name"])).unwrap_or_default(),
        department: house
            .map(department)
            .filter(|d| !d.is_empty())
            .or_else(|| resources.iter().map(|r| department(r)).find(|d| !d.is_empty()))
            .unwrap_or_default(),
        doctor: doctor.map(|d| first(&d["name"], "text")).unwrap_or_default(),
    }
}

/// A word about a resource that is not read.
fn other(resource: &Value) -> Option<String> {
    let kind = resource["resourceType"].as_str()?;
    let known = [
        "Composition",
        "Patient",
        "Practitioner",
        "PractitionerRole",
        "Organization",
        "Encounter",
        "Condition",
        "AllergyIntolerance",
        "Observation",
        "MedicationRequest",
        "CarePlan",
        "DocumentReference",
        "Coverage",
    ];
    (!known.contains(&kind)).then(|| {
        let about = [&resource["code"], &resource["vaccineCode"], &resource["type"]].map(parts::concept);
        let about = about.into_iter().find(|words| !words.is_empty()).unwrap_or_default();
        format!("{kind} {about}").trim_end().to_owned()
    })
}
