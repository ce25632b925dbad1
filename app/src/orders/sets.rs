//! Order sets (約束処方・検査セット) in the chart: one search field puts a set into the visit, with a way back; and the visit's
//! orders become a set.

use super::{api, self_paid::fits, text::OrdersText};
use crate::{
    chart::store::{ChartStore, Panel, way_back},
    inhouse,
    ui::{
        Dialog, TextField,
        combobox::{Choice, Combobox, Search},
        focus_first_invalid, focus_id, mend, toast, toast_undo, use_shortcut,
    },
};
use leptos::prelude::*;
use model::{
    AppError,
    ids::VisitId,
    inhouse::{OrderSet, SelfPaidLine},
    orders::Orders,
};

/// What is inside of a set, in one line: the first drug, and how many more of what.
pub(crate) fn contents(set: &OrderSet) -> String {
    let names: Vec<&str> = set
        .prescriptions
        .iter()
        .flat_map(|rp| &rp.items)
        .map(|item| item.name.as_str())
        .chain(set.procedures.iter().map(|order| order.name.as_str()))
        .chain(set.self_paid.iter().map(|(item, _)| item.name.as_str()))
        .collect();
    match names.as_slice() {
        [] => "中身がありません".to_owned(),
        [one] => (*one).to_owned(),
        [one, two] => format!("{one}、{two}"),
        [one, two, more @ ..] => format!("{one}、{two} ほか{}件", more.len()),
    }
}

/// Sets that fit what is typed; those that cannot be used stand last and say why.
fn sets_for(sets: &[OrderSet], query: &str) -> Vec<Choice<OrderSet>> {
    let mut found: Vec<_> = sets.iter().filter_map(|set| Some((fits(&[&set.name, &set.reading], query)?, set))).collect();
    found.sort_by_key(|(rank, set)| (!set.faults.is_empty(), *rank));
    found
        .into_iter()
        .take(40)
        .map(|(_, set)| Choice {
            detail: contents(set),
            warning: if set.faults.is_empty() { String::new() } else { format!("使えません: {}", set.faults.join("、")) },
            ..Choice::plain(set.clone(), set.name.clone())
        })
        .collect()
}

/// What a set brought into a visit, so that it can be taken out again.
#[derive(Clone, Default)]
struct Added {
    orders: Orders,
    /// Items that were there already, as they were before.
    changed: Vec<SelfPaidLine>,
}

impl Added {
    fn between(before: &Orders, after: &Orders) -> Self {
        let mut added = Self::default();
        let known = |rp: &&model::orders::Rp| !before.prescriptions.iter().any(|old| old.id == rp.id);
        added.orders.prescriptions = after.prescriptions.iter().filter(known).cloned().collect();
        let known = |order: &&model::orders::ProcedureOrder| !before.procedures.iter().any(|old| old.id == order.id);
        added.orders.procedures = after.procedures.iter().filter(known).cloned().collect();
        for line in &after.self_paid {
            match before.self_paid.iter().find(|old| old.item == line.item) {
                None => added.orders.self_paid.push(line.clone()),
                Some(old) if old.quantity != line.quantity => added.changed.push(old.clone()),
                Some(_) => {}
            }
        }
        added
    }

    /// Takes everything out again; what somebody removed since is gone already.
    async fn take_out(self, store: ChartStore, visit: VisitId) -> Result<(), AppError> {
        // What was changed since goes too: its version is the one that stands now. An answer on its way may have put an
        // older list on the screen, so what is not there is asked for all the same.
        let now = store.orders.try_get_untracked().unwrap_or_default();
        let mut last = None;
        for rp in &self.orders.prescriptions {
            let rp = now.prescriptions.iter().find(|other| other.id == rp.id).unwrap_or(rp);
            last = unless_gone(api::remove_rp(visit, rp.id, rp.version).await)?.or(last);
        }
        for order in &self.orders.procedures {
            let order = now.procedures.iter().find(|other| other.id == order.id).unwrap_or(order);
            last = unless_gone(api::remove_procedure(visit, order.id, order.version).await)?.or(last);
        }
        for line in &self.orders.self_paid {
            last = unless_gone(inhouse::api::remove_self_paid(visit, line.id).await)?.or(last);
        }
        for line in self.changed {
            last = Some(inhouse::api::put_self_paid(visit, line.item, line.quantity).await?);
        }
        if let Some(orders) = last {
            let _ = store.orders.try_set(orders);
        }
        Ok(())
    }
}

/// An answer; nothing where what was to be removed is gone already.
fn unless_gone(answer: Result<Orders, AppError>) -> Result<Option<Orders>, AppError> {
    match answer {
        Ok(orders) => Ok(Some(orders)),
        Err(AppError::NotFound | AppError::Conflict { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

/// The search field セット, and the way to make one of what is ordered.
#[component]
pub(super) fn SetPicker() -> impl IntoView {
    let store = expect_context::<ChartStore>();
    let trouble = store.trouble();
    let undo = toast_undo();
    let sets = RwSignal::new(Vec::<OrderSet>::new());
    let arrived = RwSignal::new(false);
    let error = RwSignal::new(None::<String>);
    let making = RwSignal::new(false);
    let fetch = move || {
        leptos::task::spawn_local(async move {
            if let Ok(all) = inhouse::api::order_sets().await {
                let _ = sets.try_set(all);
                let _ = arrived.try_set(true);
            }
        });
    };
    Effect::new(move |_| fetch());
    let pick = Callback::new(move |choice: Choice<OrderSet>| {
        let set = choice.value;
        if !set.faults.is_empty() {
            error.set(Some(format!("「{}」は使えません: {}", set.name, set.faults.join("、"))));
            return;
        }
        error.set(None);
        store.touched();
        leptos::task::spawn_local(async move {
            let answer = async {
                let visit = store.begin().await?;
                let before = store.orders.try_get_untracked().unwrap_or_default();
                let after = inhouse::api::use_set(visit, set.id).await?;
                Ok((visit, Added::between(&before, &after), after))
            }
            .await;
            match answer {
                Ok((visit, added, after)) => {
                    let _ = store.orders.try_set(after);
                    let back = way_back(move || {
                        let added = added.clone();
                        store.touched();
                        async move {
                            if let Err(error) = added.take_out(store, visit).await {
                                trouble(&error);
                            }
                        }
                    });
                    undo(&format!("セット「{}」を入れました。", set.name), back);
                    focus_id("set-search");
                }
                Err(AppError::SignedOut) => trouble(&AppError::SignedOut),
                Err(problem) => {
                    // What stands in its way is known better now.
                    fetch();
                    let _ = error.try_set(Some(problem.to_string()));
                }
            }
        });
    });
    use_shortcut("Alt+s", "セットを探す", move || {
        store.show(Panel::Orders);
        focus_id("set-search");
    });
    let any = move || store.orders.with(|o| !(o.prescriptions.is_empty() && o.procedures.is_empty() && o.self_paid.is_empty()));
    view! {
        <div class="panel-section set-bar">
            // Whoever comes here sees the sets as they stand now.
            <div class="set-field" on:focusin=move |_| fetch()>
                <Combobox
                    id="set-search"
                    label="セットを探す"
                    hide_label=true
                    placeholder="セット（約束処方・検査） Alt+S"
                    search=Search::ask(move |query: String| async move {
                        // Who types before the sets are here waits for them, and is not told that there are none.
                        if !arrived.try_get_untracked().unwrap_or(true) {
                            let all = inhouse::api::order_sets().await?;
                            let _ = sets.try_set(all);
                            let _ = arrived.try_set(true);
                        }
                        Ok(sets.try_with_untracked(|sets| sets_for(sets, &query)).unwrap_or_default())
                    })
                    on_pick=pick
                    list_all=true
                    error
                />
            </div>
            <button
                type="button"
                class="btn btn-secondary btn-sm"
                disabled=move || !any()
                aria-label="この受診のオーダーをセットにする"
                title="この受診のオーダーをセットにする"
                on:click=move |_| making.set(true)
            >
                "セットにする"
            </button>
        </div>
        <MakeSet open=making made=Callback::new(move |()| fetch()) />
    }
}

/// The dialog that makes a set of what is ordered in the visit.
#[component]
fn MakeSet(open: RwSignal<bool>, made: Callback<()>) -> impl IntoView {
    let store = expect_context::<ChartStore>();
    let trouble = store.trouble();
    let say = toast();
    let (name, reading) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let error = RwSignal::new(None::<AppError>);
    let busy = RwSignal::new(false);
    let at = move |field: &'static str| Signal::derive(move || error.with(|e| e.as_ref().and_then(|e| e.at(field))));
    Effect::new(move |_| {
        name.track();
        mend(error, "name");
    });
    Effect::new(move |_| {
        reading.track();
        mend(error, "reading");
    });
    Effect::new(move |_| {
        if !open.get() {
            error.set(None);
        }
    });
    let submit = move || {
        let Some(visit) = store.visit_id() else { return };
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        error.set(None);
        let (typed, read) = (name.get_untracked(), reading.get_untracked());
        leptos::task::spawn_local(async move {
            let answer = inhouse::api::set_from_visit(visit, typed, read).await;
            if busy.try_set(false).is_some() {
                return;
            }
            match answer {
                Ok(set) => {
                    open.set(false);
                    name.set(String::new());
                    reading.set(String::new());
                    say(&format!("セット「{}」を作りました。", set.name));
                    made.run(());
                    focus_id("set-search");
                }
                Err(problem) => {
                    if problem == AppError::SignedOut {
                        trouble(&problem);
                    }
                    error.set(Some(problem));
                    focus_first_invalid();
                }
            }
        });
    };
    let rest = move || error.get().filter(|e| e.at("name").is_none() && e.at("reading").is_none()).map(|e| e.to_string());
    view! {
        <Dialog open title="この受診のオーダーをセットにする">
            <form
                novalidate
                on:submit=move |event| {
                    event.prevent_default();
                    submit();
                }
            >
                <div class="dialog-body stack" tabindex="0" role="group" aria-label="セットの内容">
                    <TextField
                        id="make-set-name"
                        label="セットの名称"
                        name="name"
                        value=name
                        required=true
                        autofocus=true
                        placeholder="例: かぜセット"
                        error=at("name")
                    />
                    <TextField
                        id="make-set-reading"
                        label="読み（カナ）"
                        name="reading"
                        value=reading
                        placeholder="例: カゼセット"
                        hint="読みの始まりで探せます。"
                        error=at("reading")
                    />
                    <section aria-label="セットに入るオーダー">
                        {move || view! { <OrdersText orders=store.orders.get() /> }}
                    </section>
                    {move || rest().map(|words| view! { <p class="field-error" role="alert">{words}</p> })}
                </div>
                <div class="dialog-footer">
                    <button type="button" class="btn btn-quiet" on:click=move |_| open.set(false)>
                        "やめる"
                    </button>
                    <button type="submit" class="btn btn-primary" disabled=move || busy.get()>
                        "セットにする"
                        <kbd class="kbd">"Enter"</kbd>
                    </button>
                </div>
            </form>
        </Dialog>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{
        codes::ProcedureCode,
        ids::{OrderSetId, ProcedureOrderId},
        orders::ProcedureOrder,
    };

    fn procedure(id: u8, name: &str) -> ProcedureOrder {
        let id = format!("00000000-0000-0000-0000-0000000000{id:02x}").parse::<ProcedureOrderId>().expect("an id");
        ProcedureOrder {
            id,
            code: ProcedureCode::from("160008010"),
            name: name.into(),
            quantity: rust_decimal::Decimal::ONE,
            unit: "回".into(),
            drugs: Vec::new(),
            materials: Vec::new(),
            comments: Vec::new(),
            version: 1,
        }
    }

    fn set(name: &str, reading: &str, faults: &[&str]) -> OrderSet {
        OrderSet {
            id: OrderSetId(Default::default()),
            name: name.into(),
            reading: reading.into(),
            prescriptions: Vec::new(),
            procedures: vec![procedure(1, "末梢血液一般検査"), procedure(2, "ＣＲＰ"), procedure(3, "ＨｂＡ１ｃ")],
            self_paid: Vec::new(),
            faults: faults.iter().map(|fault| (*fault).to_owned()).collect(),
            version: 1,
        }
    }

    #[test]
    fn a_set_with_a_fault_stands_last_and_says_why() {
        let all = [set("かぜセット", "カゼセット", &["アムロジン錠 は 2026-03-31 に廃止"]), set("風邪検査", "カゼケンサ", &[])];
        let found = sets_for(&all, "かぜ");
        assert_eq!(found.iter().map(|choice| choice.name.as_str()).collect::<Vec<_>>(), ["風邪検査", "かぜセット"]);
        assert!(found[0].warning.is_empty() && found[1].warning.contains("廃止"));
        assert_eq!(found[0].detail, "末梢血液一般検査、ＣＲＰ ほか1件");
    }

    #[test]
    fn only_what_a_set_brought_is_taken_out_again() {
        let before = Orders { procedures: vec![procedure(1, "a")], ..Orders::default() };
        let after = Orders { procedures: vec![procedure(1, "a"), procedure(2, "b")], ..Orders::default() };
        let added = Added::between(&before, &after);
        assert_eq!(added.orders.procedures.iter().map(|order| order.name.as_str()).collect::<Vec<_>>(), ["b"]);
        assert!(added.changed.is_empty());
    }
}
