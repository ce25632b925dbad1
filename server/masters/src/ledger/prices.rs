//! Drug prices of the years that the official files do not speak of: of the ministry's list, of the notice (告示) matched
//! to codes, of the starter set; and where none of them knows a drug, the old price, marked as an estimate.

use super::overlay::{Figures, below, lay_over, spoken};
use crate::starter::make::PRICES;
use chrono::{Datelike, NaiveDate};
use model::master::*;
use rust_decimal::Decimal;
use std::collections::HashMap;

/// Name of the edition that prices of the notice carry, as in the starter set.
pub(super) const NOTICED: &str = "薬価 2026 告示";
/// Names of the editions of prices that were kept.
pub(super) const KEPT: [&str; 2] = ["薬価 2025 据置", "薬価 2026 据置"];

/// A price from a day on.
#[derive(Debug, Clone)]
pub(super) struct Price {
    pub from: NaiveDate,
    pub price: Decimal,
    pub estimated: bool,
    pub edition: String,
}

impl Figures {
    /// The imported price of a drug in the year that begins on a day.
    fn price(&self, drug: &Drug, begins: NaiveDate) -> Option<&Price> {
        let next = NaiveDate::from_ymd_opt(begins.year() + 1, begins.month(), begins.day()).unwrap_or(NaiveDate::MAX);
        let lists = [self.listed.get(&drug.yj), self.matched.get(drug.code.as_str())];
        lists.into_iter().flatten().find_map(|list| list.iter().find(|price| (begins..next).contains(&price.from)))
    }
}

/// What the starter set knows of each year, by first day and code.
type Known = HashMap<(NaiveDate, String), Price>;

/// Drugs with their prices year by year.
pub(super) fn drugs(starter: Vec<Drug>, mut official: Vec<Drug>, figures: &Figures, newer: bool) -> Vec<Drug> {
    if official.is_empty() || !spoken(&official, PRICES[0]) {
        let starter = starter.into_iter().map(|row| repriced(row, figures)).collect();
        return lay_over(official, starter, None);
    }
    let of_lists = starter.iter().filter(|row| row.validity.edition.starts_with("薬価"));
    let known: Known = of_lists
        .map(|row| {
            let (from, edition) = (row.validity.from, row.validity.edition.clone());
            ((from, row.code.0.clone()), Price { from, price: row.price, estimated: row.estimated, edition })
        })
        .collect();
    let years: Vec<(NaiveDate, &str)> =
        PRICES[1..].iter().copied().zip(KEPT).filter(|(first, _)| !spoken(&official, *first)).collect();
    official.sort_by(|a, b| a.code.cmp(&b.code).then(a.validity.from.cmp(&b.validity.from)));
    let mut rows: Vec<Drug> = Vec::with_capacity(official.len() * (1 + years.len()));
    let mut states: Vec<Drug> = Vec::new();
    let mut official = official.into_iter().peekable();
    while let Some(row) = official.next() {
        let last = official.peek().is_none_or(|next| next.code != row.code);
        states.push(row);
        if last {
            for (first, kept) in &years {
                states = priced(std::mem::take(&mut states), *first, kept, figures, &known);
            }
            rows.append(&mut states);
        }
    }
    below(starter, rows, newer)
}

/// The states of one drug with the price of a year: the state that stands on its first day is cut in two, and states after
/// it that only carried the old price on take the new one.
fn priced(states: Vec<Drug>, first: NaiveDate, kept: &str, figures: &Figures, known: &Known) -> Vec<Drug> {
    let eve = first.pred_opt().unwrap_or(first);
    let Some(old) = states.iter().find(|row| row.validity.covers(eve)).map(|row| row.price) else { return states };
    let set = |row: &mut Drug| {
        let starter = || known.get(&(first, row.code.0.clone()));
        match figures.price(row, first).or_else(starter) {
            Some(price) => {
                row.price = two_decimals(price.price);
                row.estimated = price.estimated;
                row.validity.edition.clone_from(&price.edition);
            }
            None => {
                row.estimated = true;
                kept.clone_into(&mut row.validity.edition);
            }
        }
    };
    let mut rows = Vec::with_capacity(states.len() + 1);
    for mut row in states {
        if row.validity.from < first && row.validity.covers(first) {
            let mut coming = row.clone();
            coming.validity.from = first;
            set(&mut coming);
            row.validity.to = Some(eve);
            rows.push(row);
            rows.push(coming);
        } else {
            if row.validity.from >= first && row.price == old {
                set(&mut row);
            }
            rows.push(row);
        }
    }
    rows
}

/// A starter row with an imported price of its year.
fn repriced(mut row: Drug, figures: &Figures) -> Drug {
    let year = PRICES[1..].iter().find(|first| **first == row.validity.from);
    if let Some(price) = year.and_then(|first| figures.price(&row, *first)) {
        (row.price, row.estimated) = (two_decimals(price.price), price.estimated);
        row.validity.edition.clone_from(&price.edition);
    }
    row
}

/// Prices have two decimals.
fn two_decimals(mut price: Decimal) -> Decimal {
    price.rescale(2);
    price
}
