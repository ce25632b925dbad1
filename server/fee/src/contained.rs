//! Fees that take the place of the visit's fee, and the add-ons for the hour that stand beside them under codes of their own.
//!
//! Codes and names are rows of 支払基金「医科診療行為マスター」 (edition 2025-09-01).

use crate::{
    basic,
    codes::{self, Implied},
    containers::Owner,
    facility,
    families::Family,
    orders::Ordered,
    work::{Moment, Work},
};
use chrono::Days;
use model::visit::VisitKind;

const fn item(code: &'static str, name: &'static str, article: &'static str) -> Implied {
    Implied { code, name, article, r8: None }
}

/// Add-ons for the hour: 時間外, 休日, 深夜; the same of an infant; within the hours of paediatrics.
struct Hours {
    infant: Option<Implied>,
    adult: [Implied; 3],
    young: [Implied; 3],
    paediatric: [Implied; 3],
    night: Option<Implied>,
}

const FAMILY: &str = "B001-2-11 注3";
/// 小児かかりつけ診療料: of a first and of a return visit.
const CHILD_FAMILY: [Hours; 2] = [
    Hours {
        infant: None,
        adult: [
            item("113026670", "時間外加算（初診）（小児かかりつけ診療料）", FAMILY),
            item("113026770", "休日加算（初診）（小児かかりつけ診療料）", FAMILY),
            item("113026870", "深夜加算（初診）（小児かかりつけ診療料）", FAMILY),
        ],
        young: [
            item("113020170", "乳幼児時間外加算（初診）（小児かかりつけ診療料）", FAMILY),
            item("113020670", "乳幼児休日加算（小児科初診）（小児かかりつけ診療料）", FAMILY),
            item("113020770", "乳幼児深夜加算（小児科初診）（小児かかりつけ診療料）", FAMILY),
        ],
        paediatric: [
            item("113020570", "乳幼児夜間加算（小児科初診）（小児かかりつけ診療料）", FAMILY),
            item("113020670", "乳幼児休日加算（小児科初診）（小児かかりつけ診療料）", FAMILY),
            item("113020770", "乳幼児深夜加算（小児科初診）（小児かかりつけ診療料）", FAMILY),
        ],
        night: None,
    },
    Hours {
        infant: None,
        adult: [
            item("113027070", "時間外加算（再診）（小児かかりつけ診療料）", FAMILY),
            item("113027170", "休日加算（再診）（小児かかりつけ診療料）", FAMILY),
            item("113027270", "深夜加算（再診）（小児かかりつけ診療料）", FAMILY),
        ],
        young: [
            item("113020870", "乳幼児時間外加算（再診）（小児かかりつけ診療料）", FAMILY),
            item("113021370", "乳幼児休日加算（小児科再診）（小児かかりつけ診療料）", FAMILY),
            item("113021470", "乳幼児深夜加算（小児科再診）（小児かかりつけ診療料）", FAMILY),
        ],
        paediatric: [
            item("113021270", "乳幼児夜間加算（小児科再診）（小児かかりつけ診療料）", FAMILY),
            item("113021370", "乳幼児休日加算（小児科再診）（小児かかりつけ診療料）", FAMILY),
            item("113021470", "乳幼児深夜加算（小児科再診）（小児かかりつけ診療料）", FAMILY),
        ],
        night: None,
    },
];
/// 機能強化加算 beside 小児かかりつけ診療料.
const CHILD_FAMILY_STRENGTHENED: Implied = item("113028970", "機能強化加算（初診）（小児かかりつけ診療料）", FAMILY);

const REGIONAL_NOTE: &str = "B001-2-9 注2";
/// 地域包括診療料, 認知症地域包括診療料.
const REGIONAL: [Hours; 2] = [
    Hours {
        infant: None,
        adult: [
            item("113016270", "時間外加算（再診）（地域包括診療料）", REGIONAL_NOTE),
            item("113016370", "休日加算（再診）（地域包括診療料）", REGIONAL_NOTE),
            item("113016470", "深夜加算（再診）（地域包括診療料）", REGIONAL_NOTE),
        ],
        young: [
            item("113016570", "乳幼児時間外加算（再診）（地域包括診療料）", REGIONAL_NOTE),
            item("113016670", "乳幼児休日加算（再診）（地域包括診療料）", REGIONAL_NOTE),
            item("113016770", "乳幼児深夜加算（再診）（地域包括診療料）", REGIONAL_NOTE),
        ],
        paediatric: [
            item("113017070", "乳幼児夜間加算（小児科再診）（地域包括診療料）", REGIONAL_NOTE),
            item("113017170", "乳幼児休日加算（小児科再診）（地域包括診療料）", REGIONAL_NOTE),
            item("113017270", "乳幼児深夜加算（小児科再診）（地域包括診療料）", REGIONAL_NOTE),
        ],
        night: Some(item("113017370", "夜間・早朝等加算（再診）（地域包括診療料）", REGIONAL_NOTE)),
    },
    Hours {
        infant: None,
        adult: [
            item("113018570", "時間外加算（再診）（認知症地域包括診療料）", REGIONAL_NOTE),
            item("113018670", "休日加算（再診）（認知症地域包括診療料）", REGIONAL_NOTE),
            item("113018770", "深夜加算（再診）（認知症地域包括診療料）", REGIONAL_NOTE),
        ],
        young: [
            item("113018870", "乳幼児時間外加算（再診）（認知症地域包括診療料）", REGIONAL_NOTE),
            item("113018970", "乳幼児休日加算（再診）（認知症地域包括診療料）", REGIONAL_NOTE),
            item("113019070", "乳幼児深夜加算（再診）（認知症地域包括診療料）", REGIONAL_NOTE),
        ],
        paediatric: [
            item("113019370", "乳幼児夜間加算（小児科再診）（認知症地域包括診療料）", REGIONAL_NOTE),
            item("113019470", "乳幼児休日加算（小児科再診）（認知症地域包括診療料）", REGIONAL_NOTE),
            item("113019570", "乳幼児深夜加算（小児科再診）（認知症地域包括診療料）", REGIONAL_NOTE),
        ],
        night: Some(item("113019670", "夜間・早朝等加算（再診）（認知症地域包括診療料）", REGIONAL_NOTE)),
    },
];

const CANCER: &str = "B001-2-12 注1";
/// 外来腫瘍化学療法診療料: of a first and of a return visit.
const CHEMOTHERAPY: [Hours; 2] = [
    Hours {
        infant: Some(item("113038470", "乳幼児加算（初診）（外来腫瘍化学療法診療料）", CANCER)),
        adult: [
            item("113038570", "時間外加算（初診）（外来腫瘍化学療法診療料）", CANCER),
            item("113038670", "休日加算（初診）（外来腫瘍化学療法診療料）", CANCER),
            item("113038770", "深夜加算（初診）（外来腫瘍化学療法診療料）", CANCER),
        ],
        young: [
            item("113038870", "乳幼児時間外加算（初診）（外来腫瘍化学療法診療料）", CANCER),
            item("113043670", "乳幼児休日加算（初診）（外来腫瘍化学療法診療料）", CANCER),
            item("113043770", "乳幼児深夜加算（初診）（外来腫瘍化学療法診療料）", CANCER),
        ],
        paediatric: [
            item("113039170", "乳幼児夜間加算（小児科初診）（外来腫瘍化学療法診療料）", CANCER),
            item("113039270", "乳幼児休日加算（小児科初診）（外来腫瘍化学療法診療料）", CANCER),
            item("113039370", "乳幼児深夜加算（小児科初診）（外来腫瘍化学療法診療料）", CANCER),
        ],
        night: None,
    },
    Hours {
        infant: Some(item("113039470", "乳幼児加算（再診）（外来腫瘍化学療法診療料）", CANCER)),
        adult: [
            item("113039570", "時間外加算（再診）（外来腫瘍化学療法診療料）", CANCER),
            item("113039670", "休日加算（再診）（外来腫瘍化学療法診療料）", CANCER),
            item("113039770", "深夜加算（再診）（外来腫瘍化学療法診療料）", CANCER),
        ],
        young: [
            item("113039870", "乳幼児時間外加算（再診）（外来腫瘍化学療法診療料）", CANCER),
            item("113043870", "乳幼児休日加算（再診）（外来腫瘍化学療法診療料）", CANCER),
            item("113043970", "乳幼児深夜加算（再診）（外来腫瘍化学療法診療料）", CANCER),
        ],
        paediatric: [
            item("113040170", "乳幼児夜間加算（小児科再診）（外来腫瘍化学療法診療料）", CANCER),
            item("113040270", "乳幼児休日加算（小児科再診）（外来腫瘍化学療法診療料）", CANCER),
            item("113040370", "乳幼児深夜加算（小児科再診）（外来腫瘍化学療法診療料）", CANCER),
        ],
        night: None,
    },
];

/// Every item of this module.
pub(crate) fn all() -> Vec<Implied> {
    let mut all = vec![CHILD_FAMILY_STRENGTHENED];
    all.extend(codes::HOME_INFECTION);
    all.extend(crate::wages::all());
    for hours in CHILD_FAMILY.iter().chain(&REGIONAL).chain(&CHEMOTHERAPY) {
        all.extend(hours.adult.iter().chain(&hours.young).chain(&hours.paediatric).chain(&hours.infant).chain(&hours.night));
    }
    all.sort_by_key(|item| item.code);
    all.dedup();
    all
}

/// The add-ons of A000 注7·注8·注10 and A001 注5–7 beside 小児かかりつけ診療料 and 地域包括診療料.
pub(crate) fn beside(work: &mut Work, owner: Owner) {
    let first = work.is_first();
    match owner {
        Owner::ChildFamily => {
            hour(work, &CHILD_FAMILY[usize::from(!first)]);
            if first && work.standard("機能強化加算") {
                work.bill(&CHILD_FAMILY_STRENGTHENED, "機能強化加算の施設基準を届け出て初診");
            }
        }
        Owner::Regional => {
            let orders = work.request.orders.iter().filter_map(|order| work.row(&order.code));
            let dementia = orders.into_iter().any(|row| row.name.starts_with("認知症地域包括診療料"));
            hour(work, &REGIONAL[usize::from(dementia)]);
        }
        _ => {}
    }
}

fn hour(work: &mut Work, hours: &Hours) {
    let infant = work.age < 6;
    if work.moment == Moment::Early && infant && work.standard("小児科") {
        let index = basic::paediatric_index(work);
        work.bill(&hours.paediatric[index], "小児科を標榜し、診療時間内の夜間・休日・深夜に6歳未満を診察");
        return;
    }
    match (work.moment.unusual(), &hours.night, &hours.infant) {
        (Some((index, word)), ..) => {
            let items = if infant { &hours.young } else { &hours.adult };
            work.bill(&items[index], format!("{word}に診察"));
        }
        (None, Some(night), _) if work.moment == Moment::Early => {
            work.bill(night, "診療時間内の夜間・早朝等に診察（施設基準）");
        }
        (None, _, Some(item)) if infant => {
            work.bill(item, "6歳未満の乳幼児");
        }
        _ => {}
    }
}

/// A fee that takes the place of the visit's fee and contains nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Replacing {
    /// B001-2-12 外来腫瘍化学療法診療料.
    Chemotherapy,
    /// B001-2-7 外来リハビリテーション診療料, on its day or within its 7 or 14 days.
    Rehabilitation,
    /// B001-2-8 外来放射線照射診療料.
    Radiation,
    /// B001-3-2 ニコチン依存症管理料 1ロ(2) by 情報通信機器.
    Nicotine,
}

/// What takes the place of the visit's fee today, if anything does.
pub(crate) fn replacing(work: &Work, ordered: &[Ordered]) -> Option<Replacing> {
    let has = |name: &str| ordered.iter().any(|order| order.row.notice_kind != 7 && order.row.name.starts_with(name));
    if work.request.visit.kind == VisitKind::Telephone {
        return None;
    }
    if has("外来腫瘍化学療法診療料") {
        return Some(Replacing::Chemotherapy);
    }
    if has("外来放射線照射診療料") {
        return Some(Replacing::Radiation);
    }
    if has("外来リハビリテーション診療料") || within_rehabilitation(work, ordered) {
        return Some(Replacing::Rehabilitation);
    }
    let online = |order: &Ordered| order.row.name.starts_with("ニコチン依存症管理料") && order.row.name.contains("情報通信機器");
    ordered.iter().any(online).then_some(Replacing::Nicotine)
}

/// B001-2-7 注2, 注3: 7 days of (1), 14 days of (2), counted from the day it was billed, when rehabilitation is done today.
fn within_rehabilitation(work: &Work, ordered: &[Ordered]) -> bool {
    let rehabilitation = Family::Containing('H', 0, 3, "リハビリテーション料（");
    ordered.iter().any(|order| rehabilitation.has(order.row))
        && work.request.history.iter().any(|old| {
            let days = match work.past_row(old) {
                Some(row) if row.name.starts_with("外来リハビリテーション診療料１") => 7,
                Some(row) if row.name.starts_with("外来リハビリテーション診療料２") => 14,
                _ => return false,
            };
            old.date <= work.on() && work.on() < old.date + Days::new(days)
        })
}

/// The visit where its fee is replaced.
pub(crate) fn visit(work: &mut Work, by: Replacing) {
    let basic = match (work.is_first(), work.request.visit.kind) {
        (true, _) => codes::FIRST,
        (false, VisitKind::Online) => codes::ONLINE,
        (false, _) => codes::RETURN,
    };
    let reason = match by {
        Replacing::Chemotherapy => "外来腫瘍化学療法診療料を算定するため算定しません（B001-2-12 注1）。",
        Replacing::Rehabilitation => {
            "外来リハビリテーション診療料の期間（1は7日、2は14日）のリハビリテーションに係る診察は算定しません（B001-2-7 注2・注3）。"
        }
        Replacing::Radiation => "外来放射線照射診療料を算定するため算定しません（B001-2-8 注3）。",
        Replacing::Nicotine => "情報通信機器によるニコチン依存症管理料を算定するため算定しません（B001-3-2 注3）。",
    };
    work.omit(&basic, reason);
    if by == Replacing::Nicotine {
        return;
    }
    if by == Replacing::Chemotherapy {
        hour(work, &CHEMOTHERAPY[usize::from(!work.is_first())]);
    }
    facility::infection_of_management(work);
    facility::digital_without_code(work);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_code_stands_for_two_names() {
        let all = all();
        let mut codes: Vec<&str> = all.iter().map(|item| item.code).collect();
        codes.dedup();
        assert_eq!(codes.len(), all.len());
    }
}
