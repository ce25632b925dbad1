//! The stand-in's state over a directory: the journal, and one file for each document that stands or waits.
//!
//! A document's file is written and synced before its line; the line decides. After a `kill -9` a file without a line is swept
//! away, and a line cut short never was.

use crate::{
    check,
    faults::{Faults, Order},
    journal::{About, Done, Event, Journal, Line},
    shelf::{Decision, Kept, Seen, Shelf, Waiting},
};
use chrono::{DateTime, TimeDelta, Utc};
use fhir::Version;
use links::{Answer, LetterProgress, ListedDocument, Target};
use model::{outside::Purpose, share::ShareKind};
use serde_json::Value;
use std::{
    collections::BTreeMap,
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicI64, Ordering},
    },
    time::{Duration, SystemTime},
};

/// Tells the time.
pub type Clock = Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>;

/// How the stand-in behaves.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options {
    /// Version of the profiles that documents are checked by.
    pub profiles: Version,
    /// How long every decision takes; none for at once.
    pub delay: Option<Duration>,
}

/// Why the data directory cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("データディレクトリ {path} を使用できません。")]
pub struct OpenError {
    /// The file or directory.
    pub path: PathBuf,
    /// What the system said.
    #[source]
    pub source: io::Error,
}

/// Something asked for came to nothing.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Denied {
    /// There is none.
    NotFound,
    /// No consent.
    NoConsent,
    /// The key was used for something else.
    KeyTaken,
    /// It breaks rules.
    Refused {
        /// HTTP status.
        status: u16,
        /// OperationOutcome.
        outcome: Value,
    },
}

struct State {
    shelf: Shelf,
    journal: Journal,
}

/// The stand-in.
pub struct Platform {
    dir: PathBuf,
    clock: Clock,
    /// Seconds that the platform's clock is ahead of this machine's; ordered by tests.
    offset: AtomicI64,
    options: Options,
    state: Mutex<State>,
    /// Faults waiting to happen.
    pub(crate) faults: Faults,
}

impl Platform {
    /// Opens a data directory, making it where it is not there, and reads what it holds. `clock` dates what is taken.
    ///
    /// # Errors
    /// When the directory cannot be made or a file in it cannot be read.
    pub fn open(dir: &Path, options: Options, clock: Clock) -> Result<Self, OpenError> {
        let at = |path: &Path| {
            let path = path.to_owned();
            move |source| OpenError { path, source }
        };
        let documents = dir.join("bodies");
        fs::create_dir_all(&documents).map_err(at(&documents))?;
        let path = dir.join("journal.jsonl");
        let (journal, lines) = Journal::open(&path).map_err(at(&path))?;
        let mut shelf = Shelf::default();
        for line in &lines {
            shelf.apply(line);
        }
        for entry in fs::read_dir(&documents).map_err(at(&documents))? {
            let path = entry.map_err(at(&documents))?.path();
            let receipt = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
            let waits = matches!(shelf.decisions.get(receipt), Some((_, Decision::Checking(_))));
            if !waits && shelf.by_receipt(receipt).is_none() {
                // What was being written, or no longer stands, when the process died.
                fs::remove_file(&path).map_err(at(&path))?;
            }
        }
        Ok(Self {
            dir: dir.to_owned(),
            clock,
            offset: AtomicI64::new(0),
            options,
            state: Mutex::new(State { shelf, journal }),
            faults: Faults::default(),
        })
    }

    /// Orders faults for the next requests.
    pub fn order(&self, order: Order) {
        self.faults.order(order);
    }

    /// Puts the platform's clock off against this machine's, in seconds.
    pub fn set_clock_offset(&self, seconds: i64) {
        self.offset.store(seconds, Ordering::Relaxed);
    }

    /// Every registration and cancellation that took effect, in that order.
    ///
    /// # Errors
    /// When the disk fails.
    pub fn journal(&self) -> io::Result<Vec<Done>> {
        // Nobody writes while the file is read.
        let _state = self.settled()?;
        let (_, lines) = Journal::open(&self.dir.join("journal.jsonl"))?;
        Ok(lines.iter().filter_map(Done::of).collect())
    }

    /// The time by which documents are dated.
    fn now(&self) -> DateTime<Utc> {
        (self.clock)() + TimeDelta::seconds(self.offset.load(Ordering::Relaxed))
    }

    /// The time on the platform's wall, which answers and certificates are judged by.
    pub(crate) fn wall(&self) -> DateTime<Utc> {
        DateTime::<Utc>::from(SystemTime::now()) + TimeDelta::seconds(self.offset.load(Ordering::Relaxed))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // What is in memory is on disk too; a panic elsewhere left it whole.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The state after everything that is due has been decided.
    fn settled(&self) -> io::Result<MutexGuard<'_, State>> {
        let mut state = self.state();
        while let Some((receipt, who, waiting)) = state.shelf.due(self.now()) {
            let event = self.decide(&state.shelf, &who, &receipt, waiting)?;
            self.append(&mut state, &who, event)?;
        }
        Ok(state)
    }

    fn decide(&self, shelf: &Shelf, who: &str, receipt: &str, waiting: Waiting) -> io::Result<Event> {
        let (receipt, Waiting { key, identifier, cancels, .. }) = (receipt.to_owned(), waiting);
        if let Some(member_id) = cancels {
            let target = Target { identifier, member_id };
            return Ok(match stands(shelf, who, &target) {
                true => Event::Cancel { key, receipt, identifier: target.identifier, member_id: target.member_id },
                false => Event::Refused { receipt, status: 404, outcome: Value::Null },
            });
        }
        let bytes = fs::read(self.path_of(&receipt))?;
        let Ok(document) = serde_json::from_slice::<Value>(&bytes) else {
            let outcome = fhir::validate::operation_outcome(&[check::issue("PF-JSON", "", "JSONとして読めません。")]);
            return Ok(Event::Refused { receipt, status: 400, outcome });
        };
        let issues = check::issues(who, &document, self.options.profiles);
        if !fhir::validate::acceptable(&issues) {
            return Ok(Event::Refused { receipt, status: 422, outcome: fhir::validate::operation_outcome(&issues) });
        }
        Ok(Event::Register { key, receipt, about: check::about(&document) })
    }

    fn path_of(&self, receipt: &str) -> PathBuf {
        self.dir.join("bodies").join(format!("{receipt}.json"))
    }

    /// Writes a line and takes it in; what no longer stands goes.
    fn append(&self, state: &mut State, who: &str, event: Event) -> io::Result<()> {
        let line = Line { sequence: state.shelf.sequence + 1, at: self.now(), institution: who.to_owned(), event };
        state.journal.append(&line)?;
        if let Some(gone) = state.shelf.apply(&line) {
            let path = self.path_of(&gone);
            if path.exists() {
                fs::remove_file(path)?;
            }
        }
        Ok(())
    }

    fn next_receipt(&self, state: &State) -> String {
        format!("{}-{:08}", model::date::day_of(self.now()).format("%Y%m%d"), state.shelf.sequence + 1)
    }

    fn put(&self, receipt: &str, bytes: &[u8]) -> io::Result<()> {
        let path = self.path_of(receipt);
        let mut file = File::create(&path)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        File::open(self.dir.join("bodies"))?.sync_all()
    }

    /// Takes a document in: checked at once, or later where `delay` or the options say so. The same key again gives the same
    /// receipt and does nothing.
    pub(crate) fn register(
        &self,
        who: &str,
        key: &str,
        bytes: &[u8],
        delay: Option<Duration>,
    ) -> io::Result<Result<Answer, Denied>> {
        let document = serde_json::from_slice::<Value>(bytes).unwrap_or_default();
        let about = check::about(&document);
        if let Some(answer) = self.again(&*self.settled()?, who, key, &about.identifier, false) {
            return Ok(answer);
        }
        let delay = delay.or(self.options.delay);
        if delay.is_none() {
            // Outside of the lock: this is what takes time.
            if document.is_null() {
                let outcome = fhir::validate::operation_outcome(&[check::issue("PF-JSON", "", "JSONとして読めません。")]);
                return Ok(Err(Denied::Refused { status: 400, outcome }));
            }
            let issues = check::issues(who, &document, self.options.profiles);
            if !fhir::validate::acceptable(&issues) {
                let outcome = fhir::validate::operation_outcome(&issues);
                return Ok(Err(Denied::Refused { status: 422, outcome }));
            }
        }
        let mut state = self.settled()?;
        // The same request may have come in twice at once.
        if let Some(answer) = self.again(&state, who, key, &about.identifier, false) {
            return Ok(answer);
        }
        let receipt = self.next_receipt(&state);
        self.put(&receipt, bytes)?;
        let key = key.to_owned();
        let (event, answer) = match delay {
            Some(delay) => (self.checking(&key, &receipt, delay, about, None), Answer::Checking { receipt }),
            None => (Event::Register { key, receipt: receipt.clone(), about }, Answer::Taken { receipt }),
        };
        self.append(&mut state, who, event)?;
        Ok(Ok(answer))
    }

    fn checking(&self, key: &str, receipt: &str, delay: Duration, about: About, cancels: Option<String>) -> Event {
        let due = self.now() + delay;
        Event::Checking { key: key.into(), receipt: receipt.into(), due, identifier: about.identifier, cancels }
    }

    /// The answer to a key that was seen before.
    fn again(&self, state: &State, who: &str, key: &str, identifier: &str, cancels: bool) -> Option<Result<Answer, Denied>> {
        let seen = state.shelf.keys.get(&(who.to_owned(), key.to_owned()))?;
        if (seen.identifier.as_str(), seen.cancels) != (identifier, cancels) {
            return Some(Err(Denied::KeyTaken));
        }
        let Seen { receipt, .. } = seen.clone();
        Some(match &state.shelf.decisions.get(&receipt)?.1 {
            Decision::Taken => Ok(Answer::Taken { receipt }),
            Decision::Checking(_) => Ok(Answer::Checking { receipt }),
            Decision::Refused { status, outcome } => Err(Denied::Refused { status: *status, outcome: outcome.clone() }),
        })
    }

    /// Takes back an institution's own document. The same key again gives the same receipt.
    pub(crate) fn cancel(
        &self,
        who: &str,
        key: &str,
        target: Target,
        delay: Option<Duration>,
    ) -> io::Result<Result<Answer, Denied>> {
        let mut state = self.settled()?;
        if let Some(answer) = self.again(&state, who, key, &target.identifier, true) {
            return Ok(answer);
        }
        let receipt = self.next_receipt(&state);
        let Target { identifier, member_id } = target.clone();
        let (event, answer) = match delay.or(self.options.delay) {
            Some(delay) => {
                let about = About { identifier, member_id: String::new(), kind: None, addressee: None };
                let event = self.checking(key, &receipt, delay, about, Some(member_id));
                (event, Answer::Checking { receipt })
            }
            None if !stands(&state.shelf, who, &target) => return Ok(Err(Denied::NotFound)),
            None => {
                let event = Event::Cancel { key: key.into(), receipt: receipt.clone(), identifier, member_id };
                (event, Answer::Taken { receipt })
            }
        };
        self.append(&mut state, who, event)?;
        Ok(Ok(answer))
    }

    /// What became of a request of the asker.
    pub(crate) fn result(&self, who: &str, receipt: &str) -> io::Result<Result<Answer, Denied>> {
        let state = self.settled()?;
        let Some((_, decision)) = state.shelf.decisions.get(receipt).filter(|(holder, _)| holder == who) else {
            return Ok(Err(Denied::NotFound));
        };
        let receipt = receipt.to_owned();
        Ok(match decision {
            Decision::Taken => Ok(Answer::Taken { receipt }),
            Decision::Checking(_) => Ok(Answer::Checking { receipt }),
            Decision::Refused { status, outcome } => Err(Denied::Refused { status: *status, outcome: outcome.clone() }),
        })
    }

    /// Records or takes back a person's consent that an institution reads.
    pub(crate) fn consent(&self, who: &str, member_id: &str, granted: bool) -> io::Result<()> {
        let mut state = self.settled()?;
        if state.shelf.consents(who, member_id) == granted {
            return Ok(());
        }
        self.append(&mut state, who, Event::Consent { member_id: member_id.to_owned(), granted })
    }

    /// Documents about a person, newest first, without the asker's own where so asked; only with consent. A letter stands in
    /// the lists of its sender and of the institution it is addressed to alone.
    pub(crate) fn about(
        &self,
        who: &str,
        member_id: &str,
        purpose: Option<Purpose>,
        without_own: bool,
    ) -> io::Result<Result<Vec<ListedDocument>, Denied>> {
        let mut state = self.settled()?;
        if !state.shelf.consents(who, member_id) {
            return Ok(Err(Denied::NoConsent));
        }
        self.append(&mut state, who, Event::Read { member_id: member_id.to_owned(), purpose })?;
        let about = state.shelf.documents.values().filter(|d| d.about.member_id == member_id && may_see(d, who));
        let mut list: Vec<_> = about.filter(|d| !without_own || d.institution != who).map(listed).collect();
        list.sort_by_key(|d| std::cmp::Reverse(d.sequence));
        Ok(Ok(list))
    }

    /// One document as it was sent: the asker's own, one addressed to the asker, or with consent.
    pub(crate) fn one(&self, who: &str, receipt: &str) -> io::Result<Result<Vec<u8>, Denied>> {
        let state = self.settled()?;
        let Some(found) = state.shelf.by_receipt(receipt).filter(|d| may_see(d, who)) else {
            return Ok(Err(Denied::NotFound));
        };
        let own = found.institution == who || found.about.addressee.as_deref() == Some(who);
        if !own && !state.shelf.consents(who, &found.about.member_id) {
            return Ok(Err(Denied::NoConsent));
        }
        fs::read(self.path_of(receipt)).map(Ok)
    }

    /// Letters addressed to the asker after a place in the order, oldest first, at most a hundred.
    pub(crate) fn inbox(&self, who: &str, after: i64) -> io::Result<Vec<ListedDocument>> {
        let state = self.settled()?;
        let letters = state.shelf.documents.values().filter(|d| d.about.addressee.as_deref() == Some(who));
        let mut list: Vec<_> = letters.filter(|d| d.sequence > after).map(listed).collect();
        list.sort_by_key(|d| d.sequence);
        list.truncate(100);
        Ok(list)
    }

    /// A letter addressed to the asker was opened; the first time counts.
    pub(crate) fn opened(&self, who: &str, receipt: &str) -> io::Result<Result<(), Denied>> {
        let mut state = self.settled()?;
        let found = state.shelf.by_receipt(receipt).filter(|d| d.about.addressee.as_deref() == Some(who));
        match found.map(|found| found.opened_at) {
            None => Ok(Err(Denied::NotFound)),
            Some(Some(_)) => Ok(Ok(())),
            Some(None) => self.append(&mut state, who, Event::Opened { receipt: receipt.to_owned() }).map(Ok),
        }
    }

    /// Where the asker's own letters stand, of those named; those that are gone are left out.
    pub(crate) fn progress(&self, who: &str, receipts: &[String]) -> io::Result<Vec<LetterProgress>> {
        let state = self.settled()?;
        let found = receipts.iter().take(100).filter_map(|receipt| state.shelf.by_receipt(receipt));
        let progress = |d: &Kept| LetterProgress {
            identifier: d.about.identifier.clone(),
            receipt: d.receipt.clone(),
            opened_at: d.opened_at,
        };
        Ok(found.filter(|d| d.institution == who).map(progress).collect())
    }

    /// How many documents of each kind each institution registered.
    pub(crate) fn counts(&self) -> BTreeMap<String, BTreeMap<&'static str, usize>> {
        let mut out: BTreeMap<String, BTreeMap<&'static str, usize>> = BTreeMap::new();
        for kept in self.state().shelf.documents.values() {
            let kind = kept.about.kind.map_or("その他", ShareKind::label);
            *out.entry(kept.institution.clone()).or_default().entry(kind).or_default() += 1;
        }
        out
    }
}

fn stands(shelf: &Shelf, who: &str, target: &Target) -> bool {
    let found = shelf.documents.get(&target.identifier);
    found.is_some_and(|d| d.institution == who && d.about.member_id == target.member_id)
}

fn may_see(kept: &Kept, who: &str) -> bool {
    kept.institution == who || kept.about.addressee.as_deref().is_none_or(|addressee| addressee == who)
}

fn listed(kept: &Kept) -> ListedDocument {
    ListedDocument {
        sequence: kept.sequence,
        receipt: kept.receipt.clone(),
        identifier: kept.about.identifier.clone(),
        institution: kept.institution.clone(),
        kind: kept.about.kind,
        received_at: kept.received_at,
    }
}
