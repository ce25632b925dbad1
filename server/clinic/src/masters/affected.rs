//! What this clinic uses of what an import would change: diagnoses that have not ended, and what was ordered in the last
//! thirteen months (a year and the month of the claim before it), with what its own layer holds.

use crate::{Fallible, Tenant};
use ::masters::Snapshot;
use chrono::{Months, NaiveDate};
use model::{edition::*, inhouse::Standing, master::MasterKind};
use std::collections::HashMap;

/// How far back orders count.
const MONTHS: Months = Months::new(13);

/// What is used and how often.
#[derive(Debug, Default)]
pub(super) struct Used(HashMap<(MasterKind, String), u32>);

/// Asks the clinic's own tables, once for all kinds.
pub(super) async fn used(tenant: &mut Tenant) -> Fallible<Used> {
    let since = tenant.today() - MONTHS;
    let rows: Vec<(String, String, i64)> = sqlx::query_as(
        "with recent as (
             select id from visit where clinic_id = current_clinic() and visit_date >= $1 and state <> 'cancelled'
         ), current as (
             select code, modifiers from diagnosis
             where clinic_id = current_clinic() and removed_at is null and ended_on is null
         ), ordered as (
             select code, drugs, materials, comments from procedure_order where clinic_id = current_clinic() and visit_id in (select id from recent)
         ), drugs as (
             select item->>'code' as code
             from rp, jsonb_array_elements(rp.items) item
             where rp.clinic_id = current_clinic() and rp.visit_id in (select id from recent)
             union all
             select item->>'code' from ordered, jsonb_array_elements(ordered.drugs) item
         )
         select 'disease', code, count(*) from current group by code
         union all
         select 'modifier', modifier->>'code', count(*) from current, jsonb_array_elements(modifiers) modifier group by 2
         union all
         select 'procedure', code, count(*) from ordered group by code
         union all
         select 'drug', code, count(*) from drugs group by code
         union all
         select 'material', part->>'code', count(*) from ordered, jsonb_array_elements(materials) part group by 2
         union all
         select 'comment', part->>'code', count(*) from ordered, jsonb_array_elements(comments) part group by 2",
    )
    .bind(since)
    .fetch_all(tenant.db())
    .await?;
    let mut used = Used::default();
    for (kind, code, count) in rows {
        if let Some(kind) = MasterKind::parse(&kind) {
            used.0.insert((kind, code), u32::try_from(count).unwrap_or(u32::MAX));
        }
    }
    Ok(used)
}

/// Where the clinic's own layer (院内マスター) holds rows: 採用薬, よく使う, セット「…」.
pub(super) type Held = HashMap<(MasterKind, String), Vec<String>>;

/// Changes that meet what the clinic uses or holds, the most used first.
pub(super) fn items(
    after: &Snapshot,
    changes: Vec<(MasterKind, RowChange)>,
    used: &Used,
    mut held: Held,
    today: NaiveDate,
) -> Vec<AffectedItem> {
    let mut items: Vec<AffectedItem> = Vec::new();
    for (kind, row) in changes {
        let key = (kind, row.code.clone());
        let (used, held_in) = (used.0.get(&key).copied().unwrap_or(0), held.remove(&key).unwrap_or_default());
        if used == 0 && held_in.is_empty() {
            continue;
        }
        let day = row.from.map_or(today, |from| from.max(today));
        let successor = match after.known(kind, &row.code, day).map(|known| known.standing) {
            Some(Standing::Ended { successor, .. }) => successor,
            _ => None,
        };
        items.push(AffectedItem { kind, row, used, held_in, successor });
    }
    items.sort_by(|a, b| b.used.cmp(&a.used).then_with(|| a.row.code.cmp(&b.row.code)));
    items
}
