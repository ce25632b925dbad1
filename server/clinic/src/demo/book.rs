//! Looking things up in the masters by name: the demo writes no code of its own, and a name the masters do not hold is
//! an error that says which.

use crate::{Error, Fallible};
use chrono::NaiveDate;
use masters::Snapshot;
use model::master::*;
use model::orders::Usage;
use std::{cell::RefCell, collections::HashMap};

/// The masters of a day with what was already looked up.
pub(super) struct Book<'m> {
    masters: &'m Snapshot,
    today: NaiveDate,
    codes: RefCell<HashMap<(MasterKind, String), String>>,
}

impl<'m> Book<'m> {
    pub(super) fn open(masters: &'m Snapshot, today: NaiveDate) -> Self {
        Self { masters, today, codes: RefCell::default() }
    }

    /// The code of an exact name.
    pub(super) fn code(&self, kind: MasterKind, name: &str) -> Fallible<String> {
        self.find(kind, name, |hit| hit == name)
    }

    /// The drug whose name begins like this; of several the one with the shortest name.
    pub(super) fn drug(&self, beginning: &str) -> Fallible<&'m Drug> {
        let code = self.find(MasterKind::Drug, beginning, |hit| hit.starts_with(beginning))?;
        self.masters.drug(&code, self.today).ok_or_else(|| missing(MasterKind::Drug, beginning))
    }

    /// The procedure of an exact name.
    pub(super) fn procedure(&self, name: &str) -> Fallible<&'m Procedure> {
        let code = self.code(MasterKind::Procedure, name)?;
        self.masters.procedure(&code, self.today).ok_or_else(|| missing(MasterKind::Procedure, name))
    }

    /// The laboratory item of a FHIR識別名.
    pub(super) fn lab(&self, fhir_name: &str) -> Fallible<&'m LabItem> {
        let found = self.masters.labs().into_iter().find(|item| item.fhir_name == fhir_name);
        found.ok_or_else(|| missing(MasterKind::Lab, fhir_name))
    }

    /// The usage of a key.
    pub(super) fn usage(&self, key: &str) -> Fallible<&'m Usage> {
        self.masters.usages().iter().find(|usage| usage.key == key).ok_or_else(|| Error::Broken(format!("demo: no usage {key}")))
    }

    fn find(&self, kind: MasterKind, name: &str, fits: impl Fn(&str) -> bool) -> Fallible<String> {
        let key = (kind, name.to_owned());
        if let Some(code) = self.codes.borrow().get(&key) {
            return Ok(code.clone());
        }
        let hits = self.masters.search(kind, name, self.today, 200, &masters::search::House::nothing());
        // 選定療養 rows （選） are charges, not drugs.
        let mut fitting: Vec<&MasterHit> =
            hits.iter().filter(|hit| fits(&hit.name) && hit.modifiers.is_empty() && !hit.name.contains("（選）")).collect();
        fitting.sort_by_key(|hit| (hit.name.chars().count(), hit.code.clone()));
        let code = fitting.first().map(|hit| hit.code.clone()).ok_or_else(|| missing(kind, name))?;
        self.codes.borrow_mut().insert(key, code.clone());
        Ok(code)
    }
}

fn missing(kind: MasterKind, name: &str) -> Error {
    Error::Broken(format!("demo: the {} master has no {name}", kind.as_str()))
}
