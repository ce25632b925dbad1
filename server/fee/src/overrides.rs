//! What people decided against the calculation (算定の変更): lines withheld, added or counted otherwise.
//!
//! Applied after all rules and before the payment, in the order of the codes, so that the order of deciding does not show; only
//! laboratory tests are withheld before them, for what follows from them. The
//! rules stay as they are: whoever adds what a rule forbids is told so, once, as a hint that it will be cut.

use crate::{
    FeeError, codes,
    drugs::{self, Rounding},
    json, labs, orders,
    request::Override,
    stages,
    work::{Work, section, whole},
};
use model::{
    fee::{Change, FeeLine, HintKind, Section},
    master::{Drug, Procedure},
    money::Points,
};
use rust_decimal::Decimal;
use std::collections::{BTreeMap, BTreeSet};

/// No line is billed oftener by hand: three digits, as the 回数 of a claim line (支払基金 記録条件仕様 SI).
const MOST: i64 = 999;
/// Letters of a reason, as [`model::fee::OverrideForm::reason`].
const LONGEST: usize = 200;

/// Applies the request's overrides to the lines.
///
/// # Errors
/// [`FeeError`] with the path `overrides[i].…` for a code that no master holds, two decisions on one code, a count that cannot be,
/// a missing reason, or an item that cannot stand by itself (割合, 減点, 購入価格, 特定器材).
pub(crate) fn apply(work: &mut Work) -> Result<(), FeeError> {
    let request = work.request;
    let mut codes = BTreeSet::new();
    for (index, change) in request.overrides.iter().enumerate() {
        check(work, change, index)?;
        if !codes.insert(change.code.as_str()) {
            return Err(FeeError::value(format!("overrides[{index}].code"), "同じコードの変更が2つあります。"));
        }
    }
    let mut changes: Vec<(usize, &Override)> = request.overrides.iter().enumerate().collect();
    changes.sort_by(|(_, a), (_, b)| a.code.cmp(&b.code));
    // What the rules say of the additions is asked before anything is changed.
    let mut additions = Vec::new();
    for (index, change) in &changes {
        if let Change::Add { count } = change.change
            && !work.has(&[change.code.as_str()])
        {
            additions.push(addition(work, change, count, *index)?);
            forbidden(work, change, count);
        }
    }
    for (_, change) in changes {
        match change.change {
            Change::Withhold => withhold(work, change),
            Change::Count { count } => recount(work, change, count),
            Change::Add { .. } => {
                if work.has(&[change.code.as_str()]) {
                    let text =
                        "は規則により算定されています。手動の追加は使っていません。回数を変えるには「回数を変える」を選びます。";
                    stale(work, change, text);
                }
            }
        }
    }
    for line in additions {
        work.omitted.retain(|omitted| omitted.code != line.code);
        work.hints.retain(|hint| hint.kind != HintKind::Missed || hint.code != line.code);
        work.lines.push(line);
    }
    Ok(())
}

/// Whether a decision can be read at all.
fn check(work: &Work, change: &Override, index: usize) -> Result<(), FeeError> {
    let path = |field: &str| format!("overrides[{index}].{field}");
    let reason = change.reason.trim();
    if reason.is_empty() {
        return Err(FeeError::value(path("reason"), "理由を書いてください。"));
    }
    if reason.chars().count() > LONGEST {
        return Err(FeeError::value(path("reason"), format!("理由は{LONGEST}文字までです。")));
    }
    if let Change::Add { count } | Change::Count { count } = change.change
        && !(1..=MOST).contains(&count)
    {
        return Err(FeeError::value(path("change"), format!("回数は1から{MOST}までの整数です。")));
    }
    let code = change.code.as_str();
    let known = work.row(code).is_some()
        || work.tables.drug(code, work.on()).is_some()
        || work.tables.material(code, work.on()).is_some()
        || work.has(&[code]);
    if known {
        return Ok(());
    }
    Err(FeeError::UnknownCode { path: path("code"), code: change.code.clone(), on: work.on() })
}

/// Laboratory tests whose lines are withheld, with the reason: the one of the line, or all that its bundle (まるめ) holds. The rules
/// run again without them, so that what follows from them (判断料, 採血料) goes along. Other items stay with the rules: a treatment
/// that is not billed was still done, and keeps 外来管理加算 away.
pub(crate) fn withheld_tests(work: &Work) -> BTreeMap<String, String> {
    let mut tests = BTreeMap::new();
    for change in work.request.overrides.iter().filter(|one| one.change == Change::Withhold) {
        for line in work.lines.iter().filter(|line| line.code == change.code) {
            let ordered = work.request.orders.iter().filter_map(|order| work.row(&order.code)).filter(|row| labs::is_test(row));
            let inside = ordered.filter(|row| row.code.as_str() == line.code || line.parts.contains(&row.name));
            tests.extend(inside.map(|row| (row.code.0.clone(), by_hand(change))));
        }
    }
    tests
}

/// Why something is not there, when a person decided so.
fn by_hand(change: &Override) -> String {
    format!("手動: {}", change.reason.trim())
}

fn withhold(work: &mut Work, change: &Override) {
    let (gone, kept): (Vec<_>, Vec<_>) = std::mem::take(&mut work.lines).into_iter().partition(|line| line.code == change.code);
    work.lines = kept;
    let before = work.omitted.iter().any(|omitted| omitted.code == change.code && omitted.reason == by_hand(change));
    if gone.is_empty() && !before {
        return stale(work, change, "は算定されていません。手動の「算定しない」は使っていません。");
    }
    for line in gone {
        work.omit_code(&line.code, line.name, by_hand(change));
    }
    work.hints.retain(|hint| hint.kind != HintKind::Cut || hint.code != change.code);
}

/// The first line with the code takes the count; further ones (another price of the same code) are withheld, so that the code
/// stands as often as said.
fn recount(work: &mut Work, change: &Override, count: i64) {
    let mut lines = std::mem::take(&mut work.lines);
    let mut found = false;
    lines.retain_mut(|line| {
        if line.code != change.code {
            return true;
        }
        if found {
            work.omit_code(&line.code, line.name.clone(), by_hand(change));
            return false;
        }
        found = true;
        line.count = count;
        line.by_hand = true;
        change.reason.trim().clone_into(&mut line.reason);
        true
    });
    work.lines = lines;
    if !found {
        stale(work, change, "は算定されていません。手動の「回数の変更」は使っていません。");
    }
}

/// Says that a decision met nothing to decide.
fn stale(work: &mut Work, change: &Override, what: &str) {
    let name = name(work, &change.code);
    work.check(&change.code, format!("{name}{what}"));
}

fn name(work: &Work, code: &str) -> String {
    let line = || work.lines.iter().find(|line| line.code == code).map(|line| line.name.clone());
    let drug = || work.tables.drug(code, work.on()).map(|row| row.name.clone());
    let material = || work.tables.material(code, work.on()).map(|row| row.name.clone());
    work.row(code).map(|row| row.name.clone()).or_else(line).or_else(drug).or_else(material).unwrap_or_else(|| code.to_owned())
}

/// The line of an added code.
fn addition(work: &Work, change: &Override, count: i64, index: usize) -> Result<FeeLine, FeeError> {
    let code = change.code.as_str();
    let alone = |message: &str| FeeError::value(format!("overrides[{index}].code"), message);
    let reason = change.reason.trim();
    if let Some(row) = work.row(code) {
        return procedure(work, row, count, reason)
            .ok_or_else(|| alone("割合・減点・購入価格の項目は、手動の追加だけでは算定できません。"));
    }
    match work.tables.drug(code, work.on()) {
        Some(row) if row.price > Decimal::ZERO => Ok(drug(row, count, reason)),
        _ => Err(alone("単独では追加できません。処置や処方のオーダーに加えてください。")),
    }
}

/// Nothing for an item that acts on another one or has no price (点数識別 other than 金額 and 点数).
fn procedure(work: &Work, row: &Procedure, count: i64, reason: &str) -> Option<FeeLine> {
    let implied = codes::all().into_iter().find(|item| item.code == row.code.as_str());
    let (points, count) = match (row.point_kind, &row.step) {
        // Steps of one unit (1項目, 1単位): the count is the quantity.
        (3, Some(step)) if step.width == Decimal::ONE => (orders::stepped(row.points, step, Decimal::from(count)).ok()?, 1),
        (3, _) => (implied.and_then(|item| work.points(&item)).map_or(row.points, |(_, points, _)| points.into()), count),
        (1, _) => (row.points / Decimal::TEN, count),
        _ => return None,
    };
    Some(FeeLine {
        code: row.code.0.clone(),
        name: row.name.clone(),
        parts: Vec::new(),
        points: Points(whole(points)),
        count,
        section: section(&row.section, &row.article),
        reason: reason.to_owned(),
        citation: implied.map_or_else(|| orders::citation(row), |item| item.article.to_owned()),
        estimated: row.estimated,
        by_hand: true,
    })
}

/// One unit of the drug, as often as said, by 五捨五超入 (F200, G100).
fn drug(row: &Drug, count: i64, reason: &str) -> FeeLine {
    // Master Y column 28: 4 is 注射.
    let (section, article) = if row.form == 4 { (Section::Injection, "G100") } else { (Section::Drugs, "F200") };
    FeeLine {
        code: row.code.0.clone(),
        name: row.name.clone(),
        parts: vec![format!("{} 1{}", row.name, row.unit)],
        points: Points(drugs::points(row.price, Rounding::AtLeastOne).unwrap_or_default()),
        count,
        section,
        reason: reason.to_owned(),
        citation: article.to_owned(),
        estimated: row.estimated,
        by_hand: true,
    }
}

/// Says which rule forbids an addition, and what it pushes out: the rules are asked what they would do had the item been ordered.
fn forbidden(work: &mut Work, change: &Override, count: i64) {
    let code = change.code.as_str();
    let Some(name) = work.row(code).map(|row| row.name.clone()) else { return };
    let mut hints = Vec::new();
    let said = |code: &str, reason: &str| (code.to_owned(), format!("手動で追加した{name}は、規則では算定しません: {reason}"));
    if let Some(omitted) = work.omitted.iter().find(|omitted| omitted.code == code) {
        hints.push(said(code, &omitted.reason));
    }
    let mut request = work.request.clone();
    request.overrides.clear();
    // As whoever writes the code and nothing else orders it: what is left out is as JSON leaves it out.
    let Ok(order) = json::read(serde_json::json!({ "code": code, "quantity": count })) else { return };
    request.orders.push(order);
    if let Ok(mut desk) = Work::new(work.tables, &request)
        && stages::run(&mut desk).is_ok()
    {
        if let Some(omitted) = desk.omitted.iter().find(|omitted| omitted.code == code)
            && hints.is_empty()
        {
            hints.push(said(code, &omitted.reason));
        }
        let pushed = work.lines.iter().filter(|line| !desk.has(&[line.code.as_str()]));
        for line in pushed {
            if let Some(omitted) = desk.omitted.iter().find(|omitted| omitted.code == line.code) {
                let text = format!("手動で追加した{name}と併せて、{}は算定できません: {}", line.name, omitted.reason);
                hints.push((line.code.clone(), text));
            }
        }
    }
    for (code, text) in hints {
        work.cut(&code, text);
    }
}
