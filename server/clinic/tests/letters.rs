//! Letters and what goes along with them: files, what of the chart is enclosed and stays, replies, and where a letter stands.

use clinic::{
    Clinic, letters,
    policy::*,
    testing::{Founded, clinic, found, friday},
};
use model::{AppError, chart::DiagnosisForm, ids::*, letter::*, master::MasterKind, staff::*};
use sqlx::{Postgres, Transaction};

mod support;
use support::{code_of, register, whole_visit};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";

/// A transaction as the clinic's own.
async fn inside(clinic: &Clinic, at: &Founded) -> Transaction<'static, Postgres> {
    let mut tx = clinic.pool().begin().await.expect("begins");
    let id = at.staff[0].clinic.to_string();
    sqlx::query("select set_config('app.clinic_id', $1, true)").bind(id).execute(&mut *tx).await.expect("sets");
    tx
}

async fn add(clinic: &Clinic, doctor: &Me, letter: LetterId, name: &str, bytes: Vec<u8>) -> Result<Letter, AppError> {
    let file = letters::checked(name, bytes)?;
    act!(clinic, doctor, WriteLetter, letters::add_letter_file, letter, file)
}

fn whole(letter: &Letter) -> LetterForm {
    LetterForm {
        to_institution: "みなと整形外科".into(),
        to_number: "1310000003".into(),
        purpose: "精査のお願い".into(),
        complaint: "膝痛".into(),
        present_illness: "1か月前から左膝痛。".into(),
        family_history: "父 高血圧".into(),
        social_history: "喫煙なし".into(),
        ..letter.form.clone()
    }
}

async fn page(clinic: &Clinic, doctor: &Me, letter: LetterId) -> LetterPage {
    act!(clinic, doctor, ReadChart, letters::letter, letter).expect("reads")
}

/// A letter that came in, as it lies in the mailbox.
async fn incoming(clinic: &Clinic, at: &Founded, receipt: &str, patient: Option<PatientId>, change: &str) -> ReceivedId {
    let mut tx = inside(clinic, at).await;
    let id: uuid::Uuid = sqlx::query_scalar(
        r#"insert into received (clinic_id, id, patient_id, receipt, identifier, kind, is_letter, institution_number, institution,
                                 department, doctor, about, made_on, shared_at, fetched_at, content)
           values (current_clinic(), gen_random_uuid(), $1, $2, '1310000003^2026^theirs', 'referral', true, '1310000003',
                   '汐見台総合病院', '循環器内科', '汐見 太郎',
                   '{"member_id": "", "name": "", "kana": "", "sex": null, "birth_date": null, "address": ""}',
                   '2026-07-08', now(), now(), '{}')
           returning id"#,
    )
    .bind(patient.map(|patient| patient.0))
    .bind(receipt)
    .fetch_one(&mut *tx)
    .await
    .expect("a letter");
    if !change.is_empty() {
        let change = sqlx::AssertSqlSafe(format!("update received set {change} where id = '{id}'"));
        sqlx::query(change).execute(&mut *tx).await.expect("changes");
    }
    tx.commit().await.expect("commits");
    ReceivedId(id)
}

fn message(error: AppError) -> String {
    assert!(matches!(error, AppError::Conflict { .. }), "{error:?}");
    error.to_string()
}

#[tokio::test]
async fn files_go_along_within_bounds_and_stand_once_the_letter_is_issued() {
    let (clinic, _) = clinic().await;
    let (at, other) = (found(&clinic, "aoba").await, found(&clinic, "minato").await);
    let (doctor, desk) = (at.one(Role::Doctor), at.one(Role::Reception));
    let patient = register(&clinic, &desk, "ヤマダ", "ハナコ").await;
    let letter = act!(clinic, doctor, WriteLetter, letters::new_letter, patient).expect("begins");

    let with_one = add(&clinic, &doctor, letter.id, "IMG_2034.png", PNG.to_vec()).await.expect("adds");
    let picture = with_one.files[0].clone();
    assert_eq!((picture.title.as_str(), picture.content_type.as_str(), picture.size), ("IMG_2034", "image/png", 8));
    let with_two = add(&clinic, &doctor, letter.id, "報告書.pdf", b"%PDF-1.7 x".to_vec()).await.expect("adds");
    assert_eq!(with_two.files.len(), 2);
    assert_eq!(with_two.version, letter.version, "who writes meanwhile is not disturbed");
    // A draft with a file is no draft that was never touched.
    let another = act!(clinic, doctor, WriteLetter, letters::new_letter, patient).expect("begins");
    assert_ne!(another.id, letter.id);

    let named = act!(clinic, doctor, WriteLetter, letters::name_letter_file, letter.id, picture.id, " 胸部X線画像 ".into());
    // The clock of this test stands still, so that the order says nothing.
    let file = |letter: &Letter, test: &dyn Fn(&LetterFile) -> bool| letter.files.iter().find(|file| test(file)).cloned();
    let named = file(&named.expect("names"), &|file| file.id == picture.id).expect("is there");
    assert_eq!(named.title, "胸部X線画像");
    for bad in ["", "  ", &"あ".repeat(101), "a\nb"] {
        let refused = act!(clinic, doctor, WriteLetter, letters::name_letter_file, letter.id, picture.id, bad.into());
        assert!(matches!(refused, Err(AppError::Invalid { .. })), "{bad:?}");
    }

    // Together they are bounded, and one that is too large alone as well.
    let rest = usize::try_from(FILES_LIMIT).expect("fits") - 18;
    let of = |size: usize| [PNG.to_vec(), vec![0; size - PNG.len()]].concat();
    let refused = add(&clinic, &doctor, letter.id, "a.png", of(rest + 1)).await.expect_err("is too much");
    assert!(message(refused).contains("7 MB"));
    let full = add(&clinic, &doctor, letter.id, "a.png", of(rest)).await.expect("fits exactly");
    let large = file(&full, &|file| file.size == rest as u64).expect("is there");
    let removed = act!(clinic, doctor, WriteLetter, letters::remove_letter_file, letter.id, large.id);
    assert_eq!(removed.expect("removes").files.len(), 2);
    for _ in 2..FILES_MOST {
        add(&clinic, &doctor, letter.id, "x.png", PNG.to_vec()).await.expect("adds");
    }
    let refused = add(&clinic, &doctor, letter.id, "x.png", PNG.to_vec()).await.expect_err("is one too many");
    assert!(message(refused).contains("20個"));

    // Another clinic's staff find neither letter nor file.
    let stranger = other.one(Role::Doctor);
    assert_eq!(add(&clinic, &stranger, letter.id, "x.png", PNG.to_vec()).await.err(), Some(AppError::NotFound));
    assert_eq!(act!(clinic, stranger, WriteLetter, letters::may_add, letter.id).err(), Some(AppError::NotFound));
    assert_eq!(act!(clinic, stranger, ReadChart, letters::letter_file, picture.id).err(), Some(AppError::NotFound));
    let read = act!(clinic, desk, ReadChart, letters::letter_file, picture.id).expect("reads");
    assert_eq!((read.title.as_str(), read.bytes.as_slice()), ("胸部X線画像", PNG));

    // A draft that is thrown away takes its files along.
    let gone = add(&clinic, &doctor, another.id, "x.png", PNG.to_vec()).await.expect("adds");
    act!(clinic, doctor, WriteLetter, letters::discard_letter, another.id, another.version).expect("discards");
    assert_eq!(act!(clinic, desk, ReadChart, letters::letter_file, gone.files[0].id).err(), Some(AppError::NotFound));

    // Issued, they stand: for us, and in the database.
    let form = whole(&letter);
    act!(clinic, doctor, WriteLetter, letters::issue_letter, letter.id, form, letter.version).expect("issues");
    assert!(message(add(&clinic, &doctor, letter.id, "x.png", PNG.to_vec()).await.expect_err("stands")).contains("発行済み"));
    assert!(act!(clinic, doctor, WriteLetter, letters::may_add, letter.id).is_err());
    assert!(act!(clinic, doctor, WriteLetter, letters::remove_letter_file, letter.id, picture.id).is_err());
    assert!(act!(clinic, doctor, WriteLetter, letters::name_letter_file, letter.id, picture.id, "別".into()).is_err());
    for statement in [
        "delete from letter_file where clinic_id = current_clinic()",
        "update letter_file set title = 'x' where clinic_id = current_clinic()",
        "insert into letter_file select clinic_id, gen_random_uuid(), letter_id, title, content_type, content, added_at, added_by
         from letter_file where clinic_id = current_clinic()",
    ] {
        let mut tx = inside(&clinic, &at).await;
        assert!(sqlx::query(statement).execute(&mut *tx).await.is_err(), "{statement}");
    }
    assert_eq!(page(&clinic, &doctor, letter.id).await.letter.files.len(), FILES_MOST);
}

#[tokio::test]
async fn an_issued_letter_says_ever_after_what_it_said() {
    let (clinic, _) = clinic().await;
    let at = found(&clinic, "aoba").await;
    let (doctor, desk) = (at.one(Role::Doctor), at.one(Role::Reception));
    let patient = register(&clinic, &desk, "ヤマダ", "ハナコ").await;
    whole_visit(&clinic, &doctor, &desk, patient).await;
    let letter = act!(clinic, doctor, WriteLetter, letters::new_letter, patient).expect("begins");
    let draft = page(&clinic, &doctor, letter.id).await;
    let drugs: Vec<&str> =
        draft.enclosed.drugs.iter().flat_map(|one| one.rp.items.iter()).map(|item| item.name.as_str()).collect();
    assert!(drugs.len() == 1 && drugs[0].contains("ロキソプロフェン"), "{drugs:?}");
    assert_eq!(draft.enclosed.drugs[0].prescribed_on, model::date::day_of(friday()));
    let report = draft.enclosed.report.as_ref().expect("the latest report");
    assert_eq!(report.results[0].name, "C反応性蛋白(CRP)");
    assert_eq!((draft.enclosed.diagnoses.len(), draft.enclosed.allergies.len()), (1, 1));

    act!(clinic, doctor, WriteLetter, letters::issue_letter, letter.id, whole(&letter), letter.version).expect("issues");
    let diagnosis = DiagnosisForm {
        code: code_of(&clinic, MasterKind::Disease, "高血圧症"),
        modifiers: Vec::new(),
        started_on: "2026-07-10".into(),
        principal: false,
    };
    act!(clinic, doctor, CodeDiagnosis, diagnoses::add_diagnosis, patient, diagnosis).expect("codes");
    let issued = page(&clinic, &doctor, letter.id).await;
    assert_eq!(issued.enclosed, draft.enclosed, "not what was found since");
    assert_eq!(issued.letter.form.family_history, "父 高血圧");

    // Written anew: words and files, and the chart as it is now.
    let draft = act!(clinic, doctor, WriteLetter, letters::rewrite_letter, letter.id).expect("begins anew");
    assert_eq!((draft.form.purpose.as_str(), draft.issued_at), ("精査のお願い", None));
    assert_eq!(page(&clinic, &doctor, draft.id).await.enclosed.diagnoses.len(), 2);
    assert!(
        message(act!(clinic, doctor, WriteLetter, letters::rewrite_letter, draft.id).expect_err("a draft")).contains("下書き")
    );
}

#[tokio::test]
async fn a_reply_goes_to_who_wrote_and_is_begun_once() {
    let (clinic, _) = clinic().await;
    let (at, other) = (found(&clinic, "aoba").await, found(&clinic, "minato").await);
    let (doctor, desk) = (at.one(Role::Doctor), at.one(Role::Reception));
    let patient = register(&clinic, &desk, "ヤマダ", "ハナコ").await;

    let unknown = incoming(&clinic, &at, "R-1", None, "").await;
    assert!(message(act!(clinic, doctor, WriteLetter, letters::begin_reply, unknown).expect_err("whose?")).contains("患者"));
    let broken = incoming(&clinic, &at, "R-2", Some(patient), "refused = '{壊れています}'").await;
    assert!(message(act!(clinic, doctor, WriteLetter, letters::begin_reply, broken).expect_err("broken")).contains("読めない"));
    let gone = incoming(&clinic, &at, "R-3", Some(patient), "gone_at = now()").await;
    assert!(message(act!(clinic, doctor, WriteLetter, letters::begin_reply, gone).expect_err("gone")).contains("取り消し"));
    let no_letter = incoming(&clinic, &at, "R-4", Some(patient), "is_letter = false").await;
    assert_eq!(act!(clinic, doctor, WriteLetter, letters::begin_reply, no_letter).err(), Some(AppError::NotFound));

    let received = incoming(&clinic, &at, "R-5", Some(patient), "").await;
    let stranger = other.one(Role::Doctor);
    assert_eq!(act!(clinic, stranger, WriteLetter, letters::begin_reply, received).err(), Some(AppError::NotFound));
    let reply = act!(clinic, doctor, WriteLetter, letters::begin_reply, received).expect("begins");
    assert_eq!(reply.replies_to, Some(received));
    let LetterForm { to_institution, to_number, to_department, to_doctor, purpose, present_illness, .. } = &reply.form;
    assert_eq!(
        [to_institution, to_number, to_department, to_doctor],
        ["汐見台総合病院", "1310000003", "循環器内科", "汐見 太郎"]
    );
    assert!(purpose.contains("山田 花子様") && purpose.contains("令和8年7月8日"), "{purpose}");
    assert!(present_illness.is_empty(), "nothing is invented");
    let again = act!(clinic, doctor, WriteLetter, letters::begin_reply, received).expect("opens");
    assert_eq!(again.id, reply.id, "pressed twice, one reply");
    let answered = page(&clinic, &doctor, reply.id).await.answered.expect("what it answers");
    assert_eq!(answered.line(), "汐見台総合病院 汐見 太郎先生からのご紹介（2026-07-08付）");
    // A new letter is a letter of its own.
    let letter = act!(clinic, doctor, WriteLetter, letters::new_letter, patient).expect("begins");
    assert_ne!(letter.id, reply.id);
    let chart = act!(clinic, doctor, ReadChart, chart::open_chart, patient).expect("opens");
    let replies: Vec<bool> = chart.letters.iter().map(|one| one.is_reply).collect();
    assert_eq!(replies.iter().filter(|is_reply| **is_reply).count(), 1);
}

#[tokio::test]
async fn the_document_carries_what_the_paper_says_and_names_the_letter_it_answers() {
    let (clinic, _) = clinic().await;
    let at = found(&clinic, "aoba").await;
    let (doctor, desk) = (at.one(Role::Doctor), at.one(Role::Reception));
    let patient = register(&clinic, &desk, "ヤマダ", "ハナコ").await;
    whole_visit(&clinic, &doctor, &desk, patient).await;
    let received = incoming(&clinic, &at, "R-1", Some(patient), "").await;
    let reply = act!(clinic, doctor, WriteLetter, letters::begin_reply, received).expect("begins");
    add(&clinic, &doctor, reply.id, "胸部X線.png", PNG.to_vec()).await.expect("adds");
    // As much as may go along still fits into one transmission.
    let rest = usize::try_from(FILES_LIMIT).expect("fits") - PNG.len();
    let pdf = [b"%PDF-1.7 ".to_vec(), vec![b'x'; rest - 9]].concat();
    add(&clinic, &doctor, reply.id, "報告書.pdf", pdf).await.expect("adds");
    act!(clinic, doctor, WriteLetter, letters::issue_letter, reply.id, whole(&reply), reply.version).expect("issues");

    let mut tx = inside(&clinic, &at).await;
    let (state, bundle): (String, serde_json::Value) =
        sqlx::query_as("select state, bundle from outbox where kind = 'referral' and subject_id = $1")
            .bind(reply.id.0)
            .fetch_one(&mut *tx)
            .await
            .expect("a document");
    assert_eq!(state, "waiting", "our own validator takes it");
    let text = bundle.to_string();
    assert!(text.len() < 10_000_000, "{} bytes", text.len());
    for words in ["1310000003^2026^theirs", "父 高血圧", "喫煙なし", "ロキソプロフェン", "胸部X線", "application/pdf", "CRP"]
    {
        assert!(text.contains(words), "{words}");
    }
    let resources: Vec<&str> =
        bundle["entry"].as_array().expect("entries").iter().filter_map(|e| e["resource"]["resourceType"].as_str()).collect();
    let count = |kind: &str| resources.iter().filter(|resource| **resource == kind).count();
    assert_eq!((count("DocumentReference"), count("MedicationRequest"), count("Condition")), (2, 1, 1), "{resources:?}");
}

#[tokio::test]
async fn a_letter_is_sent_opened_and_answered() {
    let (clinic, _) = clinic().await;
    let at = found(&clinic, "aoba").await;
    let (doctor, desk) = (at.one(Role::Doctor), at.one(Role::Reception));
    let patient = register(&clinic, &desk, "ヤマダ", "ハナコ").await;
    whole_visit(&clinic, &doctor, &desk, patient).await;
    let listed = async || act!(clinic, doctor, ReadChart, chart::open_chart, patient).expect("opens").letters.remove(0);
    let letter = listed().await;
    assert_eq!(letter.standing.share.as_ref().map(|state| state.label()), Some("送信待ち"));
    assert!(letter.standing.document.is_some() && letter.standing.received_at.is_none() && letter.standing.reply.is_none());

    let mut tx = inside(&clinic, &at).await;
    sqlx::query("update outbox set state = 'sent', attempts = 1, receipt = 'R-9', taken_at = $1, received_at = $1 where kind = 'referral'")
        .bind(friday())
        .execute(&mut *tx)
        .await
        .expect("sends");
    tx.commit().await.expect("commits");
    let answers = format!("answers = '1310000001^2026^{}'", letter.id);
    let reply = incoming(&clinic, &at, "R-1", Some(patient), &answers).await;
    // Neither what its sender took back nor what answers another letter.
    incoming(&clinic, &at, "R-2", Some(patient), &format!("{answers}, gone_at = now(), made_on = '2026-07-20'")).await;
    incoming(&clinic, &at, "R-3", Some(patient), &format!("answers = '1310000001^2026^{patient}'")).await;
    let letter = listed().await;
    assert_eq!(letter.standing.share.as_ref().map(|state| state.label()), Some("送信済"));
    assert_eq!((letter.standing.received_at, letter.standing.reply), (Some(friday()), Some(reply)));
    assert_eq!(page(&clinic, &doctor, letter.id).await.letter.standing, letter.standing);

    // Taken back, it was opened all the same.
    let document = letter.standing.document.expect("a document");
    act!(clinic, doctor, Share, sharing::withdraw, document).expect("takes back");
    let letter = listed().await;
    assert_eq!(letter.standing.share.as_ref().map(|state| state.label()), Some("取消待ち"));
    assert_eq!((letter.standing.received_at, letter.standing.document), (Some(friday()), Some(document)));
    assert_eq!(
        act!(clinic, doctor, Share, sharing::withdraw, document).map(|_| ()).map_err(message),
        Err("この文書はすでに取り消されています。".into())
    );
}
