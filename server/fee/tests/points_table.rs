//! The electronic points table (医科電子点数表) decides where it speaks: counts, exclusions and bundles, over rows made for the
//! tests in the shapes of 「医科電子点数表の活用手引き」 令和6年度版 chapters 3 to 5.

#[expect(dead_code, reason = "what other test files of this crate use")]
mod common;

use chrono::NaiveDate;
use common::Fixture;
use fee::{Calculator, Engine, Request, json};
use model::{
    fee::{HintKind, Section, Statement},
    master::*,
    points_table::*,
};
use serde_json::{Value, json};
use std::collections::HashMap;

const ECG: &str = "160068410";
const ULTRASOUND: &str = "160072110";
const CRP: &str = "160054710";
const WOUND: &str = "140000610";
const INJECTION: &str = "130000510";
const MANAGEMENT: &str = "113001810";
const LETTER: &str = "180016110";
const FIRST: &str = "111000110";

/// The small tables of the tests with rows of the points table.
struct Ruled {
    rows: Fixture,
    reach: Reach,
    counts: HashMap<Code9, Vec<CountLimit>>,
    pairs: HashMap<(Code9, Code9), Vec<Exclusion>>,
    bundles: HashMap<(Code9, Code9), Bundle>,
}

fn code(text: &str) -> Code9 {
    Code9::parse(text).expect("nine digits")
}

impl Ruled {
    fn new() -> Self {
        let (counts, pairs, bundles) = (HashMap::new(), HashMap::new(), HashMap::new());
        Self { rows: common::small(), reach: Reach::InForce, counts, pairs, bundles }
    }

    /// A row of 05.
    fn count(mut self, item: &str, unit: u16, most: u16, conditional: bool) -> Self {
        self.counts.entry(code(item)).or_default().push(CountLimit { unit: CountUnit(unit), most, conditional });
        self
    }

    /// Both sides of a pair of 03, as every edition has them.
    fn pair(mut self, one: &str, two: &str, span: Span, billed: Billed, conditional: bool) -> Self {
        self.pairs.entry((code(one), code(two))).or_default().push(Exclusion { span, billed, conditional });
        self.pairs.entry((code(two), code(one))).or_default().push(Exclusion { span, billed: billed.reversed(), conditional });
        self
    }

    /// A row of 02 with that of its owner in 01.
    fn bundle(mut self, owner: &str, member: &str, unit: BundleUnit, conditional: bool) -> Self {
        self.bundles.insert((code(owner), code(member)), Bundle { unit, conditional });
        self
    }

    fn reaching(mut self, reach: Reach) -> Self {
        self.reach = reach;
        self
    }
}

impl Tables for Ruled {
    fn edition(&self, on: NaiveDate) -> Option<String> {
        self.rows.edition(on)
    }
    fn procedure(&self, code: &str, on: NaiveDate) -> Option<&Procedure> {
        self.rows.procedure(code, on)
    }
    fn drug(&self, code: &str, on: NaiveDate) -> Option<&Drug> {
        self.rows.drug(code, on)
    }
    fn disease(&self, code: &str, on: NaiveDate) -> Option<&Disease> {
        self.rows.disease(code, on)
    }
    fn reach(&self, _table: RuleTable, _on: NaiveDate) -> Reach {
        self.reach
    }
    fn count_limits(&self, code: Code9, _on: NaiveDate, each: &mut dyn FnMut(CountLimit)) {
        self.counts.get(&code).into_iter().flatten().for_each(|limit| each(*limit));
    }
    fn exclusions(&self, code: Code9, others: &[Code9], _on: NaiveDate, each: &mut dyn FnMut(usize, Exclusion)) {
        for (place, other) in others.iter().enumerate() {
            self.pairs.get(&(code, *other)).into_iter().flatten().for_each(|row| each(place, *row));
        }
    }
    fn bundled(&self, owner: Code9, members: &[Code9], _on: NaiveDate, each: &mut dyn FnMut(usize, Bundle)) {
        for (place, member) in members.iter().enumerate() {
            self.bundles.get(&(owner, *member)).into_iter().for_each(|row| each(place, *row));
        }
    }
}

/// A return visit on Friday 2025-07-11.
fn request(orders: &[(&str, u32)], history: &[(&str, &str)]) -> Value {
    json!({
        "date": "2025-07-11", "time": "10:15",
        "facility": {"kind": "clinic"},
        "patient": {"birth_date": "1981-03-02"},
        "visit": {"kind": "return", "holiday": false},
        "coverage": {"insurance": {"insurer": "06130488", "share": 30}},
        "orders": orders.iter().map(|(code, times)| json!({"code": code, "quantity": times})).collect::<Value>(),
        "history": history.iter().map(|(date, code)| json!({"date": date, "code": code})).collect::<Value>(),
    })
}

fn calculate(tables: &dyn Tables, request: Value) -> Statement {
    let request: Request = json::read(request).expect("a request");
    Engine.calculate(tables, &request).expect("a statement")
}

fn billed(statement: &Statement, code: &str) -> i64 {
    statement.lines.iter().filter(|line| line.code == code).map(|line| line.count).sum()
}

fn why<'s>(statement: &'s Statement, code: &str) -> &'s str {
    let found = statement.omitted.iter().find(|omitted| omitted.code == code && omitted.reason.contains("電子点数表"));
    found.map_or("", |omitted| omitted.reason.as_str())
}

fn hinted(statement: &Statement, kind: HintKind, part: &str) -> bool {
    statement.hints.iter().any(|hint| hint.kind == kind && hint.text.contains(part))
}

#[test]
fn counts_hold_over_the_units_of_the_guide() {
    // 付表1: unit, days on which it was billed, what is left of two.
    let cases: [(u16, &[&str], i64); 14] = [
        (121, &["2025-07-10"], 2),
        (121, &["2025-07-11"], 1),
        (131, &["2025-07-01"], 1),
        (131, &["2025-06-30"], 2),
        (138, &["2025-07-06"], 1),
        (138, &["2025-07-05"], 2),
        (142, &["2025-06-29"], 1),
        (142, &["2025-06-28"], 2),
        (144, &["2025-05-01"], 1),
        (144, &["2025-04-30"], 2),
        (147, &["2024-08-01"], 1),
        (162, &["2025-04-01", "2025-03-31"], 1),
        (53, &["2021-01-05"], 1),
        (107, &["2025-07-11"], 2),
    ];
    for (unit, days, left) in cases {
        let tables = Ruled::new().count(ECG, unit, 2, false);
        let history: Vec<(&str, &str)> = days.iter().map(|day| (*day, ECG)).collect();
        let statement = calculate(&tables, request(&[(ECG, 2)], &history));
        assert_eq!(billed(&statement, ECG), left, "unit {unit}, billed on {days:?}");
        let cited = why(&statement, ECG);
        assert_eq!(left == 2, cited.is_empty(), "unit {unit}");
        assert!(left == 2 || cited.contains(&format!("電子点数表 算定回数テーブル {ECG} 算定単位{unit}・2回")), "{cited}");
    }
}

#[test]
fn all_rows_of_an_item_hold() {
    let tables = Ruled::new().count(WOUND, 121, 1, false).count(WOUND, 131, 3, false);
    let history = [("2025-07-01", WOUND), ("2025-07-02", WOUND)];
    assert_eq!(billed(&calculate(&tables, request(&[(WOUND, 2)], &history)), WOUND), 1);
    let history = [("2025-07-01", WOUND), ("2025-07-02", WOUND), ("2025-07-03", WOUND)];
    assert_eq!(billed(&calculate(&tables, request(&[(WOUND, 1)], &history)), WOUND), 0);
}

#[test]
fn conditions_the_table_does_not_tell_are_hints() {
    let tables = Ruled::new().count(ECG, 131, 1, true).pair(CRP, ULTRASOUND, Span::Day, Billed::This, true);
    let statement = calculate(&tables, request(&[(ECG, 1), (CRP, 1), (ULTRASOUND, 1)], &[("2025-07-01", ECG)]));
    assert_eq!([ECG, CRP, ULTRASOUND].map(|code| billed(&statement, code)), [1, 1, 1]);
    assert!(hinted(&statement, HintKind::Cut, "月1回を超えます"));
    assert!(hinted(&statement, HintKind::Cut, "特例条件"));
    // What no day tells: 一連 (141), 初回 (135), 初診時 (159) on a return visit.
    let tables = Ruled::new().count(ECG, 141, 1, false).count(CRP, 135, 1, false).count(WOUND, 159, 1, false);
    let statement = calculate(&tables, request(&[(ECG, 2), (CRP, 1), (WOUND, 1)], &[("2025-01-10", CRP)]));
    assert_eq!([ECG, CRP, WOUND].map(|code| billed(&statement, code)), [2, 1, 1]);
    assert!(hinted(&statement, HintKind::Check, "一連につき1回まで"));
    assert!(hinted(&statement, HintKind::Cut, "初回の1回まで"));
    assert!(hinted(&statement, HintKind::Cut, "初診時に算定する項目"));
}

#[test]
fn the_three_kinds_of_exclusion() {
    // 背反区分 1: 診療行為コード① is billed, whatever the points.
    let tables = Ruled::new().pair(CRP, ULTRASOUND, Span::Day, Billed::This, false);
    let statement = calculate(&tables, request(&[(ULTRASOUND, 1), (CRP, 1)], &[]));
    assert_eq!((billed(&statement, CRP), billed(&statement, ULTRASOUND)), (1, 0));
    assert!(why(&statement, ULTRASOUND).contains("電子点数表 背反テーブル1（1日につき） 160054710・160072110 背反区分1"));
    // 2: the other side of the same.
    let tables = Ruled::new().pair(CRP, ULTRASOUND, Span::SameTime, Billed::Other, false);
    let statement = calculate(&tables, request(&[(ULTRASOUND, 1), (CRP, 1)], &[]));
    assert_eq!((billed(&statement, CRP), billed(&statement, ULTRASOUND)), (0, 1));
    // 3: 何れか一方, the one of more points, from whichever side it is told.
    for (one, two) in [(CRP, ULTRASOUND), (ULTRASOUND, CRP)] {
        let tables = Ruled::new().pair(one, two, Span::Month, Billed::Either, false);
        let statement = calculate(&tables, request(&[(CRP, 1), (ULTRASOUND, 1)], &[]));
        assert_eq!((billed(&statement, CRP), billed(&statement, ULTRASOUND)), (0, 1));
        assert!(why(&statement, CRP).contains("主たるものとして"));
    }
}

#[test]
fn what_was_billed_within_the_span_stays_billed() {
    // Span, day of the other, whether it counts.
    let cases = [
        (Span::Day, "2025-07-11", true),
        (Span::Day, "2025-07-10", false),
        (Span::Week, "2025-07-06", true),
        (Span::Week, "2025-07-05", false),
        (Span::Month, "2025-07-01", true),
        (Span::Month, "2025-06-30", false),
        (Span::SameTime, "2025-07-11", false),
    ];
    for (span, day, counts) in cases {
        for kind in [Billed::Other, Billed::Either] {
            let tables = Ruled::new().pair(ULTRASOUND, CRP, span, kind, false);
            let statement = calculate(&tables, request(&[(ULTRASOUND, 1)], &[(day, CRP)]));
            assert_eq!(billed(&statement, ULTRASOUND), i64::from(!counts), "{span:?} {day} {kind:?}");
        }
        // The winner comes later: it is billed, and the earlier one is pointed out.
        let tables = Ruled::new().pair(ULTRASOUND, CRP, span, Billed::This, false);
        let statement = calculate(&tables, request(&[(ULTRASOUND, 1)], &[(day, CRP)]));
        assert_eq!(billed(&statement, ULTRASOUND), 1);
        assert_eq!(hinted(&statement, HintKind::Check, "算定したＣＲＰは算定できません"), counts, "{span:?} {day}");
    }
}

#[test]
fn the_fee_of_the_visit_and_what_rules_bill_are_held_to_the_tables() {
    let mut first = request(&[(MANAGEMENT, 1), (LETTER, 1)], &[]);
    first["visit"]["kind"] = json!("first");
    // 診療情報提供料 would be lost to 初診料.
    let tables = Ruled::new().pair(FIRST, LETTER, Span::SameTime, Billed::This, false);
    let statement = calculate(&tables, first.clone());
    assert_eq!((billed(&statement, FIRST), billed(&statement, LETTER)), (1, 0));
    // 初診料 is lost to it.
    let tables = Ruled::new().pair(FIRST, LETTER, Span::SameTime, Billed::Other, false);
    let statement = calculate(&tables, first);
    assert_eq!((billed(&statement, FIRST), billed(&statement, LETTER)), (0, 1));
    assert!(why(&statement, FIRST).contains("背反テーブル3（同時）"));
    assert!(statement.lines.iter().all(|line| line.section != Section::Visit), "its add-ons go with it");
    // 採血 follows from the test; the table lets it be billed twice a month.
    let tables = Ruled::new().count("160095710", 131, 2, false);
    let history = [("2025-07-01", "160095710"), ("2025-07-02", "160095710")];
    let statement = calculate(&tables, request(&[(CRP, 1)], &history));
    assert_eq!(billed(&statement, "160095710"), 0);
    assert!(why(&statement, "160095710").contains("すでに2回"));
}

#[test]
fn bundled_items_never_stand_beside_their_owner() {
    for unit in [BundleUnit::Day, BundleUnit::Month, BundleUnit::SameTime, BundleUnit::Operation] {
        let tables = Ruled::new().bundle(WOUND, INJECTION, unit, false);
        let statement = calculate(&tables, request(&[(INJECTION, 1), (WOUND, 1)], &[]));
        assert_eq!((billed(&statement, WOUND), billed(&statement, INJECTION)), (1, 0), "{unit:?}");
        assert!(why(&statement, INJECTION).contains("電子点数表 包括テーブル（"), "{unit:?}");
        assert!(why(&statement, INJECTION).contains("140000610に130000510"), "{unit:?}");
        // The owner was billed before.
        for (day, near) in [("2025-07-11", true), ("2025-07-01", false), ("2025-06-30", false)] {
            let contained = match unit {
                BundleUnit::Day => near,
                BundleUnit::Month => day.starts_with("2025-07"),
                _ => false,
            };
            let statement = calculate(&tables, request(&[(INJECTION, 1)], &[(day, WOUND)]));
            assert_eq!(billed(&statement, INJECTION), i64::from(!contained), "{unit:?} {day}");
        }
    }
    let tables = Ruled::new().bundle(WOUND, INJECTION, BundleUnit::Day, true);
    let statement = calculate(&tables, request(&[(INJECTION, 1), (WOUND, 1)], &[]));
    assert_eq!(billed(&statement, INJECTION), 1, "with 特例条件 it is a hint");
    assert!(hinted(&statement, HintKind::Cut, "包括テーブル"));
}

#[test]
fn who_loses_takes_nobody_along_and_order_does_not_matter() {
    // A beats B, B beats C: C stays beside A.
    let tables = Ruled::new()
        .pair(ECG, ULTRASOUND, Span::Day, Billed::This, false)
        .pair(ULTRASOUND, CRP, Span::Day, Billed::This, false)
        .pair(WOUND, INJECTION, Span::Day, Billed::Either, false)
        .count(WOUND, 121, 2, false);
    let orders = [(ECG, 1), (ULTRASOUND, 1), (CRP, 1), (WOUND, 2), (INJECTION, 1), (WOUND, 1)];
    let whole = calculate(&tables, request(&orders, &[]));
    assert_eq!([ECG, ULTRASOUND, CRP].map(|code| billed(&whole, code)), [1, 0, 1]);
    assert_eq!([WOUND, INJECTION].map(|code| billed(&whole, code)), [2, 0]);
    let mut turned = orders;
    for _ in 0..orders.len() {
        turned.rotate_left(1);
        assert_eq!(calculate(&tables, request(&turned, &[])), whole);
        let mut back = turned;
        back.reverse();
        assert_eq!(calculate(&tables, request(&back, &[])), whole);
    }
}

#[test]
fn a_table_of_the_time_before_is_a_hint_and_none_leaves_the_sentences_of_the_law() {
    let tables = || Ruled::new().count(ECG, 131, 1, false).pair(CRP, ULTRASOUND, Span::Month, Billed::This, false);
    let asked = || request(&[(ECG, 1), (CRP, 1), (ULTRASOUND, 1)], &[("2025-07-01", ECG)]);
    let former = calculate(&tables().reaching(Reach::Former), asked());
    assert_eq!([ECG, CRP, ULTRASOUND].map(|code| billed(&former, code)), [1, 1, 1]);
    assert!(hinted(&former, HintKind::Check, "改定前の電子点数表では月1回"));
    assert!(hinted(&former, HintKind::Check, "改定前の電子点数表では併せて算定しません"));
    let absent = calculate(&tables().reaching(Reach::Absent), asked());
    assert_eq!(absent, calculate(&common::small(), asked()));
    // 診療情報提供料(Ⅰ) once a month is a sentence of the law; a table that says thrice decides.
    let second = || request(&[(LETTER, 1)], &[("2025-07-01", LETTER)]);
    let limit = "B009 注1";
    let told = |statement: &Statement| statement.hints.iter().any(|hint| hint.text.contains(limit));
    assert!(told(&calculate(&Ruled::new(), second())), "the table says nothing of it");
    assert!(told(&calculate(&Ruled::new().count(LETTER, 131, 3, false).reaching(Reach::Absent), second())));
    assert!(!told(&calculate(&Ruled::new().count(LETTER, 131, 3, false), second())));
}
