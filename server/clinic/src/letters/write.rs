//! Writing a letter: begun from the chart, saved while it is written, issued, or thrown away.

use super::{enclosed, load};
use crate::{Error, Fallible, Grant, Tenant, audit, events::Event, patients, policy::WriteLetter, sharing};
use chrono::{DateTime, Utc};
use model::{AppError, FieldError, Flaw, date, ids::*, letter::*};
use sqlx::{PgConnection, types::Json};
use uuid::Uuid;

/// The most characters of one part of a letter.
const LONGEST: usize = 10_000;

/// Begins a letter, prefilled with what the latest notes say. One that the same doctor began today and never touched is opened
/// again: pressing the button twice makes one letter.
pub async fn new_letter(tenant: &mut Tenant, _: &Grant<WriteLetter>, patient: PatientId) -> Fallible<Letter> {
    patients::load(tenant.db(), patient).await?;
    let author = tenant.me.staff.id;
    let begun: Vec<(Uuid, DateTime<Utc>)> = sqlx::query_as(
        "select id, saved_at from letter l
         where clinic_id = current_clinic() and patient_id = $1 and author_id = $2 and version = 1 and issued_at is null
             and replies_to is null
             and not exists (select 1 from letter_file f where f.clinic_id = l.clinic_id and f.letter_id = l.id)
         order by saved_at desc limit 1",
    )
    .bind(patient.0)
    .bind(author.0)
    .fetch_all(tenant.db())
    .await?;
    let today = tenant.today();
    if let Some((id, _)) = begun.into_iter().find(|(_, at)| date::day_of(*at) == today) {
        return load(tenant.db(), LetterId(id)).await;
    }
    let form = from_latest_note(tenant.db(), patient).await?;
    insert(tenant, patient, &form, None, "letter.begin").await
}

/// Begins a letter anew from an issued one, with its words and files: for one that was withdrawn or not taken. It answers
/// what that one answered.
pub async fn rewrite_letter(tenant: &mut Tenant, _: &Grant<WriteLetter>, letter: LetterId) -> Fallible<Letter> {
    let before = load(tenant.db(), letter).await?;
    if before.issued_at.is_none() {
        return Err(AppError::conflict("下書きはそのまま書き続けられます。").into());
    }
    let begun = insert(tenant, before.patient, &before.form, before.replies_to, "letter.rewrite").await?;
    let (now, staff) = (tenant.now, tenant.me.staff.id);
    for file in &before.files {
        let id = tenant.new_id();
        sqlx::query(
            "insert into letter_file (clinic_id, id, letter_id, title, content_type, content, added_at, added_by)
             select clinic_id, $2, $3, title, content_type, content, $4, $5
             from letter_file where clinic_id = current_clinic() and id = $1",
        )
        .bind(file.id.0)
        .bind(id)
        .bind(begun.id.0)
        .bind(now)
        .bind(staff.0)
        .execute(tenant.db())
        .await?;
    }
    load(tenant.db(), begun.id).await
}

/// What the latest note says, where it belongs in a letter.
pub(super) async fn from_latest_note(db: &mut PgConnection, patient: PatientId) -> Fallible<LetterForm> {
    let latest: Option<(String, String, String, String)> = sqlx::query_as(
        "select n.subjective, n.objective, n.assessment, n.plan
         from note n join visit v on v.clinic_id = n.clinic_id and v.id = n.visit_id
         where n.clinic_id = current_clinic() and n.patient_id = $1 and v.state <> 'cancelled'
         order by v.visit_date desc, v.received_at desc limit 1",
    )
    .bind(patient.0)
    .fetch_optional(db)
    .await?;
    let (complaint, findings, assessment, plan) = latest.unwrap_or_default();
    let course = [assessment, plan].into_iter().filter(|part| !part.trim().is_empty()).collect::<Vec<_>>().join("\n");
    Ok(LetterForm { complaint, findings, course, ..LetterForm::default() })
}

/// A new draft of who is at work.
pub(super) async fn insert(
    tenant: &mut Tenant,
    patient: PatientId,
    form: &LetterForm,
    replies_to: Option<ReceivedId>,
    action: &str,
) -> Fallible<Letter> {
    let (clinic, id, now, author) = (tenant.clinic(), LetterId(tenant.new_id()), tenant.now, tenant.me.staff.id);
    sqlx::query(
        "insert into letter (clinic_id, id, patient_id, form, author_id, saved_at, saved_by, replies_to)
         values ($1, $2, $3, $4, $5, $6, $5, $7)",
    )
    .bind(clinic)
    .bind(id.0)
    .bind(patient.0)
    .bind(Json(form))
    .bind(author.0)
    .bind(now)
    .bind(replies_to.map(|received| received.0))
    .execute(tenant.db())
    .await?;
    changed(tenant, patient, id, action).await
}

/// Saves the draft.
pub async fn save_letter(
    tenant: &mut Tenant,
    _: &Grant<WriteLetter>,
    letter: LetterId,
    form: LetterForm,
    version: i64,
) -> Fallible<Letter> {
    check_length(&form)?;
    write(tenant, letter, &form, version).await?;
    load(tenant.db(), letter).await
}

/// Issues the letter (発行): it stands from now on with what goes along, and goes into the outbox. What is missing is named at
/// its field.
pub async fn issue_letter(
    tenant: &mut Tenant,
    _: &Grant<WriteLetter>,
    letter: LetterId,
    form: LetterForm,
    version: i64,
) -> Fallible<Letter> {
    check_length(&form)?;
    let needed = [
        ("to_institution", &form.to_institution),
        ("purpose", &form.purpose),
        ("complaint", &form.complaint),
        ("present_illness", &form.present_illness),
    ];
    let missing: Vec<FieldError> = needed
        .iter()
        .filter(|(_, text)| text.trim().is_empty())
        .map(|(field, _)| FieldError::new(*field, Flaw::Missing))
        .collect();
    if !missing.is_empty() {
        return Err(missing.into());
    }
    if !form.to_number.trim().is_empty() {
        model::codes::InstitutionNumber::parse(&form.to_number).map_err(|flaw| FieldError::new("to_number", flaw))?;
    }
    let patient = write(tenant, letter, &form, version).await?;
    let (now, today) = (tenant.now, tenant.today());
    let enclosed = enclosed::now(tenant.db(), patient, today).await?;
    sqlx::query("update letter set issued_at = $2, enclosed = $3 where clinic_id = current_clinic() and id = $1")
        .bind(letter.0)
        .bind(now)
        .bind(Json(&enclosed))
        .execute(tenant.db())
        .await?;
    sharing::letter_issued(tenant, patient, letter).await?;
    changed(tenant, patient, letter, "letter.issue").await
}

/// Throws a draft away with its files; an issued letter stays.
pub async fn discard_letter(tenant: &mut Tenant, _: &Grant<WriteLetter>, letter: LetterId, version: i64) -> Fallible<()> {
    let before = load(tenant.db(), letter).await?;
    refuse_issued(&before)?;
    let done =
        sqlx::query("delete from letter where clinic_id = current_clinic() and id = $1 and version = $2 and issued_at is null")
            .bind(letter.0)
            .bind(version)
            .execute(tenant.db())
            .await?;
    if done.rows_affected() == 0 {
        return Err(stale(tenant, &before, &before.form).await?);
    }
    audit::record(tenant, "letter.discard", Some(before.patient), Some(letter.0), "").await?;
    if let Some(answered) = before.replies_to {
        tenant.announce(Event::Inbox(answered)).await?;
    }
    tenant.announce(Event::Chart(before.patient)).await
}

async fn write(tenant: &mut Tenant, letter: LetterId, form: &LetterForm, version: i64) -> Fallible<PatientId> {
    let before = load(tenant.db(), letter).await?;
    refuse_issued(&before)?;
    let (now, staff) = (tenant.now, tenant.me.staff.id);
    let done = sqlx::query(
        "update letter set form = $3, saved_at = $4, saved_by = $5, version = version + 1
         where clinic_id = current_clinic() and id = $1 and version = $2 and issued_at is null",
    )
    .bind(letter.0)
    .bind(version)
    .bind(Json(form))
    .bind(now)
    .bind(staff.0)
    .execute(tenant.db())
    .await?;
    if done.rows_affected() == 0 { Err(stale(tenant, &before, form).await?) } else { Ok(before.patient) }
}

fn refuse_issued(letter: &Letter) -> Fallible<()> {
    match letter.issued_at {
        Some(_) => Err(AppError::conflict("発行済みの紹介状は変更できません。").into()),
        None => Ok(()),
    }
}

fn check_length(form: &LetterForm) -> Fallible<()> {
    let flaws: Vec<FieldError> = fields(form)
        .into_iter()
        .filter(|(_, _, text)| text.chars().count() > LONGEST || text.contains('\0'))
        .map(|(field, ..)| FieldError::new(field, Flaw::TooLong { max: LONGEST }))
        .collect();
    if flaws.is_empty() { Ok(()) } else { Err(flaws.into()) }
}

fn fields(form: &LetterForm) -> [(&'static str, &'static str, &str); 13] {
    [
        ("to_institution", "紹介先", &form.to_institution),
        ("to_number", "医療機関番号", &form.to_number),
        ("to_department", "診療科", &form.to_department),
        ("to_doctor", "医師", &form.to_doctor),
        ("purpose", "紹介目的", &form.purpose),
        ("complaint", "主訴", &form.complaint),
        ("present_illness", "現病歴", &form.present_illness),
        ("past_history", "既往歴", &form.past_history),
        ("family_history", "家族歴", &form.family_history),
        ("social_history", "社会歴・生活習慣", &form.social_history),
        ("findings", "身体所見", &form.findings),
        ("course", "臨床経過", &form.course),
        ("remarks", "備考", &form.remarks),
    ]
}

async fn stale(tenant: &mut Tenant, now: &Letter, yours: &LetterForm) -> Fallible<Error> {
    let text = |form: &LetterForm| fields(form).map(|(_, label, text)| format!("{label}: {text}")).join("\n");
    let (by, at): (String, DateTime<Utc>) = sqlx::query_as(
        "select s.name, l.saved_at from letter l join staff s on s.clinic_id = l.clinic_id and s.id = l.saved_by
         where l.clinic_id = current_clinic() and l.id = $1",
    )
    .bind(now.id.0)
    .fetch_one(tenant.db())
    .await?;
    Ok(AppError::Stale { yours: text(yours), theirs: text(&now.form), version: now.version, by, at }.into())
}

async fn changed(tenant: &mut Tenant, patient: PatientId, letter: LetterId, action: &str) -> Fallible<Letter> {
    audit::record(tenant, action, Some(patient), Some(letter.0), "").await?;
    tenant.announce(Event::Chart(patient)).await?;
    let now = load(tenant.db(), letter).await?;
    // The letter it answers shows its reply.
    if let Some(answered) = now.replies_to {
        tenant.announce(Event::Inbox(answered)).await?;
    }
    Ok(now)
}
