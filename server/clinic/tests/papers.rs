//! 療養計画書, 健診結果報告書, 退院時サマリー: filled from the chart, issued, and on their way as documents that our validator takes.

use chrono::{Days, NaiveDate};
use clinic::{
    Clinic,
    policy::*,
    testing::{Founded, clinic, found},
};
use fhir::{Version, import, validate};
use model::{
    AppError, Flaw,
    chart::{Diagnosis, DiagnosisForm},
    ids::*,
    insurance::{InsuranceForm, SubsidyForm},
    labs::{LabReportForm, LabResultForm},
    master::MasterKind,
    paper::{
        items::{Answer, ITEMS, Need},
        *,
    },
    patient::{PatientForm, Registration},
    share::{Place, ShareKind, ShareState},
    staff::{Me, Role, StaffRef},
};
use proptest::prelude::*;
use serde_json::Value;
use sqlx::types::Json;
use std::collections::BTreeSet;
use uuid::Uuid;

mod support;
use support::{code_of, register, whole_visit};

/// A clinic with a patient who was here today.
struct House {
    clinic: Clinic,
    at: Founded,
    doctor: Me,
    patient: PatientId,
    profiles: Version,
}

impl House {
    async fn new() -> Self {
        Self::with(Version::default()).await
    }

    /// One that sends by a version of the profiles.
    async fn with(profiles: Version) -> Self {
        let clinic = clinic().await.0.with_profiles(profiles);
        let at = found(&clinic, "aoba").await;
        let (doctor, desk) = (at.one(Role::Doctor), at.one(Role::Reception));
        let patient = register(&clinic, &desk, "ヤマダ", "ハナコ").await;
        whole_visit(&clinic, &doctor, &desk, patient).await;
        Self { clinic, at, doctor, patient, profiles }
    }

    async fn begin(&self, kind: ShareKind) -> Paper {
        act!(self.clinic, self.doctor, WritePaper, papers::new_paper, self.patient, kind).expect("begins")
    }

    async fn issue(&self, paper: &Paper, form: PaperForm) -> Result<Paper, AppError> {
        act!(self.clinic, self.doctor, WritePaper, papers::issue_paper, paper.id, form, paper.version)
    }

    async fn page(&self, paper: PaperId) -> PaperPage {
        act!(self.clinic, self.doctor, ReadChart, papers::paper, paper).expect("reads")
    }

    /// The document of a paper as it lies in the outbox.
    async fn bundle(&self, paper: PaperId, kind: ShareKind) -> Value {
        let mut tx = self.inside().await;
        let (state, Json(bundle)): (String, Json<Value>) = sqlx::query_as(
            "select state, bundle from outbox where clinic_id = current_clinic() and subject_id = $1 and kind = $2
             and action = 'register' order by sequence desc limit 1",
        )
        .bind(paper.0)
        .bind(kind.as_str())
        .fetch_one(&mut *tx)
        .await
        .expect("lies in the outbox");
        assert_eq!(state, "waiting", "nothing stands in its way");
        for version in [Version::V1_5_2, Version::V1_11] {
            // The sections of a discharge summary have the codes of the version it was built for.
            if kind == ShareKind::Discharge && version != self.profiles {
                continue;
            }
            let issues = validate::validate_as(&bundle, version);
            assert!(validate::acceptable(&issues), "{version:?}: {issues:#?}");
        }
        bundle
    }

    async fn inside(&self) -> sqlx::Transaction<'static, sqlx::Postgres> {
        let mut tx = self.clinic.pool().begin().await.expect("begins");
        sqlx::query("select set_config('app.clinic_id', $1, true)")
            .bind(self.doctor.clinic.to_string())
            .execute(&mut *tx)
            .await
            .expect("sets");
        tx
    }

    /// What the audit trail says of papers, oldest first.
    async fn trail(&self) -> Vec<String> {
        let mut tx = self.inside().await;
        sqlx::query_scalar(
            "select action from audit where clinic_id = current_clinic() and action like 'paper.%' order by at, ctid",
        )
        .fetch_all(&mut *tx)
        .await
        .expect("reads")
    }
}

fn flawed(answer: &Result<Paper, AppError>) -> BTreeSet<&str> {
    match answer {
        Err(AppError::Invalid { fields }) => fields.iter().map(|flaw| flaw.field.as_str()).collect(),
        other => panic!("flaws were to be named: {other:?}"),
    }
}

#[tokio::test]
async fn a_plan_of_care_is_filled_from_the_chart_issued_and_sent() {
    let house = House::new().await;
    let paper = house.begin(ShareKind::CarePlan).await;
    let PaperForm::CarePlan(form) = &paper.form else { panic!("{paper:?}") };
    assert_eq!(form.from, "2026-07-10");
    assert!(form.medication.contains("ロキソプロフェン") && form.medication.contains("1日3回 毎食後"), "{}", form.medication);
    let page = house.page(paper.id).await;
    assert_eq!(
        page.content.diagnoses_of(&form.diagnoses).iter().map(|d| d.name.as_str()).collect::<Vec<_>>(),
        ["左変形性膝関節症"]
    );
    assert_eq!(house.begin(ShareKind::CarePlan).await.id, paper.id, "pressing the button twice makes one paper");

    let blank = PaperForm::CarePlan(CarePlanForm { until: "2026-07-09".into(), diagnoses: Vec::new(), ..form.clone() });
    assert_eq!(flawed(&house.issue(&paper, blank).await), BTreeSet::from(["diagnoses", "goal", "until"]));
    let stranger =
        CarePlanForm { diagnoses: vec![DiagnosisId(Uuid::from_u128(7))], goal: "痛みを減らす".into(), ..form.clone() };
    assert_eq!(flawed(&house.issue(&paper, PaperForm::CarePlan(stranger)).await), BTreeSet::from(["diagnoses"]));

    let whole = CarePlanForm {
        goal: "3か月で痛みなく階段を上る。".into(),
        exercise: "大腿四頭筋の体操を1日2回。".into(),
        until: "2026-10-09".into(),
        ..form.clone()
    };
    let saved = act!(
        house.clinic,
        house.doctor,
        WritePaper,
        papers::save_paper,
        paper.id,
        PaperForm::CarePlan(whole.clone()),
        paper.version
    )
    .expect("saves");
    let stale = act!(house.clinic, house.doctor, WritePaper, papers::save_paper, paper.id, paper.form.clone(), paper.version);
    assert!(matches!(&stale, Err(AppError::Stale { theirs, .. }) if theirs.contains("体操")), "{stale:?}");
    let issued = house.issue(&saved, PaperForm::CarePlan(whole.clone())).await.expect("issues");
    assert!(issued.issued_at.is_some());

    let bundle = house.bundle(paper.id, ShareKind::CarePlan).await;
    assert!(bundle["identifier"]["value"].as_str().is_some_and(|id| id.ends_with(&paper.id.to_string())));
    let read = import::document_of(&bundle).expect("reads back");
    let plan = read.plan.expect("a plan");
    // The character rules of documents have no wide space (JP-CLINS 2.2 文字).
    assert_eq!(plan.description, whole.description().replace('\u{3000}', " "));
    assert_eq!((plan.from.to_string(), plan.until.map(|day| day.to_string())), ("2026-07-10".into(), Some("2026-10-09".into())));
    assert_eq!(read.diagnoses.iter().map(|d| d.name.as_str()).collect::<Vec<_>>(), ["左変形性膝関節症"]);
    assert!(read.sender.doctor.contains("試験"), "{:?}", read.sender);

    // It stands: what the chart says later changes nothing.
    let chart = act!(house.clinic, house.doctor, ReadChart, chart::open_chart, house.patient).expect("opens");
    assert!(
        matches!(chart.papers.as_slice(), [one] if one.title == "療養計画書 2026-07-10〜2026-10-09"
        && matches!(one.share, Some(ShareState::Waiting { .. }))),
        "{:?}",
        chart.papers
    );
    let diagnosis = &chart.diagnoses[0];
    act!(
        house.clinic,
        house.doctor,
        CodeDiagnosis,
        diagnoses::end_diagnosis,
        diagnosis.id,
        "2026-07-10".into(),
        model::chart::Outcome::Cured,
        diagnosis.version
    )
    .expect("ends");
    let page = house.page(paper.id).await;
    assert!(page.content.diagnoses.iter().all(|d| d.ended.is_none()) && page.content.diagnoses.len() == 1);
    for refused in [
        house.issue(&issued, PaperForm::CarePlan(whole.clone())).await.err(),
        act!(house.clinic, house.doctor, WritePaper, papers::discard_paper, paper.id, issued.version).err(),
    ] {
        assert!(matches!(refused, Some(AppError::Conflict { .. })), "{refused:?}");
    }
    assert_eq!(house.trail().await, ["paper.begin", "paper.read", "paper.issue", "paper.read"]);
}

#[tokio::test]
async fn a_flagged_diagnosis_never_stands_in_a_plan() {
    let house = House::new().await;
    let code = code_of(&house.clinic, MasterKind::Disease, "高血圧症");
    let form = DiagnosisForm { code, modifiers: Vec::new(), started_on: "2026-07-01".into(), principal: false };
    let all: Vec<Diagnosis> =
        act!(house.clinic, house.doctor, CodeDiagnosis, diagnoses::add_diagnosis, house.patient, form).expect("codes");
    let secret = all.iter().find(|d| d.name == "高血圧症").expect("coded").id;
    let mut tx = house.inside().await;
    sqlx::query("update diagnosis set uninformed = true where clinic_id = current_clinic() and id = $1")
        .bind(secret.0)
        .execute(&mut *tx)
        .await
        .expect("flags");
    tx.commit().await.expect("commits");
    let paper = house.begin(ShareKind::CarePlan).await;
    assert!(!paper.form.diagnoses().contains(&secret));
    let page = house.page(paper.id).await;
    assert!(page.content.diagnoses.iter().all(|d| d.id != secret));
    let PaperForm::CarePlan(form) = paper.form.clone() else { panic!("{paper:?}") };
    let sly = CarePlanForm { diagnoses: vec![secret], goal: "減塩".into(), ..form };
    assert_eq!(flawed(&house.issue(&paper, PaperForm::CarePlan(sly)).await), BTreeSet::from(["diagnoses"]));
}

/// An answer that fits an item.
fn some_answer(item: &items::Item) -> String {
    match item.answer {
        Answer::Number { .. } => "3".into(),
        Answer::Choice(list) => list.options[0].0.into(),
        Answer::Words => "異常なし".into(),
    }
}

#[tokio::test]
async fn a_health_check_takes_the_results_of_the_chart_and_names_what_is_missing() {
    let house = House::new().await;
    let lab =
        |item: &str, value: &str| LabResultForm { item: item.into(), value: value.into(), low: "".into(), high: "40".into() };
    let report = LabReportForm {
        collected_on: "2026-07-08".into(),
        collected_time: "09:00".into(),
        results: vec![lab("AST", "32"), lab("HbA1c-NGSP", "5.6"), lab("TG", "120"), lab("HDL-C", "55")],
        ..LabReportForm::default()
    };
    act!(house.clinic, house.doctor, EnterLabs, labs::enter_report, house.patient, report).expect("enters");
    let paper = house.begin(ShareKind::Checkup).await;
    let PaperForm::Checkup(form) = paper.form.clone() else { panic!("{paper:?}") };
    assert_eq!((form.programme, form.done_on.as_str(), form.insurer.as_str()), (Programme::Specific, "2026-07-10", "06130488"));
    let said = |label: &str| {
        let item = ITEMS.iter().find(|item| item.label == label).expect("an item");
        form.answer(item.key())
    };
    assert_eq!((said("AST(GOT)").value.as_str(), said("AST(GOT)").high.as_str()), ("32", "40"));
    assert_eq!(said("HbA1c(NGSP値)").value, "5.6");
    assert!(said("空腹時中性脂肪").is_blank() && said("随時中性脂肪").is_blank(), "nobody said whether it was fasting");

    let missing = house.issue(&paper, PaperForm::Checkup(form.clone())).await;
    let named = flawed(&missing);
    assert!(named.contains("answers.9N001000000000001") && named.len() > 15, "{named:?}");
    assert!(!named.iter().any(|field| field.contains("3B035")), "AST is there");

    for programme in Programme::ALL {
        let paper = if programme == Programme::Specific { paper.clone() } else { house.begin(ShareKind::Checkup).await };
        let mut whole =
            CheckupForm { programme, ticket: "24100000123".into(), ticket_until: "2027-03-31".into(), ..form.clone() };
        for item in programme.items().filter(|item| programme.need(item) == Need::Basic) {
            if whole.answer(item.key()).is_blank() {
                whole.put(item.key(), |answer| answer.value = some_answer(item));
            }
        }
        let chest = ITEMS.iter().find(|item| item.label.starts_with("既往歴")).expect("an item");
        whole.put(chest.key(), |answer| {
            answer.value = "1".into();
            answer.detail = "ヘルニア".into();
        });
        let other = ITEMS.iter().find(|item| item.label == "他覚症状").expect("an item");
        whole.put(other.key(), |answer| {
            *answer = CheckupAnswer { undone: "診察を希望されない".into(), ..Default::default() }
        });
        house.issue(&paper, PaperForm::Checkup(whole.clone())).await.expect("issues");
        let bundle = house.bundle(paper.id, ShareKind::Checkup).await;
        let read = import::document_of(&bundle).expect("reads back").checkup.expect("a check");
        assert_eq!(read.done_on.to_string(), "2026-07-10");
        // Every answer, and who did the check.
        assert_eq!(read.items.len(), whole.answered().len() + 1, "{programme:?}");
        let of = |code: &str| read.items.iter().find(|item| item.code == code).expect("stands there");
        assert_eq!(of(chest.key()).detail.as_ref().map(|(_, _, words)| words.as_str()), Some("ヘルニア"));
        assert!(matches!(&of(other.key()).value, fhir::domain::CheckupValue::Missing(why) if why == "診察を希望されない"));
        assert!(matches!(&of("9N516000000000049").value, fhir::domain::CheckupValue::Words(name) if name.contains("試験")));
    }
    // The next one shows what this one said.
    let next = house.begin(ShareKind::Checkup).await;
    let mut later = form.clone();
    later.done_on = "2026-07-11".into();
    let saved =
        act!(house.clinic, house.doctor, WritePaper, papers::save_paper, next.id, PaperForm::Checkup(later), next.version);
    let page = house.page(saved.expect("saves").id).await;
    assert_eq!(page.content.previous.get("9N001000000000001").map(String::as_str), Some("2026-07-10: 3 cm"));
}

fn stay_of(page: &PaperPage) -> DischargeForm {
    let ids: Vec<DiagnosisId> = page.content.diagnoses.iter().map(|d| d.id).collect();
    DischargeForm {
        admitted_on: "2026-07-01".into(),
        admitted_time: "10:00".into(),
        discharged_on: "2026-07-10".into(),
        admission: "1".into(),
        disposition: "1".into(),
        diagnoses_in: ids.clone(),
        diagnoses_out: ids,
        drugs_out: page.content.prescriptions.iter().map(|p| p.rp.id).collect(),
        reason: "膝痛の精査".into(),
        complaint: "膝痛".into(),
        present_illness: "1か月前から。".into(),
        course: "安静と投薬。\n経過良好。".into(),
        instructions: "2週間後に外来。".into(),
        family_history: "特記なし".into(),
        ..DischargeForm::default()
    }
}

#[tokio::test]
async fn a_discharge_summary_goes_out_and_begins_the_next_house_s_own() {
    let house = House::new().await;
    let paper = house.begin(ShareKind::Discharge).await;
    assert_eq!(paper.form, PaperForm::Discharge(DischargeForm::default()), "nothing is invented");
    let missing = house.issue(&paper, paper.form.clone()).await;
    assert_eq!(
        flawed(&missing),
        BTreeSet::from([
            "admitted_on",
            "discharged_on",
            "disposition",
            "diagnoses_in",
            "diagnoses_out",
            "reason",
            "complaint",
            "present_illness",
            "course",
            "instructions"
        ])
    );
    let form = stay_of(&house.page(paper.id).await);
    assert!(!form.drugs_out.is_empty());
    house.issue(&paper, PaperForm::Discharge(form.clone())).await.expect("issues");
    let bundle = house.bundle(paper.id, ShareKind::Discharge).await;
    let read = import::document_of(&bundle).expect("reads back");
    assert_eq!(read.stay.as_ref().map(|stay| stay.disposition.code().0), Some("1"));
    assert!(!read.results.is_empty() && !read.drugs.is_empty() && !read.allergies.is_empty(), "what the stay had goes along");

    // The other house: it was received there, with consent.
    let there = found(&house.clinic, "minato").await;
    let (doctor, desk) = (there.one(Role::Doctor), there.one(Role::Reception));
    let patient = register(&house.clinic, &desk, "ヤマダ", "ハナコ").await;
    let other = House { clinic: house.clinic.clone(), at: there, doctor, patient, profiles: house.profiles };
    let received = Uuid::from_u128(0x0192_0000_0000_7000_8000_0000_0000_0000);
    let mut tx = other.inside().await;
    sqlx::query(
        "insert into received (clinic_id, id, patient_id, receipt, kind, institution, about, made_on, shared_at, fetched_at, content)
         values (current_clinic(), $1, $2, 'R-1', 'discharge', 'aoba内科クリニック', '{}', '2026-07-10', now(), now(), $3)",
    )
    .bind(received)
    .bind(patient.0)
    .bind(serde_json::to_vec(&bundle).expect("writes"))
    .execute(&mut *tx)
    .await
    .expect("receives");
    tx.commit().await.expect("commits");
    let without = other.begin(ShareKind::Discharge).await;
    assert_eq!(without.form, PaperForm::Discharge(DischargeForm::default()), "without consent nothing is read");
    act!(other.clinic, other.doctor, WritePaper, papers::discard_paper, without.id, without.version).expect("discards");
    act!(other.clinic, desk, RecordConsent, patients::set_consent, patient, true).expect("consents");

    let begun = other.begin(ShareKind::Discharge).await;
    let PaperForm::Discharge(filled) = begun.form.clone() else { panic!("{begun:?}") };
    let same = DischargeForm {
        source: Some(ReceivedId(received)),
        diagnoses_in: filled.diagnoses_in.clone(),
        diagnoses_out: filled.diagnoses_out.clone(),
        drugs_out: filled.drugs_out.clone(),
        ..form
    };
    assert_eq!(filled, same);
    let page = other.page(begun.id).await;
    assert!(page.content.source.starts_with("aoba内科クリニックの退院時サマリー（2026-07-10）"), "{}", page.content.source);
    assert_eq!(page.content.diagnoses_of(&filled.diagnoses_out)[0].name, "左変形性膝関節症");
    assert!(!filled.drugs_out.is_empty());
    let hijacked = DischargeForm { source: None, ..filled.clone() };
    assert_eq!(flawed(&other.issue(&begun, PaperForm::Discharge(hijacked)).await), BTreeSet::from(["source"]));
    other.issue(&begun, PaperForm::Discharge(filled.clone())).await.expect("issues");
    let again = import::document_of(&other.bundle(begun.id, ShareKind::Discharge).await).expect("reads back");
    assert_eq!(again.section("333"), read.section("333"));
    let names =
        |list: &[import::FoundDiagnosis]| list.iter().map(|d| (d.name.clone(), d.management.clone())).collect::<BTreeSet<_>>();
    assert_eq!(names(&again.diagnoses), names(&read.diagnoses));
    assert_eq!(again.drugs[0].words, read.drugs[0].words);
    assert_eq!(other.trail().await.last().map(String::as_str), Some("paper.issue"));
}

#[tokio::test]
async fn one_that_was_taken_back_is_written_anew_from_itself() {
    let house = House::new().await;
    let paper = house.begin(ShareKind::CarePlan).await;
    let PaperForm::CarePlan(form) = paper.form.clone() else { panic!("{paper:?}") };
    let refused = act!(house.clinic, house.doctor, WritePaper, papers::rewrite_paper, paper.id);
    assert!(matches!(refused, Err(AppError::Conflict { .. })));
    let form = PaperForm::CarePlan(CarePlanForm { goal: "減量".into(), ..form });
    house.issue(&paper, form.clone()).await.expect("issues");
    let document = house.page(paper.id).await.paper.document.expect("a document");
    act!(house.clinic, house.doctor, Share, sharing::withdraw, document).expect("takes it back");
    let after = house.page(paper.id).await.paper.share;
    assert!(!matches!(after, Some(ShareState::Waiting { .. } | ShareState::Sent { .. })), "{after:?}");
    let anew = act!(house.clinic, house.doctor, WritePaper, papers::rewrite_paper, paper.id).expect("begins anew");
    assert!(anew.id != paper.id && anew.issued_at.is_none() && anew.form == form);
    house.issue(&anew, form).await.expect("issues");
    house.bundle(anew.id, ShareKind::CarePlan).await;
}

#[tokio::test]
async fn what_a_draft_cannot_hold_is_refused() {
    let house = House::new().await;
    let paper = house.begin(ShareKind::Checkup).await;
    let save =
        async |form: PaperForm| act!(house.clinic, house.doctor, WritePaper, papers::save_paper, paper.id, form, paper.version);
    let answers = |key: &str, value: &str| {
        let mut form = CheckupForm::default();
        form.answers.insert(key.into(), CheckupAnswer { value: value.into(), ..Default::default() });
        PaperForm::Checkup(form)
    };
    assert_eq!(flawed(&save(answers("nothing", "1")).await), BTreeSet::from(["answers.nothing"]));
    assert_eq!(
        flawed(&save(answers("9N511000000000049", &"長".repeat(10_001))).await),
        BTreeSet::from(["answers.9N511000000000049"])
    );
    assert_eq!(flawed(&save(answers("9N511000000000049", "\0")).await), BTreeSet::from(["answers.9N511000000000049"]));
    assert_eq!(flawed(&save(PaperForm::CarePlan(CarePlanForm::default())).await), BTreeSet::from(["kind"]));
    let none = act!(house.clinic, house.doctor, WritePaper, papers::new_paper, house.patient, ShareKind::Referral);
    assert_eq!(none.err(), Some(AppError::field("kind", Flaw::NotAChoice)));
    save(answers("9N001000000000001", "まだ途中")).await.expect("a draft may say anything");
}

#[tokio::test]
async fn other_clinics_see_nothing() {
    let house = House::new().await;
    let paper = house.begin(ShareKind::CarePlan).await;
    let there = found(&house.clinic, "minato").await.one(Role::Doctor);
    let clinic = &house.clinic;
    let not_found = Some(AppError::NotFound);
    assert_eq!(act!(clinic, there, ReadChart, papers::paper, paper.id).err(), not_found);
    assert_eq!(act!(clinic, there, WritePaper, papers::new_paper, house.patient, ShareKind::CarePlan).err(), not_found);
    assert_eq!(act!(clinic, there, WritePaper, papers::save_paper, paper.id, paper.form.clone(), paper.version).err(), not_found);
    assert_eq!(
        act!(clinic, there, WritePaper, papers::issue_paper, paper.id, paper.form.clone(), paper.version).err(),
        not_found
    );
    assert_eq!(act!(clinic, there, WritePaper, papers::discard_paper, paper.id, paper.version).err(), not_found);
    assert_eq!(act!(clinic, there, WritePaper, papers::rewrite_paper, paper.id).err(), not_found);
    for role in [Role::Nurse, Role::Reception, Role::Administrator] {
        let me = house.at.one(role);
        assert!(house.clinic.enter_as::<WritePaper>(me).await.is_err(), "{role:?} may not write");
    }
    act!(house.clinic, house.doctor, WritePaper, papers::discard_paper, paper.id, paper.version).expect("discards");
    assert_eq!(house.trail().await, ["paper.begin", "paper.discard"]);
}

#[tokio::test]
async fn a_stay_is_told_by_the_later_profiles_too() {
    let house = House::with(Version::V1_11).await;
    let paper = house.begin(ShareKind::Discharge).await;
    let form = stay_of(&house.page(paper.id).await);
    house.issue(&paper, PaperForm::Discharge(form)).await.expect("issues");
    let read = import::document_of(&house.bundle(paper.id, ShareKind::Discharge).await).expect("reads back");
    assert_eq!(read.section("360"), Some("1か月前から。"));
}

#[tokio::test]
async fn one_that_lacks_the_insurance_is_refused_here_and_goes_out_once_that_is_mended() {
    let house = House::new().await;
    let desk = house.at.one(Role::Reception);
    let card = support::form("サトウ", "タロウ").insurance;
    let bare =
        PatientForm {
            insurance: InsuranceForm::default(), subsidy: SubsidyForm::default(), ..support::form("サトウ", "タロウ")
        };
    let Registration::Registered { patient, .. } =
        act!(house.clinic, desk, RegisterPatient, patients::register, bare, true).expect("registers")
    else {
        panic!("duplicates were to be ignored")
    };
    let house = House { patient, ..house };
    let code = code_of(&house.clinic, MasterKind::Disease, "高血圧症");
    let form = DiagnosisForm { code, modifiers: Vec::new(), started_on: "2026-07-01".into(), principal: true };
    act!(house.clinic, house.doctor, CodeDiagnosis, diagnoses::add_diagnosis, patient, form).expect("codes");
    let paper = house.begin(ShareKind::CarePlan).await;
    let PaperForm::CarePlan(form) = paper.form.clone() else { panic!("{paper:?}") };
    let form = PaperForm::CarePlan(CarePlanForm { goal: "減塩".into(), ..form });
    house.issue(&paper, form).await.expect("stands, whatever becomes of its document");
    let page = house.page(paper.id).await;
    let Some(ShareState::Refused { reasons }) = &page.paper.share else { panic!("{:?}", page.paper.share) };
    assert!(reasons.iter().any(|reason| reason.place == Some(Place::Insurance)), "{reasons:?}");

    act!(house.clinic, desk, RegisterPatient, patients::add_insurance, patient, card).expect("adds the card");
    act!(house.clinic, house.doctor, Share, sharing::resend, page.paper.document.expect("a document")).expect("sends again");
    house.bundle(paper.id, ShareKind::CarePlan).await;
    assert!(matches!(house.page(paper.id).await.paper.share, Some(ShareState::Waiting { .. })));
}

/// A day as people type it, or something else.
fn any_day() -> impl Strategy<Value = String> {
    prop_oneof![
        (1i64..400).prop_map(|back| (friday_day() - Days::new(back.unsigned_abs())).to_string()),
        Just("R8.7.1".to_owned()),
        Just(String::new()),
        "[0-9.:-]{0,8}",
    ]
}

fn friday_day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 7, 10).expect("a day")
}

/// What may be typed for an item: what fits it, most of the time.
fn any_answer(item: &'static items::Item) -> impl Strategy<Value = CheckupAnswer> {
    let fitting = match item.answer {
        Answer::Number { most, .. } => (0..=most).prop_map(|n| n.to_string()).boxed(),
        Answer::Choice(list) => (0..list.options.len()).prop_map(|at| list.options[at].0.to_owned()).boxed(),
        Answer::Words => "[あ-ん 。]{1,9}".boxed(),
    };
    let value = prop_oneof![20 => fitting, 1 => "\\PC{0,6}", 1 => Just(String::new())];
    let code = prop_oneof![8 => (0..item.codes.len()).prop_map(|at| item.codes[at].code.to_owned()), 8 => Just(String::new()), 1 => Just("x".to_owned())];
    let limit = || prop_oneof![8 => Just(String::new()), 2 => "[0-9]{1,3}(\\.[0-9])?", 1 => "\\PC{0,3}"];
    (
        value,
        code,
        limit(),
        limit(),
        prop_oneof![20 => Just(String::new()), 1 => "[あ-ん]{1,5}"],
        prop_oneof![30 => Just(String::new()), 1 => Just("省略".to_owned())],
    )
        .prop_map(|(value, code, low, high, detail, undone)| CheckupAnswer { value, code, detail, low, high, undone })
}

fn any_checkup() -> impl Strategy<Value = CheckupForm> {
    let answers: Vec<_> = ITEMS.iter().map(|item| any_answer(item).prop_map(|answer| (item.key().to_owned(), answer))).collect();
    (prop_oneof![Just(Programme::Specific), Just(Programme::Employer)], any_day(), any_day(), "[0-9]{0,8}", answers).prop_map(
        |(programme, done_on, ticket_until, insurer, answers)| CheckupForm {
            programme,
            done_on,
            ticket_until,
            insurer,
            answers: answers.into_iter().collect(),
            ..CheckupForm::default()
        },
    )
}

fn any_form() -> impl Strategy<Value = PaperForm> {
    let plan = (any_day(), any_day()).prop_map(|(from, until)| {
        PaperForm::CarePlan(CarePlanForm {
            diagnoses: vec![DiagnosisId(Uuid::nil())],
            goal: "目標".into(),
            from,
            until,
            ..CarePlanForm::default()
        })
    });
    let time = || prop_oneof![Just(String::new()), "[0-2]?[0-9]:?[0-5][0-9]", "\\PC{0,5}"];
    let stay = (any_day(), time(), any_day(), time(), "[0-9]?", "[0-9]").prop_map(
        |(admitted_on, admitted_time, discharged_on, discharged_time, admission, disposition)| {
            PaperForm::Discharge(DischargeForm {
                admitted_on,
                admitted_time,
                discharged_on,
                discharged_time,
                admission,
                disposition,
                diagnoses_in: vec![DiagnosisId(Uuid::nil())],
                diagnoses_out: vec![DiagnosisId(Uuid::nil())],
                reason: "理由".into(),
                complaint: "主訴".into(),
                present_illness: "現病歴".into(),
                course: "経過".into(),
                instructions: "方針".into(),
                ..DischargeForm::default()
            })
        },
    );
    // Of a whole sheet, only what is wrong is taken away: else hardly one of them would be without a flaw.
    let check = any_checkup().prop_map(|mut form| {
        for flaw in PaperForm::Checkup(form.clone()).flaws(friday_day()) {
            if let Some(item) = flaw.field.strip_prefix("answers.").and_then(items::item) {
                form.answers.insert(item.key().into(), CheckupAnswer { value: some_answer(item), ..Default::default() });
            }
        }
        PaperForm::Checkup(form)
    });
    prop_oneof![plan, stay, check]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_may_be_issued_becomes_a_document(form in any_form()) {
        let flaws = form.flaws(friday_day());
        let author = StaffRef { id: StaffId(Uuid::nil()), name: "青葉 花子".into(), role: Role::Doctor };
        let now = clinic::testing::friday();
        let paper = Paper {
            id: PaperId(Uuid::nil()), patient: PatientId(Uuid::nil()), form: form.clone(), author, saved_at: now,
            issued_at: Some(now), document: None, share: None, version: 1,
        };
        if flaws.is_empty() {
            prop_assert!(clinic::papers::document(&paper, now, &PaperContent::default()).is_ok(), "{:?}", form);
        }
        // What is kept reads back as it was, and has a title a list has room for.
        let kept = serde_json::to_value(&form).expect("writes");
        prop_assert_eq!(serde_json::from_value::<PaperForm>(kept).expect("reads"), form.clone());
        prop_assert!(form.title().chars().count() <= 80);
    }
}
