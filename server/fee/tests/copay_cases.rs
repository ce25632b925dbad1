//! The 81 worked cases of monthly payment that 支払基金・厚生労働省 published (計算事例集), and `drug_fee_cases.json`.
//!
//! The cases stand beside the project (`../shared/fee`, or `KARTE_SHARED`); without them the test says so and skips.

use fee::{copay, drugs};
use rust_decimal::{Decimal, prelude::FromPrimitive};
use serde_json::{Value, json};
use std::path::PathBuf;

fn shared(path: &str) -> Option<Value> {
    let root = std::env::var_os("KARTE_SHARED")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared"), PathBuf::from);
    match std::fs::read_to_string(root.join(path)) {
        Ok(text) => Some(serde_json::from_str(&text).expect("the file is JSON")),
        Err(_) => {
            eprintln!("SKIPPED: {path} is not beside the project (set KARTE_SHARED)");
            None
        }
    }
}

/// A subsidy as the source's maker functions call it: (law, share, cap).
fn subsidy(id: &str, maker: &str, cap: Option<i64>) -> Value {
    let (law, share) = match maker {
        "mkKouhiKekkaku" => ("10", None),
        "mkKouhiKousei" => ("15", None),
        "mkKouhiNanbyou" | "nanbyou" => ("54", None),
        "shouni-mansei" => ("52", None),
        "hepatitis" => ("38", None),
        "mkSeikatsuHogo" => ("12", None),
        "group1-infection" => ("28", Some(0)),
        "mkKouhiMaruaoFutanNash" => ("88", Some(0)),
        "mkMaruToTaikiosen" => ("82", None),
        other => panic!("unknown maker {other}"),
    };
    let mut value = json!({"id": id, "law": law});
    if let Some(share) = share {
        value["share"] = json!(share);
    }
    if let Some(cap) = cap {
        value["cap"] = json!(cap);
    }
    value
}

fn number_after(text: &str, key: &str) -> Option<i64> {
    let rest = text.split_once(key)?.1.trim_start_matches([':', ' ']);
    rest.chars().take_while(char::is_ascii_digit).collect::<String>().parse().ok()
}

fn quoted_class(text: &str) -> Option<String> {
    let text = text.replace("shotokuKubun:", "");
    text.split('"').nth(1).map(str::to_owned)
}

/// The month in our shape: class, share and switches read from the source's options.
fn month(class: Option<&str>, share: Option<i64>, options: &str, inpatient: bool, elderly: bool) -> Value {
    let young = class.is_none_or(|class| ["ア", "イ", "ウ", "エ", "オ"].contains(&class)) && !elderly;
    let share = share.unwrap_or(match class {
        Some("一般" | "低所得Ⅱ" | "低所得Ⅰ" | "一般Ⅱ") => 2,
        _ => 3,
    });
    let band = match (young, class) {
        (true, _) => "under70",
        (false, Some("一般Ⅱ")) => "75plus",
        _ if elderly => "75plus",
        _ => "70to74",
    };
    let mut month = json!({
        "month": "2023-04", "age_band": band, "insurance_share": share * 10, "inpatient": inpatient,
        "many_times": options.contains("isTasuuGaitou: true"), "turned_75": options.contains("isBirthdayMonth75: true"),
        "subsidies": [], "bills": [],
    });
    if let Some(class) = class {
        month["limit_class"] = json!(class);
    }
    if let Some(cap) = number_after(options, "marucho") {
        month["long_term_cap"] = json!(cap);
    }
    month
}

/// What is expected: (payer or "" for the patient's total, field, yen).
type Expected = Vec<(String, &'static str, i64)>;

fn jikofutan(path: &str) -> (String, &'static str) {
    let inner = path.split_once('(').map_or(path, |(_, rest)| rest);
    let id = inner.split('.').next().unwrap_or_default().to_owned();
    let field = if path.starts_with("totalJikofutanOf") {
        return (String::new(), "patient_yen");
    } else if path.contains("jikofutanOf") {
        "patient_yen"
    } else if path.contains("uncoveredOf") {
        "left_yen"
    } else if path.ends_with("kakari") {
        "charged_yen"
    } else {
        "paid"
    };
    (id, field)
}

/// Cases written as `payers: {id: maker}`.
fn from_makers(case: &Value) -> (Value, Expected) {
    let options = case["options"].as_str().unwrap_or_default();
    let class = quoted_class(options);
    let elderly = options.contains("isUnder70: false");
    let mut month = month(
        class.as_deref(),
        number_after(options, "futanWari"),
        options,
        !options.contains("isNyuuin: false") && !elderly,
        elderly,
    );
    for (id, maker) in case["payers"].as_object().expect("payers") {
        let maker = maker.as_str().expect("a maker");
        if maker.starts_with("mkHokenPayer") {
            continue;
        }
        let (name, rest) = maker.split_once('(').expect("a call");
        let cap = rest.trim_end_matches(')').parse().ok();
        month["subsidies"].as_array_mut().expect("array").push(subsidy(id, name, cap));
    }
    let rename = |id: &str| if id == "hoken" { "insurance".to_owned() } else { id.to_owned() };
    for bill in case["bills_yen"].as_array().expect("bills") {
        let payers: Vec<String> = bill[1].as_array().expect("payers").iter().map(|p| rename(p.as_str().expect("id"))).collect();
        month["bills"].as_array_mut().expect("array").push(json!({"yen": bill[0], "payers": payers}));
    }
    let mut expected: Expected = Vec::new();
    for expect in case["expects"].as_array().expect("expects") {
        let (id, field) = jikofutan(expect[0].as_str().expect("a path"));
        expected.push((rename(&id), field, expect[1].as_i64().expect("yen")));
    }
    if let Some(call) = case["simple_call"].as_str() {
        simple(call, &mut month, &mut expected);
    }
    (month, expected)
}

/// `calc(points, class, share, expected, options, [subsidies])`.
fn simple(call: &str, month_out: &mut Value, expected: &mut Expected) {
    let parts: Vec<&str> = call.split(',').map(str::trim).collect();
    let points: i64 = parts[0].parse().expect("points");
    let class = quoted_class(parts[1]);
    let share: i64 = parts[2].parse().expect("a share");
    let subsidies = month_out["subsidies"].clone();
    let mut month = month(class.as_deref(), Some(share), call, false, false);
    let payers: Vec<Value> = std::iter::once(json!("insurance"))
        .chain(subsidies.as_array().expect("array").iter().map(|subsidy| subsidy["id"].clone()))
        .collect();
    month["bills"] = json!([{"yen": points * 10, "payers": payers}]);
    month["subsidies"] = subsidies;
    *month_out = month;
    expected.push((String::new(), "patient_yen", parts[3].parse().expect("yen")));
}

/// Reads the source's JavaScript literal (payers, bills, expects) as JSON.
fn literal(text: &str) -> Value {
    let mut out = String::new();
    let mut chars = text.chars().peekable();
    let mut quoted = false;
    while let Some(c) = chars.next() {
        if c == '"' {
            quoted = !quoted;
        }
        let key = !quoted && c.is_ascii_alphabetic();
        if key {
            let mut word = c.to_string();
            while let Some(next) = chars.next_if(|next| next.is_ascii_alphanumeric()) {
                word.push(next);
            }
            match word.as_str() {
                "true" | "false" | "null" => out.push_str(&word),
                _ => out.push_str(&format!("\"{word}\"")),
            }
        } else if c == ','
            && !quoted
            && chars.clone().find(|next| !next.is_whitespace()).is_none_or(|next| next == ']' || next == '}')
        {
            // a trailing comma
        } else {
            out.push(c);
        }
    }
    serde_json::from_str(&out).unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// Cases written as `[["hoken:hairyosochi"], ["nanbyou", {gendogaku: 5000}]]`.
fn from_spec(case: &Value) -> (Value, Expected) {
    let options = case["options"].as_str().unwrap_or_default();
    let payers = literal(case["payers"].as_str().expect("payers"));
    let considerate = payers[0][0] == "hoken:hairyosochi";
    let class = if considerate { Some("一般Ⅱ".to_owned()) } else { quoted_class(options) };
    let share = if considerate { Some(2) } else { payers[0][1]["futanWari"].as_i64() };
    let mut month = month(class.as_deref(), share, options, options.contains("isNyuuin: true"), considerate);
    for payer in payers.as_array().expect("payers").iter().skip(1) {
        let id = payer[0].as_str().expect("id");
        month["subsidies"].as_array_mut().expect("array").push(subsidy(id, id, payer[1]["gendogaku"].as_i64()));
    }
    let rename = |id: &str| if id == "hoken" { "insurance".to_owned() } else { id.to_owned() };
    for bill in literal(case["bills_yen"].as_str().expect("bills")).as_array().expect("bills") {
        let payers: Vec<String> = bill[1].as_array().expect("payers").iter().map(|p| rename(p.as_str().expect("id"))).collect();
        month["bills"].as_array_mut().expect("array").push(json!({"yen": bill[0], "payers": payers}));
    }
    let mut expected: Expected = Vec::new();
    for expect in literal(case["expects"].as_str().expect("expects")).as_array().expect("expects") {
        if expect[0] == "jikofutan" {
            expected.push((String::new(), "patient_yen", expect[1].as_i64().expect("yen")));
            continue;
        }
        let id = rename(expect[1]["payer"].as_str().expect("payer"));
        for (key, field) in
            [("kakari", "charged_yen"), ("uncovered", "left_yen"), ("jikofutan", "patient_yen"), ("payment", "paid")]
        {
            if let Some(yen) = expect[1][key].as_i64() {
                expected.push((id.clone(), field, yen));
            }
        }
    }
    (month, expected)
}

fn found(settled: &Value, id: &str, field: &str) -> Option<i64> {
    if id.is_empty() {
        return settled[field].as_i64();
    }
    let payer = settled["payers"].as_array()?.iter().find(|payer| payer["id"] == id)?;
    match field {
        "paid" => Some(payer["charged_yen"].as_i64()? - payer["left_yen"].as_i64()?),
        field => payer[field].as_i64(),
    }
}

#[test]
fn all_81_worked_cases_come_to_the_yen() {
    let Some(file) = shared("fee/copay/worked-cases.json") else { return };
    let cases = file["cases"].as_array().expect("cases");
    assert_eq!(cases.len(), 81);
    let mut wrong = Vec::new();
    for (number, case) in cases.iter().enumerate() {
        let (month, expected) = if case["payers"].is_object() { from_makers(case) } else { from_spec(case) };
        let line = fee::json::copay_lines(&month.to_string()).remove(0);
        let settled: Value = match line {
            Ok(line) => serde_json::from_str(&line).expect("JSON"),
            Err(error) => {
                wrong.push(format!("{number} {}: {error}", case["title"]));
                continue;
            }
        };
        assert!(!expected.is_empty(), "case {number} expects something");
        for (id, field, yen) in expected {
            if found(&settled, &id, field) != Some(yen) {
                wrong.push(format!("{number} {}: {id} {field} should be {yen}\n   {month}\n   {settled}", case["title"]));
            }
        }
    }
    assert!(wrong.is_empty(), "{} differences:\n{}", wrong.len(), wrong.join("\n"));
    let _ = copay::AgeBand::Under70;
}

#[test]
fn all_drug_fees_come_to_the_point() {
    let Some(file) = shared("fee/drug_fee_cases.json") else { return };
    let mut checked = 0;
    for case in file["cases"].as_array().expect("cases") {
        let mut total = 0;
        for unit in case["units"].as_array().expect("units") {
            // The source's sums are floats; a hundredth of a yen is the finest price there is.
            let yen = Decimal::from_f64(unit["P"].as_f64().expect("yen")).expect("a number").round_dp(2);
            let points = drugs::points(yen, drugs::Rounding::AtLeastOne).expect("at least one point");
            if let Some(expected) = unit["points_per_unit"].as_i64() {
                assert_eq!(points, expected, "{yen} yen in {}", case["src"]);
                checked += 1;
            }
            total += points * unit["days"].as_i64().unwrap_or(1);
        }
        if let Some(expected) = case["answer_total"].as_i64() {
            assert_eq!(total, expected, "{}", case["src"]);
            checked += 1;
        }
    }
    assert!(checked >= 11, "only {checked} figures were compared");
}

proptest::proptest! {
    /// Nothing is lost between payers: what they bear and what the patient pays is the whole cost, to the ten yen of rounding.
    #[test]
    fn the_cost_is_borne_whole(
        bills in proptest::collection::vec((0i64..90_000, 0usize..4), 1..6),
        share in 1u8..4,
        class in 0usize..5,
        elder in proptest::bool::ANY,
        cap in 0i64..3_000,
    ) {
        let class = if elder { ["現役並みⅢ", "現役並みⅡ", "一般", "低所得Ⅱ", "低所得Ⅰ"] } else { ["ア", "イ", "ウ", "エ", "オ"] }[class];
        let choices = [vec!["insurance"], vec!["insurance", "a"], vec!["insurance", "b"], vec!["insurance", "b", "a"]];
        let month = json!({
            "month": "2026-07", "age_band": if elder { "70to74" } else { "under70" }, "insurance_share": share * 10, "limit_class": class,
            "subsidies": [{"id": "a", "law": "54", "cap": cap * 10}, {"id": "b", "law": "10"}],
            "bills": bills.iter().map(|(points, who)| json!({"yen": points * 10, "payers": choices[*who]})).collect::<Vec<_>>(),
        });
        let line = fee::json::copay_lines(&month.to_string()).remove(0).expect("settles");
        let settled: Value = serde_json::from_str(&line).expect("JSON");
        let total: i64 = bills.iter().map(|(points, _)| points * 10).sum();
        let patient = settled["patient_yen"].as_i64().expect("yen");
        let borne: i64 = settled["payers"].as_array().expect("payers").iter()
            .map(|payer| payer["charged_yen"].as_i64().expect("yen") - payer["left_yen"].as_i64().expect("yen")).sum();
        proptest::prop_assert_eq!(borne + patient, total);
        proptest::prop_assert!(patient >= 0 && patient <= total * i64::from(share) / 10 + 20);
    }
}
