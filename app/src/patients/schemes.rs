//! Local subsidies (地方単独公費) that a payer number can stand for: chosen with one press, their terms fill the fields.

use super::{api, fields::Fields};
use crate::ui::today;
use leptos::prelude::*;
use model::{
    date, kana,
    local_subsidy::{LocalSubsidy, Terms},
};

/// Offers the schemes of the payer number's prefecture and law number, once both can be read from it.
#[component]
pub(super) fn Schemes(fields: Fields) -> impl IntoView {
    let payer = fields.text("subsidy.payer");
    let front = Memo::new(move |_| {
        let digits = kana::fold_width(payer.read().trim());
        digits.get(..4).filter(|front| front.bytes().all(|b| b.is_ascii_digit())).map(str::to_owned)
    });
    let schemes = RwSignal::new(Vec::<LocalSubsidy>::new());
    Effect::new(move |_| {
        let asked = front.get();
        schemes.set(Vec::new());
        let Some(asked) = asked else { return };
        leptos::task::spawn_local(async move {
            // Without the offer the fields are filled by hand, as before.
            if let Ok(found) = api::local_subsidies(asked.clone()).await
                && front.try_get_untracked().flatten().as_ref() == Some(&asked)
            {
                let _ = schemes.try_set(found);
            }
        });
    });
    // Where the birth date stands in the same form, other ages are left out.
    let born = fields.text("birth_date");
    let offered = move || {
        let age = date::parse(&born.read()).ok().map(|born| date::age_on(born, today()));
        let mut schemes = schemes.get();
        schemes.retain(|scheme| age.is_none_or(|age| scheme.covers_age(age)));
        schemes
    };
    view! {
        <Show when=move || !offered().is_empty()>
            <fieldset class="schemes">
                <legend class="field-label">"この番号の地方単独公費"</legend>
                <p class="field-hint">"選ぶと負担の欄に入ります。保険番号マスタ（都道府県別・適用日の記載なし）によるため、受給者証で確かめてください。"</p>
                <div class="btn-row">
                    <For
                        each=offered
                        key=|scheme| (scheme.number.clone(), scheme.name.clone(), scheme.words())
                        children=move |scheme| view! { <Scheme fields scheme /> }
                    />
                </div>
            </fieldset>
        </Show>
    }
}

#[component]
fn Scheme(fields: Fields, scheme: LocalSubsidy) -> impl IntoView {
    let ages = match scheme.ages {
        (0, 999) => String::new(),
        (from, 999) => format!("{from}歳〜 "),
        (from, to) => format!("{from}〜{to}歳 "),
    };
    let (name, words, filled) = (scheme.name.clone(), scheme.words(), filled(&scheme));
    let usable = filled.is_some();
    view! {
        <button
            type="button"
            class="chip scheme"
            disabled=!usable
            on:click=move |_| {
                for (name, text) in filled.iter().flatten() {
                    fields.text(name).set(text.clone());
                }
            }
        >
            <strong>{name}</strong>
            " "
            <span class="small">{ages} {words}</span>
        </button>
    }
}

/// What the fields become; nothing for a scheme that takes no part at the till (償還払い, or not for outpatients).
fn filled(scheme: &LocalSubsidy) -> Option<[(&'static str, String); 4]> {
    let left = match scheme.terms {
        Terms::Unused | Terms::Reimbursed => return None,
        Terms::Nothing => Default::default(),
        Terms::Leaves(left) => left,
    };
    let share = if scheme.terms == Terms::Nothing { Some(0) } else { left.share };
    let words = |number: Option<i64>| number.map(|number| number.to_string()).unwrap_or_default();
    let visit = left.fixed.or(left.per_day).or(left.per_time);
    let month = left.month_pharmacy.or(left.month_in_house);
    Some([
        ("subsidy.share", words(share.map(i64::from))),
        ("subsidy.visit_cap", words(visit.map(|yen| yen.0))),
        ("subsidy.monthly_cap", words(month.map(|yen| yen.0))),
        ("subsidy.charged_visits", words(left.times_a_month.map(i64::from))),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{local_subsidy::Left, money::Yen};

    fn scheme(terms: Terms) -> LocalSubsidy {
        LocalSubsidy { prefecture: 13, number: "588".into(), law: "88".into(), name: "架空".into(), ages: (6, 15), terms }
    }

    #[test]
    fn terms_become_fields() {
        let left = Left { per_day: Some(Yen(200)), times_a_month: Some(4), ..Left::default() };
        let fields = filled(&scheme(Terms::Leaves(left))).expect("a scheme of the till");
        assert_eq!(fields.map(|(_, text)| text), ["", "200", "", "4"].map(str::to_owned));
        let fields = filled(&scheme(Terms::Nothing)).expect("a scheme of the till");
        assert_eq!(fields.map(|(_, text)| text), ["0", "", "", ""].map(str::to_owned));
        assert_eq!(filled(&scheme(Terms::Reimbursed)), None);
    }
}
