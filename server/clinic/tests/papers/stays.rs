//! Discharge summaries: of our own, and begun from what another house sent.

use crate::*;

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

/// A clinic with a patient born on a day, and a discharge summary of another house about 山田花子, born on 1981-03-02.
async fn received_about(birth_date: &str) -> (House, Uuid) {
    let house = House::new().await;
    let paper = house.begin(ShareKind::Discharge).await;
    let form = stay_of(&house.page(paper.id).await);
    house.issue(&paper, PaperForm::Discharge(form)).await.expect("issues");
    let bundle = house.bundle(paper.id, ShareKind::Discharge).await;
    let there = found(&house.clinic, "minato").await;
    let (doctor, desk) = (there.one(Role::Doctor), there.one(Role::Reception));
    let form = PatientForm { birth_date: birth_date.into(), ..support::form("ヤマダ", "ハナコ") };
    let Registration::Registered { patient, .. } =
        act!(house.clinic, desk, RegisterPatient, patients::register, form, true).expect("registers")
    else {
        panic!("duplicates were to be ignored")
    };
    act!(house.clinic, desk, RecordConsent, patients::set_consent, patient, true).expect("consents");
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
    (other, received)
}

impl House {
    /// Who read which document of others, by the audit trail.
    async fn readings(&self, document: Uuid) -> i64 {
        let mut tx = self.inside().await;
        sqlx::query_scalar(
            "select count(*) from audit
             where clinic_id = current_clinic() and action = 'outside.read' and subject_id = $1 and patient_id = $2 and staff_id = $3",
        )
        .bind(document)
        .bind(self.patient.0)
        .bind(self.doctor.staff.id.0)
        .fetch_one(&mut *tx)
        .await
        .expect("counts")
    }

    /// Marks what was received.
    async fn mark(&self, statement: &'static str, document: Uuid) {
        let mut tx = self.inside().await;
        sqlx::query(statement).bind(document).execute(&mut *tx).await.expect("marks");
        tx.commit().await.expect("commits");
    }
}

#[tokio::test]
async fn what_another_house_wrote_is_read_only_while_it_may_be() {
    let (house, received) = received_about("S56.3.2").await;
    let (nurse, desk) = (house.at.one(Role::Nurse), house.at.one(Role::Reception));
    let begun = house.begin(ShareKind::Discharge).await;
    assert_eq!(house.readings(received).await, 1);
    let own = house.page(begun.id).await.content;
    assert!(own.source.starts_with("aoba") && !own.diagnoses.is_empty() && !own.prescriptions.is_empty(), "{}", own.source);
    assert_eq!(house.readings(received).await, 2, "what was shown stands in the trail");
    let seen = act!(house.clinic, nurse, ReadChart, papers::paper, begun.id).expect("reads");
    assert_eq!(seen.content.diagnoses, own.diagnoses);
    let at_desk = act!(house.clinic, desk, ReadChart, papers::paper, begun.id);
    assert_eq!(at_desk.err(), Some(AppError::Forbidden), "reception reads nothing of others");

    let hidden = async |why: &str| {
        let content = house.page(begun.id).await.content;
        assert!(content.source.contains(why), "{}", content.source);
        assert!(content.diagnoses.is_empty() && content.prescriptions.is_empty(), "{why}");
        let refused = house.issue(&begun, begun.form.clone()).await;
        assert!(flawed(&refused).contains("diagnoses_out"), "{why}: what cannot be read cannot be frozen");
    };
    act!(house.clinic, desk, RecordConsent, patients::set_consent, house.patient, false).expect("takes it back");
    hidden("同意").await;
    act!(house.clinic, desk, RecordConsent, patients::set_consent, house.patient, true).expect("consents");
    house.mark("update received set gone_at = now() where clinic_id = current_clinic() and id = $1", received).await;
    hidden("取り下げた").await;
    house.mark("update received set gone_at = null where clinic_id = current_clinic() and id = $1", received).await;
    house.mark("update received set refused = '{x}' where clinic_id = current_clinic() and id = $1", received).await;
    hidden("取り下げた").await;
    house.mark("update received set refused = '{}' where clinic_id = current_clinic() and id = $1", received).await;
    assert_eq!(house.readings(received).await, 2, "nothing was read meanwhile");

    // Once our doctor issued it, it is ours.
    let PaperForm::Discharge(form) = begun.form.clone() else { panic!("{begun:?}") };
    house.issue(&begun, PaperForm::Discharge(form)).await.expect("issues");
    act!(house.clinic, desk, RecordConsent, patients::set_consent, house.patient, false).expect("takes it back");
    let page = act!(house.clinic, desk, ReadChart, papers::paper, begun.id).expect("reads");
    assert_eq!(page.content.diagnoses, own.diagnoses);
}

#[tokio::test]
async fn a_summary_about_somebody_else_begins_nothing() {
    let (house, received) = received_about("S57.3.2").await;
    let begun = house.begin(ShareKind::Discharge).await;
    assert_eq!(begun.form, PaperForm::Discharge(DischargeForm::default()));
    assert_eq!(house.readings(received).await, 0);
    // Nor where a draft was begun before the mistake was mended.
    let mut tx = house.inside().await;
    let form = PaperForm::Discharge(DischargeForm { source: Some(ReceivedId(received)), ..DischargeForm::default() });
    sqlx::query("update paper set form = $2 where clinic_id = current_clinic() and id = $1")
        .bind(begun.id.0)
        .bind(Json(&form))
        .execute(&mut *tx)
        .await
        .expect("writes");
    tx.commit().await.expect("commits");
    let content = house.page(begun.id).await.content;
    assert!(content.source.contains("生年月日") && content.diagnoses.is_empty(), "{}", content.source);
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
