//! Keys: one key, one action, for as long as the component that asked for it is on the page. `?` lists them.

use super::Dialog;
use leptos::{ev, prelude::*};
use wasm_bindgen::JsCast;

#[derive(Clone)]
struct Shortcut {
    id: usize,
    keys: &'static str,
    label: String,
    run: Callback<()>,
}

#[derive(Clone, Copy)]
struct Shortcuts {
    all: RwSignal<Vec<Shortcut>>,
    next: StoredValue<usize>,
    listed: RwSignal<bool>,
}

pub(super) fn provide() {
    provide_context(Shortcuts { all: RwSignal::new(Vec::new()), next: StoredValue::new(0), listed: RwSignal::new(false) });
}

/// Binds a key: `"/"`, `"F2"`, `"Alt+s"`, `"Ctrl+Enter"`. Bare letters and signs are ignored while somebody types;
/// those with Alt or Ctrl and the function keys always work. The newest binding of a key wins.
pub fn use_shortcut(keys: &'static str, label: impl Into<String>, run: impl Fn() + Send + Sync + 'static) {
    let shortcuts = expect_context::<Shortcuts>();
    let label = label.into();
    let run = Callback::new(move |()| run());
    // Keys exist in the browser only; an effect is never run on the server.
    Effect::new(move |_| {
        let id = shortcuts.next.get_value();
        shortcuts.next.set_value(id + 1);
        shortcuts.all.update(|all| all.push(Shortcut { id, keys, label: label.clone(), run }));
        on_cleanup(move || {
            // The application itself may be gone first.
            let _ = shortcuts.all.try_update(|all| all.retain(|shortcut| shortcut.id != id));
        });
    });
}

/// Whether somebody is typing where the event happened.
fn is_typing(event: &ev::KeyboardEvent) -> bool {
    event
        .target()
        .and_then(|target| target.dyn_into::<web_sys::Element>().ok())
        .is_some_and(|element| matches!(element.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT"))
}

/// The key as it is written in [`use_shortcut`].
fn spelled(event: &ev::KeyboardEvent) -> String {
    let key = event.key();
    let mut out = String::new();
    if event.ctrl_key() || event.meta_key() {
        out.push_str("Ctrl+");
    }
    if event.alt_key() {
        out.push_str("Alt+");
    }
    // Alt changes the letter on some keyboards; the key's place does not change.
    match event.code().strip_prefix("Key") {
        Some(letter) if event.alt_key() || event.ctrl_key() => out.push_str(&letter.to_ascii_lowercase()),
        _ => out.push_str(&key),
    }
    out
}

/// Listens for keys, and lists them when asked. Stands once in the application.
#[component]
pub fn ShortcutList() -> impl IntoView {
    let shortcuts = expect_context::<Shortcuts>();
    Effect::new(move |_| {
        let handle = window_event_listener(ev::keydown, move |event| {
            if event.is_composing() || event.default_prevented() {
                return;
            }
            let keys = spelled(&event);
            if is_typing(&event) && keys.chars().count() == 1 {
                return;
            }
            // A dialog keeps its keys to itself.
            if document().query_selector("dialog[open]").ok().flatten().is_some() {
                return;
            }
            if keys == "?" {
                event.prevent_default();
                shortcuts.listed.set(true);
                return;
            }
            let found = shortcuts.all.with_untracked(|all| all.iter().rev().find(|s| s.keys == keys).map(|s| s.run));
            if let Some(run) = found {
                event.prevent_default();
                run.run(());
            }
        });
        on_cleanup(move || handle.remove());
    });
    view! {
        <Dialog open=shortcuts.listed title="キーボード操作">
            <div class="dialog-body">
                <dl class="facts">
                    <For each=move || shortcuts.all.get() key=|shortcut| shortcut.id let:shortcut>
                        <dt>
                            <kbd class="kbd">{shortcut.keys}</kbd>
                        </dt>
                        <dd>{shortcut.label}</dd>
                    </For>
                    <dt>
                        <kbd class="kbd">"?"</kbd>
                    </dt>
                    <dd>"この一覧"</dd>
                </dl>
            </div>
        </Dialog>
    }
}
