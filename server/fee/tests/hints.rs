//! Hints say their kind and their code: what was forgotten, what will be cut, what to look at; and a hint that names a code may
//! be followed, for the rules let it through.

mod common;

use common::{day, full, small};
use fee::{Calculator, Engine, Request, json};
use model::{
    fee::{Hint, HintKind, Statement},
    master::Tables,
};
use serde_json::{Value, json};

fn visit(kind: &str, disease: &str, orders: &[&str]) -> Value {
    json!({
        "date": "2026-07-24", "time": "10:15",
        "facility": {"prefecture": "13", "kind": "clinic", "standards": []},
        "patient": {"birth_date": "1981-03-02", "sex": "female"},
        "visit": {"kind": kind, "department": "01", "holiday": false},
        "coverage": {"insurance": {"insurer": "06130488", "share": 30, "limit_class": "ウ"}},
        "diagnoses": [{"code": disease, "started": "2026-01-10", "principal": true}],
        "orders": orders.iter().map(|code| json!({"code": code, "quantity": 1})).collect::<Value>(),
    })
}

fn calculate(value: Value) -> Statement {
    let request: Request = json::read(value).expect("a request");
    Engine.calculate(&small(), &request).expect("a statement")
}

fn of<'a>(statement: &'a Statement, kind: HintKind, code: &str) -> Vec<&'a Hint> {
    statement.hints.iter().filter(|hint| hint.kind == kind && hint.code == code).collect()
}

const ASTHMA: &str = "4939008";
const HYPERTENSION: &str = "8833421";
const COLD: &str = "4659007";

#[test]
fn management_of_a_specific_disease_is_missed_until_the_limit_of_the_month() {
    // B000 注1: 主病, 月2回.
    let billed = |days: &[&str]| {
        let mut asked = visit("return", ASTHMA, &[]);
        asked["history"] = days.iter().map(|day| json!({"date": day, "code": "113001810", "points": 225})).collect();
        calculate(asked)
    };
    for days in [&[][..], &["2026-07-03"]] {
        let statement = billed(days);
        let hints = of(&statement, HintKind::Missed, "113001810");
        assert!(hints.len() == 1 && hints[0].text.contains("225点") && hints[0].text.contains("B000 注1"), "{hints:?}");
    }
    // The third and fourth visit of the month.
    for days in [&["2026-07-03", "2026-07-10"][..], &["2026-07-03", "2026-07-10", "2026-07-17"]] {
        let statement = billed(days);
        assert!(of(&statement, HintKind::Missed, "113001810").is_empty());
        let hints = of(&statement, HintKind::Check, "113001810");
        assert!(hints.len() == 1 && hints[0].text.contains("上限"), "{:?}", statement.hints);
    }
    // 注2: neither on the day of the first visit nor within a month of it.
    assert!(of(&calculate(visit("first", ASTHMA, &[])), HintKind::Missed, "113001810").is_empty());
    let mut soon = visit("return", ASTHMA, &[]);
    soon["history"] = json!([{"date": "2026-07-03", "code": "111000110", "points": 291}]);
    assert!(of(&calculate(soon), HintKind::Missed, "113001810").is_empty());
    // 通知 A001(8)オ: nothing of part B by telephone.
    assert!(of(&calculate(visit("telephone", ASTHMA, &[])), HintKind::Missed, "113001810").is_empty());
    // Not where it is ordered, nor beside 生活習慣病管理料(Ⅱ), which contains it (B001-3-3 注2).
    for ordered in ["113001810", "113707110"] {
        assert!(of(&calculate(visit("return", ASTHMA, &[ordered])), HintKind::Missed, "113001810").is_empty(), "{ordered}");
    }
}

#[test]
fn lifestyle_fees_are_missed_by_disease() {
    let statement = calculate(visit("return", HYPERTENSION, &[]));
    // B001-3 2 高血圧症 660, B001-3-3 333.
    for (code, points) in [("113041810", "660点"), ("113707110", "333点")] {
        let hints = of(&statement, HintKind::Missed, code);
        assert!(hints.len() == 1 && hints[0].text.contains(points) && hints[0].text.contains("注1"), "{:?}", statement.hints);
    }
    // Once a month, and (Ⅱ) not within six months of (Ⅰ) (B001-3-3 注7).
    let mut asked = visit("return", HYPERTENSION, &[]);
    asked["history"] = json!([{"date": "2026-04-10", "code": "113041810", "points": 660}]);
    let statement = calculate(asked.clone());
    assert_eq!(of(&statement, HintKind::Missed, "113041810").len(), 1);
    assert!(of(&statement, HintKind::Missed, "113707110").is_empty());
    asked["history"][0]["date"] = json!("2026-07-03");
    assert!(of(&calculate(asked), HintKind::Missed, "113041810").is_empty());
}

#[test]
fn information_on_drugs_is_missed_in_the_house_only() {
    let prescribed = |place: &str, orders: &[&str]| {
        let mut asked = visit("return", COLD, orders);
        asked["prescriptions"] = json!([{"route": "internal", "place": place, "days": 5,
            "items": [{"code": "620007152", "amount": 3}]}]);
        asked
    };
    let statement = calculate(prescribed("in_house", &[]));
    let hints = of(&statement, HintKind::Missed, "120002370");
    assert!(hints.len() == 1 && hints[0].text.contains("B011-3 注1"), "{:?}", statement.hints);
    // 注3: not with a slip; 注1: once a month; not where ordered.
    assert!(of(&calculate(prescribed("pharmacy", &[])), HintKind::Missed, "120002370").is_empty());
    assert!(of(&calculate(prescribed("in_house", &["120002370"])), HintKind::Missed, "120002370").is_empty());
    let mut again = prescribed("in_house", &[]);
    again["history"] = json!([{"date": "2026-07-03", "code": "120002370", "points": 4}]);
    assert!(of(&calculate(again.clone()), HintKind::Missed, "120002370").is_empty());
    // Ordered again in the month it stands only if the prescription changed.
    again["orders"] = json!([{"code": "120002370"}]);
    assert_eq!(of(&calculate(again), HintKind::Cut, "120002370").len(), 1);
}

#[test]
fn what_will_be_cut_names_its_item() {
    // No diagnosis at all; D009 without 悪性腫瘍 (通知 D009(1)).
    let mut bare = visit("return", COLD, &["160008010"]);
    bare["diagnoses"] = json!([]);
    assert_eq!(of(&calculate(bare), HintKind::Cut, "").len(), 1);
    let marker = calculate(visit("return", COLD, &["160036510"]));
    assert!(of(&marker, HintKind::Cut, "160036510")[0].text.contains("D009(1)"));
    // 通知 A000(13), (14): a first visit three weeks after another visit.
    let first = |date: &str| {
        let mut asked = visit("first", COLD, &[]);
        asked["history"] = json!([{"date": date, "code": "112007410", "points": 76}]);
        calculate(asked)
    };
    assert_eq!(of(&first("2026-07-03"), HintKind::Cut, "111000110").len(), 1);
    assert_eq!(of(&first("2026-06-25"), HintKind::Cut, "111000110").len(), 1);
    assert!(of(&first("2026-06-24"), HintKind::Cut, "111000110").is_empty());
    // A001 注1: online without the standard.
    assert_eq!(of(&calculate(visit("online", COLD, &[])), HintKind::Cut, "112024210").len(), 1);
}

#[test]
fn part_b_stops_at_the_telephone_and_at_the_first_visit() {
    let reason = |statement: &Statement, code: &str| {
        statement.omitted.iter().find(|omitted| omitted.code == code).map(|omitted| omitted.reason.clone()).unwrap_or_default()
    };
    let telephone = calculate(visit("telephone", COLD, &["120002370", "180016110"]));
    assert!(reason(&telephone, "120002370").contains("A001(8)オ"));
    assert!(telephone.lines.iter().any(|line| line.code == "180016110"));
    let Some(tables) = full() else { return };
    let calculate = |value| Engine.calculate(&tables, &json::read(value).expect("a request")).expect("a statement");
    // B001の6 注2 within a month, B001の32 注2 in the same month.
    let after = |code: &str, first: &str| {
        let mut asked = visit("return", COLD, &[code]);
        asked["history"] = json!([{"date": first, "code": "111000110", "points": 291}]);
        calculate(asked)
    };
    assert!(reason(&after("113002850", "2026-06-30"), "113002850").contains("B001の6 注2"));
    assert!(after("113002850", "2026-06-23").lines.iter().any(|line| line.code == "113002850"));
    assert!(reason(&after("113036210", "2026-07-01"), "113036210").contains("B001の32 注2"));
    assert!(after("113036210", "2026-06-30").lines.iter().any(|line| line.code == "113036210"));
    // B001の8 注1: hinted in a clinic of dermatology by master B column 21; the disease is put into the tables here.
    let mut tables = full().expect("masters");
    for (code, special) in [("6918002", "04"), ("3450001", "08")] {
        let mut row = tables.diseases[COLD].clone();
        row.special = special.into();
        tables.diseases.insert(code.into(), row);
    }
    let hinted = |disease: &str, standards: Value, code: &str| {
        let mut asked = visit("return", disease, &[]);
        asked["facility"]["standards"] = standards;
        let statement = Engine.calculate(&tables, &json::read(asked).expect("a request")).expect("a statement");
        of(&statement, HintKind::Missed, code).len()
    };
    assert_eq!(hinted("6918002", json!(["皮膚科"]), "113002310"), 1);
    assert_eq!(hinted("6918002", json!([]), "113002310"), 0);
    assert_eq!(hinted("3450001", json!(["神経内科"]), "113002850"), 1);
    // 08 is of either list, 特定疾患療養管理料 too.
    assert_eq!(hinted("3450001", json!([]), "113001810"), 1);
}

/// Tests that the notices allow for certain diseases: said without one of them, silent with it.
#[test]
fn tests_want_a_fitting_diagnosis() {
    let Some(mut tables) = full() else { return };
    // Codes, names and ICD-10 of master B (2024-06-01).
    for (code, icd10) in
        [("4289015", "I509"), ("2500015", "E11"), ("8842106", "M0690"), ("6918002", "L209"), ("7330006", "M8199")]
    {
        let mut row = tables.diseases[COLD].clone();
        row.icd10 = icd10.into();
        tables.diseases.insert(code.into(), row);
    }
    for (test, disease, citation) in [
        ("160162350", "4289015", "D008(7)"),
        ("160181250", "4289015", "D008(7)"),
        ("160004810", "2500015", "D001(3)"),
        ("160197410", "8842106", "D014(7)"),
        ("160184350", "6918002", "D015(6)"),
        ("160091310", "7330006", "D217(1)"),
    ] {
        let cut = |disease: &str| {
            let request: Request = json::read(visit("return", disease, &[test])).expect("a request");
            let statement = Engine.calculate(&tables, &request).expect("a statement");
            of(&statement, HintKind::Cut, test).iter().filter(|hint| hint.text.contains(citation)).count()
        };
        assert_eq!((cut(COLD), cut(disease)), (1, 0), "{test}");
    }
}

/// Every hint that names a code names one of the tables; every missed one, once followed, is billed by the rules themselves.
#[test]
fn missed_hints_may_be_followed() {
    let Some(tables) = full() else { return };
    let mut followed = 0;
    for kind in ["first", "return", "online"] {
        for disease in [ASTHMA, HYPERTENSION, COLD] {
            for orders in [&[][..], &["160022510", "160008010"], &["113002850"], &["114005010"], &["113707110"], &["140000610"]] {
                let mut asked = visit(kind, disease, orders);
                asked["facility"]["standards"] = json!(["情報通信機器を用いた診療", "小児科", "神経内科"]);
                asked["prescriptions"] = json!([{"route": "internal", "place": "in_house", "days": 5,
                    "items": [{"code": "620007152", "amount": 3}]}]);
                let request: Request = json::read(asked.clone()).expect("a request");
                let statement = Engine.calculate(&tables, &request).expect("a statement");
                for hint in statement.hints.iter().filter(|hint| !hint.code.is_empty()) {
                    assert!(tables.procedure(&hint.code, day("2026-07-24")).is_some(), "{hint:?}");
                    if hint.kind == HintKind::Missed && hint.text.contains("可能性") {
                        let mut more = asked.clone();
                        more["orders"].as_array_mut().expect("orders").push(json!({"code": hint.code}));
                        let request = json::read(more).expect("a request");
                        let statement = Engine.calculate(&tables, &request).expect("a statement");
                        assert!(statement.lines.iter().any(|line| line.code == hint.code), "{hint:?} {orders:?}");
                        followed += 1;
                    }
                }
            }
        }
    }
    assert!(followed > 50, "{followed} followed");
}
