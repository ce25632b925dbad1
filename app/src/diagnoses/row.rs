//! One diagnosis in the list, and how it ended (転帰).

use super::{api, day_field::DayField};
use crate::{
    chart::store::{ChartStore, way_back},
    sharing::{
        OriginLine,
        flags::{FlagBadges, FlagButton, FlagMenu, Flagging, change_words},
    },
    ui::{focus_id, toast, toast_undo},
};
use leptos::prelude::*;
use model::{
    AppError,
    chart::{Diagnosis, DiagnosisForm, Outcome},
    date,
    ids::DiagnosisId,
    share::{Flags, Place},
};

/// One diagnosis and what can be done with it.
#[component]
pub(super) fn Row(diagnosis: Diagnosis) -> impl IntoView {
    let store = expect_context::<ChartStore>();
    let say = toast();
    let undo = toast_undo();
    let trouble = store.trouble();
    let ending = RwSignal::new(false);
    let Diagnosis { id, version, flags, .. } = diagnosis;
    let place = Place::Diagnosis { id };
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
                        let before = ids(store);
                        if apply(api::add_diagnosis(store.id, form).await)
                            && flags != Flags::default()
                            && let Some((id, version)) = fresh(store, &before)
                        {
                            // What the patient is not to see stays so.
                            apply(api::flag_diagnosis(id, flags, version).await);
                        }
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
    let change = Callback::new(move |wanted: Flags| {
        store.touched();
        Box::pin(async move {
            let done = apply(api::flag_diagnosis(id, wanted, version).await);
            if done {
                let back = way_back(move || {
                    store.touched();
                    async move {
                        if let Some(version) = version_of(store, id) {
                            apply(api::flag_diagnosis(id, flags, version).await);
                        }
                    }
                });
                undo(&change_words(flags, wanted), back);
            }
            done
        }) as Flagging
    });
    let dates = match &diagnosis.ended {
        Some((day, outcome)) => format!("{} – {day} {}", diagnosis.started_on, outcome.label()),
        None => format!("{}（{}）開始", diagnosis.started_on, date::era_year(diagnosis.started_on)),
    };
    let open = diagnosis.ended.is_none();
    let may_code = store.may_code();
    view! {
        <li class="row" id=format!("diagnosis-{id}") tabindex="-1" aria-current=move || store.sent_to(place)>
            <div class="row-main">
                <span class="row-name">
                    {diagnosis.principal.then(|| view! { <span class="principal">"主"</span> })}
                    {diagnosis.name.clone()} <FlagBadges flags />
                </span>
                <span class="row-sub">
                    {dates} {(!diagnosis.icd10.is_empty()).then(|| format!("・ICD-10 {}", diagnosis.icd10))}
                </span>
                {diagnosis.origin.clone().map(|origin| view! { <OriginLine origin /> })}
            </div>
            <div class="row-actions" hidden=!may_code>
                <FlagButton place name=diagnosis.name.clone() />
                {if open {
                    view! {
                        <button
                            type="button"
                            class="btn btn-quiet btn-sm"
                            aria-expanded=move || ending.get().to_string()
                            on:click=move |_| {
                                ending.update(|open| *open = !*open);
                                if ending.get_untracked() {
                                    focus_id(format!("outcome-{id}"));
                                }
                            }
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
            {may_code.then(|| view! { <FlagMenu place name=diagnosis.name.clone() flags change /> })}
            <Show when=move || ending.get()>
                <EndForm id version ending />
            </Show>
        </li>
    }
}

/// The version of a diagnosis as the chart has it now; none once it or the chart is gone.
fn version_of(store: ChartStore, id: DiagnosisId) -> Option<i64> {
    let all = store.diagnoses.try_get_untracked()?;
    all.into_iter().find(|diagnosis| diagnosis.id == id).map(|diagnosis| diagnosis.version)
}

/// The ids of the chart's diagnoses.
fn ids(store: ChartStore) -> Vec<DiagnosisId> {
    store.diagnoses.try_get_untracked().unwrap_or_default().iter().map(|diagnosis| diagnosis.id).collect()
}

/// The diagnosis that was not there before.
fn fresh(store: ChartStore, before: &[DiagnosisId]) -> Option<(DiagnosisId, i64)> {
    let all = store.diagnoses.try_get_untracked()?;
    all.into_iter().find(|diagnosis| !before.contains(&diagnosis.id)).map(|diagnosis| (diagnosis.id, diagnosis.version))
}

/// How a diagnosis ended.
#[component]
fn EndForm(id: DiagnosisId, version: i64, ending: RwSignal<bool>) -> impl IntoView {
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
                    focus_id("diagnosis-search");
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
