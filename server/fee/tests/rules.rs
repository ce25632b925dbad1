//! Rules beyond the visit itself, each with a case in the words of the notices, over the derived masters beside the project.

mod common;

use common::Fixture;
use fee::{Calculator, Engine, Request, json};
use model::fee::{FeeLine, Statement};
use serde_json::{Value, json};
use std::sync::OnceLock;

/// The full derived masters; without them every test here says that it skips.
fn masters() -> Option<&'static Fixture> {
    static TABLES: OnceLock<Option<Fixture>> = OnceLock::new();
    TABLES.get_or_init(common::full).as_ref()
}

/// A visit of July 2026 (R8) or, with `r6`, of May 2026.
struct Case(Value);

impl Case {
    fn new(kind: &str) -> Self {
        Self(json!({
            "date": "2026-07-10", "time": "10:15",
            "facility": {"prefecture": "13", "kind": "clinic", "standards": []},
            "patient": {"birth_date": "1971-03-02", "sex": "female"},
            "visit": {"kind": kind, "department": "01", "holiday": false},
            "coverage": {"insurance": {"insurer": "06130488", "share": 30}},
            "diagnoses": [{"code": "4659007", "started": "2026-07-01", "principal": true}],
        }))
    }
    fn r6(mut self) -> Self {
        self.0["date"] = json!("2026-05-29");
        self
    }
    fn at(mut self, time: &str) -> Self {
        self.0["time"] = json!(time);
        self
    }
    fn born(mut self, day: &str) -> Self {
        self.0["patient"]["birth_date"] = json!(day);
        self
    }
    fn standards(mut self, names: &[&str]) -> Self {
        self.0["facility"]["standards"] = json!(names);
        self
    }
    fn orders(mut self, orders: &[(&str, u32)]) -> Self {
        self.0["orders"] = orders.iter().map(|(code, quantity)| json!({"code": code, "quantity": quantity})).collect();
        self
    }
    fn history(mut self, old: &[(&str, &str)]) -> Self {
        self.0["history"] = old.iter().map(|(date, code)| json!({"date": date, "code": code})).collect();
        self
    }
    fn prescriptions(mut self, groups: Value) -> Self {
        self.0["prescriptions"] = groups;
        self
    }
    fn run(self) -> Option<Statement> {
        let request: Request = json::read(self.0).expect("a request");
        Some(Engine.calculate(masters()?, &request).expect("a statement"))
    }
}

fn line<'a>(statement: &'a Statement, code: &str) -> &'a FeeLine {
    statement.lines.iter().find(|line| line.code == code).unwrap_or_else(|| panic!("{code} is billed: {:#?}", statement.lines))
}

fn total(statement: &Statement, codes: &[&str]) -> i64 {
    codes.iter().map(|code| line(statement, code).total().0).sum()
}

fn billed(statement: &Statement, code: &str) -> bool {
    statement.lines.iter().any(|line| line.code == code)
}

fn omitted(statement: &Statement, code: &str) -> String {
    statement.omitted.iter().find(|o| o.code == code).map(|o| o.reason.clone()).unwrap_or_default()
}

fn hinted(statement: &Statement, words: &str) -> bool {
    statement.hints.iter().any(|hint| hint.text.contains(words))
}

/// The examples of 通知 E 第1節 1(9), R6 and R8 the same.
#[test]
fn films_of_one_place_are_halved_from_the_second() {
    for case in [Case::new("return"), Case::new("return").r6()] {
        let Some(two) = case.orders(&[("170000410", 2), ("170027910", 2)]).run() else { return };
        // 85 + 85 × 0.5 = 127.5 → 128; 68 + 68 × 0.5 = 102.
        assert_eq!((line(&two, "170000410").points.0, line(&two, "170027910").points.0), (128, 102));
    }
    let three = Case::new("return").orders(&[("170000410", 3), ("170027910", 3)]).run().expect("masters");
    assert_eq!((line(&three, "170000410").points.0, line(&three, "170027910").points.0), (170, 136));
    // 2 chest films, indirect, analogue: 85 × 0.5 + 85 × 0.5 × 0.5 = 63.75 → 64; 60 → 45.
    let indirect = Case::new("return").orders(&[("170000910", 2), ("170002410", 2)]).run().expect("masters");
    assert_eq!((line(&indirect, "170000910").points.0, line(&indirect, "170002410").points.0), (64, 45));
    // 通則3: none from the sixth on.
    let seven = Case::new("return").orders(&[("170000410", 7), ("170027910", 7)]).run().expect("masters");
    assert_eq!((line(&seven, "170000410").points.0, line(&seven, "170027910").points.0), (255, 204));
    assert!(hinted(&seven, "5枚まで"));
}

/// The examples of 通知 E002(7): newborn, one film 122, three films 245; 注2 names 80, 50 and 30 of 100.
#[test]
fn children_have_a_share_of_the_taking() {
    let newborn = |films| Case::new("return").born("2026-07-01").orders(&[("170000410", films), ("170027910", films)]).run();
    let Some(one) = newborn(1) else { return };
    assert_eq!(total(&one, &["170027910", "170017170"]), 122);
    let three = newborn(3).expect("masters");
    assert_eq!(total(&three, &["170027910", "170017170"]), 245);
    let infant = Case::new("return").born("2024-07-01").orders(&[("170027910", 1)]).run().expect("masters");
    assert_eq!(total(&infant, &["170027910", "170017270"]), 102);
    let child = Case::new("return").born("2021-07-01").orders(&[("170027910", 1)]).run().expect("masters");
    assert_eq!(total(&child, &["170027910", "170034170"]), 88);
    let six = Case::new("return").born("2020-07-01").orders(&[("170027910", 1)]).run().expect("masters");
    assert!(!six.lines.iter().any(|line| line.citation == "E002 注2"));
}

/// E 第1節 通則1, 通則2 and 通則4; 通知 E 第1節 2(2).
#[test]
fn pictures_are_read_taken_and_stored() {
    let chest = |standards: &[&str]| Case::new("return").standards(standards).orders(&[("170000410", 2), ("170027910", 2)]).run();
    let Some(stored) = chest(&["電子画像管理"]) else { return };
    assert_eq!(line(&stored, "170000210").total().0, 57);
    let unknown = chest(&[]).expect("masters");
    assert!(!billed(&unknown, "170000210") && hinted(&unknown, "電子画像管理加算"));
    // Knee and hand are two places: two series.
    let places = Case::new("return").standards(&["電子画像管理"]).orders(&[("170000510", 2), ("170027910", 2), ("170027910", 1)]);
    assert_eq!(line(&places.run().expect("masters"), "170000210").total().0, 114);
    // Two ways: the main one only.
    let ways = Case::new("return").standards(&["電子画像管理"]).orders(&[
        ("170000410", 1),
        ("170027910", 1),
        ("170000810", 1),
        ("170028110", 1),
    ]);
    let ways = ways.run().expect("masters");
    assert!(billed(&ways, "170017010") && !billed(&ways, "170000210") && hinted(&ways, "第2の写真診断"));
    assert!(hinted(&Case::new("return").orders(&[("170027910", 1)]).run().expect("masters"), "写真診断がありません"));
}

/// E203 and 通知 E203(1): once a month whatever was scanned; E 第3節 通則2: 80 of 100 from the second in the month.
#[test]
fn scans_are_read_once_a_month() {
    let Some(first) = Case::new("return").orders(&[("170011810", 1)]).run() else { return };
    assert_eq!(line(&first, "170011810").points.0, 900);
    assert_eq!(line(&first, "170015410").points.0, 450);
    let second = Case::new("return")
        .orders(&[("170015210", 1)])
        .history(&[("2026-07-02", "170011810"), ("2026-07-02", "170015410")])
        .run()
        .expect("masters");
    // MRI 900 × 0.8 = 720.
    assert_eq!(total(&second, &["170015210", "170022290"]), 720);
    assert!(omitted(&second, "170015410").contains("月1回"));
    let last_month =
        Case::new("return").orders(&[("170015210", 1)]).history(&[("2026-06-30", "170011810")]).run().expect("masters");
    assert!(!billed(&last_month, "170022290"));
}

/// J 通則5 ロ: 150 points or more after a visit out of hours; 通知 J 通則5: not with 夜間・早朝等加算.
#[test]
fn urgent_treatment_out_of_hours_has_its_share() {
    // 創傷処置 6,000 cm² and more: 275 points (J000 5), × 40 % = 110.
    let Some(evening) = Case::new("return").at("18:30").orders(&[("140001010", 1)]).run() else { return };
    assert_eq!((line(&evening, "140001010").points.0, line(&evening, "140000190").points.0), (275, 110));
    let night = Case::new("return").at("23:00").orders(&[("140001010", 1)]).run().expect("masters");
    assert_eq!(line(&night, "140000390").points.0, 220);
    // Under 150 points: J000 3 has 90.
    let small = Case::new("return").at("18:30").orders(&[("140000810", 1)]).run().expect("masters");
    assert!(!small.lines.iter().any(|line| line.citation.starts_with("J 通則5")));
    let early =
        Case::new("return").at("18:30").standards(&["夜間・早朝等加算"]).orders(&[("140001010", 1)]).run().expect("masters");
    assert!(!early.lines.iter().any(|line| line.citation.starts_with("J 通則5")));
    // 通知 J 通則10: 所定点数 holds the 注: child of four, (275 + 55) × 40 % = 132.
    let child = Case::new("return").born("2022-01-01").at("18:30").orders(&[("140001010", 1)]).run().expect("masters");
    assert_eq!(total(&child, &["140001010", "140057170", "140000190"]), 275 + 55 + 132);
}

/// K 通則8 and 通則12 ロ; 通知 K 9: the shares do not multiply each other.
#[test]
fn operations_have_shares_for_age_and_hour() {
    // 創傷処理（筋肉、臓器に達しない）（長径5cm未満） of a child of four, at night of a weekday: 50 % and 80 % of the points each.
    let Some(child) = Case::new("return").born("2022-01-01").at("23:00").orders(&[("150001010", 1)]).run() else { return };
    let points = line(&child, "150001010").points.0;
    assert_eq!(line(&child, "150342890").points.0, (points + 1) / 2);
    assert_eq!(line(&child, "150000690").points.0, (points * 8 + 5) / 10);
    let infant = Case::new("return").born("2024-01-01").orders(&[("150001010", 1)]).run().expect("masters");
    assert_eq!(line(&infant, "150000290").points.0, points);
    // 所定点数 holds the add-ons of the 注: 真皮縫合加算.
    let sewn = Case::new("return").at("18:30").orders(&[("150001010", 1), ("150001470", 1)]).run().expect("masters");
    let sum = total(&sewn, &["150001010", "150001470"]);
    assert_eq!(line(&sewn, "150000490").points.0, (sum * 4 + 5) / 10);
}

/// 通知 K 通則4: 手術当日に、手術に関連して行う処置（ギプスを除く。）の費用及び注射の手技料は、術前、術後にかかわらず算定できない.
#[test]
fn an_operation_contains_the_treatment_of_the_day() {
    let Some(statement) = Case::new("return").orders(&[("150001010", 1), ("140000610", 1), ("130003510", 1)]).run() else {
        return;
    };
    assert!(billed(&statement, "150001010"));
    for code in ["140000610", "130003510"] {
        assert!(omitted(&statement, code).contains("K 通則1"), "{code}");
    }
    // Transfusion (第2節) is no operation that contains treatment.
    let blood = Case::new("return").orders(&[("150224810", 200), ("140000610", 1)]).run().expect("masters");
    assert!(billed(&blood, "140000610"));
}

/// J 通則7: 60 points a day, and J113's own add-on not beside it.
#[test]
fn ear_nose_and_throat_of_a_child() {
    let case = |standards: &[&str]| Case::new("return").born("2022-01-01").standards(standards).orders(&[("140019710", 1)]).run();
    let Some(child) = case(&["耳鼻咽喉科"]) else { return };
    assert_eq!(line(&child, "140061990").points.0, 60);
    assert!(!billed(&case(&[]).expect("masters"), "140061990"));
    // J097 注2, J098 注2: 併せて行った場合であっても16点.
    let both = Case::new("return").orders(&[("140019710", 1), ("140019810", 1)]).run().expect("masters");
    assert_eq!(
        both.lines
            .iter()
            .filter(|line| line.code.starts_with("1400198") || line.code == "140019710")
            .map(|l| l.total().0)
            .sum::<i64>(),
        16
    );
}

/// J119 注2: 同一日において、１から３までの療法のうち２以上の療法を行った場合は、主たる療法の所定点数のみ; H 通則5 contains them.
#[test]
fn physical_treatment_is_billed_once() {
    let Some(two) = Case::new("return").orders(&[("140029610", 1), ("140040310", 1)]).run() else { return };
    assert_eq!(two.lines.iter().filter(|line| line.citation == "J119").count(), 1);
    let rehabilitation = Case::new("return").orders(&[("180755710", 2), ("140040310", 1)]).run().expect("masters");
    assert!(omitted(&rehabilitation, "140040310").contains("H 通則5"), "{:#?}", rehabilitation.omitted);
    // 通知 J001(1): 熱傷処置を算定する場合は、創傷処置…は併せて算定できない.
    let burn = Case::new("return").orders(&[("140032010", 1), ("140000610", 1)]).run().expect("masters");
    assert!(billed(&burn, "140032010") && omitted(&burn, "140000610").contains("J001(1)"));
}

/// H 通則4: 患者１人につき１日６単位（厚生労働大臣が定める患者については１日９単位）.
#[test]
fn rehabilitation_counts_units() {
    let Some(seven) = Case::new("return").orders(&[("180755710", 7)]).run() else { return };
    let one = Case::new("return").orders(&[("180755710", 1)]).run().expect("masters");
    let unit = line(&one, "180755710").points.0;
    assert_eq!(line(&seven, "180755710").points.0, unit * 7);
    assert!(hinted(&seven, "6回を超えます"));
    let ten = Case::new("return").orders(&[("180755710", 10)]).run().expect("masters");
    assert_eq!(line(&ten, "180755710").points.0, unit * 9);
    assert!(omitted(&ten, "180755710").contains("9回に限り"));
    // Six units in the morning and four more: the history holds the points of the line.
    let mut more = Case::new("return").orders(&[("180755710", 4)]);
    more.0["history"] = json!([{"date": "2026-07-10", "code": "180755710", "points": unit * 6}]);
    assert_eq!(line(&more.run().expect("masters"), "180755710").points.0, unit * 3);
}

/// D 第3節 呼吸循環機能検査等 通則1 and 通知 (1): D208 1–5 are one test; 通知 D 第3節 4: shares are rounded once.
#[test]
fn the_second_test_in_a_month_falls() {
    let history = [("2026-07-02", "160068410")];
    let Some(second) = Case::new("return").orders(&[("160068410", 1)]).history(&history).run() else { return };
    // 130 × 0.9 = 117.
    assert_eq!(total(&second, &["160068410", "160000190"]), 117);
    let first = Case::new("return").orders(&[("160068410", 1)]).history(&[("2026-06-30", "160068410")]).run().expect("masters");
    assert!(!billed(&first, "160000190"));
    // A child of two: 130 × 0.9 × 1.7 = 198.9 → 199.
    let child = Case::new("return").born("2024-01-01").orders(&[("160068410", 1)]).history(&history).run().expect("masters");
    assert_eq!(total(&child, &["160068410", "160000190", "160155390"]), 199);
    // A child of four: 130 × 1.4 = 182 (通則2).
    let four = Case::new("return").born("2022-01-01").orders(&[("160068410", 1)]).run().expect("masters");
    assert_eq!(total(&four, &["160068410", "160185890"]), 182);
}

/// D 第1節第1款 通則1: 緊急のために診療時間以外の時間; ただし書: 外来迅速検体検査加算 not on the same day.
#[test]
fn urgent_laboratory_work_is_for_out_of_hours() {
    let Some(day) = Case::new("return").orders(&[("160000210", 1), ("160008010", 1)]).run() else { return };
    assert!(omitted(&day, "160000210").contains("診療時間以外"));
    let night = Case::new("return").at("23:00").orders(&[("160000210", 1), ("160008010", 1)]).run().expect("masters");
    assert_eq!(line(&night, "160000210").points.0, 200);
}

/// 通知 特掲診療料 通則1: 特定疾患療養管理料, てんかん指導料, 在宅療養指導管理料 … 同一月に算定できない; C 第2節第1款 通則2: 主たるもの.
#[test]
fn one_management_fee_of_its_kind_a_month() {
    let Some(two) = Case::new("return").orders(&[("113002850", 1), ("113002910", 1)]).run() else { return };
    assert_eq!(two.lines.iter().filter(|line| line.citation == "B001").count(), 1);
    assert!(billed(&two, "113002910") && omitted(&two, "113002850").contains("通則1"));
    let later = Case::new("return").orders(&[("113002910", 1)]).history(&[("2026-07-02", "113002850")]).run().expect("masters");
    assert!(omitted(&later, "113002910").contains("てんかん指導料"));
    // The same one again: B001の6 注1, 月1回に限り.
    let again = Case::new("return").orders(&[("113002850", 1)]).history(&[("2026-07-02", "113002850")]).run().expect("masters");
    assert!(omitted(&again, "113002850").contains("1回に限り"));
    let august = Case::new("return").orders(&[("113002850", 1)]).history(&[("2026-06-30", "113002850")]).run().expect("masters");
    assert_eq!(line(&august, "113002850").points.0, 250);
}

/// B001-2 注3 and 通知 (3): everything of the day is contained but for the shares for the hour, of 85, 250 and 580 points.
#[test]
fn paediatric_outpatient_fee_contains_the_day() {
    let slip = json!([{"route": "internal", "place": "pharmacy", "items": [{"code": "620007152", "amount": 1}], "days": 5}]);
    let case = |kind: &str, time: &str| {
        Case::new(kind)
            .born("2023-01-10")
            .at(time)
            .standards(&["小児科", "小児科外来診療料", "外来・在宅ベースアップ評価料1", "外来感染対策向上加算"])
            .orders(&[("160008010", 1), ("140000610", 1), ("113009510", 1)])
            .prescriptions(slip.clone())
            .run()
    };
    let Some(first) = case("first", "10:15") else { return };
    // 604 (with a slip), B010 beside it, B 通則3 6, O001 17, O100 2.
    let mut codes: Vec<(&str, i64)> = first.lines.iter().map(|line| (line.code.as_str(), line.points.0)).collect();
    codes.sort_unstable();
    assert_eq!(codes, [("113003510", 604), ("113009510", 500), ("113033790", 6), ("180725710", 17), ("180819910", 2)]);
    for code in ["111000110", "160008010", "140000610", "120002910"] {
        assert!(omitted(&first, code).contains("小児科外来診療料に含まれます"), "{code}: {:#?}", first.omitted);
    }
    let evening = case("first", "18:30").expect("masters");
    assert_eq!(line(&evening, "113009670").points.0, 85);
    let night = case("return", "23:00").expect("masters");
    assert_eq!((line(&night, "113003610").points.0, line(&night, "113007570").points.0), (411, 520));
    // 注2: not by telephone (A001 注9).
    assert!(!billed(&case("telephone", "10:15").expect("masters"), "113003610"));
}

/// B001-2-9 注2 with its ただし書 (550 points).
#[test]
fn regional_fee_contains_the_month() {
    let Some(statement) =
        Case::new("return").orders(&[("113024810", 1), ("160008010", 1), ("140000610", 1), ("113009510", 1)]).run()
    else {
        return;
    };
    assert!(billed(&statement, "113024810") && billed(&statement, "113009510"));
    for code in ["112007410", "160008010", "140000610"] {
        assert!(omitted(&statement, code).contains("B001-2-9"), "{code}: {:#?}", statement.omitted);
    }
    assert_eq!(line(&statement, "180820010").points.0, 2);
    // CT is 550 points or more: billed when the patient suddenly got worse.
    let scan = Case::new("return").orders(&[("170011810", 1)]).history(&[("2026-07-02", "113024810")]).run().expect("masters");
    assert!(billed(&scan, "170011810") && hinted(&scan, "急性増悪時"));
    assert!(omitted(&scan, "112007410").contains("B001-2-9"));
}

/// B001-3 注2, B001-3-3 注2 and 注7.
#[test]
fn lifestyle_fees_contain_by_name() {
    let Some(one) = Case::new("return").orders(&[("113041810", 1), ("113010010", 1), ("113017510", 1), ("113008310", 1)]).run()
    else {
        return;
    };
    // (Ⅰ) lets 糖尿病合併症管理料 stand, contains 外来栄養食事指導料 and ニコチン依存症管理料.
    assert!(billed(&one, "113010010"));
    assert!(omitted(&one, "113017510").contains("(Ⅰ)") && omitted(&one, "113008310").contains("(Ⅰ)"));
    let two = Case::new("return")
        .orders(&[("113707110", 1), ("113017510", 1), ("113008310", 1), ("113002850", 1)])
        .run()
        .expect("masters");
    assert!(billed(&two, "113017510") && billed(&two, "113008310"));
    assert!(omitted(&two, "113002850").contains("(Ⅱ)"));
    let soon = Case::new("return").orders(&[("113707110", 1)]).history(&[("2026-02-10", "113041810")]).run().expect("masters");
    assert!(omitted(&soon, "113707110").contains("6月以内"));
    let later = Case::new("return").orders(&[("113707110", 1)]).history(&[("2026-01-31", "113041810")]).run().expect("masters");
    assert!(billed(&later, "113707110"));
    // 通知 B001-3(3): 別日に…検査…の費用は算定できない。なお…外来管理加算の費用は、当該加算の要件に従い算定できる.
    let day = Case::new("return").orders(&[("160008010", 1)]).history(&[("2026-07-02", "113041810")]).run().expect("masters");
    assert!(omitted(&day, "160008010").contains("(Ⅰ)") && billed(&day, "112011010") && hinted(&day, "生活習慣病以外の診療"));
    // I002 注1 names (Ⅱ) since R8.
    let therapy = || Case::new("return").orders(&[("113707110", 1), ("180067310", 1)]);
    assert!(omitted(&therapy().run().expect("masters"), "180067310").contains("I002 注1"));
    assert!(billed(&therapy().r6().run().expect("masters"), "180067310"));
    // R8 lets 喘息治療管理料 stand beside (Ⅱ), R6 does not (B001-3-3 注2).
    let asthma = || Case::new("return").orders(&[("113707110", 1), ("113004910", 1)]);
    assert!(billed(&asthma().run().expect("masters"), "113004910"));
    assert!(omitted(&asthma().r6().run().expect("masters"), "113004910").contains("(Ⅱ)"));
}

/// C001 注1: 再診料…又は往診料は、算定しない; O001 3, O100 1 ハ.
#[test]
fn a_planned_home_visit_replaces_the_return_visit() {
    let Some(alone) =
        Case::new("return").standards(&["外来・在宅ベースアップ評価料1"]).orders(&[("114001110", 1), ("114000110", 1)]).run()
    else {
        return;
    };
    assert!(billed(&alone, "114001110"));
    assert!(omitted(&alone, "112007410").contains("C001") && omitted(&alone, "114000110").contains("C001"));
    assert_eq!(line(&alone, "180725910").points.0, 79);
    let child = Case::new("return").born("2023-01-01").orders(&[("114030310", 1)]).run().expect("masters");
    assert_eq!(line(&child, "114015870").points.0, 400);
    // C001 注1: not on the day of 初診料.
    let first = Case::new("first").orders(&[("114001110", 1)]).run().expect("masters");
    assert!(billed(&first, "111000110") && omitted(&first, "114001110").contains("初診の日"));
    // 往診料 stands beside 再診料.
    let called = Case::new("return").orders(&[("114000110", 1)]).run().expect("masters");
    assert!(billed(&called, "112007410") && line(&called, "114000110").points.0 == 720);
    let fourth = Case::new("return")
        .orders(&[("114001110", 1)])
        .history(&[("2026-07-06", "114001110"), ("2026-07-07", "114001110"), ("2026-07-08", "114001110")])
        .run()
        .expect("masters");
    assert!(hinted(&fourth, "週3回を超えます"));
}

/// I002 注1: 週１回 (退院後4週間以内は週2回); not with B000.
#[test]
fn psychotherapy_is_weekly() {
    let again = |days: &[&str]| {
        let old: Vec<(&str, &str)> = days.iter().map(|day| (*day, "180067310")).collect();
        Case::new("return").orders(&[("180067310", 1)]).history(&old).run()
    };
    let Some(second) = again(&["2026-07-06"]) else { return };
    assert!(billed(&second, "180067310") && hinted(&second, "退院後4週間"));
    let third = again(&["2026-07-06", "2026-07-08"]).expect("masters");
    assert!(omitted(&third, "180067310").contains("週2回に限り"));
    // The week begins on Sunday (通知 特掲診療料 通則2): 2026-07-04 is a Saturday.
    assert!(!hinted(&again(&["2026-07-04"]).expect("masters"), "退院後4週間"));
    let beside = Case::new("return").orders(&[("180067310", 1)]).history(&[("2026-07-02", "113001810")]).run().expect("masters");
    assert!(omitted(&beside, "180067310").contains("I002 注1"));
}

/// 通知 D009(1): 腫瘍マーカーは、悪性腫瘍の患者であることが強く疑われる者に対して.
#[test]
fn tests_want_their_diagnosis() {
    let Some(without) = Case::new("return").orders(&[("160036510", 1)]).run() else { return };
    assert!(hinted(&without, "悪性腫瘍（疑いを含む）"));
    let young = Case::new("first").born("2025-01-01").standards(&["小児科"]).run().expect("masters");
    assert!(hinted(&young, "乳幼児育児栄養指導料"));
}

/// F 通則5: 63枚を超えて貼付剤を投薬した場合は、調剤料、処方料、薬剤（超過分）、処方箋料…は、算定しない.
#[test]
fn more_than_63_plasters_are_not_billed() {
    let group = |sheets: u32, place: &str| {
        let item = json!([{"code": "622227401", "amount": sheets}]);
        let groups = json!([{"route": "external", "place": place, "items": item, "days": 1}]);
        Case::new("return").prescriptions(groups).run()
    };
    let Some(house) = group(70, "in_house") else { return };
    // 19.40 yen × 70 = 1,358.00 → 136; × 63 = 1,222.20 → 122: 14 points are not billed.
    assert_eq!(total(&house, &["622227401", "630010007"]), 122);
    assert!(omitted(&house, "120001210").contains("70枚") && omitted(&house, "120001010").contains("F 通則5"));
    let slip = group(64, "pharmacy").expect("masters");
    assert!(omitted(&slip, "120002910").contains("64枚"));
    let enough = group(63, "pharmacy").expect("masters");
    assert!(billed(&enough, "120002910"));
}

/// F100 2, F400 2: 区分番号Ａ００１に掲げる再診料の注12に掲げる地域包括診療加算を算定するものを除く.
#[test]
fn seven_kinds_do_not_count_beside_the_regional_add_on() {
    let codes = ["620007853", "622098501", "620007152", "622571101", "622417203", "610406079", "620009460"];
    let groups: Value = codes
        .iter()
        .map(|code| json!({"route": "internal", "place": "pharmacy", "items": [{"code": code, "amount": 3}], "days": 28}))
        .collect();
    let Some(many) = Case::new("return").prescriptions(groups.clone()).run() else { return };
    assert_eq!(line(&many, "120002710").points.0, 32);
    let regional = Case::new("return").orders(&[("112021770", 1)]).prescriptions(groups).run().expect("masters");
    assert_eq!(line(&regional, "120002910").points.0, 60);
}

/// 通知 B000(3), (4): １か月を経過した日が休日の場合…その休日の直前の休日でない日; 翌々月の１日となる場合…翌月の末日.
#[test]
fn a_month_after_the_first_visit() {
    let managed = |today: &str, first: &str| {
        let mut case = Case::new("return").orders(&[("113001810", 1)]).history(&[(first, "111000110")]);
        case.0["date"] = json!(today);
        case.0["diagnoses"] = json!([{"code": "4939008", "started": "2026-01-01", "principal": true}]);
        case.0["visit"].as_object_mut().expect("a visit").remove("holiday");
        case.run()
    };
    // 2026-07-05 is a Sunday: the Saturday before counts.
    let Some(saturday) = managed("2026-07-04", "2026-06-05") else { return };
    assert!(billed(&saturday, "113001810"));
    assert!(omitted(&managed("2026-07-03", "2026-06-05").expect("masters"), "113001810").contains("6月5日"));
    // From 2027-01-31 the month is over on 2027-03-01; the last day of February, a Sunday, gives way to the 27th.
    assert!(billed(&managed("2027-02-27", "2027-01-31").expect("masters"), "113001810"));
    assert!(!billed(&managed("2027-02-26", "2027-01-31").expect("masters"), "113001810"));
}

/// D404 注, D405 注, J 通則 of plaster: add-ons that the master relates by group; D 第4節 通則2; 通知 D215(2).
#[test]
fn children_have_the_add_ons_of_their_group() {
    let Some(child) = Case::new("return").born("2022-01-01").orders(&[("160096810", 1)]).run() else { return };
    assert_eq!(line(&child, "160142270").points.0, 100);
    assert!(!billed(&Case::new("return").orders(&[("160096810", 1)]).run().expect("masters"), "160142270"));
    let both = Case::new("return").orders(&[("160072210", 1), ("160165010", 1)]).run().expect("masters");
    assert!(billed(&both, "160072210") && omitted(&both, "160165010").contains("D215(2)"));
}
