//! The order sets (約束処方・検査セット): what there is, what cannot be used and why, and the way into the editor.

use super::{
    api,
    room::{Room, trouble},
    set_draft::form_of_set,
    set_editor::SetEditor,
};
use crate::{
    orders::contents,
    ui::{Badge, EmptyState, Tone, focus_id, toast_undo_later},
};
use leptos::prelude::*;
use model::inhouse::OrderSet;

/// The tab セット: the list, or the editor in its place.
#[component]
pub(super) fn Sets() -> impl IntoView {
    let room = expect_context::<Room>();
    let writing = Memo::new(move |_| room.set.get());
    view! {
        {move || match writing.get() {
            Some(set) => {
                let set = set.and_then(|id| room.sets.with_untracked(|sets| sets.iter().find(|set| set.id == id).cloned()));
                view! { <SetEditor set /> }.into_any()
            }
            None => view! { <List /> }.into_any(),
        }}
    }
}

#[component]
fn List() -> impl IntoView {
    let room = expect_context::<Room>();
    let sorted = move || {
        let mut sets = room.sets.get();
        sets.sort_by(|a, b| a.name.cmp(&b.name));
        sets
    };
    view! {
        <div class="inhouse-bar">
            <p class="muted small inhouse-say">
                "診療の画面で「セット」の欄（Alt+S）に名称か読みを入れると、中身がまとめてオーダーに入ります。"
            </p>
            <button id="set-new" type="button" class="btn btn-secondary" on:click=move |_| room.set.set(Some(None))>
                "セットを作る"
            </button>
        </div>
        <Show
            when=move || room.sets.with(|sets| !sets.is_empty())
            fallback=|| view! { <EmptyState>"セットはまだありません。"</EmptyState> }
        >
            <ul class="rows" aria-label="セットの一覧">
                <For
                    each=sorted
                    key=|set| (set.id, set.version, set.faults.clone())
                    children=move |set| view! { <Row set /> }
                />
            </ul>
        </Show>
    }
}

#[component]
fn Row(set: OrderSet) -> impl IntoView {
    let room = expect_context::<Room>();
    let (undo, trouble) = (toast_undo_later(), trouble());
    let (id, version) = (set.id, set.version);
    let inside = contents(&set);
    let faults = set.faults.clone();
    let (name, reading) = (set.name.clone(), set.reading.clone());
    let set = StoredValue::new(set);
    let remove = move |_| {
        let (name, form) = (
            set.with_value(|set| set.name.clone()),
            room.usages.with_untracked(|usages| set.with_value(|set| form_of_set(set, usages))),
        );
        leptos::task::spawn_local(async move {
            match api::remove_set(id, version).await {
                Ok(rest) => {
                    let back = move || {
                        let form = form.clone();
                        leptos::task::spawn_local(async move {
                            match api::put_set(None, form).await {
                                Ok(set) if room.sets.try_get_untracked().is_some() => room.keep_set(set),
                                Ok(_) => {}
                                Err(error) => trouble(&error),
                            }
                        });
                    };
                    undo(&format!("セット「{name}」を削除しました。"), Box::new(back));
                    let _ = room.sets.try_set(rest);
                    focus_id("set-new");
                }
                Err(error) => {
                    trouble(&error);
                    room.reload();
                }
            }
        });
    };
    view! {
        <li class="row">
            <div class="row-main">
                <span class="row-name">
                    {name.clone()} " " <span class="muted small">{reading}</span>
                    {(!faults.is_empty()).then(|| view! { " " <Badge text="要修正" tone=Tone::Danger /> })}
                </span>
                <span class="row-sub">{inside}</span>
                {faults.into_iter().map(|fault| view! { <span class="row-sub set-fault">{fault}</span> }).collect_view()}
            </div>
            <div class="row-actions">
                <button
                    id=format!("set-edit-{id}")
                    type="button"
                    class="btn btn-quiet btn-sm"
                    aria-label=format!("セット「{name}」を編集")
                    on:click=move |_| room.set.set(Some(Some(id)))
                >
                    "編集"
                </button>
                <button
                    type="button"
                    class="btn btn-quiet btn-sm"
                    aria-label=format!("セット「{name}」を削除")
                    on:click=remove
                >
                    "削除"
                </button>
            </div>
        </li>
    }
}
