//! What the articles of parts B, C and G say about one item beside another or beside the kind of visit, where counting
//! ([`crate::limits`]) and pairs ([`crate::exclusions`]) do not reach: what contains what, first times, what belongs to a
//! guidance fee.

use crate::{
    families::{self, Family},
    limits::Span,
    orders::Ordered,
    work::Work,
};
use model::master::Procedure;

/// 在宅療養指導管理料 (C 第2節第1款).
pub(crate) const HOME_GUIDANCE: Family = Family::Containing('C', 101, 121, "指導管理料");
/// 皮膚科特定疾患指導管理料.
const SKIN: Family = Family::Named("B001", &["皮膚科特定疾患指導管理料"]);
/// 在宅自己注射指導管理料.
const SELF_INJECTION: Family = Family::Named("C101", &["在宅自己注射指導管理料"]);
/// 在宅麻薬等注射指導管理料, 在宅腫瘍化学療法注射指導管理料, 在宅悪性腫瘍患者共同指導管理料 and their like (C108).
const HOME_INJECTION: Family = Family::Range('C', 108, 108);
/// 在宅中心静脈栄養法指導管理料.
const HOME_NUTRITION: Family = Family::Named("C104", &["在宅中心静脈栄養法指導管理料"]);
const MONTH: Span = Span::Months(1);

/// A fee that is contained in others of the same month (B000 注4, B001の5 注4, B001の6 注5).
const CONTAINED: [(Family, &[Family], &str); 3] = [
    (Family::Article("B000"), &[HOME_GUIDANCE, SKIN], "B000 注4"),
    (Family::Named("B001", &["小児科療養指導料"]), &[HOME_GUIDANCE, SKIN], "B001の5 注4"),
    (Family::Named("B001", &["てんかん指導料"]), &[HOME_GUIDANCE], "B001の6 注5"),
];

/// Leaves out what the articles do not let stand today.
pub(crate) fn keep(work: &mut Work, ordered: &mut Vec<Ordered>) {
    let rows: Vec<&Procedure> = ordered.iter().map(|order| order.row).collect();
    ordered.retain(|order| match refusal(work, order.row, &rows) {
        Some(reason) => {
            work.omit_code(order.row.code.as_str(), &order.row.name, reason);
            false
        }
        None => true,
    });
    main_drip(work, ordered);
}

fn refusal(work: &Work, row: &Procedure, rows: &[&Procedure]) -> Option<String> {
    visits(work, row)
        .or_else(|| contained(work, row, rows))
        .or_else(|| counted(work, row, rows))
        .or_else(|| home(work, row, rows))
}

/// Whether a kind is ordered today or was billed this month.
fn this_month(work: &Work, rows: &[&Procedure], kind: Family) -> bool {
    rows.iter().any(|row| kind.has(row)) || past(work, MONTH, kind)
}

/// Whether a kind was billed before within a span.
fn past(work: &Work, span: Span, kind: Family) -> bool {
    let within = work.request.history.iter().filter(|old| span.holds(old.date, work.on()));
    within.filter_map(|old| work.past_row(old)).any(|row| kind.has(row))
}

/// B001-2-9 注1 and B001-2-3 注1: on which visits.
fn visits(work: &Work, row: &Procedure) -> Option<String> {
    let fee = row.article.starts_with("B001-2") && row.notice_kind != 7;
    if fee && work.is_first() && (row.name.starts_with("地域包括診療料") || row.name.starts_with("認知症地域包括診療料"))
    {
        return Some("初診の日は算定しません（B001-2-9 注1）。".into());
    }
    if fee && !work.is_first() && row.name.starts_with("乳幼児育児栄養指導料") {
        return Some("3歳未満の乳幼児の初診時に限り算定します（B001-2-3 注1）。".into());
    }
    None
}

fn contained(work: &Work, row: &Procedure, rows: &[&Procedure]) -> Option<String> {
    let (_, owners, citation) = CONTAINED.iter().find(|(kind, ..)| kind.has(row))?;
    let owner = rows.iter().copied().chain(month_rows(work)).find(|row| owners.iter().any(|owner| owner.has(row)))?;
    Some(format!("同じ月の{}に含まれます（{citation}）。", owner.name))
}

fn month_rows<'a>(work: &Work<'a>) -> impl Iterator<Item = &'a Procedure> {
    let on = work.on();
    let old = work.request.history.iter().filter(move |old| MONTH.holds(old.date, on));
    old.filter_map(|old| work.past_row(old)).collect::<Vec<_>>().into_iter()
}

/// Counts that depend on the first time: B001の9 注1, B001-3 注3; and C101 注1.
fn counted(work: &Work, row: &Procedure, rows: &[&Procedure]) -> Option<String> {
    let on = work.on();
    let old = |span: Span, name: &str| {
        let within = work.request.history.iter().filter(|old| span.holds(old.date, on));
        within.filter_map(|old| work.past_row(old)).filter(|row| row.name.starts_with(name)).collect::<Vec<_>>()
    };
    let nutrition = "外来栄養食事指導料";
    if row.name.starts_with(nutrition) && !row.name.contains("月２回以上") {
        let before = old(MONTH, nutrition);
        let begun = before.iter().chain(rows).any(|row| row.name.starts_with(nutrition) && row.name.contains("（初回）"));
        if !before.is_empty() && !begun {
            return Some("初回の指導を行った月は月2回、その他の月は月1回に限り算定します（B001の9 注1）。".into());
        }
    }
    let measuring = "血糖自己測定指導加算";
    if row.name.starts_with(measuring) && !old(Span::Months(12), measuring).is_empty() {
        return Some("年1回に限り算定します（B001-3 注3、B001-3-3 注3）。".into());
    }
    let chemotherapy = Family::Named("B001-2", &["外来腫瘍化学療法診療料"]);
    if SELF_INJECTION.has(row) && this_month(work, rows, chemotherapy) {
        return Some("同じ月に外来腫瘍化学療法診療料を算定するため算定しません（C101 注1 ただし書）。".into());
    }
    None
}

/// C 第2節第2款 通則1: materials belong to a guidance fee of the month; G000 注2, G001 注3, G004 注4, G005 注3·注4, G006.
fn home(work: &Work, row: &Procedure, rows: &[&Procedure]) -> Option<String> {
    let (letter, number) = families::number(&row.article)?;
    if letter == 'C' && (150..=171).contains(&number) && row.notice_kind != 7 && !this_month(work, rows, HOME_GUIDANCE) {
        return Some("在宅療養指導管理料を算定する場合に限り算定します（C 第2節第2款 通則1）。".into());
    }
    if letter == 'C' && (150..=171).contains(&number) && row.notice_kind != 7 && work.r8() {
        let three = Span::Months(3);
        let within = work.request.history.iter().filter(|old| three.holds(old.date, work.on()));
        let same = |old: &&crate::request::Billed| {
            work.past_row(old).is_some_and(|past| past.article == row.article && past.notice_kind != 7)
        };
        let billed: i64 = within.filter(same).map(|old| old.count).sum();
        if billed >= 3 {
            return Some(format!("3月に3回に限り算定します。すでに{billed}回算定済みです（C 第2節第2款 通則1）。"));
        }
    }
    if letter != 'G' || row.notice_kind == 7 {
        return None;
    }
    let visited = rows.iter().any(|row| row.article.starts_with("C001") && row.name.starts_with("在宅患者訪問診療料"));
    let (drip, citation) = match number {
        0 => (false, "G000 注2"),
        1 => (true, "G001 注3"),
        4 => (true, "G004 注4"),
        5 | 6 if row.article == "G005" || row.article == "G006" => (true, "G005 注3・注4、G006 注1・注2"),
        _ => return None,
    };
    let own = number < 5 && this_month(work, rows, SELF_INJECTION) || this_month(work, rows, HOME_INJECTION);
    let nutrition = drip && this_month(work, rows, HOME_NUTRITION);
    if nutrition && number >= 5 {
        return Some(format!("在宅中心静脈栄養法指導管理料を算定している患者には算定しません（{citation}）。"));
    }
    (visited && (own || nutrition))
        .then(|| format!("在宅療養指導管理料を算定している患者の訪問診療の日に併せて行った注射は算定しません（{citation}）。"))
}

/// 通知 G 通則9: of G001, G004, G005 and G006 on one day the main one only.
fn main_drip(work: &mut Work, ordered: &mut Vec<Ordered>) {
    let is = |row: &Procedure| row.notice_kind != 7 && matches!(row.article.as_str(), "G001" | "G004" | "G005" | "G006");
    let best = ordered.iter().filter(|order| is(order.row)).max_by(|a, b| {
        let (a, b) = (a.row, b.row);
        a.points.cmp(&b.points).then(b.code.cmp(&a.code))
    });
    let Some((article, name)) = best.map(|order| (order.row.article.clone(), order.row.name.clone())) else { return };
    ordered.retain(|order| {
        if !is(order.row) || order.row.article == article {
            return true;
        }
        let reason = format!("同じ日に{name}を算定するため、主たるもののみ算定します（通知 G 通則9）。");
        work.omit_code(order.row.code.as_str(), &order.row.name, reason);
        false
    });
}
