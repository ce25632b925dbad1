//! A note as it was written: read like paper, with what stood there before it was amended.

use super::{soap::PARTS, store::ChartStore};
use leptos::prelude::*;
use model::{
    chart::{Note, NoteRevision, Soap},
    date,
};

/// A note as it was written: who and when, and what stood there before it was amended.
#[component]
pub fn WrittenNote(
    /// The note.
    note: Note,
    /// Whether an amendment is offered.
    amendable: bool,
    /// In the narrow column of past visits: fewer words.
    #[prop(optional)]
    brief: bool,
) -> impl IntoView {
    let store = expect_context::<ChartStore>();
    let stamp = match (&note.confirmed_at, &note.confirmed_by) {
        (Some(at), Some(by)) if brief => format!("確定 {} {}", date::time_of(*at), by.name),
        (Some(at), Some(by)) => format!("{} {}さんが確定", date::stamp(*at), by.name),
        (Some(at), None) => format!("{} 確定", date::stamp(*at)),
        _ => format!("下書き {} {}", date::stamp(note.saved_at), note.author.name),
    };
    let amendable = amendable && note.confirmed_at.is_some();
    let whole = note.clone();
    view! {
        <div class="written">
            <SoapText soap=note.soap old=false />
            <div class="written-foot">
                <span class="muted small">{stamp}</span>
                {amendable
                    .then(|| {
                        view! {
                            <button
                                type="button"
                                class="btn btn-quiet btn-sm"
                                aria-label="訂正・追記"
                                on:click=move |_| store.amending.set(Some(whole.clone()))
                            >
                                {if brief { "訂正" } else { "訂正・追記" }}
                            </button>
                        }
                    })}
            </div>
            {(!note.revisions.is_empty()).then(|| view! { <Revisions revisions=note.revisions /> })}
        </div>
    }
}

#[component]
fn Revisions(revisions: Vec<NoteRevision>) -> impl IntoView {
    view! {
        <details class="fold revisions">
            <summary>{format!("修正前の記載 {}件", revisions.len())}</summary>
            {revisions
                .into_iter()
                .map(|revision| {
                    view! {
                        <div class="revision">
                            <p class="small">
                                {format!("{} {}さんが修正", date::stamp(revision.replaced_at), revision.replaced_by.name)}
                                <br />
                                {format!("理由: {}", revision.reason)}
                            </p>
                            <SoapText soap=revision.soap old=true />
                        </div>
                    }
                })
                .collect_view()}
        </details>
    }
}

/// The four parts as text; empty ones are left out.
#[component]
pub fn SoapText(
    /// The text.
    soap: Soap,
    /// Whether it was replaced: then it is struck through.
    old: bool,
) -> impl IntoView {
    let class = if old { "note-old" } else { "" };
    view! {
        <dl class="note">
            {PARTS
                .iter()
                .filter(|part| !(part.read)(&soap).trim().is_empty())
                .map(|part| {
                    let text = (part.read)(&soap).clone();
                    view! {
                        <dt>
                            <abbr title=part.name>{part.letter}</abbr>
                        </dt>
                        <dd class=class>
                            {if old {
                                view! { <del>{text}</del> }.into_any()
                            } else {
                                text.into_any()
                            }}
                        </dd>
                    }
                })
                .collect_view()}
        </dl>
    }
}
