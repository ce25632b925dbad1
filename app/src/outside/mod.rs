//! What other institutions shared about a patient (他院の情報), and the letters that came in (届いた紹介状).
//!
//! Nothing of another house is mixed with our own silently: it stands beside it with source and day, and one press takes an
//! entry over, with its provenance and with a way back.
//!
//! | file | what |
//! | --- | --- |
//! | `hand.rs` | taking entries over and giving them back |
//! | `ask.rs` | asking the platform, with the purpose; what came of it in words |
//! | `section.rs`, `ours.rs` | the section in the chart's panel 文書: ours on the left, theirs on the right |
//! | `document.rs`, `entry.rs` | a document of another house and its entries |
//! | `desk.rs` | the card of the reception: ask, and hear how much there is |
//! | `unread.rs` | how many letters wait, for the bar of the page |
//! | `inbox.rs`, `incoming.rs`, `sheet.rs` | the letters that came in, one of them, and how it reads on paper |
//! | `whose.rs` | whom a letter is about: choose or register the patient |

pub mod api;
mod ask;
mod desk;
mod document;
mod entry;
mod hand;
mod inbox;
mod incoming;
mod ours;
mod section;
mod sheet;
mod unread;
mod whose;

pub use desk::{AskedAtDesk, OutsideAtDesk};
pub use inbox::InboxPage;
pub use incoming::IncomingLetterPage;
pub use section::Outside;
pub use unread::Unread;

/// A number of things with its word: `3件`.
fn count(number: usize) -> String {
    format!("{number}件")
}
