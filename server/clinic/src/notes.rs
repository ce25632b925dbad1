//! The note of a visit: a draft while it is written, immutable once confirmed, amended with the old text kept.

use crate::{
    Error, Fallible, Grant, Tenant, audit,
    chart::visit_page,
    events::Event,
    orders,
    policy::{ConfirmNote, WriteNote},
    reception::{self, set_state},
};
use chrono::{DateTime, Utc};
use model::{AppError, Flaw, chart::*, ids::*, staff::*, visit::*};
use sqlx::PgConnection;
use std::collections::HashMap;
use uuid::Uuid;

/// The most characters of one part of a note.
const LONGEST: usize = 20_000;

/// The doctor or nurse takes the patient in: 受付 → 診察, and the note is begun. Doing it again changes nothing.
pub async fn begin_visit(tenant: &mut Tenant, _: &Grant<WriteNote>, visit: VisitId) -> Fallible<VisitPage> {
    let before = reception::hold(tenant.db(), visit).await?;
    if before.state == VisitState::Received {
        set_state(tenant, &before, VisitState::InConsultation, before.version).await?;
    }
    if before.doctor.is_none() && tenant.me.staff.role == Role::Doctor && before.state != VisitState::Cancelled {
        take_over(tenant, &before).await?;
    }
    visit_page(tenant.db(), visit).await
}

/// The doctor who writes becomes the doctor of the visit.
async fn take_over(tenant: &mut Tenant, visit: &Visit) -> Fallible<()> {
    let staff = tenant.me.staff.id;
    sqlx::query("update visit set doctor_id = $2, version = version + 1 where clinic_id = current_clinic() and id = $1")
        .bind(visit.id.0)
        .bind(staff.0)
        .execute(tenant.db())
        .await?;
    audit::record(tenant, "visit.take_over", Some(visit.patient), Some(visit.id.0), "").await?;
    tenant.announce(Event::Board(visit.id)).await?;
    tenant.announce(Event::Chart(visit.patient)).await
}

/// Saves the draft. Version 0 begins it. If somebody else saved meanwhile, both texts come back and nothing is lost.
pub async fn save_draft(tenant: &mut Tenant, _: &Grant<WriteNote>, visit: VisitId, soap: Soap, version: i64) -> Fallible<Note> {
    check_length(&soap)?;
    let owner = reception::hold(tenant.db(), visit).await?;
    match owner.state {
        VisitState::Received | VisitState::InConsultation => {}
        VisitState::Cancelled => return Err(AppError::conflict("取り消された受付には記載できません。").into()),
        _ => return Err(AppError::conflict("確定済みの記載です。訂正・追記をお使いください。").into()),
    }
    write(tenant, &owner, &soap, version).await?;
    of_visit(tenant.db(), visit).await?.ok_or_else(|| AppError::NotFound.into())
}

/// Writes the text of a note that is not confirmed.
async fn write(tenant: &mut Tenant, visit: &Visit, soap: &Soap, version: i64) -> Fallible<()> {
    let (clinic, now, staff, id) = (tenant.clinic(), tenant.now, tenant.me.staff.id, tenant.new_id());
    let sql = if version == 0 {
        "insert into note (clinic_id, id, visit_id, patient_id, subjective, objective, assessment, plan, author_id, saved_at, saved_by)
         values ($9, $10, $1, $11, $3, $4, $5, $6, $8, $7, $8)
         on conflict (clinic_id, visit_id) do nothing"
    } else {
        "update note set subjective = $3, objective = $4, assessment = $5, plan = $6, saved_at = $7, saved_by = $8, version = version + 1
         where clinic_id = $9 and visit_id = $1 and version = $2 and confirmed_at is null and $10::uuid is not null and $11::uuid is not null"
    };
    let written = sqlx::query(sql)
        .bind(visit.id.0)
        .bind(version)
        .bind(&soap.subjective)
        .bind(&soap.objective)
        .bind(&soap.assessment)
        .bind(&soap.plan)
        .bind(now)
        .bind(staff.0)
        .bind(clinic)
        .bind(id)
        .bind(visit.patient.0)
        .execute(tenant.db())
        .await?;
    if written.rows_affected() == 0 { Err(stale(tenant, visit.id, soap).await?) } else { Ok(()) }
}

/// Confirms a visit (確定): the text and the orders stand from now on, documents go into the outbox, the patient goes to pay.
pub async fn confirm(
    tenant: &mut Tenant,
    _: &Grant<ConfirmNote>,
    visit: VisitId,
    soap: Soap,
    version: i64,
) -> Fallible<VisitPage> {
    check_length(&soap)?;
    if soap.is_blank() {
        let message = "記載がないため確定できません。".into();
        return Err(AppError::field("subjective", Flaw::Rule { message }).into());
    }
    let before = reception::hold(tenant.db(), visit).await?;
    if !before.state.may_become(VisitState::AwaitingPayment) || before.state == VisitState::Done {
        let message = format!("「{}」の受診は確定できません。", before.state.label());
        return Err(AppError::conflict(message).into());
    }
    let stored = of_visit(tenant.db(), visit).await?;
    if stored.as_ref().is_none_or(|note| note.soap != soap || note.version != version) {
        write(tenant, &before, &soap, version).await?;
    }
    let (now, staff) = (tenant.now, tenant.me.staff.id);
    sqlx::query(
        "update note set confirmed_at = $2, confirmed_by = $3, version = version + 1
         where clinic_id = current_clinic() and visit_id = $1",
    )
    .bind(visit.0)
    .bind(now)
    .bind(staff.0)
    .execute(tenant.db())
    .await?;
    if before.doctor.is_none() {
        take_over(tenant, &before).await?;
    }
    let before = reception::load(tenant.db(), visit).await?;
    set_state(tenant, &before, VisitState::AwaitingPayment, before.version).await?;
    crate::billing::settle_amount(tenant, visit).await?;
    crate::sharing::after_confirmation(tenant, visit).await?;
    audit::record(tenant, "note.confirm", Some(before.patient), Some(visit.0), "").await?;
    visit_page(tenant.db(), visit).await
}

/// Amends a confirmed note (訂正・追記): the old text is kept with who, when and why.
pub async fn amend(
    tenant: &mut Tenant,
    _: &Grant<ConfirmNote>,
    visit: VisitId,
    soap: Soap,
    reason: String,
    version: i64,
) -> Fallible<Note> {
    check_length(&soap)?;
    let reason = model::kana::parse_line(&reason, 200).map_err(|flaw| AppError::field("reason", flaw))?;
    let note = of_visit(tenant.db(), visit).await?.ok_or(AppError::NotFound)?;
    if note.confirmed_at.is_none() {
        return Err(AppError::conflict("まだ確定していない記載です。").into());
    }
    if note.version != version {
        return Err(stale(tenant, visit, &soap).await?);
    }
    let (clinic, now, staff) = (tenant.clinic(), tenant.now, tenant.me.staff.id);
    sqlx::query(
        "insert into note_revision (clinic_id, note_id, subjective, objective, assessment, plan, replaced_at, replaced_by, reason)
         select clinic_id, id, subjective, objective, assessment, plan, $3, $4, $5 from note
         where clinic_id = $1 and visit_id = $2",
    )
    .bind(clinic)
    .bind(visit.0)
    .bind(now)
    .bind(staff.0)
    .bind(reason)
    .execute(tenant.db())
    .await?;
    let changed = sqlx::query(
        "update note set subjective = $3, objective = $4, assessment = $5, plan = $6, saved_at = $7, saved_by = $8, version = version + 1
         where clinic_id = current_clinic() and visit_id = $1 and version = $2",
    )
    .bind(visit.0)
    .bind(version)
    .bind(&soap.subjective)
    .bind(&soap.objective)
    .bind(&soap.assessment)
    .bind(&soap.plan)
    .bind(now)
    .bind(staff.0)
    .execute(tenant.db())
    .await?;
    if changed.rows_affected() == 0 {
        return Err(stale(tenant, visit, &soap).await?);
    }
    let patient = reception::load(tenant.db(), visit).await?.patient;
    audit::record(tenant, "note.amend", Some(patient), Some(visit.0), "").await?;
    tenant.announce(Event::Chart(patient)).await?;
    of_visit(tenant.db(), visit).await?.ok_or_else(|| AppError::NotFound.into())
}

fn check_length(soap: &Soap) -> Fallible<()> {
    let parts = [
        ("subjective", &soap.subjective),
        ("objective", &soap.objective),
        ("assessment", &soap.assessment),
        ("plan", &soap.plan),
    ];
    match parts.into_iter().find(|(_, text)| text.chars().count() > LONGEST || text.contains('\0')) {
        Some((field, _)) => Err(AppError::field(field, Flaw::TooLong { max: LONGEST }).into()),
        None => Ok(()),
    }
}

async fn stale(tenant: &mut Tenant, visit: VisitId, soap: &Soap) -> Fallible<Error> {
    let saved: Option<(String, DateTime<Utc>)> = sqlx::query_as(
        "select s.name, n.saved_at from note n join staff s on s.clinic_id = n.clinic_id and s.id = n.saved_by
         where n.clinic_id = current_clinic() and n.visit_id = $1",
    )
    .bind(visit.0)
    .fetch_optional(tenant.db())
    .await?;
    let note = of_visit(tenant.db(), visit).await?.ok_or(AppError::NotFound)?;
    let (by, at) = saved.ok_or(AppError::NotFound)?;
    Ok(AppError::Stale { yours: soap.as_text(), theirs: note.soap.as_text(), version: note.version, by, at }.into())
}

#[derive(sqlx::FromRow)]
struct NoteRow {
    id: Uuid,
    visit_id: Uuid,
    subjective: String,
    objective: String,
    assessment: String,
    plan: String,
    saved_at: DateTime<Utc>,
    confirmed_at: Option<DateTime<Utc>>,
    version: i64,
    author_id: Uuid,
    author_name: String,
    author_role: String,
    confirmer_id: Option<Uuid>,
    confirmer_name: Option<String>,
    confirmer_role: Option<String>,
}

#[derive(sqlx::FromRow)]
struct RevisionRow {
    note_id: Uuid,
    subjective: String,
    objective: String,
    assessment: String,
    plan: String,
    replaced_at: DateTime<Utc>,
    reason: String,
    staff_id: Uuid,
    staff_name: String,
    staff_role: String,
}

/// The notes of visits, by visit.
pub(crate) async fn of_visits(db: &mut PgConnection, visits: &[Uuid]) -> Fallible<HashMap<Uuid, Note>> {
    let rows: Vec<NoteRow> = sqlx::query_as(
        "select n.id, n.visit_id, n.subjective, n.objective, n.assessment, n.plan, n.saved_at, n.confirmed_at, n.version,
                a.id as author_id, a.name as author_name, a.role as author_role,
                c.id as confirmer_id, c.name as confirmer_name, c.role as confirmer_role
         from note n
         join staff a on a.clinic_id = n.clinic_id and a.id = n.author_id
         left join staff c on c.clinic_id = n.clinic_id and c.id = n.confirmed_by
         where n.clinic_id = current_clinic() and n.visit_id = any($1)",
    )
    .bind(visits)
    .fetch_all(&mut *db)
    .await?;
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let revisions: Vec<RevisionRow> = sqlx::query_as(
        "select r.note_id, r.subjective, r.objective, r.assessment, r.plan, r.replaced_at, r.reason,
                s.id as staff_id, s.name as staff_name, s.role as staff_role
         from note_revision r join staff s on s.clinic_id = r.clinic_id and s.id = r.replaced_by
         where r.clinic_id = current_clinic() and r.note_id = any($1)
         order by r.number desc",
    )
    .bind(&ids)
    .fetch_all(db)
    .await?;
    let mut by_note: HashMap<Uuid, Vec<NoteRevision>> = HashMap::new();
    for row in revisions {
        by_note.entry(row.note_id).or_default().push(NoteRevision {
            soap: Soap { subjective: row.subjective, objective: row.objective, assessment: row.assessment, plan: row.plan },
            replaced_by: staff(row.staff_id, row.staff_name, &row.staff_role)?,
            replaced_at: row.replaced_at,
            reason: row.reason,
        });
    }
    rows.into_iter()
        .map(|row| {
            let confirmed_by = match (row.confirmer_id, row.confirmer_name, row.confirmer_role) {
                (Some(id), Some(name), Some(role)) => Some(staff(id, name, &role)?),
                _ => None,
            };
            let note = Note {
                id: NoteId(row.id),
                visit: VisitId(row.visit_id),
                soap: Soap { subjective: row.subjective, objective: row.objective, assessment: row.assessment, plan: row.plan },
                author: staff(row.author_id, row.author_name, &row.author_role)?,
                saved_at: row.saved_at,
                confirmed_at: row.confirmed_at,
                confirmed_by,
                revisions: by_note.remove(&row.id).unwrap_or_default(),
                version: row.version,
            };
            Ok((row.visit_id, note))
        })
        .collect()
}

/// The note of one visit.
pub(crate) async fn of_visit(db: &mut PgConnection, visit: VisitId) -> Fallible<Option<Note>> {
    Ok(of_visits(db, &[visit.0]).await?.remove(&visit.0))
}

/// A visit that is open, and stays so until this transaction ends; any other is refused.
pub(crate) async fn open_visit(tenant: &mut Tenant, visit: VisitId) -> Fallible<Visit> {
    let visit = reception::hold(tenant.db(), visit).await?;
    match visit.state {
        VisitState::Received | VisitState::InConsultation => Ok(visit),
        state => Err(AppError::conflict(format!("「{}」の受診は変更できません。", state.label())).into()),
    }
}

pub(crate) fn staff(id: Uuid, name: String, role: &str) -> Fallible<StaffRef> {
    let role = Role::parse(role).ok_or_else(|| Error::Broken("role of staff".into()))?;
    Ok(StaffRef { id: StaffId(id), name, role })
}

/// The orders and the note of visits, for pages of history.
pub(crate) async fn pages(db: &mut PgConnection, visits: Vec<Visit>) -> Fallible<Vec<VisitPage>> {
    let ids: Vec<Uuid> = visits.iter().map(|visit| visit.id.0).collect();
    let mut notes = of_visits(&mut *db, &ids).await?;
    let mut orders = orders::of_visits(db, &ids).await?;
    Ok(visits
        .into_iter()
        .map(|visit| VisitPage { note: notes.remove(&visit.id.0), orders: orders.remove(&visit.id.0).unwrap_or_default(), visit })
        .collect())
}
