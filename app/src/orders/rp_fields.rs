//! The fields of a prescription group (RP), by keyboard: drug, Enter, amount, Enter, next drug or Enter, usage, days, Enter.
//! The chart's editor and the editor of a set (約束処方) share them; what is done with the group is theirs.

use super::{
    rp_draft::{Item, RpDraft, usages_for},
    segmented::Segmented,
};
use crate::ui::{
    Badge, Tone,
    combobox::{Choice, Combobox, Search, follow_input},
    focus_id, mend,
};
use leptos::{ev, html, prelude::*};
use model::{
    AppError,
    master::{MasterHit, MasterKind},
    orders::{Dispensing, Route, Usage},
};

/// The text of a field that took the focus is selected: what was filled in is overwritten by typing.
pub(super) fn select_all(event: ev::FocusEvent) {
    event_target::<web_sys::HtmlInputElement>(&event).select();
}

/// The fields and their two buttons.
#[component]
pub(crate) fn RpFields(
    /// What is being written.
    draft: RpDraft,
    /// The usages to choose from.
    usages: RwSignal<Vec<Usage>>,
    /// The group is as it should be.
    on_submit: Callback<()>,
    /// Words of the button for a new group.
    #[prop(default = "処方を登録")]
    add: &'static str,
) -> impl IntoView {
    let pick = Callback::new(move |choice: Choice<MasterHit>| {
        let hit = choice.value;
        let key = draft.add(hit.code, hit.name.clone(), hit.unit);
        draft.error.set(None);
        if let Some(usual) = &hit.usual {
            usages.with_untracked(|usages| draft.fill_usual(key, &hit.name, usual, usages));
        }
        focus_id(format!("amount-{key}"));
    });
    let pick_usage = Callback::new(move |choice: Choice<Usage>| {
        draft.choose_route(choice.value.route);
        draft.usage.set(Some(choice.value));
        focus_id("rp-count");
    });
    let usage_search =
        Search::among(move |query: &str| usages.with_untracked(|usages| usages_for(usages, query, draft.route.get_untracked())));
    let any = move || draft.items.with(|items| !items.is_empty());
    // Nothing more to add: on to the usage, or past it where it was filled in already.
    let on = move || {
        let stands = draft.usage_text.with_untracked(|text| !text.is_empty());
        focus_id(if stands { "rp-count" } else { "rp-usage" });
    };
    let at = move |field: &'static str| Signal::derive(move || draft.error.with(|e| e.as_ref().and_then(|e| e.at(field))));
    let usage_error = Signal::derive(move || at("usage").get().or_else(|| at("usage_text").get()));
    let count_error = at("count");
    // Another usage is judged anew.
    Effect::new(move |_| {
        draft.usage_text.track();
        mend(draft.error, "usage");
        mend(draft.error, "usage_text");
    });
    let free = move || usages.with(|usages| !usages.is_empty() && draft.free_usage(usages));
    // What belongs to no field in sight stands under the form.
    let rest = move || {
        let error = draft.error.get()?;
        let shown = ["usage", "usage_text", "count"].iter().any(|field| error.at(field).is_some())
            || (0..draft.items.with(Vec::len)).any(|i| flaw_of(&error, i).is_some());
        match &error {
            AppError::Stale { .. } => None,
            AppError::Invalid { .. } if shown => None,
            AppError::Invalid { fields } => Some(fields.iter().map(|field| field.flaw.to_string()).collect::<Vec<_>>().join(" ")),
            other => Some(other.to_string()),
        }
    };
    let count_node = NodeRef::<html::Input>::new();
    follow_input(count_node, draft.count);
    view! {
        <form
            class="composer"
            novalidate
            on:submit=move |event| {
                event.prevent_default();
                on_submit.run(());
            }
        >
            <Show when=any>
                <ul class="rp-items" aria-label="この処方の薬">
                    <For each=move || draft.items.get() key=|item| item.key children=move |item| view! { <ItemRow draft item /> } />
                </ul>
            </Show>
            <Combobox
                id="drug-search"
                label="薬を探す"
                hide_label=true
                placeholder="薬（例: アムロジピン、あむろ）"
                search=crate::inhouse::search(MasterKind::Drug)
                on_pick=pick
                list_all=true
                on_blank_enter=Callback::new(move |()| if any() { on() })
            />
            <Show when=any>
                {move || draft.filled.get().map(|words| view! { <p class="field-hint" role="status">{words}</p> })}
                <div class="rp-how">
                    <div>
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
                        <p class="free-usage" role="status">
                            {move || {
                                free()
                                    .then(|| {
                                        view! {
                                            <Badge text="自由入力" tone=Tone::Warn />
                                            " 一覧にない用法です。この言葉のまま処方されます。"
                                        }
                                    })
                            }}
                        </p>
                    </div>
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
                            on:focus=select_all
                            on:input=move |event| {
                                draft.count.set(event_target_value(&event));
                                mend(draft.error, "count");
                            }
                        />
                    </div>
                    <p id="rp-count-error" class="field-error rp-how-error" hidden=move || count_error.get().is_none()>
                        {move || count_error.get()}
                    </p>
                </div>
                <div class="rp-kind">
                    <Segmented
                        name="rp-route"
                        label="区分"
                        choices=Route::ALL.map(|route| (route.as_str(), route.label())).to_vec()
                        chosen=Signal::derive(move || draft.route.get().as_str())
                        on_choose=Callback::new(move |key: String| {
                            if let Some(route) = Route::parse(&key) {
                                draft.choose_route(route);
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
                        {move || if draft.editing.get().is_some() { "変更を登録" } else { add }}
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

/// What is wrong with the drug at a place of the group.
fn flaw_of(error: &AppError, index: usize) -> Option<String> {
    ["amount", "general_name", "code"].iter().find_map(|field| error.at(&format!("items.{index}.{field}")))
}

/// One drug of the group: amount, unit, general name.
#[component]
fn ItemRow(draft: RpDraft, item: Item) -> impl IntoView {
    let node = NodeRef::<html::Input>::new();
    follow_input(node, item.amount);
    let id = format!("amount-{}", item.key);
    let name = item.name.get_value();
    // Where it stands now: an earlier drug may have been taken out.
    let index = move || draft.items.with(|items| items.iter().position(|other| other.key == item.key));
    let error =
        move || index().and_then(|index| draft.error.with(|error| error.as_ref().and_then(|error| flaw_of(error, index))));
    let mended = move |field: &str| {
        if let Some(index) = untrack(index) {
            mend(draft.error, &format!("items.{index}.{field}"));
        }
    };
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
                    on:focus=select_all
                    on:input=move |event| {
                        item.amount.set(event_target_value(&event));
                        mended("amount");
                    }
                    on:keydown=on_key
                />
                <span>{item.unit.get_value()}</span>
            </span>
            <label class="check small" title="一般名で処方する">
                <input
                    type="checkbox"
                    aria-label=format!("{name}を一般名で処方")
                    prop:checked=move || item.general_name.get()
                    on:change:target=move |event| {
                        item.general_name.set(event.target().checked());
                        mended("general_name");
                    }
                />
                "一般名"
            </label>
            <button
                type="button"
                class="btn btn-quiet btn-sm"
                aria-label=format!("{name}を外す")
                on:click=move |_| {
                    // Flaws name their drug by its place, and the places change.
                    draft.error.set(None);
                    draft.items.update(|items| items.retain(|other| other.key != item.key));
                    focus_id("drug-search");
                }
            >
                "×"
            </button>
            <p class="field-error rp-item-error" id=error_id hidden=move || error().is_none()>
                {error}
            </p>
        </li>
    }
}
