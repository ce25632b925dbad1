//! What is written in a plan of care (療養計画書).

use super::{day, day_or_none, long};
use crate::{FieldError, Flaw, date, ids::DiagnosisId};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// A plan of care as typed. It is handed to the patient, so that its words are for the patient to read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CarePlanForm {
    /// The diagnoses it is about; those that the patient is not to know are never among them.
    pub diagnoses: Vec<DiagnosisId>,
    /// What is aimed at (目標).
    pub goal: String,
    /// Food (食事), may be empty.
    pub diet: String,
    /// Movement (運動), may be empty.
    pub exercise: String,
    /// Smoking, drinking, sleep (たばこ・飲酒・生活), may be empty.
    pub habits: String,
    /// Drugs (服薬), may be empty.
    pub medication: String,
    /// What to measure at home, tests (測定・検査), may be empty.
    pub tests: String,
    /// When to come again, and when at once (受診の目安), may be empty.
    pub visits: String,
    /// Anything else (そのほか), may be empty.
    pub remarks: String,
    /// From when it holds, in either calendar.
    pub from: String,
    /// Until when, may be empty.
    pub until: String,
}

impl CarePlanForm {
    /// The parts with field and heading, in the order of the paper.
    pub fn parts(&self) -> [(&'static str, &'static str, &str); 8] {
        [
            ("goal", "目標", &self.goal),
            ("diet", "食事", &self.diet),
            ("exercise", "運動", &self.exercise),
            ("habits", "たばこ・飲酒・生活", &self.habits),
            ("medication", "服薬", &self.medication),
            ("tests", "測定・検査", &self.tests),
            ("visits", "受診の目安", &self.visits),
            ("remarks", "そのほか", &self.remarks),
        ]
    }

    /// The whole plan in words, as the document carries it: a heading for each part that is there.
    pub fn description(&self) -> String {
        let parts = self.parts().into_iter().filter(|(_, _, text)| !text.trim().is_empty());
        parts.map(|(_, heading, text)| format!("【{heading}】\n{}", text.trim())).collect::<Vec<_>>().join("\n")
    }

    /// From when and until when it holds, as far as that can be read.
    pub fn period(&self) -> (Option<NaiveDate>, Option<NaiveDate>) {
        (date::parse(&self.from).ok(), date::parse(&self.until).ok())
    }

    pub(super) fn title(&self) -> String {
        match self.period() {
            (Some(from), Some(until)) => format!("療養計画書 {from}〜{until}"),
            (Some(from), None) => format!("療養計画書 {from}〜"),
            _ => "療養計画書".into(),
        }
    }

    pub(super) fn as_text(&self) -> String {
        format!("期間: {}〜{}\n{}", self.from, self.until, self.description())
    }

    pub(super) fn too_long(&self) -> Vec<FieldError> {
        let parts = self.parts().map(|(field, _, text)| (field, text));
        long(&parts, &[("from", &self.from), ("until", &self.until)])
    }

    pub(super) fn flaws(&self) -> Vec<FieldError> {
        let mut flaws = Vec::new();
        if self.diagnoses.is_empty() {
            flaws.push(FieldError::new("diagnoses", Flaw::Rule { message: "傷病名を1つ以上選んでください。".into() }));
        }
        if self.goal.trim().is_empty() {
            flaws.push(FieldError::new("goal", Flaw::Missing));
        }
        let from = day("from", &self.from, &mut flaws);
        let until = day_or_none("until", &self.until, &mut flaws);
        if from.zip(until).is_some_and(|(from, until)| until < from) {
            flaws.push(FieldError::new("until", Flaw::EndsBeforeStart));
        }
        flaws
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn puts_its_parts_into_words_and_names_what_is_missing() {
        let form = CarePlanForm {
            goal: "血圧 130/80 未満".into(),
            diet: "塩分を減らす。\n".into(),
            from: "R8.7.10".into(),
            ..Default::default()
        };
        assert_eq!(form.description(), "【目標】\n血圧 130/80 未満\n【食事】\n塩分を減らす。");
        assert_eq!(form.title(), "療養計画書 2026-07-10〜");
        assert_eq!(form.flaws().iter().map(|f| f.field.as_str()).collect::<Vec<_>>(), ["diagnoses"]);
        let missing: Vec<String> =
            CarePlanForm { until: "x".into(), ..Default::default() }.flaws().into_iter().map(|f| f.field).collect();
        assert_eq!(missing, ["diagnoses", "goal", "from", "until"]);
    }
}
