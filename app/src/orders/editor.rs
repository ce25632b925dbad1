//! A prescription group (RP) being written, by keyboard: drug, Enter, amount, Enter, next drug or Enter, usage, days, Enter.

use super::api;
use crate::{
    chart::store::ChartStore,
    ui::{
        combobox::{Choice, Combobox, Search, follow_input},
        focus_id, toast,
    },
};
use leptos::{ev, html, prelude::*};
use model::{
    AppError,
    ids::RpId,
    kana,
    master::{MasterHit, MasterKind},
    orders::{Dispensing, Orders, Route, Rp, RpForm, RpItemForm, Usage},
};

/// A drug in the group that is being written.
#[derive(Clone, Copy)]
struct Item {
    key: usize,
    code: StoredValue<String>,
    name: StoredValue<String>,
    unit: StoredValue<String>,
    amount: RwSignal<String>,
    general_name: RwSignal<bool>,
}

/// The group that is being written. It lives with the panel, so that switching panels loses nothing.
#[derive(Clone, Copy)]
pub struct RpDraft {
    /// The group that is changed; a new one without.
    editing: RwSignal<Option<RpId>>,
    items: RwSignal<Vec<Item>>,
    next: StoredValue<usize>,
    route: RwSignal<Route>,
    dispensing: RwSignal<Dispensing>,
    usage: RwSignal<Option<Usage>>,
    usage_text: RwSignal<String>,
    count: RwSignal<String>,
    error: RwSignal<Option<AppError>>,
    busy: RwSignal<bool>,
}

impl RpDraft {
    /// Nothing written yet; handed out where the last prescription was.
    pub fn new(dispensing: Dispensing) -> Self {
        Self {
            editing: RwSignal::new(None),
            items: RwSignal::new(Vec::new()),
            next: StoredValue::new(0),
            route: RwSignal::new(Route::Internal),
            dispensing: RwSignal::new(dispensing),
            usage: RwSignal::new(None),
            usage_text: RwSignal::new(String::new()),
            count: RwSignal::new(String::new()),
            error: RwSignal::new(None),
            busy: RwSignal::new(false),
        }
    }

    /// Whether a group is being changed rather than a new one written.
    pub fn is_editing(self, rp: RpId) -> bool {
        self.editing.get() == Some(rp)
    }

    /// Nothing written.
    pub fn clear(self) {
        self.editing.set(None);
        self.items.set(Vec::new());
        self.usage.set(None);
        self.usage_text.set(String::new());
        self.count.set(String::new());
        self.route.set(Route::Internal);
        self.error.set(None);
    }

    /// Takes a group up to change it; its usage keeps its code where the list still has it.
    pub fn take(self, rp: &Rp, usages: &[Usage]) {
        self.clear();
        self.editing.set(Some(rp.id));
        for item in &rp.items {
            let key = self.add(item.code.0.clone(), item.name.clone(), item.unit.clone());
            self.items.with_untracked(|items| {
                if let Some(new) = items.iter().find(|item| item.key == key) {
                    new.amount.set(item.amount.normalize().to_string());
                    new.general_name.set(item.general_name.is_some());
                }
            });
        }
        self.route.set(rp.route);
        self.dispensing.set(rp.dispensing);
        self.usage.set(usages.iter().find(|usage| usage.text == rp.usage && usage.route == rp.route).cloned());
        self.usage_text.set(rp.usage.clone());
        self.count.set(rp.count.to_string());
    }

    fn add(self, code: String, name: String, unit: String) -> usize {
        let key = self.next.get_value();
        self.next.set_value(key + 1);
        let item = Item {
            key,
            code: StoredValue::new(code),
            name: StoredValue::new(name),
            unit: StoredValue::new(unit),
            amount: RwSignal::new(String::new()),
            general_name: RwSignal::new(false),
        };
        self.items.update(|items| items.push(item));
        key
    }

    fn form(self) -> RpForm {
        let (usage, usage_text) = match self.usage.get_untracked() {
            Some(usage) if usage.text == self.usage_text.get_untracked() => (usage.key, String::new()),
            _ => (String::new(), self.usage_text.get_untracked()),
        };
        RpForm {
            route: self.route.get_untracked().as_str().to_owned(),
            dispensing: self.dispensing.get_untracked().as_str().to_owned(),
            usage,
            usage_text,
            count: self.count.get_untracked(),
            items: self.items.with_untracked(|items| {
                items
                    .iter()
                    .map(|item| RpItemForm {
                        code: item.code.get_value(),
                        amount: item.amount.get_untracked(),
                        general_name: item.general_name.get_untracked(),
                    })
                    .collect()
            }),
        }
    }
}

/// What is typed for a group that is there, to put it again. The usage's key is looked up by its words.
pub fn form_of(rp: &Rp, usages: &[Usage]) -> RpForm {
    let known = usages.iter().find(|usage| usage.text == rp.usage && usage.route == rp.route);
    RpForm {
        route: rp.route.as_str().to_owned(),
        dispensing: rp.dispensing.as_str().to_owned(),
        usage: known.map(|usage| usage.key.clone()).unwrap_or_default(),
        usage_text: if known.is_some() { String::new() } else { rp.usage.clone() },
        count: rp.count.to_string(),
        items: rp
            .items
            .iter()
            .map(|item| RpItemForm {
                code: item.code.0.clone(),
                amount: item.amount.normalize().to_string(),
                general_name: item.general_name.is_some(),
            })
            .collect(),
    }
}

/// Usages that fit what is typed: by key from its beginning, by words anywhere; those of the route first.
fn usages_for(usages: &[Usage], query: &str, route: Route) -> Vec<Choice<Usage>> {
    let query = kana::fold(query);
    let mut found: Vec<&Usage> =
        usages.iter().filter(|u| kana::fold(&u.key).starts_with(&query) || kana::fold(&u.text).contains(&query)).collect();
    found.sort_by_key(|u| (kana::fold(&u.key) != query, u.route != route, !kana::fold(&u.key).starts_with(&query)));
    found
        .into_iter()
        .take(40)
        .map(|usage| Choice {
            detail: usage.route.label().to_owned(),
            figure: usage.key.clone(),
            ..Choice::plain(usage.clone(), usage.text.clone())
        })
        .collect()
}

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
                api::put_rp(visit, editing, form).await
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
            AppError::Invalid { .. } if shown => None,
            AppError::Invalid { fields } => Some(fields.iter().map(|field| field.flaw.to_string()).collect::<Vec<_>>().join(" ")),
            other => Some(other.to_string()),
        }
    };
    let count_node = NodeRef::<html::Input>::new();
    follow_input(count_node, draft.count);
    view! {
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

/// A choice of two or three that are all in sight, as one bar.
#[component]
pub fn Segmented(
    /// Name of the group, unique on the page.
    name: &'static str,
    /// What is chosen, for screen readers.
    label: &'static str,
    /// Keys and words.
    choices: Vec<(&'static str, &'static str)>,
    /// The chosen key.
    #[prop(into)]
    chosen: Signal<&'static str>,
    /// Gets the key that was chosen.
    on_choose: Callback<String>,
) -> impl IntoView {
    view! {
        <div class="segmented" role="radiogroup" aria-label=label>
            {choices
                .into_iter()
                .map(|(key, words)| {
                    view! {
                        <label class="segment">
                            <input
                                type="radio"
                                name=name
                                value=key
                                prop:checked=move || chosen.get() == key
                                on:change=move |_| on_choose.run(key.to_owned())
                            />
                            <span>{words}</span>
                        </label>
                    }
                })
                .collect_view()}
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn usage(key: &str, text: &str, route: Route) -> Usage {
        Usage { key: key.into(), text: text.into(), code: None, route, times_per_day: 1 }
    }

    #[test]
    fn a_typed_key_comes_first_and_words_are_found_anywhere() {
        let all = [
            usage("3A", "1日3回 毎食後", Route::Internal),
            usage("3", "1日3回", Route::Internal),
            usage("T", "頭痛時", Route::Prn),
        ];
        let names = |query: &str| usages_for(&all, query, Route::Internal).into_iter().map(|c| c.figure).collect::<Vec<_>>();
        assert_eq!(names("3"), ["3", "3A"]);
        assert_eq!(names("３ａ"), ["3A"]);
        assert_eq!(names("頭痛"), ["T"]);
        assert_eq!(names("").len(), 3);
    }
}
