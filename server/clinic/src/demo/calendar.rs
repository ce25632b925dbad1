//! The clinics' days and hours: closed on Sundays, around the new year and in mid-August, mornings only on Saturdays.

use super::dice::Dice;
use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, Utc, Weekday};
use model::date;

/// Whether the clinic sees patients.
pub(super) fn is_open(day: NaiveDate) -> bool {
    day.weekday() != Weekday::Sun && !matches!((day.month(), day.day()), (12, 29..=31) | (1, 1..=3) | (8, 13..=15))
}

/// The day itself, or the next one on which the clinic is open.
pub(super) fn open_from(day: NaiveDate) -> NaiveDate {
    day.iter_days().find(|day| is_open(*day)).expect("the clinic opens again")
}

/// The day itself, or the last one before it on which the clinic was open.
pub(super) fn open_until(day: NaiveDate) -> NaiveDate {
    let mut day = day;
    while !is_open(day) {
        day = before(day, 1);
    }
    day
}

/// A time at which somebody may check in.
pub(super) fn hour(dice: &mut Dice, day: NaiveDate) -> NaiveTime {
    let minutes = match day.weekday() {
        Weekday::Sat => dice.between(9 * 60, 11 * 60 + 20),
        _ if dice.chance(65) => dice.between(9 * 60, 11 * 60 + 45),
        _ => dice.between(15 * 60, 17 * 60 + 25),
    };
    NaiveTime::from_num_seconds_from_midnight_opt(u32::try_from(minutes * 60).expect("a time of day"), 0).expect("a time of day")
}

/// The instant of a day and time in Japan.
pub(super) fn instant(day: NaiveDate, time: NaiveTime) -> DateTime<Utc> {
    day.and_time(time).and_local_timezone(date::japan()).single().expect("Japan has no summer time").with_timezone(&Utc)
}

/// So many days before.
pub(super) fn before(day: NaiveDate, days: i64) -> NaiveDate {
    day.checked_sub_days(Days::new(u64::try_from(days).expect("not negative"))).expect("within the calendar")
}

/// So many days after.
pub(super) fn after(day: NaiveDate, days: i64) -> NaiveDate {
    day.checked_add_days(Days::new(u64::try_from(days).expect("not negative"))).expect("within the calendar")
}

/// The day the clinics moved to this system: the first working day under the oldest fee table and drug prices that the
/// starter masters hold (令和6年6月). What came before stands as if brought over from an older system.
pub(super) const MOVED_IN: NaiveDate = match NaiveDate::from_ymd_opt(2024, 6, 3) {
    Some(day) => day,
    None => NaiveDate::MIN,
};

/// Where in the year a day lies, as stories need it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Season {
    /// December to February.
    Winter,
    /// March and April: pollen.
    Pollen,
    /// May and June, September to November.
    Mild,
    /// July and August.
    Summer,
}

impl Season {
    pub(super) fn of(day: NaiveDate) -> Self {
        match day.month() {
            12 | 1 | 2 => Self::Winter,
            3 | 4 => Self::Pollen,
            7 | 8 => Self::Summer,
            _ => Self::Mild,
        }
    }
}
