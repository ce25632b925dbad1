//! What the masters say of one line on one day.

use super::Why;
use crate::uke::{Item, Line};
use chrono::NaiveDate;
use model::master::{Procedure, Step, Tables, Validity};
use rust_decimal::{Decimal, RoundingStrategy, prelude::ToPrimitive};

/// A line by its master.
#[derive(Debug)]
pub(super) enum Own {
    /// Points (点) of its own; whether the row is an add-on (告示等識別 7); its bundle (包括対象検査, 0 none).
    Points { points: i64, add_on: bool, bundle: u16 },
    /// What it makes of the points before it, in hundredths: 170 for 70％加算, 90 for 10％減算.
    Percent(Decimal),
    /// Price of a drug used, in yen (円).
    Drug(Decimal),
    /// Price of a material used, in yen (円).
    Material(Decimal),
}

/// What a line has by itself, or why that is not determined.
pub(super) fn own(tables: &dyn Tables, line: &Line, on: NaiveDate) -> Result<Own, Why> {
    match line.item {
        Item::Procedure => match tables.procedure(&line.code, on) {
            Some(row) => procedure(row, line.quantity),
            None => Err(no_row(on, tables.procedure(&line.code, NEVER).map(|row| &row.validity))),
        },
        Item::Drug => match tables.drug(&line.code, on) {
            Some(row) if row.estimated => Err(Why::Estimated { figure: format!("{}円", row.price.normalize()) }),
            Some(row) => priced(row.price, line.quantity).map(Own::Drug),
            None => Err(no_row(on, tables.drug(&line.code, NEVER).map(|row| &row.validity))),
        },
        Item::Material => match tables.material(&line.code, on) {
            // 別紙5-1: only kind 1 has a price of its own; 2 is the purchase price, 5 and 9 act on others.
            Some(row) if row.price_kind != 1 => Err(Why::PointKind(row.price_kind)),
            Some(row) => priced(row.price, line.quantity).map(Own::Material),
            None => Err(no_row(on, tables.material(&line.code, NEVER).map(|row| &row.validity))),
        },
    }
}

/// A day after all rows: the newest row of a code is in force then, unless it was abolished.
const NEVER: NaiveDate = NaiveDate::from_ymd_opt(9999, 12, 31).expect("a real day");

fn no_row(on: NaiveDate, newest: Option<&Validity>) -> Why {
    Why::NoRow { on, from: newest.map(|validity| validity.from).filter(|from| *from > on) }
}

/// Master S 点数識別 (別紙7-1): 3 points, 8 points taken away, 5 and 6 percent more and less. 1 is yen of meals, 4 a purchase
/// price, 7 a reduction that only the file knows.
fn procedure(row: &Procedure, quantity: Option<Decimal>) -> Result<Own, Why> {
    if row.estimated {
        return Err(Why::Estimated { figure: format!("{}点", row.points.normalize()) });
    }
    let (add_on, bundle) = (row.notice_kind == 7, row.bundle);
    match row.point_kind {
        3 => Ok(Own::Points { points: whole(stepped(row, quantity)?).ok_or(Why::PointKind(3))?, add_on, bundle }),
        8 => Ok(Own::Points { points: whole(-stepped(row, quantity)?).ok_or(Why::PointKind(8))?, add_on, bundle }),
        5 => Ok(Own::Percent(Decimal::ONE_HUNDRED + row.points)),
        6 => Ok(Own::Percent(Decimal::ONE_HUNDRED - row.points)),
        kind => Err(Why::PointKind(kind)),
    }
}

/// きざみ, columns 30–35 (点数算定式1・2): base + ⌈(quantity − lower) ÷ width⌉ × points. At or below `lower − width` the errors 2
/// and 3 do not bill; above the upper limit 1 and 3 take the limit, 0 and 2 the formula as it stands.
fn stepped(row: &Procedure, quantity: Option<Decimal>) -> Result<Decimal, Why> {
    let Some(Step { lower, upper, width, points, on_error }) = row.step else { return Ok(row.points) };
    let quantity = quantity.ok_or(Why::NoQuantity)?;
    if matches!(on_error, 2 | 3) && quantity <= lower - width {
        return Err(Why::Quantity { over: (lower - width).normalize().to_string() });
    }
    let quantity = if matches!(on_error, 1 | 3) { quantity.min(upper) } else { quantity };
    if quantity <= lower || width.is_zero() {
        return Ok(row.points);
    }
    let steps = ((quantity - lower) / width).ceil();
    steps.checked_mul(points).and_then(|more| row.points.checked_add(more)).ok_or(Why::NoQuantity)
}

fn priced(price: Decimal, quantity: Option<Decimal>) -> Result<Decimal, Why> {
    if price.is_zero() {
        return Err(Why::NoPrice);
    }
    quantity.and_then(|quantity| price.checked_mul(quantity)).ok_or(Why::NoQuantity)
}

/// Points as an integer, half up (点数算定式: 四捨五入).
pub(super) fn whole(points: Decimal) -> Option<i64> {
    points.round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero).to_i64()
}
