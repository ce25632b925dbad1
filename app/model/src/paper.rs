//! Papers that become documents of the platform beside the letter: 患者サマリー（療養計画書）, 健診結果報告書, 退院時サマリー.
//!
//! A paper is a draft while it is written and stands once it is issued (発行); an issued one can be taken back (取消) and
//! written anew, which keeps its identity.

use crate::{
    ids::*,
    share::{ShareKind, ShareState},
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// A paper in the chart's list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaperSummary {
    /// Its id.
    pub id: PaperId,
    /// What it is: one of the documents but not a letter.
    pub kind: ShareKind,
    /// In words: `療養計画書 2026-07-10〜`.
    pub title: String,
    /// When it was last saved.
    pub saved_at: DateTime<Utc>,
    /// When it was issued.
    pub issued_at: Option<DateTime<Utc>>,
    /// Where its document stands.
    pub share: Option<ShareState>,
}
