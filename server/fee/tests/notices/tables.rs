//! The tables of the cases: the derived masters with every drug, some diseases, and the outpatient codes of 2026.

use crate::common::{self, Fixture, day, shared};
use model::{
    codes::{DiseaseCode, DrugCode, ProcedureCode},
    master::{Disease, Drug, Validity},
};
use std::sync::OnceLock;

/// Claim code, name, ICD-10 and 特定疾患 mark of master B (2024-06-01).
const DISEASES: [(&str, &str, &str, &str); 8] = [
    ("2500015", "２型糖尿病", "E11", ""),
    ("8844446", "脂質異常症", "E785", ""),
    ("1519006", "胃癌", "C169", "05"),
    ("2692004", "ビタミン欠乏症", "E569", ""),
    ("2810003", "悪性貧血", "D510", ""),
    ("6918002", "アトピー性皮膚炎", "L209", "04"),
    ("8839792", "不眠症", "G470", ""),
    ("7153018", "変形性膝関節症", "M171", ""),
];
/// Codes of 2026 that the master of 2025 has not: code, name, points, article.
const NEW: [(&str, &str, &str, &str); 5] = [
    ("111704170", "電子的診療情報連携体制整備加算２（初診）", "9", "A000"),
    ("111704270", "電子的診療情報連携体制整備加算３（初診）", "4", "A000"),
    ("180820110", "物価対応料１（訪問診療時）ハ", "3", "O100"),
    ("180853810", "外来・在宅ベースアップ評価料（１）１（初診時）（賃上取組）", "23", "O001"),
    ("180853910", "外来・在宅ベースアップ評価料（１）２（再診時等）（賃上取組）", "6", "O001"),
];

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
    for (code, name, points, article) in NEW {
        let mut row = fixture.procedures["112709570"].last().expect("a row of 2026").clone();
        row.code = ProcedureCode::from(code);
        row.name = name.into();
        row.points = points.parse().expect("points");
        row.article = article.into();
        row.section = if article == "A000" { "110" } else { "800" }.into();
        fixture.procedures.insert(code.to_owned(), vec![row]);
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
