//! Part E: what belongs to a picture beside the fee that was ordered: age, storing, reading, the second scan of a month.
//!
//! Films of the same place at the same time are the quantity of an order: the master's steps (きざみ) bill the second to
//! the fifth at half and none beyond (E 第1節 通則3).

use crate::{
    families::Family,
    follow::{self, Share},
    orders::{self, Ordered},
    sites::{all_told, site},
    work::{Work, whole},
};
use model::master::Procedure;
use rust_decimal::Decimal;

const FILM: Family = Family::Article("E002");
const READING: Family = Family::Article("E001");
const SCANS: [Family; 2] = [Family::Article("E200"), Family::Article("E202")];

/// Words of the four ways of taking pictures, as E001, E002 and the storing add-on count them.
const WAYS: [&str; 4] = ["単純", "特殊撮影", "造影剤使用", "乳房撮影"];

/// Everything that follows from the pictures of the visit.
pub(crate) fn follow(work: &mut Work, ordered: &[Ordered]) {
    films(work, ordered);
    scans(work, ordered);
    forgotten(work, ordered);
}

/// E 通則3, where nobody ordered it; and E000 beside films with contrast (通知 E000(1)).
fn forgotten(work: &mut Work, ordered: &[Ordered]) {
    let urgent = follow::URGENT_IMAGING;
    let taken = |order: &Ordered| FILM.has(order.row) || is_scan(order.row);
    if work.moment.unusual().is_some()
        && ordered.iter().any(taken)
        && !is_ordered(work, &[urgent])
        && !work.billed_today(&[urgent])
    {
        work.missed(urgent, "時間外・休日・深夜に緊急に院内で撮影・診断を行っていれば、時間外緊急院内画像診断加算（110点）を算定できます（E 通則3）。");
    }
    let fluoroscopy = Family::Article("E000");
    let with_contrast = |order: &Ordered| FILM.has(order.row) && order.row.name.contains("造影剤使用撮影");
    if let Some(order) = ordered.iter().find(|order| order.row.name == "透視診断" && fluoroscopy.has(order.row))
        && ordered.iter().any(with_contrast)
    {
        work.cut(
            order.row.code.as_str(),
            "消化管の造影剤使用撮影に際し、造影剤の到達を確かめる透視は透視診断として算定できません（通知 E000(1)）。",
        );
    }
}

/// Bills the share for the patient's age: under 28 days, under three, under six years; by the rows' own bounds where the
/// tables hold them.
pub(crate) fn age_share<'s>(work: &Work, shares: &'s [Share; 3]) -> Option<&'s Share> {
    if work.age >= 6 {
        return None;
    }
    let (birth, on) = (work.request.patient.birth_date, work.on());
    let bounds = [("00", "AA"), ("AA", "03"), ("03", "06")];
    let fits = |(low, high): &(&str, &str)| orders::age_fits(birth, on, &((*low).to_owned(), (*high).to_owned()));
    bounds.iter().position(fits).map(|index| &shares[index])
}

fn is_ordered(work: &Work, codes: &[&str]) -> bool {
    work.request.orders.iter().any(|order| codes.contains(&order.code.as_str()))
}

fn is_scan(row: &Procedure) -> bool {
    SCANS.iter().any(|kind| kind.has(row))
}

fn way(row: &Procedure) -> Option<usize> {
    WAYS.iter().position(|way| row.name.contains(way))
}

/// E001 and E002.
fn films(work: &mut Work, ordered: &[Ordered]) {
    // Rows that hold reading and taking in one (診断・撮影) have rows of their own for children.
    let taken: Vec<&Ordered> =
        ordered.iter().filter(|order| FILM.has(order.row) && !order.row.name.contains("診断・撮影")).collect();
    let read: Vec<&Ordered> = ordered.iter().filter(|order| READING.has(order.row)).collect();
    if !is_ordered(work, &follow::FILM_AGE.map(|share| share.item.code))
        && let Some(share) = age_share(work, &follow::FILM_AGE).copied()
    {
        for order in &taken {
            let exact = order.exact();
            let reason = format!("{}歳の患者の{}（所定点数の100分の{}）", work.age, order.row.name, share.percent);
            follow::bill(work, &share, exact, whole(exact), reason);
        }
    }
    stored(work, ordered);
    composition(work, &taken, &read);
}

/// E 第1節 通則4: once for each series; of several ways at one place the main one (通知 第1節 2(2)).
fn stored(work: &mut Work, ordered: &[Ordered]) {
    let codes = follow::FILM_STORED.map(|item| item.code);
    let digital: Vec<&Ordered> =
        ordered.iter().filter(|order| FILM.has(order.row) && order.row.name.contains("デジタル撮影")).collect();
    if digital.is_empty() || is_ordered(work, &codes) {
        return;
    }
    // By place where it is told; the films without one are taken together.
    let mut places: Vec<Option<&str>> = digital.iter().map(|order| site(order)).collect();
    places.sort_unstable();
    places.dedup();
    let price = |way: usize| work.row(codes[way]).map_or(Decimal::ZERO, |row| row.points);
    let mut series = [0_i64; 4];
    let mut mixed = false;
    for place in places {
        let ways: Vec<usize> = digital.iter().filter(|order| site(order) == place).filter_map(|order| way(order.row)).collect();
        let Some(main) = ways.iter().copied().max_by(|a, b| price(*a).cmp(&price(*b)).then(b.cmp(a))) else { continue };
        let here = ways.iter().filter(|way| **way == main).count();
        series[main] += if place.is_some() { 1 } else { i64::try_from(here).unwrap_or(1) };
        mixed |= place.is_none() && ways.iter().any(|way| *way != main);
    }
    if !work.standard("電子画像管理") {
        let Some(main) = series.iter().position(|count| *count > 0) else { return };
        return work.missed(
            codes[main],
            "撮影した画像を電子化して管理・保存していれば、電子画像管理加算を算定できます（E 第1節 通則4）。施設の設定に「電子画像管理」を加えると自動で算定します。",
        );
    }
    for (main, count) in series.into_iter().enumerate().filter(|(_, count)| *count > 0) {
        if work.bill(&follow::FILM_STORED[main], format!("デジタル撮影した画像を電子化して管理・保存（一連 {count}件）"))
            && let Some(line) = work.lines.last_mut()
        {
            line.count = count;
        }
    }
    if mixed {
        work.hint("2種以上の撮影方法のうち主たる撮影の電子画像管理加算だけを算定しました。部位が異なれば、それぞれ算定できます（通知 E 第1節 2(2)）。");
    }
}

/// E 第1節 通則1–3: a picture is read and taken.
fn composition(work: &mut Work, taken: &[&Ordered], read: &[&Ordered]) {
    let elsewhere = |order: &&&Ordered| order.row.name.contains("他医");
    let own: Vec<&&Ordered> = read.iter().filter(|order| !elsewhere(order)).collect();
    if !taken.is_empty() && own.is_empty() {
        work.missed("", "撮影に写真診断がありません。エックス線診断は写真診断と撮影を合算して算定します（E 第1節 通則1）。");
    }
    if taken.is_empty() && !own.is_empty() && !has_composed(work) {
        work.missed(
            "",
            "写真診断に撮影がありません。他の医療機関の画像なら「他医撮影の写真診断」です（E 第1節 通則1、通知 E001(1)）。",
        );
    }
    let ways: std::collections::BTreeSet<usize> = own.iter().filter_map(|order| way(order.row)).collect();
    let plain: Vec<&Ordered> = own.iter().map(|order| **order).collect();
    if ways.len() > 1 && !all_told(&plain) {
        work.cut("", "同一部位を同時に2種以上の方法で撮影したときは、第2の写真診断以後は100分の50です（E 第1節 通則2）。「他方と同時併施」の項目を確認してください。");
    }
    for (index, order) in taken.iter().enumerate() {
        if order.row.step.is_some() && order.quantity > Decimal::from(5) {
            work.hint(format!("{}: 同一部位の同一方法は5枚までを算定しました（E 第1節 通則3）。", order.row.name));
        }
        if taken.len() == own.len()
            && let Some(reading) = own.get(index)
            && taken.len() == 1
            && reading.row.step.is_some()
            && reading.quantity != order.quantity
        {
            work.hint("写真診断と撮影の枚数が違います（E 第1節 通則3）。");
        }
    }
}

fn has_composed(work: &Work) -> bool {
    work.request.orders.iter().filter_map(|order| work.row(&order.code)).any(|row| FILM.has(row))
}

/// E200, E202, E203.
fn scans(work: &mut Work, ordered: &[Ordered]) {
    let mut scans: Vec<&Ordered> = ordered.iter().filter(|order| is_scan(order.row)).collect();
    if scans.is_empty() {
        return;
    }
    // The dearest counts as the first, so that the order of ordering does not matter.
    scans.sort_by(|a, b| b.row.points.cmp(&a.row.points).then(a.row.code.cmp(&b.row.code)));
    let earlier = work
        .request
        .history
        .iter()
        .any(|old| crate::limits::Span::Months(1).holds(old.date, work.on()) && work.past_row(old).is_some_and(is_scan));
    let again = !is_ordered(work, &[follow::SCAN_AGAIN.item.code]);
    let aged = if is_ordered(work, &follow::SCAN_AGE.map(|share| share.item.code)) || is_ordered(work, &follow::SCAN_HEAD) {
        None
    } else {
        age_share(work, &follow::SCAN_AGE).copied()
    };
    for (index, order) in scans.iter().enumerate() {
        let exact = order.exact();
        if again && (earlier || index > 0) {
            let reason = format!("同一月2回目以降の断層撮影（{}、所定点数の100分の80）", order.row.name);
            follow::bill(work, &follow::SCAN_AGAIN, exact, whole(exact), reason);
        }
        if let Some(share) = &aged {
            let reason = format!("{}歳の患者の{}（所定点数の100分の{}）", work.age, order.row.name, share.percent);
            follow::bill(work, share, exact, whole(exact), reason);
            work.hint("頭部外傷に対する6歳未満の断層撮影は、頭部外傷撮影加算です（E 第3節 通則4）。");
        }
    }
    if !is_ordered(work, &[follow::SCAN_STORED.code]) {
        if work.standard("電子画像管理") {
            work.bill(&follow::SCAN_STORED, "断層撮影の画像を電子化して管理・保存（一連の撮影について1回）");
        } else {
            work.missed(
                follow::SCAN_STORED.code,
                "断層撮影の画像を電子化して管理・保存していれば、電子画像管理加算を算定できます（E 第3節 通則3）。",
            );
        }
    }
}
