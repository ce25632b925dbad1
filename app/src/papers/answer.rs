//! One item of a health check: its answer, how it was measured, the reference range, the words that go along, or why it was not
//! done; beside it what the check before said.

use super::{
    desk::{Bound, Desk},
    fields::{FlawLine, Select, follow, ready},
};
use crate::ui::focus_id;
use leptos::{html, prelude::*};
use model::paper::{
    CheckupAnswer, CheckupForm,
    items::{Answer, Group, Item, Need},
};

/// A part of the answer to an item.
fn bind(
    desk: Desk,
    item: &'static Item,
    read: fn(&CheckupAnswer) -> &String,
    write: fn(&mut CheckupAnswer) -> &mut String,
) -> Bound {
    let key = item.key();
    desk.bind(
        format!("answers.{key}"),
        move |form: &CheckupForm| form.answers.get(key).map(|answer| read(answer).clone()).unwrap_or_default(),
        move |form: &mut CheckupForm, text| form.put(key, |answer| *write(answer) = text),
    )
}

/// A row of the sheet.
#[component]
pub(super) fn AnswerRow(
    /// The desk.
    desk: Desk,
    /// The item.
    item: &'static Item,
    /// Whether the programme asks for it.
    need: Need,
    /// What the check before said.
    before: Option<String>,
) -> impl IntoView {
    let value = bind(desk, item, |a| &a.value, |a| &mut a.value);
    let undone = bind(desk, item, |a| &a.undone, |a| &mut a.undone);
    let id = value.id();
    let error_id = format!("{id}-error");
    // Asked for a reason: open while there is one, or since the button was pressed.
    let asked = RwSignal::new(false);
    let open = Memo::new(move |_| asked.get() || undone.read.with(|reason| !reason.is_empty()));
    let basic = need == Need::Basic;
    let reason_id = format!("{id}-undone");
    let toggle = {
        let (id, reason_id) = (id.clone(), reason_id.clone());
        move |_| {
            if open.get_untracked() {
                asked.set(false);
                undone.write.run(String::new());
                focus_id(id.clone());
            } else {
                asked.set(true);
                focus_id(reason_id.clone());
            }
        }
    };
    // Of items that stand for each other one is enough: the mark says so instead of asking for each.
    let mark = basic.then(|| match item.one_of {
        "" => "必須".to_owned(),
        one_of => format!("{one_of}のいずれか必須"),
    });
    let control = {
        let (id, error_id) = (id.clone(), error_id.clone());
        move || {
            if open.get() {
                view! {
                    <Plain
                        id=reason_id.clone()
                        name=format!("{}の未実施の理由", item.label)
                        bound=undone
                        hint="理由（例: 医師の判断により省略）"
                        described=error_id.clone()
                    />
                }
                .into_any()
            } else {
                view! { <Control id=id.clone() item value desk described=error_id.clone() /> }.into_any()
            }
        }
    };
    let flag = desk.read(|form: &CheckupForm| form.answers.get(item.key()).and_then(CheckupAnswer::flag));
    view! {
        <div class="paper-row">
            <label class="paper-row-label" for=id>
                {item.label} {mark.map(|words| view! { <span class="field-required">{words}</span> })}
            </label>
            <div class="paper-answer">
                {control}
                {move || match flag.get() {
                    Some("H") => view! { <span class="flag-high">"H"</span> }.into_any(),
                    Some(_) => view! { <span class="flag-low">"L"</span> }.into_any(),
                    None => ().into_any(),
                }}
            </div>
            <div class="paper-row-more">
                {(item.group != Group::Questions && (basic || need == Need::Offered))
                    .then(|| {
                        view! {
                            <button
                                type="button"
                                class="btn btn-quiet btn-sm"
                                aria-pressed=move || open.get().to_string()
                                aria-label=format!("{}は未実施", item.label)
                                on:click=toggle
                            >
                                "未実施"
                            </button>
                        }
                    })}
                {before.map(|before| view! { <span class="paper-before">{format!("前回 {before}")}</span> })}
            </div>
            <FlawLine id=error_id flaw=value.flaw />
        </div>
    }
    .into_any()
}

/// The control of an answer by its kind, with what belongs to it.
#[component]
fn Control(id: String, item: &'static Item, value: Bound, desk: Desk, described: String) -> impl IntoView {
    let detail = item.detail.map(|(_, name)| {
        let bound = bind(desk, item, |a| &a.detail, |a| &mut a.detail);
        view! { <Plain id=format!("{id}-detail") name=name.to_owned() bound hint=name described=described.clone() /> }
    });
    match item.answer {
        Answer::Number { unit, .. } => {
            let node = NodeRef::<html::Input>::new();
            follow(node, value.read);
            let ready = ready();
            let methods = (item.codes.len() > 1).then(|| view! { <Method id=format!("{id}-code") item desk /> });
            let limits = (!item.lab.is_empty()).then(|| {
                let low = bind(desk, item, |a| &a.low, |a| &mut a.low);
                let high = bind(desk, item, |a| &a.high, |a| &mut a.high);
                view! {
                    <span class="paper-range">
                        <Limit id=format!("{id}-low") name=format!("{}の基準値下限", item.label) bound=low />
                        <span aria-hidden="true">"–"</span>
                        <Limit id=format!("{id}-high") name=format!("{}の基準値上限", item.label) bound=high />
                    </span>
                }
            });
            view! {
                <input
                    id=id
                    node_ref=node
                    class="input input-num paper-number"
                    type="text"
                    inputmode="decimal"
                    autocomplete="off"
                    value=value.read.get_untracked()
                    readonly=move || !ready.get()
                    aria-invalid=move || value.flaw.get().map(|_| "true")
                    aria-describedby=described
                    on:input=move |event| value.write.run(event_target_value(&event))
                />
                <span class="paper-unit">{unit}</span>
                {limits}
                {methods}
            }
            .into_any()
        }
        Answer::Choice(list) => view! {
            <Select id bound=value options=list.options described />
            {detail}
        }
        .into_any(),
        Answer::Words => view! { <Plain id name=item.label.to_owned() bound=value hint="" described /> }.into_any(),
    }
}

/// How it was measured (検査方法).
#[component]
fn Method(id: String, item: &'static Item, desk: Desk) -> impl IntoView {
    let code = bind(desk, item, |a| &a.code, |a| &mut a.code);
    let chosen = Memo::new(move |_| code.read.with(|code| if code.is_empty() { item.key().to_owned() } else { code.clone() }));
    view! {
        <select
            id=id
            class="select paper-method"
            aria-label=format!("{}の検査方法", item.label)
            prop:value=move || chosen.get()
            on:change=move |event| code.write.run(event_target_value(&event))
        >
            {item
                .codes
                .iter()
                .map(|one| {
                    view! {
                        <option value=one.code selected=move || chosen.with(|code| code == one.code)>
                            {one.method}
                        </option>
                    }
                })
                .collect_view()}
        </select>
    }
}

/// A line without a label of its own.
#[component]
fn Plain(id: String, name: String, bound: Bound, hint: &'static str, described: String) -> impl IntoView {
    let node = NodeRef::<html::Input>::new();
    follow(node, bound.read);
    let ready = ready();
    view! {
        <input
            id=id
            node_ref=node
            class="input paper-words"
            type="text"
            autocomplete="off"
            aria-label=name
            placeholder=hint
            value=bound.read.get_untracked()
            readonly=move || !ready.get()
            aria-invalid=move || bound.flaw.get().map(|_| "true")
            aria-describedby=described
            on:input=move |event| bound.write.run(event_target_value(&event))
        />
    }
}

/// A limit of the reference range.
#[component]
fn Limit(id: String, name: String, bound: Bound) -> impl IntoView {
    let node = NodeRef::<html::Input>::new();
    follow(node, bound.read);
    let ready = ready();
    view! {
        <input
            id=id
            node_ref=node
            class="input input-num paper-limit"
            type="text"
            inputmode="decimal"
            autocomplete="off"
            aria-label=name
            value=bound.read.get_untracked()
            readonly=move || !ready.get()
            on:input=move |event| bound.write.run(event_target_value(&event))
        />
    }
}
