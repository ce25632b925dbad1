//! The clinic's own layer over the national masters (院内マスター): adopted drugs, favourites, own names, order sets
//! (約束処方・検査セット) and items outside of insurance (自費).
//!
//! | file | what |
//! | --- | --- |
//! | `api.rs` | the server functions |
//! | `room.rs` | what the page knows |
//! | `page.rs` | the page and the card with its tabs |
//! | `naming.rs` | the clinic's own names in every search list |
//! | `items.rs`, `item_form.rs`, `dose.rs` | what is said about national rows: the list, the form, the usual dose |
//! | `sets.rs`, `set_editor.rs`, `set_draft.rs` | order sets: the list, the editor, what was typed so far |
//! | `self_paid.rs` | items outside of insurance |
//! | `repair.rs` | what an import of masters broke |

pub mod api;
mod dose;
mod item_form;
mod items;
mod naming;
mod page;
mod repair;
mod room;
mod self_paid;
mod set_draft;
mod set_editor;
mod sets;

pub(crate) use naming::{search, search_all};
pub use page::{InhouseCard, InhousePage};
