//! Laboratory tests: bundles by number of items (まるめ), judgement fees (判断料), blood draws and the add-ons of the laboratory.

use crate::{
    FeeError, codes,
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

/// Of these no more than so many count, the dearest (通知 D007(3), (5), (7)).
const ONLY_SO_MANY: [(&str, usize, &[&str]); 3] = [
    // 総コレステロール, HDL, LDL.
    ("通知 D007(5)", 2, &["160022410", "160023410", "160167250"]),
    // 総蛋白, アルブミン（ＢＣＰ改良法・ＢＣＧ法）, 蛋白分画.
    ("通知 D007(7)", 2, &["160017410", "160018910", "160022810"]),
    // TIBC, UIBC（比色法）.
    ("通知 D007(3)", 1, &["160023610", "160023710"]),
];

/// HbA1c, グリコアルブミン: one of them once a month (通知 D007(14)).
const SUGAR_MONTHLY: [&str; 2] = ["160010010", "160151050"];

/// Immunological tests (判断グループ 5) on blood that the master marks by nothing else: CRP定性, CRP.
const BLOOD_IMMUNOLOGY: [&str; 2] = ["160054610", "160054710"];

/// Whether an ordered item is a laboratory test that is counted here rather than billed as it stands.
pub(crate) fn is_test(row: &Procedure) -> bool {
    row.judgement_kind == 1 && matches!(row.judgement_group, 1..=6 | 17)
}

/// Bills laboratory tests with everything that follows from them.
pub(crate) fn tests(work: &mut Work, orders: &[&Ordered]) -> Result<(), FeeError> {
    let mut tests: Vec<&Ordered> = orders.to_vec();
    tests.sort_by(|a, b| a.row.code.cmp(&b.row.code));
    drop_double(work, &mut tests);
    drop_not_counted(work, &mut tests);
    bundles_and_singles(work, &tests)?;
    rapid(work, &tests);
    draw(work, &tests);
    Ok(())
}

/// HbA1c and its kin: once a month in all.
fn drop_double(work: &mut Work, tests: &mut Vec<&Ordered>) {
    let mut kept = work.billed_this_month(&SUGAR_MONTHLY).map(|day| format!("{}月{}日に算定済み", day.month(), day.day()));
    tests.retain(|ordered| {
        let code = ordered.row.code.as_str();
        if !SUGAR_MONTHLY.contains(&code) {
            return true;
        }
        match &kept {
            Some(why) => {
                work.omit_code(
                    code,
                    &ordered.row.name,
                    format!("HbA1c・グリコアルブミンは合わせて月1回に限り算定します。{why}（通知 D007(14)）。"),
                );
                false
            }
            None => {
                kept = Some(format!("{}を算定", ordered.row.name));
                true
            }
        }
    });
}

/// Items of which only the main ones count.
fn drop_not_counted(work: &mut Work, tests: &mut Vec<&Ordered>) {
    for (article, most, codes) in ONLY_SO_MANY {
        let mut found: Vec<&Procedure> = Vec::new();
        for ordered in tests.iter() {
            if codes.contains(&ordered.row.code.as_str()) && !found.iter().any(|row| row.code == ordered.row.code) {
                found.push(ordered.row);
            }
        }
        found.sort_by(|a, b| b.points.cmp(&a.points).then(a.code.cmp(&b.code)));
        for row in found.iter().skip(most) {
            work.omit_code(
                row.code.as_str(),
                &row.name,
                format!("併せて測定した場合は主たるもの{most}つを算定します（{article}）。"),
            );
            tests.retain(|ordered| ordered.row.code != row.code);
        }
    }
}

fn bundles_and_singles(work: &mut Work, tests: &[&Ordered]) -> Result<(), FeeError> {
    let mut groups: BTreeMap<u16, Vec<&Ordered>> = BTreeMap::new();
    for ordered in tests {
        groups.entry(ordered.row.bundle).or_default().push(ordered);
    }
    for (kind, members) in groups {
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
        orders::procedures(work, &members)?;
    }
    Ok(())
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

/// 検体検査実施料 通則3 外来迅速検体検査加算: ten points for each test whose result was explained in writing on the day, at most five.
fn rapid(work: &mut Work, tests: &[&Ordered]) {
    let count = tests.iter().filter(|ordered| ordered.order.rapid).count() as i64;
    if count == 0 {
        if !tests.is_empty() && work.standard("外来迅速検体検査加算") {
            work.missed(codes::RAPID.code, "結果を当日中に文書で説明した検査があれば、外来迅速検体検査加算（1項目10点、5項目まで）の対象か確認してください（検体検査実施料 通則3）。");
        }
        return;
    }
    let urgent = crate::follow::URGENT_LAB;
    if work.billed_today(&[urgent]) || work.request.orders.iter().any(|order| order.code == urgent) {
        return work.omit(&codes::RAPID, "時間外緊急院内検査加算と同一日には算定しません（D 第1節第1款 通則1 ただし書）。");
    }
    let billed = work.bill(&codes::RAPID, format!("当日中に結果を文書で説明した検査 {count}項目（5項目まで）"));
    if billed && let Some(line) = work.lines.last_mut() {
        line.count = count.min(5);
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
    for group in &groups {
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
    if groups.iter().any(|group| matches!(group, 1..=6 | 17)) && work.standard("検体検査管理加算1") {
        let item = codes::LAB_MANAGEMENT;
        work.bill_monthly(&item, &[item.code], "検体検査管理加算(Ⅰ)の施設基準を届け出て検体検査を行った（月1回）");
    }
}
