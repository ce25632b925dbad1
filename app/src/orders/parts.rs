//! Beside a procedure of the visit: drugs and materials used with it, comments for the claim.

use super::api;
use crate::{
    chart::store::{ChartStore, way_back},
    ui::{
        combobox::{Choice, Combobox},
        focus_id, toast_undo,
    },
};
use leptos::{ev, html, prelude::*};
use model::{
    AppError,
    ids::ProcedureOrderId,
    master::{MasterHit, MasterKind},
    orders::{PartForm, ProcedureOrder},
};

/// What can stand beside a procedure.
const KINDS: &[MasterKind] = &[MasterKind::Material, MasterKind::Drug, MasterKind::Comment];

/// A part as it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Line {
    kind: MasterKind,
    code: String,
    text: String,
    /// What was typed, to put it back; none where that cannot be told from what is stored.
    typed: Option<String>,
}

fn lines(order: &ProcedureOrder) -> Vec<Line> {
    let amount = |name: &str, amount: &rust_decimal::Decimal, unit: &str| format!("{name} {}{unit}", amount.normalize());
    let drugs = order.drugs.iter().map(|drug| Line {
        kind: MasterKind::Drug,
        code: drug.code.0.clone(),
        text: amount(&drug.name, &drug.amount, &drug.unit),
        typed: Some(drug.amount.to_string()),
    });
    let materials = order.materials.iter().map(|part| Line {
        kind: MasterKind::Material,
        code: part.code.clone(),
        text: amount(&part.name, &part.amount, &part.unit),
        typed: Some(part.amount.to_string()),
    });
    let comments = order.comments.iter().map(|comment| Line {
        kind: MasterKind::Comment,
        code: comment.code.0.clone(),
        text: comment.text.clone(),
        typed: comment.value.is_empty().then(String::new),
    });
    drugs.chain(materials).chain(comments).collect()
}

/// What stands beside a procedure, as it is read.
pub(super) fn texts(order: &ProcedureOrder) -> Vec<String> {
    lines(order).into_iter().map(|line| line.text).collect()
}

/// The lines beside a procedure, and the way to add one.
#[component]
pub(super) fn ProcedureParts(order: ProcedureOrder, writable: Signal<bool>) -> impl IntoView {
    let open = RwSignal::new(false);
    let all = lines(&order);
    let (id, version) = (order.id, order.version);
    let name = StoredValue::new(order.name);
    let some = !all.is_empty();
    view! {
        <div class="row-parts" hidden=move || !some && !writable.get()>
            <ul aria-label=move || format!("{}の薬剤・材料・コメント", name.get_value()) hidden=!some>
                {all.into_iter().map(|line| view! { <PartLine line order=id version writable /> }).collect_view()}
            </ul>
            <Show when=move || writable.get()>
                <button
                    type="button"
                    id=add_id(id)
                    class="btn btn-quiet btn-sm"
                    aria-expanded=move || open.get().to_string()
                    aria-label=move || format!("{}に薬剤・材料・コメントを付ける", name.get_value())
                    on:click=move |_| {
                        open.update(|open| *open = !*open);
                        if open.get_untracked() {
                            focus_id(search_id(id));
                        }
                    }
                >
                    "＋薬剤・材料・コメント"
                </button>
                <Show when=move || open.get()>
                    <AddPart order=id version />
                </Show>
            </Show>
        </div>
    }
}

fn add_id(order: ProcedureOrderId) -> String {
    format!("part-add-{order}")
}

fn search_id(order: ProcedureOrderId) -> String {
    format!("part-search-{order}")
}

#[component]
fn PartLine(line: Line, order: ProcedureOrderId, version: i64, writable: Signal<bool>) -> impl IntoView {
    let store = expect_context::<ChartStore>();
    let undo = toast_undo();
    let trouble = store.trouble();
    let label = format!("{}を外す", line.text);
    let text = line.text.clone();
    let remove = move |_| {
        let Some(visit) = store.visit_id() else { return };
        let line = line.clone();
        store.touched();
        leptos::task::spawn_local(async move {
            match api::remove_part(visit, order, version, line.kind, line.code.clone()).await {
                Ok(orders) => {
                    let now = orders.procedures.iter().find(|other| other.id == order).map(|other| other.version);
                    let _ = store.orders.try_set(orders);
                    if let (Some(version), Some(typed)) = (now, line.typed) {
                        let form = PartForm { kind: line.kind, code: line.code, typed };
                        let back = way_back(move || {
                            let form = form.clone();
                            super::put(store, trouble, async move { api::put_part(visit, order, version, form).await })
                        });
                        undo("外しました。", back);
                    }
                }
                Err(error) => trouble(&error),
            }
        });
    };
    view! {
        <li>
            <span class="small">{text}</span>
            <button
                type="button"
                class="btn btn-quiet btn-sm"
                hidden=move || !writable.get()
                aria-label=label
                on:click=remove
            >
                "外す"
            </button>
        </li>
    }
}

/// The search field, and after a choice the field for the amount or for what the comment asks.
#[component]
fn AddPart(order: ProcedureOrderId, version: i64) -> impl IntoView {
    let store = expect_context::<ChartStore>();
    let trouble = store.trouble();
    let chosen = RwSignal::new(None::<MasterHit>);
    let error = RwSignal::new(None::<String>);
    let field = NodeRef::<html::Input>::new();
    let put = move |hit: MasterHit, typed: String| {
        let Some(visit) = store.visit_id() else { return };
        store.touched();
        leptos::task::spawn_local(async move {
            let form = PartForm { kind: hit.kind, code: hit.code, typed };
            match api::put_part(visit, order, version, form).await {
                // The row is drawn anew: from its button one goes on to the next part.
                Ok(orders) => {
                    let _ = store.orders.try_set(orders);
                    focus_id(add_id(order));
                }
                Err(AppError::SignedOut) => trouble(&AppError::SignedOut),
                Err(stale @ AppError::Stale { .. }) => trouble(&stale),
                Err(problem) => {
                    let at_field = problem.at("typed").or_else(|| problem.at("code"));
                    let _ = error.try_set(Some(at_field.unwrap_or_else(|| problem.to_string())));
                }
            }
        });
    };
    let pick = Callback::new(move |choice: Choice<MasterHit>| {
        error.set(None);
        let hit = choice.value;
        if hit.kind == MasterKind::Comment && hit.unit.is_empty() {
            return put(hit, String::new());
        }
        chosen.set(Some(hit));
        focus_id(typed_id(order));
    });
    let save = move || {
        if let (Some(hit), Some(input)) = (chosen.get_untracked(), field.get_untracked()) {
            put(hit, input.value());
        }
    };
    let on_key = move |event: ev::KeyboardEvent| {
        if event.key() == "Enter" && !event.is_composing() && !event.ctrl_key() {
            event.prevent_default();
            save();
        }
    };
    view! {
        <div class="composer">
            <Combobox
                id=search_id(order)
                label="薬剤・材料・コメントを探す"
                hide_label=true
                placeholder="薬剤・特定器材・コメント（例: リドカイン、酸素、初回）"
                search=crate::inhouse::search_all(KINDS)
                on_pick=pick
                error=Signal::derive(move || error.get().filter(|_| chosen.with(Option::is_none)))
            />
            {move || {
                chosen
                    .get()
                    .map(|hit| {
                        let comment = hit.kind == MasterKind::Comment;
                        let (asks, first) = if comment {
                            (hit.unit.clone(), String::new())
                        } else if hit.unit.is_empty() {
                            ("数量".to_owned(), "1".to_owned())
                        } else {
                            (format!("数量（{}）", hit.unit), "1".to_owned())
                        };
                        view! {
                            <div class="part-typed">
                                <label for=typed_id(order)>
                                    <span class="row-name">{hit.name}</span>
                                    " "
                                    <span class="small">{asks}</span>
                                </label>
                                <input
                                    id=typed_id(order)
                                    node_ref=field
                                    class="input"
                                    type="text"
                                    autocomplete="off"
                                    value=first
                                    aria-invalid=move || error.with(Option::is_some).then_some("true")
                                    aria-describedby=format!("{}-error", typed_id(order))
                                    on:focus=super::rp_fields::select_all
                                    on:keydown=on_key
                                    on:input=move |_| error.set(None)
                                />
                                <button type="button" class="btn btn-secondary btn-sm" on:click=move |_| save()>
                                    "付ける"
                                </button>
                                <p id=format!("{}-error", typed_id(order)) class="field-error" role="alert">
                                    {move || error.get()}
                                </p>
                            </div>
                        }
                    })
            }}
        </div>
    }
}

fn typed_id(order: ProcedureOrderId) -> String {
    format!("part-typed-{order}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{codes::ProcedureCode, comment::RecordedComment, orders::UsedMaterial};

    #[test]
    fn parts_are_shown_as_one_reads_them() {
        let order = ProcedureOrder {
            id: ProcedureOrderId(Default::default()),
            code: ProcedureCode::from("140005610"),
            name: "酸素吸入".into(),
            quantity: 1.into(),
            unit: "回".into(),
            drugs: Vec::new(),
            materials: vec![UsedMaterial {
                code: "739200000".into(), name: "酸素".into(), amount: 30.into(), unit: "Ｌ".into()
            }],
            comments: vec![RecordedComment { code: "810000001".into(), value: "急変".into(), text: "急変".into() }],
            version: 1,
        };
        assert_eq!(super::super::text::procedure_line(&order), "酸素吸入（酸素 30Ｌ、急変）");
        let shown = lines(&order);
        assert_eq!(shown.iter().map(|line| line.text.as_str()).collect::<Vec<_>>(), ["酸素 30Ｌ", "急変"]);
        // A text of one's own is not typed again by a click.
        assert_eq!((shown[0].typed.as_deref(), shown[1].typed.as_deref()), (Some("30"), None));
    }
}
