//! Parts J and K: add-ons for age and hour, and treatment that an operation of the day contains.

use crate::{
    families::{Family, number},
    follow::{self, Share},
    orders::Ordered,
    sites::{self, all_told},
    work::{Work, whole},
};
use rust_decimal::Decimal;

/// An operation of K 第1節: K000–K919; transfusion and the add-ons of 第2節 and 第3節 are none.
pub(crate) fn is_operation(order: &Ordered) -> bool {
    Family::Range('K', 0, 919).has(order.row) && order.row.section.starts_with("50") && order.row.section != "502"
}

fn is_treatment(order: &Ordered) -> bool {
    Family::Range('J', 0, 129).has(order.row)
}

/// K 通則1, 通知 K 4: treatment (but for plaster, J122–J129-4), injections and taking of samples on the day of an operation
/// that belong to it are not billed.
pub(crate) fn contained(work: &mut Work, ordered: &mut Vec<Ordered>) {
    let Some(operation) = ordered.iter().filter(|order| is_operation(order)).map(|order| order.row.name.clone()).min() else {
        return;
    };
    ordered.retain(|order| {
        let why = match number(&order.row.article) {
            Some(('J', article)) if article < 122 && is_treatment(order) => "処置",
            Some(('G', _)) => "注射の手技料",
            Some(('D', 401..=419)) => "診断穿刺・検体採取",
            _ => return true,
        };
        let reason = format!("{operation}と同じ日の、手術に関連する{why}は算定しません（K 通則1、通知 K 通則4）。手術に関連しない場合は理由を付けて加えてください。");
        work.omit_code(order.row.code.as_str(), &order.row.name, reason);
        if !order.order.parts.is_empty() {
            work.missed("", format!("{}に使った薬剤は、手術の薬剤料として算定できます（K940）。手術のオーダーに加えてください。", order.row.name));
        }
        false
    });
}

/// Everything that follows from the treatments and operations of the visit.
pub(crate) fn follow(work: &mut Work, ordered: &[Ordered]) {
    treatments(work, ordered);
    operations(work, ordered);
    points_out(work, ordered);
}

fn is_ordered(work: &Work, shares: &[Share]) -> bool {
    work.request.orders.iter().any(|order| shares.iter().any(|share| share.item.code == order.code))
}

/// J: 乳幼児加算 by article, 耳鼻咽喉科乳幼児処置加算 (通則7), 時間外等 (通則5).
fn treatments(work: &mut Work, ordered: &[Ordered]) {
    let ear = ent(work, ordered);
    for order in ordered.iter().filter(|order| is_treatment(order)) {
        let mut exact = order.exact();
        let article = number(&order.row.article).map_or(0, |(_, number)| number);
        if let Some(index) = infant(order)
            && work.age < follow::TREATMENT_AGE[index].0
            && !(ear && article == 113)
        {
            let item = follow::TREATMENT_AGE[index].1;
            if order.row.article == "J036" && work.on() < work.request.patient.birth_date + chrono::Days::new(28) {
                work.hint("新生児の非還納性ヘルニア徒手整復法には、乳幼児加算ではなく新生児加算（110点）があります（J036 注）。");
            }
            if !work.request.orders.iter().any(|order| order.code == item.code) {
                let years = follow::TREATMENT_AGE[index].0;
                if work.bill(&item, format!("{years}歳未満の乳幼児への{}", order.row.name))
                    && let Some(line) = work.lines.last()
                {
                    // 通知 J 通則10: 所定点数 holds the add-ons of the 注.
                    exact += Decimal::from(line.points.0);
                }
            }
        }
        if work.age < 6
            && (122..=129).contains(&article)
            && !is_ordered(work, &[follow::PLASTER_AGE])
            && order.row.add_on.0 == "4016"
        {
            let reason = format!("6歳未満の乳幼児への{}（所定点数の100分の55）", order.row.name);
            follow::bill(work, &follow::PLASTER_AGE, exact, whole(exact), reason);
            exact *= Decimal::new(155, 2);
        }
        treatment_hours(work, order, exact);
    }
}

/// Which of [`follow::TREATMENT_AGE`] a treatment has: master S column 46 (処置乳幼児加算区分) tells it.
fn infant(order: &Ordered) -> Option<usize> {
    let index = usize::from(order.row.treatment_infant).checked_sub(1)?;
    (index < follow::TREATMENT_AGE.len()).then_some(index)
}

/// J 通則7: J095 to J115-2 by a doctor of 耳鼻咽喉科 for a child under six, 60 points a day.
fn ent(work: &mut Work, ordered: &[Ordered]) -> bool {
    if work.age >= 6 || !work.standard("耳鼻咽喉科") || !ordered.iter().any(|order| Family::Range('J', 95, 115).has(order.row))
    {
        return false;
    }
    let item = follow::ENT_INFANT;
    if work.request.orders.iter().any(|order| order.code == item.code) {
        return true;
    }
    if work.billed_today(&[item.code]) {
        work.omit(&item, "1日につき1回算定します（J 通則7）。");
        return true;
    }
    work.bill(&item, "耳鼻咽喉科の処置を6歳未満の乳幼児に行った（1日につき）")
}

/// J 通則5: the visit itself must have been out of hours (A000 注7, A001 注5; 通知 J 通則5); 150 points or more, with a notification
/// 1,000 points or more at the higher rate. The master's column 43 tells which treatments may have it.
fn treatment_hours(work: &mut Work, order: &Ordered, exact: Decimal) {
    let Some((index, word)) = work.moment.unusual() else { return };
    let one = exact / order.quantity.max(Decimal::ONE);
    if order.row.time_add_on != 1 || one < Decimal::from(150) {
        return;
    }
    let notified = work.standard("処置の時間外加算1") || work.standard("時間外加算1（処置）");
    let shares =
        if one >= Decimal::from(1000) && notified { &follow::TREATMENT_HOURS_NOTIFIED } else { &follow::TREATMENT_HOURS };
    hours(work, order, &shares[index], exact, word, "150点以上の緊急処置");
}

fn hours(work: &mut Work, order: &Ordered, share: &Share, exact: Decimal, word: &str, what: &str) {
    if is_ordered(work, std::slice::from_ref(share)) {
        return;
    }
    let reason = format!("{word}の初診・再診に引き続く{what}（{}、所定点数の100分の{}）", order.row.name, share.percent);
    follow::bill(work, share, exact, whole(exact), reason);
    work.hint("医療機関・医師の都合で時間外となった処置・手術では、時間外等の加算は算定できません（通知 J 通則9、K 通則13）。");
}

/// K 通則8 and 通則12. 所定点数 holds the add-ons of the 注 (通知 K 9), not those of the 通則.
fn operations(work: &mut Work, ordered: &[Ordered]) {
    let operations: Vec<&Ordered> = ordered.iter().filter(|order| is_operation(order)).collect();
    for order in operations {
        let notes = sites::notes(ordered, order);
        let exact = order.exact() + notes;
        let number = number(&order.row.article).map_or(0, |(_, number)| number);
        // K618 has add-ons of its own; newborns of certain operations have 通則7.
        if work.age < 6 && number != 618 && !is_ordered(work, &follow::SURGERY_AGE) {
            let share = follow::SURGERY_AGE[usize::from(work.age >= 3)];
            let reason = format!("{}歳の患者の{}（所定点数の100分の{}）", work.age, order.row.name, share.percent);
            follow::bill(work, &share, exact, whole(exact), reason);
        }
        let Some((index, word)) = work.moment.unusual() else { continue };
        if order.row.time_add_on == 1 && !(914..=917).contains(&number) {
            let notified = work.standard("手術の時間外加算1") || work.standard("時間外加算1（手術）");
            let shares = if notified { &follow::SURGERY_HOURS_NOTIFIED } else { &follow::SURGERY_HOURS };
            hours(work, order, &shares[index], exact, word, "緊急手術");
        }
    }
}

/// Rules of places and diseases, as far as no place is told: pointed out.
fn points_out(work: &mut Work, ordered: &[Ordered]) {
    let all = |is: &dyn Fn(&Ordered) -> bool| -> Vec<&Ordered> { ordered.iter().filter(|order| is(order)).collect() };
    let wounds = all(&|order| Family::Article("J000").has(order.row));
    let skin = all(&|order| Family::Article("J053").has(order.row));
    let compress = all(&|order| order.row.name.contains("湿布処置"));
    if wounds.len() > 1 || skin.len() > 1 {
        work.cut("", "同一疾病の処置は、それぞれの部位の面積を合算した広さの区分で1つ算定します（通知 J000(2)・(6)）。");
    }
    let kinds = [!wounds.is_empty(), !skin.is_empty(), !compress.is_empty()];
    let together: Vec<&Ordered> = wounds.iter().chain(&skin).chain(&compress).copied().collect();
    if kinds.into_iter().filter(|kind| *kind).count() > 1 {
        if all_told(&together) {
            work.cut("", "部位が違っても、同一疾病の創傷処置・皮膚科軟膏処置・湿布処置は面積を合算していずれか1つを算定します（通知 J000(2)）。");
        } else {
            work.cut(
                "",
                "同一部位・同一疾病の創傷処置・皮膚科軟膏処置・湿布処置は、いずれか1つのみ算定します（通知 J000(2)・(3)）。",
            );
        }
    }
    let operations = all(&is_operation);
    if operations.len() > 1 {
        if !all_told(&operations) {
            work.cut("", "同一手術野・同一病巣の2以上の手術は、主たる手術のみ算定します（K 通則14）。複数手術に係る費用の特例に定める組合せは従たる手術を100分の50で加えます。");
        }
        let mut codes: Vec<&str> = operations.iter().map(|order| order.row.code.as_str()).collect();
        codes.sort_unstable();
        codes.dedup();
        if codes.len() < operations.len() {
            work.cut("", "同種の手術の同一日2回以上は、特別の理由がある場合を除き主たる手術のみ算定します（通知 K 通則3）。");
        }
    }
    let wound = Family::Article("K000");
    for order in &operations {
        if order.row.step.is_none() && order.quantity > Decimal::ONE {
            work.cut(order.row.code.as_str(), format!("{}: 同種の手術の同一日2回以上は、特別の理由がある場合を除き主たる手術のみ算定します（通知 K 通則3）。近接した創傷は長さを合計して1つの創傷とします（通知 K000(2)）。", order.row.name));
        }
        if work.age < 6 && wound.has(order.row) && order.row.name.starts_with("創傷処理") {
            work.cut(order.row.code.as_str(), "6歳未満の創傷処理は小児創傷処理（K000-2）です。");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Master column 46 (処置乳幼児加算区分) says of every treatment what the 注 of its article says (告示 別表第一 J000 注3, J001 注4,
    /// J002 注 … J117 注1, the same in R6 and R8): under 3 years 110 and 55 points, under 6 years 110, 83 and 55.
    #[test]
    fn the_master_tells_what_the_notes_tell() {
        const NOTES: [(&str, &[&str], u8); 26] = [
            ("J000", &["創傷処置（６０００"], 5),
            ("J001", &["（３０００", "（６０００"], 5),
            ("J002", &[], 1),
            ("J005", &[], 3),
            ("J006", &[], 3),
            ("J007", &[], 3),
            ("J008", &["胸腔穿刺"], 3),
            ("J010", &[], 3),
            ("J011", &[], 3),
            ("J012", &[], 3),
            ("J017-2", &[], 5),
            ("J018", &[], 4),
            ("J018-3", &[], 4),
            ("J019", &[], 1),
            ("J020", &[], 1),
            ("J021", &[], 1),
            ("J022", &[], 2),
            ("J036", &[], 2),
            ("J043-3", &[], 5),
            ("J043-5", &[], 5),
            ("J044", &[], 5),
            ("J050", &[], 3),
            ("J051", &[], 1),
            ("J113", &["耳垢栓塞除去（複雑）"], 5),
            ("J116", &[], 1),
            ("J117", &[], 2),
        ];
        let Some(rows) = crate::families::testing::procedures() else { return };
        let mut compared = 0;
        // The row of J050 with a bronchoscope has none in the master, though the 注 makes no difference.
        let plain = |row: &&model::master::Procedure| !row.name.contains("気管支ファイバースコピー");
        for row in rows.iter().filter(|row| Family::Range('J', 0, 129).has(row)).filter(plain) {
            let note = NOTES.iter().find(|(article, parts, _)| {
                row.article == *article && (parts.is_empty() || parts.iter().any(|part| row.name.contains(part)))
            });
            assert_eq!(row.treatment_infant, note.map_or(0, |note| note.2), "{} {}", row.article, row.name);
            compared += usize::from(note.is_some());
        }
        assert!(compared >= 40, "{compared} compared");
    }
}
