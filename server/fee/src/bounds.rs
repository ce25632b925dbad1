//! What a request may not hold, told with its path before anything is calculated: payers that cannot be settled, and figures
//! beyond any clinic, which would overflow sums.

use crate::{FeeError, copay::chain::INSURANCE, request::Request};
use rust_decimal::Decimal;

/// Most points of one line of the history, either sign: 逓減 lines are negative.
const POINTS: i64 = 9_999_999;
/// Most times of one line of the history.
const COUNT: i64 = 9_999;
/// Most days of a prescription.
const DAYS: u16 = 9_999;
/// Most yen of a cap or a bill.
pub(crate) const YEN: i64 = 9_999_999_999;
/// Largest quantity or amount.
const AMOUNT: i64 = 9_999_999;

/// Checks the figures of a request.
///
/// # Errors
/// [`FeeError::Value`] with the path of the first figure that cannot be.
pub(crate) fn check(request: &Request) -> Result<(), FeeError> {
    let yen = |path: String, yen: Option<i64>| match yen {
        Some(yen) if !(0..=YEN).contains(&yen) => Err(FeeError::value(path, format!("0から{YEN}までの金額です。"))),
        _ => Ok(()),
    };
    let share = |path: String, share: Option<u8>| match share {
        Some(share) if share > 100 => Err(FeeError::value(path, "0から100までの割合（%）です。")),
        _ => Ok(()),
    };
    let coverage = &request.coverage;
    if let Some(insurance) = &coverage.insurance {
        share("coverage.insurance.share".into(), Some(insurance.share))?;
        yen("coverage.insurance.long_term_cap".into(), insurance.long_term_cap)?;
    }
    for (index, subsidy) in coverage.subsidies.iter().enumerate() {
        let path = |field: &str| format!("coverage.subsidies[{index}].{field}");
        if subsidy.payer == INSURANCE || coverage.subsidies[..index].iter().any(|other| other.payer == subsidy.payer) {
            return Err(FeeError::value(path("payer"), "同じ公費負担者番号が2つあります。"));
        }
        share(path("share"), subsidy.share)?;
        yen(path("cap"), subsidy.cap)?;
        yen(path("visit_cap"), subsidy.visit_cap)?;
    }
    for (index, old) in request.history.iter().enumerate() {
        if !(-POINTS..=POINTS).contains(&old.points) {
            return Err(FeeError::value(format!("history[{index}].points"), format!("{POINTS}点までです。")));
        }
        if !(0..=COUNT).contains(&old.count) {
            return Err(FeeError::value(format!("history[{index}].count"), format!("0から{COUNT}までの回数です。")));
        }
    }
    let most = |path: String, value: Decimal| {
        let fits = value <= Decimal::from(AMOUNT);
        if fits { Ok(()) } else { Err(FeeError::value(path, format!("{AMOUNT}までの数で指定します。"))) }
    };
    for (index, order) in request.orders.iter().enumerate() {
        most(format!("orders[{index}].quantity"), order.quantity)?;
        for (part, item) in order.parts.iter().enumerate() {
            most(format!("orders[{index}].parts[{part}].amount"), item.amount)?;
        }
    }
    for (index, group) in request.prescriptions.iter().enumerate() {
        if group.days > DAYS {
            return Err(FeeError::value(format!("prescriptions[{index}].days"), format!("{DAYS}までの数で指定します。")));
        }
        for (item, amount) in group.items.iter().enumerate() {
            most(format!("prescriptions[{index}].items[{item}].amount"), amount.amount)?;
        }
    }
    Ok(())
}
