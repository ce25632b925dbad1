//! The chain of payers of a month: insurance, then each subsidy, then the patient.

use super::{
    AgeBand, Flag, Month, Payer, Settlement,
    laws::{self, Law, LimitKind},
    limits::{self, Class, Limit, Limits},
};
use crate::FeeError;

/// Insurance's name among payers.
pub const INSURANCE: &str = "insurance";

/// Rules of one month, checked.
struct Rules<'a> {
    month: &'a Month,
    when: (i32, u32),
    limits: &'static Limits,
    class: Option<Class>,
    /// Subsidies in legal order with their laws.
    subsidies: Vec<(&'a super::Subsidy, Law)>,
}

/// Bills of the same payers.
struct Group {
    insured: bool,
    /// Indices into [`Rules::subsidies`], in order.
    subsidies: Vec<usize>,
    yen: i64,
    /// The bills one by one: visits, where a subsidy counts them.
    bills: Vec<i64>,
    /// What insurance left.
    left: i64,
    /// Whether a limit lowered what insurance left.
    limited: bool,
    /// What the patient pays.
    patient: i64,
}

/// What the patient has paid under a subsidy so far.
#[derive(Debug, Clone, Copy, Default)]
struct Used {
    yen: i64,
    /// Visits that came to something.
    visits: u16,
}

/// What one subsidy of a group was charged and left.
struct Passed {
    /// Index into [`Rules::subsidies`].
    index: usize,
    charged: i64,
    left: i64,
    /// Whether its cap lowered what it left.
    capped: bool,
}

/// Settles a month.
///
/// # Errors
/// [`FeeError::Value`] with the path of what cannot be: a month that is none, a share outside 0–100, a class that nobody of
/// the age has, a payer that is not named, a negative sum.
pub fn settle(month: &Month) -> Result<Settlement, FeeError> {
    let rules = Rules::new(month)?;
    let mut groups = rules.groups()?;
    let mut payers: Vec<Payer> = Vec::new();
    if groups.iter().any(|group| group.insured) {
        payers.push(Payer { id: INSURANCE.into(), ..Payer::default() });
    }
    payers.extend(rules.subsidies.iter().map(|(subsidy, _)| Payer { id: subsidy.id.clone(), ..Payer::default() }));

    let mut used = vec![Used::default(); rules.subsidies.len()];
    let mut passed: Vec<Vec<Passed>> = Vec::new();
    for group in &mut groups {
        passed.push(rules.run(group, &mut used));
    }
    rules.hold_under_the_limit(&mut groups);

    let offset = usize::from(groups.iter().any(|group| group.insured));
    for (group, steps) in groups.iter().zip(&passed) {
        let before = steps.first().is_some_and(|step| rules.subsidies[step.index].1.before_insurance);
        if group.insured && !before {
            payers[0].charged_yen += group.yen;
            payers[0].left_yen += group.left;
            payers[0].limited |= group.limited;
            if steps.is_empty() {
                payers[0].patient_yen += group.patient;
            }
        }
        for (position, step) in steps.iter().enumerate() {
            let payer = &mut payers[offset + step.index];
            payer.charged_yen += step.charged;
            payer.left_yen += step.left;
            payer.limited |= step.capped;
            if position + 1 == steps.len() {
                payer.patient_yen += group.patient;
            }
        }
    }
    let household = !month.age_band.elder() && groups.iter().any(|group| group.insured && group.left >= rules.added_from());
    let flags = household.then_some(Flag::Household).into_iter().collect();
    Ok(Settlement { patient_yen: groups.iter().map(|group| group.patient).sum(), payers, flags })
}

/// A sum in yen to ten: under five is dropped, five and over is ten (健康保険法 75条).
pub fn to_ten(yen: i64) -> i64 {
    (yen + 5) / 10 * 10
}

impl<'a> Rules<'a> {
    fn new(month: &'a Month) -> Result<Self, FeeError> {
        let when = month.year_and_month()?;
        if month.insurance_share > 100 {
            return Err(FeeError::value("insurance_share", "0から100までの割合（%）です。"));
        }
        let class = match &month.limit_class {
            None => None,
            Some(text) => {
                let class = Class::parse(text)
                    .ok_or_else(|| FeeError::value("limit_class", format!("知らない所得区分です（{text}）。")))?;
                if !class.fits(month.age_band) {
                    return Err(FeeError::value("limit_class", format!("この年齢にない所得区分です（{text}）。")));
                }
                Some(class)
            }
        };
        // Elders have a limit without a certificate: 一般, or the highest class at 30 % (施行令 42条3項).
        let class = class.or(match (month.age_band.elder(), month.insurance_share) {
            (false, _) => None,
            (true, 30) => Some(Class::A),
            (true, _) => Some(Class::General),
        });
        let mut subsidies: Vec<(usize, &super::Subsidy, Law)> = Vec::new();
        for (index, subsidy) in month.subsidies.iter().enumerate() {
            if subsidy.id == INSURANCE || month.subsidies[..index].iter().any(|other| other.id == subsidy.id) {
                return Err(FeeError::value(format!("subsidies[{index}].id"), "ほかと重ならない名前にします。"));
            }
            let negative = [subsidy.cap, subsidy.visit_cap].into_iter().flatten().any(|cap| cap < 0);
            if subsidy.share.is_some_and(|share| share > 100) || negative {
                return Err(FeeError::value(format!("subsidies[{index}]"), "負担割合は0から100まで、上限額は0以上です。"));
            }
            let (order, law) = laws::of(&subsidy.law);
            subsidies.push((order, subsidy, law));
        }
        subsidies.sort_by_key(|(order, ..)| *order);
        let subsidies = subsidies.into_iter().map(|(_, subsidy, law)| (subsidy, law)).collect();
        Ok(Self { month, when, limits: limits::of(when), class, subsidies })
    }

    fn groups(&self) -> Result<Vec<Group>, FeeError> {
        let mut groups: Vec<Group> = Vec::new();
        for (number, bill) in self.month.bills.iter().enumerate() {
            if !(0..=crate::bounds::YEN).contains(&bill.yen) {
                let most = crate::bounds::YEN;
                return Err(FeeError::value(format!("bills[{number}].yen"), format!("0以上{most}までの金額です。")));
            }
            let mut insured = false;
            let mut subsidies = Vec::new();
            for (place, payer) in bill.payers.iter().enumerate() {
                if payer == INSURANCE {
                    insured = true;
                    continue;
                }
                let index = self.subsidies.iter().position(|(subsidy, _)| &subsidy.id == payer);
                let index = index.ok_or_else(|| {
                    FeeError::value(format!("bills[{number}].payers[{place}]"), format!("subsidies にない名前です（{payer}）。"))
                })?;
                if !subsidies.contains(&index) {
                    subsidies.push(index);
                }
            }
            subsidies.sort_unstable();
            match groups.iter_mut().find(|group| group.insured == insured && group.subsidies == subsidies) {
                Some(group) => {
                    group.yen += bill.yen;
                    group.bills.push(bill.yen);
                }
                None => groups.push(Group {
                    insured,
                    subsidies,
                    yen: bill.yen,
                    bills: vec![bill.yen],
                    left: 0,
                    limited: false,
                    patient: 0,
                }),
            }
        }
        Ok(groups)
    }

    /// Runs a group through its payers; gives what passed each subsidy. `used` holds what the patient has paid under each
    /// subsidy so far.
    fn run(&self, group: &mut Group, used: &mut [Used]) -> Vec<Passed> {
        let first = group.subsidies.first().map(|index| self.subsidies[*index].1);
        let insured = group.insured && !first.is_some_and(|law| law.before_insurance);
        let of = |yen: i64, percent: u8| yen * i64::from(percent) / 100;
        let share = of(group.yen, self.month.insurance_share);
        let (mut due, mut exact) = if insured { self.insurance(group, first, share) } else { (group.yen, false) };
        (group.left, group.limited) = (due, exact);
        // What each visit by itself comes to so far, rounded by itself (健康保険法 75条).
        let mut visits: Vec<i64> =
            group.bills.iter().map(|yen| if insured { to_ten(of(*yen, self.month.insurance_share)) } else { *yen }).collect();
        let mut steps = Vec::new();
        for (position, &index) in group.subsidies.iter().enumerate() {
            let (subsidy, law) = self.subsidies[index];
            let charged = due;
            let percent = share_of(subsidy, law);
            let mut own = percent.map_or(due, |percent| to_ten(of(group.yen, percent)).min(due));
            let last = position + 1 == group.subsidies.len();
            let mut capped = false;
            if let Some(percent) = percent {
                for (visit, yen) in visits.iter_mut().zip(&group.bills) {
                    *visit = to_ten(of(*yen, percent)).min(*visit);
                }
            }
            if subsidy.by_visit() {
                for visit in visits.iter_mut().filter(|visit| **visit > 0) {
                    let free = subsidy.charged_visits.is_some_and(|most| used[index].visits >= most);
                    let most = if free { 0 } else { subsidy.visit_cap.unwrap_or(*visit) };
                    capped |= most < *visit;
                    *visit = most.min(*visit);
                    used[index].visits = used[index].visits.saturating_add(1);
                }
                let sum = visits.iter().sum();
                own = if exact { due.min(sum) } else { sum };
            }
            let remaining = subsidy.cap.map(|cap| (cap - used[index].yen).max(0));
            capped |= remaining.is_some_and(|remaining| remaining < own);
            exact |= capped;
            due = match remaining {
                Some(remaining) => remaining.min(own),
                // Neither a share nor a cap is known: the subsidy bears all (the caller is told).
                None if percent.is_none() && !subsidy.by_visit() => 0,
                None => own,
            };
            if last && !exact {
                due = to_ten(due);
            }
            used[index].yen += due;
            steps.push(Passed { index, charged, left: due, capped });
        }
        group.patient = if steps.is_empty() && !exact { to_ten(due) } else { due };
        if steps.is_empty() {
            group.left = group.patient;
        }
        steps
    }

    /// What insurance leaves of a group and whether a limit made it exact to the yen.
    fn insurance(&self, group: &Group, first: Option<Law>, share: i64) -> (i64, bool) {
        if let Some(cap) = self.month.long_term_cap {
            // 特定疾病給付 (施行令 41条9項), half in the month of the 75th birthday (42条9項); 配慮措置 does not apply.
            let cap = if self.month.turned_75 { cap / 2 } else { cap };
            let limit = self.class_limit(group.yen).map_or(cap, |limit| limit.min(cap));
            return if limit < share { (limit, true) } else { (share, false) };
        }
        let limit = match first {
            None => self.own_limit(group.yen),
            Some(law) => self.subsidised_limit(law, group.yen),
        };
        match limit {
            Some(limit) if limit < share => (limit, true),
            _ => (share, false),
        }
    }

    /// Limit of the part that insurance alone bears.
    fn own_limit(&self, cost: i64) -> Option<i64> {
        let limit = self.class_limit(cost)?;
        Some(match self.considerate_limit(cost) {
            Some(considerate) => limit.min(considerate),
            None => limit,
        })
    }

    fn class_limit(&self, cost: i64) -> Option<i64> {
        let class = self.class?;
        let limit = self.limits.of_class(class, self.month.age_band.elder(), self.month.inpatient);
        Some(limit.yen(cost, self.month.many_times, self.month.turned_75))
    }

    /// 配慮措置: outpatients of the 20 % class at 75 and over, 2022-10 to 2025-09: 6,000 yen + 10 % of the cost over 30,000
    /// yen (計算事例集 令和5年4月; not halved in the month of the 75th birthday, 事例6).
    fn considerate_limit(&self, cost: i64) -> Option<i64> {
        let applies = self.month.age_band == AgeBand::From75
            && self.month.insurance_share == 20
            && !self.month.inpatient
            && self.class == Some(Class::General)
            && ((2022, 10)..=(2025, 9)).contains(&self.when);
        (applies && cost > 30_000).then(|| 6_000 + (cost - 30_000) / 10)
    }

    /// Limit of the part that a subsidy also bears (施行令 43条6–8項).
    fn subsidised_limit(&self, law: Law, cost: i64) -> Option<i64> {
        let (elder, inpatient) = (self.month.age_band.elder(), self.month.inpatient);
        let half = self.month.turned_75;
        Some(match law.limit {
            LimitKind::ByClass => {
                let class = self.class?;
                // 多数回 only for inpatients (43条7項 ただし書); local subsidies follow the patient's own limit.
                let many = self.month.many_times && (inpatient || law.number.is_empty());
                self.limits.of_class(class, elder, inpatient).yen(cost, many, half)
            }
            LimitKind::Fixed => {
                let (young, inside, outside) = self.limits.subsidised;
                let limit = match (elder, inpatient) {
                    (false, _) => young,
                    (true, true) => Limit::flat(inside, None),
                    (true, false) => Limit::flat(outside, None),
                };
                limit.yen(cost, false, half)
            }
            LimitKind::Assistance => {
                let (young, inside, outside) = self.limits.assistance;
                let yen = match (elder, inpatient) {
                    (false, _) => young,
                    (true, true) => inside,
                    (true, false) => outside,
                };
                Limit::flat(yen, None).yen(cost, false, half)
            }
        })
    }

    /// 施行令 41条1項 (under 70: parts of 21,000 yen and more, 10,500 in the month of the 75th birthday), 3項・5項 (elders: all):
    /// what the patient pays over all insured bills stays under the limit; the part of insurance alone gives way.
    fn hold_under_the_limit(&self, groups: &mut [Group]) {
        if self.month.long_term_cap.is_some() {
            return;
        }
        let threshold = self.added_from();
        let counts = |group: &Group| group.insured && group.left >= threshold;
        let Some(alone) = groups.iter().position(|group| group.insured && group.subsidies.is_empty()) else { return };
        if !counts(&groups[alone]) {
            return;
        }
        let cost = groups.iter().filter(|group| counts(group)).map(|group| group.yen).sum();
        let Some(limit) = self.class_limit(cost) else { return };
        let total: i64 = groups.iter().filter(|group| counts(group)).map(|group| group.patient).sum();
        let over = (total - limit).max(0);
        let group = &mut groups[alone];
        group.patient = (group.patient - over).max(0);
        group.left = group.patient;
    }

    /// From how many yen a part counts when parts are added (施行令 41条1項; elders: every yen, 3項).
    fn added_from(&self) -> i64 {
        match (self.month.age_band.elder(), self.month.turned_75) {
            (true, _) => 0,
            (false, false) => 21_000,
            (false, true) => 10_500,
        }
    }
}

/// The share that holds under a subsidy. Public assistance pays all, unless its ticket names what the person pays
/// (本人支払額), which is a cap.
fn share_of(subsidy: &super::Subsidy, law: Law) -> Option<u8> {
    let named = law.limit == LimitKind::Assistance && (subsidy.cap.is_some() || subsidy.visit_cap.is_some());
    subsidy.share.or(law.share.filter(|_| !named))
}
