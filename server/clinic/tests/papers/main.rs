//! 療養計画書, 健診結果報告書, 退院時サマリー: filled from the chart, issued, and on their way as documents that our validator takes.
//!
//! Here what all of them share and the plan of care; the others in rooms of their own, and in `any` whatever may be typed.

mod any;
mod checks;
mod stays;
#[path = "../support/mod.rs"]
mod support;

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
use serde_json::Value;
use sqlx::types::Json;
use std::collections::BTreeSet;
use uuid::Uuid;

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
async fn where_a_paper_stands_is_known_however_much_was_sent_since() {
    let house = House::new().await;
    let paper = house.begin(ShareKind::CarePlan).await;
    let PaperForm::CarePlan(form) = paper.form.clone() else { panic!("a plan") };
    house.issue(&paper, PaperForm::CarePlan(CarePlanForm { goal: "減塩".into(), ..form })).await.expect("issues");
    let mut tx = house.inside().await;
    sqlx::query(
        "insert into outbox (clinic_id, id, patient_id, kind, subject_id, title, identifier, bundle, state, next_attempt_at,
                             created_at, updated_at)
         select o.clinic_id, gen_random_uuid(), o.patient_id, 'lab_report', gen_random_uuid(), '', gen_random_uuid()::text, o.bundle,
                'sent', o.next_attempt_at, o.created_at + interval '1 hour', o.updated_at
         from outbox o, generate_series(1, 60) where o.clinic_id = current_clinic() and o.subject_id = $1",
    )
    .bind(paper.id.0)
    .execute(&mut *tx)
    .await
    .expect("sends");
    tx.commit().await.expect("commits");
    let page = house.page(paper.id).await.paper;
    assert!(page.document.is_some() && matches!(page.share, Some(ShareState::Waiting { .. })), "{:?}", page.share);
    let chart = act!(house.clinic, house.doctor, ReadChart, chart::open_chart, house.patient).expect("opens");
    assert!(matches!(chart.papers[0].share, Some(ShareState::Waiting { .. })), "{:?}", chart.papers);
}

#[tokio::test]
async fn an_issued_paper_stands_also_against_a_statement_that_forgets_the_rule() {
    let house = House::new().await;
    let paper = house.begin(ShareKind::CarePlan).await;
    let PaperForm::CarePlan(form) = paper.form.clone() else { panic!("a plan") };
    house.issue(&paper, PaperForm::CarePlan(CarePlanForm { goal: "減塩".into(), ..form })).await.expect("issues");
    for statement in ["update paper set title = '書き換え' where id = $1", "delete from paper where id = $1"] {
        let mut tx = house.inside().await;
        let done = sqlx::query(statement).bind(paper.id.0).execute(&mut *tx).await;
        assert!(done.expect_err("is refused").to_string().contains("immutable"));
    }
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
