//! A platform that answers as it is told and remembers what it was asked.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use clinic::{Clinic, outbox};
use links::{Answer, Fault, LetterProgress, ListedDocument, Reason, RecordSharing, SharingError, Target};
use model::{codes::InstitutionNumber, outside::Purpose};
use serde_json::Value;
use std::{
    collections::{BTreeMap, HashMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard},
};
use tokio::sync::Semaphore;

/// What the platform does next.
#[derive(Debug, Clone)]
pub enum Next {
    /// Takes it.
    Take,
    /// Decides later.
    Check,
    /// Has a fault and did nothing.
    Fault(Fault),
    /// Does it, but the answer is lost.
    Cut,
    /// Refuses it.
    Refuse(Vec<Reason>),
    /// Knows nothing of it.
    NotFound,
}

/// What it was asked.
#[derive(Debug, Clone, PartialEq)]
pub enum Call {
    /// 登録.
    Register { key: String, identifier: String, member_id: String, document: Value },
    /// 取消.
    Cancel { key: String, target: Target },
    /// Whether it is decided.
    Result { receipt: String },
}

impl Call {
    /// `register 傷病名…`: action and the last part of the identifier.
    pub fn short(&self) -> String {
        let last = |identifier: &str| identifier.rsplit('^').next().unwrap_or_default().to_owned();
        match self {
            Self::Register { identifier, .. } => format!("register {}", last(identifier)),
            Self::Cancel { target, .. } => format!("cancel {}", last(&target.identifier)),
            Self::Result { receipt } => format!("result {receipt}"),
        }
    }

    /// The key it came with.
    pub fn key(&self) -> &str {
        match self {
            Self::Register { key, .. } | Self::Cancel { key, .. } => key,
            Self::Result { receipt } => receipt,
        }
    }
}

#[derive(Default)]
struct State {
    next: VecDeque<Next>,
    calls: Vec<Call>,
    opened: Vec<(String, DateTime<Utc>)>,
    held: BTreeMap<String, Value>,
    pending: HashMap<String, Call>,
    done: Vec<String>,
}

impl State {
    /// Does what was asked, once for each key.
    fn act(&mut self, call: &Call) -> bool {
        if self.done.iter().any(|key| key == call.key()) {
            return true;
        }
        match call {
            Call::Register { identifier, document, .. } => {
                self.held.insert(identifier.clone(), document.clone());
            }
            Call::Cancel { target, .. } => {
                if self.held.remove(&target.identifier).is_none() {
                    return false;
                }
            }
            Call::Result { .. } => {}
        }
        self.done.push(call.key().to_owned());
        true
    }
}

/// The platform.
pub struct Scripted {
    /// One permit for each answer.
    pub answers: Semaphore,
    state: Mutex<State>,
}

impl Scripted {
    /// One that takes whatever comes, at once.
    pub fn new() -> Arc<Self> {
        Self::with_answers(100_000)
    }

    /// One that answers so many times and then lets wait.
    pub fn with_answers(answers: usize) -> Arc<Self> {
        Arc::new(Self { answers: Semaphore::new(answers), state: Mutex::default() })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("no holder panics")
    }

    /// The next answers; after them it takes whatever comes.
    pub fn then(&self, next: impl IntoIterator<Item = Next>) {
        self.state().next.extend(next);
    }

    /// That the addressee opened a letter.
    pub fn open(&self, receipt: &str, at: DateTime<Utc>) {
        self.state().opened.push((receipt.to_owned(), at));
    }

    /// What it was asked so far.
    pub fn calls(&self) -> Vec<Call> {
        self.state().calls.clone()
    }

    /// What it was asked so far, in short; and forgets it.
    pub fn take_calls(&self) -> Vec<String> {
        std::mem::take(&mut self.state().calls).iter().map(Call::short).collect()
    }

    /// What it holds, by identifier.
    pub fn held(&self) -> BTreeMap<String, Value> {
        self.state().held.clone()
    }

    /// The keys of what took effect, in this order.
    pub fn done(&self) -> Vec<String> {
        self.state().done.clone()
    }

    /// The keys it was asked with.
    pub fn keys(&self) -> Vec<String> {
        self.calls().iter().map(|call| call.key().to_owned()).collect()
    }

    async fn answer(&self, call: Call) -> Result<Answer, SharingError> {
        let receipt = match &call {
            Call::Result { receipt } => receipt.clone(),
            other => format!("R-{}", other.key()),
        };
        let next = {
            let mut state = self.state();
            state.calls.push(call.clone());
            state.next.pop_front().unwrap_or(Next::Take)
        };
        self.answers.acquire().await.expect("open").forget();
        let mut state = self.state();
        match next {
            Next::Take | Next::Cut => {
                let asked = if matches!(call, Call::Result { .. }) { state.pending.get(&receipt).cloned() } else { Some(call) };
                let there = asked.is_none_or(|asked| state.act(&asked));
                match next {
                    Next::Cut => Err(Fault::Garbled.into()),
                    _ if there => Ok(Answer::Taken { receipt }),
                    _ => Err(SharingError::NotFound),
                }
            }
            Next::Check => {
                if !matches!(call, Call::Result { .. }) {
                    state.pending.insert(receipt.clone(), call);
                }
                Ok(Answer::Checking { receipt })
            }
            Next::Fault(fault) => Err(fault.into()),
            Next::Refuse(reasons) => Err(SharingError::Refused { reasons }),
            Next::NotFound => Err(SharingError::NotFound),
        }
    }
}

#[async_trait]
impl RecordSharing for Scripted {
    async fn register(&self, _: &InstitutionNumber, document: &Value, key: &str) -> Result<Answer, SharingError> {
        let read = fhir::read::document(document).expect("a bundle");
        let call = Call::Register {
            key: key.to_owned(),
            identifier: read.identifier,
            member_id: read.member_id,
            document: document.clone(),
        };
        self.answer(call).await
    }

    async fn cancel(&self, _: &InstitutionNumber, target: &Target, key: &str) -> Result<Answer, SharingError> {
        self.answer(Call::Cancel { key: key.to_owned(), target: target.clone() }).await
    }

    async fn result(&self, _: &InstitutionNumber, receipt: &str) -> Result<Answer, SharingError> {
        self.answer(Call::Result { receipt: receipt.to_owned() }).await
    }

    async fn list(&self, _: &InstitutionNumber, _: &str, _: Purpose) -> Result<Vec<ListedDocument>, SharingError> {
        unreachable!("not asked")
    }

    async fn fetch(&self, _: &InstitutionNumber, _: &str) -> Result<Vec<u8>, SharingError> {
        unreachable!("not asked")
    }

    async fn inbox(&self, _: &InstitutionNumber, _: i64) -> Result<Vec<ListedDocument>, SharingError> {
        unreachable!("not asked")
    }

    async fn acknowledge(&self, _: &InstitutionNumber, _: &str) -> Result<(), SharingError> {
        unreachable!("not asked")
    }

    async fn progress(&self, _: &InstitutionNumber, receipts: &[String]) -> Result<Vec<LetterProgress>, SharingError> {
        let opened = self.state().opened.clone();
        let found = opened.into_iter().filter(|(receipt, _)| receipts.contains(receipt));
        Ok(found.map(|(receipt, at)| LetterProgress { identifier: String::new(), receipt, opened_at: Some(at) }).collect())
    }

    async fn set_consent(&self, _: &InstitutionNumber, _: &str, _: bool) -> Result<(), SharingError> {
        unreachable!("not asked")
    }
}

/// One look of the worker. How many documents were answered.
pub async fn once(clinic: &Clinic, platform: &Arc<Scripted>) -> usize {
    let sharing: Arc<dyn RecordSharing> = platform.clone();
    outbox::once(clinic, &sharing).await.expect("works")
}

/// Looks until nothing is answered any more. How many were.
pub async fn all(clinic: &Clinic, platform: &Arc<Scripted>) -> usize {
    let mut sum = 0;
    loop {
        match once(clinic, platform).await {
            0 => return sum,
            some => sum += some,
        }
    }
}
