//! A dated table: several rows a code, each for its days; lookup is by code and day.

use chrono::NaiveDate;
use model::master::*;
use std::{collections::HashMap, ops::Range};

/// A row of a master.
pub trait Row {
    /// Its code.
    fn code(&self) -> &str;
    /// When it is in force.
    fn validity(&self) -> &Validity;
    /// The same, to be changed while tables are put together.
    fn validity_mut(&mut self) -> &mut Validity;
    /// Whether its figure is an estimate.
    fn estimated(&self) -> bool {
        false
    }
}

macro_rules! rows {
    ($($row:ident: $code:ident $(, $estimated:ident)?;)+) => {$(
        impl Row for $row {
            fn code(&self) -> &str { &self.$code }
            fn validity(&self) -> &Validity { &self.validity }
            fn validity_mut(&mut self) -> &mut Validity { &mut self.validity }
            $(fn estimated(&self) -> bool { self.$estimated })?
        }
    )+};
}

macro_rules! coded {
    ($($row:ident $(, $estimated:ident)?;)+) => {$(
        impl Row for $row {
            fn code(&self) -> &str { self.code.as_str() }
            fn validity(&self) -> &Validity { &self.validity }
            fn validity_mut(&mut self) -> &mut Validity { &mut self.validity }
            $(fn estimated(&self) -> bool { self.$estimated })?
        }
    )+};
}

coded! { Disease; Modifier; Procedure, estimated; Drug, estimated; Comment; Material; Allergen; }
rows! { LabItem: local_code; }

/// All rows of one master, by code and first day.
#[derive(Debug, Clone)]
pub struct Table<T> {
    rows: Vec<T>,
    codes: HashMap<Box<str>, Range<usize>>,
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self { rows: Vec::new(), codes: HashMap::new() }
    }
}

impl<T: Row> Table<T> {
    /// From rows in any order.
    pub fn new(mut rows: Vec<T>) -> Self {
        rows.sort_by(|a, b| a.code().cmp(b.code()).then(a.validity().from.cmp(&b.validity().from)));
        let mut codes: HashMap<Box<str>, Range<usize>> = HashMap::with_capacity(rows.len());
        for (index, row) in rows.iter().enumerate() {
            codes.entry(row.code().into()).or_insert(index..index).end = index + 1;
        }
        Self { rows, codes }
    }

    /// The row of a code in force on a day.
    pub fn on(&self, code: &str, day: NaiveDate) -> Option<&T> {
        self.all(code).iter().rev().find(|row| row.validity().covers(day))
    }

    /// Every row of a code, the oldest first.
    pub fn all(&self, code: &str) -> &[T] {
        self.codes.get(code).map_or(&[], |range| &self.rows[range.clone()])
    }

    /// All rows, by code and first day.
    pub fn rows(&self) -> &[T] {
        &self.rows
    }

    /// How many codes there are.
    pub fn codes(&self) -> usize {
        self.codes.len()
    }
}
