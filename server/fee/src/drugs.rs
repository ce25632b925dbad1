//! Drugs: the fee of a unit (剤) by 五捨五超入, and the price of what was used.

use crate::{FeeError, request::Amount, work::Work};
use model::{
    fee::{FeeLine, Section},
    master::Drug,
    money::Points,
};
use rust_decimal::{Decimal, prelude::ToPrimitive};

/// What happens to 15 yen or less.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rounding {
    /// One point (F200, G100 1).
    AtLeastOne,
    /// Not billed (D500 注1, E300 注1, J300 注1).
    NothingUpTo15,
}

/// Points of a unit that costs so many yen (薬価): up to 15 yen one point or nothing, above that one point and one more
/// for every 10 yen or part of it over 15 yen (F200, G100, D500).
///
/// ```
/// use fee::drugs::{Rounding, points};
/// let yen = rust_decimal::Decimal::new(1052, 1); // 105.2 yen
/// assert_eq!(points(yen, Rounding::AtLeastOne), Some(11));
/// ```
pub fn points(yen: Decimal, rounding: Rounding) -> Option<i64> {
    let fifteen = Decimal::from(15);
    if yen <= fifteen {
        return match rounding {
            Rounding::AtLeastOne => Some(1),
            Rounding::NothingUpTo15 => None,
        };
    }
    ((yen - fifteen) / Decimal::TEN).ceil().to_i64().map(|over| over + 1)
}

/// Drugs that are priced together.
pub(crate) struct Unit<'a> {
    /// Code and name of the first drug.
    pub code: String,
    pub name: String,
    /// Every drug with its amount, for the 明細書.
    pub parts: Vec<String>,
    /// Price of the unit in yen.
    pub yen: Decimal,
    pub estimated: bool,
    pub drugs: Vec<&'a Drug>,
}

impl Unit<'_> {
    /// The line of the unit.
    pub fn line(&self, points: i64, count: i64, section: Section, reason: String, article: &str) -> FeeLine {
        FeeLine {
            code: self.code.clone(),
            name: self.name.clone(),
            parts: self.parts.clone(),
            points: Points(points),
            count,
            section,
            reason,
            citation: article.to_owned(),
            estimated: self.estimated,
            by_hand: false,
        }
    }
}

/// Adds up the price of drugs. An unknown code ends the calculation with its path.
pub(crate) fn unit<'a>(work: &mut Work<'a>, path: &str, items: &[Amount]) -> Result<Unit<'a>, FeeError> {
    let mut unit = Unit {
        code: String::new(),
        name: String::new(),
        parts: Vec::new(),
        yen: Decimal::ZERO,
        estimated: false,
        drugs: Vec::new(),
    };
    for (index, item) in items.iter().enumerate() {
        if item.amount <= Decimal::ZERO {
            return Err(FeeError::value(format!("{path}[{index}].amount"), "0より大きい数で指定します。"));
        }
        let tables = work.tables;
        let Some(drug) = tables.drug(&item.code, work.on()) else {
            if tables.material(&item.code, work.on()).is_some() {
                continue;
            }
            // Codes of master T begin with 7; tables need not hold it.
            if item.code.len() == 9 && item.code.starts_with('7') {
                work.omit_code(&item.code, "特定器材", "算定していません: 特定器材のマスターがありません。");
                continue;
            }
            let path = format!("{path}[{index}].code");
            return Err(FeeError::UnknownCode { path, code: item.code.clone(), on: work.on() });
        };
        if unit.code.is_empty() {
            unit.code = drug.code.0.clone();
            unit.name = drug.name.clone();
        }
        unit.parts.push(format!("{} {}{}", drug.name, item.amount.normalize(), drug.unit));
        unit.yen += drug.price * item.amount;
        unit.estimated |= drug.estimated;
        unit.drugs.push(drug);
    }
    Ok(unit)
}

/// Materials (特定保険医療材料) among what was used: price ÷ 10 yen, a point each (D600, J400 …). The notice does not say what
/// becomes of less than a point; it is rounded half up as the notices do elsewhere.
pub(crate) fn materials(work: &mut Work, items: &[Amount], section: Section, article: &str) {
    for item in items {
        let Some(row) = work.tables.material(&item.code, work.on()) else { continue };
        if row.price_kind != 1 {
            work.omit_code(&row.code, &row.name, "算定していません: 購入価格または割合による特定器材です。");
            continue;
        }
        let points = crate::work::whole(row.price * item.amount / Decimal::TEN);
        work.lines.push(FeeLine {
            code: row.code.clone(),
            name: row.name.clone(),
            parts: vec![format!("{} {}{}", row.name, item.amount.normalize(), row.unit)],
            points: Points(points),
            count: 1,
            section,
            reason: format!("特定保険医療材料 {}円 × {}", row.price.normalize(), item.amount.normalize()),
            citation: article.to_owned(),
            estimated: false,
            by_hand: false,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fifteen_yen_is_the_border() {
        let yen = |text: &str| text.parse::<Decimal>().expect("a number");
        assert_eq!(points(yen("15"), Rounding::AtLeastOne), Some(1));
        assert_eq!(points(yen("15"), Rounding::NothingUpTo15), None);
        assert_eq!(points(yen("15.01"), Rounding::NothingUpTo15), Some(2));
        assert_eq!(points(yen("25"), Rounding::AtLeastOne), Some(2));
        assert_eq!(points(yen("25.1"), Rounding::AtLeastOne), Some(3));
        assert_eq!(points(yen("4971"), Rounding::AtLeastOne), Some(497));
    }
}
