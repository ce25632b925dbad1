//! An order set while it is being written or changed: what was typed so far, and the form it makes.

use crate::orders::{RpDraft, form_of, quantity_of};
use leptos::prelude::*;
use model::{
    AppError, FieldError, Flaw,
    ids::{OrderSetId, RpId},
    inhouse::{OrderSet, OrderSetForm, SelfPaidForm, SelfPaidItem, SetProcedureForm},
    orders::{Dispensing, Rp, Usage},
};

/// A procedure of the set.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct ProcedureLine {
    /// Its key in the list.
    pub key: usize,
    /// Claim code.
    pub code: String,
    /// Name.
    pub name: String,
    /// Unit, or `回`.
    pub unit: String,
    /// How much, as typed.
    pub quantity: String,
}

/// An item outside of insurance in the set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PaidLine {
    /// The item.
    pub item: SelfPaidItem,
    /// How many, as typed.
    pub quantity: String,
}

/// The set.
#[derive(Clone, Copy)]
pub(super) struct SetDraft {
    /// The set that is changed and the version it was taken up in; a new one without.
    pub seen: StoredValue<Option<(OrderSetId, i64)>>,
    /// Name.
    pub name: RwSignal<String>,
    /// Reading.
    pub reading: RwSignal<String>,
    /// Prescription groups; their ids are of this page only.
    pub prescriptions: RwSignal<Vec<Rp>>,
    /// The group that is being written.
    pub rp: RpDraft,
    /// Procedures.
    pub procedures: RwSignal<Vec<ProcedureLine>>,
    /// Items outside of insurance.
    pub self_paid: RwSignal<Vec<PaidLine>>,
    next: StoredValue<usize>,
}

impl SetDraft {
    /// A set as it is saved; nothing written without one.
    pub fn new(set: Option<&OrderSet>) -> Self {
        let dispensing = set.and_then(|set| set.prescriptions.first()).map_or(Dispensing::Pharmacy, |rp| rp.dispensing);
        let draft = Self {
            seen: StoredValue::new(set.map(|set| (set.id, set.version))),
            name: RwSignal::new(set.map(|set| set.name.clone()).unwrap_or_default()),
            reading: RwSignal::new(set.map(|set| set.reading.clone()).unwrap_or_default()),
            prescriptions: RwSignal::new(Vec::new()),
            rp: RpDraft::new(dispensing),
            procedures: RwSignal::new(Vec::new()),
            self_paid: RwSignal::new(Vec::new()),
            next: StoredValue::new(0),
        };
        if let Some(set) = set {
            let own = set.prescriptions.iter().map(|rp| Rp { id: draft.new_id(), ..rp.clone() }).collect();
            draft.prescriptions.set(own);
            for order in &set.procedures {
                draft.add_procedure(
                    order.code.0.clone(),
                    order.name.clone(),
                    order.unit.clone(),
                    order.quantity.normalize().to_string(),
                );
            }
            let paid = set.self_paid.iter().map(|(item, n)| PaidLine { item: item.clone(), quantity: n.to_string() }).collect();
            draft.self_paid.set(paid);
        }
        draft
    }

    fn key(self) -> usize {
        let key = self.next.get_value();
        self.next.set_value(key + 1);
        key
    }

    /// An id for a group of this page: groups of a set have none of their own.
    pub fn new_id(self) -> RpId {
        format!("00000000-0000-0000-0000-{:012x}", self.key()).parse().expect("twelve hexadecimal digits end an id")
    }

    /// Adds a procedure; gives its key.
    pub fn add_procedure(self, code: String, name: String, unit: String, quantity: String) -> usize {
        let key = self.key();
        let unit = if unit.is_empty() { "回".to_owned() } else { unit };
        self.procedures.update(|lines| lines.push(ProcedureLine { key, code, name, unit, quantity }));
        key
    }

    /// The form, or what can be seen to be wrong here.
    pub fn form(self, usages: &[Usage]) -> Result<OrderSetForm, AppError> {
        let mut flaws = Vec::new();
        let mut self_paid = Vec::new();
        self.self_paid.with_untracked(|lines| {
            for (i, line) in lines.iter().enumerate() {
                match quantity_of(&line.quantity) {
                    Ok(quantity) => self_paid.push(SelfPaidForm { item: line.item.id, quantity }),
                    Err(_) => flaws.push(FieldError::new(format!("self_paid.{i}.quantity"), Flaw::NotDigits)),
                }
            }
        });
        if !flaws.is_empty() {
            return Err(AppError::Invalid { fields: flaws });
        }
        Ok(OrderSetForm {
            name: self.name.get_untracked(),
            reading: self.reading.get_untracked(),
            prescriptions: self.prescriptions.with_untracked(|all| all.iter().map(|rp| form_of(rp, usages)).collect()),
            procedures: self.procedures.with_untracked(|lines| {
                lines.iter().map(|l| SetProcedureForm { code: l.code.clone(), quantity: l.quantity.clone() }).collect()
            }),
            self_paid,
        })
    }
}

/// The form that puts a set again as it was.
pub(super) fn form_of_set(set: &OrderSet, usages: &[Usage]) -> OrderSetForm {
    OrderSetForm {
        name: set.name.clone(),
        reading: set.reading.clone(),
        prescriptions: set.prescriptions.iter().map(|rp| form_of(rp, usages)).collect(),
        procedures: set
            .procedures
            .iter()
            .map(|order| SetProcedureForm { code: order.code.0.clone(), quantity: order.quantity.normalize().to_string() })
            .collect(),
        self_paid: set.self_paid.iter().map(|(item, quantity)| SelfPaidForm { item: item.id, quantity: *quantity }).collect(),
    }
}

/// What is wrong with the line at a place of one of the lists, e.g. `procedures`, 2.
pub(super) fn flaw_at(error: Option<&AppError>, list: &str, index: usize) -> Option<String> {
    let Some(AppError::Invalid { fields }) = error else { return None };
    let place = format!("{list}.{index}");
    let found = fields
        .iter()
        .find(|flaw| flaw.field.strip_prefix(&place).is_some_and(|rest| rest.is_empty() || rest.starts_with('.')))?;
    Some(found.flaw.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flaw_is_found_at_its_line_and_no_other() {
        let error = AppError::field("procedures.1.quantity", Flaw::NotDigits);
        assert!(flaw_at(Some(&error), "procedures", 1).is_some());
        assert_eq!(flaw_at(Some(&error), "procedures", 10), None);
        assert_eq!(flaw_at(Some(&error), "prescriptions", 1), None);
    }

    #[test]
    fn what_is_written_makes_the_form() {
        let owner = Owner::new();
        owner.with(|| {
            let draft = SetDraft::new(None);
            draft.name.set("かぜセット".into());
            draft.add_procedure("160008010".into(), "末梢血液一般検査".into(), String::new(), "1".into());
            let form = draft.form(&[]).expect("whole");
            assert_eq!((form.name.as_str(), form.procedures[0].code.as_str()), ("かぜセット", "160008010"));
            assert_ne!(draft.new_id(), draft.new_id());
        });
    }
}
