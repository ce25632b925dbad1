//! Part A000 and A001: first and return visits, infants, out of hours, and 外来管理加算.

use crate::{
    codes::{self, Hours, Implied},
    families,
    work::{Moment, Work},
};
use chrono::{Datelike, Months, Timelike, Weekday};
use model::{master::Procedure, visit::VisitKind};

/// A000 and A001: the fee of the visit itself with everything that hangs on age and hour.
pub(crate) fn visit(work: &mut Work) {
    let kind = work.request.visit.kind;
    let first = work.is_first();
    let second = work.request.visit.second_department;
    let (item, reason) = fee(work);
    work.bill(&item, reason);
    if first && !second {
        continuing(work, &item);
    }
    if matches!(kind, VisitKind::Online) && !work.standard("情報通信機器を用いた診療") && !work.standard("3825") {
        work.cut(item.code, "情報通信機器を用いた診療には施設基準の届出が要ります（A000 注1、A001 注1）。");
    }
    if second {
        work.hint("同一日の2科目では乳幼児・時間外などの加算は算定しません（A000 注5、A001 注3）。");
        return;
    }
    hours(work, if first { &codes::FIRST_HOURS } else { &codes::RETURN_HOURS });
}

/// 通知 A000(13), (14): no 初診料 for a patient under treatment; a month without a visit ends it (2月10日～3月9日 is a month).
fn continuing(work: &mut Work, item: &Implied) {
    let on = work.on();
    let last = work.request.history.iter().map(|old| old.date).filter(|day| *day < on).max();
    if let Some(last) = last.filter(|last| on < *last + Months::new(1)) {
        let (month, day) = (last.month(), last.day());
        work.cut(
            item.code,
            format!("{month}月{day}日から1月たっていません。診療継続中の患者では、他の傷病でも初診料は算定できません（通知 A000(13)・(14)）。"),
        );
    }
}

/// Why an add-on of the return visit that was ordered may not be billed, if it may not.
pub(crate) fn refusal(work: &Work, row: &Procedure) -> Option<&'static str> {
    if row.article != "A001" || codes::RETURN_VISITS.contains(&row.code.as_str()) {
        return None;
    }
    let named = |names: &[&str]| names.iter().any(|name| row.name.starts_with(name));
    let regional = named(&["地域包括診療加算", "認知症地域包括診療加算"]);
    let visits = |order: &crate::request::Order| {
        work.row(&order.code).is_some_and(|row| matches!(families::number(&row.article), Some(('C', 0 | 1))))
    };
    if work.request.visit.second_department {
        return Some("同一日の2科目では算定しません（A001 注3）。");
    }
    if work.request.visit.kind == VisitKind::Telephone && (regional || named(&["看護師等遠隔診療補助加算"])) {
        return Some("電話等による再診では算定しません（A001 注9）。");
    }
    if regional && work.is_first() {
        return Some("初診時は算定しません（通知 A001(11)ア）。");
    }
    (regional && work.request.orders.iter().any(visits)).then_some("訪問診療・往診の時は算定しません（通知 A001(11)ア）。")
}

/// 通知 A000(23)キ: what is ordered and leaves no room for 夜間・早朝等加算.
fn instead_of_night(work: &Work) -> Option<String> {
    let rows = work.request.orders.iter().filter_map(|order| work.row(&order.code));
    rows.filter(|row| match row.article.as_str() {
        "D282-3" | "I010" => true,
        "J038" | "J038-2" => row.name.starts_with("時間外・休日加算"),
        _ => false,
    })
    .map(|row| row.name.clone())
    .min()
}

/// The fee that the visit has, and why.
pub(crate) fn fee(work: &Work) -> (Implied, &'static str) {
    let again = work.billed_today(&codes::FIRST_VISITS) || work.billed_today(&codes::RETURN_VISITS);
    basic_fee(work.request.visit.kind, work.is_first(), work.request.visit.second_department, again)
}

/// A000 注1, 注5; A001 注1, 注3, 注9 and 通知 A001(1) (再診の都度).
fn basic_fee(kind: VisitKind, first: bool, second: bool, again: bool) -> (Implied, &'static str) {
    use VisitKind::*;
    match (kind, first, second, again) {
        (Online, true, true, _) => (codes::FIRST_SECOND_ONLINE, "同一日に別の診療科を初診（情報通信機器）"),
        (Online, true, false, _) => (codes::FIRST_ONLINE, "情報通信機器を用いた初診"),
        (_, true, true, _) => (codes::FIRST_SECOND, "同一日に別の診療科を初診（2科目）"),
        (_, true, false, _) => (codes::FIRST, "初診を行った"),
        (Telephone, _, true, _) => (codes::TELEPHONE_SECOND, "同一日に別の診療科を電話等で再診（2科目）"),
        (Online, _, true, _) => (codes::ONLINE_SECOND, "同一日に別の診療科を再診（情報通信機器、2科目）"),
        (_, _, true, _) => (codes::RETURN_SECOND, "同一日に別の診療科を再診（2科目）"),
        (Telephone, _, _, true) => (codes::TELEPHONE_AGAIN, "同じ日の2回目以降、電話等による再診"),
        (Online, _, _, true) => (codes::ONLINE_AGAIN, "同じ日の2回目以降、情報通信機器を用いた再診"),
        (_, _, _, true) => (codes::RETURN_AGAIN, "同じ日の2回目以降の再診"),
        (Telephone, ..) => (codes::TELEPHONE, "電話等による再診"),
        (Online, ..) => (codes::ONLINE, "情報通信機器を用いた再診"),
        _ => (codes::RETURN, "再診を行った"),
    }
}

/// A000 注6–9, A001 注4–7: one of infant, out of hours, holiday, midnight; or the night add-on of a clinic that is open then.
fn hours(work: &mut Work, items: &Hours) {
    let infant = work.age < 6;
    let moment = work.moment;
    if moment == Moment::Early && infant && work.standard("小児科") {
        let index = paediatric_index(work);
        work.bill(&items.paediatric[index], "小児科を標榜し、診療時間内の夜間・休日・深夜に6歳未満を診察");
        return;
    }
    match moment.unusual() {
        Some((index, word)) if infant => {
            work.bill(&items.young[index], format!("{word}に6歳未満の乳幼児を診察"));
        }
        Some((index, word)) => {
            work.bill(&items.adult[index], format!("{word}に診察"));
        }
        None => {
            if infant {
                work.bill(&items.infant, "6歳未満の乳幼児");
            }
            if moment == Moment::Early {
                if let Some(name) = instead_of_night(work) {
                    return work.omit(&items.night, format!("{name}を算定するため算定しません（通知 A000(23)キ）。"));
                }
                work.bill(&items.night, "診療時間内の夜間・早朝等に診察（施設基準）");
                if work.request.visit.in_hours.is_none() {
                    work.hint(
                        "表示する診療時間外であれば、夜間・早朝等加算に代えて時間外加算です（A000 注7・注9、A001 注5・注7）。",
                    );
                }
            }
        }
    }
}

/// Place in a table of 夜間, 休日, 深夜 within the hours of a clinic of paediatrics (A000 注8, A001 注6).
pub(crate) fn paediatric_index(work: &Work) -> usize {
    if is_night(work) { 2 } else { usize::from(work.holiday()) }
}

fn is_night(work: &Work) -> bool {
    work.request.time.is_some_and(|time| time.hour() >= 22 || time.hour() < 6)
}

/// 通知 A000(18)–(23): the standard of 時間外 is before 8 and from 18 o'clock (Saturdays from noon); 深夜 is 22 to 6 o'clock.
pub(crate) fn moment(work: &Work) -> Moment {
    let Some(time) = work.request.time else {
        if work.holiday() {
            return if work.request.visit.in_hours == Some(true) { early(work) } else { Moment::Holiday };
        }
        return match work.request.visit.in_hours {
            Some(false) => Moment::Outside,
            _ => Moment::Regular,
        };
    };
    let closing = if work.on().weekday() == Weekday::Sat { 12 } else { 18 };
    let early_or_late = time.hour() < 8 || time.hour() >= closing;
    let unusual = is_night(work) || work.holiday() || early_or_late;
    match work.request.visit.in_hours {
        Some(true) if unusual => early(work),
        Some(true) => Moment::Regular,
        _ if is_night(work) => Moment::Night,
        _ if work.holiday() => Moment::Holiday,
        Some(false) => Moment::Outside,
        None if early_or_late && work.standard("夜間・早朝等加算") => Moment::Early,
        None if early_or_late => Moment::Outside,
        None => Moment::Regular,
    }
}

fn early(work: &Work) -> Moment {
    let claims = work.standard("夜間・早朝等加算") || (work.age < 6 && work.standard("小児科"));
    if claims { Moment::Early } else { Moment::Regular }
}

/// A001 注8 外来管理加算: not with anything that master S column 56 marks 1, not by telephone or online, not on a second
/// department's visit, and only after the examination and explanation of 通知 A001(7).
pub(crate) fn outpatient_management(work: &mut Work) {
    let item = codes::OUTPATIENT_MANAGEMENT;
    if work.is_first() {
        return;
    }
    if work.request.visit.second_department {
        return work.omit(&item, "同一日の2科目では算定しません（A001 注3）。");
    }
    if !work.request.visit.explained {
        return work.omit(&item, "丁寧な問診・身体診察・説明を行っていないため算定しません（A001 注8、通知 A001(7)カ）。");
    }
    let blocker = work.lines.iter().find(|line| blocks(work, &line.code)).map(|line| line.name.clone());
    if let Some(name) = blocker {
        return work.omit(&item, format!("{name}を算定するため算定しません（A001 注8、マスター外来管理加算区分）。"));
    }
    let earlier = work.request.history.iter().find(|old| old.date == work.on() && blocks(work, &old.code));
    if let Some(old) = earlier {
        let name = work.past_row(old).map_or_else(|| old.code.clone(), |row| row.name.clone());
        return work.omit(&item, format!("同じ日に{name}を算定済みのため算定しません（通知 A001(7)エ）。"));
    }
    work.bill(&item, "検査・処置・手術等がなく、計画的な医学管理を行った");
}

fn blocks(work: &Work, code: &str) -> bool {
    work.row(code).is_some_and(|row| row.outpatient_management == 1)
}
