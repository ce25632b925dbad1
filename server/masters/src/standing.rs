//! How the row of a code stands on a day, whatever edition is loaded: for what a clinic keeps by code.

use crate::{Snapshot, table::Row};
use chrono::NaiveDate;
use model::{inhouse::Standing, master::*};

/// A code that the masters know, in force or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// Name on the day, or the last one before it.
    pub name: String,
    /// Unit, empty where there is none.
    pub unit: String,
    /// 薬価基準収載医薬品コード (≈ YJ) of a drug, else empty.
    pub yj: String,
    /// How it stands.
    pub standing: Standing,
}

impl Snapshot {
    /// What is known of a code on a day; none where no row of it has ever begun.
    pub fn known(&self, kind: MasterKind, code: &str, on: NaiveDate) -> Option<Known> {
        match kind {
            MasterKind::Disease => {
                let (row, mut known) = found(self.diseases.all(code), on, |row| &row.name)?;
                if let (Standing::Ended { successor, .. }, Some(next)) = (&mut known.standing, &row.successor) {
                    let name = self.diseases.all(next.as_str()).last().map(|row| row.name.clone()).unwrap_or_default();
                    *successor = Some((next.0.clone(), name));
                }
                Some(known)
            }
            MasterKind::Modifier => found(self.modifiers.all(code), on, |row| &row.name).map(|(_, known)| known),
            MasterKind::Procedure => found(self.procedures.all(code), on, |row| &row.name)
                .map(|(row, known)| Known { unit: row.unit.clone(), ..known }),
            MasterKind::Drug => found(self.drugs.all(code), on, |row| &row.name).map(|(row, known)| Known {
                unit: row.unit.clone(),
                yj: row.yj.clone(),
                ..known
            }),
            MasterKind::Material => {
                found(self.materials.all(code), on, |row| &row.name).map(|(row, known)| Known { unit: row.unit.clone(), ..known })
            }
            MasterKind::Comment => found(self.comments.all(code), on, |row| &row.text).map(|(_, known)| known),
            MasterKind::Allergen => match found(self.allergens.all(code), on, |row| &row.name) {
                Some((_, known)) => Some(known),
                // Drugs as allergens have no rows of their own.
                None => self.allergen(code, on).map(|row| Known {
                    name: row.name,
                    unit: String::new(),
                    yj: String::new(),
                    standing: Standing::InForce,
                }),
            },
            MasterKind::Lab => {
                found(self.labs.all(code), on, |row| &row.name).map(|(row, known)| Known { unit: row.unit.clone(), ..known })
            }
        }
    }
}

/// The row to speak of and how it stands. Rows follow one another: a figure that ends is no end of the code.
fn found<T: Row>(rows: &[T], on: NaiveDate, name: impl Fn(&T) -> &String) -> Option<(&T, Known)> {
    let begun = rows.iter().rev().find(|row| row.validity().from <= on)?;
    let (row, standing) = match rows.iter().rev().find(|row| row.validity().covers(on)) {
        Some(row) => {
            let last =
                rows.iter().map(|row| row.validity().to.unwrap_or(NaiveDate::MAX)).max().filter(|day| *day < NaiveDate::MAX);
            (row, last.map_or(Standing::InForce, |on| Standing::Ends { on }))
        }
        None => {
            let past = rows.iter().filter(|row| row.validity().from <= on).filter_map(|row| row.validity().to).max();
            (begun, past.map_or(Standing::Unknown, |on| Standing::Ended { on, successor: None }))
        }
    };
    Some((row, Known { name: name(row).clone(), unit: String::new(), yj: String::new(), standing }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(from: (i32, u32), to: Option<(i32, u32)>) -> Modifier {
        let first = |(year, month)| NaiveDate::from_ymd_opt(year, month, 1).expect("a day");
        Modifier {
            code: "1".into(),
            name: format!("{from:?}"),
            kana: String::new(),
            management: String::new(),
            exchange: String::new(),
            class: String::new(),
            suffix: false,
            validity: Validity { from: first(from), to: to.map(first), edition: String::new() },
        }
    }

    fn stands(rows: &[Modifier], year: i32, month: u32) -> Option<Standing> {
        let on = NaiveDate::from_ymd_opt(year, month, 15).expect("a day");
        found(rows, on, |row| &row.name).map(|(_, known)| known.standing)
    }

    #[test]
    fn a_figure_that_ends_is_no_end_of_the_code() {
        let day = NaiveDate::from_ymd_opt(2026, 6, 1).expect("a day");
        let followed = [row((2024, 6), Some((2026, 6))), row((2026, 6), None)];
        assert_eq!(stands(&followed, 2026, 5), Some(Standing::InForce));
        let alone = [row((2024, 6), Some((2026, 6)))];
        assert_eq!(stands(&alone, 2026, 5), Some(Standing::Ends { on: day }));
        assert_eq!(stands(&alone, 2026, 7), Some(Standing::Ended { on: day, successor: None }));
        assert_eq!(stands(&alone, 2024, 5), None, "not begun");
    }
}
