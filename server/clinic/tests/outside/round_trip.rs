//! Chart → documents through the stand-in → taken over whole in an empty clinic → the same codes, modifiers, dates, values and
//! texts, compared typed.

use crate::{
    act, stand_in,
    support::{code_of, register, whole_visit},
    view,
};
use clinic::{
    Clinic,
    policy::*,
    testing::{clinic, found},
};
use links::RecordSharing;
use model::{chart::*, ids::*, labs::*, letter::LetterForm, master::MasterKind, outside::*, staff::*};
use rust_decimal::Decimal;
use std::sync::Arc;

/// What of a diagnosis goes over: everything but ids, versions, whose main diagnosis it is and whence it came.
fn diagnosis(d: &Diagnosis) -> Diagnosis {
    let id = DiagnosisId(Default::default());
    Diagnosis { id, principal: false, origin: None, version: 0, ..d.clone() }
}

fn allergy(a: &Allergy) -> Allergy {
    Allergy { id: AllergyId(Default::default()), origin: None, version: 0, ..a.clone() }
}

fn sorted<T>(mut list: Vec<T>, key: impl Fn(&T) -> String) -> Vec<T> {
    list.sort_by_key(key);
    list
}

/// A long history in one chart: modifiers before and behind, suspected, ended in every way, allergens of every kind, every
/// item of the laboratory list as number or words.
async fn fill(clinic: &Clinic, doctor: &Me, patient: PatientId) {
    let masters = clinic.masters();
    let disease = |name: &str| code_of(clinic, MasterKind::Disease, name);
    let modifier = |name: &str| code_of(clinic, MasterKind::Modifier, name);
    let all = [
        ("高血圧症", vec![], "H30.4.2", None),
        ("２型糖尿病", vec![], "2021-05-10", None),
        ("気管支炎", vec![modifier("急性")], "2024-02-03", Some(("2024-02-20", Outcome::Cured))),
        ("胃癌", vec![modifier("の疑い")], "2025-11-01", Some(("2025-12-01", Outcome::Stopped))),
        ("湿疹", vec![modifier("両側"), modifier("慢性"), modifier("の疑い")], "2026-06-01", None),
    ];
    for (name, modifiers, started_on, end) in all {
        let form = DiagnosisForm { code: disease(name), modifiers, started_on: started_on.into(), principal: false };
        let list = act!(clinic, doctor, CodeDiagnosis, diagnoses::add_diagnosis, patient, form).expect("codes");
        let Some((day, outcome)) = end else { continue };
        let one = list.iter().find(|d| d.base_name.contains(name) && d.ended.is_none()).expect("added").clone();
        act!(clinic, doctor, CodeDiagnosis, diagnoses::end_diagnosis, one.id, day.into(), outcome, one.version).expect("ends");
    }
    for (name, severe, reaction) in
        [("ロキソプロフェン", true, "喘息発作"), ("牛乳", false, ""), ("スギ", false, "鼻汁、くしゃみ")]
    {
        let form = AllergyForm { code: code_of(clinic, MasterKind::Allergen, name), severe, reaction: reaction.into() };
        act!(clinic, doctor, RecordAllergy, allergies::add_allergy, patient, form).expect("records");
    }
    for (day, time) in [("2026-05-01", "08:45"), ("2026-07-03", "")] {
        let results = masters.labs().into_iter().zip(1i64..).map(|(item, n)| LabResultForm {
            item: item.local_code.clone(),
            value: item.choices.last().cloned().unwrap_or_else(|| Decimal::new(n * 37 + 5, (n % 3) as u32).to_string()),
            low: if item.choices.is_empty() { "0.5".into() } else { String::new() },
            high: if item.choices.is_empty() && n % 2 == 0 { "30".into() } else { String::new() },
        });
        let report = LabReportForm {
            visit: None,
            collected_on: day.into(),
            collected_time: time.into(),
            results: results.collect(),
            ..LabReportForm::default()
        };
        act!(clinic, doctor, EnterLabs, labs::enter_report, patient, report).expect("enters");
    }
}

#[tokio::test]
async fn a_chart_taken_over_whole_in_an_empty_clinic_is_the_same() {
    let dir = tempfile::tempdir().expect("a directory");
    let sharing = stand_in(dir.path()).await;
    let (clinic, _) = clinic().await;
    let clinic = clinic.with_sharing(sharing.clone());
    let (aoba, minato) = (found(&clinic, "aoba").await, found(&clinic, "minato").await);
    let (doctor, desk) = (aoba.one(Role::Doctor), aoba.one(Role::Reception));
    let at_aoba = register(&clinic, &desk, "ヤマダ", "ハナコ").await;
    fill(&clinic, &doctor, at_aoba).await;
    whole_visit(&clinic, &doctor, &desk, at_aoba).await;
    let begun = act!(clinic, doctor, WriteLetter, letters::new_letter, at_aoba).expect("begins");
    let form = LetterForm {
        to_institution: "minato内科クリニック".into(),
        to_number: "1410000002".into(),
        purpose: "併診のお願い\n（内科）".into(),
        complaint: "膝痛 & 咳 <38℃>".into(),
        present_illness: "1か月前から左膝痛。\n昨日より「咳」。".into(),
        past_history: "胃潰瘍（2010年）".into(),
        findings: "BP 120/70".into(),
        family_history: "父: 糖尿病".into(),
        ..begun.form
    };
    act!(clinic, doctor, WriteLetter, letters::issue_letter, begun.id, form.clone(), begun.version).expect("issues");
    let outbox: Arc<dyn RecordSharing> = sharing.clone();
    for _ in 0..15 {
        clinic::outbox::once(&clinic, &outbox).await.expect("sends");
    }
    let own = act!(clinic, doctor, ReadChart, chart::open_chart, at_aoba).expect("opens");
    assert!(own.shared.iter().all(|d| d.state.label() == "送信済"), "{:#?}", own.shared);

    let there = minato.one(Role::Doctor);
    let at_minato = register(&clinic, &minato.one(Role::Reception), "ヤマダ", "ハナコ").await;
    let cookie = minato.cookie(&clinic, Role::Reception).await;
    clinic.set_consent(Some(&cookie), "test", at_minato, true).await.expect("records");
    clinic::outside::once(&clinic, sharing.as_ref(), true).await.expect("looks");
    let asked = clinic.ask_outside(Some(&cookie), "test", at_minato, Purpose::Referral).await.expect("answers");
    assert!(matches!(asked, Asked::Read { refused: 0, .. }), "{asked:?}");
    for document in view(&clinic, &minato, at_minato).await.documents {
        // The official list names one item in two ways; nothing else is to be said of our own documents.
        assert!(document.notes.iter().all(|note| note.contains("FHIR識別名")), "{document:#?}");
        let new: Vec<u32> = document.entries.iter().filter(|e| e.standing == Standing::New).map(|e| e.index).collect();
        act!(clinic, there, ReadOutside, outside::take_over, at_minato, document.id, new).expect("takes over");
    }

    let taken = act!(clinic, there, ReadChart, chart::open_chart, at_minato).expect("opens");
    let list =
        |chart: &Chart| sorted(chart.diagnoses.iter().map(diagnosis).collect(), |d| format!("{} {}", d.name, d.started_on));
    assert!(own.diagnoses.len() >= 6);
    assert_eq!(list(&taken), list(&own));
    assert!(taken.diagnoses.iter().all(|d| d.origin.as_ref().is_some_and(|o| o.institution == "aoba内科クリニック")));
    let list = |chart: &Chart| sorted(chart.allergies.iter().map(allergy).collect(), |a| a.code.0.clone());
    assert!(own.allergies.len() >= 4);
    assert_eq!(list(&taken), list(&own));
    let list = |chart: &Chart| {
        let all = chart.reports.iter().flat_map(|r| r.results.iter().map(|result| (r.collected_at, result.clone())));
        sorted(all.collect(), |(at, result)| format!("{at} {}", result.local_code))
    };
    assert!(list(&own).len() >= 97, "twice every item and one more: {}", list(&own).len());
    assert_eq!(list(&taken), list(&own));
    assert_eq!(taken.series, own.series);

    // The letter's words, section by section.
    let inbox = act!(clinic, there, SortInbox, outside::inbox).expect("lists");
    let [came] = &inbox.letters[..] else { panic!("{inbox:#?}") };
    let cookie = minato.cookie(&clinic, Role::Doctor).await;
    let page = clinic.incoming(Some(&cookie), "test", came.id).await.expect("opens");
    let words: Vec<&str> = page.document.sections.iter().map(|s| s.text.as_str()).collect();
    for text in [&form.purpose, &form.present_illness, &form.past_history, &form.findings, &form.family_history] {
        assert!(words.contains(&text.as_str()), "{text} in {words:#?}");
    }
    assert!(words.iter().any(|w| w.contains(&form.complaint)), "{words:#?}");

    // Once more there is nothing new.
    let again = view(&clinic, &minato, at_minato).await;
    assert!(again.documents.iter().flat_map(|d| &d.entries).all(|e| e.standing != Standing::New), "{again:#?}");
}
