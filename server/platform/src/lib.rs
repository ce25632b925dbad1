//! A stand-in of the national platform (電子カルテ情報共有サービスの代役): takes documents, refuses what breaks the profiles, keeps
//! a journal of what it did, hands letters to whom they are addressed, and lets institutions read with the patient's consent.
//! For demonstration and tests; its interface is our own, written down in `docs/platform-interface.md`, because the real one
//! is not public.
//!
//! As a library it starts in-process: [`router`] over a [`Platform`] trusts the header that names the institution (for tests),
//! [`serve`] offers HTTPS and knows institutions by their client certificates ([`certificates`]), [`control`] orders faults and reads the journal.

pub mod certificates;
mod check;
mod control;
mod faults;
mod identity;
mod journal;
mod page;
mod routes;
mod secure;
mod shelf;
mod store;
mod time;

pub use control::control;
pub use faults::{FaultKind, Order, Scope};
pub use journal::Done;
pub use routes::{router, serve};
pub use secure::SecureError;
pub use store::{Clock, OpenError, Options, Platform};
