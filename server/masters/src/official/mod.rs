//! Parsers of the official files: bytes in, typed and dated rows out, or an error that names line and column.
//!
//! Nothing here looks at the clock, the database or the network; only [`text::SourceFile::open`] reads a disk.

pub mod figures;
pub mod history;
pub mod jfagy;
pub mod jlac;
pub mod layout;
pub mod sheet;
pub mod ssk;
pub mod text;
