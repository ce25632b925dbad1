//! The journal: one line for each thing done, appended and synced before anybody is told. It is the truth; everything else the
//! stand-in knows is read from it at start.

use chrono::{DateTime, Utc};
use model::{outside::Purpose, share::ShareKind};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::{
    fs::{File, OpenOptions},
    io::{self, Read, Write},
    path::Path,
};

/// What a document is, as far as the stand-in needs to know without reading it again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct About {
    /// `Bundle.identifier.value`.
    pub identifier: String,
    /// Insured person's identifier.
    pub member_id: String,
    /// What it carries.
    pub kind: Option<ShareKind>,
    /// Institution a letter is addressed to (section 910 紹介先情報).
    pub addressee: Option<String>,
}

/// Something that was done.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "action", rename_all = "snake_case")]
pub(crate) enum Event {
    /// A document was registered, in place of what stood under the same identifier.
    Register {
        /// Idempotency key.
        key: String,
        /// Receipt number.
        receipt: String,
        /// The document.
        #[serde(flatten)]
        about: About,
    },
    /// A document was cancelled.
    Cancel {
        /// Idempotency key.
        key: String,
        /// Receipt number of the cancellation.
        receipt: String,
        /// `Bundle.identifier.value`.
        identifier: String,
        /// Insured person's identifier.
        member_id: String,
    },
    /// A request was taken in, to be decided later.
    Checking {
        /// Idempotency key.
        key: String,
        /// Receipt number it will have.
        receipt: String,
        /// When it is decided.
        due: DateTime<Utc>,
        /// `Bundle.identifier.value`, empty where the document does not say.
        identifier: String,
        /// Whom a cancellation is about; none for a document.
        cancels: Option<String>,
    },
    /// A request taken in earlier was refused.
    Refused {
        /// Its receipt number.
        receipt: String,
        /// HTTP status of the refusal.
        status: u16,
        /// The reasons.
        outcome: Value,
    },
    /// A letter was opened by the institution it is addressed to.
    Opened {
        /// Its receipt number.
        receipt: String,
    },
    /// A person consented that the institution reads, or took it back.
    Consent {
        /// Insured person's identifier.
        member_id: String,
        /// Whether it stands.
        granted: bool,
    },
    /// The institution read a person's list.
    Read {
        /// Insured person's identifier.
        member_id: String,
        /// What for; none where it was not said.
        purpose: Option<Purpose>,
    },
}

/// A line of the journal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Line {
    /// Counted up by one.
    pub sequence: i64,
    /// When.
    pub at: DateTime<Utc>,
    /// Who asked for it.
    pub institution: String,
    /// What was done.
    #[serde(flatten)]
    pub event: Event,
}

/// A registration or cancellation that took effect, as tests read it: each is here once, however often it was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Done {
    /// Place in the order in which things took effect.
    pub sequence: i64,
    /// When.
    pub at: DateTime<Utc>,
    /// Who asked for it.
    pub institution: String,
    /// `register` or `cancel`.
    pub action: String,
    /// `Bundle.identifier.value`.
    pub identifier: String,
    /// Idempotency key it came with.
    pub key: String,
    /// Receipt number.
    pub receipt: String,
    /// Insured person's identifier.
    pub member_id: String,
}

impl Done {
    /// A line in these terms; none for lines that change no document.
    pub(crate) fn of(line: &Line) -> Option<Self> {
        let (action, identifier, key, receipt, member_id) = match &line.event {
            Event::Register { key, receipt, about } => ("register", &about.identifier, key, receipt, &about.member_id),
            Event::Cancel { key, receipt, identifier, member_id } => ("cancel", identifier, key, receipt, member_id),
            _ => return None,
        };
        Some(Self {
            sequence: line.sequence,
            at: line.at,
            institution: line.institution.clone(),
            action: action.into(),
            identifier: identifier.clone(),
            key: key.clone(),
            receipt: receipt.clone(),
            member_id: member_id.clone(),
        })
    }
}

/// The file, open at its end.
#[derive(Debug)]
pub(crate) struct Journal(File);

impl Journal {
    /// Opens or makes the file and reads what it holds. A last line that was cut short by a sudden end is taken off: nobody
    /// was told of it.
    pub(crate) fn open(path: &Path) -> io::Result<(Self, Vec<Line>)> {
        let mut file = OpenOptions::new().create(true).read(true).append(true).open(path)?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        let whole = bytes.iter().rposition(|b| *b == b'\n').map_or(0, |end| end + 1);
        if whole < bytes.len() {
            file.set_len(whole as u64)?;
            file.sync_all()?;
        }
        let lines = bytes[..whole].split(|b| *b == b'\n').filter(|line| !line.is_empty());
        let lines = lines.map(serde_json::from_slice).collect::<Result<Vec<Line>, _>>()?;
        if let Some(dir) = path.parent() {
            File::open(dir)?.sync_all()?;
        }
        Ok((Self(file), lines))
    }

    /// Appends a line; when this returns it is on disk.
    pub(crate) fn append(&mut self, line: &Line) -> io::Result<()> {
        let mut bytes = serde_json::to_vec(line)?;
        bytes.push(b'\n');
        let before = self.0.metadata()?.len();
        let written = self.0.write_all(&bytes).and_then(|()| self.0.sync_data());
        if written.is_err() {
            // Half a line in the middle would make the file unreadable: what was refused is not to stand there.
            self.0.set_len(before)?;
        }
        written
    }
}
