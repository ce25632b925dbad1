//! What an import of masters broke (要修正): items and sets whose national row ended, and moving them to what takes its
//! place with one press.

use super::{
    api,
    items::standing_words,
    room::{Room, SETS, kind_words, trouble},
};
use crate::ui::{
    Badge, EmptyState, Tone,
    combobox::{Choice, Combobox},
    focus_id, toast,
};
use leptos::prelude::*;
use model::{
    AppError,
    inhouse::{InhouseItem, OrderSet, Standing},
    master::MasterHit,
};

/// The tab 要修正.
#[component]
pub(super) fn Repair() -> impl IntoView {
    let room = expect_context::<Room>();
    let broken = Memo::new(move |_| room.broken_sets());
    view! {
        <Show
            when=move || room.to_repair() != 0
            fallback=|| {
                view! { <EmptyState>"要修正の項目はありません。院内の設定はすべて現在のマスターにあります。"</EmptyState> }
            }
        >
            <Show when=move || room.repairs.with(|repairs| !repairs.is_empty())>
                <div class="column-head">
                    <h2>"マスターから消えた項目"</h2>
                </div>
                <ul class="rows" aria-label="要修正の項目">
                    <For
                        each=move || room.repairs.get()
                        key=|item| (item.kind, item.code.clone(), item.version)
                        children=move |item| view! { <BrokenItem item /> }
                    />
                </ul>
            </Show>
            <Show when=move || !broken.with(Vec::is_empty)>
                <div class="column-head">
                    <h2>"使えないセット"</h2>
                </div>
                <ul class="rows" aria-label="要修正のセット">
                    <For
                        each=move || broken.get()
                        key=|set| (set.id, set.version, set.faults.clone())
                        children=move |set| view! { <BrokenSet set /> }
                    />
                </ul>
            </Show>
        </Show>
    }
}

/// A national row that ended, what takes its place, and what can be done.
#[component]
fn BrokenItem(item: InhouseItem) -> impl IntoView {
    let room = expect_context::<Room>();
    let (say, trouble) = (toast(), trouble());
    let busy = RwSignal::new(false);
    let choosing = RwSignal::new(false);
    let (kind, version) = (item.kind, item.version);
    let code = StoredValue::new(item.code.clone());
    let search_id = StoredValue::new(format!("replace-{}", item.code));
    let done = move |answer: Result<(), AppError>, words: &str| {
        let _ = busy.try_set(false);
        match answer {
            Ok(()) => {
                say(words);
                room.reload();
                focus_id("inhouse-repair");
            }
            Err(error) => {
                trouble(&error);
                if !matches!(error, AppError::SignedOut) {
                    room.reload();
                }
            }
        }
    };
    let replace = move |by: String, name: String| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        let code = code.get_value();
        leptos::task::spawn_local(async move {
            let answer = api::replace_inhouse(kind, code, by, version).await.map(|_| ());
            done(answer, &format!("「{name}」に置き換えました。"));
        });
    };
    let remove = move |_| {
        busy.set(true);
        let code = code.get_value();
        leptos::task::spawn_local(async move {
            let answer = api::remove_inhouse(kind, code, version).await.map(|_| ());
            done(answer, "院内設定を外しました。");
        });
    };
    let pick = Callback::new(move |choice: Choice<MasterHit>| replace(choice.value.code, choice.value.name));
    let standing = standing_words(&item.standing);
    let successor = match &item.standing {
        Standing::Ended { successor, .. } => successor.clone(),
        _ => None,
    };
    let own = (!item.own_name.is_empty()).then(|| format!("院内略称 {}", item.own_name));
    let place = if version == 0 { "セットの中" } else { "院内設定" };
    let name = item.name.clone();
    view! {
        <li class="row">
            <div class="row-main">
                <span class="row-name">
                    {item.name.clone()} {standing.map(|(words, tone)| view! { " " <Badge text=words tone /> })}
                </span>
                <span class="row-sub">
                    {format!("{}・{place}・", kind_words(kind))} <span class="num">{item.code.clone()}</span>
                    {own.map(|own| format!("・{own}"))}
                </span>
                {successor.clone().map(|(code, name)| view! { <span class="row-sub">{format!("移行先: {name}（{code}）")}</span> })}
            </div>
            <div class="row-actions repair-actions">
                {successor
                    .map(|(code, by)| {
                        let label = format!("{name}を{by}に置き換える");
                        view! {
                            <button
                                type="button"
                                class="btn btn-primary btn-sm"
                                aria-label=label
                                disabled=move || busy.get()
                                on:click=move |_| replace(code.clone(), by.clone())
                            >
                                "置き換える"
                            </button>
                        }
                    })}
                <button
                    type="button"
                    class="btn btn-quiet btn-sm"
                    aria-label=format!("{}に代わる項目を選ぶ", item.name)
                    aria-expanded=move || choosing.get().to_string()
                    on:click=move |_| {
                        choosing.update(|open| *open = !*open);
                        if choosing.get_untracked() {
                            focus_id(search_id.get_value());
                        }
                    }
                >
                    "別の項目に"
                </button>
                {(version > 0)
                    .then(|| {
                        view! {
                            <button
                                type="button"
                                class="btn btn-quiet btn-sm"
                                aria-label=format!("{}の院内設定を外す", item.name)
                                disabled=move || busy.get()
                                on:click=remove
                            >
                                "外す"
                            </button>
                        }
                    })}
            </div>
            <Show when=move || choosing.get()>
                <div class="row-form">
                    <Combobox
                        id=search_id.get_value()
                        label=format!("代わりの{}", kind_words(kind))
                        placeholder="名称・カナ・コード"
                        search=super::search(kind)
                        on_pick=pick
                    />
                </div>
            </Show>
        </li>
    }
}

/// A set that cannot be used, and the way to its editor.
#[component]
fn BrokenSet(set: OrderSet) -> impl IntoView {
    let room = expect_context::<Room>();
    let id = set.id;
    view! {
        <li class="row">
            <div class="row-main">
                <span class="row-name">{set.name.clone()} " " <Badge text="要修正" tone=Tone::Danger /></span>
                {set.faults.into_iter().map(|fault| view! { <span class="row-sub set-fault">{fault}</span> }).collect_view()}
            </div>
            <div class="row-actions">
                <button
                    type="button"
                    class="btn btn-secondary btn-sm"
                    aria-label=format!("セット「{}」を編集", set.name)
                    on:click=move |_| {
                        room.set.set(Some(Some(id)));
                        room.tab.set(SETS.to_owned());
                    }
                >
                    "セットを編集"
                </button>
            </div>
        </li>
    }
}
