//! What will be cut (査定), where the notices say so in words.

use crate::{codes, families::Family, management, work::Work};

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

/// 通知 D001(3), D008(7)・(10), D009(1), D012(40), D012(49), D012 and D023 for SARS-CoV-2, D014(7), D015(6), D217(1), D223-2(1); the
/// numbers are the same in R6 and R8. ICD-10 is that of the names of master B that hold the notice's word for the disease.
const INDICATIONS: [Indication; 10] = [
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
        tests: Family::Range('D', 1, 1),
        word: "アルブミン定量（尿）",
        icd10: &["E10", "E11", "E12", "E13", "E14"],
        disease: "糖尿病・糖尿病性早期腎症",
        citation: "通知 D001(3)",
    },
    Indication {
        tests: Family::Range('D', 8, 8),
        word: "ＢＮＰ",
        icd10: &["I50", "I110", "I099", "P290"],
        disease: "心不全（疑いを含む）",
        citation: "通知 D008(7)・(10)",
    },
    Indication {
        tests: Family::Range('D', 14, 14),
        word: "抗シトルリン化ペプチド抗体",
        icd10: &["M05", "M06", "M080"],
        disease: "関節リウマチ（疑いを含む）",
        citation: "通知 D014(7)",
    },
    Indication {
        tests: Family::Range('D', 15, 15),
        word: "ＴＡＲＣ",
        icd10: &["L20", "L270", "U07"],
        disease: "アトピー性皮膚炎、薬剤性過敏症症候群（疑い）、COVID-19",
        citation: "通知 D015(6)",
    },
    Indication {
        tests: Family::Article("D217"),
        word: "",
        icd10: &["M80", "M81"],
        disease: "骨粗鬆症（疑いを含む）",
        citation: "通知 D217(1)",
    },
    Indication {
        tests: Family::Article("D223-2"),
        word: "",
        icd10: &["G47"],
        disease: "睡眠時呼吸障害（疑いを含む）",
        citation: "通知 D223-2(1)",
    },
];

/// Points out tests without a fitting diagnosis, and fees of another month's limits.
pub(crate) fn cuts(work: &mut Work) {
    let request = work.request;
    if request.diagnoses.is_empty() {
        // Master S: codes of tests begin with 16.
        if request.orders.iter().any(|order| order.code.starts_with("16")) {
            work.cut("", "検査に対応する傷病名がありません。査定されやすいので傷病名を確認してください。");
        }
    } else {
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
                work.cut(
                    row.code.as_str(),
                    format!(
                        "{}に対応する傷病名（{}）がありません。査定されやすいので確認してください（{}）。",
                        row.name, indication.disease, indication.citation
                    ),
                );
            }
        }
    }
    let ordered = |code: &str| request.orders.iter().any(|order| order.code == code);
    if ordered(codes::DRUG_INFORMATION) && work.billed_this_month(&[codes::DRUG_INFORMATION]).is_some() {
        let text = "薬剤情報提供料は今月算定済みです。処方の内容に変更がある場合に限り、再び算定できます（B011-3 注1）。";
        work.cut(codes::DRUG_INFORMATION, text);
    }
    // R8 leaves the decision to the drugs of 施設基準告示: no master tells them.
    let lifestyle = codes::LIFESTYLE_1.iter().chain(&codes::LIFESTYLE_2).find(|code| ordered(code));
    if let Some(code) = lifestyle
        && work.r8()
        && management::diabetes(work)
        && management::self_injection(work)
    {
        let text = "糖尿病を主病とし、厚生労働大臣が定める薬剤を投与して在宅自己注射指導管理料を算定する場合、生活習慣病管理料は算定できません（B001-3・B001-3-3 注1）。";
        work.cut(code, text);
    }
}
