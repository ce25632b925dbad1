//! Where a new diagnosis is put together: a disease with the modifiers it was typed with, and more of them.

use super::{api, day_field::DayField};
use crate::{
    chart::store::ChartStore,
    ui::{
        combobox::{Choice, Combobox},
        focus_id, toast,
    },
};
use leptos::prelude::*;
use model::{
    AppError,
    chart::{DiagnosisForm, ModifierRef},
    codes::ModifierCode,
    master::{MasterHit, MasterKind},
};

/// Claim code of 「の疑い」 (支払基金 修飾語マスター, column 3 of the row whose name is の疑い).
const SUSPECTED: &str = "8002";

/// The name with its modifiers in place: prefixes, name, suffixes.
fn composed(base: &str, modifiers: &[ModifierRef]) -> String {
    let named = |suffix: bool| modifiers.iter().filter(move |m| m.suffix == suffix).map(|m| m.name.as_str());
    named(false).chain([base]).chain(named(true)).collect()
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
pub(super) fn Composer() -> impl IntoView {
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
                search=crate::inhouse::search(MasterKind::Disease)
                on_pick=pick
                list_all=true
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
                            search=crate::inhouse::search(MasterKind::Modifier)
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
