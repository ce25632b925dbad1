//! The tables of the cases: the derived masters with every drug, some diseases, and the outpatient codes of 2026.

use crate::common::{self, Fixture, day, shared};
use model::{
    codes::{DiseaseCode, DrugCode},
    master::{Disease, Drug, Validity},
};
use std::sync::OnceLock;

/// Claim code, name, ICD-10 and 特定疾患 mark of master B (2024-06-01).
const DISEASES: [(&str, &str, &str, &str); 0] = [];

/// The masters; without them every test says that it skips.
pub fn masters() -> Option<&'static Fixture> {
    static TABLES: OnceLock<Option<Fixture>> = OnceLock::new();
    TABLES.get_or_init(load).as_ref()
}

fn load() -> Option<Fixture> {
    let mut fixture = common::full()?;
    let file = shared("masters/derived/y_r6_asof20250813.csv")?;
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_path(file).expect("readable");
    for record in reader.records() {
        let f = record.expect("a record");
        let row = Drug {
            code: DrugCode::from(&f[2]),
            name: f[4].into(),
            kana: String::new(),
            unit: f[9].into(),
            price: f[11].parse().expect("a price"),
            estimated: false,
            form: f[27].parse().expect("a digit"),
            controlled: f[13].parse().expect("a digit"),
            generic: &f[16] == "1",
            yj: f[31].into(),
            general_name: (!f[36].is_empty()).then(|| (f[36].to_owned(), f[37].to_owned())),
            general_name_add_on: f[38].parse().unwrap_or_default(),
            validity: Validity { from: day("2024-06-01"), to: None, edition: "Y".into() },
        };
        fixture.drugs.entry(f[2].to_owned()).or_insert_with(|| vec![row]);
    }
    for (code, name, icd10, special) in DISEASES {
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
    Some(fixture)
}
