//! Rows of the national masters (マスター), typed and dated, as rules and screens use them.
//!
//! Column numbers refer to the layouts of 支払基金 「レセプト電算処理システム マスターファイル仕様説明書」, 1-based.

use crate::codes::*;
use crate::points_table::*;
use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// Which master.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MasterKind {
    /// 傷病名.
    Disease,
    /// 修飾語.
    Modifier,
    /// 診療行為.
    Procedure,
    /// 医薬品.
    Drug,
    /// 特定器材.
    Material,
    /// コメント.
    Comment,
    /// アレルゲン (J-FAGY).
    Allergen,
    /// 検査項目 (JLAC).
    Lab,
}

impl MasterKind {
    /// All kinds.
    pub const ALL: [Self; 8] =
        [Self::Disease, Self::Modifier, Self::Procedure, Self::Drug, Self::Material, Self::Comment, Self::Allergen, Self::Lab];

    /// As typed on the command line and stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Disease => "disease",
            Self::Modifier => "modifier",
            Self::Procedure => "procedure",
            Self::Drug => "drug",
            Self::Material => "material",
            Self::Comment => "comment",
            Self::Allergen => "allergen",
            Self::Lab => "lab",
        }
    }

    /// Reads what [`MasterKind::as_str`] wrote.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }
}

/// When a row is in force and which edition it came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Validity {
    /// First day in force.
    pub from: NaiveDate,
    /// Last day in force; open when absent.
    pub to: Option<NaiveDate>,
    /// Edition the row came from, e.g. `S 2025-09-01`.
    pub edition: String,
}

impl Validity {
    /// Whether the row is in force on a day.
    pub fn covers(&self, day: NaiveDate) -> bool {
        self.from <= day && self.to.is_none_or(|end| day <= end)
    }
}

/// A disease (傷病名), master B.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Disease {
    /// Column 3.
    pub code: DiseaseCode,
    /// Column 6 (基本名称).
    pub name: String,
    /// Column 10.
    pub kana: String,
    /// 病名管理番号, 8 digits.
    pub management: String,
    /// Column 13 (病名交換用コード).
    pub exchange: String,
    /// Column 16 (ICD-10 2013), may be empty.
    pub icd10: String,
    /// Column 4 (移行先コード), where the name was abolished.
    pub successor: Option<DiseaseCode>,
    /// Column 19: may not stand alone (単独使用禁止).
    pub never_alone: bool,
    /// Column 20: not covered by insurance (保険請求外).
    pub uninsured: bool,
    /// Column 21 (特定疾患等対象区分): 03, 04 皮膚特定, 05 特定疾患療養管理, 07 てんかん, 09 難病; empty otherwise.
    pub special: String,
    /// When in force.
    pub validity: Validity,
}

/// A modifier (修飾語), master Z.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Modifier {
    /// Column 3.
    pub code: ModifierCode,
    /// Column 7.
    pub name: String,
    /// Reading, where the master has one.
    pub kana: String,
    /// 修飾語管理番号.
    pub management: String,
    /// 修飾語交換用コード.
    pub exchange: String,
    /// Column 19 (修飾語区分), as in the master (`A2000000`): the second character tells 1 部位, 2 位置, 3 病因,
    /// 4 経過表現, 5 状態表現, 6 患者帰属, 7 その他, 8 接尾語.
    pub class: String,
    /// Whether it stands behind the name.
    pub suffix: bool,
    /// When in force.
    pub validity: Validity,
}

/// Steps of a procedure priced by quantity (きざみ), columns 30–35.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// Column 31: up to here the base points hold.
    pub lower: Decimal,
    /// Column 32: no more than this.
    pub upper: Decimal,
    /// Column 33: width of a step.
    pub width: Decimal,
    /// Column 34: points a step.
    pub points: Decimal,
    /// Column 35: what to do outside the limits, as in the master.
    pub on_error: u8,
}

/// A procedure (診療行為), master S.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Procedure {
    /// Column 3.
    pub code: ProcedureCode,
    /// Column 5 (省略漢字名称).
    pub name: String,
    /// Column 113 or the long name (基本漢字名称), where given.
    pub long_name: String,
    /// Column 7.
    pub kana: String,
    /// Column 10: unit of the quantity, empty when it has none.
    pub unit: String,
    /// Column 11 (点数識別): 1 金額, 3 点数(+), 5 %加算, 6 %減算, 7 減点, 8 点数(−) …
    pub point_kind: u8,
    /// Column 12: points, yen or percent, by `point_kind`.
    pub points: Decimal,
    /// Whether the points are an estimate and not from the official master.
    pub estimated: bool,
    /// Column 13: 0 both, 1 inpatient only, 2 outpatient only.
    pub in_out: u8,
    /// Column 15 (点数欄集計先 外来), three digits such as `110`, `600`.
    pub section: String,
    /// Column 16 (包括対象検査): 0 none, 1 D007, 2 D008, 3 D013 …
    pub bundle: u16,
    /// Column 19: 0 both, 1 hospital, 2 clinic.
    pub hospital_clinic: u8,
    /// Columns 30–35.
    pub step: Option<Step>,
    /// Columns 38 and 39: add-on group code and number.
    pub add_on: (String, String),
    /// Column 40 (通則年齢): 1 an add-on of the general rules (通則) for age may go with it, 2 that of E002 注2; of an add-on, that
    /// it is one itself; 0 neither.
    #[serde(default)]
    pub general_age: u8,
    /// Columns 41, 42 (下限・上限年齢), as in the master, `00` none.
    pub ages: (String, String),
    /// Column 43 (時間加算区分).
    pub time_add_on: u8,
    /// Column 46 (処置乳幼児加算区分): which add-on for infants a treatment may have: under three years 1 110点, 2 55点; under six
    /// years 3 110点, 4 83点, 5 55点; of an add-on, that it is that one itself; 0 none.
    #[serde(default)]
    pub treatment_infant: u8,
    /// Column 50: 1 a test done (実施料), 2 a judgement fee (判断料).
    pub judgement_kind: u8,
    /// Column 51: judgement group (判断グループ), 1 尿 2 血液 3 生化I …
    pub judgement_group: u8,
    /// Column 52 (逓減対象区分): 1 billed for less from the second time; of an add-on, that it is the code for that; 0 not.
    #[serde(default)]
    pub diminishing: u8,
    /// Column 56 (外来管理加算区分): 1 blocks it, 2 is it; 0 neither.
    pub outpatient_management: u8,
    /// Columns 68, 69 (告示等識別区分): 1 basic, 3 composed, 5 準用, 7 add-on, 9 general rule.
    pub notice_kind: u8,
    /// Columns 72–81 (施設基準コード), not 0.
    pub standards: Vec<String>,
    /// Column 117 (区分番号 as text, e.g. `A001`), may be empty.
    pub article: String,
    /// When in force.
    pub validity: Validity,
}

/// A drug (医薬品), master Y.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Drug {
    /// Column 3.
    pub code: DrugCode,
    /// Column 5.
    pub name: String,
    /// Column 7 (kana), as in the master.
    pub kana: String,
    /// Column 10: unit.
    pub unit: String,
    /// Column 12: price in yen per unit (薬価), two decimals.
    pub price: Decimal,
    /// Whether the price is derived by matching names rather than from the master.
    pub estimated: bool,
    /// Column 28: 1 internal, 4 injection, 6 external, 8 dental, 3 other.
    pub form: u8,
    /// Column 14: 1 麻薬, 2 毒薬, 3 覚醒剤原料, 5 向精神薬; 0 none.
    pub controlled: u8,
    /// Column 17: generic (後発品).
    pub generic: bool,
    /// Column 32: 薬価基準収載医薬品コード, 12 characters (≈ YJ).
    pub yj: String,
    /// Columns 37, 38: general-name code and text (一般名処方), where there is one.
    pub general_name: Option<(String, String)>,
    /// Column 39: general-name add-on class (一般名処方加算対象区分), 0 none.
    pub general_name_add_on: u8,
    /// When in force.
    pub validity: Validity,
}

/// A comment (コメント), master C.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Comment {
    /// `8` + pattern (2) + serial (6).
    pub code: CommentCode,
    /// Text of the master.
    pub text: String,
    /// Pattern: 10 free text, 20 fixed, 30 fixed + free, 40 digits in the text, 42 + number, 50 + date …
    pub pattern: u8,
    /// Columns 10–17: where digits go into the text of pattern 40, as (column position, number of digits); unused pairs left out.
    #[serde(default)]
    pub slots: Vec<(u8, u8)>,
    /// When in force.
    pub validity: Validity,
}

/// A material (特定器材), master T.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Material {
    /// Column 3.
    pub code: String,
    /// Column 5.
    pub name: String,
    /// Column 7 (kana), as in the master.
    pub kana: String,
    /// Column 10: unit, may be empty.
    pub unit: String,
    /// Column 11 (金額種別): 1 yen, 2 purchase price (購入価格), 5 %加算 …, as in the master.
    pub price_kind: u8,
    /// Column 12: price in yen per unit, or percent, by `price_kind`.
    pub price: Decimal,
    /// When in force.
    pub validity: Validity,
}

/// An allergen, J-FAGY.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Allergen {
    /// Code with its prefix `J9F`, `J9N`, `D9M`, `D9F`, `D9N`.
    pub code: AllergenCode,
    /// Name.
    pub name: String,
    /// Kana.
    pub kana: String,
    /// English name.
    pub english: String,
    /// Kind.
    pub category: crate::chart::AllergenCategory,
    /// When in force.
    pub validity: Validity,
}

/// A laboratory item: one of the 43 core tests or five infections with its preferred JLAC10 code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LabItem {
    /// The clinic's own item code.
    pub local_code: String,
    /// Name as shown, e.g. `ヘモグロビンA1c`.
    pub name: String,
    /// Reading for search.
    pub kana: String,
    /// FHIR識別名, fixed.
    pub fhir_name: String,
    /// The JLAC10 codes of the group, the preferred first.
    pub jlac10: Vec<Jlac10>,
    /// Whether it belongs to the five infections.
    pub infection: bool,
    /// Specimen in words.
    pub specimen: String,
    /// Usual unit; empty for words.
    pub unit: String,
    /// Words that may be chosen, for qualitative items.
    pub choices: Vec<String>,
    /// When in force.
    pub validity: Validity,
}

/// What the fee rules ask of the masters. Everything is asked for a day.
pub trait Tables: Send + Sync {
    /// Name of the edition in force on a day (`R6`, `R8`), none where no tables cover it.
    fn edition(&self, on: NaiveDate) -> Option<String>;
    /// A procedure.
    fn procedure(&self, code: &str, on: NaiveDate) -> Option<&Procedure>;
    /// A drug.
    fn drug(&self, code: &str, on: NaiveDate) -> Option<&Drug>;
    /// A disease.
    fn disease(&self, code: &str, on: NaiveDate) -> Option<&Disease>;
    /// A material (特定器材); tables without them answer nothing.
    fn material(&self, _code: &str, _on: NaiveDate) -> Option<&Material> {
        None
    }
    /// Whether one of the tables of the electronic points table (医科電子点数表) speaks for a day. Where it is not
    /// [`Reach::InForce`], the three questions below answering nothing says nothing about the rule.
    fn reach(&self, _table: RuleTable, _on: NaiveDate) -> Reach {
        Reach::Absent
    }
    /// Every limit on how often an item may be billed (05 算定回数テーブル).
    fn count_limits(&self, _code: Code9, _on: NaiveDate, _each: &mut dyn FnMut(CountLimit)) {}
    /// Which of `others`, by place, may not be billed beside an item (03-1 … 03-4 背反テーブル). A pair may stand in several
    /// tables and is then told for each.
    fn exclusions(&self, _code: Code9, _others: &[Code9], _on: NaiveDate, _each: &mut dyn FnMut(usize, Exclusion)) {}
    /// Which of `members`, by place, an item includes (02 包括テーブル).
    fn bundled(&self, _owner: Code9, _members: &[Code9], _on: NaiveDate, _each: &mut dyn FnMut(usize, Bundle)) {}
}

/// An edition that is loaded, for the administrator's screen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EditionInfo {
    /// Which table.
    pub kind: crate::edition::FileKind,
    /// Name of the edition, as in [`Validity::edition`].
    pub name: String,
    /// Name of the source file as published.
    pub file: String,
    /// SHA-256 of the source file, hexadecimal.
    pub sha256: String,
    /// Rows of this edition that are loaded.
    pub rows: u32,
    /// First day the edition speaks of.
    pub date: NaiveDate,
    /// Rows whose figure is an estimate.
    pub estimated: u32,
}

/// A hit of the master search, ready to be shown in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MasterHit {
    /// Which master.
    pub kind: MasterKind,
    /// Code.
    pub code: String,
    /// Name; of a disease the base name without `modifiers` (see [`MasterHit::whole_name`]).
    pub name: String,
    /// Second line: kana, general name, ICD-10 or the like.
    pub detail: String,
    /// Right side: points, price, unit.
    pub figure: String,
    /// Unit in which a quantity is typed.
    pub unit: String,
    /// Whether the figure is an estimate.
    pub estimated: bool,
    /// Modifiers found in front of and behind a disease's name while composing.
    #[serde(default)]
    pub modifiers: Vec<crate::chart::ModifierRef>,
    /// A warning such as 単独使用禁止 or 廃止 (with successor), empty when there is none.
    #[serde(default)]
    pub warning: String,
    /// Words that may be chosen as a laboratory value.
    #[serde(default)]
    pub choices: Vec<String>,
    /// What else a disease carries.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disease: Option<DiseaseFacts>,
    /// The clinic's own short name (院内略称), empty when there is none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub own_name: String,
    /// Whether the clinic adopted it (採用) or uses it often by its own word (よく使う).
    #[serde(default)]
    pub preferred: bool,
    /// How a drug is usually prescribed here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usual: Option<crate::inhouse::UsualDose>,
}

/// Codes and flags of a disease that was found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DiseaseFacts {
    /// ICD-10 (2013), may be empty.
    pub icd10: String,
    /// 病名管理番号.
    pub management: String,
    /// 病名交換用コード.
    pub exchange: String,
    /// Fee flags in words, e.g. `特定疾患療養管理`, `皮膚特定疾患I`, `難病`.
    pub flags: Vec<String>,
    /// What takes its place (移行先) where the name was abolished: code and name.
    pub successor: Option<(String, String)>,
}

impl MasterHit {
    /// The name as it is shown: modifiers in front, the name, modifiers behind (`左` + `変形性膝関節症` + `の疑い`).
    pub fn whole_name(&self) -> String {
        let part = |suffix| self.modifiers.iter().filter(move |m| m.suffix == suffix).map(|m| m.name.as_str());
        part(false).chain([self.name.as_str()]).chain(part(true)).collect()
    }
}
