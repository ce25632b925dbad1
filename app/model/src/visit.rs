//! Visits (受診) and the board of the day (受付一覧).

use crate::{ids::*, money::Yen, patient::PatientSummary, staff::StaffRef};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

/// Where a visit stands: 受付 → 診察 → 会計 → 済, or 取消.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VisitState {
    /// 受付: checked in and waiting.
    Received,
    /// 診察: with the doctor.
    InConsultation,
    /// 会計: confirmed, waiting to pay.
    AwaitingPayment,
    /// 済: paid.
    Done,
    /// 取消: checked in by mistake or left.
    Cancelled,
}

impl VisitState {
    /// All states in the order of the day.
    pub const ALL: [Self; 5] = [Self::Received, Self::InConsultation, Self::AwaitingPayment, Self::Done, Self::Cancelled];

    /// As shown to people.
    pub fn label(self) -> &'static str {
        match self {
            Self::Received => "受付",
            Self::InConsultation => "診察",
            Self::AwaitingPayment => "会計",
            Self::Done => "済",
            Self::Cancelled => "取消",
        }
    }

    /// As stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::InConsultation => "in_consultation",
            Self::AwaitingPayment => "awaiting_payment",
            Self::Done => "done",
            Self::Cancelled => "cancelled",
        }
    }

    /// Reads what [`VisitState::as_str`] wrote.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == text)
    }

    /// Whether the visit may go from here to there. Back steps undo: a confirmed visit may be reopened for payment only.
    pub fn may_become(self, next: Self) -> bool {
        use VisitState::*;
        matches!(
            (self, next),
            (Received, InConsultation)
                | (InConsultation, Received)
                | (Received | InConsultation, AwaitingPayment)
                | (AwaitingPayment, Done)
                | (Done, AwaitingPayment)
                | (Received | InConsultation, Cancelled)
                | (Cancelled, Received)
        )
    }
}

/// First or return visit (初診・再診) and the remote variants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VisitKind {
    /// 初診.
    First,
    /// 再診.
    Return,
    /// 電話再診.
    Telephone,
    /// 情報通信機器を用いた診療.
    Online,
}

impl VisitKind {
    /// All kinds.
    pub const ALL: [Self; 4] = [Self::First, Self::Return, Self::Telephone, Self::Online];

    /// As shown to people.
    pub fn label(self) -> &'static str {
        match self {
            Self::First => "初診",
            Self::Return => "再診",
            Self::Telephone => "電話再診",
            Self::Online => "オンライン",
        }
    }

    /// As stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::First => "first",
            Self::Return => "return",
            Self::Telephone => "telephone",
            Self::Online => "online",
        }
    }

    /// Reads what [`VisitKind::as_str`] wrote.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }
}

/// A visit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Visit {
    /// Its id.
    pub id: VisitId,
    /// The patient.
    pub patient: PatientId,
    /// Day of service (診療日).
    pub date: NaiveDate,
    /// When the desk checked the patient in.
    pub received_at: DateTime<Utc>,
    /// Where it stands.
    pub state: VisitState,
    /// First or return.
    pub kind: VisitKind,
    /// Department code (診療科コード), two digits of the claim file's table, e.g. `01` 内科.
    pub department: String,
    /// The doctor, once one has opened it.
    pub doctor: Option<StaffRef>,
    /// The desk's remark for the day (受付メモ).
    pub remark: String,
    /// Version of the row.
    pub version: i64,
}

/// A line of the board.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BoardRow {
    /// The visit.
    pub visit: Visit,
    /// The patient.
    pub patient: PatientSummary,
    /// When it came into this state.
    pub since: DateTime<Utc>,
    /// What the patient pays, once it is known.
    pub payable: Option<Yen>,
}

/// The board of one day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Board {
    /// Day shown.
    pub date: NaiveDate,
    /// The instant it was read.
    pub read_at: DateTime<Utc>,
    /// Visits in the order of reception.
    pub rows: Vec<BoardRow>,
}

/// Name of a department (診療科コード, two digits). A clinic works as 内科 so far, `01` as in the official examples of JP-CLINS
/// (SS-MIX2 ClinicalDepartment); further departments come with their own screens.
pub fn department_name(code: &str) -> Option<&'static str> {
    (code == INTERNAL_MEDICINE).then_some("内科")
}

/// Internal medicine (内科).
pub const INTERNAL_MEDICINE: &str = "01";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_runs_forward_and_undo_goes_back_one_step() {
        use VisitState::*;
        for (from, to) in [(Received, InConsultation), (InConsultation, AwaitingPayment), (AwaitingPayment, Done)] {
            assert!(from.may_become(to));
        }
        assert!(!Done.may_become(Received));
        assert!(!AwaitingPayment.may_become(Cancelled));
        assert!(Cancelled.may_become(Received));
    }

    #[test]
    fn states_are_stored_by_name() {
        for state in VisitState::ALL {
            assert_eq!(VisitState::parse(state.as_str()), Some(state));
        }
    }
}
