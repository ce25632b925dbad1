//! The tables beside the masters, typed and dated: the electronic points table (医科電子点数表), コメント関連テーブル,
//! general names and listed prices.
//!
//! Rules ask them for a day of service like the masters themselves. What no applied file brought is empty, and
//! [`PointsTable::knows`] tells whether an answer of nothing means "no rule" or "no table".

mod code;
mod comments;
mod prices;
pub(crate) mod reach;
mod table;

pub use code::*;
pub use comments::*;
pub use prices::*;
pub use table::*;

use crate::{
    MasterError,
    official::{comment_relation, general_name, points, price_list, price_standard, text::Line},
};
use chrono::NaiveDate;
use model::edition::FileKind;

/// All of them.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Further {
    /// The electronic points table.
    pub points: PointsTable,
    /// コメント関連テーブル.
    pub comments: CommentTable,
    /// General names and listed prices.
    pub prices: Prices,
}

impl Further {
    /// Whether tables of a kind are kept here.
    pub fn holds(kind: FileKind) -> bool {
        points::form(kind).is_some()
            || matches!(
                kind,
                FileKind::CommentRelation | FileKind::GeneralName | FileKind::DrugPriceList | FileKind::DrugPriceStandard
            )
    }
}

/// Takes rows in any order and makes the tables of them.
#[derive(Debug, Default)]
pub struct FurtherBuilder(Further);

impl FurtherBuilder {
    /// Nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes a row in: its cells as published, and the days on which it holds. Refuses a kind that is not kept here, and
    /// cells that the kind cannot have.
    pub fn push(&mut self, kind: FileKind, line: &Line<'_>, from: NaiveDate, to: Option<NaiveDate>) -> Result<(), MasterError> {
        let term = Term { from, to };
        let tables = &mut self.0;
        match kind {
            FileKind::CommentRelation => {
                if let Some(row) = comment_relation::row(line)? {
                    tables.comments.push(row, term);
                }
            }
            // The second sheet has a product's code where the first says which add-on.
            FileKind::GeneralName if line.code(6, 12).is_ok() => {
                tables.prices.push_exception(general_name::exception(line)?, term);
            }
            FileKind::GeneralName => tables.prices.push_name(general_name::name(line)?, term),
            FileKind::DrugPriceList => tables.prices.push_listed(price_list::row(line)?, term),
            FileKind::DrugPriceStandard => tables.prices.push_standard(price_standard::row(line)?, term),
            kind => tables.points.push(kind, points::row(kind, line)?, term),
        }
        Ok(())
    }

    /// The tables, ready to be asked.
    pub fn finish(mut self) -> Further {
        self.0.points.settle();
        self.0.comments.settle();
        self.0.prices.settle();
        self.0
    }
}
