//! A registration that is half typed is kept by the tab (session storage), so that neither a reload nor a wrong click
//! takes it. It is gone once the patient is registered, and with the tab.

use super::fields::Fields;
use leptos::prelude::*;

/// Keeps what is typed under a key until `done`. Gives whether something was brought back.
pub fn keep(fields: Fields, key: String, done: impl Fn() -> bool + 'static) -> RwSignal<bool> {
    let restored = RwSignal::new(false);
    let start = untrack(|| fields.typed());
    // Effects run in the browser only.
    Effect::new(move |before: Option<()>| {
        let Some(storage) = window().session_storage().ok().flatten() else { return };
        let kept = before.is_none().then(|| storage.get_item(&key).ok().flatten()).flatten();
        if let Some(kept) = kept.and_then(|json| serde_json::from_str::<Vec<(String, String)>>(&json).ok()) {
            fields.put_back(&kept);
            restored.set(true);
        }
        let typed = fields.typed();
        // A browser without room keeps nothing, and the form works all the same.
        let _ = match serde_json::to_string(&typed) {
            Ok(json) if typed != start && !done() => storage.set_item(&key, &json),
            _ => storage.remove_item(&key),
        };
    });
    restored
}
