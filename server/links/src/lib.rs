//! Ways to partners outside the house. A trait says what is asked of a partner; an adapter says it over the wire.
//!
//! * [`sharing`]: the national platform for sharing records (電子カルテ情報共有サービス) and its faults;
//! * [`http`]: the adapter that speaks the interface of `docs/platform-interface.md`;
//! * [`tls`]: certificates of institutions and of the platform.
//!
//! No retries, no storage: when to try again is the outbox's business.

pub mod http;
mod reading;
pub mod sharing;
pub mod tls;

pub use http::HttpSharing;
pub use sharing::{Answer, Fault, LetterProgress, ListedDocument, Reason, RecordSharing, SharingError, Target};
