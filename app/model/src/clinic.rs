//! The clinic as it describes itself (医院の設定): name and address, facility standards (施設基準), displayed hours
//! (表示する診療時間), closed days and national holidays, and what that says about a moment of the day.

use crate::{FieldError, Flaw, date, insurance::Flaws, kana, patient};
use chrono::{Datelike, NaiveDate, NaiveTime, Timelike, Weekday};
use serde::{Deserialize, Serialize};

/// The days of a week as the settings show them, from Monday.
pub const WEEKDAYS: [&str; 7] = ["月", "火", "水", "木", "金", "土", "日"];
/// The most hours a day is divided into.
const MOST_INTERVALS: usize = 6;
/// The most days one list may hold: some decades of holidays.
const MOST_DAYS: usize = 600;

/// Hours on end: from `opens` up to, and without, `closes`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Interval {
    /// When it opens.
    pub opens: NaiveTime,
    /// When it closes, later on the same day.
    pub closes: NaiveTime,
}

/// The displayed hours of each day of the week, from Monday; none on a day that is always closed.
pub type Week = [Vec<Interval>; 7];

/// A day that differs from its weekday.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpecialDay {
    /// The day.
    pub day: NaiveDate,
    /// What it is called, may be empty for a closed day.
    pub name: String,
}

/// When the clinic is open.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timetable {
    /// The displayed hours; all empty where the clinic has not told them.
    pub week: Week,
    /// Whether holidays (national ones, 29 December to 3 January) are worked like their weekday.
    pub open_on_holidays: bool,
    /// The clinic's own closed days (臨時休診), in order.
    pub closed: Vec<SpecialDay>,
    /// National holidays (国民の祝日に関する法律3条) as the clinic keeps them, in order. The law's text was not at hand, so
    /// that they are data and never computed.
    pub holidays: Vec<SpecialDay>,
}

fn holds(days: &[SpecialDay], day: NaiveDate) -> bool {
    days.binary_search_by_key(&day, |special| special.day).is_ok()
}

impl Timetable {
    /// Whether the hours are told at all.
    pub fn is_told(&self) -> bool {
        self.week.iter().any(|day| !day.is_empty())
    }

    /// The displayed hours of a day; none when the clinic is closed.
    pub fn hours_of(&self, day: NaiveDate) -> &[Interval] {
        let turn_of_year = matches!((day.month(), day.day()), (12, 29..=31) | (1, 1..=3));
        let holiday = (holds(&self.holidays, day) || turn_of_year) && !self.open_on_holidays;
        if holiday || holds(&self.closed, day) { &[] } else { &self.week[day.weekday().num_days_from_monday() as usize] }
    }

    /// What is told about 休日 of 通知 A000(19): that the day is a national holiday. Of other days nothing: Sundays and the turn
    /// of the year are in the rule itself.
    pub fn holiday(&self, day: NaiveDate) -> Option<bool> {
        holds(&self.holidays, day).then_some(true)
    }

    /// Whether a moment lies within the displayed hours, as far as 時間外 of 通知 A000(18)ア depends on it: outside of them and
    /// yet within the standard (8 to 18 o'clock, Saturdays to noon) nothing is told, for the noon break of an ordinary clinic is
    /// no 時間外; a day closed as a whole is, and so is the afternoon of a clinic that is open in the morning and from 18 o'clock.
    pub fn in_hours(&self, day: NaiveDate, time: NaiveTime) -> Option<bool> {
        if !self.is_told() {
            return None;
        }
        let hours = self.hours_of(day);
        if hours.iter().any(|open| (open.opens..open.closes).contains(&time)) {
            return Some(true);
        }
        let evening = if day.weekday() == Weekday::Sat { 12 } else { 18 };
        let standard = (8..evening).contains(&time.hour());
        let begins_late = hours.iter().any(|open| open.opens.hour() >= 18);
        let afternoon = hours.iter().any(|open| open.opens.hour() < 18 && open.closes.hour() > 12);
        (hours.is_empty() || !standard || (begins_late && !afternoon)).then_some(false)
    }
}

/// A facility standard or a fact of the clinic that the fee rules read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownStandard {
    /// Name, without its grade.
    pub name: String,
    /// How many grades (区分) it has; none: it is met or not.
    pub grades: u8,
    /// What it does, in Japanese with the article.
    pub effect: String,
    /// A fact of the clinic rather than something notified (届出).
    pub fact: bool,
}

/// The settings as they are kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClinicSettings {
    /// Institution number (医療機関番号), which cannot be changed here.
    pub number: String,
    /// Name.
    pub name: String,
    /// Postal code, seven digits or empty.
    pub postal_code: String,
    /// Address.
    pub address: String,
    /// Phone.
    pub phone: String,
    /// Facility standards and facts, by name or by code of master S.
    pub standards: Vec<String>,
    /// What the rules read.
    pub known: Vec<KnownStandard>,
    /// When the clinic is open.
    pub timetable: Timetable,
    /// Version of the row.
    pub version: i64,
}

/// What is typed for the settings.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClinicForm {
    /// 名称.
    pub name: String,
    /// 郵便番号.
    pub postal_code: String,
    /// 所在地.
    pub address: String,
    /// 電話番号.
    pub phone: String,
    /// 施設基準 and facts, by name.
    pub standards: Vec<String>,
    /// 診療時間 from Monday, each like `9:00-12:00、15:00-18:00`; empty when closed. Seven of them.
    pub week: Vec<String>,
    /// 休日も曜日どおり診療する.
    pub open_on_holidays: bool,
    /// 臨時休診, a day a line: `2026-08-13 夏季休診`.
    pub closed: String,
    /// 国民の祝日, a day a line: `2026-07-20 海の日`.
    pub holidays: String,
}

/// The settings, parsed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewClinicSettings {
    /// Name.
    pub name: String,
    /// Postal code.
    pub postal_code: String,
    /// Address.
    pub address: String,
    /// Phone.
    pub phone: String,
    /// Facility standards and facts.
    pub standards: Vec<String>,
    /// When the clinic is open.
    pub timetable: Timetable,
}

impl From<&ClinicSettings> for ClinicForm {
    fn from(kept: &ClinicSettings) -> Self {
        Self {
            name: kept.name.clone(),
            postal_code: kept.postal_code.clone(),
            address: kept.address.clone(),
            phone: kept.phone.clone(),
            standards: kept.standards.clone(),
            week: kept.timetable.week.iter().map(|day| hours_text(day)).collect(),
            open_on_holidays: kept.timetable.open_on_holidays,
            closed: days_text(&kept.timetable.closed),
            holidays: days_text(&kept.timetable.holidays),
        }
    }
}

/// Hours as they are typed: `9:00-12:00、15:00-18:00`.
pub fn hours_text(hours: &[Interval]) -> String {
    let one = |open: &Interval| format!("{}-{}", open.opens.format("%-H:%M"), open.closes.format("%-H:%M"));
    hours.iter().map(one).collect::<Vec<_>>().join("、")
}

/// Days as they are typed, a day a line.
pub fn days_text(days: &[SpecialDay]) -> String {
    days.iter().map(|special| format!("{} {}", special.day, special.name).trim_end().to_owned()).collect::<Vec<_>>().join("\n")
}

impl ClinicForm {
    /// Every field read, or every flaw at its field (`week.0` is Monday).
    pub fn parse(&self) -> Result<NewClinicSettings, Vec<FieldError>> {
        let mut flaws = Flaws::new("");
        let name = flaws.take("name", kana::parse_line(&self.name, 100));
        let postal_code = flaws.take("postal_code", patient::parse_postal(&self.postal_code));
        let address = flaws.take("address", kana::parse_line(&self.address, 200));
        let phone = flaws.take(
            "phone",
            patient::parse_phone(&self.phone).and_then(|phone| if phone.is_empty() { Err(Flaw::Missing) } else { Ok(phone) }),
        );
        let standards = flaws.take("standards", parse_standards(&self.standards));
        let mut week = Week::default();
        for (index, day) in week.iter_mut().enumerate() {
            let text = self.week.get(index).map(String::as_str).unwrap_or_default();
            *day = flaws.take(&format!("week.{index}"), parse_hours(text)).unwrap_or_default();
        }
        let closed = flaws.take("closed", parse_days(&self.closed, false));
        let holidays = flaws.take("holidays", parse_days(&self.holidays, true));
        flaws.finish()?;
        Ok(NewClinicSettings {
            name: name.expect("no flaws"),
            postal_code: postal_code.expect("no flaws"),
            address: address.expect("no flaws"),
            phone: phone.expect("no flaws"),
            standards: standards.expect("no flaws"),
            timetable: Timetable {
                week,
                open_on_holidays: self.open_on_holidays,
                closed: closed.expect("no flaws"),
                holidays: holidays.expect("no flaws"),
            },
        })
    }
}

fn rule(message: impl Into<String>) -> Flaw {
    Flaw::Rule { message: message.into() }
}

fn parse_standards(names: &[String]) -> Result<Vec<String>, Flaw> {
    let mut read: Vec<String> = Vec::new();
    for name in names {
        let Some(name) = kana::parse_optional(name, 60)? else { continue };
        if !read.contains(&name) {
            read.push(name);
        }
    }
    if read.len() > 200 { Err(rule("施設基準は200件まで登録できます。")) } else { Ok(read) }
}

/// Reads `9:00-12:00、15:00-18:00` in any width; nothing typed is a closed day.
///
/// # Errors
/// What cannot be read as hours, ends before it begins, or overlaps.
pub fn parse_hours(text: &str) -> Result<Vec<Interval>, Flaw> {
    let folded = kana::fold_width(text).replace(['〜', '～', '~', '−', '–', 'ー', '—'], "-");
    let mut hours = Vec::new();
    for part in folded.split([',', '、', '，', '/', ' ', '　', '\n']).map(str::trim).filter(|part| !part.is_empty()) {
        let unread = || rule(format!("「{part}」は時刻として読めません（例: 9:00-12:00、15:00-18:00）。"));
        let (opens, closes) = part.split_once('-').ok_or_else(unread)?;
        let time = |text: &str| {
            let (hour, minute) = text.split_once([':', '時']).unwrap_or((text, ""));
            let minute = minute.trim_end_matches('分');
            let number = |text: &str| text.chars().all(|c| c.is_ascii_digit()).then(|| text.parse().ok()).flatten();
            NaiveTime::from_hms_opt(number(hour)?, if minute.is_empty() { 0 } else { number(minute)? }, 0)
        };
        let open = Interval { opens: time(opens).ok_or_else(unread)?, closes: time(closes).ok_or_else(unread)? };
        if open.closes <= open.opens {
            return Err(rule(format!("「{part}」は終わりが始まりより前です。")));
        }
        hours.push(open);
    }
    hours.sort_by_key(|open| open.opens);
    if hours.windows(2).any(|pair| pair[1].opens < pair[0].closes) {
        return Err(rule("時間帯が重なっています。"));
    }
    if hours.len() > MOST_INTERVALS { Err(rule(format!("時間帯は{MOST_INTERVALS}つまでです。"))) } else { Ok(hours) }
}

/// Reads days, a day a line, each followed by its name after a blank, a tab or a comma.
///
/// # Errors
/// The line that is no day, or stands twice; where `named`, one without a name.
pub fn parse_days(text: &str, named: bool) -> Result<Vec<SpecialDay>, Flaw> {
    let mut days: Vec<SpecialDay> = Vec::new();
    for (number, line) in text.lines().enumerate().map(|(index, line)| (index + 1, line.trim())) {
        if line.is_empty() {
            continue;
        }
        let (day, name) = line.split_once([' ', '　', '\t', ',', '，', '、']).unwrap_or((line, ""));
        let day = date::parse(day)
            .map_err(|_| rule(format!("{number}行目の「{day}」は日付として読めません（例: 2026-07-20 海の日）。")))?;
        let name =
            kana::parse_optional(name, 40).map_err(|flaw| rule(format!("{number}行目の名称: {flaw}")))?.unwrap_or_default();
        if named && name.is_empty() {
            return Err(rule(format!("{number}行目に名称がありません（例: 2026-07-20 海の日）。")));
        }
        if days.iter().any(|special| special.day == day) {
            return Err(rule(format!("{number}行目の {day} は二重になっています。")));
        }
        days.push(SpecialDay { day, name });
    }
    days.sort_by_key(|special| special.day);
    if days.len() > MOST_DAYS { Err(rule(format!("{MOST_DAYS}日まで登録できます。"))) } else { Ok(days) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(y: i32, m: u32, d: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(y, m, d).expect("a real day")
    }

    fn at(hour: u32, minute: u32) -> NaiveTime {
        NaiveTime::from_hms_opt(hour, minute, 0).expect("a time")
    }

    fn clinic() -> Timetable {
        let weekday = parse_hours("9:00-12:00、15:00〜19:00").expect("hours");
        let mut week = Week::default();
        for index in [0, 1, 2, 4] {
            week[index].clone_from(&weekday);
        }
        week[5] = parse_hours("９時-１３：００").expect("hours");
        let closed = parse_days("2026-08-13 夏季休診", false).expect("days");
        let holidays = parse_days("2026/7/20,海の日\nR8.8.11　山の日", true).expect("days");
        Timetable { week, open_on_holidays: false, closed, holidays }
    }

    #[test]
    fn hours_are_told_where_the_notice_asks_for_them() {
        let clinic = clinic();
        // Friday: within, at noon, before 8, at the end, and in the displayed evening.
        let friday = day(2026, 7, 10);
        assert_eq!(clinic.in_hours(friday, at(9, 0)), Some(true));
        assert_eq!(clinic.in_hours(friday, at(13, 0)), None);
        assert_eq!(clinic.in_hours(friday, at(7, 59)), Some(false));
        assert_eq!(clinic.in_hours(friday, at(18, 30)), Some(true));
        assert_eq!(clinic.in_hours(friday, at(19, 0)), Some(false));
        // Thursday is closed as a whole; Saturday is displayed to 13 o'clock.
        assert_eq!(clinic.in_hours(day(2026, 7, 9), at(10, 0)), Some(false));
        assert_eq!(clinic.in_hours(day(2026, 7, 11), at(12, 30)), Some(true));
        assert_eq!(clinic.in_hours(day(2026, 7, 11), at(13, 0)), Some(false));
        // A closed Thursday in August, a national holiday, the turn of the year.
        assert_eq!(clinic.in_hours(day(2026, 8, 13), at(10, 0)), Some(false));
        assert_eq!((clinic.in_hours(day(2026, 7, 20), at(10, 0)), clinic.holiday(day(2026, 7, 20))), (Some(false), Some(true)));
        assert_eq!((clinic.in_hours(day(2026, 12, 30), at(10, 0)), clinic.holiday(day(2026, 12, 30))), (Some(false), None));
        let open = Timetable { open_on_holidays: true, ..clinic };
        assert_eq!(open.in_hours(day(2026, 7, 20), at(10, 0)), Some(true));
        assert_eq!(Timetable::default().in_hours(friday, at(3, 0)), None);
    }

    #[test]
    fn the_afternoon_of_a_clinic_open_in_the_morning_and_the_evening_is_outside() {
        let mut evening = Timetable::default();
        evening.week[4] = parse_hours("9-12, 18:00-21:00").expect("hours");
        assert_eq!(evening.in_hours(day(2026, 7, 10), at(14, 0)), Some(false));
        assert_eq!(evening.in_hours(day(2026, 7, 10), at(20, 0)), Some(true));
    }

    #[test]
    fn says_which_line_and_which_hours_are_wrong() {
        let form = ClinicForm {
            name: "青葉内科".into(),
            address: "東京都".into(),
            phone: "03-0000-0001".into(),
            week: vec!["9:00-8:00".into(), "9-13、12-15".into(), "朝から".into()],
            holidays: "2026-07-20 海の日\n2026-02-30 ない日".into(),
            closed: "2026-08-13\n2026-08-13 夏季".into(),
            ..ClinicForm::default()
        };
        let flaws = form.parse().expect_err("five flaws");
        let fields: Vec<&str> = flaws.iter().map(|flaw| flaw.field.as_str()).collect();
        assert_eq!(fields, ["week.0", "week.1", "week.2", "closed", "holidays"]);
        assert!(flaws[4].flaw.to_string().contains("2行目"), "{}", flaws[4].flaw);
    }

    proptest! {
        #[test]
        fn what_is_shown_can_be_typed_again(morning in (0u32..11, 0u32..60), evening in (12u32..24, 0u32..60)) {
            let hours = vec![
                Interval { opens: at(morning.0, morning.1), closes: at(12, 0) },
                Interval { opens: at(12, 0), closes: at(evening.0, evening.1.max(1)) },
            ];
            prop_assert_eq!(parse_hours(&hours_text(&hours)), Ok(hours));
        }

        #[test]
        fn never_panics(text in "\\PC{0,40}") {
            let _ = parse_hours(&text);
            let _ = parse_days(&text, true);
        }
    }
}
