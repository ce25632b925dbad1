//! Rules of one place of the body (同一の部位), where the order tells its place ([`crate::request::Order::site`]).
//!
//! Orders without a place keep their hints in `imaging`, `physiology` and `treatment`: nothing is guessed.

use crate::{families::Family, orders::Ordered, work::Work};
use rust_decimal::Decimal;

/// E001 readings and the row of the same reading as the second at its place (他方と同時併施).
const SECOND: [(&str, &str); 5] = [
    ("170000410", "170022730"),
    ("170000510", "170022830"),
    ("170000610", "170000730"),
    ("170000810", "170022930"),
    ("170026910", "170027530"),
];

/// Operations that add up with others of the same field (K 通則14 ただし書), by words of their names.
const ADD_UP: [&str; 9] =
    ["神経移植", "骨移植", "植皮", "皮弁", "筋弁", "複合組織移植", "粘膜移植", "筋膜移植", "血管結紮術（開"];

/// The place of an order, blanks aside.
pub(crate) fn site<'a>(order: &'a Ordered) -> Option<&'a str> {
    order.order.site.as_deref().map(str::trim).filter(|site| !site.is_empty())
}

/// Whether every one of these orders tells its place, and there is one.
pub(crate) fn all_told(orders: &[&Ordered]) -> bool {
    !orders.is_empty() && orders.iter().all(|order| site(order).is_some())
}

/// Applies the rules of places.
pub(crate) fn keep<'a>(work: &mut Work<'a>, ordered: &mut Vec<Ordered<'a>>) {
    films(ordered);
    readings(work, ordered);
    let ultrasound = Family::Article("D215");
    main_at_a_site(
        work,
        ordered,
        |order| ultrasound.has(order.row),
        "同一の部位に同時に2以上の方法を併用したときは主たる検査方法により1回",
        "通知 D215(2)",
    );
    let skin = [Family::Article("J000"), Family::Article("J053")];
    main_at_a_site(
        work,
        ordered,
        |order| {
            skin.iter().any(|kind| kind.has(order.row))
                || ["湿布処置", "面皰圧出法"].iter().any(|word| order.row.name.contains(word))
        },
        "同一部位の創傷処置・皮膚科軟膏処置・面皰圧出法・湿布処置はいずれか1つのみ",
        "通知 J000(3)",
    );
    let joint = [Family::Article("J116"), Family::Article("D405"), Family::Article("G010")];
    main_at_a_site(
        work,
        ordered,
        |order| joint.iter().any(|kind| kind.has(order.row)),
        "同一側の関節の関節穿刺・関節腔内注射は主たるもののみ",
        "通知 J116",
    );
    main_at_a_site(
        work,
        ordered,
        |order| crate::treatment::is_operation(order) && !ADD_UP.iter().any(|word| order.row.name.contains(word)),
        "同一手術野・同一病巣の手術は主たる手術の所定点数のみ",
        "K 通則14",
    );
}

/// Films of one code at one place in several orders are one series: their quantities add up (E 第1節 通則3).
fn films(ordered: &mut Vec<Ordered>) {
    let kinds = [Family::Article("E001"), Family::Article("E002")];
    let mut index = 0;
    while index < ordered.len() {
        let first = &ordered[index];
        if site(first).is_none() || first.row.step.is_none() || !kinds.iter().any(|kind| kind.has(first.row)) {
            index += 1;
            continue;
        }
        let same = |other: &Ordered| other.row.code == first.row.code && site(other) == site(first);
        let more: Decimal = ordered[index + 1..].iter().filter(|other| same(other)).map(|other| other.quantity).sum();
        let gone: Vec<usize> = (index + 1..ordered.len()).filter(|other| same(&ordered[*other])).collect();
        // Films and drugs of the orders that fall away stay with what was ordered first only where they have none.
        if gone.iter().all(|other| ordered[*other].order.parts.is_empty()) {
            for other in gone.into_iter().rev() {
                ordered.remove(other);
            }
            ordered[index].quantity += more;
        }
        index += 1;
    }
}

/// E 第1節 通則2: several methods at one place: the first reading in full, the others at half. The dearest counts as the first.
fn readings<'a>(work: &mut Work<'a>, ordered: &mut [Ordered<'a>]) {
    let is = |order: &Ordered| SECOND.iter().any(|(code, _)| *code == order.row.code.as_str());
    let mut best: Vec<(String, &str, Decimal)> = Vec::new();
    for order in ordered.iter().filter(|order| is(order)) {
        let Some(site) = site(order) else { continue };
        let (code, points) = (order.row.code.as_str(), order.row.points);
        match best.iter_mut().find(|(other, ..)| other == site) {
            Some((_, first, most)) if points > *most || (points == *most && code < *first) => (*first, *most) = (code, points),
            Some(_) => {}
            None => best.push((site.to_owned(), code, points)),
        }
    }
    let best: Vec<(String, String)> = best.into_iter().map(|(site, code, _)| (site, code.to_owned())).collect();
    for order in ordered.iter_mut() {
        let code = order.row.code.as_str();
        let Some(first) = site(order).and_then(|site| best.iter().find(|(other, _)| other == site)) else { continue };
        let Some((_, second)) = SECOND.iter().find(|(own, _)| *own == code && first.1 != code) else { continue };
        if let Some(row) = work.row(second) {
            order.row = row;
            work.hint(format!(
                "{}: 同一部位の第2の写真診断として100分の50で算定しました。第1の診断の結果、別の撮影が必要になったときは、それぞれ所定点数です（通知 E 第1節 1(3)）。",
                first.0
            ));
        }
    }
}

/// Of the orders of a kind at one place only the dearest is billed.
fn main_at_a_site(work: &mut Work, ordered: &mut Vec<Ordered>, is: impl Fn(&Ordered) -> bool, words: &str, citation: &str) {
    let mut best: Vec<(String, usize)> = Vec::new();
    for index in 0..ordered.len() {
        let order = &ordered[index];
        let Some(place) = site(order).filter(|_| is(order)) else { continue };
        let worth = |index: usize| {
            let order: &Ordered = &ordered[index];
            (order.exact() + notes(ordered, order), std::cmp::Reverse(order.row.code.0.clone()))
        };
        match best.iter_mut().find(|(other, _)| other == place) {
            Some((_, main)) if worth(index) > worth(*main) => *main = index,
            Some(_) => {}
            None => best.push((place.to_owned(), index)),
        }
    }
    let mains: Vec<usize> = best.iter().map(|(_, index)| *index).collect();
    let gone: Vec<usize> = (0..ordered.len())
        .filter(|index| site(&ordered[*index]).is_some() && is(&ordered[*index]) && !mains.contains(index))
        .collect();
    for index in gone.into_iter().rev() {
        let order = ordered.remove(index);
        let place = site(&order).unwrap_or_default().to_owned();
        work.omit_code(order.row.code.as_str(), &order.row.name, format!("{words}を算定します（{place}、{citation}）。"));
    }
}

/// Points of the add-ons of the notes (注加算) that the master relates to an order by group (column 38).
pub(crate) fn notes(ordered: &[Ordered], order: &Ordered) -> Decimal {
    let group = &order.row.add_on.0;
    if group.is_empty() || group == "0" {
        return Decimal::ZERO;
    }
    ordered
        .iter()
        .filter(|note| note.row.notice_kind == 7 && note.row.point_kind == 3 && note.row.add_on.0 == *group)
        .map(Ordered::exact)
        .sum()
}
