//! Papers that become documents (文書): 患者サマリー（療養計画書）, 健診結果報告書, 退院時サマリー. A draft while written, immutable
//! once issued.
//!
//! | file | what |
//! | --- | --- |
//! | `write.rs` | beginning, saving, issuing and discarding; a new draft from an issued one |
//! | `prefill.rs` | what a new paper begins with |
//! | `content.rs` | what goes along: diagnoses, allergies, prescriptions, reports, results for a health check |
//! | `source.rs` | a received discharge summary as the beginning of our own |
//! | `document.rs` | an issued paper as what `fhir` makes a document of |

mod content;
mod document;
mod prefill;
mod source;
mod write;

pub use document::{IssuedPaper, PaperDocument, document};
pub use write::{discard_paper, issue_paper, new_paper, rewrite_paper, save_paper};

use crate::{Fallible, Grant, Tenant, allergies, audit, billing, notes::staff, patients, policy::ReadChart, sharing};
use chrono::{DateTime, Utc};
use model::{AppError, ids::*, paper::*, share::ShareKind};
use sqlx::{PgConnection, types::Json};
use std::collections::HashMap;
use uuid::Uuid;

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    patient_id: Uuid,
    form: Json<PaperForm>,
    content: Option<Json<PaperContent>>,
    saved_at: DateTime<Utc>,
    issued_at: Option<DateTime<Utc>>,
    version: i64,
    staff_id: Uuid,
    staff_name: String,
    staff_role: String,
}

/// A paper with what was frozen when it was issued; none for a draft.
pub(crate) struct Kept {
    /// The paper; where its document stands is not looked up.
    pub paper: Paper,
    /// What goes along, once it is issued.
    pub content: Option<PaperContent>,
}

/// The papers of a patient, newest first.
pub(crate) async fn of_patient(db: &mut PgConnection, patient: PatientId) -> Fallible<Vec<PaperSummary>> {
    type Summary = (Uuid, String, String, DateTime<Utc>, Option<DateTime<Utc>>);
    let rows: Vec<Summary> = sqlx::query_as(
        "select id, kind, title, saved_at, issued_at from paper where clinic_id = current_clinic() and patient_id = $1
         order by coalesce(issued_at, saved_at) desc, id desc",
    )
    .bind(patient.0)
    .fetch_all(&mut *db)
    .await?;
    let issued: Vec<Uuid> = rows.iter().filter(|row| row.4.is_some()).map(|row| row.0).collect();
    let mut states = if issued.is_empty() { HashMap::new() } else { sharing::standings(db, &issued).await? };
    let summary = |(id, kind, title, saved_at, issued_at): Summary| {
        Some(PaperSummary {
            id: PaperId(id),
            kind: ShareKind::parse(&kind)?,
            title,
            saved_at,
            issued_at,
            share: states.remove(&id).map(|(state, _)| state),
        })
    };
    Ok(rows.into_iter().filter_map(summary).collect())
}

/// The document of an issued paper, also one whose sending was called off before it left: there is no state of it, but it is known.
async fn registered(db: &mut PgConnection, paper: PaperId) -> Fallible<Option<ShareId>> {
    let document: Option<Uuid> = sqlx::query_scalar(
        "select id from outbox
         where clinic_id = current_clinic() and kind in ('care_plan', 'checkup', 'discharge') and subject_id = $1
             and action = 'register'
         order by sequence desc limit 1",
    )
    .bind(paper.0)
    .fetch_optional(db)
    .await?;
    Ok(document.map(ShareId))
}

/// A paper as it is kept.
pub(crate) async fn load(db: &mut PgConnection, paper: PaperId) -> Fallible<Kept> {
    let row: Option<Row> = sqlx::query_as(
        "select p.id, p.patient_id, p.form, p.content, p.saved_at, p.issued_at, p.version,
                s.id as staff_id, s.name as staff_name, s.role as staff_role
         from paper p join staff s on s.clinic_id = p.clinic_id and s.id = p.author_id
         where p.clinic_id = current_clinic() and p.id = $1",
    )
    .bind(paper.0)
    .fetch_optional(db)
    .await?;
    let row = row.ok_or(AppError::NotFound)?;
    let paper = Paper {
        id: PaperId(row.id),
        patient: PatientId(row.patient_id),
        form: row.form.0,
        author: staff(row.staff_id, row.staff_name, &row.staff_role)?,
        saved_at: row.saved_at,
        issued_at: row.issued_at,
        document: None,
        share: None,
        version: row.version,
    };
    Ok(Kept { paper, content: row.content.map(|content| content.0) })
}

/// An issued paper as what its document is made of.
pub(crate) async fn load_issued(db: &mut PgConnection, paper: PaperId) -> Fallible<IssuedPaper> {
    let Kept { paper, content } = load(db, paper).await?;
    match (paper.issued_at, content) {
        (Some(at), Some(content)) => document(&paper, at, &content),
        _ => Err(AppError::conflict("発行前の文書は送信できません。").into()),
    }
}

/// A paper with what stands around it.
pub async fn paper(tenant: &mut Tenant, _: &Grant<ReadChart>, paper: PaperId) -> Fallible<PaperPage> {
    let db = tenant.db();
    let Kept { mut paper, content } = load(db, paper).await?;
    let patient = patients::load(db, paper.patient).await?;
    if paper.issued_at.is_none() && source::of(&paper.form).is_some() && !source::may_see(tenant) {
        // What a draft was filled with is what the other house wrote, until our doctor puts a name to it.
        return Err(AppError::Forbidden.into());
    }
    let db = tenant.db();
    if paper.issued_at.is_some() {
        paper.document = registered(db, paper.id).await?;
        paper.share = sharing::standings(db, &[paper.id.0]).await?.remove(&paper.id.0).map(|(state, _)| state);
    }
    let clinic = billing::clinic_card(db, paper.author.name.clone()).await?;
    let allergies = allergies::of_patient(db, paper.patient).await?;
    let today = tenant.today();
    let content = match content {
        Some(content) => content,
        None => content::choices(tenant, &patient, &paper.form, today).await?,
    };
    audit::record(tenant, "paper.read", Some(paper.patient), Some(paper.id.0), paper.form.kind().label()).await?;
    Ok(PaperPage { paper, patient, clinic, allergies, content })
}
