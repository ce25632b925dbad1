//! The outside world, one trait each: what a clinic asks of it, without saying how it is reached.
//!
//! [`RecordSharing`] is the national platform (電子カルテ情報共有サービス). Its real interface is not public; the adapter in
//! [`http`] speaks to our stand-in, whose assumptions are listed in `docs/platform-interface.md`.

pub mod sharing;

pub use sharing::{Answer, Fault, RecordSharing, SharedBundle};
