//! A prescription group (RP) being written, by keyboard: drug, Enter, amount, Enter, next drug or Enter, usage, days, Enter.

use super::{
    api,
    rp_draft::{Item, RpDraft, usages_for},
    segmented::Segmented,
};
use crate::{
    chart::store::ChartStore,
    ui::{
        StaleDialog,
        combobox::{Choice, Combobox, Search, follow_input},
        focus_id, toast,
    },
};
use leptos::{ev, html, prelude::*};
use model::{
    AppError,
    master::{MasterHit, MasterKind},
    orders::{Dispensing, Orders, Route, Usage},
};

/// The editor.
#[component]
pub fn RpEditor(
    /// What is being written.
    draft: RpDraft,
    /// The usages to choose from.
    usages: RwSignal<Vec<Usage>>,
) -> impl IntoView {
    let store = expect_context::<ChartStore>();
    let say = toast();
    let trouble = store.trouble();
    let pick = Callback::new(move |choice: Choice<MasterHit>| {
        let hit = choice.value;
        let key = draft.add(hit.code, hit.name, hit.unit);
        draft.error.set(None);
        focus_id(format!("amount-{key}"));
    });
    let pick_usage = Callback::new(move |choice: Choice<Usage>| {
        draft.route.set(choice.value.route);
        draft.usage.set(Some(choice.value));
        focus_id("rp-count");
    });
    let usage_search =
        Search::among(move |query: &str| usages.with_untracked(|usages| usages_for(usages, query, draft.route.get_untracked())));
    let submit = move || {
        if draft.busy.get_untracked() {
            return;
        }
        if draft.items.with_untracked(Vec::is_empty) {
            return focus_id("drug-search");
        }
        draft.busy.set(true);
        draft.error.set(None);
        store.touched();
        let (form, editing) = (draft.form(), draft.editing.get_untracked());
        leptos::task::spawn_local(async move {
            let answer: Result<Orders, AppError> = async {
                let visit = store.begin().await?;
                let (rp, version) = editing.unzip();
                api::put_rp(visit, rp, form, version.unwrap_or_default()).await
            }
            .await;
            if draft.busy.try_set(false).is_some() {
                return;
            }
            match answer {
                Ok(orders) => {
                    store.orders.set(orders);
                    draft.clear();
                    say(if editing.is_some() { "処方を変更しました。" } else { "処方を登録しました。" });
                    focus_id("drug-search");
                }
                Err(problem) => {
                    if problem == AppError::SignedOut {
                        trouble(&problem);
                    }
                    draft.error.set(Some(problem));
                    crate::ui::focus_first_invalid();
                }
            }
        });
    };
    let any = move || draft.items.with(|items| !items.is_empty());
    let at = move |field: &'static str| Signal::derive(move || draft.error.with(|e| e.as_ref().and_then(|e| e.at(field))));
    let usage_error = Signal::derive(move || at("usage").get().or_else(|| at("usage_text").get()));
    let count_error = at("count");
    // What belongs to no field in sight stands under the form.
    let rest = move || {
        let error = draft.error.get()?;
        let shown = ["usage", "usage_text", "count"].iter().any(|field| error.at(field).is_some())
            || (0..draft.items.with(Vec::len)).any(|i| error.at(&format!("items.{i}.amount")).is_some());
        match &error {
            AppError::Stale { .. } => None,
            AppError::Invalid { .. } if shown => None,
            AppError::Invalid { fields } => Some(fields.iter().map(|field| field.flaw.to_string()).collect::<Vec<_>>().join(" ")),
            other => Some(other.to_string()),
        }
    };
    let count_node = NodeRef::<html::Input>::new();
    follow_input(count_node, draft.count);
    let on_mine = Callback::new(move |version: i64| {
        draft.editing.update(|editing| *editing = editing.map(|(rp, _)| (rp, version)));
        submit();
    });
    let on_theirs = Callback::new(move |()| {
        draft.clear();
        store.refresh();
        focus_id("drug-search");
    });
    view! {
        <StaleDialog error=draft.error on_mine on_theirs />
        <form
            class="panel-body composer"
            novalidate
            on:submit=move |event| {
                event.prevent_default();
                submit();
            }
        >
            <Show when=any>
                <ul class="rp-items" aria-label="この処方の薬">
                    <For
                        each=move || draft.items.get().into_iter().enumerate()
                        key=|(_, item)| item.key
                        children=move |(index, item)| view! { <ItemRow draft index item /> }
                    />
                </ul>
            </Show>
            <Combobox
                id="drug-search"
                label="薬を探す"
                hide_label=true
                placeholder="薬（例: アムロジピン、あむろ）"
                search=Search::master(MasterKind::Drug)
                on_pick=pick
                on_blank_enter=Callback::new(move |()| if any() { focus_id("rp-usage") })
            />
            <Show when=any>
                <div class="rp-how">
                    <Combobox
                        id="rp-usage"
                        label="用法"
                        placeholder="1日3回 毎食後、キー"
                        search=usage_search.clone()
                        on_pick=pick_usage
                        keep=true
                        list_all=true
                        on_kept_enter=Callback::new(|()| focus_id("rp-count"))
                        text=draft.usage_text
                        error=usage_error
                    />
                    <div class="field rp-count">
                        <label class="field-label" for="rp-count">
                            {move || draft.route.get().counter()}
                        </label>
                        <input
                            id="rp-count"
                            node_ref=count_node
                            class="input input-num"
                            type="text"
                            inputmode="numeric"
                            autocomplete="off"
                            aria-invalid=move || count_error.get().map(|_| "true")
                            aria-describedby="rp-count-error"
                            on:input=move |event| draft.count.set(event_target_value(&event))
                        />
                        <p id="rp-count-error" class="field-error" hidden=move || count_error.get().is_none()>
                            {move || count_error.get()}
                        </p>
                    </div>
                </div>
                <div class="rp-kind">
                    <Segmented
                        name="rp-route"
                        label="区分"
                        choices=Route::ALL.map(|route| (route.as_str(), route.label())).to_vec()
                        chosen=Signal::derive(move || draft.route.get().as_str())
                        on_choose=Callback::new(move |key: String| {
                            if let Some(route) = Route::parse(&key) {
                                draft.route.set(route);
                            }
                        })
                    />
                    <Segmented
                        name="rp-dispensing"
                        label="院内・院外"
                        choices=[Dispensing::Pharmacy, Dispensing::InHouse].map(|d| (d.as_str(), d.label())).to_vec()
                        chosen=Signal::derive(move || draft.dispensing.get().as_str())
                        on_choose=Callback::new(move |key: String| {
                            if let Some(dispensing) = Dispensing::parse(&key) {
                                draft.dispensing.set(dispensing);
                            }
                        })
                    />
                </div>
                {move || rest().map(|words| view! { <p class="field-error" role="alert">{words}</p> })}
                <div class="btn-row">
                    <button type="submit" class="btn btn-primary" disabled=move || draft.busy.get()>
                        {move || if draft.editing.get().is_some() { "変更を登録" } else { "処方を登録" }}
                        <kbd class="kbd">"Enter"</kbd>
                    </button>
                    <button
                        type="button"
                        class="btn btn-quiet"
                        on:click=move |_| {
                            draft.clear();
                            focus_id("drug-search");
                        }
                    >
                        "やめる"
                    </button>
                </div>
            </Show>
        </form>
    }
}

/// One drug of the group: amount, unit, general name.
#[component]
fn ItemRow(draft: RpDraft, index: usize, item: Item) -> impl IntoView {
    let node = NodeRef::<html::Input>::new();
    follow_input(node, item.amount);
    let id = format!("amount-{}", item.key);
    let name = item.name.get_value();
    let error = move || draft.error.with(|e| e.as_ref().and_then(|e| e.at(&format!("items.{index}.amount"))));
    let error_id = format!("{id}-error");
    let on_key = move |event: ev::KeyboardEvent| {
        if event.key() == "Enter" && !event.is_composing() && !event.ctrl_key() {
            // On to the next drug; Enter there, with nothing typed, goes on to the usage.
            event.prevent_default();
            focus_id("drug-search");
        }
    };
    view! {
        <li class="rp-item">
            <label class="rp-item-name" for=id.clone()>
                {name.clone()}
            </label>
            <span class="rp-item-amount">
                <input
                    id=id
                    node_ref=node
                    class="input input-num"
                    type="text"
                    inputmode="decimal"
                    autocomplete="off"
                    aria-label=format!("{name}の量（1日量・1回量）")
                    aria-invalid=move || error().map(|_| "true")
                    aria-describedby=error_id.clone()
                    on:input=move |event| item.amount.set(event_target_value(&event))
                    on:keydown=on_key
                />
                <span>{item.unit.get_value()}</span>
            </span>
            <label class="check small" title="一般名で処方する">
                <input
                    type="checkbox"
                    aria-label=format!("{name}を一般名で処方")
                    prop:checked=move || item.general_name.get()
                    on:change:target=move |event| item.general_name.set(event.target().checked())
                />
                "一般名"
            </label>
            <button
                type="button"
                class="btn btn-quiet btn-sm"
                aria-label=format!("{name}を外す")
                on:click=move |_| draft.items.update(|items| items.retain(|other| other.key != item.key))
            >
                "×"
            </button>
            <p class="field-error rp-item-error" id=error_id hidden=move || error().is_none()>
                {error}
            </p>
        </li>
    }
}
