//! Importing the national masters (マスター取込): files that were handed in, what they would change, what was applied.
//!
//! A *file* is what an authority published, known by its SHA-256. An *edition* (版) is a file that was applied; what is in
//! force is a function of the set of applied editions alone, never of the order in which they were applied.

use crate::{ids::*, master::*};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

/// What a published file holds, recognised from its content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FileKind {
    /// 傷病名マスター (B).
    Disease,
    /// 修飾語マスター (Z).
    Modifier,
    /// 医科診療行為マスター (S).
    Procedure,
    /// 医薬品マスター (Y).
    Drug,
    /// 特定器材マスター (T).
    Material,
    /// コメントマスター (C).
    Comment,
    /// J-FAGY アレルゲン.
    Allergen,
    /// JLAC core laboratory codes of the sharing service.
    Lab,
    /// 電子点数表 01 補助マスターテーブル.
    PointsHelper,
    /// 電子点数表 02 包括テーブル.
    PointsBundle,
    /// 電子点数表 03-1 背反テーブル1 (1日につき).
    PointsSameDay,
    /// 電子点数表 03-2 背反テーブル2 (同一月内).
    PointsSameMonth,
    /// 電子点数表 03-3 背反テーブル3 (同時).
    PointsSameTime,
    /// 電子点数表 03-4 背反テーブル4 (1週間につき).
    PointsSameWeek,
    /// 電子点数表 04 入院基本料テーブル.
    PointsInpatient,
    /// 電子点数表 05 算定回数テーブル.
    PointsCount,
    /// コメント関連テーブル.
    CommentRelation,
    /// 一般名処方マスタ.
    GeneralName,
    /// 薬価基準収載品目リスト.
    DrugPriceList,
    /// Drug price standard (薬価基準 告示) as a list of names and prices.
    DrugPriceStandard,
    /// Prices of a new standard matched to drug codes.
    MatchedPrice,
    /// Estimated points of a coming revision.
    EstimatedPoints,
    /// Points of a coming revision read from the notice (告示).
    NoticedPoints,
}

impl FileKind {
    /// All kinds.
    pub const ALL: [Self; 23] = [
        Self::Disease,
        Self::Modifier,
        Self::Procedure,
        Self::Drug,
        Self::Material,
        Self::Comment,
        Self::Allergen,
        Self::Lab,
        Self::PointsHelper,
        Self::PointsBundle,
        Self::PointsSameDay,
        Self::PointsSameMonth,
        Self::PointsSameTime,
        Self::PointsSameWeek,
        Self::PointsInpatient,
        Self::PointsCount,
        Self::CommentRelation,
        Self::GeneralName,
        Self::DrugPriceList,
        Self::DrugPriceStandard,
        Self::MatchedPrice,
        Self::EstimatedPoints,
        Self::NoticedPoints,
    ];

    /// As stored and written in JSON.
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
            Self::PointsHelper => "points_helper",
            Self::PointsBundle => "points_bundle",
            Self::PointsSameDay => "points_same_day",
            Self::PointsSameMonth => "points_same_month",
            Self::PointsSameTime => "points_same_time",
            Self::PointsSameWeek => "points_same_week",
            Self::PointsInpatient => "points_inpatient",
            Self::PointsCount => "points_count",
            Self::CommentRelation => "comment_relation",
            Self::GeneralName => "general_name",
            Self::DrugPriceList => "drug_price_list",
            Self::DrugPriceStandard => "drug_price_standard",
            Self::MatchedPrice => "matched_price",
            Self::EstimatedPoints => "estimated_points",
            Self::NoticedPoints => "noticed_points",
        }
    }

    /// Reads what [`FileKind::as_str`] wrote.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }

    /// As shown to people.
    pub fn label(self) -> &'static str {
        match self {
            Self::Disease => "傷病名",
            Self::Modifier => "修飾語",
            Self::Procedure => "診療行為",
            Self::Drug => "医薬品",
            Self::Material => "特定器材",
            Self::Comment => "コメント",
            Self::Allergen => "アレルゲン",
            Self::Lab => "検査項目",
            Self::PointsHelper => "電子点数表 補助",
            Self::PointsBundle => "電子点数表 包括",
            Self::PointsSameDay => "電子点数表 背反（1日）",
            Self::PointsSameMonth => "電子点数表 背反（同一月）",
            Self::PointsSameTime => "電子点数表 背反（同時）",
            Self::PointsSameWeek => "電子点数表 背反（1週）",
            Self::PointsInpatient => "電子点数表 入院基本料",
            Self::PointsCount => "電子点数表 算定回数",
            Self::CommentRelation => "コメント関連",
            Self::GeneralName => "一般名処方",
            Self::DrugPriceList => "薬価基準収載品目",
            Self::DrugPriceStandard => "薬価基準 告示",
            Self::MatchedPrice => "薬価（コード対応）",
            Self::EstimatedPoints => "改定点数（推計）",
            Self::NoticedPoints => "改定点数（告示）",
        }
    }

    /// The searchable master it belongs to, if it is one itself.
    pub fn master(self) -> Option<MasterKind> {
        MasterKind::parse(self.as_str())
    }
}

impl From<MasterKind> for FileKind {
    fn from(kind: MasterKind) -> Self {
        match kind {
            MasterKind::Disease => Self::Disease,
            MasterKind::Modifier => Self::Modifier,
            MasterKind::Procedure => Self::Procedure,
            MasterKind::Drug => Self::Drug,
            MasterKind::Material => Self::Material,
            MasterKind::Comment => Self::Comment,
            MasterKind::Allergen => Self::Allergen,
            MasterKind::Lab => Self::Lab,
        }
    }
}

/// One table found in a file; an archive may hold several.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileTable {
    /// What it holds.
    pub kind: FileKind,
    /// Name of the edition, e.g. `C 2026-06-26`.
    pub edition: String,
    /// Day of the edition.
    pub date: NaiveDate,
    /// Whether it is a full file (全件), not a difference file (差分).
    pub full: bool,
    /// Its rows.
    pub rows: u32,
}

/// Why a file was refused, with its place. A file is refused whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// For programs: `io`, `archive`, `too_large`, `encoding`, `columns`, `cell`, `duplicate`, `kind`, `line`, `empty`,
    /// `older`, `needs_full`, `short`.
    pub code: String,
    /// Line, from 1, where there is one.
    pub line: Option<u64>,
    /// Column, from 1, where there is one.
    pub column: Option<u32>,
    /// The whole sentence in Japanese: file, line, column, what was expected and what was found.
    pub message: String,
}

/// A file handed in and not applied yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Upload {
    /// Its id.
    pub id: UploadId,
    /// Name as published.
    pub file: String,
    /// SHA-256, hexadecimal.
    pub sha256: String,
    /// Bytes as published.
    pub bytes: u64,
    /// When it came.
    pub at: DateTime<Utc>,
    /// What it holds; empty when refused.
    pub tables: Vec<FileTable>,
    /// Why it cannot be applied.
    pub refusal: Option<Refusal>,
    /// Whether the same bytes are applied already: nothing would change.
    pub known: bool,
}

/// A file that was applied.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edition {
    /// Its id.
    pub id: EditionId,
    /// Name as published.
    pub file: String,
    /// SHA-256, hexadecimal.
    pub sha256: String,
    /// Bytes as published.
    pub bytes: u64,
    /// What it holds.
    pub tables: Vec<FileTable>,
    /// When it was applied.
    pub applied_at: DateTime<Utc>,
    /// Who applied it.
    pub applied_by: String,
    /// When and by whom it was withdrawn (取消).
    pub withdrawn: Option<(DateTime<Utc>, String)>,
}

/// The administrator's view of the masters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Editions {
    /// Whether this clinic keeps the masters of the installation; others see and do not change.
    pub keeper: bool,
    /// What is in force now, table by table: of the starter set or of applied files.
    pub in_force: Vec<EditionInfo>,
    /// Applied and withdrawn files, the latest first.
    pub history: Vec<Edition>,
    /// Files of this clinic that wait for preview or apply.
    pub waiting: Vec<Upload>,
}

/// What happens to a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// 新設.
    New,
    /// 変更.
    Changed,
    /// 廃止.
    Abolished,
    /// In force again, or no longer known: an edition is withdrawn.
    Removed,
}

impl Change {
    /// As shown to people.
    pub fn label(self) -> &'static str {
        match self {
            Self::New => "新設",
            Self::Changed => "変更",
            Self::Abolished => "廃止",
            Self::Removed => "取消",
        }
    }
}

/// A row that an import would change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowChange {
    /// Code.
    pub code: String,
    /// Name.
    pub name: String,
    /// What happens to it.
    pub change: Change,
    /// From which day.
    pub from: Option<NaiveDate>,
    /// Points, price or name before; empty when there is none.
    pub before: String,
    /// The same afterwards.
    pub after: String,
    /// -1 the figure falls, 1 it rises, 0 neither.
    pub direction: i8,
    /// Names of the fields that change, in Japanese.
    pub fields: Vec<String>,
}

/// What an import would do to one kind of table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KindPreview {
    /// The kind.
    pub kind: FileKind,
    /// Codes that are new.
    pub new: u32,
    /// Codes whose row changes.
    pub changed: u32,
    /// Codes that end.
    pub abolished: u32,
    /// Codes that are no longer known (only when an edition is withdrawn).
    pub removed: u32,
    /// Codes whose figure rises.
    pub up: u32,
    /// Codes whose figure falls.
    pub down: u32,
    /// Codes whose estimated figure is replaced by an official one.
    pub estimates_replaced: u32,
    /// Rows to look at, changed figures first; at most [`KindPreview::MOST`].
    pub rows: Vec<RowChange>,
}

impl KindPreview {
    /// How many rows a preview lists of a kind.
    pub const MOST: usize = 300;

    /// Whether nothing changes.
    pub fn is_empty(&self) -> bool {
        self.new + self.changed + self.abolished + self.removed == 0
    }
}

/// Something this clinic uses that an import would change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AffectedItem {
    /// Which master.
    pub kind: MasterKind,
    /// The row and what happens to it.
    pub row: RowChange,
    /// How often it was used in the latest entries.
    pub used: u32,
    /// Where the clinic's own layer holds it: 採用薬, よく使う, セット「…」.
    pub held_in: Vec<String>,
    /// What takes its place, where the master says so: code and name.
    pub successor: Option<(String, String)>,
}

/// What applying (or withdrawing) would do, before it is done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportPreview {
    /// The files.
    pub uploads: Vec<Upload>,
    /// By kind.
    pub kinds: Vec<KindPreview>,
    /// What this clinic uses.
    pub affected: Vec<AffectedItem>,
    /// The state of the masters this preview was made against; applying against another state is refused.
    pub state: i64,
    /// Whether it can be applied: no file is refused, and something changes.
    pub ready: bool,
}
