//! Allergies in the chart: allergens of J-FAGY and drugs, recorded in two keystrokes, removed with a way back.

pub mod api;

use crate::{
    chart::store::{ChartStore, way_back},
    sharing::{
        OriginLine,
        flags::{FlagBadges, FlagButton, FlagMenu, Flagging, change_words},
    },
    ui::{
        combobox::{Choice, Combobox, Search},
        focus_id, toast, toast_undo,
    },
};
use leptos::prelude::*;
use model::{
    AppError,
    chart::{Allergy, AllergyForm},
    ids::AllergyId,
    master::{MasterHit, MasterKind},
    share::{Flags, Place},
};

/// The panel アレルギー.
#[component]
pub fn AllergiesPanel() -> impl IntoView {
    let store = expect_context::<ChartStore>();
    let sorted = move || {
        let mut all = store.allergies.get();
        all.sort_by_key(|allergy| !allergy.severe);
        all
    };
    view! {
        {store.may_record().then(|| view! { <Composer /> })}
        <Show
            when=move || store.allergies.with(|all| !all.is_empty())
            fallback=|| view! { <p class="empty">"アレルギーの登録はありません。"</p> }
        >
            <ul class="rows" aria-label="アレルギー">
                <For each=sorted key=|a| (a.id, a.version) children=|allergy| view! { <Row allergy /> } />
            </ul>
        </Show>
    }
}

#[component]
fn Composer() -> impl IntoView {
    let store = expect_context::<ChartStore>();
    let say = toast();
    let trouble = store.trouble();
    let chosen = RwSignal::new(None::<Choice<MasterHit>>);
    let severe = RwSignal::new(false);
    let reaction = RwSignal::new(String::new());
    let error = RwSignal::new(None::<String>);
    let busy = RwSignal::new(false);
    let node = NodeRef::new();
    crate::ui::combobox::follow_input(node, reaction);
    let clear = move || {
        chosen.set(None);
        severe.set(false);
        reaction.set(String::new());
        error.set(None);
    };
    let submit = move || {
        let Some(choice) = chosen.get_untracked() else { return focus_id("allergy-search") };
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        store.touched();
        let form = AllergyForm { code: choice.value.code, severe: severe.get_untracked(), reaction: reaction.get_untracked() };
        leptos::task::spawn_local(async move {
            let answer = api::add_allergy(store.id, form).await;
            if busy.try_set(false).is_some() {
                return;
            }
            match answer {
                Ok(all) => {
                    store.allergies.set(all);
                    clear();
                    say("アレルギーを登録しました。");
                    focus_id("allergy-search");
                }
                Err(AppError::SignedOut) => trouble(&AppError::SignedOut),
                Err(problem) => error.set(Some(problem.to_string())),
            }
        });
    };
    view! {
        <form
            class="panel-body composer"
            novalidate
            on:submit=move |event| {
                event.prevent_default();
                submit();
            }
        >
            <Combobox
                id="allergy-search"
                label="アレルゲンを探す"
                hide_label=true
                placeholder="アレルゲン・薬品（例: そば、ペニシリン）"
                search=Search::master(MasterKind::Allergen)
                on_pick=Callback::new(move |choice: Choice<MasterHit>| {
                    chosen.set(Some(choice));
                    error.set(None);
                    focus_id("allergy-reaction");
                })
            />
            <Show when=move || chosen.with(Option::is_some)>
                <div class="composed">
                    <p class="composed-name" role="status">
                        {move || chosen.get().map(|choice| format!("{}（{}）", choice.name, choice.detail))}
                    </p>
                    <div class="field">
                        <label class="field-label" for="allergy-reaction">
                            "症状"
                            <span class="field-optional">"任意"</span>
                        </label>
                        <input
                            id="allergy-reaction"
                            node_ref=node
                            class="input"
                            type="text"
                            autocomplete="off"
                            placeholder="例: 蕁麻疹、呼吸困難"
                            on:input=move |event| reaction.set(event_target_value(&event))
                        />
                    </div>
                    <label class="check">
                        <input
                            type="checkbox"
                            prop:checked=move || severe.get()
                            on:change:target=move |event| severe.set(event.target().checked())
                        />
                        "重症（アナフィラキシーなど）"
                    </label>
                    <div class="btn-row">
                        <button type="submit" class="btn btn-primary" disabled=move || busy.get()>
                            "登録"
                            <kbd class="kbd">"Enter"</kbd>
                        </button>
                        <button
                            type="button"
                            class="btn btn-quiet"
                            on:click=move |_| {
                                clear();
                                focus_id("allergy-search");
                            }
                        >
                            "やめる"
                        </button>
                    </div>
                </div>
            </Show>
            {move || error.get().map(|words| view! { <p class="field-error" role="alert">{words}</p> })}
        </form>
    }
}

#[component]
fn Row(allergy: Allergy) -> impl IntoView {
    let store = expect_context::<ChartStore>();
    let undo = toast_undo();
    let trouble = store.trouble();
    let Allergy { id, version, flags, .. } = allergy;
    let place = Place::Allergy { id };
    let apply = move |answer: Result<Vec<Allergy>, AppError>| match answer {
        Ok(all) => {
            let _ = store.allergies.try_set(all);
            true
        }
        Err(error) => {
            trouble(&error);
            false
        }
    };
    let form = StoredValue::new(AllergyForm {
        code: allergy.code.0.clone(),
        severe: allergy.severe,
        reaction: allergy.reaction.clone(),
    });
    let remove = move |_| {
        let form = form.get_value();
        store.touched();
        leptos::task::spawn_local(async move {
            if apply(api::remove_allergy(id, version).await) {
                let back = way_back(move || {
                    let form = form.clone();
                    store.touched();
                    async move {
                        let before: Vec<AllergyId> = all(store).iter().map(|allergy| allergy.id).collect();
                        if apply(api::add_allergy(store.id, form).await)
                            && flags.long_term
                            && let Some(fresh) = all(store).iter().find(|allergy| !before.contains(&allergy.id))
                        {
                            apply(api::flag_allergy(fresh.id, true, fresh.version).await);
                        }
                    }
                });
                undo("アレルギーを削除しました。", back);
                focus_id("allergy-search");
            }
        });
    };
    let change = Callback::new(move |wanted: Flags| {
        store.touched();
        Box::pin(async move {
            let done = apply(api::flag_allergy(id, wanted.long_term, version).await);
            if done {
                let back = way_back(move || {
                    store.touched();
                    async move {
                        if let Some(now) = all(store).iter().find(|allergy| allergy.id == id) {
                            apply(api::flag_allergy(id, flags.long_term, now.version).await);
                        }
                    }
                });
                undo(&change_words(flags, wanted), back);
            }
            done
        }) as Flagging
    });
    view! {
        <li class="row" id=format!("allergy-{id}") tabindex="-1" aria-current=move || store.sent_to(place)>
            <div class="row-main">
                <span class="row-name">
                    {allergy.severe.then(|| view! { <span class="badge badge-danger">"重症"</span> " " })} {allergy.name.clone()}
                    <FlagBadges flags />
                </span>
                <span class="row-sub">
                    {allergy.category.label()} {(!allergy.reaction.is_empty()).then(|| format!("・{}", allergy.reaction))}
                    {format!("・{} 登録", allergy.recorded_on)}
                </span>
                {allergy.origin.clone().map(|origin| view! { <OriginLine origin /> })}
            </div>
            <div class="row-actions" hidden=!store.may_record()>
                <FlagButton place name=allergy.name.clone() />
                <button
                    type="button"
                    class="btn btn-quiet btn-sm"
                    aria-label=format!("{}を削除", allergy.name)
                    on:click=remove
                >
                    "削除"
                </button>
            </div>
            {store.may_record().then(|| view! { <FlagMenu place name=allergy.name.clone() flags change /> })}
        </li>
    }
}

/// The allergies as the chart has them now; none once the chart is gone.
fn all(store: ChartStore) -> Vec<Allergy> {
    store.allergies.try_get_untracked().unwrap_or_default()
}
