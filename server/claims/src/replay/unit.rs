//! A unit (算定単位) judged: its points by the masters, or what keeps them from being determined.

use super::{
    Difference, Why,
    line::{self, Own},
};
use crate::uke::{Line, Month, Unit};
use chrono::NaiveDate;
use fee::drugs::{self, Rounding};
use model::master::Tables;
use rust_decimal::Decimal;

/// What came of a unit.
pub(super) struct Judged {
    /// Points (点) for one time: by the masters where they determine them, else of the file.
    pub points: i64,
    /// Lines with points that the masters determine.
    pub derived: usize,
    pub differences: Vec<Difference>,
}

/// Judges a unit on the days it was done; on the first of the month where the file gives no day.
pub(super) fn judge(tables: &dyn Tables, month: Month, unit: &Unit) -> Judged {
    let mut days: Vec<NaiveDate> = unit.lines.iter().flat_map(|line| line.days.iter().map(|(day, _)| *day)).collect();
    days.sort_unstable();
    days.dedup();
    let first = days.first().copied().unwrap_or_else(|| month.first_day());
    let mut sum = Sum::of(tables, unit, first);
    let later = days.iter().skip(1).any(|day| Sum::of(tables, unit, *day).points() != sum.points());
    if later {
        sum.refuse_all(Why::Days);
    }
    sum.mark_bundles(unit);
    let mut differences = counts(unit);
    let claimed = unit.points.unwrap_or_default();
    let last = unit.lines.last();
    if unit.points.is_none() {
        differences.extend(last.map(|last| difference(last, None, None, Why::NoPoints)));
    }
    let unknown: Vec<usize> = (0..unit.lines.len()).filter(|index| sum.whys[*index].is_some()).collect();
    // Where one line alone is open, the rest of the unit tells what the file takes for it.
    let rest = match unknown[..] {
        [_] if unit.points.is_some() => Some(claimed - sum.known()),
        _ => None,
    };
    for index in &unknown {
        let line = &unit.lines[*index];
        if let Some(why) = sum.whys[*index].take() {
            differences.push(difference(line, rest.or(line.points), None, why));
        }
    }
    let points = if unknown.is_empty() { sum.known() } else { claimed };
    if unknown.is_empty()
        && unit.points.is_some()
        && points != claimed
        && let Some(last) = last
    {
        differences.push(difference(last, Some(claimed), Some(points), Why::Points { parts: sum.parts() }));
    }
    let points = if unit.points.is_none() { 0 } else { points };
    Judged { points, derived: unit.lines.len() - unknown.len(), differences }
}

fn difference(line: &Line, claimed: Option<i64>, recomputed: Option<i64>, why: Why) -> Difference {
    Difference { line: line.line, code: line.code.clone(), claimed, recomputed, why }
}

/// 回数 of a line is the sum of its days, and the same on all lines of the unit (記録条件仕様 SI 7項).
fn counts(unit: &Unit) -> Vec<Difference> {
    let mut found = Vec::new();
    for line in &unit.lines {
        let days: u32 = line.days.iter().map(|(_, times)| times).sum();
        if !line.days.is_empty() && days != line.count {
            found.push(difference(line, None, None, Why::Count { count: line.count, days }));
        }
        if line.count != unit.count {
            found.push(difference(line, None, None, Why::UnitCount { count: line.count, last: unit.count }));
        }
    }
    found
}

/// The parts of a unit while they are added up.
struct Sum {
    /// Points of procedures, each with the percent items behind it.
    procedures: Vec<Decimal>,
    drugs: Option<i64>,
    materials: Option<i64>,
    /// Of each line, why it is not determined.
    whys: Vec<Option<Why>>,
    /// Of each line, its bundle of tests.
    bundles: Vec<u16>,
}

impl Sum {
    fn of(tables: &dyn Tables, unit: &Unit, on: NaiveDate) -> Self {
        let owns: Vec<Result<Own, Why>> = unit.lines.iter().map(|line| line::own(tables, line, on)).collect();
        let open = owns.iter().any(Result::is_err);
        let mut sum =
            Self { procedures: Vec::new(), drugs: None, materials: None, whys: Vec::new(), bundles: vec![0; unit.lines.len()] };
        let (mut drugs, mut materials) = (Vec::new(), Vec::new());
        let mut add_ons = false;
        for (index, own) in owns.into_iter().enumerate() {
            let why = match own {
                Ok(Own::Points { points, add_on, bundle }) => {
                    sum.procedures.push(Decimal::from(points));
                    sum.bundles[index] = bundle;
                    add_ons |= add_on;
                    None
                }
                Ok(Own::Percent(_)) if open => Some(Why::Neighbour),
                Ok(Own::Percent(_)) if add_ons || sum.procedures.is_empty() || drugs.len() + materials.len() > 0 => {
                    Some(Why::Base)
                }
                Ok(Own::Percent(rate)) => sum.percent(rate).err(),
                Ok(Own::Drug(yen)) => {
                    drugs.push((index, yen));
                    None
                }
                Ok(Own::Material(yen)) => {
                    materials.push((index, yen));
                    None
                }
                Err(why) => Some(why),
            };
            sum.whys.push(why);
        }
        // A price shares its rounding with the others of the unit, so one that is missing leaves all open.
        if open {
            for (index, _) in drugs.iter().chain(&materials) {
                sum.whys[*index] = Some(Why::Neighbour);
            }
            return sum;
        }
        sum.drug_fee(unit, &drugs);
        sum.material_fee(&materials);
        sum
    }

    /// 別紙7-1 (5)(6): so many hundredths of the points that stand before. Several are multiplied and rounded half up at the
    /// end (通知 生体検査料 通則4), each base for itself: two 70％加算 on 130 and 1,140 are 376 and 3,295, the 3,671 of the sample.
    fn percent(&mut self, rate: Decimal) -> Result<(), Why> {
        for points in &mut self.procedures {
            let share = points.checked_mul(rate).map(|product| product / Decimal::ONE_HUNDRED);
            *points = share.filter(|share| line::whole(*share).is_some()).ok_or(Why::Base)?;
        }
        Ok(())
    }

    /// F200 and G100: 15 yen or less is one point; C200, D500, E300, H100, I100, J300, K940, L200 注1: it is not billed. Above,
    /// one point more for every ten yen or part of it.
    fn drug_fee(&mut self, unit: &Unit, drugs: &[(usize, Decimal)]) {
        if drugs.is_empty() {
            return;
        }
        let rounding = match unit.section.as_bytes().first() {
            Some(b'2' | b'3') => Rounding::AtLeastOne,
            _ => Rounding::NothingUpTo15,
        };
        let yen = drugs.iter().try_fold(Decimal::ZERO, |sum, (_, yen)| sum.checked_add(*yen));
        match yen {
            Some(yen) => self.drugs = Some(drugs::points(yen, rounding).unwrap_or(0)),
            None => drugs.iter().for_each(|(index, _)| self.whys[*index] = Some(Why::NoQuantity)),
        }
    }

    /// D600, J400 …: the price divided by ten yen. The notices name no rounding; half up, as they do elsewhere, and where the sum
    /// of several rounds otherwise than each, nothing is claimed to be known.
    fn material_fee(&mut self, materials: &[(usize, Decimal)]) {
        if materials.is_empty() {
            return;
        }
        let points = |yen: Decimal| line::whole(yen / Decimal::TEN);
        let together = materials.iter().try_fold(Decimal::ZERO, |sum, (_, yen)| sum.checked_add(*yen)).and_then(points);
        let singly = materials.iter().try_fold(0_i64, |sum, (_, yen)| sum.checked_add(points(*yen)?));
        match (together, singly) {
            (Some(together), Some(singly)) if together == singly => self.materials = Some(together),
            _ => materials.iter().for_each(|(index, _)| self.whys[*index] = Some(Why::Rounding)),
        }
    }

    /// Two or more tests of a bundle whose single points are not what the file has: まるめ (D007 注 and its like), in no master
    /// column. Then none of the lines is determined by itself.
    fn mark_bundles(&mut self, unit: &Unit) {
        let singly = self.known();
        if self.whys.iter().any(Option::is_some) || unit.points == Some(singly) {
            return;
        }
        for index in 0..self.bundles.len() {
            let group = self.bundles[index];
            let items = self.bundles.iter().filter(|bundle| **bundle == group).count();
            if group != 0 && items > 1 {
                self.whys[index] = Some(Why::Bundle { group, items, singly });
            }
        }
    }

    fn refuse_all(&mut self, why: Why) {
        for slot in &mut self.whys {
            slot.get_or_insert_with(|| why.clone());
        }
    }

    /// Points of the parts that are determined.
    fn known(&self) -> i64 {
        self.parts().into_iter().sum()
    }

    fn parts(&self) -> Vec<i64> {
        let procedures = self.procedures.iter().map(|points| line::whole(*points).unwrap_or_default());
        procedures.chain(self.drugs).chain(self.materials).collect()
    }

    /// The unit's points, where all of it is determined.
    fn points(&self) -> Option<i64> {
        self.whys.iter().all(Option::is_none).then(|| self.known())
    }
}
