//! Letters and reports: replaced, taken back, too heavy, not ours to send.

use crate::{House, act, later, scripted::Next};
use clinic::policy::*;
use links::Fault;
use model::{AppError, ids::*, labs::*, letter::LetterForm, share::*};

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
