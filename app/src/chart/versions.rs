//! The words of a text that two people may write at once: its parts, what the server has, and how it stands.

use chrono::{DateTime, Utc};
use model::AppError;
use serde::{Serialize, de::DeserializeOwned};
use std::{future::Future, pin::Pin, sync::Arc};

/// A text in parts that can be compared and put together.
pub trait Written: Clone + PartialEq + Serialize + DeserializeOwned + Send + Sync + 'static {
    /// Its parts with their headings, in reading order.
    fn parts(&self) -> Vec<(&'static str, String)>;
    /// Both texts in one: equal parts once, different parts one after the other with a mark whose is whose.
    fn merged(yours: &Self, theirs: &Self, by: &str) -> Self;
}

/// Two versions of one part, put together so that nothing is lost.
pub fn merge_part(yours: &str, theirs: &str, by: &str) -> String {
    match (yours.trim(), theirs.trim()) {
        (a, b) if a == b => yours.to_owned(),
        ("", _) => theirs.to_owned(),
        (_, "") => yours.to_owned(),
        // One only went on where the other stopped.
        (a, b) if a.starts_with(b) => yours.to_owned(),
        (a, b) if b.starts_with(a) => theirs.to_owned(),
        _ => format!("{}\n【{by}さんの記載】\n{}", yours.trim_end(), theirs.trim_start()),
    }
}

/// A text as the server keeps it.
#[derive(Debug, Clone, PartialEq)]
pub struct Saved<T> {
    /// The text.
    pub text: T,
    /// Version of its row; 0 before the first save.
    pub version: i64,
    /// When it was saved; none before the first save.
    pub at: Option<DateTime<Utc>>,
    /// Who saved it.
    pub by: String,
}

/// What comes back from saving and reading.
pub type Answer<T> = Pin<Box<dyn Future<Output = Result<Saved<T>, AppError>>>>;

/// How a draft is saved and read again.
pub struct Source<T> {
    save: Arc<dyn Fn(T, i64) -> Answer<T> + Send + Sync>,
    read: Arc<dyn Fn() -> Answer<T> + Send + Sync>,
}

impl<T> Clone for Source<T> {
    fn clone(&self) -> Self {
        Self { save: self.save.clone(), read: self.read.clone() }
    }
}

impl<T: 'static> Source<T> {
    /// From the two server functions.
    pub fn new<S, R>(save: impl Fn(T, i64) -> S + Send + Sync + 'static, read: impl Fn() -> R + Send + Sync + 'static) -> Self
    where
        S: Future<Output = Result<Saved<T>, AppError>> + 'static,
        R: Future<Output = Result<Saved<T>, AppError>> + 'static,
    {
        Self { save: Arc::new(move |text, version| Box::pin(save(text, version))), read: Arc::new(move || Box::pin(read())) }
    }

    /// Saves a text begun from a version.
    pub fn save(&self, text: T, version: i64) -> Answer<T> {
        (self.save)(text, version)
    }

    /// Reads what the server has.
    pub fn read(&self) -> Answer<T> {
        (self.read)()
    }
}

/// How the draft stands, as the status line shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SaveState {
    /// Nothing was typed yet.
    Clean,
    /// Typed, kept on this device, not sent yet.
    Pending,
    /// On its way.
    Saving,
    /// On the server.
    Saved(DateTime<Utc>),
    /// The server does not answer; the text is on this device.
    Offline,
    /// The session ended; the text is on this device.
    SignedOut,
    /// Someone else saved first; both texts wait for a choice.
    Collided,
    /// The server will not take it, and why.
    Refused(String),
}

/// What was found on this device and put back into the editor.
#[derive(Debug, Clone, PartialEq)]
pub struct Restored<T> {
    /// What the server has.
    pub server: T,
    /// When the text was last kept on this device.
    pub at: DateTime<Utc>,
}

/// Two texts of which one must be chosen.
#[derive(Debug, Clone, PartialEq)]
pub struct Collision<T> {
    /// What stands in this editor.
    pub yours: T,
    /// What the server has.
    pub theirs: Saved<T>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_put_together_without_losing_a_word() {
        assert_eq!(merge_part("咳", "咳", "佐藤"), "咳");
        assert_eq!(merge_part("", "熱", "佐藤"), "熱");
        assert_eq!(merge_part("咳が3日", "咳", "佐藤"), "咳が3日");
        assert_eq!(merge_part("咳", "熱", "佐藤"), "咳\n【佐藤さんの記載】\n熱");
    }
}
