//! What is inside an order set: as it was typed, as it is kept, and as it stands on a day.

use super::{form::reading, self_paid::MOST_QUANTITY};
use crate::{Error, Fallible, error::AtField, orders::typed};
use chrono::NaiveDate;
use masters::Snapshot;
use model::{AppError, FieldError, Flaw, ids::*, inhouse::*, kana, master::MasterKind, orders::*};
use uuid::Uuid;

/// The most groups, procedures or items of a set.
const MOST: usize = 50;

/// The inside of a set. Ids of groups and procedures mean nothing and are nil.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Content {
    pub prescriptions: Vec<Rp>,
    pub procedures: Vec<ProcedureOrder>,
    pub self_paid: Vec<(SelfPaidItemId, u32)>,
}

impl Content {
    /// Whether nothing is inside.
    pub(super) fn is_empty(&self) -> bool {
        self.prescriptions.is_empty() && self.procedures.is_empty() && self.self_paid.is_empty()
    }

    /// What was ordered in a visit, without what belongs to that visit only.
    pub(super) fn of(orders: Orders) -> Self {
        Self {
            prescriptions: orders.prescriptions.into_iter().map(|rp| Rp { id: RpId(Uuid::nil()), version: 0, ..rp }).collect(),
            procedures: orders
                .procedures
                .into_iter()
                .map(|mut order| {
                    // What was said about one visit (a date, a count) is not said about the next.
                    order.comments.retain(|comment| comment.value.is_empty());
                    ProcedureOrder { id: ProcedureOrderId(Uuid::nil()), version: 0, ..order }
                })
                .collect(),
            self_paid: orders.self_paid.into_iter().map(|line| (line.item, line.quantity)).collect(),
        }
    }

    /// Every drug inside, those used with procedures too.
    pub(super) fn drugs(&self) -> impl Iterator<Item = &RpItem> {
        let prescribed = self.prescriptions.iter().flat_map(|rp| &rp.items);
        prescribed.chain(self.procedures.iter().flat_map(|order| &order.drugs))
    }

    /// The same, to be changed.
    pub(super) fn drugs_mut(&mut self) -> impl Iterator<Item = &mut RpItem> {
        let prescribed = self.prescriptions.iter_mut().flat_map(|rp| &mut rp.items);
        prescribed.chain(self.procedures.iter_mut().flat_map(|order| &mut order.drugs))
    }

    /// Every code inside with its name as last known.
    pub(super) fn codes(&self) -> impl Iterator<Item = (MasterKind, &str, &str)> {
        let drugs = self.drugs().map(|item| (MasterKind::Drug, item.code.as_str(), item.name.as_str()));
        let procedures = self.procedures.iter().map(|order| (MasterKind::Procedure, order.code.as_str(), order.name.as_str()));
        let materials = self.procedures.iter().flat_map(|order| &order.materials);
        let materials = materials.map(|part| (MasterKind::Material, part.code.as_str(), part.name.as_str()));
        let comments = self.procedures.iter().flat_map(|order| &order.comments);
        let comments = comments.map(|part| (MasterKind::Comment, part.code.as_str(), part.text.as_str()));
        drugs.chain(procedures).chain(materials).chain(comments)
    }

    /// The set as a day's masters and the clinic's items have it, and what stands in the way of using it, in Japanese.
    pub(super) fn on(&self, masters: &Snapshot, offered: &[SelfPaidItem], on: NaiveDate) -> (Self, Vec<String>) {
        let mut faults = Vec::new();
        let mut now = self.clone();
        for item in now.drugs_mut() {
            match masters.drug(item.code.as_str(), on) {
                None => faults.push(gone(masters, MasterKind::Drug, item.code.as_str(), &item.name, on)),
                Some(drug) if drug.unit != item.unit => {
                    faults.push(format!("「{}」は単位が{}から{}に変わりました", drug.name, item.unit, drug.unit));
                }
                Some(drug) => {
                    if item.general_name.is_some() && drug.general_name.is_none() {
                        faults.push(format!("「{}」は一般名処方の名称がなくなりました", drug.name));
                    }
                    item.general_name = item.general_name.as_ref().and(drug.general_name.clone());
                    item.name.clone_from(&drug.name);
                    item.yj = Some(drug.yj.clone()).filter(|yj| !yj.is_empty());
                }
            }
        }
        for order in &mut now.procedures {
            match masters.procedure(order.code.as_str(), on) {
                None => faults.push(gone(masters, MasterKind::Procedure, order.code.as_str(), &order.name, on)),
                Some(row) if typed::unit_of(row) != order.unit => {
                    faults.push(format!("「{}」は単位が{}から{}に変わりました", row.name, order.unit, typed::unit_of(row)));
                }
                Some(row) => order.name.clone_from(&row.name),
            }
        }
        for part in now.procedures.iter().flat_map(|order| &order.materials) {
            if masters.material(&part.code, on).is_none() {
                faults.push(gone(masters, MasterKind::Material, &part.code, &part.name, on));
            }
        }
        for part in now.procedures.iter().flat_map(|order| &order.comments) {
            if masters.comment(part.code.as_str(), on).is_none() {
                faults.push(gone(masters, MasterKind::Comment, part.code.as_str(), &part.text, on));
            }
        }
        for (id, _) in &now.self_paid {
            match offered.iter().find(|item| item.id == *id) {
                Some(item) if item.active => {}
                Some(item) => faults.push(format!("「{}」は現在使われていない自費項目です", item.name)),
                None => faults.push("自費項目が見つかりません".into()),
            }
        }
        faults.dedup();
        (now, faults)
    }
}

/// What is said of a code that is not in force.
pub(super) fn gone(masters: &Snapshot, kind: MasterKind, code: &str, name: &str, on: NaiveDate) -> String {
    let standing = masters.known(kind, code, on).map(|known| known.standing);
    match standing {
        Some(Standing::Ended { on, .. }) => format!("「{name}」は{on}に廃止されました"),
        _ => format!("「{name}」（{code}）は現在のマスターにありません"),
    }
}

/// Name and reading of a set.
pub(super) fn names(name: &str, spoken: &str) -> Fallible<(String, String)> {
    Ok((kana::parse_line(name, 60).at("name")?, reading(spoken).at("reading")?))
}

/// Reads what was typed by the rules of the chart's orders, with every flaw at its field. A procedure that was in the set
/// before keeps the drugs used with it: they have no field of their own.
pub(super) fn read(
    masters: &Snapshot,
    form: &OrderSetForm,
    before: Option<&Content>,
    offered: &[SelfPaidItem],
    today: NaiveDate,
) -> Fallible<Content> {
    let mut content = Content::default();
    let mut flaws = Vec::new();
    for (i, rp) in form.prescriptions.iter().enumerate() {
        match at(&format!("prescriptions.{i}"), typed::rp(masters, rp, today, RpId(Uuid::nil())))? {
            Ok(rp) => content.prescriptions.push(rp),
            Err(fields) => flaws.extend(fields),
        }
    }
    let mut kept: Vec<&ProcedureOrder> = before.map(|before| before.procedures.iter().collect()).unwrap_or_default();
    for (i, SetProcedureForm { code, quantity }) in form.procedures.iter().enumerate() {
        match at(&format!("procedures.{i}"), typed::procedure(masters, code, quantity, today))? {
            Ok(order) => {
                let old = kept.iter().position(|old| old.code == order.code).map(|old| kept.remove(old));
                content.procedures.push(match old {
                    Some(old) => ProcedureOrder {
                        drugs: old.drugs.clone(),
                        materials: old.materials.clone(),
                        comments: old.comments.clone(),
                        ..order
                    },
                    None => order,
                });
            }
            Err(fields) => flaws.extend(fields),
        }
    }
    for (i, SelfPaidForm { item, quantity }) in form.self_paid.iter().enumerate() {
        if !offered.iter().any(|known| known.id == *item && known.active) {
            flaws.push(FieldError::new(format!("self_paid.{i}.item"), Flaw::NotAChoice));
        } else if !(1..=MOST_QUANTITY).contains(quantity) {
            let flaw = Flaw::OutOfRange { min: "1".into(), max: MOST_QUANTITY.to_string() };
            flaws.push(FieldError::new(format!("self_paid.{i}.quantity"), flaw));
        } else if content.self_paid.iter().any(|(known, _)| known == item) {
            let message = "同じ自費項目が2行あります。数量でまとめてください。".into();
            flaws.push(FieldError::new(format!("self_paid.{i}.item"), Flaw::Rule { message }));
        } else {
            content.self_paid.push((*item, *quantity));
        }
    }
    let sizes = [form.prescriptions.len(), form.procedures.len(), form.self_paid.len()];
    if sizes.iter().any(|size| *size > MOST) {
        let message = format!("1つのセットに入るのは処方・診療行為・自費項目それぞれ{MOST}件までです。");
        flaws.push(FieldError::new("name", Flaw::Rule { message }));
    }
    if sizes == [0; 3] {
        let message = "処方・診療行為・自費項目のいずれかを入れてください。".into();
        flaws.push(FieldError::new("prescriptions", Flaw::Rule { message }));
    }
    if flaws.is_empty() { Ok(content) } else { Err(flaws.into()) }
}

/// Flaws of a part, at their fields within the whole; anything else goes on as it is.
fn at<T>(part: &str, read: Fallible<T>) -> Fallible<Result<T, Vec<FieldError>>> {
    match read {
        Ok(value) => Ok(Ok(value)),
        Err(Error::App(AppError::Invalid { fields })) => {
            Ok(Err(fields.into_iter().map(|error| FieldError::new(format!("{part}.{}", error.field), error.flaw)).collect()))
        }
        Err(other) => Err(other),
    }
}
