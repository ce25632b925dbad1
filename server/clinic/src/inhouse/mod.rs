//! The clinic's own layer over the national masters (院内マスター): what it adopted, prefers, hides and calls by its own
//! names, its order sets, and its items outside of insurance. National rows are never edited.
//!
//! | file | what |
//! | --- | --- |
//! | `items.rs` | what the clinic says about one national row |
//! | `form.rs` | the same as it is typed |
//! | `sets.rs` | order sets (約束処方・検査セット) as they are kept and used |
//! | `set_form.rs` | the same as they are typed, and how they stand on a day |
//! | `self_paid.rs` | items outside of insurance (自費), and such items in a visit |
//! | `repair.rs` | what an import broke, and moving it to what takes its place |

mod form;
mod items;
mod repair;
pub(crate) mod self_paid;
mod set_form;
mod sets;

pub use items::{inhouse_item, inhouse_items, put_inhouse, remove_inhouse};
pub(crate) use repair::held_in;
pub use repair::{repair_list, replace_inhouse};
pub use self_paid::{put_self_paid, put_self_paid_item, remove_self_paid, self_paid_items};
pub use sets::{order_sets, put_set, remove_set, set_from_visit, use_set};

pub(crate) use items::said_of;

use crate::{Error, Fallible, Tenant, audit};
use model::AppError;
use uuid::Uuid;

/// Writes the audit row of a change of the layer, and lets the search forget what it kept of it. Other servers of the
/// installation keep what they have for the rest of its minute.
async fn changed(tenant: &mut Tenant, action: &str, subject: Uuid, detail: String) -> Fallible<()> {
    audit::record(tenant, action, None, Some(subject), detail).await?;
    tenant.world.habits.forget(tenant.me.clinic);
    Ok(())
}

/// The answer to something that is not as it was seen: both texts, or that somebody removed it.
async fn stale(tenant: &mut Tenant, actions: &str, subject: Uuid, yours: String, now: Option<(String, i64)>) -> Fallible<Error> {
    let Some((theirs, version)) = now else {
        return Ok(AppError::conflict("この項目はすでに削除されています。").into());
    };
    let (by, at) = audit::last_change(tenant, actions, subject).await?;
    Ok(AppError::Stale { yours, theirs, version, by, at }.into())
}
