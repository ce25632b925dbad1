//! Our own small component set, in the words of the screen.
//!
//! | file | what |
//! | --- | --- |
//! | `field.rs` | [`Field`], [`TextField`], [`TextArea`], [`SelectField`], [`RadioField`], [`CheckField`]: label, hint, error at the field |
//! | `dialog.rs` | [`Dialog`]: the browser's own `<dialog>`, with focus trap and Esc |
//! | `toast.rs` | [`toast`], [`toast_undo`], [`toast_error`]: messages that go by |
//! | `shortcuts.rs` | [`use_shortcut`]: one key, one action; `?` lists them |
//! | `events.rs` | [`use_events`]: what changed on the server, as it happens |
//! | `stale.rs` | [`StaleDialog`]: somebody saved first; both texts side by side |
//! | `tabs.rs` | [`Tabs`] |
//! | `show.rs` | [`Badge`], [`DateText`], [`Notice`], [`EmptyState`], [`Skeleton`] … |
//! | `answer.rs` | [`Answer`]: data that is fetched, still under way, or an error |
//! | `turns.rs` | [`Turns`]: the older of two answers never wins |
//! | `combobox.rs`, `graph.rs` | the search field with a list; the line graph |

mod answer;
pub mod combobox;
mod dialog;
mod events;
mod field;
pub mod graph;
mod shortcuts;
mod show;
mod stale;
mod tabs;
mod toast;
mod turns;

pub use answer::{Answer, Failure, failed};
pub use dialog::Dialog;
pub use events::{reconnect_events, use_events};
pub use field::{CheckField, Choice, Field, RadioField, SelectField, TextArea, TextField, focus_first_invalid, focus_id, mend};
pub use shortcuts::{ShortcutList, use_shortcut};
pub use show::{Badge, DateText, EmptyState, NotFound, Notice, Skeleton, StateBadge, Tone, minutes_between, now, today};
pub use stale::StaleDialog;
pub use tabs::{Tab, Tabs};
pub use toast::{ToastRegion, toast, toast_error, toast_undo, toast_undo_later};
pub use turns::Turns;

/// Provides what the components share; called once by the application.
pub fn provide_ui() {
    toast::provide();
    shortcuts::provide();
}
