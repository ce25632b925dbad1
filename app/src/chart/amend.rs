//! Amending a confirmed note (訂正・追記): the old text stays, and a reason is asked for.

use super::{api, device, store::ChartStore};
use crate::ui::{Dialog, Notice, TextArea, TextField, Tone, toast};
use leptos::prelude::*;
use model::{
    AppError,
    chart::{Note, Soap},
};
use serde::{Deserialize, Serialize};

/// What is being written, as it is kept on this device.
#[derive(Serialize, Deserialize)]
struct Kept {
    soap: Soap,
    reason: String,
    version: i64,
}

/// The dialog in which a confirmed note is amended; it opens when a note is put into the store's `amending`.
#[component]
pub fn AmendDialog() -> impl IntoView {
    let store = expect_context::<ChartStore>();
    let open = RwSignal::new(false);
    Effect::new(move |_| open.set(store.amending.with(Option::is_some)));
    Effect::new(move |was: Option<bool>| {
        let now = open.get();
        if was == Some(true) && !now {
            store.amending.set(None);
        }
        now
    });
    view! {
        <Dialog open title="訂正・追記" wide=true>
            {move || store.amending.get().map(|note| view! { <AmendForm note open /> })}
        </Dialog>
    }
}

#[component]
fn AmendForm(note: Note, open: RwSignal<bool>) -> impl IntoView {
    let store = expect_context::<ChartStore>();
    let say = toast();
    let trouble = store.trouble();
    let key = format!("amend.{}.{}", store.clinic, note.id);
    let kept = device::kept::<Kept>(&key);
    let restored = kept.is_some();
    let Kept { soap, reason, .. } =
        kept.unwrap_or_else(|| Kept { soap: note.soap.clone(), reason: String::new(), version: note.version });
    let [s, o, a, p] = [soap.subjective, soap.objective, soap.assessment, soap.plan].map(RwSignal::new);
    let reason = RwSignal::new(reason);
    let error = RwSignal::new(None::<AppError>);
    let busy = RwSignal::new(false);
    let key = StoredValue::new(key);
    let (visit, version) = (note.visit, note.version);
    let written = move || Soap { subjective: s.get(), objective: o.get(), assessment: a.get(), plan: p.get() };
    let before = StoredValue::new(note.soap);
    Effect::new(move |_| {
        let soap = written();
        let reason = reason.get();
        key.with_value(|key| {
            if before.with_value(|before| *before == soap) && reason.is_empty() {
                device::forget(key);
            } else {
                device::keep(key, &Kept { soap, reason, version });
            }
        });
    });
    let submit = move || {
        if busy.get_untracked() {
            return;
        }
        if reason.with_untracked(|reason| reason.trim().is_empty()) {
            error.set(Some(AppError::field("reason", model::Flaw::Missing)));
            return crate::ui::focus_first_invalid();
        }
        busy.set(true);
        error.set(None);
        store.touched();
        let soap = untrack(written);
        leptos::task::spawn_local(async move {
            let answer = api::amend(visit, soap, reason.get_untracked(), version).await;
            if busy.try_set(false).is_some() {
                return;
            }
            match answer {
                Ok(note) => {
                    key.with_value(|key| device::forget(key));
                    store.past.update(|past| {
                        if let Some(page) = past.iter_mut().find(|page| page.visit.id == note.visit) {
                            page.note = Some(note.clone());
                        }
                    });
                    if store.visit_id() == Some(note.visit) {
                        store.note.set(Some(note));
                    }
                    open.set(false);
                    say("訂正・追記を記録しました。");
                }
                Err(problem) => {
                    if problem == AppError::SignedOut {
                        trouble(&problem);
                    }
                    error.set(Some(problem));
                }
            }
        });
    };
    let reason_error = Signal::derive(move || error.with(|error| error.as_ref().and_then(|error| error.at("reason"))));
    let general = move || error.get().filter(|error| error.at("reason").is_none());
    view! {
        <form
            on:submit=move |event| {
                event.prevent_default();
                submit();
            }
            novalidate
        >
            <div class="dialog-body stack">
                <p class="muted small">"元の記載は消えず、だれが・いつ・なぜ直したかとともに残ります。"</p>
                {restored
                    .then(|| {
                        view! {
                            <Notice tone=Tone::Info>
                                <p>"書きかけの訂正をこの端末から復元しました。"</p>
                            </Notice>
                        }
                    })}
                <TextArea label="S 主観的情報" name="amend.subjective" value=s rows=2 autofocus=true />
                <TextArea label="O 客観的情報" name="amend.objective" value=o rows=2 />
                <TextArea label="A 評価" name="amend.assessment" value=a rows=2 />
                <TextArea label="P 計画" name="amend.plan" value=p rows=2 />
                <TextField
                    label="訂正・追記の理由"
                    name="amend.reason"
                    value=reason
                    required=true
                    error=reason_error
                    placeholder="例: 検査値の転記誤り"
                />
                {move || {
                    general()
                        .map(|error| {
                            let words = match &error {
                                AppError::Stale { by, .. } => {
                                    format!("{by}さんが先に訂正しました。書いた内容はこの端末に残っています。画面を読み込み直すと、新しい記載に対して続けられます。")
                                }
                                other => other.to_string(),
                            };
                            view! {
                                <Notice tone=Tone::Danger>
                                    <p>{words}</p>
                                </Notice>
                            }
                        })
                }}
            </div>
            <div class="dialog-footer">
                <button type="button" class="btn btn-quiet" on:click=move |_| open.set(false)>
                    "やめる"
                </button>
                <button type="submit" class="btn btn-primary">
                    {move || if busy.get() { "記録しています…" } else { "訂正・追記を記録" }}
                </button>
            </div>
        </form>
    }
}
