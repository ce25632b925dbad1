//! All tables of the masters in memory, dated, read-only: what rules and screens ask.

use crate::{
    points::{CommentRelation, Further, GeneralName, ListPrice, PointsTable, reach::Reaches},
    search::Indexes,
    starter,
    table::Table,
};
use chrono::NaiveDate;
use model::{chart::AllergenCategory, codes::AllergenCode, master::*, orders::Usage, points_table::*};
use std::sync::{Arc, OnceLock};

/// The masters as they stand: immutable, shared between all clinics.
#[derive(Debug, Default)]
pub struct Snapshot {
    pub(crate) diseases: Table<Disease>,
    pub(crate) modifiers: Table<Modifier>,
    pub(crate) procedures: Table<Procedure>,
    pub(crate) drugs: Table<Drug>,
    pub(crate) materials: Table<Material>,
    pub(crate) comments: Table<Comment>,
    pub(crate) allergens: Table<Allergen>,
    pub(crate) labs: Table<LabItem>,
    editions: Vec<EditionInfo>,
    usages: Vec<Usage>,
    pub(crate) indexes: Indexes,
    pub(crate) further: Further,
    reaches: Reaches,
}

/// First day of each fee table and its name: 2020 (R2), 2022 (R4), 2024 (R6, from June), 2026 (R8, from June).
const FEE_TABLES: [(i32, u32, &str); 4] = [(2026, 6, "R8"), (2024, 6, "R6"), (2022, 4, "R4"), (2020, 4, "R2")];

/// First days of the fee tables with their names, the newest first.
pub(crate) fn fee_tables() -> impl Iterator<Item = (NaiveDate, &'static str)> {
    FEE_TABLES.into_iter().filter_map(|(year, month, name)| Some((NaiveDate::from_ymd_opt(year, month, 1)?, name)))
}

impl Snapshot {
    /// The starter set that the program carries; loaded once, shared afterwards.
    pub fn starter() -> Arc<Self> {
        static STARTER: OnceLock<Arc<Snapshot>> = OnceLock::new();
        STARTER
            .get_or_init(|| Arc::new(Self::new(starter::rows().expect("the starter tables are checked by a test of this crate"))))
            .clone()
    }

    /// From rows in any order, without tables beside the masters.
    pub fn new(rows: starter::Rows) -> Self {
        Self::with(rows, Further::default())
    }

    /// From rows in any order and the tables beside the masters.
    pub fn with(rows: starter::Rows, further: Further) -> Self {
        Self {
            reaches: Reaches::new(&further.points, &rows.editions),
            diseases: Table::new(rows.diseases),
            modifiers: Table::new(rows.modifiers),
            procedures: Table::new(rows.procedures),
            drugs: Table::new(rows.drugs),
            materials: Table::new(rows.materials),
            comments: Table::new(rows.comments),
            allergens: Table::new(rows.allergens),
            labs: Table::new(rows.labs),
            editions: rows.editions,
            usages: rows.usages,
            indexes: Indexes::default(),
            further,
        }
    }

    /// The disease (傷病名) of a claim code in force on a day.
    pub fn disease(&self, code: &str, on: NaiveDate) -> Option<&Disease> {
        self.diseases.on(code, on)
    }

    /// The modifier (修飾語) of a claim code in force on a day.
    pub fn modifier(&self, code: &str, on: NaiveDate) -> Option<&Modifier> {
        self.modifiers.on(code, on)
    }

    /// The procedure (診療行為) of a claim code with the points of a day.
    pub fn procedure(&self, code: &str, on: NaiveDate) -> Option<&Procedure> {
        self.procedures.on(code, on)
    }

    /// Every procedure in force on a day, by code.
    pub fn procedures_on(&self, on: NaiveDate) -> impl Iterator<Item = &Procedure> {
        self.procedures.rows().iter().filter(move |row| row.validity.covers(on))
    }

    /// The drug (医薬品) of a claim code with the price of a day.
    pub fn drug(&self, code: &str, on: NaiveDate) -> Option<&Drug> {
        self.drugs.on(code, on)
    }

    /// The material (特定器材) of a claim code with the price of a day.
    pub fn material(&self, code: &str, on: NaiveDate) -> Option<&Material> {
        self.materials.on(code, on)
    }

    /// The comment (コメント) of a claim code.
    pub fn comment(&self, code: &str, on: NaiveDate) -> Option<&Comment> {
        self.comments.on(code, on)
    }

    /// The laboratory item (検査項目) of the clinic's own code.
    pub fn lab(&self, local_code: &str, on: NaiveDate) -> Option<&LabItem> {
        self.labs.on(local_code, on)
    }

    /// An allergen: of J-FAGY, or a drug as `YCM` + its 12-character code, or `GCM` + nine characters + `ZZZ` for all
    /// makers of one strength (FHIR JP-CLINS, AllergyIntolerance code).
    pub fn allergen(&self, code: &str, on: NaiveDate) -> Option<Allergen> {
        if let Some(allergen) = self.allergens.on(code, on) {
            return Some(allergen.clone());
        }
        let (name, drug) = if let Some(yj) = code.strip_prefix("YCM") {
            let drug = self.drugs.rows().iter().rev().find(|d| d.yj == yj && d.validity.from <= on)?;
            (drug.name.clone(), drug)
        } else {
            let part = code.strip_prefix("GCM")?.strip_suffix("ZZZ").filter(|part| part.len() == 9)?;
            let drug = self.drugs.rows().iter().rev().find(|d| d.yj.starts_with(part) && d.general_name.is_some())?;
            (drug.general_name.as_ref().map(|(_, text)| text.clone())?, drug)
        };
        Some(Allergen {
            code: AllergenCode(code.to_owned()),
            name,
            kana: drug.kana.clone(),
            english: String::new(),
            category: AllergenCategory::Medication,
            validity: drug.validity.clone(),
        })
    }

    /// All laboratory items, those of the core set first, each set by its preferred JLAC10 code (urine, blood count,
    /// coagulation, proteins, enzymes …).
    pub fn labs(&self) -> Vec<&LabItem> {
        let mut labs: Vec<&LabItem> = self.labs.rows().iter().collect();
        labs.sort_by_key(|item| (item.infection, item.jlac10.first().cloned()));
        labs
    }

    /// The usages (用法) that are offered, in the order of the list.
    pub fn usages(&self) -> &[Usage] {
        &self.usages
    }

    /// The usage of a key.
    pub fn usage(&self, key: &str) -> Option<&Usage> {
        self.usages.iter().find(|usage| usage.key == key)
    }

    /// The electronic points table (医科電子点数表); empty where none was applied.
    pub fn points_table(&self) -> &PointsTable {
        &self.further.points
    }

    /// The comments (コメント関連テーブル) that a procedure may or must carry on a day.
    pub fn comments_for(&self, procedure: &str, on: NaiveDate) -> impl Iterator<Item = &CommentRelation> {
        self.further.comments.of(procedure, on)
    }

    /// The general name (一般名処方の標準的な記載) of a general-name code on a day.
    pub fn general_name(&self, code: &str, on: NaiveDate) -> Option<&GeneralName> {
        self.further.prices.general_name(code, on)
    }

    /// The price the ministry's list has for a 12-character code (薬価基準収載医薬品コード) on a day.
    pub fn list_price(&self, yj: &str, on: NaiveDate) -> Option<&ListPrice> {
        self.further.prices.list_price(yj, on)
    }

    /// All tables beside the masters.
    pub fn further(&self) -> &Further {
        &self.further
    }

    /// The editions that are loaded, for the administrator's screen.
    pub fn editions(&self) -> &[EditionInfo] {
        &self.editions
    }

    /// The name of the fee table of a day (`R6`, `R8`), if procedures of it are loaded.
    pub fn edition(&self, on: NaiveDate) -> Option<String> {
        let (_, name) = fee_tables().find(|(first, _)| *first <= on)?;
        self.procedures.rows().iter().any(|row| row.validity.covers(on)).then(|| name.to_owned())
    }
}

impl Snapshot {
    /// The fee tables that are loaded, newest first: name, first day, and last day where another table follows.
    pub fn fee_editions(&self) -> Vec<(&'static str, NaiveDate, Option<NaiveDate>)> {
        let mut next = None;
        let mut all = Vec::new();
        for (first, name) in fee_tables() {
            let last: Option<NaiveDate> = next.replace(first).and_then(|next: NaiveDate| next.pred_opt());
            if self
                .procedures
                .rows()
                .iter()
                .any(|row| row.validity.covers(first) || last.is_some_and(|last| row.validity.covers(last)))
            {
                all.push((name, first, last));
            }
        }
        all
    }
}

impl Tables for Snapshot {
    fn edition(&self, on: NaiveDate) -> Option<String> {
        Self::edition(self, on)
    }

    fn procedure(&self, code: &str, on: NaiveDate) -> Option<&Procedure> {
        Self::procedure(self, code, on)
    }

    fn drug(&self, code: &str, on: NaiveDate) -> Option<&Drug> {
        Self::drug(self, code, on)
    }

    fn disease(&self, code: &str, on: NaiveDate) -> Option<&Disease> {
        Self::disease(self, code, on)
    }

    fn material(&self, code: &str, on: NaiveDate) -> Option<&Material> {
        Self::material(self, code, on)
    }

    fn reach(&self, table: RuleTable, on: NaiveDate) -> Reach {
        self.reaches.of(table, on)
    }

    fn count_limits(&self, code: Code9, on: NaiveDate, each: &mut dyn FnMut(CountLimit)) {
        self.points_table().limits(code, on, each);
    }

    fn exclusions(&self, code: Code9, others: &[Code9], on: NaiveDate, each: &mut dyn FnMut(usize, Exclusion)) {
        self.points_table().exclusions_among(code, others, on, each);
    }

    fn bundled(&self, owner: Code9, members: &[Code9], on: NaiveDate, each: &mut dyn FnMut(usize, Bundle)) {
        self.points_table().bundled_among(owner, members, on, each);
    }
}

/// By the codes of shared documents.
impl Snapshot {
    /// The disease of a management number (病名管理番号) in force on a day.
    pub fn disease_by_management(&self, management: &str, on: NaiveDate) -> Option<&Disease> {
        let mut rows = self.diseases.rows().iter();
        rows.find(|row| !management.is_empty() && row.management == management && row.validity.covers(on))
    }

    /// The disease of an exchange code (病名交換用コード) in force on a day.
    pub fn disease_by_exchange(&self, exchange: &str, on: NaiveDate) -> Option<&Disease> {
        self.diseases.rows().iter().find(|row| !exchange.is_empty() && row.exchange == exchange && row.validity.covers(on))
    }

    /// The modifier of a management number (修飾語管理番号) in force on a day.
    pub fn modifier_by_management(&self, management: &str, on: NaiveDate) -> Option<&Modifier> {
        let mut rows = self.modifiers.rows().iter();
        rows.find(|row| !management.is_empty() && row.management == management && row.validity.covers(on))
    }
}
