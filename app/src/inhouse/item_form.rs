//! The form for what the clinic says about one national row.

use super::{
    api,
    dose::{Dose, DoseFields},
    room::{Room, trouble},
};
use crate::ui::{CheckField, StaleDialog, TextField, focus_first_invalid, mend, toast, toast_undo_later};
use leptos::{ev, prelude::*};
use model::{
    AppError,
    inhouse::{InhouseForm, InhouseItem},
    master::MasterKind,
};

/// What would be typed for an item as it is, to put it again.
fn form_of(item: &InhouseItem) -> InhouseForm {
    let usual = item.usual.as_ref();
    InhouseForm {
        own_name: item.own_name.clone(),
        own_reading: item.own_reading.clone(),
        adopted: item.adopted,
        favourite: item.favourite,
        hidden: item.hidden,
        amount: usual.map(|usual| usual.amount.normalize().to_string()).unwrap_or_default(),
        route: usual.map(|usual| usual.route.as_str().to_owned()).unwrap_or_default(),
        usage: usual.map(|usual| usual.usage.clone()).unwrap_or_default(),
        count: usual.map(|usual| usual.count).filter(|count| *count > 0).map(|c| c.to_string()).unwrap_or_default(),
    }
}

/// The form. Enter saves, Esc leaves it; `on_close` is called when it is done with.
#[component]
pub(super) fn ItemForm(
    /// The item as it was read.
    item: InhouseItem,
    /// It is done with.
    on_close: Callback<()>,
) -> impl IntoView {
    let room = expect_context::<Room>();
    let (say, undo, trouble) = (toast(), toast_undo_later(), trouble());
    let (kind, is_new) = (item.kind, item.version == 0);
    let version = StoredValue::new(item.version);
    let own_name = RwSignal::new(item.own_name.clone());
    let own_reading = RwSignal::new(item.own_reading.clone());
    // Who looks a row up to say something about it mostly means to adopt it.
    let adopted = RwSignal::new(item.adopted || (is_new && !item.hidden));
    let favourite = RwSignal::new(item.favourite);
    let hidden = RwSignal::new(item.hidden);
    let dose = room.usages.with_untracked(|usages| DoseFields::new(item.usual.as_ref(), usages));
    let error = RwSignal::new(None::<AppError>);
    let busy = RwSignal::new(false);
    let code = StoredValue::new(item.code.clone());
    let before = StoredValue::new(item.clone());

    let at = move |field: &'static str| Signal::derive(move || error.with(|e| e.as_ref().and_then(|e| e.at(field))));
    // Nobody looks for what is hidden: hiding a row takes back that it is offered, and the other way round.
    Effect::new(move |before: Option<()>| {
        let offered = adopted.get() || favourite.get();
        if before.is_some() && offered && hidden.get_untracked() {
            hidden.set(false);
        }
    });
    Effect::new(move |before: Option<()>| {
        if hidden.get() && before.is_some() {
            adopted.set(false);
            favourite.set(false);
        }
    });
    dose.on_edit(move |field| mend(error, field));
    Effect::new(move |_| {
        own_name.track();
        mend(error, "own_name");
    });
    Effect::new(move |_| {
        own_reading.track();
        mend(error, "own_reading");
    });
    let typed = move || {
        let mut form = InhouseForm {
            own_name: own_name.get_untracked(),
            own_reading: own_reading.get_untracked(),
            adopted: adopted.get_untracked(),
            favourite: favourite.get_untracked(),
            hidden: hidden.get_untracked(),
            ..InhouseForm::default()
        };
        if kind == MasterKind::Drug {
            room.usages.with_untracked(|usages| dose.write(&mut form, usages))?;
        }
        Ok::<_, AppError>(form)
    };
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
        error.set(None);
        let form = match typed() {
            Ok(form) => form,
            Err(problem) => return refuse(problem),
        };
        busy.set(true);
        let (code, version) = (code.get_value(), version.get_value());
        leptos::task::spawn_local(async move {
            let answer = api::put_inhouse(kind, code, form, version).await;
            if busy.try_set(false).is_some() {
                return;
            }
            match answer {
                Ok(saved) => {
                    // Saying nothing about a row takes back what was said.
                    let words =
                        if saved.version == 0 { "の院内設定を外しました。" } else { "を保存しました。" };
                    say(&format!("「{}」{words}", saved.name));
                    room.keep(saved);
                    on_close.run(());
                }
                Err(problem) => refuse(problem),
            }
        });
    };
    let remove = move |_| {
        let (code, version, before) = (code.get_value(), version.get_value(), before.get_value());
        leptos::task::spawn_local(async move {
            match api::remove_inhouse(kind, code.clone(), version).await {
                Ok(rest) => {
                    let form = form_of(&before);
                    let back = move || {
                        let (code, form) = (code.clone(), form.clone());
                        leptos::task::spawn_local(async move {
                            let answer = async {
                                let now = api::inhouse_item(kind, code.clone()).await?;
                                api::put_inhouse(kind, code, form, now.version).await
                            };
                            match answer.await {
                                Ok(saved) if room.items.try_get_untracked().is_some() => room.keep(saved),
                                Ok(_) => {}
                                Err(error) => trouble(&error),
                            }
                        });
                    };
                    undo(&format!("「{}」の院内設定を外しました。", before.name), Box::new(back));
                    on_close.run(());
                    room.keep_kind(kind, rest);
                    room.reload();
                }
                Err(error) => trouble(&error),
            }
        });
    };
    let on_key = move |event: ev::KeyboardEvent| {
        if event.key() == "Escape" && !event.is_composing() && !event.default_prevented() {
            event.prevent_default();
            on_close.run(());
        }
    };
    let known = ["own_name", "own_reading", "route", "amount", "usage", "count"];
    let rest = move || {
        error
            .get()
            .filter(|e| !matches!(e, AppError::Stale { .. }) && known.iter().all(|field| e.at(field).is_none()))
            .map(|e| e.to_string())
    };
    let on_mine = Callback::new(move |newest: i64| {
        version.set_value(newest);
        save();
    });
    let on_theirs = Callback::new(move |()| {
        on_close.run(());
        room.reload();
    });
    view! {
        <StaleDialog error on_mine on_theirs />
        <form
            class="inhouse-form"
            novalidate
            aria-label=format!("{}の院内設定", item.name)
            on:submit=move |event| {
                event.prevent_default();
                save();
            }
            on:keydown=on_key
        >
            <div class="inhouse-grid">
                <TextField
                    id="own-name"
                    label="院内略称"
                    name="own_name"
                    value=own_name
                    autofocus=true
                    placeholder=item.name.clone()
                    error=at("own_name")
                />
                <TextField id="own-reading" label="読み（カナ）" name="own_reading" value=own_reading error=at("own_reading") />
            </div>
            <div class="check-row">
                <CheckField label="採用" name="adopted" value=adopted />
                <CheckField label="よく使う（先に出す）" name="favourite" value=favourite />
                <CheckField label="非表示（検索に出さない）" name="hidden" value=hidden />
            </div>
            {(kind == MasterKind::Drug).then(|| view! { <Dose fields=dose usages=room.usages error /> })}
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
                {(!is_new)
                    .then(|| {
                        view! {
                            <button type="button" class="btn btn-quiet btn-sm" on:click=remove>
                                "院内設定を外す"
                            </button>
                        }
                    })}
            </div>
        </form>
    }
}
