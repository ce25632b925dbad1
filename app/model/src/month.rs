//! A month in the clerk's eyes: what a patient was charged and what it is now, and a month under another edition of the tables.

use crate::{
    fee::{FeeLine, Section, Statement},
    ids::*,
    money::{Points, Yen},
    patient::Patient,
    visit::VisitState,
};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A patient's month (月次会計).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PatientMonth {
    /// Whose.
    pub patient: Patient,
    /// First day of the month.
    pub month: NaiveDate,
    /// The visits, oldest first; cancelled ones are left out.
    pub visits: Vec<MonthVisit>,
    /// What was billed, by item and day, as it is now.
    pub items: Vec<MonthItem>,
    /// Neighbouring months that hold visits, before and after.
    pub earlier: Option<NaiveDate>,
    /// See `earlier`.
    pub later: Option<NaiveDate>,
}

impl PatientMonth {
    /// Points as they are now.
    pub fn points(&self) -> Points {
        self.visits.iter().filter_map(|visit| visit.now.as_ref().ok()).map(|statement| statement.points).sum()
    }

    /// What is still to be collected (positive) or given back (negative) for visits that were paid.
    pub fn difference(&self) -> Yen {
        self.visits.iter().filter_map(MonthVisit::difference).sum()
    }
}

/// A visit of the month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MonthVisit {
    /// Which.
    pub id: VisitId,
    /// Version of the visit, for settling.
    pub version: i64,
    /// Its day.
    pub date: NaiveDate,
    /// Where it stands.
    pub state: VisitState,
    /// What it costs now, with what is registered and ordered today; in words why it cannot be calculated.
    pub now: Result<Statement, String>,
    /// What was charged, if it was paid.
    pub charged: Option<Charged>,
    /// Items whose points differ between what was charged and now.
    pub changes: Vec<ItemChange>,
}

impl MonthVisit {
    /// What is due now less what was paid; nothing for a visit that was not paid or cannot be calculated.
    pub fn difference(&self) -> Option<Yen> {
        let (now, charged) = (self.now.as_ref().ok()?, self.charged.as_ref()?);
        Some(now.due() - charged.due)
    }
}

/// What was charged for a visit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Charged {
    /// Receipt number.
    pub number: i64,
    /// Points.
    pub points: Points,
    /// What the patient paid.
    pub due: Yen,
}

/// An item of the month: how often on which day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MonthItem {
    /// Claim code.
    pub code: String,
    /// Name.
    pub name: String,
    /// Section of the fee table.
    pub section: Section,
    /// Points of one.
    pub points: Points,
    /// Day of the month and how many times.
    pub days: Vec<(u32, i64)>,
}

impl MonthItem {
    /// How many times in the month.
    pub fn count(&self) -> i64 {
        self.days.iter().map(|(_, count)| count).sum()
    }
}

/// An item that costs another sum than before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemChange {
    /// Claim code.
    pub code: String,
    /// Name.
    pub name: String,
    /// Section of the fee table.
    pub section: Section,
    /// How many times before and after.
    pub count: (i64, i64),
    /// Points in all before and after; an item that was not there has none.
    pub points: (Points, Points),
}

/// What differs between two sets of lines, by item (code and section), in the order of the fee table. Equal items are left out.
pub fn changes<'a>(
    before: impl IntoIterator<Item = &'a FeeLine>,
    after: impl IntoIterator<Item = &'a FeeLine>,
) -> Vec<ItemChange> {
    let mut items = BTreeMap::<(Section, String), ItemChange>::new();
    let mut add = |line: &FeeLine, later: bool| {
        let item = items.entry((line.section, line.code.clone())).or_insert_with(|| ItemChange {
            code: line.code.clone(),
            name: line.name.clone(),
            section: line.section,
            count: (0, 0),
            points: (Points(0), Points(0)),
        });
        if later {
            item.count.1 += line.count;
            item.points.1 += line.total();
        } else {
            item.count.0 += line.count;
            item.points.0 += line.total();
        }
    };
    before.into_iter().for_each(|line| add(line, false));
    after.into_iter().for_each(|line| add(line, true));
    items.into_values().filter(|item| item.points.0 != item.points.1 || item.count.0 != item.count.1).collect()
}

/// A month calculated again under another edition of the tables (改定の鏡).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mirror {
    /// First day of the month.
    pub month: NaiveDate,
    /// The edition of the month itself, e.g. `R6`.
    pub own: String,
    /// The edition it is compared with.
    pub other: String,
    /// Editions that can be chosen, newest first: name and the day to ask with, which is its day nearest to the month.
    pub editions: Vec<(String, NaiveDate)>,
    /// How many patients and visits were calculated.
    pub patients: usize,
    /// See `patients`.
    pub visits: usize,
    /// Points under the month's own edition, and under the other.
    pub points: (Points, Points),
    /// What patients pay under either, insured share only.
    pub patient_yen: (Yen, Yen),
    /// Every item that differs, greatest difference first.
    pub items: Vec<ItemChange>,
    /// By patient, greatest difference first.
    pub by_patient: Vec<MirrorPatient>,
    /// Codes that the other edition does not have, with name and how often they were ordered.
    pub missing: Vec<(String, String, i64)>,
    /// Visits that could not be calculated under one of the editions: day, patient's name and why.
    pub failed: Vec<(NaiveDate, String, String)>,
    /// Whether points of either side rest on estimates.
    pub estimated: bool,
}

/// A patient's month under two editions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MirrorPatient {
    /// Who.
    pub id: PatientId,
    /// Patient number.
    pub number: i64,
    /// Name.
    pub name: String,
    /// Visits.
    pub visits: usize,
    /// Points under either edition.
    pub points: (Points, Points),
}
