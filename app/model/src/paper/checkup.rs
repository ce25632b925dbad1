//! What is written in the report of a health check (健診結果報告書).

use super::{
    answer::{CheckupAnswer, flaw_of, number},
    day, day_or_none,
    items::{ITEMS, Item, Need, item},
    long,
};
use crate::{
    FieldError, Flaw, date,
    kana::fold_width,
    labs::{LabReport, LabValue},
};
use chrono::NaiveDate;
use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// 身長.
const HEIGHT: &str = "9N001000000000001";
/// 体重.
const WEIGHT: &str = "9N006000000000001";
/// BMI.
const BMI: &str = "9N011000000000001";
/// How far a typed body mass index may lie from the one of height and weight, in tenths: a device rounds in its own way.
const BMI_TENTHS: i64 = 2;
/// 収縮期血圧 and 拡張期血圧 of one measurement each: 1回目, 2回目, その他.
const PRESSURES: [(&str, &str); 3] = [
    ("9A751000000000001", "9A761000000000001"),
    ("9A752000000000001", "9A762000000000001"),
    ("9A755000000000001", "9A765000000000001"),
];

/// By which programme a check is done.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Programme {
    /// 特定健康診査.
    #[default]
    Specific,
    /// 事業者健診（定期健康診断）.
    Employer,
}

impl Programme {
    /// All programmes.
    pub const ALL: [Self; 2] = [Self::Specific, Self::Employer];

    /// As shown to people.
    pub fn label(self) -> &'static str {
        match self {
            Self::Specific => "特定健康診査",
            Self::Employer => "事業者健診",
        }
    }

    /// What it asks for of an item.
    pub fn need(self, item: &Item) -> Need {
        match self {
            Self::Specific => item.specific,
            Self::Employer => item.employer,
        }
    }

    /// The items it asks for, basic and offered, in the order of the sheet.
    pub fn items(self) -> impl Iterator<Item = &'static Item> + Clone {
        ITEMS.iter().filter(move |item| self.need(item) != Need::No)
    }
}

/// The report of a health check as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CheckupForm {
    /// By which programme.
    pub programme: Programme,
    /// Day it was done (健診実施日), in either calendar.
    pub done_on: String,
    /// Doctor who judged (判定した医師); empty for who issues it.
    pub judged_by: String,
    /// Number of the ticket (受診券整理番号), may be empty.
    pub ticket: String,
    /// Until when the ticket holds, may be empty.
    pub ticket_until: String,
    /// Number of the insurer who pays (保険者番号); with a ticket.
    pub insurer: String,
    /// Name of the insurer, may be empty.
    pub insurer_name: String,
    /// Answers by the item's name ([`Item::key`]).
    pub answers: BTreeMap<String, CheckupAnswer>,
}

impl CheckupForm {
    /// The answer to an item; blank where there is none.
    pub fn answer(&self, key: &str) -> CheckupAnswer {
        self.answers.get(key).cloned().unwrap_or_default()
    }

    /// Answers an item. The body mass index follows height and weight unless somebody typed another one.
    pub fn put(&mut self, key: &str, change: impl FnOnce(&mut CheckupAnswer)) {
        let before = self.own_bmi();
        self.change(key, change);
        let after = self.own_bmi();
        if (key == HEIGHT || key == WEIGHT) && before != after {
            let told = self.answer(BMI);
            let followed = told.value.trim().is_empty() || before.is_some_and(|before| told.number() == Some(before));
            if followed && told.undone.is_empty() {
                self.change(BMI, |answer| answer.value = after.map(|bmi| bmi.to_string()).unwrap_or_default());
            }
        }
    }

    /// Changes an answer; one that says nothing is not kept.
    fn change(&mut self, key: &str, change: impl FnOnce(&mut CheckupAnswer)) {
        change(self.answers.entry(key.to_owned()).or_default());
        if self.answers.get(key).is_some_and(|answer| *answer == CheckupAnswer::default()) {
            self.answers.remove(key);
        }
    }

    fn own_bmi(&self) -> Option<Decimal> {
        bmi(&self.answer(HEIGHT).value, &self.answer(WEIGHT).value)
    }

    /// Answers what is blank with what the chart's results say. How many items that were.
    pub fn fill(&mut self, found: &BTreeMap<String, CheckupAnswer>) -> usize {
        let mut filled = 0;
        for (key, answer) in found {
            if self.answer(key).is_blank() {
                self.put(key, |blank| *blank = answer.clone());
                filled += 1;
            }
        }
        filled
    }

    /// On which days the specimens were taken whose results stand among the answers, oldest first. Of the reports with a value as
    /// it is written the one nearest to the day of the check counts.
    pub fn collected_on(&self, reports: &[LabReport]) -> Vec<NaiveDate> {
        let done_on = date::parse(&self.done_on).ok();
        let distance = |day: &NaiveDate| done_on.map_or(0, |done_on| (*day - done_on).num_days().unsigned_abs());
        let holds = |item: &Item, value: Decimal, report: &&LabReport| {
            let same = |found: &LabValue| matches!(found, LabValue::Number(number) if *number == value);
            report.results.iter().any(|r| r.fhir_name.as_deref() == Some(item.lab) && same(&r.value))
        };
        let days = self.answered().into_iter().filter(|(item, _)| !item.lab.is_empty()).filter_map(|(item, answer)| {
            let value = answer.number()?;
            let with = reports.iter().filter(|report| holds(item, value, report));
            with.map(|report| date::day_of(report.collected_at)).min_by_key(distance)
        });
        days.collect::<BTreeSet<_>>().into_iter().collect()
    }

    /// What was answered among the items of the programme, in the order of the sheet.
    pub fn answered(&self) -> Vec<(&'static Item, &CheckupAnswer)> {
        let found = self.programme.items().filter_map(|item| Some((item, self.answers.get(item.key())?)));
        found.filter(|(_, answer)| !answer.is_blank()).collect()
    }

    /// The insurer's number with the zeros in front that make eight digits; empty where there is none.
    pub fn insurer_number(&self) -> String {
        let digits = fold_width(self.insurer.trim());
        if digits.is_empty() { digits } else { format!("{digits:0>8}") }
    }

    pub(super) fn title(&self) -> String {
        match date::parse(&self.done_on) {
            Ok(day) => format!("{} {day}", self.programme.label()),
            Err(_) => self.programme.label().into(),
        }
    }

    pub(super) fn as_text(&self) -> String {
        let head = format!("{} {}", self.programme.label(), self.done_on);
        let lines = self.answered().into_iter().map(|(item, answer)| format!("{}: {}", item.label, answer.show(item)));
        [head].into_iter().chain(lines).collect::<Vec<_>>().join("\n")
    }

    pub(super) fn too_long(&self) -> Vec<FieldError> {
        let lines = [
            ("done_on", self.done_on.as_str()),
            ("judged_by", &self.judged_by),
            ("ticket", &self.ticket),
            ("ticket_until", &self.ticket_until),
            ("insurer", &self.insurer),
            ("insurer_name", &self.insurer_name),
        ];
        let mut flaws = long(&[], &lines);
        for (key, answer) in &self.answers {
            if item(key).is_none() {
                flaws.push(FieldError::new(field(key), Flaw::NotAChoice));
                continue;
            }
            let name = field(key);
            let lines = [answer.code.as_str(), &answer.low, &answer.high, &answer.undone].map(|text| (name.as_str(), text));
            flaws.extend(long(&[(&name, &answer.value), (&name, &answer.detail)], &lines));
        }
        flaws
    }

    pub(super) fn flaws(&self, today: NaiveDate) -> Vec<FieldError> {
        let mut flaws = Vec::new();
        if day("done_on", &self.done_on, &mut flaws).is_some_and(|day| day > today) {
            flaws.push(FieldError::new("done_on", Flaw::Future));
        }
        day_or_none("ticket_until", &self.ticket_until, &mut flaws);
        let insurer = self.insurer_number();
        if !insurer.is_empty() && (insurer.len() != 8 || !insurer.bytes().all(|b| b.is_ascii_digit())) {
            flaws.push(FieldError::new("insurer", Flaw::Digits { expected: "6桁または8".into() }));
        } else if insurer.is_empty() && !self.ticket.trim().is_empty() {
            flaws.push(FieldError::new("insurer", Flaw::Missing));
        }
        for item in self.programme.items() {
            let answer = self.answer(item.key());
            if let Some(flaw) = flaw_of(item, &answer) {
                flaws.push(FieldError::new(field(item.key()), flaw));
            } else if answer.is_blank() && self.programme.need(item) == Need::Basic && self.first_unanswered(item) {
                let message = match item.one_of {
                    "" => "結果か、未実施の理由を入力してください。".into(),
                    one_of => format!("{one_of}のいずれかの結果か、未実施の理由を入力してください。"),
                };
                flaws.push(FieldError::new(field(item.key()), Flaw::Rule { message }));
            }
        }
        flaws.extend(self.contradictions());
        flaws
    }

    /// Answers that each can be, and not together. A pressure (血圧) of which the lower value is not below the upper one, told at
    /// the lower; a body mass index that is not the one of height and weight, told at it: it follows them while they are typed
    /// ([`CheckupForm::put`]), and one that somebody typed is kept, yet never goes out when it cannot be.
    fn contradictions(&self) -> Vec<FieldError> {
        let sound = |key: &str| {
            let item = self.programme.items().find(|item| item.key() == key)?;
            let answer = self.answers.get(key)?;
            if flaw_of(item, answer).is_none() { answer.number() } else { None }
        };
        let rule = |key: &str, message: String| FieldError::new(field(key), Flaw::Rule { message });
        let turned = PRESSURES.into_iter().filter(|(upper, lower)| sound(upper).zip(sound(lower)).is_some_and(|(u, l)| u <= l));
        let message = "拡張期血圧が収縮期血圧以上になっています。両方の値を確かめてください。";
        let mut flaws: Vec<FieldError> = turned.map(|(_, lower)| rule(lower, message.into())).collect();
        let measured = sound(HEIGHT).and(sound(WEIGHT)).and(self.own_bmi());
        if let Some((own, told)) = measured.zip(sound(BMI))
            && (own - told).abs() > Decimal::new(BMI_TENTHS, 1)
        {
            flaws.push(rule(BMI, format!("身長と体重から計算したBMIは{own}です。値を確かめてください。")));
        }
        flaws
    }

    /// Whether none of the items that stand for each other is answered, and this is the first of them.
    fn first_unanswered(&self, wanted: &Item) -> bool {
        if wanted.one_of.is_empty() {
            return true;
        }
        let same: Vec<&Item> = self.programme.items().filter(|item| item.one_of == wanted.one_of).collect();
        let first = same.first().is_some_and(|item| item.key() == wanted.key());
        first && same.iter().all(|item| self.answer(item.key()).is_blank())
    }
}

/// The field of an item's answer: `answers.9N001000000000001`.
fn field(key: &str) -> String {
    format!("answers.{key}")
}

/// Body mass index from centimetres and kilograms, to one digit (四捨五入); none for what cannot be.
pub fn bmi(height: &str, weight: &str) -> Option<Decimal> {
    let metres = number(height)?.checked_div(Decimal::ONE_HUNDRED)?;
    if metres < Decimal::new(3, 1) {
        return None;
    }
    let bmi = number(weight)?.checked_div(metres.checked_mul(metres)?)?;
    Some(bmi.round_dp_with_strategy(1, RoundingStrategy::MidpointAwayFromZero))
}

#[cfg(test)]
mod tests {
    use super::{super::items::Answer, *};
    use crate::{
        ids::{LabReportId, StaffId},
        labs::LabResult,
        share::Flags,
        staff::{Role, StaffRef},
    };
    use uuid::Uuid;

    const HISTORY: &str = "9N056000000000011";

    fn answer(value: &str) -> CheckupAnswer {
        CheckupAnswer { value: value.into(), ..Default::default() }
    }

    fn today() -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 7, 10).expect("a day")
    }

    #[test]
    fn the_table_holds_seventeen_digit_codes_each_once() {
        let all: Vec<&str> = ITEMS.iter().flat_map(|item| item.codes).map(|code| code.code).collect();
        assert!(all.iter().all(|code| code.len() == 17 && code.bytes().all(|b| b.is_ascii_alphanumeric())));
        assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), all.len());
        assert!(ITEMS.iter().all(|item| item.codes.len() == 1 || item.codes.iter().all(|code| !code.method.is_empty())));
        for programme in Programme::ALL {
            assert!(programme.items().filter(|item| programme.need(item) == Need::Basic).count() >= 20);
        }
    }

    #[test]
    fn the_body_mass_index_is_that_of_the_official_example() {
        // eCheckup 1.5.0, Sample-01: 162.3 cm, 65.5 kg, 24.9.
        assert_eq!(bmi("162.3", "６５．５"), Some(Decimal::new(249, 1)));
        assert_eq!(bmi("0", "65"), None);
        assert_eq!(bmi("", "65"), None);
    }

    #[test]
    fn the_body_mass_index_follows_until_somebody_types_another() {
        let mut form = CheckupForm::default();
        form.put(HEIGHT, |a| a.value = "162.3".into());
        form.put(WEIGHT, |a| a.value = "65.5".into());
        assert_eq!(form.answer(BMI).value, "24.9");
        form.put(WEIGHT, |a| a.value = "70".into());
        assert_eq!(form.answer(BMI).value, "26.6");
        form.put(BMI, |a| a.value = "27".into());
        form.put(WEIGHT, |a| a.value = "71".into());
        assert_eq!(form.answer(BMI).value, "27");
        form.put(HEIGHT, |a| a.value.clear());
        assert!(!form.answers.contains_key(HEIGHT));
        let found = BTreeMap::from([(HEIGHT.to_owned(), answer("160")), (WEIGHT.to_owned(), answer("50"))]);
        assert_eq!(form.fill(&found), 1);
        assert_eq!((form.answer(HEIGHT).value, form.answer(WEIGHT).value), ("160".into(), "71".into()));
    }

    #[test]
    fn what_is_missing_or_impossible_is_named_at_its_item() {
        let mut form = CheckupForm { done_on: "2026-07-08".into(), ..Default::default() };
        let at = |form: &CheckupForm, key: &str| form.flaws(today()).into_iter().find(|f| f.field == field(key)).map(|f| f.flaw);
        assert!(matches!(at(&form, HEIGHT), Some(Flaw::Rule { .. })));
        form.answers.insert(HEIGHT.into(), answer("1623"));
        assert_eq!(at(&form, HEIGHT), Some(Flaw::OutOfRange { min: "0".into(), max: "250".into() }));
        form.answers.insert(HEIGHT.into(), answer("１６２．３"));
        assert_eq!(at(&form, HEIGHT), None);
        form.answers.insert(HEIGHT.into(), answer("162.34"));
        assert!(at(&form, HEIGHT).is_some());
        form.answers.insert(HEIGHT.into(), CheckupAnswer { undone: "車椅子".into(), ..Default::default() });
        assert_eq!(at(&form, HEIGHT), None);
        form.answers.insert(HISTORY.into(), answer("3"));
        assert_eq!(at(&form, HISTORY), Some(Flaw::NotAChoice));
        // One test of sugar is enough.
        let sugar: Vec<&Item> = ITEMS.iter().filter(|item| item.one_of == "血糖検査").collect();
        assert!(at(&form, sugar[0].key()).is_some() && at(&form, sugar[1].key()).is_none());
        form.answers.insert(sugar[1].key().into(), answer("5.6"));
        assert!(sugar.iter().all(|item| at(&form, item.key()).is_none()));
    }

    #[test]
    fn what_cannot_be_together_is_named_at_its_item() {
        let mut form = CheckupForm { done_on: "2026-07-08".into(), ..Default::default() };
        let at = |form: &CheckupForm, key: &str| form.flaws(today()).into_iter().find(|f| f.field == field(key)).map(|f| f.flaw);
        for (upper, lower) in PRESSURES {
            for (high, low, fits) in [("120", "80", true), ("80", "120", false), ("１００", "100", false), ("", "80", true)] {
                form.answers.insert(upper.into(), answer(high));
                form.answers.insert(lower.into(), answer(low));
                assert_eq!(at(&form, lower).is_none(), fits, "{high}/{low}");
            }
        }
        // eCheckup 1.5.0, Sample-01: 162.3 cm, 65.5 kg, 24.9.
        form.answers.insert(HEIGHT.into(), answer("162.3"));
        form.answers.insert(WEIGHT.into(), answer("65.5"));
        for (bmi, fits) in [("24.9", true), ("24.7", true), ("25.1", true), ("24.6", false), ("25.2", false), ("42.9", false)] {
            form.answers.insert(BMI.into(), answer(bmi));
            assert_eq!(at(&form, BMI).is_none(), fits, "{bmi}");
        }
        // What is wrong is said once: at the height, not at what follows from it.
        form.answers.insert(HEIGHT.into(), answer("1623"));
        assert!(at(&form, HEIGHT).is_some() && at(&form, BMI).is_none());
    }

    #[test]
    fn each_test_is_offered_what_can_be_said_of_it() {
        let offered = |label: &str| {
            let item = ITEMS.iter().find(|item| item.label == label).expect("an item");
            let Answer::Choice(list) = item.answer else { panic!("a choice") };
            (list.system, list.options.iter().map(|(code, _)| *code).collect::<Vec<_>>())
        };
        let system = "urn:oid:1.2.392.200119.6.2002";
        assert_eq!(offered("心電図"), (system, vec!["1", "2"]));
        assert_eq!(offered("聴力（右・1000Hz）"), (system, vec!["1", "2"]));
        assert_eq!(offered("胸部X線（直接撮影）"), (system, vec!["1", "2", "3"]));
    }

    #[test]
    fn the_days_of_the_specimens_are_those_of_the_values_written() {
        let report = |n: u32, value: i64| LabReport {
            id: LabReportId(Uuid::nil()),
            visit: None,
            collected_at: NaiveDate::from_ymd_opt(2026, 7, n).and_then(|d| d.and_hms_opt(1, 0, 0)).expect("a time").and_utc(),
            entered_by: StaffRef { id: StaffId(Uuid::nil()), name: String::new(), role: Role::Nurse },
            preliminary: false,
            flags: Flags::default(),
            origin: None,
            results: vec![LabResult {
                local_code: "1".into(),
                name: "LDL-C".into(),
                jlac10: None,
                fhir_name: Some("LDL-C".into()),
                infection: false,
                specimen: "血清".into(),
                value: LabValue::Number(value.into()),
                unit: "mg/dL".into(),
                low: None,
                high: None,
            }],
            version: 1,
        };
        let reports = [report(9, 130), report(3, 120), report(1, 120)];
        let ldl = ITEMS.iter().find(|item| item.lab == "LDL-C").expect("an item").key();
        let mut form = CheckupForm { done_on: "2026-07-10".into(), ..Default::default() };
        assert_eq!(form.collected_on(&reports), []);
        form.answers.insert(ldl.into(), answer("１２０"));
        assert_eq!(form.collected_on(&reports), [NaiveDate::from_ymd_opt(2026, 7, 3).expect("a day")]);
        form.answers.insert(ldl.into(), answer("121"));
        assert_eq!(form.collected_on(&reports), []);
    }

    #[test]
    fn a_ticket_needs_the_insurer() {
        let form = CheckupForm { ticket: "24100000123".into(), ..Default::default() };
        let fields: Vec<String> = form.flaws(today()).into_iter().map(|f| f.field).take(2).collect();
        assert_eq!(fields, ["done_on", "insurer"]);
        assert_eq!(CheckupForm { insurer: "130012".into(), ..Default::default() }.insurer_number(), "00130012");
    }
}
