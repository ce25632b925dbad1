//! The editor of an order set. A prescription is written in the same fields as in the chart; the set goes to the server as
//! a whole.

use super::{
    api,
    room::{Room, focus_redrawn, trouble},
    set_draft::{PaidLine, ProcedureLine, SetDraft, flaw_at},
};
use crate::{
    orders::{ProcedurePicker, QuantityRow, RpFields, SelfPaidPicker, cost_words, quantity_of, rp_lines},
    ui::{StaleDialog, TextField, focus_first_invalid, focus_id, mend, toast, use_shortcut},
};
use leptos::prelude::*;
use model::{
    AppError, Flaw,
    inhouse::{OrderSet, SelfPaidItem},
    master::MasterHit,
    orders::Rp,
};

/// The editor.
#[component]
pub(super) fn SetEditor(
    /// The set; none for a new one.
    set: Option<OrderSet>,
) -> impl IntoView {
    let room = expect_context::<Room>();
    let (say, trouble) = (toast(), trouble());
    let title = set.as_ref().map_or_else(|| "新しいセット".to_owned(), |set| format!("セット「{}」", set.name));
    let faults = set.as_ref().map(|set| set.faults.clone()).unwrap_or_default();
    let button = set.as_ref().map_or_else(|| "set-new".to_owned(), |set| format!("set-edit-{}", set.id));
    let button = StoredValue::new(button);
    let draft = SetDraft::new(set.as_ref());
    let error = RwSignal::new(None::<AppError>);
    let busy = RwSignal::new(false);
    let close = move || {
        room.set.set(None);
        focus_redrawn(button.get_value());
    };
    let at = move |field: &'static str| Signal::derive(move || error.with(|e| e.as_ref().and_then(|e| e.at(field))));
    for (field, signal) in [("name", draft.name), ("reading", draft.reading)] {
        Effect::new(move |_| {
            signal.track();
            mend(error, field);
        });
    }
    let refuse = move |problem: AppError| {
        if problem == AppError::SignedOut {
            trouble(&problem);
        }
        error.set(Some(problem));
        focus_first_invalid();
    };
    let save = move || {
        if busy.get_untracked() {
            return;
        }
        // What is half written would be lost unseen.
        if draft.rp.items.with_untracked(|items| !items.is_empty()) {
            let message = "書きかけの処方があります。「セットに入れる」か「やめる」を選んでください。".to_owned();
            draft.rp.error.set(Some(AppError::field("items", Flaw::Rule { message })));
            return focus_id("rp-count");
        }
        error.set(None);
        let form = match room.usages.with_untracked(|usages| draft.form(usages)) {
            Ok(form) => form,
            Err(problem) => return refuse(problem),
        };
        busy.set(true);
        let seen = draft.seen.get_value();
        leptos::task::spawn_local(async move {
            let answer = api::put_set(seen, form).await;
            if busy.try_set(false).is_some() {
                return;
            }
            match answer {
                Ok(saved) => {
                    say(&format!("セット「{}」を保存しました。", saved.name));
                    room.keep_set(saved);
                    room.reload();
                    close();
                }
                Err(problem) => refuse(problem),
            }
        });
    };
    use_shortcut("Ctrl+Enter", "セットを保存", save);
    let on_mine = Callback::new(move |newest: i64| {
        draft.seen.update_value(|seen| *seen = seen.map(|(id, _)| (id, newest)));
        save();
    });
    let on_theirs = Callback::new(move |()| {
        close();
        room.reload();
    });
    // What belongs to no line in sight stands over the buttons.
    let rest = move || match error.get() {
        None | Some(AppError::Stale { .. }) => None,
        Some(AppError::Invalid { fields }) => {
            let lists = ["prescriptions.", "procedures.", "self_paid."];
            let words: Vec<String> = fields
                .iter()
                .filter(|flaw| !["name", "reading"].contains(&flaw.field.as_str()))
                .filter(|flaw| !lists.iter().any(|list| flaw.field.starts_with(list)))
                .map(|flaw| flaw.flaw.to_string())
                .collect();
            (!words.is_empty()).then(|| words.join(" "))
        }
        Some(other) => Some(other.to_string()),
    };
    view! {
        <StaleDialog error on_mine on_theirs />
        <section class="set-editor" aria-label=title.clone()>
            <div class="column-head">
                <h2>{title.clone()}</h2>
            </div>
            {faults
                .into_iter()
                .map(|fault| view! { <p class="panel-body set-fault">{fault}</p> })
                .collect_view()}
            <div class="panel-body inhouse-grid">
                <TextField
                    id="set-name"
                    label="セットの名称"
                    name="name"
                    value=draft.name
                    required=true
                    autofocus=true
                    placeholder="例: かぜセット"
                    error=at("name")
                />
                <TextField
                    id="set-reading"
                    label="読み（カナ）"
                    name="reading"
                    value=draft.reading
                    placeholder="例: カゼセット"
                    error=at("reading")
                />
            </div>
            <div class="set-columns">
                <Prescriptions draft error />
                <div>
                    <Procedures draft error />
                    <Paid draft error />
                </div>
            </div>
            <div class="form-actions">
                {move || rest().map(|words| view! { <p class="field-error" role="alert">{words}</p> })}
                <div class="btn-row">
                    <button type="button" class="btn btn-primary" disabled=move || busy.get() on:click=move |_| save()>
                        "セットを保存"
                        <kbd class="kbd">"Ctrl+Enter"</kbd>
                    </button>
                    <button type="button" class="btn btn-quiet" on:click=move |_| close()>
                        "やめる"
                    </button>
                </div>
            </div>
        </section>
    }
}

/// The prescription groups of the set, and the fields of the one that is written.
#[component]
fn Prescriptions(draft: SetDraft, error: RwSignal<Option<AppError>>) -> impl IntoView {
    let room = expect_context::<Room>();
    let submit = Callback::new(move |()| {
        if draft.rp.items.with_untracked(Vec::is_empty) {
            return focus_id("drug-search");
        }
        let editing = draft.rp.editing.get_untracked().map(|(id, _)| id);
        let id = editing.unwrap_or_else(|| draft.new_id());
        match room.usages.with_untracked(|usages| draft.rp.written(id, usages)) {
            Ok(rp) => {
                draft.prescriptions.update(|all| match all.iter_mut().find(|other| other.id == id) {
                    Some(other) => *other = rp,
                    None => all.push(rp),
                });
                error.set(None);
                draft.rp.clear();
                focus_id("drug-search");
            }
            Err(problem) => {
                draft.rp.error.set(Some(problem));
                focus_first_invalid();
            }
        }
    });
    view! {
        <section class="panel-section" aria-label="セットの処方">
            <div class="column-head">
                <h3>"処方"</h3>
            </div>
            <ul class="rows" aria-label="セットに入っている処方">
                <For
                    each=move || draft.prescriptions.get()
                    key=|rp| format!("{rp:?}")
                    children=move |rp| view! { <RpLine rp draft error /> }
                />
            </ul>
            <div class="panel-body">
                <RpFields draft=draft.rp usages=room.usages on_submit=submit add="セットに入れる" />
            </div>
        </section>
    }
}

/// One group of the set.
#[component]
fn RpLine(rp: Rp, draft: SetDraft, error: RwSignal<Option<AppError>>) -> impl IntoView {
    let room = expect_context::<Room>();
    let id = rp.id;
    let (drugs, usage) = rp_lines(&rp);
    let first = drugs.first().cloned().unwrap_or_default();
    let dispensing = rp.dispensing.label();
    let rp = StoredValue::new(rp);
    let index = move || draft.prescriptions.with(|all| all.iter().position(|other| other.id == id));
    let flaw = move || index().and_then(|index| error.with(|error| flaw_at(error.as_ref(), "prescriptions", index)));
    view! {
        <li class="row" aria-current=move || draft.rp.is_editing(id).then_some("true")>
            <div class="row-main">
                {drugs.into_iter().map(|line| view! { <span class="row-name">{line}</span> }).collect_view()}
                <span class="row-sub">
                    <span class="order-mark">{dispensing}</span>
                    " "
                    {usage}
                </span>
                {move || flaw().map(|words| view! { <span class="field-error">{words}</span> })}
            </div>
            <div class="row-actions">
                <button
                    type="button"
                    class="btn btn-quiet btn-sm"
                    aria-label=format!("{first}の処方を変更")
                    on:click=move |_| {
                        room.usages.with_untracked(|usages| rp.with_value(|rp| draft.rp.take(rp, usages)));
                        focus_id("drug-search");
                    }
                >
                    "変更"
                </button>
                <button
                    type="button"
                    class="btn btn-quiet btn-sm"
                    aria-label=format!("{first}の処方を外す")
                    on:click=move |_| {
                        // Flaws name their line by its place, and the places change.
                        error.set(None);
                        if untrack(|| draft.rp.is_editing(id)) {
                            draft.rp.clear();
                        }
                        draft.prescriptions.update(|all| all.retain(|other| other.id != id));
                        focus_id("drug-search");
                    }
                >
                    "外す"
                </button>
            </div>
        </li>
    }
}

/// The procedures of the set.
#[component]
fn Procedures(draft: SetDraft, error: RwSignal<Option<AppError>>) -> impl IntoView {
    let pick = Callback::new(move |hit: MasterHit| {
        let counted = !hit.unit.is_empty() && hit.unit != "回";
        let key = draft.add_procedure(hit.code, hit.name, hit.unit, "1".to_owned());
        if counted {
            focus_id(format!("set-quantity-{key}"));
        }
    });
    let told = Signal::derive(move || {
        let count = draft.procedures.with(Vec::len);
        let found = error.with(|error| (0..count).find_map(|i| flaw_at(error.as_ref(), "procedures", i).map(|flaw| (i, flaw))));
        let (i, flaw) = found?;
        let name = draft.procedures.with(|lines| lines.get(i).map(|line| line.name.clone()))?;
        Some(format!("{name}: {flaw}"))
    });
    view! {
        <section class="panel-section" aria-label="セットの診療行為">
            <div class="column-head">
                <h3>"診療行為"</h3>
            </div>
            <ul class="rows" aria-label="セットに入っている診療行為">
                <For
                    each=move || draft.procedures.get()
                    key=|line| line.clone()
                    children=move |line: ProcedureLine| {
                        let key = line.key;
                        view! {
                            <QuantityRow
                                id=format!("set-quantity-{key}")
                                name=line.name
                                sub=line.code
                                quantity=line.quantity
                                unit=line.unit
                                writable=true
                                on_change=Callback::new(move |text: String| {
                                    error.set(None);
                                    draft
                                        .procedures
                                        .update(|lines| {
                                            if let Some(line) = lines.iter_mut().find(|line| line.key == key) {
                                                line.quantity = text;
                                            }
                                        });
                                })
                                on_remove=Callback::new(move |()| {
                                    error.set(None);
                                    draft.procedures.update(|lines| lines.retain(|line| line.key != key));
                                    focus_id("procedure-search");
                                })
                                next="procedure-search"
                            />
                        }
                    }
                />
            </ul>
            <div class="panel-body composer">
                <ProcedurePicker on_pick=pick error=told />
            </div>
        </section>
    }
}

/// The items outside of insurance of the set; not there where the clinic has none.
#[component]
fn Paid(draft: SetDraft, error: RwSignal<Option<AppError>>) -> impl IntoView {
    let room = expect_context::<Room>();
    let pick = Callback::new(move |item: SelfPaidItem| {
        let there = draft.self_paid.with_untracked(|lines| lines.iter().any(|line| line.item.id == item.id));
        if there {
            return focus_id(format!("set-paid-{}", item.id));
        }
        draft.self_paid.update(|lines| lines.push(PaidLine { item, quantity: "1".to_owned() }));
    });
    let told = Signal::derive(move || {
        let count = draft.self_paid.with(Vec::len);
        let found = error.with(|error| (0..count).find_map(|i| flaw_at(error.as_ref(), "self_paid", i).map(|flaw| (i, flaw))));
        let (i, flaw) = found?;
        let name = draft.self_paid.with(|lines| lines.get(i).map(|line| line.item.name.clone()))?;
        Some(format!("{name}: {flaw}"))
    });
    let offered = Memo::new(move |_| room.self_paid.with(|items| items.iter().any(|item| item.active)));
    view! {
        <Show when=move || offered.get() || draft.self_paid.with(|lines| !lines.is_empty())>
            <section class="panel-section" aria-label="セットの自費項目">
                <div class="column-head">
                    <h3>"自費（保険外）"</h3>
                </div>
                <ul class="rows" aria-label="セットに入っている自費項目">
                    <For
                        each=move || draft.self_paid.get()
                        key=|line| (line.item.id, line.quantity.clone())
                        children=move |line: PaidLine| {
                            let id = line.item.id;
                            let count = quantity_of(&line.quantity).unwrap_or(1);
                            view! {
                                <QuantityRow
                                    id=format!("set-paid-{id}")
                                    name=line.item.name.clone()
                                    sub=cost_words(&line.item, count)
                                    quantity=line.quantity
                                    unit="個"
                                    writable=true
                                    on_change=Callback::new(move |text: String| {
                                        error.set(None);
                                        draft
                                            .self_paid
                                            .update(|lines| {
                                                if let Some(line) = lines.iter_mut().find(|line| line.item.id == id) {
                                                    line.quantity = text;
                                                }
                                            });
                                    })
                                    on_remove=Callback::new(move |()| {
                                        error.set(None);
                                        draft.self_paid.update(|lines| lines.retain(|line| line.item.id != id));
                                        focus_id("self-paid-search");
                                    })
                                    next="self-paid-search"
                                />
                            }
                        }
                    />
                </ul>
                <div class="panel-body composer">
                    <SelfPaidPicker items=room.self_paid on_pick=pick error=told />
                </div>
            </section>
        </Show>
    }
}
