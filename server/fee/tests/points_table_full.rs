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

/// Ordered alone, next to nothing is lost to the tables that the sentences of the law would bill: the engine and the tables agree.
#[test]
fn what_is_ordered_alone_is_billed_with_the_tables_as_without() {
    let Some(masters) = masters() else { return };
    let mut lost = Vec::new();
    for code in orderable() {
        let asked = request(&[code.to_string()], &[]);
        let (with, without) = (calculate(masters, asked.clone()), calculate(&Without(masters), asked));
        let gone = without.lines.iter().filter(|line| !billed(&with, &line.code)).inspect(|line| {
            assert!(with.omitted.iter().any(|o| o.code == line.code && o.reason.contains("電子点数表")), "{code} {}", line.code);
        });
        if gone.count() > 0 {
            lost.push(code.to_string());
        }
    }
    // A second fee of a visit, a second 外来感染対策向上加算, and 外来在宅共同指導料２, which takes the place of the visit.
    let known = |code: &str| {
        code.starts_with("1120") || ["111014870", "113033790", "114055090", "114061210", "180068770"].contains(&code)
    };
    assert!(lost.iter().all(|code| known(code)), "{lost:?}");
}

/// 通知 D 内視鏡検査 共通事項: not billed are the pictures of the endoscopy; an X-ray of the chest on the same visit is.
#[test]
fn an_x_ray_beside_an_endoscopy_is_billed_and_pointed_out() {
    let Some(masters) = masters() else { return };
    let (scope, picture) = ("160093810", "170027910");
    assert_eq!(masters.procedure(scope, on()).map(|row| row.article.as_str()), Some("D308"));
    let statement = calculate(masters, request(&[scope.to_owned(), picture.to_owned()], &[]));
    assert!(billed(&statement, scope) && billed(&statement, picture));
    assert!(
        statement.hints.iter().any(|hint| hint.code == picture && hint.text.contains("背反テーブル3（同時）")),
        "{:?}",
        statement.hints
    );
}

/// 背反テーブル2, 112708970 and 111703270: 医療情報取得加算 of return visits is not billed in the month of that of the first.
#[test]
fn what_rules_bill_by_themselves_is_held_to_the_month() {
    let Some(masters) = masters() else { return };
    let mut asked = request(&[], &[("2025-07-02", "111703270")]);
    asked["facility"]["standards"] = json!(["医療情報取得加算"]);
    let (with, without) = (calculate(masters, asked.clone()), calculate(&Without(masters), asked));
    assert!(!billed(&with, "112708970"));
    // Once the sentences of the law know it too, there is nothing left for the table to take out.
    let told = with.omitted.iter().any(|omitted| omitted.reason.contains("電子点数表 背反テーブル2（同一月内）"));
    assert_eq!(told, billed(&without, "112708970"));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    /// Two items that exclude each other are never billed together, whichever was ordered first, and the row is cited.
    #[test]
    fn no_excluded_pair_is_billed_together(at in any::<prop::sample::Index>()) {
        if pairs().is_empty() {
            return Ok(());
        }
        let Some(masters) = masters() else { return Ok(()) };
        let (one, two, row) = pairs()[at.index(pairs().len())];
        let (one, two) = (one.to_string(), two.to_string());
        let both = calculate(masters, request(&[one.clone(), two.clone()], &[]));
        let turned = calculate(masters, request(&[two.clone(), one.clone()], &[]));
        prop_assert_eq!(&both, &turned);
        let bills = (billed(&both, &one), billed(&both, &two));
        // Pictures beside an endoscopy are pointed out: a visit does not tell what they were for.
        let pictures = row.span == Span::SameTime && (one.starts_with("17") || two.starts_with("17"));
        prop_assert!(bills != (true, true) || pictures, "{} and {} ({:?})", one, two, row);
        // Each alone is billed: then the table's winner is.
        let alone = [&one, &two].map(|code| billed(&calculate(masters, request(std::slice::from_ref(code), &[])), code));
        if alone == [true, true] {
            match row.billed {
                Billed::Either => prop_assert!(bills.0 || bills.1, "{} {}", one, two),
                // Another table may say of the same pair that it is the other way round for a longer time.
                Billed::This | Billed::Other => prop_assert!(bills.0 || bills.1, "{} {} {:?}", one, two, row),
            }
            let reasons: Vec<&str> = both.omitted.iter().map(|omitted| omitted.reason.as_str()).collect();
            prop_assert!(reasons.iter().any(|reason| reason.contains("電子点数表") || reason.contains('（')), "{:?}", reasons);
        }
    }

    /// 背反区分 3 within a month is symmetric: what was billed keeps the other out, from whichever side.
    #[test]
    fn either_of_two_is_symmetric_over_the_month(at in any::<prop::sample::Index>()) {
        let monthly: Vec<_> = pairs().iter().filter(|(_, _, row)| row.span == Span::Month && row.billed == Billed::Either).collect();
        if monthly.is_empty() {
            return Ok(());
        }
        let Some(masters) = masters() else { return Ok(()) };
        let (one, two, _) = monthly[at.index(monthly.len())];
        for (before, now) in [(one, two), (two, one)] {
            let (before, now) = (before.to_string(), now.to_string());
            let statement = calculate(masters, request(std::slice::from_ref(&now), &[("2025-07-02", &before)]));
            prop_assert!(!billed(&statement, &now), "{} after {}", now, before);
            prop_assert!(statement.omitted.iter().any(|omitted| omitted.code == now));
        }
    }

    /// A limit of the count table is never passed, with or without what was billed before.
    #[test]
    fn counts_are_kept(at in any::<prop::sample::Index>(), before in 0i64..4, asked in 1u32..5) {
        if orderable().is_empty() {
            return Ok(());
        }
        let Some(masters) = masters() else { return Ok(()) };
        let code = orderable()[at.index(orderable().len())];
        let mut most = None;
        masters.count_limits(code, on(), &mut |row| {
            if row.unit == CountUnit(131) && !row.conditional {
                most = Some(i64::from(row.most));
            }
        });
        let Some(most) = most else { return Ok(()) };
        let text = code.to_string();
        let mut value = request(std::slice::from_ref(&text), &[]);
        value["orders"][0]["quantity"] = json!(asked);
        value["history"] = json!([{"date": "2025-07-02", "code": text, "count": before}]);
        let statement = calculate(masters, value);
        let times: i64 = statement.lines.iter().filter(|line| line.code == text).map(|line| line.count).sum();
        prop_assert!(times == 0 || times + before <= most, "{}: {} + {} of {}", text, before, times, most);
    }
}
