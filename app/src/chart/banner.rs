//! Whose chart this is, always in sight: name, number, age, insurance, consent, and allergies as flags.

use super::store::{ChartStore, Panel};
use crate::ui::{Badge, Tone};
use leptos::prelude::*;
use leptos_router::components::A;
use model::{
    chart::{Allergy, Diagnosis},
    date,
    patient::Patient,
    share::Place,
};

/// The bar over the chart and over the letter.
#[component]
pub fn PatientBanner(
    /// The patient.
    #[prop(into)]
    patient: Signal<Patient>,
    /// Allergies, shown as flags.
    #[prop(into)]
    allergies: Signal<Vec<Allergy>>,
    /// The day shown, for age and insurance.
    day: chrono::NaiveDate,
    /// What a press on the flags does; they only show without it.
    #[prop(optional, into)]
    on_allergies: Option<Callback<()>>,
    /// More, at the end of the bar.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="patient-bar" role="region" aria-label="患者">
            {move || {
                let patient = patient.get();
                let insurance = patient.insurance_on(day);
                let insured = match insurance {
                    Some(card) => {
                        format!("{} {} {}割", card.insurer.scheme().label(), card.relation.label(), card.share / 10)
                    }
                    None => "保険なし（自費）".to_owned(),
                };
                let subsidies = patient.subsidies_on(day).count();
                view! {
                    <div class="patient-who">
                        <span class="patient-kana">{patient.name.kana()}</span>
                        <A href=format!("/patients/{}", patient.id) attr:class="patient-name">
                            {patient.name.full()}
                        </A>
                    </div>
                    <span class="patient-age">
                        <strong>{format!("{}歳", date::age_on(patient.birth_date, day))}</strong>
                        " "
                        {patient.sex.label()}
                    </span>
                    <span class="patient-fact">
                        <span class="patient-term">"生年月日"</span>
                        <time datetime=patient.birth_date.to_string()>{date::both(patient.birth_date)}</time>
                    </span>
                    <span class="patient-fact">
                        <span class="patient-term">"患者番号"</span>
                        <span class="num">{patient.number}</span>
                    </span>
                    <span class="patient-fact">
                        <span class="patient-term">"保険"</span>
                        {insured}
                        {(subsidies > 0).then(|| format!("・公費{subsidies}件"))}
                    </span>
                    <span class="patient-fact">
                        {match patient.consent {
                            Some(_) => view! { <Badge text="閲覧同意あり" tone=Tone::Ok /> },
                            None => view! { <Badge text="閲覧同意なし" /> },
                        }}
                    </span>
                }
            }}
            <AllergyFlags allergies on_allergies />
            {children.map(|children| children())}
        </div>
    }
}

/// Allergies as flags: severe ones first and filled, so that they are seen before a drug is chosen.
#[component]
fn AllergyFlags(allergies: Signal<Vec<Allergy>>, on_allergies: Option<Callback<()>>) -> impl IntoView {
    let flags = move || {
        let mut all = allergies.get();
        all.sort_by_key(|allergy| !allergy.severe);
        if all.is_empty() {
            return view! { <span class="muted small">"アレルギー登録なし"</span> }.into_any();
        }
        all.into_iter()
            .map(|allergy| {
                let class = if allergy.severe { "allergy-flag allergy-severe" } else { "allergy-flag" };
                let reaction = (!allergy.reaction.is_empty()).then(|| format!("（{}）", allergy.reaction));
                view! {
                    <span class=class>
                        {allergy.severe.then_some("重 ")} {allergy.name}
                        <span class="sr-only">{reaction}</span>
                    </span>
                }
            })
            .collect_view()
            .into_any()
    };
    match on_allergies {
        Some(press) => view! {
            <button type="button" class="allergy-flags" on:click=move |_| press.run(())>
                <span class="sr-only">"アレルギー: "</span>
                {flags}
            </button>
        }
        .into_any(),
        None => view! {
            <span class="allergy-flags">
                <span class="sr-only">"アレルギー: "</span>
                {flags}
            </span>
        }
        .into_any(),
    }
}

/// The banner of the chart page.
#[component]
pub fn ChartBanner() -> impl IntoView {
    let store = expect_context::<ChartStore>();
    view! {
        <PatientBanner
            patient=store.patient
            allergies=store.allergies
            day=store.day
            on_allergies=Callback::new(move |()| store.show(Panel::Allergies))
        >
            <Untold />
        </PatientBanner>
    }
}

/// A reminder while the patient is not to see a current diagnosis (未告知・未提供); it leads to the first such row.
#[component]
fn Untold() -> impl IntoView {
    let store = expect_context::<ChartStore>();
    let first = move |flagged: fn(&Diagnosis) -> bool| {
        store.diagnoses.with(|all| all.iter().find(|d| d.ended.is_none() && flagged(d)).map(|d| d.id))
    };
    let found = Memo::new(move |_| {
        let untold = first(|d| d.flags.uninformed).map(|id| (id, "未告知の病名あり"));
        untold.or_else(|| first(|d| d.flags.undelivered).map(|id| (id, "未提供の病名あり")))
    });
    move || {
        found.get().map(|(id, words)| {
            view! {
                <button
                    type="button"
                    class="untold"
                    title="本人に見せない病名があります"
                    on:click=move |_| store.go(Place::Diagnosis { id })
                >
                    {words}
                </button>
            }
        })
    }
}
