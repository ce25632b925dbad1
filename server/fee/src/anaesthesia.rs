//! Part L: shares for age and hour of anaesthesia and nerve blocks, and local anaesthesia by its drug alone.

use crate::{
    families::{Family, number},
    follow,
    orders::Ordered,
    work::{Work, whole},
};
use model::master::Procedure;

/// Articles of L 第1節 and 第2節 but for the management fees L009 and L010 (通知 L 通則7).
fn is_anaesthesia(row: &Procedure) -> bool {
    let kind = [Family::Range('L', 1, 8), Family::Range('L', 100, 105)];
    kind.iter().any(|kind| kind.has(row)) && row.point_kind == 3
}

/// Everything that follows from the anaesthesia of the visit (L 通則2 and 通則3). 所定点数 holds the add-ons of the notes, not those
/// of the 通則 (通知 L 通則6).
pub(crate) fn follow(work: &mut Work, ordered: &[Ordered]) {
    let operated = ordered.iter().any(crate::treatment::is_operation);
    for order in ordered.iter().filter(|order| is_anaesthesia(order.row)) {
        let exact = order.exact() + crate::sites::notes(ordered, order);
        let told = |work: &Work, code: &str| work.request.orders.iter().any(|order| order.code == code);
        let (birth, on) = (work.request.patient.birth_date, work.on());
        // Under 28 days, under one, under three years; 未熟児 is as ordered.
        let bounds = [("00", "AA"), ("AA", "01"), ("01", "03")];
        let fits = |(low, high): &(&str, &str)| crate::orders::age_fits(birth, on, &((*low).to_owned(), (*high).to_owned()));
        if let Some(index) = bounds.iter().position(fits)
            && !told(work, follow::ANAESTHESIA_PREMATURE)
            && !follow::ANAESTHESIA_AGE.iter().any(|share| told(work, share.item.code))
        {
            let share = follow::ANAESTHESIA_AGE[index];
            let reason = format!("{}歳の患者の{}（所定点数の100分の{}）", work.age, order.row.name, share.percent);
            follow::bill(work, &share, exact, whole(exact), reason);
        }
        // 通知 L 通則9: anaesthesia with an urgent operation only; a block where it could not wait.
        let block = number(&order.row.article).is_some_and(|(_, number)| number >= 100);
        if let Some((index, word)) = work.moment.unusual()
            && order.row.time_add_on == 1
        {
            let share = follow::ANAESTHESIA_HOURS[index];
            if told(work, share.item.code) {
                continue;
            }
            if operated && !block {
                let reason = format!("{word}の緊急手術に伴う{}（所定点数の100分の{}）", order.row.name, share.percent);
                follow::bill(work, &share, exact, whole(exact), reason);
            } else if block {
                work.missed(
                    share.item.code,
                    format!(
                        "{}が緊急やむを得ず{word}に行われたものなら、{}を算定できます（L 通則3、通知 L 通則9イ）。",
                        order.row.name, share.item.name
                    ),
                );
            }
        }
    }
}
