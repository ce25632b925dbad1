//! Receipts recomputed (再計算): every receipt's points from its lines, with the tables of its month.
//!
//! What the masters determine is taken from the masters and not from the file: fixed points, steps (きざみ), percent items,
//! drugs by 五捨五超入, materials with a price. What they do not determine is listed with the reason, and there the points of
//! the file stand. So a wrong figure in the file shows twice: at its line, and in the total.

mod line;
mod table;
mod unit;
mod why;

pub use table::{summary, table};
pub use why::Why;

use crate::uke::{Payer, Receipt};
use model::master::Tables;
use serde::Serialize;
use unit::Judged;

/// What came of a receipt. Serialised it is a line of `karte claims replay --json`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Replayed {
    /// RE 2 (レセプト番号).
    pub receipt: u32,
    /// The total of the payer that stands last (HO, then KO in order), as the file has it, in points (点).
    pub claimed: Option<i64>,
    /// The same total recomputed.
    pub recomputed: i64,
    /// Every payer's total.
    pub totals: Vec<Total>,
    /// How many SI, IY and TO lines it has.
    pub lines: usize,
    /// How many of them have points that the masters determine.
    pub derived: usize,
    /// Lines that differ from the masters, and lines whose points the masters do not determine (`recomputed` empty).
    pub differences: Vec<Difference>,
}

/// A payer's total.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Total {
    /// Line of the HO or KO record.
    pub line: u32,
    /// Which payer.
    pub payer: Payer,
    /// 合計点数 of the file, in points (点); none where omitted.
    pub claimed: Option<i64>,
    /// Sum of the units the payer bears, in points (点).
    pub recomputed: i64,
}

/// A line about which something is to be said.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Difference {
    /// Line in the file, from 1.
    pub line: u32,
    /// Its code.
    pub code: String,
    /// Points (点) in the file for one time: of the unit where the line closes one, of the line itself where the rest of
    /// its unit is known; none where the file gives it no points of its own.
    pub claimed: Option<i64>,
    /// Points (点) by the masters; none where they do not determine them.
    pub recomputed: Option<i64>,
    /// Why, in Japanese.
    pub why: Why,
}

impl Replayed {
    /// Whether every total that the file states was recomputed.
    pub fn agrees(&self) -> bool {
        self.totals.iter().all(|total| total.claimed.is_none_or(|claimed| claimed == total.recomputed))
    }

    /// Lines whose points the masters do not determine.
    pub fn undetermined(&self) -> usize {
        self.lines - self.derived
    }
}

/// Recomputes a receipt.
pub fn replay(tables: &dyn Tables, receipt: &Receipt) -> Replayed {
    let judged: Vec<Judged> = receipt.units.iter().map(|unit| unit::judge(tables, receipt.month, unit)).collect();
    let borne = |payer: Payer| {
        let units = receipt.units.iter().zip(&judged).filter(|(unit, _)| unit.burden.includes(payer));
        units.map(|(unit, judged)| judged.points * i64::from(unit.count)).sum::<i64>()
    };
    let totals: Vec<Total> = receipt
        .coverages
        .iter()
        .map(|coverage| Total {
            line: coverage.line,
            payer: coverage.payer,
            claimed: coverage.points,
            recomputed: borne(coverage.payer),
        })
        .collect();
    let last = totals.last();
    Replayed {
        receipt: receipt.number,
        claimed: last.and_then(|total| total.claimed),
        recomputed: last.map_or(0, |total| total.recomputed),
        lines: receipt.units.iter().map(|unit| unit.lines.len()).sum(),
        derived: judged.iter().map(|judged| judged.derived).sum(),
        differences: judged.into_iter().flat_map(|judged| judged.differences).collect(),
        totals,
    }
}
