//! Server functions of the clinic's own layer. What changes a visit answers with all orders of the visit.

#![expect(missing_docs, reason = "the macro makes a struct of each function's arguments, which the contract describes")]

use leptos::{prelude::*, server_fn::codec::Json};
use model::{AppError, ids::*, inhouse::*, master::MasterKind, orders::Orders};

/// What the clinic says about national rows, of one kind or of all; those that need repair first.
#[server(endpoint = "inhouse_items", input = Json)]
pub async fn inhouse_items(kind: Option<MasterKind>) -> Result<Vec<InhouseItem>, AppError> {
    let mut desk = crate::server::enter::<clinic::policy::SearchMasters>().await?;
    let result = clinic::inhouse::inhouse_items(&mut desk.tenant, &desk.grant, kind).await;
    crate::server::finish(desk, result).await
}

/// What the clinic says about one national row; version 0 where it says nothing.
#[server(name = AskInhouseItem, endpoint = "inhouse_item", input = Json)]
pub async fn inhouse_item(kind: MasterKind, code: String) -> Result<InhouseItem, AppError> {
    let mut desk = crate::server::enter::<clinic::policy::SearchMasters>().await?;
    let result = clinic::inhouse::inhouse_item(&mut desk.tenant, &desk.grant, kind, code).await;
    crate::server::finish(desk, result).await
}

/// Says something about a national row, in place of what was seen in `version`.
#[server(endpoint = "put_inhouse", input = Json)]
pub async fn put_inhouse(kind: MasterKind, code: String, form: InhouseForm, version: i64) -> Result<InhouseItem, AppError> {
    let mut desk = crate::server::enter::<clinic::policy::ConfigureClinic>().await?;
    let result = clinic::inhouse::put_inhouse(&mut desk.tenant, &desk.grant, kind, code, form, version).await;
    crate::server::finish(desk, result).await
}

/// Takes back what the clinic said; answers with the rest of the kind.
#[server(endpoint = "remove_inhouse", input = Json)]
pub async fn remove_inhouse(kind: MasterKind, code: String, version: i64) -> Result<Vec<InhouseItem>, AppError> {
    let mut desk = crate::server::enter::<clinic::policy::ConfigureClinic>().await?;
    let result = clinic::inhouse::remove_inhouse(&mut desk.tenant, &desk.grant, kind, code, version).await;
    crate::server::finish(desk, result).await
}

/// Moves item and sets from an ended row to the one that takes its place.
#[server(endpoint = "replace_inhouse", input = Json)]
pub async fn replace_inhouse(kind: MasterKind, code: String, by: String, version: i64) -> Result<InhouseItem, AppError> {
    let mut desk = crate::server::enter::<clinic::policy::ConfigureClinic>().await?;
    let result = clinic::inhouse::replace_inhouse(&mut desk.tenant, &desk.grant, kind, code, by, version).await;
    crate::server::finish(desk, result).await
}

/// Items, and codes inside of sets, whose national row ended or disappeared (要修正); version 0 where only a set holds it.
#[server(endpoint = "repair_list", input = Json)]
pub async fn repair_list() -> Result<Vec<InhouseItem>, AppError> {
    let mut desk = crate::server::enter::<clinic::policy::SearchMasters>().await?;
    let result = clinic::inhouse::repair_list(&mut desk.tenant, &desk.grant).await;
    crate::server::finish(desk, result).await
}

/// The order sets (約束処方・検査セット) with what stands in their way today.
#[server(endpoint = "order_sets", input = Json)]
pub async fn order_sets() -> Result<Vec<OrderSet>, AppError> {
    let mut desk = crate::server::enter::<clinic::policy::SearchMasters>().await?;
    let result = clinic::inhouse::order_sets(&mut desk.tenant, &desk.grant).await;
    crate::server::finish(desk, result).await
}

/// Puts a set: a new one without an id, else in place of the one that was seen in a version.
#[server(endpoint = "put_set", input = Json)]
pub async fn put_set(set: Option<(OrderSetId, i64)>, form: OrderSetForm) -> Result<OrderSet, AppError> {
    let mut desk = crate::server::enter::<clinic::policy::ConfigureClinic>().await?;
    let result = clinic::inhouse::put_set(&mut desk.tenant, &desk.grant, set, form).await;
    crate::server::finish(desk, result).await
}

/// Removes a set; answers with the others.
#[server(endpoint = "remove_set", input = Json)]
pub async fn remove_set(set: OrderSetId, version: i64) -> Result<Vec<OrderSet>, AppError> {
    let mut desk = crate::server::enter::<clinic::policy::ConfigureClinic>().await?;
    let result = clinic::inhouse::remove_set(&mut desk.tenant, &desk.grant, set, version).await;
    crate::server::finish(desk, result).await
}

/// Makes a set of what is ordered in a visit.
#[server(endpoint = "set_from_visit", input = Json)]
pub async fn set_from_visit(visit: VisitId, name: String, reading: String) -> Result<OrderSet, AppError> {
    let mut desk = crate::server::enter::<clinic::policy::Order>().await?;
    let result = clinic::inhouse::set_from_visit(&mut desk.tenant, &desk.grant, visit, name, reading).await;
    crate::server::finish(desk, result).await
}

/// Orders everything of a set in a visit; a set with a fault is refused and nothing is ordered.
#[server(endpoint = "use_set", input = Json)]
pub async fn use_set(visit: VisitId, set: OrderSetId) -> Result<Orders, AppError> {
    let mut desk = crate::server::enter::<clinic::policy::Order>().await?;
    let result = clinic::inhouse::use_set(&mut desk.tenant, &desk.grant, visit, set).await;
    crate::server::finish(desk, result).await
}

/// The clinic's items outside of insurance (自費項目), those that are offered first.
#[server(endpoint = "self_paid_items", input = Json)]
pub async fn self_paid_items() -> Result<Vec<SelfPaidItem>, AppError> {
    let mut desk = crate::server::enter::<clinic::policy::SearchMasters>().await?;
    let result = clinic::inhouse::self_paid_items(&mut desk.tenant, &desk.grant).await;
    crate::server::finish(desk, result).await
}

/// Puts such an item: a new one without an id, else in place of the one that was seen in a version.
#[server(endpoint = "put_self_paid_item", input = Json)]
pub async fn put_self_paid_item(item: Option<(SelfPaidItemId, i64)>, form: SelfPaidItemForm) -> Result<SelfPaidItem, AppError> {
    let mut desk = crate::server::enter::<clinic::policy::ConfigureClinic>().await?;
    let result = clinic::inhouse::put_self_paid_item(&mut desk.tenant, &desk.grant, item, form).await;
    crate::server::finish(desk, result).await
}

/// Orders an item outside of insurance in a visit; one that is ordered already gets the new quantity and today's price.
#[server(endpoint = "put_self_paid", input = Json)]
pub async fn put_self_paid(visit: VisitId, item: SelfPaidItemId, quantity: u32) -> Result<Orders, AppError> {
    let mut desk = crate::server::enter::<clinic::policy::Order>().await?;
    let result = clinic::inhouse::put_self_paid(&mut desk.tenant, &desk.grant, visit, item, quantity).await;
    crate::server::finish(desk, result).await
}

/// Takes an item outside of insurance out of a visit.
#[server(endpoint = "remove_self_paid", input = Json)]
pub async fn remove_self_paid(visit: VisitId, line: SelfPaidLineId) -> Result<Orders, AppError> {
    let mut desk = crate::server::enter::<clinic::policy::Order>().await?;
    let result = clinic::inhouse::remove_self_paid(&mut desk.tenant, &desk.grant, visit, line).await;
    crate::server::finish(desk, result).await
}
