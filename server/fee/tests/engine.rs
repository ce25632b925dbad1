//! Visits of a clinic, calculated with a small set of master rows; every expectation cites what it rests on.

#[expect(dead_code, reason = "the full masters belong to another test")]
mod common;

use common::{day, small};
use fee::{Calculator, Engine, FeeError, Request, json};
use model::fee::{FeeLine, Statement};
use proptest::prelude::*;
use serde_json::{Value, json};

fn request(value: Value) -> Request {
    json::read(value).expect("a request")
}

fn calculate(value: Value) -> Statement {
    Engine.calculate(&small(), &request(value)).expect("a statement")
}

/// A visit in July 2026 (R8) of a woman of 45 with 30 %.
fn visit(kind: &str) -> Value {
    json!({
        "date": "2026-07-10", "time": "10:15",
        "facility": {"prefecture": "13", "kind": "clinic", "standards": []},
        "patient": {"birth_date": "1981-03-02", "sex": "female"},
        "visit": {"kind": kind, "department": "01", "holiday": false},
        "coverage": {"insurance": {"insurer": "06130488", "share": 30, "limit_class": "ウ"}},
    })
}

fn with(mut visit: Value, key: &str, value: Value) -> Value {
    let mut place = &mut visit;
    let mut keys = key.split('.').peekable();
    while let Some(part) = keys.next() {
        if keys.peek().is_none() {
            place[part] = value;
            break;
        }
        place = &mut place[part];
    }
    visit
}

fn codes(statement: &Statement) -> Vec<(&str, i64, i64)> {
    statement.lines.iter().map(|line| (line.code.as_str(), line.points.0, line.count)).collect()
}

fn line<'a>(statement: &'a Statement, code: &str) -> &'a FeeLine {
    statement.lines.iter().find(|line| line.code == code).unwrap_or_else(|| panic!("{code} is billed: {:#?}", statement.lines))
}

fn reason(statement: &Statement, code: &str) -> String {
    statement.omitted.iter().find(|omitted| omitted.code == code).map(|o| o.reason.clone()).unwrap_or_default()
}

fn orders(codes: &[&str]) -> Value {
    codes.iter().map(|code| json!({"code": code, "quantity": 1, "parts": []})).collect()
}

#[test]
fn a_first_visit_with_an_influenza_test() {
    // The order of the example in the fee issue: D012 22 インフルエンザウイルス抗原定性 132点.
    let statement = calculate(with(
        with(visit("first"), "orders", orders(&["160169450"])),
        "facility.standards",
        json!(["検体検査管理加算1"]),
    ));
    // A000 291, D012 132, D026 6 144 (免疫), D026 注4イ 40, O100 1イ 2.
    assert_eq!(
        codes(&statement),
        [("111000110", 291, 1), ("160169450", 132, 1), ("160062110", 144, 1), ("160170170", 40, 1), ("180819910", 2, 1)]
    );
    assert_eq!(statement.points.0, 609);
    // 6,090 yen × 30 % = 1,827 → 1,830 (健康保険法 75条).
    assert_eq!(statement.payment.patient_yen.0, 1830);
    assert_eq!(line(&statement, "111000110").citation, "A000");
    assert!(line(&statement, "160169450").estimated, "the R8 master row is an estimate and says so");
}

#[test]
fn a_return_visit_with_blood_tests_and_a_slip() {
    let statement = calculate(with(
        with(
            with(
                visit("return"),
                "orders",
                orders(&["160022510", "160022610", "160020410", "160019210", "160019410", "160008010"]),
            ),
            "prescriptions",
            json!([{"route": "internal", "place": "pharmacy", "items": [{"code": "620007853", "amount": 1.0}], "days": 30, "general_name": true}]),
        ),
        "diagnoses",
        json!([{"code": "4939008", "modifiers": [], "started": "2026-01-10", "suspected": false, "principal": true}]),
    ));
    // A001 76; 外来管理加算 52 (blood tests do not block it); D007 注イ 93 for five items; D005 21; D400 40;
    // D026 125 + 144; F400 60 + 56 (28 days or more, 特定疾患); O100 2.
    assert_eq!(
        codes(&statement),
        [
            ("112007410", 76, 1),
            ("112011010", 52, 1),
            ("160008010", 21, 1),
            ("160019210", 93, 1),
            ("160095710", 40, 1),
            ("160061810", 125, 1),
            ("160061910", 144, 1),
            ("120002910", 60, 1),
            ("120005710", 56, 1),
            ("180820010", 2, 1),
        ]
    );
    assert_eq!(statement.points.0, 669);
    assert_eq!(statement.payment.patient_yen.0, 2010);
    assert_eq!(line(&statement, "160019210").parts.len(), 5);
    assert!(
        statement.hints.iter().any(|hint| hint.text.contains("特定疾患療養管理料（診療所）（225点）")),
        "{:?}",
        statement.hints
    );
}

#[test]
fn the_revision_decides_by_the_day_of_service() {
    let old = calculate(with(visit("return"), "date", json!("2026-05-29")));
    let new = calculate(with(visit("return"), "date", json!("2026-06-01")));
    assert_eq!((old.edition.as_str(), codes(&old)), ("R6", vec![("112007410", 75, 1), ("112011010", 52, 1)]));
    assert_eq!(
        (new.edition.as_str(), codes(&new)),
        ("R8", vec![("112007410", 76, 1), ("112011010", 52, 1), ("180820010", 2, 1)])
    );
    let before = Engine.calculate(&small(), &request(with(visit("return"), "date", json!("2020-01-06"))));
    assert_eq!(before, Err(FeeError::NoEdition { on: day("2020-01-06") }));
}

#[test]
fn infants_and_hours_replace_each_other() {
    let child = |time: &str, holiday: bool| {
        let visit = with(with(visit("first"), "patient.birth_date", json!("2023-07-11")), "time", json!(time));
        calculate(with(visit, "visit.holiday", json!(holiday)))
    };
    // A000 注6: 75, "ただし、注７又は注８に規定する加算を算定する場合は算定しない".
    assert_eq!(codes(&child("10:15", false))[1], ("111000370", 75, 1));
    // 2026-07-10 is a Friday: 時間外 from 18 o'clock (通知 A000(18)ア), 深夜 from 22.
    assert_eq!(codes(&child("18:30", false))[1], ("111011970", 200, 1));
    assert_eq!(codes(&child("22:30", false))[1], ("111012170", 695, 1));
    assert_eq!(codes(&child("10:15", true))[1], ("111012070", 365, 1));
    assert_eq!(child("10:15", true).lines.len(), 3);
}

#[test]
fn night_add_on_belongs_to_clinics_that_are_open_then() {
    // A000 注9, A001 注7: 50 points within the displayed hours, from 18 o'clock (Saturdays from noon) to 8.
    let evening = with(with(visit("return"), "time", json!("18:30")), "facility.standards", json!(["夜間・早朝等加算"]));
    assert_eq!(line(&calculate(evening.clone()), "112015570").points.0, 50);
    let outside = calculate(with(evening.clone(), "visit.in_hours", json!(false)));
    assert_eq!(line(&outside, "112001110").points.0, 65);
    let saturday = calculate(with(with(evening, "date", json!("2026-07-11")), "time", json!("12:30")));
    assert_eq!(line(&saturday, "112015570").points.0, 50);
}

#[test]
fn outpatient_management_has_blockers() {
    // A001 注8: 処置 (master column 56).
    let treated = calculate(with(visit("return"), "orders", orders(&["140000610"])));
    assert!(reason(&treated, "112011010").contains("創傷処置"), "{:?}", treated.omitted);
    // A001 注9: by telephone 注8 is not billed.
    let telephone = calculate(visit("telephone"));
    assert_eq!(codes(&telephone), [("112007950", 76, 1), ("180820010", 2, 1)]);
    assert!(reason(&telephone, "112011010").contains("電話等再診料"));
    // 通知 A001(2): online neither.
    let online = calculate(with(visit("online"), "facility.standards", json!(["情報通信機器を用いた診療"])));
    assert_eq!(codes(&online)[0], ("112024210", 76, 1));
    assert!(!reason(&online, "112011010").is_empty());
    // 通知 A001(7)カ: a mere repeat prescription.
    let unexplained = calculate(with(visit("return"), "visit.explained", json!(false)));
    assert!(reason(&unexplained, "112011010").contains("説明"));
}

#[test]
fn structure_add_ons_are_monthly_and_exclude_each_other() {
    let standards = json!([
        "外来感染対策向上加算",
        "電子的診療情報連携体制整備加算１",
        "明細書発行体制等加算",
        "時間外対応体制加算1",
        "外来・在宅ベースアップ評価料（Ⅰ）"
    ]);
    let visit = with(visit("return"), "facility.standards", standards);
    let statement = calculate(visit.clone());
    // A001 注10イ 7 (R8), 注15 6, 注19 2, O001 2 4, O100 2; 注11 is out beside 注19.
    assert_eq!(line(&statement, "112016070").points.0, 7);
    assert_eq!(line(&statement, "112024370").points.0, 6);
    assert_eq!(line(&statement, "112709570").points.0, 2);
    assert_eq!(line(&statement, "180725810").points.0, 4);
    assert!(reason(&statement, "112015770").contains("電子的診療情報連携体制整備加算"));
    let again = calculate(with(
        visit,
        "history",
        json!([{"date": "2026-07-03", "code": "112024370", "points": 6, "count": 1}, {"date": "2026-07-03", "code": "112709570"}]),
    ));
    assert!(reason(&again, "112024370").contains("7月3日"));
    assert!(reason(&again, "112709570").contains("月1回"));
}

#[test]
fn second_departments_and_second_visits() {
    // A001 注3: 39 points (R8), no add-ons; A000 注5: 146.
    let second = calculate(with(visit("return"), "visit.second_department", json!(true)));
    assert_eq!(codes(&second)[0], ("112015810", 39, 1));
    assert!(reason(&second, "112011010").contains("2科目"));
    // 通知 A001(1): 同一日において２以上の再診があってもその都度.
    let history = json!([{"date": "2026-07-10", "code": "112007410", "points": 76, "count": 1}]);
    assert_eq!(codes(&calculate(with(visit("return"), "history", history)))[0].0, "112008350");
}

#[test]
fn judgement_fees_once_a_month_for_each_group() {
    let tests = orders(&["160022510", "160008010"]);
    let history = json!([{"date": "2026-07-02", "code": "160061810", "points": 125, "count": 1}]);
    let statement = calculate(with(with(visit("return"), "orders", tests), "history", history));
    assert!(reason(&statement, "160061810").contains("7月2日"));
    assert_eq!(line(&statement, "160061910").points.0, 144);
    // D026 注2: D000 alone brings no judgement fee, and no blood draw.
    let urine = calculate(with(visit("return"), "orders", orders(&["160000310"])));
    assert_eq!(codes(&urine), [("112007410", 76, 1), ("112011010", 52, 1), ("160000310", 26, 1), ("180820010", 2, 1)]);
}

#[test]
fn bundles_count_items_and_leave_out_what_does_not_count() {
    let all = [
        "160022510",
        "160022610",
        "160020410",
        "160019210",
        "160019410",
        "160019010",
        "160020910",
        "160022410",
        "160023410",
        "160167250",
    ];
    // 通知 D007(5): of T-cho, HDL, LDL the main two: nine items → 注ロ 99.
    let nine = calculate(with(visit("return"), "orders", orders(&all)));
    let bundle = nine.lines.iter().find(|line| line.citation == "D007 注").expect("a bundle");
    assert_eq!((bundle.points.0, bundle.parts.len()), (99, 9));
    assert_eq!(nine.omitted.iter().filter(|omitted| omitted.reason.contains("D007(5)")).count(), 1);
    // Four items are billed one by one: 17 + 17 + 11 + 11.
    let four = calculate(with(visit("return"), "orders", orders(&all[..4])));
    assert_eq!(four.lines.iter().filter(|line| line.citation == "D007").map(|line| line.total().0).sum::<i64>(), 56);
    // D009 注2イ, the example of 通知 外来迅速(2): CEA + CA19-9 are two items, 230 points, and 20 for rapid results.
    let rapid = json!([{"code": "160036510", "rapid": true}, {"code": "160037210", "rapid": true}]);
    let markers = calculate(with(visit("return"), "orders", rapid));
    assert_eq!(line(&markers, "160036510").points.0, 230);
    assert_eq!(line(&markers, "160177770").total().0, 20);
}

#[test]
fn prescribing_in_the_house() {
    let groups = json!([
        {"route": "internal", "place": "in_house", "items": [{"code": "620007853", "amount": 1}, {"code": "622098501", "amount": 1}], "days": 14},
        {"route": "external", "place": "in_house", "items": [{"code": "622227401", "amount": 14}], "days": 1},
        {"route": "prn", "place": "in_house", "items": [{"code": "610412026", "amount": 1}], "days": 5}
    ]);
    let statement = calculate(with(visit("return"), "prescriptions", groups));
    // F000 11 + 8 + 1, F100 42 + 1; F200: 10.80 + 11.50 = 22.30 yen → 2 × 14; 19.40 × 14 = 271.60 yen → 27; 10.80 yen → 1 × 5.
    for (code, total) in [
        ("120000710", 11),
        ("120001010", 8),
        ("120000110", 1),
        ("120001210", 42),
        ("120001310", 1),
        ("620007853", 28),
        ("622227401", 27),
        ("610412026", 5),
    ] {
        assert_eq!(line(&statement, code).total().0, total, "{code}");
    }
    assert!(statement.lines.iter().all(|line| line.code != "120002910"));
}

#[test]
fn seven_kinds_pay_nine_tenths() {
    // 通知 F200(6)ア(ニ): a 剤 of 205 yen or less is one kind; so seven 剤 of one drug each are seven kinds.
    let codes = ["620007853", "622098501", "620007152", "622571101", "622417203", "610406079", "620009460"];
    let groups: Value = codes
        .iter()
        .map(|code| json!({"route": "internal", "place": "in_house", "items": [{"code": code, "amount": 3}], "days": 28}))
        .collect();
    let statement = calculate(with(visit("return"), "prescriptions", groups.clone()));
    assert_eq!(line(&statement, "120002610").points.0, 29);
    let drugs: i64 = statement.lines.iter().filter(|line| line.citation == "F200").map(|line| line.total().0).sum();
    let reduction = line(&statement, "630010002").total().0;
    assert_eq!(drugs + reduction, (drugs * 9 + 5) / 10);
    let mut slip = groups;
    for group in slip.as_array_mut().expect("groups") {
        group["place"] = json!("pharmacy");
    }
    assert_eq!(line(&calculate(with(visit("return"), "prescriptions", slip)), "120002710").points.0, 32);
}

#[test]
fn general_names_earn_one_or_two() {
    let slip = |items: Value| {
        let group = json!([{"route": "internal", "place": "pharmacy", "items": items, "days": 14}]);
        calculate(with(with(visit("return"), "prescriptions", group), "facility.standards", json!(["一般名処方加算"])))
    };
    let both = slip(
        json!([{"code": "620007853", "amount": 1, "general_name": true}, {"code": "622098501", "amount": 1, "general_name": true}]),
    );
    assert_eq!(line(&both, "120004270").points.0, 8);
    let one = slip(json!([{"code": "620007853", "amount": 1, "general_name": true}, {"code": "622098501", "amount": 1}]));
    assert_eq!(line(&one, "120003570").points.0, 6);
    let none = slip(json!([{"code": "620007853", "amount": 1}, {"code": "622098501", "amount": 1}]));
    assert!(none.lines.iter().all(|line| !line.citation.starts_with("F400 注6")));
}

#[test]
fn specific_disease_management_has_its_limits() {
    let ordered = |history: Value, kind: &str, disease: &str| {
        let visit = with(with(visit(kind), "orders", orders(&["113001810"])), "history", history);
        let diagnoses =
            json!([{"code": disease, "modifiers": [], "started": "2026-01-10", "suspected": false, "principal": true}]);
        calculate(with(visit, "diagnoses", diagnoses))
    };
    assert_eq!(line(&ordered(json!([]), "return", "4939008"), "113001810").points.0, 225);
    // B000 注2: day of the first visit, and within a month of it.
    assert!(reason(&ordered(json!([]), "first", "4939008"), "113001810").contains("注2"));
    let recent = json!([{"date": "2026-06-20", "code": "111000110", "points": 291, "count": 1}]);
    assert!(reason(&ordered(recent, "return", "4939008"), "113001810").contains("6月20日"));
    let month_over = json!([{"date": "2026-06-10", "code": "111000110", "points": 291, "count": 1}]);
    assert_eq!(line(&ordered(month_over, "return", "4939008"), "113001810").points.0, 225);
    // B000 注1: twice a month, main diagnosis of 別表第一.
    let twice = json!([{"date": "2026-07-01", "code": "113001810"}, {"date": "2026-07-06", "code": "113001810"}]);
    assert!(reason(&ordered(twice, "return", "4939008"), "113001810").contains("月2回"));
    assert!(reason(&ordered(json!([]), "return", "4659007"), "113001810").contains("主病"));
}

#[test]
fn injections_bring_their_drugs() {
    let order = json!([{"code": "130003510", "quantity": 1, "parts": [{"code": "620000237", "amount": 1}]}]);
    let statement = calculate(with(visit("return"), "orders", order.clone()));
    assert_eq!(line(&statement, "130003510").points.0, 37);
    // G100 2: 226.00 yen → 1 + ⌈211 ÷ 10⌉ = 23.
    assert_eq!(line(&statement, "620000237").points.0, 23);
    let child = calculate(with(with(visit("return"), "orders", order), "patient.birth_date", json!("2023-01-01")));
    assert_eq!(line(&child, "130003670").points.0, 52);
}

#[test]
fn percent_items_change_the_line_before_them() {
    // DIGEST of the claim sample: 160072110 then 160000190 make 135 each.
    let statement = calculate(with(visit("return"), "orders", orders(&["160072110", "160000190"])));
    assert_eq!(line(&statement, "160072110").points.0, 135);
}

#[test]
fn unknown_codes_and_fields_are_errors_with_a_path() {
    let unknown = Engine.calculate(&small(), &request(with(visit("return"), "orders", orders(&["160022510", "999999999"]))));
    assert_eq!(unknown.as_ref().map_err(FeeError::path), Err("orders[1].code"));
    let drug = json!([{"route": "internal", "place": "pharmacy", "items": [{"code": "620000000", "amount": 1}], "days": 3}]);
    let unknown = Engine.calculate(&small(), &request(with(visit("return"), "prescriptions", drug)));
    assert_eq!(unknown.as_ref().map_err(FeeError::path), Err("prescriptions[0].items[0].code"));
    let error = json::read::<Request>(with(visit("return"), "visit.colour", json!("red"))).expect_err("unknown field");
    assert_eq!(error.path(), "visit.colour");
    assert!(model::AppError::from(error).to_string().contains("読み取れません"));
}

#[test]
fn payments_use_up_caps_over_the_month() {
    let subsidised = |history: Value| {
        let visit = with(visit("return"), "coverage.subsidies", json!([{"payer": "54136015", "share": 20, "cap": 5000}]));
        calculate(with(visit, "history", history))
    };
    // 76 + 52 + 2 = 130 points: 30 % is 390 yen, 20 % is 260 yen.
    let alone = subsidised(json!([]));
    assert_eq!(alone.payment.patient_yen.0, 260);
    let payers: Vec<(i64, i64)> = alone.payment.payers.iter().map(|p| (p.charged_yen.0, p.left_yen.0)).collect();
    assert_eq!(payers, [(1300, 390), (390, 260)]);
    // 2,450 points before: 4,900 yen paid, 100 yen remain under the cap.
    let nearly = subsidised(json!([{"date": "2026-07-01", "code": "112007410", "points": 2450, "count": 1}]));
    assert_eq!(nearly.payment.patient_yen.0, 100);
    let over = subsidised(json!([{"date": "2026-07-01", "code": "112007410", "points": 3000, "count": 1}]));
    assert_eq!(over.payment.patient_yen.0, 0);
    // Public assistance bears all.
    let assisted = calculate(with(visit("return"), "coverage", json!({"subsidies": [{"payer": "12131001"}]})));
    assert_eq!(assisted.payment.patient_yen.0, 0);
    let uninsured = calculate(with(visit("return"), "coverage", json!({})));
    assert_eq!(uninsured.payment.patient_yen.0, 1300);
    assert!(uninsured.hints.iter().any(|hint| hint.text.contains("自費")));
}

#[test]
fn payments_stop_at_the_limit_of_the_month() {
    // ウ, July 2026: 80,100 + (cost − 267,000) × 1 %. 40,000 points before cost 400,000 yen and leave 81,430 yen at the limit.
    let history = json!([{"date": "2026-07-01", "code": "112007410", "points": 40_000, "count": 1}]);
    let statement = calculate(with(visit("return"), "history", history));
    // 1,300 yen more cost: 81,443 − 81,430.
    assert_eq!(statement.payment.patient_yen.0, 13);
}

const ORDERABLE: [&str; 20] = [
    "160022510",
    "160022610",
    "160020410",
    "160019210",
    "160019410",
    "160022410",
    "160023410",
    "160167250",
    "160017410",
    "160019010",
    "160008010",
    "160010010",
    "160169450",
    "160054710",
    "160031710",
    "160036510",
    "160037210",
    "140000610",
    "160000310",
    "130000510",
];

proptest! {
    /// Whatever is ordered: total = Σ lines, order does not matter, twice is the same, and no bundled item stands beside its bundle.
    #[test]
    fn statements_hold_together(picks in prop::collection::vec(0usize..ORDERABLE.len(), 0..14), seed in any::<u64>(), kind in 0usize..3) {
        let kind = ["first", "return", "telephone"][kind];
        let chosen: Vec<&str> = picks.iter().map(|index| ORDERABLE[*index]).collect();
        let mut turned = chosen.clone();
        if !turned.is_empty() {
            let by = (seed % turned.len() as u64) as usize;
            turned.rotate_left(by);
            if seed % 2 == 0 { turned.reverse(); }
        }
        let one = calculate(with(visit(kind), "orders", orders(&chosen)));
        let other = calculate(with(visit(kind), "orders", orders(&turned)));
        prop_assert_eq!(&one, &other);
        prop_assert_eq!(&one, &calculate(with(visit(kind), "orders", orders(&chosen))));
        prop_assert_eq!(one.points.0, one.lines.iter().map(|line| line.total().0).sum::<i64>());
        for bundle in one.lines.iter().filter(|line| line.citation.ends_with("注") || line.citation.ends_with("注2")) {
            for inside in &bundle.parts {
                prop_assert!(!one.lines.iter().any(|line| line != bundle && &line.name == inside), "{inside} beside its bundle");
            }
        }
        let paid = one.payment.patient_yen.0;
        prop_assert!(paid % 10 == 0 && (paid - one.points.0 * 3).abs() <= 5);
        prop_assert!(one.lines.iter().all(|line| !line.reason.is_empty() && !line.citation.is_empty()));
    }
}

#[test]
fn lifestyle_management_contains_its_parts() {
    let ordered = |code: &str, others: &[&str]| {
        let mut all = vec![code];
        all.extend(others);
        let diagnoses =
            json!([{"code": "4939008", "modifiers": [], "started": "2026-01-10", "suspected": false, "principal": true}]);
        calculate(with(with(visit("return"), "orders", orders(&all)), "diagnoses", diagnoses))
    };
    // B001-3 注2: (Ⅰ) contains 医学管理等, 検査, 注射 and A001 注8.
    let one = ordered("113041810", &["160022510", "160008010", "113001810", "130000510", "140000610"]);
    assert_eq!(codes(&one), [("112007410", 76, 1), ("113041810", 660, 1), ("140000610", 52, 1), ("180820010", 2, 1)]);
    assert!(reason(&one, "160022510").contains("B001-3 注2"));
    assert!(reason(&one, "112011010").contains("生活習慣病"));
    // B001-3-3 注2: (Ⅱ) contains 特定疾患療養管理料 but not tests nor 診療情報提供料(Ⅰ).
    let two = ordered("113707110", &["160008010", "113001810", "180016110"]);
    assert!(reason(&two, "113001810").contains("B001-3-3 注2"));
    assert_eq!(line(&two, "160008010").points.0, 21);
    assert_eq!(line(&two, "180016110").points.0, 250);
}

#[test]
fn subsidies_that_pay_before_insurance_pay_all() {
    // 18 原爆認定疾病医療: 公費優先.
    let statement = calculate(with(visit("return"), "coverage.subsidies", json!([{"payer": "18131005"}])));
    assert_eq!(statement.payment.patient_yen.0, 0);
    let payers: Vec<(&str, i64, i64)> =
        statement.payment.payers.iter().map(|p| (p.id.as_str(), p.charged_yen.0, p.left_yen.0)).collect();
    assert_eq!(payers, [("insurance", 0, 0), ("18131005", 1300, 0)]);
}

#[test]
fn standards_that_no_rule_reads_are_named() {
    let statement =
        calculate(with(visit("return"), "facility.standards", json!(["時間外対応体制加算（Ⅱ）", "在宅療養支援診療所", "3825"])));
    assert_eq!(line(&statement, "112708370").points.0, 5);
    assert_eq!(statement.hints.iter().filter(|hint| hint.text.contains("自動の算定はありません")).count(), 1);
}

#[test]
fn lifestyle_management_is_pointed_out() {
    let diagnosed = |kind: &str| {
        let diagnoses =
            json!([{"code": "8833421", "modifiers": [], "started": "2026-01-10", "suspected": false, "principal": true}]);
        calculate(with(visit(kind), "diagnoses", diagnoses))
    };
    // B001-3 注1, 通知: 高血圧症 as main disease, not in the month of the first visit.
    assert!(diagnosed("return").hints.iter().any(|hint| hint.text.contains("生活習慣病管理料")));
    assert!(!diagnosed("first").hints.iter().any(|hint| hint.text.contains("生活習慣病管理料")));
    assert!(!diagnosed("return").hints.iter().any(|hint| hint.text.contains("特定疾患療養管理料")));
}
