//! Part C in its basic forms: what a visit to the home changes (往診, 訪問診療).

use crate::{families::Family, follow, orders::Ordered, work::Work};

const HOME_VISIT: Family = Family::Named("C001", &["在宅患者訪問診療料"]);

/// A planned visit to the home that is billed today.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum HomeVisit {
    /// 同一建物居住者以外 (O001 3 イ).
    Alone,
    /// 同一建物居住者, or C001-2 (O001 3 ロ).
    SameBuilding,
}

/// 在宅患者訪問診療料 among the orders. On the day of 初診料 C001 1 is not billed (C001 注1): it is left out, and the first visit
/// stays.
pub(crate) fn visit(work: &mut Work, ordered: &mut Vec<Ordered>) -> Option<HomeVisit> {
    if work.is_first() {
        ordered.retain(|order| {
            if !(HOME_VISIT.has(order.row) && order.row.name.starts_with("在宅患者訪問診療料（１）１")) {
                return true;
            }
            let reason = "初診料を算定する初診の日の訪問診療は算定しません（C001 注1）。";
            work.omit_code(order.row.code.as_str(), &order.row.name, reason);
            false
        });
    }
    let mut visits = ordered.iter().map(|order| order.row).filter(|row| HOME_VISIT.has(row)).peekable();
    visits.peek()?;
    let alone = visits.any(|row| row.name.contains("同一建物居住者以外"));
    Some(if alone { HomeVisit::Alone } else { HomeVisit::SameBuilding })
}

/// C001 注1, 注2: no fee of the visit beside it; 注4: children under six.
pub(crate) fn beside(work: &mut Work) {
    let basic = if work.is_first() { crate::codes::FIRST } else { crate::codes::RETURN };
    work.omit(&basic, "在宅患者訪問診療料を算定するため算定しません（C001 注1・注2）。");
    let item = follow::HOME_INFANT;
    if work.age < 6 && !work.request.orders.iter().any(|order| order.code == item.code) {
        work.bill(&item, "6歳未満の乳幼児への訪問診療");
    }
    crate::facility::infection_at_home(work);
}
