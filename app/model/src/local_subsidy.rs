//! Local subsidies (地方単独公費): what a prefecture or town leaves to the patient, as data.

use crate::money::Yen;
use serde::{Deserialize, Serialize};

/// A scheme of one prefecture, as clinics enter it (保険番号マスタ of the prefecture). Outpatient part only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LocalSubsidy {
    /// Prefecture number, 1 to 47 (都道府県番号).
    pub prefecture: u8,
    /// Number of the scheme within the prefecture (保険番号), three digits.
    pub number: String,
    /// Law number (法別番号): the first two digits of the payer number; `00` and `99` stand for none.
    pub law: String,
    /// Short name (短縮制度名).
    pub name: String,
    /// Youngest and oldest age in years, both inside.
    pub ages: (u16, u16),
    /// What is left to the patient.
    pub terms: Terms,
}

/// What a scheme leaves to an outpatient (外来負担区分 and the columns after it).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Terms {
    /// Not for outpatients (外来負担区分 0).
    Unused,
    /// Bears all of it (2 負担なし).
    Nothing,
    /// Pays back later: the patient pays what the insurance leaves (3 償還払い).
    Reimbursed,
    /// Leaves something (1 負担あり).
    Leaves(Left),
}

/// What is left. Nothing in all fields: what the insurance leaves, until the certificate says otherwise.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Left {
    /// Share in percent (1回負担割合).
    pub share: Option<u8>,
    /// The same sum each time, in yen (1回固定額).
    pub fixed: Option<Yen>,
    /// At most this each time, in yen (1回上限額).
    pub per_time: Option<Yen>,
    /// At most this a day, in yen (1日上限額).
    pub per_day: Option<Yen>,
    /// So many times a day (1日上限回数).
    pub times_a_day: Option<u8>,
    /// At most this a month where drugs are dispensed in the house, in yen (1月院内上限額).
    pub month_in_house: Option<Yen>,
    /// At most this a month where a pharmacy dispenses, in yen (1月院外上限額).
    pub month_pharmacy: Option<Yen>,
    /// So many times a month, nothing after (1月上限回数).
    pub times_a_month: Option<u8>,
}

impl LocalSubsidy {
    /// Whether somebody of this age belongs to it.
    pub fn covers_age(&self, age: u32) -> bool {
        (u32::from(self.ages.0)..=u32::from(self.ages.1)).contains(&age)
    }

    /// What the patient pays, in words.
    pub fn words(&self) -> String {
        let left = match &self.terms {
            Terms::Unused => return "外来では使いません".to_owned(),
            Terms::Nothing => return "負担なし".to_owned(),
            Terms::Reimbursed => return "償還払い（窓口では保険の自己負担）".to_owned(),
            Terms::Leaves(left) => left,
        };
        let mut parts = Vec::new();
        let mut yen = |words: &str, amount: Option<Yen>| parts.extend(amount.map(|amount| format!("{words}{amount}")));
        yen("1回 ", left.fixed);
        yen("1回 上限", left.per_time);
        yen("1日 上限", left.per_day);
        if left.month_in_house == left.month_pharmacy {
            yen("月 上限", left.month_in_house);
        } else {
            yen("月 上限（院内）", left.month_in_house);
            yen("月 上限（院外）", left.month_pharmacy);
        }
        if let Some(share) = left.share {
            parts.insert(0, format!("{share}%"));
        }
        parts.extend(left.times_a_month.map(|times| format!("月{times}回まで")));
        if parts.is_empty() { "保険の自己負担まで".to_owned() } else { parts.join("・") }
    }
}
