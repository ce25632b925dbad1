//! The dialog in which somebody decides against the calculation: which item, how often, and why. The reason is never
//! optional; the usual ones are one key away.

use super::hand::{Asked, Hand, Kind, count_of, use_decide};
use crate::{
    masters::search_masters,
    ui::{
        Dialog, Notice, TextField, Tone,
        combobox::{Choice, Combobox, Search},
        focus_first_invalid, focus_id, mend,
    },
};
use leptos::prelude::*;
use model::{
    AppError, FieldError, Flaw,
    fee::OverrideForm,
    master::{MasterHit, MasterKind},
};

/// The dialog; it is made anew each time it opens.
#[component]
pub(super) fn OverrideDialog(hand: Hand) -> impl IntoView {
    let title = Signal::derive(move || hand.asked.with(|asked| asked.as_ref().map_or("", |asked| asked.kind.title()).to_owned()));
    view! {
        <Dialog open=hand.open title>
            {move || hand.asked.get().map(|asked| view! { <Form hand asked /> })}
        </Dialog>
    }
}

/// The fields the dialog can show a flaw at.
const FIELDS: [&str; 3] = ["code", "change", "reason"];

#[component]
fn Form(hand: Hand, asked: Asked) -> impl IntoView {
    let kind = asked.kind;
    let preset = asked.item.is_some();
    let item = RwSignal::new(asked.item);
    let count = RwSignal::new(asked.count.to_string());
    let reason = RwSignal::new(String::new());
    let refused = RwSignal::new(None::<AppError>);
    let busy = RwSignal::new(false);
    let decide = use_decide(hand);
    let at = move |field: &'static str| Signal::derive(move || refused.with(|error| error.as_ref().and_then(|e| e.at(field))));
    let elsewhere = move || {
        refused.with(|error| {
            error.as_ref().filter(|error| FIELDS.iter().all(|field| error.at(field).is_none())).map(ToString::to_string)
        })
    };
    Effect::new(move |_| {
        reason.track();
        mend(refused, "reason");
    });
    Effect::new(move |_| {
        count.track();
        mend(refused, "change");
    });
    // A hint names a code alone: its name is looked up.
    let nameless = item.with_untracked(|item| item.as_ref().filter(|(_, name)| name.is_empty()).map(|(code, _)| code.clone()));
    Effect::new(move |_| {
        let (Some(code), day) = (nameless.clone(), hand.day) else { return };
        leptos::task::spawn_local(async move {
            let found = search_masters(MasterKind::Procedure, code.clone(), Some(day)).await.unwrap_or_default();
            if let Some(hit) = found.into_iter().find(|hit| hit.code == code) {
                let _ = item.try_set(Some((code, hit.name)));
            }
        });
    });
    // Where the item is known the reason is what is missing, but a count is changed first.
    Effect::new(move |_| {
        focus_id(match (kind, preset) {
            (Kind::Count, _) => "field-count",
            (_, true) => "field-reason",
            (_, false) => "override-item",
        });
    });

    let form = move || {
        let mut flaws = Vec::new();
        let code = item.with_untracked(|item| item.as_ref().map(|(code, _)| code.clone()));
        if code.is_none() {
            flaws.push(FieldError::new("code", Flaw::NotAChoice));
        }
        let times = count_of(&count.get_untracked());
        if times.is_none() && kind != Kind::Withhold {
            flaws.push(FieldError::new("change", Flaw::OutOfRange { min: "1".to_owned(), max: "999".to_owned() }));
        }
        let words = reason.get_untracked().trim().to_owned();
        if words.is_empty() {
            flaws.push(FieldError::new("reason", Flaw::Missing));
        }
        match (code, flaws.is_empty()) {
            (Some(code), true) => Ok(OverrideForm { code, change: kind.change(times.unwrap_or(1)), reason: words }),
            _ => Err(AppError::Invalid { fields: flaws }),
        }
    };
    let send = move || {
        if busy.get_untracked() {
            return;
        }
        let form = match form() {
            Ok(form) => form,
            Err(error) => {
                refused.set(Some(error));
                return focus_first_invalid();
            }
        };
        let name =
            item.with_untracked(|item| item.as_ref().map(|(code, name)| if name.is_empty() { code } else { name }.clone()));
        busy.set(true);
        refused.set(None);
        leptos::task::spawn_local(async move {
            match decide(form, name.unwrap_or_default()).await {
                Ok(()) => drop(hand.open.try_set(false)),
                Err(error) => {
                    let _ = refused.try_set(Some(error));
                    focus_first_invalid();
                }
            }
            let _ = busy.try_set(false);
        });
    };
    view! {
        <form
            novalidate
            on:submit=move |event| {
                event.prevent_default();
                send();
            }
        >
            <div class="dialog-body stack override-form">
                <Item hand item refused error=at("code") preset />
                {(!asked.says.is_empty()).then(|| view! { <p class="small muted">{asked.says.clone()}</p> })}
                {(kind != Kind::Withhold)
                    .then(|| {
                        view! {
                            <TextField label="回数" name="count" value=count error=at("change") inputmode="numeric" input_class="input-num input-value" />
                        }
                    })}
                <TextField label="理由" name="reason" value=reason error=at("reason") required=true hint="診療録と同じく保存され、誰がいつ決めたかとともに残ります。" />
                <div class="btn-row" role="group" aria-label="よく使う理由">
                    {kind
                        .reasons()
                        .iter()
                        .map(|words| {
                            view! {
                                <button
                                    type="button"
                                    class="chip"
                                    on:click=move |_| {
                                        reason.set((*words).to_owned());
                                        focus_id("field-reason");
                                    }
                                >
                                    {*words}
                                </button>
                            }
                        })
                        .collect_view()}
                </div>
                {move || {
                    elsewhere()
                        .map(|why| {
                            view! {
                                <Notice tone=Tone::Danger title="変更できませんでした">
                                    <p>{why}</p>
                                </Notice>
                            }
                        })
                }}
            </div>
            <div class="dialog-footer">
                <button type="button" class="btn btn-quiet" on:click=move |_| hand.open.set(false)>
                    "やめる"
                </button>
                <button class="btn btn-primary" aria-disabled=move || busy.get().then_some("true")>
                    {move || if busy.get() { "計算しています…" } else { kind.verb() }}
                    <kbd class="kbd" aria-hidden="true">
                        "Enter"
                    </kbd>
                </button>
            </div>
        </form>
    }
}

/// The item: as it was asked for, or to be searched among the procedures of the day.
#[component]
fn Item(
    hand: Hand,
    item: RwSignal<Option<(String, String)>>,
    refused: RwSignal<Option<AppError>>,
    error: Signal<Option<String>>,
    preset: bool,
) -> impl IntoView {
    let day = hand.day;
    let search = Search::ask(move |query| async move {
        let found = search_masters(MasterKind::Procedure, query, Some(day)).await?;
        Ok(found.into_iter().map(Choice::from).collect::<Vec<Choice<MasterHit>>>())
    });
    let search = StoredValue::new(search);
    let pick = Callback::new(move |choice: Choice<MasterHit>| {
        mend(refused, "code");
        item.set(Some((choice.value.code, choice.name)));
        focus_id("field-reason");
    });
    view! {
        {move || match item.get() {
            Some((code, name)) => {
                view! {
                    <div class="override-item">
                        <p>
                            <strong>{name}</strong>
                            " "
                            <span class="num muted small">{code}</span>
                        </p>
                        {(!preset)
                            .then(|| {
                                view! {
                                    <button
                                        type="button"
                                        class="btn btn-quiet btn-sm"
                                        on:click=move |_| {
                                            item.set(None);
                                            focus_id("override-item");
                                        }
                                    >
                                        "選び直す"
                                    </button>
                                }
                            })}
                    </div>
                    <p class="field-error" hidden=move || error.with(Option::is_none)>
                        {move || error.get()}
                    </p>
                }
                    .into_any()
            }
            None => {
                view! {
                    <Combobox
                        id="override-item"
                        label="追加する項目"
                        placeholder="診療行為（例: 外来管理加算、D005）"
                        search=search.get_value()
                        on_pick=pick
                        error
                    />
                }
                    .into_any()
            }
        }}
    }
}
