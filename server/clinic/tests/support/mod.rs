//! What several tests need: acting as a member of staff, a patient, a whole visit.

use clinic::{Clinic, policy::*};
use model::{chart::*, ids::*, insurance::*, labs::*, letter::LetterForm, master::MasterKind, orders::*, patient::*, staff::Me};

/// Does one thing and commits it.
#[macro_export]
macro_rules! act {
    ($clinic:expr, $me:expr, $action:ty, $($use_case:ident)::+ $(, $argument:expr)* $(,)?) => {{
        let mut desk = $clinic.enter_as::<$action>($me.clone()).await.expect("the role may");
        let result = clinic::$($use_case)::+(&mut desk.tenant, &desk.grant $(, $argument)*).await;
        desk.finish(result).await
    }};
}

/// What the desk types for a patient.
pub fn form(family_kana: &str, given_kana: &str) -> PatientForm {
    PatientForm {
        family: "山田".into(),
        given: "花子".into(),
        family_kana: family_kana.into(),
        given_kana: given_kana.into(),
        sex: "female".into(),
        birth_date: "S56.3.2".into(),
        postal_code: "1000001".into(),
        address: "東京都千代田区試験町2-2".into(),
        phone: "03-0000-0002".into(),
        insurance: InsuranceForm {
            insurer: "06130488".into(),
            symbol: "12".into(),
            number: "3456".into(),
            branch: "01".into(),
            relation: "insured".into(),
            share: "30".into(),
            valid_from: "2026-04-01".into(),
            ..Default::default()
        },
        subsidy: SubsidyForm {
            payer: with_check("5413600"),
            recipient: with_check("123456"),
            share: "20".into(),
            monthly_cap: "5000".into(),
            valid_from: "R8.4.1".into(),
            ..Default::default()
        },
    }
}

/// Digits and their check digit.
pub fn with_check(body: &str) -> String {
    format!("{body}{}", model::insurance::check_digit(body).expect("digits"))
}

/// A registered patient.
pub async fn register(clinic: &Clinic, desk: &Me, family_kana: &str, given_kana: &str) -> PatientId {
    match act!(clinic, desk, RegisterPatient, patients::register, form(family_kana, given_kana), true).expect("registers") {
        Registration::Registered { patient, .. } => patient,
        Registration::LikelyDuplicates { .. } => panic!("duplicates were to be ignored"),
    }
}

/// The code of the first hit of a search.
pub fn code_of(clinic: &Clinic, kind: MasterKind, name: &str) -> String {
    let hits = clinic.masters().search(kind, name, clinic.today(), 10, &masters::search::House::nothing());
    let exact = hits.iter().find(|hit| hit.name == name).or(hits.first());
    exact.unwrap_or_else(|| panic!("{name} is not in the starter masters")).code.clone()
}

/// From reception to payment, with everything a visit can hold, and a letter.
pub async fn whole_visit(clinic: &Clinic, doctor: &Me, desk: &Me, patient: PatientId) -> (PatientId, VisitId) {
    let visit = act!(clinic, desk, CheckIn, reception::check_in, patient, String::new()).expect("checks in");
    act!(clinic, doctor, WriteNote, notes::begin_visit, visit.id).expect("begins");
    let soap = Soap { subjective: "膝が痛い。".into(), assessment: "変形性膝関節症".into(), ..Soap::default() };
    let note = act!(clinic, doctor, WriteNote, notes::save_draft, visit.id, soap.clone(), 0).expect("saves");
    let diagnosis = DiagnosisForm {
        code: code_of(clinic, MasterKind::Disease, "変形性膝関節症"),
        modifiers: vec![code_of(clinic, MasterKind::Modifier, "左")],
        started_on: "2026-07-10".into(),
        principal: true,
    };
    act!(clinic, doctor, CodeDiagnosis, diagnoses::add_diagnosis, patient, diagnosis).expect("codes");
    let allergy =
        AllergyForm {
            code: code_of(clinic, MasterKind::Allergen, "くるみ"), severe: true, reaction: "じんましん".into()
        };
    act!(clinic, doctor, RecordAllergy, allergies::add_allergy, patient, allergy).expect("records");
    let item = clinic.masters().labs().into_iter().find(|item| item.fhir_name == "CRP").expect("a core test").local_code.clone();
    let report = LabReportForm {
        visit: Some(visit.id),
        collected_on: "2026-07-10".into(),
        collected_time: "09:30".into(),
        preliminary: false,
        results: vec![LabResultForm { item, value: "0.52".into(), low: "".into(), high: "0.14".into() }],
    };
    act!(clinic, doctor, EnterLabs, labs::enter_report, patient, report).expect("enters");
    let rp = RpForm {
        route: "internal".into(),
        dispensing: "in_house".into(),
        usage: String::new(),
        usage_text: "1日3回 毎食後".into(),
        count: "7".into(),
        items: vec![RpItemForm {
            code: code_of(clinic, MasterKind::Drug, "ロキソプロフェン"),
            amount: "3".into(),
            general_name: false,
        }],
    };
    act!(clinic, doctor, Order, orders::put_rp, visit.id, None, rp).expect("prescribes");
    let procedure = code_of(clinic, MasterKind::Procedure, "ＣＲＰ");
    act!(clinic, doctor, Order, orders::put_procedure, visit.id, None, procedure, "1".into()).expect("orders");
    act!(clinic, doctor, ConfirmNote, notes::confirm, visit.id, soap.clone(), note.version).expect("confirms");
    let confirmed = act!(clinic, doctor, ReadChart, chart::open_chart, patient).expect("opens");
    let version = confirmed.today.as_ref().and_then(|page| page.note.as_ref()).expect("a note").version;
    let amended = Soap { plan: "2週後に再診。".into(), ..soap };
    act!(clinic, doctor, ConfirmNote, notes::amend, visit.id, amended, "計画の書き漏らし".into(), version).expect("amends");
    let bill = act!(clinic, desk, ReadBill, billing::bill, visit.id).expect("bills");
    act!(clinic, desk, TakePayment, billing::take_payment, visit.id, 10_000, bill.visit.version).expect("pays");
    let letter = act!(clinic, doctor, WriteLetter, letters::new_letter, patient).expect("begins a letter");
    let text = LetterForm {
        to_institution: "みなと整形外科".into(),
        to_number: "1310000003".into(),
        purpose: "精査のお願い".into(),
        complaint: "膝痛".into(),
        present_illness: "1か月前から左膝痛。".into(),
        ..letter.form
    };
    act!(clinic, doctor, WriteLetter, letters::issue_letter, letter.id, text, letter.version).expect("issues");
    (patient, visit.id)
}
