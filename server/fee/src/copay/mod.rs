//! What a patient pays in a month (一部負担金, 高額療養費, 公費), for one institution.
//!
//! Sources: 健康保険法 74・75条 (share and ten-yen rounding), 健康保険法施行令 41–43条 (limits, what is added together),
//! 高齢者の医療の確保に関する法律施行令 附則 (配慮措置 of the 20 % class, 2022-10 to 2025-09).
//!
//! Bills that the same payers bear are added first. For each, insurance leaves its share, or the limit; then each subsidy
//! leaves its own share, or its cap; what the last one leaves the patient pays. At the end what the patient pays over all
//! bills is held under the limit of the month by lowering the part that insurance alone bears (41条1項・3項・5項).

pub mod age;
pub(crate) mod chain;
pub mod laws;
pub mod limits;
pub mod visit;

pub use chain::settle;

use crate::FeeError;
use serde::{Deserialize, Serialize};

/// A month to be settled: the JSON of `karte fee copay`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Month {
    /// `YYYY-MM`.
    pub month: String,
    /// Age band.
    pub age_band: AgeBand,
    /// The patient's share in percent.
    pub insurance_share: u8,
    /// Income class; left out, only elders have a limit (一般, or 現役並みⅢ with a share of 30 %).
    #[serde(default)]
    pub limit_class: Option<String>,
    /// Inpatient.
    #[serde(default)]
    pub inpatient: bool,
    /// Fourth month or later at the limit within a year (多数回該当).
    #[serde(default)]
    pub many_times: bool,
    /// Month of the 75th birthday (75歳到達月).
    #[serde(default)]
    pub turned_75: bool,
    /// Cap of a long-term costly disease (マル長), 10,000 or 20,000 yen.
    #[serde(default, alias = "marucho", skip_serializing_if = "Option::is_none")]
    pub long_term_cap: Option<i64>,
    /// Subsidies, in any order.
    #[serde(default)]
    pub subsidies: Vec<Subsidy>,
    /// Bills.
    pub bills: Vec<Bill>,
}

/// Age band.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum AgeBand {
    /// 未就学.
    #[serde(rename = "preschool")]
    Preschool,
    /// Under 70.
    #[serde(rename = "under70")]
    Under70,
    /// 70 to 74 (高齢受給者).
    #[serde(rename = "70to74")]
    From70,
    /// 75 and over (後期高齢者).
    #[serde(rename = "75plus")]
    From75,
}

impl AgeBand {
    /// 70 and over.
    pub fn elder(self) -> bool {
        matches!(self, Self::From70 | Self::From75)
    }
}

/// A subsidy of the month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Subsidy {
    /// Name that bills refer to.
    pub id: String,
    /// Law number (法別番号), two digits; empty or unknown for a local subsidy.
    #[serde(default)]
    pub law: String,
    /// The patient's share in percent of the cost; left out, the law's.
    #[serde(default)]
    pub share: Option<u8>,
    /// The patient's cap in yen a month.
    #[serde(default)]
    pub cap: Option<i64>,
    /// The patient's cap in yen a visit (1回の上限), as local subsidies (地方単独事業) have it. With it, or with
    /// `charged_visits`, each bill is a visit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub visit_cap: Option<i64>,
    /// How many visits of a month the patient pays for (月の回数); later ones are free.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub charged_visits: Option<u16>,
}

impl Subsidy {
    /// Whether it counts visits, so that each bill is one.
    pub fn by_visit(&self) -> bool {
        self.visit_cap.is_some() || self.charged_visits.is_some()
    }
}

/// A bill: a cost in yen and who bears it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bill {
    /// Whole cost in yen.
    pub yen: i64,
    /// `insurance` and ids of subsidies.
    pub payers: Vec<String>,
}

/// What the month comes to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settlement {
    /// What the patient pays, in yen.
    pub patient_yen: i64,
    /// What each payer was charged and left.
    pub payers: Vec<Payer>,
    /// What a person should look at beyond the figures.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub flags: Vec<Flag>,
}

/// What the figures do not settle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Flag {
    /// 世帯合算: under 70, a part of 21,000 yen or more (10,500 in the month of the 75th birthday) can be added to what the
    /// household paid elsewhere (健康保険法施行令 41条1項). What was paid elsewhere is not known here.
    Household,
}

/// A payer's part.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payer {
    /// `insurance`, or the subsidy's id.
    pub id: String,
    /// What reached it, in yen.
    pub charged_yen: i64,
    /// What it left, to the next payer or to the patient.
    pub left_yen: i64,
    /// What the patient pays of what it left (nothing where another payer follows).
    pub patient_yen: i64,
    /// Whether a limit or a cap made what it left smaller.
    #[serde(skip)]
    pub limited: bool,
}

impl Month {
    /// Year and month.
    ///
    /// # Errors
    /// [`FeeError::Value`] at `month` when it is not `YYYY-MM`.
    pub fn year_and_month(&self) -> Result<(i32, u32), FeeError> {
        let parsed = self.month.split_once('-').and_then(|(year, month)| {
            let valid = year.len() == 4 && month.len() == 2;
            let (year, month) = (year.parse::<i32>().ok()?, month.parse::<u32>().ok()?);
            (valid && (1..=12).contains(&month)).then_some((year, month))
        });
        parsed.ok_or_else(|| FeeError::value("month", "年月は YYYY-MM の形で書きます。"))
    }
}
