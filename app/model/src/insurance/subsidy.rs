//! Subsidies (公費負担医療): who bears what beside or before the insurance.

use super::{Flaws, digits_with_check, optional_number};
use crate::{FieldError, ids::*};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// A subsidy (公費負担医療) as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subsidy {
    /// Its id.
    pub id: SubsidyId,
    /// Payer number (公費負担者番号), 8 digits with check digit; the first two are the law number (法別番号).
    pub payer: String,
    /// Recipient number (公費受給者番号), 7 digits with check digit.
    pub recipient: String,
    /// The patient's share in percent under this subsidy, if the certificate names one.
    pub share: Option<u8>,
    /// The patient's monthly cap in yen, if the certificate names one.
    pub monthly_cap: Option<i64>,
    /// The patient's cap in yen a visit (1回の上限), as local subsidies (地方単独事業) have it.
    #[serde(default)]
    pub visit_cap: Option<i64>,
    /// How many visits of a month the patient pays for (月の回数); later ones are free.
    #[serde(default)]
    pub charged_visits: Option<u16>,
    /// First day of validity.
    pub valid_from: NaiveDate,
    /// Last day of validity.
    pub valid_to: Option<NaiveDate>,
    /// Version of the row.
    pub version: i64,
}

/// A new subsidy, parsed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewSubsidy {
    /// Payer number.
    pub payer: String,
    /// Recipient number.
    pub recipient: String,
    /// Share in percent.
    pub share: Option<u8>,
    /// Monthly cap in yen.
    pub monthly_cap: Option<i64>,
    /// The patient's cap in yen a visit (1回の上限), as local subsidies (地方単独事業) have it.
    #[serde(default)]
    pub visit_cap: Option<i64>,
    /// How many visits of a month the patient pays for (月の回数); later ones are free.
    #[serde(default)]
    pub charged_visits: Option<u16>,
    /// First day of validity.
    pub valid_from: NaiveDate,
    /// Last day of validity.
    pub valid_to: Option<NaiveDate>,
}

/// What the desk types for a subsidy.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SubsidyForm {
    /// 公費負担者番号.
    pub payer: String,
    /// 公費受給者番号.
    pub recipient: String,
    /// 負担割合 in percent, may be empty.
    pub share: String,
    /// 月額自己負担上限 in yen, may be empty.
    pub monthly_cap: String,
    /// 1回の上限 in yen, may be empty.
    #[serde(default)]
    pub visit_cap: String,
    /// 月の回数, may be empty.
    #[serde(default)]
    pub charged_visits: String,
    /// 有効期間の開始.
    pub valid_from: String,
    /// 有効期間の終了.
    pub valid_to: String,
}

impl SubsidyForm {
    /// Whether nothing was typed at all.
    pub fn is_blank(&self) -> bool {
        [&self.payer, &self.recipient].iter().all(|field| field.trim().is_empty())
    }

    /// Every field read, or every flaw at its field (prefixed `subsidy.`).
    pub fn parse(&self) -> Result<NewSubsidy, Vec<FieldError>> {
        let mut flaws = Flaws::new("subsidy");
        let payer = flaws.take("payer", digits_with_check(&self.payer, &[8], "8"));
        let recipient = flaws.take("recipient", digits_with_check(&self.recipient, &[7], "7"));
        let share = flaws.take("share", optional_number(&self.share, 0, 30));
        let cap = flaws.take("monthly_cap", optional_number(&self.monthly_cap, 0, 9_999_999));
        let visit_cap = flaws.take("visit_cap", optional_number(&self.visit_cap, 0, 99_999));
        let visits = flaws.take("charged_visits", optional_number(&self.charged_visits, 1, 31));
        let period = flaws.period("valid_from", &self.valid_from, "valid_to", &self.valid_to);
        flaws.finish()?;
        Ok(NewSubsidy {
            payer: payer.expect("no flaws"),
            recipient: recipient.expect("no flaws"),
            share: share.expect("no flaws").map(|share| share as u8),
            monthly_cap: cap.expect("no flaws"),
            visit_cap: visit_cap.expect("no flaws"),
            charged_visits: visits.expect("no flaws").map(|visits| visits as u16),
            valid_from: period.expect("no flaws").0,
            valid_to: period.expect("no flaws").1,
        })
    }
}
