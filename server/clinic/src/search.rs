//! Asking the masters: search, laboratory items, usages. They live in memory; the transaction only says who asks.

use crate::{Fallible, Grant, Tenant, inhouse, policy::SearchMasters};
use chrono::{DateTime, Duration, NaiveDate, Utc};
use masters::search::House;
use model::{ids::ClinicId, inhouse::UsualDose, master::*, orders::Usage};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

/// How many hits a list shows.
const MOST: usize = 30;

/// A master as one clinic uses it.
type Used = (ClinicId, MasterKind);
/// What was gathered, and when.
type Kept = HashMap<Used, (DateTime<Utc>, Layer)>;

/// What a clinic brings to the search, and how it usually prescribes what was found.
#[derive(Clone, Default)]
struct Layer {
    house: Arc<House>,
    usual: Arc<HashMap<String, UsualDose>>,
}

/// What clinics bring to the search. Every keystroke asks for it, so it is kept for a minute.
#[derive(Clone, Default)]
pub struct Habits(Arc<Mutex<Kept>>);

impl Habits {
    fn known(&self, key: Used, now: DateTime<Utc>) -> Option<Layer> {
        let kept = self.0.lock().expect("no holder panics");
        kept.get(&key).filter(|(counted, _)| is_fresh(*counted, now)).map(|(_, layer)| layer.clone())
    }

    fn keep(&self, key: Used, now: DateTime<Utc>, layer: &Layer) {
        let mut kept = self.0.lock().expect("no holder panics");
        kept.retain(|_, (counted, _)| is_fresh(*counted, now));
        kept.insert(key, (now, layer.clone()));
    }

    /// Forgets what is kept of a clinic: its own layer was changed, and whoever changed it looks for it at once.
    pub fn forget(&self, clinic: ClinicId) {
        self.0.lock().expect("no holder panics").retain(|(of, _), _| *of != clinic);
    }
}

fn is_fresh(counted: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    (Duration::zero()..Duration::minutes(1)).contains(&(now - counted))
}

/// Hits in a master on a day, today where none is named; what this clinic prefers and uses often comes first.
pub async fn search_masters(
    tenant: &mut Tenant,
    _: &Grant<SearchMasters>,
    kind: MasterKind,
    query: String,
    on: Option<NaiveDate>,
) -> Fallible<Vec<MasterHit>> {
    let on = on.unwrap_or_else(|| tenant.today());
    let Layer { house, usual } = layer(tenant, kind).await?;
    let mut hits = tenant.masters().search(kind, &query, on, MOST, &house);
    for hit in &mut hits {
        hit.usual = usual.get(&hit.code).cloned();
    }
    Ok(hits)
}

/// What this clinic brings to the search of a master; gathered once a minute.
pub async fn house(tenant: &mut Tenant, kind: MasterKind) -> Fallible<Arc<House>> {
    Ok(layer(tenant, kind).await?.house)
}

async fn layer(tenant: &mut Tenant, kind: MasterKind) -> Fallible<Layer> {
    let (key, now) = ((tenant.me.clinic, kind), tenant.now);
    if let Some(layer) = tenant.world.habits.known(key, now) {
        return Ok(layer);
    }
    let mut house = House::new(usage_counts(tenant, kind).await?);
    let mut usual = HashMap::new();
    for (code, said) in inhouse::said_of(tenant.db(), kind).await? {
        if said.adopted || said.favourite {
            house.prefer(code.clone());
        }
        if said.hidden {
            house.hide(code.clone());
        }
        if let Some(dose) = said.usual {
            usual.insert(code.clone(), dose);
        }
        house.name(code, said.own_name, said.own_reading);
    }
    let layer = Layer { house: Arc::new(house), usual: Arc::new(usual) };
    tenant.world.habits.keep(key, now, &layer);
    Ok(layer)
}

/// How often this clinic used the codes of a master in its latest entries.
async fn usage_counts(tenant: &mut Tenant, kind: MasterKind) -> Fallible<HashMap<String, u32>> {
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
        _ => return Ok(HashMap::new()),
    };
    let rows: Vec<(String, i64)> = sqlx::query_as(sql).fetch_all(tenant.db()).await?;
    Ok(rows.into_iter().map(|(code, count)| (code, u32::try_from(count).unwrap_or(u32::MAX))).collect())
}

/// The usages (用法) to choose from.
pub async fn usages(tenant: &mut Tenant, _: &Grant<SearchMasters>) -> Fallible<Vec<Usage>> {
    Ok(tenant.masters().usages().to_vec())
}
