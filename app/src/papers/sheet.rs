//! The three papers on paper. What is empty is left out.

use leptos::prelude::*;
use model::{
    chart::{Allergy, Diagnosis},
    date,
    ids::DiagnosisId,
    labs::LabResult,
    paper::{
        items::{Answer, Group},
        *,
    },
};

/// The printed page, also shown on the screen once the paper is issued.
#[component]
pub(super) fn PaperSheet(
    /// The paper with what stands around it.
    page: PaperPage,
    /// What is written, as it stands now.
    form: Signal<PaperForm>,
    /// The day it is dated with.
    day: chrono::NaiveDate,
) -> impl IntoView {
    let PaperPage { patient, clinic, content, .. } = page;
    let content = StoredValue::new(content);
    let title = form.with_untracked(|form| match form {
        PaperForm::CarePlan(_) => "療養計画書",
        PaperForm::Checkup(_) => "健診結果報告書",
        PaperForm::Discharge(_) => "退院時サマリー",
    });
    let body = move || {
        form.with(|form| {
            content.with_value(|content| match form {
                PaperForm::CarePlan(form) => plan(form, content).into_any(),
                PaperForm::Checkup(form) => check(form, content).into_any(),
                PaperForm::Discharge(form) => stay(form, content).into_any(),
            })
        })
    };
    let doctor = clinic.doctor.clone();
    view! {
        <article class="sheet letter-sheet">
            <p class="letter-date">{date::both(day)}</p>
            <h1>{title}</h1>
            <div class="letter-heads">
                <dl class="facts letter-patient">
                    <dt>"氏名"</dt>
                    <dd>{patient.name.full()} {format!("（{}）", patient.name.kana())}</dd>
                    <dt>"性別・生年月日"</dt>
                    <dd>
                        {patient.sex.label()} "・" {date::both(patient.birth_date)}
                        {format!("（{}歳）", date::age_on(patient.birth_date, day))}
                    </dd>
                </dl>
                <div class="letter-from">
                    <p>{clinic.name}</p>
                    <p>{clinic.address}</p>
                    <p>{format!("電話 {}", clinic.phone)}</p>
                    <p>{format!("医師 {doctor}")}</p>
                </div>
            </div>
            {body}
        </article>
    }
}

/// A heading with words, where there are any.
fn part(heading: &'static str, text: &str) -> impl IntoView + use<> {
    let text = text.trim().to_owned();
    (!text.is_empty()).then(|| {
        view! {
            <section class="letter-part">
                <h2>{heading}</h2>
                <p>{text}</p>
            </section>
        }
    })
}

/// A heading with lines.
fn lines(heading: &'static str, lines: Vec<String>, none: &'static str) -> impl IntoView + use<> {
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
}

fn named(content: &PaperContent, ids: &[DiagnosisId]) -> Vec<String> {
    let line = |diagnosis: &Diagnosis| format!("{}（{}から）", diagnosis.name, diagnosis.started_on);
    content.diagnoses_of(ids).iter().map(line).collect()
}

/// A day as typed, in both calendars where it can be read.
fn shown(day: &str) -> String {
    date::parse(day).map_or_else(|_| day.to_owned(), date::both)
}

fn plan(form: &CarePlanForm, content: &PaperContent) -> impl IntoView + use<> {
    let until = if form.until.trim().is_empty() { String::new() } else { shown(&form.until) };
    view! {
        {lines("傷病名", named(content, &form.diagnoses), "なし")}
        {part("期間", &format!("{}〜{until}", shown(&form.from)))}
        {form.parts().into_iter().map(|(_, heading, text)| part(heading, text)).collect_view()}
        <p class="paper-sign">"説明を受けました　　署名"</p>
    }
}

fn check(form: &CheckupForm, content: &PaperContent) -> impl IntoView + use<> {
    let facts = [
        ("種類", form.programme.label().to_owned()),
        ("実施日", shown(&form.done_on)),
        ("判定した医師", form.judged_by.clone()),
        ("受診券", form.ticket.clone()),
        ("保険者", format!("{} {}", form.insurer, form.insurer_name).trim().to_owned()),
    ];
    let facts = facts.into_iter().filter(|(_, value)| !value.trim().is_empty());
    let answered = form.answered();
    let has_before = !content.previous.is_empty();
    let groups = Group::ALL.into_iter().filter_map(|group| {
        let rows: Vec<_> = answered
            .iter()
            .filter(|(item, _)| item.group == group)
            .map(|(item, answer)| {
                let range = match (item.answer, answer.low.trim(), answer.high.trim()) {
                    (Answer::Number { .. }, "", "") | (Answer::Choice(_) | Answer::Words, ..) => String::new(),
                    (Answer::Number { .. }, low, "") => format!("{low}以上"),
                    (Answer::Number { .. }, "", high) => format!("{high}以下"),
                    (Answer::Number { .. }, low, high) => format!("{low}–{high}"),
                };
                let flag = answer.flag().map(|flag| format!(" {flag}")).unwrap_or_default();
                let before = content.previous.get(item.key()).cloned().unwrap_or_default();
                view! {
                    <tr>
                        <th scope="row">{item.label}</th>
                        <td>{format!("{}{flag}", answer.show(item))}</td>
                        <td>{range}</td>
                        {has_before.then(|| view! { <td>{before}</td> })}
                    </tr>
                }
            })
            .collect();
        (!rows.is_empty()).then(|| {
            view! {
                <tbody>
                    <tr>
                        <th scope="rowgroup" colspan=if has_before { "4" } else { "3" } class="paper-group-head">
                            {group.label()}
                        </th>
                    </tr>
                    {rows}
                </tbody>
            }
        })
    });
    let groups = groups.collect_view();
    view! {
        <dl class="facts">
            {facts.map(|(name, value)| view! { <dt>{name}</dt><dd>{value}</dd> }).collect_view()}
        </dl>
        <table class="paper-table">
            <thead>
                <tr>
                    <th scope="col">"項目"</th>
                    <th scope="col">"結果"</th>
                    <th scope="col">"基準値"</th>
                    {has_before.then(|| view! { <th scope="col">"前回"</th> })}
                </tr>
            </thead>
            {groups}
        </table>
    }
}

fn stay(form: &DischargeForm, content: &PaperContent) -> impl IntoView + use<> {
    let words = |list: &[(&str, &str)], code: &str| {
        list.iter().find(|(known, _)| *known == code).map(|(_, words)| (*words).to_owned()).unwrap_or_default()
    };
    let facts = [
        ("入院日", format!("{} {}", shown(&form.admitted_on), form.admitted_time)),
        ("退院日", format!("{} {}", shown(&form.discharged_on), form.discharged_time)),
        ("入院経路", words(&ADMISSIONS, &form.admission)),
        ("転帰", words(&DISPOSITIONS, &form.disposition)),
    ];
    let facts = facts.into_iter().filter(|(_, value)| !value.trim().is_empty());
    let drugs = |list: Vec<PaperRp>| list.iter().map(|group| group.rp.as_text().replace('\n', " ")).collect::<Vec<_>>();
    let allergies = content.allergies.iter().map(Allergy::as_text).collect();
    let reports = form.days().map(|(from, until)| content.reports_between(from, until)).unwrap_or_default();
    let reports: Vec<String> = reports
        .iter()
        .map(|report| {
            let results: Vec<String> = report.results.iter().map(LabResult::as_text).collect();
            format!("{} {}", date::day_of(report.collected_at), results.join("、"))
        })
        .collect();
    let mut parts = form.parts().into_iter().map(|(_, heading, _, text)| part(heading, text)).collect::<Vec<_>>();
    let after = parts.split_off(3);
    view! {
        <dl class="facts">
            {facts.map(|(name, value)| view! { <dt>{name}</dt><dd>{value.trim().to_owned()}</dd> }).collect_view()}
        </dl>
        {lines("入院時診断", named(content, &form.diagnoses_in), "なし")}
        {lines("退院時診断", named(content, &form.diagnoses_out), "なし")}
        {parts}
        {lines("アレルギー・不耐性反応", allergies, "登録なし")}
        {(!form.drugs_in.is_empty())
            .then(|| lines("入院時服薬", drugs(content.prescriptions_of(&form.drugs_in)), "なし"))}
        {after}
        {lines("退院時の処方", drugs(content.prescriptions_of(&form.drugs_out)), "なし")}
        {(!reports.is_empty()).then(|| lines("入院中検査結果", reports, ""))}
    }
}
