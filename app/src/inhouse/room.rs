//! What the page 院内マスター knows, in signals that its tabs share.

use super::api;
use crate::{
    orders,
    ui::{failed, focus_id, toast_error},
};
use leptos::prelude::*;
use model::{
    AppError,
    ids::OrderSetId,
    inhouse::{InhouseItem, OrderSet, SelfPaidItem},
    master::MasterKind,
    orders::Usage,
};
use std::time::Duration;

/// Everything the page begins with.
#[derive(Clone)]
pub(super) struct Loaded {
    items: Vec<InhouseItem>,
    sets: Vec<OrderSet>,
    self_paid: Vec<SelfPaidItem>,
    repairs: Vec<InhouseItem>,
    usages: Vec<Usage>,
}

/// Gives what the page begins with, once all of it has arrived. Each part is asked for by itself: a server function finds
/// out who asks when it begins, and on the server a page that is drawn does not wait for one after the other.
pub(super) fn first() -> impl Fn() -> Option<Result<Loaded, AppError>> + Send + Sync + 'static {
    let items = Resource::new(|| (), |()| api::inhouse_items(None));
    let sets = Resource::new(|| (), |()| api::order_sets());
    let self_paid = Resource::new(|| (), |()| api::self_paid_items());
    let repairs = Resource::new(|| (), |()| api::repair_list());
    let usages = Resource::new(|| (), |()| orders::api::usages());
    move || {
        let (items, sets, self_paid, repairs, usages) = (items.get(), sets.get(), self_paid.get(), repairs.get(), usages.get());
        let (items, sets, self_paid, repairs, usages) = (items?, sets?, self_paid?, repairs?, usages?);
        let whole = || Ok(Loaded { items: items?, sets: sets?, self_paid: self_paid?, repairs: repairs?, usages: usages? });
        Some(whole())
    }
}

/// Reads everything again.
async fn again() -> Result<Loaded, AppError> {
    Ok(Loaded {
        items: api::inhouse_items(None).await?,
        sets: api::order_sets().await?,
        self_paid: api::self_paid_items().await?,
        repairs: api::repair_list().await?,
        usages: orders::api::usages().await?,
    })
}

/// The tabs, by their keys.
pub(super) const ITEMS: &str = "items";
pub(super) const SETS: &str = "sets";
pub(super) const SELF_PAID: &str = "self-paid";
pub(super) const REPAIR: &str = "repair";

/// The state of the page.
#[derive(Clone, Copy)]
pub(super) struct Room {
    /// What the clinic says about national rows, of all kinds.
    pub items: RwSignal<Vec<InhouseItem>>,
    /// The order sets.
    pub sets: RwSignal<Vec<OrderSet>>,
    /// The items outside of insurance.
    pub self_paid: RwSignal<Vec<SelfPaidItem>>,
    /// What needs repair.
    pub repairs: RwSignal<Vec<InhouseItem>>,
    /// The usages (用法) a dose chooses from.
    pub usages: RwSignal<Vec<Usage>>,
    /// Key of the tab that is shown.
    pub tab: RwSignal<String>,
    /// The set that is being written; none inside for a new one.
    pub set: RwSignal<Option<Option<OrderSetId>>>,
}

impl Room {
    /// The state from what was read.
    pub fn new(loaded: Loaded) -> Self {
        Self {
            items: RwSignal::new(loaded.items),
            sets: RwSignal::new(loaded.sets),
            self_paid: RwSignal::new(loaded.self_paid),
            repairs: RwSignal::new(loaded.repairs),
            usages: RwSignal::new(loaded.usages),
            tab: RwSignal::new(ITEMS.to_owned()),
            set: RwSignal::new(None),
        }
    }

    /// How much needs repair: national rows that ended, and sets that cannot be used for another reason.
    pub fn to_repair(self) -> usize {
        self.repairs.with(Vec::len) + self.broken_sets().len()
    }

    /// Sets that cannot be used.
    pub fn broken_sets(self) -> Vec<OrderSet> {
        self.sets.with(|sets| sets.iter().filter(|set| !set.faults.is_empty()).cloned().collect())
    }

    /// Reads everything again; what is open stays open.
    pub fn reload(self) {
        leptos::task::spawn_local(async move {
            match again().await {
                Ok(loaded) => {
                    let _ = self.items.try_set(loaded.items);
                    let _ = self.sets.try_set(loaded.sets);
                    let _ = self.self_paid.try_set(loaded.self_paid);
                    let _ = self.repairs.try_set(loaded.repairs);
                }
                Err(error) => failed(&error),
            }
        });
    }

    /// Takes up one item as it is saved now.
    pub fn keep(self, item: InhouseItem) {
        self.items.update(|items| match items.iter_mut().find(|other| other.kind == item.kind && other.code == item.code) {
            Some(other) => *other = item,
            None => items.push(item),
        });
    }

    /// Takes up all items of one kind.
    pub fn keep_kind(self, kind: MasterKind, rest: Vec<InhouseItem>) {
        self.items.update(|items| {
            items.retain(|item| item.kind != kind);
            items.extend(rest);
        });
    }

    /// Takes up one set as it is saved now.
    pub fn keep_set(self, set: OrderSet) {
        self.sets.update(|sets| match sets.iter_mut().find(|other| other.id == set.id) {
            Some(other) => *other = set,
            None => sets.push(set),
        });
    }
}

/// Gives a function that tells of an error that has no field to stand at. Call it while a component is made.
pub(super) fn trouble() -> impl Fn(&AppError) + Copy + Send + Sync + 'static {
    let show = toast_error();
    move |error: &AppError| {
        failed(error);
        if *error != AppError::SignedOut {
            show(error);
        }
    }
}

/// Puts the focus on what stands in a list that is being drawn anew: only once it is drawn.
pub(super) fn focus_redrawn(id: String) {
    set_timeout(move || focus_id(id), Duration::from_millis(30));
}

/// The kinds of national rows that a clinic speaks of, with their words, the most used first.
pub(super) const KINDS: [(MasterKind, &str); 8] = [
    (MasterKind::Drug, "医薬品"),
    (MasterKind::Disease, "傷病名"),
    (MasterKind::Procedure, "診療行為"),
    (MasterKind::Comment, "コメント"),
    (MasterKind::Lab, "検査項目"),
    (MasterKind::Material, "特定器材"),
    (MasterKind::Modifier, "修飾語"),
    (MasterKind::Allergen, "アレルゲン"),
];

/// A kind in words.
pub(super) fn kind_words(kind: MasterKind) -> &'static str {
    KINDS.iter().find(|(other, _)| *other == kind).map_or("", |(_, words)| words)
}
