//! What open browsers are told: that the board, a chart or the letters that came in changed. They ask again for what they show.

use model::ids::*;
use serde::{Deserialize, Serialize};

/// The channel of PostgreSQL's notifications.
pub const CHANNEL: &str = "karte_events";

/// Something changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// A visit on the board.
    Board(VisitId),
    /// A patient's chart or documents.
    Chart(PatientId),
    /// A letter that came in: it is new, was opened, answered, taken back, or given to a patient.
    Inbox(ReceivedId),
}

/// The notification as it travels. It carries ids only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notification {
    /// Whose browsers are told.
    pub clinic: ClinicId,
    /// `board`, `chart` or `inbox`.
    pub event: String,
    /// Id of the visit, the patient or the letter.
    pub id: uuid::Uuid,
}

impl Event {
    pub(crate) fn payload(self, clinic: ClinicId) -> String {
        let (event, id) = match self {
            Self::Board(visit) => ("board", visit.0),
            Self::Chart(patient) => ("chart", patient.0),
            Self::Inbox(letter) => ("inbox", letter.0),
        };
        serde_json::json!({ "clinic": clinic, "event": event, "id": id }).to_string()
    }
}
