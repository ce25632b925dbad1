//! How often an item may be billed (算定回数): limits that the law text names, measured against this visit and the history.
//!
//! A week is Sunday to Saturday and a month a calendar month (通知 特掲診療料 通則2). The electronic points table's 算定回数
//! table (05) says the same by code; where it speaks for the day it decides (`tables_counts`), and these sentences are for the
//! days without it and for several items of a kind together. A test compares [`LIMITS`] with the table of R6.

use crate::{families::Family, orders::Ordered, tables_counts, work::Work};
use chrono::{Datelike, Days, Months, NaiveDate};
use model::{master::Procedure, points_table::Period};
use rust_decimal::{Decimal, prelude::ToPrimitive};

/// The time within which a limit counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Span {
    /// 1日.
    Day,
    /// Sunday to Saturday.
    Week,
    /// So many calendar months, this one among them.
    Months(u32),
    /// As far as the history goes (患者1人につき).
    Ever,
}

impl Span {
    /// The span of a unit of the 算定回数 table (05), where it is one that the law's sentences use too.
    pub fn of(period: Period) -> Option<Self> {
        match period {
            Period::Days(1) => Some(Self::Day),
            Period::Weeks(1) => Some(Self::Week),
            Period::Months(months) => Some(Self::Months(u32::from(months))),
            Period::Patient => Some(Self::Ever),
            _ => None,
        }
    }

    /// Whether a day lies in the span that ends with the day of service.
    pub fn holds(self, day: NaiveDate, on: NaiveDate) -> bool {
        day <= on
            && match self {
                Self::Day => day == on,
                Self::Week => {
                    let sunday = on - Days::new(u64::from(on.weekday().num_days_from_sunday()));
                    day >= sunday
                }
                Self::Months(months) => day >= first_of_months(on, months),
                Self::Ever => true,
            }
    }

    fn words(self) -> String {
        match self {
            Self::Day => "1日".into(),
            Self::Week => "週".into(),
            Self::Months(1) => "月".into(),
            Self::Months(12) => "年".into(),
            Self::Months(months) => format!("{months}月に"),
            Self::Ever => "患者1人につき".into(),
        }
    }
}

/// First day of so many calendar months, that of the day being the last.
pub(crate) fn first_of_months(on: NaiveDate, months: u32) -> NaiveDate {
    on.with_day(1).unwrap_or(on) - Months::new(months.saturating_sub(1))
}

/// A limit: no more than so many of a kind within a span.
pub(crate) struct Limit {
    pub family: Family,
    pub span: Span,
    pub most: i64,
    pub citation: &'static str,
    /// The notice has exceptions that no data tells: said as a hint, nothing is left out.
    pub soft: bool,
}

const fn limit(family: Family, span: Span, most: i64, citation: &'static str) -> Limit {
    Limit { family, span, most, citation, soft: false }
}

const fn soft(family: Family, span: Span, most: i64, citation: &'static str) -> Limit {
    Limit { family, span, most, citation, soft: true }
}

const fn monthly(article: &'static str, names: &'static [&'static str], citation: &'static str) -> Limit {
    limit(Family::Named(article, names), Span::Months(1), 1, citation)
}

/// 通院・在宅精神療法 as the master names its rows.
const THERAPY: &[&str] = &["通院精神療法", "在宅精神療法", "家族通院精神療法", "家族在宅精神療法"];

/// Limits of the notice (告示 別表第一), the same in R6 and R8 unless the citation says otherwise. 医学管理 B000 and
/// B001-3 have their own functions in `management`.
pub(crate) const LIMITS: &[Limit] = &[
    limit(Family::Named("B001", &["ウイルス疾患指導料１"]), Span::Ever, 1, "B001の1 注1"),
    monthly("B001", &["ウイルス疾患指導料２"], "B001の1 注1"),
    monthly("B001", &["悪性腫瘍特異物質治療管理料"], "B001の3 注1・注2"),
    limit(Family::Named("B001", &["小児特定疾患カウンセリング料"]), Span::Months(1), 2, "B001の4 注1"),
    // Beyond two years, to four: once a month.
    monthly(
        "B001",
        &["小児特定疾患カウンセリング料（医師）（４年以内", "小児特定疾患カウンセリング料（医師・４年以内"],
        "B001の4 注1",
    ),
    monthly("B001", &["小児科療養指導料"], "B001の5 注1"),
    monthly("B001", &["てんかん指導料"], "B001の6 注1"),
    monthly("B001", &["難病外来指導管理料"], "B001の7 注1"),
    monthly("B001", &["皮膚科特定疾患指導管理料"], "B001の8 注1"),
    limit(Family::Named("B001", &["外来栄養食事指導料"]), Span::Months(1), 2, "B001の9 注1"),
    monthly("B001", &["集団栄養食事指導料"], "B001の11 注"),
    monthly("B001", &["心臓ペースメーカー指導管理料"], "B001の12 注1"),
    monthly("B001", &["慢性維持透析患者外来医学管理料"], "B001の15 注1"),
    monthly("B001", &["喘息治療管理料１"], "B001の16 注1"),
    monthly("B001", &["慢性疼痛疾患管理料"], "B001の17 注1"),
    monthly("B001", &["小児悪性腫瘍患者指導管理料"], "B001の18 注1"),
    monthly("B001", &["糖尿病合併症管理料"], "B001の20 注1"),
    monthly("B001", &["耳鼻咽喉科特定疾患指導管理料"], "B001の21 注"),
    monthly("B001", &["がん性疼痛緩和指導管理料"], "B001の22 注1"),
    limit(Family::Named("B001", &["がん患者指導管理料（心理的不安"]), Span::Ever, 6, "B001の23 注2"),
    limit(Family::Named("B001", &["がん患者指導管理料（抗悪性腫瘍剤"]), Span::Ever, 6, "B001の23 注3"),
    monthly("B001", &["外来緩和ケア管理料"], "B001の24 注1"),
    monthly("B001", &["移植後患者指導管理料"], "B001の25 注1"),
    monthly("B001", &["糖尿病透析予防指導管理料"], "B001の27 注1"),
    limit(Family::Named("B001", &["婦人科特定疾患治療管理料"]), Span::Months(3), 1, "B001の30 注1"),
    limit(Family::Named("B001", &["腎代替療法指導管理料"]), Span::Ever, 2, "B001の31 注1"),
    limit(Family::Named("B001", &["一般不妊治療管理料"]), Span::Months(3), 1, "B001の32 注"),
    monthly("B001", &["生殖補助医療管理料"], "B001の33 注1"),
    monthly("B001", &["アレルギー性鼻炎免疫療法治療管理料"], "B001の35 注"),
    monthly("B001", &["下肢創傷処置管理料"], "B001の36 注"),
    limit(Family::Named("B001-2", &["小児科外来診療料"]), Span::Day, 1, "B001-2"),
    limit(Family::Named("B001-2", &["小児かかりつけ診療料"]), Span::Day, 1, "B001-2-11"),
    monthly("B001-2", &["地域包括診療料", "認知症地域包括診療料"], "B001-2-9 注1"),
    limit(Family::Named("B001-8", &["臍ヘルニア圧迫指導管理料"]), Span::Ever, 1, "B001-8 注"),
    monthly("B001-9", &["療養・就労両立支援指導料"], "B001-9 注1"),
    monthly("B005-6", &["がん治療連携指導料"], "B005-6-2 注1"),
    monthly("B005-7", &["認知症療養指導料"], "B005-7-2 注1–注3"),
    monthly("B008-2", &["薬剤総合評価調整管理料"], "B008-2 注1"),
    monthly("B010", &["診療情報提供料（２）"], "B010 注"),
    soft(Family::Named("B009", &["診療情報提供料（１）"]), Span::Months(1), 1, "B009 注1、紹介先ごとに月1回"),
    soft(Family::Named("B010-2", &["診療情報連携共有料"]), Span::Months(3), 1, "B010-2 注1、提供先ごとに3月に1回"),
    soft(Family::Named("B011", &["連携強化診療情報提供料"]), Span::Months(3), 1, "B011 注、提供先ごとに3月に1回"),
    soft(
        Family::Named("C001", &["在宅患者訪問診療料（１）１"]),
        Span::Week,
        3,
        "C001 注1、厚生労働大臣が定める疾病等・急性増悪を除く",
    ),
    monthly("C001", &["在宅患者訪問診療料（１）２"], "C001 注2"),
    monthly("C002", &["在医総管", "施医総管"], "C002 注1、C002-2 注1"),
    monthly("C007", &["訪問看護指示料"], "C007 注1"),
    limit(Family::Containing('C', 101, 121, "指導管理料"), Span::Months(1), 1, "C 第2節第1款 通則1・2、主たるもの"),
    limit(Family::Containing('H', 0, 3, "リハビリテーション料（"), Span::Day, 9, "H 通則4"),
    soft(Family::Containing('H', 0, 3, "リハビリテーション料（"), Span::Day, 6, "H 通則4、厚生労働大臣が定める患者は9単位"),
    soft(Family::Named("H004", &["摂食機能療法（３０分以上）"]), Span::Months(1), 4, "H004 注1"),
    limit(Family::Named("H007", &["障害児（者）リハビリテーション料"]), Span::Day, 6, "H007 注1"),
    limit(Family::Article("H008"), Span::Day, 3, "H008 注1"),
    limit(Family::Named("I002", THERAPY), Span::Week, 2, "I002 注1"),
    soft(Family::Named("I002", THERAPY), Span::Week, 1, "I002 注1、退院後4週間以内は週2回"),
    limit(Family::Article("I002-2"), Span::Day, 1, "I002-2"),
    limit(Family::Named("I006", &["通院集団精神療法"]), Span::Week, 2, "I006 注1"),
    limit(Family::Article("G004"), Span::Day, 1, "G004、1日につき"),
    limit(Family::Article("J057-3"), Span::Months(1), 2, "J057-3 注"),
    limit(Family::Named("D216-2", &["残尿測定"]), Span::Months(1), 2, "D216-2 注"),
];

/// Keeps ordered items within their limits: what is too much is left out with the reason, units are cut to what remains.
pub(crate) fn keep(work: &mut Work, ordered: &mut Vec<Ordered>) {
    for limit in LIMITS {
        if !ordered.iter().any(|order| limit.family.has(order.row)) || told(work, limit, ordered) {
            continue;
        }
        let used = used(work, limit);
        let mut left = limit.most - used;
        // The dearer first, so that the order of ordering does not matter.
        let mut members: Vec<usize> = (0..ordered.len()).filter(|index| limit.family.has(ordered[*index].row)).collect();
        members.sort_by(|a, b| {
            let (a, b) = (&ordered[*a], &ordered[*b]);
            b.row.points.cmp(&a.row.points).then(a.row.code.cmp(&b.row.code)).then(a.quantity.cmp(&b.quantity))
        });
        if limit.soft {
            let asked: i64 = members.iter().map(|index| times(&ordered[*index])).sum();
            if asked > left {
                let row = ordered[members[0]].row;
                let name = &row.name;
                let words = limit.span.words();
                work.cut(
                    row.code.as_str(),
                    format!(
                        "{name}: {words}{}回を超えます。査定されやすいので確認してください（{}）。",
                        limit.most, limit.citation
                    ),
                );
            }
            continue;
        }
        let mut gone = Vec::new();
        for index in members {
            let order = &mut ordered[index];
            let times = times(order);
            let (code, name) = (order.row.code.as_str(), &order.row.name);
            if times <= left {
                left -= times;
                continue;
            }
            let so_far =
                if used > 0 { format!("すでに{used}回算定済みです") } else { "今回の分を含みます".to_owned() };
            let reason = format!("{}{}回に限り算定します。{so_far}（{}）。", limit.span.words(), limit.most, limit.citation);
            work.omit_code(code, name, reason);
            if left > 0 && (order.row.step.is_none() || by_units(order.row)) {
                order.quantity = Decimal::from(left);
                left = 0;
            } else {
                gone.push(index);
            }
        }
        if left == 0 && gone.is_empty() && limit.most > 1 {
            let words = limit.span.words();
            work.hint(format!("{words}{}回の上限に達します（{}）。", limit.most, limit.citation));
        }
        gone.sort_unstable();
        for index in gone.into_iter().rev() {
            ordered.remove(index);
        }
    }
}

/// Whether the count table says it of the only item of the kind that is meant. Several items of a kind are held together by
/// the law's sentence alone.
fn told(work: &Work, limit: &Limit, ordered: &[Ordered]) -> bool {
    let on = work.on();
    let asked = ordered.iter().map(|order| order.row).filter(|row| limit.family.has(row));
    let within = work.request.history.iter().filter(|old| limit.span.holds(old.date, on));
    let billed = within.filter_map(|old| work.past_row(old)).filter(|row| limit.family.has(row));
    let mut codes = asked.chain(billed).map(|row| row.code.as_str());
    codes.next().is_some_and(|first| codes.all(|code| code == first) && tables_counts::decides(work, first, limit.span))
}

/// How many of the kind were billed before within the span.
fn used(work: &Work, limit: &Limit) -> i64 {
    let on = work.on();
    let within = work.request.history.iter().filter(|old| limit.span.holds(old.date, on));
    within
        .filter_map(|old| work.past_row(old).map(|row| (old, row)))
        .filter(|(_, row)| limit.family.has(row))
        .map(|(old, row)| {
            // A line priced by units holds them in its points.
            if by_units(row) && row.points > Decimal::ZERO {
                (Decimal::from(old.points) / row.points).round().to_i64().unwrap_or(1).max(1) * old.count
            } else {
                old.count
            }
        })
        .sum()
}

/// Whether an item is priced by steps of one unit of time (1単位), as rehabilitation is.
pub(crate) fn by_units(row: &Procedure) -> bool {
    row.step.is_some() && row.unit == "単位"
}

pub(crate) fn times(order: &Ordered) -> i64 {
    if order.row.step.is_some() && !by_units(order.row) { 1 } else { order.quantity.to_i64().unwrap_or(1).max(1) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::points_table::CountUnit;

    fn day(y: i32, m: u32, d: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(y, m, d).expect("a real day")
    }

    #[test]
    fn weeks_begin_on_sunday_and_months_on_the_first() {
        // 通知 特掲診療料 通則2. 2026-07-10 is a Friday.
        let friday = day(2026, 7, 10);
        assert!(Span::Week.holds(day(2026, 7, 5), friday));
        assert!(!Span::Week.holds(day(2026, 7, 4), friday));
        assert!(Span::Months(1).holds(day(2026, 7, 1), friday));
        assert!(!Span::Months(1).holds(day(2026, 6, 30), friday));
        assert!(Span::Months(3).holds(day(2026, 5, 1), friday));
        assert!(!Span::Months(3).holds(day(2026, 4, 30), friday));
        assert!(!Span::Day.holds(day(2026, 7, 11), friday));
    }

    #[test]
    fn units_of_the_count_table_are_read() {
        let of_unit = |unit| CountUnit(unit).period().and_then(Span::of);
        assert_eq!(of_unit(131), Some(Span::Months(1)));
        assert_eq!(of_unit(138), Some(Span::Week));
        assert_eq!(of_unit(141), None);
    }

    /// Every limit written here is one of the 算定回数 table (05, R6) for some row of its kind; where the table marks 特例条件 the
    /// limit may be softer here, never narrower.
    #[test]
    fn limits_agree_with_the_count_table() {
        use crate::families::testing::{procedures, table};
        let (Some(rows), Some(counts)) = (procedures(), table("masters/tensuhyo/r6/05算定回数テーブル.csv")) else {
            return;
        };
        let mut missing = Vec::new();
        for limit in LIMITS {
            let of_kind: Vec<&str> = rows.iter().filter(|row| limit.family.has(row)).map(|row| row.code.as_str()).collect();
            assert!(!of_kind.is_empty(), "no row is of the kind of {}", limit.citation);
            let agrees = counts.iter().filter(|count| of_kind.contains(&&count[1])).any(|count| {
                count[3].parse().ok().and_then(|unit| CountUnit(unit).period()).and_then(Span::of) == Some(limit.span)
                    && count[5].parse() == Ok(limit.most)
            });
            if !agrees {
                missing.push(limit.citation);
            }
        }
        // B001の9 and B001の4 are first-month limits, H 通則4's nine units and I002's second are for certain patients only: the
        // table has the narrower figure. 1日 of the children's fees is by visit in the table.
        let known = ["B001の9 注1", "H 通則4", "I002 注1"];
        missing.retain(|citation| !known.contains(citation));
        assert!(missing.is_empty(), "{missing:?}");
    }
}
