//! Letters that came in: found, matched, opened, told of, answered, taken back.

use crate::{
    House, act,
    bundle::{HOUSE, allergy, letter},
    shelf::Place,
    stand_in,
    support::{form, register, whole_visit},
};
use clinic::{
    policy::*,
    testing::{clinic, found},
};
use links::RecordSharing;
use model::{AppError, outside::*, patient::Registration, share::*, staff::Role};
use serde_json::json;
use std::sync::{Arc, atomic::Ordering};

impl House {
    async fn check(&self) -> Inbox {
        self.clinic.check_inbox(Some(&self.desk), "test").await.expect("answers")
    }

    async fn open(&self, id: model::ids::ReceivedId) -> IncomingPage {
        self.clinic.incoming(Some(&self.doctor), "test", id).await.expect("opens")
    }

    /// What the worker does at its next turn, after what was begun beside a request has come to rest.
    async fn turn(&self, whole: bool) -> usize {
        clinic::outside::once(&self.clinic, self.shelf.as_ref(), whole).await.expect("looks")
    }

    fn opened(&self) -> Vec<String> {
        let mut all = self.shelf.opened.lock().expect("free").clone();
        all.sort();
        all.dedup();
        all
    }
}

#[tokio::test]
async fn a_letter_is_found_matched_opened_and_its_sender_told() {
    let house = House::new().await;
    let receipt = house.shelf.share(Place::Mailbox, &letter("l-1", None));
    assert_eq!(house.turn(false).await, 1);
    assert_eq!(house.turn(true).await, 0, "once");
    let inbox = act!(house.clinic, house.at.one(Role::Reception), SortInbox, outside::inbox).expect("lists");
    let [one] = &inbox.letters[..] else { panic!("{inbox:#?}") };
    assert_eq!((one.state, one.patient, one.is_reply), (IncomingState::Unread, Some(house.patient), false));
    assert_eq!((one.institution.as_str(), one.purpose.as_str()), ("みなと総合病院", ""), "whose it is, not what it says");
    let read = act!(house.clinic, house.at.one(Role::Doctor), SortInbox, outside::inbox).expect("lists");
    assert_eq!(read.letters[0].purpose, "膝の痛みの 精査をお願いします。");
    assert_eq!(one.about.line(), "山田 花子（昭和56年3月2日 生）");
    assert!(inbox.asked_at.is_some() && inbox.problem.is_none());

    // The line is down when it is opened: the worker tells later.
    house.shelf.down.store(true, Ordering::SeqCst);
    let page = house.open(one.id).await;
    assert_eq!((page.head.state, page.patient.map(|p| p.id)), (IncomingState::Received, Some(house.patient)));
    assert_eq!(page.document.sections[0].text, "膝の痛みの\n精査をお願いします。");
    assert!(page.candidates.is_empty() && page.reply.is_none() && page.answers.is_none());
    house.turn(false).await;
    assert!(house.opened().is_empty());
    let problem = act!(house.clinic, house.at.one(Role::Nurse), SortInbox, outside::inbox).expect("lists").problem;
    assert_eq!(problem.map(|p| p.kind), Some(ProblemKind::Network));
    house.shelf.down.store(false, Ordering::SeqCst);
    house.turn(false).await;
    assert_eq!(house.opened(), [receipt]);
    assert_eq!(house.check().await.problem, None);

    let by_desk = house.clinic.incoming(Some(&house.desk), "test", one.id).await;
    assert_eq!(by_desk.err(), Some(AppError::Forbidden), "reception sorts and does not read");
}

#[tokio::test]
async fn a_letter_of_nobody_known_offers_candidates_and_is_assigned_by_hand() {
    let house = House::new().await;
    let mut strange = letter("l-1", None);
    // Another insurance and another spelling; the birth date is hers.
    strange["entry"][1]["resource"]["identifier"][0]["value"] = json!("06139999:99:9999:01");
    strange["entry"][1]["resource"]["name"] = json!([{ "text": "田中 花子" }]);
    house.shelf.share(Place::Mailbox, &strange);
    let inbox = house.check().await;
    let one = &inbox.letters[0];
    assert_eq!(one.patient, None);
    let page = house.open(one.id).await;
    assert_eq!(page.candidates.iter().map(|c| c.id).collect::<Vec<_>>(), [house.patient]);
    assert!(page.document.entries.iter().all(|e| matches!(e.standing, Standing::ReadOnly { .. })));

    let desk = house.at.one(Role::Reception);
    let assign = async |patient| act!(house.clinic, desk, SortInbox, outside::assign_incoming, one.id, patient);
    let assigned = assign(Some(house.patient)).await.expect("assigns");
    assert_eq!((assigned.patient, assigned.state), (Some(house.patient), IncomingState::Received));
    assert_eq!(assign(None).await.expect("unassigns").patient, None);
    let nobody = model::ids::PatientId(one.id.0);
    assert_eq!(assign(Some(nobody)).await.err(), Some(AppError::NotFound));

    // Another patient of the same name and birth date: nobody guesses.
    register(&house.clinic, &desk, "ヤマダ", "ハナコ").await;
    let mut twice = letter("l-2", None);
    twice["entry"][1]["resource"].as_object_mut().expect("a patient").remove("identifier");
    house.shelf.share(Place::Mailbox, &twice);
    let inbox = house.check().await;
    let second = inbox.letters.iter().find(|l| l.id != one.id).expect("came");
    assert_eq!(second.patient, None);
    assert_eq!(house.open(second.id).await.candidates.len(), 2);
}

#[tokio::test]
async fn twins_on_one_card_are_told_apart_by_name_and_a_contradiction_is_left_to_people() {
    let house = House::new().await;
    let mut twin = form("ヤマダ", "ツキコ");
    twin.given = "月子".into();
    let registered = act!(house.clinic, house.at.one(Role::Reception), RegisterPatient, patients::register, twin, true);
    let Ok(Registration::Registered { patient: twin, .. }) = registered else { panic!("{registered:?}") };
    let named = |suffix: &str, kanji: &str, kana: &str| {
        let mut bundle = letter(suffix, None);
        let name = &mut bundle["entry"][1]["resource"]["name"];
        (name[0]["text"], name[1]["text"]) = (json!(kanji), json!(kana));
        bundle
    };
    let mut nameless = letter("l-none", None);
    nameless["entry"][1]["resource"].as_object_mut().expect("a patient").remove("name");
    let mut boy = letter("l-boy", None);
    boy["entry"][1]["resource"]["gender"] = json!("male");
    let mut moved = letter("l-moved", None);
    moved["entry"][1]["resource"]["identifier"][0]["value"] = json!("06139999:99:9999:01");
    let mut familys = letter("l-family", None);
    familys["entry"][1]["resource"]["identifier"][0]["value"] = json!("06130488:12:3456:");
    let expected = [
        (letter("l-1", None), Some(house.patient)),
        (named("l-2", "山田 月子", "ヤマダ ツキコ"), Some(twin)),
        (named("l-3", "山田 星子", "ヤマダ ホシコ"), None),
        (nameless, None),
        (boy, None),
        (moved, None),
        (familys, Some(house.patient)),
    ];
    for (nth, (bundle, patient)) in expected.into_iter().enumerate() {
        let before: Vec<_> = house.check().await.letters.iter().map(|l| l.id).collect();
        house.shelf.share(Place::Mailbox, &bundle);
        let inbox = house.check().await;
        let came = inbox.letters.iter().find(|l| !before.contains(&l.id)).expect("came");
        assert_eq!(came.patient, patient, "{nth}: {came:#?}");
        if patient.is_none() {
            assert!(house.open(came.id).await.candidates.iter().any(|c| c.id == house.patient), "{nth}");
        }
    }
}

#[tokio::test]
async fn broken_replaced_and_withdrawn_letters_say_so() {
    let house = House::new().await;
    house.shelf.put(Place::Mailbox, "broken", "no bundle");
    let receipt = house.shelf.share(Place::Mailbox, &letter("l-1", None));
    let inbox = house.check().await;
    let states: Vec<IncomingState> = inbox.letters.iter().map(|l| l.state).collect();
    assert!(states.contains(&IncomingState::Broken) && states.contains(&IncomingState::Unread), "{inbox:#?}");
    let broken = inbox.letters.iter().find(|l| l.state == IncomingState::Broken).expect("the broken");
    let page = house.open(broken.id).await;
    assert!(!page.document.refused.is_empty() && page.head.state == IncomingState::Broken);
    house.turn(false).await;
    assert!(house.opened().is_empty(), "what cannot be read is not received");

    // A corrected letter takes the place of the first.
    let mut corrected = letter("l-1", None);
    corrected["entry"][0]["resource"]["title"] = json!("診療情報提供書（訂正）");
    let second = house.shelf.share(Place::Mailbox, &corrected);
    assert_ne!(receipt, second);
    let inbox = house.check().await;
    assert_eq!(inbox.letters.len(), 2, "{inbox:#?}");
    let one = inbox.letters.iter().find(|l| l.state == IncomingState::Unread).expect("unread anew").clone();
    house.shelf.cancel(&second);
    let inbox = house.check().await;
    let gone = inbox.letters.iter().find(|l| l.id == one.id).expect("still in the list");
    assert_eq!((gone.state, gone.purpose.as_str()), (IncomingState::Withdrawn, ""));
    let page = house.open(one.id).await;
    assert!(page.document.sections.is_empty() && !page.document.refused.is_empty(), "nobody had read it: {page:#?}");
    assert!(house.view().await.documents.is_empty(), "and nowhere in the chart");
}

#[tokio::test]
async fn a_letter_that_was_asked_for_first_is_a_letter_all_the_same_and_keeps_its_files() {
    let house = House::new().await;
    let mut bundle = letter("l-1", None);
    let file =
        |title: &str, kind: &str, data: &str| json!({ "attachment": { "contentType": kind, "title": title, "data": data } });
    bundle["entry"].as_array_mut().expect("entries").push(json!({
        "fullUrl": "urn:uuid:40000000-0000-4000-8000-000000000001",
        "resource": { "resourceType": "DocumentReference", "status": "current",
                      "content": [file("胸部X線", "Image/PNG; q=1", "iVBORw0KGgo="), file("ページ", "text/html", "PGI+")] },
    }));
    let receipt = house.shelf.share(Place::Shared, &bundle);
    assert!(matches!(house.ask().await, Asked::Read { fresh: 1, refused: 0, .. }));
    assert!(act!(house.clinic, house.at.one(Role::Doctor), SortInbox, outside::inbox).expect("lists").letters.is_empty());
    house.shelf.address(&receipt);
    let inbox = house.check().await;
    let [one] = &inbox.letters[..] else { panic!("{inbox:#?}") };
    assert_eq!((one.state, one.patient), (IncomingState::Unread, Some(house.patient)));

    let page = house.open(one.id).await;
    let titles: Vec<(&str, u64)> = page.document.files.iter().map(|f| (f.title.as_str(), f.size)).collect();
    assert_eq!(titles, [("胸部X線", 8), ("ページ", 3)]);
    let nurse = house.at.one(Role::Nurse);
    let picture = act!(house.clinic, nurse, ReadOutside, outside::file, one.id, 0).expect("a file");
    assert_eq!((picture.content_type.as_str(), &picture.bytes[1..4]), ("image/png", &b"PNG"[..]));
    let none = act!(house.clinic, nurse, ReadOutside, outside::file, one.id, 2);
    assert_eq!(none.err(), Some(AppError::NotFound));
}

#[tokio::test]
async fn one_letter_that_cannot_be_fetched_holds_up_no_other() {
    let house = House::new().await;
    let receipts: Vec<String> = (0..5).map(|n| house.shelf.share(Place::Mailbox, &letter(&format!("l-{n}"), None))).collect();
    house.shelf.stuck.lock().expect("free").push(receipts[1].clone());
    assert_eq!(house.turn(false).await, 4);
    assert_eq!(house.check().await.problem.map(|p| p.kind), Some(ProblemKind::Platform));
    house.shelf.stuck.lock().expect("free").clear();
    assert_eq!(house.turn(false).await, 1, "it is tried again from there");
}

#[tokio::test]
async fn between_two_clinics_a_letter_is_read_and_its_reply_comes_home() {
    let dir = tempfile::tempdir().expect("a directory");
    let sharing = stand_in(dir.path()).await;
    let (clinic, _) = clinic().await;
    let clinic = clinic.with_sharing(sharing.clone());
    let (aoba, minato) = (found(&clinic, "aoba").await, found(&clinic, "minato").await);
    let (doctor, desk) = (aoba.one(Role::Doctor), aoba.one(Role::Reception));
    let at_aoba = register(&clinic, &desk, "ヤマダ", "ハナコ").await;
    whole_visit(&clinic, &doctor, &desk, at_aoba).await;
    // The letter of the visit goes elsewhere; this one is for Minato.
    let begun = act!(clinic, doctor, WriteLetter, letters::new_letter, at_aoba).expect("begins");
    let form = model::letter::LetterForm {
        to_institution: "minato内科クリニック".into(),
        to_number: "1410000002".into(),
        purpose: "ご高診のお願い".into(),
        complaint: "膝痛".into(),
        present_illness: "1か月前から左膝痛。".into(),
        ..begun.form
    };
    let issued = act!(clinic, doctor, WriteLetter, letters::issue_letter, begun.id, form, begun.version).expect("issues");
    let outbox: Arc<dyn RecordSharing> = sharing.clone();
    let send = async || {
        for _ in 0..10 {
            clinic::outbox::once(&clinic, &outbox).await.expect("sends");
        }
    };
    send().await;

    let at_minato = register(&clinic, &minato.one(Role::Reception), "ヤマダ", "ハナコ").await;
    assert_eq!(clinic::outside::once(&clinic, sharing.as_ref(), true).await.expect("looks"), 1);
    let there = minato.one(Role::Doctor);
    let inbox = act!(clinic, there, SortInbox, outside::inbox).expect("lists");
    let [came] = &inbox.letters[..] else { panic!("{inbox:#?}") };
    assert_eq!((came.patient, came.institution.as_str()), (Some(at_minato), "aoba内科クリニック"));
    let cookie = minato.cookie(&clinic, Role::Doctor).await;
    let page = clinic.incoming(Some(&cookie), "test", came.id).await.expect("opens");
    assert!(page.document.refused.is_empty() && !page.document.sections.is_empty());
    assert!(page.document.entries.iter().any(|e| matches!(e.content, EntryContent::Diagnosis { .. })), "{page:#?}");
    // Parts of a letter to this house are taken over without the consent that reading others needs.
    let new: Vec<u32> = page.document.entries.iter().filter(|e| e.standing == Standing::New).map(|e| e.index).collect();
    act!(clinic, there, ReadOutside, outside::take_over, at_minato, came.id, new.clone()).expect("takes over");
    let page = clinic.incoming(Some(&cookie), "test", came.id).await.expect("opens again");
    let taken = page.document.entries.iter().filter(|e| matches!(e.standing, Standing::Taken { .. })).count();
    assert!(taken > 0 && taken == new.len(), "{page:#?}");
    let moved = act!(clinic, minato.one(Role::Reception), SortInbox, outside::assign_incoming, came.id, None);
    assert!(matches!(moved, Err(AppError::Conflict { .. })), "{moved:?}");

    let reply = act!(clinic, there, WriteLetter, letters::begin_reply, came.id).expect("begins a reply");
    let form = model::letter::LetterForm {
        purpose: "ご報告".into(),
        complaint: "膝痛".into(),
        present_illness: "拝見しました。".into(),
        ..reply.form.clone()
    };
    act!(clinic, there, WriteLetter, letters::issue_letter, reply.id, form, reply.version).expect("issues");
    send().await;
    clinic::outside::once(&clinic, sharing.as_ref(), false).await.expect("looks");
    let replied = act!(clinic, there, SortInbox, outside::inbox).expect("lists");
    assert_eq!(replied.letters[0].state, IncomingState::Replied);

    let home = act!(clinic, doctor, SortInbox, outside::inbox).expect("lists");
    let [answer] = &home.letters[..] else { panic!("{home:#?}") };
    assert!(answer.is_reply && answer.patient == Some(at_aoba), "{home:#?}");
    let cookie = aoba.cookie(&clinic, Role::Doctor).await;
    let page = clinic.incoming(Some(&cookie), "test", answer.id).await.expect("opens");
    assert_eq!(page.answers, Some(issued.id));
}

#[tokio::test]
async fn a_reply_to_no_letter_of_ours_is_a_letter() {
    let house = House::new().await;
    let unknown = format!("1310000001^2026^{}", house.patient.0);
    house.shelf.share(Place::Mailbox, &letter("l-9", Some(&unknown)));
    let inbox = house.check().await;
    assert!(!inbox.letters[0].is_reply, "{HOUSE}: {inbox:#?}");
    assert_eq!(house.open(inbox.letters[0].id).await.answers, None);
}

#[tokio::test]
async fn a_letter_whose_entries_were_removed_by_hand_can_be_given_to_another() {
    let house = House::new().await;
    let mut bundle = letter("l-1", None);
    bundle["entry"].as_array_mut().expect("entries").push(json!({
        "fullUrl": "urn:uuid:50000000-0000-4000-8000-000000000001", "resource": allergy("くるみ", "food", None)
    }));
    house.shelf.share(Place::Mailbox, &bundle);
    let one = house.check().await.letters.remove(0);
    let page = house.open(one.id).await;
    let entries: Vec<u32> = page.document.entries.iter().map(|e| e.index).collect();
    let doctor = house.at.one(Role::Doctor);
    let take = async || act!(house.clinic, doctor, ReadOutside, outside::take_over, house.patient, one.id, entries.clone());
    let assign =
        async |patient| act!(house.clinic, house.at.one(Role::Reception), SortInbox, outside::assign_incoming, one.id, patient);
    let remove = async || {
        let chart = act!(house.clinic, doctor, ReadChart, chart::open_chart, house.patient).expect("opens");
        let ours = &chart.allergies[0];
        act!(house.clinic, doctor, RecordAllergy, allergies::remove_allergy, ours.id, ours.version).expect("removes");
    };
    take().await.expect("takes over");
    assert!(matches!(assign(None).await, Err(AppError::Conflict { .. })));
    remove().await;
    let back = act!(house.clinic, doctor, ReadOutside, outside::take_back, house.patient, one.id, entries.clone());
    back.expect("what was removed by hand is back already");
    take().await.expect("takes over once more");
    remove().await;
    assert_eq!(assign(None).await.expect("nothing of it stands").patient, None);
}

#[tokio::test]
async fn a_letter_kept_while_the_list_is_read_stands() {
    let house = House::new().await;
    house.shelf.share(Place::Mailbox, &letter("l-1", None));
    house.check().await;
    let late = house.shelf.share(Place::Mailbox, &letter("l-2", None));
    // The list is that of a moment before; another server has kept the second letter by the time it is here.
    *house.shelf.held.lock().expect("free") = Some(late);
    let looking = house.turn(true);
    let other = async {
        while house.shelf.held.lock().expect("free").is_some() {
            tokio::task::yield_now().await;
        }
        house.turn(false).await
    };
    let (_, came) = tokio::join!(looking, async {
        let came = other.await;
        house.shelf.go_on.notify_one();
        came
    });
    assert_eq!(came, 1);
    let inbox = act!(house.clinic, house.at.one(Role::Doctor), SortInbox, outside::inbox).expect("lists");
    assert!(inbox.letters.len() == 2 && inbox.letters.iter().all(|l| l.state == IncomingState::Unread), "{inbox:#?}");
}
