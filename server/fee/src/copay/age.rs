//! Ages that decide who bears what: preschool, 70, 75. A year of age is reached on the day before the birthday
//! (年齢計算ニ関スル法律), which matters for children born on 1 April and elders born on the first of a month.

use super::AgeBand;
use chrono::{Datelike, Months, NaiveDate};

/// The birthday; one of 29 February is 1 March in a plain year (年齢計算ニ関スル法律, 民法 143条2項).
pub(crate) fn birthday(birth: NaiveDate, years: u32) -> NaiveDate {
    let day = birth + Months::new(12 * years);
    if day.day() == birth.day() { day } else { day.succ_opt().unwrap_or(day) }
}

/// The day on which so many years are reached (…歳に達する日).
fn reached(birth: NaiveDate, years: u32) -> NaiveDate {
    let birthday = birthday(birth, years);
    birthday.pred_opt().unwrap_or(birthday)
}

/// Until the first 31 March on or after the day on which six years are reached (健康保険法 110条2項1号ロ).
pub fn preschool(birth: NaiveDate, on: NaiveDate) -> bool {
    let six = reached(birth, 6);
    let year = if (six.month(), six.day()) <= (3, 31) { six.year() } else { six.year() + 1 };
    NaiveDate::from_ymd_opt(year, 3, 31).is_some_and(|end| on <= end)
}

/// The band of a patient on a day: 75 from the birthday; 70 from the month after the one in which 70 years are reached
/// (健康保険法 74条1項2号).
pub fn band(birth: NaiveDate, on: NaiveDate) -> AgeBand {
    let seventy = reached(birth, 70);
    let from_70 = (seventy.with_day(1).unwrap_or(seventy)) + Months::new(1);
    if on >= birthday(birth, 75) {
        AgeBand::From75
    } else if on >= from_70 {
        AgeBand::From70
    } else if preschool(birth, on) {
        AgeBand::Preschool
    } else {
        AgeBand::Under70
    }
}

/// Whether 65 years are reached.
pub fn from_65(birth: NaiveDate, on: NaiveDate) -> bool {
    on >= reached(birth, 65)
}

/// The month of the 75th birthday, unless it falls on the first (健康保険法施行令 41条4項: limits are halved).
pub fn turns_75(birth: NaiveDate, on: NaiveDate) -> bool {
    let birthday = birthday(birth, 75);
    birthday.day() != 1 && (birthday.year(), birthday.month()) == (on.year(), on.month())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(y: i32, m: u32, d: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(y, m, d).expect("a real day")
    }

    #[test]
    fn bands_change_on_their_days() {
        assert_eq!(band(day(2020, 4, 1), day(2026, 3, 31)), AgeBand::Preschool);
        assert_eq!(band(day(2020, 4, 1), day(2026, 4, 1)), AgeBand::Under70);
        assert_eq!(band(day(2020, 4, 2), day(2027, 3, 31)), AgeBand::Preschool);
        assert_eq!(band(day(1956, 7, 2), day(2026, 7, 31)), AgeBand::Under70);
        assert_eq!(band(day(1956, 7, 2), day(2026, 8, 1)), AgeBand::From70);
        assert_eq!(band(day(1956, 7, 1), day(2026, 7, 1)), AgeBand::From70);
        assert_eq!(band(day(1951, 7, 10), day(2026, 7, 9)), AgeBand::From70);
        assert_eq!(band(day(1951, 7, 10), day(2026, 7, 10)), AgeBand::From75);
        assert!(turns_75(day(1951, 7, 10), day(2026, 7, 1)));
        assert!(!turns_75(day(1951, 7, 1), day(2026, 7, 1)));
    }

    #[test]
    fn a_birthday_of_29_february_is_1_march_in_a_plain_year() {
        assert_eq!(band(day(1952, 2, 29), day(2027, 2, 28)), AgeBand::From70);
        assert_eq!(band(day(1952, 2, 29), day(2027, 3, 1)), AgeBand::From75);
        assert!(!turns_75(day(1952, 2, 29), day(2027, 2, 28)));
        assert!(!turns_75(day(1952, 2, 29), day(2027, 3, 1)), "it falls on the first");
        assert_eq!(reached(day(1952, 2, 29), 70), day(2022, 2, 28));
    }
}
