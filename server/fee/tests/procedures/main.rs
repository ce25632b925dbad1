//! Cases of the parts 検査, 画像診断, リハビリテーション, 精神科専門療法, 処置, 手術, 麻酔 and 病理診断 in the words of the notices.
//!
//! Each case cites an article of 告示 別表第一 or of the 通知 (医科点数表 実施上の留意事項), tells the situation in a sentence, and
//! says what must be billed, left out or pointed out. The tables are the derived masters beside the project; without them
//! every test says that it skips. A test makes sure that each item which follows from orders has its case.

#[path = "../common/mod.rs"]
mod common;

mod anaesthesia;
mod imaging;
mod lab_months;
mod labs;
mod pathology;
mod physiology;
mod psychiatry;
mod rehabilitation;
mod senses;
mod surgery;
mod treatment;
mod treatment_shares;

use common::Fixture;
use fee::{Calculator, Engine, Request, json};
use model::fee::{HintKind, Statement};
use serde_json::{Value, json};
use std::sync::OnceLock;

fn masters() -> Option<&'static Fixture> {
    static TABLES: OnceLock<Option<Fixture>> = OnceLock::new();
    TABLES.get_or_init(common::full).as_ref()
}

/// A visit of Friday 2026-07-10 at 10:15 (R8): a return visit of a woman of 55 with 急性上気道炎.
#[derive(Clone)]
pub struct Visit(Value);

/// The usual visit.
pub fn visit() -> Visit {
    Visit(json!({
        "date": "2026-07-10", "time": "10:15",
        "facility": {"prefecture": "13", "kind": "clinic", "standards": []},
        "patient": {"birth_date": "1971-03-02", "sex": "female"},
        "visit": {"kind": "return", "department": "01", "holiday": false},
        "coverage": {"insurance": {"insurer": "06130488", "share": 30}},
        "diagnoses": [{"code": "4659007", "started": "2026-07-01", "principal": true}],
        "orders": [], "history": [],
    }))
}

impl Visit {
    /// On another day.
    pub fn on(mut self, date: &str) -> Self {
        self.0["date"] = json!(date);
        self
    }
    /// A first visit.
    pub fn first(mut self) -> Self {
        self.0["visit"]["kind"] = json!("first");
        self
    }
    /// At another time.
    pub fn at(mut self, time: &str) -> Self {
        self.0["time"] = json!(time);
        self
    }
    /// On a holiday.
    pub fn holiday(mut self) -> Self {
        self.0["visit"]["holiday"] = json!(true);
        self
    }
    /// A patient born on a day.
    pub fn born(mut self, day: &str) -> Self {
        self.0["patient"]["birth_date"] = json!(day);
        self
    }
    /// The main diagnosis began on a day.
    pub fn ill_since(mut self, day: &str) -> Self {
        self.0["diagnoses"][0]["started"] = json!(day);
        self
    }
    /// A clinic with these standards.
    pub fn standards(mut self, names: &[&str]) -> Self {
        self.0["facility"]["standards"] = json!(names);
        self
    }
    fn push(mut self, order: Value) -> Self {
        self.0["orders"].as_array_mut().expect("orders").push(order);
        self
    }
    /// Codes, each once.
    pub fn orders(self, codes: &[&str]) -> Self {
        codes.iter().fold(self, |visit, code| visit.push(json!({"code": code})))
    }
    /// A code with a quantity.
    pub fn times(self, code: &str, quantity: u32) -> Self {
        self.push(json!({"code": code, "quantity": quantity}))
    }
    /// An order with its place (部位).
    pub fn place(self, code: &str, quantity: u32, site: &str) -> Self {
        self.push(json!({"code": code, "quantity": quantity, "site": site}))
    }
    /// Tests whose results were explained in writing on the day.
    pub fn rapid(self, codes: &[&str]) -> Self {
        codes.iter().fold(self, |visit, code| visit.push(json!({"code": code, "rapid": true})))
    }
    /// An order with one drug.
    pub fn with(self, code: &str, drug: &str, amount: f64) -> Self {
        self.push(json!({"code": code, "parts": [{"code": drug, "amount": amount}]}))
    }
    /// Codes billed before on a day.
    pub fn before(mut self, date: &str, codes: &[&str]) -> Self {
        let history = self.0["history"].as_array_mut().expect("history");
        history.extend(codes.iter().map(|code| json!({"date": date, "code": code})));
        self
    }
    /// Units billed before: the history holds the points of the line.
    pub fn points_before(mut self, date: &str, code: &str, points: i64) -> Self {
        let history = self.0["history"].as_array_mut().expect("history");
        history.push(json!({"date": date, "code": code, "points": points}));
        self
    }
}

/// What a case expects.
pub enum Expect {
    /// A line: code, points of one, count.
    Bills(&'static str, i64, i64),
    /// All lines of these codes together.
    Sum(&'static [&'static str], i64),
    /// No line of the code.
    Absent(&'static str),
    /// No line of the code, and the reason holds these words.
    Omits(&'static str, &'static str),
    /// A hint of the kind with these words.
    Hints(HintKind, &'static str),
    /// No hint with these words.
    Silent(&'static str),
}

/// A case of the notices.
pub struct Case {
    /// Article or section of the notice.
    pub law: &'static str,
    /// In a sentence.
    pub situation: &'static str,
    /// What is asked.
    pub visit: Visit,
    /// What must come.
    pub expect: Vec<Expect>,
    both: bool,
}

impl Case {
    /// The same under the R6 tables (2026-05-29).
    pub fn and_r6(mut self) -> Self {
        self.both = true;
        self
    }
}

/// A case under the R8 tables.
pub fn case(law: &'static str, situation: &'static str, visit: Visit, expect: Vec<Expect>) -> Case {
    Case { law, situation, visit, expect, both: false }
}

fn failures(statement: &Statement, expect: &Expect) -> Option<String> {
    let lines =
        |code: &str| statement.lines.iter().filter(|line| line.code == code).map(|l| (l.points.0, l.count)).collect::<Vec<_>>();
    match expect {
        Expect::Bills(code, points, count) => {
            let found = lines(code);
            (!found.contains(&(*points, *count))).then(|| format!("{code}: {points} × {count} expected, found {found:?}"))
        }
        Expect::Sum(codes, points) => {
            let sum: i64 = codes.iter().flat_map(|code| lines(code)).map(|(points, count)| points * count).sum();
            (sum != *points).then(|| format!("{codes:?}: {points} expected, found {sum}"))
        }
        Expect::Absent(code) => (!lines(code).is_empty()).then(|| format!("{code} is billed")),
        Expect::Omits(code, words) => {
            let reasons: Vec<&str> =
                statement.omitted.iter().filter(|gone| gone.code == *code).map(|gone| gone.reason.as_str()).collect();
            if !lines(code).is_empty() && lines(code).iter().all(|(points, _)| *points != 0) && reasons.is_empty() {
                Some(format!("{code} is billed"))
            } else {
                (!reasons.iter().any(|reason| reason.contains(words))).then(|| format!("{code}: 「{words}」 not in {reasons:?}"))
            }
        }
        Expect::Hints(kind, words) => {
            let found = statement.hints.iter().any(|hint| hint.kind == *kind && hint.text.contains(words));
            (!found).then(|| format!("no {kind:?} hint 「{words}」 in {:#?}", statement.hints))
        }
        Expect::Silent(words) => {
            statement.hints.iter().find(|hint| hint.text.contains(words)).map(|hint| format!("hint: {}", hint.text))
        }
    }
}

/// Runs cases and tells all that fail.
pub fn run(cases: Vec<Case>) {
    let Some(masters) = masters() else { return };
    let mut wrong = Vec::new();
    for case in &cases {
        assert!(!case.law.is_empty() && case.situation.chars().count() > 8, "a case cites and tells: {}", case.law);
        let days: &[&str] = if case.both { &["2026-07-10", "2026-05-29"] } else { &[""] };
        for day in days {
            let mut visit = case.visit.clone();
            if !day.is_empty() {
                visit = visit.on(day);
            }
            let request: Request = json::read(visit.0).expect("a request");
            let statement = Engine.calculate(masters, &request).expect("a statement");
            for failure in case.expect.iter().filter_map(|expect| failures(&statement, expect)) {
                let lines: Vec<String> =
                    statement.lines.iter().map(|l| format!("{} {} {}×{}", l.code, l.name, l.points.0, l.count)).collect();
                wrong.push(format!("{} {} {day}\n  {failure}\n  {lines:?}", case.law, case.situation));
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {} cases:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

fn all() -> Vec<Case> {
    [
        labs::cases(),
        lab_months::cases(),
        physiology::cases(),
        senses::cases(),
        imaging::cases(),
        rehabilitation::cases(),
        psychiatry::cases(),
        treatment::cases(),
        treatment_shares::cases(),
        surgery::cases(),
        anaesthesia::cases(),
        pathology::cases(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Every item of these parts that follows from orders or is billed by itself is in some case.
#[test]
fn every_item_that_follows_has_its_case() {
    let named: Vec<&str> = all()
        .iter()
        .flat_map(|case| &case.expect)
        .flat_map(|expect| match expect {
            Expect::Bills(code, ..) | Expect::Absent(code) | Expect::Omits(code, _) => vec![*code],
            Expect::Sum(codes, _) => codes.to_vec(),
            Expect::Hints(..) | Expect::Silent(_) => Vec::new(),
        })
        .collect();
    let mut missing: Vec<&str> = fee::following_codes();
    missing.extend(fee::implied_codes());
    missing.retain(|code| ["14", "15", "16", "17"].iter().any(|part| code.starts_with(part)) && !named.contains(code));
    assert!(missing.is_empty(), "{} cases, without one: {missing:?}", all().len());
}

/// Every sentence of `beside` and every rule of `lab_rules` is cited by some case.
#[test]
fn every_sentence_has_its_case() {
    let sources = [include_str!("../../src/beside.rs"), include_str!("../../src/lab_rules.rs")];
    let cases = all();
    let said: Vec<String> = cases
        .iter()
        .flat_map(|case| {
            let words = case.expect.iter().filter_map(|expect| match expect {
                Expect::Omits(_, words) | Expect::Hints(_, words) => Some((*words).to_owned()),
                _ => None,
            });
            words.chain([case.law.to_owned()])
        })
        .collect();
    // A citation is the part before a remark; of several notices the first is enough.
    let citations = sources
        .iter()
        .flat_map(|source| source.lines().filter(|line| !line.trim_start().starts_with("//")))
        .flat_map(|line| line.split('"').skip(1).step_by(2))
        .filter(|text| text.starts_with("通知 ") || text.contains(" 注") || text.starts_with("L 通則"))
        .filter(|text| !text.contains('{'));
    let mut missing: Vec<&str> = citations
        .filter(|text| {
            let key = text.trim_start_matches("通知 ").split('、').next().unwrap_or_default();
            let tokens = key.split('・').filter(|token| !token.starts_with('(') && (token.contains('(') || token.contains(' ')));
            !tokens.chain([key]).any(|token| said.iter().any(|said| said.contains(token)))
        })
        .collect();
    missing.sort_unstable();
    missing.dedup();
    assert!(missing.is_empty(), "without a case: {missing:#?}");
    println!("{} cases", cases.len());
}
