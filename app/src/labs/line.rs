//! One item of the grid: its value, its reference range, and the flag that shows while typing.

use crate::ui::combobox::follow_input;
use leptos::{ev, html, prelude::*};
use model::{
    kana,
    labs::{LabFlag, LabResult, LabValue},
    master::LabItem,
};
use rust_decimal::Decimal;
use wasm_bindgen::JsCast;

/// One item of the grid.
#[derive(Clone, Copy)]
pub(super) struct Line {
    pub(super) index: usize,
    pub(super) item: StoredValue<LabItem>,
    pub(super) known: bool,
    pub(super) value: RwSignal<String>,
    pub(super) low: RwSignal<String>,
    pub(super) high: RwSignal<String>,
}

impl Line {
    fn flag(self) -> Option<LabFlag> {
        let number = |text: String| kana::fold_width(text.trim()).parse::<Decimal>().ok();
        let item = self.item.get_value();
        LabResult {
            local_code: item.local_code,
            name: item.name,
            jlac10: None,
            fhir_name: None,
            infection: item.infection,
            specimen: item.specimen,
            value: LabValue::Number(number(self.value.get())?),
            unit: item.unit,
            low: number(self.low.get()),
            high: number(self.high.get()),
        }
        .flag()
    }
}

/// ↑↓ and Enter walk through the column one is in, over hidden lines.
pub(super) fn walk(event: ev::KeyboardEvent) {
    if event.is_composing() || event.ctrl_key() || event.alt_key() {
        return;
    }
    let Some(field) = event.target().and_then(|target| target.dyn_into::<web_sys::HtmlElement>().ok()) else { return };
    let Some(column) = field.get_attribute("data-column") else { return };
    let down = match (event.key().as_str(), field.tag_name().as_str()) {
        ("Enter", _) | ("ArrowDown", "INPUT") => true,
        ("ArrowUp", "INPUT") => false,
        _ => return,
    };
    event.prevent_default();
    let Ok(all) = document().query_selector_all(&format!(".lab-grid tr:not([hidden]) [data-column='{column}']")) else { return };
    let fields: Vec<web_sys::HtmlElement> =
        (0..all.length()).filter_map(|i| all.item(i)).filter_map(|node| node.dyn_into().ok()).collect();
    let Some(at) = fields.iter().position(|other| *other == field) else { return };
    let next = if down { at.checked_add(1) } else { at.checked_sub(1) };
    if let Some(next) = next.and_then(|next| fields.get(next)) {
        // Only fails for elements that cannot have the focus.
        let _ = next.focus();
    }
}

/// The cells of one item.
#[component]
pub(super) fn GridLine(
    line: Line,
    value_flaw: Signal<Option<String>>,
    low_flaw: Signal<Option<String>>,
    high_flaw: Signal<Option<String>>,
) -> impl IntoView {
    let item = line.item.get_value();
    let id = format!("lab-{}", line.index);
    let error_id = format!("{id}-error");
    let any_flaw = move || value_flaw.get().or_else(|| low_flaw.get()).or_else(|| high_flaw.get());
    let flag = Memo::new(move |_| line.flag());
    let letter = move || match flag.get() {
        Some(LabFlag::H) => view! { <span class="flag-high">"H"</span> }.into_any(),
        Some(LabFlag::L) => view! { <span class="flag-low">"L"</span> }.into_any(),
        _ => ().into_any(),
    };
    let limit = {
        let name = item.name.clone();
        let error_id = error_id.clone();
        move |column: &'static str, words: &'static str, text: RwSignal<String>, flaw: Signal<Option<String>>| {
            let node = NodeRef::<html::Input>::new();
            follow_input(node, text);
            view! {
                <input
                    node_ref=node
                    class="input input-num input-limit"
                    type="text"
                    inputmode="decimal"
                    autocomplete="off"
                    data-column=column
                    aria-label=format!("{name}の{words}")
                    aria-invalid=move || flaw.get().map(|_| "true")
                    aria-describedby=error_id.clone()
                    on:input=move |event| text.set(event_target_value(&event))
                />
            }
        }
    };
    let numeric = item.choices.is_empty();
    let value = if numeric {
        let node = NodeRef::<html::Input>::new();
        follow_input(node, line.value);
        view! {
            <input
                id=id.clone()
                node_ref=node
                class="input input-num input-value"
                type="text"
                inputmode="decimal"
                autocomplete="off"
                data-column="value"
                aria-invalid=move || value_flaw.get().map(|_| "true")
                aria-describedby=error_id.clone()
                on:input=move |event| line.value.set(event_target_value(&event))
            />
        }
        .into_any()
    } else {
        view! {
            <select
                id=id.clone()
                class="select input-value"
                data-column="value"
                aria-invalid=move || value_flaw.get().map(|_| "true")
                aria-describedby=error_id.clone()
                prop:value=move || line.value.get()
                on:change=move |event| line.value.set(event_target_value(&event))
            >
                <option value="">"–"</option>
                {item.choices.iter().map(|choice| view! { <option value=choice.clone()>{choice.clone()}</option> }).collect_view()}
            </select>
        }
        .into_any()
    };
    view! {
        <th scope="row">
            <label for=id.clone()>{item.name.clone()}</label>
            <span class="sub">{item.specimen.clone()}</span>
            <span id=error_id class="field-error" hidden=move || any_flaw().is_none()>
                {any_flaw}
            </span>
        </th>
        <td>{value}</td>
        <td class="nowrap">{item.unit.clone()}</td>
        <td>{letter}</td>
        <td>{numeric.then(|| limit("low", "基準下限", line.low, low_flaw))}</td>
        <td>{numeric.then(|| limit("high", "基準上限", line.high, high_flaw))}</td>
    }
}
