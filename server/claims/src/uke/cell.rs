//! A cell against its field: what is wrong with it, and its value.

use super::{
    burden::Burden,
    layout::{Field, Kind},
    receipt::Month,
};
use chrono::NaiveDate;
use rust_decimal::Decimal;

/// What was expected of a cell that does not fit its field; nothing where it fits. Empty cells fit unless required.
pub(super) fn flaw(field: &Field, cell: &str) -> Option<String> {
    if cell.is_empty() {
        return field.required.then(|| "記録".to_owned());
    }
    let well_formed = match field.kind {
        Kind::Text => return None,
        Kind::Digits => cell.bytes().all(|b| b.is_ascii_digit()),
        Kind::Decimal => decimal(cell).is_some(),
        Kind::Points => points(cell).is_some(),
        Kind::Month => Month::parse(cell).is_some(),
        Kind::Day => day(cell).is_some(),
        Kind::Letters => cell.is_ascii(),
        Kind::Burden => Burden::parse(cell).is_some(),
    };
    let too_long = if field.fixed { cell.len() != field.max } else { cell.len() > field.max };
    (!well_formed || too_long).then(|| expected(field))
}

fn expected(field: &Field) -> String {
    let length = if field.fixed { format!("{}桁", field.max) } else { format!("{}桁以内", field.max) };
    match field.kind {
        Kind::Digits => format!("数字{length}"),
        Kind::Decimal => format!("数字（小数可）{length}"),
        Kind::Points => format!("点数{length}"),
        Kind::Month => "年月 YYYYMM".to_owned(),
        Kind::Day => "年月日 YYYYMMDD".to_owned(),
        Kind::Letters => format!("英数{length}"),
        Kind::Burden => "負担区分コード".to_owned(),
        Kind::Text => "文字".to_owned(),
    }
}

/// Digits with an optional decimal part; no sign, no exponent.
pub(super) fn decimal(cell: &str) -> Option<Decimal> {
    let plain = cell.bytes().all(|b| b.is_ascii_digit() || b == b'.') && cell.starts_with(|c: char| c.is_ascii_digit());
    if plain { cell.parse().ok() } else { None }
}

/// Digits with an optional minus.
pub(super) fn points(cell: &str) -> Option<i64> {
    let digits = cell.strip_prefix('-').unwrap_or(cell);
    if digits.bytes().all(|b| b.is_ascii_digit()) { cell.parse().ok() } else { None }
}

/// A day `YYYYMMDD` of the calendar.
pub(super) fn day(cell: &str) -> Option<NaiveDate> {
    let digits = cell.len() == 8 && cell.bytes().all(|b| b.is_ascii_digit());
    if digits {
        NaiveDate::from_ymd_opt(cell[..4].parse().ok()?, cell[4..6].parse().ok()?, cell[6..].parse().ok()?)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_read_strictly() {
        assert_eq!(
            (points("-12"), points("12"), points("1-2"), points("-"), points("")),
            (Some(-12), Some(12), None, None, None)
        );
        assert_eq!(decimal("1.5"), Some(Decimal::new(15, 1)));
        assert_eq!((decimal("1e3"), decimal("+1"), decimal(".5"), decimal("1.2.3")), (None, None, None, None));
        assert_eq!(day("20230229"), None);
        assert_eq!(day("１２３４５６７８"), None);
    }
}
