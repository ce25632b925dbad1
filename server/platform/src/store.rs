//! What the stand-in keeps: one JSON file for each document, one for consents, one for the secrets of institutions.
//!
//! A file is written beside its place, synced and renamed, so that after a `kill -9` there is the old or the new, whole.

use crate::faults::Faults;
use chrono::{DateTime, Utc};
use model::share::ShareKind;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// Tells the time.
pub type Clock = Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>;

/// How the stand-in behaves.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Faults on demand may be set (`POST /v1/faults`); for tests only.
    pub allow_faults: bool,
    /// Secrets by institution number. An institution not named here is known by the first secret it uses.
    pub tokens: BTreeMap<String, String>,
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

/// A document as it is kept.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Stored {
    /// Counted up over all documents; the receipt number is made from it.
    pub sequence: u64,
    /// Receipt number.
    pub receipt: String,
    /// Institution that registered it.
    pub institution: String,
    /// `Bundle.identifier.value`.
    pub identifier: String,
    /// Insured person's identifier.
    pub member_id: String,
    /// What it carries.
    pub kind: Option<ShareKind>,
    /// When it was taken.
    pub received_at: DateTime<Utc>,
    /// Idempotency key it came with.
    pub key: String,
    /// The document.
    pub document: Value,
}

/// What was asked about a document came to nothing.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Denied {
    /// There is none.
    NotFound,
    /// No consent.
    NoConsent,
}

#[derive(Default)]
struct Shelf {
    documents: HashMap<String, Stored>,
    consents: BTreeSet<(String, String)>,
    tokens: BTreeMap<String, String>,
    sequence: u64,
}

/// The stand-in's state.
pub struct Platform {
    dir: PathBuf,
    clock: Clock,
    shelf: Mutex<Shelf>,
    /// Faults waiting to happen.
    pub(crate) faults: Faults,
    /// Whether faults may be set.
    pub(crate) allow_faults: bool,
}

impl Platform {
    /// Opens a data directory, making it where it is not there, and reads what it holds.
    ///
    /// # Errors
    /// When the directory cannot be made or a file in it cannot be read.
    pub fn open(dir: &Path, options: Options, clock: Clock) -> Result<Self, OpenError> {
        let at = |path: &Path| {
            let path = path.to_owned();
            move |source| OpenError { path, source }
        };
        let documents = dir.join("documents");
        fs::create_dir_all(&documents).map_err(at(&documents))?;
        let mut shelf = Shelf::default();
        for entry in fs::read_dir(&documents).map_err(at(&documents))? {
            let path = entry.map_err(at(&documents))?.path();
            if path.extension().is_none_or(|e| e != "json") {
                // A file that was being written when the process died.
                fs::remove_file(&path).map_err(at(&path))?;
                continue;
            }
            let stored: Stored = load(&path).map_err(at(&path))?;
            shelf.sequence = shelf.sequence.max(stored.sequence);
            shelf.documents.insert(stored.identifier.clone(), stored);
        }
        for (name, into) in [("consents.json", 0), ("tokens.json", 1)] {
            let path = dir.join(name);
            if !path.exists() {
                continue;
            }
            match into {
                0 => shelf.consents = load(&path).map_err(at(&path))?,
                _ => shelf.tokens = load(&path).map_err(at(&path))?,
            }
        }
        shelf.tokens.extend(options.tokens.iter().map(|(number, token)| (number.clone(), digest(token))));
        Ok(Self {
            dir: dir.to_owned(),
            clock,
            shelf: Mutex::new(shelf),
            faults: Faults::default(),
            allow_faults: options.allow_faults,
        })
    }

    fn shelf(&self) -> MutexGuard<'_, Shelf> {
        // What is on the shelf is on disk too; a panic elsewhere left it whole.
        self.shelf.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether the secret is the institution's; the first one used by an unknown institution becomes its own.
    pub(crate) fn knows(&self, institution: &str, token: &str) -> io::Result<bool> {
        let mut shelf = self.shelf();
        let given = digest(token);
        if let Some(known) = shelf.tokens.get(institution) {
            return Ok(*known == given);
        }
        shelf.tokens.insert(institution.to_owned(), given);
        save(&self.dir.join("tokens.json"), &shelf.tokens)?;
        Ok(true)
    }

    /// Keeps a validated document; true when it replaced an earlier one. The same key or the very same document again gives
    /// the same receipt.
    pub(crate) fn keep(&self, institution: &str, key: &str, document: Value) -> io::Result<(Stored, bool)> {
        let read = fhir::read::document(&document);
        let (identifier, member_id, kind) = read.map(|r| (r.identifier, r.member_id, r.kind)).unwrap_or_default();
        let mut shelf = self.shelf();
        let before = shelf.documents.get(&identifier);
        if let Some(same) = before.filter(|b| (!key.is_empty() && b.key == key) || b.document == document) {
            return Ok((same.clone(), false));
        }
        let replaced = before.is_some();
        let received_at = (self.clock)();
        let sequence = shelf.sequence + 1;
        let receipt = format!("{}-{sequence:08}", model::date::day_of(received_at).format("%Y%m%d"));
        let stored = Stored {
            sequence,
            receipt,
            institution: institution.to_owned(),
            identifier: identifier.clone(),
            member_id,
            kind,
            received_at,
            key: key.to_owned(),
            document,
        };
        save(&self.path_of(&identifier), &stored)?;
        shelf.sequence = sequence;
        shelf.documents.insert(identifier, stored.clone());
        Ok((stored, replaced))
    }

    /// Identifiers are digits, letters, `-` and `^` (R2152, checked before), so they make file names.
    fn path_of(&self, identifier: &str) -> PathBuf {
        let name: String = identifier.chars().map(|c| if c.is_ascii_alphanumeric() || c == '-' { c } else { '_' }).collect();
        self.dir.join("documents").join(format!("{name}.json"))
    }

    /// Removes an institution's own document.
    pub(crate) fn cancel(&self, institution: &str, identifier: &str) -> io::Result<Result<(), Denied>> {
        let mut shelf = self.shelf();
        if shelf.documents.get(identifier).is_none_or(|d| d.institution != institution) {
            return Ok(Err(Denied::NotFound));
        }
        fs::remove_file(self.path_of(identifier))?;
        shelf.documents.remove(identifier);
        Ok(Ok(()))
    }

    /// Records or takes back a person's consent that an institution reads.
    pub(crate) fn consent(&self, institution: &str, member_id: &str, granted: bool) -> io::Result<()> {
        let mut shelf = self.shelf();
        let pair = (institution.to_owned(), member_id.to_owned());
        let changed = if granted { shelf.consents.insert(pair) } else { shelf.consents.remove(&pair) };
        if changed { save(&self.dir.join("consents.json"), &shelf.consents) } else { Ok(()) }
    }

    /// Documents about a person, newest first, without the asker's own where so asked; only with consent.
    pub(crate) fn about(&self, institution: &str, member_id: &str, without_own: bool) -> Result<Vec<Stored>, Denied> {
        let shelf = self.shelf();
        if !shelf.consents.contains(&(institution.to_owned(), member_id.to_owned())) {
            return Err(Denied::NoConsent);
        }
        let about = shelf.documents.values().filter(|d| d.member_id == member_id);
        let mut list: Vec<Stored> = about.filter(|d| !without_own || d.institution != institution).cloned().collect();
        list.sort_by_key(|d| std::cmp::Reverse(d.sequence));
        Ok(list)
    }

    /// One document: the asker's own, or with consent.
    pub(crate) fn one(&self, institution: &str, receipt: &str) -> Result<Stored, Denied> {
        let shelf = self.shelf();
        let found = shelf.documents.values().find(|d| d.receipt == receipt).ok_or(Denied::NotFound)?;
        let may = found.institution == institution || shelf.consents.contains(&(institution.to_owned(), found.member_id.clone()));
        if may { Ok(found.clone()) } else { Err(Denied::NoConsent) }
    }

    /// How many documents of each kind each institution registered.
    pub(crate) fn counts(&self) -> BTreeMap<String, BTreeMap<&'static str, usize>> {
        let mut out: BTreeMap<String, BTreeMap<&'static str, usize>> = BTreeMap::new();
        for document in self.shelf().documents.values() {
            let kind = document.kind.map_or("その他", ShareKind::label);
            *out.entry(document.institution.clone()).or_default().entry(kind).or_default() += 1;
        }
        out
    }
}

/// Secrets are kept as digests only.
fn digest(token: &str) -> String {
    Sha256::digest(token.as_bytes()).iter().map(|b| format!("{b:02x}")).collect()
}

fn load<T: for<'a> Deserialize<'a>>(path: &Path) -> io::Result<T> {
    serde_json::from_slice(&fs::read(path)?).map_err(io::Error::from)
}

fn save(path: &Path, value: &impl Serialize) -> io::Result<()> {
    let fresh = path.with_extension("new");
    let mut file = File::create(&fresh)?;
    file.write_all(&serde_json::to_vec(value)?)?;
    file.sync_all()?;
    fs::rename(&fresh, path)?;
    if let Some(dir) = path.parent() {
        File::open(dir)?.sync_all()?;
    }
    Ok(())
}
