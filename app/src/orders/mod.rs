//! Orders (処方・診療行為) in the chart.
//!
//! | file | what |
//! | --- | --- |
//! | `text.rs` | orders as they are read: past visits, and today's under the note |
//! | `editor.rs` | a prescription group being written |
//! | `rp_draft.rs` | what was typed of it so far |
//! | `panel.rs` | the panel オーダー: prescriptions, procedures, Do |

pub mod api;
mod editor;
mod panel;
mod rp_draft;
mod segmented;
mod text;

pub use panel::{OrdersPanel, repeat_prescriptions};
pub use text::{OrdersText, TodaysOrders, rp_lines};
