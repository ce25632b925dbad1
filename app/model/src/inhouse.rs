//! The clinic's own layer over the national masters (院内マスター): adopted drugs, favourites, own names, order sets and
//! items outside of insurance. National rows are never edited; the layer refers to them by code and survives every import.

use crate::{ids::*, master::MasterKind, money::Yen, orders::*};
use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// How the national row of an item stands today.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Standing {
    /// In force.
    InForce,
    /// In force, with a last day that is known.
    Ends {
        /// The last day.
        on: NaiveDate,
    },
    /// Ended (廃止).
    Ended {
        /// The last day.
        on: NaiveDate,
        /// What takes its place (移行先), code and name.
        successor: Option<(String, String)>,
    },
    /// The masters do not know the code.
    Unknown,
}

impl Standing {
    /// Whether somebody has to mend it (要修正).
    pub fn needs_repair(&self) -> bool {
        matches!(self, Self::Ended { .. } | Self::Unknown)
    }
}

/// How a drug is usually prescribed here (既定の用法・用量).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UsualDose {
    /// Amount: a day's for 内服, one time's for 屯服, the whole for 外用.
    pub amount: Decimal,
    /// How it is taken.
    pub route: Route,
    /// Key of the usage list ([`Usage::key`]); empty for none.
    pub usage: String,
    /// Days, times or dispensings; 0 for none.
    pub count: u16,
}

/// What the clinic says about one national row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InhouseItem {
    /// Which master.
    pub kind: MasterKind,
    /// Code of the national row.
    pub code: String,
    /// Its name, as last known.
    pub name: String,
    /// Own short name (院内略称); empty for none.
    pub own_name: String,
    /// Own reading (読み); empty for none.
    pub own_reading: String,
    /// Adopted here (採用).
    pub adopted: bool,
    /// Offered first (よく使う).
    pub favourite: bool,
    /// Not offered (非表示).
    pub hidden: bool,
    /// For drugs.
    pub usual: Option<UsualDose>,
    /// How the national row stands today.
    pub standing: Standing,
    /// Version of the row; 0 while there is none.
    pub version: i64,
}

/// What is typed about a national row.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InhouseForm {
    /// Own short name.
    pub own_name: String,
    /// Own reading, in kana.
    pub own_reading: String,
    /// Adopted here.
    pub adopted: bool,
    /// Offered first.
    pub favourite: bool,
    /// Not offered.
    pub hidden: bool,
    /// Usual amount; empty for none.
    pub amount: String,
    /// `internal`, `prn`, `external`; empty for none.
    pub route: String,
    /// Key of the usage list; empty for none.
    pub usage: String,
    /// Usual days, times or dispensings; empty for none.
    pub count: String,
}

/// An order set (約束処方・検査セット): put into a visit with one choice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderSet {
    /// Its id.
    pub id: OrderSetId,
    /// Name, e.g. `かぜセット`.
    pub name: String,
    /// Reading for search.
    pub reading: String,
    /// Prescription groups; their ids mean nothing.
    pub prescriptions: Vec<Rp>,
    /// Procedures; their ids mean nothing.
    pub procedures: Vec<ProcedureOrder>,
    /// Items outside of insurance with their quantity.
    pub self_paid: Vec<(SelfPaidItem, u32)>,
    /// What has to be mended before it can be used, in Japanese (`アムロジン錠 は 2026-03-31 に廃止`).
    pub faults: Vec<String>,
    /// Version of the row.
    pub version: i64,
}

/// A procedure of a set, as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetProcedureForm {
    /// Claim code.
    pub code: String,
    /// Quantity.
    pub quantity: String,
}

/// An item outside of insurance in a set or a visit, as typed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SelfPaidForm {
    /// The item.
    pub item: SelfPaidItemId,
    /// How many.
    pub quantity: u32,
}

/// What is typed for a set.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrderSetForm {
    /// Name.
    pub name: String,
    /// Reading, in kana.
    pub reading: String,
    /// Prescription groups.
    pub prescriptions: Vec<RpForm>,
    /// Procedures.
    pub procedures: Vec<SetProcedureForm>,
    /// Items outside of insurance.
    pub self_paid: Vec<SelfPaidForm>,
}

/// An item of the clinic outside of insurance (自費項目): a certificate, a vaccination.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SelfPaidItem {
    /// Its id.
    pub id: SelfPaidItemId,
    /// Name as printed.
    pub name: String,
    /// Reading for search.
    pub reading: String,
    /// Price in yen of one.
    pub price: Yen,
    /// Consumption tax (消費税) in percent; 0 where none is taken. The clinic states it, the program knows no rate.
    pub tax_percent: u8,
    /// Whether the price holds the tax already (税込).
    pub tax_included: bool,
    /// Whether a visit with nothing else ordered is no insured one (健診・予防接種): no 初診料・再診料 then.
    #[serde(default)]
    pub no_visit_fee: bool,
    /// Whether it is offered.
    pub active: bool,
    /// Version of the row.
    pub version: i64,
}

impl SelfPaidItem {
    /// What a number of them costs, and the tax inside of that. A fraction of a yen of tax is dropped.
    pub fn cost(&self, quantity: u32) -> (Yen, Yen) {
        let net = self.price.0.saturating_mul(i64::from(quantity));
        let percent = i64::from(self.tax_percent);
        if self.tax_included {
            (Yen(net), Yen(net.saturating_mul(percent) / (100 + percent)))
        } else {
            let tax = net.saturating_mul(percent) / 100;
            (Yen(net.saturating_add(tax)), Yen(tax))
        }
    }
}

/// What is typed for an item outside of insurance.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SelfPaidItemForm {
    /// Name.
    pub name: String,
    /// Reading, in kana.
    pub reading: String,
    /// Price in yen.
    pub price: String,
    /// Tax in percent.
    pub tax_percent: String,
    /// Whether the price holds the tax.
    pub tax_included: bool,
    /// Whether a visit with nothing else ordered is no insured one.
    #[serde(default)]
    pub no_visit_fee: bool,
    /// Whether it is offered.
    pub active: bool,
}

/// An item outside of insurance in a visit, with the price of that day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SelfPaidLine {
    /// Its id.
    pub id: SelfPaidLineId,
    /// Which item.
    pub item: SelfPaidItemId,
    /// Name as it was then.
    pub name: String,
    /// How many.
    pub quantity: u32,
    /// What they cost together, tax included, in yen.
    pub total: Yen,
    /// The tax inside of `total`, in yen.
    pub tax: Yen,
    /// Tax in percent.
    pub tax_percent: u8,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(price: i64, tax_percent: u8, tax_included: bool) -> SelfPaidItem {
        let id = SelfPaidItemId(uuid::Uuid::nil());
        SelfPaidItem {
            id,
            name: String::new(),
            reading: String::new(),
            price: Yen(price),
            tax_percent,
            tax_included,
            no_visit_fee: false,
            active: true,
            version: 1,
        }
    }

    #[test]
    fn tax_is_added_or_found_inside() {
        assert_eq!(item(5_000, 10, false).cost(1), (Yen(5_500), Yen(500)));
        assert_eq!(item(5_500, 10, true).cost(1), (Yen(5_500), Yen(500)));
        assert_eq!(item(333, 10, false).cost(1), (Yen(366), Yen(33)));
        assert_eq!(item(3_000, 0, false).cost(2), (Yen(6_000), Yen(0)));
    }
}
