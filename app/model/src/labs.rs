//! Laboratory results (検体検査結果) with codes, units, reference ranges and H/L flags.

use crate::{codes::Jlac10, ids::*, master::LabItem, outside::Origin, share::Flags, staff::StaffRef};
use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// High, low or within the reference range.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum LabFlag {
    /// Above the upper limit.
    H,
    /// Below the lower limit.
    L,
    /// Within.
    N,
}

impl LabFlag {
    /// `H`, `L`, `N`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::H => "H",
            Self::L => "L",
            Self::N => "N",
        }
    }
}

/// A measured value: a number, or words such as `陰性`, `2+`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LabValue {
    /// A number in the item's unit.
    Number(Decimal),
    /// Words of the item's list.
    Text(String),
}

impl LabValue {
    /// As shown to people.
    pub fn show(&self) -> String {
        match self {
            Self::Number(number) => number.to_string(),
            Self::Text(text) => text.clone(),
        }
    }
}

/// One result of a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LabResult {
    /// The clinic's own item code (施設固有コード), letters, digits, `_`, `-`.
    pub local_code: String,
    /// Name as shown.
    pub name: String,
    /// JLAC10 code, for the designated items always.
    pub jlac10: Option<Jlac10>,
    /// Fixed display of the designated item (FHIR識別名), e.g. `HbA1c-NGSP`.
    pub fhir_name: Option<String>,
    /// Whether it belongs to the five designated infections (感染症5項目) rather than the 43 core tests.
    pub infection: bool,
    /// Specimen (検査材料), e.g. `血清`.
    pub specimen: String,
    /// The value.
    pub value: LabValue,
    /// Unit as printed, e.g. `mg/dL`.
    pub unit: String,
    /// Lower limit of the reference range.
    pub low: Option<Decimal>,
    /// Upper limit of the reference range.
    pub high: Option<Decimal>,
}

impl LabResult {
    /// Where the value lies; none without a number or without limits.
    pub fn flag(&self) -> Option<LabFlag> {
        let LabValue::Number(value) = &self.value else { return None };
        match (self.low, self.high) {
            (None, None) => None,
            (_, Some(high)) if *value > high => Some(LabFlag::H),
            (Some(low), _) if *value < low => Some(LabFlag::L),
            _ => Some(LabFlag::N),
        }
    }

    /// In words, for a letter or a sheet: `K 5.6 mmol/L (H)`; within the range or without one there is no flag.
    pub fn as_text(&self) -> String {
        let flag = match self.flag() {
            Some(flag @ (LabFlag::H | LabFlag::L)) => format!(" ({})", flag.as_str()),
            _ => String::new(),
        };
        format!("{}{flag}", format!("{} {} {}", self.name, self.value.show(), self.unit).trim_end())
    }

    /// The reference range as printed: `3.5–5.0`, `≤ 5.5`.
    pub fn range(&self) -> String {
        match (self.low, self.high) {
            (Some(low), Some(high)) => format!("{low}–{high}"),
            (None, Some(high)) => format!("≤ {high}"),
            (Some(low), None) => format!("≥ {low}"),
            (None, None) => String::new(),
        }
    }
}

/// A report: what was measured in one specimen collection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LabReport {
    /// Its id.
    pub id: LabReportId,
    /// The visit it was ordered in, if known.
    pub visit: Option<VisitId>,
    /// When the specimen was taken (採取日時).
    pub collected_at: DateTime<Utc>,
    /// Who entered it.
    pub entered_by: StaffRef,
    /// 中間報告: results are still to come, so it is not shared yet.
    pub preliminary: bool,
    /// 長期保存, for designated infections only.
    pub flags: Flags,
    /// Where it was taken over from; such a report is never sent as ours.
    pub origin: Option<Origin>,
    /// The results.
    pub results: Vec<LabResult>,
    /// Version of the row.
    pub version: i64,
}

/// An item as the grid offers it: with the reference range this clinic printed last for a patient of the same sex and side
/// of eighteen; laboratories print their own ranges, so no master has them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LabLine {
    /// The item of the master.
    pub item: LabItem,
    /// Lower limit.
    pub low: Option<Decimal>,
    /// Upper limit.
    pub high: Option<Decimal>,
}

/// One typed result: the item and what was read off.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LabResultForm {
    /// Local code of the item in the laboratory master.
    pub item: String,
    /// Value as typed.
    pub value: String,
    /// Lower limit, prefilled from the last time or the master; may be empty.
    pub low: String,
    /// Upper limit.
    pub high: String,
}

/// What is typed to enter a report.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LabReportForm {
    /// The visit it belongs to.
    pub visit: Option<VisitId>,
    /// Collection day, in either calendar.
    pub collected_on: String,
    /// Collection time, `09:30`.
    pub collected_time: String,
    /// 中間報告: more results are to come, so it is not shared yet.
    #[serde(default)]
    pub preliminary: bool,
    /// The results; empty values are left out.
    pub results: Vec<LabResultForm>,
}

/// The values of one item over time, for the graph.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LabSeries {
    /// Local code of the item.
    pub local_code: String,
    /// Name as shown.
    pub name: String,
    /// Unit.
    pub unit: String,
    /// Latest lower limit.
    pub low: Option<Decimal>,
    /// Latest upper limit.
    pub high: Option<Decimal>,
    /// Day and value, oldest first.
    pub points: Vec<(NaiveDate, Decimal)>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn result(value: &str, low: Option<&str>, high: Option<&str>) -> LabResult {
        LabResult {
            local_code: "K".into(),
            name: "カリウム".into(),
            jlac10: None,
            fhir_name: Some("K".into()),
            infection: false,
            specimen: "血清".into(),
            value: LabValue::Number(value.parse().expect("a number")),
            unit: "mEq/L".into(),
            low: low.map(|l| l.parse().expect("a number")),
            high: high.map(|h| h.parse().expect("a number")),
        }
    }

    #[test]
    fn flags_only_what_lies_outside() {
        assert_eq!(result("5.1", Some("3.5"), Some("5.0")).flag(), Some(LabFlag::H));
        assert_eq!(result("5.0", Some("3.5"), Some("5.0")).flag(), Some(LabFlag::N));
        assert_eq!(result("3.4", Some("3.5"), None).flag(), Some(LabFlag::L));
        assert_eq!(result("3.4", None, None).flag(), None);
        assert_eq!(result("3.4", Some("3.5"), Some("5.0")).range(), "3.5–5.0");
    }
}
