//! The clinic's own layer over the national masters (院内マスター): what it adopted, prefers, hides and calls by its own
//! names, its order sets, and its items outside of insurance. National rows are never edited.
//!
//! | file | what |
//! | --- | --- |
//! | `items.rs` | what the clinic says about one national row |
//! | `standing.rs` | how a national row stands on a day, whatever edition is loaded |
//! | `sets.rs` | order sets (約束処方・検査セット) |
//! | `self_paid.rs` | items outside of insurance (自費), and such items in a visit |
//! | `repair.rs` | what an import broke, and moving it to what takes its place |

use crate::{Fallible, Grant, Tenant, policy::*};
use model::{AppError, ids::*, inhouse::*, master::MasterKind, orders::Orders};

/// What the clinic says about national rows, of one kind or of all; those that need repair first.
pub async fn inhouse_items(
    _tenant: &mut Tenant,
    _: &Grant<SearchMasters>,
    _kind: Option<MasterKind>,
) -> Fallible<Vec<InhouseItem>> {
    Err(AppError::NotFound.into())
}

/// What the clinic says about one national row; version 0 where it says nothing.
pub async fn inhouse_item(
    _tenant: &mut Tenant,
    _: &Grant<SearchMasters>,
    _kind: MasterKind,
    _code: String,
) -> Fallible<InhouseItem> {
    Err(AppError::NotFound.into())
}

/// Says something about a national row, in place of what was seen in `version`.
pub async fn put_inhouse(
    _tenant: &mut Tenant,
    _: &Grant<ConfigureClinic>,
    _kind: MasterKind,
    _code: String,
    _form: InhouseForm,
    _version: i64,
) -> Fallible<InhouseItem> {
    Err(AppError::NotFound.into())
}

/// Takes back what the clinic said; answers with the rest of the kind.
pub async fn remove_inhouse(
    _tenant: &mut Tenant,
    _: &Grant<ConfigureClinic>,
    _kind: MasterKind,
    _code: String,
    _version: i64,
) -> Fallible<Vec<InhouseItem>> {
    Err(AppError::NotFound.into())
}

/// Moves item and sets from an ended row to the one that takes its place.
pub async fn replace_inhouse(
    _tenant: &mut Tenant,
    _: &Grant<ConfigureClinic>,
    _kind: MasterKind,
    _code: String,
    _by: String,
    _version: i64,
) -> Fallible<InhouseItem> {
    Err(AppError::NotFound.into())
}

/// Items, and codes inside of sets, whose national row ended or disappeared (要修正); version 0 where only a set holds it.
pub async fn repair_list(_tenant: &mut Tenant, _: &Grant<SearchMasters>) -> Fallible<Vec<InhouseItem>> {
    Err(AppError::NotFound.into())
}

/// The order sets (約束処方・検査セット) with what stands in their way today.
pub async fn order_sets(_tenant: &mut Tenant, _: &Grant<SearchMasters>) -> Fallible<Vec<OrderSet>> {
    Err(AppError::NotFound.into())
}

/// Removes a set; answers with the others.
pub async fn remove_set(
    _tenant: &mut Tenant,
    _: &Grant<ConfigureClinic>,
    _set: OrderSetId,
    _version: i64,
) -> Fallible<Vec<OrderSet>> {
    Err(AppError::NotFound.into())
}

/// Makes a set of what is ordered in a visit.
pub async fn set_from_visit(
    _tenant: &mut Tenant,
    _: &Grant<Order>,
    _visit: VisitId,
    _name: String,
    _reading: String,
) -> Fallible<OrderSet> {
    Err(AppError::NotFound.into())
}

/// Orders everything of a set in a visit; a set with a fault is refused and nothing is ordered.
pub async fn use_set(_tenant: &mut Tenant, _: &Grant<Order>, _visit: VisitId, _set: OrderSetId) -> Fallible<Orders> {
    Err(AppError::NotFound.into())
}

/// The clinic's items outside of insurance (自費項目), those that are offered first.
pub async fn self_paid_items(_tenant: &mut Tenant, _: &Grant<SearchMasters>) -> Fallible<Vec<SelfPaidItem>> {
    Err(AppError::NotFound.into())
}

/// Orders an item outside of insurance in a visit; one that is ordered already gets the new quantity and today's price.
pub async fn put_self_paid(
    _tenant: &mut Tenant,
    _: &Grant<Order>,
    _visit: VisitId,
    _item: SelfPaidItemId,
    _quantity: u32,
) -> Fallible<Orders> {
    Err(AppError::NotFound.into())
}

/// Takes an item outside of insurance out of a visit.
pub async fn remove_self_paid(
    _tenant: &mut Tenant,
    _: &Grant<Order>,
    _visit: VisitId,
    _line: SelfPaidLineId,
) -> Fallible<Orders> {
    Err(AppError::NotFound.into())
}
/// Puts such an item.
pub async fn put_self_paid_item(
    _tenant: &mut Tenant,
    _: &Grant<ConfigureClinic>,
    _item: Option<(SelfPaidItemId, i64)>,
    _form: SelfPaidItemForm,
) -> Fallible<SelfPaidItem> {
    Err(AppError::NotFound.into())
}
