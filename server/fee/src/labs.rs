//! Laboratory tests: bundles by number of items (まるめ), judgement fees (判断料), blood draws and the add-ons of the laboratory.

use crate::{
    FeeError, codes,
    lab_rules::{ANY_VIRUS, CAPPED, HEART_PEPTIDES, ONLY_SO_MANY, RAPID, SUGAR_MONTHLY, SWAB, SWABS},
    orders::{self, Ordered},
    work::Work,
};
use chrono::Datelike;
use model::{
    fee::{FeeLine, Section},
    master::Procedure,
    money::Points,
};
use rust_decimal::Decimal;
use std::collections::{BTreeMap, BTreeSet};

/// A bundle (多項目包括規定): by number of items, from the smallest number on.
struct Bundle {
    /// Master S column 16 (包括対象検査).
    kind: u16,
    /// Article whose 注 it is.
    article: &'static str,
    /// What the line is called.
    name: &'static str,
    /// (from this number of items, points), ascending.
    steps: &'static [(usize, i64)],
}

/// 告示 別表第一 R6 and R8, both the same: D007 注, D008 注, D009 注2, D006 注, D013 注, D014 注1.
const BUNDLES: [Bundle; 6] = [
    Bundle { kind: 1, article: "D007 注", name: "血液化学検査", steps: &[(5, 93), (8, 99), (10, 103)] },
    Bundle { kind: 2, article: "D008 注", name: "内分泌学的検査", steps: &[(3, 410), (6, 623), (8, 900)] },
    Bundle { kind: 3, article: "D013 注", name: "肝炎ウイルス関連検査", steps: &[(3, 290), (4, 360), (5, 425)] },
    Bundle { kind: 5, article: "D009 注2", name: "腫瘍マーカー", steps: &[(2, 230), (3, 290), (4, 385)] },
    Bundle { kind: 6, article: "D006 注", name: "出血・凝固検査", steps: &[(3, 530), (5, 722)] },
    Bundle { kind: 7, article: "D014 注1", name: "自己抗体検査", steps: &[(2, 320), (3, 490)] },
];

/// Master S column 16 of 特異的IgE, capped at 1,430 points (D015 注), and its kind.
const SPECIFIC_IGE: (u16, i64) = (11, 1430);

/// Immunological tests (判断グループ 5) on blood that the master marks by nothing else: CRP定性, CRP.
const BLOOD_IMMUNOLOGY: [&str; 2] = ["160054610", "160054710"];

/// Whether an ordered item is a laboratory test that is counted here rather than billed as it stands.
pub(crate) fn is_test(row: &Procedure) -> bool {
    row.judgement_kind == 1 && matches!(row.judgement_group, 1..=6 | 17)
}

/// Bills laboratory tests with everything that follows from them; `all` are all orders of the visit.
pub(crate) fn tests(work: &mut Work, orders: &[&Ordered], all: &[Ordered]) -> Result<(), FeeError> {
    let mut tests: Vec<&Ordered> = orders.to_vec();
    tests.sort_by(|a, b| a.row.code.cmp(&b.row.code));
    drop_sugar(work, &mut tests);
    drop_peptides(work, &mut tests);
    drop_not_counted(work, &mut tests);
    bundles_and_singles(work, &tests)?;
    let other = all.iter().filter(|order| !is_test(order.row));
    let counted: Vec<&Ordered> = tests.iter().copied().chain(other).collect();
    rapid(work, &counted);
    draw(work, &tests);
    forgotten(work, &tests);
    Ok(())
}

/// HbA1c and its kin: once a month in all, the main one.
fn drop_sugar(work: &mut Work, tests: &mut Vec<&Ordered>) {
    let is = |ordered: &&&Ordered| SUGAR_MONTHLY.contains(&ordered.row.code.as_str());
    let earlier = work.billed_this_month(&SUGAR_MONTHLY);
    let best = tests.iter().filter(is).max_by(|a, b| a.row.points.cmp(&b.row.points).then(b.row.code.cmp(&a.row.code)));
    let Some(best) = best.map(|ordered| ordered.row) else { return };
    let why = match earlier {
        Some(day) => format!("{}月{}日に算定済み", day.month(), day.day()),
        None => format!("{}を算定", best.name),
    };
    let mut kept = earlier.is_some();
    tests.retain(|ordered| {
        let row = ordered.row;
        if !SUGAR_MONTHLY.contains(&row.code.as_str()) {
            return true;
        }
        if row.code == best.code && !kept {
            kept = true;
            return true;
        }
        work.omit_code(
            row.code.as_str(),
            &row.name,
            format!("HbA1c・グリコアルブミン・1,5-AGは合わせて月1回に限り算定します。{why}（通知 D007(14)）。妊娠中、1型糖尿病、経口血糖降下薬・インスリン開始6月以内の患者では、いずれか1項目を月1回に限り別に算定できます。"),
        );
        false
    });
}

/// BNP and its kin: none within a week of another of them.
fn drop_peptides(work: &mut Work, tests: &mut Vec<&Ordered>) {
    let on = work.on();
    let week = |old: &&crate::request::Billed| old.date < on && (on - old.date).num_days() < 7;
    let earlier = work.request.history.iter().filter(week).find(|old| HEART_PEPTIDES.contains(&old.code.as_str()));
    let Some(day) = earlier.map(|old| old.date) else { return };
    tests.retain(|ordered| {
        let code = ordered.row.code.as_str();
        if !HEART_PEPTIDES.contains(&code) {
            return true;
        }
        let reason = format!("BNP・NT-proBNP・ANPは、いずれかを行った日から1週間以内は主たるもの1つに限り算定します。{}月{}日に算定済みです（通知 D008(7)イ）。", day.month(), day.day());
        work.omit_code(code, &ordered.row.name, reason);
        false
    });
}

/// Items of which only the main ones count.
fn drop_not_counted(work: &mut Work, tests: &mut Vec<&Ordered>) {
    for rule in &ONLY_SO_MANY {
        let of = |row: &Procedure| rule.kinds.iter().position(|kind| kind.contains(&row.code.as_str()));
        // The dearest of each kind decides its rank.
        let mut found: Vec<(usize, &Procedure)> = Vec::new();
        for row in tests.iter().map(|ordered| ordered.row) {
            let Some(kind) = of(row) else { continue };
            match found.iter_mut().find(|(other, _)| *other == kind) {
                Some((_, best)) if best.points >= row.points => {}
                Some((_, best)) => *best = row,
                None => found.push((kind, row)),
            }
        }
        found.sort_by(|(_, a), (_, b)| b.points.cmp(&a.points).then(a.code.cmp(&b.code)));
        for (kind, _) in found.iter().skip(rule.most) {
            tests.retain(|ordered| {
                if of(ordered.row) != Some(*kind) {
                    return true;
                }
                let reason = format!("併せて行った場合は主たるもの{}つを算定します（{}）。", rule.most, rule.citation);
                work.omit_code(ordered.row.code.as_str(), &ordered.row.name, reason);
                false
            });
        }
    }
}

fn bundles_and_singles(work: &mut Work, tests: &[&Ordered]) -> Result<(), FeeError> {
    let mut groups: BTreeMap<(u16, &str), Vec<&Ordered>> = BTreeMap::new();
    for ordered in tests {
        let kind = ordered.row.bundle;
        groups.entry((kind, specimen(ordered.row, kind))).or_default().push(ordered);
    }
    for ((kind, _), members) in groups {
        if let Some(bundle) = BUNDLES.iter().find(|bundle| bundle.kind == kind) {
            let distinct: BTreeSet<&str> = members.iter().map(|ordered| ordered.row.code.as_str()).collect();
            if let Some((from, points)) = bundle.steps.iter().rev().find(|(from, _)| distinct.len() >= *from) {
                work.lines.push(bundled(bundle, &members, distinct.len(), *from, *points));
                for ordered in &members {
                    orders::parts(work, ordered, Section::Test)?;
                }
                continue;
            }
        }
        if kind == SPECIFIC_IGE.0 {
            ige(work, &members);
            continue;
        }
        match CAPPED.iter().find(|(capped, ..)| *capped == kind) {
            Some((_, most, once, article)) => capped(work, &members, *most, *once, article)?,
            None => orders::procedures(work, &members)?,
        }
    }
    Ok(())
}

/// What a test is made on, where the name tells that it is not blood: bundles are of one draw (患者から１回に採取した血液), and
/// what is made on urine counts by itself (D001 注); 腫瘍マーカー count whatever they are made on (血液等, D009 注2).
fn specimen(row: &Procedure, kind: u16) -> &'static str {
    const TUMOUR_MARKERS: u16 = 5;
    if kind == TUMOUR_MARKERS {
        return "";
    }
    ["（尿）", "（髄液）", "（胸水）", "（腹水）", "（関節液）", "（唾液）"]
        .into_iter()
        .find(|word| row.name.contains(word))
        .unwrap_or("")
}

/// Items of which only so many count for one specimen.
fn capped(work: &mut Work, members: &[&Ordered], most: i64, once: bool, article: &str) -> Result<(), FeeError> {
    let mut left = Decimal::from(most);
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    let mut billed: Vec<Ordered> = Vec::new();
    for member in members {
        let code = member.row.code.as_str();
        let mut quantity = member.quantity;
        if once && code != ANY_VIRUS {
            quantity = if seen.insert(code) { Decimal::ONE } else { Decimal::ZERO };
        }
        let counted = quantity.min(left);
        left -= counted;
        if counted < member.quantity {
            let reason = if quantity < member.quantity {
                "同一ウイルスのIgG型・IgM型抗体価はいずれか一方を算定します（通知 D012(38)イ）。".to_owned()
            } else {
                format!("同一検体について{most}項目を限度に算定します（{article}）。")
            };
            work.omit_code(code, &member.row.name, reason);
        }
        if counted > Decimal::ZERO {
            billed.push(Ordered { path: member.path.clone(), order: member.order, row: member.row, quantity: counted });
        }
    }
    orders::procedures(work, &billed.iter().collect::<Vec<_>>())
}

/// The line of a bundle: the code of its first item stands for all, the items are its parts.
fn bundled(bundle: &Bundle, members: &[&Ordered], items: usize, from: usize, points: i64) -> FeeLine {
    let mut names: Vec<String> = members.iter().map(|ordered| ordered.row.name.clone()).collect();
    names.dedup();
    FeeLine {
        code: members[0].row.code.0.clone(),
        name: format!("{}（{items}項目）", bundle.name),
        parts: names,
        points: Points(points),
        count: 1,
        section: Section::Test,
        reason: format!("1回の採血で{items}項目を行い、{from}項目以上の点数による"),
        citation: bundle.article.to_owned(),
        estimated: false,
        by_hand: false,
    }
}

/// D015 注: 特異的IgE 110 points an item, at most 1,430.
fn ige(work: &mut Work, members: &[&Ordered]) {
    let row = members[0].row;
    let items: Decimal = members.iter().map(|ordered| ordered.quantity).sum();
    let plain = crate::work::whole(row.points * items);
    work.lines.push(FeeLine {
        code: row.code.0.clone(),
        name: row.name.clone(),
        parts: Vec::new(),
        points: Points(plain.min(SPECIFIC_IGE.1)),
        count: 1,
        section: Section::Test,
        reason: format!("{}項目（上限{}点）", items.normalize(), SPECIFIC_IGE.1),
        citation: "D015 注".to_owned(),
        estimated: row.estimated,
        by_hand: false,
    });
}

/// 検体検査実施料 通則3 外来迅速検体検査加算: ten points for each listed test whose result was explained in writing on the day, at
/// most five a day.
fn rapid(work: &mut Work, tests: &[&Ordered]) {
    const MOST: i64 = 5;
    let listed = |ordered: &&&Ordered| RAPID.contains(&ordered.row.code.as_str());
    for ordered in tests.iter().filter(|ordered| ordered.order.rapid && !listed(ordered)) {
        let name = &ordered.row.name;
        let reason = format!("{name}は外来迅速検体検査加算の対象ではありません（特掲診療料の施設基準等 別表第九の二）。");
        work.omit(&codes::RAPID, reason);
    }
    let urgent = crate::follow::URGENT_LAB;
    let told = work.billed_today(&[urgent]) || work.request.orders.iter().any(|order| order.code == urgent);
    let count = tests.iter().filter(listed).filter(|ordered| ordered.order.rapid).count() as i64;
    if count == 0 {
        if tests.iter().any(|ordered| listed(&ordered)) && !told && work.standard("外来迅速検体検査加算") {
            work.missed(codes::RAPID.code, "結果を当日中に文書で説明した検査があれば、外来迅速検体検査加算（1項目10点、5項目まで）を算定できます（検体検査実施料 通則3）。");
        }
        return;
    }
    if told {
        return work.omit(&codes::RAPID, "時間外緊急院内検査加算と同一日には算定しません（D 第1節第1款 通則1 ただし書）。");
    }
    let on = work.on();
    let earlier = work.request.history.iter().filter(|old| old.date == on && old.code == codes::RAPID.code);
    let used: i64 = earlier.map(|old| old.count).sum();
    let left = count.min(MOST - used);
    if left <= 0 {
        return work.omit(&codes::RAPID, "1日につき5項目を限度に算定済みです（通知 外来迅速検体検査加算(3)）。");
    }
    let billed = work.bill(&codes::RAPID, format!("当日中に結果を文書で説明した検査 {count}項目（5項目まで）"));
    if billed && let Some(line) = work.lines.last_mut() {
        line.count = left;
    }
}

/// What is often forgotten beside a test, and a marker that counts but once.
fn forgotten(work: &mut Work, tests: &[&Ordered]) {
    let ordered =
        |work: &Work, code: &str| work.request.orders.iter().any(|order| order.code == code) || work.billed_today(&[code]);
    if tests.iter().any(|test| SWABS.iter().any(|word| test.row.name.contains(word))) && !ordered(work, SWAB) {
        work.missed(SWAB, "鼻腔・咽頭拭い液を採取して行った検査なら、鼻腔・咽頭拭い液採取（25点）を算定できます（D419 6）。");
    }
    let urgent = crate::follow::URGENT_LAB;
    if !tests.is_empty() && work.moment.unusual().is_some() && !ordered(work, urgent) {
        work.missed(urgent, "時間外・休日・深夜に緊急に院内で検体検査を行っていれば、時間外緊急院内検査加算（200点）を算定できます（D 第1節第1款 通則1）。");
    }
    for test in tests.iter().filter(|test| test.row.article == "D009") {
        let code = test.row.code.as_str();
        if work.request.history.iter().any(|old| old.code == code) {
            let name = &test.row.name;
            work.cut(code, format!("{name}: 腫瘍マーカーは悪性腫瘍が強く疑われる場合に1回に限り算定します（D009 注1）。悪性腫瘍の診断確定後は悪性腫瘍特異物質治療管理料です。"));
        }
    }
}

/// D400 血液採取: once a day when blood was needed and no draw was ordered.
fn draw(work: &mut Work, tests: &[&Ordered]) {
    let drawn = [codes::DRAW_VEIN.code, codes::DRAW_OTHER];
    if work.request.orders.iter().any(|order| drawn.contains(&order.code.as_str())) {
        draw_infant(work);
        return;
    }
    if !tests.iter().any(|ordered| needs_blood(ordered.row)) {
        return;
    }
    if work.billed_today(&drawn) {
        return work.omit(&codes::DRAW_VEIN, "1日につき1回算定します（D400）。");
    }
    if work.bill(&codes::DRAW_VEIN, "血液を検体とする検査のための静脈採血") {
        draw_infant(work);
    }
}

fn draw_infant(work: &mut Work) {
    let item = codes::DRAW_INFANT;
    if work.age < 6 && !work.request.orders.iter().any(|order| order.code == item.code) {
        work.bill(&item, "6歳未満の乳幼児からの採血");
    }
}

/// Whether a test is made on blood: by its article (D005–D009, D013–D016) or, where the master names none, by bundle and group.
fn needs_blood(row: &Procedure) -> bool {
    if ["尿", "髄液", "便", "穿刺液", "唾液"].iter().any(|word| row.name.contains(word)) {
        return false;
    }
    let article = row.article.get(..4).unwrap_or_default();
    if !article.is_empty() {
        return matches!(article, "D005" | "D006" | "D007" | "D008" | "D009" | "D013" | "D014" | "D015" | "D016");
    }
    matches!(row.judgement_group, 2..=4)
        || matches!(row.bundle, 3 | 5 | 7 | 9 | 10 | 11)
        || BLOOD_IMMUNOLOGY.contains(&row.code.as_str())
}

/// D026 and its kin: one judgement fee for each group of tests done, once a month; and D026 注4 検体検査管理加算(Ⅰ).
pub(crate) fn judgements(work: &mut Work, orders: &[Ordered]) {
    let groups: BTreeSet<u8> = orders
        .iter()
        .filter(|ordered| ordered.row.judgement_kind == 1)
        .filter(|ordered| !work.omitted.iter().any(|gone| gone.code == ordered.row.code.as_str()))
        .map(|ordered| ordered.row.judgement_group)
        .collect();
    crate::pathology::judgement(work, orders, &groups);
    for group in groups.iter().filter(|group| !crate::pathology::GROUPS.contains(group)) {
        // Master group 33: CT and MRI.
        let reading = (33, crate::follow::SCAN_READING);
        let Some((_, item)) = codes::JUDGEMENTS.iter().chain([&reading]).find(|(own, _)| own == group) else {
            work.omit_code("", "判断料", format!("算定していません: 判断グループ {group} の判断料。"));
            continue;
        };
        if work.request.orders.iter().any(|order| order.code == item.code) {
            continue;
        }
        let why = if *group == 33 {
            "コンピューター断層撮影を行った（種類・回数によらず月1回）"
        } else {
            "この区分の検査を行った（月1回）"
        };
        work.bill_monthly(item, &[item.code], why);
    }
    let laboratory = |group: &u8| matches!(group, 1..=6 | 17);
    if groups.iter().any(laboratory) && work.standard("検体検査管理加算1") {
        // 通知 D026(7): only where one of the judgement fees is billed.
        let fees: Vec<&str> =
            codes::JUDGEMENTS.iter().filter(|(group, _)| laboratory(group)).map(|(_, item)| item.code).collect();
        let item = codes::LAB_MANAGEMENT;
        if work.has(&fees) || work.billed_this_month(&fees).is_some() {
            work.bill_monthly(&item, &[item.code], "検体検査管理加算(Ⅰ)の施設基準を届け出て検体検査を行った（月1回）");
        }
    }
}
