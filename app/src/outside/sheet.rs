//! A letter that came in, as it reads on paper: head, patient, the sections in their order.

use super::document::{Files, title_of};
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
    let from: Vec<String> =
        [document.department.clone(), document.doctor.clone()].into_iter().filter(|one| !one.is_empty()).collect();
    let day = head.made_on;
    view! {
        <article class="sheet letter-sheet" aria-label=title>
            <p class="letter-date">{date::both(day)}</p>
            <h1>{title}</h1>
            <div class="letter-heads">
                <div>
                    <p class="letter-to">{clinic} " 御中"</p>
                </div>
                <div class="letter-from">
                    <p>{document.institution.clone()}</p>
                    {(!from.is_empty()).then(|| view! { <p>{from.join(" ")}</p> })}
                </div>
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
            {document.sections.into_iter().map(part).collect_view()}
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

/// A section under a heading of its depth.
fn part(section: OutsideSection) -> impl IntoView {
    let text = section.text.trim().to_owned();
    let title = section.title;
    view! {
        <section class=if section.depth == 0 { "letter-part" } else { "letter-part outside-inner" }>
            {if section.depth == 0 { view! { <h2>{title}</h2> }.into_any() } else { view! { <h3>{title}</h3> }.into_any() }}
            {(!text.is_empty()).then(|| view! { <p>{text}</p> })}
        </section>
    }
}
