//! What the journal amounts to: documents that stand, keys that were seen, decisions, consents.

use crate::journal::{About, Event, Line};
use chrono::{DateTime, Utc};
use serde_json::Value;
use std::collections::{BTreeSet, HashMap};

/// A document that stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Kept {
    /// Its place in the order of the platform.
    pub sequence: i64,
    /// Receipt number.
    pub receipt: String,
    /// Institution that registered it.
    pub institution: String,
    /// What it is.
    pub about: About,
    /// When it was taken.
    pub received_at: DateTime<Utc>,
    /// When the institution it is addressed to opened it.
    pub opened_at: Option<DateTime<Utc>>,
}

/// A request that was seen with a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Seen {
    /// The receipt it got.
    pub receipt: String,
    /// Identifier it was about.
    pub identifier: String,
    /// Whether it cancelled.
    pub cancels: bool,
}

/// A request that waits to be decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Waiting {
    /// When it is due.
    pub due: DateTime<Utc>,
    /// Idempotency key.
    pub key: String,
    /// Identifier it is about.
    pub identifier: String,
    /// Whom a cancellation is about; none for a document.
    pub cancels: Option<String>,
}

/// What became of a receipt.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Decision {
    /// It took effect.
    Taken,
    /// It waits.
    Checking(Waiting),
    /// It was refused.
    Refused {
        /// HTTP status.
        status: u16,
        /// The reasons.
        outcome: Value,
    },
}

/// Everything the stand-in knows.
#[derive(Debug, Default)]
pub(crate) struct Shelf {
    /// The last line's number.
    pub sequence: i64,
    /// Documents that stand, by identifier.
    pub documents: HashMap<String, Kept>,
    /// Identifiers of documents that stand, by receipt.
    pub receipts: HashMap<String, String>,
    /// Requests by institution and key.
    pub keys: HashMap<(String, String), Seen>,
    /// What became of receipts, with the institution that holds them.
    pub decisions: HashMap<String, (String, Decision)>,
    /// Receipts that wait to be decided.
    pub pending: BTreeSet<String>,
    /// Institution and insured person.
    pub consents: BTreeSet<(String, String)>,
}

impl Shelf {
    /// Takes a line in; the receipt of the document that no longer stands because of it, if any.
    pub(crate) fn apply(&mut self, line: &Line) -> Option<String> {
        self.sequence = line.sequence;
        let who = &line.institution;
        match &line.event {
            Event::Register { key, receipt, about } => {
                self.decided(who, key, receipt, &about.identifier, false);
                let kept = Kept {
                    sequence: line.sequence,
                    receipt: receipt.clone(),
                    institution: who.clone(),
                    about: about.clone(),
                    received_at: line.at,
                    opened_at: None,
                };
                let before = self.documents.insert(about.identifier.clone(), kept);
                let gone = before.map(|before| before.receipt);
                gone.iter().for_each(|receipt| drop(self.receipts.remove(receipt)));
                self.receipts.insert(receipt.clone(), about.identifier.clone());
                gone
            }
            Event::Cancel { key, receipt, identifier, .. } => {
                self.decided(who, key, receipt, identifier, true);
                let gone = self.documents.remove(identifier).map(|before| before.receipt);
                gone.iter().for_each(|receipt| drop(self.receipts.remove(receipt)));
                gone
            }
            Event::Checking { key, receipt, due, identifier, cancels } => {
                self.decided(who, key, receipt, identifier, cancels.is_some());
                let waiting = Waiting { due: *due, key: key.clone(), identifier: identifier.clone(), cancels: cancels.clone() };
                self.decisions.insert(receipt.clone(), (who.clone(), Decision::Checking(waiting)));
                self.pending.insert(receipt.clone());
                None
            }
            Event::Refused { receipt, status, outcome } => {
                let decision = Decision::Refused { status: *status, outcome: outcome.clone() };
                self.decisions.insert(receipt.clone(), (who.clone(), decision));
                self.pending.remove(receipt);
                Some(receipt.clone())
            }
            Event::Opened { receipt } => {
                if let Some(kept) = self.receipts.get(receipt).and_then(|identifier| self.documents.get_mut(identifier)) {
                    kept.opened_at.get_or_insert(line.at);
                }
                None
            }
            Event::Consent { member_id, granted } => {
                let pair = (who.clone(), member_id.clone());
                if *granted {
                    self.consents.insert(pair)
                } else {
                    self.consents.remove(&pair)
                };
                None
            }
            Event::Read { .. } => None,
        }
    }

    fn decided(&mut self, who: &str, key: &str, receipt: &str, identifier: &str, cancels: bool) {
        let seen = Seen { receipt: receipt.into(), identifier: identifier.into(), cancels };
        self.keys.insert((who.to_owned(), key.to_owned()), seen);
        self.decisions.insert(receipt.to_owned(), (who.to_owned(), Decision::Taken));
        self.pending.remove(receipt);
    }

    /// The document with a receipt, while it stands.
    pub(crate) fn by_receipt(&self, receipt: &str) -> Option<&Kept> {
        self.documents.get(self.receipts.get(receipt)?)
    }

    /// Whether a person consents that an institution reads.
    pub(crate) fn consents(&self, institution: &str, member_id: &str) -> bool {
        self.consents.contains(&(institution.to_owned(), member_id.to_owned()))
    }

    /// The first request that is due at an instant: receipt, institution, and what it is.
    pub(crate) fn due(&self, now: DateTime<Utc>) -> Option<(String, String, Waiting)> {
        self.pending.iter().find_map(|receipt| match self.decisions.get(receipt)? {
            (who, Decision::Checking(waiting)) if waiting.due <= now => Some((receipt.clone(), who.clone(), waiting.clone())),
            _ => None,
        })
    }
}
