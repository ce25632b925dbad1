//! The starter set (同梱マスター): a small choice of the national masters in the project's own format, so that a clinic's
//! day works before an administrator has loaded the official files.
//!
//! The tables lie in `server/masters/starter/*.tsv`: UTF-8, one header line, tab between cells, `0` and nothing both
//! written as an empty cell. [`make`] generates them from the official files by the rules of [`choose`].

pub mod choose;
mod columns;
pub(crate) mod figures;
pub mod make;
pub mod tsv;
pub mod wanted;

use crate::MasterError;
use model::{master::*, orders::Usage};

/// Name and text of the embedded tables.
pub const TABLES: [(&str, &str); 10] = [
    ("diseases.tsv", include_str!("../../starter/diseases.tsv")),
    ("modifiers.tsv", include_str!("../../starter/modifiers.tsv")),
    ("procedures.tsv", include_str!("../../starter/procedures.tsv")),
    ("drugs.tsv", include_str!("../../starter/drugs.tsv")),
    ("materials.tsv", include_str!("../../starter/materials.tsv")),
    ("comments.tsv", include_str!("../../starter/comments.tsv")),
    ("allergens.tsv", include_str!("../../starter/allergens.tsv")),
    ("labs.tsv", include_str!("../../starter/labs.tsv")),
    ("editions.tsv", include_str!("../../starter/editions.tsv")),
    ("usages.tsv", include_str!("../../starter/usages.tsv")),
];

/// All tables of a set as plain rows.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Rows {
    /// 傷病名.
    pub diseases: Vec<Disease>,
    /// 修飾語.
    pub modifiers: Vec<Modifier>,
    /// 診療行為.
    pub procedures: Vec<Procedure>,
    /// 医薬品.
    pub drugs: Vec<Drug>,
    /// 特定器材.
    pub materials: Vec<Material>,
    /// コメント.
    pub comments: Vec<Comment>,
    /// アレルゲン.
    pub allergens: Vec<Allergen>,
    /// 検査項目.
    pub labs: Vec<LabItem>,
    /// Where the rows came from.
    pub editions: Vec<EditionInfo>,
    /// 用法, in the order they are offered.
    pub usages: Vec<Usage>,
}

/// Reads the embedded tables.
pub fn rows() -> Result<Rows, MasterError> {
    let text = |name: &str| TABLES.iter().find(|(table, _)| *table == name).map_or("", |(_, text)| *text);
    Ok(Rows {
        diseases: tsv::read("diseases.tsv", text("diseases.tsv"))?,
        modifiers: tsv::read("modifiers.tsv", text("modifiers.tsv"))?,
        procedures: tsv::read("procedures.tsv", text("procedures.tsv"))?,
        drugs: tsv::read("drugs.tsv", text("drugs.tsv"))?,
        materials: tsv::read("materials.tsv", text("materials.tsv"))?,
        comments: tsv::read("comments.tsv", text("comments.tsv"))?,
        allergens: tsv::read("allergens.tsv", text("allergens.tsv"))?,
        labs: tsv::read("labs.tsv", text("labs.tsv"))?,
        editions: tsv::read("editions.tsv", text("editions.tsv"))?,
        usages: tsv::read("usages.tsv", text("usages.tsv"))?,
    })
}
