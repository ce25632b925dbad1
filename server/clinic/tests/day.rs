//! The clinic's day at the level of use cases: what is refused, what is kept, what nobody can overwrite.

use clinic::{
    policy::*,
    testing::{clinic, found},
};
use model::{AppError, Flaw, chart::*, patient::*, share::ShareKind, staff::*, visit::*};

mod support;
use support::{form, register, whole_visit};

#[tokio::test]
async fn a_likely_duplicate_is_shown_before_it_is_saved() {
    let (clinic, _) = clinic().await;
    let at = found(&clinic, "aoba").await;
    let desk = at.one(Role::Reception);
    register(&clinic, &desk, "ヤマダ", "ハナコ").await;
    let again = act!(clinic, desk, RegisterPatient, patients::register, form("やまだ", "ﾊﾅｺ"), false).expect("answers");
    let Registration::LikelyDuplicates { candidates } = again else { panic!("saved without a question") };
    assert_eq!(candidates.len(), 1);
    assert!(candidates[0].reason.contains("生年月日"), "{}", candidates[0].reason);
    let despite = act!(clinic, desk, RegisterPatient, patients::register, form("やまだ", "ﾊﾅｺ"), true).expect("answers");
    assert!(matches!(despite, Registration::Registered { number: 2, .. }));
}

#[tokio::test]
async fn one_box_finds_a_patient_however_it_is_typed() {
    let (clinic, _) = clinic().await;
    let at = found(&clinic, "aoba").await;
    let desk = at.one(Role::Reception);
    register(&clinic, &desk, "ヤマダ", "ハナコ").await;
    register(&clinic, &desk, "スズキ", "イチロウ").await;
    let cases = [
        ("やまだ", 1),
        ("ヤマダ ハナコ", 1),
        ("ﾔﾏﾀﾞ　ﾊﾅｺ ", 1),
        ("やまだはな", 1),
        ("山田", 2),
        ("山田 花子", 2),
        ("はなこ", 1),
        ("ハナコ", 1),
        ("1", 1),
        ("１", 1),
        ("S56.3.2", 2),
        ("昭和56年3月2日", 2),
        ("1981-03-02", 2),
        ("19810302", 2),
        ("03-0000-0002", 2),
        ("0300000002", 2),
        ("さとう", 0),
        ("'; drop table patient; --", 0),
    ];
    for (query, expected) in cases {
        let found = act!(clinic, desk, FindPatient, patients::find, query.into()).expect("finds");
        assert_eq!(found.len(), expected, "{query}");
    }
}

#[tokio::test]
async fn checking_in_twice_is_refused_in_words() {
    let (clinic, _) = clinic().await;
    let at = found(&clinic, "aoba").await;
    let desk = at.one(Role::Reception);
    let patient = register(&clinic, &desk, "ヤマダ", "ハナコ").await;
    let visit = act!(clinic, desk, CheckIn, reception::check_in, patient, "車いす".into()).expect("checks in");
    assert_eq!((visit.kind, visit.state), (VisitKind::First, VisitState::Received));
    let twice = act!(clinic, desk, CheckIn, reception::check_in, patient, "".into());
    assert!(matches!(twice, Err(AppError::Conflict { message }) if message.contains("すでに受付")));
    let cancelled =
        act!(clinic, desk, MoveVisit, reception::move_visit, visit.id, VisitState::Cancelled, visit.version).expect("cancels");
    act!(clinic, desk, CheckIn, reception::check_in, patient, "".into()).expect("checks in anew");
    let undone = act!(clinic, desk, MoveVisit, reception::move_visit, visit.id, VisitState::Received, cancelled.version);
    assert!(matches!(undone, Err(AppError::Conflict { .. })), "two open visits a day");
}

#[tokio::test]
async fn a_stale_draft_comes_back_with_both_texts() {
    let (clinic, _) = clinic().await;
    let at = found(&clinic, "aoba").await;
    let (doctor, nurse, desk) = (at.one(Role::Doctor), at.one(Role::Nurse), at.one(Role::Reception));
    let patient = register(&clinic, &desk, "ヤマダ", "ハナコ").await;
    let visit = act!(clinic, desk, CheckIn, reception::check_in, patient, "".into()).expect("checks in");
    let soap = |text: &str| Soap { subjective: text.into(), ..Soap::default() };
    let first = act!(clinic, doctor, WriteNote, notes::save_draft, visit.id, soap("医師の記載"), 0).expect("saves");
    let both_new = act!(clinic, nurse, WriteNote, notes::save_draft, visit.id, soap("看護師の記載"), 0);
    let Err(AppError::Stale { yours, theirs, version, by, .. }) = both_new else { panic!("{both_new:?}") };
    assert!(yours.contains("看護師の記載") && theirs.contains("医師の記載"));
    assert_eq!((version, by), (first.version, doctor.staff.name.clone()));
    let second = act!(clinic, nurse, WriteNote, notes::save_draft, visit.id, soap("二人の記載"), version)
        .expect("saves over what was seen");
    let stale = act!(clinic, doctor, WriteNote, notes::save_draft, visit.id, soap("古い版から"), first.version);
    assert!(matches!(stale, Err(AppError::Stale { version, .. }) if version == second.version));
}

#[tokio::test]
async fn of_fifty_writers_none_is_lost_silently() {
    let (clinic, _) = clinic().await;
    let at = found(&clinic, "aoba").await;
    let (doctor, desk) = (at.one(Role::Doctor), at.one(Role::Reception));
    let patient = register(&clinic, &desk, "ヤマダ", "ハナコ").await;
    let visit = act!(clinic, desk, CheckIn, reception::check_in, patient, "".into()).expect("checks in").id;
    let writers = (0..50).map(|i| {
        let (clinic, doctor) = (clinic.clone(), doctor.clone());
        tokio::spawn(async move {
            let (mut version, mine) = (0, format!("[{i}]"));
            let mut text = mine.clone();
            loop {
                let soap = Soap { subjective: text.clone(), ..Soap::default() };
                match act!(clinic, doctor, WriteNote, notes::save_draft, visit, soap, version) {
                    Ok(_) => return,
                    Err(AppError::Stale { theirs, version: now, .. }) => {
                        let theirs =
                            theirs.lines().next().and_then(|line| line.strip_prefix("S: ")).unwrap_or_default().to_owned();
                        (version, text) = (now, format!("{theirs}{mine}"));
                    }
                    Err(AppError::Unavailable) => {}
                    Err(other) => panic!("{other:?}"),
                }
            }
        })
    });
    for writer in writers.collect::<Vec<_>>() {
        writer.await.expect("no writer panics");
    }
    let chart = act!(clinic, doctor, ReadChart, chart::open_chart, patient).expect("opens");
    let text = chart.today.and_then(|page| page.note).expect("a note").soap.subjective;
    assert!((0..50).all(|i| text.contains(&format!("[{i}]"))), "{text}");
}

#[tokio::test]
async fn a_confirmed_note_is_immutable_and_an_amendment_keeps_the_old_text() {
    let (clinic, _) = clinic().await;
    let at = found(&clinic, "aoba").await;
    let (doctor, desk) = (at.one(Role::Doctor), at.one(Role::Reception));
    let patient = register(&clinic, &desk, "ヤマダ", "ハナコ").await;
    let (_, visit) = whole_visit(&clinic, &doctor, &desk, patient).await;
    let chart = act!(clinic, doctor, ReadChart, chart::open_chart, patient).expect("opens");
    let page = chart.today.expect("today's visit");
    let note = page.note.expect("a note");
    assert_eq!(page.visit.state, VisitState::Done);
    assert_eq!(note.revisions.len(), 1);
    let old = &note.revisions[0];
    assert_eq!((old.soap.plan.as_str(), old.reason.as_str(), &old.replaced_by.id), ("", "計画の書き漏らし", &doctor.staff.id));
    assert_eq!(note.soap.plan, "2週後に再診。");

    let draft = act!(clinic, doctor, WriteNote, notes::save_draft, visit, Soap::default(), note.version);
    assert!(matches!(draft, Err(AppError::Conflict { .. })));
    let order = act!(clinic, doctor, Order, orders::repeat_last, visit);
    assert!(matches!(order, Err(AppError::Conflict { .. })), "orders of a confirmed visit stand");

    // Nor can a statement that forgets the rule: the table itself refuses.
    let mut tx = clinic.pool().begin().await.expect("begins");
    sqlx::query("select set_config('app.clinic_id', $1, true)")
        .bind(doctor.clinic.to_string())
        .execute(&mut *tx)
        .await
        .expect("sets");
    let overwrite =
        sqlx::query("update note set subjective = '書き換え' where visit_id = $1").bind(visit.0).execute(&mut *tx).await;
    assert!(overwrite.expect_err("is refused").to_string().contains("immutable"));
}

#[tokio::test]
async fn confirming_leaves_documents_in_the_outbox_and_the_statement_adds_up() {
    let (clinic, _) = clinic().await;
    let at = found(&clinic, "aoba").await;
    let (doctor, desk) = (at.one(Role::Doctor), at.one(Role::Reception));
    let patient = register(&clinic, &desk, "ヤマダ", "ハナコ").await;
    let (_, visit) = whole_visit(&clinic, &doctor, &desk, patient).await;
    let shared = act!(clinic, doctor, ReadChart, sharing::shared, patient).expect("lists");
    for kind in [ShareKind::Allergies, ShareKind::Diagnoses, ShareKind::LabReport, ShareKind::Referral] {
        let document = shared.iter().find(|d| d.kind == kind).unwrap_or_else(|| panic!("no document for {}", kind.label()));
        assert_eq!(document.state.label(), "送信待ち", "{document:?}");
    }
    let bill = act!(clinic, desk, ReadBill, billing::bill, visit).expect("bills");
    let sum: i64 = bill.statement.lines.iter().map(|line| line.total().0).sum();
    assert_eq!(bill.statement.points.0, sum);
    assert!(
        bill.statement.lines.iter().all(|line| !line.reason.is_empty() && !line.citation.is_empty()),
        "{:#?}",
        bill.statement.lines
    );
    let receipt = bill.receipt.expect("was paid");
    assert_eq!(receipt.change.0, 10_000 - receipt.due.0);
    assert_eq!(receipt.due, bill.statement.payment.patient_yen);
}

#[tokio::test]
async fn paying_twice_takes_once_and_undoing_keeps_the_trail() {
    let (clinic, _) = clinic().await;
    let at = found(&clinic, "aoba").await;
    let (doctor, desk, admin) = (at.one(Role::Doctor), at.one(Role::Reception), at.one(Role::Administrator));
    let patient = register(&clinic, &desk, "ヤマダ", "ハナコ").await;
    let (_, visit) = whole_visit(&clinic, &doctor, &desk, patient).await;
    let again = act!(clinic, desk, TakePayment, billing::take_payment, visit, 99_999, 0).expect("answers as before");
    assert_eq!(again.receipt.as_ref().map(|r| (r.number, r.tendered.0)), Some((1, 10_000)));
    let undone = act!(clinic, desk, TakePayment, billing::undo_payment, visit, again.visit.version).expect("undoes");
    assert_eq!((undone.visit.state, undone.receipt), (VisitState::AwaitingPayment, None));
    let short = act!(
        clinic,
        desk,
        TakePayment,
        billing::take_payment,
        visit,
        undone.statement.payment.patient_yen.0 - 1,
        undone.visit.version
    );
    assert!(matches!(&short, Err(e) if e.at("tendered").is_some()), "{short:?}");
    let trail = act!(clinic, admin, Administer, admin::audit_trail, None).expect("reads");
    let actions: Vec<&str> = trail.iter().map(|row| row.action.as_str()).collect();
    for action in ["payment.take", "payment.undo", "note.confirm", "note.amend", "chart.open", "share.queue", "letter.issue"] {
        assert!(actions.contains(&action), "{action} is not in the trail");
    }
}

#[tokio::test]
async fn bad_input_is_named_at_its_field() {
    let (clinic, _) = clinic().await;
    let at = found(&clinic, "aoba").await;
    let (doctor, desk) = (at.one(Role::Doctor), at.one(Role::Reception));
    let patient = register(&clinic, &desk, "ヤマダ", "ハナコ").await;
    let unknown = DiagnosisForm { code: "9999999".into(), started_on: "2026-07-10".into(), ..Default::default() };
    let refused = act!(clinic, doctor, CodeDiagnosis, diagnoses::add_diagnosis, patient, unknown);
    assert!(
        matches!(&refused, Err(AppError::Invalid { fields }) if matches!(fields[0].flaw, Flaw::UnknownCode { .. })),
        "{refused:?}"
    );
    let mut wrong = form("ヤマダ", "ジロウ");
    wrong.insurance.insurer = "06130489".into();
    wrong.birth_date = "昭和64年2月1日".into();
    let refused = act!(clinic, desk, RegisterPatient, patients::register, wrong, false).expect_err("two flaws");
    assert!(refused.at("birth_date").is_some() && refused.at("insurance.insurer").is_some());
}

#[tokio::test]
async fn five_wrong_passwords_make_the_sixth_wait() {
    let (clinic, clock) = clinic().await;
    let at = found(&clinic, "aoba").await;
    let form = |password: &str| SignInForm { clinic: "aoba".into(), login: "doctor".into(), password: password.into() };
    for _ in 0..5 {
        assert_eq!(clinic.sign_in(form("違う"), None, "t").await.err(), Some(AppError::WrongPassword));
    }
    let right = clinic::testing::PASSWORD;
    assert!(matches!(clinic.sign_in(form(right), None, "t").await, Err(AppError::TooMany { .. })));
    clock.set(clinic::testing::friday() + chrono::Duration::minutes(6));
    let (_, cookie) = clinic.sign_in(form(right), None, "t").await.expect("signs in after waiting");
    assert_eq!(clinic.me(Some(&cookie), "t").await.expect("knows").map(|me| me.staff.role), Some(Role::Doctor));
    clock.set(clinic::testing::friday() + chrono::Duration::hours(5));
    assert_eq!(clinic.me(Some(&cookie), "t").await, Ok(None), "an idle session ends");
    assert_eq!(at.staff.len(), 4);
}

#[tokio::test]
async fn the_starter_masters_hold_every_code_that_the_fee_rules_add_by_themselves() {
    let (clinic, _) = clinic().await;
    let masters = clinic.masters();
    let r6 = chrono::NaiveDate::from_ymd_opt(2026, 5, 1).expect("a day");
    let missing: Vec<&str> = fee::implied_codes()
        .into_iter()
        .chain(fee::following_codes())
        .filter(|code| masters.procedure(code, clinic.today()).is_none() && masters.procedure(code, r6).is_none())
        .collect();
    assert_eq!(missing, Vec::<&str>::new());
}
