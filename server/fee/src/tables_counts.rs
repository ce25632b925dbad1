//! How often an item may be billed by the electronic points table (05 算定回数テーブル).
//!
//! Asked twice, as `tables_pairs`: of the orders, whose surplus is left out, and of the lines that the rules bill by themselves.
//! All rows of an item hold. Rows with 特例条件 are hints. Units that are counted by something no data tells (一連, 疾患,
//! 分娩 …) are hints as well, units of quantity (部位, 臓器 …) and of a stay in hospital are passed over.
//!
//! A week is Sunday to Saturday and a month a calendar month (通知 特掲診療料 通則2).

use crate::{
    limits::{self, by_units, times},
    orders::Ordered,
    work::Work,
};
use chrono::{Datelike, Days, NaiveDate};
use model::{
    master::Procedure,
    points_table::{Code9, CountLimit, Period, Reach, RuleTable},
};
use rust_decimal::{Decimal, prelude::ToPrimitive};

/// A delivery and the pregnancy before it lie within so many days (40 weeks, and the weeks after).
const PREGNANCY: u64 = 300;

/// Keeps ordered items within the limits of the table.
pub(crate) fn keep(work: &mut Work, ordered: &mut Vec<Ordered>) {
    if work.tables.reach(RuleTable::Counts, work.rules_on()) != Reach::InForce {
        return;
    }
    let mut rows: Vec<&Procedure> = ordered.iter().map(|order| order.row).collect();
    rows.sort_unstable_by(|a, b| a.code.cmp(&b.code));
    rows.dedup_by(|a, b| a.code == b.code);
    let mut limits = Vec::new();
    for row in rows {
        of(work, row.code.as_str(), &mut limits);
        for limit in &limits {
            one(work, ordered, row, *limit);
        }
    }
}

/// The limits of an item, without units that cannot be counted here.
fn of(work: &Work, code: &str, limits: &mut Vec<CountLimit>) {
    limits.clear();
    if let Some(code) = Code9::parse(code) {
        work.tables.count_limits(code, work.rules_on(), &mut |limit| limits.push(limit));
        limits.sort_unstable();
    }
}

fn one(work: &mut Work, ordered: &mut Vec<Ordered>, row: &Procedure, limit: CountLimit) {
    let Some(period) = limit.unit.period() else { return };
    let code = row.code.as_str();
    let name = &row.name;
    let most = i64::from(limit.most);
    let asked: i64 = ordered.iter().filter(|order| order.row.code == row.code).map(times).sum();
    if asked == 0 {
        return;
    }
    let (words, cite) = (words(period), cited(limit, code));
    match period {
        Period::FirstInpatientDay | Period::Stay | Period::Discharge => return,
        Period::Series | Period::Test | Period::Operation | Period::Disease => {
            if asked > most {
                work.hint(format!("{name}: {words}{most}回までです。{asked}回のオーダーを確認してください（{cite}）。"));
            }
            return;
        }
        Period::FirstTime | Period::Pregnancy | Period::Delivery => {
            if used(work, row, period) + asked > most {
                work.cut(code, format!("{name}: {words}{most}回までです。査定されやすいので確認してください（{cite}）。"));
            }
            return;
        }
        Period::FirstVisit if !work.is_first() && !work.billed_today(&crate::codes::FIRST_VISITS) => {
            work.cut(code, format!("{name}: 初診時に算定する項目です。確認してください（{cite}）。"));
        }
        _ => {}
    }
    let used = used(work, row, period);
    let mut left = (most - used).max(0);
    if asked <= left {
        if asked == left && most > 1 {
            work.hint(format!("{name}: {words}{most}回の上限に達します（{cite}）。"));
        }
        return;
    }
    if limit.conditional {
        work.cut(code, format!("{name}: {words}{most}回を超えます。超えて算定できる条件に当たるか確認してください（{cite}）。"));
        return;
    }
    // Which of several orders of one item goes is told by what they are, never by their order.
    let mut members: Vec<usize> = (0..ordered.len()).filter(|index| ordered[*index].row.code == row.code).collect();
    let parts = |index: usize| ordered[index].order.parts.iter().map(|part| (&part.code, part.amount)).collect::<Vec<_>>();
    members.sort_by(|a, b| ordered[*a].quantity.cmp(&ordered[*b].quantity).then_with(|| parts(*a).cmp(&parts(*b))));
    let so_far =
        if used > 0 { format!("すでに{used}回算定済みです") } else { "今回の分を含みます".to_owned() };
    let mut gone = Vec::new();
    for index in members {
        let order = &mut ordered[index];
        let times = times(order);
        if times <= left {
            left -= times;
            continue;
        }
        work.omit_code(code, name, format!("{words}{most}回に限り算定します。{so_far}（{cite}）。"));
        if left > 0 && (row.step.is_none() || by_units(row)) {
            order.quantity = Decimal::from(left);
            left = 0;
        } else {
            gone.push(index);
        }
    }
    gone.sort_unstable();
    for index in gone.into_iter().rev() {
        ordered.remove(index);
    }
}

/// Takes out what the rules bill by themselves beyond the limits, and says what a table of the fee table before says of the rest.
pub(crate) fn lines(work: &mut Work) {
    let reach = work.tables.reach(RuleTable::Counts, work.rules_on());
    if reach == Reach::Absent {
        return;
    }
    let mut limits = Vec::new();
    let mut gone = Vec::new();
    for at in 0..work.lines.len() {
        let line = &work.lines[at];
        let mine = |request: &crate::Request| request.orders.iter().any(|order| order.code == line.code);
        if reach == Reach::InForce && mine(work.request) {
            continue;
        }
        let Some(row) = work.row(&line.code) else { continue };
        let (code, name, count) = (line.code.clone(), line.name.clone(), if row.step.is_some() { 1 } else { line.count });
        of(work, &code, &mut limits);
        for limit in &limits {
            let Some(period) = limit.unit.period().filter(|period| timed(*period)) else { continue };
            let most = i64::from(limit.most);
            let before = work.lines[..at].iter().filter(|line| line.code == code).map(|line| line.count).sum::<i64>();
            let used = used(work, row, period) + before;
            if used + count <= most {
                continue;
            }
            let (words, cite) = (words(period), cited(*limit, &code));
            match (reach, limit.conditional) {
                (Reach::InForce, false) => {
                    let reason = format!("{words}{most}回に限り算定します。すでに{used}回算定済みです（{cite}）。");
                    gone.push((at, reason));
                    break;
                }
                (Reach::InForce, true) => {
                    work.cut(
                        &code,
                        format!("{name}: {words}{most}回を超えます。超えて算定できる条件に当たるか確認してください（{cite}）。"),
                    );
                }
                (_, false) => {
                    work.check(
                        &code,
                        format!("{name}: 改定前の電子点数表では{words}{most}回までです。確認してください（{cite}）。"),
                    );
                }
                _ => {}
            }
        }
    }
    for (at, reason) in gone.into_iter().rev() {
        let line = work.lines.remove(at);
        work.omit_code(&line.code, line.name, reason);
    }
}

/// Whether the table counts an item within a span that one of the law's sentences names too: then the table decides.
pub(crate) fn decides(work: &Work, code: &str, span: limits::Span) -> bool {
    let mut limits = Vec::new();
    if work.tables.reach(RuleTable::Counts, work.rules_on()) == Reach::InForce {
        of(work, code, &mut limits);
    }
    limits.iter().any(|limit| limit.unit.period().and_then(limits::Span::of) == Some(span))
}

/// Whether days alone tell how often an item was billed.
fn timed(period: Period) -> bool {
    use Period::*;
    matches!(period, Days(_) | Weeks(_) | Months(_) | Years(_) | FiscalYear | Patient)
}

/// How often an item was billed within the period that ends today.
fn used(work: &Work, row: &Procedure, period: Period) -> i64 {
    let on = work.on();
    let mine = work.request.history.iter().filter(|old| row.code.as_str() == old.code && old.date <= on);
    mine.filter(|old| since(period, on) <= old.date)
        .map(|old| {
            // A line priced by units holds them in its points.
            if by_units(row) && row.points > Decimal::ZERO {
                (Decimal::from(old.points) / row.points).round().to_i64().unwrap_or(1).max(1) * old.count
            } else {
                old.count
            }
        })
        .sum()
}

/// First day of the period that ends today.
fn since(period: Period, on: NaiveDate) -> NaiveDate {
    let back = |days: u64| on.checked_sub_days(Days::new(days)).unwrap_or(NaiveDate::MIN);
    let month = |months: u32| limits::first_of_months(on, months);
    match period {
        Period::Days(days) => back(u64::from(days).saturating_sub(1)),
        Period::Weeks(weeks) => back(u64::from(on.weekday().num_days_from_sunday()) + 7 * u64::from(weeks).saturating_sub(1)),
        Period::Months(months) => month(u32::from(months)),
        Period::Years(years) => month(12 * u32::from(years)),
        Period::FiscalYear => {
            let year = if on.month() < 4 { on.year() - 1 } else { on.year() };
            NaiveDate::from_ymd_opt(year, 4, 1).unwrap_or(on)
        }
        Period::Pregnancy | Period::Delivery => back(PREGNANCY),
        Period::Patient | Period::FirstTime => NaiveDate::MIN,
        _ => on,
    }
}

fn words(period: Period) -> String {
    match period {
        Period::Days(1) => "1日".into(),
        Period::Days(days) => format!("{days}日に"),
        Period::Weeks(1) => "週".into(),
        Period::Weeks(weeks) => format!("{weeks}週に"),
        Period::Months(1) => "月".into(),
        Period::Months(12) => "年".into(),
        Period::Months(months) => format!("{months}月に"),
        Period::Years(years) => format!("{years}年に"),
        Period::FiscalYear => "年度に".into(),
        Period::FirstVisit => "初診時に".into(),
        Period::FirstTime => "初回の".into(),
        Period::Series => "一連につき".into(),
        Period::Patient => "患者1人につき".into(),
        Period::Disease => "1疾患につき".into(),
        Period::Pregnancy => "1妊娠につき".into(),
        Period::Delivery => "1分娩につき".into(),
        Period::Test => "1検査につき".into(),
        Period::Operation => "1手術につき".into(),
        Period::FirstInpatientDay | Period::Stay | Period::Discharge => "入院".into(),
    }
}

/// Table and row.
fn cited(limit: CountLimit, code: &str) -> String {
    let special = if limit.conditional { "・特例条件" } else { "" };
    format!("{} {code} 算定単位{}・{}回{special}", RuleTable::Counts.label(), limit.unit.0, limit.most)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    #[test]
    fn periods_end_today() {
        // 2026-07-10 is a Friday.
        let on = day("2026-07-10");
        assert_eq!(since(Period::Days(1), on), on);
        assert_eq!(since(Period::Weeks(1), on), day("2026-07-05"));
        assert_eq!(since(Period::Weeks(2), on), day("2026-06-28"));
        assert_eq!(since(Period::Months(1), on), day("2026-07-01"));
        assert_eq!(since(Period::Months(3), on), day("2026-05-01"));
        assert_eq!(since(Period::Months(12), on), day("2025-08-01"));
        assert_eq!(since(Period::Years(5), on), day("2021-08-01"));
        assert_eq!(since(Period::FiscalYear, on), day("2026-04-01"));
        assert_eq!(since(Period::FiscalYear, day("2026-03-31")), day("2025-04-01"));
    }
}
