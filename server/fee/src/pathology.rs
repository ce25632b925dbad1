//! Part N: the judgement fee that follows from specimens made, and the taking that is forgotten beside a smear.

use crate::{follow, lab_rules::CERVIX, limits::Span, orders::Ordered, work::Work};
use model::master::Procedure;
use std::collections::BTreeSet;

/// Master groups of 病理診断: cytology, histology, either.
pub(crate) const GROUPS: [u8; 3] = [40, 41, 42];

/// N007 病理判断料: once a month where specimens were made, not in a month of 病理診断料 (N006), which is for clinics with a
/// pathologist and is billed as ordered.
pub(crate) fn judgement(work: &mut Work, orders: &[Ordered], groups: &BTreeSet<u8>) {
    if !groups.iter().any(|group| GROUPS.contains(group)) {
        return;
    }
    let item = follow::PATHOLOGY_JUDGEMENT;
    let diagnosed = |row: &Procedure| row.article == "N006";
    let on = work.on();
    let earlier = |work: &Work| {
        let month = Span::Months(1);
        let past = work.request.history.iter().filter(|old| month.holds(old.date, on));
        past.filter_map(|old| work.past_row(old)).any(diagnosed)
    };
    let told = orders.iter().any(|order| order.row.code.as_str() == item.code);
    if orders.iter().any(|order| diagnosed(order.row)) || earlier(work) {
        work.omit(&item, "病理診断料を算定するため算定しません（N007 注2）。");
    } else if !told {
        work.bill_monthly(&item, &[item.code], "病理標本を作製した（種類・回数によらず月1回）");
    }
    if orders.iter().any(|order| order.row.code.as_str() == CERVIX.0)
        && !work.request.orders.iter().any(|order| is_of_cervix(work, &order.code))
    {
        work.missed(CERVIX.1, "婦人科材料の細胞診で検体を採取していれば、子宮頸管粘液採取（40点）を算定できます（D418 1）。");
    }
}

/// Whether a code is a taking of D418.
fn is_of_cervix(work: &Work, code: &str) -> bool {
    work.row(code).is_some_and(|row| row.article == "D418")
}
