//! A document of another house: who shared it and when, its entries, its words, its files, and what is odd about it.

use super::{
    count,
    entry::{EntryRow, OurValue},
    hand::{Hand, Taking},
};
use crate::ui::{Notice, Tone};
use leptos::prelude::*;
use model::{
    date,
    ids::ReceivedId,
    outside::{EntryContent, OutsideDocument, OutsideEntry, OutsideFile, OutsideSection, Standing},
};

/// What a document is, in a word.
pub fn title_of(document: &OutsideDocument) -> &'static str {
    document.kind.map_or("その他の文書", |kind| kind.label())
}

/// Whether it holds a diagnosis that its sender does not tell the patient (未告知・未提供).
pub fn hidden_from_patient(document: &OutsideDocument) -> bool {
    document
        .entries
        .iter()
        .any(|entry| matches!(&entry.content, EntryContent::Diagnosis { flags, .. } if flags.hidden_from_patient()))
}

/// The numbers of the entries that are new.
pub fn fresh(entries: &[OutsideEntry]) -> Vec<u32> {
    entries.iter().filter(|entry| entry.standing == Standing::New).map(|entry| entry.index).collect()
}

/// Changes whenever an entry must be drawn anew.
fn entry_key(entry: &OutsideEntry) -> (u32, u8, String) {
    let (standing, words) = match &entry.standing {
        Standing::New => (0, String::new()),
        // What stands here may change its flags.
        Standing::Same { ours } => (1, ours.clone()),
        Standing::Taken { .. } => (2, String::new()),
        Standing::ReadOnly { .. } => (3, String::new()),
    };
    (entry.index, standing, words)
}

/// A document under its institution's heading.
#[component]
pub fn DocumentCard(
    /// The document as it stands now; its entries change while it is on the screen.
    document: Signal<OutsideDocument>,
    /// Takes over.
    hand: Option<Hand>,
    /// Only entries that are new.
    new_only: Signal<bool>,
    /// Our own values beside results.
    ours: OurValue,
) -> impl IntoView {
    let first = document.get_untracked();
    let kind = title_of(&first);
    let day = format!("{} 共有", first.shared_on);
    let from: Vec<String> = [first.department.clone(), first.doctor.clone()].into_iter().filter(|one| !one.is_empty()).collect();
    let label = format!("{kind} {}", first.shared_on);
    let has_entries = !first.entries.is_empty();
    let sections = worded(first.sections.clone());
    let letter = (!sections.is_empty()).then(|| {
        let title = if has_entries { "本文を読む" } else { "本文" };
        view! {
            <details class="fold" open=!has_entries>
                <summary>{title}</summary>
                <Sections sections />
            </details>
        }
    });
    view! {
        <article class="outside-document" aria-label=label.clone()>
            <div class="outside-head">
                <h4>{kind}</h4>
                <time class="muted small" datetime=first.shared_on.to_string() title=date::both(first.shared_on)>
                    {day}
                </time>
                {(!from.is_empty()).then(|| view! { <span class="muted small">{from.join(" ")}</span> })}
                {hand.map(|hand| view! { <TakeAll document label=label.clone() hand /> })}
            </div>
            <Entries document hand new_only ours=Some(ours) />
            {letter}
            <Files document=first.id files=first.files.clone() />
            <Oddities notes=first.notes.clone() others=first.others.clone() />
        </article>
    }
}

/// Takes every new entry of a document over at once.
#[component]
pub fn TakeAll(
    /// The document as it stands now.
    document: Signal<OutsideDocument>,
    /// What it is, for screen readers.
    label: String,
    /// Takes over.
    hand: Hand,
) -> impl IntoView {
    let label = StoredValue::new(label);
    let number = Memo::new(move |_| document.with(|document| fresh(&document.entries).len()));
    let several = Memo::new(move |_| number.get() > 1);
    let take = move |_| {
        let (id, entries) = document.with_untracked(|document| (document.id, fresh(&document.entries)));
        let words = format!("{} {}", label.get_value(), count(entries.len()));
        hand.take.run(Taking { document: id, entries, words });
    };
    view! {
        <Show when=move || several.get()>
            <button
                type="button"
                class="btn btn-secondary btn-sm outside-all"
                aria-label=move || format!("{}の新しい{}をすべて取り込む", label.get_value(), count(number.get()))
                disabled=move || hand.busy.get()
                on:click=take
            >
                {move || format!("すべて取り込む（{}）", count(number.get()))}
            </button>
        </Show>
    }
}

/// The entries of a document.
#[component]
pub fn Entries(
    /// The document as it stands now.
    document: Signal<OutsideDocument>,
    /// Takes over.
    hand: Option<Hand>,
    /// Only entries that are new.
    #[prop(into)]
    new_only: Signal<bool>,
    /// Our own values beside results.
    ours: Option<OurValue>,
) -> impl IntoView {
    let id = document.with_untracked(|document| document.id);
    let label = document.with_untracked(|document| format!("{} {}", title_of(document), document.shared_on));
    let shown = move || {
        let only = new_only.get();
        document.with(|document| {
            document.entries.iter().filter(|entry| !only || entry.standing == Standing::New).cloned().collect::<Vec<_>>()
        })
    };
    view! {
        <Show when=move || document.with(|document| !document.entries.is_empty())>
            <ul class="rows outside-entries" aria-label=label.clone()>
                <For each=shown key=entry_key children=move |entry| view! { <EntryRow document=id entry hand ours /> } />
            </ul>
        </Show>
    }
}

/// The sections that say something. The outermost of a structured document only hold others.
pub fn worded(sections: Vec<OutsideSection>) -> Vec<OutsideSection> {
    sections.into_iter().filter(|section| !section.text.trim().is_empty()).collect()
}

/// The words of a document by section.
#[component]
pub fn Sections(
    /// The sections, outer before inner.
    sections: Vec<OutsideSection>,
) -> impl IntoView {
    sections
        .into_iter()
        .map(|section| {
            let class = if section.depth < 2 { "outside-section" } else { "outside-section outside-inner" };
            view! {
                <div class=class>
                    <p class="outside-section-title">{section.title}</p>
                    <p class="pre">{section.text.trim().to_owned()}</p>
                </div>
            }
        })
        .collect_view()
}

/// Files that came along, to be saved or opened.
#[component]
pub fn Files(
    /// The document.
    document: ReceivedId,
    /// Its files.
    files: Vec<OutsideFile>,
) -> impl IntoView {
    (!files.is_empty()).then(|| {
        view! {
            <ul class="plain-list outside-files" aria-label="添付ファイル">
                {files
                    .into_iter()
                    .map(|file| {
                        let title = if file.title.trim().is_empty() {
                            format!("添付ファイル{}", file.index + 1)
                        } else {
                            file.title.clone()
                        };
                        view! {
                            <li>
                                <a href=format!("/api/received/{document}/files/{}", file.index) download="">
                                    {title}
                                </a>
                                <span class="muted small">{format!("（{}・{}）", type_word(&file.content_type), size_word(file.size))}</span>
                            </li>
                        }
                    })
                    .collect_view()}
            </ul>
        }
    })
}

/// What breaks a profile, and what is kept without being read: folded, for who looks for it.
#[component]
pub fn Oddities(
    /// What breaks a profile.
    notes: Vec<String>,
    /// What is kept but not read.
    others: Vec<String>,
) -> impl IntoView {
    let number = notes.len() + others.len();
    (number > 0).then(|| {
        view! {
            <details class="fold outside-notes">
                <summary>{format!("書式についての注意 {}", count(number))}</summary>
                <ul class="plain-list small">
                    {notes.into_iter().map(|note| view! { <li>{note}</li> }).collect_view()}
                    {others.into_iter().map(|other| view! { <li>{format!("画面に出していない項目：{other}")}</li> }).collect_view()}
                </ul>
            </details>
        }
    })
}

/// A document that is broken, with the reasons. It is kept whole for inspection.
#[component]
pub fn Refused(
    /// The document.
    document: OutsideDocument,
) -> impl IntoView {
    let title = format!("{} {}（{}）は読めません", document.institution, title_of(&document), document.shared_on);
    view! {
        <Notice tone=Tone::Warn title=title>
            <p class="small">"文書が壊れているため、何も取り込みませんでした。受け取ったままの文書は保管しています。"</p>
            <ul class="reasons">
                {document.refused.into_iter().map(|reason| view! { <li>{reason}</li> }).collect_view()}
            </ul>
        </Notice>
    }
}

/// A media type in a word.
fn type_word(content_type: &str) -> &str {
    match content_type.split(';').next().unwrap_or_default().trim() {
        "application/pdf" => "PDF",
        "image/png" => "PNG画像",
        "image/jpeg" => "JPEG画像",
        "text/plain" => "テキスト",
        _ => "ファイル",
    }
}

/// Bytes as people read them; whole kilobytes, rounded up.
fn size_word(bytes: u64) -> String {
    match bytes.div_ceil(1024) {
        kilo @ 0..1024 => format!("{kilo} KB"),
        kilo => format!("{}.{} MB", kilo / 1024, kilo % 1024 * 10 / 1024),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_read_like_those_of_a_file_list() {
        assert_eq!(size_word(0), "0 KB");
        assert_eq!(size_word(1), "1 KB");
        assert_eq!(size_word(1024 * 1024), "1.0 MB");
        assert_eq!(size_word(1024 * 1024 * 3 / 2), "1.5 MB");
    }
}
