//! Japan's dates: read from what people type, shown in both calendars (西暦・和暦).
//!
//! The day is Japan's wherever the server runs; the clock itself is always handed in.

use crate::Flaw;
use crate::kana::fold_width;
use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, Utc};

/// Eras (元号) from the newest back: name, letter, first day. The days are general knowledge: no source of the masters or the
/// claim file prints them. Days of 明治 before 1873, when the solar calendar began, are read as if it had always been so.
const ERAS: [(&str, char, (i32, u32, u32)); 5] = [
    ("令和", 'R', (2019, 5, 1)),
    ("平成", 'H', (1989, 1, 8)),
    ("昭和", 'S', (1926, 12, 25)),
    ("大正", 'T', (1912, 7, 30)),
    ("明治", 'M', (1868, 1, 25)),
];

/// Japan's offset from UTC; there is no summer time.
pub fn japan() -> FixedOffset {
    FixedOffset::east_opt(9 * 3600).expect("nine hours is a valid offset")
}

/// The day it is in Japan at an instant.
pub fn day_of(instant: DateTime<Utc>) -> NaiveDate {
    instant.with_timezone(&japan()).date_naive()
}

/// The time of day in Japan, `10:15`.
pub fn time_of(instant: DateTime<Utc>) -> String {
    instant.with_timezone(&japan()).format("%H:%M").to_string()
}

/// Day and time in Japan, `2026-07-10 10:15`.
pub fn stamp(instant: DateTime<Utc>) -> String {
    instant.with_timezone(&japan()).format("%Y-%m-%d %H:%M").to_string()
}

/// The era's year of a day: `昭和56年`, `令和元年`.
pub fn era_year(day: NaiveDate) -> String {
    for (name, _, (y, m, d)) in ERAS {
        if (day.year(), day.month(), day.day()) >= (y, m, d) {
            let year = day.year() - y + 1;
            return if year == 1 { format!("{name}元年") } else { format!("{name}{year}年") };
        }
    }
    format!("西暦{}年", day.year())
}

/// The day in the Japanese calendar: `昭和56年3月2日`.
pub fn wareki(day: NaiveDate) -> String {
    format!("{}{}月{}日", era_year(day), day.month(), day.day())
}

/// The day as claims and comments record it, `GYYMMDD`: 1 明治, 2 大正, 3 昭和, 4 平成, 5 令和 (年号区分コード), then the
/// era's year, month and day; none before 明治.
pub fn claim_code(day: NaiveDate) -> Option<String> {
    let at = ERAS.iter().position(|(_, _, (y, m, d))| (day.year(), day.month(), day.day()) >= (*y, *m, *d))?;
    Some(format!("{}{:02}{:02}{:02}", ERAS.len() - at, day.year() - ERAS[at].2.0 + 1, day.month(), day.day()))
}

/// The day in both calendars: `1981年（昭和56年）3月2日`.
pub fn both(day: NaiveDate) -> String {
    format!("{}年（{}）{}月{}日", day.year(), era_year(day), day.month(), day.day())
}

/// Completed years on a day (満年齢). A birthday on 29 February is completed on 1 March of other years for display;
/// legal rules that count from the day before say so where they stand.
pub fn age_on(birth: NaiveDate, on: NaiveDate) -> u32 {
    let had_birthday = (on.month(), on.day()) >= (birth.month(), birth.day());
    (on.year() - birth.year() - i32::from(!had_birthday)).max(0).unsigned_abs()
}

/// Reads a day as people type it: `1981-03-02`, `1981/3/2`, `19810302`, `1981年3月2日`, `昭和56年3月2日`, `S56.3.2`,
/// `s560302`, full or half width. A day that is not in the calendar, or not in the era named, is refused.
pub fn parse(text: &str) -> Result<NaiveDate, Flaw> {
    let text: String = fold_width(text).chars().filter(|c| !c.is_whitespace()).collect();
    if text.is_empty() {
        return Err(Flaw::Missing);
    }
    let era = ERAS.iter().enumerate().find_map(|(i, (name, letter, first))| {
        let rest = text.strip_prefix(name).or_else(|| {
            let mut chars = text.chars();
            (chars.next()?.to_ascii_uppercase() == *letter).then_some(chars.as_str())
        })?;
        Some((i, *first, rest.replace('元', "1")))
    });
    let (first, rest) = match &era {
        Some((_, first, rest)) => (Some(*first), rest.as_str()),
        None => (None, text.as_str()),
    };
    let numbers = split_numbers(rest, if first.is_some() { 2 } else { 4 }).ok_or(Flaw::NotADate)?;
    let [year, month, day] = numbers;
    let year = match first {
        Some((y, _, _)) if year >= 1 => y + year as i32 - 1,
        None if year >= 1868 => year as i32,
        _ => return Err(Flaw::NotADate),
    };
    let date = NaiveDate::from_ymd_opt(year, month, day).ok_or(Flaw::NotADate)?;
    if let Some((i, (y, m, d), _)) = era {
        let begins = NaiveDate::from_ymd_opt(y, m, d).ok_or(Flaw::NotADate)?;
        let ends = i.checked_sub(1).and_then(|i| {
            let (y, m, d) = ERAS[i].2;
            NaiveDate::from_ymd_opt(y, m, d)
        });
        if date < begins || ends.is_some_and(|end| date >= end) {
            return Err(Flaw::NotADate);
        }
    }
    Ok(date)
}

/// Three numbers out of `56年3月2日`, `56.3.2`, `56-3-2` or the run of digits `560302`.
fn split_numbers(text: &str, year_digits: usize) -> Option<[u32; 3]> {
    if text.chars().all(|c| c.is_ascii_digit()) {
        if text.len() != year_digits + 4 {
            return None;
        }
        let (year, rest) = text.split_at(year_digits);
        let (month, day) = rest.split_at(2);
        return Some([year.parse().ok()?, month.parse().ok()?, day.parse().ok()?]);
    }
    let text = text.strip_suffix('日').unwrap_or(text);
    let parts: Vec<&str> = text.split(['年', '月', '-', '/', '.', 'ー', '−']).collect();
    match parts[..] {
        [y, m, d] if y.len() <= 4 => Some([y.parse().ok()?, m.parse().ok()?, d.parse().ok()?]),
        _ => None,
    }
}

/// A birth date: a day that exists, not ahead of today, not more than 130 years back.
pub fn parse_birth(text: &str, today: NaiveDate) -> Result<NaiveDate, Flaw> {
    let date = parse(text)?;
    if date > today {
        Err(Flaw::Future)
    } else if today.year() - date.year() > 130 {
        Err(Flaw::TooOld)
    } else {
        Ok(date)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(y: i32, m: u32, d: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(y, m, d).expect("a real day")
    }

    #[test]
    fn reads_the_forms_people_type() {
        for text in [
            "1981-03-02",
            "1981/3/2",
            "19810302",
            "1981年3月2日",
            "昭和56年3月2日",
            "S56.3.2",
            "s560302",
            "Ｓ５６．３．２",
            " 昭和 56年 3月 2日 ",
        ] {
            assert_eq!(parse(text), Ok(day(1981, 3, 2)), "{text}");
        }
        assert_eq!(parse("令和元年5月1日"), Ok(day(2019, 5, 1)));
    }

    #[test]
    fn refuses_days_that_are_not() {
        for text in ["1981-02-30", "昭和64年1月8日", "平成1年1月7日", "R0.1.1", "abc", "2026-13-01", "令和1年4月30日", "1981"]
        {
            assert_eq!(parse(text), Err(Flaw::NotADate), "{text}");
        }
        assert_eq!(parse("  "), Err(Flaw::Missing));
        assert_eq!(parse_birth("2030-01-01", day(2026, 7, 10)), Err(Flaw::Future));
    }

    #[test]
    fn shows_both_calendars() {
        assert_eq!(both(day(1981, 3, 2)), "1981年（昭和56年）3月2日");
        assert_eq!(wareki(day(1989, 1, 7)), "昭和64年1月7日");
        assert_eq!(wareki(day(1989, 1, 8)), "平成元年1月8日");
    }

    #[test]
    fn counts_completed_years() {
        assert_eq!(age_on(day(1981, 3, 2), day(2026, 3, 1)), 44);
        assert_eq!(age_on(day(1981, 3, 2), day(2026, 3, 2)), 45);
    }

    proptest! {
        #[test]
        fn what_is_shown_can_be_read(days in 0i32..55_000) {
            let date = day(1880, 1, 1) + chrono::Duration::days(i64::from(days));
            prop_assert_eq!(parse(&wareki(date)), Ok(date));
            prop_assert_eq!(parse(&date.to_string()), Ok(date));
        }

        #[test]
        fn never_panics(text in "\\PC{0,24}") {
            let _ = parse(&text);
        }
    }
}
