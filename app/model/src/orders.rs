//! Orders of a visit: prescriptions (処方) and procedures (診療行為).

use crate::{codes::*, comment::RecordedComment, ids::*};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// How a drug is taken (剤形区分 for fees): 内服, 屯服, 外用.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Route {
    /// 内服: by mouth, regularly; counted in days.
    Internal,
    /// 屯服: by mouth, when needed; counted in times.
    Prn,
    /// 外用: on the body; counted in dispensings.
    External,
}

impl Route {
    /// All routes.
    pub const ALL: [Self; 3] = [Self::Internal, Self::Prn, Self::External];

    /// As shown to people.
    pub fn label(self) -> &'static str {
        match self {
            Self::Internal => "内服",
            Self::Prn => "屯服",
            Self::External => "外用",
        }
    }

    /// What its count counts.
    pub fn counter(self) -> &'static str {
        match self {
            Self::Internal => "日分",
            Self::Prn => "回分",
            Self::External => "調剤",
        }
    }

    /// As stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Internal => "internal",
            Self::Prn => "prn",
            Self::External => "external",
        }
    }

    /// Reads what [`Route::as_str`] wrote.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|route| route.as_str() == text)
    }
}

/// Where the drug is handed out (院内・院外).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Dispensing {
    /// 院内処方.
    InHouse,
    /// 院外処方 (処方箋).
    Pharmacy,
}

impl Dispensing {
    /// As shown to people.
    pub fn label(self) -> &'static str {
        match self {
            Self::InHouse => "院内",
            Self::Pharmacy => "院外",
        }
    }

    /// As stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::InHouse => "in_house",
            Self::Pharmacy => "pharmacy",
        }
    }

    /// Reads what [`Dispensing::as_str`] wrote.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::InHouse, Self::Pharmacy].into_iter().find(|place| place.as_str() == text)
    }
}

/// One drug of a prescription group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RpItem {
    /// Claim code.
    pub code: DrugCode,
    /// Name as prescribed.
    pub name: String,
    /// YJ code, 12 characters, where the master has one.
    pub yj: Option<String>,
    /// General name with its code (一般名処方), where prescribed so.
    pub general_name: Option<(String, String)>,
    /// Amount: a day's for 内服, one time's for 屯服, the whole for 外用.
    pub amount: Decimal,
    /// Unit, e.g. `錠`.
    pub unit: String,
}

/// A prescription group (RP): drugs taken the same way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rp {
    /// Its id.
    pub id: RpId,
    /// How it is taken.
    pub route: Route,
    /// Where it is handed out.
    pub dispensing: Dispensing,
    /// Usage (用法) in words, e.g. `1日3回 毎食後`.
    pub usage: String,
    /// Usage code of the e-prescription master (用法コード, 16 characters) where the usage has one.
    pub usage_code: Option<String>,
    /// Times a day, for doses per time.
    pub times_per_day: u8,
    /// Days, times or dispensings, by route.
    pub count: u16,
    /// The drugs.
    pub items: Vec<RpItem>,
    /// Version of the row.
    pub version: i64,
}

impl Rp {
    /// As text, for showing two versions side by side.
    pub fn as_text(&self) -> String {
        let how = format!("{} {} {}{}", self.dispensing.label(), self.usage, self.count, self.route.counter());
        let drugs = self.items.iter().map(|item| {
            let general = item.general_name.as_ref().map(|(_, name)| format!("（一般名処方 {name}）")).unwrap_or_default();
            format!("{} {}{}{general}", item.name, item.amount.normalize(), item.unit)
        });
        [how].into_iter().chain(drugs).collect::<Vec<_>>().join("\n")
    }
}

/// One typed drug.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RpItemForm {
    /// Claim code.
    pub code: String,
    /// Amount as typed.
    pub amount: String,
    /// Prescribe by general name.
    pub general_name: bool,
}

/// What is typed for a prescription group.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RpForm {
    /// `internal`, `prn`, `external`.
    pub route: String,
    /// `in_house` or `pharmacy`.
    pub dispensing: String,
    /// Key of the usage list ([`Usage::key`]), or empty with a free text.
    pub usage: String,
    /// Free text of the usage where no key fits.
    pub usage_text: String,
    /// Days, times or dispensings.
    pub count: String,
    /// The drugs.
    pub items: Vec<RpItemForm>,
}

/// A usage (用法) of the clinic's list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Usage {
    /// Short key, e.g. `3A` typed to choose it.
    pub key: String,
    /// Words, e.g. `1日3回 毎食後`.
    pub text: String,
    /// Code of the e-prescription usage master, where the source gives one.
    pub code: Option<String>,
    /// For which route.
    pub route: Route,
    /// Times a day.
    pub times_per_day: u8,
}

/// A material (特定器材) used with a procedure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UsedMaterial {
    /// Claim code.
    pub code: String,
    /// Name.
    pub name: String,
    /// How much, in `unit`.
    pub amount: Decimal,
    /// Unit, or `個` where the master names none.
    pub unit: String,
}

/// What is put beside a procedure (薬剤・特定器材・コメント), as typed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PartForm {
    /// `drug`, `material` or `comment`.
    pub kind: crate::master::MasterKind,
    /// Its code.
    pub code: String,
    /// Amount of a drug or material; what a comment asks for.
    pub typed: String,
}

/// An ordered procedure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProcedureOrder {
    /// Its id.
    pub id: ProcedureOrderId,
    /// Claim code.
    pub code: ProcedureCode,
    /// Name.
    pub name: String,
    /// Quantity, in the item's unit where it has one, else times.
    pub quantity: Decimal,
    /// Unit, or `回`.
    pub unit: String,
    /// Drugs used with it (injections, tests): code, name, amount, unit.
    pub drugs: Vec<RpItem>,
    /// Materials (特定器材) used with it.
    #[serde(default)]
    pub materials: Vec<UsedMaterial>,
    /// Comments (コメント) that go with it into the claim.
    #[serde(default)]
    pub comments: Vec<RecordedComment>,
    /// Version of the row.
    pub version: i64,
}

/// The orders of a visit.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Orders {
    /// Prescription groups.
    pub prescriptions: Vec<Rp>,
    /// Procedures.
    pub procedures: Vec<ProcedureOrder>,
    /// Items outside of insurance (自費).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub self_paid: Vec<crate::inhouse::SelfPaidLine>,
}
