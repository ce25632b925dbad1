//! Broken files are refused whole, with the line and what was expected.

#[expect(dead_code, reason = "the sample belongs to another test")]
mod common;

use claims::uke::{ClaimFile, Record, UkeError};
use common::{cp932, file, item};

fn good() -> String {
    file("202110", 361, &[item("SI", "11", "111000110", "", "288", 1, 4), item("SI", "12", "112007410", "", "73", 1, 11)])
}

fn refused(text: &str) -> UkeError {
    ClaimFile::read("x.uke", &cp932(text)).expect_err("a broken file")
}

#[test]
fn a_sound_file_is_read() {
    let text = good();
    let read = ClaimFile::read("x.uke", &cp932(&text)).expect("sound");
    assert_eq!(read.to_bytes(), cp932(&text));
    let receipt = &read.receipts()[0];
    assert_eq!((receipt.units.len(), receipt.units[1].points, receipt.units[1].count), (2, Some(73), 1));
    assert_eq!(receipt.units[0].lines[0].days.len(), 1);
    let again = ClaimFile::new("x.uke", read.records().to_vec(), true).expect("sound");
    assert_eq!(again.to_bytes(), [cp932(&text), vec![0x1A]].concat());
}

#[test]
fn a_file_that_stops_is_refused() {
    for (kept, line) in [("IR", 0), ("RE", 1), ("HO", 2), ("SI", 3), ("GO", 5)] {
        let text = good();
        let at = text.find(kept).expect("a record");
        assert_eq!(refused(&text[..at]), UkeError::Truncated { file: "x.uke".into(), line, expected: "GOレコード" }, "{kept}");
    }
    // Cut inside a line: the fields are too few.
    let text = good();
    let cut = &text[..text.find("GO").expect("GO") - 20];
    assert!(matches!(refused(cut), UkeError::FieldCount { line: 5, record: "SI", expected: 44, .. }));
    let no_payer = text.replace(&text[text.find("HO").expect("HO")..text.find("GO").expect("GO")], "");
    let UkeError::Truncated { line: 3, expected, .. } = refused(&no_payer) else { panic!("a payer is missing") };
    assert_eq!(expected, "最後のレセプトのHOまたはKO");
}

#[test]
fn a_wrong_number_of_fields_is_refused() {
    let text = good().replacen("SI,12", "SI,,12", 1);
    let error = refused(&text);
    assert_eq!(error, UkeError::FieldCount { file: "x.uke".into(), line: 5, record: "SI", expected: 44, found: 45 });
    assert_eq!(error.to_string(), "x.uke 5行 SIレコード: 項目数は 44 のはずですが 45 です");
}

#[test]
fn an_unknown_record_is_refused() {
    let text = good().replacen("HO,", "XX,", 1);
    assert_eq!(refused(&text), UkeError::UnknownRecord { file: "x.uke".into(), line: 3, found: "XX".into() });
    assert_eq!(refused("\r\n"), UkeError::UnknownRecord { file: "x.uke".into(), line: 1, found: String::new() });
    assert!(refused(&good().replacen("IR,", "\"IR\",", 1)).to_string().contains("1行"));
}

#[test]
fn a_wrong_encoding_is_refused() {
    let error = ClaimFile::read("x.uke", good().as_bytes()).expect_err("UTF-8");
    assert_eq!(error, UkeError::Encoding { file: "x.uke".into(), line: 2 });
    let mut bytes = cp932(&good());
    let at = bytes.iter().position(|byte| *byte == b'H').expect("HO");
    bytes[at + 3] = 0x81;
    bytes[at + 4] = 0x01;
    assert_eq!(ClaimFile::read("x.uke", &bytes), Err(UkeError::Encoding { file: "x.uke".into(), line: 3 }));
}

#[test]
fn a_cell_that_is_not_what_its_field_holds_is_refused() {
    let cases = [
        ("202110,架空", "202113,架空", 2, 4, "診療年月"),
        ("19800102", "19800230", 2, 7, "生年月日"),
        ("HO,06130488", "HO,6130488", 3, 2, "保険者番号"),
        ("1,361,", "1,36x,", 3, 6, "合計点数"),
        ("SI,11,1,", "SI,11,8,", 4, 3, "負担区分"),
        ("111000110", "11100011", 4, 4, "診療行為コード"),
        (",288,1", ",２８８,1", 4, 6, "点数"),
        ("GO,1", "GO,", 6, 2, "総件数"),
    ];
    for (from, to, at, number, called) in cases {
        let text = good().replacen(from, to, 1);
        match refused(&text) {
            UkeError::Field { line, field, name, .. } => assert_eq!((line, field, name), (at, number, called)),
            error => panic!("{to}: {error}"),
        }
    }
    // 31 November.
    let text = file("202111", 288, &[item("SI", "11", "111000110", "", "288", 1, 31)]);
    assert!(matches!(refused(&text), UkeError::Field { line: 4, field: 44, .. }));
}

#[test]
fn a_record_out_of_place_is_refused() {
    let good = good();
    let lines: Vec<&str> = good.split_inclusive('\n').collect();
    let order = |order: &[usize]| order.iter().map(|index| lines[*index]).collect::<String>();
    for (wrong, at, record) in [
        (order(&[1, 2, 3, 4, 5]), 1, "RE"),
        (order(&[0, 0, 1, 2, 3, 4, 5]), 2, "IR"),
        (order(&[0, 2, 3, 4, 5]), 2, "HO"),
        (order(&[0, 1, 2, 2, 5]), 4, "HO"),
        (order(&[0, 1, 1, 2, 5]), 3, "RE"),
        (order(&[0, 1, 2, 5, 5]), 4, "GO"),
    ] {
        match refused(&wrong) {
            UkeError::Order { line, record: found, .. } => assert_eq!((line, found), (at, record)),
            error => panic!("{error}"),
        }
    }
}

#[test]
fn new_records_hold_only_what_can_be_written() {
    let cells = |text: &str| ["CO", "", "1", "810000001", text].map(str::to_owned).to_vec();
    assert!(Record::new(cells("疼痛時")).is_ok());
    for text in ["a,b", "一\n二", "😀", "¥100"] {
        assert!(matches!(Record::new(cells(text)), Err(UkeError::Unwritable { record: "CO", field: 5, .. })), "{text}");
    }
}
