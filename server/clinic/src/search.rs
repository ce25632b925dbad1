//! Asking the masters: search, laboratory items, usages. They live in memory; the transaction only says who asks.

use crate::{Fallible, Grant, Tenant, policy::SearchMasters};
use chrono::{DateTime, Duration, NaiveDate, Utc};
use model::{ids::ClinicId, master::*, orders::Usage};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

/// How many hits a list shows.
const MOST: usize = 30;

/// How often codes were used.
type Counts = Arc<HashMap<String, u32>>;
/// A master as one clinic uses it.
type Used = (ClinicId, MasterKind);
/// What was counted, and when.
type Kept = HashMap<Used, (DateTime<Utc>, Counts)>;

/// What clinics use often. Every keystroke of a search asks for it, so it is kept for a minute.
#[derive(Clone, Default)]
pub struct Habits(Arc<Mutex<Kept>>);

impl Habits {
    fn known(&self, key: Used, now: DateTime<Utc>) -> Option<Counts> {
        let kept = self.0.lock().expect("no holder panics");
        kept.get(&key).filter(|(counted, _)| is_fresh(*counted, now)).map(|(_, counts)| counts.clone())
    }

    fn keep(&self, key: Used, now: DateTime<Utc>, counts: &Counts) {
        let mut kept = self.0.lock().expect("no holder panics");
        kept.retain(|_, (counted, _)| is_fresh(*counted, now));
        kept.insert(key, (now, counts.clone()));
    }
}

fn is_fresh(counted: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    (Duration::zero()..Duration::minutes(1)).contains(&(now - counted))
}

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
async fn usage_counts(tenant: &mut Tenant, kind: MasterKind) -> Fallible<Counts> {
    let (key, now) = ((tenant.me.clinic, kind), tenant.now);
    if let Some(counts) = tenant.world.habits.known(key, now) {
        return Ok(counts);
    }
    let sql = match kind {
        MasterKind::Disease => {
            "select code, count(*) from (select code from diagnosis where clinic_id = current_clinic()
                                         order by id desc limit 2000) latest group by code"
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
        _ => return Ok(Counts::default()),
    };
    let rows: Vec<(String, i64)> = sqlx::query_as(sql).fetch_all(tenant.db()).await?;
    let counts: HashMap<_, _> = rows.into_iter().map(|(code, count)| (code, u32::try_from(count).unwrap_or(u32::MAX))).collect();
    let counts = Arc::new(counts);
    tenant.world.habits.keep(key, now, &counts);
    Ok(counts)
}

/// The usages (用法) to choose from.
pub async fn usages(tenant: &mut Tenant, _: &Grant<SearchMasters>) -> Fallible<Vec<Usage>> {
    Ok(tenant.masters().usages().to_vec())
}
