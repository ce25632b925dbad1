//! Part D 第3節 生体検査: age, the same test again in a month, endoscopy out of hours, and 時間外緊急院内検査加算.

use crate::{
    families::{Family, number},
    follow,
    limits::Span,
    orders::Ordered,
    sites::site,
    work::{Moment, Work, whole},
};
use model::master::Procedure;
use rust_decimal::Decimal;

/// What 通則1 and 2 except: by the beginnings of the rows' names, from the list イ to レ of 告示 D 第3節 通則1.
const NO_AGE: [&str; 17] = [
    "呼吸心拍監視",
    "新生児心拍・呼吸監視",
    "カルジオ",
    "経皮的血液ガス",
    "血液ガス連続測定",
    "経皮的酸素ガス",
    "深部体温",
    "前額部",
    "各部体表面体温",
    "ＥＣＧ診断（他医",
    "ＥＣＧ負荷診断（他医",
    "ＥＥＧ診断（他医",
    "内視鏡写真診断（他医",
    "内視鏡用テレスコープ",
    "肺臓カテーテル法",
    "肝臓カテーテル法",
    "膵臓カテーテル法",
];

/// Articles that 通則2 names for children of three to five years, beside D200–D242.
const CHILD: [u16; 7] = [306, 308, 310, 312, 313, 317, 325];

fn is_test(row: &Procedure) -> bool {
    Family::Range('D', 200, 325).has(row) && row.judgement_kind != 2 && matches!(row.point_kind, 3)
}

/// Whether the second in a month is billed at 90/100 (D206–D214-2, D215 and D216 but for 胎児心エコー法, 内視鏡検査: 告示 D 第3節
/// 通則 of each part): master S column 52 (逓減対象区分) tells it.
fn falls(row: &Procedure) -> bool {
    row.diminishing == 1 && is_test(row)
}

/// Whether two rows are the same test: D208, D209 and D210 as a whole (通知 D200–D214 共通 (1)), 大腸内視鏡検査 by fibrescope
/// however far (通知 内視鏡検査 共通(2)), else the same code.
fn same(a: &Procedure, b: &Procedure) -> bool {
    let colon = |row: &Procedure| row.article == "D313" && row.name.contains("ファイバースコピー");
    a.code == b.code
        || (a.article == b.article && matches!(a.article.as_str(), "D208" | "D209" | "D210"))
        || (colon(a) && colon(b))
}

/// 通知 D215(1): several methods of ultrasound at one place are the same test; only orders tell a place.
fn same_place(a: &Ordered, b: &Ordered) -> bool {
    a.row.article == "D215" && b.row.article == "D215" && site(a).is_some() && site(a) == site(b)
}

fn share_of_age(work: &Work, row: &Procedure) -> Option<follow::Share> {
    let Some(('D', article)) = number(&row.article) else { return None };
    // ロ: 心臓カテーテル法による諸検査.
    if article == 206 || NO_AGE.iter().any(|name| row.name.starts_with(name)) {
        return None;
    }
    let share = crate::imaging::age_share(work, &follow::PHYSIOLOGY_AGE).copied()?;
    let child = share.percent == 40;
    (!child || article <= 242 || CHILD.contains(&article)).then_some(share)
}

/// Everything that follows from the tests on the body.
pub(crate) fn follow(work: &mut Work, ordered: &[Ordered]) {
    let told = |work: &Work, code: &str| work.request.orders.iter().any(|order| order.code == code);
    let mut tests: Vec<&Ordered> = ordered.iter().filter(|order| is_test(order.row)).collect();
    tests.sort_by(|a, b| b.row.points.cmp(&a.row.points).then(a.row.code.cmp(&b.row.code)).then(a.quantity.cmp(&b.quantity)));
    let mut seen: Vec<&Ordered> = Vec::new();
    let mut noted: Vec<&str> = Vec::new();
    for order in tests {
        let row = order.row;
        let aged =
            if follow::PHYSIOLOGY_AGE.iter().any(|share| told(work, share.item.code)) { None } else { share_of_age(work, row) };
        let exact = order.exact();
        let mut sum = exact;
        // 通知 D 通則13: 所定点数 holds the add-ons of the notes; those of a group go with its first test.
        let group = row.add_on.0.as_str();
        let notes = if noted.contains(&group) { Decimal::ZERO } else { crate::sites::notes(ordered, order) };
        noted.push(group);
        let mut noted_sum = exact + notes;
        if falls(row) && !told(work, follow::TEST_AGAIN.item.code) {
            let earlier = billed_this_month(work, row);
            let before = earlier || seen.iter().any(|other| same(other.row, row) || same_place(other, order));
            let again = if before { order.quantity } else { order.quantity - Decimal::ONE };
            if again > Decimal::ZERO {
                let reason = format!("{}: 同一月2回目以降（所定点数の100分の90）", row.name);
                let part = row.points * again + if before { notes } else { Decimal::ZERO };
                follow::bill(work, &follow::TEST_AGAIN, part, whole(part), reason);
                sum -= row.points * again / Decimal::TEN;
                noted_sum -= part / Decimal::TEN;
            } else if !earlier && row.article == "D215" {
                ultrasound_before(work, row);
            }
        }
        seen.push(order);
        // 通知 D 第3節 4: the reduced points times the share, rounded once.
        if let Some(share) = aged {
            let reason = format!("{}歳の患者の{}（所定点数の100分の{}）", work.age, row.name, share.percent);
            follow::bill(work, &share, sum, whole(sum), reason);
        }
        endoscopy_hours(work, order, noted_sum);
    }
    several_methods(work, ordered);
}

/// Another method of ultrasound in the month: whether it was at the same place no history tells.
fn ultrasound_before(work: &mut Work, row: &Procedure) {
    let on = work.on();
    let month = work.request.history.iter().filter(|old| Span::Months(1).holds(old.date, on));
    let other = month
        .filter_map(|old| work.past_row(old))
        .find(|past| past.article == "D215" && past.code != row.code && !matches!(past.notice_kind, 7 | 9))
        .map(|past| past.name.clone());
    if let Some(other) = other {
        work.cut(
            row.code.as_str(),
            format!("{}: 今月の{other}と同一の部位なら、2回目以降として100分の90で算定します（通知 D215(1)）。", row.name),
        );
    }
}

/// 通知 D215(2): methods together at one place are one test, where no place is told.
fn several_methods(work: &mut Work, ordered: &[Ordered]) {
    let kind = Family::Article("D215");
    let scans: Vec<&Ordered> = ordered.iter().filter(|order| kind.has(order.row)).collect();
    let codes: std::collections::BTreeSet<&str> = scans.iter().map(|order| order.row.code.as_str()).collect();
    if codes.len() > 1 && !crate::sites::all_told(&scans) {
        work.hint("超音波検査を同一の部位に同時に2以上の方法で行ったときは、主たる検査方法により1回だけ算定します（通知 D215(2)）。オーダーに部位を入れると自動で判定します。");
    }
}

fn billed_this_month(work: &Work, row: &Procedure) -> bool {
    let on = work.on();
    work.request
        .history
        .iter()
        .filter(|old| Span::Months(1).holds(old.date, on))
        .any(|old| work.past_row(old).is_some_and(|past| same(past, row)))
}

/// D 内視鏡検査 通則5, but for D296-3, D324 and D325.
fn endoscopy_hours(work: &mut Work, order: &Ordered, sum: Decimal) {
    let Some(('D', article)) = number(&order.row.article) else { return };
    let Some((index, word)) = work.moment.unusual() else { return };
    if !(295..=323).contains(&article) || order.row.article == "D296-3" || order.row.name.contains("（他医") {
        return;
    }
    let share = follow::ENDOSCOPY_HOURS[index];
    if work.request.orders.iter().any(|order| order.code == share.item.code) {
        return;
    }
    let reason = format!("{word}に緊急に行った{}（所定点数の100分の{}）", order.row.name, share.percent);
    follow::bill(work, &share, sum, whole(sum), reason);
}

/// D 第1節第1款 通則1 時間外緊急院内検査加算 and E 通則3 時間外緊急院内画像診断加算: out of the displayed hours only, once a day, not beside
/// 夜間・早朝等加算 (通知 E 通則3(5)); the former replaces 外来迅速検体検査加算 of the day.
pub(crate) fn urgent(work: &mut Work, ordered: &mut Vec<Ordered>) {
    let articles = [(follow::URGENT_LAB, "D 第1節第1款 通則1"), (follow::URGENT_IMAGING, "E 通則3")];
    let moment = work.moment;
    ordered.retain(|order| {
        let code = order.row.code.as_str();
        let Some((_, article)) = articles.iter().find(|(urgent, _)| *urgent == code) else { return true };
        let refusal = if moment == Moment::Early {
            Some(format!("夜間・早朝等加算を算定する診療では算定しません（{article}）。"))
        } else if moment.unusual().is_none() {
            Some(format!("表示する診療時間以外の時間・休日・深夜ではありません（{article}）。"))
        } else if work.billed_today(&[code]) {
            Some(format!("1日につき1回算定します（{article}）。"))
        } else {
            None
        };
        match refusal {
            Some(reason) => {
                work.omit_code(code, &order.row.name, reason);
                false
            }
            None => true,
        }
    });
}
