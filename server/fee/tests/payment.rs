//! What the patient pays on a day: local subsidies that count visits, the month of the 75th birthday, マル長, 多数回該当,
//! 世帯合算, 生活保護. Figures of limits are those of 健康保険法施行令 42条; terms of local subsidies are examples.

#[expect(dead_code, reason = "the full masters belong to another test")]
mod common;

use model::fee::Statement;
use proptest::prelude::*;
use serde_json::{Value, json};

fn calculate(visit: Value) -> Statement {
    let request: fee::Request = fee::json::read(visit).expect("a request");
    fee::Calculator::calculate(&fee::Engine, &common::small(), &request).expect("a statement")
}

/// A telephone visit of July 2026 (78 points) after earlier days of so many points, on the 20th.
fn visit(birth: &str, coverage: Value, earlier: &[(&str, i64)]) -> Value {
    let history: Vec<Value> =
        earlier.iter().map(|(date, points)| json!({"date": date, "code": "112007410", "points": points, "count": 1})).collect();
    json!({
        "date": "2026-07-20", "facility": {}, "patient": {"birth_date": birth},
        "visit": {"kind": "telephone"}, "coverage": coverage, "history": history,
    })
}

fn settle(month: Value) -> Value {
    let line = fee::json::copay_lines(&month.to_string()).remove(0).expect("settles");
    serde_json::from_str(&line).expect("JSON")
}

fn says(statement: &Statement, word: &str) -> bool {
    statement.hints.iter().any(|hint| hint.text.contains(word))
}

const CHILD: &str = "2016-05-05";

fn child(subsidy: Value) -> Value {
    json!({"insurance": {"insurer": "06130488", "share": 30}, "subsidies": [subsidy]})
}

#[test]
fn a_visit_costs_its_share_or_the_cap_whichever_is_less() {
    // 780 yen: 30 % is 230 yen.
    let pay = |subsidy: Value| calculate(visit(CHILD, child(subsidy), &[])).payment.patient_yen.0;
    assert_eq!(pay(json!({"payer": "88130000", "visit_cap": 500})), 230);
    assert_eq!(pay(json!({"payer": "88130000", "visit_cap": 200})), 200);
    // Its own share of 10 % of the cost, then the cap.
    assert_eq!(pay(json!({"payer": "88130000", "share": 10, "visit_cap": 500})), 80);
    assert_eq!(pay(json!({"payer": "88130000", "share": 10, "visit_cap": 50})), 50);
    assert_eq!(pay(json!({"payer": "88130000", "visit_cap": 0})), 0);
}

#[test]
fn later_visits_of_the_month_are_free() {
    let twice = json!({"payer": "88130000", "visit_cap": 200, "charged_visits": 2});
    let pay = |earlier: &[(&str, i64)]| calculate(visit(CHILD, child(twice.clone()), earlier)).payment.patient_yen.0;
    assert_eq!(pay(&[("2026-07-01", 78)]), 200);
    assert_eq!(pay(&[("2026-07-01", 78), ("2026-07-08", 300)]), 0);
    // Another month, and a second visit of the same day, which is one with the first.
    assert_eq!(pay(&[("2026-06-01", 78), ("2026-06-08", 300)]), 200);
    assert_eq!(pay(&[("2026-07-01", 78), ("2026-07-20", 300)]), 0);
    assert_eq!(pay(&[("2026-07-01", 78), ("2026-07-20", 30)]), 110, "90 of the 200 yen were paid earlier that day");
}

#[test]
fn a_cap_of_the_month_holds_over_caps_of_visits() {
    let both = json!({"payer": "88130000", "visit_cap": 200, "cap": 300});
    let pay = |earlier: &[(&str, i64)]| calculate(visit(CHILD, child(both.clone()), earlier)).payment.patient_yen.0;
    assert_eq!(pay(&[]), 200);
    assert_eq!(pay(&[("2026-07-01", 78)]), 100);
    assert_eq!(pay(&[("2026-07-01", 78), ("2026-07-02", 78)]), 0);
}

#[test]
fn a_local_subsidy_comes_after_a_national_one() {
    // 難病 leaves 20 % of 780 yen: 160; the local one leaves 100 of it.
    let coverage = json!({"insurance": {"insurer": "06130488", "share": 30}, "subsidies": [
        {"payer": "88130000", "visit_cap": 100}, {"payer": "54136015", "cap": 5000}]});
    let payment = calculate(visit("1981-03-02", coverage, &[])).payment;
    let payers: Vec<(&str, i64, i64)> =
        payment.payers.iter().map(|payer| (payer.id.as_str(), payer.charged_yen.0, payer.left_yen.0)).collect();
    assert_eq!(payers, [("insurance", 780, 234), ("54136015", 234, 160), ("88130000", 160, 100)]);
    assert_eq!(payment.patient_yen.0, 100);
}

#[test]
fn public_assistance_without_insurance_leaves_nothing_or_what_its_ticket_names() {
    let pay = |subsidy: Value| {
        let statement = calculate(visit("1981-03-02", json!({"insurance": null, "subsidies": [subsidy]}), &[]));
        (statement.payment.patient_yen.0, statement.payment.payers[0].charged_yen.0)
    };
    assert_eq!(pay(json!({"payer": "12130000"})), (0, 780));
    assert_eq!(pay(json!({"payer": "12130000", "cap": 300})), (300, 780));
    assert_eq!(pay(json!({"payer": "12130000", "cap": 3000})), (780, 780));
}

#[test]
fn the_month_of_the_75th_birthday_halves_limits_and_counts_each_insurance_for_itself() {
    // Born 1951-07-10: 75 on 10 July 2026. 一般, outpatient: 18,000 yen, half of it is 9,000 (施行令 42条5項).
    let late = json!({"insurance": {"insurer": "39131012", "share": 20}, "subsidies": []});
    let before = [("2026-07-03", 9_000)];
    let after = [("2026-07-12", 4_480)];
    // 90,000 yen before the birthday fell to the other insurance: today's own 160 yen are due.
    assert_eq!(calculate(visit("1951-07-10", late.clone(), &before)).payment.patient_yen.0, 160);
    // 44,800 yen after it: 8,960 paid, 40 are left to the half limit.
    assert_eq!(calculate(visit("1951-07-10", late.clone(), &after)).payment.patient_yen.0, 40);
    // A year older: the whole limit, 160.
    assert_eq!(calculate(visit("1950-07-10", late.clone(), &after)).payment.patient_yen.0, 160);
    // Born on the first of the month: the whole month is the new insurance's.
    assert_eq!(calculate(visit("1951-07-01", late, &after)).payment.patient_yen.0, 160);
}

#[test]
fn people_of_65_with_a_certified_disability_are_like_those_of_75() {
    let late = json!({"insurance": {"insurer": "39131012", "share": 10}, "subsidies": []});
    let statement = calculate(visit("1958-07-10", late.clone(), &[]));
    assert!(!says(&statement, "負担割合"), "{:?}", statement.hints);
    assert!(says(&calculate(visit("1970-07-10", late, &[])), "負担割合"));
}

#[test]
fn many_times_and_the_long_term_cap_come_from_the_card() {
    // ウ: 80,100 yen and more; from the fourth month 44,400 (42条1項1号). 148,000 yen left 44,400.
    let card = |extra: Value| {
        let mut card = json!({"insurer": "06130488", "share": 30, "limit_class": "ウ"});
        for (key, value) in extra.as_object().expect("an object") {
            card[key] = value.clone();
        }
        json!({"insurance": card, "subsidies": []})
    };
    let earlier = [("2026-07-03", 14_800)];
    let plain = calculate(visit("1981-03-02", card(json!({})), &earlier));
    assert_eq!(plain.payment.patient_yen.0, 230);
    assert!(says(&plain, "世帯合算"));
    assert_eq!(calculate(visit("1981-03-02", card(json!({"many_times": true})), &earlier)).payment.patient_yen.0, 0);
    // マル長 10,000 yen (42条9項1号): 33,000 yen left 9,900.
    let earlier = [("2026-07-03", 3_300)];
    let long = calculate(visit("1981-03-02", card(json!({"long_term_cap": 10000})), &earlier));
    assert_eq!(long.payment.patient_yen.0, 100);
    assert!(says(&long, "マル長") && !says(&long, "世帯合算"));
}

#[test]
fn the_long_term_cap_is_halved_in_the_month_of_the_75th_birthday() {
    let month = |turned: bool| {
        settle(json!({"month": "2026-07", "age_band": "75plus", "insurance_share": 20, "long_term_cap": 10000,
            "turned_75": turned, "bills": [{"yen": 400000, "payers": ["insurance"]}]}))["patient_yen"]
            .clone()
    };
    assert_eq!((month(false), month(true)), (json!(10000), json!(5000)));
}

#[test]
fn a_part_of_21_000_yen_is_flagged_under_70_only() {
    let month = |yen: i64, band: &str, turned: bool| {
        let settled = settle(json!({"month": "2026-07", "age_band": band, "insurance_share": 30, "turned_75": turned,
            "bills": [{"yen": yen, "payers": ["insurance"]}]}));
        settled["flags"] == json!(["household"])
    };
    assert!(month(70_000, "under70", false) && !month(69_960, "under70", false));
    assert!(month(35_000, "under70", true), "10,500 yen in the month of the 75th birthday (41条1項)");
    assert!(!month(70_000, "70to74", false));
}

proptest! {
    /// Whatever the visits cost: none is dearer than its cap or its share, only so many are charged, and they keep their order.
    #[test]
    fn visits_stay_under_their_caps(
        points in prop::collection::vec(0i64..3_000, 1..12),
        visit_cap in prop::option::of(0i64..20),
        charged in prop::option::of(0u16..5),
        cap in prop::option::of(0i64..50),
    ) {
        let (visit_cap, cap) = (visit_cap.map(|yen| yen * 50), cap.map(|yen| yen * 50));
        let bills = |points: &[i64]| points.iter().map(|p| json!({"yen": p * 10, "payers": ["insurance", "k"]})).collect::<Vec<_>>();
        let pay = |points: &[i64]| {
            settle(json!({"month": "2026-07", "age_band": "under70", "insurance_share": 30,
                "subsidies": [{"id": "k", "visit_cap": visit_cap, "charged_visits": charged, "cap": cap}], "bills": bills(points)}))
                ["patient_yen"].as_i64().expect("yen")
        };
        prop_assume!(visit_cap.is_some() || charged.is_some());
        let mut paid = 0;
        let mut costly = 0;
        for until in 1..=points.len() {
            let now = pay(&points[..until]);
            let step = now - paid;
            let share = (points[until - 1] * 3 + 5) / 10 * 10;
            prop_assert!(step >= 0 && step <= visit_cap.unwrap_or(i64::MAX).min(share), "{step} at {until}");
            if share > 0 {
                costly += 1;
                prop_assert!(charged.is_none_or(|most| costly <= most) || step == 0);
            }
            paid = now;
        }
        prop_assert!(cap.is_none_or(|cap| paid <= cap));
    }

    /// What a day pays is what the month so far pays more, day after day.
    #[test]
    fn days_add_up_to_the_month(points in prop::collection::vec(1i64..800, 1..6), charged in prop::option::of(1u16..4)) {
        let subsidy = json!({"payer": "88130000", "visit_cap": 300, "charged_visits": charged});
        let dates = ["2026-07-01", "2026-07-02", "2026-07-03", "2026-07-04", "2026-07-05"];
        let earlier: Vec<(&str, i64)> = dates.into_iter().zip(points.iter().copied()).collect();
        let today = calculate(visit(CHILD, child(subsidy), &earlier)).payment.patient_yen.0;
        let bills: Vec<Value> = earlier.iter().map(|(_, p)| p * 10).chain([780])
            .map(|yen| json!({"yen": yen, "payers": ["insurance", "k"]})).collect();
        let pay = |bills: &[Value]| settle(json!({"month": "2026-07", "age_band": "under70", "insurance_share": 30,
            "subsidies": [{"id": "k", "visit_cap": 300, "charged_visits": charged}], "bills": bills}))["patient_yen"].as_i64();
        let difference = pay(&bills).expect("yen") - pay(&bills[..bills.len() - 1]).expect("yen");
        prop_assert_eq!(today, difference);
    }
}
