//! Which comments a procedure asks for (コメント関連テーブル), by procedure and day.

use super::code::{Code9, Term};
use crate::official::comment_relation::RelationRow;
use chrono::NaiveDate;
use model::codes::CommentCode;

/// When a comment has to be written (columns 14–17: 条件区分, 非算定理由コメント, 入外区分, 算定回数).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Condition {
    /// 00: a condition that only 記載要領別表Ⅰ states in words: offer, do not demand.
    Stated,
    /// 01: whenever the procedure is billed.
    Always,
    /// 02 with 入外区分 1: when it is billed for an inpatient.
    Inpatient,
    /// 02 with 入外区分 2: when it is billed for an outpatient.
    Outpatient,
    /// 03: when it is billed so many times or more.
    Times(u16),
    /// 非算定理由コメント: when the procedure is *not* billed although its condition holds.
    NotBilled,
    /// A condition that a later edition may add: offer, do not demand.
    Other(u8),
}

/// One comment a procedure asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommentRelation {
    /// The procedure (column 6).
    pub procedure: Code9,
    /// The comment (column 9); none where a patient's state is asked for (column 10).
    pub comment: Option<Code9>,
    /// When.
    pub condition: Condition,
    /// 項番 and 枝番 of 記載要領別表Ⅰ (columns 3 and 5): comments that share both are alternatives of one entry.
    pub entry: (u16, u16),
    /// 区分 as 別表Ⅰ writes it (column 4), e.g. `B005-7-2`.
    pub article: Box<str>,
    /// When in force.
    pub term: Term,
    order: u32,
}

impl CommentRelation {
    /// The comment as the masters know it.
    pub fn code(&self) -> Option<CommentCode> {
        self.comment.map(|code| CommentCode(code.to_string()))
    }
}

/// The whole table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CommentTable {
    rows: Vec<CommentRelation>,
}

impl CommentTable {
    /// What a procedure asks for on a day, in the order of publication.
    pub fn of(&self, procedure: &str, on: NaiveDate) -> impl Iterator<Item = &CommentRelation> {
        let range = Code9::parse(procedure).map(|code| {
            let start = self.rows.partition_point(|row| row.procedure < code);
            start..start + self.rows[start..].partition_point(|row| row.procedure == code)
        });
        self.rows[range.unwrap_or_default()].iter().filter(move |row| row.term.covers(on))
    }

    /// How many rows there are, of all days.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether no table is loaded.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    pub(crate) fn push(&mut self, row: RelationRow, term: Term) {
        let RelationRow { procedure, comment, item, branch, article, condition, order, .. } = row;
        let article = article.into();
        self.rows.push(CommentRelation { procedure, comment, condition, entry: (item, branch), article, term, order });
    }

    pub(crate) fn settle(&mut self) {
        self.rows.sort_by(|a, b| {
            let key = |row: &CommentRelation| (row.procedure, row.order, row.entry, row.comment, row.term.from);
            key(a).cmp(&key(b)).then_with(|| a.article.cmp(&b.article))
        });
        self.rows.shrink_to_fit();
    }
}
