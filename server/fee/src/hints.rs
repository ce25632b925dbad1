//! What will be cut (査定) and what was forgotten (算定もれ), where the notices say so in words.

use crate::{families::Family, work::Work};

/// A test that the notices allow for certain diseases only (suspected ones count).
struct Indication {
    tests: Family,
    /// Part of the row's name; empty for all.
    word: &'static str,
    /// Beginnings of ICD-10 codes (master B column 16).
    icd10: &'static [&'static str],
    disease: &'static str,
    citation: &'static str,
}

/// 通知 D009(1), D012(40), D012(49), D012 and D023 for SARS-CoV-2, D223-2(1).
const INDICATIONS: [Indication; 5] = [
    Indication {
        tests: Family::Range('D', 9, 9),
        word: "",
        icd10: &["C", "D0", "D37", "D38", "D39", "D4"],
        disease: "悪性腫瘍（疑いを含む）",
        citation: "通知 D009(1)",
    },
    Indication {
        tests: Family::Range('D', 12, 23),
        word: "ＳＡＲＳ－ＣｏＶ－２",
        icd10: &["U07", "B342"],
        disease: "COVID-19（疑いを含む）",
        citation: "通知 D012・D023",
    },
    Indication {
        tests: Family::Range('D', 12, 12),
        word: "白癬菌抗原",
        icd10: &["B35"],
        disease: "爪白癬（疑いを含む）",
        citation: "通知 D012(49)",
    },
    Indication {
        tests: Family::Range('D', 12, 12),
        word: "レジオネラ抗原",
        icd10: &["A48"],
        disease: "レジオネラ症（疑いを含む）",
        citation: "通知 D012(40)",
    },
    Indication {
        tests: Family::Article("D223-2"),
        word: "",
        icd10: &["G47"],
        disease: "睡眠時呼吸障害（疑いを含む）",
        citation: "通知 D223-2(1)",
    },
];

/// Points out tests without a fitting diagnosis, and fees that could have been billed.
pub(crate) fn indications(work: &mut Work) {
    let request = work.request;
    // Without any diagnosis there is a hint of its own.
    if !request.diagnoses.is_empty() {
        let (tables, on) = (work.tables, work.on());
        let icd10: Vec<&str> = request
            .diagnoses
            .iter()
            .filter(|diagnosis| diagnosis.started <= on)
            .filter_map(|diagnosis| tables.disease(&diagnosis.code, on))
            .map(|row| row.icd10.as_str())
            .collect();
        for order in &request.orders {
            let Some(row) = work.row(&order.code) else { continue };
            let missing = INDICATIONS
                .iter()
                .filter(|indication| indication.tests.has(row) && row.name.contains(indication.word))
                .find(|indication| !icd10.iter().any(|icd| indication.icd10.iter().any(|begin| icd.starts_with(begin))));
            if let Some(indication) = missing {
                work.hint(format!(
                    "{}に対応する傷病名（{}）がありません。査定されやすいので確認してください（{}）。",
                    row.name, indication.disease, indication.citation
                ));
            }
        }
    }
    if work.is_first() && work.age < 3 && work.standard("小児科") && !work.standard("小児科外来診療料") {
        let ordered = request
            .orders
            .iter()
            .filter_map(|order| work.row(&order.code))
            .any(|row| row.name.starts_with("乳幼児育児栄養指導料"));
        if !ordered {
            work.hint("乳幼児育児栄養指導料を算定できる可能性があります: 小児科で3歳未満の乳幼児の初診です（B001-2-3 注1）。");
        }
    }
}
