//! What was typed for an order, read against the masters of the day of service: by the chart, and by order sets.

use crate::{Fallible, error::AtField};
use chrono::NaiveDate;
use masters::Snapshot;
use model::{AppError, FieldError, Flaw, ids::*, kana, orders::*};
use rust_decimal::Decimal;

/// The most of one drug or procedure that can be typed.
const MOST: i64 = 9_999;

/// What was typed, as the group `id`.
pub(crate) fn rp(masters: &Snapshot, form: &RpForm, on: NaiveDate, id: RpId) -> Fallible<Rp> {
    let route = Route::parse(&form.route).ok_or(Flaw::NotAChoice).at("route")?;
    let dispensing = Dispensing::parse(&form.dispensing).ok_or(Flaw::NotAChoice).at("dispensing")?;
    let listed = masters.usages().iter().find(|usage| !form.usage.is_empty() && usage.key == form.usage);
    let (usage, usage_code, times_per_day) = match listed {
        Some(usage) => (usage.text.clone(), usage.code.clone(), usage.times_per_day),
        None => (kana::parse_line(&form.usage_text, 100).at("usage")?, None, 1),
    };
    let count = whole(&form.count, most_count(route)).at("count")?;
    if form.items.is_empty() {
        return Err(AppError::field("items", Flaw::Missing).into());
    }
    let mut items = Vec::new();
    let mut flaws = Vec::new();
    for (i, typed) in form.items.iter().enumerate() {
        match item(masters, typed, on) {
            Ok(item) => items.push(item),
            Err((field, flaw)) => flaws.push(FieldError::new(format!("items.{i}.{field}"), flaw)),
        }
    }
    if flaws.is_empty() {
        Ok(Rp { id, route, dispensing, usage, usage_code, times_per_day, count, items, version: 0 })
    } else {
        Err(flaws.into())
    }
}

fn item(masters: &Snapshot, typed: &RpItemForm, on: NaiveDate) -> Result<RpItem, (&'static str, Flaw)> {
    let drug = masters
        .drug(&typed.code, on)
        .ok_or_else(|| ("code", Flaw::UnknownCode { code: typed.code.clone(), on: on.to_string() }))?;
    let amount = amount(&typed.amount).map_err(|flaw| ("amount", flaw))?;
    let general_name = match (typed.general_name, &drug.general_name) {
        (true, Some(name)) => Some(name.clone()),
        (true, None) => {
            let message = format!("「{}」には一般名処方の名称がありません。", drug.name);
            return Err(("general_name", Flaw::Rule { message }));
        }
        (false, _) => None,
    };
    Ok(RpItem {
        code: drug.code.clone(),
        name: drug.name.clone(),
        yj: Some(drug.yj.clone()).filter(|yj| !yj.is_empty()),
        general_name,
        amount,
        unit: drug.unit.clone(),
    })
}

/// A procedure as typed; it has no id yet.
pub(crate) fn procedure(masters: &Snapshot, code: &str, quantity: &str, on: NaiveDate) -> Fallible<ProcedureOrder> {
    let unknown = || Flaw::UnknownCode { code: code.to_owned(), on: on.to_string() };
    let row = masters.procedure(code, on).ok_or_else(unknown).at("code")?;
    Ok(ProcedureOrder {
        id: ProcedureOrderId(uuid::Uuid::nil()),
        code: row.code.clone(),
        name: row.name.clone(),
        quantity: amount(quantity).at("quantity")?,
        unit: unit_of(row),
        drugs: Vec::new(),
        materials: Vec::new(),
        comments: Vec::new(),
        version: 0,
    })
}

/// In what a procedure is counted.
pub(crate) fn unit_of(row: &model::master::Procedure) -> String {
    if row.unit.is_empty() { "回".into() } else { row.unit.clone() }
}

/// The most days, times or dispensings of a group.
pub(crate) fn most_count(route: Route) -> u16 {
    if route == Route::Internal { 180 } else { 999 }
}

/// An amount as typed: more than nothing, at most three decimals.
pub(crate) fn amount(text: &str) -> Result<Decimal, Flaw> {
    let range = || Flaw::OutOfRange { min: "0.001".into(), max: MOST.to_string() };
    let text = kana::fold_width(text.trim());
    if text.is_empty() {
        return Err(Flaw::Missing);
    }
    let amount: Decimal = text.parse().map_err(|_| range())?;
    if amount > Decimal::ZERO && amount <= Decimal::from(MOST) && amount.normalize().scale() <= 3 {
        Ok(amount.normalize())
    } else {
        Err(range())
    }
}

/// A count as typed: from one to `most`.
pub(crate) fn whole(text: &str, most: u16) -> Result<u16, Flaw> {
    let text = kana::fold_width(text.trim());
    match text.parse() {
        _ if text.is_empty() => Err(Flaw::Missing),
        Ok(number) if (1..=most).contains(&number) => Ok(number),
        _ => Err(Flaw::OutOfRange { min: "1".into(), max: most.to_string() }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_exact_and_positive() {
        assert_eq!(amount("１．５"), Ok("1.5".parse().expect("a number")));
        assert_eq!(amount("3.0"), Ok(Decimal::from(3)));
        for bad in ["0", "-1", "abc", "10000", "0.0001"] {
            assert!(matches!(amount(bad), Err(Flaw::OutOfRange { .. })), "{bad}");
        }
        assert_eq!(whole("14", 180), Ok(14));
        assert!(whole("0", 180).is_err());
    }
}
