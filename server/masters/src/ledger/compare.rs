//! How two states of a row are compared: its name, its figure, and the fields a person is told of, in Japanese.

use crate::table::Row;
use model::master::*;
use rust_decimal::Decimal;

/// A row that can be compared with another of its code.
pub(super) trait Compared: Row {
    /// Its name.
    fn name(&self) -> &str;
    /// Points or price with its unit, none where there is none.
    fn figure(&self) -> Option<(Decimal, &'static str)> {
        None
    }
    /// The fields in which two rows differ, but name and figure.
    fn differs(&self, other: &Self) -> Vec<&'static str>;
}

/// Collects the labels of the pairs that are not equal.
macro_rules! differing {
    ($a:ident, $b:ident, $($label:literal: $($field:ident),+;)+) => {{
        let mut labels = Vec::new();
        $(if $($a.$field != $b.$field)||+ { labels.push($label); })+
        labels
    }};
}

impl Compared for Disease {
    fn name(&self) -> &str {
        &self.name
    }
    fn differs(&self, other: &Self) -> Vec<&'static str> {
        differing! { self, other,
            "カナ": kana; "病名管理番号": management; "交換用コード": exchange; "ICD-10": icd10; "移行先": successor;
            "単独使用禁止": never_alone; "保険請求外": uninsured; "特定疾患等": special;
        }
    }
}

impl Compared for Modifier {
    fn name(&self) -> &str {
        &self.name
    }
    fn differs(&self, other: &Self) -> Vec<&'static str> {
        differing! { self, other,
            "カナ": kana; "管理番号": management; "交換用コード": exchange; "修飾語区分": class, suffix;
        }
    }
}

impl Compared for Procedure {
    fn name(&self) -> &str {
        &self.name
    }
    fn figure(&self) -> Option<(Decimal, &'static str)> {
        Some((
            self.points.normalize(),
            match self.point_kind {
                1 => "円",
                5 | 6 => "％",
                _ => "点",
            },
        ))
    }
    fn differs(&self, other: &Self) -> Vec<&'static str> {
        differing! { self, other,
            "基本名称": long_name; "カナ": kana; "単位": unit; "点数識別": point_kind; "入外区分": in_out;
            "集計先": section; "包括対象検査": bundle; "病院・診療所区分": hospital_clinic; "きざみ": step;
            "注加算": add_on; "年齢": ages; "時間加算": time_add_on; "判断料": judgement_kind, judgement_group;
            "外来管理加算": outpatient_management; "告示等識別": notice_kind; "施設基準": standards; "区分番号": article;
        }
    }
}

impl Compared for Drug {
    fn name(&self) -> &str {
        &self.name
    }
    fn figure(&self) -> Option<(Decimal, &'static str)> {
        Some((self.price, "円"))
    }
    fn differs(&self, other: &Self) -> Vec<&'static str> {
        differing! { self, other,
            "カナ": kana; "単位": unit; "剤形": form; "麻薬・毒薬等": controlled; "後発品": generic; "薬価基準コード": yj;
            "一般名": general_name; "一般名処方加算": general_name_add_on;
        }
    }
}

impl Compared for Material {
    fn name(&self) -> &str {
        &self.name
    }
    fn figure(&self) -> Option<(Decimal, &'static str)> {
        let unit = if matches!(self.price_kind, 5 | 6) { "％" } else { "円" };
        Some((self.price, unit))
    }
    fn differs(&self, other: &Self) -> Vec<&'static str> {
        differing! { self, other, "カナ": kana; "単位": unit; "金額種別": price_kind; }
    }
}

impl Compared for Comment {
    fn name(&self) -> &str {
        &self.text
    }
    fn differs(&self, other: &Self) -> Vec<&'static str> {
        differing! { self, other, "パターン": pattern; "桁の位置": slots; }
    }
}

impl Compared for Allergen {
    fn name(&self) -> &str {
        &self.name
    }
    fn differs(&self, other: &Self) -> Vec<&'static str> {
        differing! { self, other, "カナ": kana; "英語名": english; "区分": category; }
    }
}

impl Compared for LabItem {
    fn name(&self) -> &str {
        &self.name
    }
    fn differs(&self, other: &Self) -> Vec<&'static str> {
        differing! { self, other,
            "カナ": kana; "FHIR識別名": fhir_name; "JLAC10": jlac10; "材料": specimen; "単位": unit; "選択肢": choices;
        }
    }
}
