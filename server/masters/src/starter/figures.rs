//! Procedures and drugs of the starter set with the figures of each revision.

use super::{
    choose,
    make::{PRICES, R6, R8, Workshop},
};
use crate::{
    MasterError,
    official::{figures, layout::*, sheet, ssk},
};
use model::{codes::ProcedureCode, master::*};
use rust_decimal::Decimal;
use std::collections::{HashMap, HashSet};

/// How many drugs the starter set holds at most.
const DRUG_LIMIT: usize = 1_500;

impl Workshop<'_> {
    /// Every procedure twice: with the points of R6, and from 2026-06-01 with those of R8.
    pub(super) fn procedures(&mut self, used: &choose::Used) -> Result<(), MasterError> {
        let kind = MasterKind::Procedure;
        let first = self.history(kind, "masters/official/s_20240531.zip")?;
        let last = self.history(kind, "masters/derived/s_r6_asof20250901.csv")?;
        let estimate = self.open("masters/derived/s_points_r8_ESTIMATE.csv")?;
        let sourced = self.open("masters/derived/outpatient_codes_R8.csv")?;
        let slots = figures::slots(&self.open("masters/derived/outpatient_slot_codes_R8.txt")?);
        let r6 = self.edition_of(kind, "S 2025-09-01", &last, R6);
        let noticed = self.edition(kind, "S R8 告示", (&sourced.name, &sourced.sha256), R8);
        let aligned = self.edition(kind, "S R8 推計", (&estimate.name, &estimate.sha256), R8);
        let kept = self.edition(kind, "S R8 据置", (&last.files[0].0, &last.files[0].1), R8);
        let estimates = figures::estimated_points(&estimate)?;
        let noticed_points = figures::sourced_points(&sourced)?;
        let outpatient_sections: HashSet<&str> = slots.values().map(|slot| slot.0.as_str()).collect();
        let mut chosen: Vec<Procedure> = Vec::new();
        for (code, state, _) in last.states() {
            let line = last.line(&state);
            // A code that the first file of R6 did not hold began later, on the day its last change names.
            let from = if first.newest(code).is_some() { R6 } else { state.from.max(R6) };
            let abolished = line.date(s::ABOLISHED)?;
            let end = R8.pred_opt();
            let row = ssk::procedure(&line, ssk::validity(from, abolished.min(end).or(end), &r6))?;
            if abolished.is_some_and(|day| day < R6) || !wanted_procedure(&row, used, &noticed_points) {
                continue;
            }
            // In these sections the list of 2026 codes is complete, so what it lacks has ended (医療ＤＸ推進体制整備加算 …).
            let ended = outpatient_sections.contains(row.section.as_str()) && !slots.contains_key(code) && row.in_out != 1;
            let noticed_row = noticed_points.iter().find(|p| p.code == code);
            chosen.push(row.clone());
            if abolished.is_some() || ended && noticed_row.is_none() {
                continue;
            }
            let (points, edition, estimated) = match (noticed_row, estimates.get(code).copied().flatten()) {
                (Some(p), _) => (p.points, &noticed, p.confidence == "low"),
                // A percentage is no number of points in the notice's table; it is kept.
                (None, Some(points)) if matches!(row.point_kind, 3 | 7 | 8) => (points, &aligned, true),
                _ => (row.points, &kept, true),
            };
            // An item may have moved in the fee table (ベースアップ評価料: O100 in R6, O001 in R8).
            let article = noticed_row.and_then(|p| article(&p.source)).unwrap_or_else(|| row.article.clone());
            chosen.push(Procedure { points, estimated, article, validity: ssk::validity(R8, None, edition), ..row });
        }
        let known: HashSet<String> = chosen.iter().map(|row| row.code.0.clone()).collect();
        for new in noticed_points.iter().filter(|p| !known.contains(&p.code)) {
            let row = new_procedure(new, slots.get(&new.code), &chosen, &noticed);
            chosen.push(row);
        }
        self.rows.procedures = chosen;
        Ok(())
    }

    /// Every drug with its price of 2024, of 2025 and of 2026.
    pub(super) fn drugs(&mut self, used: &choose::Used) -> Result<(), MasterError> {
        let kind = MasterKind::Drug;
        let first = self.history(kind, "masters/official/y_ALL20240321.zip")?;
        let last = self.history(kind, "masters/derived/y_r6_asof20250813.csv")?;
        let matched = self.open("masters/drug-price/y_code_R8_price.csv")?;
        let prices = figures::matched_prices(&matched)?;
        let mut listed = HashMap::new();
        let mut editions = Vec::new();
        let of_master = self.edition_of(kind, "Y 2025-08-13", &last, PRICES[0]);
        for (part, name) in [("01", "薬価 2025 内用"), ("02", "薬価 2025 注射"), ("03", "薬価 2025 外用")] {
            for sheet in sheet::open(&self.shared.join(format!("masters/official/tp20250814-01_{part}.xlsx")))? {
                for (yj, price) in figures::listed_prices(&sheet)? {
                    listed.insert(yj, (price, editions.len()));
                }
                editions.push(self.edition(kind, name, (&sheet.name, &sheet.sha256), PRICES[1]));
            }
        }
        let noticed = self.edition(kind, "薬価 2026 告示", (&matched.name, &matched.sha256), PRICES[2]);
        let kept = self.edition(kind, "薬価 2026 据置", (&last.files[0].0, &last.files[0].1), PRICES[2]);
        let mut all = Vec::new();
        for (code, state, _) in last.states() {
            let line = last.line(&state);
            let listed_on = line.date(y::LISTED)?.filter(|day| *day > PRICES[0]);
            let from = match (listed_on, first.newest(code)) {
                (Some(day), _) => day,
                (None, Some(_)) => PRICES[0],
                (None, None) => state.from.max(PRICES[0]),
            };
            let to = [line.date(y::ABOLISHED)?, line.date(y::TRANSITION_END)?].into_iter().flatten().min();
            all.push(ssk::drug(&line, ssk::validity(from, to, &of_master))?);
        }
        let priced = |d: &Drug| prices.get(d.code.as_str()).is_some_and(|p| p.price.is_some());
        let codes = choose::drugs(&all, &priced, used, DRUG_LIMIT).map_err(|missing| MasterError::Kind {
            file: matched.name.clone(),
            expected: format!("{} を含む薬価表", missing.join("、")),
        })?;
        for drug in all.into_iter().filter(|d| codes.contains(d.code.as_str())) {
            let of_2025 = listed.get(&drug.yj).map(|(price, index)| (*price, editions[*index].as_str(), false));
            let of_2026 = match prices.get(drug.code.as_str()) {
                Some(p) if p.price.is_some() => (p.price, noticed.as_str(), p.confidence != "high"),
                _ => (None, kept.as_str(), true),
            };
            let mut price = (drug.price, of_master.as_str(), false);
            for (index, begins) in PRICES.iter().enumerate() {
                let ends = PRICES.get(index + 1).and_then(|next| next.pred_opt());
                if index == 1 {
                    // A drug listed after 2025-04 has its only price in the master.
                    price = match of_2025 {
                        Some(of_2025) if drug.validity.from < PRICES[1] => of_2025,
                        _ => (drug.price, of_master.as_str(), drug.validity.from < PRICES[1]),
                    };
                } else if index == 2 {
                    price = (of_2026.0.unwrap_or(price.0), of_2026.1, of_2026.2);
                }
                let from = drug.validity.from.max(*begins);
                let to = drug.validity.to.into_iter().chain(ends).min();
                if to.is_some_and(|to| to < from) {
                    continue;
                }
                let mut row = drug.clone();
                row.price = yen(price.0);
                row.estimated = price.2;
                row.validity = ssk::validity(from, to, price.1);
                self.rows.drugs.push(row);
            }
        }
        Ok(())
    }
}

fn wanted_procedure(row: &Procedure, used: &choose::Used, noticed: &[figures::SourcedPoints]) -> bool {
    noticed.iter().any(|p| p.code == row.code.as_str()) || choose::procedure(row, used)
}

/// Prices have two decimals.
fn yen(price: Decimal) -> Decimal {
    let mut price = price;
    price.rescale(2);
    price
}

/// A code that is new in 2026 and of which only code, name and points are known. Its section is the slot table's where
/// the code stands there; the rest is that of the code's neighbour (same first six digits), else an add-on without
/// conditions.
pub(crate) fn new_procedure(
    new: &figures::SourcedPoints,
    slot: Option<&(String, String, String)>,
    chosen: &[Procedure],
    edition: &str,
) -> Procedure {
    let mut sorted: Vec<&Procedure> = chosen.iter().filter(|row| row.code.as_str()[..4] == new.code[..4]).collect();
    sorted.sort_by_key(|row| std::cmp::Reverse(alike(row.code.as_str(), &new.code)));
    let base = sorted.first();
    // A code that ends in 70 or 90 is an add-on (注加算), in 10 a basic item, as all codes of the master.
    let add_on = new.code.ends_with("70");
    Procedure {
        code: ProcedureCode(new.code.clone()),
        name: new.name.clone(),
        long_name: new.name.clone(),
        kana: String::new(),
        unit: String::new(),
        point_kind: 3,
        points: new.points,
        estimated: new.confidence == "low",
        in_out: 2,
        section: slot.map(|s| s.0.clone()).or_else(|| base.map(|b| b.section.clone())).unwrap_or_else(|| "800".into()),
        bundle: 0,
        hospital_clinic: 0,
        step: None,
        add_on: match slot {
            Some((_, _, number)) => (base.map(|b| b.add_on.0.clone()).unwrap_or_default(), number.clone()),
            None => ("0".into(), "0".into()),
        },
        general_age: 0,
        ages: ("00".into(), "00".into()),
        time_add_on: 0,
        treatment_infant: 0,
        judgement_kind: 0,
        judgement_group: 0,
        diminishing: 0,
        outpatient_management: 0,
        notice_kind: if add_on { 7 } else { 1 },
        standards: Vec::new(),
        article: article(&new.source).unwrap_or_default(),
        validity: ssk::validity(R8, None, edition),
    }
}

fn alike(a: &str, b: &str) -> usize {
    a.bytes().zip(b.bytes()).take_while(|(x, y)| x == y).count()
}

/// The first article (a letter and three digits) in the words of a source: `kokuji R8 A000 注16`.
fn article(source: &str) -> Option<String> {
    let article = |word: &&str| {
        word.len() == 4 && word.starts_with(|c: char| c.is_ascii_uppercase()) && word[1..].bytes().all(|b| b.is_ascii_digit())
    };
    source.split(|c: char| !c.is_ascii_alphanumeric()).find(article).map(str::to_owned)
}
