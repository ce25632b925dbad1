//! Letters and reports: replaced, taken back, too heavy, not ours to send.

use crate::{House, act, later, scripted::Next};
use clinic::policy::*;
use links::Fault;
use model::{AppError, ids::*, labs::*, letter::LetterForm, paper::*, share::*};

/// An issued letter.
async fn letter(house: &House) -> LetterId {
    let begun = act!(house.clinic, house.doctor, WriteLetter, letters::new_letter, house.patient).expect("begins");
    let text = LetterForm {
        to_institution: "みなと整形外科".into(),
        to_number: "1310000003".into(),
        purpose: "精査のお願い".into(),
        complaint: "膝痛".into(),
        present_illness: "1か月前から左膝痛。".into(),
        ..begun.form
    };
    act!(house.clinic, house.doctor, WriteLetter, letters::issue_letter, begun.id, text, begun.version).expect("issues").id
}

/// Results of one day.
async fn report(house: &House, preliminary: bool) -> LabReport {
    let masters = house.clinic.masters();
    let items = masters.labs();
    let item = items.iter().find(|item| item.infection && !item.choices.is_empty()).expect("a designated infection");
    let result =
        LabResultForm { item: item.local_code.clone(), value: item.choices[0].clone(), low: String::new(), high: String::new() };
    let form = LabReportForm {
        visit: None,
        collected_on: "2026-07-09".into(),
        collected_time: String::new(),
        preliminary,
        results: vec![result],
    };
    act!(house.clinic, house.doctor, EnterLabs, labs::enter_report, house.patient, form).expect("enters").remove(0)
}

#[tokio::test]
async fn a_replaced_letter_is_cancelled_and_registered_in_this_order() {
    let house = House::new().await;
    let id = letter(&house).await;
    assert_eq!(house.after(1).await, [format!("register {id}")]);
    let first = house.document(ShareKind::Referral).await;
    act!(house.clinic, house.doctor, Share, sharing::resend, first).expect("queues");
    assert_eq!(house.shared().await.len(), 1, "it is one document");
    // The line breaks in between: the registration stays behind the cancellation.
    house.platform.then([Next::Fault(Fault::Timeout)]);
    assert_eq!(house.after(2).await, [format!("cancel {id}")]);
    assert!(matches!(house.state(ShareKind::Referral).await, ShareState::Waiting { attempts: 0, .. }));
    assert_eq!(house.after(60).await, [format!("cancel {id}"), format!("register {id}")]);
    assert_eq!(house.platform.held().len(), 1);
    let second = house.document(ShareKind::Referral).await;
    assert_ne!(first, second, "a new row with a key of its own");

    let account = act!(house.clinic, house.desk, PrintAccount, sharing::account, house.patient).expect("accounts");
    let ended: Vec<Option<String>> = account.sent.iter().map(|line| line.ended.clone().map(|(_, why)| why)).collect();
    assert_eq!(ended, [None, Some("差し替え".to_owned())]);
    assert_eq!(account.sent[0].to, "みなと整形外科");
}

#[tokio::test]
async fn a_letter_is_taken_back_before_and_after_it_left() {
    let house = House::new().await;
    letter(&house).await;
    let document = house.document(ShareKind::Referral).await;
    let listed = act!(house.clinic, house.doctor, Share, sharing::withdraw, document).expect("takes back");
    assert_eq!(listed[0].state, ShareState::Cancelled { receipt: String::new() });
    assert!(house.after(1).await.is_empty(), "it never left");
    let again = act!(house.clinic, house.doctor, Share, sharing::withdraw, document);
    assert!(matches!(again, Err(AppError::Conflict { .. })), "{again:?}");

    let id = letter(&house).await;
    house.after(2).await;
    let document = house.document(ShareKind::Referral).await;
    let listed = act!(house.clinic, house.doctor, Share, sharing::withdraw, document).expect("takes back");
    assert_eq!(listed[0].state, ShareState::Cancelling { problem: None });
    house.platform.then([Next::Check]);
    assert_eq!(house.after(3).await, [format!("cancel {id}")]);
    assert_eq!(house.state(ShareKind::Referral).await, ShareState::Cancelling { problem: None });
    house.after(60).await;
    assert!(matches!(house.state(ShareKind::Referral).await, ShareState::Cancelled { receipt } if !receipt.is_empty()));
    assert!(house.platform.held().is_empty());

    // One that left and got no answer may still arrive: it is repeated until it is answered, and then taken back.
    let id = letter(&house).await;
    house.platform.then([Next::Fault(Fault::Timeout)]);
    house.after(100).await;
    let document = house.document(ShareKind::Referral).await;
    act!(house.clinic, house.doctor, Share, sharing::withdraw, document).expect("takes back");
    assert_eq!(house.after(110).await, [format!("register {id}"), format!("cancel {id}")]);
    assert!(house.platform.held().is_empty());
    assert!(matches!(house.state(ShareKind::Referral).await, ShareState::Cancelled { .. }));
}

#[tokio::test]
async fn what_stands_can_be_taken_back_when_a_newer_one_was_refused() {
    let house = House::new().await;
    house.diagnose("高血圧症").await;
    house.after(200).await;
    let list = |shared: Vec<SharedDocument>| shared.into_iter().find(|one| one.kind == ShareKind::Diagnoses).expect("the list");
    assert!(list(house.shared().await).standing);
    house.diagnose("脂質異常症").await;
    let reason = links::Reason { rule: String::new(), path: String::new(), message: "不可".into(), chart_field: String::new() };
    house.platform.then([Next::Refuse(vec![reason])]);
    house.after(400).await;
    let newer = list(house.shared().await);
    assert!(matches!(newer.state, ShareState::Refused { .. }) && newer.standing, "{newer:?}");
    assert!(newer.state.may_be_withdrawn(newer.standing));
    act!(house.clinic, house.doctor, Share, sharing::withdraw, newer.id).expect("takes back");
    assert_eq!(house.after(401).await, [format!("cancel {}", house.list('D'))]);
    let gone = list(house.shared().await);
    assert!(matches!(gone.state, ShareState::Cancelled { .. }) && !gone.standing, "{gone:?}");
    assert!(house.platform.held().is_empty());
}

#[tokio::test]
async fn a_letter_that_is_sent_later_says_what_it_said() {
    let house = House::new().await;
    let diagnosis = house.diagnose("高血圧症").await.remove(0);
    house.allergic_to("くるみ").await;
    let id = letter(&house).await;
    house.after(1).await;
    let first = house.document(ShareKind::Referral).await;
    act!(house.clinic, house.doctor, Share, sharing::withdraw, first).expect("takes back");
    house.diagnose("脂質異常症").await;
    house.allergic_to("そば").await;
    report(&house, false).await;
    house.flag(&diagnosis, Flags { uninformed: true, ..Flags::default() }).await;
    house.after(86_400 * 90).await;
    act!(house.clinic, house.doctor, Share, sharing::resend, first).expect("sends again");
    assert_eq!(house.after(86_400 * 90 + 1).await, [format!("register {id}")]);
    let held = house.platform.held();
    let (_, bundle) = held.iter().find(|(identifier, _)| identifier.ends_with(&id.to_string())).expect("the letter");
    let text = bundle.to_string();
    assert!(text.contains("高血圧症") && text.contains("くるみ"));
    assert!(!text.contains("脂質異常症") && !text.contains("そば") && !text.contains("\"Observation\""), "as it was");
    assert!(text.contains("UNINFORMED"), "with the flags of now");
}

#[tokio::test]
async fn a_plan_does_not_leave_with_a_diagnosis_that_is_not_to_be_told_any_more() {
    let house = House::new().await;
    let diagnosis = house.diagnose("高血圧症").await.remove(0);
    let paper =
        act!(house.clinic, house.doctor, WritePaper, papers::new_paper, house.patient, ShareKind::CarePlan).expect("begins");
    let PaperForm::CarePlan(form) = paper.form else { panic!("a plan") };
    let form = PaperForm::CarePlan(CarePlanForm { diagnoses: vec![diagnosis.id], goal: "減塩".into(), ..form });
    act!(house.clinic, house.doctor, WritePaper, papers::issue_paper, paper.id, form, paper.version).expect("issues");
    assert_eq!(house.after(1).await, [format!("register {}", paper.id)]);
    let flagged = house.flag(&diagnosis, Flags { undelivered: true, ..Flags::default() }).await.remove(0);
    house.after(200).await;
    let document = house.document(ShareKind::CarePlan).await;
    act!(house.clinic, house.doctor, Share, sharing::resend, document).expect("builds anew");
    let ShareState::Refused { reasons } = house.state(ShareKind::CarePlan).await else { panic!("refused") };
    assert_eq!(reasons.iter().map(|mend| mend.place).collect::<Vec<_>>(), [Some(Place::Diagnosis { id: diagnosis.id })]);
    assert!(reasons[0].message.contains("高血圧症"), "{reasons:?}");
    // Told in the meantime, it may leave.
    house.flag(&flagged, Flags::default()).await;
    let document = house.document(ShareKind::CarePlan).await;
    act!(house.clinic, house.doctor, Share, sharing::resend, document).expect("builds anew");
    let calls = house.after(201).await;
    assert_eq!(calls, [format!("cancel {}", paper.id), format!("register {}", paper.id)]);
}

#[tokio::test]
async fn more_than_ten_megabytes_do_not_leave() {
    let house = House::new().await;
    let begun = act!(house.clinic, house.doctor, WriteLetter, letters::new_letter, house.patient).expect("begins");
    let file = "insert into letter_file (clinic_id, id, letter_id, title, content_type, content, added_at, added_by)
        select clinic_id, gen_random_uuid(), id, '写真', 'image/png', decode(repeat('00', 8000000), 'hex'), saved_at, author_id
        from letter where clinic_id = current_clinic() and id = $1";
    house.sql(file, begun.id.0).await;
    let text = LetterForm {
        to_institution: "みなと整形外科".into(),
        to_number: "1310000003".into(),
        purpose: "精査のお願い".into(),
        complaint: "膝痛".into(),
        present_illness: "1か月前から左膝痛。".into(),
        ..begun.form
    };
    act!(house.clinic, house.doctor, WriteLetter, letters::issue_letter, begun.id, text, begun.version).expect("issues");
    assert!(house.after(1).await.is_empty());
    let ShareState::Refused { reasons } = house.state(ShareKind::Referral).await else { panic!("refused") };
    assert!(reasons[0].message.contains("10MB"), "{reasons:?}");
    assert_eq!(reasons[0].place, Some(Place::Letter { id: begun.id }));
}

#[tokio::test]
async fn only_final_reports_of_our_own_leave() {
    let house = House::new().await;
    let preliminary = report(&house, true).await;
    assert!(house.after(200).await.is_empty(), "a preliminary report stays");
    let visit = house.check_in().await;
    house.confirm(visit).await;
    assert!(house.after(300).await.is_empty(), "also at a confirmation");
    let finished =
        act!(house.clinic, house.doctor, EnterLabs, labs::finish_report, preliminary.id, preliminary.version).expect("finishes");
    assert!(!finished[0].preliminary);
    assert_eq!(house.after(301).await, [format!("register {}", preliminary.id)], "final, it leaves at once");
    let twice = act!(house.clinic, house.doctor, EnterLabs, labs::finish_report, preliminary.id, finished[0].version);
    assert!(matches!(twice, Err(AppError::Stale { .. })), "{twice:?}");
    // Chosen to be kept for long, it is told again under the same identity.
    act!(house.clinic, house.doctor, EnterLabs, labs::flag_report, preliminary.id, true, finished[0].version).expect("flags");
    assert_eq!(house.after(302).await, [format!("register {}", preliminary.id)]);
    let held = house.platform.held();
    let bundle = held.values().next().expect("the report");
    assert_eq!(bundle["entry"][1]["resource"]["meta"]["tag"][0]["code"], "LTS");

    // What was taken over from another house is its own to tell: not when it is final, not at a confirmation, not when flagged.
    let visit = {
        house.clock.set(later(24 * 3600));
        house.check_in().await
    };
    let theirs = report(&house, false).await;
    let origin = "update lab_report set origin = jsonb_build_object('document', id, 'institution', '汐見台総合病院',
            'shared_on', '2026-07-10', 'taken_by', '医師 試験', 'taken_at', '2026-07-10T00:00:00Z')
        where clinic_id = current_clinic() and id = $1";
    house.sql(origin, theirs.id.0).await;
    house.confirm(visit).await;
    act!(house.clinic, house.doctor, EnterLabs, labs::flag_report, theirs.id, true, theirs.version).expect("flags");
    let calls = house.after(24 * 3600 + 10).await;
    assert!(calls.iter().all(|call| !call.contains(&theirs.id.to_string())), "{calls:?}");
    // Nor does it go along with a letter.
    letter(&house).await;
    house.after(24 * 3600 + 20).await;
    let sent = serde_json::to_string(&house.platform.held()).expect("JSON");
    assert!(!sent.contains(&theirs.id.to_string()));
    assert!(sent.contains(&format!("{}-1", preliminary.id)), "our own does");
}

#[tokio::test]
async fn a_report_that_came_during_a_visit_leaves_in_the_evening_without_a_confirmation() {
    let house = House::new().await;
    let visit = house.check_in().await;
    let report = report(&house, false).await;
    assert!(house.after(60).await.is_empty(), "the confirmation is waited for");
    house.sql("update visit set state = 'cancelled' where clinic_id = current_clinic() and id = $1", visit.0).await;
    let eight = 9 * 3600 + 45 * 60;
    assert!(house.after(eight - 1).await.is_empty());
    assert_eq!(house.after(eight).await, [format!("register {}", report.id)]);
    assert!(house.after(eight + 3600).await.is_empty(), "once");
}

#[tokio::test]
async fn a_report_that_was_taken_back_stays_taken_back() {
    let house = House::new().await;
    let report = report(&house, false).await;
    assert_eq!(house.after(1).await, [format!("register {}", report.id)]);
    let document = house.document(ShareKind::LabReport).await;
    act!(house.clinic, house.doctor, Share, sharing::withdraw, document).expect("takes back");
    assert_eq!(house.after(2).await, [format!("cancel {}", report.id)]);
    act!(house.clinic, house.doctor, EnterLabs, labs::flag_report, report.id, true, report.version).expect("flags");
    let visit = house.check_in().await;
    house.confirm(visit).await;
    assert!(house.after(300).await.is_empty(), "nobody asked for it");
    act!(house.clinic, house.doctor, Share, sharing::resend, document).expect("sends again");
    assert_eq!(house.after(301).await, [format!("register {}", report.id)]);
}

#[tokio::test]
async fn that_a_letter_was_opened_is_seen() {
    let house = House::new().await;
    let id = letter(&house).await;
    house.after(1).await;
    let ShareState::Sent { receipt } = house.state(ShareKind::Referral).await else { panic!("sent") };
    let sharing: std::sync::Arc<dyn links::RecordSharing> = house.platform.clone();
    assert_eq!(clinic::outbox::letters(&house.clinic, &sharing).await.expect("asks"), 0);
    house.platform.open(&receipt, later(500));
    assert_eq!(clinic::outbox::letters(&house.clinic, &sharing).await.expect("asks"), 1);
    assert_eq!(clinic::outbox::letters(&house.clinic, &sharing).await.expect("asks"), 0, "once is enough");
    let page = act!(house.clinic, house.doctor, ReadChart, letters::letter, id).expect("reads");
    assert_eq!(page.letter.standing.received_at, Some(later(500)));
}
