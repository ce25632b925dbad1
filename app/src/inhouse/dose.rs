//! How a drug is usually prescribed here (既定の用法・用量): in words, and its fields.

use crate::{
    orders::usages_for,
    ui::{
        SelectField, TextField,
        combobox::{Choice, Combobox, Search},
        focus_id,
    },
};
use leptos::prelude::*;
use model::{
    AppError, Flaw,
    inhouse::{InhouseForm, UsualDose},
    orders::{Route, Usage},
};

/// The dose in words: `内服 1日1回 朝食後・1・14日分`.
pub(super) fn dose_words(dose: &UsualDose, usages: &[Usage]) -> String {
    let usage = usages.iter().find(|usage| usage.key == dose.usage).map_or(dose.usage.as_str(), |usage| usage.text.as_str());
    let count = if dose.count > 0 { format!("{}{}", dose.count, dose.route.counter()) } else { String::new() };
    let parts =
        [dose.route.label().to_owned(), format!("{} {}", meaning(dose.route), dose.amount.normalize()), usage.to_owned(), count];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("・")
}

/// What the amount of a route means.
fn meaning(route: Route) -> &'static str {
    match route {
        Route::Internal => "1日量",
        Route::Prn => "1回量",
        Route::External => "全量",
    }
}

/// What is typed of a dose.
#[derive(Clone, Copy)]
pub(super) struct DoseFields {
    route: RwSignal<String>,
    amount: RwSignal<String>,
    usage: RwSignal<String>,
    count: RwSignal<String>,
}

impl DoseFields {
    /// The fields of a dose; empty without one.
    pub fn new(dose: Option<&UsualDose>, usages: &[Usage]) -> Self {
        let usage = dose.map(|dose| usages.iter().find(|u| u.key == dose.usage).map_or(dose.usage.clone(), |u| u.text.clone()));
        Self {
            route: RwSignal::new(dose.map(|dose| dose.route.as_str().to_owned()).unwrap_or_default()),
            amount: RwSignal::new(dose.map(|dose| dose.amount.normalize().to_string()).unwrap_or_default()),
            usage: RwSignal::new(usage.unwrap_or_default()),
            count: RwSignal::new(dose.map(|d| d.count).filter(|count| *count > 0).map(|c| c.to_string()).unwrap_or_default()),
        }
    }

    /// Writes them into the form; a usage that is not of the list is refused.
    pub fn write(self, form: &mut InhouseForm, usages: &[Usage]) -> Result<(), AppError> {
        let text = self.usage.get_untracked();
        form.route = self.route.get_untracked();
        form.amount = self.amount.get_untracked();
        form.count = self.count.get_untracked();
        form.usage = match usages.iter().find(|usage| usage.text == text.trim() || usage.key == text.trim()) {
            Some(usage) => usage.key.clone(),
            None if text.trim().is_empty() => String::new(),
            None => return Err(AppError::field("usage", Flaw::NotAChoice)),
        };
        // Nothing but a route says nothing.
        if form.amount.trim().is_empty() && form.usage.is_empty() && form.count.trim().is_empty() {
            form.route = String::new();
        }
        Ok(())
    }

    /// Calls back for every field that is edited.
    pub fn on_edit(self, edited: impl Fn(&str) + Copy + 'static) {
        for (field, signal) in [("route", self.route), ("amount", self.amount), ("usage", self.usage), ("count", self.count)] {
            Effect::new(move |_| {
                signal.track();
                edited(field);
            });
        }
    }
}

/// The fields.
#[component]
pub(super) fn Dose(
    fields: DoseFields,
    usages: RwSignal<Vec<Usage>>,
    /// What is wrong, field by field.
    error: RwSignal<Option<AppError>>,
) -> impl IntoView {
    let at = move |field: &'static str| Signal::derive(move || error.with(|e| e.as_ref().and_then(|e| e.at(field))));
    let route = move || Route::parse(&fields.route.get());
    let choices: Vec<(String, String)> = [(String::new(), "—".to_owned())]
        .into_iter()
        .chain(Route::ALL.map(|route| (route.as_str().to_owned(), route.label().to_owned())))
        .collect();
    let search = Search::among(move |query: &str| {
        let route = Route::parse(&fields.route.get_untracked()).unwrap_or(Route::Internal);
        usages.with_untracked(|usages| usages_for(usages, query, route))
    });
    let pick = Callback::new(move |choice: Choice<Usage>| {
        fields.route.set(choice.value.route.as_str().to_owned());
        focus_id("dose-count");
    });
    view! {
        <fieldset class="dose" aria-label="既定の用法・用量">
            <SelectField id="dose-route" label="区分" name="route" value=fields.route choices error=at("route") />
            <TextField
                id="dose-amount"
                label="いつもの量"
                name="amount"
                value=fields.amount
                inputmode="decimal"
                input_class="input-num"
                hint=Signal::derive(move || route().map(|route| meaning(route).to_owned()))
                error=at("amount")
            />
            <Combobox
                id="dose-usage"
                label="いつもの用法"
                placeholder="1日3回 毎食後、キー"
                search
                on_pick=pick
                keep=true
                list_all=true
                on_kept_enter=Callback::new(|()| focus_id("dose-count"))
                text=fields.usage
                error=at("usage")
            />
            <TextField
                id="dose-count"
                label="いつもの日数・回数"
                name="count"
                value=fields.count
                inputmode="numeric"
                input_class="input-num"
                hint=Signal::derive(move || route().map(|route| route.counter().to_owned()))
                error=at("count")
            />
        </fieldset>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rust_decimal::Decimal;

    fn usages() -> Vec<Usage> {
        vec![Usage { key: "1M".into(), text: "1日1回 朝食後".into(), code: None, route: Route::Internal, times_per_day: 1 }]
    }

    #[test]
    fn a_dose_reads_as_it_is_prescribed() {
        let dose = UsualDose { amount: Decimal::new(10, 1), route: Route::Internal, usage: "1M".into(), count: 14 };
        assert_eq!(dose_words(&dose, &usages()), "内服・1日量 1・1日1回 朝食後・14日分");
    }

    #[test]
    fn fields_give_the_form_they_were_made_from() {
        let owner = Owner::new();
        owner.with(|| {
            let dose = UsualDose { amount: Decimal::ONE, route: Route::Internal, usage: "1M".into(), count: 14 };
            let mut form = InhouseForm::default();
            DoseFields::new(Some(&dose), &usages()).write(&mut form, &usages()).expect("of the list");
            assert_eq!((form.route.as_str(), form.usage.as_str(), form.count.as_str()), ("internal", "1M", "14"));
            let fields = DoseFields::new(None, &usages());
            fields.route.set("prn".into());
            let mut form = InhouseForm::default();
            fields.write(&mut form, &usages()).expect("empty");
            assert_eq!(form, InhouseForm::default());
            fields.usage.set("枕元で".into());
            assert!(fields.write(&mut form, &usages()).is_err_and(|error| error.at("usage").is_some()));
        });
    }
}
