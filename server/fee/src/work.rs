//! The desk a statement is written on: what is asked, the tables of the day, and the lines, omissions and hints so far.

use crate::{FeeError, codes::Implied, request::Request};
use chrono::{Datelike, NaiveDate, Weekday};
use model::{
    date,
    fee::{FeeLine, Hint, HintKind, Omitted, Section},
    master::{Procedure, Tables},
    money::Points,
};
use rust_decimal::{Decimal, RoundingStrategy, prelude::ToPrimitive};

/// First day of the revision called R8 (令和8年度診療報酬改定, 令和8年厚生労働省告示: applies from 2026-06-01).
pub(crate) const R8_BEGINS: NaiveDate = NaiveDate::from_ymd_opt(2026, 6, 1).expect("a real day");

/// A statement in the making.
pub(crate) struct Work<'a> {
    pub tables: &'a dyn Tables,
    pub request: &'a Request,
    pub edition: String,
    /// The day whose rules hold: the day of service, or the one the request names in its place.
    rules: NaiveDate,
    /// Completed years on the day.
    pub age: u32,
    pub lines: Vec<FeeLine>,
    pub omitted: Vec<Omitted>,
    pub hints: Vec<Hint>,
    /// When the visit falls; told by `basic` before anything is billed.
    pub moment: Moment,
    standards: Vec<String>,
    /// Ordered tests that people withheld, with what to say of each; the rules leave them out.
    pub withheld: std::collections::BTreeMap<String, String>,
}

/// When a visit falls, in the words of A000 注7–9.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Moment {
    /// 診療時間内.
    Regular,
    /// 夜間・早朝等 within the displayed hours (注9).
    Early,
    /// 時間外 (注7).
    Outside,
    /// 休日 (注7).
    Holiday,
    /// 深夜: 22 to 6 o'clock (注7).
    Night,
}

impl Moment {
    /// Place in a table of 時間外, 休日, 深夜 and its word; nothing within the hours.
    pub fn unusual(self) -> Option<(usize, &'static str)> {
        match self {
            Self::Outside => Some((0, "診療時間外")),
            Self::Holiday => Some((1, "休日")),
            Self::Night => Some((2, "深夜")),
            Self::Regular | Self::Early => None,
        }
    }
}

impl<'a> Work<'a> {
    pub fn new(tables: &'a dyn Tables, request: &'a Request) -> Result<Self, FeeError> {
        let on = request.date;
        let rules = request.as_of.unwrap_or(on);
        let edition = tables.edition(on).ok_or(FeeError::NoEdition { on: rules })?;
        if request.patient.birth_date > on {
            return Err(FeeError::value("patient.birth_date", "生年月日が診療日より後です。"));
        }
        crate::bounds::check(request)?;
        Ok(Self {
            tables,
            request,
            edition,
            rules,
            age: date::age_on(request.patient.birth_date, on),
            lines: Vec::new(),
            omitted: Vec::new(),
            hints: Vec::new(),
            moment: Moment::Regular,
            standards: request.facility.standards.iter().map(|name| folded(name)).collect(),
            withheld: std::collections::BTreeMap::new(),
        })
    }

    /// Day of service.
    pub fn on(&self) -> NaiveDate {
        self.request.date
    }

    /// The day whose rules hold, for rules that a revision changed. [`Work::on`] stays the day of service: ages, weekdays, spans.
    pub fn rules_on(&self) -> NaiveDate {
        self.rules
    }

    /// Whether the rules of the R8 revision hold.
    pub fn r8(&self) -> bool {
        self.rules >= R8_BEGINS
    }

    /// Whether the clinic meets a facility standard (施設基準), by any usual spelling of its name.
    pub fn standard(&self, name: &str) -> bool {
        let name = folded(name);
        self.standards.contains(&name)
    }

    /// Whether a name is one of these, but for its grade.
    pub fn names(name: &str, these: &[&str]) -> bool {
        let name = folded(name);
        let name = name.trim_end_matches(|c: char| c.is_ascii_digit());
        these.iter().any(|this| folded(this) == name)
    }

    /// The grade (区分) of a standard with grades: `1` where the clinic claims `…1`; the bare name means the last grade.
    pub fn grade(&self, name: &str, grades: usize) -> Option<usize> {
        let name = folded(name);
        (1..=grades)
            .find(|grade| self.standards.contains(&format!("{name}{grade}")))
            .or_else(|| self.standards.contains(&name).then_some(grades))
    }

    /// Day of this month on which one of the codes was billed before.
    pub fn billed_this_month(&self, codes: &[&str]) -> Option<NaiveDate> {
        let on = self.on();
        self.request
            .history
            .iter()
            .filter(|old| (old.date.year(), old.date.month()) == (on.year(), on.month()) && old.date <= on)
            .filter(|old| codes.contains(&old.code.as_str()))
            .map(|old| old.date)
            .max()
    }

    /// Whether one of the codes was billed earlier today.
    pub fn billed_today(&self, codes: &[&str]) -> bool {
        self.request.history.iter().any(|old| old.date == self.on() && codes.contains(&old.code.as_str()))
    }

    /// Whether a line of this statement has one of the codes.
    pub fn has(&self, codes: &[&str]) -> bool {
        self.lines.iter().any(|line| codes.contains(&line.code.as_str()))
    }

    /// Whether the visit counts as a first visit (初診).
    pub fn is_first(&self) -> bool {
        use model::visit::VisitKind::*;
        match self.request.visit.kind {
            First => true,
            Online => self.request.visit.online_first,
            Return | Telephone => false,
        }
    }

    /// The row of a procedure on the day.
    pub fn row(&self, code: &str) -> Option<&'a Procedure> {
        self.tables.procedure(code, self.on())
    }

    /// The row of something billed before, as of its day or else of today.
    pub fn past_row(&self, old: &crate::request::Billed) -> Option<&'a Procedure> {
        self.tables.procedure(&old.code, old.date).or_else(|| self.row(&old.code))
    }

    /// Points of an implied item and whether they are an estimate; nothing where the tables have no row.
    pub fn points(&self, item: &Implied) -> Option<(&'a Procedure, i64, bool)> {
        let row = self.row(item.code)?;
        let points = match item.r8 {
            Some(points) if self.r8() && row.estimated => points,
            _ => whole(row.points),
        };
        Some((row, points, row.estimated))
    }

    /// Bills an implied item once. Without a row in the tables it is said not to be calculated.
    pub fn bill(&mut self, item: &Implied, reason: impl Into<String>) -> bool {
        let Some((row, points, estimated)) = self.points(item) else {
            self.omit_code(item.code, item.name, "算定していません: この日のマスターに行がありません。");
            return false;
        };
        self.lines.push(FeeLine {
            code: item.code.to_owned(),
            name: row.name.clone(),
            parts: Vec::new(),
            points: Points(points),
            count: 1,
            section: section(&row.section, item.article),
            reason: reason.into(),
            citation: item.article.to_owned(),
            estimated,
            by_hand: false,
        });
        true
    }

    /// Bills an implied item unless one of the codes was billed this month already (月1回).
    pub fn bill_monthly(&mut self, item: &Implied, codes: &[&str], reason: impl Into<String>) -> bool {
        match self.billed_this_month(codes) {
            None => self.bill(item, reason),
            Some(day) => {
                self.omit(
                    item,
                    format!("月1回に限り算定します。{}月{}日に算定済みです（{}）。", day.month(), day.day(), item.article),
                );
                false
            }
        }
    }

    /// Says why an implied item is not billed.
    pub fn omit(&mut self, item: &Implied, reason: impl Into<String>) {
        self.omit_code(item.code, item.name, reason);
    }

    /// Says why a code is not billed.
    pub fn omit_code(&mut self, code: &str, name: impl Into<String>, reason: impl Into<String>) {
        self.omitted.push(Omitted { code: code.to_owned(), name: name.into(), reason: reason.into() });
    }

    /// Says what a person should look at (確認).
    pub fn hint(&mut self, text: impl Into<String>) {
        self.hints.push(Hint { kind: HintKind::Check, text: text.into(), code: String::new() });
    }

    /// The same of an item.
    pub fn check(&mut self, code: &str, text: impl Into<String>) {
        self.hints.push(Hint { kind: HintKind::Check, text: text.into(), code: code.to_owned() });
    }

    /// Says what could be billed and is not (算定もれ).
    pub fn missed(&mut self, code: &str, text: impl Into<String>) {
        self.hints.push(Hint { kind: HintKind::Missed, text: text.into(), code: code.to_owned() });
    }

    /// Says what is likely to be cut (査定).
    pub fn cut(&mut self, code: &str, text: impl Into<String>) {
        self.hints.push(Hint { kind: HintKind::Cut, text: text.into(), code: code.to_owned() });
    }

    /// Whether the day is a holiday in the sense of A000 注7 (通知 A000(19)ア: Sundays, national holidays, 12/29–1/3).
    /// National holidays must be told by the request.
    pub fn holiday(&self) -> bool {
        self.request.visit.holiday.unwrap_or_else(|| {
            let on = self.on();
            on.weekday() == Weekday::Sun || matches!((on.month(), on.day()), (12, 29..=31) | (1, 1..=3))
        })
    }
}

/// A standard's name with widths, brackets, spaces and Roman numerals folded away: `検体検査管理加算（Ⅰ）` is `検体検査管理加算1`.
pub(crate) fn folded(name: &str) -> String {
    name.replace("III", "3")
        .replace("II", "2")
        .replace("IV", "4")
        .chars()
        .filter_map(|c| match c {
            '（' | '）' | '(' | ')' | ' ' | '　' | '・' => None,
            'Ⅰ' | '１' => Some('1'),
            'Ⅱ' | '２' => Some('2'),
            'Ⅲ' | '３' => Some('3'),
            'Ⅳ' | '４' => Some('4'),
            '５' => Some('5'),
            '６' => Some('6'),
            'Ｄ' => Some('D'),
            'Ｘ' => Some('X'),
            'I' => Some('1'),
            c => Some(c),
        })
        .collect()
}

/// Section of the 領収証 by the article's letter (部), else by master S column 15 (点数欄集計先).
pub(crate) fn section(column: &str, article: &str) -> Section {
    match article.chars().next() {
        Some('A') => return Section::Visit,
        Some('B') => return Section::Management,
        Some('C') => return Section::Home,
        Some('D') => return Section::Test,
        Some('E') => return Section::Imaging,
        Some('F') => return Section::Drugs,
        Some('G') => return Section::Injection,
        Some('H') => return Section::Rehabilitation,
        Some('I') => return Section::Psychiatry,
        Some('J') => return Section::Treatment,
        Some('K') => return Section::Surgery,
        Some('L') => return Section::Anaesthesia,
        Some('M') => return Section::Radiotherapy,
        Some('N') => return Section::Pathology,
        Some('O') => return Section::Other,
        _ => {}
    }
    match column {
        "110" | "120" | "122" | "123" | "124" | "125" => Section::Visit,
        "130" => Section::Management,
        "140" => Section::Home,
        "500" | "502" => Section::Surgery,
        "540" => Section::Anaesthesia,
        column => match column.as_bytes().first() {
            Some(b'2') => Section::Drugs,
            Some(b'3') => Section::Injection,
            Some(b'4') => Section::Treatment,
            Some(b'6') => Section::Test,
            Some(b'7') => Section::Imaging,
            _ => Section::Other,
        },
    }
}

/// Points as an integer, half up (master S points have two decimals that are zero for points).
pub(crate) fn whole(points: Decimal) -> i64 {
    points.round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero).to_i64().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn standards_are_known_by_any_spelling() {
        for name in ["検体検査管理加算1", "検体検査管理加算（Ⅰ）", "検体検査管理加算(I)", "検体検査管理加算（１）"]
        {
            assert_eq!(folded(name), "検体検査管理加算1");
        }
    }

    #[test]
    fn prescription_slips_belong_to_drugs_and_wages_to_the_rest() {
        assert_eq!(section("800", "F400 3"), Section::Drugs);
        assert_eq!(section("800", "O001 1"), Section::Other);
        assert_eq!(section("600", ""), Section::Test);
    }
}
