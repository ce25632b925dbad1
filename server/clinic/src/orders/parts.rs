//! What goes with a procedure: drugs (injections, tests), materials (特定器材) and comments (コメント) for the claim.
//!
//! Read against the masters of the day of service. A code stands once beside a procedure: put again, it takes the place of
//! what was there.

use super::{ProcedureRow, changed, stale_procedure, typed};
use crate::{Fallible, Grant, Tenant, error::AtField, notes::open_visit, policy::Order};
use chrono::NaiveDate;
use masters::Snapshot;
use model::{AppError, Flaw, codes::*, comment::RecordedComment, ids::*, master::MasterKind, orders::*};
use sqlx::types::Json;

/// The most parts of a kind beside a procedure.
const MOST: usize = 30;

/// What was typed for a part.
enum Part {
    Drug(RpItem),
    Material(UsedMaterial),
    Comment(RecordedComment),
}

/// Puts a drug, material or comment beside a procedure that was seen in a version, in place of the same code if it is there.
pub async fn put_part(
    tenant: &mut Tenant,
    _: &Grant<Order>,
    visit: VisitId,
    order: (ProcedureOrderId, i64),
    form: PartForm,
) -> Fallible<Orders> {
    let day = open_visit(tenant, visit).await?.date;
    let part = read(&tenant.masters(), &form, day)?;
    change(tenant, visit, order, "order.put_part", &form.typed.clone(), |order| match part {
        Part::Drug(drug) => put(&mut order.drugs, drug, |d| d.code.as_str().to_owned()),
        Part::Material(material) => put(&mut order.materials, material, |m| m.code.clone()),
        Part::Comment(comment) => put(&mut order.comments, comment, |c| c.code.as_str().to_owned()),
    })
    .await
}

/// Takes a drug, material or comment away from a procedure that was seen in a version.
pub async fn remove_part(
    tenant: &mut Tenant,
    _: &Grant<Order>,
    visit: VisitId,
    order: (ProcedureOrderId, i64),
    kind: MasterKind,
    code: String,
) -> Fallible<Orders> {
    change(tenant, visit, order, "order.remove_part", "削除", |order| {
        match kind {
            MasterKind::Drug => order.drugs.retain(|drug| drug.code.as_str() != code),
            MasterKind::Material => order.materials.retain(|material| material.code != code),
            _ => order.comments.retain(|comment| comment.code.as_str() != code),
        }
        Ok(())
    })
    .await
}

/// Where a part stands, and all of its kind with it.
fn put<T>(parts: &mut Vec<T>, part: T, code: impl Fn(&T) -> String) -> Fallible<()> {
    match parts.iter().position(|other| code(other) == code(&part)) {
        Some(at) => parts[at] = part,
        None if parts.len() >= MOST => {
            return Err(AppError::conflict(format!("1つの診療行為に付けられるのは{MOST}件までです。")).into());
        }
        None => parts.push(part),
    }
    Ok(())
}

async fn change(
    tenant: &mut Tenant,
    visit: VisitId,
    (order, version): (ProcedureOrderId, i64),
    action: &str,
    yours: &str,
    edit: impl FnOnce(&mut ProcedureOrder) -> Fallible<()>,
) -> Fallible<Orders> {
    let open = open_visit(tenant, visit).await?;
    let row: Option<ProcedureRow> = sqlx::query_as(
        "select id, visit_id, code, name, quantity, unit, drugs, materials, comments, version from procedure_order
         where clinic_id = current_clinic() and visit_id = $1 and id = $2 and version = $3 for update",
    )
    .bind(visit.0)
    .bind(order.0)
    .bind(version)
    .fetch_optional(tenant.db())
    .await?;
    let Some(row) = row else { return Err(stale_procedure(tenant, &open, order, yours.to_owned()).await?) };
    let mut held = ProcedureOrder::from(row);
    edit(&mut held)?;
    sqlx::query(
        "update procedure_order set drugs = $3, materials = $4, comments = $5, version = version + 1
         where clinic_id = current_clinic() and visit_id = $1 and id = $2",
    )
    .bind(visit.0)
    .bind(order.0)
    .bind(Json(&held.drugs))
    .bind(Json(&held.materials))
    .bind(Json(&held.comments))
    .execute(tenant.db())
    .await?;
    changed(tenant, &open, order.0, action).await
}

fn read(masters: &Snapshot, form: &PartForm, on: NaiveDate) -> Fallible<Part> {
    let unknown = || Flaw::UnknownCode { code: form.code.clone(), on: on.to_string() };
    match form.kind {
        MasterKind::Drug => {
            let row = masters.drug(&form.code, on).ok_or_else(unknown).at("code")?;
            Ok(Part::Drug(RpItem {
                code: row.code.clone(),
                name: row.name.clone(),
                yj: Some(row.yj.clone()).filter(|yj| !yj.is_empty()),
                general_name: None,
                amount: typed::amount(&form.typed).at("typed")?,
                unit: row.unit.clone(),
            }))
        }
        MasterKind::Material => {
            let row = masters.material(&form.code, on).ok_or_else(unknown).at("code")?;
            Ok(Part::Material(UsedMaterial {
                code: row.code.clone(),
                name: row.name.clone(),
                amount: typed::amount(&form.typed).at("typed")?,
                unit: if row.unit.is_empty() { "個".into() } else { row.unit.clone() },
            }))
        }
        MasterKind::Comment => {
            let row = masters.comment(&form.code, on).ok_or_else(unknown).at("code")?;
            let name = |kind: MasterKind, code: &str| match kind {
                MasterKind::Procedure => masters.procedure(code, on).map(|row| row.name.clone()),
                MasterKind::Modifier => masters.modifier(code, on).map(|row| row.name.clone()),
                _ => None,
            };
            Ok(Part::Comment(row.record(&form.typed, &name).at("typed")?))
        }
        _ => Err(AppError::field("kind", Flaw::NotAChoice).into()),
    }
}

impl From<ProcedureRow> for ProcedureOrder {
    fn from(row: ProcedureRow) -> Self {
        Self {
            id: ProcedureOrderId(row.id),
            code: ProcedureCode(row.code),
            name: row.name,
            quantity: row.quantity.normalize(),
            unit: row.unit,
            drugs: row.drugs.0,
            materials: row.materials.0,
            comments: row.comments.0,
            version: row.version,
        }
    }
}
