//! Documents of others as they are kept: whole, as they came, with what lists need beside them.

use crate::{Error, Fallible};
use chrono::{DateTime, NaiveDate, Utc};
use fhir::import::{Imported, Refusal, receive};
use links::ListedDocument;
use model::{codes::InstitutionNumber, date, ids::*, outside::NamedPatient, share::ShareKind};
use sqlx::{PgConnection, types::Json};
use std::collections::HashSet;
use uuid::Uuid;

/// Section of the purpose of a referral (紹介目的, 文書セクションコード 950).
const PURPOSE: &str = "950";
/// How much of the purpose lists show.
const PURPOSE_SHOWN: usize = 60;

/// A kept document without its content.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(super) struct Head {
    pub id: Uuid,
    pub patient_id: Option<Uuid>,
    pub kind: Option<String>,
    pub is_letter: bool,
    pub institution_number: String,
    pub institution: String,
    pub department: String,
    pub doctor: String,
    pub about: Json<NamedPatient>,
    pub purpose: String,
    pub made_on: NaiveDate,
    pub fetched_at: DateTime<Utc>,
    pub refused: Vec<String>,
    pub opened_at: Option<DateTime<Utc>>,
    pub gone_at: Option<DateTime<Utc>>,
    pub answers_letter: Option<Uuid>,
}

impl Head {
    /// Who shared it, for people.
    pub fn sender(&self) -> String {
        match (self.institution.is_empty(), self.institution_number.is_empty()) {
            (false, _) => self.institution.clone(),
            (true, false) => format!("医療機関番号 {}", self.institution_number),
            (true, true) => "医療機関不明".into(),
        }
    }

    /// What it is.
    pub fn kind(&self) -> Option<ShareKind> {
        self.kind.as_deref().and_then(ShareKind::parse)
    }

    /// A letter that its sender took back before anybody here read it: what it says is none of our business.
    pub fn never_ours(&self) -> bool {
        self.gone_at.is_some() && self.opened_at.is_none()
    }

    /// The letter that it answers, as it says; whether it is one of ours is to be seen.
    pub fn answered_letter(&self) -> Option<LetterId> {
        self.answers_letter.map(LetterId)
    }
}

/// The columns of [`Head`], for `select`.
macro_rules! head_columns {
    () => {
        "r.id, r.patient_id, r.kind, r.is_letter, r.institution_number, r.institution, r.department, r.doctor,
         r.about, r.purpose, r.made_on, r.fetched_at, r.refused, r.opened_at, r.gone_at, r.answers_letter"
    };
}
pub(super) use head_columns;

/// A kept document with its content.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(super) struct Kept {
    #[sqlx(flatten)]
    pub head: Head,
    pub content: Vec<u8>,
}

/// A document that was fetched, before it is kept.
pub(super) struct Fetched {
    pub listed: ListedDocument,
    pub bytes: Vec<u8>,
    pub read: Result<Imported, Refusal>,
}

/// Reads documents beside the reactor: checking the largest takes a while.
pub(super) async fn read_all(documents: Vec<Vec<u8>>) -> Fallible<Vec<(Vec<u8>, Result<Imported, Refusal>)>> {
    let work = move || documents.into_iter().map(|bytes| (receive(&bytes), bytes)).map(|(read, bytes)| (bytes, read)).collect();
    tokio::task::spawn_blocking(work).await.map_err(|error| Error::Broken(format!("reading a document: {error}")))
}

/// Reads one.
pub(super) async fn read_one(bytes: Vec<u8>) -> Fallible<(Vec<u8>, Result<Imported, Refusal>)> {
    read_all(vec![bytes]).await?.pop().ok_or_else(|| Error::Broken("a document read".into()))
}

/// Text that the database takes: it knows no NUL, and no name is longer than a few lines.
pub(super) fn clean(text: &str, most: usize) -> String {
    text.chars().filter(|c| *c != '\0').take(most).collect::<String>().trim().to_owned()
}

/// For whom and as what a document is kept.
#[derive(Debug, Clone, Copy)]
pub(super) struct Keeping<'a> {
    pub clinic: ClinicId,
    pub id: Uuid,
    pub now: DateTime<Utc>,
    pub patient: Option<PatientId>,
    /// Insured person's identifier it was listed under; none for a letter out of the mailbox.
    pub listed_under: Option<&'a str>,
}

/// Keeps a document; older ones of the same identifier stand no longer. Whether it was not here before.
pub(super) async fn keep(db: &mut PgConnection, keeping: Keeping<'_>, fetched: &Fetched) -> Fallible<bool> {
    let Fetched { listed, bytes, read } = fetched;
    let imported = read.as_ref().ok();
    let sender = imported.map(|i| i.sender.clone()).unwrap_or_default();
    let patient = imported.map(|i| i.patient.clone()).unwrap_or_default();
    let about = NamedPatient {
        member_id: clean(&patient.member_id, 100),
        name: clean(&patient.name, 100),
        kana: clean(&patient.kana, 100),
        sex: patient.sex,
        birth_date: patient.birth_date,
        address: clean(&patient.address, 200),
    };
    let identifier = match listed.identifier.is_empty() {
        true => imported.map(|i| i.identifier.as_str()).unwrap_or_default(),
        false => &listed.identifier,
    };
    let number = if sender.number.is_empty() { &listed.institution } else { &sender.number };
    let made_on = imported.and_then(|i| i.made_at).unwrap_or(listed.received_at);
    let kind = imported.map_or(listed.kind, |i| i.kind);
    let purpose = imported.and_then(|i| i.section(PURPOSE)).unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ");
    let refused: Vec<String> = match read {
        Ok(_) => Vec::new(),
        Err(refusal) => refusal.reasons.iter().map(|reason| clean(reason, 500)).collect(),
    };
    let name = match sender.name.is_empty() {
        true => known_name(db, number).await?,
        false => clean(&sender.name, 200),
    };
    let answers = clean(imported.and_then(|i| i.answers.as_deref()).unwrap_or_default(), 200);
    // The last part of the identifier of a letter of ours is the letter's id.
    let answers_letter: Option<Uuid> = answers.rsplit('^').next().and_then(|id| id.parse().ok());
    // The same again, or a letter that was seen by both doors: what is known of it is kept.
    let fresh: bool = sqlx::query_scalar(
        "insert into received (clinic_id, id, patient_id, receipt, identifier, kind, is_letter, institution_number, institution,
                               department, doctor, about, purpose, made_on, shared_at, fetched_at, content, refused, answers,
                               listed_under, answers_letter)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)
         on conflict on constraint received_once do update
         set is_letter = received.is_letter or excluded.is_letter,
             patient_id = coalesce(received.patient_id, excluded.patient_id),
             gone_at = null
         returning xmax = 0",
    )
    .bind(keeping.clinic.0)
    .bind(keeping.id)
    .bind(keeping.patient.map(|p| p.0))
    .bind(&listed.receipt)
    .bind(clean(identifier, 200))
    .bind(kind.map(ShareKind::as_str))
    .bind(keeping.listed_under.is_none())
    .bind(clean(number, 20))
    .bind(&name)
    .bind(clean(&sender.department, 100))
    .bind(clean(&sender.doctor, 100))
    .bind(Json(&about))
    .bind(clean(&purpose, PURPOSE_SHOWN))
    .bind(date::day_of(made_on))
    .bind(listed.received_at)
    .bind(keeping.now)
    .bind(bytes)
    .bind(&refused)
    .bind(&answers)
    .bind(keeping.listed_under.unwrap_or_default())
    .bind(answers_letter)
    .fetch_one(&mut *db)
    .await?;
    if !sender.name.is_empty() && !number.is_empty() {
        // Documents that came before with the number alone are now known by name.
        sqlx::query(
            "update received set institution = $2
             where clinic_id = current_clinic() and institution_number = $1 and institution = ''",
        )
        .bind(clean(number, 20))
        .bind(&name)
        .execute(&mut *db)
        .await?;
    }
    if !identifier.is_empty() {
        sqlx::query(
            "update received set gone_at = $4, version = version + 1
             where clinic_id = current_clinic() and identifier = $1 and receipt <> $2 and shared_at <= $3 and gone_at is null",
        )
        .bind(clean(identifier, 200))
        .bind(&listed.receipt)
        .bind(listed.received_at)
        .bind(keeping.now)
        .execute(db)
        .await?;
    }
    Ok(fresh)
}

/// The name of an institution, where a document or a letter of ours told it: lists of one kind carry the number only.
async fn known_name(db: &mut PgConnection, number: &str) -> Fallible<String> {
    let name: Option<String> = sqlx::query_scalar(
        "select name from (
             (select institution as name, 1 as place, shared_at as at from received
              where clinic_id = current_clinic() and institution_number = $1 and institution <> '' order by shared_at desc limit 1)
             union all
             (select form->>'to_institution', 2, saved_at from letter
              where clinic_id = current_clinic() and form->>'to_number' = $1 and issued_at is not null order by saved_at desc limit 1)
         ) known order by place limit 1",
    )
    .bind(clean(number, 20))
    .fetch_optional(db)
    .await?;
    Ok(name.unwrap_or_default())
}

/// Which of the documents listed are not here yet, our own left out, each once.
pub(super) async fn not_held(
    db: &mut PgConnection,
    who: &InstitutionNumber,
    listed: Vec<ListedDocument>,
) -> Fallible<Vec<ListedDocument>> {
    let receipts: Vec<&str> = listed.iter().map(|d| d.receipt.as_str()).collect();
    let held: Vec<String> =
        sqlx::query_scalar("select receipt from received where clinic_id = current_clinic() and receipt = any($1)")
            .bind(&receipts)
            .fetch_all(db)
            .await?;
    let mut held: HashSet<String> = held.into_iter().collect();
    Ok(listed.into_iter().filter(|d| d.institution != who.0 && held.insert(d.receipt.clone())).collect())
}

/// One kept document.
pub(super) async fn one(db: &mut PgConnection, id: ReceivedId) -> Fallible<Kept> {
    let query =
        concat!("select ", head_columns!(), ", r.content from received r where r.clinic_id = current_clinic() and r.id = $1");
    let kept: Option<Kept> = sqlx::query_as(query).bind(id.0).fetch_optional(db).await?;
    kept.ok_or_else(|| model::AppError::NotFound.into())
}
