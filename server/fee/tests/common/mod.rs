//! Tables for tests: a small set of rows in the code, and the full derived masters beside the project.

mod rows;

use chrono::NaiveDate;
use model::{
    codes::{DiseaseCode, DrugCode, ProcedureCode},
    master::{Disease, Drug, Procedure, Step, Tables, Validity},
};
use rust_decimal::Decimal;
use std::{collections::HashMap, path::PathBuf};

/// A day of the calendar.
pub fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

/// Rows of both revisions.
#[derive(Default)]
pub struct Fixture {
    pub procedures: HashMap<String, Vec<Procedure>>,
    pub drugs: HashMap<String, Vec<Drug>>,
    pub diseases: HashMap<String, Disease>,
}

impl Tables for Fixture {
    fn edition(&self, on: NaiveDate) -> Option<String> {
        let name = if on >= day("2026-06-01") { "R8" } else { "R6" };
        (on >= day("2024-06-01")).then(|| name.to_owned())
    }
    fn procedure(&self, code: &str, on: NaiveDate) -> Option<&Procedure> {
        self.procedures.get(code)?.iter().find(|row| row.validity.covers(on))
    }
    fn drug(&self, code: &str, on: NaiveDate) -> Option<&Drug> {
        self.drugs.get(code)?.iter().find(|row| row.validity.covers(on))
    }
    fn disease(&self, code: &str, _on: NaiveDate) -> Option<&Disease> {
        self.diseases.get(code)
    }
}

fn r6() -> Validity {
    Validity { from: day("2024-06-01"), to: Some(day("2026-05-31")), edition: "S 2025-09-01".into() }
}

fn r8() -> Validity {
    Validity { from: day("2026-06-01"), to: None, edition: "R8".into() }
}

fn decimal(text: &str) -> Decimal {
    text.parse().unwrap_or_else(|_| panic!("{text} is no number"))
}

/// The small set.
pub fn small() -> Fixture {
    let mut fixture = Fixture::default();
    let implied = fee::implied_codes();
    for line in rows::PROCEDURES {
        let f: Vec<&str> = line.split('|').collect();
        let step = (!f[10].is_empty()).then(|| {
            let n: Vec<Decimal> = f[10].split('/').map(decimal).collect();
            Step { lower: n[0], upper: n[1], width: n[2], points: n[3], on_error: n[4].try_into().expect("a digit") }
        });
        let row = |points: &str, estimated: bool, validity: Validity| Procedure {
            code: ProcedureCode::from(f[0]),
            name: f[1].into(),
            long_name: String::new(),
            kana: String::new(),
            unit: f[2].into(),
            point_kind: f[3].parse().expect("a digit"),
            points: decimal(points),
            estimated,
            in_out: f[6].parse().expect("a digit"),
            section: f[7].into(),
            bundle: f[8].parse().expect("a number"),
            hospital_clinic: f[9].parse().expect("a digit"),
            step: step.clone(),
            add_on: (String::new(), String::new()),
            general_age: 0,
            ages: (f[11].into(), f[12].into()),
            time_add_on: 0,
            treatment_infant: 0,
            judgement_kind: f[13].parse().expect("a digit"),
            judgement_group: f[14].parse().expect("a number"),
            diminishing: u8::from(f[16] == "D208" || f[16] == "D215"),
            outpatient_management: f[15].parse().expect("a digit"),
            notice_kind: 1,
            standards: Vec::new(),
            article: f[16].into(),
            validity,
        };
        let both = fixture.procedures.entry(f[0].to_owned()).or_default();
        if !f[4].is_empty() {
            both.push(row(f[4], false, r6()));
        }
        // What the notice prints is no estimate; a figure that only goes on from R6 is.
        let printed = !f[5].is_empty() && implied.contains(&f[0]);
        both.push(row(if f[5].is_empty() { f[4] } else { f[5] }, !printed, r8()));
    }
    for line in rows::DRUGS {
        let f: Vec<&str> = line.split('|').collect();
        let row = |price: &str, validity: Validity| Drug {
            code: DrugCode::from(f[0]),
            name: f[1].into(),
            kana: String::new(),
            unit: f[2].into(),
            price: decimal(price),
            estimated: false,
            form: f[5].parse().expect("a digit"),
            controlled: f[6].parse().expect("a digit"),
            generic: f[7] == "1",
            yj: f[8].into(),
            general_name: (!f[9].is_empty()).then(|| (f[9].to_owned(), f[10].to_owned())),
            general_name_add_on: f[11].parse().expect("a digit"),
            validity,
        };
        fixture.drugs.insert(f[0].to_owned(), vec![row(f[3], r6()), row(f[4], r8())]);
    }
    // Master B (2024-06-01) columns 16 and 21: 気管支喘息 is of 別表第一, the others are not (高血圧症 left it in 2024).
    for (code, name, icd10, special) in
        [("4939008", "気管支喘息", "J459", "05"), ("8833421", "高血圧症", "I10", ""), ("4659007", "急性上気道炎", "J069", "")]
    {
        fixture.diseases.insert(
            code.to_owned(),
            Disease {
                code: DiseaseCode::from(code),
                name: name.into(),
                kana: String::new(),
                management: String::new(),
                exchange: String::new(),
                icd10: icd10.into(),
                successor: None,
                never_alone: false,
                uninsured: false,
                special: special.into(),
                validity: Validity { from: day("2024-06-01"), to: None, edition: "B".into() },
            },
        );
    }
    fixture
}

/// Where the shared data lie.
pub fn shared(path: &str) -> Option<PathBuf> {
    let root = std::env::var_os("KARTE_SHARED")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared"), PathBuf::from);
    let file = root.join(path);
    if file.exists() {
        Some(file)
    } else {
        eprintln!("SKIPPED: {path} is not beside the project (set KARTE_SHARED)");
        None
    }
}

/// The derived masters: every procedure of the R6 file in force, with the R8 estimate laid over it, and every drug.
pub fn full() -> Option<Fixture> {
    let file = shared("masters/derived/s_r6_asof20250901.csv")?;
    let mut estimates: HashMap<String, String> = HashMap::new();
    for (path, code, points) in
        [("masters/derived/s_points_r8_ESTIMATE.csv", 0, 6), ("masters/derived/outpatient_codes_R8.csv", 0, 2)]
    {
        let mut reader = csv::Reader::from_path(shared(path)?).expect("readable");
        for record in reader.records() {
            let record = record.expect("a record");
            if !record[points].is_empty() {
                estimates.insert(record[code].to_owned(), record[points].to_owned());
            }
        }
    }
    let mut fixture = small();
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_path(file).expect("readable");
    for record in reader.records() {
        let f = record.expect("a record");
        let branch = if &f[92] == "00" { String::new() } else { format!("-{}", f[92].trim_start_matches('0')) };
        let letter = &f[84];
        let row = |points: &str, estimated: bool, validity: Validity| Procedure {
            code: ProcedureCode::from(&f[2]),
            name: f[4].into(),
            long_name: f[112].into(),
            kana: String::new(),
            unit: f[9].into(),
            point_kind: f[10].parse().expect("a digit"),
            points: decimal(points),
            estimated,
            in_out: f[12].parse().expect("a digit"),
            section: f[14].into(),
            bundle: f[15].parse().expect("a number"),
            hospital_clinic: f[18].parse().expect("a digit"),
            step: (&f[29] == "1").then(|| Step {
                lower: decimal(&f[30]),
                upper: decimal(&f[31]),
                width: decimal(&f[32]),
                points: decimal(&f[33]),
                on_error: f[34].parse().expect("a digit"),
            }),
            add_on: (f[37].into(), f[38].into()),
            general_age: f[39].parse().expect("a digit"),
            ages: (f[40].into(), f[41].into()),
            time_add_on: f[42].parse().expect("a digit"),
            treatment_infant: f[45].parse().expect("a digit"),
            judgement_kind: f[49].parse().expect("a digit"),
            judgement_group: f[50].parse().expect("a number"),
            diminishing: f[51].parse().expect("a digit"),
            outpatient_management: f[55].parse().expect("a digit"),
            notice_kind: f[67].parse().expect("a digit"),
            standards: (71..81).map(|i| f[i].to_owned()).filter(|code| code != "0").collect(),
            article: if letter == "-" { String::new() } else { format!("{letter}{}{branch}", &f[91]) },
            validity,
        };
        let points = f[11].to_owned();
        let estimate = estimates.get(&f[2]).cloned().unwrap_or_else(|| points.clone());
        fixture.procedures.insert(f[2].to_owned(), vec![row(&points, false, r6()), row(&estimate, true, r8())]);
    }
    Some(fixture)
}
