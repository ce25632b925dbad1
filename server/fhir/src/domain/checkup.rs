//! A health check done in the clinic (健診結果報告書).
//!
//! Source of the codes: CodeSystems of eCheckup 1.5.0 (報告区分 1001, 実施区分 1002, section-code, 受診券・利用券 208).

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What kind of check it is; kind of report, programme and sections follow from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CheckupKind {
    /// 特定健康診査.
    Specific,
    /// 事業者健診 (労働安全衛生法).
    Employer,
    /// 広域連合の保健事業 (後期高齢者).
    RegionalUnion,
    /// 学校職員健診.
    School,
    /// その他の健診.
    Other,
}

impl CheckupKind {
    /// All kinds.
    pub const ALL: [Self; 5] = [Self::Specific, Self::Employer, Self::RegionalUnion, Self::School, Self::Other];

    /// Kind of report (報告区分): code and display.
    pub fn report(self) -> (&'static str, &'static str) {
        match self {
            Self::Specific => ("10", "特定健診情報"),
            Self::Employer => ("41", "事業者健診"),
            Self::RegionalUnion | Self::School | Self::Other => ("99", "そのほか"),
        }
    }

    /// Programme (実施区分): code and display.
    pub fn programme(self) -> (&'static str, &'static str) {
        match self {
            Self::Specific => ("010", "特定健康診査"),
            Self::Employer => ("030", "事業者健診"),
            Self::RegionalUnion => ("020", "広域連合の保健事業"),
            Self::School => ("040", "学校健診"),
            Self::Other => ("990", "その他の健診(検診)"),
        }
    }

    /// Section of what was measured: code and display.
    pub fn measured(self) -> (&'static str, &'static str) {
        match self {
            Self::Specific => ("01011", "特定健診検査結果セクション"),
            Self::Employer => ("01031", "事業者健診検査結果セクション"),
            Self::RegionalUnion => ("01021", "広域連合保健事業検査結果セクション"),
            Self::School => ("01041", "学校職員健診検査結果セクション"),
            Self::Other => ("01910", "検査結果セクション"),
        }
    }

    /// Section of what was asked: code and display.
    pub fn asked(self) -> (&'static str, &'static str) {
        match self {
            Self::Specific => ("01012", "特定健診問診結果セクション"),
            Self::Employer => ("01032", "事業者健診問診結果セクション"),
            Self::RegionalUnion => ("01022", "広域連合保健事業問診結果セクション"),
            Self::School => ("01042", "学校職員健診問診結果セクション"),
            Self::Other => ("01920", "問診結果セクション"),
        }
    }

    /// Reads a programme's code.
    pub fn parse(programme: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.programme().0 == programme)
    }
}

/// What came out for an item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CheckupValue {
    /// A number with its unit as printed.
    Number {
        /// The number.
        value: Decimal,
        /// The unit, may be empty.
        unit: String,
    },
    /// A choice of a list (結果値コード).
    Choice {
        /// The list's identifier, e.g. `urn:oid:1.2.392.200119.6.2001`.
        system: String,
        /// The code in it.
        code: String,
        /// Its words.
        display: String,
    },
    /// Words.
    Words(String),
    /// Not done, with the reason in words (dataAbsentReason.text).
    Missing(String),
}

/// One item of a check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckupItem {
    /// Code of the item (健診項目コード, 17 digits).
    pub code: String,
    /// Its name.
    pub name: String,
    /// Asked (問診) rather than measured.
    pub asked: bool,
    /// What came out.
    pub value: CheckupValue,
    /// Lower limit of the reference range.
    pub low: Option<Decimal>,
    /// Upper limit of the reference range.
    pub high: Option<Decimal>,
    /// Words that go with the result: code of the item of words, its name, the words (e.g. 具体的な既往歴).
    pub detail: Option<(String, String, String)>,
}

/// The ticket a patient came with (受診券).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ticket {
    /// Its number (受診券整理番号).
    pub number: String,
    /// Valid until, where printed.
    pub until: Option<NaiveDate>,
}

/// The insurer who pays for a check (保険者).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Insurer {
    /// Its number, eight digits with leading zeros.
    pub number: String,
    /// Its name, may be empty.
    pub name: String,
}

/// A health check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checkup {
    /// Its id.
    pub id: Uuid,
    /// What kind.
    pub kind: CheckupKind,
    /// Day it was done.
    pub done_on: NaiveDate,
    /// The items.
    pub items: Vec<CheckupItem>,
    /// Doctor who judged (判定した医師), the context's where empty.
    pub judged_by: String,
    /// The ticket, for a 特定健診.
    pub ticket: Option<Ticket>,
    /// The insurer, with ticket or insurance.
    pub insurer: Option<Insurer>,
}
