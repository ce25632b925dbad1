//! 医学管理等: limits of the items that are ordered, and what could have been.

use crate::{codes, work::Work};
use chrono::{Datelike, Months};
use model::orders::Dispensing;

/// Why an ordered item of 医学管理 may not be billed today, if it may not.
pub(crate) fn refusal(work: &Work, code: &str) -> Option<String> {
    if code == codes::SPECIFIC_DISEASE.code || code == codes::SPECIFIC_DISEASE_ONLINE.code {
        return specific_disease(work).err();
    }
    if codes::LIFESTYLE_1.contains(&code) || codes::LIFESTYLE_2.contains(&code) {
        let second = codes::LIFESTYLE_2.contains(&code);
        return lifestyle(work).or_else(|| if second { after_lifestyle_1(work) } else { None });
    }
    if code == codes::DRUG_INFORMATION && work.request.prescriptions.iter().any(|rp| rp.place == Dispensing::Pharmacy) {
        return Some("処方箋を交付した患者には算定しません（B011-3 注3）。".into());
    }
    None
}

/// B000 注1, 注2: the main diagnosis is of 別表第一, at most twice a month, not on the day of the first visit nor within a month.
fn specific_disease(work: &Work) -> Result<(), String> {
    if work.is_first() {
        return Err("初診の日の管理は初診料に含まれます（B000 注2）。".into());
    }
    let firsts = work.request.history.iter().filter(|old| codes::FIRST_VISITS.contains(&old.code.as_str()));
    let recent = firsts.map(|old| old.date).filter(|day| work.on() < a_month_over(work, *day)).max();
    if let Some(first) = recent {
        return Err(format!(
            "初診の日（{}月{}日）から1月以内の管理は初診料に含まれます（B000 注2）。",
            first.month(),
            first.day()
        ));
    }
    if !has_specific_disease(work) {
        return Err("特定疾患（厚生労働大臣が定める疾患）の主病が登録されていません（B000 注1）。".into());
    }
    let on = work.on();
    let both = [codes::SPECIFIC_DISEASE.code, codes::SPECIFIC_DISEASE_ONLINE.code];
    let billed: i64 = work
        .request
        .history
        .iter()
        .filter(|old| (old.date.year(), old.date.month()) == (on.year(), on.month()) && both.contains(&old.code.as_str()))
        .map(|old| old.count)
        .sum();
    if billed >= 2 {
        return Err("月2回に限り算定します。今月は2回算定済みです（B000 注1）。".into());
    }
    Ok(())
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

/// B001-3, B001-3-3: once a month, not in the month of the first visit.
fn lifestyle(work: &Work) -> Option<String> {
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

/// Whether a diagnosis that is not only suspected belongs to 別表第一 (master B column 21 = 05).
pub(crate) fn has_specific_disease(work: &Work) -> bool {
    let any_principal = work.request.diagnoses.iter().any(|diagnosis| diagnosis.principal);
    work.request
        .diagnoses
        .iter()
        .filter(|diagnosis| !diagnosis.suspected && diagnosis.started <= work.on() && (diagnosis.principal || !any_principal))
        .any(|diagnosis| work.tables.disease(&diagnosis.code, work.on()).is_some_and(|row| row.special == "05"))
}

/// Whether the main diagnosis is 脂質異常症 (E78), 高血圧症 (I10) or 糖尿病 (E10–E14), by master B column 16.
fn has_lifestyle_disease(work: &Work) -> bool {
    work.request
        .diagnoses
        .iter()
        .filter(|diagnosis| diagnosis.principal && !diagnosis.suspected)
        .filter_map(|diagnosis| work.tables.disease(&diagnosis.code, work.on()))
        .any(|row| ["E78", "I10", "E10", "E11", "E12", "E13", "E14"].iter().any(|icd| row.icd10.starts_with(icd)))
}

/// What could be billed by what is known, and is not (算定もれ).
pub(crate) fn hints(work: &mut Work) {
    let ordered = |code: &str| work.request.orders.iter().any(|order| order.code == code);
    if ordered(codes::DRUG_INFORMATION) && work.billed_this_month(&[codes::DRUG_INFORMATION]).is_some() {
        work.hint("薬剤情報提供料は今月算定済みです。処方の内容に変更がある場合に限り、再び算定できます（B011-3 注1）。");
    }
    let managed = codes::LIFESTYLE_1.iter().chain(&codes::LIFESTYLE_2).any(|code| ordered(code));
    if !managed && !ordered(codes::SPECIFIC_DISEASE.code) && specific_disease(work).is_ok() {
        let points = work.points(&codes::SPECIFIC_DISEASE).map(|(_, points, _)| points);
        if let Some(points) = points {
            work.hint(format!("特定疾患療養管理料（{points}点）を算定できる可能性があります: 主病が特定疾患です（B000）。"));
        }
    }
    if !managed && lifestyle(work).is_none() && has_lifestyle_disease(work) {
        work.hint(
            "生活習慣病管理料(Ⅰ)・(Ⅱ)を算定できる可能性があります: 主病が脂質異常症・高血圧症・糖尿病です（B001-3、B001-3-3）。",
        );
    }
    if work.request.diagnoses.is_empty() && work.request.orders.iter().any(|order| order.code.starts_with("16")) {
        work.hint("検査に対応する傷病名がありません。査定されやすいので傷病名を確認してください。");
    }
}
