//! The fields of a registration as they are typed, and which flaw is shown where and when.
//!
//! The browser reads the fields with the very parser the server uses. A flaw appears when its field is left or when saving
//! was tried, not while somebody is still typing; numbers with a check digit are judged as soon as they are complete.

use leptos::prelude::*;
use model::{
    AppError, FieldError, Flaw, date,
    insurance::{InsuranceForm, InsurerNumber, SubsidyForm},
    kana,
    patient::{Patient, PatientForm, Sex},
};
use std::collections::BTreeSet;

/// Names of all fields, as in the input struct.
const NAMES: [&str; 28] = [
    "family",
    "given",
    "family_kana",
    "given_kana",
    "sex",
    "birth_date",
    "postal_code",
    "address",
    "phone",
    "insurance.insurer",
    "insurance.symbol",
    "insurance.number",
    "insurance.branch",
    "insurance.relation",
    "insurance.share",
    "insurance.limit_class",
    "insurance.many_times",
    "insurance.long_term_cap",
    "insurance.valid_from",
    "insurance.valid_to",
    "subsidy.payer",
    "subsidy.recipient",
    "subsidy.share",
    "subsidy.monthly_cap",
    "subsidy.visit_cap",
    "subsidy.charged_visits",
    "subsidy.valid_from",
    "subsidy.valid_to",
];

/// Which part of the fields a form shows and sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Everything: a new patient.
    Whole,
    /// The patient without insurance and subsidy.
    Person,
    /// One insurance card.
    Insurance,
    /// One subsidy.
    Subsidy,
}

/// The fields of one form.
#[derive(Clone, Copy)]
pub struct Fields {
    part: Part,
    texts: StoredValue<Vec<RwSignal<String>>>,
    left: RwSignal<BTreeSet<&'static str>>,
    tried: RwSignal<bool>,
    /// What the server refused, with the text it refused: another text is no longer wrong.
    refused: RwSignal<Vec<(FieldError, String)>>,
}

impl Fields {
    /// Empty fields, but for the usual choices.
    pub fn new(part: Part) -> Self {
        let fields = Self {
            part,
            texts: StoredValue::new(NAMES.iter().map(|_| RwSignal::new(String::new())).collect()),
            left: RwSignal::new(BTreeSet::new()),
            tried: RwSignal::new(false),
            refused: RwSignal::new(Vec::new()),
        };
        fields.text("insurance.relation").set("insured".to_owned());
        fields.text("insurance.share").set("30".to_owned());
        fields
    }

    /// The fields of a patient who is registered.
    pub fn of(patient: &Patient) -> Self {
        let fields = Self::new(Part::Person);
        let put = |name, text: &str| fields.text(name).set(text.to_owned());
        put("family", &patient.name.family);
        put("given", &patient.name.given);
        put("family_kana", &patient.name.family_kana);
        put("given_kana", &patient.name.given_kana);
        put("sex", if patient.sex == Sex::Male { "male" } else { "female" });
        put("birth_date", &patient.birth_date.to_string());
        put("postal_code", &patient.postal_code);
        put("address", &patient.address);
        put("phone", &patient.phone);
        fields
    }

    /// What was typed into the search box, put where it belongs: kana, kanji, or a birth date.
    pub fn from_search(typed: &str) -> Self {
        let fields = Self::new(Part::Whole);
        let typed = typed.trim();
        if date::parse(typed).is_ok() {
            fields.text("birth_date").set(typed.to_owned());
            return fields;
        }
        let (mut family, mut given) = ("family", "given");
        let text = match kana::parse_kana(typed, 80) {
            Ok(kana) => {
                (family, given) = ("family_kana", "given_kana");
                kana
            }
            Err(_) if typed.chars().any(|c| c.is_ascii_digit()) => return fields,
            Err(_) => typed.replace('\u{3000}', " "),
        };
        let (first, rest) = text.split_once(' ').unwrap_or((&text, ""));
        fields.text(family).set(first.to_owned());
        fields.text(given).set(rest.trim().to_owned());
        fields
    }

    /// The text of a field.
    pub fn text(self, name: &str) -> RwSignal<String> {
        let at = NAMES.iter().position(|known| *known == name).expect("the names of fields are written in this folder");
        self.texts.with_value(|texts| texts[at])
    }

    /// What is typed, by field.
    pub fn typed(self) -> Vec<(String, String)> {
        NAMES.into_iter().map(|name| (name.to_owned(), self.text(name).get())).collect()
    }

    /// Puts back what [`Fields::typed`] gave.
    pub fn put_back(self, typed: &[(String, String)]) {
        for (name, text) in typed.iter().filter(|(name, _)| NAMES.contains(&name.as_str())) {
            self.text(name).set(text.clone());
        }
    }

    /// What is typed, as it is sent.
    pub fn form(self) -> PatientForm {
        let get = |name| self.text(name).get();
        PatientForm {
            family: get("family"),
            given: get("given"),
            family_kana: get("family_kana"),
            given_kana: get("given_kana"),
            sex: get("sex"),
            birth_date: get("birth_date"),
            postal_code: get("postal_code"),
            address: get("address"),
            phone: get("phone"),
            insurance: InsuranceForm {
                insurer: get("insurance.insurer"),
                symbol: get("insurance.symbol"),
                number: get("insurance.number"),
                branch: get("insurance.branch"),
                relation: get("insurance.relation"),
                share: get("insurance.share"),
                limit_class: get("insurance.limit_class"),
                many_times: get("insurance.many_times"),
                long_term_cap: get("insurance.long_term_cap"),
                valid_from: get("insurance.valid_from"),
                valid_to: get("insurance.valid_to"),
            },
            subsidy: SubsidyForm {
                payer: get("subsidy.payer"),
                recipient: get("subsidy.recipient"),
                share: get("subsidy.share"),
                monthly_cap: get("subsidy.monthly_cap"),
                visit_cap: get("subsidy.visit_cap"),
                charged_visits: get("subsidy.charged_visits"),
                valid_from: get("subsidy.valid_from"),
                valid_to: get("subsidy.valid_to"),
            },
        }
    }

    /// Every flaw of the part that is shown.
    pub fn flaws(self) -> Vec<FieldError> {
        let form = self.form();
        let flaws = match self.part {
            Part::Whole => form.parse(crate::ui::today()).err(),
            Part::Person => PatientForm { insurance: InsuranceForm::default(), subsidy: SubsidyForm::default(), ..form }
                .parse(crate::ui::today())
                .err(),
            Part::Insurance => form.insurance.parse().err(),
            Part::Subsidy => form.subsidy.parse().err(),
        };
        flaws.unwrap_or_default()
    }

    /// What stands under a field, if anything is wrong there and it is time to say so.
    pub fn error(self, name: &'static str) -> Signal<Option<String>> {
        let text = self.text(name);
        let flaws = Memo::new(move |_| self.flaws().into_iter().find(|flaw| flaw.field == name).map(|flaw| flaw.flaw));
        Signal::derive(move || {
            let typed = text.get();
            let told = self.tried.get() || self.left.with(|left| left.contains(name)) || is_complete(name, &typed);
            let here = flaws.get().filter(|flaw| told && (self.tried.get() || *flaw != Flaw::Missing));
            here.map(|flaw| if name == "sex" { "選んでください。".to_owned() } else { flaw.to_string() }).or_else(|| {
                self.refused.with(|refused| {
                    refused.iter().find(|(flaw, old)| flaw.field == name && *old == typed).map(|(flaw, _)| flaw.flaw.to_string())
                })
            })
        })
    }

    /// Somebody left the field: from now on its flaw is shown.
    pub fn leave(self, name: &'static str) {
        self.left.update(|left| {
            left.insert(name);
        });
    }

    /// Somebody tried to save: every flaw is shown. Gives whether there is none.
    pub fn attempt(self) -> bool {
        self.tried.set(true);
        untrack(|| self.flaws().is_empty())
    }

    /// Shows what the server refused at its fields. Gives what belongs to no field.
    pub fn refuse(self, error: AppError) -> Option<AppError> {
        let AppError::Invalid { fields } = error else { return Some(error) };
        // Nobody is looking any more.
        self.texts.try_with_value(|_| ())?;
        let (here, elsewhere): (Vec<_>, Vec<_>) = fields.into_iter().partition(|flaw| NAMES.contains(&flaw.field.as_str()));
        self.refused.set(
            here.into_iter()
                .map(|flaw| {
                    let text = self.text(&flaw.field).get_untracked();
                    (flaw, text)
                })
                .collect(),
        );
        (!elsewhere.is_empty()).then_some(AppError::Invalid { fields: elsewhere })
    }
}

/// Whether a number is long enough to be judged while it is still in the hand.
fn is_complete(name: &str, typed: &str) -> bool {
    let length = kana::fold_width(typed.trim()).chars().count();
    match name {
        "insurance.insurer" | "subsidy.payer" => length >= 8,
        "subsidy.recipient" => length >= 7,
        _ => false,
    }
}

/// What an insurer number stands for, once its check digit is right.
pub fn insurer_verdict(typed: &str) -> Option<String> {
    let number = InsurerNumber::parse(typed).ok()?;
    Some(format!("✓ 検証番号は正しいです（{}）", number.scheme().label()))
}

/// The day in both calendars and the age, while it is typed.
pub fn birth_verdict(typed: &str) -> Option<String> {
    let today = crate::ui::today();
    let birth = date::parse_birth(typed, today).ok()?;
    Some(format!("{}　{}歳", date::both(birth), date::age_on(birth, today)))
}

/// The day in both calendars, while it is typed.
pub fn day_verdict(typed: &str) -> Option<String> {
    date::parse(typed).ok().map(date::both)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_searched_for_lands_where_it_belongs() {
        let owner = Owner::new();
        owner.set();
        let typed = |text: &str| Fields::from_search(text).form();
        assert_eq!(typed("やまだ　たろう").family_kana, "ヤマダ");
        assert_eq!(typed("やまだ　たろう").given_kana, "タロウ");
        assert_eq!(typed("山田 太郎").given, "太郎");
        assert_eq!(typed("S56.3.2").birth_date, "S56.3.2");
        assert_eq!(typed("123").family, "");
    }

    #[test]
    fn a_wrong_check_digit_is_told_at_once_and_a_missing_name_when_saving() {
        let owner = Owner::new();
        owner.set();
        let fields = Fields::new(Part::Whole);
        let (insurer, family) = (fields.error("insurance.insurer"), fields.error("family"));
        fields.text("insurance.insurer").set("06130489".to_owned());
        assert!(insurer.get_untracked().is_some_and(|text| text.contains("検証番号")));
        assert_eq!(family.get_untracked(), None);
        assert!(!fields.attempt());
        assert!(family.get_untracked().is_some());
    }

    #[test]
    fn what_the_server_refused_is_forgotten_when_the_text_changes() {
        let owner = Owner::new();
        owner.set();
        let fields = Fields::new(Part::Whole);
        fields.text("family").set("山田".to_owned());
        assert_eq!(fields.refuse(AppError::field("family", Flaw::TooLong { max: 1 })), None);
        let error = fields.error("family");
        assert!(error.get_untracked().is_some());
        fields.text("family").set("山".to_owned());
        assert_eq!(error.get_untracked(), None);
    }
}
