//! Writing a paper: begun from the chart, saved while it is written, issued, or thrown away.

use super::{Kept, content, load, prefill, source};
use crate::{Error, Fallible, Grant, Tenant, audit, events::Event, patients, policy::WritePaper, sharing};
use chrono::{DateTime, Utc};
use model::{AppError, FieldError, Flaw, date, ids::*, paper::*, share::ShareKind};
use sqlx::types::Json;
use uuid::Uuid;

/// Begins a paper, filled with what the chart says. One that the same doctor began today and never touched is opened again:
/// pressing the button twice makes one paper.
pub async fn new_paper(tenant: &mut Tenant, _: &Grant<WritePaper>, patient: PatientId, kind: ShareKind) -> Fallible<Paper> {
    let blank = PaperForm::blank(kind).ok_or(FieldError::new("kind", Flaw::NotAChoice))?;
    let data = patients::load(tenant.db(), patient).await?;
    let author = tenant.me.staff.id;
    let begun: Option<(Uuid, DateTime<Utc>)> = sqlx::query_as(
        "select id, saved_at from paper
         where clinic_id = current_clinic() and patient_id = $1 and author_id = $2 and kind = $3 and version = 1
             and issued_at is null
         order by saved_at desc limit 1",
    )
    .bind(patient.0)
    .bind(author.0)
    .bind(kind.as_str())
    .fetch_optional(tenant.db())
    .await?;
    let today = tenant.today();
    if let Some((id, _)) = begun.filter(|(_, at)| date::day_of(*at) == today) {
        return Ok(load(tenant.db(), PaperId(id)).await?.paper);
    }
    let (form, detail) = prefill::form(tenant, &data, blank, today).await?;
    insert(tenant, patient, &form, "paper.begin", &detail).await
}

/// Begins a paper anew from an issued one, with everything that is written in it: for one that was withdrawn or not taken.
pub async fn rewrite_paper(tenant: &mut Tenant, _: &Grant<WritePaper>, paper: PaperId) -> Fallible<Paper> {
    let before = load(tenant.db(), paper).await?.paper;
    if before.issued_at.is_none() {
        return Err(AppError::conflict("下書きはそのまま書き続けられます。").into());
    }
    insert(tenant, before.patient, &before.form, "paper.rewrite", &format!("{} {paper}", before.form.kind().label())).await
}

/// A new draft of who is at work.
async fn insert(tenant: &mut Tenant, patient: PatientId, form: &PaperForm, action: &str, detail: &str) -> Fallible<Paper> {
    let (clinic, id, now, author) = (tenant.clinic(), tenant.new_id(), tenant.now, tenant.me.staff.id);
    sqlx::query(
        "insert into paper (clinic_id, id, patient_id, kind, form, title, author_id, saved_at, saved_by)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $7)",
    )
    .bind(clinic)
    .bind(id)
    .bind(patient.0)
    .bind(form.kind().as_str())
    .bind(Json(form))
    .bind(form.title())
    .bind(author.0)
    .bind(now)
    .execute(tenant.db())
    .await?;
    changed(tenant, patient, PaperId(id), action, detail).await
}

/// Saves the draft. Only what cannot be kept at all is refused.
pub async fn save_paper(
    tenant: &mut Tenant,
    _: &Grant<WritePaper>,
    paper: PaperId,
    form: PaperForm,
    version: i64,
) -> Fallible<Paper> {
    write(tenant, paper, &form, version).await?;
    Ok(load(tenant.db(), paper).await?.paper)
}

/// Issues the paper (発行): it stands from now on with what goes along, and its document goes into the outbox. What is missing is
/// named at its field.
pub async fn issue_paper(
    tenant: &mut Tenant,
    _: &Grant<WritePaper>,
    paper: PaperId,
    form: PaperForm,
    version: i64,
) -> Fallible<Paper> {
    let today = tenant.today();
    let before = load(tenant.db(), paper).await?.paper;
    refuse_issued(&before)?;
    refuse_other(&before, &form)?;
    let data = patients::load(tenant.db(), before.patient).await?;
    let choices = content::choices(tenant, &data, &form, today).await?;
    let mut flaws = form.too_long();
    flaws.extend(form.flaws(today));
    flaws.extend(content::unknown(&form, &choices));
    if !flaws.is_empty() {
        return Err(flaws.into());
    }
    let frozen = content::frozen(&form, choices);
    write(tenant, paper, &form, version).await?;
    let now = tenant.now;
    sqlx::query("update paper set issued_at = $2, content = $3 where clinic_id = current_clinic() and id = $1")
        .bind(paper.0)
        .bind(now)
        .bind(Json(&frozen))
        .execute(tenant.db())
        .await?;
    sharing::paper_issued(tenant, before.patient, paper).await?;
    changed(tenant, before.patient, paper, "paper.issue", form.kind().label()).await
}

/// Throws a draft away; an issued paper stays.
pub async fn discard_paper(tenant: &mut Tenant, _: &Grant<WritePaper>, paper: PaperId, version: i64) -> Fallible<()> {
    let before = load(tenant.db(), paper).await?.paper;
    refuse_issued(&before)?;
    let done =
        sqlx::query("delete from paper where clinic_id = current_clinic() and id = $1 and version = $2 and issued_at is null")
            .bind(paper.0)
            .bind(version)
            .execute(tenant.db())
            .await?;
    if done.rows_affected() == 0 {
        return Err(stale(tenant, paper, &before.form).await?);
    }
    audit::record(tenant, "paper.discard", Some(before.patient), Some(paper.0), before.form.kind().label()).await?;
    tenant.announce(Event::Chart(before.patient)).await
}

async fn write(tenant: &mut Tenant, paper: PaperId, form: &PaperForm, version: i64) -> Fallible<()> {
    let before = load(tenant.db(), paper).await?.paper;
    refuse_issued(&before)?;
    refuse_other(&before, form)?;
    let flaws = form.too_long();
    if !flaws.is_empty() {
        return Err(flaws.into());
    }
    let (now, staff) = (tenant.now, tenant.me.staff.id);
    let done = sqlx::query(
        "update paper set form = $3, title = $4, saved_at = $5, saved_by = $6, version = version + 1
         where clinic_id = current_clinic() and id = $1 and version = $2 and issued_at is null",
    )
    .bind(paper.0)
    .bind(version)
    .bind(Json(form))
    .bind(form.title())
    .bind(now)
    .bind(staff.0)
    .execute(tenant.db())
    .await?;
    if done.rows_affected() == 0 { Err(stale(tenant, paper, form).await?) } else { Ok(()) }
}

fn refuse_issued(paper: &Paper) -> Fallible<()> {
    match paper.issued_at {
        Some(_) => Err(AppError::conflict("発行済みの文書は変更できません。取り消して、新しく書いてください。").into()),
        None => Ok(()),
    }
}

/// A paper stays what it is, and what it was filled from.
fn refuse_other(paper: &Paper, form: &PaperForm) -> Fallible<()> {
    if paper.form.kind() != form.kind() {
        return Err(FieldError::new("kind", Flaw::NotAChoice).into());
    }
    if source::of(&paper.form) != source::of(form) {
        return Err(FieldError::new("source", Flaw::NotAChoice).into());
    }
    Ok(())
}

async fn stale(tenant: &mut Tenant, paper: PaperId, yours: &PaperForm) -> Fallible<Error> {
    let Kept { paper: now, .. } = load(tenant.db(), paper).await?;
    let (by, at): (String, DateTime<Utc>) = sqlx::query_as(
        "select s.name, p.saved_at from paper p join staff s on s.clinic_id = p.clinic_id and s.id = p.saved_by
         where p.clinic_id = current_clinic() and p.id = $1",
    )
    .bind(paper.0)
    .fetch_one(tenant.db())
    .await?;
    Ok(AppError::Stale { yours: yours.as_text(), theirs: now.form.as_text(), version: now.version, by, at }.into())
}

async fn changed(tenant: &mut Tenant, patient: PatientId, paper: PaperId, action: &str, detail: &str) -> Fallible<Paper> {
    audit::record(tenant, action, Some(patient), Some(paper.0), detail).await?;
    tenant.announce(Event::Chart(patient)).await?;
    Ok(load(tenant.db(), paper).await?.paper)
}
