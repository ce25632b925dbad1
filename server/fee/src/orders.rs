//! Ordered procedures: points by quantity (きざみ), percent and minus items, ages, and the drugs used with them.

use crate::{
    FeeError, codes,
    drugs::{self, Rounding},
    request::Order,
    work::{Work, section, whole},
};
use chrono::{Datelike, Months, NaiveDate};
use model::{
    fee::{FeeLine, Section},
    master::{Procedure, Step},
    money::Points,
};
use rust_decimal::{Decimal, prelude::ToPrimitive};

/// A resolved order: the request's order and its row of the day.
pub(crate) struct Ordered<'a> {
    pub path: String,
    pub order: &'a Order,
    pub row: &'a Procedure,
    /// The quantity that is billed: what was ordered, or what a limit left of it.
    pub quantity: Decimal,
}

impl Ordered<'_> {
    /// Points of all of it, not rounded (所定点数), for what is a share of them.
    pub fn exact(&self) -> Decimal {
        let points = match &self.row.step {
            Some(step) => stepped(self.row.points, step, self.quantity).unwrap_or(self.row.points),
            None => self.row.points * self.quantity,
        };
        if self.row.point_kind == 1 { points / Decimal::TEN } else { points }
    }
}

/// Looks up every ordered code; the first unknown one ends the calculation with its path.
pub(crate) fn resolve<'a>(work: &Work<'a>) -> Result<Vec<Ordered<'a>>, FeeError> {
    let request = work.request;
    let mut all = Vec::new();
    for (index, order) in request.orders.iter().enumerate() {
        let path = format!("orders[{index}]");
        let row = work.tables.procedure(&order.code, work.on()).ok_or_else(|| FeeError::UnknownCode {
            path: format!("{path}.code"),
            code: order.code.clone(),
            on: work.on(),
        })?;
        if order.quantity <= Decimal::ZERO {
            return Err(FeeError::value(format!("{path}.quantity"), "0より大きい数で指定します。"));
        }
        all.push(Ordered { path, order, row, quantity: order.quantity });
    }
    Ok(all)
}

/// Bills what was ordered, apart from the laboratory tests that `labs` counts together.
pub(crate) fn procedures(work: &mut Work, orders: &[&Ordered]) -> Result<(), FeeError> {
    let mut lines: Vec<(FeeLine, &Ordered)> = Vec::new();
    for &ordered in orders {
        let row = ordered.row;
        match row.point_kind {
            // 5 %加算, 6 %減算: act on the base before them (仕様説明書 点数識別).
            5 | 6 => match lines.last_mut() {
                Some((base, _)) => percent(base, row),
                None => work.omit_code(row.code.as_str(), &row.name, "算定していません: 割合で加減する対象がありません。"),
            },
            // 7 減点, 8 点数(−).
            7 | 8 => match lines.last_mut() {
                Some((base, _)) => {
                    base.points = Points((base.points.0 - whole(row.points)).max(0));
                    base.parts.push(row.name.clone());
                }
                None => work.omit_code(row.code.as_str(), &row.name, "算定していません: 減点する対象がありません。"),
            },
            4 => work.omit_code(row.code.as_str(), &row.name, "算定していません: 購入価格による項目です。"),
            _ => lines.push((line(ordered)?, ordered)),
        }
    }
    lines.sort_by(|(a, _), (b, _)| (&a.code, a.points, a.count).cmp(&(&b.code, b.points, b.count)));
    for (line, ordered) in lines {
        let at = line.section;
        work.lines.push(line);
        infant_injection(work, ordered);
        parts(work, ordered, at)?;
    }
    Ok(())
}

/// Whether the item may be billed at all: outpatient, clinic, age, month limits of 医学管理.
pub(crate) fn allowed(work: &mut Work, ordered: &Ordered) -> bool {
    let row = ordered.row;
    let code = row.code.as_str();
    let refusal = if row.in_out == 1 {
        Some("算定していません: 入院の項目です（マスター入外適用区分）。".to_owned())
    } else if row.hospital_clinic == 1 && work.request.facility.kind == crate::request::FacilityKind::Clinic {
        Some("算定していません: 病院の項目です（マスター病院・診療所区分）。".to_owned())
    } else if !age_fits(work.request.patient.birth_date, work.on(), &row.ages) {
        Some(format!("算定していません: 年齢が範囲外です（下限 {}、上限 {}）。", row.ages.0, row.ages.1))
    } else {
        crate::management::refusal(work, code)
    };
    if let Some(reason) = refusal {
        work.omit_code(code, &row.name, reason);
        return false;
    }
    let claims = &work.request.facility.standards;
    if !row.standards.is_empty() && !row.standards.iter().any(|s| claims.contains(s)) && !claims.contains(&row.name) {
        work.cut(code, format!("{}には施設基準の届出が要ります（施設基準コード {}）。", row.name, row.standards.join("・")));
    }
    true
}

/// One line of an ordered procedure.
fn line(ordered: &Ordered) -> Result<FeeLine, FeeError> {
    let (row, quantity) = (ordered.row, ordered.quantity);
    let (points, count, reason) = match &row.step {
        Some(step) => {
            let points = stepped(row.points, step, quantity)
                .map_err(|message| FeeError::value(format!("{}.quantity", ordered.path), message))?;
            (points, 1, format!("オーダー {}{}（きざみ）", quantity.normalize(), row.unit))
        }
        None => (row.points, times(ordered)?, "オーダー".to_owned()),
    };
    // 1 金額: yen, ten to the point.
    let points = if row.point_kind == 1 { points / Decimal::TEN } else { points };
    Ok(FeeLine {
        code: row.code.0.clone(),
        name: row.name.clone(),
        parts: Vec::new(),
        points: Points(whole(points)),
        count,
        section: section(&row.section, &row.article),
        reason,
        citation: citation(row),
        estimated: row.estimated,
        by_hand: false,
    })
}

/// Where an ordered item's points come from: its article, or else the master.
pub(crate) fn citation(row: &Procedure) -> String {
    if row.article.is_empty() { format!("診療行為マスター {}", row.validity.edition) } else { row.article.clone() }
}

fn times(ordered: &Ordered) -> Result<i64, FeeError> {
    let quantity = ordered.quantity;
    if quantity.fract() == Decimal::ZERO { quantity.to_i64() } else { None }
        .ok_or_else(|| FeeError::value(format!("{}.quantity", ordered.path), "回数は整数で指定します。"))
}

/// きざみ: base + ⌈(quantity − lower) ÷ width⌉ × step points. At or below `lower − width` the errors 2 and 3 of column 35 do
/// not bill; above the upper limit 1 and 3 take the limit, 0 and 2 the formula as it stands (仕様説明書 上下限エラー処理).
pub(crate) fn stepped(base: Decimal, step: &Step, quantity: Decimal) -> Result<Decimal, String> {
    if matches!(step.on_error, 2 | 3) && quantity <= step.lower - step.width {
        return Err(format!("下限 {} に足りません。", step.lower.normalize()));
    }
    let quantity = if matches!(step.on_error, 1 | 3) { quantity.min(step.upper) } else { quantity };
    if quantity <= step.lower || step.width.is_zero() {
        return Ok(base);
    }
    Ok(base + ((quantity - step.lower) / step.width).ceil() * step.points)
}

fn percent(base: &mut FeeLine, row: &Procedure) {
    let rate = if row.point_kind == 5 { Decimal::ONE_HUNDRED + row.points } else { Decimal::ONE_HUNDRED - row.points };
    base.points = Points(whole(Decimal::from(base.points.0) * rate / Decimal::ONE_HUNDRED));
    base.parts.push(row.name.clone());
    base.reason.push_str(&format!("、{}", row.name));
    base.estimated |= row.estimated;
}

/// G001 注2, G004 注2: the add-on of infants under six.
fn infant_injection(work: &mut Work, ordered: &Ordered) {
    if work.age >= 6 {
        return;
    }
    let found = codes::INJECTION_INFANT.iter().find(|(base, _)| *base == ordered.row.code.as_str());
    if let Some((_, item)) = found
        && !work.request.orders.iter().any(|order| order.code == item.code)
    {
        work.bill(item, "6歳未満の乳幼児への注射");
    }
}

/// Drugs used with a procedure: G100 for injections (15 yen or less is one point), D500, E300, J300, K940, L200 for the
/// rest (15 yen or less is not billed).
pub(crate) fn parts(work: &mut Work, ordered: &Ordered, at: Section) -> Result<(), FeeError> {
    if ordered.order.parts.is_empty() {
        return Ok(());
    }
    let (article, material, rounding) = match at {
        Section::Injection => ("G100", "G200", Rounding::AtLeastOne),
        Section::Imaging => ("E300", "E401", Rounding::NothingUpTo15),
        Section::Treatment => ("J300", "J400", Rounding::NothingUpTo15),
        Section::Surgery => ("K940", "K950", Rounding::NothingUpTo15),
        Section::Anaesthesia => ("L200", "L300", Rounding::NothingUpTo15),
        _ => ("D500", "D600", Rounding::NothingUpTo15),
    };
    let path = format!("{}.parts", ordered.path);
    let unit = drugs::unit(work, &path, &ordered.order.parts)?;
    if !unit.code.is_empty() {
        let reason = format!("{}に使用した薬剤（1回分 {}円）", ordered.row.name, unit.yen.normalize());
        match drugs::points(unit.yen, rounding) {
            Some(points) => work.lines.push(unit.line(points, 1, at, reason, article)),
            None => work.omit_code(&unit.code, &unit.name, format!("薬価が15円以下のため算定しません（{article} 注1）。")),
        }
    }
    drugs::materials(work, &ordered.order.parts, at, material);
    Ok(())
}

/// Ages of master S columns 41 and 42: completed years (the upper bound is "less than"), or one of the letter codes.
pub(crate) fn age_fits(birth: NaiveDate, on: NaiveDate, ages: &(String, String)) -> bool {
    let reached = |code: &str| -> Option<bool> {
        match code {
            "" | "00" | "0" => None,
            // 生後28日.
            "AA" => Some(on >= birth + chrono::Days::new(28)),
            // 3, 6, 15, 20歳に達した日の翌月1日.
            "B3" => Some(month_after(birth, 3) <= on),
            "B6" => Some(month_after(birth, 6) <= on),
            "BF" => Some(month_after(birth, 15) <= on),
            "BK" => Some(month_after(birth, 20) <= on),
            // 未就学.
            "MG" => Some(!model_preschool(birth, on)),
            years => years.parse::<u32>().ok().map(|years| model::date::age_on(birth, on) >= years),
        }
    };
    reached(&ages.0).unwrap_or(true) && !reached(&ages.1).unwrap_or(false)
}

fn month_after(birth: NaiveDate, years: u32) -> NaiveDate {
    // A year of age is reached on the day before the birthday (年齢計算ニ関スル法律).
    let reached = (birth + Months::new(years * 12)).pred_opt().unwrap_or(birth);
    (reached + Months::new(1)).with_day(1).unwrap_or(reached)
}

fn model_preschool(birth: NaiveDate, on: NaiveDate) -> bool {
    crate::copay::age::preschool(birth, on)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(y: i32, m: u32, d: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(y, m, d).expect("a real day")
    }

    #[test]
    fn steps_round_up_and_clamp() {
        let step = Step { lower: Decimal::ONE, upper: Decimal::from(5), width: Decimal::ONE, points: Decimal::TEN, on_error: 1 };
        // 外来迅速検体検査加算: 10 points a test, no more than five.
        for (tests, points) in [(1, 10), (2, 20), (5, 50), (7, 50)] {
            assert_eq!(stepped(Decimal::TEN, &step, Decimal::from(tests)), Ok(Decimal::from(points)));
        }
        // 自家採血輸血（１回目）: 750 up to 200 mL, 650 for each further 200 mL or part of it.
        let blood = Step {
            lower: Decimal::from(200),
            upper: Decimal::from(99_999_999),
            width: Decimal::from(200),
            points: Decimal::from(650),
            on_error: 0,
        };
        assert_eq!(stepped(Decimal::from(750), &blood, Decimal::from(401)), Ok(Decimal::from(2050)));
    }

    #[test]
    fn ages_are_bounds_of_completed_years() {
        let under_six = ("00".to_owned(), "06".to_owned());
        assert!(age_fits(day(2020, 7, 11), day(2026, 7, 10), &under_six));
        assert!(!age_fits(day(2020, 7, 10), day(2026, 7, 10), &under_six));
        let until_preschool_ends = ("00".to_owned(), "MG".to_owned());
        assert!(age_fits(day(2019, 4, 2), day(2026, 3, 31), &until_preschool_ends));
        assert!(!age_fits(day(2019, 4, 1), day(2026, 3, 31), &until_preschool_ends));
    }
}
