//! A letter that came in, as it reads on paper: head, patient, the sections in their order.

use super::document::{Files, hidden_from_patient, title_of, worded};
use leptos::prelude::*;
use model::{
    date,
    outside::{IncomingPage, OutsideSection},
};

/// The printed page, also shown on the screen.
#[component]
pub fn IncomingSheet(
    /// The letter.
    page: IncomingPage,
    /// Our clinic, to which it is addressed.
    clinic: String,
) -> impl IntoView {
    let IncomingPage { head, document, .. } = page;
    let about = head.about.clone();
    let title = if head.is_reply { "返書（診療情報提供書）" } else { title_of(&document) };
    let mut sections = worded(document.sections.clone());
    // Who writes to whom stands in the letter's head, as on paper.
    let mut lines_of = |title: &str| -> Vec<String> {
        let found = sections.iter().position(|section| section.title.starts_with(title)).map(|at| sections.remove(at));
        found.map(|section| section.text.lines().map(|line| line.trim().to_owned()).collect()).unwrap_or_default()
    };
    let (to, mut from) = (lines_of("紹介先情報"), lines_of("紹介元情報"));
    if from.is_empty() {
        from = vec![document.institution.clone(), document.department.clone(), document.doctor.clone()];
    }
    let to_head = match to.split_first() {
        Some((first, rest)) => view! {
            <p class="letter-to">{first.clone()}</p>
            {lines(rest.to_vec())}
        }
        .into_any(),
        None => view! { <p class="letter-to">{clinic} " 御中"</p> }.into_any(),
    };
    let day = head.made_on;
    let sealed = hidden_from_patient(&document);
    view! {
        <article class="sheet letter-sheet" aria-label=title>
            // On the screen the page says it over the letter.
            {sealed
                .then(|| {
                    view! {
                        <p class="print-only">
                            <strong>"【封をしてお渡しください】患者さんに伝えていない病名が含まれます。"</strong>
                        </p>
                    }
                })}
            <p class="letter-date">{date::both(day)}</p>
            <h1>{title}</h1>
            <div class="letter-heads">
                <div>{to_head}</div>
                <div class="letter-from">{lines(from)}</div>
            </div>
            <dl class="facts letter-patient">
                <dt>"患者氏名"</dt>
                <dd>{about.name.clone()} {(!about.kana.is_empty()).then(|| format!("（{}）", about.kana))}</dd>
                <dt>"性別・生年月日"</dt>
                <dd>
                    {about.sex.map_or("記載なし", |sex| sex.label())} "・"
                    {about
                        .birth_date
                        .map_or_else(
                            || "記載なし".to_owned(),
                            |birth| format!("{}（{}歳）", date::both(birth), date::age_on(birth, day)),
                        )}
                </dd>
                {(!about.address.is_empty())
                    .then(|| {
                        view! {
                            <dt>"住所"</dt>
                            <dd>{about.address.clone()}</dd>
                        }
                    })}
            </dl>
            {sections.into_iter().map(part).collect_view()}
            {(!document.files.is_empty())
                .then(|| {
                    view! {
                        <section class="letter-part">
                            <h2>"添付"</h2>
                            <Files document=document.id files=document.files.clone() />
                        </section>
                    }
                })}
        </article>
    }
}

/// Lines of the head; what is empty is left out.
fn lines(lines: Vec<String>) -> impl IntoView {
    lines.into_iter().filter(|line| !line.is_empty()).map(|line| view! { <p>{line}</p> }).collect_view()
}

/// A section under a heading of its depth: the first level only holds the parts of a structured letter.
fn part(section: OutsideSection) -> impl IntoView {
    let (title, text) = (section.title, section.text.trim().to_owned());
    view! {
        <section class=if section.depth < 2 { "letter-part" } else { "letter-part outside-inner" }>
            {if section.depth < 2 { view! { <h2>{title}</h2> }.into_any() } else { view! { <h3>{title}</h3> }.into_any() }}
            <p>{text}</p>
        </section>
    }
}
