//! The lines of a search field's list, and where they come from.

use model::AppError;
use std::{future::Future, pin::Pin, sync::Arc};

/// One line of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice<T> {
    /// What is chosen.
    pub value: T,
    /// Name, the first line.
    pub name: String,
    /// Second line: reading, general name, ICD-10 or the like; may be empty.
    pub detail: String,
    /// Right side: points, price, key; may be empty.
    pub figure: String,
    /// Whether the figure is an estimate (推計).
    pub estimated: bool,
    /// A warning such as 単独使用禁止; empty when there is none.
    pub warning: String,
}

impl<T> Choice<T> {
    /// A line with a name alone.
    pub fn plain(value: T, name: impl Into<String>) -> Self {
        Self { value, name: name.into(), detail: String::new(), figure: String::new(), estimated: false, warning: String::new() }
    }
}

impl From<model::master::MasterHit> for Choice<model::master::MasterHit> {
    fn from(hit: model::master::MasterHit) -> Self {
        Self {
            name: hit.name.clone(),
            detail: hit.detail.clone(),
            figure: hit.figure.clone(),
            estimated: hit.estimated,
            warning: hit.warning.clone(),
            value: hit,
        }
    }
}

pub(super) type Answer<T> = Pin<Box<dyn Future<Output = Result<Vec<Choice<T>>, AppError>>>>;

/// Where the lines come from: a server function, or a list that is already here.
pub struct Search<T>(pub(super) Arc<dyn Fn(String) -> Answer<T> + Send + Sync>);

impl<T> Clone for Search<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T: 'static> Search<T> {
    /// Lines that have to be asked for.
    pub fn ask<F>(search: impl Fn(String) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<Vec<Choice<T>>, AppError>> + 'static,
    {
        Self(Arc::new(move |query| Box::pin(search(query))))
    }

    /// Lines that are already here.
    pub fn among(search: impl Fn(&str) -> Vec<Choice<T>> + Send + Sync + 'static) -> Self {
        Self(Arc::new(move |query| {
            let found = search(&query);
            Box::pin(async move { Ok(found) })
        }))
    }
}

impl Search<model::master::MasterHit> {
    /// Rows of one master as they stand today.
    pub fn master(kind: model::master::MasterKind) -> Self {
        Self::ask(move |query| async move {
            Ok(crate::masters::search_masters(kind, query, None).await?.into_iter().map(Choice::from).collect())
        })
    }
}
