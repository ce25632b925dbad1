//! The letter on paper. The headings are those of the structured section of `JP_Composition_eReferral`; what is empty is
//! left out.

use super::given::Given;
use leptos::prelude::*;
use model::{
    date,
    letter::{LetterFile, LetterForm, LetterPage},
};

/// The printed page, also shown on the screen once the letter is issued.
#[component]
pub fn LetterSheet(
    /// The letter with what stands around it.
    page: LetterPage,
    /// The text, as it stands now.
    form: Signal<LetterForm>,
    /// The files that go along; on paper stand their titles.
    #[prop(into)]
    files: Signal<Vec<LetterFile>>,
    /// The day it is dated with.
    day: chrono::NaiveDate,
) -> impl IntoView {
    let LetterPage { patient, clinic, enclosed, answered, letter } = page;
    let Given { diagnoses, allergies, drugs, results } = Given::of(&enclosed);
    let title = if letter.replies_to.is_some() { "診療情報提供書（返書）" } else { "診療情報提供書" };
    let to = move || {
        let form = form.get();
        let doctor = if form.to_doctor.trim().is_empty() { "担当医".to_owned() } else { form.to_doctor };
        (form.to_institution, format!("{} {doctor} 先生 御机下", form.to_department).trim().to_owned())
    };
    let part = move |heading: &'static str, read: fn(&LetterForm) -> &String| {
        view! {
            {move || {
                let text = form.with(|form| read(form).trim().to_owned());
                (!text.is_empty())
                    .then(|| {
                        view! {
                            <section class="letter-part">
                                <h2>{heading}</h2>
                                <p>{text}</p>
                            </section>
                        }
                    })
            }}
        }
    };
    let list = |heading: String, lines: Vec<String>, none: &'static str| {
        view! {
            <section class="letter-part">
                <h2>{heading}</h2>
                {if lines.is_empty() {
                    view! { <p>{none}</p> }.into_any()
                } else {
                    view! { <ul class="plain-list">{lines.into_iter().map(|line| view! { <li>{line}</li> }).collect_view()}</ul> }
                        .into_any()
                }}
            </section>
        }
    };
    view! {
        <article class="sheet letter-sheet">
            <p class="letter-date">{date::both(day)}</p>
            <h1>{title}</h1>
            <div class="letter-heads">
                <div>
                    <p class="letter-to">{move || to().0}</p>
                    <p>{move || to().1}</p>
                </div>
                <div class="letter-from">
                    <p>{clinic.name}</p>
                    <p>{clinic.address}</p>
                    <p>{format!("電話 {}", clinic.phone)}</p>
                    <p>{format!("医師 {}", clinic.doctor)}</p>
                </div>
            </div>
            <dl class="facts letter-patient">
                <dt>"患者氏名"</dt>
                <dd>
                    {patient.name.full()}
                    {format!("（{}）", patient.name.kana())}
                </dd>
                <dt>"性別・生年月日"</dt>
                <dd>
                    {patient.sex.label()} "・" {date::both(patient.birth_date)}
                    {format!("（{}歳）", date::age_on(patient.birth_date, day))}
                </dd>
                <dt>"住所・電話"</dt>
                <dd>{format!("{} {}", patient.address, patient.phone)}</dd>
            </dl>
            {answered.map(|answered| view! { <p>{answered.line()}</p> })}
            {part("紹介目的", |form| &form.purpose)}
            {list("傷病名".to_owned(), diagnoses, "なし")}
            {part("主訴", |form| &form.complaint)}
            {part("現病歴", |form| &form.present_illness)}
            {part("既往歴", |form| &form.past_history)}
            {list("アレルギー・不耐性反応".to_owned(), allergies, "登録なし")}
            {part("家族歴", |form| &form.family_history)}
            {part("社会歴・生活習慣", |form| &form.social_history)}
            {part("身体所見", |form| &form.findings)}
            {results.map(|(heading, lines)| list(heading, lines, ""))}
            {(!drugs.is_empty()).then(|| list("現在の処方".to_owned(), drugs, ""))}
            {part("臨床経過", |form| &form.course)}
            {part("備考・連絡情報", |form| &form.remarks)}
            {move || {
                let titles: Vec<String> =
                    files.with(|files| files.iter().map(|file| format!("{}（{}）", file.title, file.kind())).collect());
                let sent = form.with(|form| !form.to_number.trim().is_empty());
                let heading = if sent { "添付（電子送信の文書に含む）" } else { "添付（別にお渡しするもの）" };
                (!titles.is_empty()).then(|| list(heading.to_owned(), titles, ""))
            }}
        </article>
    }
}
