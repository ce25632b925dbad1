//! A scene: one visit while its note is being put together from the courses that take part.

use super::Body;
use crate::demo::{calendar::Season, dice::Dice, ranges};
use chrono::NaiveDate;
use model::{chart::Soap, orders::Route, patient::Sex};
use std::collections::BTreeMap;

/// A drug taken a certain way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::demo) struct Take {
    /// Route.
    pub route: Route,
    /// Key of the usage.
    pub usage: &'static str,
    /// Days, times or dispensings.
    pub count: i64,
    /// Beginning of the drug's name.
    pub drug: &'static str,
    /// Amount a day, a time, or in all.
    pub amount: &'static str,
}

/// A visit being written.
pub(in crate::demo) struct Scene<'a> {
    /// Day.
    pub day: NaiveDate,
    /// Age on the day.
    pub age: u32,
    /// Sex.
    pub sex: Sex,
    /// Which visit of this patient it is, from nought.
    pub nth: usize,
    /// Days until the next visit, for the prescriptions.
    pub days: i64,
    /// Whether blood is drawn today.
    pub blood: bool,
    /// Whether the yearly tests are due.
    pub yearly: bool,
    /// The body.
    pub body: &'a mut Body,
    /// Dice.
    pub dice: &'a mut Dice,
    /// Number and name of the course that speaks; none when it is the only one.
    pub label: Option<(usize, &'static str)>,
    /// Subjective.
    pub said: Vec<String>,
    /// Objective.
    pub found: Vec<String>,
    /// Assessment.
    pub thought: Vec<String>,
    /// Plan.
    pub planned: Vec<String>,
    /// Drugs.
    pub drugs: Vec<Take>,
    /// Procedures by name with the beginning of the name and the amount of a drug used.
    pub procedures: Vec<(&'static str, Option<(&'static str, &'static str)>)>,
    /// Laboratory values as they are typed, by FHIR識別名.
    pub results: BTreeMap<&'static str, String>,
}

impl Scene<'_> {
    /// The season.
    pub fn season(&self) -> Season {
        Season::of(self.day)
    }

    /// The patient says.
    pub fn say(&mut self, text: impl Into<String>) {
        self.said.push(text.into());
    }

    /// The patient says one of these.
    pub fn say_one(&mut self, texts: &[&str]) {
        let text = self.dice.pick(texts);
        self.said.push(text.to_owned());
    }

    /// It is found.
    pub fn find(&mut self, text: impl Into<String>) {
        self.found.push(text.into());
    }

    /// The doctor thinks. Where several diseases are followed, the line says which one it is about.
    pub fn think(&mut self, text: impl AsRef<str>) {
        let text = text.as_ref();
        let line = match self.label {
            Some((number, name)) if text.starts_with(name) => format!("#{number} {text}"),
            Some((number, name)) => format!("#{number} {name}：{text}"),
            None => text.to_owned(),
        };
        self.thought.push(line);
    }

    /// The doctor plans.
    pub fn plan(&mut self, text: impl Into<String>) {
        let text = text.into();
        if !self.planned.contains(&text) {
            self.planned.push(text);
        }
    }

    /// The doctor plans one of these.
    pub fn plan_one(&mut self, texts: &[&str]) {
        let text = self.dice.pick(texts);
        self.plan(text);
    }

    /// The doctor thinks one of these.
    pub fn think_one(&mut self, texts: &[&str]) {
        let text = self.dice.pick(texts);
        self.think(text);
    }

    /// A drug by mouth until the next visit.
    pub fn daily(&mut self, usage: &'static str, drug: &'static str, amount: &'static str) {
        let count = self.days;
        self.drugs.push(Take { route: Route::Internal, usage, count, drug, amount });
    }

    /// A drug by mouth for some days.
    pub fn course_of(&mut self, days: i64, usage: &'static str, drug: &'static str, amount: &'static str) {
        self.drugs.push(Take { route: Route::Internal, usage, count: days, drug, amount });
    }

    /// A drug when needed, so many times.
    pub fn when_needed(&mut self, times: i64, usage: &'static str, drug: &'static str, amount: &'static str) {
        self.drugs.push(Take { route: Route::Prn, usage, count: times, drug, amount });
    }

    /// Something for the outside of the body.
    pub fn outside(&mut self, usage: &'static str, drug: &'static str, amount: &'static str) {
        self.drugs.push(Take { route: Route::External, usage, count: 1, drug, amount });
    }

    /// A procedure.
    pub fn perform(&mut self, name: &'static str) {
        if !self.procedures.iter().any(|(known, _)| *known == name) {
            self.procedures.push((name, None));
        }
    }

    /// A procedure with a drug.
    pub fn perform_with(&mut self, name: &'static str, drug: &'static str, amount: &'static str) {
        self.procedures.push((name, Some((drug, amount))));
    }

    /// Measures items around the patient's own levels.
    pub fn measure(&mut self, items: &[&'static str]) {
        for item in items {
            if let Some((value, decimals)) = self.body.measure(self.dice, item) {
                self.results.entry(item).or_insert_with(|| format!("{value:.decimals$}"));
            }
        }
    }

    /// A value a course has worked out itself.
    pub fn result(&mut self, item: &'static str, value: f64, decimals: usize) {
        self.results.insert(item, format!("{value:.decimals$}"));
    }

    /// Words as a value.
    pub fn words(&mut self, item: &'static str, words: &str) {
        self.results.insert(item, words.to_owned());
    }

    /// Weight, pressure and pulse as the nurse writes them.
    pub fn vitals(&mut self) {
        let (high, low) = self.body.pressure;
        let rhythm = if self.body.irregular { "不整" } else { "整" };
        let change = self.body.weight - self.body.last_weight;
        let against = match self.nth {
            0 => String::new(),
            _ if change.abs() < 0.05 => "（前回と同じ）".to_owned(),
            _ => format!("（前回比 {change:+.1} kg）"),
        };
        let line =
            format!("血圧 {high}/{low} mmHg、脈拍 {}/分・{rhythm}。体重 {:.1} kg{against}。", self.body.pulse, self.body.weight);
        self.found.insert(0, line);
        self.body.last_weight = self.body.weight;
    }

    /// Today's values in one line, those outside of their range marked.
    pub fn results_line(&self) -> Option<String> {
        const ORDER: [&str; 24] = [
            "HbA1c-NGSP",
            "BS",
            "LDL-C",
            "HDL-C",
            "TG",
            "AST",
            "ALT",
            "GGT",
            "Cre",
            "BUN",
            "UA",
            "Na",
            "K",
            "Cl",
            "WBC",
            "RBC",
            "Hb",
            "PLT",
            "CRP",
            "TP",
            "ALB",
            "BNP",
            "U-A/C",
            "U-TP",
        ];
        let shown: Vec<String> = ORDER
            .iter()
            .filter_map(|item| self.results.get(item).map(|value| (item, value)))
            .map(|(item, value)| {
                let (low, high) = ranges::of(item, self.sex);
                let number = |text: &str| text.parse::<f64>().ok();
                let mark = match (number(value), number(low), number(high)) {
                    (Some(value), _, Some(high)) if value > high => "(H)",
                    (Some(value), Some(low), _) if value < low => "(L)",
                    _ => "",
                };
                format!("{} {value}{mark}", item.trim_end_matches("-NGSP"))
            })
            .collect();
        (!shown.is_empty()).then(|| format!("検査：{}。", shown.join("、")))
    }

    /// The note.
    pub fn soap(&self) -> Soap {
        Soap {
            subjective: self.said.join("\n"),
            objective: self.found.join("\n"),
            assessment: self.thought.join("\n"),
            plan: self.planned.join("\n"),
        }
    }
}
