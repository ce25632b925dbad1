//! Why a document was not taken, each reason with the way to where it is mended.

use crate::chart::{
    places::{address, spot},
    store::ChartStore,
};
use leptos::prelude::*;
use leptos_router::{components::A, hooks::use_location};
use model::{
    ids::PatientId,
    share::{Mend, Place},
};

/// The reasons of a refusal. Where one names a place of the chart, 「直す」 goes there: to the row of the open chart, or to the
/// page where it is mended.
#[component]
pub fn Mends(
    /// Whose document it is.
    patient: PatientId,
    /// The reasons.
    reasons: Vec<Mend>,
) -> impl IntoView {
    view! {
        <ul class="reasons">
            {reasons
                .into_iter()
                .map(|reason| {
                    let Mend { message, rule, path, field, place } = reason;
                    let about = if field.is_empty() { message.clone() } else { field.clone() };
                    // The path is for whoever calls the vendor; it need not be read first.
                    let title = (!path.is_empty()).then_some(path);
                    view! {
                        <li title=title>
                            <span class="reason-words">
                                {(!field.is_empty() && !message.contains(&field))
                                    .then(|| view! { <strong>{format!("{field}: ")}</strong> })} {message}
                                {(!rule.is_empty()).then(|| view! { <span class="reason-rule">{format!(" （{rule}）")}</span> })}
                            </span>
                            {place.map(|place| view! { <Fix place patient about /> })}
                        </li>
                    }
                })
                .collect_view()}
        </ul>
    }
}

/// 「直す」: to the row where it stands in the open chart, else by link.
#[component]
fn Fix(place: Place, patient: PatientId, about: String) -> impl IntoView {
    let words = view! {
        "直す"
        <span class="sr-only">{format!("（{about}）")}</span>
    };
    // On the page itself there is nowhere to go.
    let address = address(place, patient, &about);
    if use_location().pathname.with_untracked(|here| *here == address) {
        return ().into_any();
    }
    // Only the chart of this very patient has the row.
    let here = use_context::<ChartStore>().filter(|store| store.id == patient && spot(place).is_some());
    match here {
        Some(store) => view! {
            <button type="button" class="btn btn-secondary btn-sm reason-fix" on:click=move |_| store.go(place)>
                {words}
            </button>
        }
        .into_any(),
        None => view! {
            <A href=address attr:class="btn btn-secondary btn-sm reason-fix">
                {words}
            </A>
        }
        .into_any(),
    }
}
