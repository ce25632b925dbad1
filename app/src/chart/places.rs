//! The ways to a place where something is mended (「直す」): a row of the open chart, or the address of another page.

use super::store::{ChartStore, Panel};
use crate::ui::focus_id;
use leptos::prelude::*;
use model::{ids::PatientId, share::Place};

impl ChartStore {
    /// Goes to a place of this chart where something is mended: its panel opens, its row is marked and has the focus.
    /// What stands on another page is left to its [`address`].
    pub fn go(self, place: Place) {
        let Some((panel, row)) = spot(place) else { return };
        self.show(panel);
        self.mending.set(Some(place));
        if let Place::LabReport { id } = place {
            self.report.set(Some(id));
        }
        focus_id(row);
    }

    /// Whether the row of a place is the one that somebody was sent to, as `aria-current` says it.
    pub fn sent_to(self, place: Place) -> Option<&'static str> {
        (self.mending.get() == Some(place)).then_some("true")
    }
}

/// Words of a field of the registration, and its name in the form.
const REGISTRATION: [(&str, &str); 4] =
    [("カナ", "family_kana"), ("生年月日", "birth_date"), ("住所", "address"), ("郵便番号", "address")];

/// Where a place stands in the chart: its panel and the id of its row; none for what stands on another page.
pub fn spot(place: Place) -> Option<(Panel, String)> {
    match place {
        Place::Diagnosis { id } => Some((Panel::Diagnoses, format!("diagnosis-{id}"))),
        Place::Allergy { id } => Some((Panel::Allergies, format!("allergy-{id}"))),
        Place::LabReport { id } => Some((Panel::Labs, format!("report-{id}"))),
        Place::Registration | Place::Insurance | Place::Letter { .. } | Place::Paper { .. } | Place::Clinic => None,
    }
}

/// The address of a place, for links from other pages and to them. `about` is the field in words, where there is one
/// (`患者登録: 住所`): the form of the registration opens at it.
pub fn address(place: Place, patient: PatientId, about: &str) -> String {
    match place {
        Place::Registration => {
            let field = REGISTRATION.iter().find(|(word, _)| about.contains(word)).map_or("family", |(_, field)| *field);
            format!("/patients/{patient}#edit-{field}")
        }
        Place::Insurance => format!("/patients/{patient}#insurance"),
        Place::Letter { id } => format!("/patients/{patient}/letters/{id}"),
        Place::Paper { id } => format!("/patients/{patient}/papers/{id}"),
        Place::Clinic => "/admin/clinic".to_owned(),
        Place::Diagnosis { .. } | Place::Allergy { .. } | Place::LabReport { .. } => {
            let row = spot(place).map(|(_, row)| row).unwrap_or_default();
            format!("/patients/{patient}/chart#{row}")
        }
    }
}

/// Reads the id of a row back, as the address of the chart carries it behind `#`.
pub(super) fn place_at(row: &str) -> Option<Place> {
    let (kind, id) = row.split_once('-')?;
    match kind {
        "diagnosis" => id.parse().ok().map(|id| Place::Diagnosis { id }),
        "allergy" => id.parse().ok().map(|id| Place::Allergy { id }),
        "report" => id.parse().ok().map(|id| Place::LabReport { id }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_leads_to_the_row_it_was_made_of() {
        let id = "018f6f0e-0000-7000-8000-000000000001".parse().expect("an id");
        let patient = "018f6f0e-0000-7000-8000-000000000002".parse().expect("an id");
        let places = [
            Place::Diagnosis { id },
            Place::Allergy { id: model::ids::AllergyId(id.0) },
            Place::LabReport { id: model::ids::LabReportId(id.0) },
        ];
        for place in places {
            let address = address(place, patient, "");
            let (_, row) = address.split_once('#').expect("a row");
            assert_eq!(place_at(row), Some(place));
        }
        assert!(address(Place::Registration, patient, "患者登録: 住所").ends_with("#edit-address"));
        assert_eq!((place_at("diagnosis-"), place_at("documents"), spot(Place::Clinic)), (None, None, None));
    }
}
