//! The clinic's items outside of insurance (自費項目): price, tax, whether they are offered; edited in place.

use super::{
    api,
    room::{Room, focus_redrawn, trouble},
};
use crate::{
    orders::cost_words,
    ui::{Badge, CheckField, EmptyState, RadioField, StaleDialog, TextField, Tone, focus_first_invalid, focus_id, mend, toast},
};
use leptos::{ev, prelude::*};
use model::{
    AppError,
    ids::SelfPaidItemId,
    inhouse::{SelfPaidItem, SelfPaidItemForm},
    kana,
    money::Yen,
};

/// What is being edited: an item, or a new one.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Edited {
    New,
    Item(SelfPaidItemId),
}

/// The tab 自費.
#[component]
pub(super) fn SelfPaid() -> impl IntoView {
    let room = expect_context::<Room>();
    let editing = RwSignal::new(None::<Edited>);
    let adding = Memo::new(move |_| editing.get() == Some(Edited::New));
    let close_new = Callback::new(move |()| {
        editing.set(None);
        focus_id("self-paid-new");
    });
    view! {
        <div class="inhouse-bar">
            <p class="muted small inhouse-say">
                "診断書・予防接種など、保険外で患者が全額を支払うものです。消費税の率は医療機関が決めて入力します。"
            </p>
            <button
                id="self-paid-new"
                type="button"
                class="btn btn-secondary"
                aria-expanded=move || adding.get().to_string()
                on:click=move |_| editing.set(Some(Edited::New))
            >
                "自費項目を加える"
            </button>
        </div>
        <Show when=move || adding.get()>
            <section class="inhouse-fresh" aria-label="新しい自費項目">
                <SelfPaidForm item=None on_close=close_new />
            </section>
        </Show>
        <Show
            when=move || room.self_paid.with(|items| !items.is_empty())
            fallback=|| view! { <EmptyState>"自費項目はまだありません。"</EmptyState> }
        >
            <ul class="rows" aria-label="自費項目の一覧">
                <For
                    each=move || room.self_paid.get()
                    key=|item| (item.id, item.version)
                    children=move |item| view! { <Row item editing /> }
                />
            </ul>
        </Show>
    }
}

#[component]
fn Row(item: SelfPaidItem, editing: RwSignal<Option<Edited>>) -> impl IntoView {
    let id = item.id;
    let edited = Memo::new(move |_| editing.get() == Some(Edited::Item(id)));
    let button = format!("self-paid-edit-{id}");
    let close = {
        let button = button.clone();
        Callback::new(move |()| {
            editing.set(None);
            focus_redrawn(button.clone());
        })
    };
    let tax = match (item.tax_percent, item.tax_included) {
        (0, _) => "消費税なし".to_owned(),
        (percent, true) => format!("税込 {percent}%"),
        (percent, false) => format!("税抜 {percent}%"),
    };
    let paid = cost_words(&item, 1);
    let stored = StoredValue::new(item.clone());
    view! {
        <li class="row" aria-current=move || edited.get().then_some("true")>
            <div class="row-main">
                <span class="row-name">{item.name.clone()}</span>
                <span class="row-sub">
                    {format!("価格 {}・{tax}", item.price)}
                    {(!item.tax_included && item.tax_percent > 0).then(|| format!("・支払 {paid}"))}
                    {item.no_visit_fee.then_some("・診察料なし")}
                </span>
            </div>
            <div class="row-actions">
                {(!item.active).then(|| view! { <Badge text="停止" tone=Tone::Neutral /> })}
                <button
                    id=button
                    type="button"
                    class="btn btn-quiet btn-sm"
                    aria-label=format!("{}を編集", item.name)
                    aria-expanded=move || edited.get().to_string()
                    on:click=move |_| editing.set((!edited.get_untracked()).then_some(Edited::Item(id)))
                >
                    "編集"
                </button>
            </div>
            <Show when=move || edited.get()>
                <SelfPaidForm item=Some(stored.get_value()) on_close=close />
            </Show>
        </li>
    }
}

/// A whole number as typed, in either width and with commas.
fn whole(text: &str) -> Option<i64> {
    kana::fold_width(text).chars().filter(|c| !matches!(c, ',' | '円' | '%' | ' ')).collect::<String>().parse().ok()
}

/// The form. Enter saves, Esc leaves it.
#[component]
fn SelfPaidForm(
    /// The item; none for a new one.
    item: Option<SelfPaidItem>,
    /// It is done with.
    on_close: Callback<()>,
) -> impl IntoView {
    let room = expect_context::<Room>();
    let (say, trouble) = (toast(), trouble());
    let is_new = item.is_none();
    let seen = StoredValue::new(item.as_ref().map(|item| (item.id, item.version)));
    let of = |text: fn(&SelfPaidItem) -> String| RwSignal::new(item.as_ref().map(text).unwrap_or_default());
    let name = of(|item| item.name.clone());
    let reading = of(|item| item.reading.clone());
    let price = of(|item| item.price.0.to_string());
    let tax_percent = of(|item| item.tax_percent.to_string());
    let word = if item.as_ref().is_none_or(|item| item.tax_included) { "included" } else { "excluded" };
    let tax_kind = RwSignal::new(word.to_owned());
    let no_visit_fee = RwSignal::new(item.as_ref().is_some_and(|item| item.no_visit_fee));
    let active = RwSignal::new(item.as_ref().is_none_or(|item| item.active));
    let error = RwSignal::new(None::<AppError>);
    let busy = RwSignal::new(false);
    let at = move |field: &'static str| Signal::derive(move || error.with(|e| e.as_ref().and_then(|e| e.at(field))));
    for (field, signal) in [("name", name), ("reading", reading), ("price", price), ("tax_percent", tax_percent)] {
        Effect::new(move |_| {
            signal.track();
            mend(error, field);
        });
    }
    // What the patient will pay for one, while it is typed.
    let preview = move || {
        let price = whole(&price.get())?;
        let percent = if tax_percent.with(|text| text.trim().is_empty()) { 0 } else { whole(&tax_percent.get())? };
        let item = SelfPaidItem {
            id: SelfPaidItemId(Default::default()),
            name: String::new(),
            reading: String::new(),
            price: Yen(price),
            tax_percent: u8::try_from(percent).ok().filter(|percent| *percent < 100)?,
            tax_included: tax_kind.with(|kind| kind == "included"),
            no_visit_fee: false,
            active: true,
            version: 0,
        };
        (price >= 0).then(|| format!("患者の支払: {}", cost_words(&item, 1)))
    };
    let save = move || {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        error.set(None);
        let form = SelfPaidItemForm {
            name: name.get_untracked(),
            reading: reading.get_untracked(),
            price: price.get_untracked(),
            tax_percent: tax_percent.get_untracked(),
            tax_included: tax_kind.with_untracked(|kind| kind == "included"),
            no_visit_fee: no_visit_fee.get_untracked(),
            active: active.get_untracked(),
        };
        let seen = seen.get_value();
        leptos::task::spawn_local(async move {
            let answer = api::put_self_paid_item(seen, form).await;
            if busy.try_set(false).is_some() {
                return;
            }
            match answer {
                Ok(saved) => {
                    say(&format!("「{}」を保存しました。", saved.name));
                    room.self_paid.update(|items| match items.iter_mut().find(|other| other.id == saved.id) {
                        Some(other) => *other = saved,
                        None => items.push(saved),
                    });
                    on_close.run(());
                }
                Err(problem) => {
                    if problem == AppError::SignedOut {
                        trouble(&problem);
                    }
                    error.set(Some(problem));
                    focus_first_invalid();
                }
            }
        });
    };
    let on_key = move |event: ev::KeyboardEvent| {
        if event.key() == "Escape" && !event.is_composing() && !event.default_prevented() {
            event.prevent_default();
            on_close.run(());
        }
    };
    let rest = move || {
        let known = ["name", "reading", "price", "tax_percent"];
        error
            .get()
            .filter(|e| !matches!(e, AppError::Stale { .. }) && known.iter().all(|field| e.at(field).is_none()))
            .map(|e| e.to_string())
    };
    let on_mine = Callback::new(move |newest: i64| {
        seen.update_value(|seen| *seen = seen.map(|(id, _)| (id, newest)));
        save();
    });
    let on_theirs = Callback::new(move |()| {
        on_close.run(());
        room.reload();
    });
    let tax_kinds = [("included", "税込"), ("excluded", "税抜")].map(|(key, words)| (key.to_owned(), words.to_owned())).to_vec();
    view! {
        <StaleDialog error on_mine on_theirs />
        <form
            class="inhouse-form"
            novalidate
            aria-label=if is_new { "自費項目を加える".to_owned() } else { format!("{}を編集", name.get_untracked()) }
            on:submit=move |event| {
                event.prevent_default();
                save();
            }
            on:keydown=on_key
        >
            <div class="inhouse-grid">
                <TextField id="paid-name" label="名称" name="name" value=name required=true autofocus=true error=at("name") />
                <TextField id="paid-reading" label="読み（カナ）" name="reading" value=reading error=at("reading") />
                <TextField
                    id="paid-price"
                    label="価格（円）"
                    name="price"
                    value=price
                    required=true
                    inputmode="numeric"
                    input_class="input-num"
                    error=at("price")
                />
                <TextField
                    id="paid-tax"
                    label="消費税率（%）"
                    name="tax_percent"
                    value=tax_percent
                    required=true
                    inputmode="numeric"
                    input_class="input-num"
                    hint="かからないものは 0"
                    error=at("tax_percent")
                />
            </div>
            <div class="inhouse-tax">
                <RadioField label="価格の税" name="tax_included" value=tax_kind choices=tax_kinds />
                <p class="num" role="status">{preview}</p>
            </div>
            <div class="check-row">
                <CheckField label="この項目だけの受診では診察料を算定しない（健診・予防接種）" name="no_visit_fee" value=no_visit_fee />
                <CheckField label="使う（受診の画面に出す）" name="active" value=active />
            </div>
            {move || rest().map(|words| view! { <p class="field-error" role="alert">{words}</p> })}
            <div class="btn-row">
                <button type="submit" class="btn btn-primary btn-sm" disabled=move || busy.get()>
                    "保存"
                    <kbd class="kbd">"Enter"</kbd>
                </button>
                <button type="button" class="btn btn-quiet btn-sm" on:click=move |_| on_close.run(())>
                    "やめる"
                    <kbd class="kbd">"Esc"</kbd>
                </button>
            </div>
        </form>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prices_are_read_as_they_are_typed() {
        assert_eq!(whole("５，５００円"), Some(5_500));
        assert_eq!(whole("10%"), Some(10));
        assert_eq!(whole("約5000"), None);
    }
}
