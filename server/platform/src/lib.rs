//! A stand-in of the national platform (電子カルテ情報共有サービスの代役): takes documents, refuses what breaks the profiles, and lets
//! institutions read with the patient's consent. For demonstration and tests; its interface is our own, written down in
//! `docs/platform-interface.md`, because the real one is not public.
//!
//! As a library it starts in-process: [`router`] over a [`Platform`].

mod faults;
mod page;
mod routes;
mod store;

pub use faults::FaultKind;
pub use routes::router;
pub use store::{Clock, OpenError, Options, Platform};
