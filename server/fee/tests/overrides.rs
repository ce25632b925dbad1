//! What people decide against the calculation holds over the rules, is marked, and never breaks the sum.

#[expect(dead_code, reason = "the full masters belong to another test")]
mod common;

use common::small;
use fee::{Calculator, Engine, FeeError, Request, json};
use model::fee::{HintKind, Section, Statement};
use proptest::prelude::*;
use serde_json::{Value, json};

fn visit(orders: &[&str], overrides: Value) -> Request {
    let orders: Value = orders.iter().map(|code| json!({"code": code, "quantity": 1})).collect();
    json::read(json!({
        "date": "2026-07-10", "time": "10:15",
        "facility": {"prefecture": "13", "kind": "clinic"},
        "patient": {"birth_date": "1981-03-02", "sex": "female"},
        "visit": {"kind": "return", "department": "01", "holiday": false},
        "coverage": {"insurance": {"insurer": "06130488", "share": 30, "limit_class": "ウ"}},
        "diagnoses": [{"code": "4659007", "started": "2026-07-01", "principal": true}],
        "orders": orders,
        "overrides": overrides,
    }))
    .expect("a request")
}

fn calculate(orders: &[&str], overrides: Value) -> Statement {
    Engine.calculate(&small(), &visit(orders, overrides)).expect("a statement")
}

fn refused(overrides: Value) -> FeeError {
    Engine.calculate(&small(), &visit(&[], overrides)).expect_err("an error")
}

fn withhold(code: &str) -> Value {
    json!({"code": code, "change": "withhold", "reason": "説明のみ"})
}

fn add(code: &str, count: i64) -> Value {
    json!({"code": code, "change": {"add": {"count": count}}, "reason": "記載あり"})
}

fn count(code: &str, count: i64) -> Value {
    json!({"code": code, "change": {"count": {"count": count}}, "reason": "2部位"})
}

fn hints(statement: &Statement, kind: HintKind, code: &str) -> Vec<String> {
    let of = statement.hints.iter().filter(|hint| hint.kind == kind && hint.code == code);
    of.map(|hint| hint.text.clone()).collect()
}

#[test]
fn a_withheld_line_stands_in_omitted_with_the_typed_reason() {
    let plain = calculate(&["160022510"], json!([]));
    let less = calculate(&["160022510"], json!([withhold("112011010")]));
    // 外来管理加算 52 points of A001 注8 are gone, and nothing else.
    assert_eq!(plain.points.0 - less.points.0, 52);
    assert!(less.lines.iter().all(|line| line.code != "112011010" && !line.by_hand));
    let omitted = less.omitted.iter().find(|omitted| omitted.code == "112011010").expect("omitted");
    assert_eq!((omitted.name.as_str(), omitted.reason.as_str()), ("外来管理加算", "手動: 説明のみ"));
    assert_eq!(plain.lines.len(), less.lines.len() + 1);
    // 30 % of the new sum, in tens of yen (健康保険法 75条).
    assert_eq!(less.payment.patient_yen.0, (less.points.0 * 3 + 5) / 10 * 10);
}

#[test]
fn a_withheld_test_takes_along_what_follows_from_it() {
    // D007 with its 判断料 (D026) and 採血 (D400): neither stands without a test.
    let whole = calculate(&["160022510"], json!([]));
    let less = calculate(&["160022510"], json!([withhold("160022510")]));
    let tests = |statement: &Statement| statement.lines.iter().filter(|line| line.section == Section::Test).count();
    assert!(tests(&whole) > 1, "{:?}", whole.lines);
    assert_eq!(tests(&less), 0, "{:?}", less.lines);
    assert!(less.omitted.iter().any(|omitted| omitted.code == "160022510" && omitted.reason == "手動: 説明のみ"));
    assert!(hints(&less, HintKind::Check, "160022510").is_empty(), "it met something");
    // A bundle is withheld as it stands there: with all it holds.
    let five = ["160022510", "160022610", "160020410", "160019210", "160019410"];
    let bundle = calculate(&five, json!([]));
    let line = bundle.lines.iter().find(|line| line.parts.len() == 5).expect("a bundle");
    assert_eq!(tests(&calculate(&five, json!([withhold(&line.code)]))), 0);
}

#[test]
fn an_added_line_has_the_points_of_the_tables() {
    // B009 診療情報提供料(Ⅰ) 250 points.
    let statement = calculate(&[], json!([add("180016110", 2)]));
    let line = statement.lines.iter().find(|line| line.code == "180016110").expect("added");
    assert_eq!((line.points.0, line.count, line.section), (250, 2, Section::Management));
    assert_eq!((line.reason.as_str(), line.citation.as_str(), line.by_hand), ("記載あり", "B009", true));
    // It stands with its section, between the visit and the rest.
    assert!(statement.lines.is_sorted_by_key(|line| line.section));
    assert_eq!(statement.points.0, calculate(&[], json!([])).points.0 + 500);
    // Steps of one item (外来迅速検体検査加算, 10 points each): the count is the quantity.
    let rapid = calculate(&[], json!([add("160177770", 3)]));
    assert_eq!(rapid.lines.iter().find(|line| line.by_hand).map(|line| (line.points.0, line.count)), Some((30, 1)));
    // A drug: one unit by F200 五捨五超入, here 226.00 yen: 1 + ⌈211 ÷ 10⌉ = 23 (G100 for 注射).
    let drug = calculate(&[], json!([add("620000237", 1)]));
    let line = drug.lines.iter().find(|line| line.by_hand).expect("added");
    assert_eq!((line.points.0, line.section, line.citation.as_str()), (23, Section::Injection, "G100"));
}

#[test]
fn a_counted_line_changes_its_count_only() {
    let plain = calculate(&["140000610"], json!([]));
    let twice = calculate(&["140000610"], json!([count("140000610", 2)]));
    assert_eq!(twice.points.0 - plain.points.0, 52);
    let line = twice.lines.iter().find(|line| line.code == "140000610").expect("counted");
    assert_eq!((line.points.0, line.count, line.by_hand, line.reason.as_str()), (52, 2, true, "2部位"));
    assert_eq!(line.citation, "J000");
    assert_eq!(plain.lines.iter().filter(|line| line.by_hand).count(), 0);
}

#[test]
fn a_decision_that_meets_nothing_is_said() {
    let plain = calculate(&[], json!([]));
    for change in [withhold("140000610"), count("140000610", 2)] {
        let statement = calculate(&[], json!([change]));
        assert_eq!(statement.lines, plain.lines);
        let hints = hints(&statement, HintKind::Check, "140000610");
        assert!(hints.len() == 1 && hints[0].contains("創傷処置"), "{hints:?}");
    }
    // What the rules bill by themselves is not added twice.
    let statement = calculate(&["140000610"], json!([add("140000610", 1)]));
    assert_eq!(statement.lines, calculate(&["140000610"], json!([])).lines);
    assert!(hints(&statement, HintKind::Check, "140000610")[0].contains("規則により算定されています"));
}

#[test]
fn an_addition_that_a_rule_forbids_is_billed_and_said() {
    // A001 注8: 外来管理加算 not beside 処置; the engine itself said why, and now says that it will be cut.
    let forced = calculate(&["140000610"], json!([add("112011010", 1)]));
    assert!(forced.lines.iter().any(|line| line.code == "112011010" && line.by_hand && line.points.0 == 52));
    assert!(forced.omitted.iter().all(|omitted| omitted.code != "112011010"));
    let cut = hints(&forced, HintKind::Cut, "112011010");
    assert!(cut.len() == 1 && cut[0].contains("A001 注8"), "{cut:?}");
    // B000 注1: not without a main diagnosis of 別表第一, though nobody ordered it.
    let specific = calculate(&[], json!([add("113001810", 1)]));
    let cut = hints(&specific, HintKind::Cut, "113001810");
    assert!(cut.len() == 1 && cut[0].contains("B000 注1"), "{cut:?}");
    // B001-3 注2: what 生活習慣病管理料(Ⅰ) contains may not stand beside it; both stay, and the contained one is named.
    let contained = calculate(&["160022510"], json!([add("113041810", 1)]));
    assert!(contained.lines.iter().any(|line| line.code == "160022510"));
    let cut = hints(&contained, HintKind::Cut, "160022510");
    assert!(cut.len() == 1 && cut[0].contains("B001-3 注2"), "{cut:?}");
    // Nothing forbids B009.
    assert!(hints(&calculate(&[], json!([add("180016110", 1)])), HintKind::Cut, "180016110").is_empty());
}

#[test]
fn a_hint_that_was_followed_is_gone() {
    // F400 注6 without the standard is a Missed hint with its code.
    let mut request = visit(&[], json!([]));
    let groups = json!([{"route": "internal", "place": "pharmacy", "days": 7, "general_name": true,
        "items": [{"code": "620007853", "amount": 1}]}]);
    request.prescriptions = serde_json::from_value(groups).expect("groups");
    let before = Engine.calculate(&small(), &request).expect("a statement");
    assert_eq!(hints(&before, HintKind::Missed, "120003570").len(), 1, "{:#?}", before.hints);
    request.overrides = serde_json::from_value(json!([add("120003570", 1)])).expect("an override");
    let after = Engine.calculate(&small(), &request).expect("a statement");
    assert!(hints(&after, HintKind::Missed, "120003570").is_empty());
    assert_eq!(after.points.0, before.points.0 + 6);
}

#[test]
fn what_cannot_be_is_an_error_with_its_path() {
    for (overrides, path) in [
        (json!([withhold("112011010"), add("999999999", 1)]), "overrides[1].code"),
        (json!([withhold("999999999")]), "overrides[0].code"),
        (json!([add("180016110", 0)]), "overrides[0].change"),
        (json!([count("112011010", 1000)]), "overrides[0].change"),
        (json!([{"code": "112011010", "change": "withhold", "reason": " "}]), "overrides[0].reason"),
        (json!([{"code": "112011010", "change": "withhold", "reason": "あ".repeat(201)}]), "overrides[0].reason"),
        (json!([withhold("112011010"), count("112011010", 2)]), "overrides[1].code"),
        // 検査逓減 is a percentage of another item (点数識別 6).
        (json!([add("160000190", 1)]), "overrides[0].code"),
    ] {
        assert_eq!(refused(overrides.clone()).path(), path, "{overrides}");
    }
    let unknown = json::read::<Request>(json!({
        "date": "2026-07-10", "facility": {}, "patient": {"birth_date": "1981-03-02"}, "visit": {"kind": "return"},
        "overrides": [{"code": "112011010", "change": "erase", "reason": "x"}],
    }));
    assert_eq!(unknown.expect_err("unknown change").path(), "overrides[0].change");
}

const CODES: [&str; 9] =
    ["112007410", "112011010", "113001810", "113041810", "140000610", "160022510", "160177770", "180016110", "620007853"];

proptest! {
    /// Whatever is decided: total = Σ lines; the order of deciding does not matter; twice is the same; every added or counted
    /// line is marked and says what was typed; a withheld code has no line; the rest of the lines is as the rules left it.
    #[test]
    fn decisions_never_break_the_sum(
        picks in prop::collection::btree_map(0usize..CODES.len(), (0usize..3, 1i64..9), 0..6),
        orders in prop::collection::vec(0usize..CODES.len() - 1, 0..5),
        turn in any::<bool>(),
    ) {
        let orders: Vec<&str> = orders.iter().map(|index| CODES[*index]).filter(|code| !code.starts_with("112")).collect();
        let mut changes: Vec<Value> = picks.iter().map(|(index, (what, times))| match what {
            0 => withhold(CODES[*index]),
            1 => add(CODES[*index], *times),
            _ => count(CODES[*index], *times),
        }).collect();
        let one = calculate(&orders, changes.clone().into());
        prop_assert_eq!(&one, &calculate(&orders, changes.clone().into()));
        if turn { changes.reverse() } else { let by = changes.len().min(1); changes.rotate_left(by) }
        prop_assert_eq!(&one, &calculate(&orders, changes.into()));
        prop_assert_eq!(one.points.0, one.lines.iter().map(|line| line.total().0).sum::<i64>());
        prop_assert!(one.points.0 >= 0 && one.payment.patient_yen.0 % 10 == 0);
        let plain = calculate(&orders, json!([]));
        for (index, (what, times)) in &picks {
            let code = CODES[*index];
            let lines: Vec<_> = one.lines.iter().filter(|line| line.code == code).collect();
            let ruled = plain.lines.iter().any(|line| line.code == code);
            match what {
                0 => prop_assert!(lines.is_empty(), "{code}"),
                1 if ruled => prop_assert!(lines.iter().all(|line| !line.by_hand), "{code}"),
                1 => prop_assert!(lines.len() == 1 && lines[0].by_hand && lines[0].reason == "記載あり", "{code}"),
                _ if ruled => prop_assert!(lines.len() == 1 && lines[0].by_hand && lines[0].count == *times, "{code}"),
                _ => prop_assert!(lines.is_empty(), "{code}"),
            }
        }
        for line in one.lines.iter().filter(|line| !line.by_hand) {
            prop_assert!(plain.lines.contains(line), "{line:?}");
        }
    }
}
