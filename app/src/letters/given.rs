//! What of the chart goes along with a letter, in lines: as they stand on paper and beside the fields while it is written.

use model::{
    date,
    labs::{LabFlag, LabReport, LabValue},
    letter::{CurrentRp, Enclosed},
};

/// The lines.
pub(super) struct Given {
    pub(super) diagnoses: Vec<String>,
    pub(super) allergies: Vec<String>,
    pub(super) drugs: Vec<String>,
    /// Heading with the day, and a line for each result.
    pub(super) results: Option<(String, Vec<String>)>,
}

impl Given {
    pub(super) fn of(enclosed: &Enclosed) -> Self {
        let diagnoses =
            enclosed.diagnoses.iter().map(|diagnosis| format!("{}（{}から）", diagnosis.name, diagnosis.started_on)).collect();
        let allergies = enclosed
            .allergies
            .iter()
            .map(|allergy| {
                let severe = if allergy.severe { "・重症" } else { "" };
                let reaction = if allergy.reaction.is_empty() { String::new() } else { format!("（{}）", allergy.reaction) };
                format!("{}{severe}{reaction}", allergy.name)
            })
            .collect();
        Self {
            diagnoses,
            allergies,
            drugs: enclosed.drugs.iter().map(drug).collect(),
            results: enclosed.report.as_ref().map(results),
        }
    }
}

/// `アムロジピン錠5mg 1錠 1日1回朝食後 28日分（2026-07-10 処方）`
fn drug(one: &CurrentRp) -> String {
    let rp = &one.rp;
    let names: Vec<String> =
        rp.items.iter().map(|item| format!("{} {}{}", item.name, item.amount.normalize(), item.unit)).collect();
    format!("{} {} {}{}（{} 処方）", names.join("、"), rp.usage, rp.count, rp.route.counter(), one.prescribed_on)
}

fn results(report: &LabReport) -> (String, Vec<String>) {
    let line = |result: &model::labs::LabResult| {
        let value = match &result.value {
            LabValue::Number(number) => number.to_string(),
            LabValue::Text(text) => text.clone(),
        };
        let flag = match result.flag() {
            Some(LabFlag::H) => " H",
            Some(LabFlag::L) => " L",
            _ => "",
        };
        format!("{} {value}{}{flag}", result.name, result.unit)
    };
    (format!("検査結果（{} 採取）", date::day_of(report.collected_at)), report.results.iter().map(line).collect())
}
