//! Part F: prescribing and dispensing in the house, or a slip for the pharmacy (院内処方・院外処方).

use crate::{
    FeeError, codes,
    drugs::{self, Rounding, Unit},
    management, patches,
    request::Prescription,
    work::Work,
};
use model::{
    fee::{FeeLine, Section},
    money::Points,
    orders::{Dispensing, Route},
};
use rust_decimal::Decimal;
use std::collections::{BTreeMap, BTreeSet};

/// A prescription group with its price.
pub(crate) struct Priced<'a> {
    pub group: &'a Prescription,
    pub unit: Unit<'a>,
}

/// Bills what was prescribed.
pub(crate) fn prescriptions(work: &mut Work) -> Result<(), FeeError> {
    let request = work.request;
    let mut priced = Vec::new();
    for (index, group) in request.prescriptions.iter().enumerate() {
        let path = format!("prescriptions[{index}]");
        if group.items.is_empty() {
            return Err(FeeError::value(format!("{path}.items"), "薬剤を1つ以上指定します。"));
        }
        if group.days == 0 {
            return Err(FeeError::value(format!("{path}.days"), "1以上で指定します。"));
        }
        if group.refills.is_some_and(|uses| !(2..=3).contains(&uses) || group.place == Dispensing::InHouse) {
            return Err(FeeError::value(format!("{path}.refills"), "処方箋のリフィルの総使用回数は2か3で指定します。"));
        }
        let unit = drugs::unit(work, &format!("{path}.items"), &group.items)?;
        priced.push(Priced { group, unit });
    }
    let patches = patches::too_many(work, &priced);
    let gargle = patches::gargle_only(&priced);
    let (slip, house): (Vec<Priced>, Vec<Priced>) = priced.into_iter().partition(|rp| rp.group.place == Dispensing::Pharmacy);
    if !house.is_empty() {
        in_house(work, &house, !slip.is_empty(), patches);
    }
    if !slip.is_empty() {
        match patches {
            Some(sheets) => patches::omit(work, &codes::SLIP, sheets),
            None => by_pharmacy(work, &slip),
        }
    }
    if gargle {
        work.cut("", "うがい薬のみの投薬は、治療を目的とする場合に限り算定できます（F 通則4、通知 F 通則9）。");
    }
    warn_about_psychotropics(work, house.iter().chain(&slip));
    Ok(())
}

/// F000, F100, F200, F500. Beside a slip on the same day only the drugs are billed (通知 F400(9)).
fn in_house(work: &mut Work, house: &[Priced], beside_slip: bool, patches: Option<Decimal>) {
    if let Some(sheets) = patches {
        for item in [codes::PRESCRIBE, codes::DISPENSE_EXTERNAL] {
            patches::omit(work, &item, sheets);
        }
    } else if beside_slip {
        for item in [codes::PRESCRIBE, codes::DISPENSE_INTERNAL] {
            work.omit(
                &item,
                "同じ日に処方箋を交付するため算定しません（通知 F400(9)）。緊急やむを得ない理由を摘要欄に記載します。",
            );
        }
    } else {
        dispensing(work, house);
        prescribing(work, house);
    }
    drug_fees(work, house);
    match patches {
        Some(sheets) => {
            patches::reduction(work, house, sheets);
            if work.standard("薬剤師常時勤務") || work.standard("調剤技術基本料") {
                patches::omit(work, &codes::DISPENSING_SKILL, sheets);
            }
        }
        None => skill(work, beside_slip),
    }
}

/// A001 注12 地域包括診療加算 is billed: F100 2, F200 注3 and F400 2 do not apply.
fn regional_add_on(work: &Work) -> bool {
    let names = ["地域包括診療加算", "認知症地域包括診療加算"];
    let mut rows = work.request.orders.iter().filter_map(|order| work.row(&order.code));
    rows.any(|row| names.iter().any(|name| row.name.starts_with(name)))
}

/// B001-2-9 地域包括診療料 of the month: F200 注3 does not apply.
fn regional_fee(work: &Work) -> bool {
    let of = |row: &model::master::Procedure| {
        row.article.starts_with("B001-2")
            && (row.name.starts_with("地域包括診療料") || row.name.starts_with("認知症地域包括診療料"))
    };
    let month = crate::limits::Span::Months(1);
    work.request.orders.iter().filter_map(|order| work.row(&order.code)).any(of)
        || work.request.history.iter().filter(|old| month.holds(old.date, work.on())).filter_map(|old| work.past_row(old)).any(of)
}

fn dispensing(work: &mut Work, house: &[Priced]) {
    if house.iter().any(|rp| rp.group.route != Route::External) {
        work.bill(&codes::DISPENSE_INTERNAL, "院内で内服薬・屯服薬を調剤（1回の処方につき）");
    }
    if house.iter().any(|rp| rp.group.route == Route::External) {
        work.bill(&codes::DISPENSE_EXTERNAL, "院内で外用薬を調剤（1回の処方につき）");
    }
    if controlled(house) {
        work.bill(&codes::DISPENSE_CONTROLLED, "麻薬・向精神薬・覚醒剤原料・毒薬を調剤");
    }
}

fn prescribing(work: &mut Work, house: &[Priced]) {
    let kinds = kinds(house);
    if kinds >= 7 && !regional_add_on(work) {
        work.bill(&codes::PRESCRIBE_MANY, format!("内服薬 {kinds}種類（7種類以上）"));
    } else {
        work.bill(&codes::PRESCRIBE, format!("院内処方（内服薬 {}種類）", counted(house, |_| true)));
    }
    warn_about_temporary(work, house, kinds);
    if controlled(house) {
        work.bill(&codes::PRESCRIBE_CONTROLLED, "麻薬・向精神薬・覚醒剤原料・毒薬を処方");
    }
    if work.age < 3 {
        work.bill(&codes::PRESCRIBE_INFANT, "3歳未満の乳幼児への処方");
    }
    specific(work, house, &codes::PRESCRIBE_SPECIFIC);
    let name = if work.r8() {
        "地域支援・外来医薬品供給対応体制加算"
    } else {
        "外来後発医薬品使用体制加算"
    };
    if let Some(grade) = work.grade(name, 3) {
        work.bill(&codes::SUPPLY[grade - 1], format!("{name}の施設基準を届け出て院内処方"));
    }
}

/// F200: each 剤 by 五捨五超入 × days, and nine tenths of all 内服 with seven kinds or more (注3).
fn drug_fees(work: &mut Work, house: &[Priced]) {
    let mut internal = 0;
    let mut lines = Vec::new();
    for rp in house.iter().filter(|rp| !rp.unit.code.is_empty()) {
        let points = drugs::points(rp.unit.yen, Rounding::AtLeastOne).unwrap_or(0);
        let count = i64::from(rp.group.days);
        let (unit, counter) = match rp.group.route {
            Route::Internal => ("1日分", "日分"),
            Route::Prn => ("1回分", "回分"),
            Route::External => ("1調剤", "調剤"),
        };
        if rp.group.route == Route::Internal {
            internal += points * count;
        }
        let reason = format!(
            "{} {unit} {}円 × {count}{counter}（15円以下は1点、超える分は10円ごとに1点）",
            rp.group.route.label(),
            rp.unit.yen.normalize()
        );
        lines.push(rp.unit.line(points, count, Section::Drugs, reason, "F200"));
    }
    lines.sort_by(|a, b| (&a.code, a.points, a.count, &a.parts).cmp(&(&b.code, b.points, b.count, &b.parts)));
    work.lines.extend(lines);
    for rp in house {
        drugs::materials(work, &rp.group.items, Section::Drugs, "F300");
    }
    let kinds = kinds(house);
    if kinds >= 7 && internal > 0 && !regional_add_on(work) && !regional_fee(work) {
        let reduced = crate::work::whole(Decimal::from(internal) * Decimal::new(9, 1));
        let item = codes::MANY_DRUGS_REDUCTION;
        work.lines.push(FeeLine {
            code: item.code.to_owned(),
            name: item.name.to_owned(),
            parts: Vec::new(),
            points: Points(reduced - internal),
            count: 1,
            section: Section::Drugs,
            reason: format!("内服薬 {kinds}種類（7種類以上）のため内服薬の薬剤料 {internal}点を100分の90で算定"),
            citation: item.article.to_owned(),
            estimated: false,
            by_hand: false,
        });
    }
}

/// F500 調剤技術基本料: a pharmacist is always there, once a month, not in a month with a slip (通知 F500(1), (2)).
fn skill(work: &mut Work, beside_slip: bool) {
    if !(work.standard("薬剤師常時勤務") || work.standard("調剤技術基本料")) {
        return;
    }
    let slips = [codes::SLIP.code, codes::SLIP_MANY.code, codes::REFILL.code, codes::REFILL_MANY.code];
    if beside_slip || work.billed_this_month(&slips).is_some() {
        return work.omit(&codes::DISPENSING_SKILL, "同じ月に処方箋を交付しているため算定しません（通知 F500(2)）。");
    }
    // F500 注4.
    let month = crate::limits::Span::Months(1);
    let guided = |row: &model::master::Procedure| row.article == "C008" && row.name.starts_with("在宅患者訪問薬剤管理指導料");
    let past = work.request.history.iter().filter(|old| month.holds(old.date, work.on())).filter_map(|old| work.past_row(old));
    if past.chain(work.request.orders.iter().filter_map(|order| work.row(&order.code))).any(guided) {
        return work.omit(&codes::DISPENSING_SKILL, "在宅患者訪問薬剤管理指導料を算定する患者には算定しません（F500 注4）。");
    }
    work.bill_monthly(&codes::DISPENSING_SKILL, &[codes::DISPENSING_SKILL.code], "薬剤師の管理の下で調剤（月1回）");
}

/// F400 処方箋料 with its add-ons.
fn by_pharmacy(work: &mut Work, slip: &[Priced]) {
    let kinds = kinds(slip);
    let refill = refill(work, slip);
    let word = if refill { "リフィル処方箋" } else { "処方箋" };
    let (item, reason) = if kinds >= 7 && !regional_add_on(work) {
        let item = if refill { codes::REFILL_MANY } else { codes::SLIP_MANY };
        (item, format!("{word}を交付（内服薬 {kinds}種類、7種類以上）"))
    } else {
        let item = if refill { codes::REFILL } else { codes::SLIP };
        (item, format!("{word}を交付（内服薬 {}種類）", counted(slip, |_| true)))
    };
    work.bill(&item, reason);
    warn_about_temporary(work, slip, kinds);
    if work.age < 3 {
        work.bill(&codes::SLIP_INFANT, "3歳未満の乳幼児に処方箋を交付");
    }
    specific(work, slip, &codes::SLIP_SPECIFIC);
    general_names(work, slip);
}

/// Whether it is a refill slip (リフィル処方箋, 療養担当規則 20条3号ロ); 通知 F400(15): plasters and drugs with a limit of days cannot be.
fn refill(work: &mut Work, slip: &[Priced]) -> bool {
    let refills: Vec<&Priced> = slip.iter().filter(|rp| rp.group.refills.is_some()).collect();
    if refills.is_empty() {
        return false;
    }
    let patches = refills.iter().flat_map(|rp| &rp.unit.drugs).find(|drug| patches::is_patch(drug));
    if let Some(drug) = patches {
        work.cut(
            drug.code.as_str(),
            format!("{}: 貼付剤はリフィル処方箋による処方を行うことができません（通知 F400(15)）。", drug.name),
        );
    }
    let limited = refills.iter().flat_map(|rp| &rp.unit.drugs).find(|drug| matches!(drug.controlled, 1 | 5));
    if let Some(drug) = limited {
        work.cut(
            drug.code.as_str(),
            format!("{}: 麻薬・向精神薬など投与量に限度が定められている医薬品は、リフィル処方箋による処方を行うことができません（通知 F400(15)）。", drug.name),
        );
    }
    if refills.len() < slip.len() {
        work.hint("リフィル処方箋とそれ以外の処方は別の処方箋にします。処方箋料は1回として算定しました（通知 F400(3)）。");
    }
    true
}

/// F400 注6 一般名処方加算: 1 when every drug that has a generic is prescribed by general name and there are two or more,
/// 2 when at least one is (通知 F400(12)). Master Y column 39 tells which drugs count: 1 for 加算1 only, 2 for both.
fn general_names(work: &mut Work, slip: &[Priced]) {
    let mut eligible: BTreeMap<(String, Route2), (bool, bool)> = BTreeMap::new();
    for rp in slip {
        for item in &rp.group.items {
            let Some(drug) = rp.unit.drugs.iter().find(|drug| drug.code.as_str() == item.code) else { continue };
            if drug.general_name_add_on == 0 {
                continue;
            }
            let name = drug.general_name.as_ref().map_or_else(|| drug.code.0.clone(), |(code, _)| code.clone());
            let by_name = item.general_name.unwrap_or(rp.group.general_name);
            let entry = eligible.entry((name, rp.group.route.as_str())).or_insert((true, false));
            entry.0 &= by_name;
            entry.1 |= drug.general_name_add_on == 2;
        }
    }
    let all = eligible.len() >= 2 && eligible.values().all(|(by_name, _)| *by_name);
    let one = eligible.values().any(|(by_name, second)| *by_name && *second);
    if !all && !one {
        return;
    }
    if !work.standard("一般名処方加算") {
        let item = codes::SLIP_GENERAL[usize::from(!all)];
        return work
            .missed(item.code, "一般名で処方しています。一般名処方加算の施設基準を満たすか確認してください（F400 注6）。");
    }
    if all {
        work.bill(&codes::SLIP_GENERAL[0], format!("後発医薬品のある全ての医薬品（{}品目）を一般名で処方", eligible.len()));
    } else {
        work.bill(&codes::SLIP_GENERAL[1], "1品目以上を一般名で処方");
    }
}

/// The route by its stored name, which orders.
type Route2 = &'static str;

/// F100 注5, F400 注4 特定疾患処方管理加算: the main diagnosis is of 別表第一, 28 days or more, once a month.
fn specific(work: &mut Work, groups: &[Priced], item: &codes::Implied) {
    // 注4: the days of all uses of a refill slip together.
    let days = |rp: &Priced| u32::from(rp.group.days) * u32::from(rp.group.refills.unwrap_or(1));
    let long = groups.iter().any(|rp| rp.group.route == Route::Internal && days(rp) >= 28);
    if long && management::has_specific_disease(work) {
        let both = [codes::PRESCRIBE_SPECIFIC.code, codes::SLIP_SPECIFIC.code];
        work.bill_monthly(item, &both, "特定疾患が主病で28日以上の処方（月1回）");
    }
}

fn controlled(groups: &[Priced]) -> bool {
    // Master Y column 14: 1 麻薬, 2 毒薬, 3 覚醒剤原料, 5 向精神薬.
    groups.iter().flat_map(|rp| &rp.unit.drugs).any(|drug| matches!(drug.controlled, 1 | 2 | 3 | 5))
}

fn temporary(group: &Prescription) -> bool {
    group.temporary.unwrap_or(group.days <= 14)
}

/// Kinds of 内服薬 (通知 F200(6)): each brand is one, a 剤 of 205 yen or less a day is one; temporary ones do not count.
fn kinds(groups: &[Priced]) -> usize {
    counted(groups, |group| !temporary(group))
}

fn counted(groups: &[Priced], which: impl Fn(&Prescription) -> bool) -> usize {
    let cheap = Decimal::from(205);
    groups
        .iter()
        .filter(|rp| rp.group.route == Route::Internal && which(rp.group))
        .map(|rp| {
            if rp.unit.yen <= cheap {
                1
            } else {
                rp.unit.drugs.iter().map(|drug| drug.code.as_str()).collect::<BTreeSet<_>>().len()
            }
        })
        .sum()
}

fn warn_about_temporary(work: &mut Work, groups: &[Priced], kinds: usize) {
    let all = counted(groups, |_| true);
    if kinds < 7 && all >= 7 {
        work.hint(format!(
            "2週間以内の内服薬を臨時の投薬とみなしました。常態として投与するなら {all}種類（7種類以上）です（F200 注3、F400 2）。"
        ));
    }
}

/// F100 1, F200 注2, F400 1: the classes of 別紙様式36 are not in the masters, so many psychotropics are only pointed out.
fn warn_about_psychotropics<'a>(work: &mut Work, groups: impl Iterator<Item = &'a Priced<'a>>) {
    // 薬効分類 112 催眠鎮静剤・抗不安剤, 117 精神神経用剤: first digits of the 薬価基準収載医薬品コード.
    let drugs: BTreeSet<&str> = groups
        .flat_map(|rp| &rp.unit.drugs)
        .filter(|drug| drug.yj.starts_with("112") || drug.yj.starts_with("117"))
        .map(|drug| drug.yj.get(..9).unwrap_or(drug.yj.as_str()))
        .collect();
    if drugs.len() >= 3 {
        work.omit_code("", "向精神薬多剤投与", "算定していません: 向精神薬多剤投与（18点・20点、薬剤料100分の80）の判定。抗不安薬・睡眠薬・抗うつ薬・抗精神病薬の種類数を確認してください（F100 1、F200 注2、F400 1）。");
    }
}
