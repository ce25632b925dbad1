//! The revision mirror (改定の鏡): a visit calculated again under another edition of the tables.
//!
//! The visit stays what it was: age, weekday and hour, history and diagnoses are those of the real day, and so are the limits of
//! payment, which no fee schedule decides. Points, rows and rules are those in force on the other day.

use crate::{Calculator, FeeError, Request};
use chrono::NaiveDate;
use model::{
    fee::Statement,
    master::{Disease, Drug, Material, Procedure, Tables},
};
use serde::Serialize;

/// Tables that answer for the day of service as of another day. Of earlier days they answer as of the other day too, and only
/// where it has no row as of the day itself, so that what was billed before stays known.
pub(crate) struct AsOf<'a> {
    pub tables: &'a dyn Tables,
    /// The day of service.
    pub real: NaiveDate,
    /// The day whose tables hold.
    pub day: NaiveDate,
}

impl AsOf<'_> {
    fn ask<T>(&self, on: NaiveDate, of: impl Fn(NaiveDate) -> Option<T>) -> Option<T> {
        of(self.day).or_else(|| (on != self.real).then(|| of(on)).flatten())
    }
}

impl Tables for AsOf<'_> {
    fn edition(&self, on: NaiveDate) -> Option<String> {
        self.tables.edition(if on == self.real { self.day } else { on })
    }
    fn procedure(&self, code: &str, on: NaiveDate) -> Option<&Procedure> {
        self.ask(on, |day| self.tables.procedure(code, day))
    }
    fn drug(&self, code: &str, on: NaiveDate) -> Option<&Drug> {
        self.ask(on, |day| self.tables.drug(code, day))
    }
    // Diseases are no part of a fee schedule: their rows of the real day say which diagnosis it was.
    fn disease(&self, code: &str, on: NaiveDate) -> Option<&Disease> {
        self.tables.disease(code, on)
    }
    fn material(&self, code: &str, on: NaiveDate) -> Option<&Material> {
        self.ask(on, |day| self.tables.material(code, day))
    }
}

/// A visit in the mirror.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Mirrored {
    /// What it would cost.
    pub statement: Statement,
    /// Codes and names of what was ordered and has no row under the other edition; it is left out of the statement.
    pub missing: Vec<(String, String)>,
}

/// The same visit with tables and rules as in force on `day`, a day of the other edition.
///
/// # Errors
/// As [`Calculator::calculate`]; [`FeeError::NoEdition`] names `day` where no tables cover it, and a code that neither edition holds
/// is unknown as ever.
pub fn under(calculator: &dyn Calculator, tables: &dyn Tables, request: &Request, day: NaiveDate) -> Result<Mirrored, FeeError> {
    let mut asked = request.clone();
    asked.as_of = Some(day);
    let missing = leave_out(&mut asked, tables, day);
    let statement = calculator.calculate(tables, &asked)?;
    Ok(Mirrored { statement, missing })
}

/// Takes away what the tables of `day` do not hold but those of the day of service do.
fn leave_out(request: &mut Request, tables: &dyn Tables, day: NaiveDate) -> Vec<(String, String)> {
    let real = request.date;
    let mut missing = Vec::new();
    let mut held = |code: &str| {
        let name = |on| {
            let procedure = tables.procedure(code, on).map(|row| &row.name);
            let drug = || tables.drug(code, on).map(|row| &row.name);
            procedure.or_else(drug).or_else(|| tables.material(code, on).map(|row| &row.name))
        };
        match (name(day), name(real)) {
            (None, Some(name)) => {
                missing.push((code.to_owned(), name.clone()));
                false
            }
            // What neither holds is an error of the request, with its path.
            _ => true,
        }
    };
    request.orders.retain_mut(|order| {
        let stays = held(&order.code);
        if stays {
            order.parts.retain(|part| held(&part.code));
        }
        stays
    });
    request.prescriptions.retain_mut(|group| {
        let before = group.items.len();
        group.items.retain(|item| held(&item.code));
        !(group.items.is_empty() && before > 0)
    });
    request.overrides.retain(|change| held(&change.code));
    missing.sort();
    missing.dedup();
    missing
}
