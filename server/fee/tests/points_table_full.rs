//! The points table of R6 as published (03-2, 03-3, 03-4, 05; beside the project) over whole visits.

use fee::{Calculator, Engine, Request, json};
use masters::Snapshot;
use model::{fee::Statement, master::*, points_table::*};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::{path::PathBuf, sync::OnceLock};

const DAY: &str = "2025-07-11";

fn on() -> chrono::NaiveDate {
    DAY.parse().expect("a day")
}

/// All masters beside the project.
fn masters() -> Option<&'static Snapshot> {
    static MASTERS: OnceLock<Option<Snapshot>> = OnceLock::new();
    let made = MASTERS.get_or_init(|| {
        let root = std::env::var_os("KARTE_SHARED")
            .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared"), PathBuf::from);
        let folder = root.join("masters");
        if !folder.exists() {
            eprintln!("SKIPPED: masters/ is not beside the project (set KARTE_SHARED)");
            return None;
        }
        Some(Snapshot::load_dir(&folder).expect("the folder loads"))
    });
    made.as_ref()
}

/// The same masters without the points table.
struct Without(&'static Snapshot);

impl Tables for Without {
    fn edition(&self, on: chrono::NaiveDate) -> Option<String> {
        Tables::edition(self.0, on)
    }
    fn procedure(&self, code: &str, on: chrono::NaiveDate) -> Option<&Procedure> {
        self.0.procedure(code, on)
    }
    fn drug(&self, code: &str, on: chrono::NaiveDate) -> Option<&Drug> {
        self.0.drug(code, on)
    }
    fn disease(&self, code: &str, on: chrono::NaiveDate) -> Option<&Disease> {
        self.0.disease(code, on)
    }
    fn material(&self, code: &str, on: chrono::NaiveDate) -> Option<&Material> {
        self.0.material(code, on)
    }
}

/// What a clinic can order: for outpatients, in points, no quantity.
fn orderable() -> &'static [Code9] {
    static CODES: OnceLock<Vec<Code9>> = OnceLock::new();
    CODES.get_or_init(|| {
        let Some(masters) = masters() else { return Vec::new() };
        let plain = |row: &&Procedure| {
            row.in_out != 1 && row.hospital_clinic != 1 && row.point_kind == 3 && row.step.is_none() && row.ages.0 == "00"
        };
        let all = masters.procedures_on(on());
        let mut codes: Vec<Code9> =
            all.filter(plain).filter(|row| row.ages.1 == "00").filter_map(|row| Code9::parse(row.code.as_str())).collect();
        codes.sort_unstable();
        codes.dedup();
        codes
    })
}

fn request(orders: &[String], history: &[(&str, &str)]) -> Value {
    json!({
        "date": DAY, "time": "10:15",
        "facility": {"kind": "clinic", "standards": ["検体検査管理加算1", "外来感染対策向上加算", "時間外対応加算1", "一般名処方加算"]},
        "patient": {"birth_date": "1981-03-02"},
        "visit": {"kind": "return", "holiday": false},
        "coverage": {"insurance": {"insurer": "06130488", "share": 30}},
        "orders": orders.iter().map(|code| json!({"code": code, "quantity": 1})).collect::<Value>(),
        "history": history.iter().map(|(date, code)| json!({"date": date, "code": code})).collect::<Value>(),
    })
}

fn calculate(tables: &dyn Tables, request: Value) -> Statement {
    let request: Request = json::read(request).expect("a request");
    Engine.calculate(tables, &request).expect("a statement")
}

fn billed(statement: &Statement, code: &str) -> bool {
    statement.lines.iter().any(|line| line.code == code)
}

/// Unconditional pairs of what a clinic can order, once each.
fn pairs() -> &'static [(Code9, Code9, Exclusion)] {
    static PAIRS: OnceLock<Vec<(Code9, Code9, Exclusion)>> = OnceLock::new();
    PAIRS.get_or_init(|| {
        let Some(masters) = masters() else { return Vec::new() };
        let codes = orderable();
        let mut pairs = Vec::new();
        for code in codes {
            masters.exclusions(*code, codes, on(), &mut |other, row| {
                let speaks = masters.reach(RuleTable::Exclusions(row.span), on()) == Reach::InForce;
                if *code < codes[other] && !row.conditional && speaks {
                    pairs.push((*code, codes[other], row));
                }
            });
        }
        pairs
    })
}

#[test]
fn which_tables_speak_for_which_day() {
    let Some(masters) = masters() else { return };
    let reach = |table, day: &str| masters.reach(table, day.parse().expect("a day"));
    for table in [RuleTable::Counts, RuleTable::Exclusions(Span::Month), RuleTable::Exclusions(Span::SameTime)] {
        assert_eq!(reach(table, DAY), Reach::InForce, "{table:?}");
        assert_eq!(reach(table, "2026-07-10"), Reach::Former, "{table:?}");
    }
    // 03-1 lies there for 2016 only, and 02 not at all.
    assert_eq!(reach(RuleTable::Exclusions(Span::Day), DAY), Reach::Absent);
    assert_eq!(reach(RuleTable::Bundles, DAY), Reach::Absent);
}

/// What the table says from one side it says from the other (guide 4(2)ウ).
#[test]
fn every_exclusion_is_told_from_both_sides() {
    let Some(masters) = masters() else { return };
    let codes = orderable();
    let mut seen = 0;
    for code in codes {
        masters.exclusions(*code, codes, on(), &mut |other, row| {
            let mut back = false;
            masters.exclusions(codes[other], &[*code], on(), &mut |_, other| {
                back |= other == Exclusion { billed: row.billed.reversed(), ..row };
            });
            assert!(back, "{code} {} {row:?}", codes[other]);
            seen += 1;
        });
    }
    assert!(seen > 20_000, "{seen} rows");
}

/// Ordered alone, nothing is lost to a table but what the visit itself excludes.
#[test]
fn explore_alone() {
    let Some(masters) = masters() else { return };
    let mut lost = 0;
    for code in orderable() {
        let asked = request(&[code.to_string()], &[]);
        let (with, without) = (calculate(masters, asked.clone()), calculate(&Without(masters), asked));
        for line in &without.lines {
            if !billed(&with, &line.code) {
                let why = with.omitted.iter().filter(|o| o.code == line.code).map(|o| o.reason.as_str()).collect::<Vec<_>>();
                println!("ALONE {code} lost {} {} {why:?}", line.code, line.name);
                lost += 1;
            }
        }
        for hint in with.hints.iter().filter(|hint| !without.hints.contains(hint)) {
            println!("HINT {code} {} {}", masters.procedure(&code.to_string(), on()).expect("row").name, hint.text);
        }
    }
    println!("{lost} lost of {}", orderable().len());
}
