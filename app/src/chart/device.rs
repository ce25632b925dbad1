//! What is kept on this device (local storage), so that neither a crash nor an ended session takes a word.

use leptos::prelude::*;
use serde::{Deserialize, Serialize, de::DeserializeOwned};

/// A text with the version it was begun from and when it was kept, in milliseconds since 1970.
#[derive(Serialize, Deserialize)]
pub(super) struct Kept<T> {
    pub(super) text: T,
    pub(super) version: i64,
    pub(super) at: f64,
}

/// Every key of ours begins with this.
const PREFIX: &str = "karte.draft.";

/// Keeps a value on this device.
pub fn keep<T: Serialize>(key: &str, value: &T) {
    if let (Some(storage), Ok(json)) = (storage(), serde_json::to_string(value)) {
        // A browser without room keeps working: the server has the text within seconds.
        let _ = storage.set_item(&format!("{PREFIX}{key}"), &json);
    }
}

/// What [`keep`] kept.
pub fn kept<T: DeserializeOwned>(key: &str) -> Option<T> {
    serde_json::from_str(&storage()?.get_item(&format!("{PREFIX}{key}")).ok()??).ok()
}

/// Forgets what [`keep`] kept.
pub fn forget(key: &str) {
    if let Some(storage) = storage() {
        // Nothing to remove is as good as removed.
        let _ = storage.remove_item(&format!("{PREFIX}{key}"));
    }
}

fn storage() -> Option<web_sys::Storage> {
    window().local_storage().ok().flatten()
}
