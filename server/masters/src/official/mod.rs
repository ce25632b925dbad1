//! Parsers of the official files: bytes in, typed and dated rows out, or an error that names line and column.
//!
//! Nothing here looks at the clock, the database or the network; only [`text::SourceFile::open`] reads a disk.

pub mod comment_relation;
pub mod era;
pub mod figures;
pub mod further;
pub mod general_name;
pub mod history;
pub mod jfagy;
pub mod jlac;
pub mod jlac_list;
pub mod layout;
pub mod points;
pub mod price_list;
pub mod price_standard;
pub mod sheet;
pub mod ssk;
pub mod text;
