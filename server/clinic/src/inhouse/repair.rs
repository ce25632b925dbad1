//! After an import: which items and sets hold codes that ended or disappeared (要修正), where a code is held at all, and
//! moving item and sets to what takes its place, all or nothing.

use super::{
    items::{self, Row, as_seen},
    sets::{self, Stored},
};
use crate::{
    Fallible, Grant, Tenant,
    error::AtField,
    policy::{ConfigureClinic, SearchMasters},
};
use masters::Known;
use model::{AppError, Flaw, inhouse::*, master::MasterKind, orders::RpItem};
use sqlx::PgConnection;
use std::collections::{BTreeMap, HashMap};

/// Items, and codes that only sets hold, whose national row ended or disappeared; the latter in version 0.
pub async fn repair_list(tenant: &mut Tenant, _: &Grant<SearchMasters>) -> Fallible<Vec<InhouseItem>> {
    let (masters, today) = (tenant.masters(), tenant.today());
    let mut list = items::list(tenant, None).await?;
    let sets = sets::stored(tenant.db(), false).await?;
    let held: BTreeMap<(&str, &str), (MasterKind, &str)> =
        sets.iter().flat_map(|set| set.content.codes()).map(|(kind, code, name)| ((kind.as_str(), code), (kind, name))).collect();
    for ((_, code), (kind, name)) in held {
        if !list.iter().any(|item| item.kind == kind && item.code == code) {
            list.push(items::item(kind, code, masters.known(kind, code, today), name, items::nothing(), 0));
        }
    }
    list.retain(|item| item.standing.needs_repair());
    items::sort(&mut list);
    Ok(list)
}

/// Where the clinic holds these codes, in words: `採用薬`, `よく使う`, `非表示`, `院内略称`, `セット「…」`. Codes that are held
/// nowhere are left out.
pub(crate) async fn held_in(
    db: &mut PgConnection,
    codes: &[(MasterKind, String)],
) -> Fallible<HashMap<(MasterKind, String), Vec<String>>> {
    let mut places: HashMap<(MasterKind, String), Vec<String>> = HashMap::new();
    for row in items::rows(db, None).await? {
        let said = row.said()?;
        let words = [
            (said.adopted, "採用薬"),
            (said.favourite, "よく使う"),
            (said.hidden, "非表示"),
            (!said.own_name.is_empty() || !said.own_reading.is_empty(), "院内略称"),
        ];
        let words = words.iter().filter(|(true_of_it, _)| *true_of_it).map(|(_, word)| (*word).to_owned());
        places.entry((row.kind()?, row.code)).or_default().extend(words);
    }
    for set in sets::stored(db, false).await? {
        let place = format!("セット「{}」", set.name);
        for (kind, code, _) in set.content.codes() {
            let held = places.entry((kind, code.to_owned())).or_default();
            if held.last() != Some(&place) {
                held.push(place.clone());
            }
        }
    }
    Ok(codes.iter().filter_map(|key| Some((key.clone(), places.remove(key)?))).filter(|(_, held)| !held.is_empty()).collect())
}

/// Moves the item of a code, as it was seen in a version (0 where only sets hold it), and every set that holds it, to
/// another code that is in force. What the clinic said of the other code stays; only what it left unsaid is taken over.
///
/// An amount is carried over only where it means the same: a drug of the same ingredient, form and strength (the first nine
/// of the twelve characters of 薬価基準収載医薬品コード) and unit. Otherwise the usual dose is left out, and sets refuse by name.
pub async fn replace_inhouse(
    tenant: &mut Tenant,
    _: &Grant<ConfigureClinic>,
    kind: MasterKind,
    code: String,
    by: String,
    version: i64,
) -> Fallible<InhouseItem> {
    let (masters, today) = (tenant.masters(), tenant.today());
    let before = items::held(tenant.db(), kind, &code).await?;
    let sets: Vec<Stored> = sets::stored(tenant.db(), true)
        .await?
        .into_iter()
        .filter(|set| set.content.codes().any(|(of, held, _)| of == kind && held == code))
        .collect();
    if before.is_none() && sets.is_empty() {
        return Err(AppError::NotFound.into());
    }
    as_seen(tenant, before.as_ref(), version, &format!("{code} → {by}")).await?;
    let unknown = || Flaw::UnknownCode { code: by.clone(), on: today.to_string() };
    let next = masters.known(kind, &by, today).filter(|next| !next.standing.needs_repair()).ok_or_else(unknown).at("by")?;
    if by == code {
        return Err(AppError::field("by", Flaw::NotAChoice).into());
    }
    let last = masters.known(kind, &code, today);
    for set in sets {
        move_set(tenant, set, kind, &code, &by, &next).await?;
    }
    if let Some(row) = before {
        move_item(tenant, &row, kind, &by, last, &next).await?;
    }
    items::one(tenant, kind, &by).await
}

/// Whether an amount of the one is the same amount of the other.
fn alike(unit: &str, yj: &str, next: &Known) -> bool {
    let strength = |yj: &str| yj.get(..9).map(str::to_owned);
    unit == next.unit && strength(yj).is_some() && strength(yj) == strength(&next.yj)
}

async fn move_item(
    tenant: &mut Tenant,
    row: &Row,
    kind: MasterKind,
    by: &str,
    last: Option<Known>,
    next: &Known,
) -> Fallible<()> {
    let there = items::held(tenant.db(), kind, by).await?;
    let mut said = there.as_ref().map_or_else(|| Ok(items::nothing()), Row::said)?;
    let old = row.said()?;
    let (unit, yj) = last.map_or_else(|| (row.unit.clone(), row.yj.clone()), |last| (last.unit, last.yj));
    said.adopted |= old.adopted;
    said.favourite |= old.favourite;
    // Somebody hid the row that has ended; the one that takes its place has to be seen.
    said.hidden &= !(said.adopted || said.favourite);
    if said.own_name.is_empty() {
        said.own_name = old.own_name;
    }
    if said.own_reading.is_empty() {
        said.own_reading = old.own_reading;
    }
    if said.usual.is_none() && alike(&unit, &yj, next) {
        said.usual = old.usual;
    }
    items::take_away(tenant, row).await?;
    if said.is_nothing() { Ok(()) } else { items::write(tenant, kind, by, next, &said, there.is_some()).await }
}

async fn move_set(tenant: &mut Tenant, mut set: Stored, kind: MasterKind, code: &str, by: &str, next: &Known) -> Fallible<()> {
    let refused = |name: &str, why: &str| {
        let message = format!(
            "セット「{}」の「{name}」は「{}」と{why}が異なるため、セットを開いて入れ直してください。",
            set.name, next.name
        );
        AppError::conflict(message)
    };
    match kind {
        MasterKind::Drug => {
            let masters = tenant.masters();
            let drug = masters.drug(by, tenant.today()).ok_or(AppError::NotFound)?;
            if let Some(item) = set.content.drugs().find(|item| item.code.as_str() == code && item.unit != next.unit) {
                return Err(refused(&item.name, "単位").into());
            }
            let other =
                |item: &RpItem| item.code.as_str() == code && !alike(&item.unit, item.yj.as_deref().unwrap_or_default(), next);
            if let Some(item) = set.content.drugs().find(|item| other(item)) {
                return Err(refused(&item.name, "成分・剤形・規格").into());
            }
            for item in set.content.drugs_mut().filter(|item| item.code.as_str() == code) {
                item.code = drug.code.clone();
                item.name.clone_from(&drug.name);
                item.yj = Some(drug.yj.clone()).filter(|yj| !yj.is_empty());
                // A drug without a general name is prescribed by its own.
                item.general_name = item.general_name.as_ref().and(drug.general_name.clone());
            }
        }
        MasterKind::Procedure => {
            let unit = if next.unit.is_empty() { "回" } else { &next.unit };
            if let Some(order) = set.content.procedures.iter().find(|order| order.code.as_str() == code && order.unit != unit) {
                return Err(refused(&order.name, "単位").into());
            }
            for order in set.content.procedures.iter_mut().filter(|order| order.code.as_str() == code) {
                order.code = by.into();
                order.name.clone_from(&next.name);
            }
        }
        MasterKind::Material => {
            let unit = if next.unit.is_empty() { "個" } else { &next.unit };
            let materials = || set.content.procedures.iter().flat_map(|order| &order.materials);
            if let Some(part) = materials().find(|part| part.code == code && part.unit != unit) {
                return Err(refused(&part.name, "単位").into());
            }
            let materials = set.content.procedures.iter_mut().flat_map(|order| &mut order.materials);
            for part in materials.filter(|part| part.code == code) {
                part.code = by.into();
                part.name.clone_from(&next.name);
            }
        }
        MasterKind::Comment => {
            // A set holds comments that say the same of every visit: their text is the master's.
            let comments = set.content.procedures.iter_mut().flat_map(|order| &mut order.comments);
            for comment in comments.filter(|comment| comment.code.as_str() == code) {
                comment.code = by.into();
                comment.text.clone_from(&next.name);
            }
        }
        _ => return Ok(()),
    }
    sets::write(tenant, &set).await
}
