//! The national masters (マスター): parsers of the official files, the starter set the project ships, a snapshot of all
//! tables in memory, and the search over it.
//!
//! Everything is dated: a row is asked for a day of service and never for "the latest". Nothing here does I/O but the
//! explicit `open` and `load_dir`, and nothing looks at the clock.

pub mod error;
pub mod folder;
pub mod ledger;
pub mod local;
pub mod official;
pub mod points;
pub mod search;
pub mod snapshot;
mod standing;
pub mod starter;
pub mod store;
pub mod table;

pub use error::MasterError;
pub use snapshot::Snapshot;
pub use standing::Known;
pub use store::Store;
