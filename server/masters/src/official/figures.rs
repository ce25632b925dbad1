//! Figures beside the masters: points and prices of a revision that no official master here carries yet.
//!
//! Each reader keeps what its source says about certainty, because the screen must show an estimate as one.

use super::text::{Line, SourceFile};
use crate::MasterError;
use rust_decimal::Decimal;
use std::collections::{BTreeMap, HashMap};

/// Fails unless the first line has these cells.
fn header(source: &SourceFile, names: &[&str]) -> Result<(), MasterError> {
    let Some(line) = source.lines().next().transpose()? else {
        return Err(MasterError::Kind {
            file: source.name.clone(), expected: format!("見出し {} のある表", names.join(","))
        });
    };
    match (1..=names.len()).find(|c| line.cell(*c) != names[c - 1]) {
        Some(column) => Err(line.wrong(column, names[column - 1])),
        None => Ok(()),
    }
}

/// Estimated points of 2026 (R8) by procedure code: `s_points_r8_ESTIMATE.csv`, made by aligning the two notices (告示).
/// Codes that could not be aligned map to nothing.
pub fn estimated_points(source: &SourceFile) -> Result<HashMap<String, Option<Decimal>>, MasterError> {
    header(source, &ESTIMATED)?;
    let mut points = HashMap::new();
    for line in source.lines().skip(1) {
        let (code, known) = estimated_row(&line?)?;
        points.insert(code, known);
    }
    Ok(points)
}

/// Heading of [`estimated_points`].
pub const ESTIMATED: [&str; 8] =
    ["code", "name_r6", "kubun", "inout(13)", "agg_outpatient(15)", "points_r6", "points_r8_estimate", "method"];

/// One line of [`estimated_points`].
pub fn estimated_row(line: &Line<'_>) -> Result<(String, Option<Decimal>), MasterError> {
    let known = line.cell(8) == "unique" && !line.cell(7).is_empty();
    Ok((line.code(1, 9)?, if known { Some(line.decimal(7)?.normalize()) } else { None }))
}

/// An outpatient code of 2026 whose points were read from the notice (告示).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourcedPoints {
    /// Procedure code.
    pub code: String,
    /// Name.
    pub name: String,
    /// Points.
    pub points: Decimal,
    /// Where they were read, as the table says.
    pub source: String,
    /// `high`, `medium` or `low`: how certain it is that this code is that item.
    pub confidence: String,
}

/// `outpatient_codes_R8.csv`.
pub fn sourced_points(source: &SourceFile) -> Result<Vec<SourcedPoints>, MasterError> {
    header(source, &SOURCED)?;
    source.lines().skip(1).map(|line| sourced_row(&line?)).collect()
}

/// Heading of [`sourced_points`].
pub const SOURCED: [&str; 5] = ["code", "name", "points", "source", "confidence"];

/// One line of [`sourced_points`].
pub fn sourced_row(line: &Line<'_>) -> Result<SourcedPoints, MasterError> {
    Ok(SourcedPoints {
        code: line.code(1, 9)?,
        name: line.text(2),
        points: line.decimal(3)?.normalize(),
        source: line.text(4),
        confidence: line.text(5),
    })
}

/// Which codes the outpatient sections of the 2026 master hold: code → (column 15, column 28, column 39).
/// `outpatient_slot_codes_R8.txt`, lines `110|0|A: code code …`.
pub fn slots(source: &SourceFile) -> BTreeMap<String, (String, String, String)> {
    let mut codes = BTreeMap::new();
    for line in source.text.lines().filter(|line| !line.starts_with('#')) {
        let Some((slot, list)) = line.split_once(": ") else { continue };
        let mut parts = slot.split('|').map(str::to_owned);
        if let (Some(section), Some(days), Some(number)) = (parts.next(), parts.next(), parts.next()) {
            for code in list.split_whitespace() {
                codes.insert(code.to_owned(), (section.clone(), days.clone(), number.clone()));
            }
        }
    }
    codes
}

/// A drug price of 2026-04-01 matched to a master code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MatchedPrice {
    /// Price in yen, none where nothing was matched.
    pub price: Option<Decimal>,
    /// `high`, `medium`, `check_ratio`, `none` or `sentei` (the 選定療養 rows).
    pub confidence: String,
}

/// `y_code_R8_price.csv`: the drug price standard of 2026-04-01 matched by name, by drug code.
pub fn matched_prices(source: &SourceFile) -> Result<HashMap<String, MatchedPrice>, MasterError> {
    header(source, &MATCHED)?;
    let mut prices = HashMap::new();
    for line in source.lines().skip(1) {
        let (code, price) = matched_row(&line?)?;
        prices.insert(code, price);
    }
    Ok(prices)
}

/// Heading of [`matched_prices`].
pub const MATCHED: [&str; 7] =
    ["ssk_code", "name", "unit", "yakka_code_col32", "price_y_master_2024", "price_R8_20260401", "confidence"];

/// One line of [`matched_prices`].
pub fn matched_row(line: &Line<'_>) -> Result<(String, MatchedPrice), MasterError> {
    let price = if line.cell(6).is_empty() { None } else { Some(line.decimal(6)?) };
    Ok((line.code(1, 9)?, MatchedPrice { price, confidence: line.text(7) }))
}

/// Prices by 薬価基準収載医薬品コード from the ministry's list (薬価基準収載品目リスト, `tp*.xlsx`, column B code, column M price).
pub fn listed_prices(source: &SourceFile) -> Result<HashMap<String, Decimal>, MasterError> {
    let mut prices = HashMap::new();
    for line in source.lines() {
        let line = line?;
        if line.cell(1) == "区分" {
            if !line.cell(2).contains("薬価基準収載医薬品コード") {
                return Err(line.wrong(2, "薬価基準収載医薬品コード"));
            }
            if line.cell(13) != "薬価" {
                return Err(line.wrong(13, "薬価"));
            }
        } else if line.cell(2).len() == 12 {
            prices.insert(line.text(2), line.decimal(13)?);
        }
    }
    Ok(prices)
}
