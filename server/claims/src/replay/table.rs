//! The readable form (Japanese): a row for each payer of each receipt, below it what is to be said of its lines.

use super::{Replayed, Why};
use model::money::grouped;
use std::{collections::BTreeMap, fmt::Write};

/// The table of a file.
pub fn table(receipts: &[Replayed]) -> String {
    let mut out = String::new();
    row(&mut out, ["レセプト", "負担者", "請求点数", "再計算", "差", "導出/全行"]);
    for receipt in receipts {
        for (index, total) in receipt.totals.iter().enumerate() {
            let number = if index == 0 { receipt.receipt.to_string() } else { String::new() };
            let claimed = total.claimed.map_or("記録なし".to_owned(), grouped);
            let apart = match total.claimed.map(|claimed| total.recomputed - claimed) {
                None => String::new(),
                Some(0) => "一致".to_owned(),
                Some(more) if more > 0 => format!("+{}", grouped(more)),
                Some(less) => grouped(less),
            };
            let lines = if index == 0 { format!("{}/{}", receipt.derived, receipt.lines) } else { String::new() };
            row(&mut out, [&number, &total.payer.to_string(), &claimed, &grouped(total.recomputed), &apart, &lines]);
        }
        for difference in &receipt.differences {
            let points = |points: Option<i64>| points.map_or("－".to_owned(), grouped);
            let (line, code, why) = (difference.line, &difference.code, &difference.why);
            let (claimed, recomputed) = (points(difference.claimed), points(difference.recomputed));
            line_of(&mut out, &format!("    {line}行 {code} 請求 {claimed} 再計算 {recomputed}: {why}"));
        }
    }
    line_of(&mut out, &summary(receipts));
    out
}

/// How many receipts agree, how many lines the masters determine, and why not the others.
pub fn summary(receipts: &[Replayed]) -> String {
    let agree = receipts.iter().filter(|receipt| receipt.agrees()).count();
    let lines: usize = receipts.iter().map(|receipt| receipt.lines).sum();
    let derived: usize = receipts.iter().map(|receipt| receipt.derived).sum();
    let mut said = format!(
        "{}件中 {agree}件の合計点数が一致。{lines}行のうち {derived}行の点数をマスターから導出、{}行は導出できません。",
        receipts.len(),
        lines - derived
    );
    let mut reasons: BTreeMap<&str, usize> = BTreeMap::new();
    for difference in receipts.iter().flat_map(|receipt| &receipt.differences) {
        *reasons.entry(Why::heading(&difference.why)).or_default() += 1;
    }
    for (reason, count) in reasons {
        line_of(&mut said, "");
        // Writing into a string does not fail.
        let _ = write!(said, "  {reason}: {count}行");
    }
    said
}

fn line_of(out: &mut String, text: &str) {
    out.push_str(text);
    out.push('\n');
}

/// Columns of the table, in half-width places; figures stand to the right.
const WIDTHS: [(usize, bool); 6] = [(8, true), (10, false), (12, true), (12, true), (10, true), (10, true)];

fn row(out: &mut String, cells: [&str; 6]) {
    let mut line = String::new();
    for (cell, (width, right)) in cells.into_iter().zip(WIDTHS) {
        let space = " ".repeat(width.saturating_sub(places(cell)));
        let padded = if right { format!("{space}{cell}  ") } else { format!("{cell}{space}  ") };
        line.push_str(&padded);
    }
    line_of(out, line.trim_end());
}

/// How many half-width places a text takes on a terminal.
fn places(text: &str) -> usize {
    text.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum()
}
