//! Orders (処方・診療行為・自費) in the chart.
//!
//! | file | what |
//! | --- | --- |
//! | `text.rs` | orders as they are read: past visits, and today's under the note |
//! | `rp_draft.rs` | what was typed of a prescription group so far |
//! | `rp_fields.rs`, `segmented.rs` | its fields; the chart and the sets share them |
//! | `editor.rs`, `rp_row.rs` | a group of the visit being written, and in the list |
//! | `quantity_row.rs` | a name with a quantity |
//! | `procedures.rs`, `parts.rs` | procedures, and the drugs, materials and comments beside them |
//! | `self_paid.rs` | items outside of insurance |
//! | `sets.rs` | a set put into the visit, and the visit made a set |
//! | `panel.rs` | the panel オーダー: all of it, and Do |

pub mod api;
mod editor;
mod panel;
mod parts;
mod procedures;
mod quantity_row;
mod rp_draft;
mod rp_fields;
mod rp_row;
mod segmented;
mod self_paid;
mod sets;
mod text;

use panel::put;
pub use panel::{OrdersPanel, repeat_prescriptions};
pub(crate) use procedures::ProcedurePicker;
pub(crate) use quantity_row::QuantityRow;
pub(crate) use rp_draft::{RpDraft, form_of, usages_for};
pub(crate) use rp_fields::RpFields;
pub(crate) use self_paid::{SelfPaidPicker, cost_words, fits, quantity_of};
pub(crate) use sets::contents;
pub use text::{OrdersText, TodaysOrders, rp_lines};
