//! What the patient pays today: the share of the day, held under what the month still allows.

use super::{
    AgeBand, Bill, Flag, Month, Settlement, Subsidy, age,
    chain::{INSURANCE, settle},
    laws, limits,
};
use crate::work::Work;
use chrono::{Datelike, NaiveDate};
use model::{
    fee::{PayerShare, Payment},
    money::{Points, Yen},
};
use std::collections::BTreeMap;

/// Divides the cost of today between insurance, subsidies and the patient. Earlier days of the month, as the history gives
/// their points, use up limits and caps; each day is rounded for itself (健康保険法 75条).
pub(crate) fn payment(work: &mut Work, points: Points) -> Payment {
    let coverage = &work.request.coverage;
    let cost = points.yen().0;
    if coverage.insurance.is_none() && coverage.subsidies.is_empty() {
        work.hint("保険・公費の登録がありません。全額を患者負担（自費）として表示しています。");
        return Payment { patient_yen: points.yen(), payers: Vec::new() };
    }
    let mut hints = Vec::new();
    let mut month = month(work, &mut hints);
    for hint in hints {
        work.hint(hint);
    }
    let payers: Vec<String> = coverage
        .insurance
        .iter()
        .map(|_| INSURANCE.to_owned())
        .chain(coverage.subsidies.iter().map(|subsidy| subsidy.payer.clone()))
        .collect();
    let mut days: BTreeMap<NaiveDate, i64> = BTreeMap::new();
    let on = work.on();
    // In the month of the 75th birthday the days before it fell to another insurance, with limits of their own
    // (高齢者の医療の確保に関する法律 52条; 施行令 41条4項).
    let birthday = age::birthday(work.request.patient.birth_date, 75);
    let same_insurance = |day: NaiveDate| !month.turned_75 || (day >= birthday) == (on >= birthday);
    for old in &work.request.history {
        let this_month = (old.date.year(), old.date.month()) == (on.year(), on.month()) && old.date <= on;
        if this_month && same_insurance(old.date) {
            *days.entry(old.date).or_default() += old.points * old.count * 10;
        }
    }
    let earlier_today = days.remove(&on).unwrap_or(0);
    let settled = today(&mut month, &payers, &days.into_values().collect::<Vec<_>>(), earlier_today, cost);
    if let Ok(settlement) = &settled {
        if settlement.flags.contains(&Flag::Household) {
            let from = if month.turned_75 { "10,500" } else { "21,000" };
            work.hint(format!(
                "今月の一部負担金が{from}円以上です。ほかの医療機関や同じ世帯の支払いと合わせて高額療養費になることがあります（世帯合算、健康保険法施行令41条1項）。"
            ));
        }
        if month.long_term_cap.is_some() && settlement.payers.iter().any(|payer| payer.id == INSURANCE && payer.limited) {
            work.hint(
                "特定疾病療養（マル長）の上限を適用しています。認定された疾病の療養に限ります（健康保険法施行令41条9項）。",
            );
        }
    }
    match settled {
        Ok(settlement) => Payment {
            patient_yen: Yen(settlement.patient_yen),
            payers: settlement
                .payers
                .into_iter()
                .map(|payer| PayerShare { id: payer.id, charged_yen: Yen(payer.charged_yen), left_yen: Yen(payer.left_yen) })
                .collect(),
        },
        Err(error) => {
            work.hint(format!("負担金を計算できませんでした: {error}"));
            Payment { patient_yen: points.yen(), payers: Vec::new() }
        }
    }
}

/// Today's part: what the day comes to by itself, rounded for itself, but no more than a limit or a cap of the month leaves
/// after the days before. A second visit of the day is rounded for itself, and counts as one with the first where a subsidy
/// counts visits.
fn today(
    month: &mut Month,
    payers: &[String],
    before: &[i64],
    earlier_today: i64,
    cost: i64,
) -> Result<Settlement, crate::FeeError> {
    let bill = |yen: i64| Bill { yen, payers: payers.to_vec() };
    let mut so_far: Vec<Bill> = Vec::new();
    let mut left_before: Vec<i64> = Vec::new();
    let mut result = Settlement::default();
    let earlier = (earlier_today > 0).then_some(earlier_today);
    for (index, yen) in before.iter().copied().chain(earlier).chain([cost]).enumerate() {
        match so_far.last_mut() {
            Some(same_day) if index > before.len() => same_day.yen += yen,
            _ => so_far.push(bill(yen)),
        }
        month.bills = vec![bill(yen)];
        result = settle(month)?;
        month.bills.clone_from(&so_far);
        let month_so_far = settle(month)?;
        left_before.resize(result.payers.len(), 0);
        let mut reaches = None;
        for (index, payer) in result.payers.iter_mut().enumerate() {
            // Insurance stands aside where a subsidy pays before it.
            if payer.charged_yen == 0 {
                continue;
            }
            if let Some(charged) = reaches.filter(|charged| *charged < payer.charged_yen) {
                payer.charged_yen = charged;
                payer.left_yen = payer.left_yen.min(charged);
            }
            payer.limited = month_so_far.payers[index].limited;
            if payer.limited {
                payer.left_yen = payer.left_yen.min((month_so_far.payers[index].left_yen - left_before[index]).max(0));
            }
            left_before[index] += payer.left_yen;
            reaches = Some(payer.left_yen);
        }
        result.patient_yen = reaches.unwrap_or(yen);
        result.flags = month_so_far.flags;
    }
    Ok(result)
}

fn month(work: &Work, hints: &mut Vec<String>) -> Month {
    let request = work.request;
    let on = request.date;
    let birth = request.patient.birth_date;
    let insurance = request.coverage.insurance.as_ref();
    let late = insurance.is_some_and(|insurance| insurance.insurer.len() == 8 && insurance.insurer.starts_with("39"));
    // People of 65 and over with a certified disability are insured like those of 75 (高齢者の医療の確保に関する法律 50条2号),
    // and nothing begins for them at 75 (52条1号).
    let certified = late && age::from_65(birth, on) && age::band(birth, on) != AgeBand::From75;
    let band = if certified { AgeBand::From75 } else { age::band(birth, on) };
    let share = insurance.map_or(100, |insurance| insurance.share);
    usual_share(band, share, insurance.is_some(), hints);
    let class = insurance.and_then(|insurance| insurance.limit_class.clone()).filter(|text| {
        let fits = limits::Class::parse(text).is_some_and(|class| class.fits(band));
        if !fits {
            hints.push(format!("限度額適用区分「{text}」はこの年齢にありません。限度額を適用していません。"));
        }
        fits
    });
    if !limits::of((on.year(), on.month())).verified {
        let limited = class.is_some() || band.elder();
        if limited {
            hints.push("令和8年8月以降の高額療養費の限度額は法令の本文で確認できていません。".into());
        }
    }
    let subsidies = request
        .coverage
        .subsidies
        .iter()
        .map(|subsidy| {
            let law = subsidy.payer.get(..2).unwrap_or_default().to_owned();
            let (_, rule) = laws::of(&law);
            let known = subsidy.share.or(rule.share).is_some() || subsidy.cap.is_some();
            if !known && subsidy.visit_cap.is_none() && subsidy.charged_visits.is_none() {
                hints.push(format!("公費 {} の負担割合・上限額が登録されていません。患者負担なしとしています。", subsidy.payer));
            }
            Subsidy {
                id: subsidy.payer.clone(),
                law,
                share: subsidy.share,
                cap: subsidy.cap,
                visit_cap: subsidy.visit_cap,
                charged_visits: subsidy.charged_visits,
            }
        })
        .collect();
    Month {
        month: format!("{:04}-{:02}", on.year(), on.month()),
        age_band: band,
        insurance_share: share,
        limit_class: class,
        inpatient: false,
        many_times: insurance.is_some_and(|insurance| insurance.many_times),
        turned_75: age::turns_75(birth, on) && !certified,
        long_term_cap: insurance.and_then(|insurance| insurance.long_term_cap),
        subsidies,
        bills: Vec::new(),
    }
}

/// Points out a share that the age does not have (健康保険法 74条1項, 110条2項; 高齢者医療確保法 67条).
fn usual_share(band: AgeBand, share: u8, insured: bool, hints: &mut Vec<String>) {
    let usual: &[u8] = match band {
        AgeBand::Preschool => &[20],
        AgeBand::Under70 => &[30],
        AgeBand::From70 => &[20, 30],
        AgeBand::From75 => &[10, 20, 30],
    };
    if insured && !usual.contains(&share) {
        hints.push(format!("負担割合 {share}% はこの年齢では通常ありません。保険証の記載を確認してください。"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn month(cap: Option<i64>) -> Month {
        Month {
            month: "2026-07".into(),
            age_band: AgeBand::Under70,
            insurance_share: 30,
            limit_class: Some("ウ".into()),
            inpatient: false,
            many_times: false,
            turned_75: false,
            long_term_cap: None,
            subsidies: cap
                .map(|cap| Subsidy {
                    id: "54".into(),
                    law: "54".into(),
                    share: None,
                    cap: Some(cap),
                    visit_cap: None,
                    charged_visits: None,
                })
                .into_iter()
                .collect(),
            bills: Vec::new(),
        }
    }

    proptest! {
        /// Whatever the days cost, together they stay under the cap, and each day under its own share.
        #[test]
        fn days_of_a_month_stay_under_the_cap(days in prop::collection::vec(1i64..20_000, 1..9), cap in 0i64..3_000) {
            let cap = cap * 10;
            let payers = [INSURANCE.to_owned(), "54".to_owned()];
            let yen: Vec<i64> = days.iter().map(|points| points * 10).collect();
            let mut paid = 0;
            for index in 0..yen.len() {
                let settled = today(&mut month(Some(cap)), &payers, &yen[..index], 0, yen[index]).expect("settles");
                prop_assert!(settled.patient_yen <= (yen[index] * 2 / 10 + 5));
                prop_assert_eq!(settled.payers[0].left_yen, settled.payers[1].charged_yen);
                paid += settled.patient_yen;
            }
            prop_assert!(paid <= cap, "{paid} over {cap}");
        }

        /// Without a subsidy the limit of the month holds over the days, to the ten yen of rounding by day.
        #[test]
        fn days_of_a_month_stay_under_the_limit(days in prop::collection::vec(1i64..40_000, 1..9)) {
            let payers = [INSURANCE.to_owned()];
            let yen: Vec<i64> = days.iter().map(|points| points * 10).collect();
            let mut paid = 0;
            for index in 0..yen.len() {
                paid += today(&mut month(None), &payers, &yen[..index], 0, yen[index]).expect("settles").patient_yen;
            }
            let cost: i64 = yen.iter().sum();
            let limit = limits::of((2026, 7)).of_class(limits::Class::C, false, false).yen(cost, false, false);
            let plain: i64 = yen.iter().map(|yen| super::super::chain::to_ten(yen * 3 / 10)).sum();
            prop_assert!(paid <= plain);
            prop_assert!(paid <= limit.max(plain.min(limit + 5 * yen.len() as i64)));
        }
    }
}
