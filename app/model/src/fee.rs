//! The statement (算定結果): what a visit costs, line by line, and why.

use crate::money::{Points, Yen};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// A fee line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeeLine {
    /// Claim code of the procedure or drug; for a drug unit (剤) the code of its first drug.
    pub code: String,
    /// Name as printed on the 明細書; further drugs of the unit follow in [`FeeLine::parts`].
    pub name: String,
    /// Names and amounts of what is inside the line (drugs of a unit), for the 明細書.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<String>,
    /// Points of one.
    pub points: Points,
    /// How many times.
    pub count: i64,
    /// Section of the fee table (点数表の部), as the 領収証 groups it.
    pub section: Section,
    /// Why the line is there, in Japanese.
    pub reason: String,
    /// The rule it follows, e.g. `A001 注8`.
    pub citation: String,
    /// Whether the points are an estimate, not yet from the official master.
    pub estimated: bool,
    /// Whether a person put the line there or changed its count; the reason then is that person's.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub by_hand: bool,
}

impl FeeLine {
    /// Points × count.
    pub fn total(&self) -> Points {
        self.points * self.count
    }
}

/// Sections of the 領収証 (領収証様式 医科).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Section {
    /// 初・再診料.
    Visit,
    /// 医学管理等.
    Management,
    /// 在宅医療.
    Home,
    /// 検査.
    Test,
    /// 画像診断.
    Imaging,
    /// 投薬.
    Drugs,
    /// 注射.
    Injection,
    /// リハビリテーション.
    Rehabilitation,
    /// 精神科専門療法.
    Psychiatry,
    /// 処置.
    Treatment,
    /// 手術.
    Surgery,
    /// 麻酔.
    Anaesthesia,
    /// 放射線治療.
    Radiotherapy,
    /// 病理診断.
    Pathology,
    /// その他 (ベースアップ評価料, 物価対応料 …).
    Other,
}

impl Section {
    /// As printed.
    pub fn label(self) -> &'static str {
        match self {
            Self::Visit => "初・再診料",
            Self::Management => "医学管理等",
            Self::Home => "在宅医療",
            Self::Test => "検査",
            Self::Imaging => "画像診断",
            Self::Drugs => "投薬",
            Self::Injection => "注射",
            Self::Rehabilitation => "リハビリテーション",
            Self::Psychiatry => "精神科専門療法",
            Self::Treatment => "処置",
            Self::Surgery => "手術",
            Self::Anaesthesia => "麻酔",
            Self::Radiotherapy => "放射線治療",
            Self::Pathology => "病理診断",
            Self::Other => "その他",
        }
    }
}

/// A candidate that is not billed, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Omitted {
    /// Claim code.
    pub code: String,
    /// Name.
    #[serde(default)]
    pub name: String,
    /// Why not, in Japanese with the rule.
    pub reason: String,
}

/// What a hint is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HintKind {
    /// Could be billed and is not (算定もれ).
    Missed,
    /// Will be cut or returned by the review (査定されやすい).
    Cut,
    /// To be looked at; nothing is known to be missing or wrong (確認).
    Check,
}

impl HintKind {
    /// In a word.
    pub fn label(self) -> &'static str {
        match self {
            Self::Missed => "算定もれ",
            Self::Cut => "査定注意",
            Self::Check => "確認",
        }
    }
}

/// Something beside the lines that a person should look at.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Hint {
    /// What it is about.
    pub kind: HintKind,
    /// In Japanese, with the rule in brackets.
    pub text: String,
    /// Claim code of the item that could be billed or may be cut, where it is one.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub code: String,
}

/// What a person decides against the calculation (算定の変更).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// Not to bill the lines with this code (算定しない).
    Withhold,
    /// To bill a code as often as said, whatever the rules say (追加).
    Add {
        /// How many times, from 1.
        count: i64,
    },
    /// To bill the line with this code as often as said (回数の変更).
    Count {
        /// How many times, from 1.
        count: i64,
    },
}

impl Change {
    /// In a few words.
    pub fn label(self) -> String {
        match self {
            Self::Withhold => "算定しない".to_owned(),
            Self::Add { count: 1 } => "追加".to_owned(),
            Self::Add { count } => format!("追加（{count}回）"),
            Self::Count { count } => format!("{count}回に変更"),
        }
    }
}

/// A change as it is typed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OverrideForm {
    /// Claim code, 9 digits.
    pub code: String,
    /// What is decided.
    pub change: Change,
    /// Why, in the words of who decides; 1 to 200 characters.
    pub reason: String,
}

/// A change that is kept: who decided it, when and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Override {
    /// Which.
    pub id: crate::ids::OverrideId,
    /// Claim code.
    pub code: String,
    /// Name of the item on the day.
    pub name: String,
    /// What is decided.
    pub change: Change,
    /// Why.
    pub reason: String,
    /// Name of who decided.
    pub by: String,
    /// When.
    pub at: chrono::DateTime<chrono::Utc>,
}

/// What one payer bears.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PayerShare {
    /// `insurance`, or the subsidy's payer number.
    pub id: String,
    /// What was charged to the payer, in yen.
    pub charged_yen: Yen,
    /// What the payer leaves to the next one, in yen.
    pub left_yen: Yen,
}

/// Who pays what.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payment {
    /// What the patient pays, in yen.
    pub patient_yen: Yen,
    /// What the others bear, in legal order.
    pub payers: Vec<PayerShare>,
}

/// The statement of a visit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statement {
    /// Edition of the tables it was calculated with, e.g. `R8`.
    pub edition: String,
    /// Day of service.
    pub date: NaiveDate,
    /// The lines.
    pub lines: Vec<FeeLine>,
    /// What is not billed, and why.
    pub omitted: Vec<Omitted>,
    /// What could be billed or may be cut.
    pub hints: Vec<Hint>,
    /// Total points.
    pub points: Points,
    /// Who pays what, of what the insurance covers.
    pub payment: Payment,
    /// Items outside of insurance (自費), apart from everything above.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub self_paid: Vec<crate::inhouse::SelfPaidLine>,
    /// What people decided against the calculation, oldest first; the lines already follow it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub overrides: Vec<Override>,
}

impl Statement {
    /// What the patient hands over: the share of what is insured, and what is not insured.
    pub fn due(&self) -> Yen {
        self.payment.patient_yen + self.self_paid.iter().map(|line| line.total).sum()
    }

    /// Points by section, in the order of the fee table.
    pub fn by_section(&self) -> Vec<(Section, Points)> {
        let mut sums = std::collections::BTreeMap::new();
        for line in &self.lines {
            *sums.entry(line.section).or_insert(Points(0)) += line.total();
        }
        sums.into_iter().collect()
    }

    /// Whether any line rests on an estimate.
    pub fn has_estimates(&self) -> bool {
        self.lines.iter().any(|line| line.estimated)
    }
}

/// A payment that was taken (入金).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// Receipt number within the clinic (領収証番号).
    pub number: i64,
    /// When.
    pub at: chrono::DateTime<chrono::Utc>,
    /// By whom.
    pub by: String,
    /// What was due.
    pub due: Yen,
    /// What was handed over (お預り).
    pub tendered: Yen,
    /// Change (お釣り).
    pub change: Yen,
    /// The receipt this one took the place of, when a difference was settled later (差額の精算).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub settles: Option<Settled>,
}

/// A receipt that another one took the place of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settled {
    /// Its number.
    pub number: i64,
    /// What had been paid with it.
    pub due: Yen,
}

/// Everything the payment screen and the printed pages show.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bill {
    /// The visit.
    pub visit: crate::visit::Visit,
    /// The patient.
    pub patient: crate::patient::Patient,
    /// Name, address, phone and number of the clinic, as printed.
    pub clinic: ClinicCard,
    /// The statement.
    pub statement: Statement,
    /// Whether the statement is frozen because it was paid.
    pub receipt: Option<Receipt>,
}

/// The clinic as printed on papers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClinicCard {
    /// Name.
    pub name: String,
    /// Address.
    pub address: String,
    /// Phone.
    pub phone: String,
    /// Institution number, ten digits.
    pub number: String,
    /// The doctor in charge.
    pub doctor: String,
}
