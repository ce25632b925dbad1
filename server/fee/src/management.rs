//! 医学管理等: conditions of the items that are ordered (first visits, diseases, days) which no table says.

use crate::{codes, work::Work};
use chrono::{Datelike, Months};
use model::{orders::Dispensing, visit::VisitKind};

/// Why an ordered item of 医学管理 may not be billed today, if it may not.
pub(crate) fn refusal(work: &Work, code: &str) -> Option<String> {
    let row = work.row(code)?;
    // The exception is for whoever is sent to an emergency hospital: B009 stays (ただし書).
    let by_telephone = work.request.visit.kind == VisitKind::Telephone;
    if by_telephone && row.article.starts_with('B') && row.article != "B009" {
        return Some("電話等による再診では医学管理等は算定しません（通知 A001(8)オ）。".into());
    }
    if let Some(reason) = crate::basic::refusal(work, row) {
        return Some(reason.into());
    }
    if code == codes::SPECIFIC_DISEASE.code || code == codes::SPECIFIC_DISEASE_ONLINE.code {
        return specific_disease(work).err();
    }
    if codes::LIFESTYLE_1.contains(&code) || codes::LIFESTYLE_2.contains(&code) {
        let second = codes::LIFESTYLE_2.contains(&code);
        return lifestyle(work, code).or_else(|| if second { after_lifestyle_1(work) } else { None });
    }
    let after = AFTER_FIRST.iter().find(|(name, ..)| row.article == "B001" && row.name.starts_with(name));
    if let Some(reason) = after.and_then(|(_, after, citation)| contained_in_first(work, *after, citation)) {
        return Some(reason);
    }
    if code == codes::DRUG_INFORMATION && work.request.prescriptions.iter().any(|rp| rp.place == Dispensing::Pharmacy) {
        return Some("処方箋を交付した患者には算定しません（B011-3 注3）。".into());
    }
    None
}

/// Which of 初診's days an item of 医学管理 is not billed on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum After {
    /// Not within a month of the first visit (初診の日から１月以内).
    Month,
    /// Not in the month of the first visit (初診の日の同月内).
    SameMonth,
}

/// Items that the first visit contains, by the beginnings of their rows' names (article B001), with the sentence that says so.
const AFTER_FIRST: [(&str, After, &str); 9] = [
    ("小児科療養指導料", After::SameMonth, "B001の5 注2"),
    ("てんかん指導料", After::Month, "B001の6 注2"),
    ("難病外来指導管理料", After::Month, "B001の7 注3"),
    ("皮膚科特定疾患指導管理料", After::Month, "B001の8 注2"),
    ("小児悪性腫瘍患者指導管理料", After::SameMonth, "B001の18 注2"),
    ("耳鼻咽喉科特定疾患指導管理料", After::Month, "B001の21 注2"),
    ("婦人科特定疾患治療管理料", After::SameMonth, "B001の30 注2"),
    ("一般不妊治療管理料", After::SameMonth, "B001の32 注2"),
    ("生殖補助医療管理料", After::SameMonth, "B001の33 注2"),
];

/// Why the first visit contains an item, if it does.
fn contained_in_first(work: &Work, after: After, citation: &str) -> Option<String> {
    if work.is_first() {
        return Some(format!("初診の日の管理・指導は初診料に含まれます（{citation}）。"));
    }
    let on = work.on();
    let firsts = work.request.history.iter().filter(|old| codes::FIRST_VISITS.contains(&old.code.as_str()));
    let within = |day: &chrono::NaiveDate| match after {
        After::Month => on < a_month_over(work, *day),
        After::SameMonth => (day.year(), day.month()) == (on.year(), on.month()),
    };
    let first = firsts.map(|old| old.date).filter(within).max()?;
    let (month, day) = (first.month(), first.day());
    let span = if after == After::Month { "から1月以内" } else { "と同じ月" };
    Some(format!("初診の日（{month}月{day}日）{span}の管理・指導は初診料に含まれます（{citation}）。"))
}

/// B000 注1, 注2: the main diagnosis is of 別表第一, at most twice a month, not on the day of the first visit nor within a month.
fn specific_disease(work: &Work) -> Result<(), String> {
    if let Some(reason) = contained_in_first(work, After::Month, "B000 注2") {
        return Err(reason);
    }
    if !has_specific_disease(work) {
        return Err("特定疾患（厚生労働大臣が定める疾患）の主病が登録されていません（B000 注1）。".into());
    }
    let billed = specific_disease_billed(work);
    if billed >= 2 {
        return Err(format!("月2回に限り算定します。今月は{billed}回算定済みです（B000 注1）。"));
    }
    Ok(())
}

/// How often 特定疾患療養管理料 was billed this month.
pub(crate) fn specific_disease_billed(work: &Work) -> i64 {
    let on = work.on();
    let both = [codes::SPECIFIC_DISEASE.code, codes::SPECIFIC_DISEASE_ONLINE.code];
    let month = work.request.history.iter().filter(|old| (old.date.year(), old.date.month()) == (on.year(), on.month()));
    month.filter(|old| both.contains(&old.code.as_str())).map(|old| old.count).sum()
}

/// From when a month has passed since a first visit: the same day of the next month or its last day, or the last day before that
/// is no holiday (通知 B000(3), (4)).
fn a_month_over(work: &Work, first: chrono::NaiveDate) -> chrono::NaiveDate {
    let mut day = first + Months::new(1);
    let holiday = |day: chrono::NaiveDate| {
        day.weekday() == chrono::Weekday::Sun || matches!((day.month(), day.day()), (12, 29..=31) | (1, 1..=3))
    };
    // Today may be told to be a national holiday.
    while holiday(day) || (day == work.on() && work.holiday()) {
        day = day.pred_opt().unwrap_or(day);
    }
    day
}

/// B001-3, B001-3-3: once a month, not in the month of the first visit; in R6 not for diabetes beside C101 (注1 ただし書).
fn lifestyle(work: &Work, code: &str) -> Option<String> {
    let for_diabetes = code == codes::LIFESTYLE_1[2] || (codes::LIFESTYLE_2.contains(&code) && diabetes(work));
    if for_diabetes && !work.r8() && self_injection(work) {
        return Some("糖尿病を主病とし在宅自己注射指導管理料を算定する場合は算定できません（B001-3・B001-3-3 注1）。".into());
    }
    if work.is_first() || work.billed_this_month(&codes::FIRST_VISITS).is_some() {
        return Some("初診料を算定した日の属する月は算定しません（B001-3、B001-3-3）。".into());
    }
    let all: Vec<&str> = codes::LIFESTYLE_1.iter().chain(&codes::LIFESTYLE_2).copied().collect();
    work.billed_this_month(&all)
        .map(|day| format!("月1回に限り算定します。{}月{}日に算定済みです（B001-3、B001-3-3）。", day.month(), day.day()))
}

/// B001-3-3 注7 (R6: 注5): not within six months, counted from the month in which (Ⅰ) was billed.
fn after_lifestyle_1(work: &Work) -> Option<String> {
    let six = crate::limits::Span::Months(6);
    let old = work.request.history.iter().filter(|old| codes::LIFESTYLE_1.contains(&old.code.as_str()));
    old.filter(|old| six.holds(old.date, work.on())).map(|old| old.date).max().map(|day| {
        let (month, day) = (day.month(), day.day());
        format!("生活習慣病管理料(Ⅰ)を算定した月（{month}月{day}日）から6月以内は(Ⅱ)を算定できません（B001-3-3 注7）。")
    })
}

/// Whether the main diagnosis, not only suspected, belongs to 別表第一 (master B column 21: 05, or 08 with てんかん指導料 as choice).
pub(crate) fn has_specific_disease(work: &Work) -> bool {
    let any_principal = work.request.diagnoses.iter().any(|diagnosis| diagnosis.principal);
    work.request
        .diagnoses
        .iter()
        .filter(|diagnosis| !diagnosis.suspected && diagnosis.started <= work.on() && (diagnosis.principal || !any_principal))
        .any(|diagnosis| {
            work.tables.disease(&diagnosis.code, work.on()).is_some_and(|row| matches!(row.special.as_str(), "05" | "08"))
        })
}

/// C101 of this month, today's order or billed before.
pub(crate) fn self_injection(work: &Work) -> bool {
    let is =
        |code: &str| work.row(code).is_some_and(|row| row.article == "C101" && row.name.starts_with("在宅自己注射指導管理料"));
    work.request.orders.iter().any(|order| is(&order.code))
        || work.request.history.iter().any(|old| crate::limits::Span::Months(1).holds(old.date, work.on()) && is(&old.code))
}

/// Whether the main diagnosis is 糖尿病.
pub(crate) fn diabetes(work: &Work) -> bool {
    lifestyle_disease(work) == Some(2)
}

/// Which lifestyle disease the main diagnosis is, as a place in [`codes::LIFESTYLE_1`]: 脂質異常症 (E78), 高血圧症 (I10), 糖尿病
/// (E10–E14), by master B column 16.
pub(crate) fn lifestyle_disease(work: &Work) -> Option<usize> {
    let of = |icd10: &str| match icd10.get(..3)? {
        "E78" => Some(0),
        "I10" => Some(1),
        "E10" | "E11" | "E12" | "E13" | "E14" => Some(2),
        _ => None,
    };
    work.request
        .diagnoses
        .iter()
        .filter(|diagnosis| diagnosis.principal && !diagnosis.suspected && diagnosis.started <= work.on())
        .filter_map(|diagnosis| work.tables.disease(&diagnosis.code, work.on()))
        .filter_map(|row| of(&row.icd10))
        .min()
}
