//! Parts H and I: what units, days and minutes the rules ask for, as far as an order tells; the rest is pointed out.

use crate::{families::Family, limits::Span, orders::Ordered, work::Work};
use rust_decimal::{Decimal, prelude::ToPrimitive};

/// 疾患別リハビリテーション料 with its 標準的算定日数 (H000–H003 注1) and the name of the disease's beginning.
const STANDARD_DAYS: [(&str, i64); 5] = [("H000", 150), ("H001", 180), ("H001-2", 120), ("H002", 150), ("H003", 90)];

/// Units a month beyond the standard days (H000–H003 注6).
const BEYOND: i64 = 13;

/// I002 注2 and 通知 I002(5), I002-2 (7), 通知 I004(3): on the day of 初診料 only with the time that the row names.
pub(crate) fn first_visits(work: &mut Work, ordered: &mut Vec<Ordered>) {
    let first = work.is_first();
    ordered.retain(|order| {
        let row = order.row;
        let therapy = row.article == "I002" && row.name.contains("精神療法（") && !matches!(row.notice_kind, 7 | 9);
        let refusal = if therapy && first && row.name.contains("３０分未満") {
            Some("初診料を算定する日の通院・在宅精神療法は、診療に要した時間が30分を超えたときに限り算定します（I002 注2）。")
        } else if therapy && !first && row.name.contains("初診日に６０分以上") {
            Some("初診料を算定する初診の日に60分以上行った場合の項目です（通知 I002(5)）。")
        } else if first && row.article == "I002-2" && row.name.starts_with("精神科継続外来支援") {
            Some("初診時には算定できません（通知 I002-2(7)）。")
        } else if row.article == "I004" && row.name.contains("心身医学療法（入院外）") && first != row.name.contains("初診時")
        {
            Some("心身医学療法は初診時と再診時で項目が異なります（I004 2）。")
        } else {
            None
        };
        match refusal {
            Some(reason) => {
                work.omit_code(row.code.as_str(), &row.name, reason);
                false
            }
            None => true,
        }
    });
}

/// What a person should look at.
pub(crate) fn hints(work: &mut Work, ordered: &[Ordered]) {
    rehabilitation(work, ordered);
    psychiatry(work, ordered);
}

/// H: the standard days, counted from the oldest principal diagnosis; thirteen units a month beyond them; one kind only.
fn rehabilitation(work: &mut Work, ordered: &[Ordered]) {
    let is = |order: &&Ordered| {
        order.row.name.contains("リハビリテーション料（")
            && STANDARD_DAYS.iter().any(|(article, _)| order.row.article == *article)
    };
    let units: Vec<&Ordered> = ordered.iter().filter(is).collect();
    let mut articles: Vec<&str> = units.iter().map(|order| order.row.article.as_str()).collect();
    articles.sort_unstable();
    articles.dedup();
    if articles.len() > 1 {
        work.cut("", "疾患別リハビリテーション料は最も適当な区分1つに限り算定します（H 通則4）。病態の異なる複数の疾患にそれぞれ行ったときは、摘要欄に疾患名と起算日を書いてください（通知 H 通則8）。");
    }
    let Some(article) = articles.first().copied() else { return };
    let Some((_, days)) = STANDARD_DAYS.iter().find(|(own, _)| *own == article) else { return };
    let on = work.on();
    let principal = work.request.diagnoses.iter().any(|diagnosis| diagnosis.principal);
    let started = work
        .request
        .diagnoses
        .iter()
        .filter(|diagnosis| !diagnosis.suspected && (diagnosis.principal || !principal))
        .map(|diagnosis| diagnosis.started)
        .min();
    let name = units[0].row.name.clone();
    let code = units[0].row.code.0.clone();
    let past = started.map_or(0, |started| (on - started).num_days() + 1);
    let today: Decimal = units.iter().map(|order| order.quantity).sum();
    let month = work.request.history.iter().filter(|old| Span::Months(1).holds(old.date, on));
    let earlier: i64 = month
        .filter_map(|old| work.past_row(old).map(|row| (old, row)))
        .filter(|(_, row)| row.name.contains("リハビリテーション料（") && row.article == article && row.points > Decimal::ZERO)
        .map(|(old, row)| (Decimal::from(old.points) / row.points).round().to_i64().unwrap_or(1).max(1) * old.count)
        .sum();
    let all = earlier + today.to_i64().unwrap_or(0);
    if past > *days {
        work.cut(
            &code,
            format!("{name}: 主傷病の開始から{past}日目です。標準的算定日数（{days}日）を超えた月は、状態の改善が期待できる場合などを除き1月13単位までです（{article} 注1・注6。今月{all}単位）。"),
        );
    } else if all > BEYOND {
        work.hint(format!("{name}: 今月{all}単位です。標準的算定日数を超えている場合は1月{BEYOND}単位までです（{article} 注6）。起算日を確認してください。"));
    }
}

/// I002: minutes are written into the claim; children under twenty may have an add-on.
fn psychiatry(work: &mut Work, ordered: &[Ordered]) {
    let therapy = Family::Named("I002", &["通院精神療法", "在宅精神療法", "家族通院精神療法", "家族在宅精神療法"]);
    // The longest, so that the order of ordering does not show.
    let mains = ordered.iter().filter(|order| therapy.has(order.row));
    let longest = mains.max_by(|a, b| (a.row.points, &a.row.code).cmp(&(b.row.points, &b.row.code)));
    let Some(order) = longest else { return };
    let name = &order.row.name;
    let span = if name.contains("６０分以上") {
        "60分以上"
    } else if name.contains("３０分以上") {
        "30分以上"
    } else {
        "5分を超え30分未満"
    };
    work.hint(format!("{name}: 診療に要した時間（{span}）を診療録と摘要欄に10分単位で記載します（通知 I002(8)）。"));
    let young = "180020570";
    let add_on = ordered.iter().any(|order| order.row.article == "I002" && matches!(order.row.notice_kind, 7))
        || ordered.iter().any(|order| order.row.name.starts_with("児童思春期支援指導加算"));
    if work.age < 20 && !add_on {
        work.missed(young, "20歳未満で、精神科を最初に受診した日から1年以内なら、通院・在宅精神療法（20歳未満）加算（320点）を算定できます（I002 注3）。");
    }
}
