//! Made-up rows of every table, so that the fuzzers begin with something that is nearly right. Nothing is copied from a
//! published file: codes and names are invented, only the number and place of columns are real.

use crate::BETWEEN;
use masters::{official::layout, starter};

/// A workbook of two sheets.
pub const WORKBOOK: &str = r#"<workbook xmlns:r="r"><sheets><sheet name="a" sheetId="1" r:id="rId1"/><sheet name="b" sheetId="2" r:id="rId2"/></sheets></workbook>"#;
/// Where its sheets lie.
pub const RELATIONS: &str = r#"<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Target="/xl/worksheets/sheet2.xml"/></Relationships>"#;

/// Inputs for a target.
pub fn of(target: &str) -> Vec<Vec<u8>> {
    match target {
        "basic" => layout::LAYOUTS.iter().map(|l| full(l).into_bytes()).collect(),
        "difference" => layout::LAYOUTS.iter().map(|l| [full(l).as_bytes(), &[BETWEEN], sparse(l).as_bytes()].concat()).collect(),
        "points" => points(),
        "comment_relation" => vec![
            "c1,c2,c3,c4,c5,c6,c7,c8,c9,c10,c11,c12,c13,c14,c15,c16,c17,c18\r\n0,1,1,A000,1,111000110,,甲,820100001,,乙,20200401,99999999,0,1,0,0,10000\r\n0,1,2,B001,0,113000110,,甲,850100002,,丙,20200401,99999999,2,0,1,0,20000\r\n".into(),
            [vec!["0", "1", "3", "C", "0", "114000110", "", "甲", "", "12", "乙", "20200401", "99999999", "3", "0", "0", "2", "30000"], vec![""; 12]].concat().join(",").into(),
        ],
        "xlsx" => sheets(),
        "unpack" => vec![full(&layout::LAYOUTS[1]).into_bytes(), archive("z.csv", &full(&layout::LAYOUTS[1])), archive("xl/workbook.xml", WORKBOOK), vec![0x87, 0x72, b',', 0x81, 0x01]],
        "lists" => lists(),
        "starter_tsv" => tables(),
        _ => Vec::new(),
    }
}

/// The targets.
pub const TARGETS: [&str; 8] = ["basic", "difference", "points", "comment_relation", "xlsx", "unpack", "lists", "starter_tsv"];

fn row(layout: &layout::Layout, change: &str, serial: usize, blank: &str) -> String {
    let mut cells = vec![blank.to_owned(); layout.columns[0]];
    cells[0] = change.into();
    cells[1] = layout.letter.into();
    let code = format!("{:0width$}", 100 + serial, width = layout.key_length - 1);
    cells[layout.key - 1] = if layout.letter == "C" { "820000001".into() } else { format!("1{code}") };
    cells[layout.changed - 1] = "20240601".into();
    for end in layout.ends {
        cells[end - 1] = "99999999".into();
    }
    if layout.letter == "C" {
        cells[layout::c::PATTERN - 1] = "20".into();
        cells[layout::c::PATTERN] = format!("{serial:06}");
        cells[layout.key - 1] = format!("820{serial:06}");
    }
    if blank == "0" {
        cells[layout.name - 1] = "試験".into();
    }
    cells.iter().map(|cell| format!("\"{cell}\"")).collect::<Vec<_>>().join(",") + "\r\n"
}

fn full(layout: &layout::Layout) -> String {
    (1..4).map(|serial| row(layout, "0", serial, "0")).collect()
}

fn sparse(layout: &layout::Layout) -> String {
    row(layout, "3", 4, "0") + &row(layout, "5", 1, "") + &row(layout, "9", 2, "") + &row(layout, "1", 3, "")
}

fn points() -> Vec<Vec<u8>> {
    let tables = [
        "0,111000110,甲,2,A000001,0,0,0,0,1,1,1,1,0,0,0,,0,0,001,1,0,0,0,0,20100401,99999999\r\n",
        "0,A000001,111000110,甲,0,20100401,99999999\r\n0,A000001,111000210,乙,1,20100401,20260531\r\n",
        "0,111000110,甲,111000210,乙,1,0,0,20100401,99999999\r\n0,111000210,乙,111000110,甲,2,0,0,20100401,99999999\r\n",
        "0,111000110,甲,111000210,乙,3,1,0,20100401,99999999\r\n",
        "0,111000110,甲,111000210,乙,3,0,0,20100401,20260531\r\n0,111000110,甲,111000210,乙,1,0,0,20260601,99999999\r\n",
        "0,111000110,甲,111000210,乙,2,0,0,20100401,99999999\r\n",
        "0,001,190000110,甲,15,0,20100401,99999999\r\n",
        "0,111000110,甲,121,日,1,0,0,0,0,0,0,20100401,99999999\r\n0,111000110,甲,131,月,2,1,0,0,0,0,0,20100401,99999999\r\n",
    ];
    (0u8..).zip(tables).map(|(kind, text)| [&[kind], text.as_bytes()].concat()).collect()
}

fn lists() -> Vec<Vec<u8>> {
    [
        "DISPLAYSEQ,JFAGYCODE,JPTERM,JPKANA,ENTERM,LEVEL,MAINFLAG,GUIDELINE,CXGCATEGORY,RECORDDATE,ENDDATE\n1,J9FN00000001,卵,タマゴ,egg,1,1,,F,20250401,\n",
        "CodeSystem: JP_CLINS_CodeSystem_JLAC10_CoreLabo_CS\n* ^meta.lastUpdated = \"2024-10-08T00:45:56+09:00\"\n* #ALB\n  * #3A015000002329101  \"ALB\"\n    * ^designation.value = \"甲\"\n    * ^property[+].code = #specimen\n    * ^property[=].valueString = \"血清\"\n    * ^property[+].code = #method\n    * ^property[=].valueString = \"法\"\n",
        "system,group,x,jlac10_17,display,name,specimen,method\nurn:CoreLabo,ALB,1,3A015000002329101,ALB,甲,血清,法\n",
        "part,name,spec,price_yen,mark,pdf_page\n内用薬,甲錠10mg,10mg1錠,10.80,局,2\n内用薬,甲錠10mg,10mg1錠,10.80,局,2\n",
        "code,name_r6,kubun,inout(13),agg_outpatient(15),points_r6,points_r8_estimate,method\n111000110,甲,A000,0,110,291,300,unique\n",
        "code,name,points,source,confidence\n111000110,甲,291,告示 A000,high\n",
        "ssk_code,name,unit,yakka_code_col32,price_y_master_2024,price_R8_20260401,confidence,method,ratio\n610000001,甲,錠,1111001F1011,10.5,9.5,high,name,0.9\n",
    ]
    .iter()
    .map(|text| text.as_bytes().to_vec())
    .collect()
}

fn sheets() -> Vec<Vec<u8>> {
    let strings = |texts: &[&str]| {
        format!(
            "<sst uniqueCount=\"{}\">{}</sst>",
            texts.len(),
            texts.iter().map(|t| format!("<si><t>{t}</t><rPh><t>カナ</t></rPh></si>")).collect::<String>()
        )
    };
    let row = |number: usize, cells: &[&str]| format!("<row r=\"{number}\">{}</row>", cells.join(""));
    let shared = |place: &str, index: usize| format!("<c r=\"{place}\" t=\"s\"><v>{index}</v></c>");
    let heading = ["区分", "薬価基準収載医薬品コード", "薬価", "内用薬", "1124001F1022", "R7.8.1新薬価適用", "R8.3.31まで"];
    let list = format!(
        "<worksheet><sheetData>{}{}</sheetData></worksheet>",
        row(1, &[&shared("A1", 0), &shared("B1", 1), &shared("M1", 2)]),
        row(
            2,
            &[
                &shared("A2", 3),
                &shared("B2", 4),
                "<c r=\"M2\"><v>6.1000000000000001</v></c>",
                &shared("N2", 6),
                &shared("O2", 5)
            ]
        ),
    );
    let names = [
        "令和7年8月14日適用",
        "区分",
        "一般名コード",
        "一般名処方の標準的な記載",
        "一般名処方加算対象",
        "内用薬",
        "1124001F2ZZZ",
        "【般】甲錠",
        "加算1,2",
        "薬価基準収載医薬品コード",
        "1124001F2010",
    ];
    let general = format!(
        "<worksheet><sheetData>{}{}{}</sheetData></worksheet>",
        row(2, &[&shared("I2", 0)]),
        row(3, &[&shared("A3", 1), &shared("B3", 2), &shared("C3", 3), &shared("F3", 4)]),
        row(4, &[&shared("A4", 5), &shared("B4", 6), &shared("C4", 7), &shared("F4", 8), "<c r=\"H4\"><v>6.6</v></c>"]),
    );
    let exceptions = format!(
        "<worksheet><sheetData>{}{}{}</sheetData></worksheet>",
        row(3, &[&shared("A3", 1), &shared("B3", 2), &shared("C3", 3), &shared("F3", 9)]),
        row(4, &[&shared("A4", 5), &shared("B4", 6), &shared("C4", 7), &shared("F4", 10)]),
        row(5, &[&shared("F5", 10), "<c r=\"G5\" t=\"inlineStr\"><is><t>局&amp;&#x5c40;</t></is></c>"]),
    );
    let join = |parts: &[String]| parts.join("\u{1e}").into_bytes();
    vec![join(&[strings(&heading), list, String::new()]), join(&[strings(&names), general, exceptions])]
}

/// The first rows of each table of the starter set, which is the project's own.
fn tables() -> Vec<Vec<u8>> {
    let body = |text: &str| text.lines().skip(1).take(4).collect::<Vec<_>>().join("\n");
    (0u8..).zip(starter::TABLES).map(|(index, (_, text))| [&[index], body(text).as_bytes()].concat()).collect()
}

fn archive(name: &str, text: &str) -> Vec<u8> {
    use std::io::Write;
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    archive.start_file(name, zip::write::SimpleFileOptions::default()).expect("a member");
    archive.write_all(text.as_bytes()).expect("its text");
    archive.finish().expect("an archive").into_inner()
}
