//! The patient's account: what was sent, to whom, when; never what the patient is not to see.

use crate::{House, act};
use clinic::policy::*;
use model::{letter::LetterForm, share::*, staff::Role};

async fn account(house: &House) -> Account {
    act!(house.clinic, house.desk, PrintAccount, sharing::account, house.patient).expect("accounts")
}

#[tokio::test]
async fn a_flagged_diagnosis_is_nowhere_in_it() {
    let house = House::new().await;
    let hidden = house.diagnose("胃癌").await.remove(0);
    house.diagnose("高血圧症").await;
    house.allergic_to("くるみ").await;
    let begun = act!(house.clinic, house.doctor, WriteLetter, letters::new_letter, house.patient).expect("begins");
    let text = LetterForm {
        to_institution: "みなと病院".into(),
        to_number: "1310000003".into(),
        purpose: "胃癌の精査をお願いします。".into(),
        complaint: "心窩部痛".into(),
        present_illness: "先月より心窩部痛。".into(),
        ..begun.form
    };
    act!(house.clinic, house.doctor, WriteLetter, letters::issue_letter, begun.id, text, begun.version).expect("issues");
    assert!(account(&house).await.sent.is_empty(), "what has not left was not sent");
    house.after(200).await;

    // Not flagged yet: everything is in it.
    let open = account(&house).await;
    assert_eq!(open.sent.len(), 3);
    let text = serde_json::to_string(&open).expect("JSON");
    assert!(text.contains("胃癌") && text.contains("心窩部痛") && text.contains("くるみ"), "{text}");
    assert_eq!(open.sent.iter().filter(|line| line.to == "みなと病院").count(), 1);

    // Flagged: also what was sent before does not show it, neither as a diagnosis nor in the words of a letter.
    let flagged = house.flag(&hidden, Flags { uninformed: true, ..Flags::default() }).await;
    house.after(400).await;
    let closed = account(&house).await;
    let text = serde_json::to_string(&closed).expect("JSON");
    assert!(!text.contains("胃癌") && !text.contains("心窩部痛"), "{text}");
    assert!(text.contains("高血圧症") && text.contains("くるみ"), "{text}");
    assert_eq!(closed.sent.len(), 4, "the letter itself is in it, and the list twice");
    let earlier = closed.sent.iter().filter(|line| line.kind == ShareKind::Diagnoses).nth(1).expect("the first list");
    assert_eq!(earlier.ended.as_ref().map(|(_, why)| why.as_str()), Some("差し替え"));

    // Told in the end, it is seen.
    let hidden = flagged.into_iter().find(|d| d.id == hidden.id).expect("there");
    house.flag(&hidden, Flags::default()).await;
    assert!(serde_json::to_string(&account(&house).await).expect("JSON").contains("胃癌"));

    // That it was made is on record; somebody of another house finds nobody.
    let administrator = house.at.one(Role::Administrator);
    let trail = act!(house.clinic, administrator, Administer, audit::audit_trail, None).expect("reads");
    assert!(trail.iter().any(|row| row.action == "share.account" && row.patient == Some(house.patient)));
}
