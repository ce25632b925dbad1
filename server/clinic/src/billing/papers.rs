//! What papers carry: the receipt in force with what it was written for, and the clinic's head.

use crate::Fallible;
use chrono::{DateTime, Utc};
use model::{fee::*, ids::*, money::Yen, staff::Role};
use sqlx::{PgConnection, types::Json};
use std::collections::HashMap;
use uuid::Uuid;

#[derive(sqlx::FromRow)]
struct Row {
    visit_id: Uuid,
    number: i64,
    at: DateTime<Utc>,
    name: String,
    due: i64,
    tendered: i64,
    change: i64,
    statement: Json<Statement>,
    settles: Option<i64>,
    settled_due: Option<i64>,
}

/// The receipts in force of visits, with what was charged.
pub(super) async fn paid_of(db: &mut PgConnection, visits: &[Uuid]) -> Fallible<HashMap<Uuid, (Receipt, Statement)>> {
    let rows: Vec<Row> = sqlx::query_as(
        "select r.visit_id, r.number, r.at, s.name, r.due, r.tendered, r.change, r.statement, r.settles, old.due as settled_due
         from receipt r join staff s on s.clinic_id = r.clinic_id and s.id = r.staff_id
         left join receipt old on old.clinic_id = r.clinic_id and old.number = r.settles
         where r.clinic_id = current_clinic() and r.visit_id = any($1) and r.undone_at is null",
    )
    .bind(visits)
    .fetch_all(db)
    .await?;
    let receipt = |row: Row| {
        let settles = row.settles.zip(row.settled_due).map(|(number, due)| Settled { number, due: Yen(due) });
        let (due, tendered, change) = (Yen(row.due), Yen(row.tendered), Yen(row.change));
        let receipt = Receipt { number: row.number, at: row.at, by: row.name, due, tendered, change, settles };
        (row.visit_id, (receipt, row.statement.0))
    };
    Ok(rows.into_iter().map(receipt).collect())
}

/// The receipt in force of one visit.
pub(super) async fn paid(db: &mut PgConnection, visit: VisitId) -> Fallible<Option<(Receipt, Statement)>> {
    Ok(paid_of(db, &[visit.0]).await?.remove(&visit.0))
}

/// The clinic as printed on papers.
pub(crate) async fn clinic_card(db: &mut PgConnection, doctor: String) -> Fallible<ClinicCard> {
    let (name, address, phone, number): (String, String, String, String) =
        sqlx::query_as("select name, address, phone, institution_number from clinic where clinic_id = current_clinic()")
            .fetch_one(&mut *db)
            .await?;
    let doctor = if doctor.is_empty() {
        sqlx::query_scalar(
            "select name from staff where clinic_id = current_clinic() and role = $1 and active order by login limit 1",
        )
        .bind(Role::Doctor.as_str())
        .fetch_optional(db)
        .await?
        .unwrap_or_default()
    } else {
        doctor
    };
    Ok(ClinicCard { name, address, phone, number, doctor })
}
