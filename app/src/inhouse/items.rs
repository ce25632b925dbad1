//! What the clinic says about national rows, by kind: found in the national master, and edited in place.

use super::{
    api,
    dose::dose_words,
    item_form::ItemForm,
    room::{KINDS, Room, focus_redrawn, kind_words, trouble},
};
use crate::{
    orders::fits,
    ui::{
        Badge, EmptyState, SelectField, TextField, Tone,
        combobox::{Choice, Combobox},
        focus_id,
    },
};
use leptos::prelude::*;
use model::{
    inhouse::{InhouseItem, Standing},
    master::{MasterHit, MasterKind},
};

/// How a national row stands, in a word and its colour; nothing where all is well.
pub(super) fn standing_words(standing: &Standing) -> Option<(String, Tone)> {
    match standing {
        Standing::InForce => None,
        Standing::Ends { on } => Some((format!("{on} まで"), Tone::Warn)),
        Standing::Ended { on, .. } => Some((format!("{on} に廃止"), Tone::Danger)),
        Standing::Unknown => Some(("マスターにありません".to_owned(), Tone::Danger)),
    }
}

/// Which of the list are shown.
const SHOWN: [(&str, &str); 4] = [("", "すべて"), ("adopted", "採用"), ("favourite", "よく使う"), ("hidden", "非表示")];

/// The tab 項目.
#[component]
pub(super) fn Items() -> impl IntoView {
    let room = expect_context::<Room>();
    let trouble = trouble();
    let kind_key = RwSignal::new(MasterKind::Drug.as_str().to_owned());
    let kind = Memo::new(move |_| MasterKind::parse(&kind_key.get()).unwrap_or(MasterKind::Drug));
    let shown = RwSignal::new(String::new());
    let query = RwSignal::new(String::new());
    // The row that is being edited, by its code; and one that the clinic has said nothing about yet.
    let editing = RwSignal::new(None::<String>);
    let fresh = RwSignal::new(None::<InhouseItem>);
    let close = move || {
        editing.set(None);
        fresh.set(None);
    };
    Effect::new(move |_| {
        kind.track();
        close();
    });

    // Its words say how many are there.
    let kinds = Signal::derive(move || {
        room.items.with(|items| {
            let count = |kind: MasterKind| items.iter().filter(|item| item.kind == kind).count();
            KINDS
                .iter()
                .map(|(kind, words)| {
                    let words = if count(*kind) > 0 { format!("{words}（{}）", count(*kind)) } else { (*words).to_owned() };
                    (kind.as_str().to_owned(), words)
                })
                .collect::<Vec<_>>()
        })
    });
    let pick = Callback::new(move |choice: Choice<MasterHit>| {
        let (kind, code) = (choice.value.kind, choice.value.code);
        close();
        let there = room.items.with_untracked(|items| items.iter().any(|item| item.kind == kind && item.code == code));
        if there {
            // It must be in sight to be edited.
            shown.set(String::new());
            query.set(String::new());
            return editing.set(Some(code));
        }
        leptos::task::spawn_local(async move {
            match api::inhouse_item(kind, code).await {
                Ok(item) => drop(fresh.try_set(Some(item))),
                Err(error) => trouble(&error),
            }
        });
    });
    let search = move || {
        let kind = kind.get();
        view! {
            <Combobox
                id="inhouse-search"
                label=format!("{}を国のマスターから探す", kind_words(kind))
                placeholder="名称・カナ・コード"
                search=super::search(kind)
                on_pick=pick
            />
        }
    };
    let listed = move || {
        let (kind, shown, query) = (kind.get(), shown.get(), query.get());
        let mut rows: Vec<InhouseItem> = room.items.with(|items| {
            items
                .iter()
                .filter(|item| item.kind == kind)
                .filter(|item| match shown.as_str() {
                    "adopted" => item.adopted,
                    "favourite" => item.favourite,
                    "hidden" => item.hidden,
                    _ => true,
                })
                .filter(|item| fits(&[&item.name, &item.own_name, &item.own_reading, &item.code], &query).is_some())
                .cloned()
                .collect()
        });
        rows.sort_by(|a, b| {
            (!a.standing.needs_repair(), !a.favourite, &a.name).cmp(&(!b.standing.needs_repair(), !b.favourite, &b.name))
        });
        rows
    };
    let any = Memo::new(move |_| !listed().is_empty());
    let close_fresh = Callback::new(move |()| {
        fresh.set(None);
        focus_id("inhouse-search");
    });
    let of_choices = SHOWN.iter().map(|(key, words)| ((*key).to_owned(), (*words).to_owned())).collect::<Vec<_>>();
    view! {
        <div class="inhouse-bar">
            <SelectField id="inhouse-kind" label="マスター" name="kind" value=kind_key choices=kinds />
            {search}
        </div>
        {move || {
            fresh
                .get()
                .map(|item| {
                    view! {
                        <section class="inhouse-fresh" aria-label="新しい院内設定">
                            <h2>{item.name.clone()} <span class="muted small num">{item.code.clone()}</span></h2>
                            <ItemForm item on_close=close_fresh />
                        </section>
                    }
                })
        }}
        <div class="inhouse-bar inhouse-filter">
            <SelectField id="inhouse-shown" label="一覧に出すもの" name="shown" value=shown choices=of_choices />
            <TextField id="inhouse-filter" label="一覧をしぼる" name="filter" value=query kind="search" />
        </div>
        <Show
            when=move || any.get()
            fallback=move || {
                view! {
                    <EmptyState>
                        {move || format!("{}の院内設定はまだありません。上の欄で国のマスターから探して加えます。", kind_words(kind.get()))}
                    </EmptyState>
                }
            }
        >
            <ul class="rows" aria-label="院内設定の一覧">
                <For
                    each=listed
                    key=|item| (item.kind, item.code.clone(), item.version)
                    children=move |item| view! { <ItemRow item editing fresh /> }
                />
            </ul>
        </Show>
    }
}

/// One row of the list; it opens to its form.
#[component]
fn ItemRow(item: InhouseItem, editing: RwSignal<Option<String>>, fresh: RwSignal<Option<InhouseItem>>) -> impl IntoView {
    let room = expect_context::<Room>();
    let code = StoredValue::new(item.code.clone());
    let edited = Memo::new(move |_| editing.with(|editing| code.with_value(|code| editing.as_deref() == Some(code))));
    let button = StoredValue::new(format!("inhouse-edit-{}", item.code));
    let close = Callback::new(move |()| {
        editing.set(None);
        focus_redrawn(button.get_value());
    });
    let shown_name = if item.own_name.is_empty() { item.name.clone() } else { item.own_name.clone() };
    let label = format!("{shown_name}を編集");
    let national = (!item.own_name.is_empty()).then(|| item.name.clone());
    let dose = item.usual.as_ref().map(|usual| room.usages.with_untracked(|usages| dose_words(usual, usages)));
    let standing = standing_words(&item.standing);
    let (adopted, favourite, hidden) = (item.adopted, item.favourite, item.hidden);
    let number = item.code.clone();
    let item = StoredValue::new(item);
    view! {
        <li class="row" aria-current=move || edited.get().then_some("true")>
            <div class="row-main">
                <span class="row-name">
                    {shown_name} {standing.map(|(words, tone)| view! { " " <Badge text=words tone /> })}
                </span>
                {national.map(|name| view! { <span class="row-sub">{name}</span> })}
                <span class="row-sub">
                    <span class="num">{number}</span>
                    {dose.map(|dose| format!("・いつも: {dose}"))}
                </span>
            </div>
            <div class="row-actions">
                {adopted.then(|| view! { <Badge text="採用" tone=Tone::Info /> })}
                {favourite.then(|| view! { <Badge text="よく使う" tone=Tone::Ok /> })}
                {hidden.then(|| view! { <Badge text="非表示" tone=Tone::Neutral /> })}
                <button
                    id=button.get_value()
                    type="button"
                    class="btn btn-quiet btn-sm"
                    aria-label=label
                    aria-expanded=move || edited.get().to_string()
                    on:click=move |_| {
                        fresh.set(None);
                        editing.set((!edited.get_untracked()).then(|| code.get_value()));
                    }
                >
                    "編集"
                </button>
            </div>
            <Show when=move || edited.get()>
                <ItemForm item=item.get_value() on_close=close />
            </Show>
        </li>
    }
}
