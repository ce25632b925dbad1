//! Diagnoses (傷病名) in the chart: searched as they are spoken, with modifiers, dates and outcomes.

pub mod api;

use crate::{
    chart::store::{ChartStore, way_back},
    masters::search_masters,
    ui::{
        combobox::{Choice, Combobox, Search},
        focus_id, toast, toast_undo,
    },
};
use leptos::prelude::*;
use model::{
    AppError,
    chart::{Diagnosis, DiagnosisForm, ModifierRef, Outcome},
    codes::ModifierCode,
    date,
    master::{MasterHit, MasterKind},
};

/// Claim code of 「の疑い」 (支払基金 修飾語マスター, column 3 of the row whose name is の疑い).
const SUSPECTED: &str = "8002";

/// The panel 傷病名.
#[component]
pub fn DiagnosesPanel() -> impl IntoView {
    let store = expect_context::<ChartStore>();
    let current = move || store.diagnoses.with(|all| all.iter().filter(|d| d.ended.is_none()).cloned().collect::<Vec<_>>());
    let ended = move || store.diagnoses.with(|all| all.iter().filter(|d| d.ended.is_some()).cloned().collect::<Vec<_>>());
    view! {
        {store.may_code().then(|| view! { <Composer /> })}
        <Show
            when=move || !current().is_empty()
            fallback=|| view! { <p class="empty">"現在の傷病名はありません。"</p> }
        >
            <ul class="rows" aria-label="現在の傷病名">
                <For each=current key=|d| (d.id, d.version) children=|diagnosis| view! { <Row diagnosis /> } />
            </ul>
        </Show>
        <Show when=move || !ended().is_empty()>
            <details class="fold panel-body">
                <summary>{move || format!("転帰が済んだ傷病名 {}件", ended().len())}</summary>
                <ul class="rows" aria-label="転帰が済んだ傷病名">
                    <For each=ended key=|d| (d.id, d.version) children=|diagnosis| view! { <Row diagnosis /> } />
                </ul>
            </details>
        </Show>
    }
}

/// The name with its modifiers in place: prefixes, name, suffixes.
fn composed(base: &str, modifiers: &[ModifierRef]) -> String {
    let named = |suffix: bool| modifiers.iter().filter(move |m| m.suffix == suffix).map(|m| m.name.as_str());
    named(false).chain([base]).chain(named(true)).collect()
}

/// Diseases, shown with the modifiers that were typed with them.
fn spoken() -> Search<MasterHit> {
    Search::ask(|query| async move {
        let hits = search_masters(MasterKind::Disease, query, None).await?;
        Ok(hits.into_iter().map(|hit| Choice { name: composed(&hit.name, &hit.modifiers), ..Choice::from(hit) }).collect())
    })
}

/// A modifier from a hit of the master search, which says on its right side where it stands.
fn modifier_of(hit: &MasterHit) -> ModifierRef {
    hit.modifiers.first().filter(|modifier| modifier.code.as_str() == hit.code).cloned().unwrap_or_else(|| ModifierRef {
        code: ModifierCode::from(hit.code.as_str()),
        name: hit.name.clone(),
        management: String::new(),
        suffix: hit.figure == "接尾語",
    })
}

/// Where a new diagnosis is put together.
#[component]
fn Composer() -> impl IntoView {
    let store = expect_context::<ChartStore>();
    let say = toast();
    let trouble = store.trouble();
    let chosen = RwSignal::new(None::<MasterHit>);
    let modifiers = RwSignal::new(Vec::<ModifierRef>::new());
    let started = RwSignal::new(store.day.to_string());
    let principal = RwSignal::new(false);
    let error = RwSignal::new(None::<AppError>);
    let busy = RwSignal::new(false);

    let clear = move || {
        chosen.set(None);
        modifiers.set(Vec::new());
        started.set(store.day.to_string());
        principal.set(false);
        error.set(None);
    };
    let pick = Callback::new(move |choice: Choice<MasterHit>| {
        modifiers.set(choice.value.modifiers.clone());
        chosen.set(Some(choice.value));
        error.set(None);
        focus_id("diagnosis-add");
    });
    let add_modifier = Callback::new(move |choice: Choice<MasterHit>| {
        let modifier = modifier_of(&choice.value);
        modifiers.update(|all| {
            if !all.iter().any(|m| m.code == modifier.code) {
                all.push(modifier);
            }
        });
        focus_id("diagnosis-add");
    });
    let suspected = move || modifiers.with(|all| all.iter().any(|m| m.code.as_str() == SUSPECTED));
    let toggle_suspected = move |_| {
        modifiers.update(|all| {
            if all.iter().any(|m| m.code.as_str() == SUSPECTED) {
                all.retain(|m| m.code.as_str() != SUSPECTED);
            } else {
                all.push(ModifierRef {
                    code: SUSPECTED.into(), name: "の疑い".into(), management: String::new(), suffix: true
                });
            }
        });
    };
    let name = move || chosen.with(|hit| hit.as_ref().map(|hit| composed(&hit.name, &modifiers.get())));
    let submit = move || {
        let Some(hit) = chosen.get_untracked() else { return focus_id("diagnosis-search") };
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        store.touched();
        let form = DiagnosisForm {
            code: hit.code,
            modifiers: modifiers.with_untracked(|all| all.iter().map(|m| m.code.0.clone()).collect()),
            started_on: started.get_untracked(),
            principal: principal.get_untracked(),
        };
        leptos::task::spawn_local(async move {
            let answer = api::add_diagnosis(store.id, form).await;
            if busy.try_set(false).is_some() {
                return;
            }
            match answer {
                Ok(all) => {
                    store.diagnoses.set(all);
                    clear();
                    say("傷病名を登録しました。");
                    focus_id("diagnosis-search");
                }
                Err(problem) => {
                    if problem == AppError::SignedOut {
                        trouble(&problem);
                    }
                    error.set(Some(problem));
                    crate::ui::focus_first_invalid();
                }
            }
        });
    };
    let day_error = Signal::derive(move || error.with(|e| e.as_ref().and_then(|e| e.at("started_on"))));
    let other_error = move || error.get().filter(|e| e.at("started_on").is_none()).map(|e| e.to_string());

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
                id="diagnosis-search"
                label="傷病名を探す"
                hide_label=true
                placeholder="傷病名（例: 左膝関節症の疑い、こうけつあつ）"
                search=spoken()
                on_pick=pick
            />
            <Show when=move || chosen.with(Option::is_some)>
                <div class="composed">
                    <p class="composed-name" role="status">
                        {name}
                        {move || {
                            chosen.with(|hit| hit.as_ref().filter(|hit| !hit.warning.is_empty()).map(|hit| hit.warning.clone()))
                                .map(|warning| view! { <span class="combobox-warning">{warning}</span> })
                        }}
                    </p>
                    <div class="chips">
                        <For each=move || modifiers.get() key=|m| m.code.clone() let:modifier>
                            {
                                let code = modifier.code.clone();
                                view! {
                                    <button
                                        type="button"
                                        class="chip"
                                        aria-label=format!("修飾語「{}」を外す", modifier.name)
                                        on:click=move |_| modifiers.update(|all| all.retain(|m| m.code != code))
                                    >
                                        {modifier.name.clone()}
                                        <span aria-hidden="true">" ×"</span>
                                    </button>
                                }
                            }
                        </For>
                    </div>
                    <div class="composer-grid">
                        <Combobox
                            id="modifier-search"
                            label="修飾語を足す"
                            placeholder="左、急性、の疑い…"
                            search=Search::master(MasterKind::Modifier)
                            on_pick=add_modifier
                        />
                        <DayField id="diagnosis-started" label="診療開始日" value=started error=day_error />
                    </div>
                    <div class="check-row">
                        <label class="check">
                            <input type="checkbox" prop:checked=suspected on:change=toggle_suspected />
                            "の疑い"
                        </label>
                        <label class="check">
                            <input
                                type="checkbox"
                                prop:checked=move || principal.get()
                                on:change:target=move |event| principal.set(event.target().checked())
                            />
                            "主傷病"
                        </label>
                    </div>
                    <div class="btn-row">
                        <button id="diagnosis-add" type="submit" class="btn btn-primary" disabled=move || busy.get()>
                            "登録"
                            <kbd class="kbd">"Enter"</kbd>
                        </button>
                        <button
                            type="button"
                            class="btn btn-quiet"
                            on:click=move |_| {
                                clear();
                                focus_id("diagnosis-search");
                            }
                        >
                            "やめる"
                        </button>
                    </div>
                </div>
            </Show>
            {move || other_error().map(|words| view! { <p class="field-error" role="alert">{words}</p> })}
        </form>
    }
}

/// A day in either calendar, read back in both while it is typed.
#[component]
pub fn DayField(
    /// Id of the field.
    #[prop(into)]
    id: String,
    /// What day.
    #[prop(into)]
    label: String,
    /// What is typed.
    value: RwSignal<String>,
    /// What is wrong with it.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
) -> impl IntoView {
    let node = NodeRef::new();
    crate::ui::combobox::follow_input(node, value);
    let hint_id = format!("{id}-hint");
    let read = move || match (error.get(), value.with(|text| date::parse(text))) {
        (Some(error), _) => (true, error),
        (None, Ok(day)) => (false, date::both(day)),
        (None, Err(flaw)) => (true, flaw.to_string()),
    };
    view! {
        <div class="field">
            <label class="field-label" for=id.clone()>
                {label}
            </label>
            <input
                id=id
                node_ref=node
                class="input"
                type="text"
                inputmode="numeric"
                autocomplete="off"
                value=value.get_untracked()
                aria-describedby=hint_id.clone()
                aria-invalid=move || error.with(Option::is_some).then_some("true")
                on:input=move |event| value.set(event_target_value(&event))
            />
            <p id=hint_id class=move || if read().0 { "field-error" } else { "field-hint" }>
                {move || read().1}
            </p>
        </div>
    }
}

/// One diagnosis and what can be done with it.
#[component]
fn Row(diagnosis: Diagnosis) -> impl IntoView {
    let store = expect_context::<ChartStore>();
    let say = toast();
    let undo = toast_undo();
    let trouble = store.trouble();
    let ending = RwSignal::new(false);
    let Diagnosis { id, version, .. } = diagnosis;
    let form = StoredValue::new(DiagnosisForm {
        code: diagnosis.code.0.clone(),
        modifiers: diagnosis.modifiers.iter().map(|m| m.code.0.clone()).collect(),
        started_on: diagnosis.started_on.to_string(),
        principal: diagnosis.principal,
    });
    let apply = move |answer: Result<Vec<Diagnosis>, AppError>| match answer {
        Ok(all) => {
            let _ = store.diagnoses.try_set(all);
            true
        }
        Err(error) => {
            trouble(&error);
            false
        }
    };
    let remove = move |_| {
        let form = form.get_value();
        store.touched();
        leptos::task::spawn_local(async move {
            if apply(api::remove_diagnosis(id, version).await) {
                let back = way_back(move || {
                    let form = form.clone();
                    store.touched();
                    async move {
                        apply(api::add_diagnosis(store.id, form).await);
                    }
                });
                undo("傷病名を削除しました。", back);
                focus_id("diagnosis-search");
            }
        });
    };
    let reopen = move |_| {
        store.touched();
        leptos::task::spawn_local(async move {
            if apply(api::reopen_diagnosis(id, version).await) {
                say("転帰を取り消しました。");
            }
        });
    };
    let dates = match &diagnosis.ended {
        Some((day, outcome)) => format!("{} – {day} {}", diagnosis.started_on, outcome.label()),
        None => format!("{}（{}）開始", diagnosis.started_on, date::era_year(diagnosis.started_on)),
    };
    let open = diagnosis.ended.is_none();
    let may_code = store.may_code();
    view! {
        <li class="row">
            <div class="row-main">
                <span class="row-name">
                    {diagnosis.principal.then(|| view! { <span class="principal">"主"</span> })}
                    {diagnosis.name.clone()}
                </span>
                <span class="row-sub">
                    {dates} {(!diagnosis.icd10.is_empty()).then(|| format!("・ICD-10 {}", diagnosis.icd10))}
                </span>
            </div>
            <div class="row-actions" hidden=!may_code>
                {if open {
                    view! {
                        <button
                            type="button"
                            class="btn btn-quiet btn-sm"
                            aria-expanded=move || ending.get().to_string()
                            on:click=move |_| ending.update(|open| *open = !*open)
                        >
                            "転帰"
                        </button>
                    }
                        .into_any()
                } else {
                    view! {
                        <button type="button" class="btn btn-quiet btn-sm" on:click=reopen>
                            "継続に戻す"
                        </button>
                    }
                        .into_any()
                }}
                <button
                    type="button"
                    class="btn btn-quiet btn-sm"
                    aria-label=format!("{}を削除", diagnosis.name)
                    on:click=remove
                >
                    "削除"
                </button>
            </div>
            <Show when=move || ending.get()>
                <EndForm id version ending />
            </Show>
        </li>
    }
}

/// How a diagnosis ended.
#[component]
fn EndForm(id: model::ids::DiagnosisId, version: i64, ending: RwSignal<bool>) -> impl IntoView {
    let store = expect_context::<ChartStore>();
    let say = toast();
    let trouble = store.trouble();
    let outcome = RwSignal::new(Outcome::Cured);
    let day = RwSignal::new(store.day.to_string());
    let error = RwSignal::new(None::<AppError>);
    let submit = move || {
        store.touched();
        leptos::task::spawn_local(async move {
            match api::end_diagnosis(id, day.get_untracked(), outcome.get_untracked(), version).await {
                Ok(all) => {
                    let _ = store.diagnoses.try_set(all);
                    say("転帰を登録しました。");
                }
                Err(problem) => {
                    if problem.at("ended_on").is_none() {
                        trouble(&problem);
                    }
                    let _ = error.try_set(Some(problem));
                }
            }
        });
    };
    let day_error = Signal::derive(move || error.with(|e| e.as_ref().and_then(|e| e.at("ended_on"))));
    let choose = format!("outcome-{id}");
    view! {
        <form
            class="row-form"
            novalidate
            on:submit=move |event| {
                event.prevent_default();
                submit();
            }
        >
            <div class="field">
                <label class="field-label" for=choose.clone()>
                    "転帰"
                </label>
                <select
                    id=choose
                    class="select"
                    on:change=move |event| {
                        if let Some(chosen) = Outcome::parse(&event_target_value(&event)) {
                            outcome.set(chosen);
                        }
                    }
                >
                    {Outcome::ALL
                        .into_iter()
                        .map(|one| view! { <option value=one.as_str()>{one.label()}</option> })
                        .collect_view()}
                </select>
            </div>
            <DayField id=format!("ended-{id}") label="転帰日" value=day error=day_error />
            <div class="btn-row">
                <button type="submit" class="btn btn-primary btn-sm">
                    "登録"
                </button>
                <button type="button" class="btn btn-quiet btn-sm" on:click=move |_| ending.set(false)>
                    "やめる"
                </button>
            </div>
        </form>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn modifier(code: &str, name: &str, suffix: bool) -> ModifierRef {
        ModifierRef { code: code.into(), name: name.into(), management: String::new(), suffix }
    }

    #[test]
    fn the_name_reads_as_it_is_spoken() {
        let modifiers = [modifier(SUSPECTED, "の疑い", true), modifier("2049", "左", false)];
        assert_eq!(composed("膝関節症", &modifiers), "左膝関節症の疑い");
    }
}
