//! The ledger of published files: what is in force is a function of the set of files that are applied, and of nothing else.
//!
//! [`read`] takes one file as handed in and refuses it whole or finds its tables; [`check_against`] says whether they may be
//! added; [`tables`] makes the dated rows of a set; [`Loader`] makes a [`Snapshot`](crate::Snapshot) of rows, over the
//! starter set; [`difference`] tells what changes between two snapshots.

mod compare;
mod editions;
pub(crate) mod kinds;
mod load;
mod overlay;
mod policy;
mod preview;
mod prices;
pub(crate) mod read;
mod table;

pub use load::Loader;
pub use policy::check_against;
pub use preview::{changed_by, changes, difference, difference_rows};
pub use read::{Published, read};
pub use table::{LedgerRow, TableFile, Tables, tables};
