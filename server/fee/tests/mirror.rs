//! The revision mirror: the same visit under another edition, against visits that really fall under it.

mod common;

use common::{Fixture, day, full, small};
use fee::{Calculator, Engine, FeeError, Request, json, mirror};
use model::{
    fee::{FeeLine, HintKind, Statement},
    master::Tables,
    month,
};
use proptest::prelude::*;
use serde_json::{Value, json};

/// A return visit of a woman of 45; both days used here are Fridays.
fn visit(date: &str, orders: &[&str]) -> Value {
    json!({
        "date": date, "time": "10:15",
        "facility": {"prefecture": "13", "kind": "clinic", "standards": []},
        "patient": {"birth_date": "1981-03-02", "sex": "female"},
        "visit": {"kind": "return", "department": "01", "holiday": false},
        "coverage": {"insurance": {"insurer": "06130488", "share": 30, "limit_class": "ウ"}},
        "orders": orders.iter().map(|code| json!({"code": code, "quantity": 1})).collect::<Value>(),
    })
}

const R6: &str = "2026-05-29";
const R8: &str = "2026-06-05";

fn read(value: Value) -> Request {
    json::read(value).expect("a request")
}

fn under(value: Value, other: &str) -> mirror::Mirrored {
    mirror::under(&Engine, &small(), &read(value), day(other)).expect("a statement")
}

fn plain(tables: &Fixture, value: Value) -> Statement {
    Engine.calculate(tables, &read(value)).expect("a statement")
}

fn points(lines: &[FeeLine], code: &str) -> Option<i64> {
    lines.iter().find(|line| line.code == code).map(|line| line.total().0)
}

#[test]
fn points_and_rules_are_those_of_the_other_edition() {
    let mirrored = under(visit(R6, &[]), R8);
    // A001 75 → 76, and O100 物価対応料 2 begins with R8; 外来管理加算 52 stays.
    let statement = &mirrored.statement;
    assert_eq!((statement.edition.as_str(), statement.date), ("R8", day(R6)));
    assert_eq!(statement.points.0, 130);
    let changes = month::changes(&plain(&small(), visit(R6, &[])).lines, &statement.lines);
    let named: Vec<(&str, i64, i64)> = changes.iter().map(|c| (c.code.as_str(), c.points.0.0, c.points.1.0)).collect();
    assert_eq!(named, [("112007410", 75, 76), ("180820010", 0, 2)]);
    let back = under(visit(R8, &[]), R6).statement;
    assert_eq!((back.edition.as_str(), back.points.0), ("R6", 127));
    assert!(mirrored.missing.is_empty());
}

#[test]
fn the_visit_stays_what_it_was() {
    // Six years old on 2026-06-01: on the real day still under six (A001 注4).
    let mut child = visit(R6, &[]);
    child["patient"]["birth_date"] = json!("2020-06-01");
    assert_eq!(points(&under(child, "2026-06-01").statement.lines, "112000970"), Some(38));
    // A Sunday without a word about holidays is 休日 under the edition of a Wednesday too (A001 注5).
    let mut sunday = visit("2026-05-31", &[]);
    sunday["visit"]["holiday"] = Value::Null;
    assert_eq!(points(&under(sunday, "2026-06-03").statement.lines, "112001210"), Some(190));
    // 判断料 of the month that was billed before is not billed again, whatever the other day's month.
    let mut tested = visit(R6, &["160008010"]);
    tested["history"] = json!([{"date": "2026-05-08", "code": "160061810", "points": 125}]);
    let statement = under(tested, "2026-07-10").statement;
    assert_eq!((points(&statement.lines, "160008010"), points(&statement.lines, "160061810")), (Some(21), None));
}

#[test]
fn what_the_other_edition_does_not_have_is_left_out_and_named() {
    // 電子的診療情報連携体制整備加算 is of 2026.
    let mut asked = visit(R8, &["112709570", "160022510"]);
    asked["overrides"] = json!([{"code": "180819910", "change": {"add": {"count": 1}}, "reason": "試し"}]);
    let mirrored = under(asked.clone(), R6);
    let names: Vec<&str> = mirrored.missing.iter().map(|(_, name)| name.as_str()).collect();
    assert_eq!(names, ["電子的診療情報連携体制整備加算（再診）", "物価対応料１（外来・在宅物価対応料）（初診時）イ"]);
    assert_eq!(points(&mirrored.statement.lines, "160022510"), Some(17));
    assert_eq!(points(&mirrored.statement.lines, "112709570"), None);
    // What neither edition has is an error as ever.
    asked["orders"][0]["code"] = json!("999999999");
    let unknown = mirror::under(&Engine, &small(), &read(asked), day(R6)).expect_err("unknown");
    assert_eq!(unknown.path(), "orders[0].code");
    let none = mirror::under(&Engine, &small(), &read(visit(R8, &[])), day("2020-01-06")).expect_err("no edition");
    assert_eq!(none, FeeError::NoEdition { on: day("2020-01-06") });
}

#[test]
fn renamed_standards_go_along() {
    let with = |date: &str, standards: Value| {
        let mut asked = visit(date, &[]);
        asked["facility"]["standards"] = standards;
        asked
    };
    // A001 注10: 時間外対応加算1 5 points in R6, 時間外対応体制加算1 7 points in R8.
    let old = with(R6, json!(["時間外対応加算（１）"]));
    assert_eq!(points(&plain(&small(), old.clone()).lines, "112016070"), Some(5));
    assert_eq!(points(&under(old, R8).statement.lines, "112016070"), Some(7));
    // F100 注8: the grades go on.
    let mut house = with(R8, json!(["地域支援・外来医薬品供給対応体制加算2"]));
    house["prescriptions"] = json!([{"route": "internal", "place": "in_house", "days": 3,
        "items": [{"code": "620007853", "amount": 1}]}]);
    let omitted_or_billed = |statement: &Statement| {
        points(&statement.lines, "120004070").is_some() || statement.omitted.iter().any(|o| o.code == "120004070")
    };
    assert!(omitted_or_billed(&under(house, R6).statement));
    // A000 注16: not a new name only: the lowest grade is taken, and it is said.
    let digital = under(with(R6, json!(["医療DX推進体制整備加算4"])), R8).statement;
    assert_eq!(points(&digital.lines, "112709570"), Some(2));
    assert!(digital.hints.iter().any(|hint| hint.kind == HintKind::Check && hint.text.contains("読み替え")));
    // Within one edition nothing is renamed.
    let same = under(with(R6, json!(["医療DX推進体制整備加算4"])), "2026-05-01").statement;
    assert!(same.hints.iter().all(|hint| !hint.text.contains("読み替え")));
}

/// Whatever is ordered, a visit without a past mirrored to a like day of the other edition has the lines of a visit on that day;
/// mirrored to its own edition it is what it was. Over every procedure of the master.
#[test]
fn the_mirror_agrees_with_real_visits_over_the_whole_master() {
    let Some(tables) = full() else { return };
    let mut compared = 0;
    for (date, other) in [(R6, R8), (R8, R6)] {
        for code in tables.procedures.keys() {
            if tables.procedure(code, day(date)).is_none() || tables.procedure(code, day(other)).is_none() {
                continue;
            }
            let request = read(visit(date, &[code]));
            let mirrored = mirror::under(&Engine, &tables, &request, day(other));
            let real = Engine.calculate(&tables, &read(visit(other, &[code])));
            match (mirrored, real) {
                (Ok(mirrored), Ok(real)) => {
                    assert_eq!(mirrored.statement.lines, real.lines, "{code}");
                    assert_eq!((mirrored.statement.omitted, mirrored.missing), (real.omitted, Vec::new()), "{code}");
                    compared += 1;
                }
                (Err(mirrored), Err(real)) => assert_eq!(mirrored.path(), real.path(), "{code}"),
                (mirrored, real) => panic!("{code}: {mirrored:?} but {real:?}"),
            }
        }
    }
    assert!(compared > 20_000, "{compared} compared");
}

const CODES: [&str; 8] = ["140000610", "160022510", "160022610", "160008010", "160169450", "180016110", "113001810", "113041810"];

proptest! {
    /// Under an edition's own day a visit is what it is, whatever was ordered and billed before; total = Σ lines under either.
    #[test]
    fn a_mirror_of_its_own_edition_shows_the_same(
        orders in prop::collection::vec(0usize..CODES.len(), 0..6),
        past in prop::collection::vec(0usize..CODES.len(), 0..3),
        r8 in any::<bool>(),
    ) {
        let orders: Vec<&str> = orders.iter().map(|index| CODES[*index]).collect();
        let (own, like, other) = if r8 { (R8, "2026-09-04", R6) } else { (R6, "2025-02-07", R8) };
        let mut asked = visit(own, &orders);
        asked["history"] = past.iter().map(|index| json!({"date": "2026-05-20", "code": CODES[*index], "points": 50})).collect();
        let plain = plain(&small(), asked.clone());
        prop_assert_eq!(&under(asked.clone(), like).statement, &plain);
        let statement = under(asked, other).statement;
        prop_assert_eq!(statement.points.0, statement.lines.iter().map(|line| line.total().0).sum::<i64>());
    }
}
