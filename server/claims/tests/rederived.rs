//! Points by the masters, on small files of our own: the worked example of the specification, steps, drugs, materials.

#[expect(dead_code, reason = "the sample belongs to another test")]
mod common;

use chrono::NaiveDate;
use claims::{
    replay::{Replayed, Why, replay},
    uke::ClaimFile,
};
use common::{cp932, file, item};
use model::{codes::*, master::*};
use rust_decimal::Decimal;

/// A few rows, in force from 2000 to 2029.
#[derive(Default)]
struct Rows {
    procedures: Vec<Procedure>,
    drugs: Vec<Drug>,
    materials: Vec<Material>,
}

impl Tables for Rows {
    fn edition(&self, _: NaiveDate) -> Option<String> {
        Some("test".into())
    }
    fn procedure(&self, code: &str, on: NaiveDate) -> Option<&Procedure> {
        self.procedures.iter().find(|row| row.code.as_str() == code && row.validity.covers(on))
    }
    fn drug(&self, code: &str, on: NaiveDate) -> Option<&Drug> {
        self.drugs.iter().find(|row| row.code.as_str() == code && row.validity.covers(on))
    }
    fn disease(&self, _: &str, _: NaiveDate) -> Option<&Disease> {
        None
    }
    fn material(&self, code: &str, on: NaiveDate) -> Option<&Material> {
        self.materials.iter().find(|row| row.code == code && row.validity.covers(on))
    }
}

fn validity() -> Validity {
    let year = |year, month, day| NaiveDate::from_ymd_opt(year, month, day).expect("a day");
    Validity { from: year(2000, 1, 1), to: Some(year(2029, 12, 31)), edition: "test".into() }
}

fn procedure(code: &str, point_kind: u8, points: i64) -> Procedure {
    Procedure {
        code: ProcedureCode::from(code),
        name: code.into(),
        long_name: String::new(),
        kana: String::new(),
        unit: String::new(),
        point_kind,
        points: Decimal::from(points),
        estimated: false,
        in_out: 0,
        section: "600".into(),
        bundle: 0,
        hospital_clinic: 0,
        step: None,
        add_on: (String::new(), String::new()),
        general_age: 0,
        ages: (String::new(), String::new()),
        time_add_on: 0,
        treatment_infant: 0,
        judgement_kind: 0,
        judgement_group: 0,
        diminishing: 0,
        outpatient_management: 0,
        notice_kind: 1,
        standards: Vec::new(),
        article: String::new(),
        validity: validity(),
    }
}

fn drug(code: &str, price: &str) -> Drug {
    Drug {
        code: DrugCode::from(code),
        name: code.into(),
        kana: String::new(),
        unit: "錠".into(),
        price: price.parse().expect("a price"),
        estimated: false,
        form: 1,
        controlled: 0,
        generic: false,
        yj: String::new(),
        general_name: None,
        general_name_add_on: 0,
        validity: validity(),
    }
}

fn material(code: &str, price_kind: u8, price: &str) -> Material {
    let price = price.parse().expect("a price");
    Material {
        code: code.into(),
        name: code.into(),
        kana: String::new(),
        unit: String::new(),
        price_kind,
        price,
        validity: validity(),
    }
}

fn rows() -> Rows {
    let step = Step { lower: Decimal::ONE, upper: Decimal::from(5), width: Decimal::ONE, points: Decimal::TEN, on_error: 1 };
    Rows {
        procedures: vec![
            procedure("160072110", 3, 150),
            procedure("160000190", 6, 10),
            Procedure { step: Some(step), ..procedure("160177770", 3, 10) },
            Procedure { notice_kind: 7, ..procedure("160000001", 3, 20) },
            Procedure { bundle: 1, ..procedure("160017410", 3, 11) },
            Procedure { bundle: 1, ..procedure("160022410", 3, 17) },
            Procedure { estimated: true, ..procedure("160000002", 3, 40) },
            procedure("188000270", 8, 88),
            procedure("150000001", 4, 0),
        ],
        drugs: vec![drug("620000001", "10.10"), drug("620000002", "7"), drug("630010002", "0")],
        materials: vec![material("710000001", 1, "456"), material("710000002", 1, "44"), material("710000003", 2, "0")],
    }
}

fn replayed(total: i64, lines: &[String]) -> Replayed {
    let file = ClaimFile::read("x.uke", &cp932(&file("202110", total, lines))).expect("sound");
    replay(&rows(), &file.receipts()[0])
}

/// A unit of these lines: (record, code, quantity), all on the same day; the points stand on the last.
fn unit(section: &str, points: i64, count: u32, lines: &[(&str, &str, &str)]) -> Vec<String> {
    let line = |(index, (record, code, quantity)): (usize, &(&str, &str, &str))| {
        let points = if index + 1 == lines.len() { points.to_string() } else { String::new() };
        item(record, if index == 0 { section } else { "" }, code, quantity, &points, count, 4)
    };
    lines.iter().enumerate().map(line).collect()
}

#[test]
fn the_specification_s_example_of_a_percent_item() {
    // 仕様説明書 別紙7-1 (6) 参考2: ultrasound three times in a month, 150 and twice 135.
    let mut lines = unit("60", 150, 1, &[("SI", "160072110", "")]);
    lines.extend(unit("60", 135, 2, &[("SI", "160072110", ""), ("SI", "160000190", "")]));
    let found = replayed(420, &lines);
    assert_eq!((found.recomputed, found.derived, found.differences.len()), (420, 3, 0));
    let wrong = replayed(420, &unit("60", 140, 3, &[("SI", "160072110", ""), ("SI", "160000190", "")]));
    assert_eq!((wrong.recomputed, wrong.agrees(), wrong.differences[0].recomputed), (405, false, Some(135)));
}

#[test]
fn steps_drugs_and_materials() {
    for (lines, points) in [
        (unit("60", 50, 1, &[("SI", "160177770", "7")]), 50),
        // 10.10 × 3 + 7 × 3 = 51.3 yen: one point and four more.
        (unit("21", 5, 7, &[("IY", "620000001", "3"), ("IY", "620000002", "3")]), 5 * 7),
        (unit("22", 1, 2, &[("IY", "620000001", "1")]), 2),
        // The same used in a treatment: 15 yen or less is not billed.
        (unit("40", 0, 1, &[("IY", "620000001", "1")]), 0),
        (unit("40", 46, 1, &[("TO", "710000001", "1")]), 46),
    ] {
        let found = replayed(points, &lines);
        assert_eq!((found.recomputed, found.differences), (points, Vec::new()), "{lines:?}");
    }
    let negative = replayed(62, &unit("90", 62, 1, &[("SI", "160072110", ""), ("SI", "188000270", "")]));
    assert_eq!((negative.recomputed, negative.derived), (62, 2));
}

#[test]
fn what_the_masters_do_not_determine_is_listed() {
    let why = |points: i64, lines: &[(&str, &str, &str)]| {
        let found = replayed(points, &unit("60", points, 1, lines));
        assert!(found.agrees(), "the file's own points stand");
        assert_eq!(found.derived + found.differences.len(), lines.len());
        let why = found.differences.into_iter().map(|difference| (difference.line, difference.claimed, difference.why));
        why.collect::<Vec<_>>()
    };
    // まるめ: every line of the bundle.
    let bundle = Why::Bundle { group: 1, items: 2, singly: 28 };
    let said = why(93, &[("SI", "160017410", ""), ("SI", "160022410", "")]);
    assert_eq!(said, [(4, None, bundle.clone()), (5, Some(93), bundle)]);
    assert_eq!(why(28, &[("SI", "160017410", ""), ("SI", "160022410", "")]), [], "singly they are the master's");
    // Unknown: what the file takes for it.
    let no_row = Why::NoRow { on: NaiveDate::from_ymd_opt(2021, 10, 4).expect("a day"), from: None };
    assert_eq!(why(155, &[("SI", "199999999", ""), ("SI", "160072110", "")]), [(4, Some(5), no_row.clone())]);
    assert_eq!(
        why(155, &[("IY", "610000000", "1"), ("IY", "620000001", "1")]),
        [(4, None, no_row), (5, Some(155), Why::Neighbour)]
    );
    let base = why(153, &[("SI", "160072110", ""), ("SI", "160000001", ""), ("SI", "160000190", "")]);
    assert_eq!(base, [(6, Some(-17), Why::Base)]);
    assert_eq!(why(9, &[("SI", "160000190", "")]), [(4, Some(9), Why::Base)]);
    assert_eq!(why(40, &[("SI", "160000002", "")])[0].2, Why::Estimated { figure: "40点".into() });
    assert_eq!(why(700, &[("SI", "150000001", "")])[0].2, Why::PointKind(4));
    assert_eq!(why(10, &[("SI", "160177770", "")])[0].2, Why::NoQuantity);
    assert_eq!(why(3, &[("IY", "630010002", "1")])[0].2, Why::NoPrice);
    assert_eq!(why(70, &[("TO", "710000003", "1")])[0].2, Why::PointKind(2));
    assert_eq!(why(50, &[("TO", "710000001", "1"), ("TO", "710000002", "1")]).len(), 0, "45.6 → 46, 4.4 → 4, 50.0 → 50");
    assert_eq!(why(9, &[("TO", "710000002", "1"), ("TO", "710000002", "1")])[0].2, Why::Rounding);
}

#[test]
fn counts_are_those_of_the_days() {
    let line = item("SI", "60", "160072110", "", "150", 1, 4).replacen(",150,1,", ",150,2,", 1);
    let found = replayed(300, &[line]);
    assert_eq!(found.differences[0].why, Why::Count { count: 2, days: 1 });
    let lines = [item("SI", "60", "160072110", "", "", 1, 4), item("SI", "", "160000190", "", "135", 2, 4)];
    assert_eq!(replayed(270, &lines).differences[0].why, Why::UnitCount { count: 1, last: 2 });
    let open = [item("SI", "60", "160072110", "", "", 1, 4)];
    let found = replayed(150, &open);
    assert_eq!((found.recomputed, &found.differences[0].why), (0, &Why::NoPoints));
}
