//! What the HTTP tests share.

pub use server::testing::{Server, client};
