//! Asking the masters: search, laboratory items, usages. They live in memory; the transaction only says who asks.

use crate::{Fallible, Grant, Tenant, policy::SearchMasters};
use chrono::NaiveDate;
use model::{master::*, orders::Usage};
use std::collections::HashMap;

/// How many hits a list shows.
const MOST: usize = 30;

/// Hits in a master on a day, today where none is named; what this clinic uses often comes first.
pub async fn search_masters(
    tenant: &mut Tenant,
    _: &Grant<SearchMasters>,
    kind: MasterKind,
    query: String,
    on: Option<NaiveDate>,
) -> Fallible<Vec<MasterHit>> {
    let on = on.unwrap_or_else(|| tenant.today());
    let used = usage_counts(tenant, kind).await?;
    Ok(tenant.masters().search(kind, &query, on, MOST, &|code| used.get(code).copied().unwrap_or(0)))
}

/// How often this clinic used the codes of a master in its latest entries.
async fn usage_counts(tenant: &mut Tenant, kind: MasterKind) -> Fallible<HashMap<String, u32>> {
    let sql = match kind {
        MasterKind::Disease => {
            "select code, count(*) from (select code from diagnosis where clinic_id = current_clinic()
                                         order by started_on desc limit 2000) latest group by code"
        }
        MasterKind::Procedure => {
            "select code, count(*) from (select code from procedure_order where clinic_id = current_clinic()
                                         order by id desc limit 2000) latest group by code"
        }
        MasterKind::Drug => {
            "select item->>'code', count(*)
             from (select items from rp where clinic_id = current_clinic() order by id desc limit 2000) latest,
                  jsonb_array_elements(items) item
             group by 1"
        }
        _ => return Ok(HashMap::new()),
    };
    let rows: Vec<(String, i64)> = sqlx::query_as(sql).fetch_all(tenant.db()).await?;
    Ok(rows.into_iter().map(|(code, count)| (code, u32::try_from(count).unwrap_or(u32::MAX))).collect())
}

/// The usages (用法) to choose from.
pub async fn usages(tenant: &mut Tenant, _: &Grant<SearchMasters>) -> Fallible<Vec<Usage>> {
    Ok(tenant.masters().usages().to_vec())
}
